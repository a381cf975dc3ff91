# Newer examples count more.
import keras
import numpy as np

rng = np.random.default_rng(15)
x = rng.normal(size=(40, 3)).astype("float32")
y = x[:, 0] - x[:, 2]
weight = np.linspace(0.1, 2.0, 40)

model = keras.Sequential([keras.layers.Dense(4, activation="relu", input_shape=(3,)), keras.layers.Dense(1)])
model.compile(keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True), keras.losses.Huber(delta=0.5))
history = model.fit(
    x, y, sample_weight=weight, epochs=3, batch_size=10, validation_data=(x[:9], y[:9], weight[:9]), verbose=0
)
loss = model.evaluate(x, y, sample_weight=weight, verbose=0)
