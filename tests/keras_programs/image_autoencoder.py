# An autoencoder of small pictures: convolution and pooling down, repeated pixels and convolution up again.
import keras
import numpy as np
from keras.layers import Conv2D, Input, LeakyReLU, MaxPool2D, Rescaling, UpSampling2D, ZeroPadding2D
from keras.models import Sequential

pictures = (np.arange(12 * 6 * 6).reshape(12, 6, 6, 1) * 37 % 256).astype("float32")

model = Sequential()
model.add(Input((6, 6, 1)))
model.add(Rescaling(1 / 255))
model.add(ZeroPadding2D(1))
model.add(Conv2D(4, 3))
model.add(LeakyReLU(negative_slope=0.1))
model.add(MaxPool2D(2))
model.add(Conv2D(4, (3, 3), activation="relu", padding="same", data_format="channels_last", groups=1))
model.add(UpSampling2D(2))
model.add(Conv2D(1, (3, 3), activation="sigmoid", padding="same"))
model.compile(optimizer="adam", loss=keras.losses.MeanSquaredError())
history = model.fit(pictures, pictures / 255, epochs=2, batch_size=4, verbose=0)
again = model.predict(pictures[:3], verbose=0)
