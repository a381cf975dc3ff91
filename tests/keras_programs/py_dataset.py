# Batches by number: a PyDataset, as for data that does not fit into memory.
import math

import keras
import numpy as np


class Rows(keras.utils.PyDataset):
    def __init__(self, x, y, batch_size, **kwargs):
        super().__init__(**kwargs)
        self.x, self.y, self.batch_size = x, y, batch_size

    def __len__(self):
        return math.ceil(len(self.x) / self.batch_size)

    def __getitem__(self, index):
        rows = slice(index * self.batch_size, (index + 1) * self.batch_size)
        return self.x[rows], self.y[rows]


rng = np.random.default_rng(12)
x = rng.normal(size=(50, 3)).astype("float32")
y = x.mean(axis=1, keepdims=True)

model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, "tanh"), keras.layers.Dense(1)])
model.compile("adam", "mae")
history = model.fit(Rows(x, y, 16), epochs=2, validation_data=Rows(x[:20], y[:20], 8), class_weight=None, verbose=0)
loss = model.evaluate(Rows(x, y, 16), verbose=0)
predicted = model.predict(Rows(x, y, 16), verbose=0)
