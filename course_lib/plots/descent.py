"""Gradient descent on all examples: rates on one weight, paths on surfaces, the stopping rule, and broken loops."""

import numpy as np

from course_lib.plots.landscape import LABELLED, draw_path, height_map
from course_lib.plots.style import (
    GRADIENT,
    INK,
    KERAS,
    LOSS,
    NEUTRAL,
    OURS,
    WEIGHT,
    Figure,
    picture,
    ticks_inside,
    write,
)
from course_lib.text.numbers import number
from course_lib.text.words import counted

WAYS = (OURS, KERAS, WEIGHT, GRADIENT)  # of several paths on one map


@picture
def tipping(loss, curvature, minimum, paths):
    """Descent on a loss of one weight that is curved alike everywhere, a panel for each rate. paths: {rate: Path}."""
    tip = 2 / curvature
    figure = Figure(f"Above the rate {number(tip, 3)} = 2 / {number(curvature)} each step lands higher", height=4.4)
    grid = figure.subplots(2, -(-len(paths) // 2), sharex=True, sharey=True, squeeze=False)
    reach = 1.5 * abs(next(iter(paths.values())).points[0].item() - minimum)
    w = np.linspace(minimum - reach, minimum + reach, 121)
    told = []
    for axes, (rate, path) in zip(grid.flat, paths.items()):
        points, factor = path.points.ravel(), 1 - rate * curvature
        color = KERAS if abs(factor) > 1 else INK if abs(factor) == 1 else OURS
        axes.plot(w, loss(w), color=LOSS, linewidth=1.6)
        axes.plot(points, loss(points), color=color, linewidth=1.2, marker="o", markersize=4.5, zorder=4)
        axes.plot(points[0], loss(points[0]), "o", color="white", markeredgecolor=INK, markersize=7, zorder=6)
        axes.set_title(f"rate {number(rate, 3)}\nfactor {number(factor)}", color=color, fontweight="bold")
        axes.set(xlim=(w[0], w[-1]), ylim=(-0.04 * loss(w[0]), loss(w[0])))
        told.append(f"rate {number(rate, 3)}: to {number(points[-1])} in {counted(path.steps, 'step')}")
    ticks_inside(grid[0, 0])
    for axes in grid[-1]:
        axes.set_xlabel("w")
    for axes in grid[:, 0]:
        axes.set_ylabel("loss")
    return figure.describe(
        f"Steps on a parabola from {number(points[0])}, its lowest point at {number(minimum)}. {'; '.join(told)}."
    )


@picture
def shrinkage(curvatures, measured):
    """By what each step multiplies the distance, over the rate: |1 − rate · curvature|, a line for each curvature.

    measured: {rate: by how much the last steps of a descent changed the distance}, drawn as dots.
    """
    low, high = min(curvatures), max(curvatures)
    tip, best = 2 / high, 2 / (low + high)
    figure = Figure("The steepest direction limits the rate, the flattest waits", height=3.7)
    axes = figure.subplots()
    rates = np.linspace(0, 1.25 * tip, 251)
    axes.axhspan(1, 1.6, color="#FBEDE3", zorder=0)
    for curvature, color in ((high, GRADIENT), (low, OURS)):
        axes.plot(rates, np.abs(1 - rates * curvature), color=color, linewidth=1.8)
    at = 0.4 * tip
    write(axes, 0.62 * tip, 0.1, f"steep: curvature {number(high)}", 9, GRADIENT, True, ha="left")
    write(axes, at, abs(1 - at * low) - 0.05, f"flat: curvature {number(low)}", 9, OURS, True, va="top")
    axes.plot(list(measured), list(measured.values()), "o", color=INK, markersize=5, zorder=6)
    axes.axvline(tip, color=NEUTRAL, linewidth=1.2, linestyle=(0, (3, 2)))
    write(axes, 0.98 * tip, 1.4, f"2 / {number(high)} = {number(tip, 3)}", 9, NEUTRAL, ha="right")
    write(axes, 0.03 * tip, 1.3, "above 1: each step lands farther away", 9, KERAS, ha="left")
    axes.set(xlim=(0, rates[-1]), ylim=(0, 1.6), xlabel="learning rate", ylabel="factor on the distance, a step")
    axes.set_yticks([0.5, 1, 1.5])
    ticks_inside(axes)
    told = ", ".join(f"{number(rate, 3)}: {number(factor, 3)}" for rate, factor in measured.items())
    return figure.describe(
        f"Factor on the distance to the minimum per step, by rate, for curvatures {number(low)} and {number(high)}. "
        f"Measured on descents: {told}. Best is {number(best, 3)}; above {number(tip, 3)} the steep one exceeds 1."
    )


@picture
def descents(panels, title, names=("slope", "intercept"), to_scale=False):
    """Paths on maps, a panel each. panels: {heading: (surface, paths)}; every path has its start as a ring.

    to_scale: both axes of a map have one scale, so that a round surface looks round. Bounds that are as high as wide,
    or higher, become wider.
    """
    figure = Figure(title, height=3.7)
    grid = figure.subplots(1, len(panels), squeeze=False)[0]
    told = []
    for axes, (heading, (surface, paths)) in zip(grid, panels.items()):
        labelled = LABELLED if axes is grid[-1] and len(panels) < 3 else ()
        left, right, bottom, top = surface.bounds
        if to_scale:
            middle, half = (left + right) / 2, 0.58 * (top - bottom)
            left, right = middle - half, middle + half
            axes.set_aspect("equal")
        height_map(axes, surface, labelled=labelled, bounds=(left, right, bottom, top))
        for path, color in zip(paths, WAYS):
            draw_path(axes, path, color)
            if len(panels) == 1:
                text = f"loss {number(surface(path.end))}"
                ahead = 0.12 * np.sign(path.end[1] - path.points[0, 1])
                write(axes, *path.end + (0.06, ahead), text, 9, color, bold=True, ha="left")
            told.append(
                f"{heading}{': ' * bool(heading)}from ({_point(path.points[0])}) {counted(path.steps, 'step')} "
                f"to ({_point(path.end)}), {path.ended}"
            )
        axes.set_title(heading, color=INK, fontweight="bold", linespacing=1.4)
        axes.set_xlabel(names[0])
        axes.tick_params(axis="x", pad=8)
        ticks_inside(axes)
    grid[0].set_ylabel(names[1])
    said = "; ".join(told).replace("\n", ", ")
    return figure.describe(f"Paths of descent. {said}.")


def _point(point):
    return ", ".join(f"{v:.2g}" if abs(v) >= 100 else number(v) for v in point)


@picture
def endings(path, tolerance, loss):
    """Loss and length of the gradient over the steps of one path, and where patience would have ended it."""
    losses, lengths = loss(path.points), path.lengths
    short = np.flatnonzero(lengths <= tolerance)
    first = int(short[0])
    figure = Figure(f"A short gradient is no minimum: at step {first} the loss is {number(losses[first])}")
    above, below = figure.subplots(2, 1, sharex=True)
    above.plot(losses, color=LOSS)
    above.plot(first, losses[first], "o", color=INK, markersize=6, zorder=6)
    above.set(ylabel="loss", ylim=(0, None))
    ticks_inside(above)
    below.plot(lengths, color=GRADIENT)
    below.axhline(tolerance, color=NEUTRAL, linewidth=1.2, linestyle=(0, (3, 2)))
    inside = short[short < len(lengths) // 2]
    below.plot(inside, lengths[inside], "o", color=INK, markersize=4, zorder=6)
    below.set(yscale="log", xlabel="step", ylabel="gradient", xlim=(0, path.steps))
    write(below, path.steps, tolerance * 1.3, f"tolerance {tolerance:g}", 9, NEUTRAL, ha="right", va="bottom")
    below.set(yticks=[0.001, 0.01, 0.1, 1], yticklabels=["0.001", "0.01", "0.1", "1"])
    below.minorticks_off()
    return figure.describe(
        f"{counted(path.steps, 'step')}. From step {first} on, {len(inside)} gradients in a row are no longer than "
        f"{tolerance:g}, at a loss of {losses[first]:.2f}; then they grow again, and the loss falls to "
        f"{losses[-1]:.2f}."
    )


@picture
def symptoms(curves, title, right=None):
    """Losses over the steps, a panel for each loop; the curve of the right one stands behind the others."""
    figure = Figure(title, height=3.2)
    grid = figure.subplots(1, len(curves), sharex=True, sharey=True)
    top = 2.2 * max(losses[0] for losses in curves.values())
    told = []
    for axes, (name, losses) in zip(grid, curves.items()):
        if right is not None:
            axes.plot(right, color=NEUTRAL, linewidth=5, alpha=0.25)
        out = next((k for k, value in enumerate(losses) if not value <= top), None)
        axes.plot(losses[: out + 1] if out else losses, color=LOSS, linewidth=1.8)
        axes.set_title(name, color=INK, fontweight="bold", linespacing=1.4)
        axes.set(xlim=(0, len(losses) - 1), ylim=(0, top), xlabel="step")
        after = min(5, len(losses) - 1)
        early = f"after {counted(after, 'step')} {losses[after]:.3g}"
        told.append(f"{name}: {losses[0]:.2f}, {early}, at the end {losses[-1]:.3g}")
    grid[0].set_ylabel("loss")
    grid[0].tick_params(axis="y", pad=5)
    ticks_inside(grid[0])
    return figure.describe(f"Losses of {counted(len(curves), 'loop')}. {'; '.join(told).replace(chr(10), ' ')}.")


@picture
def edge(losses, steps, curvatures, rate):
    """The loss of a training at one rate; below it the largest curvature on the way, and the most the rate bears."""
    bound = 2 / rate
    above_it = next((step for step, curvature in zip(steps, curvatures) if curvature > bound), None)
    climbs = int(np.flatnonzero(np.diff(losses) > 0)[0]) + 1 if (np.diff(losses) > 0).any() else None
    if above_it is None or climbs is None:
        title = f"At rate {rate:g} the curvature stays below {bound:g}"
    else:
        title = f"The curvature passes 2 / rate = {bound:g}; some steps later the loss climbs"
    figure = Figure(title, height=4.0)
    above, below = figure.subplots(2, 1, sharex=True)
    above.plot(losses, color=LOSS, marker="o", markersize=3)
    above.set(ylabel="loss", ylim=(0, None))
    below.plot(steps, curvatures, color=GRADIENT, marker="o", markersize=5)
    below.axhline(bound, color=KERAS, linewidth=1.4, linestyle=(0, (3, 2)))
    write(below, 0.3, bound, f"2 / rate = {bound:g}", 9, KERAS, ha="left", va="bottom")
    below.set(ylabel="largest curvature", xlabel="step", ylim=(0, None), xlim=(0, len(losses) - 1))
    below.tick_params(axis="x", pad=8)
    for axes in (above, below):
        ticks_inside(axes)
    told = ", ".join(f"{step}: {curvature:.1f}" for step, curvature in zip(steps, curvatures))
    first = "never climbs" if climbs is None else f"climbs for the first time at step {climbs}"
    return figure.describe(
        f"At rate {rate:g} the loss goes from {losses[0]:.2f} to {losses[-1]:.2f} and {first}. "
        f"Largest curvature by step: {told}; the rate bears {bound:g}."
    )


@picture
def descent(surface, path, rate, tolerance, budget):
    """The widget at rest: the path on its map, and losses and gradients over the steps."""
    losses = surface(path.points)
    ended = f"{path.ended} after {counted(path.steps, 'step')}"
    figure = Figure(f"At rate {number(rate, 3)}: {ended}, at a loss of {losses[-1]:.3f}")
    grid = figure.add_gridspec(2, 2)
    surroundings = figure.add_subplot(grid[:, 0])
    height_map(surroundings, surface)
    draw_path(surroundings, path, OURS)
    surroundings.plot(*path.end, "o", color=OURS, markeredgecolor="white", markersize=7, zorder=7)
    surroundings.set(xlabel="slope", ylabel="intercept, in tens", xticks=[0, 0.5, 1, 1.5], yticks=range(-1, 3))
    above, below = figure.add_subplot(grid[0, 1]), figure.add_subplot(grid[1, 1])
    above.plot(losses, color=LOSS)
    above.axhline(surface(surface.minimum), color=NEUTRAL, linewidth=1.2, linestyle=(0, (3, 2)))
    above.set(yscale="log", ylim=(0.04, 2), yticks=[0.1, 1], yticklabels=["0.1", "1"], xlim=(0, budget))
    above.set_title("loss")
    above.tick_params(labelbottom=False)
    below.plot(path.lengths, color=GRADIENT)
    below.axhline(tolerance, color=NEUTRAL, linewidth=1.2, linestyle=(0, (3, 2)))
    below.set(yscale="log", xlabel="steps, up to the budget", xlim=(0, budget), yticks=[0.01, 0.1, 1])
    below.set(yticklabels=["0.01", "0.1", "1"])
    below.set_title(f"length of the gradient; tolerance {tolerance:g}")
    for axes in (above, below):
        axes.minorticks_off()
    return figure.describe(
        f"From ({_point(path.points[0])}) at rate {rate:g}: {ended}, where the gradient "
        f"is {path.lengths[-1]:.3f} long and the loss {losses[-1]:.3f}; the lowest possible is "
        f"{surface(surface.minimum):.3f}."
    )
