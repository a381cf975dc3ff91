"""Rows and columns, for a terminal and for a notebook."""

from collections.abc import Collection, Iterable, Sequence


class Text:
    """Markdown in a notebook, the plain text elsewhere."""

    def __init__(self, plain: str, markdown: str) -> None:
        self.plain, self.markdown = plain, markdown

    def __repr__(self) -> str:
        return self.plain

    def _repr_markdown_(self) -> str:
        return self.markdown


def table(
    head: Sequence[object],
    rows: Iterable[Iterable[object]],
    names: Iterable[object] | None = None,
    right: Iterable[int] | None = None,
    ruled: bool = False,
    note: str = "",
) -> Text:
    """A table as `Text`: aligned columns, and the same as Markdown.

    Args:
        head: the words above the columns.
        rows: lists of cells, each shown by `str`.
        names: of the rows, if they have some: a column more, at the left.
        right: the columns set to the right, counted in `head`; else those that hold nothing but numbers.
        ruled: a line of dashes under the head of the plain form.
        note: a sentence below.

    >>> table(["what", "n"], [["a", 7], ["longer", 12]])
    what     n
    a        7
    longer  12
    """
    cells = [[str(cell) for cell in row] for row in [head, *rows]]
    if right is None:
        right = [i for i in range(len(head)) if all(_is_number(row[i]) for row in cells[1:])]
    right = set(right)
    if names is not None:
        cells = [[str(name), *row] for name, row in zip(["", *names], cells)]
        right = {i + 1 for i in right}
    plain = columns_of(cells, right, ruled)
    heading, *body = (f"| {' | '.join(row)} |" for row in cells)
    ruler = "|".join("--:" if i in right else "---" for i in range(len(cells[0])))
    markdown = "\n".join([heading, f"|{ruler}|", *body])
    return Text(f"{plain}\n{note}", f"{markdown}\n\n{note}") if note else Text(plain, markdown)


def columns_of(cells: Sequence[Sequence[str]], right: Collection[int] = (), ruled: bool = False) -> str:
    """Lines of text, each column as wide as its longest cell, two blanks between them."""
    widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
    lines = [
        "  ".join(cell.rjust(w) if i in right else cell.ljust(w) for i, (cell, w) in enumerate(zip(row, widths)))
        for row in cells
    ]
    if ruled:
        lines.insert(1, "  ".join("-" * w for w in widths))
    return "\n".join(line.rstrip() for line in lines)


def _is_number(cell: str) -> bool:
    return not cell or cell.replace(".", "", 1).replace(",", "").removeprefix("-").isdigit()
