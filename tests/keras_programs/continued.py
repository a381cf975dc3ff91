# Training goes on where it stood; validation every second epoch.
import keras
import numpy as np

rng = np.random.default_rng(33)
x = rng.normal(size=(40, 3)).astype("float32")
y = x[:, :1] * 2
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, activation="relu"), keras.layers.Dense(1)])
model.compile("adam", "mse", run_eagerly=False, steps_per_execution=1)
first = model.fit(x, y, epochs=2, validation_data=(x, y), verbose=0)
second = model.fit(x, y, initial_epoch=2, epochs=6, validation_data=(x, y), validation_freq=2, verbose=0)
epochs = second.epoch
third = model.fit(x, y, epochs=3, steps_per_epoch=1, batch_size=30, verbose=0)
