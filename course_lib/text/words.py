"""Words around numbers and names."""

import re
import reprlib
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


def few(names: Iterable[object], most: int = 10) -> str:
    """Names of which there may be thousands: the first ones, and how many there are.

    >>> few(["a", "b"]), few(range(5000), most=3)
    ('a, b', '0, 1, 2, … (5,000 in all)')
    """
    said = list(map(str, names))
    return ", ".join(said) if len(said) <= most else f"{', '.join(said[:most])}, … ({len(said):,} in all)"


def short(value: object, room: int = 80) -> str:
    """A value as Python writes it, as `one_line`: for whatever came from outside.

    Of what is long, wide or deep no more is read than is shown.

    >>> short("a" * 90, room=20), short(10**5000)
    ("'aaaaaaaaaaaaaaaa...", '<a whole number of 16,610 bits>')
    """
    return one_line(_Writer(room).repr(value), room)


def one_line(text: object, room: int = 300) -> str:
    """What somebody else has said, on one line of at most `room` characters, its control codes escaped.

    >>> one_line("first\\n  second"), one_line("a" * 90, room=20)
    ('first second', 'aaaaaaaaaaaaaaaaa...')
    """
    said = re.sub(r"\s*\n\s*", " ", str(text)[: 2 * room].strip())
    said = "".join(c if c.isprintable() else repr(c)[1:-1] for c in said)
    return said if len(said) <= room else f"{said[: room - 3]}..."


class _Writer(reprlib.Repr):
    """`repr` that stops where nobody reads on, and where Python's own raises."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room, self.maxlevel, self.maxother = room, 3, 2 * room + 10
        for kind in ("tuple", "list", "dict", "set", "frozenset", "deque", "array"):
            setattr(self, f"max{kind}", room // 3)  # an entry takes three characters at least

    def repr_str(self, x: str, level: int) -> str:
        return repr(x[: self.room])

    def repr_bytes(self, x: bytes, level: int) -> str:
        return repr(x[: self.room])

    repr_bytearray = repr_bytes

    def repr_int(self, x: int, level: int) -> str:
        return repr(x) if x.bit_length() < 4000 else f"<a whole number of {x.bit_length():,} bits>"
