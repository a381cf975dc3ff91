"""A small JSON file that several kernels change: one at a time, replaced whole, set aside where it makes no sense.

What the file holds never raises; what the disk refuses is an OSError.
"""

import contextlib
import errno
import json
import os
import re
import time

from course_lib.files import demand_file, written_whole

LARGEST, DEEPEST = 1_000_000, 20  # bytes, levels; to read what is larger or deeper would hold up every check
LONGEST = 4_000  # characters of an entry, in which objects go two levels deep
ATTEMPTS = 100  # to get the lock, in two seconds
TAKEN = {errno.EAGAIN, errno.EACCES, errno.EDEADLK}

_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)'  # *+ and ++ never go back, so no text takes long
_FLAT = rf'(?:[^{{}}"]++|{_STRING})*+'
KEY = re.compile(r'"(\w++\.\w++)"\s*+:\s*+(?=\{)')
OBJECT = re.compile(rf"\{{{_FLAT}(?:\{{{_FLAT}(?:\{{{_FLAT}\}}{_FLAT})*+\}}{_FLAT})*+\}}", re.DOTALL)
BRACKETS = re.compile(rf"{_STRING}|([\[{{])|([\]}}])", re.DOTALL)

if os.name == "nt":
    import msvcrt

    def _take(lock):
        msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(lock):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextlib.contextmanager
def held(file):
    """Hold the file against other kernels, in whose names nothing is read and written meanwhile.

    The lock is a file beside it, which the system lets go when its holder dies. OSError where another kernel holds it
    for two seconds; a disk that knows no locks is written without.
    """
    demand_file(file, may_be_absent=True)
    os.makedirs(os.path.dirname(file) or ".", exist_ok=True)
    try:
        demand_file(f"{file}.lock", may_be_absent=True)
        lock = open(f"{file}.lock", "ab")
    except OSError:  # another user's, perhaps; whether the file can be written, the disk will say
        yield
        return
    with lock:
        _wait_for(lock)
        yield


def _wait_for(lock):
    for attempt in range(ATTEMPTS):
        try:
            return _take(lock)
        except OSError as problem:
            if problem.errno not in TAKEN:
                return
            if attempt == ATTEMPTS - 1:
                raise
        time.sleep(0.02)


def read(file):
    """(content, problem): the JSON object in the file, and a word on what is wrong with it, else None.

    Of a file that makes no sense the content is what could be read all the same: its pairs of an id and an object, as
    {"exercises": {id: object}}. A name that is there twice keeps the more of both. FileNotFoundError where there is no
    file.
    """
    demand_file(file)
    with open(file, "rb") as stream:
        raw, size = stream.read(LARGEST), os.fstat(stream.fileno()).st_size
    if size > LARGEST:
        content, problem = None, f"it has {size:,} bytes"
    else:
        content, problem = _parsed(raw)
    if problem:
        content = {"exercises": _pairs(raw.decode(json.detect_encoding(raw), "replace"))}
    return content, problem


def _parsed(raw):
    try:
        text = raw.decode(json.detect_encoding(raw))
        if _depth(text) > DEEPEST:
            return None, "it is nested too deeply"
        content = json.loads(text, parse_int=_whole, object_pairs_hook=_merged)
    except ValueError as error:
        return None, type(error).__name__
    if isinstance(content, dict) and isinstance(content.get("exercises", {}), dict):
        return content, None
    return None, "it is not the object that the course writes"


def _depth(text):
    """How deep the brackets of a text go."""
    depth = deepest = 0
    for found in BRACKETS.finditer(text):
        depth += bool(found[1]) - bool(found[2])
        deepest = max(deepest, depth)
    return deepest


def _merged(pairs):
    """The object of these pairs. A name that is there twice, as after a merge of two copies, keeps the more of both."""
    found = {}
    for name, value in pairs:
        found[name] = _more(found[name], value) if name in found else value
    return found


def _more(one, other):
    """Two objects together; else the larger count, a yes before a no, an object before what is none."""
    if isinstance(one, dict) and isinstance(other, dict):
        return _merged([*one.items(), *other.items()])
    if type(one) is type(other) is int:
        return max(one, other)
    return max(one, other, key=lambda value: (isinstance(value, dict), is_yes(value)))


def is_yes(value):
    """Whether a value means yes, however it is written."""
    return not isinstance(value, (dict, list)) and str(value).lower() in ("true", "1", "1.0", "yes")


def _whole(digits):
    return int(digits[:18])  # Python refuses to read a number of many thousand digits


def _pairs(text):
    """Every `"id": {…}` that stands whole in a text."""
    found, at = [], 0
    while key := KEY.search(text, at):
        at = key.end()
        entry = OBJECT.match(text, at, at + LONGEST)
        if entry and _depth(entry[0]) <= DEEPEST - 2:
            try:
                found.append((key[1], json.loads(entry[0], parse_int=_whole, object_pairs_hook=_merged)))
                at = entry.end()
            except ValueError:
                continue  # the pairs in it may still make sense
    return _merged(found)


def write(file, content, keep_old=False):
    """All or nothing: another kernel, or a power cut, never finds half a file.

    keep_old: what stood there gets a free name beside it, which is returned; once the disk has taken the new content.
    """
    with written_whole(file) as stream:
        stream.write(f"{json.dumps(content, indent=1)}\n".encode())
        stream.flush()
        os.fsync(stream.fileno())
        return _set_aside(file) if keep_old else None


def _set_aside(file):
    """Give the file a name beside it that is free; returns that name."""
    stem, end = os.path.splitext(file)
    names = (f"{stem}.unreadable{n or ''}{end}" for n in range(1000))
    aside = next((name for name in names if not os.path.lexists(name)), f"{stem}.unreadable{end}")
    os.replace(file, aside)
    return os.path.basename(aside)
