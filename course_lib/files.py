"""Files: what is read is one, and what is written appears whole or not at all, whoever writes at the same time."""

import contextlib
import errno
import os
import stat
import time


def demand_file(path, may_be_absent=False):
    """An OSError at once where `path` is no file: a pipe would be waited for, /dev/zero read without end."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        if may_be_absent:
            return
        raise
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "Is a folder, and a file is needed", str(path))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "Is no file, but a pipe, a device or a socket", str(path))


@contextlib.contextmanager
def written_whole(path):
    """A stream of bytes that becomes the file `path` when the block ends; where it fails, nothing has changed.

    Each writer fills a draft of its own beside the file, so any number may write at once, and the last one stays. A
    link stays a link, to the file that is now another; a file keeps its mode. Raises OSError.
    """
    demand_file(path, may_be_absent=True)
    path = os.path.realpath(path)
    folder, name = os.path.split(path)
    draft = os.path.join(folder, f".{name[:40]}.{os.urandom(8).hex()}.part")
    with open(draft, "xb") as stream:  # x: never what somebody else has put there
        try:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
            stream.close()
            if os.path.exists(path):
                os.chmod(draft, stat.S_IMODE(os.stat(path).st_mode))
            _replace(draft, path)
        except BaseException:
            stream.close()
            os.unlink(draft)
            raise


def _replace(draft, path, attempts=5):
    for attempt in range(attempts):
        try:
            return os.replace(draft, path)
        except PermissionError:  # Windows: somebody is reading the file just now
            if attempt == attempts - 1:
                raise
        time.sleep(0.02)
