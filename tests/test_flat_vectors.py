"""All trainable weights of a model are views into one vector, all their gradients into another."""

import copy
import pickle

import families
import numpy as np
import pytest

from course_lib import Sequential, layers, losses, optimizers, utils

rng = np.random.default_rng(2)
X = rng.normal(size=(12, 7, 5)).astype("float32")
Y = rng.integers(0, 3, 12)


def mixed_model():
    """A layer of most families, nested and residual ones too."""
    utils.set_random_seed(1)
    model = Sequential(
        [
            layers.Conv1D(6, 3, padding="same", activation="relu", input_shape=(7, 5)),
            layers.BatchNormalization(),
            layers.Residual(Sequential([layers.LayerNormalization(), layers.Dense(6, activation="tanh")])),
            layers.GRU(4, return_sequences=True),
            layers.LSTM(4),
            Sequential([layers.Dense(5, activation="gelu"), layers.RMSNormalization()]),
            layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def is_view(array, vector):
    return np.shares_memory(array, vector) and array.base is vector


def assert_laid_out(model):
    """Every trainable weight and its gradient stand at the same place of the two vectors, in order, without gaps."""
    parameters, gradients = (
        model.flat_parameters,
        model.flat_gradients,
    )  # laid out when asked for
    start = 0
    for v in model.variables(trainable=True):
        stop = start + v.value.size
        for array, vector in ((v.value, parameters), (v.gradient, gradients)):
            assert is_view(array, vector), v.path
            assert array.flags.c_contiguous and array.size == stop - start
            assert array.__array_interface__["data"] == vector[start:stop].__array_interface__["data"]
        start = stop
    assert start == model.flat_parameters.size == model.flat_gradients.size


def test_weights_and_gradients_are_views_in_order():
    model = mixed_model()
    assert_laid_out(model)
    assert model.flat_parameters.dtype == model.flat_gradients.dtype == np.float32
    assert model.flat_parameters.size == sum(w.size for w in model.trainable_weights)


def test_a_step_keeps_them_views():
    model = mixed_model()
    parameters, gradients = model.flat_parameters, model.flat_gradients
    before = parameters.copy()
    model.fit(X, Y, batch_size=5, epochs=2)
    assert model.flat_parameters is parameters and model.flat_gradients is gradients
    assert_laid_out(model)
    assert (parameters != before).mean() > 0.9


def test_writing_into_the_vector_changes_the_layers_and_the_other_way_round():
    model = mixed_model()
    model.flat_parameters[...] = 0.25
    assert all((w == 0.25).all() for w in model.trainable_weights)
    model.layers[-1].kernel[...] = 2.0
    assert (model.flat_parameters == 2.0).sum() == model.layers[-1].kernel.size


def test_backward_writes_every_gradient_and_adds_none_to_the_last():
    model = mixed_model()
    model.loss_and_gradient(X, Y)
    expected = model.flat_gradients.copy()
    model.flat_gradients[...] = np.nan
    for layer in model.layers:  # the batch statistics moved, but training does not read them
        assert all(np.isnan(g).all() for g in layer.gradients)
    model.loss_and_gradient(X, Y)
    np.testing.assert_array_equal(model.flat_gradients, expected)


@pytest.mark.parametrize("change", ["set_weights", "freeze", "add", "pop", "astype", "compile"])
def test_they_stay_views_after(change):
    model = mixed_model()
    if change == "set_weights":
        model.set_weights([w + 1 for w in model.get_weights()])
    elif change == "freeze":
        size = model.flat_parameters.size
        model.layers[2].trainable = False
        model.compile("adam", "sparse_categorical_crossentropy")
        assert model.flat_parameters.size == size - 6 - 6 - 6 * 6 - 6
        assert not is_view(model.layers[2].weights[0], model.flat_parameters)
    elif change == "add":
        model.add(layers.Dense(2))
    elif change == "pop":
        model.pop()
    elif change == "astype":
        model.astype("float64")
        assert model.flat_parameters.dtype == model.flat_gradients.dtype == np.float64
    else:
        model.compile("sgd", "sparse_categorical_crossentropy")
    assert_laid_out(model)


@pytest.mark.parametrize("again", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))], ids=["copied", "pickled"])
def test_a_copy_has_vectors_of_its_own_and_trains_on_like_the_original(again):
    model = mixed_model()
    model.fit(X, Y, shuffle=False)
    other = again(model)
    assert_laid_out(other)
    assert_laid_out(model)
    assert not np.shares_memory(model.flat_parameters, other.flat_parameters)
    assert other.fit(X, Y, shuffle=False).history == model.fit(X, Y, shuffle=False).history
    np.testing.assert_array_equal(other.flat_parameters, model.flat_parameters)


@pytest.mark.parametrize("recipe", [r for r in families.recipes() if "clipnorm" not in r[1]], ids=str)
def test_one_flat_update_equals_an_update_of_each_variable(recipe):
    flat, each = mixed_model(), mixed_model()
    cls, options = recipe
    flat_optimizer, each_optimizer = cls(0.01, **options), cls(0.01, **options)
    for _ in range(4):
        for model in (flat, each):
            model.loss_and_gradient(X, Y)
        flat_optimizer.apply([flat.flat_gradients], [flat.flat_parameters])
        each_optimizer.apply(each.gradients, each.trainable_weights)
        np.testing.assert_allclose(flat.flat_parameters, each.flat_parameters, rtol=2e-6, atol=1e-8)
    assert flat_optimizer.calls == each_optimizer.calls == 4


def test_clipnorm_shortens_each_variable_by_itself():
    model = mixed_model()
    model.compile(optimizers.SGD(1.0, clipnorm=1e-3), "sparse_categorical_crossentropy")
    before = [w.copy() for w in model.trainable_weights]
    model.train_on_batch(X, Y)
    steps = [np.linalg.norm(a - b) for a, b in zip(before, model.trainable_weights)]
    assert max(steps) <= 1e-3 * 1.01
    assert sum(step > 0.9e-3 for step in steps) > 3


def test_an_optimizer_that_has_trained_one_model_refuses_another():
    model, other = mixed_model(), Sequential([layers.Dense(1, input_shape=(2,))])
    model.fit(X, Y)
    other.compile(model.optimizer, losses.MeanSquaredError())
    with pytest.raises(ValueError, match="already trained others"):
        other.fit(np.ones((3, 2)), np.ones(3))


def test_after_adding_a_layer_training_asks_for_compile():
    model = mixed_model()
    model.fit(X, Y)
    model.add(layers.Dense(3, activation="softmax"))
    with pytest.raises(ValueError, match="compile the model again"):
        model.fit(X, Y)
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(X, Y)
    assert_laid_out(model)
