"""MapReduce: cards from map tasks to reducers, a job's tasks over time, and bytes against the number of map tasks."""

import matplotlib.colors
import matplotlib.patches
import numpy as np

from course_lib.plots.style import DATA, GRADIENT, INK, KERAS, LOSS, NEUTRAL, OURS, WEIGHT, Figure, picture, write
from course_lib.text.words import counted

PARTITION = (DATA, GRADIENT, WEIGHT, LOSS)
PHASE = {"map": DATA, "reduce": WEIGHT, "died": KERAS}


def _tint(color, share=0.34):
    """A color on white, so that ink can be read on it."""
    red, green, blue = matplotlib.colors.to_rgb(color)
    return tuple(1 - share * (1 - part) for part in (red, green, blue))


@picture
def mapreduce_cards(trace):
    """A job's cards in three columns: as the map tasks yield them, as they are sent, as the reducers make them.

    trace: a `mapreduce.Trace` with at most four partitions. A card's colour is its partition.
    """
    load, total = trace.partition_bytes, sum(trace.partition_bytes)
    busiest = load.index(max(load))
    even = len(set(load)) == 1 and len(load) > 1
    most = "all" if len(load) == 1 else "as many to each reducer" if even else f"{load[busiest]:,} of them"
    title = f"{counted(total, 'byte is', 'bytes are')} shuffled, {most}" + ("" if even else f" to reducer {busiest}")
    lines = [max(1, -(-len(pairs) // 4)) for pairs in trace.mapped]
    heights = [1.05 + 0.62 * n for n in lines]
    height = max(sum(heights) + 0.35 * (len(heights) - 1), 5)
    figure = Figure(title, width=7.6, height=0.95 + 0.42 * height)
    axes = figure.subplots()
    axes.set(xlim=(0, 24.6), ylim=(-height - 0.1, 1.0))
    axes.axis("off")
    for x, text in [(0.1, "map: (word, 1)"), (9.6, "sent: cards · bytes"), (16.9, "reduce: (word, sum)")]:
        write(axes, x, 0.55, text, 9.5, NEUTRAL, bold=True, ha="left")

    top, sources = 0, []
    for task, (pairs, runs, tall) in enumerate(zip(trace.mapped, trace.sent, heights)):
        _box(axes, 0, top, 8.3, tall, f"map task {task}")
        owner = {key: p for p, run in enumerate(runs) for key, _ in run}
        for k, (key, value) in enumerate(pairs):
            _card(axes, 0.25 + 1.98 * (k % 4), top - 0.82 - 0.62 * (k // 4), key, value, owner[key])
        sources.append(top - tall / 2)
        top -= tall + 0.35

    gap = 0.35
    share = (height - gap * (len(load) - 1)) / len(load)
    for p, groups in enumerate(trace.reduced):
        top = -p * (share + gap)
        _box(axes, 16.8, top, 7.7, share, f"reducer {p}: {load[p]:,} bytes")
        rows = -(-len(groups) // 3)
        pitch = min(0.66, (share - 0.95) / max(1, rows))
        for k, (key, value) in enumerate(groups):
            _card(
                axes,
                17.1 + 2.45 * (k % 3),
                top - 0.84 - pitch * (k // 3),
                key,
                value,
                p,
                width=2.2,
                height=pitch * 0.88,
            )
        for task, y in enumerate(sources):
            if trace.shuffled[task][p]:
                _stream(axes, y, top - share / 2, p, trace.shuffled[task][p] / total, len(load))
                at = y + _offset(p, len(load))
                sent = trace.shuffled[task][p]
                write(axes, 9.9, at, f"{len(trace.sent[task][p])} · {sent:,} B", 8, INK, ha="left")
    counts = "; ".join(
        f"reducer {p} gets {counted(sum(len(task[p]) for task in trace.sent), 'card')} "
        f"with {counted(load[p], 'byte')} and makes {len(groups)} of them"
        for p, groups in enumerate(trace.reduced)
    )
    tasks = counted(len(trace.mapped), "map task yields", "map tasks yield")
    return figure.describe(f"{tasks} {counted(sum(map(len, trace.mapped)), 'card')}; {counts}.")


def _box(axes, x, top, width, height, name):
    axes.add_patch(
        matplotlib.patches.FancyBboxPatch(
            (x + 0.1, top - height + 0.1), width - 0.2, height - 0.2, "round,pad=0.1,rounding_size=0.2",
            facecolor="white", edgecolor="#B5BABF", linewidth=0.9,
        )
    )  # fmt: skip
    write(axes, x + 0.25, top - 0.34, name, 8.5, NEUTRAL, ha="left")


def _card(axes, x, y, key, value, partition, width=1.8, height=0.54):
    color = PARTITION[partition]
    axes.add_patch(
        matplotlib.patches.Rectangle(
            (x, y - height / 2), width, height, facecolor=_tint(color), edgecolor=color, linewidth=1
        )
    )
    write(axes, x + 0.12, y - 0.02, key, 8, ha="left")
    write(axes, x + width - 0.12, y - 0.02, str(value), 8, ha="right", bold=True)


def _offset(partition, partitions):
    """How far above the middle of its task a partition's band begins."""
    return ((partitions - 1) / 2 - partition) * 0.58


def _stream(axes, start, end, partition, share, partitions):
    """A band from a task to a reducer, as wide as its share of the bytes."""
    t = np.linspace(0, 1, 40)
    offset = _offset(partition, partitions)
    y = start + offset + (end - start - offset) * t**2 * (3 - 2 * t)
    look = {"color": PARTITION[partition], "linewidth": 1 + 22 * share, "solid_capstyle": "butt", "alpha": 0.75}
    axes.plot(12.4 + 4.3 * t, y, **look)
    axes.plot([8.4, 9.5], [start + offset] * 2, **look)


@picture
def job_timeline(result):
    """Tasks over time, one line for each worker, with those that died and their second attempt.

    result: a `mapreduce.Result`.
    """
    rows = result.timeline
    workers = sorted({worker for worker, *_ in rows})
    end = max(to for *_, to, _ in rows)
    dead = [(phase, task, worker) for worker, phase, task, *_, how in rows if how == "died"]
    again = {(phase, task): worker for worker, phase, task, *_, how in rows if how == "finished"}
    title = "; ".join(
        f"{phase} task {task} died with worker {worker} and ran again on worker {again[phase, task]}"
        for phase, task, worker in dead
    )
    crew = counted(len(workers), "worker")
    title = title[:1].upper() + title[1:] if dead else f"{counted(len(rows), 'task')} on {crew}"
    figure = Figure(title, width=7.2, height=1.35 + 0.5 * len(workers))
    axes = figure.subplots()
    for worker, phase, task, attempt, start, to, how in rows:
        color = PHASE["died" if how == "died" else phase]
        y = -workers.index(worker)
        axes.barh(
            y, to - start, left=start, height=0.62, facecolor=_tint(color, 0.5), edgecolor=color, linewidth=1.2,
            hatch="////" if how == "died" else None,
        )  # fmt: skip
        if how == "died":
            write(axes, to + 0.008 * end, y, f"{phase[0]}{task} died", 8.5, ha="left")
        elif to - start > 0.03 * end:
            again = ", again" if attempt > 1 and to - start > 0.13 * end else ""
            write(axes, (start + to) / 2, y, f"{phase[0]}{task}{again}", 8.5, bold=attempt > 1)
    shuffle = min((start for _, phase, *_, start, _, _ in rows if phase == "reduce"), default=None)
    if shuffle is not None:
        axes.axvline(shuffle, color=NEUTRAL, linewidth=1.1, linestyle=(0, (3, 2)))
        write(axes, shuffle, 0.62, "all map tasks done", 8.5, NEUTRAL, ha="right" if shuffle > end / 2 else "left")
    axes.set(
        xlim=(0, 1.01 * end), ylim=(0.45 - len(workers), 0.85), xlabel="seconds since the first task was handed out",
        yticks=[-i for i in range(len(workers))], yticklabels=[f"worker {worker}" for worker in workers],
    )  # fmt: skip
    axes.set_xticks([tick for tick in axes.get_xticks() if 0 <= tick <= end])
    axes.grid(axis="y", visible=False)
    finished = sum(how == "finished" for *_, how in rows)
    return figure.describe(
        f"{counted(finished, 'task')} finished and {len(dead)} died on {crew} within {end:.2f} s; "
        "m and r are map and reduce tasks."
    )


@picture
def shuffled_bytes(map_tasks, plain, combined, texts):
    """Bytes that are shuffled without and with a combiner, against the number of map tasks.

    plain: bytes without one, whatever the number of tasks. combined: with it, for each number in map_tasks.
    texts: the size of the input in bytes.
    """
    saved = [1 - with_it / plain for with_it in combined]
    figure = Figure(f"In {map_tasks[-1]:,} small tasks the combiner saves {saved[-1]:.0%}, in one {saved[0]:.0%}")
    axes = figure.subplots()
    axes.plot(map_tasks, np.array(combined) / 1e6, color=OURS, marker="o", markersize=5)
    top = 1.16 * plain / 1e6
    axes.set(
        xscale="log", xlabel="map tasks", xticks=map_tasks, xticklabels=[f"{n:,}" for n in map_tasks],
        ylim=(0, top), yticks=range(0, int(top) + 1, 2), ylabel="million bytes shuffled",
    )  # fmt: skip
    axes.minorticks_off()
    for height, text in [(plain / 1e6, "without a combiner"), (texts / 1e6, "the texts themselves")]:
        axes.axhline(height, color=NEUTRAL, linewidth=1.2, linestyle=(0, (3, 2)))
        write(axes, map_tasks[0], height + 0.02 * top, text, 9, NEUTRAL, ha="left", va="bottom")
    low = {"ha": "left", "va": "top", "bold": True}
    write(axes, map_tasks[1] * 1.1, combined[1] / 1e6 - 0.04 * top, "with a combiner", 9.5, OURS, **low)
    pairs = "; ".join(f"{counted(n, 'task')} {c:,}" for n, c in zip(map_tasks, combined))
    return figure.describe(f"Without a combiner {plain:,} bytes are shuffled; with it, {pairs}.")
