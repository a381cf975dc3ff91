# One-hot labels, smoothed; logits; names of classes.
import keras
import numpy as np

rng = np.random.default_rng(31)
names = rng.choice(["bird", "cat", "dog"], 45)
classes, numbers = np.unique(names, return_inverse=True)
x = rng.normal(size=(45, 4)).astype("float32") + numbers[:, None]
y = keras.utils.to_categorical(numbers)
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8, activation="silu"), keras.layers.Dense(3)])
model.compile(
    optimizer=keras.optimizers.Adam(0.01, clipnorm=1.0),
    loss=keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1),
    metrics=["categorical_accuracy"],
)
history = model.fit(x, y, epochs=3, batch_size=9, verbose=0)
guess = [str(classes[i]) for i in model.predict(x[:6], verbose=0).argmax(axis=1)]
