"""Losses: over the probability of the right class, over its score, under a temperature, and on a training curve."""

import numpy as np

from course_lib.plots.style import (
    DATA,
    INK,
    LOSS,
    NEGATIVE,
    NEUTRAL,
    OURS,
    Figure,
    picture,
    ticks_inside,
    write,
)
from course_lib.text.numbers import number, percentage, probability

TOP = 10.0  # of the axis of a loss; what lies above it is marked by an arrow at the edge


@picture
def loss_over_probability(answers):
    """−ln p and (1 − p)² over the probability p of the right class, and what each answer pays.

    answers: {who: p}; None stands for no answer, and is left out.
    """
    answers = {who: float(p) for who, p in answers.items() if p is not None}
    for who, p in answers.items():
        if not 0 <= p <= 1:
            raise ValueError(f"{who} gave the right class {p:g}; a probability lies between 0 and 1.")
    figure = Figure("Squared error ends at 1; cross-entropy has no upper end", width=7.0, height=4.4)
    axes = figure.subplots()
    p = np.concatenate([np.geomspace(np.exp(-TOP), 0.02, 60), np.linspace(0.021, 1, 100)])
    axes.plot(p, -np.log(p), color=LOSS)
    axes.plot(p, (1 - p) ** 2, color=NEUTRAL, linestyle=(0, (3, 1.6)))
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.15, 1.08 * TOP), xlabel="probability that was given to the right class")
    axes.set(ylabel="loss of one example", xticks=np.arange(6) / 5, yticks=np.arange(0, TOP + 1, 2))
    write(axes, 0.55, -np.log(0.55) + 0.3, "cross-entropy, −ln p", 9.5, LOSS, bold=True, ha="left", va="bottom")
    write(axes, 0.012, 0.02, "squared error, (1 − p)²", 8.5, NEUTRAL, ha="left", va="bottom")
    height = 0.0
    for who, p in sorted(answers.items(), key=lambda answer: -answer[1]):
        loss, near = surprise(p), p < 0.45
        y = min(loss, TOP)
        height = max(y + 0.3, height + 0.8, 1.8)  # each label above its point, above the one before it
        above = y < loss
        axes.plot([p], [(1 - p) ** 2], marker="o", markersize=5, color=NEUTRAL, markeredgecolor="white", zorder=4)
        axes.plot([p], [y], marker="^" if above else "o", markersize=8, color=LOSS, markeredgecolor="white", zorder=4)
        at = max(p, 0.02) + 0.04 if near else p
        axes.plot([p, at - 0.006 if near else p], [y, height], color=NEUTRAL, linewidth=0.8)
        text = f"{who}: p = {probability(p)}, loss {number(loss, 3) if np.isfinite(loss) else '∞'}"
        write(axes, at, height, text, 9.5, INK, ha="left" if near else "right", va="center" if near else "bottom")
    paid = "; ".join(
        f"{who} gave it {probability(p)}, cross-entropy {number(surprise(p), 3) if p > 0 else 'infinite'}, "
        f"squared error {number((1 - p) ** 2, 3)}"
        for who, p in answers.items()
    )
    return figure.describe(
        f"Loss over the probability p of the right class. Both are 0 at p = 1; at p = 0 squared error is 1, and "
        f"cross-entropy climbs without end. {paid}."
    )


def surprise(p):
    """−ln p, infinite at 0."""
    with np.errstate(divide="ignore"):
        return float(-np.log(p))


@picture
def over_score(score, losses, slopes, title):
    """Losses over the score of the right answer, and beside them their slopes, in the same colours.

    score: (n,), rising. losses, slopes: {name: (n,)}, at most three.
    """
    looks = [
        {"color": LOSS},
        {"color": INK, "linestyle": (0, (3, 1.6)), "linewidth": 1.8},
        {"color": OURS, "linestyle": (0, (1, 1.2)), "linewidth": 2.0},
    ]
    figure = Figure(title, width=7.0, height=3.3)
    left, right = figure.subplots(1, 2)
    top = max(curve.max() for curve in losses.values())
    for (name, curve), look in zip(losses.items(), looks):
        left.plot(score, curve, **look)
        right.plot(score, slopes[name], **look)
    # Each name stands over its curve: the steepest at the end of the curve, a flat one further in.
    for k, ((name, curve), look) in enumerate(sorted(zip(losses.items(), looks), key=lambda one: one[0][1][0])):
        highest = k == len(losses) - 1
        at, dx, dy = (int(0.14 * len(score)), 0.03, 0) if highest else (0, 0.012, 0.02)
        x, y = score[at] + dx * np.ptp(score), curve[at] + dy * top
        write(left, x, y, name, 9, look["color"], bold=True, ha="left", va="bottom")
    for axes, label in [(left, "loss"), (right, "slope of the loss")]:
        axes.set(title=label, xlim=(score[0], score[-1]), xlabel="score z      ← sure and wrong   ·   sure and right →")
        axes.xaxis.label.set_fontsize(8.5)
    left.set_ylim(-0.03 * top, 1.08 * top)
    right.set_ylim(-1.08, 0.08)
    ticks_inside(left)
    told = "; ".join(
        f"{name}: loss {number(curve[0], 3)} and slope {number(slopes[name][0], 3)} at z = {number(score[0])}, "
        f"loss {number(curve[-1], 3)} at z = {number(score[-1])}"
        for name, curve in losses.items()
    )
    return figure.describe(f"Loss and its slope over the score z of the right answer. {told}.")


@picture
def softmax_dial(scores, probabilities, class_names, right, temperature):
    """Scores and their softmax as bars, and the loss of the right class on the curve of −ln p.

    scores, probabilities: (c,); right: the index of the right class.
    """
    p, rows = np.asarray(probabilities, float), np.arange(len(probabilities))
    loss, best = surprise(p[right]), int(p.argmax())
    figure = Figure(
        f"At temperature {number(temperature)} the right class, {class_names[right]}, gets {percentage(p[right])}: "
        f"loss {number(loss)}",
        width=7.2,
        height=3.9,
    )
    bars, curve = figure.subplots(1, 2, width_ratios=[1.2, 1])
    bars.barh(rows, p, color=[LOSS if i == right else DATA for i in rows], height=0.62)
    for i in rows:
        write(bars, -0.04, i, f"{number(scores[i])}", 8.5, NEUTRAL, ha="right")
        write(bars, p[i] + 0.02, i, percentage(p[i]), 9, INK if i in (right, best) else NEUTRAL, ha="left")
    bars.set(title="score, and its probability", yticks=rows, yticklabels=class_names)
    bars.set(xticks=[], xlim=(-0.26, 1.22), ylim=(len(p) - 0.4, -0.6))
    bars.grid(False)
    bars.spines[:].set_visible(False)
    bars.tick_params(axis="y", labelcolor=INK, labelsize=9.5)
    grid = np.concatenate([np.geomspace(np.exp(-TOP), 0.02, 60), np.linspace(0.021, 1, 100)])
    curve.plot(grid, -np.log(grid), color=LOSS)
    nothing = np.log(len(p))
    curve.axhline(nothing, color=NEUTRAL, linewidth=1.2, linestyle=(0, (3, 2)))
    words = f"knows nothing: ln {len(p)} = {number(nothing)}"
    # Under its line while the point lies higher, above it once the point and its label have come down.
    low = p[right] > 0.195
    write(curve, 1, nothing + (0.1 if low else -0.42), words, 8.5, NEUTRAL, ha="right", va="bottom" if low else "top")
    y = min(loss, TOP)
    curve.plot([p[right]], [y], marker="^" if loss > TOP else "o", markersize=9, color=LOSS, markeredgecolor="white")
    side = {"x": p[right] + 0.06, "ha": "left"} if p[right] < 0.5 else {"x": p[right] + 0.02, "ha": "right"}
    write(
        curve,
        y=y + (0.25 if p[right] < 0.5 else 0.8),
        text=f"{class_names[right]}: {number(loss)}",
        size=9.5,
        bold=True,
        va="bottom",
        **side,
    )
    curve.set(
        title="its loss, −ln p", xlim=(-0.03, 1.03), ylim=(-0.2, 1.08 * TOP), xlabel="probability of the right class"
    )
    curve.set(xticks=[0, 0.5, 1], yticks=np.arange(0, TOP + 1, 2))
    order = np.argsort(-p, kind="stable")[:3]
    ranked = ", ".join(f"{class_names[i]} {percentage(p[i])}" for i in order)
    return figure.describe(
        f"Softmax of {len(p)} scores at temperature {number(temperature)}: {ranked}. The right class, "
        f"{class_names[right]}, has score {number(scores[right])} and gets {percentage(p[right])}: its loss is "
        f"{number(loss)}; one who knows nothing has {number(nothing)}."
    )


@picture
def bug_on_curve(histories, title, levels=()):
    """Training loss and accuracy of a right run and of a broken one, by epochs.

    histories: {name: history}, the right one first. levels: pairs (loss, words), lines across the panel of the loss.
    """
    figure = Figure(title, width=7.2, height=3.6)
    panels = figure.subplots(1, 2)
    for axes, key in zip(panels, ("loss", "accuracy")):
        ends = {name: history[key][-1] for name, history in histories.items()}
        high = max(max(history[key]) for history in histories.values())
        for color, (name, history) in zip((OURS, NEGATIVE), histories.items()):
            epochs = np.arange(1, len(history[key]) + 1)
            axes.plot(epochs, history[key], color=color, linestyle="-" if color == OURS else (0, (4, 1.4)))
            under = key == "accuracy" and ends[name] == min(ends.values())
            late = history[key][len(epochs) // 2 :]  # the label stands over, or under, this part of the line
            y = min(late) - 0.03 if under else max(late) + 0.02 * high
            text, va = f"{name}: {_value(key, ends[name])}", "top" if under else "bottom"
            write(axes, epochs[-1], y, text, 9.5, color, bold=True, ha="right", va=va)
        for level, words in levels if key == "loss" else ():
            axes.axhline(level, color=NEUTRAL, linewidth=1.2, linestyle=(0, (1, 1.6)))
            write(axes, epochs[-1], level - 0.02 * high, words, 8.5, NEUTRAL, ha="right", va="top")
        axes.set_title(f"{key} on the training data", color=INK, fontweight="bold")
        axes.set(xlabel="epoch", xlim=(0.7, epochs[-1] + 0.2), xticks=[1, *range(4, epochs[-1] + 1, 4)])
        axes.set_ylim(0, 1.08 * high if key == "loss" else 1.12)
        ticks_inside(axes)
    told = "; ".join(
        f"{name}: loss {number(history['loss'][0])} to {number(history['loss'][-1])}, "
        f"accuracy {history['accuracy'][0]:.0%} to {history['accuracy'][-1]:.0%}"
        for name, history in histories.items()
    )
    lines = "".join(f" A line at {number(level, 3)}: {words.split(':')[0]}." for level, words in levels)
    return figure.describe(f"{len(epochs)} epochs. {told}.{lines}")


def _value(key, value):
    return number(value) if key == "loss" else f"{value:.0%}"
