# Results by name.
import keras
import numpy as np

rng = np.random.default_rng(25)
x = rng.normal(size=(30, 3)).astype("float32")
y = rng.integers(0, 5, 30)
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(5, activation="softmax")])
model.compile(
    "sgd",
    "sparse_categorical_crossentropy",
    metrics=["accuracy", keras.metrics.SparseTopKCategoricalAccuracy(k=2, name="top2")],
)
result = model.evaluate(x, y, batch_size=7, return_dict=True, verbose=0)
model.fit(x, y, epochs=1, verbose=0)
top2 = model.evaluate(x, y, return_dict=True, verbose=0)["top2"]
