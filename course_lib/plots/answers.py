"""A classifier's answer as bars, and the words that made it."""

import numpy as np

from course_lib.plots.style import DATA, INK, NEGATIVE, NEUTRAL, OURS, POSITIVE, Figure, picture, write

MOST = 8  # words that are shown


@picture
def probabilities(probabilities, class_names, words=(), pushes=(), without=()):
    """Bars of class probabilities; beside them what each word does for the winning class.

    probabilities: (c,). words: the k words that were counted; pushes: (k,) by how much the winner's log-odds fall when
    the word is left out; without: (k,) the winner's probability then.
    """
    p, pushes = np.asarray(probabilities, dtype=float), np.asarray(pushes, dtype=float)
    best, order = int(p.argmax()), np.argsort(-np.abs(pushes), kind="stable")[:MOST]
    title = f"{p[best]:.0%} {class_names[best]}"
    if len(order):
        reason = ": mostly because of" if pushes[order[0]] > 0 else ", in spite of"
        title += f"{reason} “{words[order[0]]}”"
    figure = Figure(title, height=3.5)
    left, right = figure.subplots(1, 2, width_ratios=[1, 1.05])

    rows = np.arange(len(p))
    left.barh(rows, p, color=[OURS if i == best else DATA for i in rows], height=0.62)
    for i in rows:
        write(left, p[i] + 0.02, i, f"{p[i]:.0%}", color=INK if i == best else NEUTRAL, ha="left")
    left.set(title="how probable each class is", yticks=rows, yticklabels=class_names, xlim=(0, 1.15))

    shown, reach = pushes[order], np.abs(pushes).max(initial=1e-9)
    right.barh(np.arange(len(order)), shown, color=[POSITIVE if v > 0 else NEGATIVE for v in shown], height=0.62)
    for row, k in enumerate(order):
        write(right, max(pushes[k], 0) + 0.04 * reach, row, f"{without[k]:.0%} without", 8.5, NEUTRAL, ha="left")
    if len(order):
        right.plot([0, 0], [-0.5, len(order) - 0.5], color=NEUTRAL, linewidth=0.8)
    right.set(title=f"what each word does for {class_names[best]}" if len(order) else "no word that the model knows")
    right.set(yticks=np.arange(len(order)), yticklabels=[words[k] for k in order])
    right.set_xlim(shown.min(initial=0) - 0.05 * reach, shown.max(initial=0.25 * reach) + 0.75 * reach)

    for axes in (left, right):
        axes.set(xticks=[], ylim=(max(len(p), MOST) - 0.4, -0.6))
        axes.grid(False)
        axes.spines[:].set_visible(False)
        axes.tick_params(axis="y", labelcolor=INK, labelsize=9.5)

    ranked = ", ".join(f"{class_names[i]} {p[i]:.0%}" for i in np.argsort(-p, kind="stable")[:3])
    told = ", ".join(f"{words[k]} {without[k]:.0%}" for k in order) or "none"
    return figure.describe(
        f"Probabilities: {ranked}. Words that the model knows, strongest first, with the probability of "
        f"{class_names[best]} without them: {told}."
    )
