"""The course as a map: a line for each chapter, a station for each lesson."""

import textwrap

from course_lib import curriculum
from course_lib.plots.style import INK, NEUTRAL, OURS, Figure, picture, write

TRACK = "#C9CDD2"


@picture
def course_map(lessons=curriculum.LESSONS, chapters=curriculum.CHAPTERS, here=None):
    """Chapters as lines, lessons as stations; a filled station can be visited now, an empty one is planned.

    here: the numbers of the lessons that exist (found in the project's folders where it is left out).
    """
    here = {lesson.number for lesson in lessons if curriculum.exists(lesson.number)} if here is None else set(here)
    figure = Figure(
        f"{len(lessons)} lessons from one neuron to a running service, {len(here)} of them open", height=6.3
    )
    axes = figure.subplots()
    for row, chapter in enumerate(chapters):
        stations = [lesson for lesson in lessons if lesson.number[0] == chapter.number]
        y = -row
        write(axes, -0.42, y + 0.33, f"{chapter.number}  {chapter.title}", 8.5, bold=True, ha="left")
        axes.plot([-0.4, len(stations) - 1], [y, y], color=TRACK, linewidth=3.5, zorder=1)
        for column, lesson in enumerate(stations):
            is_open = lesson.number in here
            _stop(axes, column, y, is_open, size=17)
            write(axes, column, y, lesson.number, 6.5, "white" if is_open else NEUTRAL, True, va="center_baseline")
            for line, words in enumerate(textwrap.wrap(lesson.title, 15, break_long_words=False)):
                below = y - 0.315 - 0.145 * line
                write(axes, column, below, words, 6.8, INK if is_open else NEUTRAL, va="baseline")
    for x, text, is_open in [(4.86, "open now", True), (5.86, "planned", False)]:
        _stop(axes, x, 0.33, is_open, size=8)
        write(axes, x + 0.13, 0.33, text, 8, NEUTRAL, ha="left")
    axes.set(xlim=(-0.5, 6.5), ylim=(-len(chapters) + 0.35, 0.5))
    axes.axis("off")
    counts = [(chapter, sum(lesson.number[0] == chapter.number for lesson in lessons)) for chapter in chapters]
    listed = "; ".join(f"{chapter.number} {chapter.title} ({count})" for chapter, count in counts)
    open_now = ", ".join(f"{lesson.number} {lesson.title}" for lesson in lessons if lesson.number in here)
    return figure.describe(f"Chapters with their numbers of lessons: {listed}. Open now: {open_now or 'none'}.")


def _stop(axes, x, y, is_open, size):
    fill, ring = (OURS, OURS) if is_open else ("white", "#9AA0A6")
    axes.plot(x, y, "o", markersize=size, color=fill, markeredgecolor=ring, markeredgewidth=1.7, zorder=2)
