# The first layer is frozen, then set free for fine-tuning.
import keras
import numpy as np
from keras import layers

rng = np.random.default_rng(19)
x = rng.normal(size=(40, 4)).astype("float32")
y = rng.integers(0, 2, 40)
model = keras.Sequential(
    [
        keras.Input((4,)),
        layers.Dense(6, activation="relu", name="base"),
        layers.Dense(2, activation="softmax", name="head"),
    ]
)
model.get_layer("base").trainable = False
model.compile("adam", "sparse_categorical_crossentropy")
start = model.get_layer("base").get_weights()
history = model.fit(x, y, epochs=2, verbose=0)
stayed = all(np.array_equal(a, b) for a, b in zip(start, model.layers[0].get_weights()))
counts = [len(model.trainable_weights), len(model.non_trainable_weights)]

model.get_layer("base").trainable = True
model.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy")
fine = model.fit(x, y, epochs=2, verbose=0)
