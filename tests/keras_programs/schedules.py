# Rates that fall by a schedule.
import keras
import numpy as np

rng = np.random.default_rng(22)
x = rng.normal(size=(40, 3)).astype("float32")
y = x[:, :1] - x[:, 1:2]
losses = {}
for name, schedule in {
    "exponential": keras.optimizers.schedules.ExponentialDecay(0.1, decay_steps=5, decay_rate=0.5),
    "cosine": keras.optimizers.schedules.CosineDecay(0.1, decay_steps=10),
    "steps": keras.optimizers.schedules.PiecewiseConstantDecay([3, 6], [0.1, 0.01, 0.001]),
}.items():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(learning_rate=schedule), "mse")
    losses[name] = model.fit(x, y, epochs=3, batch_size=10, verbose=0).history["loss"]
