# A layer of one's own, with `call`, before those that learn.
import keras
import numpy as np


class Centre(keras.layers.Layer):
    def __init__(self, mean, **kwargs):
        super().__init__(**kwargs)
        self.mean = mean

    def call(self, x):
        return x - self.mean


rng = np.random.default_rng(40)
x = rng.normal(5, 1, size=(40, 3)).astype("float32")
y = x[:, :1] - 5
model = keras.Sequential([keras.Input((3,)), Centre(5.0), keras.layers.Dense(4, "relu"), keras.layers.Dense(1)])
model.compile("adam", "mse")
history = model.fit(x, y, epochs=3, batch_size=10, verbose=0)
outputs = model.predict(x[:4], verbose=0)
