# Small images, two convolutions.
import keras
import numpy as np
from keras import layers

rng = np.random.default_rng(5)
digits = rng.integers(0, 255, (48, 10, 10)).astype("uint8")
labels = rng.integers(0, 4, 48)
x = digits.astype("float32") / 255
x = np.expand_dims(x, -1)
y = keras.utils.to_categorical(labels, 4)

model = keras.Sequential(
    [
        keras.Input(shape=(10, 10, 1)),
        layers.Conv2D(6, kernel_size=(3, 3), activation="relu"),
        layers.MaxPooling2D(pool_size=(2, 2)),
        layers.Conv2D(8, kernel_size=(3, 3), activation="relu", padding="same"),
        layers.Flatten(),
        layers.Dense(4, activation="softmax"),
    ]
)
model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
history = model.fit(x, y, batch_size=12, epochs=2, validation_split=0.25, verbose=0)
score = model.evaluate(x, y, verbose=0)
