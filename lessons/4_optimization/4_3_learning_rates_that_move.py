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
#   title: Learning rates that move
#   question: When should the learning rate change, and who decides?
#   needs: ["4.2"]
#   exercises: [optimization.step_decay, optimization.cosine_with_warmup, optimization.suggested_rate, optimization.reduce_on_plateau]
# ---

# %% [markdown]
# # 4.3 Learning rates that move
#
# **When should the learning rate change, and who decides?**
#
# After this lesson you can
#
# - write the usual schedules in a few lines each, and say at which *step* of a training they do what,
# - find a starting rate for a model by one short training,
# - follow the machine behind `ReduceLROnPlateau` epoch by epoch, and set its four numbers on purpose.
#
# You need: what an epoch, a batch and a loss are ([lesson 0.1](../0_start/0_1_start_here.ipynb)), and one step of gradient descent: weights − learning rate · gradient ([lesson 4.1](4_1_batches_and_noise.ipynb)).

# %% [markdown]
# ## Guess first
#
# The classifier of lesson 0.1 trains for 8 epochs of 125 batches: 1,000 steps. Somebody wants the rate to fall from 1 to 0 over these 8 epochs and writes `CosineDecay(1.0, decay_steps=8)`. **For how many percent of the training is the rate above 0?**

# %%
guess = None        # for example: guess = 100

# %% [markdown]
# ## Why one rate is not enough
#
# One weight, loss $\frac12 w^2$, so the gradient is $w$; but each batch sees it with an error of $+1$ or $-1$, in turn. From $w = 2$ at rate 0.5, by hand: the first gradient is $2 + 1 = 3$, and $2 - 0.5 \cdot 3 = 0.5$. The second: $0.5 - 1 = -0.5$, and $0.5 + 0.5 \cdot 0.5 = 0.75$.

# %%
def walk(rate, steps=40, w=2.0):
    for t in range(steps):
        error = 1 if t % 2 == 0 else -1
        w = w - rate(t) * (w + error)
    return w


for eta in (0.5, 0.02):
    print(f"rate {eta}: after 2 steps {walk(lambda t: eta, 2):.3f}, after 40 steps {walk(lambda t: eta):.3f}")

# %% [markdown]
# The best weight is 0. The large rate comes near at once and then jumps about it for ever, as far as the error of a batch carries it; the small rate is still on its way after 40 steps. A rate that falls gets both:

# %%
print(f"0.5 / (1 + t / 4): after 40 steps {walk(lambda t: 0.5 / (1 + t / 4)):.3f}")

# %% [markdown]
# ## The algorithm
#
# A **dynamic learning rate** (动态学习率) adds one line to gradient descent. Its five steps:
#
# 1. Initialize the model's parameters **and the learning rate**. (初始化模型参数和学习率)
# 2. Compute the gradient of the loss. (计算损失函数梯度)
# 3. Update the parameters. (更新模型参数)
# 4. **Adjust the learning rate by how the model is doing.** (根据模型性能调整学习率)
# 5. Repeat steps 2 and 3, and with them 4, until the stopping rule holds. (重复，直到满足终止条件)
#
# $$w \leftarrow w - \eta_t \cdot \frac{\partial L}{\partial w}$$
#
# Read aloud: *the weights move against the gradient, by a rate that has a number of its own at each step $t$.* Who decides about $\eta_t$? Two answers share the field:
#
# - **a plan**, made before the training: a *schedule*, a function of $t$ alone. It does not look at the model at all; its author did, in earlier runs.
# - **the model's performance**, as step 4 says: a number such as the loss on unseen data is watched, and the rate is cut when it stops improving.

# %% [markdown]
# ## Schedules from scratch
#
# The course counts $t$ in **steps already taken: batches, not epochs**. Four functions of $t$, one line of arithmetic each:

# %%
import math


def exponential(t):                             # half of it every 250 steps
    return 0.4 * 0.5 ** (t / 250)


def staircase(t):                               # the same, but only at whole multiples
    return 0.4 * 0.5 ** (t // 250)


def piecewise(t):                               # a table
    return 0.4 if t <= 400 else 0.1 if t <= 800 else 0.02


def inverse_time(t):                            # ever slower
    return 0.4 / (1 + 3 * t / 250)


exponential(250), staircase(249), piecewise(401), inverse_time(250)

# %% [markdown]
# And the one used most for large models: climb in a straight line, the **warm-up** (预热), then fall along half a wave of a cosine. By hand, with 100 steps of climb to 0.4: step 50 is half way up, 0.2. At step 550 half of the remaining 900 steps are done, the cosine of a quarter turn is 0, and $0.4 \cdot \frac12 (1 + 0) = 0.2$.

# %%
def cosine(t, top=0.4, warmup=100, total=1000):
    if t < warmup:
        return top * t / warmup
    p = min((t - warmup) / (total - warmup), 1)
    return top * 0.5 * (1 + math.cos(math.pi * p))


[round(cosine(t), 3) for t in (0, 50, 100, 550, 1000)]

# %% [markdown]
# Why climb at all? Huge batches are given huge rates, and steps of that size at once were found to throw a training off (Goyal et al., below). This small classifier does not need it: from a top rate of 1 it ends at 80 to 83 percent with the climb and without, four random starts each.
#
# Six plans, drawn. The last, **one cycle**, goes up and down once and ends with a short fall to almost nothing.

# %%
from course_lib import plots
from course_lib.optimizers import schedules

one_cycle = schedules.OneCycle(0.4, total_steps=1000)
plots.schedules({
    "exponential": exponential, "staircase": staircase, "piecewise": piecewise,
    "inverse time": inverse_time, "cosine, warm-up": cosine, "one cycle": one_cycle,
}, steps=1000, title="Six plans end low; two of them climb first")

# %% [markdown]
# ## The same, held against Keras
#
# Keras has all but the last, as objects that an optimizer takes in place of a number; so has `course_lib`, under the same names. Our functions, our objects and Keras's, at 44 steps. (The `decay_steps` of `CosineDecay` do **not** include the warm-up.)

# %%
from course_lib import parity

keras = parity.quiet_keras()        # TensorFlow takes some seconds to load
halving = {"initial_learning_rate": 0.4, "decay_steps": 250, "decay_rate": 0.5}
plans = [
    (exponential, "ExponentialDecay", halving),
    (staircase, "ExponentialDecay", halving | {"staircase": True}),
    (inverse_time, "InverseTimeDecay", halving | {"decay_rate": 3.0}),
    (piecewise, "PiecewiseConstantDecay", {"boundaries": [400, 800], "values": [0.4, 0.1, 0.02]}),
    (cosine, "CosineDecay", {"initial_learning_rate": 0.0, "warmup_target": 0.4, "warmup_steps": 100, "decay_steps": 900}),
]

# %%
import numpy as np

for mine, name, given in plans:
    ours, theirs = getattr(schedules, name)(**given), getattr(keras.optimizers.schedules, name)(**given)
    rates = np.array([[mine(t), ours(t), float(theirs(t))] for t in range(0, 1100, 25)])
    equal = np.ptp(rates, axis=1).max() < 1e-6
    print(f"{mine.__name__:12} {name:22} at step 250: {rates[10, 2]:.4f}   equal to 6 decimals: {equal}")

# %% [markdown]
# ## Where to start: a range test
#
# Every plan needs a top rate. A **range test** finds one in a single short training: the rate grows by the same factor with each batch, from far too small to far too large, and one watches the loss. It works on a copy; the model stays as it was.

# %%
from course_lib import Sequential, experiments, layers, optimizers, utils
from course_lib.data import load_text

(x_train, y_train), (x_test, y_test) = load_text()


def classifier(rate):
    utils.set_random_seed(2)
    model = Sequential([
        layers.Dense(64, activation="relu", input_shape=(1000,)),
        layers.Dense(32, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizers.SGD(rate), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# %% tags=["measured"]
found = experiments.range_test(classifier(0.1), x_train, y_train, low=1e-3, high=10.0)
plots.rate_range(found)

# %% [markdown]
# Below about 0.1 next to nothing happens. Then the loss falls faster and faster, and somewhere above 1 it is torn up. The suggestion, a tenth of the rate at the lowest point, is a safe constant rate. A rate that will fall anyway may begin higher: the next section begins at 1, near the edge, to see what each way down makes of it.

# %% [markdown]
# ## Three trainings from the same top rate
#
# Eight epochs of plain SGD on the text. First the constant rate 1:

# %% tags=["measured"]
runs = {}
runs["constant"] = classifier(1.0).fit(
    x_train, y_train, epochs=8, validation_data=(x_test, y_test), verbose=0
).history
print(f"constant: right on {runs['constant']['val_accuracy'][-1]:.0%} of the unseen descriptions")

# %% [markdown]
# A plan: one epoch of warm-up, 125 steps, and a cosine over the other 875.

# %% tags=["measured"]
plan = schedules.CosineDecay(0.0, decay_steps=875, warmup_target=1.0, warmup_steps=125)
runs["cosine"] = classifier(plan).fit(
    x_train, y_train, epochs=8, validation_data=(x_test, y_test), verbose=0
).history
print(f"cosine: right on {runs['cosine']['val_accuracy'][-1]:.0%} of the unseen descriptions")

# %% [markdown]
# And step 4 in so many words: when the loss on unseen data has not improved for one epoch, multiply the rate by 0.3.

# %% tags=["measured"]
from course_lib import callbacks

watch = callbacks.ReduceLROnPlateau(monitor="val_loss", factor=0.3, patience=1)
runs["on plateau"] = classifier(1.0).fit(
    x_train, y_train, epochs=8, validation_data=(x_test, y_test), callbacks=[watch], verbose=0
).history
print(f"on plateau: right on {runs['on plateau']['val_accuracy'][-1]:.0%} of the unseen descriptions")

# %% tags=["measured"]
rates = {
    "constant": [1.0, 1.0],
    "cosine": [plan(t) for t in range(0, 1001, 5)],
    "on plateau": [rate for rate in runs["on plateau"]["learning_rate"] for _ in range(25)],
}
plots.rate_runs(runs, rates)

# %% [markdown]
# Solid is the training loss, dashed the loss on unseen data. At a constant rate of 1 both are ragged, and the dashed one climbs steeply. The cosine ends calm. Reduce-on-plateau sees the dashed line rise, cuts, and cuts again, until the weights stand still: here it works as a brake against overfitting.
#
# What this model does *not* show: a large gain. With four random starts the constant rate 1 ended anywhere from 75 to 81 percent, both others at 80 to 83; the constant rate that the range test suggests came to 79 to 81. The smaller the top rate, the less there is to gain by lowering it.

# %% [markdown]
# ## The machine behind reduce-on-plateau
#
# Two states. **Watching**, it remembers the `best` loss and counts in `wait` how many losses in a row were no better. When `wait` reaches `patience`, it cuts the rate and is **cooling down**: a counter set to `cooldown` falls by one with each loss, and until it is 0 nothing is counted. Better means below `best` by more than `min_delta`. This is all of it (`float32`, because Keras keeps rates so):

# %%
from course_lib.callbacks import Plateau
from course_lib.notebook import hold_against, show_source

show_source(Plateau.step)

# %% [markdown]
# Six losses, to be followed by hand; patience 2, cooldown 2:

# %%
machine = Plateau(factor=0.5, patience=2, min_delta=0.0, cooldown=2)
for moment in machine.trace([1.0, 0.8, 0.8, 0.9, 0.9, 0.9], rate=0.4):
    print(f"{moment.value}  {moment.happened:22} best {moment.best}  wait {moment.wait}  rate {moment.rate:.1f}")

# %% [markdown]
# The counter falls *before* a loss is judged, so a cooldown of 2 skips one loss, and a cooldown of 1 none. That is Keras's rule. Our machine on 24 losses, and Keras's own callback on the same:

# %%
from course_lib.widgets.plateau_machine import CRAWL

settings = {"factor": 0.5, "patience": 3, "min_delta": 0.02, "cooldown": 3}
our_rates = [moment.rate for moment in Plateau(**settings).trace(CRAWL, rate=0.1)]
print("rates after epochs 9, 10, 19, 20:", [round(our_rates[k], 3) for k in (8, 9, 18, 19)])

# %%
theirs = keras.callbacks.ReduceLROnPlateau(**settings)
theirs.set_model(keras.Sequential())        # a model without layers: only its optimizer is asked
theirs.model.compile(keras.optimizers.SGD(0.1))
keras_rates = []
for epoch, loss in enumerate(CRAWL):
    theirs.on_epoch_end(epoch, {"val_loss": loss})
    keras_rates.append(float(theirs.model.optimizer.learning_rate))
print("the same in Keras after every epoch:", np.array_equal(np.float32(our_rates), np.float32(keras_rates)))

# %% [markdown]
# ## Turn the knob
#
# These 24 losses, drawn. In every one of the first 17 epochs the loss falls, and yet the rate is cut after epoch 10. **Which two of the four settings, each by itself, take that cut away?** Then draw a curve of your own on which the loss never rises and the rate is cut as often as possible. (Here the losses are drawn by you; in a training they would answer to the rate.)

# %%
from course_lib.widgets import PlateauMachine

PlateauMachine()

# %% [markdown]
# `min_delta` at 0 lets each tiny step of the crawl count as better. A `patience` of 4 only puts it off to epoch 11; 5 or more outlasts the crawl: by epoch 12 the tiny steps have added up to more than 0.02, because `best` stays where it was until it is beaten properly. Neither `factor` nor `cooldown` can prevent a first cut. And the curve that never rises: all losses equal, `patience` 1, `cooldown` 0 cuts after each epoch but the first.

# %% [markdown]
# ## Break it: epochs against steps
#
# The guess at the top. `LearningRateScheduler` counts epochs, `CosineDecay` counts steps; write one's number into the other and the program runs without a word.

# %%
wrong = schedules.CosineDecay(1.0, decay_steps=8)
alive = sum(wrong(t) > 1e-6 for t in range(1000))
hold_against(guess, round(100 * alive / 1000, 1), "percent")

# %% tags=["measured"]
broken = classifier(wrong).fit(x_train, y_train, epochs=4, verbose=0).history
print("loss of each epoch:", [round(loss, 2) for loss in broken["loss"]])

# %% [markdown]
# Eight steps train, and from the second epoch on the loss is the same number again and again. **A loss that stands perfectly still means a rate of 0**; a rate merely too small would still creep. The other way round, a plan in steps that is given epochs hardly moves: when the training is over, 8 of its 1,000 steps are. Print the rate of the first and the last step before you train.

# %% [markdown]
# ## Break it: a brake that never lets go
#
# Look again at the rates of the run above:

# %% tags=["measured"]
print([round(rate, 4) for rate in runs["on plateau"]["learning_rate"]])

# %% [markdown]
# When the loss on unseen data rises for good, each epoch is "no better", and each cut makes the next more certain. The last epochs change nothing any more and cost as much as the first. The remedy is a second watcher that ends the training: `EarlyStopping` (早停), with **more patience than the first**, so that a cut gets its chance.
#
# Here from a rate of 0.3. From 1, as above, it would keep the weights of the first or second epoch, before any cut could help: an early stop does not make up for a start that was too fast.

# %% tags=["measured"]
stop = callbacks.EarlyStopping(monitor="val_loss", patience=3, restore_best_weights=True)
watch = callbacks.ReduceLROnPlateau(monitor="val_loss", factor=0.3, patience=1)
history = classifier(0.3).fit(
    x_train, y_train, epochs=20, validation_data=(x_test, y_test), callbacks=[watch, stop], verbose=0
).history
print(f"{len(history['loss'])} of 20 epochs; the weights are those of epoch {stop.best_epoch + 1}")

# %% [markdown]
# ## What it costs
#
# A schedule is about ten operations a step. The rest of the step, forward and backward, is about three times $2\,n\,d\,u$ FLOPs summed over the layers:

# %%
widths, n = [1000, 64, 32, 10], 32
flops = 3 * sum(2 * n * d * u for d, u in zip(widths, widths[1:]))
print(f"one step: {flops:,} FLOPs")

# %% [markdown]
# What costs is *finding* the plan: each trial is a training. The range test above takes 100 steps or fewer, a tenth of one training. Reduce-on-plateau needs no length planned ahead, but it must measure: here 1,000 forward passes over unseen examples after each epoch of 4,000. Unseen data that decide about the rate are no longer quite unseen; a final figure needs a third set.

# %% [markdown]
# ## Remember
#
# - Large rates get near, small rates settle. A plan (steps!) lowers the rate by the clock; reduce-on-plateau lowers it by the model's performance.
# - `best`, `wait`, `cooldown`, `min_delta`: noise is held off by `min_delta` and `patience`, a second cut too soon by `cooldown`.
# - A loss that stands perfectly still: look at the rate first. Where it breaks: on a loss that rises for good, reduce-on-plateau cuts for ever; add `EarlyStopping`.
#
# Left out: rates that differ from weight to weight (4.2), searching for plan and rate together (4.4), schedules for models whose training length is unknown.
#
# **Now you:** [exercises for this lesson](../../exercises/4_optimization/4_3_learning_rates_that_move.ipynb).
#
# Sources: Smith, *Cyclical learning rates for training neural networks* (2017), section 3.3, for the range test. Loshchilov and Hutter, *SGDR* (2017), for the cosine. Goyal et al., *Accurate, large minibatch SGD* (2017), section 2.2, for the warm-up. The Keras documentation of [`ReduceLROnPlateau`](https://keras.io/api/callbacks/reduce_lr_on_plateau/).
