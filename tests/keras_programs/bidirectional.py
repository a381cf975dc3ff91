# Read from both ends.
import keras
import numpy as np
from keras import layers

rng = np.random.default_rng(38)
x = rng.normal(size=(30, 6, 2)).astype("float32")
y = (x[:, 0, 0] + x[:, -1, 0] > 0).astype(int)
model = keras.Sequential(
    [keras.Input((6, 2)), layers.Bidirectional(layers.LSTM(4)), layers.Dense(1, activation="sigmoid")]
)
model.compile("sgd", "binary_crossentropy")
history = model.fit(x, y, epochs=2, batch_size=10, verbose=0)
