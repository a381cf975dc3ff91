"""Pictures: numbers in, a finished figure and its one-sentence description out (see `style`)."""

from course_lib.plots.answers import probabilities
from course_lib.plots.arrays import shapes
from course_lib.plots.batches import gradient_clouds, lucky_stop, noisy_descent, paths, race, target_costs, valley
from course_lib.plots.boundaries import decision_boundaries, linear_collapse
from course_lib.plots.curves import activations, training_curves
from course_lib.plots.maps import course_map
from course_lib.plots.networks import network
from course_lib.plots.rates import plateau, rate_range, rate_runs, schedules
from course_lib.plots.style import Figure, picture

__all__ = [
    "Figure",
    "activations",
    "course_map",
    "decision_boundaries",
    "gradient_clouds",
    "linear_collapse",
    "lucky_stop",
    "network",
    "noisy_descent",
    "paths",
    "picture",
    "plateau",
    "probabilities",
    "race",
    "rate_range",
    "rate_runs",
    "schedules",
    "shapes",
    "target_costs",
    "training_curves",
    "valley",
]
