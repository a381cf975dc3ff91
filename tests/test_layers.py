"""What every layer promises: right gradients, shapes as announced, float32 throughout, errors that help, configs."""

import copy
import json

import numpy as np
import pytest
from keras_twins import randomize

from course_lib import Sequential, gradcheck, initializers, layers, regularizers
from course_lib.layers import Pass
from course_lib.layers.base import flatten_parameters
from course_lib.parity import keras_twin
from course_lib.serialization import deserialize, serialize

INDICES = np.array([[4, 0, 4], [2, 4, 1]])  # 4 three times, 3 never

# name: (layer, shape of its input, or the input itself)
LAYERS = {
    "dense": (layers.Dense(3, "tanh"), (5, 4)),
    "dense over time": (layers.Dense(3, "gelu", use_bias=False), (2, 5, 4)),
    "activation": (layers.Activation("softmax"), (5, 4)),
    "dropout": (layers.Dropout(0.4), (5, 4)),
    "dropout, shared": (layers.Dropout(0.4, noise_shape=(None, 1, None), seed=3), (5, 2, 4)),
    "relu": (layers.ReLU(max_value=1.5, negative_slope=0.2, threshold=0.3), (5, 4)),
    "leaky relu": (layers.LeakyReLU(0.2), (5, 4)),
    "elu": (layers.ELU(0.7), (5, 4)),
    "softmax": (layers.Softmax(), (5, 2, 4)),
    "spatial dropout 1d": (layers.SpatialDropout1D(0.4, seed=1), (5, 3, 4)),
    "spatial dropout 2d": (layers.SpatialDropout2D(0.4), (3, 2, 2, 4)),
    "gaussian noise": (layers.GaussianNoise(0.4, seed=2), (5, 4)),
    "permute": (layers.Permute((3, 1, 2)), (5, 2, 4, 3)),
    "repeat": (layers.RepeatVector(3), (5, 4)),
    "rescaling": (layers.Rescaling(0.5, 1), (5, 4)),
    "zero padding 1d": (layers.ZeroPadding1D((2, 1)), (2, 3, 4)),
    "zero padding 2d": (layers.ZeroPadding2D(((1, 0), (2, 1))), (2, 3, 4, 2)),
    "upsampling 1d": (layers.UpSampling1D(3), (2, 3, 4)),
    "upsampling 2d": (layers.UpSampling2D((2, 3)), (2, 3, 4, 2)),
    "flatten": (layers.Flatten(), (5, 2, 4)),
    "reshape": (layers.Reshape((-1, 2)), (5, 2, 4)),
    "masking": (layers.Masking(), (5, 2, 4)),
    "lstm, dropout": (layers.LSTM(3, dropout=0.4, seed=1), (2, 5, 4)),
    "bidirectional": (layers.Bidirectional(layers.LSTM(3)), (2, 5, 4)),
    "bidirectional, sum": (
        layers.Bidirectional(layers.GRU(3, return_sequences=True), "sum"), (2, 5, 4)),
    "bidirectional, mean": (layers.Bidirectional(layers.SimpleRNN(3), "ave"), (2, 5, 4)),
    "bidirectional, product": (
        layers.Bidirectional(layers.LSTM(3, return_sequences=True), "mul"), (2, 5, 4)),
    "bidirectional, two of one's own": (layers.Bidirectional(
        layers.GRU(3), backward_layer=layers.LSTM(3, go_backwards=True)), (2, 5, 4)),
    "time distributed": (layers.TimeDistributed(layers.Conv1D(3, 2, activation="tanh")), (2, 3, 5, 4)),
    "masked words": (Sequential([
        layers.Embedding(5, 4, mask_zero=True), layers.Dense(4), layers.LSTM(3, return_sequences=True),
        layers.LayerNormalization(), layers.Bidirectional(layers.GRU(3, return_sequences=True)),
        layers.SimpleRNN(3, return_sequences=True, go_backwards=True), layers.GlobalAveragePooling1D()]),
        np.array([[4, 0, 4, 1], [2, 4, 1, 3], [0, 0, 3, 0]])),
    "residual": (layers.Residual(layers.Dense(4, "tanh")), (5, 4)),
    "residual block": (
        layers.Residual(Sequential([layers.LayerNormalization(), layers.Dense(6, "gelu"), layers.Dense(4)])), (5, 4)),
    "conv1d": (layers.Conv1D(3, 3, activation="tanh"), (2, 7, 2)),
    "conv1d, same": (layers.Conv1D(3, 4, strides=2, padding="same"), (2, 7, 2)),
    "conv1d, causal": (layers.Conv1D(3, 2, padding="causal", dilation_rate=3), (2, 7, 2)),
    "conv2d": (layers.Conv2D(3, (2, 3), activation="sigmoid"), (2, 5, 4, 2)),
    "conv2d, same": (layers.Conv2D(3, 3, strides=(2, 1), padding="same", use_bias=False), (2, 5, 4, 2)),
    "conv2d, dilated": (layers.Conv2D(2, 2, dilation_rate=(2, 1)), (2, 5, 4, 5)),
    "conv2d, 1 by 1": (layers.Conv2D(2, 1), (2, 5, 4, 5)),
    "max 1d": (layers.MaxPooling1D(2), (2, 7, 3)),
    "max 1d, overlapping": (layers.MaxPooling1D(3, strides=1, padding="same"), (2, 7, 3)),
    "max 2d": (layers.MaxPooling2D(), (2, 5, 4, 3)),
    "max 2d, overlapping": (layers.MaxPooling2D((3, 2), strides=(2, 1), padding="same"), (2, 5, 4, 3)),
    "average 1d": (layers.AveragePooling1D(3, strides=2, padding="same"), (2, 7, 3)),
    "average 2d": (layers.AveragePooling2D(2), (2, 5, 4, 3)),
    "average 2d, overlapping": (layers.AveragePooling2D(3, strides=1, padding="same"), (2, 5, 4, 3)),
    "global average 1d": (layers.GlobalAveragePooling1D(), (2, 5, 3)),
    "global average 2d": (layers.GlobalAveragePooling2D(keepdims=True), (2, 5, 4, 3)),
    "global max 1d": (layers.GlobalMaxPooling1D(keepdims=True), (2, 5, 3)),
    "global max 2d": (layers.GlobalMaxPooling2D(), (2, 5, 4, 3)),
    "layer normalization": (layers.LayerNormalization(), (4, 5)),
    "layer normalization, two axes": (layers.LayerNormalization(axis=[-2, -1], scale=False), (4, 3, 5)),
    "rms normalization": (layers.RMSNormalization(), (4, 3, 5)),
    "rms normalization, two axes": (layers.RMSNormalization(axis=[1, 2]), (4, 3, 5)),
    "batch normalization": (layers.BatchNormalization(), (6, 3)),
    "batch normalization of images": (layers.BatchNormalization(center=False), (4, 2, 3, 2)),
    "batch normalization, frozen": (layers.BatchNormalization(trainable=False), (6, 3)),
    "embedding": (layers.Embedding(5, 3), INDICES),
    "simple rnn": (layers.SimpleRNN(3), (2, 5, 4)),
    "simple rnn, sequences": (layers.SimpleRNN(3, return_sequences=True, use_bias=False), (2, 5, 4)),
    "lstm": (layers.LSTM(3), (2, 5, 4)),
    "lstm, backwards": (layers.LSTM(3, return_sequences=True, go_backwards=True), (2, 5, 4)),
    "gru": (layers.GRU(3, recurrent_activation="tanh"), (2, 5, 4)),
    "gru, sequences": (layers.GRU(3, return_sequences=True, use_bias=False), (2, 5, 4)),
}  # fmt: skip

every_layer = pytest.mark.parametrize("name", LAYERS)


def built(name, dtype="float32"):
    """A copy of the layer with random weights, and an input of its own."""
    layer, x = LAYERS[name]
    layer, rng = copy.deepcopy(layer), np.random.default_rng(0)
    x = rng.normal(size=x).astype(dtype) if isinstance(x, tuple) else x
    layer.ensure_built(x.shape)
    randomize(layer, rng)
    return layer.astype(dtype), x


def upstream(y):
    return np.random.default_rng(1).normal(size=y.shape).astype(y.dtype)


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


# ---- what single layers promise


def test_dropout_keeps_the_mean_and_drops_the_gradient_where_it_dropped_the_number():
    layer, x = layers.Dropout(0.25, seed=0), np.ones((200, 200), "float32")
    y = layer(x, run=(run := Pass(training=True)))
    assert abs((y == 0).mean() - 0.25) < 0.01
    assert abs(y.mean() - 1) < 0.01
    assert (layer.backward(x, run) == y).all()
    assert (layer(x, training=False) == x).all()


@pytest.mark.parametrize("layer, shape", [(layers.SpatialDropout1D(0.5), (40, 6, 30)),
                                          (layers.SpatialDropout2D(0.5), (40, 2, 3, 30))])  # fmt: skip
def test_spatial_dropout_drops_whole_channels(layer, shape):
    y = layer(np.ones(shape), training=True).reshape(40, 6, 30)
    assert (y == y[:, :1]).all() and set(np.unique(y)) == {0, 2}
    assert abs(y.mean() - 1) < 0.1


def test_gaussian_noise_has_its_deviation_in_training_only():
    layer, x = layers.GaussianNoise(0.3, seed=0), np.ones((300, 300), "float32")
    y = layer(x, training=True)
    assert abs((y - x).mean()) < 0.01 and abs((y - x).std() - 0.3) < 0.01
    assert (layer(x) == x).all()


@pytest.mark.parametrize("first", [
    layers.Dense(2, input_dim=4),
    layers.Dense(2, input_shape=(4,)),
    layers.Input((4,), batch_size=8, name="start"),
    layers.Input(shape=[4], dtype="int32", sparse=False, ragged=None, optional=False, tensor=None),
    layers.Input(batch_shape=(None, 4)),
    layers.InputLayer(shape=(4,)),
], ids=lambda layer: layer.name)  # fmt: skip
def test_a_model_knows_its_input_by_each_of_kerass_ways(first):
    model = Sequential([first, layers.Dense(2)])
    assert model.built and model.weights[0].shape == (4, 2) and model.dtype == "float32"
    assert model.predict(np.ones((3, 4))).shape == (3, 2)


@pytest.mark.parametrize("dtype", [None, "float32", np.float32, np.dtype("float32")], ids=str)
def test_a_layer_computes_in_float32_unless_it_is_told_otherwise(dtype):
    assert layers.Dense(2, dtype=dtype)(np.ones((3, 4))).dtype == np.float32
    assert layers.Dense(2, dtype=np.float64)(np.ones((3, 4))).dtype == np.float64


def test_defaults_of_keras_are_accepted_word_for_word():
    layers.Conv2D(2, 3, groups=1, data_format="channels_last", kernel_constraint=None, activity_regularizer=None)
    layers.Embedding(5, 2, mask_zero=False, input_length=10, embeddings_constraint=None)
    layers.LSTM(2, unroll=True, implementation=2, stateful=False, use_cudnn="auto", recurrent_dropout=0.0)
    layers.Flatten(data_format="channels_last")
    layers.LeakyReLU(alpha=0.1)


def test_a_softmax_layer_is_one_with_its_cross_entropy():
    """Logits of 100 would give a loss of infinity, or a gradient of 0, from the probabilities."""
    model = Sequential([layers.Input((2,)), layers.Softmax()])
    model.compile("sgd", "sparse_categorical_crossentropy")
    assert model.evaluate(np.array([[100.0, 0.0]]), np.array([1]), verbose=0) == pytest.approx(100)


def test_causal_convolution_sees_no_later_step():
    layer, x = layers.Conv1D(2, 3, padding="causal", dilation_rate=2), np.ones((1, 9, 2), "float32")
    before = layer(x).copy()
    x[:, 5:] = 7
    after = layer(x)
    assert (after[:, :5] == before[:, :5]).all()
    assert (after[:, 5:] != before[:, 5:]).any()


def test_a_convolution_takes_images_of_another_size():
    layer = layers.Conv2D(2, 3)
    layer(np.ones((1, 8, 8, 1)))
    assert layer(np.ones((1, 5, 9, 1))).shape == (1, 3, 7, 2)


def test_a_convolution_with_one_window_is_a_dense_layer():
    rng = np.random.default_rng(0)
    x, kernel, bias = rng.normal(size=(4, 3, 2, 5)), rng.normal(size=(3, 2, 5, 6)), rng.normal(size=6)
    convolution = layers.Conv2D(6, (3, 2), dtype="float64")
    convolution.ensure_built(x.shape)
    convolution.set_weights([kernel, bias])
    dense = layers.Dense(6, weights=[kernel.reshape(30, 6), bias], dtype="float64")
    assert np.allclose(convolution(x).reshape(4, 6), dense(x.reshape(4, 30)), atol=1e-12)


def test_the_first_of_equal_numbers_gets_the_gradient_in_max_pooling():
    layer, run = layers.MaxPooling1D(3), Pass()
    layer(np.array([[[1], [5], [5]]]), run=run)
    assert layer.backward(np.float32([[[10]]]), run).ravel().tolist() == [0, 10, 0]


def test_equal_numbers_share_the_gradient_in_global_max_pooling():
    layer, run = layers.GlobalMaxPooling1D(), Pass()
    layer(np.array([[[1], [5], [5]]]), run=run)
    assert layer.backward(np.float32([[10]]), run).ravel().tolist() == [0, 5, 5]


def test_average_pooling_does_not_count_the_padding():
    layer = layers.AveragePooling1D(2, strides=2, padding="same")
    assert layer(np.array([[[2], [4], [8]]])).ravel().tolist() == [3, 8]


def test_layer_normalization_gives_each_example_mean_0_and_size_1():
    y = layers.LayerNormalization(epsilon=0)(np.random.default_rng(0).normal(5, 3, (4, 50)))
    assert np.allclose(y.mean(axis=1), 0, atol=1e-5)
    assert np.allclose(y.std(axis=1), 1, atol=1e-5)


def test_batch_normalization_uses_the_batch_in_training_and_its_memory_in_inference():
    layer, x = layers.BatchNormalization(momentum=0.5), np.random.default_rng(0).normal(5, 3, (50, 2)).astype("float32")
    y = layer(x, training=True)
    assert np.allclose(y.mean(axis=0), 0, atol=1e-4)
    assert np.allclose(layer.moving_mean, 0.5 * x.mean(axis=0), atol=1e-4)
    assert np.allclose(layer.moving_variance, 0.5 + 0.5 * x.var(axis=0), atol=1e-4)
    moved = layer.get_weights()
    expected = (x - layer.moving_mean) / np.sqrt(layer.moving_variance + 1e-3)
    assert np.allclose(layer(x, training=False), expected, atol=1e-4)
    assert all((a == b).all() for a, b in zip(moved, layer.weights))


def test_moving_statistics_are_weights_that_no_optimizer_touches():
    layer, _ = built("batch normalization")
    assert [len(layer.weights), len(layer.trainable_weights), len(layer.non_trainable_weights)] == [4, 2, 2]
    parameters, _ = flatten_parameters(layer)
    assert not any(np.shares_memory(w, parameters) for w in layer.non_trainable_weights)


def test_freezing_a_layer_freezes_the_layers_inside_it():
    inner = layers.BatchNormalization()
    outer = layers.Residual(Sequential([inner]))
    outer.trainable = False
    assert inner.trainable is False
    outer.trainable = True
    assert inner.trainable is True


def test_embedding_is_the_product_of_one_hot_rows():
    table = np.random.default_rng(0).normal(size=(5, 3)).astype("float32")
    embedding = layers.Embedding(5, 3, weights=[table])
    one_hot = np.eye(5, dtype="float32")[INDICES]
    y = embedding(INDICES, run=(run := Pass()))
    assert (y == one_hot @ table).all()
    embedding.backward(dy := upstream(y), run)
    assert np.allclose(embedding.d_embeddings, np.einsum("ntv,ntd->vd", one_hot, dy), atol=1e-6)
    assert (embedding.d_embeddings[3] == 0).all()


def test_embedding_takes_whole_numbers_in_any_type():
    layer = layers.Embedding(5, 3)
    for dtype in ("int8", "uint8", "int32", "uint64", "float32"):
        x = INDICES.astype(dtype)
        y = layer(x, run=(run := Pass()))
        assert (y == layer.embeddings[INDICES]).all()
        layer.backward(np.ones_like(y), run)
        assert layer.d_embeddings[:, 0].tolist() == [1, 1, 1, 0, 3]


@pytest.mark.parametrize("kind", [layers.SimpleRNN, layers.LSTM, layers.GRU])
def test_the_last_of_all_states_is_the_state(kind):
    every, last = kind(3, return_sequences=True), kind(3)
    x = np.random.default_rng(0).normal(size=(2, 5, 4))
    states = every(x)
    last.ensure_built(x.shape)
    last.set_weights(every.get_weights())
    assert (states[:, -1] == last(x)).all()


def test_a_recurrent_layer_takes_sequences_of_another_length():
    layer = layers.GRU(3)
    layer(np.ones((2, 5, 4)))
    assert layer(np.ones((2, 9, 4))).shape == (2, 3)


@pytest.mark.parametrize("kind", [layers.SimpleRNN, layers.LSTM, layers.GRU])
@pytest.mark.parametrize("where", ["before", "behind", "between"])
def test_steps_that_do_not_count_might_as_well_not_be_there(kind, where):
    model = Sequential([layers.Input((None,)), layers.Embedding(5, 3, mask_zero=True), kind(4)])
    padded = {"before": [[0, 0, 2, 4]], "behind": [[2, 4, 0, 0]], "between": [[0, 2, 0, 4]]}[where]
    np.testing.assert_allclose(model(np.array(padded)), model(np.array([[2, 4]])), atol=1e-7)


def test_a_mask_ends_where_a_layer_does_not_hand_it_on():
    embedding, conv, mean = layers.Embedding(5, 3, mask_zero=True), layers.Conv1D(2, 1), layers.GlobalAveragePooling1D()
    x = np.array([[2, 4, 0, 0]])
    with_mask, without = Sequential([embedding, mean]), Sequential([embedding, conv, mean])
    np.testing.assert_allclose(with_mask(x), embedding(x)[:, :2].mean(axis=1), atol=1e-7)
    np.testing.assert_allclose(without(x), conv(embedding(x)).mean(axis=1), atol=1e-7)


def test_an_example_of_which_no_step_counts_gives_zeros_and_no_gradient():
    model = Sequential([layers.Embedding(5, 3, mask_zero=True), layers.GlobalAveragePooling1D()])
    y = model(np.array([[0, 0]]), run=(run := Pass()))
    assert (y == 0).all()
    model.backward(np.ones_like(y), run)
    assert (model.layers[0].d_embeddings == 0).all()


def test_what_a_mask_would_change_and_is_left_out_is_told():
    x, y = np.array([[2, 4, 0]]), np.array([[1, 1, 0]])
    words = layers.Embedding(5, 3, mask_zero=True)
    for stack, told in (
        ([words, layers.BatchNormalization(), layers.LSTM(2)], "LayerNormalization"),
        ([words, layers.Dense(2, "softmax")], "loss over such steps is left out.*GlobalAveragePooling1D"),
    ):
        model = Sequential(stack)
        model.compile("sgd", "sparse_categorical_crossentropy")
        with pytest.raises(ValueError, match=told):
            model.train_on_batch(x, y if len(stack) == 2 else y[:, 0])
    with pytest.raises(ValueError, match="left out"):
        model.evaluate(x, y, verbose=0)


def test_the_forget_gate_of_a_fresh_lstm_is_open():
    for unit_forget_bias, expected in ((True, [0, 0, 1, 1, 0, 0, 0, 0]), (False, [0] * 8)):
        layer = layers.LSTM(2, unit_forget_bias=unit_forget_bias)
        layer.ensure_built((None, 3, 4))
        assert layer.bias.tolist() == expected


# ---- errors: layer, given, expected, remedy


def fed(layer, *shapes):
    """Call the layer on inputs of these shapes, one after the other."""
    return lambda: [layer(np.ones(shape)) for shape in shapes]


BAD_INPUT = {
    "dense, one axis": (fed(layers.Dense(3), (4,)), ["Dense 'dense", "(4,)", "(n, features)", "x[None]"]),
    "dense, other width": (fed(layers.Dense(3), (2, 4), (2, 5)), ["(2, 5)", "5 features", "built for 4", "last axis"]),
    "dense, no rows": (fed(layers.Dense(3), (0, 4)), ["Dense", "(0, 4)", "one or more"]),
    "dense, words": (lambda: layers.Dense(3)([["a"]]), ["Dense", "<U1", "numbers"]),
    "dense, units": (lambda: layers.Dense(2.5), ["units=2.5", "whole number"]),
    "conv, one image": (fed(layers.Conv2D(2, 3), (8, 8, 1)), ["Conv2D", "(8, 8, 1)", "3 axes", "needs 4", "x[None]"]),
    "conv, flat": (fed(layers.Conv2D(2, 3), (5, 64)), ["2 axes", "(batch, height, width, channels)", "Reshape"]),
    "conv, other channels": (fed(layers.Conv2D(2, 3), (1, 8, 8, 1), (1, 8, 8, 3)), ["Conv2D", "3", "built for 1"]),
    "conv, image too small": (
        fed(layers.Conv2D(2, 3), (1, 2, 8, 1)), ["Conv2D", "(2, 8)", "(3, 3)", "smaller window", "padding='same'"]),
    "conv, later image too small": (fed(layers.Conv1D(2, 3), (1, 8, 1), (1, 2, 1)), ["Conv1D", "(2,)", "fits nowhere"]),
    "conv, channels first": (lambda: layers.Conv2D(2, 3, data_format="channels_first"), ["Conv2D", "last", "moveaxis"]),
    "conv, padding": (lambda: layers.Conv2D(2, 3, padding="causal"), ["'causal'", "'valid', 'same'"]),
    "conv, kernel": (lambda: layers.Conv2D(2, (3, 3, 3)), ["kernel_size=(3, 3, 3)", "or 2 of them"]),
    "conv, kernel of words": (lambda: layers.Conv1D(2, "3"), ["kernel_size='3'", "whole number"]),
    "conv, stride": (lambda: layers.Conv1D(2, 3, strides=0), ["strides=0", "1 or more"]),
    "conv, both": (lambda: layers.Conv1D(2, 3, strides=2, dilation_rate=2), ["strides=(2,)", "dilation_rate=(2,)"]),
    "conv, filters": (lambda: layers.Conv1D(0, 3), ["Conv1D", "filters=0", "1 or more"]),
    "conv, shuffled keyword": (lambda: layers.Conv2D(2, 3, stride=2), ["'stride'", "'strides'"]),
    "pooling, rank": (fed(layers.MaxPooling1D(), (2, 3)), ["MaxPooling1D", "(2, 3)", "(batch, steps, channels)"]),
    "pooling, too small": (fed(layers.AveragePooling2D(3), (1, 2, 2, 1)), ["AveragePooling2D", "(2, 2)", "(3, 3)"]),
    "global pooling, channels first": (
        lambda: layers.GlobalMaxPooling1D(data_format="channels_first"), ["GlobalMaxPooling1D", "last", "moveaxis"]),
    "global pooling, rank": (fed(layers.GlobalMaxPooling2D(), (2, 3)), ["GlobalMaxPooling2D", "needs 4"]),
    "layer norm, axis": (fed(layers.LayerNormalization(axis=1), (2, 3, 4)), ["axis=1", "(2, 3, 4)", "moveaxis"]),
    "layer norm, axis twice": (fed(layers.LayerNormalization(axis=[-1, 2]), (2, 3, 4)), ["axis=[-1, 2]", "last"]),
    "layer norm, one axis": (fed(layers.LayerNormalization(), (4,)), ["LayerNormalization", "(4,)", "x[None]"]),
    "layer norm, width": (fed(layers.LayerNormalization(), (2, 4), (2, 5)), ["(2, 5)", "built for (4,)"]),
    "rms norm, width": (
        fed(layers.RMSNormalization([1, 2]), (2, 3, 4), (2, 5, 4)), ["RMSNormalization", "(5, 4)", "built for (3, 4)"]),
    "batch norm, axis": (fed(layers.BatchNormalization(axis=1), (2, 3, 4)), ["axis=1", "axis=-1", "moveaxis"]),
    "batch norm, width": (fed(layers.BatchNormalization(), (2, 4), (2, 5)), ["BatchNormalization", "built for 4"]),
    "embedding, too large": (lambda: layers.Embedding(5, 2, name="words")([[1, 5]]),
                             ["Embedding 'words'", "index 5", "0 … 4", "input_dim"]),
    "embedding, negative": (lambda: layers.Embedding(5, 2)([[-1, 2]]), ["index -1", "0 … 4"]),
    "embedding, fraction": (lambda: layers.Embedding(5, 2)([[0.5, 2]]), ["0.5", "whole numbers", "Dense"]),
    "embedding, NaN": (lambda: layers.Embedding(5, 2)([[np.nan, 2]]), ["nan", "whole numbers"]),
    "embedding, size": (lambda: layers.Embedding(0, 2), ["input_dim=0", "1 or more"]),
    "lstm, rank": (fed(layers.LSTM(3), (2, 4)), ["LSTM", "(2, 4)", "(batch, steps, features)", "x[None]"]),
    "lstm, width": (fed(layers.LSTM(3), (2, 5, 4), (2, 5, 6)), ["LSTM", "6 features", "built for 4"]),
    "lstm, no steps": (fed(layers.LSTM(3), (2, 0, 4)), ["LSTM", "(2, 0, 4)", "no numbers"]),
    "lstm, units": (lambda: layers.LSTM("3"), ["LSTM", "units='3'", "whole number"]),
    "gru, reset": (lambda: layers.GRU(3, reset_after=False), ["GRU", "reset_after=False", "True"]),
    "gru, return_state": (lambda: layers.GRU(3, return_state=True), ["GRU", "return_state=True", "last state"]),
    "bidirectional, dense": (lambda: layers.Bidirectional(layers.Dense(3)), ["Bidirectional", "Dense", "LSTM(32)"]),
    "bidirectional, merge": (lambda: layers.Bidirectional(layers.LSTM(3), "average"), ["'average'", "'ave'"]),
    "bidirectional, alike": (
        lambda: layers.Bidirectional(layers.LSTM(3), backward_layer=layers.LSTM(3)), ["opposite go_backwards"]),
    "time distributed, rank": (fed(layers.TimeDistributed(layers.Dense(3)), (2, 3)), ["(2, 3)", "(n, steps, …)"]),
    "time distributed, width": (
        fed(layers.TimeDistributed(layers.Dense(3)), (2, 5, 4), (2, 5, 3)), ["Dense", "3 features", "built for 4"]),
    "residual, width": (fed(layers.Residual(layers.Dense(3)), (2, 4)), ["Residual", "(4,)", "(3,)", "4 outputs"]),
    "reshape": (fed(layers.Reshape((3, 3)), (2, 8)), ["Reshape", "(8,)", "8 numbers", "(3, 3)", "-1"]),
    "relu, slope": (lambda: layers.ReLU(negative_slope=-1), ["ReLU", "negative_slope=-1", "0 or more"]),
    "leaky relu, no slope": (lambda: layers.LeakyReLU(None), ["LeakyReLU", "negative_slope=None", "0 or more"]),
    "softmax, axis": (fed(layers.Softmax(axis=1), (2, 3, 4)), ["Softmax", "axis=1", "(2, 3, 4)", "Permute"]),
    "noise, too much": (lambda: layers.GaussianNoise(2), ["GaussianNoise", "stddev=2", "0 to 1"]),
    "permute, twice": (lambda: layers.Permute((1, 1)), ["Permute", "(1, 1)", "1 … 2"]),
    "permute, rank": (fed(layers.Permute((2, 1)), (2, 3)), ["Permute", "(2, 3)", "needs 3"]),
    "repeat, none": (lambda: layers.RepeatVector(0), ["RepeatVector", "n=0", "1 or more"]),
    "zero padding": (lambda: layers.ZeroPadding2D((1, 2, 3)), ["ZeroPadding2D", "(1, 2, 3)", "((above, below), (left"]),
    "zero padding, less": (lambda: layers.ZeroPadding1D(-1), ["ZeroPadding1D", "padding=-1", "0 or more"]),
    "upsampling": (lambda: layers.UpSampling2D((2, 0)), ["UpSampling2D", "size=(2, 0)", "1 or more"]),
    "upsampling, smooth": (lambda: layers.UpSampling2D(2, interpolation="bilinear"), ["bilinear", "nothing is interp"]),
    "dtype, half": (lambda: layers.Dense(2, dtype="float16"), ["Dense", "float16", "float32", "float64"]),
    "dtype, whole": (lambda: layers.LSTM(2, dtype="int32"), ["LSTM", "int32", "float32"]),
    "dtype, words": (lambda: layers.Input((4,), dtype="string"), ["Input", "'string'", "float32"]),
    "input, one number": (lambda: layers.Input(10), ["Input", "shape=10", "(1000,)"]),
    "input, none": (lambda: layers.Input(), ["Input", "shape=None", "(1000,)"]),
    "input, sparse": (lambda: layers.Input((4,), sparse=True), ["Input", "sparse=True", "toarray"]),
    "dropout": (lambda: layers.Dropout(1.0), ["Dropout", "rate=1.0", "below 1"]),
    "weights, count": (lambda: layers.Dense(3, weights=[np.ones((2, 3))]), ["Dense", "1 arrays", "2 weights", "bias"]),
    "weights, shape": (lambda: layers.Embedding(5, 2, weights=[np.ones((2, 5))]), ["(2, 5)", "embeddings", "(5, 2)"]),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_gets_an_error_that_names_layer_given_expected_and_remedy(case):
    call, words = BAD_INPUT[case]
    with pytest.raises((ValueError, TypeError)) as error:
        call()
    missing = [word for word in words if word not in str(error.value)]
    assert not missing, f"{missing} not in: {error.value}"
