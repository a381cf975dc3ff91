# Several labels at once: a sigmoid for each.
import keras
import numpy as np
from keras import layers

rng = np.random.default_rng(3)
x = rng.normal(size=(64, 6)).astype("float32")
y = (x[:, :4] + 0.1 * rng.normal(size=(64, 4)) > 0).astype("float32")

model = keras.Sequential(
    [keras.Input((6,)), layers.Dense(12, activation="relu"), layers.Dense(4, activation="sigmoid")]
)
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["binary_accuracy"])
history = model.fit(x, y, epochs=3, verbose=0)
tags = model.predict(x[:5], verbose=0).round()
