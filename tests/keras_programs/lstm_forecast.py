# The next value of a wave from the eight before it.
import numpy as np
from keras.layers import LSTM, Dense
from keras.models import Sequential

wave = np.sin(np.arange(70) / 5).astype("float32")
windows = np.stack([wave[i : i + 8] for i in range(60)])[..., np.newaxis]
following = wave[8:68]

model = Sequential()
model.add(LSTM(6, input_shape=(8, 1)))
model.add(Dense(1))
model.compile(loss="mae", optimizer="adam")
history = model.fit(
    windows, following, epochs=2, batch_size=20, validation_data=(windows[:10], following[:10]), verbose=0
)
forecast = model.predict(windows[-3:], verbose=0)
