"""A small classifier of three classes, and rows for it."""

import numpy as np

from course_lib import Sequential, layers, utils


def classifier(optimizer="adam"):
    utils.set_random_seed(1)
    model = Sequential(
        [
            layers.Dense(16, activation="relu", input_shape=(20,)),
            layers.BatchNormalization(),
            layers.Dropout(0.2),
            layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


random = np.random.default_rng(3)
Y = random.integers(0, 3, 400)
X = (random.normal(size=(400, 20)) + np.eye(3)[Y] @ random.normal(size=(3, 20))).astype("float32")
