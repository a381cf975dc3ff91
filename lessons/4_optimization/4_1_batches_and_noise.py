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
#   title: Batches and noise
#   question: Why learn from 32 examples when you have thousands?
#   needs: ["1.5"]
#   exercises: [optimization.stopping_rule, optimization.batches, optimization.sgd_epoch, optimization.gradient_noise]
# ---

# %% [markdown]
# # 4.1 Batches and noise
#
# **Why learn from 32 examples when you have thousands?**
#
# After this lesson you can
#
# - write gradient descent on all examples, on one, and on a batch, each with a stopping rule that you can defend,
# - say how far the gradient of a batch is off, before you measure it,
# - choose batch size and learning rate together, and say what another choice would cost in examples and in seconds.
#
# You need: what an epoch, a batch and a loss are ([lesson 0.1](../0_start/0_1_start_here.ipynb); the loop around them is [lesson 1.5](../1_training/1_5_the_whole_program.ipynb)), how a layer computes ([lesson 1.1](../1_training/1_1_forward_propagation.ipynb)), and that a **gradient** (梯度) holds, for each weight, how fast the loss rises when this weight grows ([lesson 1.4](../1_training/1_4_gradient_descent.ipynb) descends along it).

# %% [markdown]
# ## Guess first
#
# The classifier of lesson 0.1 learns from 4,000 texts. Looked at all at once, they give one update of the weights an epoch; in batches of 32 they give 125. Both ways start from the same weights and take steps at the same rate, until the loss on all texts is down to 0.5. **How many times as many texts must the first way look at?** A text that is looked at again counts again.

# %%
guess = None        # for example: guess = 2

# %% [markdown]
# ## Three examples, one weight
#
# A model that multiplies: the answer to $x$ is $w \cdot x$. The loss of one example is $(w x - y)^2$; how fast it rises with $w$ is $2\,(w x - y)\,x$. At $w = 1$, by hand, for the first example: $2 \cdot (1 - 3) \cdot 1 = -4$.

# %%
import numpy as np

x = np.array([1.0, 2.0, 3.0])
y = np.array([3.0, 4.0, 2.0])


def gradients(w, rows):
    return 2 * (w * x[rows] - y[rows]) * x[rows]


gradients(1.0, [0, 1, 2])

# %% [markdown]
# The examples do not agree: the first two ask for a larger $w$, the third for a smaller one. The loss of all three is their **mean**, and so is its gradient: $(-4 - 8 + 6)/3 = -2$. Now the three batches of two that can be drawn:

# %%
full = gradients(1.0, [0, 1, 2]).mean()
for rows in ([0, 1], [0, 2], [1, 2]):
    of_batch = gradients(1.0, rows).mean()
    print(f"batch {rows}: gradient {of_batch:4.1f} = {full:.1f} {of_batch - full:+.1f}")

# %% [markdown]
# A batch's gradient is the full gradient plus an error, the **noise** (噪声). The errors $-4, +3, +1$ sum to 0: **no batch is right, and on average they all are.** Two of the three even point the right way.

# %% [markdown]
# ## The algorithm, in its two forms
#
# **Gradient descent** (梯度下降算法, [lesson 1.4](../1_training/1_4_gradient_descent.ipynb#The-algorithm)) has four steps, **stochastic gradient descent** (随机梯度下降算法) has five. They differ in one.
#
# | gradient descent | stochastic gradient descent |
# |---|---|
# | 1. Initialize the parameters. (初始化模型参数) | 1. Initialize the parameters. (初始化模型参数) |
# | | 2. **Choose some of the examples at random.** (随机选择一部分输入数据) |
# | 2. Compute the gradient of the loss. (计算模型的损失函数梯度) | 3. Compute the gradient of the loss **on those**. (计算选定输入数据的模型的损失函数梯度) |
# | 3. Update the parameters. (更新模型参数) | 4. Update the parameters. (更新模型参数) |
# | 4. Repeat 2 and 3 until the stopping rule holds. (重复，直到满足终止条件) | 5. Repeat 2 to 4 until the stopping rule holds. (重复，直到满足终止条件) |
#
# $$w \leftarrow w - \eta \cdot \frac{1}{B}\sum_{i \in \text{batch}} \frac{\partial L_i}{\partial w}$$
#
# Read aloud: *the weights move against the mean gradient of the $B$ examples in the batch, times the learning rate $\eta$.* How many are "some"? **One** gives stochastic descent in the strict sense, **all** gives plain gradient descent, also called full-batch, and what lies between is **mini-batch** descent (小批量). In everyday speech "SGD" means the one between.

# %% [markdown]
# ## From scratch
#
# In `course_lib` the first form is ten lines, numbered as above. `lengths` is there for the stopping rule `stop`, two sections below; `rate` gives the learning rate of each step, here the same at all:

# %%
from course_lib.notebook import hold_against, show_source
from course_lib.experiments.descent import Stop, batches
from course_lib.experiments.descent import descend, descend_mini_batch, descend_stochastic

show_source(descend)

# %% [markdown]
# And the second, in batches. For one example at a time, `descend_stochastic` draws a single row in step 2:

# %%
show_source(descend_mini_batch)

# %% [markdown]
# Step 2 draws as `fit` does: shuffle all rows, deal them out in batches, shuffle again when they are used up. So each example comes once an epoch, and the last batch may be short. Ten rows, dealt in fours:

# %%
dealt = batches(10, 4, seed=0)
for _ in range(6):
    print(next(dealt))

# %% [markdown]
# ## One surface, three ways down
#
# Two weights can be drawn. A line through data has a slope and an intercept; here it foretells how many *different* words a text holds, from how many words it has: 24 texts of the course's data. Each choice of the two is a point on a map, and the mean squared error of its line, counted in tens of words, the height.

# %%
from course_lib import plots
from course_lib.experiments.surfaces import Valley

valley = Valley()
plots.valley(valley)

# %% [markdown]
# From the same start at the same rate, until each has looked at 240 examples, ten epochs. `Stop(0, budget=…)` says after how many updates:

# %%
problem, start = (valley.gradient_on, valley.x, valley.y), valley.start

plots.paths(valley, {
    "one example": descend_stochastic(*problem, start, 0.02, Stop(0, budget=240), seed=1),
    "batches of 4": descend_mini_batch(*problem, start, 0.02, 4, Stop(0, budget=60), seed=1),
    "all 24": descend(valley.gradient, start, 0.02, Stop(0, budget=10), examples=24),
})

# %% [markdown]
# Single examples stagger, but they stagger down. All 24 together walk straight and have hardly left. **For the price of one exact step, 24 inexact ones were to be had.**

# %% [markdown]
# ## When to stop
#
# "Until the stopping rule holds" (终止条件) is half an algorithm: which rule? It is that of [lesson 1.4](../1_training/1_4_gradient_descent.ipynb#When-to-stop): at a minimum the gradient is 0, so a short one means arrival. But the descent may also never get there, or blow up. Four numbers settle it: **arrived**, when the last `patience` gradients were all no longer than `tolerance`; **budget spent**, after so many steps; **diverged**, when a gradient is longer than `limit`, or is no number any more. `lengths` are those of the gradients so far:

# %%
show_source(Stop.reason)

# %%
rule = Stop(tolerance=0.01, budget=300)
for rate in (0.05, 0.005, 0.15):
    print(f"rate {rate}: {descend(valley.gradient, start, rate, rule).ended}")

# %% [markdown]
# ## Break it: a stop by luck
#
# `tolerance` alone is a good rule on all examples. On single ones:

# %%
path = descend_stochastic(*problem, start, 0.02, Stop(tolerance=0.1), seed=1)
exact = np.linalg.norm(valley.gradient(path.points), axis=1)
plots.lucky_stop(path.lengths, exact, tolerance=0.1)

# %% [markdown]
# The line happened to pass through one example. **That example had nothing to complain about; the others had.** This is no rare accident:

# %%
tries = [descend_stochastic(*problem, start, 0.02, Stop(tolerance=0.1), seed=k) for k in range(100)]
lengths = np.array([np.linalg.norm(valley.gradient(path.end)) for path in tries])
losses = [valley(path.end) for path in tries]
print("ended as 'arrived':", sum(path.ended == "arrived" for path in tries), "of 100")
print("full gradient there more than twice the tolerance:", sum(lengths > 0.2), "of 100")
print(f"median loss there: {np.median(losses):.2f}; lowest possible: {valley(valley.minimum):.2f}")

# %% [markdown]
# `patience` asks for several short gradients in a row. One epoch of them, 24, is not met by luck. It is not met at all:

# %%
stop = Stop(tolerance=0.1, patience=24, budget=2000)
path = descend_stochastic(*problem, start, 0.02, stop, seed=1)
print(f"{path.ended} after {path.steps} steps, at a loss of {valley(path.end):.2f}")

# %% [markdown]
# Even at the lowest point the examples disagree, so their gradients never all become short. Nothing is broken: the descent stands where it should, and the rule watches the wrong number. **Under noise, watch something averaged over many examples**: the mean loss of an epoch, or the loss on unseen data, with patience. Keras's `EarlyStopping` (早停) does the second; [lesson 4.3](4_3_learning_rates_that_move.ipynb) uses it.

# %% [markdown]
# ## How much noise?
#
# At one point of the map, the gradients of all 24 examples; then of 1,000 random batches of 4, and of 16, each example drawn from all 24, so that one may come twice.

# %%
point = np.array([0.6, 0.6])
rng = np.random.default_rng(0)


def gradients_there(drawn):
    return np.array([valley.gradient_on(point, valley.x[rows], valley.y[rows]) for rows in drawn])


clouds = {1: gradients_there(np.arange(24)[:, None])}
for size in (4, 16):
    clouds[size] = gradients_there(rng.integers(24, size=(1000, size)))
plots.gradient_clouds(valley.gradient(point), clouds)

# %% [markdown]
# The cross is the full gradient. The number is the noise: the root of the mean *squared* distance to the cross. The ellipse, two standard deviations of the single examples, shrinks from left to right as the formula says, whatever the dots do:
#
# $$\sigma_B = \frac{\sigma}{\sqrt{B}}$$
#
# Read aloud: *the noise of a batch is the noise of one example, divided by the root of the batch size.* It is the rule of every average: **to halve the noise, pay for four times as many examples.** For squared distances it says $\sigma^2 / B$. `batches` draws without putting back, which helps a little more: with $n$ examples in all the noise gets another factor $\sqrt{(n-B)/(n-1)}$, near 1 for a small batch out of many, and 0 for a batch of all.
#
# Three examples, batches of two, at the top of this lesson: the single errors were $-2, -6, +8$, the errors of pairs $-4, +3, +1$.

# %%
single = gradients(1.0, [0, 1, 2]) - full
pairs = np.array([gradients(1.0, rows).mean() - full for rows in ([0, 1], [0, 2], [1, 2])])
sigma, n, B = np.sqrt(np.mean(single**2)), 3, 2
foretold = sigma / np.sqrt(B) * np.sqrt((n - B) / (n - 1))
print(f"foretold {foretold:.3f}, found {np.sqrt(np.mean(pairs**2)):.3f}")

# %% [markdown]
# ## The noise of the classifier
#
# 66,474 weights instead of two, 4,000 examples instead of 24, and the same formula. Before its first update:

# %%
from course_lib import Sequential, experiments, layers, optimizers, utils
from course_lib.data import load_text

(x_train, y_train), (x_test, y_test) = load_text()


def classifier(rate):
    utils.set_random_seed(3)
    model = Sequential([
        layers.Dense(64, activation="relu", input_shape=(1000,)),
        layers.Dense(32, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizers.SGD(rate), loss="sparse_categorical_crossentropy")
    return model


# %%
model = classifier(0.3)


def gradient(rows):
    model.loss_and_gradient(x_train[rows], y_train[rows])
    return model.flat_gradients.copy()


exact = gradient(np.arange(4000))
print(f"length of the full gradient: {np.linalg.norm(exact):.1f}")

# %%
noise = {}
for size in (1, 4, 32, 256):
    drawn = [rng.choice(4000, size, replace=False) for _ in range(300)]
    squares = [np.sum((gradient(rows) - exact) ** 2) for rows in drawn]
    noise[size] = np.sqrt(np.mean(squares))
    foretold = noise[1] / np.sqrt(size) * np.sqrt((4000 - size) / 3999)
    print(f"batch of {size:3}: noise {noise[size]:.1f}, foretold {foretold:.1f}")

# %% [markdown]
# Hold these against the length of the full gradient, 0.3. One example is off by more than ten times what it should show. A batch of 32 is still mostly noise; at 256 the two are about equal. And yet it works, as the next run shows, because noise points elsewhere each time and the gradient does not.

# %% [markdown]
# ## The guess
#
# `train_to` trains until the loss on **all** examples is down to a target at two checks in a row: patience, against luck. It checks every 160 examples; batches larger than that, after each update. In batches of 32:

# %%
in_batches = experiments.train_to(classifier(0.3), x_train, y_train, 0.5, batch_size=32)
in_batches

# %% [markdown]
# All 4,000 at once, from the same weights at the same rate:

# %%
all_at_once = experiments.train_to(
    classifier(0.3), x_train, y_train, 0.5, batch_size=4000, most=400_000
)
all_at_once

# %%
hold_against(guess, round(all_at_once.examples[-1] / in_batches.examples[-1]), "times as many")

# %% [markdown]
# The exact steps were better, but not by much: 74 of them did what took 115 noisy ones. And each cost 125 times as much.

# %% [markdown]
# ## Larger batches bear larger rates
#
# Was that fair? A gradient with less noise can be trusted for a longer step. How much longer shows on two examples. One after the other at rate 0.01, or both as one batch at rate 0.02, by hand: $1 - 0.01 \cdot (-4) = 1.04$, and from there to $1.117$; or $1 - 0.02 \cdot (-6) = 1.12$.

# %%
w = 1.0
for row in ([0], [1]):
    w = w - 0.01 * gradients(w, row).mean()
together = 1.0 - 0.02 * gradients(1.0, [0, 1]).mean()
print(f"one by one at 0.01: {w:.3f}   both at 0.02: {together:.3f}")

# %% [markdown]
# Nearly the same place. **Twice the batch at twice the rate goes the same way on the same examples**, as long as the steps are short enough for the gradient not to change on the way. Short enough: there the rule must end.

# %% [markdown]
# ## Turn the knob
#
# Blue: batches of the size you choose. Black: all 24. Both at the same rate, both have looked at the same 480 examples; *Play* shows them on the way. The start can be dragged.
#
# **Batches of 4 at rate 0.04 come down to a loss of about 0.07 in the last epoch. Which rate brings batches of 2 as far, and which batches of 8? And can all 24 be brought as far by any rate?**

# %%
from course_lib.widgets import NoisyDescent

NoisyDescent()

# %% [markdown]
# 0.02 for batches of 2, 0.08 for batches of 8, and 0.01 for single examples: each ends near 0.07. For all 24 the rule would ask for 0.24, and there it breaks: above 0.11 each full step jumps across the valley and lands higher than it began. The best that all 24 reach with 480 examples is 0.17, at rate 0.1. Half way there, at 12, the rule's 0.12 is too much already.
#
# The other way round: leave the rate at 0.08 and take single examples. They do not settle at all; the noise carries them about. **Small batches are limited by noise, large ones by the shape of the surface.**

# %% [markdown]
# ## The classifier, each batch size at a rate that it bears
#
# How large may a rate be? Three that are too large for their batch, each given as many examples as smaller rates will need below:

# %% tags=["measured"]
for size, rate, most in [(1, 0.3, 2_880), (32, 3.0, 2_880), (4000, 3.0, 112_000)]:
    run = experiments.train_to(classifier(rate), x_train, y_train, 0.5, size, most=most)
    print(f"batches of {size:5,} at rate {rate}: {run}")

# %% [markdown]
# Single examples fail at 0.3 already, and at 3 even the exact gradient leaps about. What works for this model: 0.03 for each example in the batch, but never more than 1. By that rule, five batch sizes down to a loss of 0.5:

# %% tags=["measured"]
runs = {}
for size in (1, 4, 32, 256, 4000):
    rate = min(0.03 * size, 1.0)
    runs[size] = experiments.train_to(classifier(rate), x_train, y_train, 0.5, size, most=400_000)
    print(f"batches of {size:5,} at rate {rate:4.2f}: {runs[size]}")

# %% tags=["measured"]
plots.race(runs, target=0.5)

# %% [markdown]
# Left, the curves of 1, 4 and 32 lie on one another: an example is worth the same in each. From 256 on, the rate can no longer keep up, and examples are wasted: all 4,000 need 112,000 of them where 2,880 would do. (The spike: at rate 1 they are at the edge of leaping.) Right, the same runs by the clock. There the order is another, because a processor does not like single examples:

# %% tags=["measured"]
plots.target_costs(runs, target=0.5)

# %% tags=["measured"]
seconds = {size: run.seconds[-1] for size, run in runs.items()}
for size, run in runs.items():
    print(f"batches of {size:5,}: {run.updates[-1] / seconds[size]:7,.0f} updates a second")
three_times = seconds[32] < min(seconds[1], seconds[4000]) / 3
print("32 gets there at least 3 times as fast as 1 and as 4,000:", three_times)

# %% [markdown]
# That is the answer to the question at the top. An update has a price that does not depend on the batch: Python calls, and all 66,474 weights to read and write. Spread over 32 examples it hardly counts. (An update on one alone even takes longer than on four: for a single row, NumPy's matrix product goes another, slower way.) **The best batch is the largest that still wastes no examples**, or a little above; here somewhere from 32 to 256. With other random starts the numbers move, the picture does not: four starts took 2,880 to 3,520 single examples, 2,880 to 3,840 in batches of 32, and 96,000 to 120,000 all at once.

# %% [markdown]
# ## The same, held against Keras
#
# Same weights, same batches in the same order: then Keras must go the same way, step by step. Its `train_on_batch` makes one update, as ours does.

# %%
from course_lib import parity

keras = parity.quiet_keras()        # TensorFlow takes some seconds to load

# %%
model = classifier(0.3)
twin = parity.keras_twin(model)
largest = 0.0
for step, rows in zip(range(125), batches(4000, 32, seed=3)):
    ours, theirs = (m.train_on_batch(x_train[rows], y_train[rows]) for m in (model, twin))
    apart = parity.relative_difference(model.get_weights(), twin.get_weights())
    largest = max(largest, apart)
    if step in (0, 1, 124):
        print(f"update {step + 1:3}: loss {ours:.3f}, in Keras {theirs:.3f}")
print("weights equal to 4 decimals after each of the 125 updates:", largest < 1e-4)

# %% [markdown]
# ## Break it: x and y shuffled apart
#
# Each epoch shuffles. Whoever shuffles texts and labels by two different orders gives each text a label by lot:

# %%
def epoch(model, order_x, order_y):
    losses = []
    for first in range(0, 4000, 32):
        rows_x, rows_y = order_x[first : first + 32], order_y[first : first + 32]
        losses.append(model.train_on_batch(x_train[rows_x], y_train[rows_y]))
    return round(float(np.mean(losses)), 1)


model, rng = classifier(0.1), np.random.default_rng(0)
losses = [epoch(model, rng.permutation(4000), rng.permutation(4000)) for _ in range(5)]
print("loss of each epoch:", losses)

# %% [markdown]
# **A loss that sits at $\ln 10 = 2.303$ says: ten classes, and nothing known about them.** For $k$ classes it is $\ln k$. Learn that number for your own data. The sly variant shuffles apart *once*, before the training:

# %% tags=["measured"]
model, wrong = classifier(0.1), rng.permutation(4000)
orders = [rng.permutation(4000) for _ in range(20)]
losses = [epoch(model, order, wrong[order]) for order in orders]
right = np.mean(model.predict(x_test).argmax(axis=1) == y_test)
print(f"loss of epoch 1: {losses[0]}, 10: {losses[9]}, 20: {losses[19]}")
print(f"right on {right:.0%} of the unseen texts")

# %% [markdown]
# Now the loss falls: given time, the network learns 4,000 wrong labels by heart. Only unseen texts give it away, with the one in ten that chance gets.

# %% [markdown]
# ## Break it: sum for mean
#
# Leave the division by the batch size out, and the gradient grows with the batch. Somebody finds a rate that works in batches of 32, and turns to 256:

# %%
import math


def two_epochs(batch_size, rate, summed):
    model = classifier(rate)
    for _, rows in zip(range(2 * math.ceil(4000 / batch_size)), batches(4000, batch_size, seed=0)):
        model.loss_and_gradient(x_train[rows], y_train[rows])
        step = rate * model.flat_gradients * (len(rows) if summed else 1)
        model.flat_parameters[...] -= step
    return model.evaluate(x_train, y_train, verbose=0)


# %% tags=["measured"]
for size in (32, 256):
    mean, summed = two_epochs(size, 0.5, False), two_epochs(size, 0.02, True)
    print(f"batches of {size:3}: loss {mean:.1f} on the mean at 0.5, {summed:.1f} on the sum at 0.02")

# %% [markdown]
# On the mean the larger batches are slower by the example, and safe. On the sum the rate has become $0.02 \cdot 256$ without anybody asking. And the short batch at the end of an epoch takes a short step: 4,000 examples in batches of 48 leave 16, so a third of a step. **A training that changes its character when only the batch size was changed: look for a sum.**

# %% [markdown]
# ## What it costs
#
# An update is a forward pass, $2\,n\,d\,u$ FLOPs for each layer as in lesson 1.1, and a backward pass of about twice as many: $3 \cdot 2\,n\,d\,u$. So far as FLOPs go, an epoch costs the same in batches of any size. Updates differ, and memory: backward needs what every layer took in and gave out.

# %%
widths = [1000, 64, 32, 10]
print("batch size  updates/epoch  FLOPs/update    FLOPs/epoch  bytes to keep")
for n in (1, 32, 4000):
    flops = 3 * sum(2 * n * d * u for d, u in zip(widths, widths[1:]))
    epoch_flops, kept = flops * 4000 // n, 4 * n * sum(widths)
    print(f"{n:10,}  {4000 // n:13,} {flops:13,}  {epoch_flops:13,}  {kept:13,}")

# %% [markdown]
# With more data than memory, all at once is no choice at all, however exact. And the batch is what several machines share among themselves: a batch of 256 on eight machines is 32 on each. That is why people care how large it may become.

# %% [markdown]
# ## Remember
#
# - A batch's gradient is the full gradient plus noise of size $\sigma / \sqrt{B}$: four times the examples halve it. Many inexact steps beat few exact ones.
# - Batch size and rate belong together: twice the batch bears twice the rate, until the surface forbids it. Below that point examples are worth the same in any batch, and larger ones are quicker; above, examples are wasted.
# - A stopping rule has a tolerance, patience, a budget and a limit. Where it breaks: on the gradient of single examples, where it stops by luck or never.
#
# Left out: steps that remember earlier ones (4.2), lowering the rate against the last noise ([4.3](4_3_learning_rates_that_move.ipynb)), whether noise helps on unseen data, which is disputed.
#
# **Now you:** [exercises for this lesson](../../exercises/4_optimization/4_1_batches_and_noise.ipynb).
#
# Sources: Robbins and Monro, *A stochastic approximation method* (1951). Bottou, Curtis and Nocedal, *Optimization methods for large-scale machine learning* (2018), sections 3 and 4. Goyal et al., *Accurate, large minibatch SGD* (2017), section 2.1, for the rule of rate and batch. McCandlish et al., *An empirical model of large-batch training* (2018), for where it ends. The Keras documentation of [`train_on_batch`](https://keras.io/api/models/model_training_apis/).
