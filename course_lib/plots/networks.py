"""A small network with every number that it computes written on it."""

import numpy as np
from matplotlib.patches import FancyBboxPatch

from course_lib.plots.style import DATA, FAINT, INK, NEGATIVE, NEUTRAL, POSITIVE, Figure, picture, write
from course_lib.text.numbers import number

EDGE = "#9A9A9A"
WIDEST = 5.5  # points, for the line of the largest product
COLUMNS = [0.7, 4.4, 7.95]  # where inputs, hidden neurons and outputs stand
GAPS = [1.75, 1.42, 2.84]  # from one node of a column to the next
HALF = [0.65, 0.98, 0.98]  # half the width of a node


@picture
def network(values, products, biases, sums, probabilities, input_names, output_names, activation="relu", kernels=None):
    """Inputs, one hidden layer and outputs, every value on its node, every product on its line.

    values: [inputs (d,), hidden (u,)]; products: [x_i · w_ij (d, u), h_i · w_ij (u, c)]; biases: [(u,), (c,)];
    sums: [z (u,), logits (c,)]; probabilities: (c,). Colour is the sign of a product, width its size. With `kernels`
    ([(d, u), (u, c)]) there is no line where the weight is 0.
    """
    (x, hidden), (z, logits) = values, sums
    best, awake = int(np.argmax(probabilities)), np.count_nonzero(hidden)
    state = f"{awake} of {len(hidden)} hidden neurons awake"
    figure = Figure(f"{probabilities[best]:.0%} {output_names[best]}, with {state}", height=3.9)
    axes = figure.subplots()
    axes.set(xlim=(0, 10), ylim=(0.1, 6.05))
    axes.axis("off")
    for left, what in zip(COLUMNS, ["inputs", f"sum, then {activation}", "logit, then softmax"]):
        write(axes, left, 5.9, what, 9, NEUTRAL)

    heights = [2.75 + gap * ((n - 1) / 2 - np.arange(n)) for gap, n in zip(GAPS, (len(x), len(hidden), len(logits)))]
    largest = max(np.abs(p).max() for p in products) or 1.0
    for k, product in enumerate(products):
        for (i, j), p in np.ndenumerate(product):
            if kernels is not None and kernels[k][i, j] == 0:
                continue
            start, end = (COLUMNS[k] + HALF[k], heights[k][i]), (COLUMNS[k + 1] - HALF[k + 1], heights[k + 1][j])
            _line(axes, start, end, p, WIDEST * abs(p) / largest, at=(0.8, 0.755)[k])

    for i, y in enumerate(heights[0]):
        _node(axes, 0, y, input_names[i], number(x[i]), edge=DATA)
    for i, y in enumerate(heights[1]):
        first = f"bias {number(biases[0][i])} · sum {number(z[i])}"
        asleep = hidden[i] == 0
        _node(axes, 1, y, first, number(hidden[i]), edge=FAINT if asleep else EDGE, color=NEUTRAL if asleep else INK)
    for i, y in enumerate(heights[2]):
        _node(axes, 2, y, f"bias {number(biases[1][i])} · logit {number(logits[i])}", f"{probabilities[i]:.1%}")
        beside = COLUMNS[2] + HALF[2] + 0.1
        write(axes, beside, y, output_names[i].replace(" ", "\n"), 9.5, bold=i == best, ha="left")

    inputs = ", ".join(f"{name} {number(v)}" for name, v in zip(input_names, x))
    answers = ", ".join(f"{name} {p:.1%}" for name, p in zip(output_names, probabilities))
    return figure.describe(f"Inputs {inputs}; {state}, with outputs {', '.join(map(number, hidden))}; {answers}.")


def _line(axes, start, end, product, width, at):
    """One product. Its number stands where the lines into one node are far enough from those into the next."""
    if product == 0:
        axes.plot(*zip(start, end), color=FAINT, linewidth=0.9, zorder=0)
        return
    color = POSITIVE if product > 0 else NEGATIVE
    axes.plot(*zip(start, end), color=color, linewidth=0.7 + width, alpha=0.5, zorder=1, solid_capstyle="butt")
    x, y = (a + at * (b - a) for a, b in zip(start, end))
    pill = {"boxstyle": "round,pad=0.16", "facecolor": "white", "edgecolor": "none"}
    write(axes, x, y, number(product), 7.5, color, bold=True, bbox=pill, zorder=3)


def _node(axes, column, y, first, second, edge=EDGE, color=INK):
    x, half = COLUMNS[column], HALF[column]
    shape = "round,pad=0,rounding_size=0.2"
    box = FancyBboxPatch((x - half, y - 0.46), 2 * half, 0.92, shape, facecolor="white", edgecolor=edge)
    box.set(linewidth=1.4, zorder=4)
    axes.add_patch(box)
    write(axes, x, y + 0.2, first, 7.2 if column else 8, NEUTRAL)
    write(axes, x, y - 0.17, second, 11, color, bold=True)
