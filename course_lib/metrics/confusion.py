"""Four counts and what is read from them: what was called positive, and what was?

                    called positive     called negative
    is positive     true positive       false negative
    is negative     false positive      true negative

A number counts as called positive where it is above a threshold. Several thresholds are counted in one pass: every
prediction falls between two neighbouring thresholds, and a count from the top down gives how many are above each.
"""

import math

import numpy as np

from course_lib.activations import sigmoid
from course_lib.metrics.base import Metric, aligned
from course_lib.registry import claim_numbers
from course_lib.text.words import short

EPSILON = 1e-7
MOST_THRESHOLDS, MOST_CLASSES = 1_000_000, 20_000


class _Counts(Metric):
    """The four counts at each threshold, as arrays `tp`, `fp`, `fn`, `tn`."""

    def __init__(self, thresholds, name=None, dtype=None, top_k=None, class_id=None):
        self.thresholds = list(thresholds) if isinstance(thresholds, (list, tuple, np.ndarray)) else [thresholds]
        self.top_k, self.class_id = top_k, class_id
        claim_numbers(4 * len(self.thresholds), f"{type(self).__name__} asks for {len(self.thresholds):,} thresholds")
        super().__init__(name, dtype)

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_true, y_pred = aligned(y_true, y_pred, type(self).__name__)
        if self.top_k is not None:
            y_pred = _only_top_k(y_pred, self.top_k)
        if self.class_id is not None:
            if y_pred.ndim < 2:
                raise ValueError(
                    f"{type(self).__name__} got class_id={short(self.class_id)} and predictions of shape "
                    f"{y_pred.shape}; it needs one column a class: (n, classes)."
                )
            y_true, y_pred = y_true[..., self.class_id], y_pred[..., self.class_id]
        weight = np.ones(y_true.shape) if sample_weight is None else self._weights(sample_weight, y_true.shape)
        order = np.argsort(self.thresholds)
        above = np.searchsorted(np.asarray(self.thresholds, np.float32)[order], y_pred.ravel(), side="left")
        positive = (y_true != 0).ravel()
        for called, missed, kind in (("tp", "fn", positive), ("fp", "tn", ~positive)):
            buckets = np.bincount(above[kind], weight.ravel()[kind], minlength=len(order) + 1)
            counts = np.empty(len(order))
            counts[order] = buckets[::-1].cumsum()[::-1][1:]
            setattr(self, called, getattr(self, called) + counts)
            setattr(self, missed, getattr(self, missed) + (buckets.sum() - counts))

    def _weights(self, sample_weight, shape):
        weight = np.asarray(sample_weight, np.float64)
        if weight.ndim == len(shape) + 1 and weight.shape[-1] == 1:
            weight = weight[..., 0]
        return np.broadcast_to(weight.reshape(weight.shape + (1,) * (len(shape) - weight.ndim)), shape)

    def reset_state(self):
        self.tp, self.fp, self.fn, self.tn = np.zeros((4, len(self.thresholds)))

    def _shown(self, numbers):
        """One threshold: a Python float; several: an array."""
        return float(numbers[0]) if len(self.thresholds) == 1 else numbers


class _Count(_Counts):
    def __init__(self, thresholds=None, name=None, dtype=None):
        super().__init__(_within_0_1(self, thresholds, 0.5), name, dtype)


class TruePositives(_Count):
    """How many (or what weight of) positives were called positive."""

    def result(self):
        return self._shown(self.tp)


class FalsePositives(_Count):
    """How many negatives were called positive: false alarms."""

    def result(self):
        return self._shown(self.fp)


class TrueNegatives(_Count):
    """How many negatives were called negative."""

    def result(self):
        return self._shown(self.tn)


class FalseNegatives(_Count):
    """How many positives were called negative: misses."""

    def result(self):
        return self._shown(self.fn)


class _Share(_Counts):
    """Precision and Recall: one of the counts over a sum of two."""

    def __init__(self, thresholds=None, top_k=None, class_id=None, name=None, dtype=None):
        default = 0.5 if top_k is None else -math.inf  # of the top k every one counts
        super().__init__(_within_0_1(self, thresholds, default), name, dtype, top_k, class_id)
        self._thresholds = thresholds  # as given, for the config


class Precision(_Share):
    """tp / (tp + fp): of what was called positive, how much is? 0 when nothing was. Range 0 to 1.

    When: a false alarm is expensive. `thresholds`: one or several (default 0.5); `top_k`: the k highest scores of a row
    are called positive; `class_id`: only this column.
    """

    def result(self):
        return self._shown(_divide(self.tp, self.tp + self.fp))


class Recall(_Share):
    """tp / (tp + fn): of what is positive, how much was found? 0 when there is none. Range 0 to 1.

    When: a miss is expensive. Arguments as in `Precision`.
    """

    def result(self):
        return self._shown(_divide(self.tp, self.tp + self.fn))


class AUC(_Counts):
    """Area under a curve drawn by moving the threshold from 1 to 0.

    curve "ROC": recall over the share of false alarms among the negatives. ½ is guessing, 1 perfect; it is the
    probability that a random positive scores above a random negative. curve "PR": precision over recall.
    The curve is known at `num_thresholds` even points, or at `thresholds`. summation_method: "interpolation" between
    them, or the lower ("minoring") or higher ("majoring") of two neighbours.
    When: the threshold will be chosen later. Shapes: 0/1 labels and probabilities (`from_logits`: logits), any shape.
    Source: Hanley and McNeil, 1982; for PR the interpolation of Davis and Goadrich, 2006.
    """

    def __init__(
        self,
        num_thresholds=200,
        curve="ROC",
        summation_method="interpolation",
        name=None,
        dtype=None,
        thresholds=None,
        from_logits=False,
    ):
        if curve.upper() not in ("ROC", "PR"):
            raise ValueError(f"AUC got curve={short(curve)}; it knows 'ROC' and 'PR'.")
        if summation_method.lower() not in ("interpolation", "minoring", "majoring"):
            raise ValueError(
                f"AUC got summation_method={short(summation_method)}; "
                f"it knows 'interpolation', 'minoring' and 'majoring'."
            )
        if thresholds is None and num_thresholds < 2:
            raise ValueError(f"AUC got num_thresholds={short(num_thresholds)}; a curve needs 2 points or more.")
        if thresholds is None and num_thresholds > MOST_THRESHOLDS:
            raise ValueError(
                f"AUC got num_thresholds={short(num_thresholds)}; more than {MOST_THRESHOLDS:,} show no more."
            )
        self.num_thresholds = count = num_thresholds if thresholds is None else len(thresholds) + 2
        claim_numbers(5 * count, f"AUC asks for num_thresholds={count}")  # as a list and an array
        self.curve, self.summation_method = curve.upper(), summation_method.lower()
        self.from_logits, self._thresholds = from_logits, thresholds
        inner = np.linspace(0, 1, num_thresholds)[1:-1] if thresholds is None else np.sort(thresholds)
        super().__init__([-EPSILON, *inner.tolist(), 1.0 + EPSILON], name or "auc", dtype)

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_pred = sigmoid(y_pred) if self.from_logits else np.asarray(y_pred)
        if y_pred.size and not 0.0 <= y_pred.min() <= y_pred.max() <= 1.0:
            raise ValueError(
                f"AUC got predictions from {y_pred.min():.3g} to {y_pred.max():.3g}; it needs probabilities, 0 to 1. "
                f"For logits use AUC(from_logits=True)."
            )
        super().update_state(y_true, y_pred, sample_weight)

    def result(self):
        recall = _divide(self.tp, self.tp + self.fn)
        if self.curve == "ROC":
            x, y = _divide(self.fp, self.fp + self.tn), recall
        elif self.summation_method == "interpolation":
            return self._interpolated_precision()
        else:
            x, y = recall, _divide(self.tp, self.tp + self.fp)
        between = {
            "interpolation": (y[:-1] + y[1:]) / 2,
            "minoring": np.minimum(y[:-1], y[1:]),
            "majoring": np.maximum(y[:-1], y[1:]),
        }
        return float(((x[:-1] - x[1:]) * between[self.summation_method]).sum())

    def _interpolated_precision(self):
        """Between two thresholds it is tp that moves on a line in p = tp + fp; the precision tp / p does not."""
        p = self.tp + self.fp
        d_tp = self.tp[:-1] - self.tp[1:]
        slope = _divide(d_tp, p[:-1] - p[1:])
        intercept = self.tp[1:] - slope * p[1:]
        both = (p[:-1] > 0) & (p[1:] > 0)
        ratio = np.where(both, _divide(p[:-1], p[1:]), 1.0)
        area = slope * (d_tp + intercept * np.log(ratio))
        return float(_divide(area, self.tp[1:] + self.fn[1:]).sum())


class ConfusionMatrix(Metric):
    """How often class i (row) was called class j (column). `result()` is an array (classes, classes).

    `update_state(y_true, y_pred)` takes class numbers or rows of scores for either; see `confusion_matrix`.
    """

    def __init__(self, num_classes, name="confusion_matrix", dtype=None):
        if not 1 <= num_classes <= MOST_CLASSES:
            raise ValueError(
                f"ConfusionMatrix got num_classes={short(num_classes)}; it keeps a number for each pair of classes, "
                f"for 1 to {MOST_CLASSES:,} of them."
            )
        claim_numbers(num_classes**2, f"ConfusionMatrix asks for num_classes={num_classes}")
        self.num_classes = num_classes
        super().__init__(name, dtype)

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_true, y_pred = (_to_classes(y, self.num_classes) for y in (y_true, y_pred))
        self.counts = self.counts + confusion_matrix(y_true, y_pred, self.num_classes, sample_weight)

    def result(self):
        return self.counts

    def reset_state(self):
        self.counts = np.zeros((self.num_classes, self.num_classes), int)


def confusion_matrix(labels, predictions, num_classes=None, weights=None):
    """An array (classes, classes): entry [i, j] counts (or sums the weights of) label i with prediction j.

    Both are class numbers, any shape. Its diagonal is what is right; row sums count the labels.
    """
    labels, predictions = aligned(labels, predictions, "confusion_matrix")
    labels, predictions = labels.ravel().astype(int), predictions.ravel().astype(int)
    highest = max(labels.max(initial=-1), predictions.max(initial=-1))
    num_classes = int(highest) + 1 if num_classes is None else num_classes
    lowest = min(labels.min(initial=0), predictions.min(initial=0))
    if lowest < 0 or highest >= num_classes:
        raise ValueError(
            f"confusion_matrix got class numbers from {lowest} to {highest}; "
            f"with num_classes={num_classes} they must be 0 … {num_classes - 1}."
        )
    weights = None if weights is None else np.ravel(weights)
    cells = np.bincount(labels * num_classes + predictions, weights, minlength=num_classes * num_classes)
    return cells.reshape(num_classes, num_classes)


def _to_classes(y, num_classes):
    """Class numbers, whether y holds them or rows of scores."""
    y = np.asarray(y)
    return y.argmax(axis=-1) if y.ndim > 1 and y.shape[-1] == num_classes > 1 else y.reshape(-1)


def _only_top_k(scores, k):
    """The k highest scores of each row as they are, all others −∞; of equal scores the earlier counts as higher."""
    top = np.argsort(-scores, axis=-1, kind="stable")[..., :k]
    kept = np.full(scores.shape, -np.inf, np.float64)
    np.put_along_axis(kept, top, np.take_along_axis(scores, top, axis=-1), axis=-1)
    return kept


def _within_0_1(metric, thresholds, default):
    if thresholds is None:
        return default
    if np.min(thresholds) < 0 or np.max(thresholds) > 1:
        raise ValueError(f"{type(metric).__name__} got thresholds={short(thresholds)}; they must lie in 0 to 1.")
    return thresholds


def _divide(a, b):
    """a / b, and 0 where b is 0."""
    return np.divide(a, b, out=np.zeros_like(a, dtype=float), where=b != 0)
