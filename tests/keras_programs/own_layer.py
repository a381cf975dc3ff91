# A layer of one's own with `build`, `add_weight` and `call`, and one around it: their outputs.
import keras
import numpy as np
from keras import layers


class Linear(layers.Layer):
    def __init__(self, units=32, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def build(self, input_shape):
        self.w = self.add_weight(
            shape=(input_shape[-1], self.units), initializer="random_normal", trainable=True, name="kernel"
        )
        self.b = self.add_weight(shape=(self.units,), initializer="zeros", trainable=True, name="bias")

    def call(self, inputs):
        return inputs @ self.w + self.b


class Block(layers.Layer):
    def __init__(self):
        super().__init__()
        self.first = Linear(8)
        self.second = layers.Dense(3, activation="softmax")

    def call(self, inputs):
        return self.second(self.first(inputs) * 2)


x = np.linspace(-1, 1, 20, dtype="float32").reshape(5, 4)
block = Block()
block(x)
block.set_weights([np.linspace(-1, 1, w.size).reshape(w.shape) for w in block.get_weights()])
outputs = np.array(block(x))
weights = [w.shape for w in block.get_weights()]
count = block.count_params()

model = keras.Sequential([keras.Input(shape=(4,)), Linear(6, name="linear"), layers.ReLU(max_value=1.0), Linear(2)])
predictions = model.predict(x, verbose=0)
model.get_layer("linear").set_weights([np.ones((4, 6)), np.zeros(6)])
ones = model.predict(x, verbose=0)
