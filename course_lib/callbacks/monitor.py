"""What "better" means for a monitored number: which way is up, and by how much it must move."""

import warnings

import numpy as np

from course_lib import losses, metrics
from course_lib.callbacks.base import Callback
from course_lib.metrics import errors
from course_lib.text.words import short

HIGHER_IS_BETTER = (
    metrics.Accuracy,
    metrics.BinaryAccuracy,
    metrics.CategoricalAccuracy,
    metrics.SparseCategoricalAccuracy,
    metrics.TopKCategoricalAccuracy,
    metrics.SparseTopKCategoricalAccuracy,
    metrics.Precision,
    metrics.Recall,
    metrics.AUC,
    metrics.CosineSimilarity,
)


def improves(value, best, min_delta=0.0, mode="min"):
    """Whether `value` beats `best` by more than `min_delta`.

        mode "min":  value + min_delta < best          mode "max":  value − min_delta > best

    Compared in float32, as in Keras. The first value (best None) always counts; a NaN never beats a number, and no
    number beats a NaN.
    """
    if best is None:
        return True
    if mode == "max":
        return bool(np.float32(value - min_delta) > np.float32(best))
    return bool(np.float32(value + min_delta) < np.float32(best))


def direction(metric):
    """ "max" where higher is better, "min" where lower is, None where nobody can tell (a count, a function)."""
    if isinstance(metric, HIGHER_IS_BETTER):
        return "max"
    a_loss = type(metric) is metrics.MeanMetricWrapper and (
        isinstance(metric.fn, losses.Loss) or metric.fn.__module__.startswith("course_lib.losses")
    )
    return "min" if a_loss or any(kind.__module__ == errors.__name__ for kind in type(metric).__mro__) else None


class MonitorCallback(Callback):
    """Base of the callbacks that watch one number of the logs.

    Args:
        monitor: its name, as in the history: "val_loss", "accuracy", …
        mode: "min" (lower is better), "max", or "auto": read from the metric of that name.
        min_delta: how much better a value must be to count.
    """

    def __init__(self, monitor, mode, min_delta):
        if mode not in ("auto", "min", "max"):
            warnings.warn(
                f"{type(self).__name__} got mode={short(mode)}; taking 'auto'. Known: auto, min, max.", stacklevel=3
            )
            mode = "auto"
        self.monitor, self.mode, self.min_delta = monitor, mode, abs(min_delta)

    def resolved_mode(self):
        """ "min" or "max", once the model's metrics are known."""
        if self.mode != "auto":
            return self.mode
        name = self.monitor.removeprefix("val_")
        known = [direction(metric) for metric in getattr(self.model, "metrics", []) if metric.name == name]
        mode = next((found for found in known if found), "min" if name == "loss" else None)
        if mode is None:
            raise ValueError(
                f"{type(self).__name__} got monitor={short(self.monitor)} and cannot tell whether higher or lower is "
                f"better. Give mode='max' or mode='min'."
            )
        return mode

    def monitored(self, logs):
        """The watched number, or None with a warning that names those there are."""
        if self.monitor not in (logs or {}):
            warnings.warn(
                f"{type(self).__name__} watches {short(self.monitor)}, which is not among the logs: "
                f"{', '.join(logs or {}) or 'none'}. It does nothing. "
                f"A name with val_ needs validation_data or validation_split.",
                stacklevel=4,
            )
            return None
        return logs[self.monitor]
