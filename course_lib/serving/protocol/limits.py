"""How much one request may ask of the server."""

from typing import NamedTuple


class Limits(NamedTuple):
    """bytes: of a request's body. elements: numbers that a request sends, or that its texts become.
    seconds: for the body to arrive, and as much again for the answer.
    """

    bytes: int = 8_000_000
    elements: int = 1_000_000
    seconds: float = 10.0


DEFAULT = Limits()
