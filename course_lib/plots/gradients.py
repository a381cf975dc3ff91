"""Gradients: a graph with values and gradients on it, finite differences by step size, blame, planted bugs."""

import numpy as np
from matplotlib.patches import FancyBboxPatch

from course_lib.plots.style import (
    DATA,
    GRADIENT,
    GRADIENT_TEXT,
    INK,
    LOSS,
    NEGATIVE,
    NEUTRAL,
    OURS,
    POSITIVE,
    SIGNED,
    Figure,
    picture,
    write,
)
from course_lib.text.numbers import number

GRADIENT_SOFT = "#FBECCC"  # the gradient's colour as a ground
NODE = (0.37, 0.27)  # half width and half height of a node, in columns and rows


@picture
def value_graph(graph, title):
    """A graph of values: in each node its value and its gradient, on each edge × local derivative and what flowed back.

    graph: {"nodes", "edges"} as `Value.graph` gives them, each node with a `column` and a `row` to stand at. A value,
    gradient, local derivative or flow that is None is not known yet, and is left out.
    """
    nodes, edges = graph["nodes"], graph["edges"]
    columns, rows = (1 + max(node[axis] for node in nodes) for axis in ("column", "row"))
    figure = Figure(title, width=1.2 * columns, height=0.75 + 0.95 * rows)
    axes = figure.subplots()
    axes.set(xlim=(-0.42, columns - 0.58), ylim=(rows - 0.68, -0.32))
    axes.axis("off")
    halo = {"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none"}
    for edge in edges:
        start, end = ((nodes[edge[key]]["column"], nodes[edge[key]]["row"]) for key in ("source", "target"))
        (x1, y1), (x2, y2) = _border(start, end), _border(end, start)
        flows = edge["flow"] is not None
        tail, tip = ((x2, y2), (x1, y1)) if flows else ((x1, y1), (x2, y2))
        color = GRADIENT if flows else "#9A9A9A"
        look = {"arrowstyle": "-|>", "color": color, "linewidth": 1.4, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 9}
        axes.annotate("", tip, tail, arrowprops=look)
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        if edge["local"] is not None:
            write(axes, x, y - 0.11, f"×{_short(edge['local'])}", 7.5, NEUTRAL, bbox=halo)
        if flows:
            write(axes, x, y + 0.12, _short(edge["flow"]), 8, GRADIENT_TEXT, bold=True, bbox=halo)
    for node in nodes:
        _node(axes, node)
    return figure.describe(_said(nodes, edges))


def _short(value):
    """A number on a node or an edge, where there is room for three digits."""
    return number(value, 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2)


def _border(at, toward):
    """Where the line from one node to another leaves the first one's box."""
    dx, dy = toward[0] - at[0], toward[1] - at[1]
    share = min(half / abs(d) for half, d in zip(NODE, (dx, dy)) if d)
    return at[0] + share * dx, at[1] + share * dy


def _node(axes, node):
    x, y, (half, tall) = node["column"], node["row"], NODE
    shape = "round,pad=0,rounding_size=0.06"
    box = FancyBboxPatch((x - half, y - tall), 2 * half, 2 * tall, shape, facecolor="white", mutation_aspect=1.3)
    box.set(edgecolor="#9A9A9A" if node["op"] else DATA, linewidth=1.3, zorder=4)
    axes.add_patch(box)
    write(axes, x - half + 0.06, y - 0.15, node["label"], 8, bold=True, ha="left")
    write(axes, x + half - 0.06, y - 0.15, {"^2": "( )²"}.get(node["op"], node["op"]), 7.5, NEUTRAL, ha="right")
    if node["value"] is not None:
        write(axes, x - half / 2, y + 0.09, _short(node["value"]), 9, bold=True)
    if node["gradient"] is not None:
        pill = {"boxstyle": "round,pad=0.18", "facecolor": GRADIENT_SOFT, "edgecolor": "none"}
        write(axes, x + half / 2, y + 0.09, _short(node["gradient"]), 9, GRADIENT_TEXT, bold=True, bbox=pill)


def _said(nodes, edges):
    values = ", ".join(f"{n['label']} {number(n['value'])}" for n in nodes if n["value"] is not None)
    gradients = ", ".join(f"{n['label']} {number(n['gradient'])}" for n in nodes if n["gradient"] is not None)
    flows = [
        f"{nodes[e['target']]['label']} to {nodes[e['source']]['label']} {number(e['flow'])}"
        for e in edges
        if e["flow"] is not None
    ]
    text = f"{len(nodes)} nodes, {len(edges)} edges. Values: {values}."
    return text + (f" Gradients: {gradients}. Flowing back from {', '.join(flows)}." if flows else "")


@picture
def difference_errors(steps, errors):
    """The V of a gradient check: the error of a finite difference over its step, a panel for each precision.

    steps: (n,), falling; errors: {precision: {"forward": (n,), "central": (n,)}}, relative. Log scales.
    """
    steps, colors = np.asarray(steps), {"forward": GRADIENT, "central": OURS}
    figure = Figure("A step too large cuts corners, a step too small drowns in rounding", width=7.2, height=3.9)
    panels = figure.subplots(1, len(errors), sharey=True, squeeze=False)[0]
    found = []
    for axes, (precision, curves) in zip(panels, errors.items()):
        axes.set_title(precision, color=INK, fontweight="bold")
        for name, error in curves.items():
            best = int(np.argmin(error))
            axes.plot(steps, error, color=colors[name], linewidth=1.6, marker="o", markersize=2.6)
            axes.plot(
                steps[best], error[best], "o", color=colors[name], markersize=8, markerfacecolor="white", zorder=4
            )
            found.append(f"{precision}, {name}: {error[best]:.0e} at step {steps[best]:.0e}")
        axes.set(xscale="log", yscale="log", xlabel="step h", ylim=(1e-13, 30), xlim=(steps[-1] / 2, steps[0] * 3))
        axes.set(xticks=10.0 ** np.arange(-13, 0, 3), yticks=10.0 ** np.arange(-12, 1, 3))
        axes.minorticks_off()
    panels[0].set_ylabel("relative error of the slope")
    first = next(iter(errors.values()))
    k = int(np.argmin(np.abs(np.log10(steps / 1e-5))))
    above = first["forward"][k] * 1.7
    write(
        panels[0], steps[k] * 0.6, above, "forward: error ∝ h", 8.5, GRADIENT_TEXT, bold=True, ha="right", va="bottom"
    )
    below = first["central"].min() * 10
    write(panels[0], steps[0] * 2, below, "central: ∝ h²", 8.5, OURS, bold=True, ha="right")
    k = int(np.argmin(np.abs(np.log10(steps / 1e-11))))
    write(panels[0], 2e-13, first["central"][k] * 0.02, "rounding:\n∝ 1 / h", 8.5, NEUTRAL, ha="left", va="top")
    return figure.describe(
        f"Relative error of a slope by its step, from {steps[0]:g} down to {steps[-1]:g}; smallest: {'; '.join(found)}."
    )


@picture
def loss_curves(losses, title):
    """Training losses by epoch, one curve for each network, right and wrong. losses: {name: (epochs,)}, right first."""
    figure = Figure(title, height=3.7)
    axes = figure.subplots()
    styles = [(LOSS, "-", 3.4), (INK, (0, (1, 1.2)), 2.2), (GRADIENT, "-", 2.2), (OURS, "-", 2.2)]
    letters = ["#A8487F", INK, GRADIENT_TEXT, OURS]
    epochs = np.arange(1, 1 + len(next(iter(losses.values()))))
    ends = sorted(((np.log10(loss[-1]), name) for name, loss in losses.items()))
    spread = np.ptp([np.log10(loss) for loss in losses.values()])
    heights, floor = {}, -np.inf
    for end, name in ends:  # names that would overlap stand above each other
        heights[name] = floor = max(end, floor + 0.075 * spread)
    for (name, loss), (color, line, width), letter in zip(losses.items(), styles, letters):
        axes.plot(epochs, loss, color=color, linestyle=line, linewidth=width)
        write(axes, epochs[-1] + 0.02 * len(epochs), 10 ** heights[name], name, 9, letter, bold=True, ha="left")
    axes.set(yscale="log", xlabel="epoch", ylabel="training loss", xlim=(1, epochs[-1] * 1.3))
    ticks = [tick for tick in (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2) if axes.get_ylim()[0] <= tick <= axes.get_ylim()[1]]
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.set_xticks([epoch for epoch in epochs if epoch == 1 or epoch % 5 == 0])
    axes.minorticks_off()
    said = "; ".join(f"{name} {number(loss[0])} to {number(loss[-1], 3)}" for name, loss in losses.items())
    return figure.describe(f"Training loss from epoch 1 to {epochs[-1]}: {said}.")


@picture
def blame(gradient, inputs, words, counts, of_words):
    """The gradients of a first layer for one text: of its kernel, a row for each word in the text, and of its inputs.

    gradient: (words, units), d loss / d kernel; inputs: (words,), d loss / d count; counts: how often each word stands
    in the text; of_words: rows of the whole kernel, of which those that are not drawn are exactly 0. The words stand in
    the order of `inputs`. Grey is exactly 0.
    """
    gradient, inputs, counts = (np.asarray(array) for array in (gradient, inputs, counts))
    order = np.argsort(-inputs, kind="stable")
    asleep, units, hit = int((gradient == 0).all(axis=0).sum()), gradient.shape[1], np.count_nonzero(gradient)
    figure = Figure(
        f"One text blames {hit:,} of {of_words * units:,} weights; {of_words - len(words):,} words get exactly nothing",
        width=7.6,
        height=1.35 + 0.21 * len(words),
    )
    heat, bars = figure.subplots(1, 2, sharey=True, width_ratios=[2.6, 1])
    largest = np.abs(gradient).max()
    heat.set_facecolor("#C4C9CE")
    heat.imshow(np.ma.masked_equal(gradient[order], 0), cmap=SIGNED, vmin=-largest, vmax=largest, aspect="auto")
    heat.grid(False)
    heat.set_title("gradient of each weight: blue above 0, orange below")
    heat.set_yticks(range(len(order)), [f"{words[k]}  ×{counts[k]:g}" for k in order], color=INK)
    heat.set(xlabel=f"hidden neuron (grey: exactly 0, {asleep} asleep)", xticks=[0, units // 2 - 1, units - 1])
    heat.set_xticklabels([1, units // 2, units])
    bars.barh(range(len(order)), inputs[order], color=[POSITIVE if d > 0 else NEGATIVE for d in inputs[order]])
    bars.axvline(0, color=NEUTRAL, linewidth=0.8)
    bars.set_title("gradient of the count")
    bars.set_xlabel("blue: more of it, more loss")
    bars.grid(False, axis="y")
    bars.tick_params(labelleft=False)
    low, high = bars.get_xlim()
    bars.set_xticks([tick for tick in bars.get_xticks() if low <= tick <= high])
    first, last = order[0], order[-1]
    return figure.describe(
        f"Gradient of the first kernel for a text of {len(words)} known words: {hit:,} of {of_words * units:,} entries "
        f"are not 0, in {units - asleep} of {units} neurons; each word's row is the same but for the word's count. "
        f"Gradient of the counts: from {words[first]} {number(inputs[first])} to {words[last]} {number(inputs[last])}."
    )
