# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# course:
#   title: The whole program
#   question: What do compile, fit, evaluate and predict really do?
#   needs: ["1.4"]
#   exercises: [training.validation_split, training.fit, training.confusion_matrix, training.read_curves]
# ---

# %% [markdown]
# # 1.5 The whole program
#
# **What do compile, fit, evaluate and predict really do?**
#
# After this lesson you can
#
# - write `fit` yourself, in twenty lines that give Keras's numbers epoch by epoch,
# - say from two curves whether a model is too small, has too little data, or has a bug, and which,
# - open a number such as "81% right": which classes are taken for which, and because of which words.
#
# You need: the forward pass ([lesson 1.1](1_1_forward_propagation.ipynb)), the loss and its gradient ([1.2](1_2_losses.ipynb), [1.3](1_3_backpropagation.ipynb)), and the update, weights − learning rate · gradient ([1.4](1_4_gradient_descent.ipynb)).

# %% [markdown]
# ## Guess first
#
# The classifier of lesson 0.1 learns from 3,200 descriptions of programs; 800 others are held back and only used to measure. After the first pass over the data, Keras prints `accuracy: 0.52`: right on 52 percent of the 3,200. **On how many percent of the 800, which it has never seen, is it right at that moment?**

# %%
guess = None        # for example: guess = 40

# %% [markdown]
# ## Five examples, two at a time
#
# One pass over the training data is an **epoch** (训练轮次). It begins with a shuffle and goes through the data in batches. Five examples in batches of two make three steps: the last batch holds one example only.

# %%
import numpy as np

rng = np.random.default_rng(1)
for epoch in range(2):
    order = rng.permutation(5)
    print(f"epoch {epoch + 1}:", [order[start : start + 2].tolist() for start in range(0, 5, 2)])

# %% [markdown]
# Each example has its turn once in each epoch, in another order and other company each time. Steps in an epoch: $\lceil 5/2 \rceil = 3$.
#
# Each step knows the loss of its own batch. What is the loss of the epoch? Say the three batches had 1.0, 2.0 and, for the lonely one, 6.0. The mean of the three is 3. But the last number speaks for one example, the others for two each: $(2 \cdot 1 + 2 \cdot 2 + 1 \cdot 6) / 5 = 2.4$.

# %%
losses, sizes = [1.0, 2.0, 6.0], [2, 2, 1]

print("mean of batches ", np.mean(losses))
print("mean of examples", np.average(losses, weights=sizes))

# %% [markdown]
# Keras reports the second, and so does `course_lib`: **each example counts the same, not each batch.**

# %% [markdown]
# ## The program
#
# **Model training** (模型训练) and its use, from the first line to the first answer. This is the program from which the course started:
#
# ```python
# model = tf.keras.Sequential([                                      # 1 define
#     layers.Dense(64, activation='relu', input_shape=(1000,)),
#     layers.Dense(32, activation='relu'),
#     layers.Dense(10, activation='softmax')
# ])
# model.compile(optimizer='adam',                                    # 2 compile
#               loss='sparse_categorical_crossentropy',
#               metrics=['accuracy'])
# model.fit(x_train, y_train, epochs=10)                             # 3 train
# predictions = model.predict(x_test)                                # 4 predict
# ```
#
# Four statements. We run them one by one, on the library that can be read, and ask after each: what has changed?

# %%
from course_lib import Sequential, layers, utils
from course_lib.data import load_text, text_examples, text_info

(x_train, y_train), (x_test, y_test) = load_text()
classes, vocabulary = text_info()
print("x_train", x_train.shape, "  x_test", x_test.shape, "  classes", len(classes))

# %% [markdown]
# Definition and `compile` stand in a function, as we shall need the model several times, always with the same random start:


# %%
def classifier(*widths, optimizer="adam"):
    utils.set_random_seed(2)
    hidden = [layers.Dense(width, activation="relu") for width in widths]
    model = Sequential([layers.Input(shape=(1000,)), *hidden, layers.Dense(10, activation="softmax")])
    model.compile(optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# %% [markdown]
# ### 1 · Define
#
# Define the model (定义模型): `Sequential` is a stack of layers (线性堆叠), each `Dense` a fully connected one (全连接层). The layers get their shapes, and with them their **weights: random numbers, all there already**. Nothing has looked at data.

# %%
model = classifier(64, 32)
model.summary()

# %% [markdown]
# ### 2 · Compile
#
# Compile the model (编译模型). Despite its name, `compile` translates nothing and changes no weight. It writes down three choices and turns their names into objects:

# %%
print(type(model.optimizer).__name__, "with learning rate", model.optimizer.learning_rate)
print(type(model.loss).__name__)
print("steps so far:", model.optimizer.iterations, "  reported:", model.metrics_names)

# %% [markdown]
# - **Adam** (Adam优化器) is the optimizer, the rule of the update: gradient descent with a step size of its own for each weight, from averages of earlier gradients. Lesson 4.2 builds it.
# - **Sparse** categorical cross-entropy is the loss (稀疏交叉熵): $-\ln p$ of the right class. "Sparse" means that `y` holds class numbers such as 7, and not rows of ten zeros and ones.
# - A **metric** is only reported. Training never sees it: accuracy moves in jumps, so it has no gradient to follow.
#
# So this model is ready to be measured, untrained. `evaluate` (评估) runs the forward pass over all rows and reports the loss and the metrics; it changes nothing.

# %%
loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
print(f"loss {loss:.2f}, accuracy {accuracy:.2f};   ln 10 = {np.log(10):.3f}")

# %% [markdown]
# A guess among ten has probability 0.1, and $-\ln 0.1 = 2.303$ ([lesson 1.2](1_2_losses.ipynb)). **Know this number before you train**: a loss that stays there has learned nothing.

# %% [markdown]
# ### 3 · Fit
#
# Train the model (训练模型). `validation_split=0.2` holds back the **last** fifth of the rows, *before* any shuffling: 3,200 to learn from, and 800 for **validation** (验证), on which the model is measured after each epoch. `fit` returns a **history**: one number an epoch for each name.

# %%
before = model.get_weights()
history = model.fit(x_train, y_train, epochs=10, validation_split=0.2, verbose=0).history

print("epoch ", *history)
for epoch in (0, 1, 2, 3, 9):
    print(f"{epoch + 1:5} ", *(f"{values[epoch]:{len(name)}.2f}" for name, values in history.items()))

# %%
from course_lib.notebook import hold_against

hold_against(guess, round(100 * history["val_accuracy"][0]), "percent")

# %% [markdown]
# More on the unseen texts than on those it learned from? A section below finds out why. First: what has changed?

# %%
print("steps taken:", model.optimizer.iterations)
print("weights changed:", [not np.array_equal(a, b) for a, b in zip(before, model.get_weights())])

# %% [markdown]
# $3200 / 32 = 100$ steps an epoch, 1,000 in all; the batch size is 32 unless you say otherwise. A second `fit` does **not** start again, it goes on from these weights. Nor does a second `compile` start again: it forgets what the optimizer remembers (its steps, Adam's averages), not the weights.

# %%
model.compile("adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
print("steps:", model.optimizer.iterations)
print(f"accuracy on the test texts: {model.evaluate(x_test, y_test, verbose=0)[1]:.2f}")

# %% [markdown]
# To start again, build the model again.
#
# ### 4 · Predict
#
# `predict` (预测) is the forward pass alone, and no `y` is needed. One row of ten probabilities for each text; the answer is the largest.

# %%
predictions = model.predict(x_test)
print(predictions.shape, "each row sums to 1:", np.allclose(predictions.sum(axis=1), 1))
print(f"first text: {classes[predictions[0].argmax()]} with {predictions[0].max():.2f}; it is {classes[y_test[0]]}")

# %% [markdown]
# Sure of itself, and wrong. Near the end of this lesson you will know why.

# %% [markdown]
# ## `fit` by hand
#
# What happened inside those 1,000 steps? Each of them is the four things of the lessons before, in this order. It needs three pieces of `course_lib`: the model's forward and backward pass, and its optimizer. Under softmax with cross-entropy the gradient at the logits is probabilities minus one-hot labels, over the batch size (lesson 1.3).


# %%
def step(model, x, y):
    n = len(x)
    run = layers.Pass(training=True)                                            # what belongs to this step alone
    p = model.forward(x, run)                                                   # forward
    loss = -np.log(p[np.arange(n), y]).mean()                                   # loss
    dz = (p - np.eye(10, dtype=p.dtype)[y]) / n
    model.backward(dz, run, from_logits=True)                                   # backward
    model.optimizer.apply([model.flat_gradients], [model.flat_parameters])      # update
    return loss, (p.argmax(axis=1) == y).mean()


# %% [markdown]
# And around it the loop. Read aloud: *for each epoch: shuffle; for each batch: a step; then validate.*


# %%
def fit_by_hand(model, x, y, x_val, y_val, epochs, batch_size=32):
    history = {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}
    for epoch in range(epochs):
        order = utils.generator().permutation(len(x))               # one order, for x and y
        batches = [order[start : start + batch_size] for start in range(0, len(x), batch_size)]
        results = [step(model, x[rows], y[rows]) for rows in batches]
        sizes = [len(rows) for rows in batches]
        during = np.average(results, axis=0, weights=sizes)         # each example counts the same
        after = model.evaluate(x_val, y_val, verbose=0)             # measured, not learned
        for values, number in zip(history.values(), [*during, *after]):
            values.append(number)
    return history


# %% [markdown]
# Fresh weights, the same seed, and so the same shuffles as in `fit` above:

# %%
x, y = x_train[:3200], y_train[:3200]
x_val, y_val = x_train[3200:], y_train[3200:]

by_hand = fit_by_hand(classifier(64, 32), x, y, x_val, y_val, epochs=10)
for name in history:
    print(f"{name:13} equal to 4 decimals:", np.allclose(by_hand[name], history[name], atol=1e-4, rtol=0))

# %% [markdown]
# ## The same in Keras
#
# The real engine gets the same starting weights, and the rows in the same ten orders. So that nobody shuffles a second time, each epoch is a `fit` of its own with `shuffle=False`; the next `fit` goes on from there.

# %%
from course_lib import parity

keras = parity.quiet_keras()            # TensorFlow takes some seconds to load

# %%
fresh = classifier(64, 32)
twin = parity.keras_twin(fresh)         # Keras's own model: same layers, weights, optimizer and loss
orders = [utils.generator().permutation(3200) for epoch in range(10)]   # those of `fit`: the same seed
keras_epochs = []                       # what each of its epochs reports

# %%
def train_twin(epochs):
    """Go on until the twin has so many epochs behind it."""
    for order in orders[len(keras_epochs):epochs]:
        epoch = twin.fit(x[order], y[order], validation_data=(x_val, y_val), shuffle=False, verbose=0)
        keras_epochs.append(epoch.history)


train_twin(1)
for name in history:
    print(f"{name:13} by hand {by_hand[name][0]:.4f}   Keras {keras_epochs[0][name][0]:.4f}")

# %% [markdown]
# One epoch is one hundred updates. Four more:

# %%
train_twin(5)

# %% [markdown]
# And the last five:

# %%
train_twin(10)
keras_history = {name: [one[name][0] for one in keras_epochs] for name in history}

# %%
from course_lib import plots

plots.training_curves({"by hand": by_hand, "Keras": keras_history})

# %% [markdown]
# Ten epochs, 1,000 updates of 66,474 weights, and the two engines stay together. There is nothing else in `fit`: the rest of it is checks of what you hand in, and the hooks for **callbacks** (回调), functions that are called after each batch or epoch. They can stop a training or change its learning rate ([lesson 4.3](../4_optimization/4_3_learning_rates_that_move.ipynb)), or just look on, as now.

# %% [markdown]
# ## Why the bar lags behind
#
# Back to the guess. A callback notes the accuracy that the progress bar shows after each batch, and at the end of each epoch measures the *same training texts* once more.

# %%
from course_lib import callbacks

shown, after = [], []
watched = classifier(64, 32)
watch = callbacks.LambdaCallback(
    on_train_batch_end=lambda batch, logs: shown.append(logs["accuracy"]),
    on_epoch_end=lambda epoch, logs: after.append(watched.evaluate(x, y, verbose=0)[1]),
)
seen = watched.fit(x, y, epochs=3, validation_data=(x_val, y_val), callbacks=[watch], verbose=0).history
plots.running_mean(shown, after, seen["val_accuracy"])

# %% [markdown]
# The line is what the bar shows: the mean over the batches of this epoch *so far*, each answered by the weights of its own moment. At the end of the first epoch it still holds the first batches, answered by nearly random weights. The validation number is taken afterwards, with the last weights only. Asked again with those, the training texts stand at 83 percent, and the order is as it should be: seen above unseen.
#
# **Compare the two curves from the second epoch on, or measure the training data again.** A second reason has the same symptom and does not go away: `Dropout` switches neurons off in training and never in validation.

# %%
utils.set_random_seed(2)
dropped = Sequential([
    layers.Dense(64, activation="relu", input_shape=(1000,)), layers.Dropout(0.5),
    layers.Dense(32, activation="relu"), layers.Dropout(0.5), layers.Dense(10, activation="softmax"),
])
dropped.compile("adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
with_dropout = dropped.fit(x, y, epochs=6, validation_data=(x_val, y_val), verbose=0).history
again = dropped.evaluate(x, y, verbose=0)[1]
bar, unseen = with_dropout["accuracy"][-1], with_dropout["val_accuracy"][-1]
print(f"epoch 6: the bar {bar:.2f}, unseen {unseen:.2f}, the same texts again {again:.2f}")

# %% [markdown]
# ## Reading learning curves
#
# Three trainings, each with a training loss (solid) and a loss on unseen texts (dashed). The first has a hidden layer of 2 neurons, the third learns from 200 texts. Before you see the figure: which of the two losses stays high in the first, and which in the third?

# %%
held_back = {"validation_data": (x_val, y_val), "verbose": 0}
runs = {}
runs["too small\n2 neurons, 3,200 texts"] = classifier(2).fit(x, y, epochs=30, **held_back).history

stop = callbacks.EarlyStopping(monitor="val_loss", patience=3)      # 3 epochs without a new best: end
runs["stopped in time\n64 + 32 neurons, 3,200 texts"] = (
    classifier(64, 32).fit(x, y, epochs=30, callbacks=[stop], **held_back).history
)
runs["too little data\n64 + 32 neurons, 200 texts"] = (
    classifier(64, 32).fit(x[:200], y[:200], epochs=100, **held_back).history
)

# %%
plots.learning_curves(runs, "Both losses high: too small. A wide gap: too little data")

# %% [markdown]
# Two questions are enough, in this order.
#
# 1. **Is the training loss high?** Then the model cannot even repeat what it was shown: it **underfits** (欠拟合). Left: two neurons, and after 30 epochs still 0.99. More neurons, more epochs, a larger learning rate. More texts would only be more to hold.
# 2. **Is the gap wide, and does the unseen loss rise again?** Then the model knows the training texts and not the subject: it **overfits** (过拟合). Right: training loss 0, while the unseen loss never came below 1.25 (the ring) and climbs. More data, a smaller model, dropout, or an earlier end.
#
# In the middle the unseen loss is lowest after epoch 4; from there on the gap only grows, and `EarlyStopping` ends it three epochs later. The ring is the model you want to keep (`restore_best_weights=True`). And since the 800 texts have now decided something, a figure to tell others must come from a third set that decided nothing: the 1,000 test texts.

# %% [markdown]
# ## Break it: four bugs, four curves
#
# None of these programs raises an error. Each is the sound program with one thing changed. In the first, `x` and `y` are shuffled by two calls instead of one:

# %%
rng, results = np.random.default_rng(0), []
apart = classifier(64, 32)
for epoch in range(8):
    results.append(apart.fit(x[rng.permutation(3200)], y[rng.permutation(3200)], **held_back).history)

broken = {"x and y in two orders": {name: [one[name][0] for one in results] for name in history}}

# %% [markdown]
# Had they been shuffled apart only once, before the training, the curve would look otherwise: the model learns the wrong pairs by heart.

# %%
once = classifier(64, 32).fit(x[rng.permutation(3200)], y[rng.permutation(3200)], epochs=8, **held_back).history
for name, values in once.items():
    print(f"{name:13} {values[0]:.2f} to {values[-1]:.2f}")

# %% [markdown]
# In the second, the gradient of a batch is added to that of the batches before, because nobody set it to zero: lesson 1.4's ball without friction, now under Adam. (In `course_lib` and Keras it takes some effort; in PyTorch it is one forgotten line.)

# %%
from course_lib import optimizers


class NeverZeroed(optimizers.Adam):
    total = 0.0

    def apply(self, gradients, variables):
        self.total = self.total + gradients[0]
        super().apply([self.total], variables)


broken["gradients never zeroed"] = classifier(64, 32, optimizer=NeverZeroed()).fit(x, y, epochs=8, **held_back).history

# %% [markdown]
# In the third, the file came sorted by class, and `validation_split` takes the last rows. In the fourth, the validation data are the training data.

# %%
by_class = np.argsort(y_train, kind="stable")
broken["the last fifth of sorted data"] = (
    classifier(64, 32).fit(x_train[by_class], y_train[by_class], epochs=8, validation_split=0.2, verbose=0).history
)
broken["measured on the training data"] = (
    classifier(64, 32).fit(x, y, epochs=8, validation_data=(x, y), verbose=0).history
)

# %%
sound = {name: values[:8] for name, values in history.items()}
plots.planted_bugs(broken, sound, "Three bugs show on the curve. The fourth looks like a triumph")

# %% [markdown]
# | symptom | name of the bug |
# |---|---|
# | both losses lie on 2.303 and stay (or, shuffled once: training falls, unseen climbs above 2.303, and its accuracy stays a guess) | **labels apart from their rows**: all that can be learned is that each class has probability 0.1 |
# | training loss falls more slowly, unseen loss jumps and climbs | **gradients not zeroed**: each step also repeats all those before it |
# | training fine, unseen loss far above 2.303 from the first epoch | **the held-back rows are of another kind**; here their classes, sound and text, never occurred in training |
# | no gap at all, the dashed curve below the solid one | **evaluated on training data** |
#
# The last is the dangerous one, as it asks for applause. It is the sound model, weight for weight; the grey dashed curve is what it is worth.

# %% [markdown]
# And one bug shows on no curve. `for batch in range(n // batch_size)` drops the last batch when it is not full; without shuffling the same rows are never learned from, whatever the epoch. Only counting finds it:

# %%
n, batch_size = 3200, 512
print("batches:", -(-n // batch_size), "  by //:", n // batch_size)
print("rows never learned from:", n - n // batch_size * batch_size)

# %% [markdown]
# ## Which answers are wrong?
#
# Accuracy is one number. The **confusion matrix** (混淆矩阵) keeps apart what it mixes: row $i$, column $j$ counts the examples of class $i$ that were answered as class $j$. By hand, for six answers and three classes:

# %%
truth = np.array([0, 0, 1, 1, 1, 2])
answer = np.array([0, 1, 1, 1, 2, 2])

matrix = np.zeros((3, 3), int)
for t, a in zip(truth, answer):
    matrix[t, a] += 1
matrix

# %% [markdown]
# The diagonal is what is right: $1 + 2 + 1 = 4$ of 6. A row tells how a class was treated, a column what an answer is worth. Now the 1,000 test texts, and TensorFlow's own count beside ours:

# %%
import tensorflow as tf

from course_lib import metrics

answers = predictions.argmax(axis=1)
counts = metrics.confusion_matrix(y_test, answers)
print("the same in TensorFlow:", np.array_equal(counts, tf.math.confusion_matrix(y_test, answers)))

# %%
plots.confusion(counts, classes)

# %% [markdown]
# *fonts* and *javascript* are nearly always found. *graphics* draws the most wrong answers: of all texts called "graphics" only 65 percent are, fewer than in any other column. And *science* is a purpose more than a kind: a science program may draw, or be written in Python. Why it should be taken for *sound*, of all things, you will see.

# %% [markdown]
# ## The most confidently wrong
#
# A wrong answer given with 40 percent is a shrug. The ones to read are those given with 99. The five surest wrong answers:

# %%
sure = predictions.max(axis=1)
wrong = np.flatnonzero(answers != y_test)
surest = wrong[np.argsort(-sure[wrong])][:5]

texts = text_examples("test")
for i in surest:
    title = texts[i].text.splitlines()[0]
    print(f"{classes[y_test[i]]:8} taken for {classes[answers[i]]:8} {sure[i]:.3f}   {title}")

# %% [markdown]
# Which words did it? A step back through the network gives the gradient of *logit of the answer − logit of the truth* with respect to each word count. Times the count, it is what this word brought, as long as no ReLU switches on or off when the count changes. (Without hidden layers it is simply weight · count.)

# %%
from course_lib.experiments import gradient_times_input
from course_lib.notebook import show_source

show_source(gradient_times_input)

# %%
direction = np.eye(10)[answers[surest]] - np.eye(10)[y_test[surest]]
pushes = gradient_times_input(model, x_test[surest], direction)
for i, push in zip(surest, pushes):
    strongest = np.argsort(-push)[:4]
    print(f"{texts[i].package:20}", ", ".join(f"{vocabulary[k]} {push[k]:+.1f}" for k in strongest))

# %% [markdown]
# Read them together. A *text presentation program* that is filed under graphics, a fractal *generator* under science: here the answer may be as right as the label. A library for Minecraft **in Python**, a sound module **for Python**, SVG **in Java**: two labels fit, and only one is allowed. None of the five is a riddle.

# %% [markdown]
# ## Turn the knob
#
# All 100 cells, with their texts. The one that is open, science taken for *python*, is the kind just seen. **Now open science taken for *sound*. One word does most of the harm in those six texts: which one? And is it the label that is at fault, or the model?**

# %%
from course_lib.widgets import ConfusionExplorer

ConfusionExplorer(model)

# %% [markdown]
# The word is *pure*. Three of the six belong to a "Debian **Pure** Blend", a collection of packages for one subject; the surest is the logo of the one for astronomers, the very text with which `predict` began. Nothing in them sounds. Where does the model have it from? Ask the training texts:

# %%
with_pure = y[x[:, vocabulary.index("pure")] > 0]
print({classes[k]: int((with_pure == k).sum()) for k in np.unique(with_pure)})

# %% [markdown]
# Thirty of the 68 training texts with *pure* are sound programs, and 25 of those belong to a music language called **Pure Data**. One is science. The label is right, the model is wrong, and it is wrong for a good reason: it was shown so. More science texts with *pure* could mend it, or features that see two words together.

# %% [markdown]
# ## Save, reload, same predictions
#
# `save` writes one file: architecture, weights, what `compile` was given, and the optimizer's memory, so that a training can go on. Nothing in it is code.

# %%
import tempfile
from pathlib import Path

from course_lib.models import load_model

folder = tempfile.TemporaryDirectory()
model.save(Path(folder.name) / "ours.npz")
again = load_model(Path(folder.name) / "ours.npz")
print("same predictions, bit for bit:", np.array_equal(again.predict(x_test), predictions))

# %%
twin.save(Path(folder.name) / "keras.keras")
twin_again = keras.saving.load_model(Path(folder.name) / "keras.keras")
difference = np.abs(twin_again.predict(x_test, verbose=0) - twin.predict(x_test, verbose=0)).max()
print("the same in Keras to 6 decimals:", bool(difference < 1e-6))

# %% [markdown]
# What the file does *not* hold: the list of 1,000 words and the names of the classes. With another vocabulary the same weights answer nonsense, without an error. Chapter 3 packs both together.

# %% [markdown]
# ## What it costs
#
# A forward pass takes $2\,n\,d\,u$ FLOPs a layer (lesson 1.1), the backward pass about twice as much. For an epoch:

# %%
flops = 3 * sum(2 * 3200 * d * u for d, u in [(1000, 64), (64, 32), (32, 10)])
print(f"training: {flops / 1e9:.1f} GFLOP, with the validation after it {flops * (1 + 800 / 3200 / 3) / 1e9:.1f}")

# %% [markdown]
# Seconds for it on your machine, the best of three:

# %% tags=["measured"]
import time

for name, engine in {"course_lib": fresh, "Keras": twin}.items():
    tries = []
    for _ in range(3):
        start = time.perf_counter()
        engine.fit(x, y, verbose=0)
        tries.append(time.perf_counter() - start)
    print(f"{name:10} {1000 * min(tries):5.0f} ms an epoch, {10 * min(tries):5.2f} ms a step")

# %% [markdown]
# In the run that is stored here, Keras needs several times as long. Both do the same arithmetic; what Keras pays on top is a fixed price for each step, for handing the batch to TensorFlow, and on a model this small that is most of the time. [Lesson 2.1](../2_inference/2_1_from_training_to_predicting.ipynb) takes that price apart for `predict`. On a large model it no longer counts. (Where other programs keep all cores busy, a product spread over several threads can turn the order round.)

# %% [markdown]
# ## Remember
#
# - `compile` notes three names. `fit` is: for each epoch shuffle; for each batch forward, loss, backward, update; then validate. `evaluate` and `predict` are forward passes and change nothing.
# - A high training loss: too small. A wide gap: too little data. Both at $\ln(\text{classes})$: labels and rows are apart. No gap at all: look at what you measure on.
# - Read the surest mistakes before you change the model: some are the labels'.
#
# Left out: several metrics, weights for examples and classes (the arguments are Keras's), a third data set for choosing (4.4), checkpoints during a training.
#
# **Now you:** [exercises for this lesson](../../exercises/1_training/1_5_the_whole_program.ipynb).
#
# Sources: the Keras guide [*Training & evaluation with the built-in methods*](https://keras.io/guides/training_with_built_in_methods/) and its page [*Keras FAQ*](https://keras.io/getting_started/faq/), "Why is my training loss much higher than my testing loss?". Goodfellow, Bengio and Courville, *Deep Learning* (2016), sections 5.2 and 11.5. Shrikumar et al., *Not just a black box* (2016), for gradient times input.
