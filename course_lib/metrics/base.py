"""What every metric has: a state that grows batch by batch, and a result read at any time.

A metric is not the mean of its batches' values: the last batch may be smaller, and precision is no mean at all. So each
keeps sums, and divides when asked.
"""

import numpy as np

from course_lib.registry import Configured, snake_case


class Metric(Configured):
    """Base class. A subclass writes `update_state`, `result` and `reset_state`."""

    not_in_config = ("dtype",)

    def __init__(self, name=None, dtype=None):
        self.name = name or snake_case(type(self).__name__)
        self.dtype = dtype  # there for Keras's sake; the sums are Python floats
        self.reset_state()

    def update_state(self, y_true, y_pred, sample_weight=None):
        raise NotImplementedError(f"{type(self).__name__} has no update_state.")

    def result(self):
        raise NotImplementedError(f"{type(self).__name__} has no result.")

    def reset_state(self):
        """Forget all batches."""

    def __call__(self, *args, **kwargs):
        """`update_state` with these arguments, then `result`."""
        self.update_state(*args, **kwargs)
        return self.result()


class Mean(Metric):
    """Σ w v / Σ w over all values v seen, one an example; 0 before the first. Axes after the first are averaged."""

    def __init__(self, name="mean", dtype=None):
        super().__init__(name, dtype)

    def update_state(self, values, sample_weight=None):
        if isinstance(values, float) and not hasattr(sample_weight, "shape"):  # a loss already reduced: fit's case
            weight = 1.0 if sample_weight is None else sample_weight
            self.total += values * weight
            self.count += weight
            return
        values = np.asarray(values)
        if sample_weight is None:
            examples = len(values) if values.ndim else 1
            if values.dtype == bool:
                self.total += int(np.count_nonzero(values)) * examples / values.size
            else:
                self.total += float(np.add.reduce(values, axis=None)) * examples / values.size
            self.count += examples
        else:
            values, weight = _per_example(values, sample_weight)
            self.total += float((values * weight).sum())
            self.count += float(weight.sum())

    def result(self):
        return self.total / self.count if self.count else 0.0

    def reset_state(self):
        self.total = self.count = 0.0


class Sum(Metric):
    """Σ w v over all values v seen."""

    def __init__(self, name="sum", dtype=None):
        super().__init__(name, dtype)

    def update_state(self, values, sample_weight=None):
        values = np.asarray(values)
        weight = 1.0 if sample_weight is None else np.asarray(sample_weight)
        if sample_weight is not None:
            weight = weight.reshape(weight.shape + (1,) * (values.ndim - weight.ndim))
        self.total += float((values * weight).sum())

    def result(self):
        return self.total

    def reset_state(self):
        self.total = 0.0


class MeanMetricWrapper(Mean):
    """The mean of `fn(y_true, y_pred, **kwargs)`, which gives one value an example."""

    def __init__(self, fn, name=None, dtype=None, **kwargs):
        super().__init__(name or getattr(fn, "__name__", None), dtype)
        self.fn, self.arguments = fn, kwargs

    def update_state(self, y_true, y_pred, sample_weight=None):
        super().update_state(self.fn(y_true, y_pred, **self.arguments), sample_weight)


def _per_example(values, sample_weight):
    """Values and weights with one number an example: axes that the weight lacks are averaged, and so is the rest."""
    weight = np.asarray(sample_weight, np.float64)
    if weight.ndim == values.ndim + 1 and weight.shape[-1] == 1:
        weight = weight[..., 0]
    if values.ndim > weight.ndim:
        values = values.mean(axis=tuple(range(weight.ndim, values.ndim)))
    if weight.ndim != values.ndim or any(a not in (1, b) for a, b in zip(weight.shape, values.shape)):
        raise ValueError(
            f"A metric got sample_weight of shape {np.shape(sample_weight)} for values of shape {values.shape}. "
            f"It takes one weight for each value, or one for each example."
        )
    if weight.ndim > 1:  # Keras's order: multiply, then average both over the axes after the first
        weight = np.broadcast_to(weight, values.shape)
        axes = tuple(range(1, values.ndim))
        weighted, weight = (values * weight).mean(axis=axes), weight.mean(axis=axes)
        return np.divide(weighted, weight, out=np.zeros_like(weighted), where=weight != 0), weight
    return values, weight


def aligned(y_true, y_pred, kind):
    """Both as arrays of one shape, (n,) beside (n, 1) being the same thing, or an error that says what does not fit."""
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    if y_true.shape != y_pred.shape:
        longer, shorter = (y_true, y_pred) if y_true.ndim > y_pred.ndim else (y_pred, y_true)
        if longer.shape != (*shorter.shape, 1):
            raise ValueError(
                f"{kind} got y_true of shape {y_true.shape} and y_pred of shape {y_pred.shape}; "
                f"it needs one shape for both."
            )
        common = longer.shape if shorter.ndim == 1 else shorter.shape
        y_true, y_pred = y_true.reshape(common), y_pred.reshape(common)
    return y_true, y_pred
