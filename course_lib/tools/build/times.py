"""How long each notebook takes, in steps so coarse that they do not flap: `docs/times.json`.

A step changes only when a run is clearly outside of it, so an ordinary build on another machine changes nothing.
"""

import json

WHOLE = (15, 30, 60, 90)  # seconds
CELL = (2, 5, 10)
DOWN, UP = 0.75, 2  # how far outside a run must be; more upwards, as a busy machine only ever makes it slower


def step(seconds, bounds, before=None):
    """The smallest bound above `seconds` (None above all), or the one `before` while the run is not clearly outside it.

    >>> step(12, WHOLE), step(17, WHOLE, before=15), step(25, WHOLE, before=15), step(200, WHOLE)
    (15, 15, 30, None)
    """
    if before in bounds:
        below = max((b for b in bounds if b < before), default=0)
        if DOWN * below < seconds < UP * before:
            return before
    return next((b for b in bounds if seconds < b), None)


def in_words(bound, bounds=WHOLE):
    return f"under {bound} s" if bound else f"over {bounds[-1]} s"


def path(root):
    return root / "docs" / "times.json"


def load(root):
    """{"notebooks/1_training/….ipynb": {"whole": 15, "slowest_cell": 2}}"""
    return json.loads(path(root).read_text(encoding="utf-8")) if path(root).exists() else {}


def note(root, notebook, timing):
    """Write down one run."""
    known = load(root)
    before = known.get(notebook, {})
    known[notebook] = {
        "whole": step(timing.total, WHOLE, before.get("whole")),
        "slowest_cell": step(timing.slowest, CELL, before.get("slowest_cell")),
    }
    save(root, known)


def save(root, known):
    path(root).parent.mkdir(exist_ok=True)
    path(root).write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8", newline="\n")
