"""What a killed process left behind: files and folders in use are held, and what nobody holds any more is removed.

Who makes one holds it by a lock of the system's, which ends with the process, however that ends. Windows has no such
lock on folders: there nothing is removed.
"""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


class Held:
    """`path`, made by `make` and held until `let_go`, or until this process and all that have inherited it end."""

    def __init__(self, make: Callable[[], str]) -> None:
        self._handle: int | None = None
        while True:
            self.path = Path(make())
            if fcntl is None or self._hold():
                return

    def _hold(self) -> bool:
        """Whether it is still there once it is held: another process may just be removing what nobody holds."""
        with contextlib.suppress(OSError):
            self._handle = os.open(self.path, os.O_RDONLY)
            fcntl.flock(self._handle, fcntl.LOCK_EX)
        if self.path.exists():
            return True
        self.let_go()
        return False

    def let_go(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def remove_unheld(paths: Iterable[Path]) -> None:
    """Remove those of the files and folders that no process holds."""
    for path in paths if fcntl else ():
        with contextlib.suppress(OSError):  # held, already gone, or somebody else's
            handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a pipe of that name would be waited for
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            finally:
                os.close(handle)
