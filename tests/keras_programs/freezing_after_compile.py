# Frozen between compile and fit: what is trainable when training begins counts.
import keras
import numpy as np
from keras import layers

rng = np.random.default_rng(20)
x = rng.normal(size=(40, 4)).astype("float32")
y = x[:, :1] * x[:, 1:2]
model = keras.Sequential([keras.Input((4,)), layers.Dense(6, activation="relu"), layers.Dense(1)])
model.compile("adam", "mse")
model.layers[0].trainable = False
frozen = model.layers[0].get_weights()
history = model.fit(x, y, epochs=2, verbose=0)
stayed = np.array_equal(frozen[0], model.layers[0].get_weights()[0])
