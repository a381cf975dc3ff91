# A softmax with the loss for yes or no, a slip of many programs: it runs, and each engine has its numbers.
import keras
import numpy as np

rng = np.random.default_rng(41)
x = rng.normal(size=(40, 3)).astype("float32")
y = keras.utils.to_categorical(rng.integers(0, 3, 40), 3)
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(3, activation="softmax")])
model.compile("sgd", "binary_crossentropy")
history = model.fit(x, y, epochs=2, verbose=0)
