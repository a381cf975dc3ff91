# Three folds, each from the same start; the mean of the scores.
import keras
import numpy as np

rng = np.random.default_rng(34)
x = rng.normal(size=(40, 3)).astype("float32")
y = x.sum(axis=1)
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, activation="relu"), keras.layers.Dense(1)])
start = model.get_weights()
scores = []
for fold in range(3):
    held = np.arange(40) % 3 == fold
    model.set_weights(start)
    model.compile("adam", "mse", metrics=["mae"])
    model.fit(x[~held], y[~held], epochs=2, batch_size=20, verbose=0)
    scores.append(model.evaluate(x[held], y[held], verbose=0)[1])
mean_score = float(np.mean(scores))
