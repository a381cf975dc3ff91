"""What has been solved, in one small JSON file on this machine. Nothing is sent anywhere.

The file is `.course/progress.json` in the course's folder (else in the current one); the environment variable
COURSE_PROGRESS names another file, or is `off` to keep nothing. It holds, for each exercise: tries, whether it was
solved, the mistakes met and how often, the hints taken, whether the solution was shown.

Nothing here raises, and nothing solved is lost: whatever the file holds, wherever it lies, and whoever else writes it.
"""

import contextlib
import json
import os
import pathlib
import threading

from course_lib import place
from course_lib.exercises import shared_file
from course_lib.exercises.bank import names, today
from course_lib.exercises.say.result import Panel, table

VERSION = 1
MOST_MISTAKES, LONGEST_NAME = 30, 80

_unwritten = {}  # {file: what could not be written yet}, kept until it can be
_told = set()
_one_at_a_time = threading.RLock()


def path():
    """Where the progress is kept; None when it is switched off. A folder of that name has the file in it."""
    named = os.environ.get("COURSE_PROGRESS", "")
    if named.lower() == "off":
        return None
    try:
        file = os.path.realpath(os.path.expanduser(named) if named else _beside_the_course())
    except OSError:  # the current folder was removed
        return pathlib.Path(named)
    return pathlib.Path(file, "progress.json") if os.path.isdir(file) else pathlib.Path(file)


def _beside_the_course():
    try:
        here = pathlib.Path.cwd()
    except OSError:  # removed: the course that we run from is still there
        here = place.HOME
    root = next((p for p in (here, *here.parents) if (_has(p, "course_lib") and _has(p, "exercises"))), here)
    return root / ".course" / "progress.json"


def _has(folder, name):
    return os.path.isdir(folder / name)


def load():
    """{exercise id: {"tries": 3, "right": True, "mistakes": {"no_bias": 2}, "hints": 1, "solution": False}}."""
    file = path()
    if file is None:
        return {}
    try:
        content, problem = shared_file.read(file)
    except OSError:  # not there yet, or out of reach: the attempt to write will tell
        content, problem = {}, None
    with _one_at_a_time:
        if problem:
            _save(file)  # so that it is set aside, and told
        return joined(entries(content), _unwritten.get(file, {}).items())


def record(exercise_id, status=None, mistake=None, hint=0, solution=False):
    """Add one event to an exercise. A disk that cannot be written costs one printed line, never an exception."""
    file = path()
    if file is None or status == "not attempted":
        return
    met = mistake.split(" and ") if mistake else []
    event = {
        "tries": int(status is not None),
        "right": status == "right",
        "mistakes": {name: met.count(name) for name in met},
        "hints": hint,
        "solution": solution,
    }
    with _one_at_a_time:
        _unwritten[file] = joined(_unwritten.get(file, {}), [(exercise_id, event)])
        _save(file)


def _save(file):
    """Add what is not written yet to what the file holds now, which another kernel may have changed."""
    try:
        with shared_file.held(file):
            try:
                content, problem = shared_file.read(file)
            except FileNotFoundError:
                content, problem = {}, None
            kept = joined(entries(content), _unwritten.get(file, {}).items())
            content = {**content, "version": _newest(content), "exercises": _beside(content, kept)}
            if len(json.dumps(content, indent=1)) > shared_file.LARGEST:  # the next one to read it would set it aside
                problem = problem or "it holds far more than the course writes"
                content = {"version": VERSION, "exercises": {name: kept[name] for name in names() if name in kept}}
            aside = shared_file.write(file, content, keep_old=bool(problem))
            if problem:
                _tell(f"The progress file made no sense ({problem}). It is kept as {aside}; what could be read counts.")
        _unwritten.pop(file, None)
    except OSError as problem:
        said = f"{type(problem).__name__}: {problem.strerror}" if problem.strerror else type(problem).__name__
        _tell(f"Progress is not kept on disk ({said}); the checks work all the same.")


# --- what the file holds ----------------------------------------------------------------------------------------------


def entries(content):
    """The entries of a file under the ids of today, each made whole: what is not of its kind counts as nothing."""
    return joined({}, ((today(name), _whole(entry)) for name, entry in content.get("exercises", {}).items()))


def _blank():
    return {"tries": 0, "right": False, "mistakes": {}, "hints": 0, "solution": False}


def _whole(entry):
    """An entry with every field of its kind."""
    entry = entry if isinstance(entry, dict) else {}
    mistakes = entry.get("mistakes")
    return {
        "tries": _count(entry.get("tries")),
        "right": shared_file.is_yes(entry.get("right")),
        "mistakes": _mistakes(mistakes) if isinstance(mistakes, dict) else {},
        "hints": _count(entry.get("hints")),
        "solution": shared_file.is_yes(entry.get("solution")),
    }


def _mistakes(met):
    """The mistakes met, by name. No exercise names more than some ten, each in a few words."""
    named = {name: _count(times) for name, times in met.items() if _count(times) and len(name) <= LONGEST_NAME}
    return dict(sorted(named.items(), key=lambda one: -one[1])[:MOST_MISTAKES])


def _count(value):
    return max(value, 0) if type(value) is int else 0


def joined(some, more):
    """Progress and more of it, pairs of id and entry: tries and mistakes add up; solved in either is solved."""
    both = dict(some)
    for name, new in more:
        old = both.get(name, _blank())
        both[name] = {
            "tries": old["tries"] + new["tries"],
            "right": old["right"] or new["right"],
            "mistakes": old["mistakes"] | {k: old["mistakes"].get(k, 0) + n for k, n in new["mistakes"].items()},
            "hints": max(old["hints"], new["hints"]),
            "solution": old["solution"] or new["solution"],
        }
    return both


def _beside(content, kept):
    """The entries to write. Fields that this version does not know, a newer one's, stay as they stand."""
    there = content.get("exercises", {})
    known = {name: there[name] for name in kept if isinstance(there.get(name), dict)}
    return {name: {**known.get(name, {}), **entry} for name, entry in sorted(kept.items())}


def _newest(content):
    return max(VERSION, _count(content.get("version")))


def _tell(line):
    """Print a line, once. Where nobody can read it, or not its letters, the checks go on."""
    if line in _told:
        return
    _told.add(line)
    with contextlib.suppress(OSError, ValueError):  # the output is closed
        try:
            print(line)
        except UnicodeEncodeError:
            print(line.encode("ascii", "backslashreplace").decode())


def reset():
    """Forget everything. OSError where the file cannot be removed."""
    file = path()
    if file is not None:
        _unwritten.pop(file, None)
        file.unlink(missing_ok=True)


class Summary(Panel):
    """How far one is: `solved`, `total`, `tries`, and for every chapter a bar, (chapter, solved, total) in `bars`."""

    def __init__(self, ids, kept):
        entries = {name: kept.get(name, _blank()) for name in ids}
        chapters = dict.fromkeys(name.split(".")[0] for name in ids)
        inside = {c: [e for name, e in entries.items() if name.split(".")[0] == c] for c in chapters}
        self.bars = [(c, sum(e["right"] for e in some), len(some)) for c, some in inside.items()]
        self.solved, self.total = sum(done for _, done, _ in self.bars), len(ids)
        self.tries = sum(e["tries"] for e in entries.values())
        met = sum(sum(e["mistakes"].values()) for e in entries.values())
        hints = sum(e["hints"] for e in entries.values())
        super().__init__(
            "PROGRESS",
            f"{self.solved} of {self.total} exercises solved",
            f"Checks: {self.tries}. Mistakes named: {met}. Hints taken: {hints}.",
            facts=[(c, f"[{bar(done, total)}] {done}/{total}") for c, done, total in self.bars],
        )

    def _facts_html(self):
        shown = '<progress value="{1}" max="{2}" aria-label="{0}: {1} of {2}"></progress> {1} of {2}'
        return table((name, shown.format(name, done, total)) for name, done, total in self.bars)


def bar(done, total, width=20):
    """A bar in plain characters, neither empty nor full before it is true."""
    full = min(max(round(width * done / max(total, 1)), done > 0), width - (done < total))
    return "#" * full + "-" * (width - full)


def summary():
    """The progress through the whole bank, for `course progress` and for the end of a notebook cell."""
    return Summary(names(), load())
