"""A classifier's answer as bars, and the words that made it."""

import numpy as np

from course_lib.plots.style import DATA, INK, NEGATIVE, NEUTRAL, OURS, POSITIVE, Figure, picture


@picture
def probabilities(probabilities, class_names, words=(), pushes=(), without=()):
    """Horizontal bars of class probabilities; beside them how much each word pushed the winning class.

    probabilities: (c,). words: the k words that were counted; pushes: (k,) by how much the winner's log-odds fall when
    the word is left out; without: (k,) the winner's probability without it.
    """
    p = np.asarray(probabilities, dtype=float)
    best = int(p.argmax())
    order = np.argsort(-np.abs(pushes), kind="stable")[:8] if len(pushes) else []
    title = f"{p[best]:.0%} {class_names[best]}"
    if len(order):
        title += f": mostly because of “{words[order[0]]}”" if pushes[order[0]] > 0 else f", in spite of “{words[order[0]]}”"
    figure = Figure(title, height=3.5)
    left, right = figure.subplots(1, 2, width_ratios=[1, 1.05]) if len(order) else (figure.subplots(), None)

    rows = np.arange(len(p))
    left.barh(rows, p, color=[OURS if i == best else DATA for i in rows], alpha=1, height=0.62)
    for i in rows:
        left.text(p[i] + 0.02, i, f"{p[i]:.0%}", va="center", fontsize=9, color=INK if i == best else NEUTRAL)
    left.set(yticks=rows, yticklabels=class_names, xlim=(0, 1.15), xticks=[], ylim=(len(p) - 0.4, -0.6))
    left.set_title("how probable each class is")
    _plain(left)

    told = ""
    if len(order):
        values, rows = np.asarray(pushes, dtype=float)[order], np.arange(len(order))
        reach = max(1e-9, np.abs(values).max())
        right.barh(rows, values, color=[POSITIVE if v > 0 else NEGATIVE for v in values], height=0.62)
        for i, v in enumerate(values):
            text = f"{np.asarray(without)[order][i]:.0%} without" if len(without) else f"{v:+.1f}".replace("-", "−")
            right.text(max(v, 0) + 0.04 * reach, i, text, va="center", fontsize=8.5, color=NEUTRAL)
        right.plot([0, 0], [-0.5, len(order) - 0.5], color=NEUTRAL, linewidth=0.8)
        right.set(yticks=rows, yticklabels=[words[k] for k in order], xticks=[], ylim=(max(len(order), len(p)) - 0.4, -0.6))
        right.set_xlim(min(values.min(), 0) * 1.05 - 0.02 * reach, max(values.max(), 0.25 * reach) * 1.05 + 0.7 * reach)
        right.set_title(f"how each word pushes {class_names[best]}")
        _plain(right)
        told = f" Words, strongest first, with the probability of {class_names[best]} without them: " + ", ".join(
            f"{words[k]}" + (f" {without[k]:.0%}" if len(without) else f" {pushes[k]:+.1f}") for k in order
        ) + "."
    ranked = np.argsort(-p, kind="stable")[:3]
    return figure.describe("Probabilities: " + ", ".join(f"{class_names[i]} {p[i]:.0%}" for i in ranked) + "." + told)


def _plain(axes):
    axes.grid(False)
    axes.spines[:].set_visible(False)
    axes.tick_params(axis="y", labelcolor=INK, labelsize=9.5)
