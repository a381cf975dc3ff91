"""A small network with every number that it computes written on it."""

import numpy as np
from matplotlib.patches import FancyBboxPatch

from course_lib.plots.style import DATA, FAINT, INK, NEGATIVE, NEUTRAL, POSITIVE, Figure, picture

WIDEST = 5.5        # points, for the largest product


@picture
def network(values, products, biases, sums, probabilities, input_names, output_names, activation="relu"):
    """Inputs, one hidden layer and outputs, every value on its node, every product on its edge.

    values: [inputs (d,), hidden (u,)], products: [x_i · w_ij (d, u), h_i · w_ij (u, c)], biases: [(u,), (c,)],
    sums: [z (u,), logits (c,)], probabilities: (c,). Colour is the sign of a product, width its size; a missing weight (0) has no edge.
    """
    (x, hidden), (z, logits) = values, sums
    best, asleep = int(np.argmax(probabilities)), int(np.sum(hidden == 0))
    awake = f"{len(hidden) - asleep} of {len(hidden)} hidden neurons awake"
    figure = Figure(f"{probabilities[best]:.0%} {output_names[best]}, with {awake}", height=3.9)
    axes = figure.subplots()
    axes.set(xlim=(0, 10), ylim=(0.1, 6.05))
    axes.axis("off")

    columns = [(0.7, _spread(len(x), 1.75)), (4.4, _spread(len(hidden), 1.42)), (7.95, _spread(len(logits), 2.84))]
    half = [0.65, 0.98, 0.98]
    largest = max(np.abs(p).max() for p in products) or 1.0
    for k, product in enumerate(products):
        (left, starts), (right, ends) = columns[k : k + 2]
        for j, end in enumerate(ends):
            for i, start in enumerate(starts):
                _edge(axes, (left + half[k], start), (right - half[k + 1], end), float(product[i, j]), largest, len(starts))

    for i, y in enumerate(columns[0][1]):
        _node(axes, columns[0][0], y, half[0], [(input_names[i], NEUTRAL, 8, "normal"), (_number(x[i]), INK, 11, "bold")], DATA)
    for i, y in enumerate(columns[1][1]):
        quiet = hidden[i] == 0
        lines = [(_sum(biases[0][i], z[i], "sum"), NEUTRAL, 7.2, "normal"), (_number(hidden[i]), NEUTRAL if quiet else INK, 11, "bold")]
        _node(axes, columns[1][0], y, half[1], lines, FAINT if quiet else "#9A9A9A")
    for i, y in enumerate(columns[2][1]):
        lines = [(_sum(biases[1][i], logits[i], "logit"), NEUTRAL, 7.2, "normal"), (f"{probabilities[i]:.1%}", INK, 11, "bold")]
        _node(axes, columns[2][0], y, half[1], lines, "#9A9A9A")
        axes.text(columns[2][0] + 1.08, y, output_names[i].replace(" ", "\n"), va="center", fontsize=9.5,
                  fontweight="bold" if i == best else "normal")
    for (where, _), what in zip(columns, ["inputs", f"sum, then {activation}", "logit, then softmax"]):
        axes.text(where, 6.0, what, ha="center", va="top", fontsize=9, color=NEUTRAL)

    return figure.describe(
        "Inputs " + ", ".join(f"{name} {_number(v)}" for name, v in zip(input_names, x))
        + f"; {awake}, with outputs " + ", ".join(map(_number, hidden))
        + "; " + ", ".join(f"{name} {p:.1%}" for name, p in zip(output_names, probabilities)) + "."
    )


def _spread(count, gap):
    """Heights of `count` nodes around the middle, from top to bottom."""
    return 2.75 + gap * ((count - 1) / 2 - np.arange(count))


def _edge(axes, start, end, product, largest, fan):
    """A line for one product; its number stands where the lines into one node are far enough from those of the next."""
    if product == 0:
        axes.plot(*zip(start, end), color=FAINT, linewidth=0.9, zorder=0)
        return
    color = POSITIVE if product > 0 else NEGATIVE
    axes.plot(*zip(start, end), color=color, linewidth=0.7 + WIDEST * abs(product) / largest, alpha=0.5, zorder=1, solid_capstyle="butt")
    t = {3: 0.80, 4: 0.755}.get(fan, 0.78)
    x, y = start[0] + t * (end[0] - start[0]), start[1] + t * (end[1] - start[1])
    axes.text(x, y, _number(product), ha="center", va="center", fontsize=7.5, color=color, fontweight="bold", zorder=3,
              bbox=dict(boxstyle="round,pad=0.16", facecolor="white", edgecolor="none"))


def _sum(bias, total, name):
    return f"bias {_number(bias)} · {name} {_number(total)}"


def _node(axes, x, y, half, lines, edge):
    box = FancyBboxPatch((x - half, y - 0.46), 2 * half, 0.92, boxstyle="round,pad=0,rounding_size=0.2",
                         facecolor="white", edgecolor=edge, linewidth=1.4, zorder=4)
    axes.add_patch(box)
    for (text, color, size, weight), dy in zip(lines, (0.2, -0.17)):
        axes.text(x, y + dy, text, ha="center", va="center", color=color, fontsize=size, fontweight=weight, zorder=5)


def _number(value):
    """Two decimals at most, without empty ones, with a true minus."""
    text = f"{float(value):.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "0") else text.replace("-", "−")
