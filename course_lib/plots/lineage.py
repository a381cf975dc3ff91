"""Lineage drawn: partitions as boxes, stages as bands, and what of it an action computes again."""

from matplotlib.patches import FancyBboxPatch

from course_lib.plots.style import INK, NEGATIVE, NEUTRAL, OURS, WEIGHT, Figure, picture, write
from course_lib.text.words import counted

STATES = {  # ground, edge and ink of a box
    "plain": ("white", NEUTRAL, INK),
    "computed": (OURS, OURS, "white"),
    "cached": (WEIGHT, WEIGHT, "white"),
    "idle": ("white", "#B9BEC3", NEUTRAL),
}
BAND = "#F1F4F6"


def layout(graph):
    """Where each partition stands. graph: as `rdd.graph` gives it.

    Returns (rows, boxes): what stands at each row from the top, and for each partition {"rdd", "partition", "row", "x",
    "stages"}, x in box widths from the middle. Each RDD stands right above its child, and where a step is narrow each
    partition right above the one that is made of it, so a task is a column.
    """
    children = {node["id"]: [] for node in graph}
    for node in graph:
        for parent in node["parents"]:
            children[parent].append(node)
    distance, x = {}, {}
    for node in reversed(graph):
        distance[node["id"]] = 1 + max((distance[child["id"]] for child in children[node["id"]]), default=-1)
        for partition in range(node["partitions"]):
            above = [
                x[child["id"], k]
                for child in children[node["id"]]
                for k, needs in enumerate(child["needs"])
                if not child["wide"] and [node["id"], partition] in needs
            ]
            middle = partition - (node["partitions"] - 1) / 2
            x[node["id"], partition] = sum(above) / len(above) if above else middle
    deepest = max(distance.values())
    rows, boxes = [], []
    for row in range(deepest + 1):
        members = [node for node in graph if distance[node["id"]] == deepest - row]
        rows.append(" / ".join(dict.fromkeys(node["name"] + ", cached" * node["cached"] for node in members)))
        for node in members:
            for partition in range(node["partitions"]):
                place = {"rdd": node["id"], "partition": partition, "row": row, "x": x[node["id"], partition]}
                boxes.append({**place, "stages": node["stages"]})
    return rows, boxes


def edges(graph, boxes):
    """[(index of the box it is made of, index of the box, whether data is shuffled on the way)]."""
    place = {(box["rdd"], box["partition"]): i for i, box in enumerate(boxes)}
    return [
        (place[tuple(source)], place[node["id"], partition], node["wide"])
        for node in graph
        for partition, sources in enumerate(node["needs"])
        for source in sources
    ]


@picture
def lineage(graph, title=None, states=None, files=None, lost=(), notes=None, sentence=None):
    """The partitions of an RDD and of all that it is made of.

    graph: as `rdd.graph` gives it. What an action did can be drawn over it: states, a name of STATES for each box of
    `layout`; files, for each box "kept", "written" or "lost" where it has shuffle files, else ""; lost, the boxes of a
    lost task; notes, a text for each stage.
    """
    rows, boxes = layout(graph)
    states = states or ["plain"] * len(boxes)
    lines = edges(graph, boxes)
    stages = sorted({stage for box in boxes for stage in box["stages"]})
    shuffles = sum(node["wide"] for node in graph)
    tall, wide = 0.62, max(abs(box["x"]) for box in boxes) + 0.5
    gap = 0.75  # between two stages, for what crosses there
    starts = sorted({box["row"] for box in boxes for i, j, crossing in lines if crossing and boxes[j] is box})
    height = {row: -(row + gap * sum(start <= row for start in starts)) for row in range(len(rows))}
    figure = Figure(
        title or f"{counted(len(stages), 'stage')} of narrow steps, {counted(shuffles, 'shuffle')} between them",
        width=7.2,
        height=1.1 + 0.36 * (len(rows) + gap * len(starts)),
    )
    axes = figure.subplots()
    axes.set(xlim=(-wide - 3.4, wide + 2.1), ylim=(height[len(rows) - 1] - 0.85, 0.7))
    axes.axis("off")
    for stage in stages:
        own = [box["row"] for box in boxes if stage in box["stages"]]
        top, bottom = height[min(own)] + 0.5, height[max(own)] - 0.5
        axes.fill_between([-wide - 3.4, wide + 2.1], bottom, top, color=BAND, linewidth=0, zorder=0)
        write(axes, wide + 0.25, (top + bottom) / 2 + 0.2, f"stage {stage + 1}", 9.5, INK, bold=True, ha="left")
        count = len({box["x"] for box in boxes if stage in box["stages"] and box["row"] == max(own)})
        note = notes[stage] if notes else counted(count, "task")
        write(axes, wide + 0.25, (top + bottom) / 2 - 0.35, note, 8.5, NEUTRAL, ha="left")
    for i, j, crossing in lines:
        live = states[j] == "computed" and (states[i] in ("computed", "cached", "plain") or crossing)
        x = boxes[i]["x"], boxes[j]["x"]
        y = height[boxes[i]["row"]] - tall / 2 - (0.3 if crossing and files else 0), height[boxes[j]["row"]] + tall / 2
        color = OURS if live else NEUTRAL if states[j] == "plain" else "#B9BEC3"
        axes.plot(x, y, color=color, linewidth=0.9 if crossing else 1.6, zorder=1, solid_capstyle="butt")
    for i, (box, state) in enumerate(zip(boxes, states)):
        ground, edge, ink = STATES[state]
        x, y = box["x"], height[box["row"]]
        patch = FancyBboxPatch((x - 0.34, y - tall / 2), 0.68, tall, "round,pad=0,rounding_size=0.1", zorder=3)
        patch.set(facecolor=ground, edgecolor=edge, linewidth=1.1)
        axes.add_patch(patch)
        write(axes, x, y, str(box["partition"]), 8, ink)
        if files and files[i]:
            kept = {"kept": NEUTRAL, "written": OURS, "lost": NEGATIVE}[files[i]]
            style = (0, (2, 1.2)) if files[i] == "lost" else "-"
            axes.plot(
                [x - 0.26, x + 0.26], [y - tall / 2 - 0.22] * 2, color=kept, linewidth=3, linestyle=style, zorder=3
            )
    if lost:  # a task is a column
        own = [(boxes[i]["x"], height[boxes[i]["row"]]) for i in lost]
        (x, low), (_, high) = (min(own, key=lambda at: at[1]), max(own, key=lambda at: at[1]))
        patch = FancyBboxPatch(
            (x - 0.43, low - 0.42), 0.86, high - low + 0.84, "round,pad=0,rounding_size=0.14", zorder=2
        )
        patch.set(facecolor="none", edgecolor=NEGATIVE, linewidth=1.7, linestyle=(0, (3, 2)))
        axes.add_patch(patch)
    for row, name in enumerate(rows):
        write(axes, -wide - 3.3, height[row], name, 8.5, INK, ha="left")
    if files and any(files):
        lowest = min(height[box["row"]] for box, file in zip(boxes, files) if file)
        write(axes, -wide - 3.3, lowest - 0.87, "the bars: files for the shuffle", 8, NEUTRAL, ha="left")
    told = (
        f"{counted(len(boxes), 'partition')} of {counted(len(graph), 'data set')} in {counted(len(stages), 'stage')}: "
        + "; then a shuffle; ".join(
            ", ".join(rows[row] for row in sorted({box["row"] for box in boxes if stage in box["stages"]}))
            for stage in stages
        )
        + "."
    )
    return figure.describe(sentence or told)
