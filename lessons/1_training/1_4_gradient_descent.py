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
#   title: Gradient descent
#   question: Knowing the slope, how far should one step, and when stop?
#   needs: ["1.3"]
#   exercises: [training.line_gradient, training.descent_step, training.descend, training.rate_verdict]
# ---

# %% [markdown]
# # 1.4 Gradient descent
#
# **Knowing the slope, how far should one step, and when stop?**
#
# After this lesson you can
#
# - write gradient descent in four steps, with a stopping rule that you can defend,
# - say from the shape of a loss which learning rates are too large, before you try one,
# - read from a loss curve whether the rate is wrong or the loop is.
#
# You need: what a loss is ([lesson 1.2](1_2_losses.ipynb)), and that its **gradient** (梯度) holds, for each weight, how fast the loss rises when this weight grows ([lesson 1.3](1_3_backpropagation.ipynb)).

# %% [markdown]
# ## Guess first
#
# A model with one weight answers $w \cdot x$. Its only example is $x = 2$, and the answer should be 3. So the loss is $(2w - 3)^2$, and the best weight 1.5. From $w = 0$, one step at the learning rate 0.1 leads to 1.2, two steps to 1.44. A larger rate makes longer steps. **From which rate on does descent never come to 1.5 any more?**

# %%
guess = None        # for example: guess = 1.0

# %% [markdown]
# ## One weight
#
# The slope of $(2w - 3)^2$ is $2 \cdot (2w - 3) \cdot 2 = 8w - 12$. At $w = 0$ it is $-12$: the loss falls as $w$ grows. So go against the slope, by a small part of it: $0 - 0.1 \cdot (-12) = 1.2$.

# %%
def loss(w):
    return (2 * w - 3) ** 2


def slope(w):
    return 8 * w - 12


w = 0.0
for step in range(5):
    w = w - 0.1 * slope(w)
    print(f"step {step + 1}: w = {w:.4f}, loss {loss(w):.6f}")

# %% [markdown]
# ## The algorithm
#
# **Gradient descent** (梯度下降) changes every weight by the same rule. For the weights $W$ and the biases $b$ of a layer:
#
# $$W_{new} = W_{old} - \alpha \frac{\partial L}{\partial W} \qquad\qquad b_{new} = b_{old} - \alpha \frac{\partial L}{\partial b}$$
#
# Read aloud: *the new weights are the old ones, minus the learning rate times the gradient of the loss.* $\alpha$ is the **learning rate** (学习率); many books, and lessons 4.1 and 4.3, write $\eta$. The algorithm (梯度下降算法) has four steps:
#
# 1. Initialize the parameters. (初始化模型参数)
# 2. Compute the gradient of the loss. (计算模型的损失函数梯度)
# 3. Update the parameters. (更新模型参数)
# 4. Repeat 2 and 3 until the **stopping rule** (终止条件) holds. (重复步骤2和步骤3，直到满足终止条件)
#
# Two things are left open, and this lesson is about them: how large $\alpha$ is, and what the stopping rule says. In `course_lib` the algorithm is ten lines. `lengths` is there for the stopping rule; changing rates and counting `examples` are for later lessons:

# %%
from course_lib.notebook import hold_against, show_source
from course_lib.experiments.descent import Stop, descend

show_source(descend)

# %% [markdown]
# ## Too small, right, too large
#
# Up to eight steps at six rates, each from the ring at $w = 0$:

# %%
from course_lib import plots

rates = (0.02, 0.1, 0.125, 0.2, 0.25, 0.27)
paths = {rate: descend(slope, [0.0], rate, Stop(0.01, budget=8)) for rate in rates}
plots.tipping(loss, 8, 1.5, paths)

# %% [markdown]
# The **factor** in the titles says it all. The slope $8w - 12$ is $8 \cdot (w - 1.5)$, so one step turns the distance to 1.5 into
#
# $$w_{new} - 1.5 = (1 - 8\alpha) \cdot (w_{old} - 1.5)$$
#
# Read aloud: *each step multiplies the distance by $1 - 8\alpha$.* By hand, at 0.1: $1 - 0.8 = 0.2$, a fifth of it is left. At 0.125 nothing is left. At larger rates the factor is negative: each step lands on the other side, a **zigzag**. With a factor below $-1$ it lands farther away than it began, and so does the next: it **diverges** (发散).
#
# The 8 is the **curvature** (曲率) $\lambda$ of the loss: how fast the slope changes with $w$, its second derivative. So the rule is: **descent tips over at $\alpha = 2 / \lambda$**, and half of that is best. Here $2/8 = 0.25$. By trial:

# %%
for rate in (0.24, 0.25, 0.26):
    print(f"rate {rate}: {descend(slope, [0.0], rate, Stop(0.001)).ended}")

# %%
hold_against(guess, 0.25)

# %% [markdown]
# Whoever found 0.1 good and tried 1, to be quicker, got a factor of $-7$. **The step from a good rate to a fatal one is small**: here it is 2.5-fold.

# %% [markdown]
# ## A weight and a bias
#
# A line through data has one weight $W$, its slope, and one bias $b$, its intercept. (From now on the slope of the *loss* is only called gradient.) Here the line predicts how many *different* words a text holds, from how many words it has: 24 texts of the course's data, counted in tens of words. On the map at the right each point is a line. Its height is the mean squared error of that line:

# %%
import numpy as np

from course_lib.experiments.surfaces import Bowl, Chain, Valley

valley = Valley()
plots.valley(valley)

# %% [markdown]
# Both formulas, word for word:

# %%
W, b = valley.start
for step in range(60):
    error = W * valley.x + b - valley.y
    W_gradient, b_gradient = 2 * np.mean(error * valley.x), 2 * np.mean(error)
    W, b = W - 0.05 * W_gradient, b - 0.05 * b_gradient

path = descend(valley.gradient, valley.start, 0.05, Stop(0, budget=60))
print(f"after 60 steps W = {W:.3f}, b = {b:.3f}, loss {valley((W, b)):.3f}")
print("descend ends there too, to 12 decimals:", np.allclose((W, b), path.end, rtol=0, atol=1e-12))

# %% [markdown]
# And three rates on the map. At 0.12, twelve steps are enough to see where it leads:

# %%
steps = {0.005: 60, 0.05: 60, 0.12: 12}
plots.descents({
    f"rate {rate}, {n} steps": (valley, [descend(valley.gradient, valley.start, rate, Stop(0, budget=n))])
    for rate, n in steps.items()
}, "Hardly begun, on its way, and climbing the walls")

# %% [markdown]
# ## The trough
#
# Why is it so slow along the valley? A surface is curved differently in different directions. Over two weights the second derivatives make a matrix of 2 × 2, and its eigenvalues (特征值) are the smallest and the largest curvature, here along the valley and across it:

# %%
flat, steep = np.linalg.eigvalsh(valley.curvature)
print(f"curvature: flat {flat:.2f}, steep {steep:.2f}, {steep / flat:.0f} times as much")
print(f"tips over at 2 / {steep:.2f} = {2 / steep:.3f}")

# %% [markdown]
# Each direction has a factor of its own, $1 - \alpha\lambda$, and there is only one $\alpha$ for both. Drawn over the rate, without the sign; the dots are measured, by how much the last of 60 steps of a descent multiplied the distance:

# %%
measured = {}
for rate in (0.01, 0.05, 0.1, 0.115, 0.12):
    points = descend(valley.gradient, valley.start, rate, Stop(0, budget=60)).points
    distance = np.linalg.norm(points - valley.minimum, axis=1)
    measured[rate] = distance[-1] / distance[-2]
plots.shrinkage((flat, steep), measured)

# %% [markdown]
# **The steepest direction forbids larger rates; the flattest then waits.** Even at the best rate each step takes off less than 5 percent. The largest curvature divided by the smallest is the **condition number** (条件数), here 43. Troughs made to measure, $\frac12 (a^2 + \kappa\, b^2)$, have the curvatures 1 and $\kappa$. The best rate is where the two lines of the picture cross, $2 / (1 + \kappa)$:

# %%
for condition in (2, 10, 100, 1000):
    bowl = Bowl(condition)
    path = descend(bowl.gradient, bowl.start, 2 / (1 + condition), Stop(0.001, budget=10_000))
    print(f"condition {condition:5,}: {path.steps:5,} steps")

# %% [markdown]
# Ten times the condition number, more than ten times the steps, from 10 on. So a cheap cure pays: shape the surface. Subtract the mean of the word counts and divide by their standard deviation; nothing is lost, the line can be written in either. Both descents start at the line that always says 19, each at a rate that suits its surface. Both maps have the same scale on both axes:

# %%
scaled = Valley((valley.x - valley.x.mean()) / valley.x.std(), valley.y)
raw_path = descend(valley.gradient, (0, 1.9), 0.1, Stop(0.01))
scaled_path = descend(scaled.gradient, (0, 1.9), 0.3, Stop(0.01))
plots.descents({
    f"words as counted\n{raw_path.steps} steps": (valley, [raw_path]),
    f"words scaled\n{scaled_path.steps} steps": (scaled, [scaled_path]),
}, "The same texts and the same line: the trough was in the units", to_scale=True)

# %%
print("curvatures after scaling:", np.linalg.eigvalsh(scaled.curvature).round(6))
print("at rate 1/2:", descend(scaled.gradient, (0, 1.9), 0.5, Stop(0.01)))

# %% [markdown]
# Condition number 1, and one step. With many weights it is never that perfect, but **inputs on one scale** are the cheapest speed-up there is.

# %% [markdown]
# ## When to stop
#
# At a minimum the gradient is 0. So a short gradient means arrival; but how short, and what if it never comes? The **stopping rule** (终止条件) `Stop` has four numbers. **Arrived**: the last `patience` gradients (one, unless you say more) were all no longer than `tolerance`. **Budget spent**: so many steps were taken. **Diverged**: the gradient is longer than `limit`, or no number.

# %%
show_source(Stop.reason)

# %%
rule = Stop(tolerance=0.01, budget=300)
for rate in (0.05, 0.005, 0.15):
    path = descend(valley.gradient, valley.start, rate, rule)
    print(f"rate {rate:5}: {path.ended} after {path.steps} steps")

# %% [markdown]
# Why not watch the loss itself, and stop when a step improves it by less than 0.0001? Because a step is as short as the rate makes it. One start, four rates, and where that rule would stop:

# %%
for rate in (0.1, 0.01, 0.001, 0.0001):
    path = descend(valley.gradient, valley.start, rate, Stop(0, budget=4000))
    losses = valley(path.points)
    end = np.argmax(losses[:-1] - losses[1:] < 0.0001)
    print(f"rate {rate:6}: stops at loss {losses[end]:.3f}, gradient {path.lengths[end]:.2f} long")

# %% [markdown]
# The smaller the rate, the higher up it stops, and each time it would report success. One step improves the loss by about $\alpha$ times the squared length of the gradient, so this rule asks for a length of $\sqrt{0.0001 / \alpha}$: 1 in the last row. The length of the gradient itself knows nothing of the rate. (Where the gradient is noisy or the loss is of unseen data, the loss is watched after all, with patience: [lesson 4.1](../4_optimization/4_1_batches_and_noise.ipynb).)

# %% [markdown]
# ## Turn the knob
#
# Descent on all examples, its stopping rule below it. The start can be dragged; *two weights in a row* is another loss, which the next section explains. The dots on the lower curve are the gradients that `patience` looks at last.
#
# **On the line through 24 texts: which is the largest rate that arrives, and does it arrive soonest? Then take *two weights in a row* at the rate 0.05: the lowest possible loss is 0. From which starts does descent arrive, by its rule, at a loss of 1?**

# %%
from course_lib.widgets import GradientDescent

GradientDescent()

# %% [markdown]
# 0.11 is the largest; 0.115 is above $2/17.84 = 0.112$. It is not the soonest: at 0.11 it takes 162 steps, at 0.105 only 97, because so near the edge the zigzag hardly dies away. And on two weights: every start with the second weight equal to minus the first, the diagonal from the upper left to the lower right, ends at $(0, 0)$ with a loss of 1. Why there?

# %% [markdown]
# ## Where you start decides where you end
#
# That second surface is the smallest deep network: two weights in a row, $y = b \cdot (a \cdot x)$, and one example, $x = 1$, which should give 1. Its loss is $(ab - 1)^2$. It is 0 wherever $ab = 1$, so there are two curves of minima: both weights positive, or both negative.

# %%
chain = Chain()
starts = [(1.7, -0.6), (-1.8, 0.6), (0.2, 1.9), (1.5, -1.5)]
paths = [descend(chain.gradient, start, 0.1, Stop(0.01)) for start in starts]
plots.descents({"": (chain, paths)}, "Four starts, and one of them ends at no minimum", ("first weight", "second weight"))

# %% [markdown]
# At $(0, 0)$ the gradient is 0: with $b = 0$ it does not matter what $a$ is, and the other way round. It is no minimum but a **saddle** (鞍点): from it the loss falls along one diagonal and rises along the other. Descent that begins at 0 stays there, whatever the rate:

# %%
path = descend(chain.gradient, (0.0, 0.0), 0.1)
print(f"{path}, at a loss of {chain(path.end):.1f}")

# %% [markdown]
# **A gradient of 0 is no proof of a minimum.** Saddles are easily left, though: the least push to the side is enough. Here the start is off the diagonal by a thousandth.

# %%
path = descend(chain.gradient, (1.0, -1.001), 0.1, Stop(0.001))
plots.endings(path, tolerance=0.1, loss=chain)

# %% [markdown]
# With a tolerance of 0.1, the black dots are where it would have reported arrival. There `patience` earns its name:

# %%
for patience in (1, 5, 10):
    path = descend(chain.gradient, (1.0, -1.001), 0.1, Stop(0.1, patience))
    print(f"patience {patience:2}: {path.ended} after {path.steps} steps at a loss of {chain(path.end):.2f}")

# %% [markdown]
# ## The classifier
#
# 66,474 weights, all 4,000 texts in every step: **full-batch** descent. First with every weight at 0, as nobody should (`flat_parameters` is all of them in one array):

# %%
from course_lib import Sequential, layers, optimizers, utils
from course_lib.data import load_text

(x_train, y_train), _ = load_text()


def classifier():
    utils.set_random_seed(3)
    model = Sequential([
        layers.Dense(64, activation="relu", input_shape=(1000,)),
        layers.Dense(32, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizers.SGD(0.3), loss="sparse_categorical_crossentropy")
    return model


# %%
model = classifier()
model.flat_parameters[...] = 0
losses = [model.train_on_batch(x_train, y_train) for _ in range(10)]
print(f"loss {losses[0]:.4f}, after 9 steps {losses[-1]:.4f}; ln 10 = {np.log(10):.4f}")
print("kernels that have moved:", sum(np.any(layer.kernel) for layer in model.layers), "of 3")

# %% [markdown]
# The saddle of the two weights, in large. Every kernel's gradient is multiplied by what the other layers let through, and that is nothing. Only the last biases could learn, namely how frequent each class is; here all ten are equally frequent, so not even they move, and the loss stays at $\ln 10$, the loss of one who knows nothing. **This is why weights begin at random.** From random ones, `descend` itself can train the network: all it asks for is a function that gives the gradient.

# %%
def gradient(w):
    model.flat_parameters[...] = w
    model.loss_and_gradient(x_train, y_train)
    return model.flat_gradients.copy()


model = classifier()
path = descend(gradient, model.flat_parameters, 0.3, Stop(0, budget=20))
print("length of the gradient after 0, 4, 12 and 20 steps:", path.lengths[[0, 4, 12, 20]].round(2))

# %% [markdown]
# Note in passing: on the way down the gradient becomes *longer*. Its length says how steep it is here, not how far it still is.
#
# Now the engine's way: the four steps with `optimizers.SGD`. All it does in one update, where there is no momentum, is `variable -= rate * gradient`.

# %%
model = classifier()                                                    # 1. initialize
losses = []
for step in range(20):                                                  # 4. repeat
    loss_now, _ = model.loss_and_gradient(x_train, y_train)             # 2. the gradient
    model.optimizer.apply([model.flat_gradients], [model.flat_parameters])  # 3. update
    losses.append(float(loss_now))

apart = np.abs(model.flat_parameters - path.end).max()
print("the same weights as descend, to 3 decimals:", apart < 1e-3)

# %% [markdown]
# (Not to more decimals: `descend` adds up in float64, the network in float32, and after 20 steps the two are some hundred-thousandths apart.)
#
# And Keras, from the same weights. Its `train_on_batch` on all texts is one step, and returns the loss before that step:

# %%
from course_lib import parity

keras = parity.quiet_keras()        # TensorFlow takes some seconds to load

# %%
twin = parity.keras_twin(classifier())
keras_losses = [float(twin.train_on_batch(x_train, y_train)) for _ in range(20)]

apart = parity.relative_difference(model.get_weights(), twin.get_weights())
print(f"loss after 19 steps: ours {losses[-1]:.3f}, Keras {keras_losses[-1]:.3f}")
print("weights after 20 steps equal to 3 decimals:", apart < 1e-3)

# %%
plots.training_curves({"course_lib": {"loss": losses}, "Keras": {"loss": keras_losses}})

# %% [markdown]
# (Each step looks at every text once, so here an epoch is one step.)

# %% [markdown]
# ## How large a rate does it bear?
#
# The rule $2/\lambda$ was made for a loss that is curved alike everywhere. A network's is not. But at each point it has a largest curvature, and that can be measured with gradients alone: walk a little way both ways along a direction, and see how much the gradient changes. Where it changes most, the loss is curved most; repeating turns the direction there. (`way` is the direction to begin with, `reach` how far it walks, `rounds` how often it repeats.)

# %%
from course_lib.experiments.curvature import largest_curvature

show_source(largest_curvature)

# %%
found, _ = largest_curvature(valley.gradient, valley.start)
print(f"on the valley: {found:.3f}, by its matrix {steep:.3f}")

# %% [markdown]
# Now the classifier at rate 1, which bears a curvature of 2. From the start on, for 24 steps:

# %% tags=["measured"]
start = classifier().flat_parameters
path = descend(gradient, start, 1.0, Stop(0, budget=24))
losses = []
for w in path.points:
    model.flat_parameters[...] = w
    losses.append(model.loss_and_gradient(x_train, y_train)[0])

# %% tags=["measured"]
steps, curvatures, way = range(0, 25, 3), [], None
for step in steps:
    curvature, way = largest_curvature(gradient, path.points[step], way, rounds=3)
    curvatures.append(curvature)
plots.edge(np.array(losses), steps, curvatures, rate=1.0)

# %% tags=["measured"]
climbs = np.flatnonzero(np.diff(losses) > 0)[0] + 1
passed = next(step for step, curvature in zip(steps, curvatures) if curvature > 2)
print(f"curvature above 2 from step {passed} on; loss higher than before at step {climbs}")
print("first the one, then the other:", passed < climbs)

# %% [markdown]
# At the start the network is nearly flat, and a rate of 1 looks harmless. Training itself carries it to where the loss is more curved; some steps after the curvature has passed 2, the loss shoots up. (Not at once: across the steepest direction the distance begins at almost nothing, and has to be multiplied up first.) The leap throws it to where the curvature is about 2 again. **A rate is not too large for a network; it is too large for a place.** That is what a spike in a smooth loss curve says, and one reason why rates are lowered during training ([lesson 4.3](../4_optimization/4_3_learning_rates_that_move.ipynb)).

# %% [markdown]
# ## Break it: three wrong loops
#
# Each is one line away from the right one, on the valley at rate 0.05. The first adds the gradient. The second adds it up: nobody empties `memory` between the steps. The third computes the gradient of $b$ when $W$ has moved already.

# %%
def right(w, g, memory, rate):
    return w - rate * g


def uphill(w, g, memory, rate):
    return w + rate * g


def never_emptied(w, g, memory, rate):
    memory += g
    return w - rate * memory


def one_after_the_other(w, g, memory, rate):
    W = w[0] - rate * g[0]
    return np.array([W, w[1] - rate * valley.gradient((W, w[1]))[1]])


# %%
def walk(update, rate=0.05, steps=60):
    w, memory, points = np.array(valley.start), np.zeros(2), [np.array(valley.start)]
    for _ in range(steps):
        w = update(w, valley.gradient(w), memory, rate)
        points.append(w)
    return np.array(points)


loops = {"adds the gradient": uphill, "never emptied": never_emptied, "one after the other": one_after_the_other}
curves = {name: valley(walk(loop)) for name, loop in loops.items()}
plots.symptoms(curves, "It climbs, it swings, it looks right", right=valley(walk(right)))

# %% [markdown]
# The pale curve behind each is the right loop.
#
# **It climbs: gradient ascent.** So does a rate that is too large. Halve the rate: a loop with the right sign gets over it, one with the wrong sign never does. Loss after the first step, from 1.391:

# %%
for rate in (0.2, 0.1, 0.05, 0.025):
    first = [valley(walk(loop, rate, 1)[-1]) for loop in (right, uphill)]
    print(f"rate {rate:5}: right {first[0]:6.3f}, wrong sign {first[1]:6.3f}")

# %% [markdown]
# **It swings and never settles: gradients pile up.** A gradient that is added up forgets nothing: it is a ball rolling without friction. The optimizers have a name for that, momentum, and a number for the friction. At momentum 1, none, it is the same loop:

# %%
w, sgd = np.array(valley.start), optimizers.SGD(0.05, momentum=1.0)
for _ in range(60):
    sgd.apply([valley.gradient(w)], [w])
print("the same to 9 decimals:", np.allclose(w, walk(never_emptied)[-1], rtol=0, atol=1e-9))

# %% [markdown]
# In engines that collect gradients in place, this is the forgotten line that sets them to zero, in PyTorch `zero_grad()`. (Keras and `course_lib` write each gradient anew.) With a momentum below 1 it becomes an honest method, in lesson 4.2.
#
# **It looks right: the updates are not simultaneous.** No curve will ever show the third one. Here it is even quicker, and at 0.12, where the right loop is gone, it arrives. It is a method of its own, one weight after the other; but it is not the one that you compare with, and with a million weights it would need a million backward passes a step. Only numbers give it away:

# %%
apart = np.abs(walk(one_after_the_other) - walk(right)).max(axis=1)
print(f"largest difference after 1 step {apart[1]:.3f}, after 60 steps {apart[-1]:.3f}")
for name, loop in (("right", right), ("one after the other", one_after_the_other)):
    print(f"at rate 0.12, after 60 steps: loss {valley(walk(loop, 0.12)[-1]):.3g} ({name})")

# %% [markdown]
# **All gradients first, then all updates.** To be sure, hold your loop against an engine for a few steps, as above.

# %% [markdown]
# ## What it costs
#
# One step is one gradient over all examples: a forward pass, $2\,n\,d\,u$ FLOPs a layer as in lesson 1.1, and a backward pass of twice as many, but for the first layer, which skips the gradient of its input (lesson 1.3). The update itself is 2 FLOPs a weight.

# %%
widths, n = [1000, 64, 32, 10], 4000
forward = [2 * n * d * u for d, u in zip(widths, widths[1:])]
gradient_flops = 3 * sum(forward) - forward[0]
update_flops = 2 * model.flat_parameters.size
print(f"gradient {gradient_flops:,} FLOPs, update {update_flops:,}")

# %% tags=["measured"]
import time

began = time.perf_counter()
for _ in range(10):
    model.train_on_batch(x_train, y_train)
seconds = (time.perf_counter() - began) / 10
print(f"{1000 * seconds:.0f} ms a step, {gradient_flops / seconds / 1e9:.0f} billion FLOPs a second")

# %% [markdown]
# So the price of a training is *steps × examples*, and the steps go with the condition number. Which of the two can be had cheaper? The examples: a step on 32 of them costs about a hundredth. It points only roughly the right way; whether that will do is the question of [lesson 4.1](../4_optimization/4_1_batches_and_noise.ipynb).

# %% [markdown]
# ## Remember
#
# - $w_{new} = w_{old} - \alpha \cdot \partial L / \partial w$, all gradients first, then all updates. It tips over at $\alpha = 2 / \lambda$, with the largest curvature $\lambda$ at that place; the flattest direction then decides how long it takes. Scale the inputs.
# - A stopping rule needs a tolerance on the length of the gradient, patience, a budget and a limit. A gradient of 0 may be a saddle: start at random, never at 0.
# - A loss that climbs: halve the rate; if it still climbs, the sign is wrong. One that swings without end: gradients pile up. Where it breaks: a bug that looks right is only found by comparing.
#
# Left out: steps on part of the examples (4.1), steps that remember earlier ones on purpose (4.2), rates that change (4.3), methods that use the curvature itself.
#
# **Now you:** [exercises for this lesson](../../exercises/1_training/1_4_gradient_descent.ipynb).
#
# Sources: Cauchy, *Méthode générale pour la résolution des systèmes d'équations simultanées* (1847), the first to write it down. Goodfellow, Bengio and Courville, *Deep Learning* (2016), sections 4.3 and 8.2. Cohen et al., *Gradient descent on neural networks typically occurs at the edge of stability* (2021), for the curvature that settles near $2/\alpha$. The Keras documentation of [`SGD`](https://keras.io/api/optimizers/sgd/).
