"""Batches and noise: paths on the surface of a line through data, gradients of batches, and what a target costs."""

import numpy as np

from course_lib.plots.landscape import LABELLED, LEVELS, draw_path, height_map
from course_lib.plots.style import (
    DATA,
    GRADIENT,
    INK,
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

ONE, SOME, ALL = GRADIENT, OURS, INK  # of a step along one example, along some, along all
BETWEEN = {1: ONE, 4: "#56B4E9", 32: SOME, 256: "#12395B", 4000: ALL}  # batch sizes of the race


def _map(axes, surface, labels=True):
    """Contours of the loss over slope and intercept, with a cross at the lowest point."""
    height_map(axes, surface, LEVELS, LABELLED if labels else ())
    axes.set(xlabel="slope", xticks=[0, 0.5, 1, 1.5], yticks=range(-1, 3))


@picture
def valley(surface):
    """Data with two lines through them, and the same two lines as points on the surface of the loss."""
    lines = {"start": (surface.start, NEUTRAL), "best": (surface.minimum, WEIGHT)}
    losses = {name: surface(point) for name, (point, _) in lines.items()}
    figure = Figure("Every line is one point on the surface of its loss")
    data, surroundings = figure.subplots(1, 2)
    data.plot(10 * surface.x, 10 * surface.y, "o", color=DATA, markeredgecolor="white", markersize=6, clip_on=False)
    reach = np.array([0, 1.08 * surface.x.max()])
    for name, ((slope, intercept), color) in lines.items():
        data.plot(10 * reach, 10 * (slope * reach + intercept), color=color)
        above = 2.5 if name == "best" else -2.5
        write(data, 56, 10 * (5.6 * slope + intercept) + above, name, 9, color, bold=True, ha="right")
    data.set(xlabel="words of the text", ylabel="different words", xlim=(0, 10 * reach[1]), ylim=(0, 48))
    data.set_title(f"{len(surface.x)} texts, two lines", color=INK, fontweight="bold")
    _map(surroundings, surface)
    for (name, (point, color)), side in zip(lines.items(), ("left", "right")):
        surroundings.plot(*point, "o", color=color, markeredgecolor="white", markersize=8, zorder=7)
        shift = 0.08 if side == "left" else -0.1
        text = f"{name}: loss {losses[name]:.2f}"
        write(surroundings, point[0] + shift, point[1], text, 9, color, bold=True, ha=side)
    surroundings.set_ylabel("intercept, in tens")
    surroundings.set_title("the same two, as points", color=INK, fontweight="bold")
    (a, b), (c, d) = surface.start, surface.minimum
    return figure.describe(
        f"{len(surface.x)} texts: their different words over their words. The line at the start has slope "
        f"{number(a)} and intercept {number(b)} (in tens), loss {losses['start']:.2f}; the best has slope {number(c)}, "
        f"intercept {number(d)}, loss {losses['best']:.3f}. On the surface they are two points of one long valley."
    )


@picture
def paths(surface, walked):
    """Paths on one surface, a panel each, all after the same number of examples. walked: {name: Path}."""
    losses = {name: float(surface(path.end)) for name, path in walked.items()}
    looked = max(int(path.examples[-1]) for path in walked.values())
    shown = ", ".join(f"{loss:.2f}" for loss in losses.values())
    figure = Figure(f"{looked} examples each, and the losses are {shown}", height=3.5)
    grid = figure.subplots(1, len(walked), sharey=True)
    for axes, (name, path), color in zip(grid, walked.items(), (ONE, SOME, ALL)):
        _map(axes, surface, labels=axes is grid[-1])
        draw_path(axes, path, color)
        axes.set_title(f"{name}\n{path.steps} updates", color=INK, fontweight="bold", linespacing=1.4)
    grid[0].set_ylabel("intercept, in tens")
    told = "; ".join(f"{name}: {path.steps} updates, loss {losses[name]:.3f}" for name, path in walked.items())
    return figure.describe(
        f"From the same start at the same rate, after {looked} examples each. {told}. "
        f"The lowest possible loss is {surface(surface.minimum):.3f}."
    )


@picture
def gradient_clouds(full, clouds):
    """Gradients of many random batches about the gradient of all examples, a panel for each batch size.

    full: (2,). clouds: {batch size: (batches, 2)}. The width of a cloud is the root of its mean squared distance from
    `full`. Ellipses: two standard deviations as 1/√batch size foretells them from the spread of the first cloud.
    """
    widths = {size: float(np.sqrt(np.mean(np.sum((cloud - full) ** 2, axis=1)))) for size, cloud in clouds.items()}
    sizes = list(clouds)
    first = sizes[0]
    foretold = {size: widths[first] * np.sqrt(first / size) for size in sizes}
    holds = all(b == 4 * a and abs(widths[a] / widths[b] - 2) < 0.2 for a, b in zip(sizes, sizes[1:]))
    title = "Four times the batch, half the noise" if holds else "The larger the batch, the narrower the cloud"
    figure = Figure(title, height=3.0)
    grid = figure.subplots(1, len(clouds), sharex=True, sharey=True)
    turn = np.linspace(0, 2 * np.pi, 121)
    spread, ways = np.linalg.eigh(np.cov((clouds[first] - full).T))
    circle = ways @ (2 * np.sqrt(spread)[:, None] * [np.cos(turn), np.sin(turn)])
    for axes, (size, cloud) in zip(grid, clouds.items()):
        axes.plot(*cloud[:400].T, "o", color=ONE, markersize=3, alpha=0.9 if size == 1 else 0.35, markeredgewidth=0)
        axes.plot(*(full[:, None] + circle * np.sqrt(first / size)), color=NEUTRAL, linewidth=1.2)
        axes.plot(*full, marker="+", color=INK, markersize=10, markeredgewidth=1.8)
        axes.set_title(f"batch of {size}: {widths[size]:.2f}", color=INK, fontweight="bold")
        axes.set(xlabel="along the slope")
    ticks_inside(grid[0])
    grid[0].set_ylabel("along the intercept")
    told = ", ".join(f"{size}: {widths[size]:.2f} ({foretold[size]:.2f})" for size in sizes)
    return figure.describe(
        f"Gradients of random batches about the full gradient ({number(full[0])}, {number(full[1])}). Width of the "
        f"cloud by batch size, and in brackets what one over the root of the batch size foretells: {told}."
    )


@picture
def lucky_stop(single, full, tolerance):
    """Lengths of the gradients of single examples step by step, and of the full gradient at the same points.

    single, full: (steps,). The run is taken to end where the last of `single` is below the tolerance.
    """
    steps = np.arange(len(single))
    times = full[-1] / tolerance
    figure = Figure(f"Stopped by luck: the full gradient is {times:.0f} times too long", height=3.3)
    axes = figure.subplots()
    axes.plot(steps, single, color=ONE, linewidth=1.2, marker="o", markersize=2.6)
    axes.plot(steps, full, color=ALL)
    axes.axhline(tolerance, color=NEUTRAL, linewidth=1.2, linestyle=(0, (3, 2)))
    axes.plot(steps[-1], single[-1], "o", color=ONE, markeredgecolor=INK, markersize=8, zorder=6, clip_on=False)
    low = min(single.min(), tolerance)
    axes.set(yscale="log", xlabel="step", ylabel="length of the gradient", ylim=(low / 2, 3 * single.max()))
    axes.set(xlim=(0, len(single) * 1.22), yticks=[0.1, 1, 10], yticklabels=["0.1", "1", "10"])
    axes.minorticks_off()
    right = steps[-1] + 0.02 * len(single)
    write(axes, right, full[-1], f"all examples: {full[-1]:.2f}", 9, ALL, ha="left")
    write(axes, right, single[-1] * 1.12, f"this example: {single[-1]:.3f}", 9, NEUTRAL, ha="left", va="bottom")
    write(axes, 0.01 * len(single), tolerance * 0.82, f"tolerance {tolerance:g}", 9, NEUTRAL, ha="left", va="top")
    return figure.describe(
        f"After {steps[-1]} steps the gradient of one example is {single[-1]:.3f} long, below the tolerance of "
        f"{tolerance:g}, and the run ends; the gradient over all examples is {full[-1]:.2f} long there."
    )


@picture
def race(runs, target):
    """Loss on all examples over the examples looked at, and over the seconds. runs: {batch size: Run}."""
    title = f"Down to a loss of {target:g}: in examples the small batches win, in seconds the middle ones"
    spent = {size: {what: getattr(run, what) for what in ("examples", "seconds")} for size, run in runs.items()}
    quickest = min(spent, key=lambda size: spent[size]["seconds"][-1])
    if quickest in (min(runs), max(runs)):  # on a machine where it is not so
        title = f"Down to a loss of {target:g}: quickest are batches of {quickest:,}"
    figure = Figure(title, height=3.9)
    panels = figure.subplots(1, 2, sharey=True)
    for axes, what in zip(panels, ("examples", "seconds")):
        for size, run in runs.items():
            color = BETWEEN.get(size, NEUTRAL)
            axes.plot(spent[size][what][1:], run.losses[1:], color=color, linewidth=1.6, label=f"{size:,}")
            axes.plot(spent[size][what][-1], run.losses[-1], "o", color=color, markeredgecolor="white", markersize=8)
        axes.axhline(target, color=NEUTRAL, linewidth=1.2, linestyle=(0, (3, 2)), zorder=1)
        axes.set(xscale="log", ylim=(0, None))
        axes.minorticks_off()
        ticks_inside(axes)
    panels[0].set(xlabel="examples looked at", ylabel="loss on all examples")
    panels[1].set(xlabel="seconds of training, measured here")
    names = {"title": "batch size", "title_fontsize": 9, "fontsize": 9, "handlelength": 1.4, "columnspacing": 1.4}
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=len(runs), **names)
    told = "; ".join(f"{size:,}: {run.examples[-1]:,} examples, {run.seconds[-1]:.2f} s" for size, run in runs.items())
    return figure.describe(f"Spent until the loss stayed at {target:g} or below, by batch size. {told}.")


@picture
def target_costs(runs, target):
    """What a target costs at each batch size: examples, time for one example, and their product, the seconds."""
    examples = np.array([run.examples[-1] for run in runs.values()])
    seconds = np.array([run.seconds[-1] for run in runs.values()])
    names = [f"{size:,}" for size in runs]
    figure = Figure("Examples needed × time for each = time to the target", height=3.2)
    panels = [
        (examples, "examples needed", NEUTRAL),
        (1e6 * seconds / examples, "× µs for each", NEUTRAL),
        (1000 * seconds, "= ms to the target", LOSS),
    ]
    for axes, (values, name, color) in zip(figure.subplots(1, 3), panels):
        axes.plot(values, color=color, marker="o", markersize=7, markeredgecolor="white")
        low, high = values.min(), values.max()
        for x, value in enumerate(values):
            shown = number(value, 0 if value >= 10 else 1) if value < 1000 else f"{value:,.0f}"
            axes.annotate(
                shown,
                (x, value),
                xytext=(0, 8),
                textcoords="offset points",
                ha="center",
                fontsize=8.5,
                zorder=6,
                bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.85},
            )
        axes.set(yscale="log", ylim=(low / 1.5, high * 1.3 * (high / low) ** 0.1), xlim=(-0.6, len(names) - 0.4))
        axes.set(xticks=range(len(names)), xticklabels=names, xlabel="batch size")
        axes.set_title(name, color=INK, fontweight="bold")
        axes.minorticks_off()
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
    told = "; ".join(
        f"{size}: {n:,} × {1e6 * t / n:.1f} µs = {t:.2f} s" for size, n, t in zip(names, examples, seconds)
    )
    return figure.describe(f"Until the loss stayed at {target:g} or below, by batch size. {told}.")


@picture
def noisy_descent(surface, chosen, whole, batch_size, rate):
    """The widget at rest: two paths on the surface, and their losses over the examples looked at."""
    n = len(surface.x)
    losses = {name: surface(path.points) for name, path in (("chosen", chosen), ("whole", whole))}
    ends = {name: float(loss[-1]) for name, loss in losses.items()}
    batch, looked = f"batches of {batch_size}", chosen.examples[-1]
    figure = Figure(f"{looked} examples: {batch} are at {ends['chosen']:.2f}, all {n} at {ends['whole']:.2f}")
    surroundings, chart = figure.subplots(1, 2)
    _map(surroundings, surface)
    draw_path(surroundings, whole, ALL)
    draw_path(surroundings, chosen, SOME)
    surroundings.set_ylabel("intercept, in tens")
    chart.plot(whole.examples, losses["whole"], color=ALL, marker="o", markersize=3)
    chart.plot(chosen.examples, losses["chosen"], color=SOME, linewidth=1.4)
    lowest = surface(surface.minimum)
    chart.axhline(lowest, color=NEUTRAL, linewidth=1.2, linestyle=(0, (3, 2)))
    chart.set(yscale="log", xlabel="examples looked at", ylabel="loss", xlim=(0, looked))
    chart.set(yticks=[0.05, 0.1, 0.2, 0.5, 1, 2], yticklabels=["0.05", "0.1", "0.2", "0.5", "1", "2"], ylim=(0.043, 2))
    chart.minorticks_off()
    ticks_inside(chart)
    middle = looked / 2
    write(chart, middle, 1.25 * losses["whole"][len(losses["whole"]) // 2], f"all {n}", 9, ALL, ha="left", va="bottom")
    write(chart, 0.03 * looked, 0.08, batch, 9, SOME, ha="left")
    return figure.describe(
        f"From one start at rate {rate:g}: after {looked} examples {batch} have made {chosen.steps} updates and are at "
        f"a loss of {ends['chosen']:.3f}; all {n} at a time have made {whole.steps} and are at {ends['whole']:.3f}. "
        f"The lowest possible loss is {lowest:.3f}."
    )
