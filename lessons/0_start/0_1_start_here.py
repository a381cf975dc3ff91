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
#   title: Start here
#   question: What happens between data and an answer?
#   needs: []
#   exercises: [start.bag_of_words, start.accuracy, start.steps_per_epoch]
# ---

# %% [markdown]
# # 0.1 Start here
#
# **What happens between data and an answer?**
#
# You have surely called a model that somebody else trained, packed and put behind an address. This course opens that service part by part, until you could have built each of them. In this first lesson the beginning of it passes by once, in half an hour:
#
# - you train a classifier on real text, with the engine that everybody uses, in about twenty lines;
# - you run the **same program on a library that you can read to the last line**, and see that it gives the same numbers;
# - you learn how this course checks your work.
#
# You need Python and a little NumPy. Terms stand in Chinese too, once, in brackets. Run a cell with <kbd>Shift</kbd>+<kbd>Enter</kbd>. Nothing is fetched from the network.

# %% [markdown]
# ## Guess first
#
# A model will read descriptions of programs and say to which of **ten** kinds each belongs: games, sound, fonts, … Whoever rolls dice is right one time in ten. The model sees a description only as 1,000 word counts, without their order, and trains for a few seconds. **How often will it be right on descriptions that it has never seen?** Give a percentage.

# %%
guess = None        # for example: guess = 55

# %% [markdown]
# ## The data
#
# The descriptions are those of packages in Debian 12; the kind is the section of the archive in which the maintainers put each package. Here is one from the test part:

# %%
import textwrap

from course_lib.data import load_text, text_examples, text_info

example = text_examples("test")[7]
print(textwrap.fill(example.text, 100))

# %% [markdown]
# Which of the ten kinds printed below would you choose? Keep it in mind. A network reads numbers, so each description became a row of 1,000 counts: how often each of 1,000 frequent words stands in it. This is all that is left of the text above:

# %%
import numpy as np

(x_train, y_train), (x_test, y_test) = load_text()
classes, vocabulary = text_info()

row = x_test[7]
print(", ".join(f"{vocabulary[k]} {row[k]:.0f}" for k in np.flatnonzero(row)))

# %% [markdown]
# Order is gone, and so is every rare word. Still, a table of such rows is all that the model will ever see. **Each row is one example**: `x` has one row of counts for each description, `y` one class number.

# %%
print("x_train", x_train.shape, "  y_train", y_train.shape, "  x_test", x_test.shape)
print("classes:", ", ".join(f"{k} {name}" for k, name in enumerate(classes)))

# %% [markdown]
# ## The whole program, on the engine that people use
#
# This is Keras, on TensorFlow. Every line of it gets a lesson of its own. For today three words are enough:
#
# - the **weights** are the model's numbers, random at the start; training changes them;
# - the **loss** (损失) says how bad the answers are: 0 when every answer is right and certain;
# - a **batch** is the handful of examples that one change of the weights looks at, 32 unless you say otherwise. One pass over all training examples is an **epoch**: 4,000 / 32 = 125 batches.

# %%
from course_lib import parity

keras = parity.quiet_keras()        # Keras as it is, without TensorFlow's start-up messages

# %%
keras.utils.set_random_seed(2)

keras_model = keras.Sequential([
    keras.layers.Input(shape=(1000,)),
    keras.layers.Dense(64, activation="relu"),
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dense(10, activation="softmax"),
])
keras_model.compile(
    optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
)
start = keras_model.get_weights()   # the random numbers it starts from, for the next step

keras_history = keras_model.fit(
    x_train, y_train, epochs=10, shuffle=False, verbose=0,
    validation_data=(x_test, y_test),
)
loss, accuracy = keras_model.evaluate(x_test, y_test, verbose=0)
print(f"right on {accuracy:.0%} of the test descriptions")

# %%
from course_lib.notebook import hold_against

hold_against(guess, round(100 * accuracy), "percent")

# %% [markdown]
# Is that good? Rolling dice is a weak opponent. A better one: many descriptions name their own kind ("a **game** …", "a **Python** library …"). Answer with the kind whose name stands in the text, and with the first kind where none does:

# %%
from course_lib.data import tokenize

tests = text_examples("test")
names = [{name, name.removesuffix("s")} for name in classes]      # games and game
named = np.array([[bool(name & set(tokenize(e.text))) for name in names] for e in tests])
print(f"right on {(named.argmax(axis=1) == y_test).mean():.0%} without any training")

# %% [markdown]
# The network does better, with words that nobody told it to look for. And the description at the top?

# %%
answer = keras_model.predict(x_test[7:8], verbose=0)[0].argmax()
print(f"the maintainers: {classes[y_test[7]]}; the network: {classes[answer]}")

# %% [markdown]
# ## The same program, on a library you can read
#
# `course_lib` is the library that this course builds: NumPy, no other engine, a few pages for each idea. This, for instance, is all that a `Dense` layer does on the way from its input to its output; the next lesson takes it apart.

# %%
from course_lib import Sequential, layers
from course_lib.notebook import show_source

show_source(layers.Dense.forward)

# %% [markdown]
# The program stays the same, only its imports change. It starts from the same random weights.

# %%
model = Sequential([
    layers.Input(shape=(1000,)),
    layers.Dense(64, activation="relu"),
    layers.Dense(32, activation="relu"),
    layers.Dense(10, activation="softmax"),
])
model.compile(
    optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
)
model.set_weights(start)

history = model.fit(
    x_train, y_train, epochs=10, shuffle=False, verbose=0,
    validation_data=(x_test, y_test),
)
loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
print(f"right on {accuracy:.0%} of the test descriptions")

# %% [markdown]
# Both engines, epoch by epoch. Two curves are drawn in each panel; look closely.

# %%
from course_lib import plots

plots.training_curves({"course_lib": history.history, "Keras": keras_history.history})

# %% [markdown]
# They lie on top of each other. That is the promise of the whole course: **everything that you will build by hand is held against the real engine, and the lesson says how far apart they are.**
#
# And look what they agree on. After ten epochs the model knows the *training* descriptions nearly by heart, but on the *test* descriptions its loss has been rising since the third epoch: it **overfits** (过拟合). Lesson 1.5 shows how to see that in time, lesson 4.5 what to do about it.

# %% [markdown]
# ## Ask it something
#
# Training is done; what follows is **inference** (推理): one description in, ten probabilities out. Describe a program of your own, in English. **Which single word of yours pushes the answer most? Can you write a game that is taken for a science program?**

# %%
from course_lib.widgets import TypeAndClassify

TypeAndClassify(model)

# %% [markdown]
# The model knows words, not meaning. A description that uses the words of another section is put there, and a word outside of its 1,000 it has never heard.

# %% [markdown]
# ## From a model to a service
#
# One object in this notebook can now say what kind of program a text describes. Until others can use it, five things must happen, and each is a chapter:
#
# | | what happens to our classifier |
# |---|---|
# | **Training** (训练) | its 66,474 numbers are found from data |
# | **Inference** (推理) | it answers, one request or a thousand at once, fast |
# | **Deployment** (部署) | it is packed, put behind HTTP, watched, replaced while it runs |
# | **Optimization** (优化) | it learns in fewer steps, and takes fewer bytes |
# | **Distribution** (分布式计算) | its data and its training are spread over several processes |
#
# Here is the whole course, with the lessons that are open so far. Choose one to see the question that it answers.

# %%
from course_lib.widgets import CourseMap

CourseMap()

# %% [markdown]
# ## How exercises work
#
# Every lesson has a notebook of exercises. You write a function and hand it to `check`. Take this one, from this lesson's exercises: *how many steps does training take?* Each **step** looks at one batch and changes the weights once. Somebody wrote:

# %%
from course_lib.exercises import exercise


def training_steps(examples, batch_size, epochs=1):
    return examples // batch_size * epochs


q = exercise("start.steps_per_epoch")
q.check(training_steps)

# %% [markdown]
# The checker found an input on which this fails, and says which mistake it looks like. It never shows the solution unasked; ask for a hint first.

# %%
q.hint()

# %% [markdown]
# There are three hints, each stronger than the last, and `q.solution()` shows the answer. An untouched exercise is *not attempted*, never an error, so a notebook always runs to its end. What you have solved is kept in a small file on your machine:

# %% tags=["nbval-ignore-output"]
from course_lib.exercises import progress

progress.summary()

# %% [markdown]
# If something does not run, `course doctor` in a terminal names what is missing and how to mend it.

# %% [markdown]
# ## Remember
#
# - Between data and an answer stand: a table of numbers with one example a row, a stack of layers, and a loop that changes the layers' weights so that the loss falls.
# - What counts are the answers on examples that the model has not seen. They can get worse while the training loss goes on falling.
# - Guess before you run, and compare with something simpler than the model before you call it good.
#
# Left out today: everything inside `fit`. It starts in the next lesson, with one neuron.
#
# **Now you:** [exercises for this lesson](../../exercises/0_start/0_1_start_here.ipynb).
#
# Sources: the package descriptions of [Debian 12](https://www.debian.org/), chosen and counted as [course_lib/data/SOURCES.md](../../course_lib/data/SOURCES.md) says. Keras: [keras.io](https://keras.io/).
