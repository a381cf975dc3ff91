"""Losses for numbers: how far is the prediction from the target?

In each: t the target, p the prediction, e = p − t, d the length of the last axis. All but the last are means over that
axis of something computed number by number. Shapes: t and p (n, d), or (n,) for n separate numbers.
"""

import numpy as np

from course_lib.losses.base import Loss, MeanLoss

EPSILON = 1e-7  # keras.config.epsilon(): keeps logarithms and quotients finite


class MeanSquaredError(MeanLoss):
    """mean (p − t)². Derivative 2 (p − t) / d. At least 0.

    When: the usual choice for numbers; a mistake twice as large counts four times, so outliers rule.
    The best constant answer is the mean of the targets. Source: Legendre, 1805; Gauss, 1809 (least squares).
    """

    def __init__(self, reduction="sum_over_batch_size", name="mean_squared_error", dtype=None):
        super().__init__(reduction, name, dtype)

    def each(self, t, p):
        e = p - t
        return e * e

    def each_derivative(self, t, p):
        return 2.0 * (p - t)


class MeanAbsoluteError(MeanLoss):
    """mean |p − t|. Derivative sign(p − t) / d, and 0 at p = t. At least 0.

    When: outliers should not rule. The best constant answer is the median of the targets.
    """

    def __init__(self, reduction="sum_over_batch_size", name="mean_absolute_error", dtype=None):
        super().__init__(reduction, name, dtype)

    def each(self, t, p):
        return np.abs(p - t)

    def each_derivative(self, t, p):
        return np.sign(p - t)


class MeanAbsolutePercentageError(MeanLoss):
    """mean 100 |p − t| / |t|, with |t| at least 1e-7. Derivative 100 sign(p − t) / |t| / d. At least 0.

    When: targets of very different sizes, none near 0.
    """

    def __init__(self, reduction="sum_over_batch_size", name="mean_absolute_percentage_error", dtype=None):
        super().__init__(reduction, name, dtype)

    def each(self, t, p):
        return 100.0 * np.abs((t - p) / np.maximum(np.abs(t), EPSILON))

    def each_derivative(self, t, p):
        return 100.0 * np.sign(p - t) / np.maximum(np.abs(t), EPSILON)


class MeanSquaredLogarithmicError(MeanLoss):
    """mean (log(p + 1) − log(t + 1))², with p and t at least 1e-7.

    Derivative 2 (log(p + 1) − log(t + 1)) / (p + 1) / d; 0 where p was cut. At least 0.
    When: counts and prices, where the ratio matters and not the difference.
    """

    def __init__(self, reduction="sum_over_batch_size", name="mean_squared_logarithmic_error", dtype=None):
        super().__init__(reduction, name, dtype)

    def each(self, t, p):
        e = self._log(p) - self._log(t)
        return e * e

    def each_derivative(self, t, p):
        return np.where(p >= EPSILON, 2.0 * (self._log(p) - self._log(t)) / (p + 1.0), 0.0)

    @staticmethod
    def _log(x):
        return np.log(np.maximum(x, EPSILON) + 1.0)


class Huber(MeanLoss):
    """mean of ½ e² where |e| ≤ δ, and of δ |e| − ½ δ² beyond: squared near the target, absolute far from it.

    Derivative e cut to [−δ, δ], / d. At least 0. When: numbers with outliers, and a smooth minimum.
    Source: Huber, 1964, Robust estimation of a location parameter.
    """

    def __init__(self, delta=1.0, reduction="sum_over_batch_size", name="huber_loss", dtype=None):
        super().__init__(reduction, name, dtype)
        self.delta = float(delta)

    def each(self, t, p):
        size = np.abs(p - t)
        inside = np.minimum(size, self.delta)
        return inside * (size - 0.5 * inside)

    def each_derivative(self, t, p):
        return np.clip(p - t, -self.delta, self.delta)


class LogCosh(MeanLoss):
    """mean log cosh(p − t): about ½ e² near 0 and |e| − log 2 far away. Derivative tanh(p − t) / d. At least 0.

    When: as Huber, without a δ to choose.
    """

    def __init__(self, reduction="sum_over_batch_size", name="log_cosh", dtype=None):
        super().__init__(reduction, name, dtype)

    def each(self, t, p):
        size = np.abs(p - t)  # cosh is even, and large cosh would overflow
        return size + np.log1p(np.exp(-2.0 * size)) - 0.6931471805599453

    def each_derivative(self, t, p):
        return np.tanh(p - t)


class CosineSimilarity(Loss):
    """−cos of the angle between t and p: −Σ t̂ p̂ with t̂ = t / ‖t‖, p̂ = p / ‖p‖. From −1 (same direction) to 1.

    Derivative (p̂ (t̂·p̂) − t̂) / ‖p‖. A zero vector gives 0. When: only the direction matters, as with embeddings.
    """

    def __init__(self, axis=-1, reduction="sum_over_batch_size", name="cosine_similarity", dtype=None):
        super().__init__(reduction, name, dtype)
        self.axis = axis

    def values(self, y_true, y_pred):
        return -(self._unit(y_true)[0] * self._unit(y_pred)[0]).sum(axis=self.axis)

    def derivative(self, y_true, y_pred):
        (t, _), (p, norm) = self._unit(y_true), self._unit(y_pred)
        cosine = (t * p).sum(axis=self.axis, keepdims=True)
        return (p * cosine - t) / norm

    def _unit(self, x):
        norm = np.sqrt((x * x).sum(axis=self.axis, keepdims=True))
        norm = np.maximum(norm, EPSILON)
        return x / norm, norm
