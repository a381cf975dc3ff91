"""The stack of layers: what can be added, nested, shared, and taken apart."""

import numpy as np
import pytest
from training_twins import X, Y, assert_same_weights, classifier, fit_both

from course_lib import Sequential, layers, losses, parity


def test_layers_can_be_added_and_taken_off():
    model = Sequential([layers.Dense(4, input_shape=(6,))])
    first = model.layers[0].get_weights()
    model.add(layers.Dense(2))
    assert model.predict(X).shape == (50, 2)
    assert np.array_equal(model.layers[0].kernel, first[0])
    taken = model.pop()
    assert taken.units == 2 and len(model.layers) == 1
    np.testing.assert_allclose(model.predict(X), X @ first[0] + first[1], rtol=1e-5, atol=1e-6)
    assert model.flat_parameters.size == 6 * 4 + 4
    model.add(layers.Dense(3, activation="softmax"))
    model.compile("adam", "sparse_categorical_crossentropy")
    twin = parity.keras_twin(model)
    fit_both(model, twin)
    assert_same_weights(model, twin)


def test_an_input_layer_is_no_layer_of_the_model():
    model = Sequential([layers.Input(shape=(6,)), layers.Dense(4)])
    assert model.built and [type(layer).__name__ for layer in model.layers] == ["Dense"]


def test_nested_models_train_like_the_same_layers_in_a_row():
    flat = classifier(layers.Dense(5, activation="tanh"))
    inner = Sequential([layers.Dense(8, activation="relu", input_shape=(6,)), layers.Dense(5, activation="tanh")])
    nested = Sequential([inner, Sequential([layers.Dense(3, activation="softmax")])])
    nested.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    nested.predict(X)
    nested.set_weights(flat.get_weights())
    assert nested.fit(X, Y, shuffle=False, epochs=2).history == flat.fit(X, Y, shuffle=False, epochs=2).history
    assert np.array_equal(nested.flat_parameters, flat.flat_parameters)


def test_two_models_that_share_layers_train_the_same_weights_in_turn():
    shared = layers.Dense(5, activation="tanh", input_shape=(6,))
    first, second = Sequential([shared, layers.Dense(3)]), Sequential([shared, layers.Dense(3)])
    loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    for model in (first, second):
        model.compile("adam", loss)
    for model in (first, second, first):
        before = shared.kernel.copy()
        model.fit(X, Y)
        assert not np.array_equal(before, shared.kernel)
        np.testing.assert_array_equal(first.layers[0].kernel, second.layers[0].kernel)


def test_layers_give_their_input_gradient_after_training_too():
    model = classifier()
    model.fit(X, Y)
    dense, run = model.layers[0], layers.Pass()
    y = dense(X, run=run)
    dx = dense.backward(np.ones((50, 8), "float32"), run)
    np.testing.assert_allclose(dx, (y > 0).astype("float32") @ dense.kernel.T, rtol=1e-5)


def test_get_weights_are_copies_and_set_weights_puts_them_back():
    model = classifier()
    saved = model.get_weights()
    before = model.predict(X)
    model.fit(X, Y)
    assert not np.allclose(before, model.predict(X))
    model.set_weights(saved)
    assert np.array_equal(before, model.predict(X))
    saved[0][...] = 0
    assert np.array_equal(before, model.predict(X))


def test_a_float64_model_takes_float64_rows():
    model = Sequential([layers.Dense(2, dtype="float64"), layers.Dense(1, dtype="float64")])
    x = np.array([[1.0 + 1e-12, 0.0], [1.0, 0.0]])
    y = model(x)
    assert y.dtype == np.float64 and y[0] != y[1]


def test_loss_and_gradient_checks_its_labels_and_the_model():
    model = Sequential([layers.Dense(3, "softmax")])
    with pytest.raises(RuntimeError, match="compile"):
        model.loss_and_gradient(np.ones((2, 4)), [0, 1])
    model.compile("sgd", "sparse_categorical_crossentropy")
    with pytest.raises(ValueError, match="3"):
        model.loss_and_gradient(np.ones((2, 4)), [3, 1])
    assert model.loss_and_gradient(np.ones((2, 4)), [0, 1])[0] > 0
