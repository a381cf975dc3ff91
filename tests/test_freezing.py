"""Layers that do not train: as in Keras, and settled by `compile`."""

import numpy as np
import pytest
from training_twins import X, Y, assert_same_history, assert_same_weights, both, classifier, fit_both

from course_lib import Sequential, layers, optimizers


def test_frozen_layers_stay_and_the_rest_trains_as_in_keras():
    model, twin = both(layers.Dense(5, activation="tanh"))
    for engine in (model, twin):
        engine.layers[0].trainable = False
        engine.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    frozen = model.layers[0].get_weights()
    assert_same_history(*fit_both(model, twin))
    assert_same_weights(model, twin)
    assert all(np.array_equal(a, b) for a, b in zip(frozen, model.layers[0].get_weights()))
    for engine in (model, twin):
        engine.layers[0].trainable = True
        engine.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    fit_both(model, twin)
    assert_same_weights(model, twin)
    assert not np.array_equal(frozen[0], model.layers[0].kernel)


def test_a_frozen_layer_in_the_middle_passes_the_gradient_on():
    model, twin = both(layers.Dense(5, activation="tanh"))
    for engine in (model, twin):
        engine.layers[1].trainable = False
        engine.compile("adam", "sparse_categorical_crossentropy")
    fit_both(model, twin)
    assert_same_weights(model, twin)


def test_frozen_batch_normalization_uses_and_keeps_its_moving_statistics_as_in_keras():
    model, twin = both(layers.BatchNormalization())
    fit_both(model, twin)
    for engine in (model, twin):
        engine.layers[1].trainable = False
        engine.compile("adam", "sparse_categorical_crossentropy")
    statistics = model.layers[1].get_weights()
    fit_both(model, twin)
    assert_same_weights(model, twin)
    assert all(np.array_equal(a, b) for a, b in zip(statistics, model.layers[1].get_weights()))


def test_freezing_an_inner_model_freezes_all_of_it():
    inner = Sequential([layers.Dense(6, activation="tanh", input_shape=(6,)), layers.BatchNormalization()])
    model = Sequential([layers.Dense(6, input_shape=(6,)), inner, layers.Dense(3, activation="softmax")])
    inner.trainable = False
    model.compile("adam", "sparse_categorical_crossentropy")
    before = inner.get_weights()
    model.fit(X, Y)
    assert all(np.array_equal(a, b) for a, b in zip(before, inner.get_weights()))
    assert model.flat_parameters.size == 6 * 6 + 6 + 6 * 3 + 3


def test_a_wholly_frozen_model_trains_nothing_and_fails_nowhere():
    model = classifier()
    model.trainable = False
    model.compile("adam", "sparse_categorical_crossentropy")
    before = model.get_weights()
    model.fit(X, Y)
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights()))


@pytest.mark.parametrize("clipnorm", [None, 1.0])
def test_which_weights_train_is_settled_by_compile_whether_or_not_each_is_clipped(clipnorm):
    first, second = layers.Dense(4), layers.Dense(4)
    model = Sequential([layers.Input((4,)), first, second, layers.Dense(2, "softmax")])
    second.trainable = False
    model.compile(optimizers.SGD(0.1, clipnorm=clipnorm), "sparse_categorical_crossentropy")
    x, y = np.ones((6, 4), "float32"), np.arange(6) % 2
    model.fit(x, y, verbose=0)
    first.trainable, second.trainable = False, True  # counts from the next compile on
    before = first.kernel.copy(), second.kernel.copy()
    model.fit(x, y, verbose=0)
    assert (first.kernel != before[0]).any() and (second.kernel == before[1]).all()
