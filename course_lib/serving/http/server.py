"""A server in a process of its own, started from a notebook and never outliving it.

The server's standard input is a pipe whose other end this process holds. `stop` sends a byte; when the notebook's
kernel ends, or is killed, the system closes the pipe. Either stops the server. Unlike signals, this works everywhere.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import weakref
from pathlib import Path
from typing import IO, Any, Self, cast

from course_lib import place
from course_lib.serving.leftovers import Held, remove_unheld
from course_lib.serving.models.repository import Repository
from course_lib.serving.protocol.limits import DEFAULT

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")

LOG = "course-serve-", ".log"  # how the name of a log begins and ends


class ServerError(RuntimeError):
    """The server did not start; the message ends with what it said."""


class Server:
    """`course serve` beside this notebook.

        with Server(repository) as server:
            urllib.request.urlopen(server.url + "/v2")

    Args:
        repository: a `Repository` or its path; without it the course's classifier is trained and served.
        backend: "numpy" or "tensorflow". port: 0 takes a free one.
        patience: seconds to wait until it answers (TensorFlow takes long to load, longer on a busy machine).
        max_bytes, max_elements, max_seconds: the limits of a request, see `Limits`.

    Attributes: url, address (host and port alone, as `tritonclient` wants them), port, pid, models.
    """

    def __init__(
        self,
        repository: Repository | str | Path | None = None,
        backend: str = "numpy",
        port: int = 0,
        patience: float = 600,
        **limits: Any,
    ) -> None:
        command = [sys.executable, "-m", "course_lib.tools.serve", "--stop-with-stdin"]
        options = {"port": port, "backend": backend, "repository": getattr(repository, "path", repository), **limits}
        for name, value in options.items():
            if value is not None:
                command += [f"--{name.replace('_', '-')}", str(value)]
        remove_unheld(Path(tempfile.gettempdir()).glob(f"{LOG[0]}*{LOG[1]}"))  # of kernels that were killed
        held = Held(_new_log)
        with open(held.path, "wb") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT, env=_environment(), **_apart()
            )
        self._log = held.path
        self._said: list[str] = []
        patience_to_end = 2 * (limits.get("max_seconds") or DEFAULT.seconds) + 5
        # runs once: on stop, when nobody holds this, or when Python ends
        self._end = weakref.finalize(self, _end, self._process, held, self._said, patience_to_end)
        ready = self._wait(patience)
        self.url, self.pid, self.models = ready["url"], ready["pid"], ready["models"]
        self.address = self.url.removeprefix("http://")
        self.port = int(self.address.rpartition(":")[2])

    def _wait(self, patience: float) -> dict[str, Any]:
        """The line that the server writes when it can be asked."""
        deadline, ended = time.monotonic() + patience, False
        while time.monotonic() < deadline:
            ended = self._process.poll() is not None  # looked at first: what it wrote before is then complete
            for line in self.log.splitlines():
                if line.startswith('{"event": "ready"'):
                    ready: dict[str, Any] = json.loads(line)
                    return ready
            if ended:
                break
            time.sleep(0.02)
        code = self.stop()
        end = "\n".join(self.log.splitlines()[-15:])
        if not end and not place.writable(self._log.parent):
            end = f"(nothing: {self._log.parent} takes no more. Make room there, or name another folder by TMPDIR.)"
        what = f"ended with exit code {code}" if ended else f"did not answer within {patience:g} s"
        raise ServerError(f"The server {what}. It said:\n{end}")

    @property
    def log(self) -> str:
        """What the server has said so far, on standard error and output."""
        return self._said[0] if self._said else _read(self._log)

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> int | None:
        """Stop it: requests under way are answered first. Returns its exit code, 0 when all went well."""
        self._end()
        return self._process.returncode

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"Server({self.url}, {'running' if self.running else 'stopped'})"


def _new_log() -> str:
    handle, path = tempfile.mkstemp(LOG[1], LOG[0])
    os.close(handle)
    return path


def _end(process: subprocess.Popen[bytes], log: Held, said: list[str], patience: float) -> None:
    """Ask the server to stop and wait; then insist. What it said is kept, the file goes."""
    pipe = cast(IO[bytes], process.stdin)
    try:
        pipe.write(b".")  # closing alone would not do where a forked process holds the pipe as well
        pipe.close()
    except OSError:
        pass  # it has ended already, and nobody reads
    for insist in (None, process.terminate, process.kill):
        if insist:
            insist()
            patience = 5
        try:
            process.wait(patience)
            break
        except subprocess.TimeoutExpired:
            continue
    said.append(_read(log.path))
    log.path.unlink(missing_ok=True)
    log.let_go()


def _read(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")


def _environment() -> dict[str, str]:
    """One thread for each matrix product: for small ones, several only get into each other's way."""
    return {**dict.fromkeys(THREADS, "1"), **os.environ, "PYTHONIOENCODING": "utf-8"}


def _apart() -> dict[str, Any]:
    """A group of its own: the notebook's "interrupt" (Ctrl-C to the whole group) must not stop the server."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}
