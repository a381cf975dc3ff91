"""The parts of README.md that are made: the badges, and the map of lessons with their times."""

import re

from course_lib import curriculum
from course_lib.text.tables import table
from course_lib.tools.build import BuildError, addresses, times


def written(root, lessons, repository):
    """README.md as it should be: what stands between the markers is made anew, the rest is left alone."""
    text = (root / "README.md").read_text(encoding="utf-8")
    if lessons:
        text = _between(text, "badges", addresses.badges(repository, lessons[0].notebook("notebooks")))
    return _between(text, "lessons", lesson_map(lessons, times.load(root)))


def _between(text, name, content):
    pattern = re.compile(rf"(<!-- {name}: [^\n]*-->\n).*?(<!-- /{name} -->)", re.DOTALL)
    if len(pattern.findall(text)) != 1:
        raise BuildError(
            f"README.md needs the markers <!-- {name}: … --> and <!-- /{name} --> once, each on a line of its own."
        )
    return pattern.sub(lambda m: f"{m[1]}{content}\n{m[2]}", text)


def lesson_map(lessons, known):
    """How many lessons are open, and a table row for each."""
    rows = []
    for lesson in lessons:
        took = known.get(lesson.notebook("notebooks"))
        whole, slowest = (
            (times.in_words(took["whole"]), times.in_words(took["slowest_cell"], times.CELL))
            if took
            else ("not measured", "not measured")
        )
        exercises = f"[{len(lesson.exercises)}]({lesson.notebook('exercises')})" if lesson.exercises else "–"
        title = f"[{lesson.full_title}]({lesson.notebook('notebooks')})"
        rows.append((title, lesson.question, exercises, whole, slowest))
    head = ("lesson", "its question", "exercises", "a whole run", "its slowest cell")
    opened = f"{len(lessons)} of {len(curriculum.LESSONS)} lessons are open so far."
    return f"{opened}\n\n{table(head, rows, right=()).markdown}"
