"""RMSprop: each weight's gradient is divided by its usual size."""

import numpy as np

from course_lib.optimizers.base import TINY, Optimizer
from course_lib.text.words import short


class RMSprop(Optimizer):
    """The step is the gradient divided by the root of its running mean square.

        v ← ρ·v + (1 − ρ)·g²             w ← w − η · g / √(v + ε)

    momentum μ: steps are gathered,  b ← μ·b + η · g / √(v + ε),  w ← w − b.
    centered: v − a² stands for v, with a ← ρ·a + (1 − ρ)·g: the gradient's variance, not its mean square.
    As in Keras, ε stands inside the root. Source: Hinton, 2012, Neural networks for machine learning, lecture 6e.
    """

    slots = ("v",)

    def __init__(self, learning_rate=0.001, rho=0.9, momentum=0.0, epsilon=1e-7, centered=False, **kwargs):
        super().__init__(learning_rate, **kwargs)
        if not 0 <= rho < 1:
            raise ValueError(f"RMSprop got rho={short(rho)}; it must be at least 0 and below 1.")
        if not 0 <= momentum <= 1:
            raise ValueError(f"RMSprop got momentum={short(momentum)}; it must lie between 0 and 1.")
        self.rho, self.momentum, self.epsilon = float(rho), float(momentum), float(epsilon)
        self.centered = bool(centered)
        self.slots = (*self.slots, *(["a"] if self.centered else []), *(["b"] if self.momentum else []))

    def update(self, variable, gradient, state, rate, scratch):
        g = gradient + TINY
        v = state["v"]
        np.multiply(g, g, out=scratch)
        scratch *= 1 - self.rho
        v *= self.rho
        v += scratch
        if self.centered:
            a = state["a"]
            np.multiply(g, 1 - self.rho, out=scratch)
            a *= self.rho
            a += scratch
            np.multiply(a, a, out=scratch)
            v = np.subtract(v, scratch, out=scratch)
        np.add(v, self.epsilon, out=scratch)
        np.sqrt(scratch, out=scratch)
        np.divide(g, scratch, out=scratch)
        scratch *= rate
        if self.momentum:
            b = state["b"]
            b *= self.momentum
            b += scratch
            variable -= b
        else:
            variable -= scratch
