# Yes or no: one sigmoid output, with precision, recall and the area under the curve.
import keras
import numpy as np
from keras import layers

rng = np.random.default_rng(2)
x = rng.normal(size=(80, 5)).astype("float32")
y = (x[:, 0] + x[:, 1] > 0).astype("float32")

model = keras.models.Sequential()
model.add(layers.Dense(8, activation="tanh", input_shape=(5,)))
model.add(layers.Dense(1, activation="sigmoid"))
model.compile(
    optimizer=keras.optimizers.Adam(0.01),
    loss=keras.losses.BinaryCrossentropy(),
    metrics=["accuracy", keras.metrics.Precision(), keras.metrics.Recall(), keras.metrics.AUC(name="auc")],
)
history = model.fit(x, y, epochs=3, batch_size=16, verbose=0)
spam = (model.predict(x, verbose=0) > 0.5).astype(int)
auc = history.history["auc"][-1]
