# The learning rate is read and set between two calls of fit.
import keras
import numpy as np

rng = np.random.default_rng(21)
x = rng.normal(size=(30, 3)).astype("float32")
y = x.sum(axis=1, keepdims=True)
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(5, activation="relu"), keras.layers.Dense(1)])
model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01), loss="mse")
first = model.fit(x, y, epochs=2, verbose=0)
model.optimizer.learning_rate = 0.001
second = model.fit(x, y, epochs=2, verbose=0)
model.optimizer.learning_rate.assign(0.0001)
third = model.fit(x, y, epochs=2, verbose=0)
rate = float(model.optimizer.learning_rate)
steps = int(model.optimizer.iterations)
