"""Every layer against live Keras: same weights in, same outputs, gradients and moving statistics out."""

import beside
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras_twins import keras_pass, layer_differences

from course_lib import Sequential, layers
from course_lib.parity import keras_twin, quiet_keras, relative_difference

TOLERANCE = 1e-5  # of the largest number in each array, float32

quick = settings(derandomize=True, deadline=None, max_examples=40)
slow = settings(derandomize=True, deadline=None, max_examples=12)

seeds = st.integers(0, 2**32 - 1)
small = st.integers(1, 4)
batches = st.integers(2, 5)
smooth = st.sampled_from([None, "relu", "tanh", "sigmoid", "gelu", "softmax"])


def normal(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def assert_parity(layer, x, training=False):
    differences = layer_differences(layer, x, training)
    too_large = {what: d for what, d in differences.items() if not d <= TOLERANCE}
    assert not too_large, f"{layer.get_config()} on {x.shape}: {too_large}"
    beside.apart(max(differences.values()), TOLERANCE)


# ---- core


@pytest.mark.beside(
    "1",
    "`layers.Dense`",
    "`keras.layers.Dense`",
    "random shapes and arguments: outputs, gradients of inputs and weights",
)
@quick
@given(batches, small, small, st.booleans(), smooth, st.booleans(), seeds)
def test_dense_equals_keras(n, features, units, use_bias, activation, carries_time, seed):
    shape = (n, 3, features) if carries_time else (n, features)
    assert_parity(layers.Dense(units, activation, use_bias), normal(seed, *shape))


@pytest.mark.beside(
    "1",
    "`Activation`, `Dropout`, `Flatten`, `Reshape`, `Residual`",
    "the same layers of Keras",
    "outputs and gradients in inference mode",
)
@pytest.mark.parametrize(
    "layer, shape",
    [
        (layers.Activation("tanh"), (3, 4)),
        (layers.Dropout(0.5), (3, 4)),
        (layers.Flatten(), (3, 2, 4)),
        (layers.Reshape((4, -1)), (3, 2, 6)),
        (layers.Residual(layers.Dense(4, "tanh")), (3, 4)),
        (layers.Residual(Sequential([layers.Dense(5, "gelu"), layers.LayerNormalization(), layers.Dense(4)])), (3, 4)),
    ],
    ids=lambda value: value.label if isinstance(value, layers.Layer) else "",
)
def test_core_layers_equal_keras_in_inference(layer, shape):
    assert_parity(layer, normal(0, *shape))


@pytest.mark.beside(
    "1",
    "`ReLU`, `LeakyReLU`, `ELU`, `Softmax`",
    "the same layers of Keras",
    "random shapes and arguments: outputs and gradients of inputs",
)
@quick
@given(
    st.sampled_from([layers.ReLU, layers.LeakyReLU, layers.ELU, layers.Softmax]),
    st.sampled_from([0.0, 0.1, 0.5, 1.0]), st.sampled_from([None, 0.5, 6.0]), st.sampled_from([0.0, 0.3]),
    batches, small, st.integers(2, 6), seeds,
)  # fmt: skip
def test_activation_layers_equal_keras(kind, slope, max_value, threshold, n, steps, width, seed):
    arguments = {layers.ReLU: (max_value, slope, threshold), layers.Softmax: ()}.get(kind, (slope,))
    assert_parity(kind(*arguments), normal(seed, n, steps, width))


LITTLE = {
    "permute": (lambda: layers.Permute((2, 1)), (3, 2, 4)),
    "permute, three axes": (lambda: layers.Permute((3, 1, 2)), (3, 2, 4, 5)),
    "repeat": (lambda: layers.RepeatVector(3), (2, 4)),
    "rescaling": (lambda: layers.Rescaling(1 / 127.5, offset=-1), (3, 4)),
    "zeros around a sequence": (lambda: layers.ZeroPadding1D((1, 2)), (2, 3, 4)),
    "zeros around an image": (lambda: layers.ZeroPadding2D(((1, 0), (2, 3))), (2, 3, 4, 2)),
    "zeros around an image, alike": (lambda: layers.ZeroPadding2D((0, 1)), (2, 3, 4, 2)),
    "larger sequence": (lambda: layers.UpSampling1D(3), (2, 3, 4)),
    "larger image": (lambda: layers.UpSampling2D((2, 3)), (2, 3, 4, 2)),
    "spatial dropout 1d": (lambda: layers.SpatialDropout1D(0.5), (2, 3, 4)),
    "spatial dropout 2d": (lambda: layers.SpatialDropout2D(0.5), (2, 3, 4, 2)),
    "gaussian noise": (lambda: layers.GaussianNoise(0.5), (2, 3)),
}


@pytest.mark.beside(
    "1",
    "`Permute`, `RepeatVector`, `Rescaling`, `ZeroPadding1D`, `ZeroPadding2D`, `UpSampling1D`, `UpSampling2D`, "
    "`SpatialDropout1D`, `SpatialDropout2D`, `GaussianNoise`",
    "the same layers of Keras",
    "outputs and gradients in inference mode",
)
@pytest.mark.parametrize("name", LITTLE)
def test_little_layers_equal_keras(name):
    make, shape = LITTLE[name]
    assert_parity(make(), normal(0, *shape))


def test_the_second_names_of_keras_name_the_same_classes():
    keras = quiet_keras()
    for name, ours in vars(layers).items():
        if isinstance(ours, type) and name != ours.__name__ and name != "InputLayer":
            assert getattr(keras.layers, name) is getattr(keras.layers, ours.__name__)
    assert layers.MaxPool2D is layers.MaxPooling2D and layers.GlobalAvgPool1D is layers.GlobalAveragePooling1D


# ---- convolution and pooling


def pairs(numbers):
    return st.one_of(numbers, st.tuples(numbers, numbers))


@st.composite
def convolutions(draw, kind):
    number = small if kind is layers.Conv1D else pairs(small)
    step = st.integers(1, 3) if kind is layers.Conv1D else pairs(st.integers(1, 3))
    paddings = ["valid", "same", "causal"] if kind is layers.Conv1D else ["valid", "same"]
    strided = draw(st.booleans())  # Keras refuses strides and dilation together
    return kind(
        draw(small),
        draw(number),
        strides=draw(step) if strided else 1,
        dilation_rate=1 if strided else draw(step),
        padding=draw(st.sampled_from(paddings)),
        activation=draw(smooth),
        use_bias=draw(st.booleans()),
    )


@pytest.mark.beside(
    "1",
    "`layers.Conv1D`",
    "`keras.layers.Conv1D`",
    "random shapes and arguments: outputs, gradients of inputs and weights",
)
@quick
@given(convolutions(layers.Conv1D), batches, st.integers(10, 13), st.integers(1, 6), seeds)
def test_conv1d_equals_keras(layer, n, steps, channels, seed):
    assert_parity(layer, normal(seed, n, steps, channels))


@pytest.mark.beside(
    "1",
    "`layers.Conv2D`",
    "`keras.layers.Conv2D`",
    "random shapes and arguments: outputs, gradients of inputs and weights",
)
@quick
@given(convolutions(layers.Conv2D), batches, st.integers(10, 12), st.integers(10, 12), st.integers(1, 6), seeds)
def test_conv2d_equals_keras(layer, n, height, width, channels, seed):
    assert_parity(layer, normal(seed, n, height, width, channels))


@pytest.mark.beside(
    "1",
    "max and average pooling",
    "the same layers of Keras",
    "random shapes and arguments: outputs, gradients of inputs and weights",
)
@quick
@given(
    st.sampled_from([layers.MaxPooling1D, layers.AveragePooling1D, layers.MaxPooling2D, layers.AveragePooling2D]),
    st.integers(1, 3), st.one_of(st.none(), st.integers(1, 4)), st.sampled_from(["valid", "same"]),
    batches, st.integers(3, 8), st.integers(3, 8), small, seeds,
)  # fmt: skip
def test_pooling_equals_keras(kind, pool_size, strides, padding, n, height, width, channels, seed):
    space = (height,) if kind.rank == 1 else (height, width)
    assert_parity(kind(pool_size, strides, padding), normal(seed, n, *space, channels))


@pytest.mark.beside(
    "1",
    "global pooling",
    "the same layers of Keras",
    "random shapes and arguments: outputs, gradients of inputs and weights",
)
@quick
@given(
    st.sampled_from([layers.GlobalAveragePooling1D, layers.GlobalMaxPooling1D,
                     layers.GlobalAveragePooling2D, layers.GlobalMaxPooling2D]),
    st.booleans(), batches, small, small, small, seeds,
)  # fmt: skip
def test_global_pooling_equals_keras(kind, keepdims, n, height, width, channels, seed):
    space = (height,) if kind.input_rank == 3 else (height, width)
    assert_parity(kind(keepdims=keepdims), normal(seed, n, *space, channels))


@pytest.mark.parametrize(
    "layer, space",
    [
        (layers.MaxPooling2D(2), (4, 6)),
        (layers.MaxPooling2D(3, strides=1, padding="same"), (4, 5)),
        (layers.MaxPooling1D(3, strides=2), (7,)),
        (layers.GlobalMaxPooling1D(), (5,)),
        (layers.GlobalMaxPooling2D(), (3, 2)),
    ],
    ids=lambda value: value.label if isinstance(value, layers.Layer) else "",
)
def test_ties_in_max_pooling_are_settled_as_in_tensorflow(layer, space):
    x = np.random.default_rng(0).integers(0, 3, (4, *space, 2)).astype("float32")
    assert_parity(layer, x)


# ---- normalization
# At least four numbers are normalized together: of two, x̂ is ±1 whatever they are, and dL/dx is what rounding left
# of a difference of equal numbers, in Keras as here.

features = st.integers(4, 8)


@pytest.mark.beside(
    "1",
    "`LayerNormalization`",
    "`keras.layers.LayerNormalization`",
    "random shapes and arguments: outputs, gradients of inputs and weights",
)
@quick
@given(batches, small, features, st.booleans(), st.booleans(), st.booleans(), st.sampled_from([1e-3, 0.1]), seeds)
def test_layer_normalization_equals_keras(n, steps, width, two_axes, center, scale, epsilon, seed):
    axis = [1, 2] if two_axes else -1
    assert_parity(layers.LayerNormalization(axis, epsilon, center, scale), normal(seed, n, steps, width))


@pytest.mark.beside(
    "1",
    "`RMSNormalization`",
    "`keras.layers.RMSNormalization`",
    "random shapes and arguments: outputs, gradients of inputs and weights",
)
@quick
@given(batches, small, features, st.booleans(), st.sampled_from([1e-6, 0.1]), seeds)
def test_rms_normalization_equals_keras(n, steps, width, two_axes, epsilon, seed):
    assert_parity(layers.RMSNormalization([-1, -2] if two_axes else -1, epsilon), normal(seed, n, steps, width))


@pytest.mark.beside(
    "2",
    "`BatchNormalization` in training and in inference",
    "`keras.layers.BatchNormalization`",
    "both modes: outputs, gradients, moving statistics",
)
@quick
@given(
    st.integers(4, 8), st.sampled_from([(), (3,), (2, 3)]), small, st.sampled_from([0.99, 0.5]),
    st.booleans(), st.booleans(), st.booleans(), st.booleans(), seeds,
)  # fmt: skip
def test_batch_normalization_equals_keras(n, space, channels, momentum, center, scale, training, trainable, seed):
    layer = layers.BatchNormalization(momentum=momentum, center=center, scale=scale, trainable=trainable)
    assert_parity(layer, 3 + 2 * normal(seed, n, *space, channels), training)


@pytest.mark.beside("2", "moving mean and variance", "`keras.layers.BatchNormalization`", "after 20 batches")
def test_moving_statistics_equal_keras_after_many_batches():
    layer = layers.BatchNormalization(momentum=0.9, input_shape=(3,))
    layer.ensure_built((None, 3))
    twin = keras_twin(layer)
    for seed in range(20):
        x = 5 + 3 * normal(seed, 8, 3)
        layer(x, training=True)
        twin(x, training=True)
    beside.apart(relative_difference(layer.get_weights(), twin.get_weights()), TOLERANCE)
    assert layer.moving_mean.max() > 3  # they did move


def test_batch_normalization_in_a_frozen_model_runs_in_inference_mode_as_in_keras():
    model = Sequential([layers.Dense(3), layers.BatchNormalization()], input_shape=(2,))
    model.trainable = False
    twin, x = keras_twin(model), normal(0, 6, 2)
    twin.trainable = False
    before = model.layers[1].moving_mean.copy()
    assert relative_difference(model(x, training=True), twin(x, training=True).numpy()) <= TOLERANCE
    assert (model.layers[1].moving_mean == before).all()


# ---- embedding


@pytest.mark.beside(
    "1",
    "`Embedding`",
    "`keras.layers.Embedding`",
    "random shapes and arguments: outputs, gradients of inputs and weights",
)
@quick
@given(st.integers(1, 9), small, st.sampled_from([(4,), (3, 5), (2, 3, 2)]), st.sampled_from(["int32", "int64"]), seeds)
def test_embedding_equals_keras(input_dim, output_dim, shape, dtype, seed):
    x = np.random.default_rng(seed).integers(0, input_dim, shape).astype(dtype)
    assert_parity(layers.Embedding(input_dim, output_dim), x)


# ---- recurrent


@pytest.mark.beside(
    "1",
    "`SimpleRNN`, `LSTM`, `GRU`",
    "the same layers of Keras",
    "random shapes and arguments: outputs, gradients of inputs and weights",
)
@pytest.mark.parametrize("kind", [layers.SimpleRNN, layers.LSTM, layers.GRU])
@slow
@given(data=st.data())
def test_recurrent_layers_equal_keras(kind, data):
    arguments = {
        "units": data.draw(small),
        "activation": data.draw(st.sampled_from(["tanh", "relu", None])),
        "use_bias": data.draw(st.booleans()),
        "return_sequences": data.draw(st.booleans()),
        "go_backwards": data.draw(st.booleans()),
    }
    if kind is not layers.SimpleRNN:
        arguments["recurrent_activation"] = data.draw(st.sampled_from(["sigmoid", "hard_sigmoid"]))
    shape = data.draw(st.tuples(batches, st.integers(1, 6), small))
    assert_parity(kind(**arguments), normal(data.draw(seeds), *shape))


def recurrent(data, **arguments):
    kind = data.draw(st.sampled_from([layers.SimpleRNN, layers.LSTM, layers.GRU]))
    arguments = {"return_sequences": data.draw(st.booleans()), "go_backwards": data.draw(st.booleans()), **arguments}
    return kind(data.draw(small), **arguments)


@pytest.mark.beside(
    "1",
    "`Bidirectional`, `TimeDistributed`",
    "the same layers of Keras",
    "random shapes and arguments: outputs, gradients of inputs and weights",
)
@slow
@given(data=st.data())
def test_layers_around_layers_equal_keras(data):
    n, steps, width = data.draw(st.tuples(batches, st.integers(1, 4), small))
    x = normal(data.draw(seeds), n, steps, width)
    merge_mode = data.draw(st.sampled_from(["concat", "sum", "ave", "mul"]))
    assert_parity(layers.Bidirectional(recurrent(data), merge_mode), x)
    assert_parity(layers.TimeDistributed(layers.Dense(3, "tanh")), x)
    assert_parity(layers.TimeDistributed(layers.Conv1D(2, 1)), x[:, :, None])


@pytest.mark.beside(
    "1",
    "`Embedding(mask_zero=True)`, `Masking` and the layers that heed a mask",
    "the same layers of Keras",
    "random steps left out: outputs, gradients of inputs and weights",
)
@slow
@given(data=st.data())
def test_masked_sequences_equal_keras(data):
    """Steps left out at any place. One step of each example counts: of none, Keras makes a mean of NaN."""
    n, steps, width = data.draw(st.tuples(batches, st.integers(1, 6), small))
    rng = np.random.default_rng(data.draw(seeds))
    counts = rng.random((n, steps)) < data.draw(st.sampled_from([0.2, 0.5, 0.9]))
    counts[np.arange(n), rng.integers(0, steps, n)] = True
    inner = recurrent(data)
    last = [layers.GlobalAveragePooling1D()] if inner.return_sequences else []
    around = data.draw(st.sampled_from([lambda layer: layer, layers.Bidirectional]))
    x = normal(0, n, steps, 4) * counts[..., None]
    assert_parity(Sequential([layers.Masking(), layers.Dense(width), around(inner), *last]), x)
    words = np.where(counts, rng.integers(1, 6, (n, steps)), 0)
    assert_parity(
        Sequential([layers.Embedding(6, width, mask_zero=True), around(recurrent(data)), layers.ReLU()]), words
    )
    assert_parity(Sequential([layers.Embedding(6, width, mask_zero=True), layers.GlobalAveragePooling1D()]), words)


@pytest.mark.parametrize("kind", [layers.SimpleRNN, layers.LSTM, layers.GRU])
def test_gradients_reach_through_fifty_steps_as_in_keras(kind):
    assert_parity(kind(6), normal(1, 3, 50, 4))


# ---- fresh layers


@pytest.mark.parametrize("name, arguments, shape", [
    ("Dense", {"units": 3}, (None, 4)),
    ("Conv1D", {"filters": 3, "kernel_size": 2}, (None, 7, 2)),
    ("Conv2D", {"filters": 3, "kernel_size": (2, 3)}, (None, 6, 7, 2)),
    ("LayerNormalization", {"axis": [1, 2]}, (None, 3, 4)),
    ("RMSNormalization", {}, (None, 4)),
    ("BatchNormalization", {}, (None, 4)),
    ("Embedding", {"input_dim": 5, "output_dim": 3}, (None, 4)),
    ("SimpleRNN", {"units": 3}, (None, 5, 2)),
    ("LSTM", {"units": 3}, (None, 5, 2)),
    ("GRU", {"units": 3}, (None, 5, 2)),
])  # fmt: skip
def test_a_fresh_layer_has_kerass_weights_names_and_constants(name, arguments, shape):
    """Random weights differ, but names, order, shapes, and what starts at 0 or 1 agree."""
    ours, theirs = getattr(layers, name)(**arguments), getattr(quiet_keras().layers, name)(**arguments)
    ours.ensure_built(shape)
    theirs.build(shape)
    assert [v.name for v in ours.variables()] == [v.name for v in theirs.weights]
    assert len(ours.trainable_weights) == len(theirs.trainable_weights)
    for a, b in zip(ours.weights, theirs.get_weights(), strict=True):
        assert a.shape == b.shape and a.dtype == b.dtype
        if set(np.unique(b)) <= {0, 1}:
            assert (a == b).all()


def test_keras_pass_differentiates_the_sum_of_y_times_dy():
    """The measuring stick itself, on numbers known by hand: y = 3x."""
    dense = layers.Dense(1, weights=[np.array([[3.0]]), np.array([0.0])])
    y, dx, (d_kernel, d_bias) = keras_pass(keras_twin(dense), np.float32([[1], [2]]), np.float32([[10], [100]]))
    assert y.tolist() == [[3], [6]] and dx.tolist() == [[30], [300]]
    assert d_kernel.tolist() == [[210]] and d_bias.tolist() == [110]
