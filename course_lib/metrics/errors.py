"""Metrics that are means of a loss over all examples seen (the loss itself belongs to one batch).

Formulas and shapes stand at the losses of the same names in `course_lib.losses`.
"""

import math

import numpy as np

from course_lib import losses
from course_lib.activations import as_float
from course_lib.metrics.base import Mean, aligned


class _MeanOfLoss(Mean):
    def __init__(self, loss, name, dtype):
        super().__init__(name, dtype)
        self.loss = loss

    def update_state(self, y_true, y_pred, sample_weight=None):
        super().update_state(self.loss.call(y_true, y_pred), sample_weight)


class MeanSquaredError(_MeanOfLoss):
    """Mean of (p − t)²."""

    def __init__(self, name="mean_squared_error", dtype=None):
        super().__init__(losses.MeanSquaredError(), name, dtype)


class RootMeanSquaredError(Mean):
    """√ of the mean of (p − t)², in the units of t. The root is taken of the mean over all, not batch by batch."""

    def __init__(self, name="root_mean_squared_error", dtype=None):
        super().__init__(name, dtype)

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_pred = as_float(y_pred)
        y_true, y_pred = aligned(np.asarray(y_true, y_pred.dtype), y_pred, "RootMeanSquaredError")
        error = y_pred - y_true
        super().update_state(error * error, sample_weight)

    def result(self):
        return math.sqrt(super().result())


class MeanAbsoluteError(_MeanOfLoss):
    """Mean of |p − t|, in the units of t."""

    def __init__(self, name="mean_absolute_error", dtype=None):
        super().__init__(losses.MeanAbsoluteError(), name, dtype)


class MeanAbsolutePercentageError(_MeanOfLoss):
    """Mean of 100 |p − t| / |t|."""

    def __init__(self, name="mean_absolute_percentage_error", dtype=None):
        super().__init__(losses.MeanAbsolutePercentageError(), name, dtype)


class MeanSquaredLogarithmicError(_MeanOfLoss):
    """Mean of (log(p + 1) − log(t + 1))²."""

    def __init__(self, name="mean_squared_logarithmic_error", dtype=None):
        super().__init__(losses.MeanSquaredLogarithmicError(), name, dtype)


class LogCoshError(_MeanOfLoss):
    """Mean of log cosh(p − t)."""

    def __init__(self, name="logcosh", dtype=None):
        super().__init__(losses.LogCosh(), name, dtype)


class CosineSimilarity(_MeanOfLoss):
    """Mean of the cosine of the angle between t and p: +cos, while the loss of this name is −cos, as in Keras."""

    def __init__(self, name="cosine_similarity", dtype=None, axis=-1):
        super().__init__(losses.CosineSimilarity(axis=axis), name, dtype)
        self.axis = axis

    def result(self):
        return -super().result()


class BinaryCrossentropy(_MeanOfLoss):
    """Mean binary cross-entropy."""

    def __init__(self, name="binary_crossentropy", dtype=None, from_logits=False, label_smoothing=0.0):
        super().__init__(losses.BinaryCrossentropy(from_logits, label_smoothing), name, dtype)
        self.from_logits, self.label_smoothing = from_logits, label_smoothing


class CategoricalCrossentropy(_MeanOfLoss):
    """Mean cross-entropy with one-hot labels."""

    def __init__(self, name="categorical_crossentropy", dtype=None, from_logits=False, label_smoothing=0.0, axis=-1):
        super().__init__(losses.CategoricalCrossentropy(from_logits, label_smoothing, axis), name, dtype)
        self.from_logits, self.label_smoothing, self.axis = from_logits, label_smoothing, axis


class SparseCategoricalCrossentropy(_MeanOfLoss):
    """Mean cross-entropy with class numbers. e to its power is the perplexity.

    Labels `ignore_class` have the value 0. As in Keras they still count in the number of examples, unless
    `sample_weight` is given: then they count nowhere.
    """

    def __init__(
        self, name="sparse_categorical_crossentropy", dtype=None, from_logits=False, ignore_class=None, axis=-1
    ):
        super().__init__(losses.SparseCategoricalCrossentropy(from_logits, ignore_class, axis=axis), name, dtype)
        self.from_logits, self.ignore_class, self.axis = from_logits, ignore_class, axis

    def update_state(self, y_true, y_pred, sample_weight=None):
        if sample_weight is not None and self.ignore_class is not None:
            counted = self.loss.mask(np.reshape(y_true, np.shape(y_pred)[:-1]))
            weight = np.asarray(sample_weight)
            sample_weight = counted * weight.reshape(weight.shape + (1,) * (counted.ndim - weight.ndim))
        super().update_state(y_true, y_pred, sample_weight)


class KLDivergence(_MeanOfLoss):
    """Mean of Σ t log(t / p)."""

    def __init__(self, name="kl_divergence", dtype=None):
        super().__init__(losses.KLDivergence(), name, dtype)


class Poisson(_MeanOfLoss):
    """Mean of p − t log p."""

    def __init__(self, name="poisson", dtype=None):
        super().__init__(losses.Poisson(), name, dtype)


class Hinge(_MeanOfLoss):
    """Mean of max(1 − t p, 0)."""

    def __init__(self, name="hinge", dtype=None):
        super().__init__(losses.Hinge(), name, dtype)


class SquaredHinge(_MeanOfLoss):
    """Mean of max(1 − t p, 0)²."""

    def __init__(self, name="squared_hinge", dtype=None):
        super().__init__(losses.SquaredHinge(), name, dtype)


class CategoricalHinge(_MeanOfLoss):
    """Mean of max(1 + best wrong score − right score, 0)."""

    def __init__(self, name="categorical_hinge", dtype=None):
        super().__init__(losses.CategoricalHinge(), name, dtype)
