"""Keras's small helpers: one seed for everything random, one-hot labels."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course_lib import activations, initializers, parity, utils

keras = parity.quiet_keras()


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    hnp.arrays(int, hnp.array_shapes(max_dims=3, max_side=4), elements=st.integers(0, 4)), st.sampled_from([None, 5])
)
def test_one_hot_rows_are_those_of_keras(labels, classes):
    ours, theirs = utils.to_categorical(labels, classes), keras.utils.to_categorical(labels, classes)
    assert ours.dtype == np.float32
    np.testing.assert_array_equal(ours, theirs)


def test_a_column_of_labels_gives_rows_of_classes():
    assert utils.to_categorical([[2], [0]]).tolist() == [[0, 0, 1], [1, 0, 0]]
    assert utils.to_categorical(np.zeros((2, 3, 1), int), 2).shape == (2, 3, 2)
    assert utils.to_categorical(np.zeros((0, 1), int), 2).shape == (0, 2)
    with pytest.raises(ValueError, match="no labels.*num_classes"):
        utils.to_categorical([])


def test_one_seed_starts_the_course_numpy_and_python_anew():
    def draw():
        return [
            np.random.rand(),
            random.random(),
            initializers.GlorotNormal()((2, 2)).tolist(),
            np.random.permutation(9)[0],
        ]

    utils.set_random_seed(3)
    first, second = draw(), draw()
    utils.set_random_seed(3)
    assert draw() == first != second
    keras.utils.set_random_seed(3)
    assert [np.random.rand(), random.random()] == first[:2]


@pytest.mark.parametrize("seed", [-1, 2**32, 1.5, "1", True, None])
def test_a_seed_that_is_none_is_refused(seed):
    with pytest.raises(ValueError, match="set_random_seed got .*whole number"):
        utils.set_random_seed(seed)


def test_a_softmax_of_one_number_warns_as_in_keras():
    for softmax in (activations.softmax, keras.activations.softmax):
        with pytest.warns(UserWarning, match="softmax over axis -1 of .*sigmoid"):
            assert np.asarray(softmax(np.ones((3, 1), "float32"))).tolist() == [[1.0]] * 3
