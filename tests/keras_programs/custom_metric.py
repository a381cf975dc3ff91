# A metric written as a function, and one as a class.
import keras
import numpy as np


def largest_error(y_true, y_pred):
    return abs(y_true - y_pred)


class Bias(keras.metrics.Metric):
    def __init__(self, name="bias", **kwargs):
        super().__init__(name=name, **kwargs)
        self.total, self.count = 0.0, 0

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.total += float(np.sum(np.asarray(y_pred) - np.asarray(y_true)))
        self.count += len(np.asarray(y_true))

    def result(self):
        return self.total / max(self.count, 1)

    def reset_state(self):
        self.total, self.count = 0.0, 0


rng = np.random.default_rng(16)
x = rng.normal(size=(30, 2)).astype("float32")
y = x.sum(axis=1, keepdims=True)
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.compile(optimizer="sgd", loss="mse", metrics=["mse", largest_error, Bias()])
history = model.fit(x, y, epochs=2, batch_size=10, verbose=0)
