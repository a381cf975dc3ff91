# Few of one class: its examples count more. One class is left at 1.
import keras
import numpy as np
from keras import layers

rng = np.random.default_rng(14)
y = np.r_[np.zeros(40, int), np.ones(15, int), np.full(5, 2)]
x = rng.normal(size=(60, 4)).astype("float32") + y[:, None]

model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(3, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"], weighted_metrics=["accuracy"])
history = model.fit(x, y, epochs=2, batch_size=15, class_weight={1: 3.0, 2: 10.0}, verbose=0)
