"""What every loss has: one value an example, a reduction to one number, its gradient, and good errors.

A loss is a weighted sum of values, one value a row of predictions:  loss = Σᵢ shareᵢ · valueᵢ.
So its gradient is that of each value, times the share of the value. The reductions differ in the shares alone.
"""

import math

import numpy as np

from course_lib.activations import as_float
from course_lib.registry import Configured
from course_lib.text.words import short

REDUCTIONS = ("sum_over_batch_size", "mean", "sum", "mean_with_sample_weight", "none", None)


class Loss(Configured):
    """Base class. A subclass writes `values` and `derivative`; each value depends on its own row only.

    Args:
        reduction: how the values become one number.
            "sum_over_batch_size" or "mean": their mean. "sum": their sum. "none" or None: they stay an array.
            "mean_with_sample_weight": the weighted sum over the sum of the weights.
        name: shown in logs.
        dtype: there for Keras's sake; a loss computes in the dtype of `y_pred` (lists and integers: float32).
    """

    axis = -1  # the axis of y_pred that a value sums over
    fused_activation = None  # the activation under which `fused` may be used
    label_bounds = None  # (lowest, highest) number that y_true may hold
    not_in_config = ("dtype",)

    def __init__(self, reduction="sum_over_batch_size", name=None, dtype=None):
        if reduction not in REDUCTIONS:
            raise ValueError(f"{type(self).__name__} got reduction={short(reduction)}; it knows {REDUCTIONS}.")
        self.reduction = reduction
        self.name = name or type(self).__name__
        self.dtype = dtype

    # ---- to be written by each loss

    def values(self, y_true, y_pred):
        """One number for each row of predictions: shape of `y_pred` without the last axis."""
        raise NotImplementedError(f"{type(self).__name__} has no values(y_true, y_pred).")

    def derivative(self, y_true, y_pred):
        """d value / d y_pred, with the shape of `y_pred`."""
        raise NotImplementedError(f"{type(self).__name__} has no derivative(y_true, y_pred).")

    def mask(self, y_true):
        """True where a value counts; None when all do."""
        return None

    # ---- what a user calls

    def __call__(self, y_true, y_pred, sample_weight=None):
        """The loss, a Python float (an array of values with reduction "none"). Checks its input."""
        self.check(y_true, np.shape(y_pred))
        t, p = self.align(y_true, y_pred)
        return self._reduce(self.values(t, p), self.shares(t, p, sample_weight))

    def call(self, y_true, y_pred):
        """The loss of each example, before any reduction."""
        return self.values(*self.align(y_true, y_pred))

    def gradient(self, y_true, y_pred, sample_weight=None):
        """d loss / d y_pred, with the shape and dtype of `y_pred`. Checks its input."""
        self.check(y_true, np.shape(y_pred))
        t, p = self.align(y_true, y_pred)
        return self._gradient(t, p, self.shares(t, p, sample_weight)).reshape(np.shape(y_pred))

    def value_and_gradient(self, y_true, y_pred, sample_weight=None):
        """`(loss, d loss / d y_pred)`, for a training step: the labels were checked when `fit` was called."""
        t, p = self.align(y_true, y_pred)
        shares = self.shares(t, p, sample_weight)
        value = self._reduce(self.values(t, p), shares)
        return value, self._gradient(t, p, shares).reshape(np.shape(y_pred))

    # ---- reduction

    def shares(self, y_true, y_pred, sample_weight=None):
        """How much each value counts: a Python float when all count alike, else an array that broadcasts.

        A weight may be given for each value, or for each example (the leading axes): (n,) for values (n, steps).
        """
        shape = list(y_pred.shape)
        del shape[self.axis]
        mask = self.mask(y_true)
        weight = None if sample_weight is None else self._align_weight(sample_weight, shape, y_pred.dtype)
        if mask is not None:
            weight = mask.astype(y_pred.dtype) if weight is None else weight * mask
        if self.reduction in ("sum", "none", None):
            return 1.0 if weight is None else weight
        if self.reduction == "mean_with_sample_weight" and weight is not None:
            total = float(weight.sum())
        else:
            total = math.prod(shape) if mask is None else int(mask.sum())
        one = 1.0 / total if total else 0.0  # all weights zero: the loss is 0, as in Keras
        return one if weight is None else weight * one

    def _align_weight(self, sample_weight, shape, dtype):
        weight = np.asarray(sample_weight, dtype)
        given = weight.shape
        if weight.ndim == len(shape) + 1 and weight.shape[-1] == 1:
            weight = weight[..., 0]
        weight = weight.reshape(weight.shape + (1,) * (len(shape) - weight.ndim))
        if weight.ndim != len(shape) or any(a not in (1, b) for a, b in zip(weight.shape, shape)):
            raise ValueError(
                f"{type(self).__name__} got sample_weight of shape {given} for values of shape {tuple(shape)}. "
                f"It takes one weight for each value, or one for each example."
            )
        return weight

    def _reduce(self, values, shares):
        if self.reduction in ("none", None):
            return values * shares
        if isinstance(shares, float):
            return float(values.sum()) * shares
        return float((values * shares).sum())

    def _gradient(self, y_true, y_pred, shares):
        if not isinstance(shares, float):
            shares = np.expand_dims(shares, self.axis)
        return self.derivative(y_true, y_pred) * shares

    # ---- input

    def align(self, y_true, y_pred):
        """Both as arrays of one dtype and one shape: (n,) beside (n, 1) is the same thing."""
        y_pred = as_float(y_pred)
        y_true = np.asarray(y_true, y_pred.dtype)
        if y_true.shape != y_pred.shape:
            self.check_shapes(y_true.shape, y_pred.shape)
            common = _common_shape(y_true.shape, y_pred.shape)
            y_true, y_pred = y_true.reshape(common), y_pred.reshape(common)
        return y_true, y_pred

    def check(self, y_true, y_pred_shape):
        """Raise an error that names loss, given, expected and remedy where the labels do not fit the predictions.

        `fit` calls it once for all its labels, `loss(y_true, y_pred)` each time.
        """
        y_true, shape = np.asarray(y_true), tuple(y_pred_shape)
        kind = type(self).__name__
        if y_true.dtype.kind not in "fiub":
            raise TypeError(
                f"{kind} got y_true of type {y_true.dtype}; it needs numbers. "
                f"Turn names of classes into class numbers first, for instance with np.unique(y, return_inverse=True)."
            )
        if y_true.size == 0 or 0 in shape:
            raise ValueError(
                f"{kind} got an empty batch: y_true of shape {y_true.shape}, y_pred of shape {shape}. "
                f"Give at least one example."
            )
        self.check_shapes(y_true.shape, shape)
        lowest, highest = y_true.min(), y_true.max()
        if lowest != lowest:
            raise ValueError(
                f"{kind} got {int(np.isnan(y_true).sum())} NaN among {y_true.size} labels. "
                f"A loss needs a number for each: drop these rows, or fill them in."
            )
        self.check_labels(y_true, lowest, highest, shape)

    def check_shapes(self, true_shape, pred_shape):
        if true_shape != pred_shape and _common_shape(true_shape, pred_shape) is None:
            raise ValueError(
                f"{type(self).__name__} got y_true of shape {true_shape} and y_pred of shape {pred_shape}; "
                f"it needs one shape for both. {self._shape_remedy(true_shape, pred_shape)}"
            )

    def _shape_remedy(self, true_shape, pred_shape):
        if true_shape[:1] != pred_shape[:1]:
            return "Each row of y_pred needs its own row of y_true: check that both hold the same examples."
        if len(true_shape) == 1:
            return "For class numbers take SparseCategoricalCrossentropy; else give the last layer 1 output."
        return f"Reshape y_true, or give the last layer {true_shape[-1]} outputs."

    def check_labels(self, y_true, lowest, highest, pred_shape):
        if self.label_bounds and not self.label_bounds[0] <= lowest <= highest <= self.label_bounds[1]:
            raise ValueError(
                f"{type(self).__name__} got labels from {lowest:g} to {highest:g}; they must lie between "
                f"{self.label_bounds[0]} and {self.label_bounds[1]}. {self._label_remedy(y_true)}"
            )

    def _label_remedy(self, y_true):
        return "Rescale them, or choose a regression loss such as MeanSquaredError."


class MeanLoss(Loss):
    """A loss whose value is the mean over the last axis of something computed number by number.

    A subclass writes `each(t, p)` and its derivative in p, `each_derivative(t, p)`.
    """

    def each(self, t, p):
        raise NotImplementedError

    def each_derivative(self, t, p):
        raise NotImplementedError

    def values(self, y_true, y_pred):
        return self.each(y_true, y_pred).mean(axis=self.axis)

    def derivative(self, y_true, y_pred):
        return self.each_derivative(y_true, y_pred) * (1.0 / y_pred.shape[self.axis])


class WrittenLoss(Loss):
    """A loss of your own as two functions: `@losses.loss` makes it of the first, `derivative` adds the second.

        @losses.loss
        def quartic(y_true, y_pred):
            return ((y_pred - y_true) ** 4).mean(axis=-1)

        @quartic.derivative
        def quartic(y_true, y_pred):
            return 4 * (y_pred - y_true) ** 3 / y_pred.shape[-1]

        model.compile("adam", quartic)

    The first gives one value an example, the second d value / d y_pred; both see arrays of one shape.
    """

    def __init__(self, function):
        super().__init__(name=function.__name__)
        self.values, self.__doc__ = function, function.__doc__

    def derivative(self, *function):
        """Decorator: `function(y_true, y_pred)` is the derivative. Afterwards `derivative` is that function itself."""
        if len(function) != 1:
            raise TypeError(
                f"The loss {short(self.name)} has no derivative yet, and training needs it: "
                f"write it below the loss as @{self.name}.derivative."
            )
        (self.derivative,) = function
        return self


def _common_shape(a, b):
    """The shape of two that differ at most by a last axis of length 1 (Keras's rule); None when they differ more."""
    if a == b:
        return a
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    if longer != (*shorter, 1):
        return None
    return longer if len(shorter) == 1 else shorter
