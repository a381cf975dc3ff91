# The same metric twice: both are kept.
import keras
import numpy as np

rng = np.random.default_rng(36)
x = rng.normal(size=(30, 3)).astype("float32")
y = rng.integers(0, 3, 30)
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(3, activation="softmax")])
model.compile(
    "sgd",
    "sparse_categorical_crossentropy",
    metrics=["accuracy", keras.metrics.SparseTopKCategoricalAccuracy(k=2, name="accuracy")],
)
history = model.fit(x, y, epochs=2, validation_split=0.2, verbose=0)
names = sorted(history.history)
