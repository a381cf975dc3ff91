# A signal in time: Conv1D and pooling.
import keras
import numpy as np
from keras import layers

rng = np.random.default_rng(6)
signal = rng.normal(size=(40, 16, 2)).astype("float32")
kind = (signal[:, :, 0].std(axis=1) > 1).astype(int)

model = keras.Sequential()
model.add(layers.Conv1D(8, 3, activation="relu", padding="causal", input_shape=(16, 2)))
model.add(layers.MaxPooling1D(2))
model.add(layers.Conv1D(8, 3, strides=2, activation="relu"))
model.add(layers.GlobalMaxPooling1D())
model.add(layers.Dense(2, activation="softmax"))
model.compile(optimizer="sgd", loss="sparse_categorical_crossentropy", metrics=["acc"])
history = model.fit(signal, kind, epochs=3, batch_size=8, verbose=0)
