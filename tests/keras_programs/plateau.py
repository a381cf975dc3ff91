# The rate falls where the loss stands still.
import keras
import numpy as np

rng = np.random.default_rng(23)
x = rng.normal(size=(40, 3)).astype("float32")
y = rng.normal(size=(40, 1)).astype("float32")
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
model.compile(keras.optimizers.SGD(0.5), "mse", metrics=[keras.metrics.RootMeanSquaredError()])
reduce_lr = keras.callbacks.ReduceLROnPlateau(monitor="loss", factor=0.2, patience=1, min_lr=0.001)
history = model.fit(x, y, epochs=6, callbacks=[reduce_lr, keras.callbacks.TerminateOnNaN()], verbose=0)
