# A trained base carried over to another task, frozen there.
import keras
import numpy as np
from keras import layers

rng = np.random.default_rng(29)
x = rng.normal(size=(40, 5)).astype("float32")
old = keras.Sequential([keras.Input((5,)), layers.Dense(7, activation="relu", name="features"), layers.Dense(3)])
old.compile("sgd", "mse")
old.fit(x, x[:, :3], epochs=2, verbose=0)

new = keras.Sequential([keras.Input((5,)), layers.Dense(7, activation="relu", name="features"), layers.Dense(1)])
new.get_layer("features").set_weights(old.get_layer("features").get_weights())
new.get_layer(index=0).trainable = False
new.compile("sgd", "mae")
history = new.fit(x, x[:, 4:], epochs=2, verbose=0)

base = keras.Sequential(old.layers[:-1])
features = base.predict(x[:3], verbose=0)
