"""What has been solved, in one small JSON file on this machine. Nothing is sent anywhere.

The file is `.course/progress.json` in the course's folder (else in the current one); the environment variable
COURSE_PROGRESS names another file, or is `off` to keep nothing. It holds, for each exercise: tries, whether it was
solved, the mistakes met and how often, the hints taken, whether the solution was shown.
"""

import json
import os
import pathlib
import time

from course_lib.exercises.say.result import Panel, table

_memory = {}  # what could not be written, for the length of this session
_told = set()


def path():
    """Where the progress is kept; None when it is switched off."""
    named = os.environ.get("COURSE_PROGRESS", "")
    if named:
        return None if named.lower() == "off" else pathlib.Path(named)
    here = pathlib.Path.cwd()
    root = next((p for p in (here, *here.parents) if (p / "course_lib").is_dir() and (p / "exercises").is_dir()), here)
    return root / ".course" / "progress.json"


def load():
    """{exercise id: {"tries": 3, "right": True, "mistakes": {"no_bias": 2}, "hints": 1, "solution": False}}."""
    file = path()
    if file is None:
        return {}
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))["exercises"].items()
        kept = {name: {k: e[k] if type(e.get(k)) is type(v) else v for k, v in _blank().items()} for name, e in stored}
    except OSError:  # not there yet, or out of reach: the attempt to write will tell
        kept = {}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        kept = {}
        _set_aside(file, error)
    return kept | _memory.get(str(file), {})


def _blank():
    return {"tries": 0, "right": False, "mistakes": {}, "hints": 0, "solution": False}


def record(exercise_id, status=None, mistake=None, hint=0, solution=False):
    """Add one event to an exercise. A disk that cannot be written costs one printed line, never an exception."""
    file = path()
    if file is None or status == "not attempted":
        return
    kept = load()
    entry = kept.setdefault(exercise_id, _blank())
    entry["tries"] += status is not None
    entry["right"] |= status == "right"
    for name in mistake.split(" and ") if mistake else ():
        entry["mistakes"][name] = entry["mistakes"].get(name, 0) + 1
    entry["hints"] = max(entry["hints"], hint)
    entry["solution"] |= solution
    try:
        _write(file, {"version": 1, "exercises": kept})
        _memory.pop(str(file), None)
    except OSError as error:
        _memory[str(file)] = kept
        _tell(f"Progress is not kept on disk ({type(error).__name__}); the checks work all the same.")


def _write(file, content):
    """All or nothing: a second kernel, or a power cut, never finds half a file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}.tmp")
    try:
        draft.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        for attempt in range(5):
            try:
                return os.replace(draft, file)
            except PermissionError:  # Windows: another kernel is reading it just now
                if attempt == 4:
                    raise
                time.sleep(0.02)
    finally:
        draft.unlink(missing_ok=True)


def _set_aside(file, error):
    """A file that cannot be understood is kept under another name and never overwritten."""
    aside = file.with_suffix(".unreadable.json")
    try:
        os.replace(file, aside)
    except OSError:
        return  # out of reach for writing too, which `record` tells
    said = f"The progress file made no sense ({type(error).__name__})"
    _tell(f"{said}; it is kept as {aside.name}, counting starts anew.")


def _tell(line):
    if line not in _told:
        _told.add(line)
        print(line)


def reset():
    """Forget everything."""
    file = path()
    if file is not None:
        _memory.pop(str(file), None)
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
    from course_lib.exercises.bank import names

    return Summary(names(), load())
