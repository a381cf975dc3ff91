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
# You need Python and a little NumPy. Run a cell with <kbd>Shift</kbd>+<kbd>Enter</kbd>. Nothing is fetched from the network.

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
# Which section would you choose? Keep it in mind. A network reads numbers, so each description became a row of 1,000 counts: how often each of 1,000 frequent words stands in it. This is all that is left of the text above:

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
# This is Keras, on TensorFlow. Three layers, ten passes over the training data (**epochs**), then a measurement on the descriptions kept aside. Every line of it gets a lesson of its own.

# %%
from course_lib import parity

keras = parity.quiet_keras()        # Keras as it is, without TensorFlow's start-up messages
keras.utils.set_random_seed(2)

keras_model = keras.Sequential([
    keras.layers.Input(shape=(1000,)),
    keras.layers.Dense(64, activation="relu"),
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dense(10, activation="softmax"),
])
keras_model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
start = keras_model.get_weights()   # the random numbers it starts from, for the next step

keras_history = keras_model.fit(x_train, y_train, epochs=10, validation_data=(x_test, y_test), shuffle=False, verbose=0)
loss, accuracy = keras_model.evaluate(x_test, y_test, verbose=0)
print(f"right on {accuracy:.0%} of the test descriptions")

# %%
from course_lib.notebook import hold_against

hold_against(guess, round(100 * accuracy), "percent")

# %% [markdown]
# ## The same program, on a library you can read
#
# Only the imports change. `course_lib` is the library that this course builds: NumPy, no other engine, a few pages for each idea. It gets the same random numbers to start from.

# %%
from course_lib import Sequential, layers

model = Sequential([
    layers.Input(shape=(1000,)),
    layers.Dense(64, activation="relu"),
    layers.Dense(32, activation="relu"),
    layers.Dense(10, activation="softmax"),
])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.set_weights(start)

history = model.fit(x_train, y_train, epochs=10, validation_data=(x_test, y_test), shuffle=False, verbose=0)
loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
print(f"right on {accuracy:.0%} of the test descriptions")

# %% [markdown]
# Both engines, epoch by epoch. Two curves are drawn in each panel; look closely.

# %%
from course_lib import plots

plots.training_curves({"course_lib": history.history, "Keras": keras_history.history})

# %% [markdown]
# They lie on top of each other. That is the promise of the whole course: **everything that you will build by hand is held against the real engine, and the largest difference is printed.**
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
# One file now has the answer to *what kind of program is this?* To let others use it, five things must happen to it, and each is a chapter:
#
# | | what happens to our classifier |
# |---|---|
# | **Training** (训练) | its 66,474 numbers are found from data |
# | **Inference** (推理) | it answers, one request or a thousand at once, fast |
# | **Deployment** (部署) | it is packed, put behind HTTP, watched, replaced while it runs |
# | **Optimization** (优化) | it learns in fewer steps, and takes fewer bytes |
# | **Distribution** (分布式计算) | its data and its training are spread over several processes |
#
# A small language model goes the same way beside it. Here is the whole course; choose a lesson to see the question that it answers.

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
# `q.hint()` again gives a stronger one, `q.solution()` the answer. An untouched exercise is *not attempted*, never an error, so a notebook always runs to its end. What you have solved is kept in a small file on your machine:

# %% tags=["measured"]
from course_lib.exercises import progress

progress.summary()

# %% [markdown]
# If something does not run, `course doctor` in a terminal names what is missing and how to mend it.

# %% [markdown]
# ## Remember
#
# - Between data and an answer stand: a table of numbers with one example a row, a stack of layers, and a loop that changes the layers' numbers until the loss is small.
# - What counts is the answer to examples that the model has not seen. The training loss goes on falling long after they stopped getting better.
# - Guess before you run, and read the library: `course_lib` has nothing that you cannot follow.
#
# Left out today: everything inside `fit`. It starts in the next lesson, with one neuron.
#
# **Now you:** [exercises for this lesson](../../exercises/0_start/0_1_start_here.ipynb), then [1.1 Forward propagation](../1_training/1_1_forward_propagation.ipynb).
#
# Sources: the package descriptions of [Debian 12](https://www.debian.org/), chosen and counted as [course_lib/data/SOURCES.md](../../course_lib/data/SOURCES.md) says. Keras: [keras.io](https://keras.io/).
