# Activations as layers, short names of layers.
import keras
import numpy as np
from keras import layers

rng = np.random.default_rng(39)
x = rng.normal(size=(24, 8, 8, 1)).astype("float32")
y = rng.integers(0, 3, 24)
model = keras.Sequential(
    [
        keras.Input((8, 8, 1)),
        layers.Conv2D(4, 3),
        layers.LeakyReLU(negative_slope=0.1),
        layers.MaxPool2D(2),
        layers.Flatten(),
        layers.Dense(6),
        layers.ReLU(),
        layers.Dense(3),
        layers.Softmax(),
    ]
)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x, y, epochs=2, batch_size=8, verbose=0)
