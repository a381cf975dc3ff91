# Eight numbers through a neck of two, encoder and decoder models of their own.
import keras
import numpy as np
from keras import layers

rng = np.random.default_rng(7)
hidden = rng.normal(size=(60, 2))
x = (hidden @ rng.normal(size=(2, 8))).astype("float32")

encoder = keras.Sequential([keras.Input((8,)), layers.Dense(5, activation="relu"), layers.Dense(2)])
decoder = keras.Sequential([keras.Input((2,)), layers.Dense(5, activation="relu"), layers.Dense(8)])
autoencoder = keras.Sequential([encoder, decoder])
autoencoder.compile(optimizer="adam", loss="mse")
history = autoencoder.fit(x, x, epochs=3, batch_size=20, verbose=0)
codes = encoder.predict(x[:4], verbose=0)
rebuilt = decoder.predict(codes, verbose=0)
