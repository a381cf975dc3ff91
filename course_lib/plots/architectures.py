"""What an architecture connects, what a filter finds, and how three networks stand the same trial."""

import numpy as np

from course_lib.plots.arrays import EXAMPLES
from course_lib.plots.style import (
    DATA,
    FAINT,
    INK,
    KERAS,
    NEUTRAL,
    OURS,
    SIGNED,
    WEIGHT,
    Figure,
    picture,
    write,
)
from course_lib.text.numbers import number

TAPS = (OURS, WEIGHT, KERAS)  # the weights that are shared, one colour each


@picture
def wiring(inputs=6, window=3):
    """Six inputs read by a dense layer, by one filter of a convolution, by one recurrent unit. A colour is a weight."""
    places = inputs - window + 1
    figure = Figure(
        f"{inputs * places} weights, or {window}, or 2: what is shared is what is taken for granted", height=3.5
    )
    across = np.arange(inputs, dtype=float)
    above = across[:places] + (window - 1) / 2
    panels = figure.subplots(1, 3)
    dense, convolution, recurrent = panels
    for axes, name, counted, taken in [
        (dense, "dense", f"{inputs * places} weights, each used once", "anything may matter\nto anything"),
        (
            convolution,
            "convolutional",
            f"{window} weights, used at {places} places",
            "neighbours belong together,\nalike at every place",
        ),
        (recurrent, "recurrent", f"2 weights, used at {inputs} steps", "one thing after the other,\nwith a memory"),
    ]:
        axes.set(xlim=(-0.6, inputs - 0.4), ylim=(-2.05, 3.15))
        axes.axis("off")
        write(axes, -0.5, 3.0, name, 11, bold=True, ha="left")
        write(axes, -0.5, 2.5, counted, 8.5, NEUTRAL, ha="left")
        write(axes, -0.5, -1.35, taken, 8.5, ha="left", va="center", linespacing=1.35)
        axes.plot(across, 0 * across, "s", markersize=11, color=DATA, zorder=4)
    write(dense, -0.5, -0.6, "inputs", 8, EXAMPLES, ha="left")
    for i in across:
        for j in above:
            dense.plot([i, j], [0, 1.8], color=NEUTRAL, linewidth=0.9, alpha=0.75)
    for j, place in enumerate(above):
        for tap, color in enumerate(TAPS[:window]):
            convolution.plot([j + tap, place], [0, 1.8], color=color, linewidth=2)
    for axes in (dense, convolution):
        axes.plot(above, 0 * above + 1.8, "o", markersize=12, color="white", markeredgecolor=INK, zorder=4)
    look = {"arrowstyle": "-|>", "linewidth": 2, "shrinkB": 6.5, "shrinkA": 6, "mutation_scale": 9}
    for step in across:
        recurrent.plot([step, step], [0, 1.8], color=OURS, linewidth=2)
        if step:
            recurrent.annotate("", (step, 1.8), (step - 1, 1.8), arrowprops={**look, "color": KERAS})
    shown = [INK if step == across[-1] else "#B9BDC2" for step in across]
    recurrent.scatter(across, 0 * across + 1.8, s=130, facecolors="white", edgecolors=shown, linewidths=1.2, zorder=4)
    return figure.describe(
        f"{inputs} inputs. Dense: {places} outputs, {inputs * places} lines, each with a weight of its own. "
        f"Convolutional: {places} outputs, each sees {window} neighbours, through the same {window} weights. "
        f"Recurrent: a state at each of {inputs} steps, from the input by one weight and from the state before by a "
        f"second; the last state is the output."
    )


@picture
def filtered(image, kernel, response):
    """A picture (h, w), a kernel (k, k), and the convolution's answer at each place (h − k + 1, w − k + 1)."""
    figure = Figure("Blue where ink begins, orange where it ends: the filter finds upright edges", height=2.9)
    panels = figure.subplots(1, 3, width_ratios=[image.shape[1], 5, response.shape[1] + 1])
    reach = np.abs(response).max()
    for axes, values, text, colors, low, high in [
        (panels[0], image, "the picture", None, 0, 1),
        (panels[1], kernel, "the filter", SIGNED, -1.6, 1.6),
        (panels[2], response, "its answer at each place", SIGNED, -reach, reach),
    ]:
        axes.imshow(values, cmap=colors, vmin=low, vmax=high)
        axes.set(xticks=[], yticks=[])
        axes.grid(False)
        axes.spines[:].set_visible(False)
        axes.set_title(text, color=INK)
    for (i, j), value in np.ndenumerate(kernel):
        write(panels[1], j, i, number(value), 10, INK)
    for i, j in (np.unravel_index(pick(response), response.shape) for pick in (np.argmax, np.argmin)):
        write(panels[2], j, i, number(response[i, j], 1), 8, "white", bold=True)
    return figure.describe(
        f"A digit of {image.shape[0]} by {image.shape[1]} pixels, a filter of {kernel.shape[0]} by {kernel.shape[1]} "
        f"numbers, and its answers at {response.size} places, from {number(response.min())} to "
        f"{number(response.max())}."
    )


@picture
def trials(table, title, chance):
    """How often several networks are right, a panel for each trial. The line across marks the first trial's share.

    table: {trial: {network: share right}}; chance: {trial: share that a guess gets right}.
    """
    first = next(iter(table.values()))
    networks = list(first)
    figure = Figure(title, height=1.25 + 0.36 * len(networks))
    grid = figure.subplots(1, len(table), sharey=True, squeeze=False)[0]
    rows = np.arange(len(networks))[::-1]
    for axes, (trial, shares) in zip(grid, table.items()):
        compared = shares is not first and chance[trial] == chance[next(iter(table))]
        for row, name in zip(rows, networks):
            share = shares[name]
            axes.barh(row, share, height=0.62, color=OURS, alpha=0.85, zorder=2)
            if compared:
                axes.plot([first[name]] * 2, [row - 0.38, row + 0.38], color=INK, linewidth=1.6, zorder=3)
            inside = share > 0.3
            where = {"ha": "right" if inside else "left", "color": "white" if inside else INK}
            write(axes, share + (-0.03 if inside else 0.03), row - 0.02, f"{share:.0%}", 9, bold=True, **where)
        axes.axvline(chance[trial], color=NEUTRAL, linewidth=1, linestyle=(0, (2, 2)), zorder=4)
        axes.set_title(trial, color=INK, linespacing=1.25)
        axes.set(xlim=(0, 1), ylim=(-0.75, len(networks) - 0.45), xticks=[0, 0.5, 1], xticklabels=["0", "50%", "100%"])
        axes.set_yticks(rows, networks, color=INK)
        axes.grid(axis="y", visible=False)
        axes.spines["left"].set_visible(False)
    write(grid[0], chance[next(iter(table))] + 0.02, -0.62, "a guess", 7.5, NEUTRAL, ha="left")
    told = "; ".join(
        f"{' '.join(trial.split())}: " + ", ".join(f"{name} {share:.0%}" for name, share in shares.items())
        for trial, shares in table.items()
    )
    return figure.describe(f"Right on unseen data. {told}.")


@picture
def neurons(kernels, title, shown=8, shape=(8, 8)):
    """The weights of the first neurons as pictures, a row for each network. kernels: {name: (pixels, units)}."""
    figure = Figure(title, height=0.75 + 1.05 * len(kernels))
    grid = figure.subplots(len(kernels), shown, squeeze=False)
    told = []
    for row, (name, kernel) in zip(grid, kernels.items()):
        reach = np.abs(kernel).max()
        for k, axes in enumerate(row):
            axes.imshow(kernel[:, k].reshape(shape), cmap=SIGNED, vmin=-reach, vmax=reach)
            axes.set(xticks=[], yticks=[])
            axes.grid(False)
            axes.spines[:].set(visible=True, color=FAINT)
        row[0].set_title(name, color=INK)
        different = len(np.unique(kernel.round(6), axis=1).T)
        told.append(f"{name}: {different} different among {kernel.shape[1]} neurons")
    return figure.describe(f"Weights of the first {shown} neurons as pictures. {'; '.join(told)}.")
