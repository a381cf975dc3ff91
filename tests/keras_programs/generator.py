# Batches from a generator that never ends.
import keras
import numpy as np
from keras import layers


def batches(batch_size, seed):
    rng = np.random.default_rng(seed)
    while True:
        x = rng.uniform(-1, 1, (batch_size, 3))
        yield x, (x.sum(axis=1) > 0).astype("float32")


model = keras.Sequential([layers.Dense(6, activation="relu"), layers.Dense(1, activation="sigmoid")])
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
history = model.fit(batches(8, 0), steps_per_epoch=5, epochs=3, validation_data=next(batches(32, 1)), verbose=0)
loss, accuracy = model.evaluate(batches(10, 2), steps=3, verbose=0)
scores = model.predict(batches(4, 3), steps=2, verbose=0)
