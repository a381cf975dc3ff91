"""What every layer promises: right gradients, shapes as announced, float32 throughout, its config."""

import json

import numpy as np
import pytest
from layer_samples import built, every_layer, upstream

from course_lib import gradcheck, initializers, layers, regularizers
from course_lib.layers import Pass
from course_lib.layers.variables import flatten_parameters
from course_lib.parity import keras_twin
from course_lib.serialization import deserialize, serialize


def arrays_in(value):
    """All arrays that a layer keeps: in attributes, lists, tuples, and the layers inside it."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, layers.Layer):
        yield from arrays_in(vars(value))
    elif isinstance(value, (dict, list, tuple)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from arrays_in(part)


@every_layer
@pytest.mark.parametrize("training", [False, True], ids=["inference", "training"])
def test_backward_equals_finite_differences(name, training):
    layer, x = built(name, "float64")
    assert gradcheck.check_layer(layer, x, training=training) < 1e-6


@every_layer
def test_output_has_the_announced_shape_and_kerass(name):
    layer, x = built(name)
    assert layer(x).shape == layer.compute_output_shape(x.shape)
    free = (None, *x.shape[1:])
    assert layer.compute_output_shape(free) == tuple(keras_twin(layer).compute_output_shape(free))


@every_layer
@pytest.mark.parametrize("training", [False, True], ids=["inference", "training"])
def test_no_float64_arises_in_a_float32_step(name, training):
    layer, x = built(name)
    run = Pass(training)
    y = layer(x, run=run)
    kept = list(run.values)
    dx = layer.backward(upstream(y), run)
    assert y.dtype == np.float32
    assert dx is None or dx.dtype == np.float32
    assert not [a.shape for a in arrays_in([vars(layer), kept]) if a.dtype == np.float64]


@every_layer
def test_neither_pass_changes_what_it_is_given(name):
    layer, x = built(name)
    x_before = x.copy()
    run = Pass(training=True)
    y = layer(x, run=run)
    dy = upstream(y)
    dy_before = dy.copy()
    x.flags.writeable = dy.flags.writeable = False
    layer.backward(dy, run)
    assert (x == x_before).all() and (dy == dy_before).all()


@every_layer
def test_gradients_are_written_in_place_and_anew(name):
    """Into the model's flat vector, and without adding to what stood there."""
    layer, x = built(name)
    _, gradients = flatten_parameters(layer)
    runs = Pass(), Pass()
    dy, _ = (upstream(layer(x, run=run)) for run in runs)
    layer.backward(dy, runs[0])
    first = gradients.copy()
    gradients += 1000
    layer.backward(dy, runs[1])
    assert (gradients == first).all()
    assert gradients.size == sum(w.size for w in layer.trainable_weights)
    assert all(np.shares_memory(g, gradients) for g in layer.gradients)


@every_layer
def test_skipping_the_input_gradient_leaves_the_weights_gradients(name):
    layer, x = built(name)
    runs = Pass(), Pass()
    dy, _ = (upstream(layer(x, run=run)) for run in runs)
    runs[0].backward(layer, dy)
    with_dx = [g.copy() for g in layer.gradients]
    runs[1].backward(layer, dy, input_gradient=False)
    assert all((a == b).all() for a, b in zip(with_dx, layer.gradients, strict=True))


@every_layer
def test_config_makes_the_same_layer_anew(name):
    layer, x = built(name)
    again = deserialize(json.loads(json.dumps(serialize(layer))))
    again.ensure_built(x.shape)
    again.set_weights(layer.get_weights())
    assert serialize(again) == serialize(layer)
    assert (again(x) == layer(x)).all()


def test_config_keeps_initializers_and_regularizers():
    layer = layers.LSTM(3, kernel_initializer=initializers.HeNormal(seed=1), recurrent_regularizer=regularizers.L2(0.5))
    again = deserialize(serialize(layer))
    assert again.kernel_initializer.get_config() == layer.kernel_initializer.get_config()
    assert again.recurrent_regularizer.get_config() == layer.recurrent_regularizer.get_config()
