"""A model has one dtype, and everything that belongs to it follows when it changes."""

import numpy as np
import pytest

from course_lib import Sequential, layers, optimizers, utils

RNG = np.random.default_rng(2)
X, Y = RNG.normal(size=(12, 4)), RNG.integers(0, 3, 12)
KINDS = [optimizers.SGD(0.1, momentum=0.9), optimizers.Adam(0.1, amsgrad=True), optimizers.RMSprop(0.1, momentum=0.5)]


def model(optimizer="adam", dtype="float32"):
    utils.set_random_seed(1)
    made = Sequential([layers.Input((4,), dtype=dtype), layers.Dense(5, "tanh", dtype=dtype)])
    made.add(layers.Dense(3, "softmax", dtype=dtype))
    made.compile(optimizer, "sparse_categorical_crossentropy")
    return made


@pytest.mark.parametrize("kind", KINDS, ids=lambda o: type(o).__name__)
def test_the_optimizer_goes_on_in_the_new_dtype(kind):
    """As a model in float64 from the start would, that has the same weights and state."""
    changed, other = (model(type(kind)(**kind.get_config())) for _ in range(2))
    for each in (changed, other):
        each.fit(X, Y, epochs=3, shuffle=False, verbose=0)
    expected = model(type(kind)(**kind.get_config()), "float64")
    expected.set_weights(other.get_weights())
    expected.optimizer.calls = other.optimizer.calls
    expected.optimizer.state = [{n: a.astype("float64") for n, a in s.items()} for s in other.optimizer.state]
    changed.astype("float64")
    for each in (changed, expected):
        each.fit(X, Y, epochs=3, shuffle=False, verbose=0)
    assert {a.dtype for s in changed.optimizer.state for a in s.values()} == {np.dtype("float64")}
    for ours, theirs in zip(changed.get_weights(), expected.get_weights()):
        assert ours.dtype == np.float64
        np.testing.assert_array_equal(ours, theirs)


def test_weights_of_another_dtype_are_cast_as_in_keras():
    single, double = model(), model(dtype="float64")
    double.set_weights(single.get_weights())
    assert all(w.dtype == np.float64 for w in double.weights)
    single.set_weights([np.asarray(w, "float16") for w in double.get_weights()])
    assert all(w.dtype == np.float32 for w in single.weights)


@pytest.mark.parametrize("dtype", ["float16", "int32", "complex64", "nonsense"])
def test_a_dtype_in_which_nothing_here_computes_is_refused(dtype):
    made = model()
    with pytest.raises(TypeError, match="astype got dtype"):
        made.astype(dtype)
    assert made.dtype == np.float32 and made.predict(X).dtype == np.float32


def mixed():
    return [layers.Input((4,)), layers.Dense(5, name="a"), layers.BatchNormalization(dtype="float64", name="b")]


def test_weights_of_two_dtypes_are_refused_where_the_second_comes_in():
    with pytest.raises(TypeError, match="two dtypes.*float32.*b/.*float64"):
        Sequential(mixed())
    grown = Sequential(mixed()[:2])
    with pytest.raises(TypeError, match="two dtypes.*float32.*b/.*float64"):
        grown.add(mixed()[2])
    assert len(grown.layers) == 1 and grown.predict(X).dtype == np.float32


def test_layers_without_weights_need_no_dtype():
    made = Sequential([layers.Dense(5, dtype="float64", input_shape=(4,)), layers.Dropout(0.1), layers.ReLU()])
    assert made.predict(X).dtype == np.float64
