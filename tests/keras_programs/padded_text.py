# Texts of different lengths, padded; the recurrent layer skips the padding.
import keras
import numpy as np
from keras import layers

texts = [[3, 1, 2], [4, 5], [1, 2, 3, 6, 5], [6], [2, 4, 1], [5, 6, 3, 1]]
labels = np.array([0, 1, 0, 1, 0, 1])
x = keras.utils.pad_sequences(texts, maxlen=5, padding="post")
model = keras.Sequential(
    [layers.Embedding(7, 4, mask_zero=True), layers.LSTM(5), layers.Dense(1, activation="sigmoid")]
)
model.compile(optimizer="sgd", loss="binary_crossentropy", metrics=["accuracy"])
history = model.fit(x, labels, epochs=3, batch_size=3, verbose=0)
scores = model.predict(x, verbose=0)
