"""The course as a map: a line for each chapter, a station for each lesson."""

import textwrap

from course_lib import curriculum
from course_lib.plots.style import INK, NEUTRAL, OURS, Figure, picture

TRACK = "#C9CDD2"


@picture
def course_map(lessons=curriculum.LESSONS, chapters=curriculum.CHAPTERS, here=None):
    """Chapters as lines, lessons as stations; a filled station can be visited now, an empty one is planned.

    here: the numbers of the lessons that exist (found in the project's folders where it is left out).
    """
    here = {lesson.number for lesson in lessons if curriculum.exists(lesson.number)} if here is None else set(here)
    figure = Figure(f"{len(lessons)} lessons from one neuron to a running service; {len(here)} are open", height=6.3)
    axes = figure.subplots()
    for row, chapter in enumerate(chapters):
        stations = [lesson for lesson in lessons if lesson.number.split(".")[0] == chapter.number]
        y = -row
        axes.text(-0.42, y + 0.33, f"{chapter.number}  {chapter.title}", fontsize=8.5, fontweight="bold", va="center")
        axes.plot([-0.4, len(stations) - 1], [y, y], color=TRACK, linewidth=3.5, zorder=1)
        for column, lesson in enumerate(stations):
            is_open = lesson.number in here
            axes.plot(column, y, "o", markersize=17, color=OURS if is_open else "white",
                      markeredgecolor=OURS if is_open else "#9AA0A6", markeredgewidth=1.8, zorder=2)
            axes.text(column, y, lesson.number, ha="center", va="center_baseline", fontsize=6.5, fontweight="bold",
                      color="white" if is_open else NEUTRAL, zorder=3)
            for line, words in enumerate(textwrap.wrap(lesson.title, 15, break_long_words=False)):
                axes.text(column, y - 0.315 - 0.145 * line, words, ha="center", va="baseline", fontsize=6.8,
                          color=INK if is_open else NEUTRAL)
    for x, text, is_open in [(4.86, "open now", True), (5.86, "planned", False)]:
        axes.plot(x, 0.33, "o", markersize=8, color=OURS if is_open else "white", markeredgecolor=OURS if is_open else "#9AA0A6",
                  markeredgewidth=1.5)
        axes.text(x + 0.13, 0.33, text, fontsize=8, va="center", color=NEUTRAL)
    axes.set(xlim=(-0.5, 6.5), ylim=(-len(chapters) + 0.35, 0.5))
    axes.axis("off")
    listed = "; ".join(
        f"{chapter.number} {chapter.title} ({sum(lesson.number.split('.')[0] == chapter.number for lesson in lessons)})"
        for chapter in chapters
    )
    open_now = ", ".join(f"{lesson.number} {lesson.title}" for lesson in lessons if lesson.number in here)
    return figure.describe(
        f"Chapters with their numbers of lessons: {listed}. {len(lessons)} lessons; open now: {open_now or 'none'}."
    )
