"""Interactive pictures: thin shells over pure functions (see `base`). Every widget defined in a file here is one."""

import sys

from course_lib import rooms
from course_lib.widgets.base import VIEW, Choice, CourseWidget, Points, Slider, Text, is_widget

_widgets = rooms.defined(sys.modules[__name__], is_widget)
globals().update(_widgets)
__all__ = ["VIEW", "Choice", "CourseWidget", "Points", "Slider", "Text", *_widgets]
