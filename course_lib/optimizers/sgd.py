"""Gradient descent, with momentum and Nesterov's look ahead."""

import numpy as np

from course_lib.optimizers.base import TINY, Optimizer
from course_lib.text.words import short


class SGD(Optimizer):
    """w ← w − η·g.  With momentum μ a velocity gathers past steps: v ← μ·v − η·g,  w ← w + v.
    With Nesterov: w ← w + μ·v − η·g, the step taken from where the velocity will lead.

    η is `learning_rate`, μ `momentum` (0: none). Source: Sutskever et al., 2013, On the importance of
    initialization and momentum in deep learning.
    """

    def __init__(self, learning_rate=0.01, momentum=0.0, nesterov=False, **kwargs):
        super().__init__(learning_rate, **kwargs)
        if not 0 <= momentum <= 1:
            raise ValueError(f"SGD got momentum={short(momentum)}; it must lie between 0 and 1.")
        self.momentum, self.nesterov = float(momentum), nesterov
        if self.momentum:
            self.slots = (*self.slots, "velocity")

    def update(self, variable, gradient, state, rate, scratch):
        if not self.momentum:
            variable -= rate * gradient
            return
        velocity = state["velocity"]
        step = np.add(gradient, TINY, out=scratch)
        step *= -rate
        velocity *= self.momentum
        velocity += step
        if self.nesterov:
            variable += step
            variable += self.momentum * velocity
        else:
            variable += velocity
