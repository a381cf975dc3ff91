"""`course check`: the audit of exercises, as a table."""

import sys
import time

from course_lib.exercises import exercise, names
from course_lib.exercises.author.audit import audit
from course_lib.text.tables import table
from course_lib.text.words import counted


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
    for sentence in faults:
        say(sentence)
    return int(bool(faults))
