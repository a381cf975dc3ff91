"""Pictures: numbers in, a finished figure and its one-sentence description out (see `style`)."""

from course_lib.plots.answers import probabilities
from course_lib.plots.architectures import filtered, neurons, trials, wiring
from course_lib.plots.arrays import shapes
from course_lib.plots.batches import gradient_clouds, lucky_stop, noisy_descent, paths, race, target_costs, valley
from course_lib.plots.boundaries import decision_boundaries, linear_collapse
from course_lib.plots.cluster import engine_seconds, shuffle_sizes, task_timeline
from course_lib.plots.curves import activations, training_curves
from course_lib.plots.depth import depth_table, signal_depth, stuck
from course_lib.plots.latency import TAIL_ROOM, batch_sizes, callers, calls, modes, tail, ways
from course_lib.plots.lineage import lineage
from course_lib.plots.mapreduce import job_timeline, mapreduce_cards, shuffled_bytes
from course_lib.plots.maps import course_map
from course_lib.plots.networks import network
from course_lib.plots.rates import plateau, rate_range, rate_runs, schedules
from course_lib.plots.serving import journeys, lanes, request_cost
from course_lib.plots.style import Figure, picture

__all__ = [
    "Figure",
    "TAIL_ROOM",
    "activations",
    "batch_sizes",
    "callers",
    "calls",
    "course_map",
    "decision_boundaries",
    "depth_table",
    "engine_seconds",
    "filtered",
    "gradient_clouds",
    "job_timeline",
    "journeys",
    "lanes",
    "lineage",
    "linear_collapse",
    "lucky_stop",
    "mapreduce_cards",
    "modes",
    "network",
    "neurons",
    "noisy_descent",
    "paths",
    "picture",
    "plateau",
    "probabilities",
    "race",
    "rate_range",
    "rate_runs",
    "request_cost",
    "schedules",
    "shapes",
    "shuffle_sizes",
    "shuffled_bytes",
    "signal_depth",
    "stuck",
    "tail",
    "target_costs",
    "task_timeline",
    "training_curves",
    "trials",
    "valley",
    "ways",
    "wiring",
]
