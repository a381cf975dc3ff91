# Rates at each epoch, read by a LambdaCallback.
import keras
import numpy as np

rng = np.random.default_rng(18)
x = rng.normal(size=(20, 2)).astype("float32")
y = x[:, :1]
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.compile(keras.optimizers.SGD(0.1), "mse")
rates, ends = [], []
history = model.fit(
    x,
    y,
    epochs=4,
    callbacks=[
        keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.5 if epoch else rate),
        keras.callbacks.LambdaCallback(
            on_epoch_begin=lambda epoch, logs: rates.append(float(model.optimizer.learning_rate)),
            on_train_end=lambda logs: ends.append(1.0),
        ),
    ],
    verbose=0,
)
