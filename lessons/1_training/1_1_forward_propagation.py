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
#   title: Forward propagation
#   question: A network turns a row of numbers into an answer. Which sums does it do on the way?
#   needs: ["0.1"]
#   exercises: [training.neuron, training.dense, training.forward, training.parameters_and_flops]
# ---

# %% [markdown]
# # 1.1 Forward propagation
#
# **A network turns a row of numbers into an answer. Which sums does it do on the way?**
#
# After this lesson you can
#
# - compute a neuron, a layer and a network by hand and in one line each,
# - read the shape of every array in a network before running it,
# - say what an activation is for, and show what a network becomes without one.
#
# You need: matrix products in NumPy (`@`), and [lesson 0.1](../0_start/0_1_start_here.ipynb), where a classifier read 1,000 word counts and answered with one of ten classes.

# %% [markdown]
# ## Guess first
#
# That classifier has three layers: 1,000 counts → 64 → 32 → 10. To answer for **one** description it multiplies and adds. How many multiplications and additions in all? Write a number for `guess`; the lesson comes back to it.

# %%
guess = None        # for example: guess = 5_000

# %% [markdown]
# ## One neuron
#
# Three programs, each described by how often three words occur: *game*, *library*, *level*. Each **row is one example**, each column one feature. A neuron looks for games: *game* speaks for it, *level* even more, *library* against it.

# %%
import numpy as np

x = np.array([[2.0, 0.0, 1.0],      # game game level
              [0.0, 1.0, 0.0],      # library
              [1.0, 2.0, 0.0]])     # game library library
w = np.array([1.0, -1.0, 2.0])      # one weight for each word
b = -1.0                            # the bias: how much evidence it takes

# %% [markdown]
# For the first program, by hand: $2\cdot1 + 0\cdot(-1) + 1\cdot2 - 1 = 3$. Now the same as a loop, one product at a time.

# %%
z = b
for x_i, w_i in zip(x[0], w):
    z += x_i * w_i
    print(f"{x_i:.0f} × {w_i:2.0f} brings the sum to {z:4.1f}")

# %% [markdown]
# One line does the same for all three programs, because **rows are examples**:

# %%
x @ w + b

# %% [markdown]
# Three for the game, −2 for each of the others. A neuron has one more step: a function $f$, its **activation** (激活函数), decides what leaves it. The one used most, `relu`, lets positive sums pass and answers 0 for the rest: *no evidence, no signal*.

# %%
from course_lib import activations

activations.relu(x @ w + b)

# %% [markdown]
# ## The formula
#
# $$y = f(Wx + b)$$
#
# Read aloud: *weigh every input, add a bias, apply the activation.* Computing this from the first layer to the last is **forward propagation** (前向传播).
#
# Books write one example as a column and put $W$ in front. Programs hold many examples as rows, so here and in Keras the same formula reads `y = f(x @ W + b)`, with one **column of W for each neuron**. The names from now on: `kernel` for $W$, `bias` for $b$, `units` for the number of neurons, and $z$ for the sum before the activation.

# %% [markdown]
# ## A layer is several neurons that read the same row
#
# Give the game neuron a neighbour that looks for libraries. Two neurons, so `kernel` has two columns. First one neuron at a time:

# %%
kernel = np.array([[ 1.0, 0.0],     # game
                   [-1.0, 2.0],     # library
                   [ 2.0, 0.0]])    # level
bias = np.array([-1.0, -1.0])

one_by_one = np.zeros((3, 2))
for k in range(2):
    one_by_one[:, k] = activations.relu(x @ kernel[:, k] + bias[k])
one_by_one

# %% [markdown]
# Then all of them in one product, and the check that nothing changed:

# %%
layer_output = activations.relu(x @ kernel + bias)
print("largest difference:", np.abs(layer_output - one_by_one).max())

# %% [markdown]
# Before you run a network you can know every shape in it. The last axis of `x` meets the first axis of `kernel`; the number of rows passes through untouched.

# %%
from course_lib import plots

plots.shapes(examples=3, features=3, units=2)

# %% [markdown]
# ## A network feeds each layer's output to the next
#
# The last layer of a classifier gives one number for each class, its **logits**. They get no `relu`: a class may well have evidence against it. `softmax` then turns each row of logits into probabilities that sum to 1.

# %%
kernel_2, bias_2 = np.array([[1.5, -1.0], [-1.0, 1.5]]), np.array([0.0, 0.5])

hidden = activations.relu(x @ kernel + bias)
logits = hidden @ kernel_2 + bias_2
probabilities = activations.softmax(logits)
probabilities.round(3)

# %% [markdown]
# Columns: *game*, *something else*. The first program is a game for this network, the other two are not. Nobody trained it; the weights were chosen by hand so that you can follow them. Choosing them from data is the subject of lessons 1.2 to 1.5.

# %% [markdown]
# ## The same with layers, and with Keras
#
# `course_lib` packs a kernel, a bias and an activation into `Dense`. This is all its forward pass does:

# %%
from course_lib import Sequential, layers
from course_lib.notebook import hold_against, show_source

show_source(layers.Dense.forward)

# %%
model = Sequential([
    layers.Dense(2, activation="relu", weights=[kernel, bias]),
    layers.Dense(2, activation="softmax", weights=[kernel_2, bias_2]),
])
model.predict(x).round(3)

# %% [markdown]
# Keras has the same names. Its twin gets the same weights and the same rows:

# %%
from course_lib import parity

twin = parity.keras_twin(model)
parity.side_by_side(model, twin, x)

# %% [markdown]
# ## Turn the knob
#
# A larger network: 3 inputs, 4 hidden neurons, 2 outputs. Every number that it computes stands on it; blue lines bring evidence for, orange lines against, and the wider the line the more of it.
#
# **Find inputs at which only one hidden neuron is still awake. Which of the inputs can you then move without the answer changing at all?** Try it first with `relu`, then with `tanh`.

# %%
from course_lib.widgets import ForwardPass

ForwardPass()

# %% [markdown]
# A neuron whose sum is below zero sends 0, so nothing that only feeds it reaches the answer. With `tanh` no neuron ever sleeps quite: each sends something between −1 and 1.

# %% [markdown]
# ## Which activation?
#
# Four that you will meet everywhere. `sigmoid` and `tanh` flatten out on both sides; `relu` is a hinge; `gelu` is a hinge with a rounded corner. Lesson 1.6 measures what that does to training.

# %%
plots.activations(["relu", "gelu", "sigmoid", "tanh"])

# %% [markdown]
# ## Break it: take the activation away
#
# Two layers without activation: $(xW_1 + b_1)W_2 + b_2 = x(W_1W_2) + (b_1W_2 + b_2)$. The two kernels multiply into one. **However many layers you stack, without an activation they are one layer.** Here are twenty layers of 16 neurons, and the single layer that equals them:

# %%
rng = np.random.default_rng(0)
kernels = [rng.normal(0, 0.25, (16, 16)) for _ in range(20)]
rows = rng.normal(size=(5, 16))

deep = rows
for k in kernels:
    deep = deep @ k
single = rows @ np.linalg.multi_dot(kernels)
print("the same up to rounding:", np.allclose(deep, single, rtol=1e-6))

# %% [markdown]
# What it costs shows in a picture. Both networks below have the same sizes and were trained on the same points. One of them has no activation.

# %%
plots.linear_collapse()

# %% [markdown]
# ## Break it: a bias that stands upright
#
# The bias must be a row of `units` numbers. Somebody made it a column, one number for each example. NumPy does not complain here, since 3 examples and 3 rows of the column agree:

# %%
upright = np.array([[-1.0], [-1.0], [2.0]])
x @ kernel + upright

# %% [markdown]
# The shape is right and the meaning is wrong: the third *example* got a bonus of 2, whatever it says. And for a single neuron, the column spreads to a square:

# %%
(x @ w + upright).shape

# %% [markdown]
# Three numbers went in and nine came out. **When a result has more axes, or a square shape nobody asked for, look for a bias or a label of the wrong shape.**

# %% [markdown]
# ## What it costs
#
# A layer from $d$ inputs to $u$ units holds $d\,u + u$ parameters. For $n$ examples its product takes $n\,d\,u$ multiplications and as many additions:
#
# $$\text{parameters} = d\,u + u \qquad\qquad \text{FLOPs} = 2\,n\,d\,u$$
#
# The whole course counts with this one formula (biases and activations add less than one percent here and are left out). For the classifier and one example:

# %%
widths = [1000, 64, 32, 10]
parameters = flops = 0
for d, u in zip(widths, widths[1:]):
    parameters += d * u + u
    flops += 2 * d * u
    print(f"{d:5} → {u:3}   {d * u + u:7,} parameters   {2 * d * u:8,} FLOPs")
print(f"together     {parameters:7,} parameters   {flops:8,} FLOPs")
print(f"in float32   {4 * parameters:,} bytes")

# %%
hold_against(guess, flops, "multiplications and additions")

# %% [markdown]
# Nearly all of it happens in the first layer. How long does it take here? Measured on your machine, so your numbers will differ:

# %% tags=["measured"]
import timeit

classifier = Sequential([
    layers.Dense(64, "relu", input_shape=(1000,)),
    layers.Dense(32, "relu"),
    layers.Dense(10, "softmax"),
])
for n in (1, 10, 100):
    rows = np.ones((n, 1000), "float32")
    run = timeit.Timer(lambda: classifier.predict(rows))
    microseconds = 1e6 * min(run.repeat(number=10, repeat=5)) / 10
    print(f"{n:4} rows: {microseconds:6.0f} µs together, {microseconds / n:6.1f} µs a row")

# %% [markdown]
# A hundred rows together cost far less than a hundred rows one by one. Lesson 2.1 finds out why, and what it means for a service.

# %% [markdown]
# ## Remember
#
# - Forward propagation is `y = f(x @ kernel + bias)`, layer after layer; **rows are examples**, columns of the kernel are neurons.
# - Without an activation between them, any number of layers is one layer. The last layer of a classifier gives raw logits.
# - $d\,u + u$ parameters, $2\,n\,d\,u$ FLOPs.
#
# Left out: how weights are found (1.2 to 1.5), layers that share weights across an image or a text (1.6), why these starting values (1.6).
#
# **Now you:** [exercises for this lesson](../../exercises/1_training/1_1_forward_propagation.ipynb).
#
# Sources: Goodfellow, Bengio and Courville, *Deep Learning* (2016), chapter 6. Nair and Hinton, *Rectified linear units improve restricted Boltzmann machines* (2010). The Keras documentation of [`Dense`](https://keras.io/api/layers/core_layers/dense/).
