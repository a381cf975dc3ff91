"""How strongly a loss is curved where it is curved most: what limits the learning rate, 2 / curvature.

    largest_curvature(valley.gradient, valley.start)    # no matrix of second derivatives is ever made

Source: Pearlmutter, 1994, Fast exact multiplication by the Hessian (section 1 for the difference used here).
"""

import numpy as np


def largest_curvature(gradient, point, way=None, rounds=20, reach=1e-2):
    """The largest second derivative at a point, over all directions, and the direction (n,) in which it is found.

    The change of the gradient along a direction v is the curvature times v:

        H v ≈ (gradient(w + r v) − gradient(w − r v)) / 2r

    Power iteration: H v lies closer to the direction of the largest curvature than v does; so take it for v, again and
    again. Costs two gradients a round.

    gradient: a function of w, shape (n,). way: a direction to begin with, such as the one found a few steps before.
    reach: r; the two points must be far enough apart for the gradients to differ in float32.
    """
    w = np.asarray(point)
    v = np.random.default_rng(0).normal(size=w.shape) if way is None else np.asarray(way)
    for _ in range(rounds):
        v = (v / np.linalg.norm(v)).astype(w.dtype)
        change = (gradient(w + reach * v) - gradient(w - reach * v)) / (2 * reach)
        curvature, v = float(v @ change), change
    return curvature, v
