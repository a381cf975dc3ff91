# Batch normalization: the model in training and in inference.
import keras
import numpy as np
from keras import layers

rng = np.random.default_rng(9)
x = (3 + 2 * rng.normal(size=(64, 5))).astype("float32")
y = x[:, :1] - x[:, 1:2]

model = keras.Sequential(
    [
        keras.Input((5,)),
        layers.BatchNormalization(),
        layers.Dense(10, use_bias=False),
        layers.BatchNormalization(momentum=0.8),
        layers.Activation("relu"),
        layers.Dense(1),
    ]
)
model.compile(keras.optimizers.SGD(learning_rate=0.1), "mse")
history = model.fit(x, y, epochs=3, batch_size=16, verbose=0)
in_training = np.array(model(x[:8], training=True))
in_inference = np.array(model(x[:8], training=False))
