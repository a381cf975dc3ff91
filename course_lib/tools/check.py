"""`course check`: the audit of exercises, as a table."""

import sys
import time

from course_lib import place
from course_lib.exercises import exercise, names
from course_lib.exercises.author.audit import audit
from course_lib.text.tables import table
from course_lib.text.words import counted
from course_lib.tools.build import source


def check(ids=(), say=print):
    """Audit exercises, all or those named. Returns 1 when one has a fault, else 0; LookupError for an unknown id."""
    chosen = [exercise(name) for name in ids or names()]
    rows, faults = [], []
    for q in chosen:
        start = time.perf_counter()
        found = audit(q)
        faults += found
        rows.append(
            (
                q.id,
                len(q.cases),
                len(q.mistakes),
                len(q.hints),
                f"{time.perf_counter() - start:.1f}",
                counted(len(found), "fault") if found else "well",
            )
        )
        if sys.stderr.isatty():
            print(f"\r{len(rows)} of {len(chosen)}", end="\r", file=sys.stderr)
    say(table(("exercise", "cases", "mistakes", "hints", "seconds", "audit"), rows, ruled=True))
    faults += [f"{name} stands in no lesson: put it into the header of its own." for name in in_no_lesson(chosen)]
    for sentence in faults:
        say(sentence)
    if unseen := without_held_out(chosen):
        say(
            f"No held-out answers yet: {', '.join(unseen)}. Somebody who has seen neither cases nor mistakes writes "
            f"some from the prompt alone, right ones and wrong ones, into tests/held_out/."
        )
    return int(bool(faults))


def in_no_lesson(chosen):
    """The ids of exercises that no lesson lists, so that no learner would meet them."""
    listed = {name for lesson in source.lessons(place.root()) for name in lesson.exercises}
    return [q.id for q in chosen if q.id not in listed]


def without_held_out(chosen):
    """The ids of exercises for which `tests/held_out/` has no answers."""
    sets = (place.root() / "tests" / "held_out").glob("*.py")
    text = "".join(file.read_text(encoding="utf-8") for file in sets)
    return [q.id for q in chosen if text and f'("{q.id}"' not in text]
