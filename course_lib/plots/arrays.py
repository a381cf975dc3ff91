"""Arrays as boxes: what a layer does to their shapes."""

from matplotlib.patches import FancyBboxPatch

from course_lib.plots.style import DATA, FAINT, GRADIENT, GRADIENT_TEXT, INK, NEUTRAL, WEIGHT, Figure, picture, write

MOST = 6  # more rows or columns than this are drawn as a few, with dots for the rest
EXAMPLES = "#1F7FB5"  # the colour of data, dark enough for letters


@picture
def shapes(examples=3, features=3, units=2):
    """x @ kernel + bias as boxes: which axis must agree, which disappears, which passes through.

    One row of x (one example) and one column of the kernel (one neuron) are coloured; where they meet in the result
    is the one number that these two make.
    """
    n, d, u = examples, features, units
    rows, columns, outputs = (min(size, MOST) for size in (n, d, u))
    spread = max(1, (columns + 3 * outputs) / 12)  # many cells are small, but letters stay as large as they are
    across, down = columns + 3 * outputs + 7.9 * spread + 1.2, max(rows, columns) + 2.5
    title = f"Rows pass through untouched: ({n:,}, {d:,}) @ ({d:,}, {u:,}) + ({u:,},) is ({n:,}, {u:,})"
    figure = Figure(title, height=0.45 + 0.25 * (len(title) > 60) + 6.2 * down / across)
    axes = figure.subplots()
    axes.axis("off")

    def array(left, name, *args, **colors):
        return _array(axes, left, 0, 0.45 - down / 2, spread, name, *args, **colors)

    of_rows, of_units, of_features = ("examples", EXAMPLES), ("units", WEIGHT), ("features", INK)
    end = array(0, "x", (n, d), of_rows, of_features, row=DATA, both=DATA)
    end = array(end + 2.9 * spread, "kernel", (d, u), of_features, of_units, "@", column=WEIGHT, both=WEIGHT)
    end = array(end + 2.1 * spread, "bias", (1, u), None, of_units, "+", column=WEIGHT, both=WEIGHT)
    end = array(end + 2.9 * spread, "result", (n, u), of_rows, of_units, "=", row=DATA)
    axes.set(xlim=(-0.8 * spread, end + 0.2), ylim=(-down / 2, down / 2), aspect="equal")
    return figure.describe(
        f"x has {n:,} rows (examples) and {d:,} columns (features), the kernel {d:,} rows and {u:,} columns (units). "
        f"The {d:,} features disappear in the product; the bias of {u:,} numbers is added to each row; the result has "
        f"{n:,} rows and {u:,} columns. Row 1 of x and column {u:,} of the kernel make row 1, column {u:,} of it."
    )


@picture
def backward_shapes(examples=5, features=3, units=2):
    """The backward pass of a dense layer as boxes: the gradients of kernel, bias and x, made from what arrives, dz.

    For a handful of each: beside more and smaller cells the letters would not fit.
    In each product one row and one column are coloured, and the one number that these two make is black.
    """
    n, d, u = examples, features, units
    spread = 1.3
    heights = [max(n, d), max(n, u)]
    middles = [0, -(heights[0] + heights[1]) / 2 - 3.1]
    low = [middle - height / 2 - 0.7 for middle, height in zip(middles, heights)]
    across, down = 4 * u + n + 17.9, sum(heights) + 4.9
    figure = Figure("Each gradient has the shape of what it belongs to", width=7.6, height=0.5 + 7.4 * down / across)
    axes = figure.subplots()
    axes.axis("off")
    of_rows, of_units, of_features = ("examples", EXAMPLES), ("units", GRADIENT_TEXT), ("features", INK)

    def array(k, left, *args, **colors):
        return _array(axes, left, middles[k], low[k], spread, *args, **colors)

    end = array(0, 0, "dkernel", (d, u), of_features, of_units)
    end = array(0, end + 3.4, "xᵀ", (d, n), of_features, of_rows, "=", row=DATA, both=DATA)
    end = array(0, end + 3.4, "dz", (n, u), of_rows, of_units, "@", column=GRADIENT, both=GRADIENT)
    end = array(0, end + 3.2, "dbias", (1, u), None, of_units)
    write(axes, end + 2.1, 0, "= the rows\nof dz, added", 9, NEUTRAL)
    right = array(0, end + 5.3, "dz", (n, u), of_rows, of_units, column=GRADIENT, both=GRADIENT)
    end = array(1, 0, "dx", (n, d), of_rows, of_features)
    end = array(1, end + 3.4, "dz", (n, u), of_rows, of_units, "=", row=GRADIENT, both=GRADIENT)
    end = array(1, end + 3.4, "kernelᵀ", (u, d), of_units, of_features, "@", column=WEIGHT, both=WEIGHT)
    axes.set(xlim=(-1.1, right + 0.3), ylim=(low[1] - 0.5, heights[0] / 2 + 1.1), aspect="equal")
    return figure.describe(
        f"dkernel ({d:,}, {u:,}) is x transposed ({d:,}, {n:,}) times dz ({n:,}, {u:,}): the {n:,} examples disappear. "
        f"dbias ({u:,},) is the sum of dz over its {n:,} rows. dx ({n:,}, {d:,}) is dz ({n:,}, {u:,}) times kernel "
        f"transposed ({u:,}, {d:,}): the {u:,} units disappear."
    )


def _array(axes, left, centre, low, spread, name, shape, beside, above, sign="", row=FAINT, column=FAINT, both=INK):
    """One array from `left` on, with the colours of its first row, its last column, and both; where it ends.

    Its rows stand around the height `centre`, its name at the height `low`; `beside` and `above` name its axes.
    """
    height, width = (min(size, MOST) for size in shape)
    colors = {(False, False): FAINT, (True, False): row, (False, True): column, (True, True): both}
    for i in range(height):
        for j in range(width):
            color = colors[i == 0, j == width - 1]
            left_out = (shape[0] > MOST and i == MOST - 2) or (shape[1] > MOST and j == MOST - 2)
            _cell(axes, left + j, centre + height / 2 - i, 0.2 if left_out else 0.84, color)
    middle = left + width / 2
    write(axes, middle, low, name, size=10, bold=True)
    write(axes, middle, centre + height / 2 + 0.42 * spread, f"{shape[1]:,} {above[0]}", color=above[1])
    if beside:
        write(axes, left - 0.42 * spread, centre, f"{shape[0]:,} {beside[0]}", color=beside[1], rotation=90)
    write(axes, left - (1.45 * spread + 0.45 if beside else 1.05 * spread), centre, sign, size=15, color=NEUTRAL)
    return left + width


def _cell(axes, left, top, size, color):
    corner = left + 0.5 - size / 2, top - 0.5 - size / 2
    shape = f"round,pad=0,rounding_size={size / 6}"
    axes.add_patch(FancyBboxPatch(corner, size, size, shape, facecolor=color, edgecolor="none"))
