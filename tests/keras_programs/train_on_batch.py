# A training loop of one's own.
import keras
import numpy as np
from keras import layers

rng = np.random.default_rng(24)
x = rng.normal(size=(48, 4)).astype("float32")
y = rng.integers(0, 3, 48)
model = keras.Sequential([layers.Dense(8, activation="relu"), layers.Dense(3, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
losses = []
for _ in range(2):
    for start in range(0, 48, 12):
        model.reset_metrics()
        loss, accuracy = model.train_on_batch(x[start : start + 12], y[start : start + 12])
        losses.append(float(loss))
model.reset_metrics()
tested = model.test_on_batch(x[:12], y[:12], return_dict=True)
scores = model.predict_on_batch(x[:5])
