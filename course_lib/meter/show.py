"""How this chapter writes its numbers: times with a unit, few digits, tables as text and as Markdown."""

import math

from course_lib.notebook import Text


def duration(seconds, digits=3):
    """A time for reading: 0.00002093 is "20.9 µs"."""
    seconds = _cut(seconds, digits)
    for unit, size in (("ns", 1e-9), ("µs", 1e-6), ("ms", 1e-3)):
        if seconds < 999.9999 * size:
            return f"{rounded(seconds / size, digits)} {unit}"
    return f"{rounded(seconds, digits)} s"


def rounded(number, digits=3):
    """A number with so many digits that count: 46938 is "46,900", 0.5 is "0.500"."""
    number = _cut(number, digits)
    if not math.isfinite(number) or number == 0:
        return f"{number:.0f}"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(number))))
    return f"{number:,.{decimals}f}"


def lay_out(head, rows, names=None):
    """A table: columns to the right, each as wide as its longest cell; `names` of the rows, if any, to the left."""
    cells = [head, *rows]
    if names is not None:
        cells = [[name, *row] for name, row in zip(["", *names], cells)]
    left = 0 if names is None else 1
    widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
    plain = "\n".join(
        "  ".join(cell.ljust(w) if i < left else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths))).rstrip()
        for row in cells
    )
    head, *body = (f"| {' | '.join(row)} |" for row in cells)
    ruler = "|".join(":--" if i < left else "--:" for i in range(len(widths)))
    return Text(plain, "\n".join([head, f"|{ruler}|", *body]))


def _cut(number, digits):
    return float(f"{number:.{digits - 1}e}")
