"""A small JSON file that several kernels change: one at a time, replaced whole, set aside where it makes no sense.

What the file holds never raises; what the disk refuses is an OSError.
"""

import contextlib
import errno
import json
import os
import re
import time

LARGEST = 20_000_000  # bytes; to read what is larger would hold up every check
TAKEN = {errno.EAGAIN, errno.EACCES, errno.EDEADLK}
PAIR = re.compile(r'"(\w+\.\w+)"\s*:\s*')

if os.name == "nt":
    import msvcrt

    def _take(lock):
        msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(lock):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextlib.contextmanager
def held(file, attempts=100):
    """Hold the file against other kernels, in whose names nothing is read and written meanwhile.

    The lock is a file beside it, which the system lets go when its holder dies. OSError where another kernel holds it
    for two seconds; a disk that knows no locks is written without.
    """
    _demand_a_file(file)
    os.makedirs(os.path.dirname(file) or ".", exist_ok=True)
    try:
        _demand_a_file(f"{file}.lock")
        lock = open(f"{file}.lock", "ab")
    except OSError:  # another user's, perhaps; whether the file can be written, the disk will say
        yield
        return
    with lock:
        _wait_for(lock, attempts)
        yield


def _wait_for(lock, attempts):
    for attempt in range(attempts):
        try:
            return _take(lock)
        except OSError as problem:
            if problem.errno not in TAKEN:
                return
            if attempt == attempts - 1:
                raise
        time.sleep(0.02)


def read(file):
    """(content, problem): the JSON object in the file, and a word on what is wrong with it, else None.

    Of a file that makes no sense the content is what could be read all the same: its pairs of an id and an object, as
    {"exercises": {id: object}}. FileNotFoundError where there is none.
    """
    _demand_a_file(file)
    with open(file, "rb") as stream:
        if (size := os.fstat(stream.fileno()).st_size) > LARGEST:
            return {}, f"it has {size:,} bytes"
        raw = stream.read()
    try:
        content = json.loads(raw, parse_int=_whole)
        if isinstance(content, dict) and isinstance(content.get("exercises", {}), dict):
            return content, None
        problem = "it is not the object that the course writes"
    except (ValueError, RecursionError) as error:
        problem = type(error).__name__
    return {"exercises": _pairs(raw.decode(json.detect_encoding(raw), "replace"))}, problem


def _demand_a_file(name):
    """Where there is something of this name, it is a file: a pipe would be waited for, /dev/null be replaced."""
    if os.path.exists(name) and not os.path.isfile(name):
        raise OSError(errno.EINVAL, "Not a file", str(name))


def _whole(digits):
    return int(digits[:18])  # Python refuses to read a number of many thousand digits


def _pairs(text):
    """Every `"id": {…}` that stands whole in a text."""
    decoder, found, at = json.JSONDecoder(parse_int=_whole), {}, 0
    while match := PAIR.search(text, at):
        at = match.end()
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            found[match[1]] = value
    return found


def write(file, content):
    """All or nothing: another kernel, or a power cut, never finds half a file."""
    draft = f"{file}.{os.getpid()}.tmp"
    try:
        with open(draft, "w", encoding="utf-8") as stream:
            stream.write(json.dumps(content, indent=1) + "\n")
        for attempt in range(5):
            try:
                return os.replace(draft, file)
            except PermissionError:  # Windows: another kernel is reading it just now
                if attempt == 4:
                    raise
                time.sleep(0.02)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(draft)


def set_aside(file):
    """Give the file a name beside it that is free; returns that name."""
    stem, end = os.path.splitext(file)
    names = (f"{stem}.unreadable{n or ''}{end}" for n in range(1000))
    aside = next((name for name in names if not os.path.lexists(name)), f"{stem}.unreadable{end}")
    os.replace(file, aside)
    return os.path.basename(aside)
