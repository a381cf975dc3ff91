"""Losses with a margin: right is not enough, it must be right by a distance of 1; beyond it nothing is asked.

Labels are −1 and 1; where all of y_true is 0 or 1 it is read as −1 and 1, as in Keras.
"""

import numpy as np

from course_lib.losses.base import Loss, MeanLoss


class Hinge(MeanLoss):
    """mean max(1 − t p, 0), t = ±1. Derivative −t / d where t p ≤ 1, else 0. At least 0.

    When: a linear classifier with a margin (support vector machine). Source: Cortes and Vapnik, 1995.
    """

    label_bounds = (-1, 1)

    def __init__(self, reduction="sum_over_batch_size", name="hinge", dtype=None):
        super().__init__(reduction, name, dtype)

    def each(self, t, p):
        return np.maximum(1.0 - _signs(t) * p, 0.0)

    def each_derivative(self, t, p):
        t = _signs(t)
        return np.where(t * p <= 1.0, -t, 0.0)


class SquaredHinge(MeanLoss):
    """mean max(1 − t p, 0)². Derivative −2 t max(1 − t p, 0) / d. At least 0.

    When: as Hinge, with a smooth edge and more weight on bad mistakes.
    """

    label_bounds = (-1, 1)

    def __init__(self, reduction="sum_over_batch_size", name="squared_hinge", dtype=None):
        super().__init__(reduction, name, dtype)

    def each(self, t, p):
        short = np.maximum(1.0 - _signs(t) * p, 0.0)
        return short * short

    def each_derivative(self, t, p):
        t = _signs(t)
        return -2.0 * t * np.maximum(1.0 - t * p, 0.0)


class CategoricalHinge(Loss):
    """max(1 + neg − pos, 0), pos = Σ t p the right class's score, neg = max (1 − t) p the best wrong one. At least 0.

    Derivative −t, and + (1 − t) at the best wrong class, where the margin is missed.
    Shapes: t one-hot and p (n, classes).
    When: scores for classes with a margin, no probabilities. Source: Crammer and Singer, 2001.
    """

    label_bounds = (-1, 1)

    def __init__(self, reduction="sum_over_batch_size", name="categorical_hinge", dtype=None):
        super().__init__(reduction, name, dtype)

    def values(self, y_true, y_pred):
        return np.maximum(self._missed(y_true, y_pred), 0.0)

    def derivative(self, y_true, y_pred):
        wrong = (1.0 - y_true) * y_pred
        best = (wrong == wrong.max(axis=-1, keepdims=True)).astype(y_pred.dtype)
        best /= best.sum(axis=-1, keepdims=True)  # equal scores share it
        missed = self._missed(y_true, y_pred)[..., None] >= 0.0
        return np.where(missed, (1.0 - y_true) * best - y_true, 0.0)

    @staticmethod
    def _missed(t, p):
        return ((1.0 - t) * p).max(axis=-1) - (t * p).sum(axis=-1) + 1.0


def _signs(t):
    """Labels 0 and 1 as −1 and 1; any others as they are."""
    return 2.0 * t - 1.0 if ((t == 0) | (t == 1)).all() else t
