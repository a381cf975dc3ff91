"""Interactive pictures: thin shells over pure functions (see `base`)."""

from course_lib.widgets.base import VIEW, Choice, CourseWidget, Points, Slider, Text
from course_lib.widgets.confusion_explorer import ConfusionExplorer
from course_lib.widgets.course_map import CourseMap
from course_lib.widgets.forward_pass import ForwardPass
from course_lib.widgets.gradient_descent import GradientDescent
from course_lib.widgets.graph_stepper import GraphStepper
from course_lib.widgets.lineage_graph import LineageGraph
from course_lib.widgets.mapreduce_cards import MapReduceCards
from course_lib.widgets.noisy_descent import NoisyDescent
from course_lib.widgets.plateau_machine import PlateauMachine
from course_lib.widgets.request_journey import RequestJourney
from course_lib.widgets.signal_depth import SignalDepth
from course_lib.widgets.softmax_dial import SoftmaxDial
from course_lib.widgets.tail import Tail
from course_lib.widgets.type_and_classify import TypeAndClassify

__all__ = [
    "Choice",
    "ConfusionExplorer",
    "CourseMap",
    "CourseWidget",
    "ForwardPass",
    "GradientDescent",
    "GraphStepper",
    "LineageGraph",
    "MapReduceCards",
    "NoisyDescent",
    "PlateauMachine",
    "Points",
    "RequestJourney",
    "SignalDepth",
    "Slider",
    "SoftmaxDial",
    "Tail",
    "Text",
    "TypeAndClassify",
    "VIEW",
]
