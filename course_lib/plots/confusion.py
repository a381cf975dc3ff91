"""Which classes a classifier takes for which, and the words behind one cell of that table."""

import matplotlib.patches
import numpy as np

from course_lib.plots.style import INK, NEGATIVE, NEUTRAL, POSITIVE, Figure, picture, write
from course_lib.text.words import counted

WORDS_SHOWN = 8


@picture
def confusion(counts, class_names, title=None):
    """A confusion matrix: row i, column j counts the examples of class i that were answered as class j.

    At the right how much of each class was found (recall), below how much of what carries its name is (precision).
    """
    counts = np.asarray(counts)
    figure = Figure(title or _finding(counts, class_names), width=5.6, height=4.9)
    axes = figure.subplots()
    _matrix(axes, counts, class_names)
    n = len(counts)
    for k, (of_class, of_answers) in enumerate(zip(_shares(counts, 1), _shares(counts, 0))):
        write(axes, n + 0.1, k, of_class, 7.5, NEUTRAL)
        write(axes, k, n + 0.1, of_answers, 7.5, NEUTRAL)
    write(axes, n + 0.1, -0.78, "found", 8.5, NEUTRAL, va="bottom")
    write(axes, -0.7, n + 0.1, "right when said", 8.5, NEUTRAL, ha="right")
    axes.set(xlim=(-0.5, n + 0.6), ylim=(n + 0.5, -0.5))
    return figure.describe(f"{_told(counts, class_names)} {_extremes(counts, class_names)}")


@picture
def confused(counts, class_names, cell, words, pushes, texts):
    """A confusion matrix with one cell marked; beside it the words that spoke most for the answer in its texts.

    cell: (class, answer) as numbers. words: their contributions `pushes`, summed over the texts of the cell; texts: in
    how many of them each word stands.
    """
    counts = np.asarray(counts)
    i, j = cell
    actual, answered = class_names[i], class_names[j]
    figure = Figure(
        f"{counts[i, j]} texts of {actual}, answered as {answered}" + (f": mostly “{words[0]}”" if len(words) else ""),
        width=7.6,
        height=3.9,
    )
    left, right = figure.subplots(1, 2, width_ratios=[1.55, 1])
    _matrix(left, counts, class_names)
    left.add_patch(
        matplotlib.patches.Rectangle((j - 0.5, i - 0.5), 1, 1, fill=False, edgecolor=INK, linewidth=2.2, zorder=6)
    )
    left.set(xlim=(-0.5, len(counts) - 0.5), ylim=(len(counts) - 0.5, -0.5))
    words, pushes, texts = words[:WORDS_SHOWN], np.asarray(pushes, float)[:WORDS_SHOWN], texts[:WORDS_SHOWN]
    rows, reach = np.arange(len(words)), np.abs(pushes).max(initial=1e-9)
    right.barh(rows, pushes, color=[POSITIVE if push > 0 else NEGATIVE for push in pushes], height=0.62)
    for row, push, count in zip(rows, pushes, texts):
        write(
            right,
            max(push, 0) + 0.04 * reach,
            row,
            f"in {counted(count, 'text')}",
            8.5,
            NEUTRAL,
            ha="left",
        )
    right.set(title=f"what spoke for {answered}" if len(words) else "no text, no word", yticks=rows, yticklabels=words)
    right.set(xticks=[], ylim=(WORDS_SHOWN - 0.4, -0.6), xlim=(min(0, pushes.min(initial=0)), 1.45 * reach))
    right.grid(False)
    right.spines[:].set_visible(False)
    right.tick_params(axis="y", labelcolor=INK, labelsize=9.5)
    listed = ", ".join(f"{word} {push:.1f} in {count}" for word, push, count in zip(words, pushes, texts)) or "none"
    return figure.describe(
        f"{_told(counts, class_names)} Chosen: {actual} answered as {answered}, {counts[i, j]} texts. Words that spoke "
        f"most for {answered}, summed over these texts: {listed}."
    )


def _matrix(axes, counts, class_names):
    n, wrong = len(counts), counts * (1 - np.eye(len(counts), dtype=int))
    worst = max(1, wrong.max())
    for i in range(n):
        for j in range(n):
            right = i == j
            share = counts[i, j] / max(1, counts[i].sum()) if right else counts[i, j] / worst
            shade = matplotlib.colors.to_rgba(
                POSITIVE if right else NEGATIVE, 0.12 + 0.5 * share if counts[i, j] else 0
            )
            axes.add_patch(matplotlib.patches.Rectangle((j - 0.48, i - 0.48), 0.96, 0.96, color=shade, linewidth=0))
            if counts[i, j]:
                write(axes, j, i, str(counts[i, j]), 8.5, INK, bold=right)
    axes.set(xticks=range(n), yticks=range(n), yticklabels=class_names, ylabel="what it is")
    axes.set_xticks(range(n), class_names, rotation=90)
    axes.tick_params(top=False, labeltop=True, labelbottom=False, labelsize=8.5, labelcolor=INK)
    axes.xaxis.set_label_position("top")
    axes.set_xlabel("what was answered", labelpad=8)
    axes.grid(False)
    axes.spines[:].set_visible(False)
    axes.set_aspect("equal")


def _pairs(counts, class_names):
    """(count, class, answer) of the wrong cells, largest first."""
    cells = [(-counts[i, j], i, j) for i in range(len(counts)) for j in range(len(counts)) if i != j and counts[i, j]]
    return [(-count, class_names[i], class_names[j]) for count, i, j in sorted(cells)]


def _finding(counts, class_names):
    wrong = _pairs(counts, class_names)
    right = np.trace(counts) / counts.sum()
    if not wrong:
        return "Every answer is right"
    shares = np.diag(counts) / np.maximum(1, counts.sum(axis=1))
    return (
        f"{right:.0%} right: from {shares.max():.0%} of {class_names[int(shares.argmax())]} "
        f"to {shares.min():.0%} of {class_names[int(shares.argmin())]}"
    )


def _shares(counts, axis):
    totals = counts.sum(axis=axis)
    return [f"{right / total:.0%}" if total else "–" for right, total in zip(np.diag(counts), totals)]


def _told(counts, class_names):
    listed = ", ".join(f"{actual} as {answered} {count}" for count, actual, answered in _pairs(counts, class_names)[:5])
    return f"{np.trace(counts)} of {counts.sum()} answers are right. Most frequent mistakes: {listed or 'none'}."


def _extremes(counts, class_names):
    found = ", ".join(f"{name} {share}" for name, share in zip(class_names, _shares(counts, 1)))
    return f"Found of each class: {found}."
