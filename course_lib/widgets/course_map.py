"""The whole course as a map to click on: what each lesson asks, what it builds, what it stands on."""

import os
from pathlib import Path

from course_lib import curriculum, place, plots
from course_lib.widgets.base import Choice, CourseWidget, script, stylesheet

NUMBERS = tuple(lesson.number for lesson in curriculum.LESSONS)


class CourseMap(CourseWidget):
    """Chapters as lines, lessons as stations. Choosing one lights the lessons that it stands on."""

    _esm = script("course_map")
    _css = stylesheet("course_map")
    controls = (Choice("lesson", "lesson", NUMBERS, "1.1"),)

    def __init__(self, root=place.HOME, **values):
        lessons = [
            {**lesson._asdict(), "open": curriculum.exists(lesson.number, root), "link": _link(lesson.number, root)}
            for lesson in curriculum.LESSONS
        ]
        self.here = [lesson["number"] for lesson in lessons if lesson["open"]]
        super().__init__({"chapters": [c._asdict() for c in curriculum.CHAPTERS], "lessons": lessons}, **values)

    def compute(self, lesson):
        under = curriculum.prerequisites(lesson)
        leads_to = [other.number for other in curriculum.LESSONS if lesson in other.needs]
        return {"under": under, "needs": curriculum.find(lesson).needs, "leads_to": leads_to}

    def describe(self, result, lesson):
        chosen = curriculum.find(lesson)
        needs = f"Needs {', '.join(result['needs'])}." if result["needs"] else "Needs nothing before it."
        state = "open now" if lesson in self.here else "planned"
        return f"Lesson {lesson}, {chosen.title}, {state}: {chosen.question} {needs}"

    def static(self):
        return plots.course_map(here=self.here)


def _link(number, root):
    """The way to a lesson's notebook from the folder in which the kernel runs, as a link has it."""
    notebook = curriculum.notebook(number, root)
    if notebook is None:
        return ""
    try:
        return Path(os.path.relpath(notebook)).as_posix()
    except ValueError:  # another drive, on Windows
        return ""
