# A generator that ends after one epoch, with weights of examples.
import keras
import numpy as np

rng = np.random.default_rng(10)
x = rng.normal(size=(30, 4)).astype("float32")
y = x @ np.array([[1.0], [2.0], [0.0], [-1.0]])


def once():
    for start in range(0, 30, 7):
        rows = slice(start, start + 7)
        yield x[rows], y[rows], np.arange(len(x[rows])) + 1.0


model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
model.compile(optimizer="sgd", loss="mse")
history = model.fit(once(), verbose=0)
loss = model.evaluate(once(), verbose=0)
