"""Cross-entropies: how surprised is the model by the right class? Value −log(probability of what happened).

In each: p probabilities, z logits (scores before softmax or sigmoid), t targets. From probabilities Keras clips at
1e-7, so that no logarithm is infinite; from logits nothing needs clipping, which is why logits are the better input.
`fused` is that path for a model that ends in softmax or sigmoid: value from its logits, gradient (p − t) / n.

Keras takes that path under any of the two activations, so a softmax under BinaryCrossentropy has its scores read as
sigmoid's. Here each loss asks for its own activation, and otherwise computes from the probabilities it was given.
"""

import warnings

import numpy as np

from course_lib.activations import as_float, log_softmax, sigmoid, softmax
from course_lib.losses.base import Loss, MeanLoss

EPSILON = 1e-7


class BinaryCrossentropy(MeanLoss):
    """mean −(t log p + (1 − t) log(1 − p)), p cut to [1e-7, 1 − 1e-7]. At least 0.

    Derivative (p − t) / (p (1 − p)) / d, and 0 where p was cut; from logits, with p = σ(z), (p − t) / d.
    Shapes: t and p (n, d), or (n,). `label_smoothing` s moves t towards ½: t (1 − s) + s / 2.
    When: yes or no, once for each output; several outputs may be yes. With one sigmoid output, or with logits.
    Source: Good, 1952, Rational decisions.
    """

    label_bounds = (0, 1)

    def __init__(
        self,
        from_logits=False,
        label_smoothing=0.0,
        axis=-1,
        reduction="sum_over_batch_size",
        name="binary_crossentropy",
        dtype=None,
    ):
        super().__init__(reduction, name, dtype)
        self.from_logits, self.label_smoothing, self.axis = from_logits, float(label_smoothing), axis
        self.fused_activation = "sigmoid"

    def each(self, t, p):
        t = self._smooth(t)
        if self.from_logits:
            return _binary_from_logits(t, p)
        p = np.clip(p, EPSILON, 1.0 - EPSILON)
        return -(t * np.log(p) + (1.0 - t) * np.log(1.0 - p))

    def each_derivative(self, t, p):
        t = self._smooth(t)
        if self.from_logits:
            return sigmoid(p) - t
        cut = np.clip(p, EPSILON, 1.0 - EPSILON)
        return np.where(cut == p, (1.0 - t) / (1.0 - cut) - t / cut, 0.0)

    def fused(self, y_true, logits, y_pred, sample_weight=None):
        """`(value, d loss / d logits)` for `y_pred = sigmoid(logits)`: the value from the logits, (p − t) / n."""
        _warn_of_double(self, "sigmoid")
        t, p = self.align(y_true, y_pred)
        t = self._smooth(t)
        shares = self.shares(t, p, sample_weight)
        value = self._reduce(_binary_from_logits(t, logits.reshape(p.shape)).mean(axis=self.axis), shares)
        shares = shares if isinstance(shares, float) else np.expand_dims(shares, self.axis)
        return value, ((p - t) * (shares * (1.0 / p.shape[self.axis]))).reshape(logits.shape)

    def _smooth(self, t):
        s = self.label_smoothing
        return t * (1.0 - s) + 0.5 * s if s else t

    def _label_remedy(self, y_true):
        return "For -1 and 1 take Hinge or (y + 1) / 2; for class numbers SparseCategoricalCrossentropy."


class CategoricalCrossentropy(Loss):
    """−Σⱼ tⱼ log pⱼ for rows of probabilities; p is divided by its sum and cut to [1e-7, 1 − 1e-7]. At least 0.

    Derivative, with q = p / Σp: (gⱼ − Σᵢ gᵢ qᵢ) / Σp where gⱼ = −tⱼ / qⱼ; from logits, with p = softmax(z): p Σt − t.
    Shapes: t one-hot (or any probabilities) and p (n, classes). `label_smoothing` s: t (1 − s) + s / classes.
    When: one class out of several, given as one-hot rows or as soft labels. Source: Cox, 1958; Bridle, 1990.
    """

    label_bounds = (0, 1)
    fused_activation = "softmax"

    def __init__(
        self,
        from_logits=False,
        label_smoothing=0.0,
        axis=-1,
        reduction="sum_over_batch_size",
        name="categorical_crossentropy",
        dtype=None,
    ):
        super().__init__(reduction, name, dtype)
        self.from_logits, self.label_smoothing, self.axis = from_logits, float(label_smoothing), axis
        if axis != -1:
            self.fused_activation = None  # softmax works along the last axis

    def values(self, y_true, y_pred):
        t = self._smooth(y_true)
        if self.from_logits:
            log_p = log_softmax(y_pred, axis=self.axis)
        else:
            p = y_pred / y_pred.sum(axis=self.axis, keepdims=True)
            log_p = np.log(np.clip(p, EPSILON, 1.0 - EPSILON))
        return -(t * log_p).sum(axis=self.axis)

    def derivative(self, y_true, y_pred):
        t = self._smooth(y_true)
        if self.from_logits:
            return softmax(y_pred, axis=self.axis) * t.sum(axis=self.axis, keepdims=True) - t
        total = y_pred.sum(axis=self.axis, keepdims=True)
        p = y_pred / total
        cut = np.clip(p, EPSILON, 1.0 - EPSILON)
        g = np.where(cut == p, -t / cut, 0.0)
        return (g - (g * p).sum(axis=self.axis, keepdims=True)) / total

    def fused(self, y_true, logits, y_pred, sample_weight=None):
        """`(value, d loss / d logits)` for `y_pred = softmax(logits)`: the value from the logits, (p Σt − t) / n."""
        _warn_of_double(self, "softmax")
        t, p = self.align(y_true, y_pred)
        t = self._smooth(t)
        shares = self.shares(t, p, sample_weight)
        value = self._reduce(-(t * log_softmax(logits)).sum(axis=-1), shares)
        shares = shares if isinstance(shares, float) else shares[..., None]
        return value, (p * t.sum(axis=-1, keepdims=True) - t) * shares

    def _smooth(self, t):
        s = self.label_smoothing
        return t * (1.0 - s) + s / t.shape[self.axis] if s else t

    def check_shapes(self, true_shape, pred_shape):
        if pred_shape and pred_shape[-1] == 1 and self.axis == -1:
            raise ValueError(
                f"CategoricalCrossentropy got y_pred of shape {pred_shape}: one class, whose probability is always 1. "
                f"For yes or no take BinaryCrossentropy with a sigmoid; else give the last layer one output a class."
            )
        super().check_shapes(true_shape, pred_shape)

    def _shape_remedy(self, true_shape, pred_shape):
        if true_shape in (pred_shape[:-1], (*pred_shape[:-1], 1)):
            return "These look like class numbers: take SparseCategoricalCrossentropy, or utils.to_categorical(y)."
        return super()._shape_remedy(true_shape, pred_shape)

    def _label_remedy(self, y_true):
        return "Each row holds the probabilities of its classes; for class numbers take SparseCategoricalCrossentropy."


class SparseCategoricalCrossentropy(Loss):
    """−log p of the right class, given by its number y. At least 0.

    From probabilities, Keras cuts p to [1e-7, 1 − 1e-7] and then divides by the sum: −log p_y + log Σp.
    Derivative 1 / Σp − [j = y] / p_y; from logits, with p = softmax(z): p − onehot(y).
    Shapes: y (n,) or (n, 1) whole numbers in 0 … classes − 1, p (n, classes); with time steps (n, t), (n, t, classes).
    `ignore_class`: rows with this label count nowhere, as padding. When: one class out of several; saves the one-hot.
    """

    fused_activation = "softmax"

    def __init__(
        self,
        from_logits=False,
        ignore_class=None,
        reduction="sum_over_batch_size",
        axis=-1,
        name="sparse_categorical_crossentropy",
        dtype=None,
    ):
        super().__init__(reduction, name, dtype)
        if axis != -1:
            raise ValueError(
                f"SparseCategoricalCrossentropy got axis={axis}; as in Keras on TensorFlow the classes must be the "
                f"last axis. Move them there with np.moveaxis(y_pred, {axis}, -1)."
            )
        self.from_logits, self.ignore_class = from_logits, ignore_class
        if ignore_class is not None:
            self.fused_activation = None  # Keras, too, then computes from the probabilities

    def values(self, y_true, y_pred):
        y = self._counted(y_true)[..., None]
        if self.from_logits:
            values = -np.take_along_axis(log_softmax(y_pred), y, axis=-1)[..., 0]
        else:
            p = np.clip(y_pred, EPSILON, 1.0 - EPSILON)
            values = np.log(p.sum(axis=-1)) - np.log(np.take_along_axis(p, y, axis=-1)[..., 0])
        mask = self.mask(y_true)
        return values if mask is None else np.where(mask, values, 0.0)

    def derivative(self, y_true, y_pred):
        y = self._counted(y_true)[..., None]
        if self.from_logits:
            d = softmax(y_pred)
            np.put_along_axis(d, y, np.take_along_axis(d, y, axis=-1) - 1.0, axis=-1)
        else:
            p = np.clip(y_pred, EPSILON, 1.0 - EPSILON)
            d = np.broadcast_to(1.0 / p.sum(axis=-1, keepdims=True), p.shape).copy()
            right = np.take_along_axis(p, y, axis=-1)
            np.put_along_axis(d, y, np.take_along_axis(d, y, axis=-1) - 1.0 / right, axis=-1)
            d[p != y_pred] = 0.0
        mask = self.mask(y_true)
        return d if mask is None else np.where(mask[..., None], d, 0.0)

    def fused(self, y_true, logits, y_pred, sample_weight=None):
        """`(value, d loss / d logits)` for `y_pred = softmax(logits)`: −log p_y and (p − onehot) / n.

        The inner loop of training, so it takes labels that `check` has seen: it picks each row's right class out of
        the probabilities laid flat, and needs the logits only where a probability underflowed to 0.
        """
        if self.from_logits:
            _warn_of_double(self, "softmax")
        classes = y_pred.shape[-1]
        flat = y_pred.reshape(-1)
        right = np.asarray(y_true).reshape(-1).astype(np.intp, copy=False) + np.arange(0, flat.size, classes)
        p_right = flat[right]
        if np.minimum.reduce(p_right) > 1e-30:
            values = -np.log(p_right)
        else:
            values = -log_softmax(logits).reshape(-1)[right]
        if sample_weight is None and self.reduction in ("sum_over_batch_size", "mean"):
            share = 1.0 / right.size
            value = float(np.add.reduce(values)) * share
            dz = y_pred * share
            dz.reshape(-1)[right] = (p_right - 1.0) * share
            return value, dz
        labels = np.reshape(y_true, y_pred.shape[:-1])
        shares = self.shares(labels, y_pred, sample_weight)
        value = self._reduce(values.reshape(labels.shape), shares)
        dz = y_pred.copy()
        dz.reshape(-1)[right] = p_right - 1.0
        dz *= shares if isinstance(shares, float) else shares[..., None]
        return value, dz

    def mask(self, y_true):
        return None if self.ignore_class is None else y_true != self.ignore_class

    def _counted(self, y_true):
        """The labels, with 0 (some label that exists) in the ignored places."""
        return y_true if self.ignore_class is None else np.where(self.mask(y_true), y_true, 0)

    def align(self, y_true, y_pred):
        y_true, y_pred = np.asarray(y_true), as_float(y_pred)
        self.check_shapes(y_true.shape, y_pred.shape)
        return y_true.reshape(y_pred.shape[:-1]).astype(np.intp, copy=False), y_pred

    def check_shapes(self, true_shape, pred_shape):
        if pred_shape and true_shape in (pred_shape[:-1], (*pred_shape[:-1], 1)):
            return
        if true_shape == pred_shape:
            remedy = "One-hot rows belong to CategoricalCrossentropy; or take y_true.argmax(-1)."
        else:
            remedy = self._shape_remedy(true_shape, pred_shape)
        raise ValueError(
            f"SparseCategoricalCrossentropy got y_true of shape {true_shape} and y_pred of shape {pred_shape}; "
            f"it needs one class number a row: {pred_shape[:-1]} and {pred_shape}. {remedy}"
        )

    def check_labels(self, y_true, lowest, highest, pred_shape):
        if y_true.dtype.kind == "f" and (y_true != np.trunc(y_true)).any():
            raise ValueError(
                f"SparseCategoricalCrossentropy got labels that are not whole numbers, such as "
                f"{y_true[y_true != np.trunc(y_true)].flat[0]:g}; it needs class numbers 0 … {pred_shape[-1] - 1}. "
                f"For numbers to predict take MeanSquaredError, for probabilities CategoricalCrossentropy."
            )
        if self.ignore_class is not None:
            y_true = y_true[y_true != self.ignore_class]
            lowest, highest = (y_true.min(), y_true.max()) if y_true.size else (0, 0)
        classes = pred_shape[-1]
        if lowest < 0 or highest >= classes:
            shifted = lowest == 1 and highest == classes
            remedy = (
                "They seem to start at 1: subtract 1."
                if shifted
                else (
                    f"Relabel them, or give the last layer {int(highest) + 1} outputs."
                    if lowest >= 0
                    else "Relabel them, or name the padding label as ignore_class."
                )
            )
            raise ValueError(
                f"SparseCategoricalCrossentropy got labels from {int(lowest)} to {int(highest)}; "
                f"with {classes} classes they must be 0 … {classes - 1}. {remedy}"
            )


class KLDivergence(Loss):
    """Σ t log(t / p), with t and p cut to [1e-7, 1]: how far the distribution p is from t. At least 0.

    Derivative −t / p; 0 where p was cut. Shapes: t and p (n, classes), rows of probabilities.
    When: the target is itself a distribution, as in distillation. Source: Kullback and Leibler, 1951.
    """

    def __init__(self, reduction="sum_over_batch_size", name="kl_divergence", dtype=None):
        super().__init__(reduction, name, dtype)

    def values(self, y_true, y_pred):
        t, p = np.clip(y_true, EPSILON, 1.0), np.clip(y_pred, EPSILON, 1.0)
        return (t * np.log(t / p)).sum(axis=-1)

    def derivative(self, y_true, y_pred):
        t, p = np.clip(y_true, EPSILON, 1.0), np.clip(y_pred, EPSILON, 1.0)
        return np.where(p == y_pred, -t / p, 0.0)


class Poisson(MeanLoss):
    """mean p − t log(p + 1e-7). Derivative (1 − t / (p + 1e-7)) / d.

    When: t counts events and p > 0 is their expected number. The minus log-likelihood of the Poisson distribution,
    without the part that does not depend on p.
    """

    def __init__(self, reduction="sum_over_batch_size", name="poisson", dtype=None):
        super().__init__(reduction, name, dtype)

    def each(self, t, p):
        return p - t * np.log(p + EPSILON)

    def each_derivative(self, t, p):
        return 1.0 - t / (p + EPSILON)


def _binary_from_logits(t, z):
    """−(t log σ(z) + (1 − t) log(1 − σ(z))) = max(z, 0) − t z + log(1 + e^−|z|): no exponential can overflow."""
    return np.maximum(z, 0.0) - z * t + np.log1p(np.exp(-np.abs(z)))


def _warn_of_double(loss, activation):
    if loss.from_logits:
        warnings.warn(
            f"{type(loss).__name__}(from_logits=True) stands above a {activation}, so it receives probabilities. "
            f"The logits under the {activation} are used, as in Keras; drop from_logits or the activation.",
            stacklevel=4,
        )
