"""L1 and L2 penalties equal Keras's, and so do their gradients."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course_lib import parity, regularizers
from course_lib.gradcheck import numerical_gradient, relative_error

keras = parity.quiet_keras()
import tensorflow as tf  # noqa: E402

PRICES = st.sampled_from([0.0, 0.01, 0.5, 3])
MAKERS = {
    "L1": st.fixed_dictionaries({"l1": PRICES}),
    "L2": st.fixed_dictionaries({"l2": PRICES}),
    "L1L2": st.fixed_dictionaries({"l1": PRICES, "l2": PRICES}),
}


@pytest.mark.parametrize("name", MAKERS)
@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.data())
def test_penalty_and_gradient_equal_those_of_keras(name, data):
    arguments = data.draw(MAKERS[name])
    shape = data.draw(hnp.array_shapes(max_dims=4, max_side=5))
    w = np.random.default_rng(data.draw(st.integers(0, 99))).normal(size=shape).astype("float32")
    ours, theirs = getattr(regularizers, name)(**arguments), getattr(keras.regularizers, name)(**arguments)
    tensor = tf.constant(w)
    with tf.GradientTape() as tape:
        tape.watch(tensor)
        expected = theirs(tensor)
    gradient = ours.gradient(w)
    assert isinstance(ours(w), float)
    assert gradient.dtype == np.float32
    assert ours(w) == pytest.approx(float(expected), rel=1e-5, abs=1e-12)
    unconnected = tf.UnconnectedGradients.ZERO  # a price of 0 is no part of the graph at all
    np.testing.assert_allclose(gradient, tape.gradient(expected, tensor, unconnected_gradients=unconnected), rtol=1e-5)
    w = w.astype("float64")
    assert relative_error(gradient, numerical_gradient(ours, w)) < 1e-6


def test_every_registered_regularizer_stands_in_the_table_above():
    assert set(MAKERS) == set(regularizers.registry.members)


def test_names_and_defaults_are_those_of_keras():
    for name in ("l1", "l2", "l1_l2", "L1", "L2", "L1L2"):
        ours, theirs = getattr(regularizers, name), getattr(keras.regularizers, name)
        assert ours.__name__ == theirs.__name__
        assert type(regularizers.get(name)) is ours
        assert ours().get_config() == pytest.approx(theirs().get_config())
    assert regularizers.get(None) is None
    assert regularizers.get(regularizers.L2).l2 == 0.01


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: regularizers.get("l3"), ValueError, "Unknown regularizer 'l3'"),
        (lambda: regularizers.get(0.01), TypeError, r"needs a name such as"),
        (lambda: regularizers.L2(-1.0), ValueError, "L2 got l2=-1.0; it is a price: a finite number, 0 or more"),
        (lambda: regularizers.L1(float("nan")), ValueError, "L1 got l1=nan"),
        (lambda: regularizers.L1L2("a lot"), ValueError, "L1L2 got l1='a lot'"),
    ],
)
def test_bad_arguments_are_named(make, error, message):
    with pytest.raises(error, match=message):
        make()
