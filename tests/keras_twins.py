"""One layer of ours against the same layer of Keras: outputs, and gradients for a random dL/dy."""

import inspect

import numpy as np

from course_lib.layers import Pass
from course_lib.parity import keras_twin, quiet_keras, relative_difference


def randomize(layer, rng):
    """Random weights, so that none is neutral (a bias of 0, a gamma of 1). A variance stays positive."""
    for variable in layer.variables():
        values = rng.normal(scale=0.5, size=variable.value.shape)
        variable.value[...] = np.abs(values) + 0.5 if "variance" in variable.name else values


def layer_differences(layer, x, training=False, seed=0):
    """{what: largest relative difference from Keras} for y, dL/dx, each dL/dw, and each weight after the pass."""
    rng = np.random.default_rng([seed, 1])  # not the numbers of an x drawn with the same seed
    layer.ensure_built(x.shape)
    randomize(layer, rng)
    twin = keras_twin(layer)
    run = Pass(training)
    y = layer(x, run=run)
    dy = rng.normal(size=y.shape).astype(y.dtype)
    dx = layer.backward(dy, run)
    y_twin, dx_twin, gradients_twin = keras_pass(twin, x, dy, training)

    pairs = {"y": (y, y_twin)} | ({} if dx_twin is None else {"dx": (dx, dx_twin)})
    trainable = layer.variables(trainable=True)
    pairs |= {f"d {v.path}": (v.gradient, g) for v, g in zip(trainable, gradients_twin, strict=True)}
    pairs |= {v.path: (v.value, w) for v, w in zip(layer.variables(), twin.get_weights(), strict=True)}
    assert all(ours.dtype == theirs.dtype for ours, theirs in pairs.values())
    return {what: relative_difference([ours], [theirs]) for what, (ours, theirs) in pairs.items()}


def keras_pass(twin, x, dy, training=False):
    """y, dL/dx (None where x is whole numbers) and the list of dL/dw of a Keras layer, as arrays."""
    quiet_keras()
    import tensorflow as tf

    x = tf.convert_to_tensor(x)
    weights = [v.value for v in twin.trainable_weights]
    inputs = [x] if x.dtype.is_floating else []
    knows_training = "training" in inspect.signature(twin.call).parameters
    with tf.GradientTape() as tape:
        for tensor in inputs:
            tape.watch(tensor)
        y = twin(x, training=training) if knows_training else twin(x)
        product = tf.reduce_sum(y * dy)
    gradients = [tf.convert_to_tensor(g).numpy() for g in tape.gradient(product, inputs + weights)]
    return y.numpy(), gradients[0] if inputs else None, gradients[len(inputs) :]
