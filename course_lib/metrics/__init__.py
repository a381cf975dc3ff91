"""Metrics, with Keras's names: what people read while training; no gradient is needed.

    accuracy = metrics.SparseCategoricalAccuracy()
    accuracy.update_state(y_true, y_pred)       # for each batch
    accuracy.result()                           # a Python float
    accuracy.reset_state()
    metrics.get("mse")                          # by name, as `compile(metrics=…)` does

Accuracies stand in `accuracy`, counts of right and wrong in `confusion`, means of losses in `errors`.
"""

import numpy as np

from course_lib import left_out
from course_lib.metrics.accuracy import (
    Accuracy,
    BinaryAccuracy,
    CategoricalAccuracy,
    SparseCategoricalAccuracy,
    SparseTopKCategoricalAccuracy,
    TopKCategoricalAccuracy,
    binary_accuracy,
    categorical_accuracy,
    sparse_categorical_accuracy,
    sparse_top_k_categorical_accuracy,
    top_k_categorical_accuracy,
)
from course_lib.metrics.base import Mean, MeanMetricWrapper, Metric, Sum
from course_lib.metrics.confusion import (
    AUC,
    ConfusionMatrix,
    FalseNegatives,
    FalsePositives,
    Precision,
    Recall,
    TrueNegatives,
    TruePositives,
    confusion_matrix,
)
from course_lib.metrics.errors import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    CategoricalHinge,
    CosineSimilarity,
    Hinge,
    KLDivergence,
    LogCoshError,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
    Poisson,
    RootMeanSquaredError,
    SparseCategoricalCrossentropy,
    SquaredHinge,
)
from course_lib.registry import Registry

_SHORT = {
    "bce": BinaryCrossentropy,
    "mse": MeanSquaredError,
    "mae": MeanAbsoluteError,
    "mape": MeanAbsolutePercentageError,
    "msle": MeanSquaredLogarithmicError,
}
registry = Registry(
    "metrics",
    "metric",
    Metric,
    [Mean, Sum, Accuracy, BinaryAccuracy, CategoricalAccuracy, SparseCategoricalAccuracy]
    + [TopKCategoricalAccuracy, SparseTopKCategoricalAccuracy]
    + [MeanSquaredError, RootMeanSquaredError, MeanAbsoluteError, MeanAbsolutePercentageError]
    + [MeanSquaredLogarithmicError, LogCoshError, CosineSimilarity]
    + [BinaryCrossentropy, CategoricalCrossentropy, SparseCategoricalCrossentropy, KLDivergence, Poisson]
    + [Hinge, SquaredHinge, CategoricalHinge]
    + [TruePositives, FalsePositives, TrueNegatives, FalseNegatives, Precision, Recall, AUC, ConfusionMatrix],
    {**_SHORT, **{short.upper(): c for short, c in _SHORT.items()}, "acc": Accuracy},
)


def get(identifier):
    """A new metric for a name or a class; a metric itself stays itself; a function (y_true, y_pred) is averaged.

    A metric got by name carries that name, as in the logs of `fit`. "accuracy" compares numbers for equality here;
    `resolve` picks the accuracy that fits the shapes.
    """
    if isinstance(identifier, str):
        return registry.get(identifier, name=identifier)
    if callable(identifier) and not isinstance(identifier, (type, Metric)):
        return MeanMetricWrapper(identifier)
    return registry.get(identifier)


def resolve(identifier, y_true, y_pred):
    """As `get`, once labels and predictions are known: "accuracy" (or "acc") becomes the one that fits their shapes.

    One output: BinaryAccuracy. Several, and one label a row: SparseCategoricalAccuracy. Else CategoricalAccuracy.
    """
    if not isinstance(identifier, str) or identifier.lower() not in ("accuracy", "acc"):
        return get(identifier)
    true_shape, pred_shape = np.shape(y_true), np.shape(y_pred)
    if pred_shape[-1] == 1:
        return BinaryAccuracy(name=identifier)
    if len(true_shape) < len(pred_shape) or true_shape[-1] == 1:
        return SparseCategoricalAccuracy(name=identifier)
    return CategoricalAccuracy(name=identifier)


__getattr__ = left_out.absent("metrics")
