# A callback of one's own: it watches, stops training, and counts batches.
import keras
import numpy as np


class Watch(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        self.losses, self.batches = [], 0

    def on_batch_end(self, batch, logs=None):
        self.batches += 1

    def on_epoch_end(self, epoch, logs=None):
        self.losses.append(logs["loss"])
        if logs["loss"] < 0.5:
            self.model.stop_training = True


rng = np.random.default_rng(17)
x = rng.normal(size=(40, 2)).astype("float32")
y = 2 * x[:, :1] + 1
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.compile(keras.optimizers.SGD(0.1), "mse")
watch = Watch()
history = model.fit(x, y, epochs=30, batch_size=8, callbacks=[watch], verbose=0)
losses, batches, epochs = watch.losses, watch.batches, len(history.epoch)
