# Two recurrent layers, one output a step, then pooling.
import keras
import numpy as np
from keras import layers

rng = np.random.default_rng(4)
x = rng.normal(size=(40, 6, 3)).astype("float32")
y = x.sum(axis=2).cumsum(axis=1)[..., None]

model = keras.Sequential(
    [
        keras.Input((6, 3)),
        layers.GRU(5, return_sequences=True),
        layers.SimpleRNN(4, return_sequences=True),
        layers.Dense(1),
    ]
)
model.compile("adam", "mse")
history = model.fit(x, y, epochs=2, batch_size=10, verbose=0)
out = model.predict(x[:2], verbose=0)
