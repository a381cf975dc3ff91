"""`course build`: make, execute and store the notebooks of the lessons that are asked for."""

import nbformat

from course_lib import place
from course_lib.tools.build import KINDS, BuildError, execute, notebook, pages, source, times

WORDS = {"exercises": "NOT ATTEMPTED", "solutions": "RIGHT"}  # what every check of that kind must say


def build(root, wanted=(), remeasure=False, say=print):
    """Build the lessons that are asked for, else all. Returns sentences about what is too slow."""
    every = source.lessons(root)
    chosen = source.choose(every, wanted)
    repository = place.repository(root)
    slow = []
    for lesson in chosen:
        for kind, made in notebook.all_of(lesson, every, repository).items():
            name = lesson.notebook(kind)
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            timing = execute.execute(made, path.parent, name)
            judge(kind, made, name)
            changed = store(made, path, remeasure)
            times.note(root, name, timing)
            slow += [f"{name}: {what}" for what in timing.too_slow()]
            done = "written" if changed else "unchanged"
            say(f"{name}  {timing.total:.1f} s, slowest cell {timing.slowest:.1f} s, {done}")
    forget(root, every)
    pages.write(root, every, repository)
    return slow


def judge(kind, made, name):
    """Every check in an exercise notebook says "not attempted", every check in a solved one "right"."""
    for index, cell in enumerate(made.cells):
        if kind in WORDS and cell.source.startswith("q = exercise(") and ".check(" in cell.source:
            said = "".join(output.get("data", {}).get("text/plain", "") for output in cell.outputs)
            if not said.startswith(WORDS[kind]):
                raise BuildError(f"{name}: {execute.where(index, cell)} should say {WORDS[kind]!r}. It says:\n{said}")


def store(made, path, remeasure=False):
    """Write a notebook when it differs from the stored one."""
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if before and not remeasure:
        execute.keep_measurements(made, nbformat.reads(before, as_version=4))
    text = notebook.text_of(made)
    if text != before:
        path.write_text(text, encoding="utf-8", newline="\n")
    return text != before


def forget(root, every):
    """Times of notebooks that are no longer made are taken out."""
    made = {lesson.notebook(kind) for lesson in every for kind in KINDS}
    known = times.load(root)
    if gone := set(known) - made:
        times.save(root, {name: took for name, took in known.items() if name not in gone})
