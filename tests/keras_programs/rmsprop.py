# RMSprop, by name and as an object.
import keras
import numpy as np
from keras import optimizers

rng = np.random.default_rng(37)
x = rng.normal(size=(40, 3)).astype("float32")
y = x[:, :1]
histories = []
for optimizer in (
    "rmsprop",
    optimizers.RMSprop(learning_rate=0.01, rho=0.8),
    optimizers.AdamW(0.01, weight_decay=0.01),
):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, activation="relu"), keras.layers.Dense(1)])
    model.compile(optimizer=optimizer, loss="mse")
    histories.append(model.fit(x, y, epochs=2, batch_size=10, verbose=0).history["loss"])
