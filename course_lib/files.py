"""Files: what is read is one, and what is written appears whole or not at all, whoever writes at the same time."""

import contextlib
import errno
import os
import re
import stat
import time

DAY = 24 * 3600  # seconds; no writer takes so long


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
    link stays a link, to the file that is now another; a file keeps its mode, and its owner where the system lets us.
    Raises OSError, also where the file is there and may not be written: the draft would take its place all the same.
    """
    path = os.fsdecode(path)
    _demand_name(path)
    demand_file(path, may_be_absent=True)
    target = os.path.realpath(path)
    if os.path.exists(target) and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "May not be written", path)
    folder, name = os.path.split(target)
    stem = f".{name[:40]}."
    draft = os.path.join(folder, f"{stem}{os.urandom(8).hex()}.part")
    with _told_of(path, draft):
        stream = open(draft, "xb")  # x: never what somebody else has put there
        try:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
            stream.close()
            if os.path.exists(target):
                _hand_over(os.stat(target), draft)
            _replace(draft, target)
        except BaseException:
            with contextlib.suppress(OSError):  # closing writes what is left, and a full disk takes none of it
                stream.close()
            with contextlib.suppress(FileNotFoundError):  # an interrupt came when it was in its place already
                os.unlink(draft)
            raise
    _sweep(folder, stem)


def _demand_name(path):
    """An OSError, as from `open`, where the path ends in no name of a file."""
    if not path:
        raise FileNotFoundError(errno.ENOENT, "A file needs a name", path)
    if path.endswith(tuple(filter(None, (os.sep, os.altsep)))):
        raise IsADirectoryError(errno.EISDIR, "Is the name of a folder, and a file is needed", path)


@contextlib.contextmanager
def _told_of(path, draft):
    """An error about the draft speaks of the file, by the name that the caller gave."""
    try:
        yield
    except OSError as error:
        if error.filename != draft:
            raise
        why = error.strerror
        if isinstance(error, PermissionError) and os.path.exists(path):
            why = "The folder takes no new file, and a file is written beside the old one before it takes its place"
        raise OSError(error.errno, why, path) from None


def _hand_over(old, draft):
    """Owner, group and mode of the file that the draft replaces."""
    if hasattr(os, "chown"):
        for owner, group in ((-1, old.st_gid), (old.st_uid, -1)):
            with contextlib.suppress(PermissionError):  # somebody else's file: whoever writes it has it then
                os.chown(draft, owner, group)
    os.chmod(draft, stat.S_IMODE(old.st_mode))


def _sweep(folder, stem):
    """Remove the drafts of this file that a killed writer has left: those older than a day."""
    left = re.compile(re.escape(stem) + r"[0-9a-f]{16}\.part")
    with contextlib.suppress(OSError):  # the file is written; what cannot be tidied up stays
        for entry in list(os.scandir(folder)):
            if left.fullmatch(entry.name) and time.time() - entry.stat(follow_symlinks=False).st_mtime > DAY:
                os.unlink(entry)


def _replace(draft, path, attempts=5):
    for attempt in range(attempts):
        try:
            return os.replace(draft, path)
        except PermissionError:  # Windows: somebody is reading the file just now
            if attempt == attempts - 1:
                raise
        time.sleep(0.02)
