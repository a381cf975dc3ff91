# The model is built before it sees data; its parts are looked at.
import keras
import numpy as np
from keras import layers

model = keras.Sequential(name="net")
model.add(layers.Dense(4, activation="relu", kernel_initializer="he_normal"))
model.add(layers.Dense(2, kernel_initializer="zeros", bias_initializer=keras.initializers.Constant(0.5)))
model.build((None, 3))
model.summary()
shapes = [list(w.shape) for w in model.get_weights()]
parameters = model.count_params()
ends = [list(model.input_shape[1:]), list(model.output_shape[1:])]

layer = layers.Dense(2)
layer.build((None, 3))
layer.set_weights([np.ones((3, 2)), np.zeros(2)])
one = np.array(layer(np.ones((1, 3))))
