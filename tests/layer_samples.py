"""Layers of every kind, each with an input, for the tests of all layers."""

import copy

import numpy as np
import pytest
from keras_twins import randomize

from course_lib import Sequential, layers

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
