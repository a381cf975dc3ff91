"""Curves: activations side by side, and the course of training on two engines."""

import numpy as np

from course_lib import activations as functions
from course_lib.plots.style import INK, KERAS, NEUTRAL, OURS, Figure, picture
from course_lib.text.numbers import number
from course_lib.text.words import counted, listed, plural


@picture
def activations(names=("relu", "gelu", "sigmoid", "tanh"), reach=4):
    """Activations as small multiples on one scale, from −reach to reach."""
    names = [functions.get(name).name for name in names]
    z = np.linspace(-reach, reach, 161)
    curves = {name: functions.get(name)(z) for name in names}
    flat = [name for name in names if np.abs(np.diff(functions.get(name)(np.array([8.0, 9.0])))).item() < 0.01]
    growing = [name for name in names if name not in flat]

    columns = min(4, len(names))
    rows = -(-len(names) // columns)
    figure = Figure(_finding(flat, growing), height=0.9 + 1.75 * rows)
    grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    for spare in grid.flat[len(names) :]:
        spare.remove()
    for k, (axes, (name, y)) in enumerate(zip(grid.flat, curves.items())):
        axes.axhline(0, color=NEUTRAL, linewidth=0.8)
        axes.axvline(0, color=NEUTRAL, linewidth=0.8)
        axes.plot(z, np.where((y > 3.2) | (y < -1.5), np.nan, y), color=OURS, clip_on=False)
        axes.set_title(name, color=INK, fontweight="bold")
        axes.set(xlim=(-reach, reach), ylim=(-1.5, 3.2), xticks=[-3, 0, 3], yticks=[-1, 0, 1, 2, 3])
        axes.spines[:].set_visible(False)
        if k + columns >= len(names):  # nothing stands below it
            axes.set_xlabel("sum z")
            axes.tick_params(labelbottom=True)
    grid[0, 0].set_ylabel("f(z)")
    values = "; ".join(
        f"{name}: " + ", ".join(number(v, 3) for v in functions.get(name)(np.array([-3.0, 0.0, 3.0]))) for name in names
    )
    return figure.describe(f"{_finding(flat, growing)}. Values at z = −3, 0 and 3: {values}.")


def _finding(flat, growing):
    parts = []
    if growing:
        parts.append(f"{listed(growing)} {plural(len(growing), 'keeps', 'keep')} growing")
    if flat:
        parts.append(f"{listed(flat)} {plural(len(flat), 'flattens', 'flatten')} out")
    return "; ".join(parts)


@picture
def training_curves(histories, tolerance=1e-4):
    """Loss and accuracy over the epochs for two (or more) runs that should agree, on top of each other.

    histories: {"course_lib": history, "Keras": history}; a history is `fit(...).history`, {"loss": [...], ...}.
    The first run is drawn broad and pale, the second thin and dashed upon it, so that one sees both where they agree.
    The title says whether all their numbers lie within `tolerance`; the exact difference depends on the machine.
    """
    names = list(histories)
    shared = [key for key in histories[names[0]] if all(key in history for history in histories.values())]
    first = histories[names[0]]
    gaps = [np.abs(np.subtract(histories[name][key], first[key])).max() for name in names[1:] for key in shared]
    gap = max(gaps, default=0.0)
    if len(names) == 1:
        title = f"{counted(len(first[shared[0]]), 'epoch')} on {names[0]}"
    elif gap <= tolerance:
        title = f"{'Two' if len(names) == 2 else len(names)} engines, one curve: less than {tolerance:g} apart"
    else:
        title = f"The curves differ by up to {gap:.2g}"

    figure = Figure(title)
    panels = sorted((key for key in shared if not key.startswith("val_")), key=lambda key: key != "loss")
    grid = figure.subplots(1, len(panels), squeeze=False)[0]
    looks = [
        {"color": OURS, "linewidth": 6, "alpha": 0.4},
        {"color": KERAS, "linewidth": 1.8, "linestyle": (0, (3, 2.2))},
        {"color": NEUTRAL, "linewidth": 1.8, "linestyle": (0, (1, 1.5))},
    ]
    for axes, key in zip(grid, panels):
        epochs = np.arange(1, len(first[key]) + 1)
        for name, look in zip(names, looks):
            axes.plot(epochs, histories[name][key], label=name, **look)
            if "val_" + key in shared:
                axes.plot(epochs, histories[name]["val_" + key], **look)
        axes.set_title(key, color=INK, fontweight="bold")
        axes.set(xlabel="epoch", xlim=(1, len(epochs) + 0.15), xticks=_ticks(len(epochs)))
        low, high = axes.get_ylim()
        low = 0 if key == "loss" else low
        axes.set_ylim(low, high + 0.07 * (high - low))
        if "val_" + key in shared:
            seen, unseen = first[key], first["val_" + key]
            close = abs(seen[-1] - unseen[-1]) < 0.15 * (high - low)
            for text, curve, other in [("on training data", seen, unseen), ("on unseen data", unseen, seen)]:
                below = close and curve[-1] < other[-1]
                axes.annotate(
                    text,
                    (epochs[-1], curve[-1]),
                    xytext=(0, -6 if below else 6),
                    textcoords="offset points",
                    ha="right",
                    va="top" if below else "bottom",
                    fontsize=8.5,
                    color=NEUTRAL,
                )
    if len(names) > 1:  # the lines lie on one another: here a key is needed
        grid[-1].legend(
            loc="lower right",
            bbox_to_anchor=(1.01, 1),
            ncols=len(names),
            fontsize=9,
            handlelength=2.2,
            handletextpad=0.5,
            columnspacing=1.2,
            borderaxespad=0.15,
        )
    ends = ", ".join(f"{key} {first[key][0]:.2f} to {first[key][-1]:.2f}" for key in shared)
    apart = f"less than {tolerance:g}" if gap <= tolerance else f"up to {gap:.2g}"
    rest = f" {listed(names)} differ by {apart} at every epoch." if len(names) > 1 else ""
    return figure.describe(f"{counted(len(first[panels[0]]), 'epoch')} on {names[0]}: {ends}.{rest}")


def _ticks(epochs):
    step = max(1, -(-epochs // 10))
    return [1, *range(1 + step, epochs + 1, step)] if step == 1 else [1, *range(step, epochs + 1, step)]
