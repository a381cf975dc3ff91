"""The gradient check passes right gradients and catches wrong ones."""

import numpy as np
import pytest

from course_lib import Sequential, activations, layers, losses, utils
from course_lib.gradcheck import (
    check_activation,
    check_layer,
    check_loss,
    check_model,
    numerical_gradient,
    relative_error,
)

X = np.random.default_rng(0).normal(size=(4, 5))


def test_numerical_gradient_of_a_known_function():
    x = np.random.default_rng(1).normal(size=(2, 3))
    kept = x.copy()
    np.testing.assert_allclose(numerical_gradient(lambda x: (x**3).sum(), x), 3 * kept**2, atol=1e-8)
    np.testing.assert_array_equal(x, kept)


def test_numerical_gradient_can_do_some_entries_only():
    x = np.array([1.0, 2.0, 3.0])
    np.testing.assert_allclose(numerical_gradient(lambda x: (x**2).sum(), x, entries=[1]), [0.0, 4.0, 0.0], atol=1e-8)


def test_numerical_gradient_refuses_float32():
    with pytest.raises(TypeError, match="float32; a difference of two close numbers needs float64"):
        numerical_gradient(np.sum, np.ones(2, "float32"))


def test_relative_error_measures_against_the_largest_number():
    assert relative_error([1.0, 100.0], [2.0, 100.0]) == 0.01
    assert relative_error([0.0], [0.0]) == 0.0
    with pytest.raises(ValueError, match=r"\(2,\) and \(3,\)"):
        relative_error(np.zeros(2), np.zeros(3))


@pytest.mark.parametrize(
    "layer",
    [
        layers.Dense(3, activation="gelu"),
        layers.Dropout(0.4),
        layers.Dropout(0.4, seed=3),
        layers.Residual(Sequential([layers.Dense(5, activation="tanh"), layers.Dropout(0.3)])),
    ],
    ids=["Dense", "Dropout", "Dropout with a seed", "Residual of a model"],
)
def test_check_layer_passes_right_layers_and_leaves_them_alone(layer):
    utils.set_random_seed(1)
    before = utils.generator().bit_generator.state
    built = layer.built
    assert check_layer(layer, X, training=True) < 1e-7
    assert layer.built == built and layer.dtype == np.float32
    assert utils.generator().bit_generator.state == before


class Wrong(layers.Dense):
    """Dense with one of the classic mistakes."""

    def __init__(self, mistake):
        super().__init__(3, activation="tanh")
        self.mistake = mistake

    def backward_from_logits(self, dz, run):
        dx = super().backward_from_logits(dz, run)
        if self.mistake == "bias":
            self.d_bias[...] = dz[0]  # not summed over the rows
        if self.mistake == "kernel":
            self.d_kernel /= len(dz)  # one division too many
        return 2 * dx if self.mistake == "dx" else dx


@pytest.mark.parametrize("mistake", ["bias", "kernel", "dx"])
def test_check_layer_catches_a_wrong_gradient(mistake):
    assert check_layer(Wrong(mistake), X) > 1e-2


def test_check_activation_and_check_loss_catch_a_wrong_derivative():
    @activations.activation
    def cube(x):
        return x * x * x

    @cube.gradient
    def cube(dy, x, y):
        return dy * 2 * x * x

    class Half(losses.MeanSquaredError):
        def each_derivative(self, t, p):
            return p - t

    assert check_activation(cube, X) > 0.1
    assert check_loss(Half(), np.zeros((4, 5)), X) > 0.1


@pytest.mark.parametrize(
    ("activation", "loss", "y"),
    [
        ("softmax", "sparse_categorical_crossentropy", np.array([0, 2, 1, 2])),
        ("sigmoid", "binary_crossentropy", np.eye(3)[[0, 2, 1, 2]]),
        (None, "mse", np.random.default_rng(3).normal(size=(4, 3))),
    ],
)
@pytest.mark.parametrize("weight", [None, np.array([1.0, 0.0, 2.0, 0.5])])
def test_check_model_covers_loss_regularizer_weights_and_every_parameter(activation, loss, y, weight):
    model = Sequential(
        [
            layers.Dense(6, activation="silu", kernel_regularizer="l2", input_shape=(5,)),
            layers.Dropout(0.3),
            layers.Dense(3, activation=activation),
        ]
    )
    model.compile("adam", loss)
    kept = model.get_weights()
    assert check_model(model, X, y, sample_weight=weight, training=True, entries=None) < 1e-7
    assert check_model(model, X, y) < 1e-7
    assert all(np.array_equal(a, b) for a, b in zip(model.get_weights(), kept))
    assert model.flat_parameters.dtype == np.float32


def test_check_model_catches_a_wrong_layer():
    model = Sequential([Wrong("kernel"), layers.Dense(2)])
    model.compile("adam", "mse")
    assert check_model(model, X, np.zeros((4, 2)), entries=None) > 1e-3
