"""The exercises themselves, one file each: `bank/<chapter>/<name>.py` is the exercise "<chapter>.<name>"."""

import difflib
import importlib
import pathlib

from course_lib.utils import demand_docstrings

CHAPTERS = ("start", "training", "inference", "deployment", "optimization", "distribution", "frontiers", "together")

RENAMED = {"serving": "deployment"}  # chapters that had another name: what was solved, and old notebooks, still count


def today(name):
    """The id that an exercise has now, from one it may have had."""
    chapter, dot, rest = str(name).partition(".")
    return RENAMED.get(chapter, chapter) + dot + rest


def names():
    """The ids of all exercises, chapter by chapter in the course's order."""
    here = pathlib.Path(__file__).parent
    return [f"{c}.{file.stem}" for c in CHAPTERS for file in sorted((here / c).glob("[!_]*.py"))]


def exercise(name):
    """The exercise with this id, as in `exercise("training.neuron")`."""
    demand_docstrings("The exercises, whose prompts and messages they are,")
    known, asked = names(), name
    name = today(name)
    if name not in known:
        near = difflib.get_close_matches(str(name), known, n=3, cutoff=0.4)
        near = near or [k for k in known if str(name).split(".")[-1] in k]
        meant = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
        raise LookupError(f"There is no exercise {asked!r}.{meant} All of them: {', '.join(known)}.")
    return importlib.import_module(f"{__name__}.{name}").exercise
