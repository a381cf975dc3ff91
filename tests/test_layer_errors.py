"""What a layer says to an input or an argument that it cannot take: its name, what came, what it needs, the remedy."""

import numpy as np
import pytest

from course_lib import layers


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
