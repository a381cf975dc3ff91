"""Words around numbers and names."""

from collections.abc import Iterable

from course_lib.text.numbers import number as written


def counted(number: float, thing: str, things: str | None = None) -> str:
    """A number and its thing, in the plural where it is not one.

    >>> counted(1, "row"), counted(1000, "row"), counted(0, "entry"), counted(2, "class"), counted(3, "is", "are")
    ('1 row', '1,000 rows', '0 entries', '2 classes', '3 are')
    """
    shown = f"{number:,}" if number == int(number) else written(number)
    return f"{shown} {plural(number, thing, things)}"


def plural(number: float, thing: str, things: str | None = None) -> str:
    """The word alone, in the form that goes with the number.

    >>> plural(1, "step"), plural(2, "batch"), plural(2, "epoch"), plural(2, "thing is", "things are")
    ('step', 'batches', 'epochs', 'things are')
    """
    if number == 1:
        return thing
    if things is not None:
        return things
    if thing.endswith("y") and thing[-2] not in "aeiou":
        return f"{thing[:-1]}ies"
    hissing = thing.endswith(("s", "x", "ch", "sh")) and not thing.endswith("epoch")
    return f"{thing}es" if hissing else f"{thing}s"


def listed(names: Iterable[object]) -> str:
    """Names as a sentence lists them.

    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    *first, last = map(str, names)
    return f"{', '.join(first)} and {last}" if first else last


def short(value: object, room: int = 80) -> str:
    """A value as Python writes it, cut to a line that fits into a message.

    >>> short("a" * 90, room=20)
    "'aaaaaaaaaaaaaaaa..."
    """
    said = repr(value)
    return said if len(said) <= room else f"{said[: room - 3]}..."
