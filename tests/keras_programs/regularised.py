# Large weights cost: L1 and L2.
import keras
import numpy as np
from keras import layers, regularizers

rng = np.random.default_rng(30)
x = rng.normal(size=(40, 6)).astype("float32")
y = x[:, :1]
model = keras.Sequential(
    [
        keras.Input((6,)),
        layers.Dense(8, activation="elu", kernel_regularizer=regularizers.l2(0.01)),
        layers.Dense(8, activation="gelu", kernel_regularizer=regularizers.L1L2(l1=1e-4, l2=1e-3)),
        layers.Dense(1, bias_regularizer="l2"),
    ]
)
model.compile("adam", "mse")
history = model.fit(x, y, epochs=3, validation_split=0.2, verbose=0)
