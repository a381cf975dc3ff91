"""Arrays as boxes: what a layer does to their shapes."""

from matplotlib.patches import FancyBboxPatch

from course_lib.plots.style import DATA, FAINT, INK, NEUTRAL, WEIGHT, Figure, picture

MOST = 6        # more rows or columns than this are drawn as a few, with dots for the rest


@picture
def shapes(examples=3, features=3, units=2):
    """x @ kernel + bias as boxes: which axis must agree, which disappears, which passes through.

    One row of x (one example) and one column of the kernel (one neuron) are coloured; where they meet in the result
    is the one number that these two make.
    """
    n, d, u = examples, features, units
    rows, columns, outputs = (min(size, MOST) for size in (n, d, u))
    down, spread = max(rows, columns) + 2.5, max(1, (columns + 3 * outputs) / 12)
    across = columns + 3 * outputs + 7.9 * spread + 1.2
    title = f"Rows pass through untouched: ({n:,}, {d:,}) @ ({d:,}, {u:,}) + ({u:,},) is ({n:,}, {u:,})"
    figure = Figure(title, height=0.45 + 0.25 * (len(title) > 60) + 6.2 * down / across)
    axes = figure.subplots()

    right = 0
    for height, width, name, sign, gap in [
        (n, d, "x", "", 0), (d, u, "kernel", "@", 2.9), (1, u, "bias", "+", 2.1), (n, u, "result", "=", 2.9)
    ]:
        left = right + gap * spread
        right = left + min(width, MOST)
        top = min(height, MOST) / 2
        for i in range(min(height, MOST)):
            for j in range(min(width, MOST)):
                in_row = name in ("x", "result") and i == 0
                in_column = name != "x" and j == outputs - 1
                color = INK if in_row and in_column else DATA if in_row else WEIGHT if in_column and name != "result" else FAINT
                left_out = (height > MOST and i == MOST - 2) or (width > MOST and j == MOST - 2)
                size = 0.2 if left_out else 0.84
                axes.add_patch(FancyBboxPatch(
                    (left + j + 0.5 - size / 2, top - i - 0.5 - size / 2), size, size,
                    boxstyle=f"round,pad=0,rounding_size={size / 6}", facecolor=color, edgecolor="none",
                ))
        middle = (left + right) / 2
        axes.text(middle, 0.45 - down / 2, name, ha="center", va="center", fontweight="bold")
        axes.text(left - (1.45 if name != "bias" else 1.05) * spread - (0.45 if name != "bias" else 0), 0, sign,
                  ha="center", va="center", fontsize=15, color=NEUTRAL)
        above = (d, "features", INK) if name == "x" else (u, "units", WEIGHT)
        _measure(axes, middle, top + 0.42 * spread, *above)
        if name != "bias":
            beside = (d, "features", INK) if name == "kernel" else (n, "examples", DATA)
            _measure(axes, left - 0.42 * spread, 0, *beside, rotation=90)

    axes.set(xlim=(-0.8 * spread, right + 0.2), ylim=(-down / 2, down / 2), aspect="equal")
    axes.axis("off")
    return figure.describe(
        f"x has {n:,} rows (examples) and {d:,} columns (features); the kernel has {d:,} rows and {u:,} columns (units). "
        f"The {d:,} features disappear in the product, and the bias of {u:,} numbers is added to each row: the result has "
        f"{n:,} rows and {u:,} columns. Row 1 of x and column {u:,} of the kernel make the number in row 1, column {u:,}."
    )


def _measure(axes, x, y, size, what, color, rotation=0):
    shade = {DATA: "#1F7FB5"}.get(color, color)     # light blue is too pale for letters
    axes.text(x, y, f"{size:,} {what}", ha="center", va="center", rotation=rotation, color=shade, fontsize=9)
