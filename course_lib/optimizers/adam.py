"""Adam: a step of about one learning rate for every weight, whatever the size of its gradient. AdamW: with decay."""

import math

import numpy as np

from course_lib.optimizers.base import TINY, Optimizer
from course_lib.text.words import short


class Adam(Optimizer):
    """Running means of the gradient and of its square give each weight a step of its own.

        m ← β₁·m + (1 − β₁)·g            v ← β₂·v + (1 − β₂)·g²
        w ← w − η · √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε)

    with t = 1 at the first step. As in Keras, ε stands outside the root and is not corrected for bias.
    amsgrad: the largest v so far, v_hat, stands in its place, so that a weight's steps can only become shorter.
    Source: Kingma and Ba, 2015, Adam: A method for stochastic optimization (the form before section 2.1);
    Reddi, Kale and Kumar, 2018, On the convergence of Adam and beyond.
    """

    slots = ("m", "v")

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, amsgrad=False, **kwargs):
        super().__init__(learning_rate, **kwargs)
        for name, beta in (("beta_1", beta_1), ("beta_2", beta_2)):
            if not 0 <= beta < 1:
                raise ValueError(f"{type(self).__name__} got {name}={short(beta)}; it must be at least 0 and below 1.")
        self.beta_1, self.beta_2, self.epsilon = float(beta_1), float(beta_2), float(epsilon)
        self.amsgrad, self._made_of = bool(amsgrad), None
        if self.amsgrad:
            self.slots = (*self.slots, "v_hat")

    def update(self, variable, gradient, state, rate, scratch):
        m, v = state["m"], state["v"]
        tiny, beta_1, rest_1, beta_2, ratio, epsilon = self.factors(variable.dtype)
        np.add(gradient, tiny, out=scratch)
        scratch *= rest_1  # (1 − β₁) g
        m *= beta_1
        m += scratch
        scratch *= scratch  # (1 − β₁)² g²
        scratch *= ratio
        v *= beta_2
        v += scratch
        if self.amsgrad:
            v = np.maximum(state["v_hat"], v, out=state["v_hat"])
        np.sqrt(v, out=scratch)
        scratch += epsilon
        np.divide(m, scratch, out=scratch)
        scratch *= rate * self.correction(variable.dtype.type)
        variable -= scratch

    def factors(self, dtype):
        """What stands before m, v and g, as arrays without axes: NumPy takes them faster than Python's floats."""
        made_of = (dtype, self.beta_1, self.beta_2, self.epsilon)
        if made_of != self._made_of:
            rest_1, rest_2 = 1 - self.beta_1, 1 - self.beta_2
            numbers = (TINY, self.beta_1, rest_1, self.beta_2, rest_2 / rest_1**2, self.epsilon)
            self._made_of, self._factors = made_of, [np.array(number, dtype) for number in numbers]
        return self._factors

    def correction(self, dtype):
        """√(1 − β₂ᵗ) / (1 − β₁ᵗ), in the precision of the weights, as Keras does.

        In float32, 1 − 0.999 is wrong by 1.3e-5 of itself. Without the same error our weights would leave Keras's by
        1e-6 within 40 steps, enough for a ReLU to wake up on one side only.
        """
        t = self.iterations
        left_1, left_2 = float(dtype(self.beta_1) ** t), float(dtype(self.beta_2) ** t)
        return math.sqrt(1 - left_2) / (1 - left_1)


class AdamW(Adam):
    """Adam whose weights shrink at each step by η · weight_decay of themselves, whatever their gradients.

    An L2 price would go through m / √v, and be least where gradients are large. In Keras every optimizer knows
    `weight_decay`; here it is on. Source: Loshchilov and Hutter, 2019, Decoupled weight decay regularization.
    """

    def __init__(
        self,
        learning_rate=0.001,
        weight_decay=0.004,
        beta_1=0.9,
        beta_2=0.999,
        epsilon=1e-7,
        amsgrad=False,
        **kwargs,
    ):
        super().__init__(learning_rate, beta_1, beta_2, epsilon, amsgrad, weight_decay=weight_decay, **kwargs)
        if weight_decay is None:
            raise ValueError("AdamW got weight_decay=None; it needs a number. Adam is AdamW without it.")
