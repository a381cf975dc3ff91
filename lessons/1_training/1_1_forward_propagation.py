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
# That classifier has three layers: 1,000 counts → 64 → 32 → 10. To answer for **one** description it multiplies and adds. How many multiplications and additions in all: about 1,000, 10,000, 100,000 or 1,000,000? Write a number for `guess`; the lesson comes back to it.

# %%
guess = None        # for example: guess = 10_000

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
# Books write one example as a column and put $W$ in front. Programs hold many examples as rows, so here and in Keras the same formula reads `y = f(x @ W + b)`, with one **column of W for each neuron**. The names from now on: `kernel` for $W$, the weight matrix (权重矩阵), `bias` for $b$, the bias vector (偏置向量), `units` for the number of neurons, and $z$ for the sum before the activation.

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
# Before you run a network you can know every shape in it. The last axis of `x` meets the first axis of `kernel`; the number of rows passes through untouched. Here for five programs; the black number is made from the blue row and the green column.

# %%
from course_lib import plots

plots.shapes(examples=5, features=3, units=2)

# %% [markdown]
# ## A network feeds each layer's output to the next
#
# That is a **neural network** (神经网络). The last layer of a classifier gives one number for each class, its **logits**. They get no `relu`: a class may well have evidence against it. `softmax` then turns each row of logits into probabilities that sum to 1: the network's prediction (预测结果).

# %%
kernel_2, bias_2 = np.array([[1.5, -1.0], [-1.0, 1.5]]), np.array([0.0, 0.5])

hidden = activations.relu(x @ kernel + bias)
logits = hidden @ kernel_2 + bias_2
logits

# %% [markdown]
# For the game, $\text{softmax}$ gives $e^{4.5} / (e^{4.5} + e^{-2.5}) = 90.02 / (90.02 + 0.08)$:

# %%
probabilities = activations.softmax(logits)
probabilities.round(3)

# %% [markdown]
# Columns: *game*, *something else*. The first program is a game for this network, the other two are not. Nobody trained it; the weights were chosen by hand so that you can follow them. Choosing them from data is the subject of lessons [1.2](1_2_losses.ipynb) to [1.5](1_5_the_whole_program.ipynb).

# %% [markdown]
# ## The same with layers, and with Keras
#
# `course_lib` packs a kernel, a bias and an activation into `Dense`. This is all its forward pass does. `run` is the pass itself: what the way back will need is kept there (lesson 1.3), and nothing on the layer.

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
# A larger network: 3 inputs, 4 **hidden** neurons (those between inputs and answers), 2 outputs. Every number that it computes stands on it; blue lines bring evidence for, orange lines against, and the wider the line the more of it.
#
# **Find inputs at which only one hidden neuron sends more than 0. Which inputs can you then move a little without the answer changing at all?** Try it with `relu`, then with `tanh`.

# %%
from course_lib.widgets import ForwardPass

ForwardPass()

# %% [markdown]
# One way: *game* 0, *library* 3, *level* 0. Only the second neuron speaks, and it listens to *library* alone; *game* and *level* can move up to 1 and nothing happens, because the sums that they feed stay below zero and `relu` sends 0. With `tanh` no neuron is ever quite silent, and every slider always moves the answer a little.

# %% [markdown]
# ## Which activation?
#
# Four that you will meet everywhere. `sigmoid` and `tanh` flatten out on both sides; `relu` is a hinge; `gelu` is a hinge with a rounded corner that dips a little below zero. [Lesson 1.6](1_6_architectures_and_activations.ipynb) measures what that does to training.

# %%
plots.activations(["relu", "gelu", "sigmoid", "tanh"])

# %% [markdown]
# ## Break it: take the activation away
#
# Two layers without activation: $(xW_1 + b_1)W_2 + b_2 = x(W_1W_2) + (b_1W_2 + b_2)$. The two kernels multiply into one. **However many layers you stack, without an activation they are one layer.** Here are twenty layers of 16 neurons, and the single layer that equals them:

# %%
rng = np.random.default_rng(0)
stack = [(rng.normal(0, 0.25, (16, 16)), rng.normal(size=16)) for _ in range(20)]
rows = rng.normal(size=(5, 16))

deep = rows
one_kernel, one_bias = np.eye(16), np.zeros(16)
for k, c in stack:
    deep = deep @ k + c
    one_kernel, one_bias = one_kernel @ k, one_bias @ k + c

print("the same up to rounding:", np.allclose(deep, rows @ one_kernel + one_bias))

# %% [markdown]
# What that costs shows in a picture. Both networks below have the sizes 2 → 16 → 16 → 1 and were trained on the same 120 points. One of them has no activation between its layers.

# %%
from course_lib.experiments import trained_on, two_moons

points, labels = two_moons(seed=1)
answers = trained_on(points, labels, [None, "relu"])
plots.decision_boundaries(answers, points, labels, "Without an activation, three layers draw one straight line")

# %% [markdown]
# ## Break it: a bias that stands upright
#
# The bias is a row of `units` numbers. Read from a file or sliced out of a matrix it easily becomes a column. Take three neurons, and the three examples from above:

# %%
three_kernel = np.hstack([kernel, [[0.0], [0.0], [1.0]]])
three_bias = np.array([-1.0, -1.0, 2.0])

x @ three_kernel + three_bias.reshape(-1, 1)

# %% [markdown]
# No error, the right shape, and wrong numbers: −1 went to the first *example*, 2 to the third. Each neuron should have got its own:

# %%
x @ three_kernel + three_bias

# %% [markdown]
# With four examples NumPy would have complained; three fitted three by accident. And where the other side has one axis only, the column spreads it into a square:

# %%
(x @ w + three_bias.reshape(-1, 1)).shape

# %% [markdown]
# Three examples went in and nine numbers came out. **When a result has more axes than you expected, or a square shape that nobody asked for, look for a column that should be a row.** Labels of shape `(n, 1)` do the same to predictions of shape `(n,)`.

# %% [markdown]
# ## What it costs
#
# The **parameters** (模型参数) are the numbers that training may change; **FLOPs** are floating point operations. A layer from $d$ inputs to $u$ units holds $d\,u + u$ parameters. For $n$ examples it takes $n\,d\,u$ multiplications and, with the bias, as many additions:
#
# $$\text{parameters} = d\,u + u \qquad\qquad \text{FLOPs} = 2\,n\,d\,u$$
#
# The whole course counts with this one formula; activations add well under one percent here and are left out. For the classifier and one example:

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
# Nearly all of it happens in the first layer. Before you run the next cell: which three shapes do 32 descriptions pass through on their way?

# %%
classifier = Sequential([
    layers.Dense(64, "relu", input_shape=(1000,)),
    layers.Dense(32, "relu"),
    layers.Dense(10, "softmax"),
])
rows = np.ones((32, 1000), "float32")
for layer in classifier.layers:
    before, rows = rows.shape, layer(rows)
    print(f"{before} @ {layer.kernel.shape} + {layer.bias.shape} is {rows.shape}")

# %% [markdown]
# How long does it take? Measured on your machine, so your numbers will differ:

# %% tags=["measured"]
import timeit

for n in (1, 10, 100):
    rows = np.ones((n, 1000), "float32")
    run = timeit.Timer(lambda: classifier.predict(rows))
    microseconds = 1e6 * min(run.repeat(number=10, repeat=5)) / 10
    print(f"{n:4} rows: {microseconds:6.0f} µs together, {microseconds / n:6.1f} µs a row")

# %% [markdown]
# A hundred rows together cost far less than a hundred rows one by one. [Lesson 2.1](../2_inference/2_1_from_training_to_predicting.ipynb) finds out why, and what it means for a service.

# %% [markdown]
# ## Remember
#
# - Forward propagation is `y = f(x @ kernel + bias)`, layer after layer; **rows are examples**, columns of the kernel are neurons.
# - Without an activation between them, any number of layers is one layer. The last sums of a classifier are logits; `softmax`, apart or written into the last layer, turns them into probabilities.
# - $d\,u + u$ parameters, $2\,n\,d\,u$ FLOPs.
#
# Left out: how weights are found (1.2 to 1.5), layers that share weights across an image or a text (1.6), why these starting values (1.6).
#
# **Now you:** [exercises for this lesson](../../exercises/1_training/1_1_forward_propagation.ipynb).
#
# Sources: Goodfellow, Bengio and Courville, *Deep Learning* (2016), chapter 6. Nair and Hinton, *Rectified linear units improve restricted Boltzmann machines* (2010). The Keras documentation of [`Dense`](https://keras.io/api/layers/core_layers/dense/).
