"""How much one request may ask of the server."""

from collections import namedtuple

Limits = namedtuple("Limits", "bytes elements seconds", defaults=(8_000_000, 1_000_000, 10.0))
Limits.__doc__ += """

bytes: of a request's body. elements: numbers that a request sends, or that its texts become.
seconds: for the body to arrive, and as much again for the answer.
"""

DEFAULT = Limits()
