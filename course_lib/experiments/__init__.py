"""What lessons run and no part of the engine needs: each file is one experiment, with its result as an object.

descent           gradient descent in its three forms, step by step, with an explicit stopping rule
surfaces          functions of two variables to descend on, each with its gradient
curvature         the largest second derivative at a point, by power iteration
rate_range        a run whose learning rate grows, to see where training tears
target            training until the loss is low enough: what that costs
linear_collapse   networks with and without an activation, on points that no straight line parts
depth             the size of signal and gradient at each layer of a deep stack
saliency          what each part of an input did for an answer
"""

from course_lib.experiments.linear_collapse import trained_on, two_moons
from course_lib.experiments.rate_range import range_test
from course_lib.experiments.saliency import gradient_times_input, occlusion
from course_lib.experiments.target import train_to
