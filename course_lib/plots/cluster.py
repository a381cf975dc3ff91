"""What a cluster did: which task ran where and when, what was sent through a shuffle, how long it took."""

import numpy as np

from course_lib.plots.style import DATA, INK, KERAS, NEGATIVE, NEUTRAL, OURS, Figure, picture, write
from course_lib.text.numbers import number
from course_lib.text.words import counted

ENGINES = {"plain Python": NEUTRAL, "mini-RDD": OURS, "PySpark": KERAS}


def _upto(axes, end):
    """The level axis from 0 to `end`, with no tick beyond."""
    axes.set_xlim(0, end)
    axes.set_xticks([tick for tick in axes.get_xticks() if 0 <= tick <= end])


@picture
def task_timeline(runs):
    """Tasks of a job on its executors, and what the death of one of them cost. runs: of `spark.Job`."""
    runs = sorted(runs, key=lambda run: run.start)
    names = sorted({run.executor for run in runs}, key=lambda name: (len(name), name))
    seconds = max(run.start + run.seconds for run in runs)
    failed = [run for run in runs if not run.ok]
    done = {}
    for run in runs:
        if run.ok:
            done.setdefault((run.stage, run.task), []).append(run)
    again = [attempts[-1] for attempts in done.values() if len(attempts) > 1]
    if failed or again:
        title = f"One executor dies: {len(failed)} torn off, {counted(len(again), 'finished one')} run again"
    else:
        title = f"{counted(len(runs), 'task')} on {counted(len(names), 'executor')}, none lost"
    figure = Figure(title, width=7.2, height=1.5 + 0.55 * len(names))
    axes = figure.subplots()
    for run in runs:
        y = names.index(run.executor)
        color = DATA if run.stage == 0 else OURS
        look = {"facecolor": color, "edgecolor": "white", "linewidth": 1.2}
        if not run.ok:
            look = {"facecolor": "white", "edgecolor": NEGATIVE, "linewidth": 1.6, "linestyle": (0, (3, 1.6))}
        elif run in again:
            look |= {"edgecolor": NEGATIVE, "linewidth": 1.8}
        axes.broken_barh([(run.start, run.seconds)], (y - 0.33, 0.66), zorder=2, **look)
        if run.seconds > 0.035 * seconds:
            ink = NEGATIVE if not run.ok else "white" if run.stage else INK
            write(axes, run.start + run.seconds / 2, y, f"{run.task + 1}", 8.5, ink, bold=run in again)
    if failed:
        end = max(run.start + run.seconds for run in failed)
        axes.axvline(end, color=NEGATIVE, linewidth=1.2, zorder=1)
        write(axes, end, -0.62, " killed", 8.5, NEGATIVE, ha="left")
    axes.set(yticks=range(len(names)), yticklabels=[f"executor {name}" for name in names])
    axes.set(xlabel="seconds (light: tasks of stage 1, dark: of stage 2)", ylim=(len(names) - 0.5, -0.9))
    _upto(axes, 1.02 * seconds)
    axes.grid(axis="y", visible=False)
    torn = f"; torn off: {', '.join(f'task {run.task + 1} on executor {run.executor}' for run in failed)}" * bool(
        failed
    )
    twice = f"; run again though finished: {', '.join(f'task {run.task + 1}' for run in again)}" * bool(again)
    return figure.describe(
        f"{counted(len(runs), 'run')} of {counted(len(done), 'task')} on {counted(len(names), 'executor')} "
        f"in {number(seconds, 1)} seconds{torn}{twice}."
    )


@picture
def shuffle_sizes(sizes):
    """Bytes written for a shuffle, {engine: {operation: bytes}}: one panel for each engine, one bar each."""
    ratios = [max(of_engine.values()) / min(of_engine.values()) for of_engine in sizes.values()]
    operations = list(next(iter(sizes.values())))
    least = min(operations, key=lambda name: next(iter(sizes.values()))[name])
    figure = Figure(f"{least} sends less: by a factor of {number(min(ratios), 0)} or more", height=2.3)
    grid = figure.subplots(1, len(sizes), squeeze=False)[0]
    for axes, (engine, of_engine) in zip(grid, sizes.items()):
        kilobytes = [of_engine[name] / 1000 for name in operations]
        axes.barh(operations, kilobytes, color=ENGINES[engine], height=0.55)
        for y, size in enumerate(kilobytes):
            write(axes, size + 0.02 * max(kilobytes), y, f"{number(size, 1)} kB", 9, INK, ha="left")
        axes.set_xlabel("kB through the shuffle")
        _upto(axes, 1.4 * max(kilobytes))
        axes.set_title(engine, color=INK, fontweight="bold")
        axes.grid(axis="y", visible=False)
        axes.invert_yaxis()
        if axes is not grid[0]:
            axes.tick_params(labelleft=False)
    told = "; ".join(
        f"{engine}: " + ", ".join(f"{name} {number(size / 1000, 1)} kB" for name, size in of_engine.items())
        for engine, of_engine in sizes.items()
    )
    return figure.describe(f"Bytes written for the shuffle. {told}.")


@picture
def engine_seconds(amounts, seconds, what="texts"):
    """Seconds over the amount of data, a line for each engine: {engine: seconds for each amount}."""
    last = {name: taken[-1] for name, taken in seconds.items()}
    fastest = min(last, key=last.get)
    small = min(seconds, key=lambda name: seconds[name][0])
    named = f"{fastest} is fastest at every size" if fastest == small else f"{small} wins small, {fastest} wins large"
    figure = Figure(f"{named[0].upper()}{named[1:]}", height=3.3)
    axes = figure.subplots()
    for name, taken in seconds.items():
        axes.plot(amounts, taken, color=ENGINES[name], marker="o", markersize=5)
    spread = sorted(last, key=last.get)
    low, high = min(min(t) for t in seconds.values()), max(max(t) for t in seconds.values())
    heights = [np.log(last[name]) for name in spread]
    for i in range(1, len(heights)):  # names keep a line's distance
        heights[i] = max(heights[i], heights[i - 1] + 0.09 * np.log(2 * high / low))
    for name, height in zip(spread, heights):
        write(axes, amounts[-1] * 1.12, np.exp(height), name, 9.5, ENGINES[name], bold=True, ha="left")
    axes.set(xscale="log", yscale="log", xlabel=what, ylabel="seconds", ylim=(low / 1.5, high * 1.6))
    axes.set(
        xticks=amounts, xticklabels=[f"{amount:,}" for amount in amounts], xlim=(amounts[0] / 1.2, amounts[-1] * 2.6)
    )
    ticks = [tick for tick in (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100) if low / 1.5 <= tick <= high * 1.6]
    axes.set(yticks=ticks, yticklabels=[f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    told = "; ".join(f"{name}: {', '.join(f'{t:.2g}' for t in taken)}" for name, taken in seconds.items())
    return figure.describe(f"Seconds for {', '.join(f'{amount:,}' for amount in amounts)} {what}. {told}.")
