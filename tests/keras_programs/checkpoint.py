# The best weights are kept in a file, each epoch in a table.
import csv

import keras
import numpy as np
from keras.callbacks import CSVLogger, EarlyStopping, ModelCheckpoint

rng = np.random.default_rng(28)
x = rng.normal(size=(50, 4)).astype("float32")
y = (x[:, 0] > 0).astype(int)
model = keras.Sequential(
    [keras.Input((4,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1, activation="sigmoid")]
)
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
history = model.fit(
    x,
    y,
    epochs=4,
    validation_split=0.3,
    callbacks=[
        ModelCheckpoint("best.keras", monitor="val_loss", save_best_only=True),
        ModelCheckpoint("epoch_{epoch:02d}.weights.h5", save_weights_only=True),
        EarlyStopping(monitor="val_accuracy", mode="max", patience=3),
        CSVLogger("log.csv"),
    ],
    verbose=0,
)
best = keras.models.load_model("best.keras")
result = best.evaluate(x, y, verbose=0)
model.load_weights("epoch_02.weights.h5")
after_two = model.predict(x[:5], verbose=0)
with open("log.csv") as file:
    rows = len(list(csv.reader(file)))
