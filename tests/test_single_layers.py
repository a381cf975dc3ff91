"""What single layers promise."""

import numpy as np
import pytest
from layer_samples import INDICES, built, upstream

from course_lib import Sequential, layers
from course_lib.layers import Pass
from course_lib.layers.variables import flatten_parameters


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
