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
#   title: Backpropagation
#   question: Which of 67,000 weights is to blame for the error, and by how much?
#   needs: ["1.2"]
#   exercises: [training.walk_back, training.relu_gradient, training.dense_gradient, training.crossentropy_gradient, training.numerical_gradient]
# ---

# %% [markdown]
# # 1.3 Backpropagation
#
# **Which of 67,000 weights is to blame for the error, and by how much?**
#
# After this lesson you can
#
# - walk back through any graph of operations by hand, and say at each edge which two numbers are multiplied,
# - write the backward pass of a network in matrices, with every shape known before you run it,
# - check a gradient, and read from the check which layer is wrong.
#
# You need: the forward pass, `x @ kernel + bias` layer after layer ([lesson 1.1](1_1_forward_propagation.ipynb)), and what a loss is, above all the cross-entropy after a softmax ([lesson 1.2](1_2_losses.ipynb)).

# %% [markdown]
# ## Guess first
#
# The classifier of lesson 0.1 has 66,474 weights and biases. How does its loss depend on each of them? One way to find out: move one weight a little up and run the network forward, move it a little down and run it again, put it back; then the next weight. **Backpropagation** (后向传播) gets the same 66,474 numbers from one pass forward and one pass backward. **How many times less arithmetic is that: about 20, 1,000 or 65,000 times less?**

# %%
guess = None        # for example: guess = 1_000

# %% [markdown]
# ## What a gradient says
#
# A network with one weight, so small that you can follow every number: $y = w \cdot \mathrm{relu}(w x + b)$. The weight $w$ is used **twice**; this will matter. The loss is $L = (y - t)^2$, how far $y$ is from the target $t$.

# %%
import numpy as np


def loss(w, x=1.0, b=-0.5, t=4.0):
    h = np.maximum(w * x + b, 0)
    y = w * h
    return (y - t) ** 2


print(loss(2.0))

# %% [markdown]
# By hand: $2 \cdot 1 - 0.5 = 1.5$, then $2 \cdot 1.5 = 3$, and $(3 - 4)^2 = 1$. Now move $w$ by a thousandth. How fast does the loss change?

# %%
print(f"{(loss(2.001) - loss(2.0)) / 0.001:.2f} for each unit that w grows")

# %% [markdown]
# Almost −7. That slope is the **gradient** (梯度) of the loss with respect to $w$, written $\frac{\partial L}{\partial w}$. The sign tells which way is wrong: here a larger $w$ makes the loss smaller. The size tells how much this weight is to blame. We look for the same number without moving anything.

# %% [markdown]
# ## Forward: a graph that remembers
#
# Cut the computation into single operations, one node each. Such a drawing is a **computational graph** (计算图). On its way forward each operation also notes, on the edge to each of its inputs, how much *its own* result would move if that input moved by 1: its **local derivative** (局部导数). There are only four rules here:
#
# | operation | local derivative |
# |---|---|
# | $a + b$ | 1 for both: the sum moves exactly as much |
# | $a \cdot b$ | for $a$ it is the value of $b$, for $b$ the value of $a$ |
# | $\mathrm{relu}(a)$ | 1 where $a > 0$, else 0: the gate is open or shut |
# | $a^2$ | $2a$ |

# %%
from course_lib import plots
from course_lib.widgets import GraphStepper

plots.value_graph(GraphStepper(step=6).result, "Each node keeps its value, each edge its local derivative")

# %% [markdown]
# In each box stands its value; on the right, in grey, the operation that made it. (The drawing is a widget, stopped half way; you will step through it below.) The difference $e = y - t$ is drawn as the sum of $y$ and $-t$. Check two local derivatives. From $e$ to $L$: $e^2$ with $e = -1$, so $2 \cdot (-1) = -2$. From $w$ to $y$: a product, so the value of the other factor, $h = 1.5$.

# %% [markdown]
# ## Backward: the chain rule
#
# $w$ is far from $L$. But if $y$ moves by 3 for each unit of $w$, and $L$ by 2 for each unit of $y$, then $L$ moves by $2 \cdot 3 = 6$ for each unit of $w$. This is the **chain rule** (链式法则):
#
# $$\frac{\partial L}{\partial W} = \frac{\partial L}{\partial y} \cdot \frac{\partial y}{\partial W} \qquad\qquad \frac{\partial L}{\partial b} = \frac{\partial L}{\partial y} \cdot \frac{\partial y}{\partial b}$$
#
# Read aloud: *how the loss depends on a weight is how the loss depends on the result $y$, times how the result depends on the weight.* The first factor **arrives** from above, the second is **local**. The same holds for the bias, and at every node for every edge below it: **local × arriving**. Start at the loss with $\frac{\partial L}{\partial L} = 1$ and walk back: that walk is backpropagation.

# %%
w, x, b, t = 2.0, 1.0, -0.5, 4.0
p = w * x                       # forward, and keep every value; p is the product w·x
z = p + b
h = max(z, 0.0)
y = w * h
e = y - t

# %% [markdown]
# From now on `dy` stands for $\frac{\partial L}{\partial y}$, and so for every name. Each line is local × arriving:

# %%
de = 2 * e * 1.0                # the square
dy = 1 * de                     # the difference
dh = w * dy                     # the product: its other factor is w
dz = (z > 0) * dh               # relu: the gate is open
dp, db = 1 * dz, 1 * dz         # the sum
print("de", de, "  dy", dy, "  dh", dh, "  dz", dz, "  dp", dp, "  db", db)

# %% [markdown]
# Now $w$. It reaches the loss by two ways: as a factor of $y$, and as a factor of $p$. If $w$ moves, both move, and their effects on the loss **add up**:

# %%
dw = h * dy                     # by the short way
dw += x * dp                    # by the long way: += , because w is a fork
dx = w * dp
print(f"dw {dw}   of which the short way brought {h * dy}, the long way {x * dp}   dx {dx}")

# %% [markdown]
# That is the −7 from above, exactly this time, and the slopes for $b$ and $x$ came along at no extra cost.

# %% [markdown]
# ## Turn the knob
#
# The same graph, node by node: six steps forward, six steps back. Step with the two buttons or the arrow keys, and before each backward step say the product aloud. Then come back to the first expression at step 12:
#
# **There are three quite different reasons for which the gradient of $w$ can be exactly 0. Find settings for each of the three.** Leave $w$ at 2. Two are found by moving $b$ alone; for the third, $x$ must be negative. Watch the two numbers that flow into $w$.

# %%
GraphStepper()

# %% [markdown]
# - **The gate is shut.** With $x = 1$, $b = -3$ the sum $z$ is −1, `relu` answers 0. Its local derivative is 0, so nothing gets through the long way; and the short way multiplies by $h = 0$. A neuron that is asleep is never to blame.
# - **There is no error.** With $x = 1$, $b = 0$: $y = 4$, just the target. What starts as $2e = 0$ stays 0 on every edge, in the whole graph.
# - **The two ways cancel.** With $x = -0.5$, $b = 2$ the short way brings −4, the long way +4. The loss is 4, gradients flow on both edges, and $w$ still stays where it is: for the moment, moving it helps nothing.
#
# In the second expression $x$ takes a way *around* the neuron. Its edge has the local derivative 1: whatever happens in the neuron, that much of the gradient arrives. Lesson 4.5 builds deep networks on it. In the third, the fork lies in the middle: $z$ must wait until **both** ways have arrived, or it would send an unfinished sum down. Walking back in the reverse order of making guarantees that.

# %% [markdown]
# ## The tape
#
# Nothing in this walk needs a human. A **tape** writes down each operation with its inputs and local derivatives as it happens, and can be played backward. `course_lib.autodiff.Value` is such a number with a memory: each operation on it makes a new `Value` that keeps pairs (input, local derivative) in `inputs`. `history()` lists the value itself and all that it was made from, in the order of making. All that was computed starts from the gradient 0; the numbers given at the start keep theirs, so that a second loss adds to it. The whole way back:

# %%
from course_lib.autodiff import Value
from course_lib.notebook import hold_against, show_source

show_source(Value.backward)

# %%
values = {"w": Value(2.0), "x": Value(1.0), "b": Value(-0.5)}
values["p"] = values["w"] * values["x"]
values["z"] = values["p"] + values["b"]
values["h"] = values["z"].relu()
values["y"] = values["w"] * values["h"]
values["e"] = values["y"] - 4.0
values["L"] = values["e"] ** 2
values["L"].backward()
print("dw", values["w"].grad, "  dx", values["x"].grad, "  db", values["b"].grad)

# %% [markdown]
# TensorFlow's tape has the same idea and is what Keras trains with. It watches a model's weights by itself and other tensors when it is told to; here it is asked about **every node**:

# %%
from course_lib import parity

keras = parity.quiet_keras()        # TensorFlow takes some seconds to load
import tensorflow as tf

# %%
nodes = {name: tf.constant(values[name].data, tf.float64) for name in "wxb"}
with tf.GradientTape() as tape:
    tape.watch(list(nodes.values()))
    nodes["p"] = nodes["w"] * nodes["x"]
    nodes["z"] = nodes["p"] + nodes["b"]
    nodes["h"] = tf.nn.relu(nodes["z"])
    nodes["y"] = nodes["w"] * nodes["h"]
    nodes["e"] = nodes["y"] - 4.0
    nodes["L"] = nodes["e"] ** 2
theirs = dict(zip(nodes, tape.gradient(nodes["L"], list(nodes.values()))))

# %%
for name, value in values.items():
    print(f"∂L/∂{name}   ours {value.grad:5.1f}   TensorFlow {float(theirs[name]):5.1f}")
print("largest difference:", max(abs(value.grad - float(theirs[name])) for name, value in values.items()))

# %% [markdown]
# ## The same in matrices
#
# A network has thousands of such graphs side by side: one for each example and each neuron. Nobody walks them one by one. Take the layer of lesson 1.1, three programs described by three words, two neurons (the first looks for games, the second for libraries):

# %%
x = np.array([[2.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, 2.0, 0.0]])      # rows: examples; columns: game, library, level
kernel = np.array([[1.0, 0.0], [-1.0, 2.0], [2.0, 0.0]])                # columns are neurons
bias = np.array([-1.0, -1.0])
z = x @ kernel + bias
z

# %% [markdown]
# Suppose `dz` arrives from above: for each number in `z`, how the loss depends on it. Look at one weight, `kernel[j, k]`, from word $j$ to neuron $k$. For example $i$ it adds `x[i, j] * kernel[j, k]` to `z[i, k]`: the local derivative is `x[i, j]`, and `dz[i, k]` arrives. Every example uses this same weight, so it is a **fork**, and the contributions of all examples add up:

# %%
dz = np.array([[-0.5, 0.0], [1.0, 2.0], [0.0, -1.0]])

one_by_one = np.zeros((3, 2))
for i in range(3):                  # example
    for j in range(3):              # word
        for k in range(2):          # neuron
            one_by_one[j, k] += x[i, j] * dz[i, k]
one_by_one

# %% [markdown]
# That triple loop is a matrix product. For *game* and the first neuron, by hand: $2 \cdot (-0.5) + 0 \cdot 1 + 1 \cdot 0 = -1$.

# %%
dkernel = x.T @ dz
print("largest difference:", np.abs(dkernel - one_by_one).max())

# %% [markdown]
# The bias is added to every row, so it is a fork of the same kind with the local derivative 1: sum over the rows. And an input `x[i, j]` is a fork across the **neurons**: neuron $k$ multiplied it by `kernel[j, k]`, so this is the local derivative, and the sum goes over $k$.

# %%
dbias = dz.sum(axis=0)
dx = dz @ kernel.T
print("dbias", dbias)
print("dx of the second program:", dx[1], "   first entry by hand:", dz[1, 0] * kernel[0, 0] + dz[1, 1] * kernel[0, 1])

# %% [markdown]
# You need not remember which factor is transposed. **A gradient has the shape of what it belongs to**, and if all sizes differ, there is one way only to make the shapes fit. (Our three programs have three words, so `x @ dz` would fit as well, and be wrong.) Here for five examples; every black number is made from the coloured row and column:

# %%
plots.backward_shapes(examples=5, features=3, units=2)

# %% [markdown]
# The same three products in the library. `run` is the pass: `run.take` gives back what `forward` kept there. `reshape` makes plain rows of inputs with more axes; who does not need `dx` comes under *What it costs*:

# %%
from course_lib import Sequential, activations, layers

show_source(layers.Dense.backward_from_logits)

# %% [markdown]
# ## The two ends: the gate, and where it starts
#
# Between two layers stands the activation. For `relu` the local derivative is 1 or 0 for each number, by the sign of **its input** $z$:

# %%
dh = np.array([[3.0, 5.0], [3.0, 5.0], [3.0, 5.0]])     # what might arrive
print("z", z, "dz", dh * (z > 0), sep="\n")

# %% [markdown]
# And the start, the loss. Now $z$ are the logits of the last layer. Cross-entropy after a softmax is, for one example of class $y$, $L = \ln \sum_k e^{z_k} - z_y$ (lesson 1.2). The derivative of the logarithm for $z_k$ is $e^{z_k}$ over the sum, and that is the probability $p_k$ itself; the second part adds −1 at the right class. What is left is **what was predicted minus what is true**, divided by the number of examples, since the loss is a mean over them.
#
# $$\frac{\partial L}{\partial z} = \frac{p - \text{onehot}(y)}{n}$$
#
# Read aloud: *each class gets blamed by the probability that it was given and should not have been given.* For one program of class 0 that got 20 percent for it:

# %%
p = np.array([[0.2, 0.8]])
(p - np.eye(2)[[0]]) / 1

# %% [markdown]
# The logit of the right class should rise, that of the other fall by as much. A prediction that is right and certain starts with zeros: no blame for anybody.

# %% [markdown]
# ## A whole network, forward and backward
#
# The two-layer network of lesson 1.1, with labels: the first program is a game (class 0), the others are something else (1). Forward:

# %%
kernel_2, bias_2 = np.array([[1.5, -1.0], [-1.0, 1.5]]), np.array([0.0, 0.5])
labels = np.array([0, 1, 1])

z = x @ kernel + bias
h = activations.relu(z)
p = activations.softmax(h @ kernel_2 + bias_2)
p.round(4)

# %% [markdown]
# Three lines forward, five back. Each name with a `d` has the shape of the name without it:

# %%
dz_2 = (p - np.eye(2)[labels]) / len(x)
dkernel_2, dbias_2 = h.T @ dz_2, dz_2.sum(axis=0)
dh = dz_2 @ kernel_2.T
dz = dh * (z > 0)
dkernel, dbias = x.T @ dz, dz.sum(axis=0)
print(dkernel.round(4))

# %% [markdown]
# The second neuron, the one that looks for libraries, gets nearly all the blame. Next, `course_lib` on the same weights: `loss_and_gradient` runs forward and backward and leaves a gradient beside each weight.

# %%
model = Sequential([
    layers.Dense(2, activation="relu", weights=[kernel, bias], input_shape=(3,)),
    layers.Dense(2, activation="softmax", weights=[kernel_2, bias_2]),
])
model.compile("sgd", loss="sparse_categorical_crossentropy")
model.loss_and_gradient(x.astype("float32"), labels)

by_hand = [dkernel, dbias, dkernel_2, dbias_2]
print("course_lib is equal to 6 decimals:", all(np.allclose(a, g, atol=1e-6) for a, g in zip(by_hand, model.gradients)))

# %% [markdown]
# And Keras, with its tape:

# %%
twin = parity.keras_twin(model)
with tf.GradientTape() as tape:
    keras_loss = twin.compute_loss(x=x, y=labels, y_pred=twin(x, training=True))
theirs = tape.gradient(keras_loss, twin.trainable_weights)
for weight, a, g in zip(twin.trainable_weights, by_hand, theirs):
    print(f"{weight.name:7} {str(weight.shape):7} equal to 6 decimals: {np.allclose(a, g, atol=1e-6)}")

# %% [markdown]
# ## Is a gradient right?
#
# A wrong gradient makes no error message. But there is a second way to the same number: move the weight and look, as at the beginning. Moving to **both** sides is better than to one:
#
# $$\text{forward: } \frac{L(w + h) - L(w)}{h} \qquad\qquad \text{central: } \frac{L(w + h) - L(w - h)}{2h}$$
#
# How small should the step $h$ be? Everybody's first answer is "as small as possible". Try it, on the little network of the beginning at 101 values of $w$, with the tape's slope as the truth:

# %%
def tape_slope(w):
    w = Value(w)
    ((w * (w * 1.0 - 0.5).relu() - 4.0) ** 2).backward()
    return w.grad


points = np.linspace(1.5, 2.5, 101)
true = np.array([tape_slope(w) for w in points])
print("slope at w = 2, by the tape:", tape_slope(2.0))

# %%
def errors(dtype):
    w, h = points.astype(dtype), steps.astype(dtype)[:, None]           # a row for each step
    found = {"forward": (loss(w + h) - loss(w)) / h, "central": (loss(w + h) - loss(w - h)) / (2 * h)}
    return {name: np.abs(slopes - true).mean(axis=1) / np.abs(true).mean() for name, slopes in found.items()}


steps = 10.0 ** -np.arange(1, 13.25, 0.25)
measured = {"float64": errors(np.float64), "float32": errors(np.float32)}
plots.difference_errors(steps, measured)

# %% [markdown]
# Two errors pull in opposite directions. On the right of each V the step is so large that the curve bends under it: the **truncation error** falls with $h$ for the forward difference and with $h^2$ for the central one, because its two halves bend the same way and cancel. On the left the two losses are so close that their difference consists of the last digits only: the **rounding error** grows with $1/h$. Is the right side as steep as that?

# %%
for name, error in measured["float64"].items():
    falls = error[4] / error[8]         # steps[4] is 0.01, steps[8] is 0.001
    print(f"{name}: from step 0.01 to 0.001 the error falls to 1/{falls:.0f}; best near 1e{np.log10(steps[error.argmin()]):.0f}")

# %% [markdown]
# So: **central differences, float64, a step of some millionths**. In `float32`, with 7 digits, even the best step leaves an error a million times as large, and below 6e-8 the weight does not move at all: the slope found is 0, wrong by 100 percent. `course_lib.gradcheck` therefore works in float64 and moves by 1e-6. It moves the array itself, which `network_loss` reads, and puts it back; `relative_error` is the largest difference, divided by the largest entry. Our network by hand, each of its 14 numbers moved:

# %%
from course_lib.gradcheck import numerical_gradient, relative_error


def network_loss(_):
    p = activations.softmax(activations.relu(x @ kernel + bias) @ kernel_2 + bias_2)
    return -np.log(p[np.arange(3), labels]).mean()


for name, weight, ours in zip(["kernel", "bias", "kernel_2", "bias_2"], [kernel, bias, kernel_2, bias_2], by_hand):
    error = relative_error(ours, numerical_gradient(network_loss, weight))
    print(f"{name:9} error below 1e-7: {error < 1e-7}")

# %% [markdown]
# ## Which of 67,000 weights is to blame?
#
# The classifier, trained for two passes over the texts; and a text that it gets wrong.

# %%
from course_lib import optimizers, utils
from course_lib.data import load_digits, load_text, text_examples, text_info

(x_train, y_train), (x_test, y_test) = load_text()
utils.set_random_seed(2)
classifier = Sequential([layers.Dense(64, "relu", input_shape=(1000,)), layers.Dense(32, "relu"), layers.Dense(10, "softmax")])
classifier.compile(optimizers.Adam(0.005), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
classifier.astype("float64").fit(x_train, y_train, batch_size=100, epochs=2, verbose=0)
classes, vocabulary = text_info()

# %%
row, label = x_test[442:443], y_test[442:443]
answer = classifier.predict(row)[0]
print(text_examples("test")[442].text.splitlines()[0])
print(f"is of class {classes[label[0]]}; the model says {classes[answer.argmax()]}, with {answer.max():.0%}")

# %% [markdown]
# One pass back, and each weight has its gradient. How many of them are not zero?

# %%
value, _ = classifier.loss_and_gradient(row, label)
d_kernel, d_bias = classifier.gradients[:2]
for weight, gradient in zip(classifier.trainable_weights, classifier.gradients):
    print(f"{str(weight.shape):11} {np.count_nonzero(gradient):6,} of {gradient.size:6,} not zero, largest {np.abs(gradient).max():.2f}")

# %%
stands = np.flatnonzero(row[0])
words = [vocabulary[j] for j in stands]
d_row = d_bias @ classifier.layers[0].kernel.T      # dz @ kernelᵀ; for one example, d_bias is dz
plots.blame(d_kernel[stands], d_row[stands], words, row[0, stands], of_words=1000)

# %% [markdown]
# On the left each row is a word of the text, each column a neuron of the first layer, and each field a weight: the stronger its colour, the more it is to blame. A weight's gradient is its input times what arrives at its neuron. Two kinds of zero follow, and both are exact: a word that **does not stand in the text** has input 0, so all its 64 weights are innocent; a neuron that is **asleep** lets nothing through, so all its weights are. For a single text each row of the picture is the same row, times the word's count (*rendering* and *3d* stand twice). The answer to the question of this lesson:

# %%
print("gradient = count × what arrives:", np.allclose(d_kernel, np.outer(row[0], d_bias)))
touched = sum(np.count_nonzero(gradient) for gradient in classifier.gradients)
print(f"to blame: {touched:,} of {classifier.count_params():,} weights, {touched / classifier.count_params():.1%}")
j, k = np.unravel_index(np.abs(classifier.gradients[4]).argmax(), (32, 10))
print(f"most of all: from neuron {j} of the second hidden layer to {classes[k]}, gradient {classifier.gradients[4][j, k]:.2f}")

# %% [markdown]
# Negative: that weight should grow, so that this neuron speaks more for games. The gradients of the first *weights* cannot tell two words of equal count apart. Those of the *inputs*, on the right, can: one more *easy* would raise the loss most, one more *models* would lower it most. Lesson 6.3 explains answers with them.

# %% [markdown]
# ## Break it: a fork that does not add up
#
# Write `=` for `+=` where `dw` gets its second part, and the long way overwrites the short one: −4 instead of −7. The sign is right, the size is not. Would you see it in a training? Here is that mistake in a real layer: its bias gradient is that of the first example, not the sum over all. And a second mistake, of a layer that forgets its gate. Both are trained on 1,437 images of handwritten digits, 8 by 8 points each:

# %%
class GateForgotten(layers.Dense):
    def backward(self, dy, run):
        return self.backward_from_logits(dy, run)       # should be dy * (z > 0)


class BiasNotSummed(layers.Dense):
    def backward_from_logits(self, dz, run):
        dx = super().backward_from_logits(dz, run)
        self.d_bias[...] = dz[0]                        # should be dz.sum(axis=0)
        return dx


# %%
(images, digits), _ = load_digits()
images = images.reshape(-1, 64).astype("float64")


def train(first, second, epochs=20, seed=2):
    utils.set_random_seed(seed)
    model = Sequential([first(32, "relu", input_shape=(64,)), second(16, "relu"), layers.Dense(10, "softmax")])
    model.compile(optimizers.Adam(0.003), loss="sparse_categorical_crossentropy")
    return model.astype("float64"), model.fit(images, digits, epochs=epochs, verbose=0).history["loss"]


# %%
networks, losses = {}, {}
pairs = {
    "right": (layers.Dense, layers.Dense),
    "bias not summed": (BiasNotSummed, layers.Dense),
    "gate forgotten": (layers.Dense, GateForgotten),
}
for name, pair in pairs.items():
    networks[name], losses[name] = train(*pair)
print({name: round(loss[-1], 2) for name, loss in losses.items()})
assert losses["right"][-1] * 1.2 < losses["gate forgotten"][-1] < 0.1

# %%
plots.loss_curves(losses, "One bug trains worse, the other cannot be seen; both learn")

# %% [markdown]
# All three learn. Without the gate the last loss is 1.7 times that of the right network (with ten random starts: 1.3 to 3.2 times), and you would not know unless the right curve stood beside it. With the wrong bias nothing is to be seen (0.85 to 1.09 times). **A loss that falls is no proof of a right gradient.** The check is:

# %%
def check(model, x, y):
    model.loss_and_gradient(x, y)
    ours = [gradient.copy() for gradient in model.gradients]
    for k, weight in enumerate(model.trainable_weights):
        moved = numerical_gradient(lambda _: model.loss_and_gradient(x, y)[0], weight)
        error = relative_error(ours[k], moved)
        print(f"  layer {k // 2 + 1} {('kernel', 'bias')[k % 2]:6}", "right" if error < 1e-6 else f"WRONG by {error:.0%}")


for name, network in networks.items():
    print(name)
    check(network, images[:20], digits[:20])

# %% [markdown]
# Read such a list **from the loss downward**, here from the bottom up. Gradients are handed on, so all that lies below a mistake is wrong too: *gate forgotten* spoils layers 1 and 2, and the culprit is the one nearest to the loss, layer 2. *Bias not summed* stands alone: nothing is computed from a bias's gradient.

# %% [markdown]
# ## What it costs
#
# Forward, a layer takes $2\,n\,d\,u$ FLOPs. Backward has two products of the same size, `x.T @ dz` and `dz @ kernel.T`, so **backward costs about twice forward**. With one exception: nobody asks for the gradient of the data, so the first layer skips its `dx`. And our classifier is nearly all first layer:

# %%
widths = [1000, 64, 32, 10]
forward = sum(2 * d * u for d, u in zip(widths, widths[1:]))
backward = 2 * forward - 2 * 1000 * 64
print(f"for one text: forward {forward:,} FLOPs, backward {backward:,}: {backward / forward:.2f} times as many")
print(f"ten layers of equal width: {(2 * 10 - 1) / 10:.2f} times as many")

# %% [markdown]
# Moving each weight up and down costs two forward passes for each of them. Against one pass forward and one back:

# %%
moving = 2 * classifier.count_params() * forward
hold_against(guess, round(moving / (forward + backward)), "times less")

# %% [markdown]
# Nearly one time for each weight, and it grows with the network. Without this no model of today could be trained. Measured here, on 32 texts and on ten layers of 128:

# %% tags=["measured"]
import timeit

deep = Sequential([layers.Dense(128, "relu", input_shape=(128,)) for _ in range(10)])
deep.compile("sgd", loss="mse")
texts, noise = x_train[:32].astype("float64"), np.random.default_rng(0).normal(size=(128, 128)).astype("float32")
for name, net, x_some, y_some in [("classifier", classifier, texts, y_train[:32]), ("ten layers", deep, noise, noise)]:
    one = 1e3 * min(timeit.repeat(lambda: net.forward(x_some, layers.Pass()), number=1, repeat=15))
    both = 1e3 * min(timeit.repeat(lambda: net.loss_and_gradient(x_some, y_some), number=1, repeat=15))
    print(f"{name}: forward {one:.2f} ms, backward {(both - one) / one:.1f} times that; "
          f"by moving each weight {2 * net.count_params() * one / 1e3:,.0f} s")
    assert 2 * net.count_params() * one > 1000 * both

# %% [markdown]
# And it costs **memory**. The local derivatives are made of the values on the way, so all of them must be kept until the way back: `x`, `z` and `y` of each layer. In inference none are needed. Counted for three batch sizes:

# %%
def kept_bytes(model, n):
    run = layers.Pass()                                 # where the layers keep what they need on the way back
    model.forward(np.ones((n, 1000), "float32"), run)
    return run.nbytes


classifier.astype("float32")
print(f"weights {classifier.flat_parameters.nbytes:,} bytes, gradients {classifier.flat_gradients.nbytes:,} bytes")
for n in (1, 32, 1024):
    print(f"batch of {n:4}: {kept_bytes(classifier, n):9,} bytes kept for the way back")

# %% [markdown]
# Weights and gradients cost the same whatever the batch; what is kept grows with it, 4,848 bytes a text, and beyond 54 texts it is more than all weights together. When a training runs out of memory, a smaller batch is the first remedy.

# %% [markdown]
# ## Remember
#
# - At every edge, **local × arriving**; at every fork, the contributions **add up**. Walk back in the reverse order of making.
# - In matrices: `dkernel = x.T @ dz`, `dbias = dz.sum(axis=0)`, `dx = dz @ kernel.T`, and at the start `(p − onehot) / n`. Each gradient has the shape of what it belongs to.
# - A loss that falls proves nothing. Check with central differences in float64, step about 1e-6, and look for the wrong layer nearest to the loss.
#
# Left out: what to *do* with the gradient, which is lesson 1.4; second derivatives; how to trade memory for a second forward pass. Where it breaks: at a corner (`relu` at exactly 0) there is no slope, and through very many layers the products shrink or grow without end (lesson 1.6).
#
# **Now you:** [exercises for this lesson](../../exercises/1_training/1_3_backpropagation.ipynb).
#
# Sources: Rumelhart, Hinton and Williams, *Learning representations by back-propagating errors* (1986). Baydin, Pearlmutter, Radul and Siskind, *Automatic differentiation in machine learning: a survey* (2018). TensorFlow's guide to [`GradientTape`](https://www.tensorflow.org/guide/autodiff).
