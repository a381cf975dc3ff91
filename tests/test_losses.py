"""Every loss gives Keras's value and gradient, with any reduction, and says what is wrong with bad input."""

import inspect
import warnings

import beside
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib import activations, losses, parity
from course_lib.gradcheck import check_loss

keras = parity.quiet_keras()
import tensorflow as tf  # noqa: E402

TOLERANCE = 1e-5
REDUCTIONS = ["sum_over_batch_size", "mean", "sum", "mean_with_sample_weight", "none", None]
CLASSES = {
    "MeanSquaredError": {},
    "MeanAbsoluteError": {},
    "MeanAbsolutePercentageError": {},
    "MeanSquaredLogarithmicError": {},
    "Huber": {"delta": st.sampled_from([1.0, 0.3, 2.5])},
    "LogCosh": {},
    "CosineSimilarity": {"axis": st.sampled_from([-1, 1])},
    "BinaryCrossentropy": {
        "from_logits": st.booleans(),
        "label_smoothing": st.sampled_from([0.0, 0.1]),
        "axis": st.sampled_from([-1, 1]),
    },
    "CategoricalCrossentropy": {
        "from_logits": st.booleans(),
        "label_smoothing": st.sampled_from([0.0, 0.1]),
        "axis": st.sampled_from([-1, 1]),
    },
    "SparseCategoricalCrossentropy": {
        "from_logits": st.booleans(),
        "ignore_class": st.sampled_from([None, -1, 2]),
    },
    "KLDivergence": {},
    "Poisson": {},
    "Hinge": {},
    "SquaredHinge": {},
    "CategoricalHinge": {},
}
FUNCTIONS = [
    "mean_squared_error",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_logarithmic_error",
    "huber",
    "log_cosh",
    "cosine_similarity",
    "binary_crossentropy",
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
    "kl_divergence",
    "poisson",
    "hinge",
    "squared_hinge",
    "categorical_hinge",
]


def labels_and_predictions(name, arguments, shape, rng):
    """Random y_true and y_pred (float64) such as this loss is made for; predictions keep off corners."""
    p = rng.normal(scale=2, size=shape)
    if name in ("MeanAbsolutePercentageError", "MeanSquaredLogarithmicError", "Poisson"):
        return rng.integers(1, 9, shape).astype("float64"), np.abs(p) + 0.01
    if name in ("Hinge", "SquaredHinge"):
        return rng.choice([[0.0, 1.0], [-1.0, 1.0]][rng.integers(2)], shape), p
    if name == "BinaryCrossentropy":
        t = rng.integers(0, 2, shape) if rng.random() < 0.7 else rng.random(shape)
        return t.astype("float64"), p if arguments.get("from_logits") else rng.uniform(0.01, 0.99, shape)
    if name in ("CategoricalCrossentropy", "KLDivergence", "CategoricalHinge", "SparseCategoricalCrossentropy"):
        axis = arguments.get("axis", -1)
        if not arguments.get("from_logits") and name != "CategoricalHinge":
            p = rng.uniform(0.02, 0.98, shape)  # rows need not sum to 1: Keras divides by the sum
        if name == "SparseCategoricalCrossentropy":
            labels = rng.integers(0, shape[-1], shape[:-1])
            if arguments.get("ignore_class") == -1:
                labels[rng.random(labels.shape) < 0.3] = -1
            return labels, p
        t = rng.random(shape) if rng.random() < 0.5 else (p == p.max(axis=axis, keepdims=True)) * 1.0
        return t / t.sum(axis=axis, keepdims=True), p
    return rng.normal(scale=2, size=shape), p


@st.composite
def cases(draw, name):
    """(arguments, y_true, y_pred, sample_weight): shapes (n,), (n, d) or (n, t, d), weights or none."""
    arguments = {key: draw(values) for key, values in CLASSES[name].items()}
    if name == "CategoricalCrossentropy" and arguments["axis"] != -1:
        arguments["label_smoothing"] = 0.0  # Keras divides by the length of the last axis, whatever axis is
    whole_rows = (
        "Categorical" in name or name in ("KLDivergence", "CosineSimilarity") or arguments.get("axis", -1) != -1
    )
    rank = draw(st.integers(2 if whole_rows else 1, 3))
    shape = tuple(draw(st.integers(3 if i else 1, 5)) for i in range(rank))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    y_true, y_pred = labels_and_predictions(name, arguments, shape, rng)
    values_shape = list(shape)
    del values_shape[arguments.get("axis", -1)]
    weight = None
    if values_shape and draw(st.booleans()):
        weight_shape = draw(st.sampled_from([values_shape, [values_shape[0]] + [1] * (len(values_shape) - 1)]))
        weight = rng.choice([0.0, 0.5, 1.0, 2.5], weight_shape)
    return arguments, y_true, y_pred, weight


def both(name, arguments, reduction):
    return (
        getattr(losses, name)(**arguments, reduction=reduction),
        getattr(keras.losses, name)(**arguments, reduction=reduction),
    )


def assert_close(ours, theirs, scale=0.0):
    """Within 1e-5 of the largest number, or of `scale`: a mean of values of both signs may cancel to about 0."""
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    assert ours.shape == theirs.shape
    beside.apart(np.abs(ours - theirs).max() / max(np.abs(theirs).max(), scale, 1e-6), TOLERANCE)


@pytest.mark.parametrize("name", CLASSES)
def test_each_class_has_keras_arguments_and_defaults(name):
    ours, theirs = getattr(losses, name), getattr(keras.losses, name)
    assert str(inspect.signature(ours)) == str(inspect.signature(theirs))
    assert ours().name == theirs().name


@pytest.mark.beside(
    "1",
    "every loss and reduction",
    "`keras.losses`",
    "random predictions and weights: values and gradients",
)
@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("name", CLASSES)
@settings(max_examples=6, deadline=None, derandomize=True)
@given(st.data())
def test_value_and_gradient_equal_those_of_keras(name, reduction, data):
    arguments, y_true, y_pred, weight = data.draw(cases(name))
    ours, theirs = both(name, arguments, reduction)
    y_pred = y_pred.astype("float32")
    tensor = tf.constant(y_pred)
    with tf.GradientTape() as tape:
        tape.watch(tensor)
        expected = theirs(y_true, tensor, sample_weight=weight)
    expected_gradient = tape.gradient(expected, tensor)
    value, gradient = ours.value_and_gradient(y_true, y_pred, weight)

    each = np.abs(np.asarray(both(name, arguments, "none")[1](y_true, tensor, sample_weight=weight)))
    assert_close(value, expected, scale=each.sum() if reduction == "sum" else each.mean())
    assert_close(gradient, expected_gradient)
    assert gradient.dtype == np.float32
    assert isinstance(value, np.ndarray if np.ndim(expected) else (float, np.floating))
    assert_close(ours(y_true, y_pred, weight), value)
    np.testing.assert_array_equal(ours.gradient(y_true, y_pred, weight), gradient)


@pytest.mark.parametrize("reduction", ["mean", "sum", "mean_with_sample_weight", "none"])
@pytest.mark.parametrize("name", CLASSES)
@settings(max_examples=4, deadline=None, derandomize=True)
@given(st.data())
def test_gradients_equal_finite_differences(name, reduction, data):
    arguments, y_true, y_pred, weight = data.draw(cases(name))
    loss = getattr(losses, name)(**arguments, reduction=reduction)
    assert check_loss(loss, y_true, y_pred, weight) < 1e-6


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_gives_keras_values_one_an_example(name):
    cls = type(losses.get(name)).__name__
    rng = np.random.default_rng(3)
    y_true, y_pred = labels_and_predictions(cls, {}, (6, 4), rng)
    ours = getattr(losses, name)(y_true, y_pred.astype("float32"))
    assert ours.shape == (6,)
    assert_close(ours, getattr(keras.losses, name)(y_true, y_pred.astype("float32")))


# ---- softmax and sigmoid with their cross-entropies


FUSED = [
    ("SparseCategoricalCrossentropy", "softmax", {}),
    ("CategoricalCrossentropy", "softmax", {}),
    ("CategoricalCrossentropy", "softmax", {"label_smoothing": 0.2}),
    ("BinaryCrossentropy", "sigmoid", {}),
    ("BinaryCrossentropy", "sigmoid", {"label_smoothing": 0.2}),
]


@pytest.mark.parametrize("scale", [1.0, 30.0, 300.0])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("reduction", REDUCTIONS[:4])
@pytest.mark.parametrize(("name", "activation", "arguments"), FUSED)
@pytest.mark.parametrize("shape", [(32, 10), (4, 3, 5)])
def test_fused_gives_what_keras_gives_for_a_model_that_ends_in_that_activation(
    name, activation, arguments, shape, reduction, weighted, scale
):
    rng = np.random.default_rng(1)
    logits = rng.normal(scale=scale, size=shape).astype("float32")
    y_true, _ = labels_and_predictions(name, arguments, shape, rng)
    weight = rng.uniform(0, 2, shape[:-1]).astype("float32") if weighted else None
    ours, theirs = both(name, arguments, reduction)
    assert ours.fused_activation == activation
    tensor = tf.constant(logits)
    with tf.GradientTape() as tape:
        tape.watch(tensor)
        expected = theirs(y_true, getattr(keras.activations, activation)(tensor), sample_weight=weight)
    value, gradient = ours.fused(y_true, logits, getattr(activations, activation)(logits), weight)
    assert isinstance(value, float) and np.isfinite(value)
    assert_close(value, expected)
    assert_close(gradient, tape.gradient(expected, tensor))
    assert gradient.dtype == np.float32


def test_fused_is_the_loss_of_the_logits():
    rng = np.random.default_rng(2)
    logits, y = rng.normal(size=(8, 5)), rng.integers(0, 5, 8)
    value, gradient = losses.SparseCategoricalCrossentropy().fused(y, logits, activations.softmax(logits))
    from_logits = losses.SparseCategoricalCrossentropy(from_logits=True)
    assert value == pytest.approx(from_logits(y, logits), rel=1e-12)
    np.testing.assert_allclose(gradient, from_logits.gradient(y, logits), atol=1e-15)


def test_fused_stays_finite_where_a_probability_is_zero():
    logits = np.array([[0.0, 200.0, -50.0]], "float32")
    p = activations.softmax(logits)
    assert p[0, 0] == 0.0
    value, gradient = losses.SparseCategoricalCrossentropy().fused(np.array([0]), logits, p)
    assert value == pytest.approx(200.0)
    np.testing.assert_allclose(gradient, [[-1.0, 1.0, 0.0]])


def test_fused_leaves_probabilities_and_logits_alone():
    rng = np.random.default_rng(2)
    logits = rng.normal(size=(8, 5)).astype("float32")
    p = activations.softmax(logits)
    kept = logits.copy(), p.copy()
    for loss, y in (
        (losses.SparseCategoricalCrossentropy(), np.arange(8) % 5),
        (losses.CategoricalCrossentropy(), np.eye(5)[np.arange(8) % 5]),
    ):
        loss.fused(y, logits, p)
        loss.fused(y, logits, p, np.ones(8))
    np.testing.assert_array_equal(logits, kept[0])
    np.testing.assert_array_equal(p, kept[1])


def test_from_logits_above_a_softmax_warns_as_keras_does():
    logits, y = np.zeros((2, 3), "float32"), np.array([0, 1])
    with pytest.warns(UserWarning, match="from_logits=True.*stands above a softmax"):
        losses.SparseCategoricalCrossentropy(from_logits=True).fused(y, logits, activations.softmax(logits))


def test_an_ignored_class_is_not_fused_as_in_keras():
    assert losses.SparseCategoricalCrossentropy(ignore_class=0).fused_activation is None


def test_cross_entropy_from_probabilities_clips_at_1e_minus_7_as_keras_does():
    p = np.array([[0.0, 1.0, 0.0], [0.2, 0.2, 0.1]], "float32")
    for name, y in (
        ("SparseCategoricalCrossentropy", np.array([0, 1])),
        ("CategoricalCrossentropy", np.eye(3)[[0, 1]]),
    ):
        ours, theirs = both(name, {}, "none")
        assert_close(ours(y, p), theirs(y, p))
        tensor = tf.constant(p)
        with tf.GradientTape() as tape:
            tape.watch(tensor)
            value = theirs(y, tensor)
        assert_close(ours.gradient(y, p), tape.gradient(value, tensor))


# ---- shapes, weights, types


def test_one_column_and_no_column_are_the_same_thing():
    y, p = np.array([1.0, 2.0, 3.0]), np.array([[1.5], [2.5], [2.0]])
    for name in ("MeanSquaredError", "Huber", "LogCosh"):
        ours, theirs = both(name, {}, "none")
        assert_close(ours(y, p), theirs(y, p))
        assert ours.gradient(y, p).shape == p.shape
        assert ours.gradient(p, y).shape == y.shape
    assert losses.BinaryCrossentropy()([1, 0], [[0.5], [0.5]]) == pytest.approx(np.log(2))


def test_sparse_labels_may_be_a_column():
    y, p = np.array([0, 2]), np.full((2, 3), 1 / 3)
    loss = losses.SparseCategoricalCrossentropy()
    assert loss(y[:, None], p) == loss(y, p) == loss(y.astype("float32"), p) == pytest.approx(np.log(3))


def test_weights_of_examples_count_for_all_their_steps():
    """Keras would line (n,) up with the last axis; rows are examples, so we line it up with the first."""
    rng = np.random.default_rng(0)
    y, p, weight = rng.normal(size=(3, 4, 2)), rng.normal(size=(3, 4, 2)), np.array([1.0, 0.0, 3.0])
    loss = losses.MeanSquaredError()
    assert loss(y, p, weight) == pytest.approx(loss(y, p, np.repeat(weight[:, None], 4, axis=1)))


def test_ignored_labels_count_nowhere():
    y, p = np.array([1, -1, 0, -1]), np.random.default_rng(0).uniform(0.1, 0.9, (4, 3))
    loss = losses.SparseCategoricalCrossentropy(ignore_class=-1)
    kept = losses.SparseCategoricalCrossentropy()
    assert loss(y, p) == pytest.approx(kept(y[[0, 2]], p[[0, 2]]))
    assert (loss.gradient(y, p)[[1, 3]] == 0).all()
    assert loss(np.array([-1, -1]), p[:2]) == 0.0


def test_all_weights_zero_gives_zero_as_in_keras():
    for reduction in ("mean", "mean_with_sample_weight"):
        ours, theirs = both("MeanSquaredError", {}, reduction)
        assert ours([[1.0]], [[2.0]], [0.0]) == float(theirs([[1.0]], [[2.0]], [0.0])) == 0.0


@pytest.mark.parametrize("name", CLASSES)
def test_float32_stays_float32_and_float64_float64(name):
    rng = np.random.default_rng(0)
    y_true, y_pred = labels_and_predictions(name, {}, (4, 5), rng)
    weight = np.array([1.0, 2.0, 0.5, 1.0])  # float64, on purpose
    for dtype in ("float32", "float64"):
        loss = getattr(losses, name)(reduction="none")
        assert loss(y_true, y_pred.astype(dtype), weight).dtype == dtype
        assert loss.gradient(y_true, y_pred.astype(dtype), weight).dtype == dtype


def test_lists_are_welcome():
    assert losses.MeanSquaredError()([1, 2], [1.0, 4.0]) == 2.0
    assert losses.SparseCategoricalCrossentropy()([1], [[0.5, 0.5]]) == pytest.approx(np.log(2))


# ---- names


def test_get_knows_every_name_of_keras_that_we_have():
    ours = {name: type(losses.get(name)).__name__ for name in losses.registry.names}
    for name, value in keras.src.losses.ALL_OBJECTS_DICT.items():
        found = value.__name__ if isinstance(value, type) else value.__name__.replace("_", "")
        if name in ours:
            assert ours[name].lower() == found.lower()
    missing = set(keras.src.losses.ALL_OBJECTS_DICT) - set(ours)
    left_out = {"dice", "tversky", "circle", "ctc", "binary_focal_crossentropy", "categorical_focal_crossentropy"}
    left_out |= {"Dice", "Tversky", "Circle", "CTC", "BinaryFocalCrossentropy", "CategoricalFocalCrossentropy"}
    assert missing == left_out | {"Loss", "LossFunctionWrapper"}


def test_every_registered_loss_stands_in_the_table_above():
    assert set(CLASSES) == set(losses.registry.members)


def test_get_takes_names_objects_classes_and_our_functions():
    loss = losses.Huber(0.5)
    assert losses.get(loss) is loss
    assert losses.get("mse").name == "mse"  # as in Keras's logs
    assert type(losses.get(losses.Hinge)) is type(losses.get(losses.hinge)) is losses.Hinge


@pytest.mark.parametrize("name", CLASSES)
def test_a_config_makes_the_same_loss_anew(name):
    config = getattr(losses, name)(reduction="sum").get_config()
    assert getattr(losses, name)(**config).get_config() == config


def test_one_can_write_a_loss_of_ones_own():
    class Quartic(losses.MeanLoss):
        def each(self, t, p):
            return (p - t) ** 4

        def each_derivative(self, t, p):
            return 4.0 * (p - t) ** 3

    assert check_loss(Quartic(), np.zeros((2, 3)), np.random.default_rng(0).normal(size=(2, 3)), [1.0, 2.0]) < 1e-7


def test_a_loss_of_ones_own_is_two_functions():
    @losses.loss
    def quartic(y_true, y_pred):
        return ((y_pred - y_true) ** 4).mean(axis=-1)

    @quartic.derivative
    def quartic(y_true, y_pred):
        return 4 * (y_pred - y_true) ** 3 / y_pred.shape[-1]

    assert check_loss(quartic, np.zeros((2, 3)), np.random.default_rng(0).normal(size=(2, 3)), [1.0, 2.0]) < 1e-7
    assert losses.get(quartic) is quartic and quartic.name == "quartic"
    theirs = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    theirs.compile("sgd", lambda t, p: keras.ops.mean((p - t) ** 4, axis=-1))
    ours = parity.from_keras(keras.Sequential([keras.Input((3,)), *theirs.layers]))
    ours.compile("sgd", quartic)
    x, y = np.random.default_rng(1).normal(size=(2, 20, 3)).astype("float32")
    for model in (ours, theirs):
        model.fit(x, y[:, :2], epochs=2, shuffle=False, verbose=0)
    assert parity.relative_difference(ours.get_weights(), theirs.get_weights()) < 1e-5


# ---- bad input: the loss, what was given, what is expected, what to do

P = np.full((4, 3), 1 / 3)
BAD = {
    "other shape": ("MeanSquaredError", np.zeros((4, 2)), P, r"\(4, 2\).*\(4, 3\).*one shape for both.*2 outputs"),
    "other rows": ("MeanSquaredError", np.zeros((5, 3)), P, "Each row of y_pred needs its own row of y_true"),
    "a row for a column": ("MeanSquaredError", np.zeros(4), P, r"\(4,\).*SparseCategorical.*1 output"),
    "empty": ("MeanSquaredError", np.zeros((0, 3)), np.zeros((0, 3)), "empty batch.*at least one example"),
    "NaN": ("MeanSquaredError", np.array([1.0, np.nan]), np.zeros(2), "1 NaN among 2 labels.*drop these rows"),
    "NaN class": ("SparseCategoricalCrossentropy", np.array([0, 1, np.nan, 2]), P, "1 NaN among 4 labels"),
    "names": ("SparseCategoricalCrossentropy", np.array(["cat", "dog", "cat", "cow"]), P, "needs numbers.*np.unique"),
    "label too large": ("SparseCategoricalCrossentropy", np.array([0, 1, 2, 5]), P, "0 to 5; with 3.*6 outputs"),
    "labels from 1": ("SparseCategoricalCrossentropy", np.array([1, 2, 3, 1]), P, "1 to 3.*subtract 1"),
    "negative label": ("SparseCategoricalCrossentropy", np.array([0, -1, 2, 0]), P, "-1 to 2.*ignore_class"),
    "fractions": ("SparseCategoricalCrossentropy", np.array([0.0, 0.5, 2, 1]), P, "such as 0.5.*MeanSquaredError"),
    "one-hot for sparse": ("SparseCategoricalCrossentropy", np.eye(3)[[0, 1, 2, 0]], P, "One-hot rows.*argmax"),
    "sparse for one-hot": ("CategoricalCrossentropy", np.array([0, 1, 2, 0]), P, "take SparseCategoricalCrossentropy"),
    "one class": ("CategoricalCrossentropy", np.ones((4, 1)), np.ones((4, 1)), "one class.*BinaryCrossentropy"),
    "numbers for one-hot": ("CategoricalCrossentropy", 3 * np.eye(3)[[0, 1, 2, 0]], P, "0 to 3.*between 0 and 1"),
    "-1 and 1": ("BinaryCrossentropy", np.array([-1, 1]), np.array([0.5, 0.5]), "-1 to 1.*Hinge"),
    "class numbers": ("BinaryCrossentropy", np.array([0, 7]), np.array([0.5, 0.5]), "0 to 7.*SparseCategorical"),
}  # fmt: skip


@pytest.mark.parametrize("bad", BAD)
def test_bad_input_is_named_by_check_by_call_and_by_gradient(bad):
    name, y_true, y_pred, message = BAD[bad]
    loss = getattr(losses, name)()
    for attempt in (
        lambda: loss.check(y_true, y_pred.shape),
        lambda: loss(y_true, y_pred),
        lambda: loss.gradient(y_true, y_pred),
    ):
        with pytest.raises((ValueError, TypeError), match=f"(?s){message}") as error:
            attempt()
        assert name in str(error.value)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: losses.get("mean_sqared_error"), ValueError, "Unknown loss.*'mean_squared_error'"),
        (
            lambda: losses.get(lambda y, p: 0),
            TypeError,
            "also needs its derivative.*@losses.loss.*subclass",
        ),
        (lambda: losses.loss(lambda y, p: 0).gradient([1.0], [2.0]), TypeError, "has no derivative yet"),
        (lambda: losses.MeanSquaredError(reduction="average"), ValueError, "reduction='average'; it knows"),
        (lambda: losses.SparseCategoricalCrossentropy(axis=1), ValueError, "np.moveaxis"),
        (lambda: losses.MeanSquaredError()(P, P, np.ones(3)), ValueError, r"sample_weight of shape \(3,\)"),
    ],
)
def test_bad_arguments_are_named(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_good_input_raises_no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name in CLASSES:
            rng = np.random.default_rng(0)
            y_true, y_pred = labels_and_predictions(name, {}, (4, 5), rng)
            getattr(losses, name)().value_and_gradient(y_true, y_pred)
