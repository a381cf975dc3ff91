"""Interactive pictures: thin shells over pure functions (see `base`)."""

from course_lib.widgets.base import VIEW, Choice, CourseWidget, Points, Slider, Text
from course_lib.widgets.course_map import CourseMap
from course_lib.widgets.forward_pass import ForwardPass
from course_lib.widgets.lineage_graph import LineageGraph
from course_lib.widgets.plateau_machine import PlateauMachine
from course_lib.widgets.type_and_classify import TypeAndClassify

__all__ = [
    "VIEW",
    "Choice",
    "CourseMap",
    "CourseWidget",
    "ForwardPass",
    "LineageGraph",
    "PlateauMachine",
    "Points",
    "Slider",
    "Text",
    "TypeAndClassify",
]
