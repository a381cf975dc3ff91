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
# The descriptions are those of Debian's packages; the kind is the section of the archive in which the maintainers put each package. Here is one:

# %%
from course_lib.data import load_text, text_info

(x_train, y_train), (x_test, y_test) = load_text()
info = text_info()
print(info.texts("test")[0])

# %% [markdown]
# A network reads numbers, so each description became a row of 1,000 counts: how often each of 1,000 frequent words occurs in it. This is all that is left of the text above.

# %%
import numpy as np

row = x_test[0]
for k in np.flatnonzero(row):
    print(f"{info.vocabulary[k]:>14} {row[k]:.0f}")
