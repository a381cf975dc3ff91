"""Whole models of every layer, with the rows that they are compared on."""

import numpy as np

from course_lib import Sequential, layers, utils

rng = np.random.default_rng(8)


def normal(*shape, random=rng):
    return random.normal(size=shape).astype("float32")


FLAT, SEQUENCE, IMAGE = normal(40, 6), normal(40, 7, 5), normal(40, 8, 8, 2)
TOKENS = rng.permutation(280).reshape(40, 7)  # each number once: see EXCEPTIONS in test_parity
LABELS, TARGETS = rng.integers(0, 3, 40), normal(40, 3)


def make(stack, loss="sparse_categorical_crossentropy", optimizer="adam", metric_names=()):
    utils.set_random_seed(4)
    model = Sequential(stack)
    model.compile(optimizer, loss, list(metric_names))
    return model


MODELS = {
    "dense": (FLAT, lambda: [layers.Dense(8, "relu"), layers.Dense(6, "gelu", use_bias=False), layers.Dropout(0.5)]),
    "residual": (
        FLAT,
        lambda: [
            layers.Residual(Sequential([layers.LayerNormalization(), layers.Dense(9, "relu"), layers.Dense(6)])),
            layers.Residual(layers.Dense(6, "tanh")),
        ],
    ),
    "normalization": (
        FLAT,
        lambda: [
            layers.LayerNormalization(),
            layers.Dense(7, "tanh"),
            layers.RMSNormalization(),
            layers.Dense(7, "tanh"),
            layers.BatchNormalization(momentum=0.9),
        ],
    ),
    "digits": (
        IMAGE,
        lambda: [
            layers.Conv2D(6, 3, activation="relu"),
            layers.Conv2D(8, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
        ],
    ),
    "images": (
        IMAGE,
        lambda: [
            layers.Conv2D(4, (3, 2), strides=2, padding="same", activation="tanh"),
            layers.BatchNormalization(),
            layers.AveragePooling2D(2, padding="same"),
            layers.GlobalAveragePooling2D(),
        ],
    ),
    "images without that bias": (
        IMAGE,
        lambda: [layers.Conv2D(4, 3, use_bias=False), layers.BatchNormalization(), layers.Flatten()],
    ),
    "dilated": (IMAGE, lambda: [layers.Conv2D(4, 2, dilation_rate=2, activation="tanh"), layers.GlobalMaxPooling2D()]),
    "sequences": (
        SEQUENCE,
        lambda: [
            layers.Conv1D(6, 3, padding="causal", activation="tanh"),
            layers.MaxPooling1D(2, strides=1),
            layers.AveragePooling1D(2),
            layers.GlobalMaxPooling1D(),
        ],
    ),
    "words": (
        TOKENS,
        lambda: [layers.Embedding(280, 5), layers.Conv1D(6, 2, activation="tanh"), layers.GlobalAveragePooling1D()],
    ),
    "shapes": (
        SEQUENCE,
        lambda: [
            layers.Flatten(),
            layers.Dense(12),
            layers.Reshape((3, -1)),
            layers.Activation("softmax"),
            layers.Reshape((12,)),
        ],
    ),
    "simple rnn": (SEQUENCE, lambda: [layers.SimpleRNN(6, return_sequences=True), layers.SimpleRNN(5)]),
    "lstm": (
        TOKENS,
        lambda: [layers.Embedding(280, 4), layers.LSTM(6, return_sequences=True), layers.LSTM(5, go_backwards=True)],
    ),
    "gru": (SEQUENCE, lambda: [layers.GRU(6, return_sequences=True), layers.GRU(5, use_bias=False)]),
    "bends": (
        FLAT,
        lambda: [
            *(layers.Dense(8), layers.ReLU(3.0, 0.1), layers.Dense(8), layers.LeakyReLU(), layers.Dense(6)),
            *(layers.ELU(), layers.Softmax(), layers.GaussianNoise(0.0), layers.Rescaling(2.0)),
        ],
    ),
    "longer sequences": (
        SEQUENCE,
        lambda: [
            *(layers.SpatialDropout1D(0.0), layers.ZeroPadding1D(1), layers.UpSampling1D(2)),
            *(layers.TimeDistributed(layers.Dense(4, "tanh")), layers.Permute((2, 1)), layers.Flatten()),
            *(layers.RepeatVector(2), layers.Bidirectional(layers.GRU(3))),
        ],
    ),
    "masked": (SEQUENCE, lambda: [layers.Masking(), layers.LSTM(4)]),
    "larger images": (
        IMAGE,
        lambda: [
            *(layers.ZeroPadding2D(1), layers.SpatialDropout2D(0.0), layers.UpSampling2D(2)),
            *(layers.Conv2D(3, 3, strides=2, activation="tanh"), layers.GlobalAveragePooling2D()),
        ],
    ),
    "nested": (
        FLAT,
        lambda: [Sequential([layers.Dense(6, "tanh"), Sequential([layers.Dense(5, "relu")])]), layers.Dense(4)],
    ),
}
