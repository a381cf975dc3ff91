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
#   title: From training to predicting
#   question: The model is trained. What changes when it only answers?
#   needs: ["1.5"]
#   exercises: [inference.batch_norm, inference.dropout, inference.percentile, inference.best_batch]
# ---

# %% [markdown]
# # 2.1 From training to predicting
#
# **The model is trained. What changes when it only answers?**
#
# After this lesson you can
#
# - say which layers answer differently in training than in use, and recognize a service that runs in the wrong mode,
# - measure how long a model takes, and report it so that somebody who waits recognizes their own wait,
# - find out where the time of a slow call goes, and choose a batch size from your own measurements.
#
# You need: a model that is trained with `fit` and answers with `predict` ([lesson 0.1](../0_start/0_1_start_here.ipynb)), and what a forward pass multiplies and adds ([lesson 1.1](../1_training/1_1_forward_propagation.ipynb)).

# %% [markdown]
# ## Guess first
#
# The classifier of lesson 0.1 answers for **one** description. Its forward pass in `course_lib` is three products of lesson 1.1. `model.predict` of its Keras twin returns the same ten probabilities. **How many times as long as that forward pass does `predict` take: about 10, 100, 1,000 or 10,000 times?**

# %%
guess = None        # for example: guess = 100

# %% [markdown]
# ## Two modes
#
# **Model inference** (模型推理) is the use of a trained model: new input data and the parameters that were learned go in, a prediction comes out. There is no loss, no gradient and no step of an optimizer; the forward pass is all that is left. But it is not quite the same forward pass. Some layers do one thing in **training mode** (训练模式) and another in **inference mode** (推理模式). Two such layers are common.
#
# The first is **dropout** (随机失活). In training it sets each number to 0 with probability `rate`, so that no neuron can count on another, and divides the rest by `1 - rate`, so that the mean stays. At rate ½, with the two middle numbers dropped:

# %%
import numpy as np

row, rate = np.array([[1.0, 2.0, 3.0, 4.0]]), 0.5
keep = np.array([[1, 0, 0, 1]])         # random, and drawn anew for every batch
row * keep / (1 - rate)

# %% [markdown]
# In inference mode nothing is dropped and nothing divided. On average over many draws, training mode says the same:

# %%
draws = np.random.default_rng(0).random((100_000, 4)) >= rate
(row * draws / (1 - rate)).mean(axis=0).round(1)

# %% [markdown]
# That is the whole purpose of the division: whoever answers does not have to know how much was dropped. The layer of `course_lib`, three times on the same row:

# %%
from course_lib import layers

dropout = layers.Dropout(0.5, seed=3)
for training in (True, True, False):
    print(f"training={training!s:5}", dropout(row, training=training))

# %% [markdown]
# ## The layer that looks at the neighbours
#
# The second is **batch normalization** (批归一化). It brings each column to mean 0 and variance 1, and in training mode it takes mean and variance from the batch. Take one column, and in it the row that holds a 2. If the only other row holds a 4, the mean is 3 and the variance 1, so the 2 becomes $(2 - 3) / 1 = -1$. If it holds a 0, the mean is 1:

# %%
def normalize(x, mean, variance, epsilon=0.001):
    return (x - mean) / np.sqrt(variance + epsilon)


for neighbour in (4.0, 0.0):
    batch = np.array([2.0, neighbour])
    print(f"2 beside {neighbour:.0f} becomes {normalize(batch, batch.mean(), batch.var())[0]:5.2f}")

# %% [markdown]
# The same row, opposite answers. For training this is harmless noise. In a service it would mean that your answer depends on who happens to ask in the same moment. So while training goes on, the layer keeps **moving averages** (移动平均) of mean and variance, and in inference mode it uses those:
#
# $$\hat x = \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}} \qquad \text{training: } \mu, \sigma^2 \text{ of the batch} \qquad \text{inference: } \mu, \sigma^2 \text{ as remembered}$$
#
# Read aloud: *subtract the mean, divide by the root of the variance; only whose mean and variance differs.* After each training batch, `moving = 0.99 * moving + 0.01 * batch`. A tiny $\varepsilon$ keeps the root away from 0. The layer itself. `_follow` takes that step of a moving average; `gamma` and `beta` are learned and may undo the rest:

# %%
from course_lib.notebook import hold_against, show_source

show_source(layers.BatchNormalization.forward)

# %% [markdown]
# Keras does the same in both modes. Six random rows with three columns, the training mode first:

# %%
from course_lib import parity

keras = parity.quiet_keras()

# %%
rows = np.random.default_rng(1).normal(2, 3, (6, 3)).astype("float32")

ours = layers.BatchNormalization(input_shape=(3,))
ours(rows)                              # builds it
theirs = parity.keras_twin(ours)
for training in (True, False):
    a, b = ours(rows, training=training), theirs(rows, training=training)
    print(f"training={training!s:5} first row", a[0].round(3), "  equal to 5 decimals:", np.abs(a - b).max() < 1e-5)
print("moving mean now", ours.moving_mean.round(3), "  equal:", np.allclose(ours.moving_mean, theirs.moving_mean))

# %% [markdown]
# (Dropout can be compared in inference mode only: each engine draws its own random numbers.)
#
# The moving mean has taken one step of 0.01 from 0 towards the mean of the batch. After 100 batches it has gone 63 percent of the way; after 500, more than 99. A model that was trained for a handful of batches only is not ready for inference mode.

# %% [markdown]
# ## Break it: answers in training mode
#
# A classifier of descriptions with both layers in it:

# %%
from course_lib import Sequential, utils
from course_lib.data import load_text

(x_train, y_train), (x_test, y_test) = load_text()
utils.set_random_seed(1)
model = Sequential([
    layers.Dense(64, input_shape=(1000,)),
    layers.BatchNormalization(),
    layers.Activation("relu"),
    layers.Dropout(0.5),
    layers.Dense(10, activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x_train, y_train, epochs=4, verbose=0)

# %% [markdown]
# The same 1,000 unseen descriptions come in three ways: in batches of 32 as they are; in batches of 32 sorted by class, as happens where each customer sends a batch of one kind; and one at a time. **For which of the three will training mode do most harm?**

# %%
import copy


def share_right(order, size, training):
    used = copy.deepcopy(model)         # a copy, because training mode also changes the model
    p = [used(x_test[order[i:i + size]], training=training) for i in range(0, 1000, size)]
    return np.mean(np.concatenate(p).argmax(axis=1) == y_test[order])


as_they_are, by_class = np.arange(1000), np.argsort(y_test, kind="stable")
batches = {"batches of 32": (as_they_are, 32), "sorted by class": (by_class, 32), "one at a time": (as_they_are, 1)}

# %% tags=["measured"]
from course_lib import plots

right = {name: (share_right(*how, False), share_right(*how, True)) for name, how in batches.items()}
plots.modes(right)

# %%
model.layers[1].trainable = False       # frozen: it uses what it remembers in either mode, so only dropout is left
cost = [right[name][0] - share_right(*how, True) for name, how in batches.items()]
model.layers[1].trainable = True

print("inference mode: the same each way:", len({shares[0] for shares in right.values()}) == 1)
print("training mode, one at a time: below 20 percent:", right["one at a time"][1] < 0.2)
print("dropout alone: a loss of 2 to 10 points each way:", 0.02 < min(cost) <= max(cost) < 0.1)

# %% [markdown]
# Dropout alone costs a few points, however the rows come. The rest is batch normalization, and one at a time is worst: a batch of one row has that row as its mean, and $x - \mu$ is 0 in every column, whatever the description says: the network answers blindfolded. Sorted batches are little better: what all 32 descriptions have in common, their class, is subtracted as the mean.
#
# **Answers that change with the company they are in, or that hardly differ from row to row: look for training mode.** Keras and `course_lib` answer in inference mode unless told `training=True`. PyTorch is the other way round: a model stays in training mode until somebody calls `eval()`. And training mode leaves traces. One batch, and these arrays of the model are no longer what they were:

# %%
used, before = copy.deepcopy(model), model.get_weights()
used(x_test[:32], training=True)
[v.name for v, old in zip(used.variables(), before) if not np.array_equal(v.value, old)]

# %% [markdown]
# ## How long does an answer take?
#
# From here on the model is right, and only its speed is in question. Two numbers describe it: the **latency** (延迟), how long whoever asks has to wait, and the **throughput** (吞吐量), how many answers come out in a second. The classifier of lesson 0.1, and its Keras twin:

# %%
utils.set_random_seed(2)
model = Sequential([
    layers.Dense(64, activation="relu", input_shape=(1000,)),
    layers.Dense(32, activation="relu"),
    layers.Dense(10, activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, epochs=3, verbose=0)
twin = parity.keras_twin(model)
one = x_test[:1]
parity.side_by_side(model, twin, one)

# %% [markdown]
# There are several ways to ask the twin. One is to wrap it in `tf.function`: at the first call TensorFlow runs the Python code and notes every operation in a **graph** (计算图); later calls run the graph. A stopwatch, and a hundred calls:

# %%
import time

from course_lib.meter import measure


def stopwatch(function, x, times):
    durations = []
    for _ in range(times):
        start = time.perf_counter()
        function(x)
        durations.append(time.perf_counter() - start)
    return 1000 * np.array(durations)       # milliseconds


# %% tags=["measured"]
import tensorflow as tf

graph = tf.function(lambda x: twin(x, training=False))
ms = stopwatch(graph, one, 100)
print(f"first call {ms[0]:.1f} ms, second {ms[1]:.2f} ms; half of the others took less than {np.median(ms[1:]):.2f} ms")
print(f"mean of all hundred calls {ms.mean():.2f} ms; without the first {ms[1:].mean():.2f} ms")
print("the first takes more than ten times as long as a usual one:", ms[0] > 10 * np.median(ms[1:]))

# %% [markdown]
# The first call is another kind of call: it notes the graph. Put it into the mean, and the mean describes neither it nor the others. So every measurement begins with a **warm-up** (预热), calls that do not count; and every service should make some before its first user comes.
#
# ## Why the mean lies
#
# Warm-up or not, some calls take longer than others. Ten calls, in milliseconds:

# %%
waits = [1, 1, 1, 1, 1, 1, 1, 1, 1, 91]
sum(waits) / len(waits)

# %% [markdown]
# A mean of 10 ms, and nobody waited 10 ms: nine waited 1, and one waited 91. A **percentile** (百分位数) is always somebody's wait. Sort the waits; the $q$-th percentile is the first of them that at least $q$ percent of all waits do not exceed ($\lceil\,\rceil$ rounds up):
#
# $$\text{p}_q = \text{the } \lceil q \cdot n / 100 \rceil \text{-th of } n \text{ sorted values}$$

# %%
import math


def percentile(values, q):
    return sorted(values)[math.ceil(q * len(values) / 100) - 1]


[percentile(waits, q) for q in (50, 90, 95, 99)]

# %% [markdown]
# Read: half of all waits were 1 ms or less, and so were nine in ten; beyond that it is 91. One writes p50, p90, p99; p50 is also called the median (中位数). This rule is called *nearest rank*. NumPy's default is another one: it draws a straight line between two waits and invents a third.

# %%
print("NumPy's default, 95th:", np.percentile(waits, 95).round(1))
print("its nearest rank, 95th:", np.percentile(waits, 95, method="inverted_cdf"))

# %% [markdown]
# The mean is not useless. Ten calls at a mean of 10 ms keep the machine busy for 100 ms: the mean is right for whoever **pays**, percentiles are right for whoever **waits**. The course's meter, `measure`, keeps every single duration and tells both. Five hundred requests to our model: most ask for one row, every 25th brings a thousand. The first three are warm-up, the other 497 count.

# %% tags=["measured"]
import itertools

requests = itertools.cycle([one] * 24 + [x_test])
found = measure(lambda: model(next(requests)), seconds=5, most=497, warmup=3)
plots.calls([*found.warmup, *found.durations], first=3)

# %%
near = np.abs(found.durations / found.mean - 1) < 0.3
print("the mean is more than twice the median:", found.mean > 2 * found.p50)
print("less than a tenth of the calls took the mean, give or take 30 percent:", near.mean() < 0.1)

# %% [markdown]
# Every dot is one call. There are two bands, the small requests and the large ones, and the dashed line, the mean, runs through the gap between them: a time that hardly any call took. Real services look like this, for many reasons: requests of different size, a cache that has the answer or has not, another program that gets the processor in between.

# %% [markdown]
# ## Turn the knob
#
# One call in a hundred is slow: does that matter? A page of a shop asks for prices, pictures, reviews and advertisements **at the same time**, and is complete when the last answer is there. The widget takes single calls of `course_lib` on your machine (upper picture) and makes pages of them (lower picture).
#
# **One call in 100 is slow. How many calls may a page make before every second page waits for a slow one?** Guess before you move the slider. Then: how much does it help to send a second copy of a call that has not answered after p95, and to take whichever answer comes first?

# %% tags=["measured"]
from course_lib.widgets import Tail

own = measure(model, one, seconds=1, warmup=50)
Tail(own.durations)

# %%
[f"{n} calls: {1 - 0.99**n:.2%}" for n in (10, 68, 69)]

# %% [markdown]
# Sixty-nine. A page is fast only if **all** its calls are, and $0.99^{69}$ is just below one half. Nothing about your machine or your model entered: at 69 calls, the p50 of the page is the p99 of a call. That is why services are judged by p99 and not by the mean.
#
# And the second copy? It is sent for 5 percent of the calls only. The call is still slow if both copies are: the first beyond p99, and the second, which began at p95, for longer than from there to p99:

# %% tags=["measured"]
second = np.mean(own.durations > own.p99 - own.p95)
print(f"slow in spite of a second copy: 1 percent of {second:.1%} = {0.01 * second:.3%} of the calls")

# %% [markdown]
# How much it helps depends on how far p95 and p99 lie apart: where the gap is shorter than a usual call, the second copy cannot win. And the product takes for granted that the copies are slow independently of each other, as on two machines. On one that is busy, both wait.

# %% [markdown]
# ## Four ways to ask
#
# The same row, the same ten probabilities, four ways to call: our forward pass, the compiled graph, the Keras model called like a function, and `predict`.

# %%
from course_lib.meter import ways

calls = ways(model, twin)
answers = [call(one) for call in calls.values()]
equal = [np.abs(a - answers[0]).max() < 1e-6 for a in answers]
print(", ".join(calls), "equal to 6 decimals:", all(equal))

# %% tags=["measured"]
from course_lib.meter import table

times = {name: measure(call, one, seconds=0.5, warmup=2) for name, call in calls.items()}
table(times)

# %% tags=["measured"]
factor = times["model.predict"].p50 / times["course_lib"].p50
print("more than 300 times as long:", factor > 300)
hold_against(guess, int(round(factor, -2)), "times as long")

# %% [markdown]
# (Rounded to hundreds. `predict` was called a few times only, and of fewer than 100 calls the p99 is simply the slowest.) Both do the same 132,736 multiplications and additions. Where does the rest of the time go?
#
# **First suspicion: the rows.** If each row were slow, a thousand rows would take a thousand times as long.

# %% tags=["measured"]
from course_lib.meter import sweep

sizes = (1, 4, 16, 64, 256, 1024)
sweeps = {name: sweep(calls[name], x_test, sizes, seconds=0.2, warmup=1)
          for name in ("course_lib", "tf.function", "model(x)")}
sweeps["course_lib"]

# %% [markdown]
# (`p50 a row` is the latency of the batch, divided by its rows.) And all four, with three sizes for `predict`:

# %% tags=["measured"]
sweeps["model.predict"] = sweep(calls["model.predict"], x_test, (1, 32, 1024), seconds=0.2, warmup=1)
plots.batch_sizes(sweeps)

# %% tags=["measured"]
grown = sweeps["model.predict"].latency[-1] / sweeps["model.predict"].latency[0]
print("model.predict: 1,024 rows less than 10 times as long as one:", grown < 10)

# %% [markdown]
# The line of `model.predict` is flat. It does not pay for rows; it pays **for being called**.
#
# **Second suspicion: Python.** How many Python functions run in one call? A fifth way joins: `predict_on_batch`, a method of the same Keras model.

# %% tags=["measured"]
from course_lib.meter import python_calls

calls["predict_on_batch"] = twin.predict_on_batch
times["predict_on_batch"] = measure(twin.predict_on_batch, one, seconds=0.3)
inside = {name: python_calls(call, one) for name, call in calls.items()}
plots.ways({name: times[name].p50 for name in calls}, {name: inside[name].total() for name in calls})

# %% [markdown]
# The more Python, the longer the call. `course_lib` runs one function for the model and two or three for each layer. `model(x)` sends every operation to TensorFlow one by one, and on the way checks names, types and shapes. `tf.function` hands over the finished graph at once. And `predict_on_batch` runs the same graph as `predict`, in a tiny part of its time. So what else does `predict` do?

# %%
seen = inside["model.predict"]
made = {name.split(".")[1]: n for name, n in seen.items()
        if name.endswith("Dataset.__init__") and "Unary" not in name}     # Unary…: what several of them are built on
print("made:", ", ".join(f"{n} {name}" for name, n in made.items()))
print("graphs noted:", seen["func_graph.FuncGraph.__init__"])

# %% [markdown]
# There it is. `predict` is made for large amounts of data, so it first builds a pipeline that numbers the rows, cuts them into batches and hands these over: a dozen data sets of TensorFlow, one feeding the next. Three of them hold a Python function, and each of these is noted as a **new graph**: the very thing that made the first call of `tf.function` slow. For one row, at every call, and then all of it is thrown away. Keras itself warns:

# %%
import inspect

text = " ".join(inspect.getdoc(keras.Model.predict).split())
print(text[text.index("It is not intended"):text.index("or `model(x, training=False)`")].rstrip(", "))

# %% [markdown]
# ## Break it: `predict` in a loop
#
# The classic slow service asks for one row after the other. Ten rows, in a loop and at once:

# %% tags=["measured"]
start = time.perf_counter()
looped = np.concatenate([twin.predict(x_test[i:i + 1], verbose=0) for i in range(10)])
in_a_loop = time.perf_counter() - start
at_once = measure(calls["model.predict"], x_test[:10], seconds=0.3, warmup=2).p50

print(f"the loop takes {in_a_loop / at_once:.0f} times as long as one call with all ten rows")
print("the same answers to 6 decimals:", np.abs(looped - calls["model.predict"](x_test[:10])).max() < 1e-6)
print("more than 3 times as long:", in_a_loop > 3 * at_once)

# %% [markdown]
# The symptom: a processor that is busy, a model that is small, and a time that grows with the number of **calls** and not with the number of rows. Two remedies: more rows in a call, or a call that builds less (`predict_on_batch`, or the model in a `tf.function`).

# %% [markdown]
# ## Batch size
#
# Every way pays something for a call and something for each row:
#
# $$\text{latency}(n) \approx a + b\,n \qquad\qquad \text{throughput}(n) = \frac{n}{a + b\,n}$$
#
# Read aloud: *a call costs $a$, which all rows of the batch share, and each row adds its own $b$.* By hand, with $a = 90$ µs and $b = 10$ µs: one row takes 100 µs, that is 10,000 rows a second. Nine rows take 180 µs, 50,000 a second. However many more rows, it never exceeds $1/b$, 100,000. Half of that is reached at $n = a / b$, nine tenths at $n = 9\,a / b$ (here 81 rows in 900 µs).
#
# Your machine's $a$ and $b$, fitted to the measured points:

# %% tags=["measured"]
for name in ("course_lib", "tf.function"):
    found = sweeps[name]
    equally = 1 / found.latency         # 10 percent off counts the same at each batch size
    b, a = np.polyfit(found.batch_sizes, found.latency, 1, w=equally)
    print(f"{name:12} a = {1e6 * a:5.1f} µs a call, b = {1e6 * b:5.2f} µs a row, half the throughput at n = {a / b:.0f}")

# %% [markdown]
# Past nine tenths a larger batch buys next to no throughput, and everybody in it waits longer. A service therefore asks the other way round: *of all batch sizes whose latency (p99, say) is still acceptable, which one answers the most rows a second?* One of the exercises writes that down.

# %% [markdown]
# ## Half the bytes: float16
#
# Weights are stored as float32, 4 bytes each. **float16** (半精度) has 2 bytes: about 3 decimal digits, and nothing above 65,504. The forward pass of lesson 1.1, with a list of weights:

# %%
from course_lib import activations


def forward(x, weights):
    kernel_1, bias_1, kernel_2, bias_2, kernel_3, bias_3 = weights
    h = np.maximum(x @ kernel_1 + bias_1, 0)
    h = np.maximum(h @ kernel_2 + bias_2, 0)
    return activations.softmax(h @ kernel_3 + bias_3)


full = model.get_weights()
half = [w.astype("float16") for w in full]
print("bytes:", f"{sum(w.nbytes for w in full):,} and {sum(w.nbytes for w in half):,}")

# %% tags=["measured"]
p, q = forward(x_test, full), forward(x_test.astype("float16"), half)
print(f"largest change of a probability: {np.abs(p - q).max():.4f}")
print(f"same class for {np.sum(p.argmax(axis=1) == q.argmax(axis=1))} of 1,000 descriptions")
print("no probability changed by 0.01:", np.abs(p - q).max() < 0.01)

# %% [markdown]
# Half the bytes for next to no change. And the time? **Guess: half, the same, or longer?**

# %% tags=["measured"]
batch = x_test[:64]
speed = {"float32": measure(forward, batch, full, seconds=0.3),
         "float16": measure(forward, batch.astype("float16"), half, seconds=0.3)}
print("float16 takes longer:", speed["float16"].p50 > speed["float32"].p50)
table(speed)

# %% [markdown]
# Far longer. NumPy hands float32 products to a library (BLAS) that uses all that the processor has. That library knows no float16, and NumPy's own loop takes one pair of numbers after the other. **A smaller type is faster only where somebody has built arithmetic for it**, as on graphics processors. On an ordinary processor, int8 is the type to look at; lesson 4.6 does.

# %% [markdown]
# ## Little's law
#
# Three calls come to a model. The first is inside from second 0 to 2, the second from 1 to 4, the third from 3 to 4. Over these 4 seconds, 1, 2, 1 and 2 calls are inside: $L = 6 / 4 = 1.5$ on average. They arrive at a rate of $\lambda = 3 / 4$ a second, and stay $W = (2 + 3 + 1) / 3 = 2$ seconds on average. And $\tfrac34 \cdot 2 = 1.5$:
#
# $$L = \lambda \cdot W$$
#
# Read aloud: *how many are inside = how many arrive a second × how long each stays.* This is **Little's law** (利特尔法则). It holds for every queue, whatever the order and however uneven the waits, because both sides add up the same stays. (Begin and end when nobody is inside; over a long time it hardly matters.)

# %%
from course_lib.meter import little

little(starts=[0, 1, 3], ends=[2, 4, 4])

# %% [markdown]
# Now on your machine: one model that answers one batch at a time, and 1 to 16 callers, each of whom asks again as soon as the answer is there. **Sixteen times as many callers: what happens to $\lambda$, and what to $W$?**

# %% tags=["measured"]
import threading

from course_lib.meter import crowd

door = threading.Lock()                 # one at a time


def answer(batch):
    with door:
        return model(batch)


batch = x_test[:256]
crowds = {n: crowd(answer, batch, callers=n, seconds=0.5).little() for n in (1, 2, 4, 8, 16)}
plots.callers(crowds)

# %%
exact = [math.isclose(L, rate * W, rel_tol=1e-9) for L, rate, W in crowds.values()]
print("L = λ W to 9 digits every time:", all(exact))
print("16 callers: more than 12 inside on average:", crowds[16].inside > 12)
print("they wait more than twice as long as one:", crowds[16].wait > 2 * crowds[1].wait)

# %% [markdown]
# Sixteen callers are inside, as they must be. The model was busy with one of them already, so $\lambda$ cannot grow, and $W = L / \lambda$ has no choice but to grow with the callers. More requests at the same time do not make a service faster; they make it fuller. (On a computer that has other things to do, $\lambda$ wavers from one measurement to the next. $L = \lambda W$ holds all the same.)
#
# Here the mean is the right number: Little's law adds up waits, and whoever adds up needs means.
#
# The law also plans: a service that gets 50 requests a second and needs 0.1 s for each has 5 of them inside on average, and needs room for more than that.

# %% [markdown]
# ## What it costs
#
# The arithmetic is $2\,n\,d\,u$ FLOPs, summed over the layers (lesson 1.1). How fast can this machine do arithmetic at best? Products of two 512 × 512 matrices tell, the fastest of many in either engine:

# %% tags=["measured"]
square = np.ones((512, 512), "float32")
products = [measure(product, square, square, seconds=0.5) for product in (np.matmul, tf.linalg.matmul)]
best = 2 * 512**3 / min(product.fastest for product in products)
flops = sum(2 * d * u for d, u in [(1000, 64), (64, 32), (32, 10)])
print(f"at best {best / 1e9:.0f} billion FLOPs a second; one row: {flops:,} FLOPs, {1e6 * flops / best:.1f} µs")

# %% [markdown]
# Arithmetic alone would need that long. Which share of the measured time is it?

# %% tags=["measured"]
share = {name: 100 * flops / best * np.array(found.batch_sizes) / found.latency for name, found in sweeps.items()}
for name, (first, *_, last) in share.items():
    print(f"{name:14} {first:8.2g} percent for one row, {last:5.1f} percent for 1,024")
print("model.predict for one row: below 1 percent:", share["model.predict"][0] < 1)

# %% [markdown]
# For one row, nearly all that `predict` does is something else. With a thousand rows, `course_lib` and `tf.function` spend a large part of their time on arithmetic. A **large** model has so many FLOPs in a row that the fixed cost of a call vanishes beside them; but its weights have to travel from memory for every call, and that becomes its fixed cost. Lessons 2.3 and 2.4 are about that.

# %% [markdown]
# ## Remember
#
# - Inference mode: nothing is dropped, and mean and variance are remembered ones. In training mode an answer depends on luck and on its neighbours.
# - Warm up, keep every duration, report p50 and p99. The mean pays the bills; it is nobody's wait. With 69 calls at once, half the pages wait for a 1-in-100 call.
# - Latency ≈ $a + b\,n$: small models are slow because of $a$. Find out what a call does before you make arithmetic faster; and $L = \lambda W$.
#
# Where it breaks: a measurement holds for this machine, this load and this batch size. All calls here were made one after the other or by few threads; requests that arrive at random times wait longer (lesson 3.3).
#
# **Now you:** [exercises for this lesson](../../exercises/2_inference/2_1_from_training_to_predicting.ipynb).
#
# Sources: Ioffe and Szegedy, *Batch normalization* (2015). Srivastava et al., *Dropout* (2014). Dean and Barroso, *The tail at scale* (2013), for the slowest of many and the second copy. Little, *A proof for the queuing formula L = λW* (1961). The Keras documentation of [`predict`](https://keras.io/api/models/model_training_apis/#predict-method).
