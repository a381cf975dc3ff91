"""Adam: a step of about one learning rate for every weight, whatever the size of its gradient."""

import math

import numpy as np

from course_lib.optimizers.base import TINY, Optimizer


class Adam(Optimizer):
    """Running means of the gradient and of its square give each weight a step of its own.

        m ← β₁·m + (1 − β₁)·g            v ← β₂·v + (1 − β₂)·g²
        w ← w − η · √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε)

    with t = 1 at the first step. As in Keras, ε stands outside the root and is not corrected for bias.
    Source: Kingma and Ba, 2015, Adam: A method for stochastic optimization (the form before section 2.1).
    """

    slots = ("m", "v")

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, **kwargs):
        super().__init__(learning_rate, **kwargs)
        for name, beta in (("beta_1", beta_1), ("beta_2", beta_2)):
            if not 0 <= beta < 1:
                raise ValueError(f"Adam got {name}={beta!r}; it must be at least 0 and below 1.")
        self.beta_1, self.beta_2, self.epsilon = float(beta_1), float(beta_2), float(epsilon)

    def update(self, variable, gradient, state, rate):
        # The two means are kept without their constant factors 1 − β₁ and 1 − β₂, which go into `step` and `epsilon`:
        # two passes over memory fewer.
        m, v = state["m"], state["v"]
        root = math.sqrt(1 - self.beta_2)
        step = rate * self.correction(variable.dtype.type) * (1 - self.beta_1) / root
        scratch = gradient + TINY
        m *= self.beta_1
        m += scratch
        scratch *= scratch
        v *= self.beta_2
        v += scratch
        np.sqrt(v, out=scratch)
        scratch += self.epsilon / root
        np.divide(m, scratch, out=scratch)
        scratch *= step
        variable -= scratch

    def correction(self, dtype):
        """√(1 − β₂ᵗ) / (1 − β₁ᵗ), in the precision of the weights, as Keras does.

        In float32, 1 − 0.999 is wrong by 1.3e-5 of itself. Without the same error our weights would leave Keras's by
        1e-6 within 40 steps, enough for a ReLU to wake up on one side only.
        """
        t = dtype(self.iterations)
        return float(np.sqrt(1 - dtype(self.beta_2) ** t) / (1 - dtype(self.beta_1) ** t))

    def get_config(self):
        return {**super().get_config(), "beta_1": self.beta_1, "beta_2": self.beta_2, "epsilon": self.epsilon}
