"""`course progress`: what is solved, what was tried, which mistakes were met; and how to forget it."""

from course_lib import place
from course_lib.exercises import names
from course_lib.exercises import progress as kept
from course_lib.text.tables import table
from course_lib.text.words import one_line
from course_lib.tools.build import source


def show(say=print):
    """Where one stands in every exercise, lesson by lesson."""
    done = kept.load()
    lessons = source.lessons(place.root())
    listed = {name for lesson in lessons for name in lesson.exercises}
    groups = [(lesson.full_title, lesson.exercises) for lesson in lessons]
    groups.append(("no lesson yet", [name for name in names() if name not in listed]))
    rows = []
    for title, ids in groups:
        for i, name in enumerate(ids):
            rows.append((title if i == 0 else "", name, *state(done.get(name))))
    say(table(("lesson", "exercise", "state", "tries", "mistakes met"), rows, ruled=True))
    solved = sum(done[name]["right"] for name in names() if name in done)
    say(f"\n{solved} of {len(names())} exercises solved. Kept in {kept.path() or 'no file: COURSE_PROGRESS is off'}.")
    return 0


def state(entry):
    """(state, tries, mistakes met) of one exercise, as words."""
    if not entry or not entry["tries"]:
        return "not yet", "", ""
    met = ((one_line(name, 40), times) for name, times in sorted(entry["mistakes"].items()))
    said = ", ".join(f"{name} ({times}x)" if times > 1 else name for name, times in met)
    return "right" if entry["right"] else "tried", entry["tries"], said


def reset(sure=False, say=print):
    """Forget all progress, after a question. Returns 1 when there was nobody to answer it, else 0."""
    if kept.path() is None:
        say("Nothing is kept: COURSE_PROGRESS is off.")
        return 0
    if not sure:
        try:
            answer = input(f"Forget everything in {kept.path()}? Type yes: ")
        except (EOFError, RuntimeError):  # the second where standard input is closed
            say("\nNobody answered; nothing was forgotten. `course progress --reset --yes` does not ask.")
            return 1
        if answer.strip().lower() != "yes":
            say("Nothing was forgotten.")
            return 0
    kept.reset()
    say("Forgotten.")
    return 0
