# Which width does best on unseen data?
import keras
import numpy as np
from keras import layers

rng = np.random.default_rng(35)
x = rng.normal(size=(60, 3)).astype("float32")
y = np.abs(x[:, :1])
best = {}
for units in (2, 8):
    for activation in ("relu", "tanh"):
        model = keras.Sequential([layers.Dense(units, activation=activation), layers.Dense(1)])
        model.compile(keras.optimizers.SGD(0.05), "mse")
        history = model.fit(x[:40], y[:40], epochs=2, validation_data=(x[40:], y[40:]), verbose=0)
        best[f"{units} {activation}"] = min(history.history["val_loss"])
winner = min(best, key=best.get)
