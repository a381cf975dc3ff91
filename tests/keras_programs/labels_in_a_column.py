# Class numbers in a column, (n, 1), as many files hold them; labels as floats.
import keras
import numpy as np

rng = np.random.default_rng(32)
x = rng.normal(size=(40, 3)).astype("float32")
y = rng.integers(0, 10, (40, 1)).astype("float32")
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(10, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x, y, epochs=2, verbose=0)
result = model.evaluate(x, y, verbose=0)
