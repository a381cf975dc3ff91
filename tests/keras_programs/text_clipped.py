# Short texts again; each number of the gradient is clipped, and each text repeats words.
import keras
import numpy as np
from keras import layers

texts = ["good fun good", "fun film", "bad film", "bad bad plot", "good plot", "dull film"] * 4
labels = np.array([1, 1, 0, 0, 1, 0] * 4)
words = sorted({word for text in texts for word in text.split()})
index = {word: i + 1 for i, word in enumerate(words)}
ids = np.zeros((len(texts), 4), dtype="int32")
for row, text in enumerate(texts):
    numbers = [index[word] for word in text.split()]
    ids[row, : len(numbers)] = numbers

model = keras.Sequential(
    [
        layers.Embedding(len(words) + 1, 8),
        layers.GlobalAveragePooling1D(),
        layers.Dense(16, activation="relu"),
        layers.Dense(1, activation="sigmoid"),
    ]
)
model.compile(optimizer=keras.optimizers.SGD(0.5, clipvalue=0.01), loss="binary_crossentropy", metrics=["accuracy"])
history = model.fit(ids, labels, epochs=4, batch_size=8, verbose=0)
scores = model.predict(ids[:6], verbose=0)
