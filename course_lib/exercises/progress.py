"""What has been solved, in one small JSON file on this machine. Nothing is sent anywhere.

The file is `.course/progress.json` in the course's folder (else in the current one); the environment variable
COURSE_PROGRESS names another file, or is `off` to keep nothing. It holds, for each exercise: tries, whether it was
solved, the mistakes met and how often, the hints taken, whether the solution was shown.
"""

import json
import os
import pathlib
import time

from .result import Panel

_memory = {}  # what could not be written, for the length of this session
_told = set()


def path():
    """Where the progress is kept; None when it is switched off."""
    named = os.environ.get("COURSE_PROGRESS", "")
    if named.lower() == "off":
        return None
    if named:
        return pathlib.Path(named)
    here = pathlib.Path.cwd()
    root = next((p for p in (here, *here.parents) if (p / "course_lib").is_dir() and (p / "exercises").is_dir()), here)
    return root / ".course" / "progress.json"


def load():
    """{exercise id: {"tries": 3, "right": True, "mistakes": {"no_bias": 2}, "hints": 1, "solution": False}}."""
    file = path()
    if file is None:
        return {}
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))["exercises"]
        kept = {str(k): dict(_blank(), **v) for k, v in kept.items()}
    except FileNotFoundError:
        kept = {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        kept = {}
        _set_aside(file, error)
    return {**kept, **_memory.get(str(file), {})}


def _blank():
    return {"tries": 0, "right": False, "mistakes": {}, "hints": 0, "solution": False}


def record(exercise_id, status=None, mistake=None, hint=0, solution=False):
    """Add one event to an exercise. A disk that cannot be written costs one printed line, never an exception."""
    file = path()
    if file is None or status == "not attempted":
        return
    kept = load()
    entry = kept.setdefault(exercise_id, _blank())
    if status:
        entry["tries"] += 1
        entry["right"] = entry["right"] or status == "right"
    if mistake:
        entry["mistakes"][mistake] = entry["mistakes"].get(mistake, 0) + 1
    entry["hints"] = max(entry["hints"], hint)
    entry["solution"] = entry["solution"] or solution
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
    """A file that cannot be read is kept under another name and never overwritten."""
    aside = file.with_suffix(".unreadable.json")
    try:
        os.replace(file, aside)
        _tell(f"The progress file could not be read ({type(error).__name__}) and is kept as {aside.name}; counting starts anew.")
    except OSError:
        _tell(f"The progress file {file.name} cannot be read ({type(error).__name__}).")


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
    """How far one is: a line and a bar for every chapter. `solved`, `total`, `tries`, `text`."""

    def __init__(self, ids, kept):
        chapters = {}
        for name in ids:
            chapters.setdefault(name.split(".")[0], []).append(kept.get(name, _blank()))
        self.solved = sum(e["right"] for entries in chapters.values() for e in entries)
        self.total = len(ids)
        self.tries = sum(e["tries"] for entries in chapters.values() for e in entries)
        met = sum(sum(e["mistakes"].values()) for entries in chapters.values() for e in entries)
        hints = sum(e["hints"] for entries in chapters.values() for e in entries)
        self.bars = [(chapter, sum(e["right"] for e in entries), len(entries)) for chapter, entries in chapters.items()]
        super().__init__(
            "PROGRESS", f"{self.solved} of {self.total} exercises solved",
            [f"{self.tries} checks, {met} mistakes named, {hints} hints taken."],
            [(chapter, f"[{bar(done, total)}] {done}/{total}") for chapter, done, total in self.bars],
        )

    @property
    def text(self):
        return str(self)

    def _html(self):
        rows = "".join(
            f'<tr><th scope="row" style="text-align:left;padding-right:12px;background:transparent">{chapter}</th>'
            f'<td style="background:transparent"><progress value="{done}" max="{total}" style="width:16em" '
            f'aria-label="{chapter}: {done} of {total} solved"></progress> {done} of {total}</td></tr>'
            for chapter, done, total in self.bars
        )
        said = Panel(self.word, self.title, self.paragraphs)
        said.colour = self.colour
        return said._html().removesuffix("</div>") + f'<table style="border:none;color:inherit">{rows}</table></div>'


def bar(done, total, width=20):
    full = 0 if not total else round(width * done / total)
    full = min(max(full, done > 0), width - (done < total))  # neither empty nor full before it is true
    return "#" * full + "-" * (width - full)


def summary():
    """The progress through the whole bank, for `course progress` and for the end of a notebook cell."""
    from .bank import names

    return Summary(names(), load())
