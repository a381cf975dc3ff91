# The whole model in a file, and training that goes on.
import keras
import numpy as np
from keras import layers

rng = np.random.default_rng(26)
x = rng.normal(size=(30, 3)).astype("float32")
y = x[:, :1] ** 2
model = keras.Sequential([keras.Input((3,)), layers.Dense(6, activation="relu"), layers.Dense(1)])
model.compile("adam", "mse", metrics=["mae"])
model.fit(x, y, epochs=2, verbose=0)
model.save("model.keras")
loaded = keras.models.load_model("model.keras")
same = np.allclose(model.predict(x, verbose=0), loaded.predict(x, verbose=0))
history = loaded.fit(x, y, epochs=2, verbose=0)
