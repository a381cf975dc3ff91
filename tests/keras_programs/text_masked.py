# Texts of different lengths, padded; a bidirectional LSTM reads them and skips the padding. SGD: texts repeat words.
import keras
import numpy as np
from keras import layers
from keras.utils import pad_sequences

texts = [[3, 1, 3], [3, 4], [2, 4], [2, 2, 5, 1], [1, 5], [6, 4, 2]] * 4
labels = np.array([1, 1, 0, 0, 1, 0] * 4)
ids = pad_sequences(texts, maxlen=4, padding="post", truncating="post")

model = keras.Sequential(
    [
        keras.Input(shape=(None,), dtype="int32"),
        layers.Embedding(input_dim=7, output_dim=8, mask_zero=True),
        layers.Bidirectional(layers.LSTM(6, return_sequences=True)),
        layers.Bidirectional(layers.GRU(4), merge_mode="ave"),
        layers.Dense(1, activation="sigmoid"),
    ]
)
model.compile(optimizer=keras.optimizers.SGD(0.5), loss="binary_crossentropy", metrics=["accuracy"])
history = model.fit(ids, labels, epochs=3, batch_size=8, verbose=0)
scores = model.predict(ids[:6], verbose=0)
