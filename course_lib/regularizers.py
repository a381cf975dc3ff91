"""Regularizers, with Keras's names: a price on large weights, added to the loss.

    penalty = regularizers.L2(0.01)
    penalty(w)              # a Python float
    penalty.gradient(w)     # d penalty / dw

A model that is trained with them prints a loss that holds the price, as Keras's does.
"""

import math

import numpy as np

from course_lib import left_out
from course_lib.registry import Configured, Registry
from course_lib.text.words import short


class Regularizer(Configured):
    """Base class: `reg(w)` is the price, `reg.gradient(w)` its gradient."""

    def __call__(self, w):
        raise NotImplementedError(f"{type(self).__name__} has no penalty.")

    def gradient(self, w):
        raise NotImplementedError(f"{type(self).__name__} has no gradient.")


class L1L2(Regularizer):
    """l1 Σ|w| + l2 Σw². Gradient l1 sign(w) + 2 l2 w. Source: Zou and Hastie, 2005 (elastic net)."""

    def __init__(self, l1=0.0, l2=0.0):
        self.l1, self.l2 = _price(self, "l1", l1, 0.0), _price(self, "l2", l2, 0.0)

    def __call__(self, w):
        return self.l1 * float(np.abs(w).sum()) + self.l2 * float(np.vdot(w, w))

    def gradient(self, w):
        return self.l1 * np.sign(w) + 2.0 * self.l2 * w


class L1(Regularizer):
    """l1 Σ|w|. Gradient l1 sign(w): the same pull at any size, so that weights become 0. When: few inputs should count.

    Source: Tibshirani, 1996 (the lasso).
    """

    def __init__(self, l1=0.01):
        self.l1 = _price(self, "l1", l1, 0.01)

    def __call__(self, w):
        return self.l1 * float(np.abs(w).sum())

    def gradient(self, w):
        return self.l1 * np.sign(w)


class L2(Regularizer):
    """l2 Σw². Gradient 2 l2 w: large weights are pulled hardest, none to exactly 0. When: against overfitting.

    Source: Hoerl and Kennard, 1970 (ridge regression).
    """

    def __init__(self, l2=0.01):
        self.l2 = _price(self, "l2", l2, 0.01)

    def __call__(self, w):
        return self.l2 * float(np.vdot(w, w))

    def gradient(self, w):
        return 2.0 * self.l2 * w


def get(identifier):
    """The regularizer that a name ("l1", "l2", "l1_l2"), a class or an object stands for; None stays None."""
    if not isinstance(identifier, type) and callable(identifier) and hasattr(identifier, "gradient"):
        return identifier
    return registry.get(identifier)


def _price(regularizer, name, value, default):
    value = default if value is None else value
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value) or value < 0:
        raise ValueError(
            f"{type(regularizer).__name__} got {name}={short(value)}; it is a price: a finite number, 0 or more."
        )
    return float(value)


l1, l2, l1_l2 = L1, L2, L1L2
registry = Registry("regularizers", "regularizer", Regularizer, [L1, L2, L1L2], {"l1_l2": L1L2})


__getattr__ = left_out.absent("regularizers")
