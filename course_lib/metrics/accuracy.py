"""Accuracies: which share of the examples is right?

Shapes: class numbers y (n,) or (n, 1); one-hot rows and scores (n, classes); with time steps one axis more.
Scores may be probabilities or logits, since only their order counts. Range 0 to 1. Where classes are very uneven, look
at precision and recall instead.
"""

import numpy as np

from course_lib.metrics.base import Mean, aligned


class Accuracy(Mean):
    """Share of numbers where y_pred equals y_true. When: the predictions are labels already."""

    def __init__(self, name="accuracy", dtype=None):
        super().__init__(name, dtype)

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_true, y_pred = aligned(y_true, y_pred, "Accuracy")
        super().update_state(y_true == y_pred, sample_weight)


class BinaryAccuracy(Mean):
    """Share of numbers where (y_pred > threshold) equals y_true, 0 or 1. When: a sigmoid at the end."""

    def __init__(self, name="binary_accuracy", dtype=None, threshold=0.5):
        super().__init__(name, dtype)
        self.threshold = float(threshold)

    def update_state(self, y_true, y_pred, sample_weight=None):
        super().update_state(binary_accuracy(y_true, y_pred, self.threshold), sample_weight)


class CategoricalAccuracy(Mean):
    """Share of rows whose highest score stands where the one-hot row has its 1."""

    def __init__(self, name="categorical_accuracy", dtype=None):
        super().__init__(name, dtype)

    def update_state(self, y_true, y_pred, sample_weight=None):
        super().update_state(categorical_accuracy(y_true, y_pred), sample_weight)


class SparseCategoricalAccuracy(Mean):
    """Share of rows whose highest score stands at the class number y."""

    def __init__(self, name="sparse_categorical_accuracy", dtype=None):
        super().__init__(name, dtype)

    def update_state(self, y_true, y_pred, sample_weight=None):
        super().update_state(sparse_categorical_accuracy(y_true, y_pred), sample_weight)


class TopKCategoricalAccuracy(Mean):
    """Share of rows whose right class, given one-hot, is among the k highest scores (fewer than k are higher)."""

    def __init__(self, k=5, name="top_k_categorical_accuracy", dtype=None):
        super().__init__(name, dtype)
        self.k = k

    def update_state(self, y_true, y_pred, sample_weight=None):
        super().update_state(top_k_categorical_accuracy(y_true, y_pred, self.k), sample_weight)


class SparseTopKCategoricalAccuracy(Mean):
    """Share of rows whose right class, given as its number, is among the k highest scores.

    `from_sorted_ids`: y_pred holds class numbers, best first, in place of scores.
    """

    def __init__(self, k=5, name="sparse_top_k_categorical_accuracy", dtype=None, from_sorted_ids=False):
        super().__init__(name, dtype)
        self.k, self.from_sorted_ids = k, from_sorted_ids

    def update_state(self, y_true, y_pred, sample_weight=None):
        matches = sparse_top_k_categorical_accuracy(y_true, y_pred, self.k, self.from_sorted_ids)
        super().update_state(matches, sample_weight)


# ---- the same without state: True where right


def binary_accuracy(y_true, y_pred, threshold=0.5):
    """Where (y_pred > threshold) equals y_true."""
    y_true, y_pred = aligned(y_true, y_pred, "BinaryAccuracy")
    return (y_pred > threshold) == y_true


def categorical_accuracy(y_true, y_pred):
    """Where the highest score of y_pred stands where y_true has its highest number."""
    y_true, y_pred = aligned(y_true, y_pred, "CategoricalAccuracy")
    return y_pred.argmax(axis=-1) == y_true.argmax(axis=-1)


def sparse_categorical_accuracy(y_true, y_pred):
    """Where the highest score of y_pred stands at y_true."""
    best = np.asarray(y_pred).argmax(axis=-1)
    return best == _class_numbers(y_true, best.shape, "SparseCategoricalAccuracy")


def top_k_categorical_accuracy(y_true, y_pred, k=5):
    """Where the right class, given one-hot, is among the k highest scores."""
    y_true, y_pred = aligned(y_true, y_pred, "TopKCategoricalAccuracy")
    return sparse_top_k_categorical_accuracy(y_true.argmax(axis=-1), y_pred, k)


def sparse_top_k_categorical_accuracy(y_true, y_pred, k=5, from_sorted_ids=False):
    """Where the right class, given as its number, is among the k highest scores (or the first k of sorted numbers)."""
    y_pred = np.asarray(y_pred)
    y_true = _class_numbers(y_true, y_pred.shape[:-1], "SparseTopKCategoricalAccuracy")[..., None]
    if from_sorted_ids:
        return (y_pred[..., :k] == y_true).any(axis=-1)
    score = np.take_along_axis(y_pred, y_true.astype(np.intp), axis=-1)
    return ((y_pred > score).sum(axis=-1) < k) & np.isfinite(score[..., 0])


def _class_numbers(y_true, shape, kind):
    y_true = np.asarray(y_true)
    if y_true.shape == shape:
        return y_true
    if y_true.shape == (*shape, 1):
        return y_true.reshape(shape)
    raise ValueError(
        f"{kind} got y_true of shape {y_true.shape} for {shape} rows of scores; it needs one class number a row. "
        f"For one-hot rows take the metric without 'Sparse'."
    )
