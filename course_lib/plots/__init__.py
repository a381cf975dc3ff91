"""Pictures: numbers in, a finished figure and its one-sentence description out (see `style`)."""

from course_lib.plots.answers import probabilities
from course_lib.plots.arrays import shapes
from course_lib.plots.boundaries import decision_boundaries, linear_collapse
from course_lib.plots.cluster import engine_seconds, shuffle_sizes, task_timeline
from course_lib.plots.curves import activations, training_curves
from course_lib.plots.lineage import lineage
from course_lib.plots.maps import course_map
from course_lib.plots.networks import network
from course_lib.plots.rates import plateau, rate_range, rate_runs, schedules
from course_lib.plots.style import Figure, picture

__all__ = [
    "Figure",
    "activations",
    "course_map",
    "decision_boundaries",
    "engine_seconds",
    "lineage",
    "linear_collapse",
    "network",
    "picture",
    "plateau",
    "probabilities",
    "rate_range",
    "rate_runs",
    "schedules",
    "shapes",
    "shuffle_sizes",
    "task_timeline",
    "training_curves",
]
