"""Size of signal and gradient through a deep stack: by hand, by theory, and beside TensorFlow's tape."""

import beside
import numpy as np
import pytest

from course_lib import layers, parity
from course_lib.experiments.depth import deep_stack, size, sizes
from course_lib.models import Sequential


def ends(width=128):
    return np.random.default_rng(3).normal(size=(2, 64, width))


def test_two_linear_layers_by_hand():
    model = Sequential(
        [layers.Dense(1, use_bias=False, weights=[[[2.0]]]), layers.Dense(1, use_bias=False, weights=[[[3.0]]])]
    )
    signal, gradient = sizes(model.astype("float64"), np.array([[1.0], [-1.0]]), np.array([[0.5], [0.5]]))
    np.testing.assert_allclose(signal, [1, 2, 6])
    np.testing.assert_allclose(gradient, [3, 1.5, 0.5])


def test_the_same_seed_draws_the_same_numbers_at_every_gain():
    one, three = deep_stack("tanh", 1.0, depth=3), deep_stack("tanh", 3.0, depth=3)
    for a, b in zip(one.weights, three.weights):
        np.testing.assert_allclose(3 * a, b)
    assert not np.allclose(one.weights[0], one.weights[1])


@pytest.mark.parametrize("gain", [0.5, 1.0, 2**0.5, 2.0])
def test_relu_halves_the_mean_square_so_a_layer_multiplies_by_gain_over_root_two(gain):
    """Mean of several networks, since each set of weights is a little off."""
    ratios = [np.log(np.stack(sizes(deep_stack("relu", gain, seed=s), *ends()))[:, [0, -1]] / 1.0) for s in range(4)]
    up, down = np.mean([(r[0, 1] - r[0, 0], r[1, 0] - r[1, 1]) for r in ratios], axis=0) / 20
    assert np.exp(up) == pytest.approx(gain / 2**0.5, rel=0.03)
    assert np.exp(down) == pytest.approx(gain / 2**0.5, rel=0.03)


def test_sigmoid_never_passes_on_more_than_a_quarter_of_the_gradient():
    x, dy = ends()
    stack = deep_stack("sigmoid", 1.0)
    _, gradient = sizes(stack, x, dy)
    largest = [np.linalg.norm(kernel, 2) for kernel in stack.weights]
    assert (gradient[:-1] / gradient[1:] <= 0.25 * np.array(largest)).all()
    assert gradient[0] / gradient[-1] < 0.25**20


@pytest.mark.beside(
    "1", "`experiments.depth.sizes`", "`tf.GradientTape` on the Keras twin", "four activations, 20 layers: the sizes"
)
@pytest.mark.parametrize("activation", ["relu", "gelu", "tanh", "sigmoid"])
def test_sizes_through_20_layers_equal_tensorflow(activation):
    stack, (x, dy) = deep_stack(activation, 1.0, width=32), ends(32)
    signal, gradient = sizes(stack, x, dy)
    twin = parity.keras_twin(stack)
    import tensorflow as tf

    outputs = [tf.constant(x)]
    with tf.GradientTape() as tape:
        tape.watch(outputs[0])
        for layer in twin.layers:
            outputs.append(layer(outputs[-1]))
    gradients = tape.gradient(outputs[-1], outputs, output_gradients=tf.constant(dy))
    for ours, theirs in [(signal, outputs), (gradient, gradients)]:
        theirs = np.array([size(value.numpy()) for value in theirs])
        beside.apart(np.abs(ours / theirs - 1).max(), 1e-6)
