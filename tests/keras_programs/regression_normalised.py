# House prices: columns of very different sizes, normalised by hand; early stopping on unseen data.
import keras
import numpy as np
from keras import layers
from keras.callbacks import EarlyStopping

rng = np.random.default_rng(1)
houses = rng.uniform([50, 1, 1900], [250, 6, 2020], size=(100, 3))
prices = houses @ np.array([2.0, 10.0, 0.1]) + rng.normal(size=100)
mean, std = houses.mean(axis=0), houses.std(axis=0)
x = (houses - mean) / std
y = (prices - prices.mean()) / prices.std()


def build_model():
    model = keras.Sequential(
        [layers.Dense(8, activation="relu", input_shape=(3,)), layers.Dense(8, activation="relu"), layers.Dense(1)]
    )
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.05), loss="mse", metrics=["mae"])
    return model


model = build_model()
early_stop = EarlyStopping(monitor="val_loss", patience=1, restore_best_weights=True)
history = model.fit(x, y, epochs=5, batch_size=20, validation_split=0.25, callbacks=[early_stop], verbose=0)
mse, mae = model.evaluate(x, y, verbose=0)
first = model.predict(x[:1], verbose=0)[0][0]
