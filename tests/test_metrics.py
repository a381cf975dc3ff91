"""Every metric gives Keras's result over several batches, with and without weights."""

import inspect

import beside
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib import metrics, parity

keras = parity.quiet_keras()
import tensorflow as tf  # noqa: E402

TOLERANCE = 1e-5

# What y_true and y_pred a metric takes, and the arguments to try.
METRICS = {
    "Accuracy": ("labels", {}),
    "BinaryAccuracy": ("binary", {"threshold": st.sampled_from([0.5, 0.2])}),
    "CategoricalAccuracy": ("one-hot", {}),
    "SparseCategoricalAccuracy": ("classes", {}),
    "TopKCategoricalAccuracy": ("one-hot", {"k": st.sampled_from([1, 2, 3])}),
    "SparseTopKCategoricalAccuracy": ("classes", {"k": st.sampled_from([1, 2, 3])}),
    "MeanSquaredError": ("numbers", {}),
    "RootMeanSquaredError": ("numbers", {}),
    "MeanAbsoluteError": ("numbers", {}),
    "MeanAbsolutePercentageError": ("positive", {}),
    "MeanSquaredLogarithmicError": ("positive", {}),
    "LogCoshError": ("numbers", {}),
    "CosineSimilarity": ("numbers", {}),
    "BinaryCrossentropy": ("binary", {"label_smoothing": st.sampled_from([0.0, 0.1])}),
    "CategoricalCrossentropy": ("one-hot", {"label_smoothing": st.sampled_from([0.0, 0.1])}),
    "SparseCategoricalCrossentropy": ("classes", {}),
    "KLDivergence": ("one-hot", {}),
    "Poisson": ("positive", {}),
    "Hinge": ("signs", {}),
    "SquaredHinge": ("signs", {}),
    "CategoricalHinge": ("one-hot", {}),
    "TruePositives": ("binary", {"thresholds": st.sampled_from([None, 0.3, [0.2, 0.8]])}),
    "FalsePositives": ("binary", {"thresholds": st.sampled_from([None, 0.3, [0.2, 0.8]])}),
    "TrueNegatives": ("binary", {"thresholds": st.sampled_from([None, 0.3, [0.2, 0.8]])}),
    "FalseNegatives": ("binary", {"thresholds": st.sampled_from([None, 0.3, [0.8, 0.2]])}),
    "Precision": ("binary", {"thresholds": st.sampled_from([None, 0.3, [0.2, 0.5, 0.8]])}),
    "Recall": ("binary", {"thresholds": st.sampled_from([None, 0.3, [0.8, 0.5, 0.2]])}),
    "AUC": (
        "binary",
        {
            "num_thresholds": st.sampled_from([200, 7]),
            "curve": st.sampled_from(["ROC", "PR"]),
            "summation_method": st.sampled_from(["interpolation", "minoring", "majoring"]),
        },
    ),
}


def batch(kind, n, width, rng):
    """One batch of y_true and y_pred, float32 predictions of shape (n, width)."""
    p = rng.uniform(0.05, 0.95, (n, width)).astype("float32")
    numbers = rng.normal(size=(n, width)).astype("float32")
    return {
        "labels": lambda: (rng.integers(0, 3, (n, width)), rng.integers(0, 3, (n, width))),
        "binary": lambda: (rng.integers(0, 2, (n, width)), p),
        "one-hot": lambda: (np.eye(width, dtype="float32")[rng.integers(0, width, n)], p),
        "classes": lambda: (rng.integers(0, width, n), p),
        "numbers": lambda: (rng.normal(size=(n, width)), numbers),
        "positive": lambda: (rng.integers(1, 9, (n, width)), 5 * p),
        "signs": lambda: (rng.choice([-1, 1], (n, width)), numbers),
    }[kind]()


@pytest.mark.beside("1", "every metric", "`keras.metrics`", "random batches with weights, after each batch (to 1e-5)")
@pytest.mark.parametrize("name", METRICS)
@settings(max_examples=12, deadline=None, derandomize=True)
@given(st.data())
def test_result_equals_that_of_keras_after_each_of_several_batches(name, data):
    kind, choices = METRICS[name]
    arguments = {key: data.draw(values) for key, values in choices.items()}
    width, weighted = data.draw(st.integers(3, 5)), data.draw(st.booleans())
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    ours, theirs = getattr(metrics, name)(**arguments), getattr(keras.metrics, name)(**arguments)
    for n in (5, 8, 2):
        y_true, y_pred = batch(kind, n, width, rng)
        weight = rng.choice([0.0, 0.5, 2.0], n) if weighted else None
        ours.update_state(y_true, y_pred, weight)
        theirs.update_state(y_true, y_pred, weight)
        np.testing.assert_allclose(ours.result(), theirs.result(), rtol=TOLERANCE, atol=1e-6)
        beside.counted(1, "results agree")
        assert type(ours.result()) is float or np.ndim(ours.result())
    ours.reset_state()
    theirs.reset_state()
    np.testing.assert_array_equal(ours.result(), theirs.result())
    assert ours.name == theirs.name or theirs.name.startswith(ours.name)  # Keras numbers some


@pytest.mark.parametrize("name", METRICS)
def test_each_metric_has_keras_arguments_and_defaults(name):
    ours = inspect.signature(getattr(metrics, name)).parameters
    theirs = inspect.signature(getattr(keras.metrics, name)).parameters
    left_out = {"multi_label", "num_labels", "label_weights"} if name == "AUC" else set()
    expected = [(key, p.default) for key, p in theirs.items() if key not in left_out]
    assert [(key, None if key == "name" and name == "AUC" else p.default) for key, p in ours.items()] == expected


@pytest.mark.parametrize("name", ["Precision", "Recall"])
@pytest.mark.parametrize("arguments", [{"top_k": 2}, {"class_id": 1}, {"top_k": 1, "class_id": 2}], ids=str)
@pytest.mark.parametrize("weighted", [False, True])
def test_precision_and_recall_of_the_best_k_and_of_one_class(name, arguments, weighted):
    rng = np.random.default_rng(4)
    ours, theirs = getattr(metrics, name)(**arguments), getattr(keras.metrics, name)(**arguments)
    for n in (6, 3):
        y_true, y_pred = batch("one-hot", n, 4, rng)
        weight = rng.uniform(0, 2, n) if weighted else None
        ours.update_state(y_true, y_pred, weight)
        theirs.update_state(y_true, y_pred, weight)
    assert ours.result() == pytest.approx(float(theirs.result()), rel=1e-6)


@pytest.mark.parametrize("curve", ["ROC", "PR"])
def test_auc_takes_logits_and_thresholds_of_ones_own(curve):
    rng = np.random.default_rng(5)
    y, z = rng.integers(0, 2, 40), rng.normal(scale=2, size=40).astype("float32")
    arguments = {"curve": curve, "thresholds": [0.1, 0.25, 0.7], "from_logits": True}
    ours, theirs = metrics.AUC(**arguments), keras.metrics.AUC(**arguments)
    assert ours(y, z) == pytest.approx(float(theirs(y, z)), rel=1e-5)


def test_auc_is_the_chance_that_a_positive_scores_above_a_negative():
    rng = np.random.default_rng(6)
    y = rng.integers(0, 2, 400)
    p = np.clip(0.3 * y + rng.uniform(0, 0.7, 400), 0, 1)
    above = np.mean(p[y == 1][:, None] > p[y == 0])
    assert metrics.AUC(num_thresholds=5000)(y, p) == pytest.approx(above, abs=1e-3)


def test_a_prediction_equal_to_the_threshold_is_not_positive():
    y, p = np.array([1, 1]), np.array([0.5, 0.75], "float32")
    for name in ("Recall", "TruePositives"):
        assert getattr(metrics, name)()(y, p) == float(getattr(keras.metrics, name)()(y, p))


def test_steps_of_a_sequence_count_as_in_keras():
    rng = np.random.default_rng(7)
    y, p = rng.integers(0, 5, (4, 3)), rng.uniform(size=(4, 3, 5)).astype("float32")
    for weight in (None, rng.uniform(0, 2, 4), rng.uniform(0, 2, (4, 3))):
        for name in ("SparseCategoricalAccuracy", "SparseTopKCategoricalAccuracy", "SparseCategoricalCrossentropy"):
            arguments = {"k": 2} if "TopK" in name else {}
            ours, theirs = getattr(metrics, name)(**arguments), getattr(keras.metrics, name)(**arguments)
            assert ours(y, p, weight) == pytest.approx(float(theirs(y, p, sample_weight=weight)), rel=1e-5)


def test_equal_scores_at_the_edge_of_the_top_k_count_as_in_keras():
    p, y = np.array([[0.4, 0.3, 0.3, 0.0], [0.2, 0.3, 0.3, 0.2]], "float32"), np.array([2, 3])
    for k in (1, 2, 3):
        ours, theirs = metrics.SparseTopKCategoricalAccuracy(k=k), keras.metrics.SparseTopKCategoricalAccuracy(k=k)
        assert ours(y, p) == float(theirs(y, p))


def test_top_k_of_sorted_class_numbers():
    y, ids = np.array([2, 0]), np.array([[1, 2, 0], [1, 2, 0]])
    arguments = {"k": 2, "from_sorted_ids": True}
    ours = metrics.SparseTopKCategoricalAccuracy(**arguments)
    assert ours(y, ids) == float(keras.metrics.SparseTopKCategoricalAccuracy(**arguments)(y, ids)) == 0.5


@pytest.mark.parametrize("ignored", [-1, 0, 2])
@pytest.mark.parametrize("weight", [None, [1.0, 2.0, 0.5, 3.0]], ids=["", "weighted"])
@pytest.mark.parametrize("steps", [(), (3,)], ids=["", "steps"])
def test_ignored_labels_are_counted_as_in_keras(ignored, weight, steps):
    """As a loss of 0, and with weights nowhere."""
    rng = np.random.default_rng(8)
    y, p = rng.integers(0, 3, (4, *steps)), rng.uniform(0.1, 0.9, (4, *steps, 3)).astype("float32")
    y[::2] = ignored
    weight = None if weight is None else np.multiply.outer(weight, np.ones(steps))
    ours = metrics.SparseCategoricalCrossentropy(ignore_class=ignored)
    theirs = keras.metrics.SparseCategoricalCrossentropy(ignore_class=ignored)
    for rows in (slice(0, 3), slice(3, 4)):
        for metric in (ours, theirs):
            metric.update_state(y[rows], p[rows], sample_weight=None if weight is None else weight[rows])
    assert ours.result() == pytest.approx(float(theirs.result()), rel=1e-5)


def test_every_registered_metric_stands_in_the_table_above():
    assert {*METRICS, "Mean", "Sum", "ConfusionMatrix"} == set(metrics.registry.members)


# ---- mean and sum


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    st.lists(st.integers(1, 4), min_size=0, max_size=3), st.sampled_from(["none", "all", "first"]), st.integers(0, 99)
)
def test_mean_equals_that_of_keras_for_any_shape_of_values_and_weights(shape, weighted, seed):
    rng = np.random.default_rng(seed)
    ours, theirs = metrics.Mean(), keras.metrics.Mean()
    for _ in range(2):
        values = rng.normal(size=shape).astype("float32")
        weight = None
        if weighted != "none" and shape:
            weight = rng.uniform(0, 2, shape if weighted == "all" else shape[:1])
        ours.update_state(values, weight)
        theirs.update_state(values, weight)
    assert ours.result() == pytest.approx(float(theirs.result()), rel=1e-5, abs=1e-6)


def test_mean_of_batch_losses_is_weighted_by_batch_size():
    mean = metrics.Mean("loss")
    mean.update_state(1.0, sample_weight=32)
    mean.update_state(3.0, sample_weight=8)
    assert mean.result() == pytest.approx((32 + 24) / 40)


def test_sum_equals_that_of_keras():
    values, weight = np.array([1.0, 3.0, 5.0, 7.0]), np.array([1.0, 1.0, 0.0, 0.5])
    assert metrics.Sum()(values) == float(keras.metrics.Sum()(values)) == 16.0
    assert metrics.Sum()(values, weight) == float(keras.metrics.Sum()(values, weight)) == 7.5


def test_a_function_of_ones_own_is_averaged():
    def largest_error(y_true, y_pred):
        return np.abs(y_true - y_pred).max(axis=-1)

    metric = metrics.get(largest_error)
    assert metric(np.zeros((2, 2)), np.array([[1.0, -3.0], [1.0, 0.0]])) == 2.0
    assert metric.name == "largest_error"


# ---- confusion matrix


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.integers(1, 40), st.integers(2, 6), st.booleans(), st.integers(0, 99))
def test_confusion_matrix_equals_that_of_tensorflow(n, classes, weighted, seed):
    rng = np.random.default_rng(seed)
    labels, predictions = rng.integers(0, classes, n), rng.integers(0, classes, n)
    weights = rng.integers(0, 5, n) if weighted else None
    ours = metrics.confusion_matrix(labels, predictions, classes, weights)
    np.testing.assert_array_equal(ours, tf.math.confusion_matrix(labels, predictions, classes, weights))
    assert np.trace(ours) == np.sum((labels == predictions) * (1 if weights is None else weights))


def test_confusion_matrix_grows_over_batches_and_takes_scores():
    metric = metrics.ConfusionMatrix(3)
    metric.update_state([0, 1, 2], np.eye(3)[[0, 2, 2]])
    metric.update_state(np.eye(3)[[1]], [1])
    np.testing.assert_array_equal(metric.result(), [[1, 0, 0], [0, 1, 1], [0, 0, 1]])


# ---- names


KERAS_LOOKUP = keras.src.metrics.ALL_OBJECTS_DICT
LEFT_OUT = {
    *("MeanMetricWrapper", "R2Score", "PrecisionAtRecall", "RecallAtPrecision", "SensitivityAtSpecificity"),
    *("SpecificityAtSensitivity", "ConcordanceCorrelation", "PearsonCorrelation", "F1Score", "FBetaScore", "IoU"),
    *("BinaryIoU", "MeanIoU", "OneHotIoU", "OneHotMeanIoU", "Metric"),
}


@pytest.mark.parametrize("name", sorted(n for n, c in KERAS_LOOKUP.items() if c.__name__ not in LEFT_OUT))
def test_every_name_that_keras_can_look_up_stands_for_the_same_metric(name):
    assert type(metrics.get(name)).__name__ == KERAS_LOOKUP[name].__name__
    assert metrics.get(name).name == name  # as in the logs of Keras's fit


@pytest.mark.parametrize(
    ("true_shape", "pred_shape"), [((4,), (4, 1)), ((4, 1), (4, 1)), ((4,), (4, 3)), ((4, 1), (4, 3)), ((4, 3), (4, 3))]
)
@pytest.mark.parametrize("name", ["accuracy", "acc"])
def test_accuracy_becomes_the_one_that_keras_would_pick(true_shape, pred_shape, name):
    from keras.src.trainers.compile_utils import get_metric

    y_true, y_pred = np.zeros(true_shape), np.zeros(pred_shape)
    ours, theirs = metrics.resolve(name, y_true, y_pred), get_metric(name, y_true, y_pred)
    assert type(ours).__name__ == type(theirs).__name__
    assert ours.name == theirs.name == name


def test_resolve_leaves_other_metrics_alone():
    auc = metrics.AUC()
    assert metrics.resolve(auc, None, None) is auc
    assert type(metrics.resolve("mse", None, None)) is metrics.MeanSquaredError


@pytest.mark.parametrize("name", [*METRICS, "Mean", "Sum"])
def test_a_config_makes_the_same_metric_anew(name):
    config = getattr(metrics, name)(name="mine").get_config()
    assert getattr(metrics, name)(**config).get_config() == config


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: metrics.get("acuracy"), ValueError, "Unknown metric 'acuracy'.*'accuracy'"),
        (lambda: metrics.get(3), TypeError, "needs a name"),
        (
            lambda: metrics.Precision(thresholds=2.0),
            ValueError,
            "Precision got thresholds=2.0; they must lie in 0 to 1",
        ),
        (lambda: metrics.AUC(curve="POC"), ValueError, "it knows 'ROC' and 'PR'"),
        (lambda: metrics.AUC(summation_method="sum"), ValueError, "it knows 'interpolation'"),
        (lambda: metrics.AUC(num_thresholds=1), ValueError, "needs 2 points or more"),
        (lambda: metrics.AUC()([0, 1], [0.5, 3.0]), ValueError, r"0.5 to 3; it needs probabilities.*from_logits=True"),
        (lambda: metrics.BinaryAccuracy()(np.zeros((4, 2)), np.zeros((4, 3))), ValueError, r"\(4, 2\).*\(4, 3\)"),
        (lambda: metrics.SparseCategoricalAccuracy()(np.eye(3), np.eye(3)), ValueError, "without 'Sparse'"),
        (lambda: metrics.Mean()(np.zeros(3), np.zeros(2)), ValueError, r"sample_weight of shape \(2,\)"),
        (lambda: metrics.confusion_matrix([0, 3], [0, 1], 3), ValueError, "from 0 to 3.*0 … 2"),
    ],
)
def test_bad_arguments_are_named(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_thresholds_of_ones_own_need_no_number_of_them():
    given, even = metrics.AUC(num_thresholds=None, thresholds=[0.25, 0.5, 0.75]), metrics.AUC(num_thresholds=5)
    y, p = [0, 1, 0, 1, 1], [0.1, 0.3, 0.6, 0.55, 0.9]
    assert given(y, p) == even(y, p) and given.num_thresholds == 5
