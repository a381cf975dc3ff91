"""Tables for the terminal: `course check` and `course progress`."""

import sys
import time


def table(head, rows):
    """Columns as wide as their longest cell; numbers to the right."""
    rows = [[str(cell) for cell in row] for row in [head, *rows]]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    number = [all(row[i].replace(".", "").isdigit() or not row[i] for row in rows[1:]) for i in range(len(head))]
    lines = [
        "  ".join(c.rjust(w) if n else c.ljust(w) for c, w, n in zip(row, widths, number)).rstrip() for row in rows
    ]
    return "\n".join([lines[0], "  ".join("-" * w for w in widths), *lines[1:]])


def audit(ids=(), say=print):
    """Audit exercises, all or those named. Returns 1 when one has a fault, else 0; LookupError for an unknown id."""
    from course_lib.exercises import exercise, names
    from course_lib.exercises.author import audit as auditor

    chosen = [exercise(name) for name in ids or names()]
    rows, faults = [], []
    for q in chosen:
        start = time.perf_counter()
        found = auditor.audit(q)
        faults += found
        rows.append(
            (
                q.id,
                len(q.cases),
                len(q.mistakes),
                len(q.hints),
                f"{time.perf_counter() - start:.1f}",
                f"{len(found)} faults" if found else "well",
            )
        )
        if sys.stderr.isatty():
            print(f"\r{len(rows)} of {len(chosen)}", end="\r", file=sys.stderr)
    say(table(("exercise", "cases", "mistakes", "hints", "seconds", "audit"), rows))
    for sentence in faults:
        say(sentence)
    return int(bool(faults))


def progress(say=print):
    """Where one stands in every exercise, lesson by lesson."""
    from course_lib import place
    from course_lib.exercises import names
    from course_lib.exercises import progress as kept
    from course_lib.tools.build import source

    done = kept.load()
    lessons = source.lessons(place.root())
    listed = {name for lesson in lessons for name in lesson.exercises}
    groups = [(lesson.full_title, lesson.exercises) for lesson in lessons]
    groups.append(("no lesson yet", [name for name in names() if name not in listed]))
    rows = []
    for title, ids in groups:
        for i, name in enumerate(ids):
            rows.append((title if i == 0 else "", name, *state(done.get(name))))
    say(table(("lesson", "exercise", "state", "tries", "mistakes met"), rows))
    solved = sum(entry["right"] for entry in done.values())
    say(f"\n{solved} of {len(names())} exercises solved. Kept in {kept.path() or 'no file: COURSE_PROGRESS is off'}.")
    return 0


def state(entry):
    """(state, tries, mistakes met) of one exercise, as words."""
    if not entry or not entry["tries"]:
        return "not yet", "", ""
    met = ", ".join(f"{name} ({n}x)" if n > 1 else name for name, n in sorted(entry["mistakes"].items()))
    return "right" if entry["right"] else "tried", entry["tries"], met


def reset(sure=False, say=print):
    """Forget all progress, after a question. Returns 1 when there was nobody to answer it, else 0."""
    from course_lib.exercises import progress as kept

    if kept.path() is None:
        say("Nothing is kept: COURSE_PROGRESS is off.")
        return 0
    if not sure:
        try:
            answer = input(f"Forget everything in {kept.path()}? Type yes: ")
        except EOFError:
            say("\nNobody answered; nothing was forgotten. `course progress --reset --yes` does not ask.")
            return 1
        if answer.strip().lower() != "yes":
            say("Nothing was forgotten.")
            return 0
    kept.reset()
    say("Forgotten.")
    return 0
