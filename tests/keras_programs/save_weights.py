# Weights alone in a file, into a second model of the same layers.
import keras
import numpy as np
from keras import layers


def build():
    return keras.Sequential([keras.Input((3,)), layers.Dense(6, activation="relu"), layers.Dense(2)])


rng = np.random.default_rng(27)
x = rng.normal(size=(30, 3)).astype("float32")
y = x[:, :2]
model = build()
model.compile("adam", "mse")
model.fit(x, y, epochs=2, verbose=0)
model.save_weights("model.weights.h5")
other = build()
other.load_weights("model.weights.h5")
outputs = other.predict(x[:4], verbose=0)
