"""A model in which each family of layers stands once, and something for it to learn."""

import numpy as np

from course_lib import Sequential, layers, utils

_GENERATOR = np.random.default_rng(0)
X, Y = _GENERATOR.normal(size=(24, 5, 4)).astype("float32"), _GENERATOR.integers(0, 3, 24)


def every_kind(shape=(5, 4)):
    """A model in which each family of layers stands once."""
    return Sequential(
        [
            layers.Input(shape),
            layers.Conv1D(4, 2, padding="same", activation="relu"),
            layers.LayerNormalization(),
            layers.Residual(Sequential([layers.Dense(4, "tanh"), layers.Dropout(0.3)])),
            layers.RMSNormalization(),
            layers.MaxPooling1D(2, padding="same"),
            layers.LSTM(4, return_sequences=True),
            layers.GRU(4, return_sequences=True),
            layers.SimpleRNN(4, return_sequences=True),
            layers.AveragePooling1D(2, strides=1),
            layers.Reshape((2, 4)),
            layers.GlobalMaxPooling1D(),
            layers.BatchNormalization(),
            layers.Activation("relu"),
            layers.Flatten(),
            layers.Dense(3, "softmax"),
        ]
    )


def compiled():
    """`every_kind()`, with the same weights each time, ready to train."""
    utils.set_random_seed(4)
    model = every_kind()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
