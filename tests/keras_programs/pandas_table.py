# A table of pandas: columns in, a column out.
import keras
import numpy as np
import pandas as pd
from keras import layers

rng = np.random.default_rng(13)
table = pd.DataFrame(rng.normal(size=(60, 3)), columns=["age", "income", "children"])
table["bought"] = (table["income"] > 0).astype(int)
train = table.sample(frac=0.8, random_state=0)
test = table.drop(train.index)
features, target = train.copy(), train["bought"]
features.pop("bought")

model = keras.Sequential([layers.Dense(8, activation="relu", input_shape=[3]), layers.Dense(1, activation="sigmoid")])
model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
history = model.fit(features, target, epochs=3, batch_size=8, validation_split=0.2, verbose=0)
result = model.evaluate(test[["age", "income", "children"]], test["bought"], verbose=0)
chances = model.predict(test.drop(columns="bought"), verbose=0).flatten()
frame = pd.DataFrame(history.history)
last_accuracy = frame["accuracy"].iloc[-1]
