"""Pictures: numbers in, a finished figure and its one-sentence description out (see `style`). Every function marked
`@picture` in a file here is one."""

import sys

from course_lib import rooms
from course_lib.plots.style import Figure, is_picture, picture

_pictures = rooms.defined(sys.modules[__name__], is_picture)
globals().update(_pictures)
__all__ = ["Figure", "picture", *_pictures]
