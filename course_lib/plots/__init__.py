"""Pictures: numbers in, a finished figure and its one-sentence description out (see `style`)."""

from course_lib.plots.answers import probabilities
from course_lib.plots.architectures import filtered, neurons, trials, wiring
from course_lib.plots.arrays import backward_shapes, shapes
from course_lib.plots.batches import gradient_clouds, lucky_stop, noisy_descent, paths, race, target_costs, valley
from course_lib.plots.boundaries import decision_boundaries, linear_collapse
from course_lib.plots.cluster import engine_seconds, shuffle_sizes, task_timeline
from course_lib.plots.confusion import WORDS_SHOWN, confused, confusion
from course_lib.plots.curves import activations, training_curves
from course_lib.plots.depth import depth_table, signal_depth, stuck
from course_lib.plots.descent import descent, descents, edge, endings, shrinkage, symptoms, tipping
from course_lib.plots.gradients import blame, difference_errors, loss_curves, value_graph
from course_lib.plots.latency import TAIL_ROOM, batch_sizes, callers, calls, modes, tail, ways
from course_lib.plots.learning import learning_curves, planted_bugs, running_mean
from course_lib.plots.lineage import lineage
from course_lib.plots.losses import bug_on_curve, loss_over_probability, over_score, softmax_dial
from course_lib.plots.mapreduce import job_timeline, mapreduce_cards, shuffled_bytes
from course_lib.plots.maps import course_map
from course_lib.plots.networks import network
from course_lib.plots.rates import plateau, rate_range, rate_runs, schedules
from course_lib.plots.serving import journeys, lanes, request_cost
from course_lib.plots.style import Figure, picture

__all__ = [
    "Figure",
    "TAIL_ROOM",
    "WORDS_SHOWN",
    "activations",
    "backward_shapes",
    "batch_sizes",
    "blame",
    "bug_on_curve",
    "callers",
    "calls",
    "confused",
    "confusion",
    "course_map",
    "decision_boundaries",
    "depth_table",
    "descent",
    "descents",
    "difference_errors",
    "edge",
    "endings",
    "engine_seconds",
    "filtered",
    "gradient_clouds",
    "job_timeline",
    "journeys",
    "lanes",
    "learning_curves",
    "lineage",
    "linear_collapse",
    "loss_curves",
    "loss_over_probability",
    "lucky_stop",
    "mapreduce_cards",
    "modes",
    "network",
    "neurons",
    "noisy_descent",
    "over_score",
    "paths",
    "picture",
    "planted_bugs",
    "plateau",
    "probabilities",
    "race",
    "rate_range",
    "rate_runs",
    "request_cost",
    "running_mean",
    "schedules",
    "shapes",
    "shrinkage",
    "shuffle_sizes",
    "shuffled_bytes",
    "signal_depth",
    "softmax_dial",
    "stuck",
    "symptoms",
    "tail",
    "target_costs",
    "task_timeline",
    "tipping",
    "training_curves",
    "trials",
    "valley",
    "value_graph",
    "ways",
    "wiring",
]
