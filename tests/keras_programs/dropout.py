# Dropout between the layers: training is random, inference is not.
import keras
import numpy as np
from keras import layers

rng = np.random.default_rng(8)
x = rng.normal(size=(60, 6)).astype("float32")
y = rng.integers(0, 3, 60)

model = keras.Sequential(
    [
        keras.Input((6,)),
        layers.Dense(12, activation="relu"),
        layers.Dropout(0.5),
        layers.Dense(3, activation="softmax"),
    ]
)
before = model.predict(x, verbose=0)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x, y, epochs=2, verbose=0)
same_twice = np.array_equal(model.predict(x, verbose=0), model.predict(x, verbose=0))
