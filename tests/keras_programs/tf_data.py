# A tf.data pipeline: batched, repeated, mapped.
import keras
import numpy as np
import tensorflow as tf
from keras import layers

rng = np.random.default_rng(11)
x = rng.integers(0, 255, (50, 6)).astype("uint8")
y = rng.integers(0, 3, 50)


def scale(values, label):
    return tf.cast(values, tf.float32) / 255.0, label


dataset = tf.data.Dataset.from_tensor_slices((x, y)).map(scale)
train = dataset.take(40).batch(8).prefetch(tf.data.AUTOTUNE)
test = dataset.skip(40).batch(5)

model = keras.Sequential([layers.Dense(8, activation="relu"), layers.Dense(3)])
model.compile(
    optimizer="adam",
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=[keras.metrics.SparseCategoricalAccuracy()],
)
history = model.fit(train, epochs=2, validation_data=test, verbose=0)
again = model.fit(train.repeat(), steps_per_epoch=3, initial_epoch=2, epochs=4, verbose=0)
result = model.evaluate(test, return_dict=True, verbose=0)
logits = model.predict(test, verbose=0)
