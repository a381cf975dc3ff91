"""How long answers take: single calls, their tail, batch sizes, ways to call, several callers; and the two modes."""

import numpy as np

from course_lib.meter.latency import percentile
from course_lib.plots.style import DATA, FAINT, INK, KERAS, LOSS, NEUTRAL, OURS, WEIGHT, Figure, picture, write
from course_lib.text.numbers import duration, rounded
from course_lib.text.words import counted

SLOW = KERAS  # the part of a distribution that somebody complains about
TAIL_ROOM = 0.18  # at each side of a tail, for words: this share of its width
DASHES = ["-", (0, (4, 1.5)), (0, (1.5, 1.3))]  # several ways of one engine


@picture
def modes(right):
    """Share of right answers in both modes for several ways to put the rows into batches.

    right: {name of the batches: (in inference mode, in training mode)}.
    """
    figure = Figure("In training mode the neighbours decide", height=1.3 + 0.5 * len(right))
    axes = figure.subplots()
    for y, (inference, training) in enumerate(right.values()):
        axes.plot([training, inference], [y, y], color=FAINT, linewidth=5, zorder=1)
        for share, other, color, mode in [
            (training, inference, LOSS, "training mode"),
            (inference, training, WEIGHT, "inference mode"),
        ]:
            lower = share < other or share == other and color == LOSS
            where = {"x": share + (-0.022 if lower else 0.022), "ha": "right" if lower else "left"}
            axes.plot(share, y, "o", color=color, markersize=10)
            write(axes, y=y, text=f"{share:.0%}", **where)
            if y == 0:
                write(axes, y=-0.62, text=mode, color=color, bold=True, **where)
    axes.set(xlim=(-0.08, 1.08), xticks=np.linspace(0, 1, 6), ylim=(len(right) - 0.5, -0.9))
    axes.set(yticks=range(len(right)), yticklabels=list(right), xlabel="right answers")
    axes.set_xticklabels([f"{tick:.0%}" for tick in axes.get_xticks()])
    axes.tick_params(axis="y", labelcolor=INK, labelsize=9.5)
    axes.spines["left"].set_visible(False)
    axes.grid(False, axis="y")
    told = "; ".join(f"{name}: {a:.0%} against {b:.0%}" for name, (a, b) in right.items())
    return figure.describe(f"Right answers in inference mode against training mode. {told}.")


@picture
def calls(durations, first=0):
    """Every call as a dot, in the order in which they were made, with the mean and two percentiles.

    durations: seconds, of which the first `first` are a warm-up; these count in no line.
    """
    durations = np.asarray(durations, float)
    later = durations[first:]
    marks = {"p50": percentile(later, 50), "mean": later.mean(), "p99": percentile(later, 99)}
    below = np.mean(later < marks["mean"])
    figure = Figure(f"{below:.0%} of the calls are faster than the mean")
    axes = figure.subplots()
    number = np.arange(1, len(durations) + 1)
    axes.plot(number[first:], durations[first:], "o", color=DATA, markersize=3.2, alpha=0.75, markeredgewidth=0)
    axes.plot(number[:first], durations[:first], "o", color=SLOW, markersize=5, markeredgewidth=0)
    axes.set(yscale="log", xlabel="call", xlim=(0, 1.02 * len(durations)))
    _time_axis(axes.yaxis, durations.min() / 1.3, durations.max() * 1.5)
    if first:
        top = int(durations[:first].argmax())
        ground = {"facecolor": "white", "edgecolor": "none", "pad": 1}  # a line may run below the words
        axes.annotate(
            f"warm-up, up to {duration(durations[:first].max())}",
            (number[top], durations[top]),
            xytext=(10, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
            color=SLOW,
            bbox=ground,
            zorder=5,
        )
    names, heights = list(marks), _apart(list(marks.values()), (axes.get_ylim()[1] / axes.get_ylim()[0]) ** 0.075)
    for name, height in zip(names, heights):
        color = INK if name == "mean" else OURS
        style = (0, (3, 2)) if name == "mean" else "-"
        axes.axhline(marks[name], color=color, linewidth=1.3, linestyle=style, zorder=4)
        text = f"{name} {duration(marks[name])}"
        axes.annotate(text, (1.01, height), xycoords=("axes fraction", "data"), va="center", color=color, fontsize=9)
    told = ", ".join(f"{name} {duration(value)}" for name, value in marks.items())
    warm = ""
    if first:
        warm = f" The warm-up of {counted(first, 'call')} took up to {duration(durations[:first].max())} a call."
    return figure.describe(
        f"{counted(len(later), 'call')}: {told}, slowest {duration(later.max())}; "
        f"{below:.0%} of them are faster than the mean.{warm}"
    )


@picture
def tail(edges, parts, threshold, calls, slow_calls, slow_pages, ticks):
    """One call and a page that waits for the slowest of several: two distributions on one axis of time.

    edges: (k + 1,) of the bins, seconds; parts: {"call", "page"}: (shares of the bins (k,), marks {name: seconds}).
    slow_calls, slow_pages: shares beyond the threshold. ticks: {seconds: text}.
    """
    figure = Figure(
        f"One call in {rounded(1 / slow_calls, 2)} is slow, and {slow_pages:.1%} of the pages with "
        f"{counted(calls, 'call')}",
        height=4.1,
    )
    grid = figure.subplots(2, 1, sharex=True)
    room = (edges[-1] / edges[0]) ** TAIL_ROOM
    names = {"call": "one call", "page": f"a page: the slowest of {calls}" if calls > 1 else "a page with one call"}
    for axes, (part, (shares, marks)) in zip(grid, parts.items()):
        top = max(shares)
        height = np.where(np.asarray(shares) > 0, np.maximum(shares, 0.012 * top), 0)
        for low, high, color in [(0, threshold, DATA), (threshold, np.inf, SLOW)]:
            left, right = np.clip(edges[:-1], low, high), np.clip(edges[1:], low, high)
            axes.bar(left, height, right - left, align="edge", color=color, linewidth=0)
        for name, step, side in [("p50", 1.13, "right"), ("mean", 1.38, "left"), ("p99", 1.13, "left")]:
            color = INK if name == "mean" else OURS
            style = (0, (3, 2)) if name == "mean" else "-"
            axes.plot([marks[name]] * 2, [0, step * top], color=color, linewidth=1.3, linestyle=style)
            text = f" {name} {duration(marks[name])} "
            write(axes, marks[name], step * top, text, 8.5, color, ha=side)
        axes.set(xscale="log", xlim=(edges[0] / room, edges[-1] * room), ylim=(0, 1.5 * top), yticks=[])
        axes.set_xticks(list(ticks), list(ticks.values()))
        axes.minorticks_off()
        axes.spines["left"].set_visible(False)
        axes.set_title(names[part], color=INK, fontweight="bold")
    grid[1].set_xlabel("time, on a scale of factors of ten; orange: slow")
    told = "; ".join(
        f"{names[part]}: " + ", ".join(f"{name} {duration(value)}" for name, value in marks.items())
        for part, (_, marks) in parts.items()
    )
    return figure.describe(
        f"A call is slow beyond {duration(threshold)}: {slow_calls:.2%} of the calls, {slow_pages:.1%} of the pages "
        f"with {calls} at once. {told[0].upper()}{told[1:]}."
    )


@picture
def ways(seconds, python_calls):
    """Ways to call a model: how long one call takes, and how many Python functions it runs. Both: {name: number}."""
    names = sorted(seconds, key=lambda name: -seconds[name])
    slow, fast = names[0], names[-1]
    factor = {
        name: rounded(numbers[slow] / numbers[fast], 2)
        for name, numbers in [("time", seconds), ("functions", python_calls)]
    }
    figure = Figure(
        f"{slow} runs {factor['functions']} times as many Python functions as {fast}, "
        f"and takes {factor['time']} times as long",
        height=1.25 + 0.36 * len(names),
    )
    grid = figure.subplots(1, 2, sharey=True)
    texts = [{name: duration(seconds[name], 2) for name in names}, {name: f"{python_calls[name]:,}" for name in names}]
    for axes, numbers, text, title in zip(
        grid, (seconds, python_calls), texts, ("one call takes", "Python functions run")
    ):
        for y, name in enumerate(names):
            color = OURS if name.startswith("course_lib") else KERAS
            axes.plot(numbers[name], y, "o", color=color, markersize=9)
            axes.annotate(
                text[name], (numbers[name], y), xytext=(9, 0), textcoords="offset points", va="center", fontsize=9
            )
        low, high = min(numbers.values()), max(numbers.values())
        axes.set(xscale="log", xlim=(low / 2, high * (high / low) ** 0.45), ylim=(len(names) - 0.5, -0.5))
        axes.set_title(title, color=INK, fontweight="bold")
        decades = 10.0 ** np.arange(np.ceil(np.log10(low / 2)), np.floor(np.log10(high)) + 1)
        decades = decades[:: 2 if len(decades) > 4 else 1]
        axes.set_xticks(decades, [duration(d, 1) if numbers is seconds else f"{d:,.0f}" for d in decades])
        axes.minorticks_off()
        axes.tick_params(axis="x", labelsize=8)
    grid[0].set(yticks=range(len(names)), yticklabels=names)
    grid[0].tick_params(axis="y", labelcolor=INK, labelsize=9.5)
    told = "; ".join(f"{name} {texts[0][name]}, {texts[1][name]} functions" for name in names)
    return figure.describe(f"One call by each way, and how many Python functions it runs: {told}.")


@picture
def batch_sizes(sweeps):
    """Batch size against latency and against rows a second. sweeps: {name: Sweep}, course_lib's first."""
    ours = next(iter(sweeps.values()))
    slowest = max(sweeps, key=lambda name: sweeps[name].latency[0])
    fastest = min(sweeps, key=lambda name: sweeps[name].latency[0])
    grown = {name: rounded(sweeps[name].latency[-1] / sweeps[name].latency[0], 2) for name in (slowest, fastest)}
    rows = ours.batch_sizes[-1] // ours.batch_sizes[0]
    figure = Figure(
        f"{rows:,} times the rows take {fastest} {grown[fastest]} times as long, {slowest} {grown[slowest]} times"
    )
    left, right = figure.subplots(1, 2)
    theirs = iter(DASHES)
    for name, found in sweeps.items():
        mine = name.startswith("course_lib")
        look = {"color": OURS if mine else KERAS, "linestyle": "-" if mine else next(theirs), "marker": "o"}
        left.plot(found.batch_sizes, found.latency, markersize=4, **look)
        right.plot(found.batch_sizes, found.items_per_second, markersize=4, **look)
    heights = _apart([found.latency[0] for found in sweeps.values()], 3.2)
    for name, found, height in zip(sweeps, sweeps.values(), heights):
        color = OURS if name.startswith("course_lib") else KERAS
        below = name == fastest  # nothing lies there, while its own line climbs through the place above
        where = {"va": "top" if below else "bottom", "ha": "left"}
        write(left, found.batch_sizes[0], height * (0.72 if below else 1.3), name, 8.5, color, **where)
    for axes, title in [(left, "one call takes"), (right, "rows answered a second")]:
        axes.set(xscale="log", yscale="log", xlabel="rows in the batch")
        axes.set_title(title, color=INK, fontweight="bold")
        axes.set_xticks(ours.batch_sizes, [f"{n:,}" for n in ours.batch_sizes])
        axes.minorticks_off()
    latencies = [t for found in sweeps.values() for t in found.latency]
    _time_axis(left.yaxis, min(latencies) / 4, max(latencies) * 4)
    right.set_yticks(right.get_yticks(), [f"{tick:,.0f}" if tick >= 1 else f"{tick:g}" for tick in right.get_yticks()])
    rates = [rate for found in sweeps.values() for rate in found.items_per_second]
    right.set_ylim(min(rates) / 2, max(rates) * 2.5)
    told = "; ".join(
        f"{name} {duration(found.latency[0])} and {duration(found.latency[-1])}, "
        f"{rounded(found.items_per_second[0])} and {rounded(found.items_per_second[-1])} rows a second"
        for name, found in sweeps.items()
    )
    return figure.describe(f"Batches of {ours.batch_sizes[0]:,} and {ours.batch_sizes[-1]:,} rows: {told}.")


@picture
def callers(found):
    """Several callers at one model: calls a second, and the mean wait. found: {number of callers: Little}."""
    number = np.array(list(found))
    rate, wait = (np.array([getattr(one, name) for one in found.values()]) for name in ("rate", "wait"))
    figure = Figure(
        f"{number[-1] // number[0]} times the callers: {rounded(rate[-1] / rate[0], 2)} times the answers, each after "
        f"{rounded(wait[-1] / wait[0], 2)} times the wait",
        height=3.1,
    )
    left, right = figure.subplots(1, 2)
    left.plot(number, rate, color=OURS, marker="o", markersize=5)
    right.plot(number, wait, color=OURS, marker="o", markersize=5)
    right.plot([0, number[-1]], [0, number[-1] / rate.mean()], color=NEUTRAL, linewidth=1.2, linestyle=(0, (3, 2)))
    write(right, 0.45 * number[-1], 0.62 * number[-1] / rate.mean(), "callers ÷ λ", 9, NEUTRAL, ha="right")
    left.set(ylim=(0, 1.15 * rate.max()))
    right.set(ylim=(0, 1.15 * wait.max()))
    for axes, title in [(left, "λ: calls answered a second"), (right, "W: mean time of a call")]:
        axes.set(xlabel="callers", xlim=(0, number[-1] * 1.04), xticks=[0, *number[1:]] if len(number) > 4 else number)
        axes.set_title(title, color=INK, fontweight="bold")
    ticks = [tick for tick in right.get_yticks() if 0 <= tick <= right.get_ylim()[1]]
    right.set_yticks(ticks, [duration(tick, 2) if tick else "0" for tick in ticks])
    left.set_yticks(left.get_yticks()[:-1], [f"{tick:,.0f}" for tick in left.get_yticks()[:-1]])
    told = "; ".join(
        f"{counted(n, 'caller')} {rounded(one.rate)} a second, {duration(one.wait)}" for n, one in found.items()
    )
    return figure.describe(f"Answers a second and mean wait: {told}.")


def _time_axis(axis, low, high):
    """A log axis of seconds from low to high, with a tick at each factor of ten."""
    decades = 10.0 ** np.arange(np.ceil(np.log10(low)), np.floor(np.log10(high)) + 1)
    axis.axes.set_ylim(low, high)
    axis.set_ticks(decades, [duration(tick, 1) for tick in decades])
    axis.axes.minorticks_off()


def _apart(values, factor):
    """Places for labels on a log axis: in the order of the values, each at least this factor above the one below."""
    places = np.array(values, float)
    order = np.argsort(places, kind="stable")
    for below, above in zip(order, order[1:]):
        places[above] = max(places[above], places[below] * factor)
    return places
