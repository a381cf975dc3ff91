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
#   title: Architectures and activations
#   question: "Dense, convolutional or recurrent, ReLU or GELU: what does the choice change?"
#   needs: ["1.5"]
#   exercises: [training.convolution, training.simple_rnn, training.starting_weights, training.vanishing]
# ---

# %% [markdown]
# # 1.6 Architectures and activations
#
# **Dense, convolutional or recurrent, ReLU or GELU: what does the choice change?**
#
# After this lesson you can
#
# - say what a dense, a convolutional and a recurrent layer each take for granted, and compute one output of each by hand,
# - foresee how large signal and gradient are after 20 layers, from the activation and the size of the first weights,
# - look at a training curve that does not move and name what is wrong.
#
# You need: a layer and its shapes ([lesson 1.1](1_1_forward_propagation.ipynb)), a gradient that is handed back from layer to layer ([lesson 1.3](1_3_backpropagation.ipynb)), and what `compile`, `fit` and `predict` do ([lesson 1.5](1_5_the_whole_program.ipynb)).

# %% [markdown]
# ## Guess first
#
# A network of two dense layers has learned to read handwritten digits, pictures of 8 × 8 pixels. It is right for 89 percent of those that it has never seen. Now each of them is pushed **one pixel to the right**, and nothing else changes. For how many percent is it still right? Write a number.

# %%
guess = None        # for example: guess = 80

# %% [markdown]
# ## Three ways to connect
#
# The **architecture** (模型结构) of a network is who listens to whom, and who shares weights. Six inputs, read in three ways; lines of one colour share one weight.

# %%
import numpy as np

from course_lib import Sequential, activations, initializers, layers, optimizers, parity, plots, utils
from course_lib.notebook import hold_against, show_source

plots.wiring()

# %% [markdown]
# A **dense** layer (全连接层) gives each line a weight of its own: it takes nothing for granted, and has to learn everything. A **convolutional** layer (卷积层) slides one small window along and uses the same few weights at each place. A **recurrent** layer (循环层) reads step by step and uses the same weights at each step; what it has read so far is in its *state*.
#
# The dense sum is that of lesson 1.1. The other two, by hand.

# %% [markdown]
# ## A convolution by hand
#
# A line of six pixels, ink in the middle. The window is three pixels wide, its weights are −1, 0 and 1: *right neighbour minus left neighbour*. The first window sees 0, 0, 1 and answers $0\cdot(-1) + 0\cdot0 + 1\cdot1 = 1$.

# %%
line = np.array([0.0, 0.0, 1.0, 1.0, 0.0, 0.0])
window = np.array([-1.0, 0.0, 1.0])

[float(line[place : place + 3] @ window) for place in range(4)]

# %% [markdown]
# 1 where ink begins, −1 where it ends. Six pixels have only four places for a window of three; with zeros put around them (`padding="same"`) there would be six.
#
# In a picture the window is a square, the **kernel** or **filter** $k$. Its answer at row $r$ and column $s$:
#
# $$y_{r,s} = f\Big(\sum_{i}\sum_{j} x_{r+i,\,s+j}\; k_{i,j} + b\Big)$$
#
# Read aloud: *lay the kernel on the picture, multiply what lies on one another, add up, add the bias, apply the activation; then move on by one pixel.* Here for a digit, without bias and activation, in a loop over all places. (The last axis of `x_train` would be the colours; there is only grey.)

# %%
from course_lib.data import load_digits

(x_train, y_train), (x_test, y_test) = load_digits()
picture = x_train[0, :, :, 0]
kernel = np.array([window, window, window])

answers = np.zeros((6, 6))
for r in range(6):
    for s in range(6):
        answers[r, s] = (picture[r : r + 3, s : s + 3] * kernel).sum()
plots.filtered(picture, kernel, answers)

# %% [markdown]
# Nine weights found every upright edge of the 0. Nobody has to choose them in earnest: they are learned, like any kernel. The layer gives the same (its kernel has two more axes, channels in and filters out, one each here), and so does Keras:

# %%
convolution = layers.Conv2D(1, 3, kernel_initializer=kernel[:, :, None, None])
ours = convolution(x_train[:1])
print("as in the loop, to 6 decimals:", np.allclose(ours[0, :, :, 0], answers, atol=1e-6))

# %%
keras = parity.quiet_keras()        # TensorFlow takes some seconds to load

# %%
parity.side_by_side(convolution, parity.keras_twin(convolution), x_train[:3])

# %% [markdown]
# A layer has many filters, and one on top of it reads them all: `Conv2D(24, 3)` above 12 filters has $3\cdot3\cdot12$ weights for each of its 24. To have one answer for the picture, **pooling** (池化) keeps the largest of each filter's answers over all places: *was it found anywhere?*

# %%
layers.GlobalMaxPooling2D()(ours)

# %% [markdown]
# ## A recurrent step by hand
#
# $$h_t = f(x_t\,W + h_{t-1}\,U + b)$$
#
# Read aloud: *the new state is made from what is read now and from the state before.* One number a step, $W = 1$, $U = 0.5$, no bias, and for once no activation. Read 4, 0, 0, 2: the state is $4$, then $0 + 0.5\cdot4 = 2$, then $1$, then $2 + 0.5 = 2.5$.

# %%
W, U = 1.0, 0.5
h = 0.0
for x_t in [4.0, 0.0, 0.0, 2.0]:
    h = x_t * W + h * U
    print(f"read {x_t:.0f}: state {h}")

# %% [markdown]
# The last state is the layer's output. It knows of the 4, but only an eighth of it is left: each step halves what came before. What a factor does that is applied again and again is the second half of this lesson.

# %%
recurrent_layer = layers.SimpleRNN(
    1, activation=None, kernel_initializer=np.array([[W]]), recurrent_initializer=np.array([[U]])
)
sequence = np.array([[[4.0], [0.0], [0.0], [2.0]], [[0.0], [0.0], [0.0], [8.0]]])
recurrent_layer(sequence)  # the first call builds it
parity.side_by_side(recurrent_layer, parity.keras_twin(recurrent_layer), sequence)

# %% [markdown]
# ## Equal parameters on digits
#
# Three networks of 3,000 parameters, up to one percent. The recurrent one reads the picture row by row, from top to bottom: 8 steps of 8 pixels.


# %%
def dense():
    return [layers.Flatten(input_shape=(8, 8, 1)), layers.Dense(40, "relu"), layers.Dense(10, "softmax")]


def convolutional():
    return [
        layers.Conv2D(12, 3, padding="same", activation="relu", input_shape=(8, 8, 1)),
        layers.Conv2D(24, 3, padding="same", activation="relu"),
        layers.GlobalMaxPooling2D(),
        layers.Dense(10, "softmax"),
    ]


def recurrent():
    return [layers.Reshape((8, 8), input_shape=(8, 8, 1)), layers.SimpleRNN(46), layers.Dense(10, "softmax")]


{design.__name__: Sequential(design()).count_params() for design in (dense, convolutional, recurrent)}

# %% [markdown]
# All are trained alike, six times over 1,437 pictures; 360 others are kept for the test. (Adam is an optimizer of chapter 4, here only a tool; in `float64` the numbers come out the same on your machine.)


# %%
def trained(architecture, x, y, epochs=6, batch_size=32, rate=0.005):
    utils.set_random_seed(1)
    model = Sequential(architecture).astype("float64")
    model.compile(optimizers.Adam(rate), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=epochs, batch_size=batch_size, verbose=0)
    return model


def right(model, x, y):
    return np.mean(model.predict(x).argmax(axis=1) == y)


readers = {"dense": trained(dense(), x_train, y_train), "recurrent": trained(recurrent(), x_train, y_train)}

# %%
readers["convolutional"] = trained(convolutional(), x_train, y_train)

names = ["dense", "convolutional", "recurrent"]
table = {"as they are": {name: right(readers[name], x_test, y_test) for name in names}}
for name, share in table["as they are"].items():
    print(f"{name:14}{share:.0%} of the unseen digits are right")

# %% [markdown]
# The convolution wins, by about 5 points. Two trials show what it has understood and the others have not.

# %% [markdown]
# ## Move the digit and shuffle the pixels
#
# **First**, the same test pictures, one pixel further to the right. (The column that falls out is empty on nearly all of them.) Nothing is trained again.

# %%
moved = np.roll(x_test, 1, axis=2)
table["one pixel\nto the right"] = {name: right(readers[name], moved, y_test) for name in names}
hold_against(guess, round(100 * table["one pixel\nto the right"]["dense"]), "percent")

# %% [markdown]
# The dense network learned what ink *in this pixel* means, and each pixel now holds what its neighbour held.
#
# **Second**, all pixels are shuffled, by one and the same order for each picture, in training and test. You could read none of them. Which network will mind?

# %%
order = np.random.default_rng(0).permutation(64)


def shuffled(x):
    return x.reshape(-1, 64)[:, order].reshape(x.shape)


again = {
    "dense": trained(dense(), shuffled(x_train), y_train),
    "recurrent": trained(recurrent(), shuffled(x_train), y_train),
}

# %%
again["convolutional"] = trained(convolutional(), shuffled(x_train), y_train)
table["pixels shuffled,\nall in one order"] = {name: right(again[name], shuffled(x_test), y_test) for name in names}

# %%
title = "Move the digit: only the convolution reads on. Shuffle its pixels: only the convolution minds"
plots.trials(table, title, chance=dict.fromkeys(table, 0.1))

# %% [markdown]
# The strokes mark the first panel. To a dense network a pixel has no neighbours: shuffle the rows of its kernel like the pixels, and every sum is what it was; to learn that kernel is no harder. The convolution believes that neighbours belong together and that a stroke is a stroke wherever it is. Where that is true it wins; where it is not, the belief costs 6 points. **An architecture is a claim about the data.**
#
# With two other random starts each number moves by about 4 points at most, and in each panel the convolution keeps its place. The recurrent network shares its weights over the rows only, so a step to the side throws it as it throws the dense one.

# %% [markdown]
# ## The same on text
#
# Descriptions of software, ten kinds, as in lesson 0.1; but as **sequences**: the first 30 words that are in the vocabulary, each as its number, 0 in front where a text is shorter.

# %%
from course_lib.data import sequences, text_examples, text_info

train, test = text_examples("train"), text_examples("test")
t_train, t_test = sequences([e.text for e in train]), sequences([e.text for e in test])
k_train, k_test = np.array([e.label for e in train]), np.array([e.label for e in test])

print(t_test[15])
print(" ".join(text_info().vocabulary[number - 1] for number in t_test[15] if number))

# %% [markdown]
# Word 400 is not twice word 200, so a number is no good as an input. An **embedding** (词嵌入) is a table with a row of 8 numbers for each word; it looks up the row (1,001 rows: 1,000 words and the 0). The rows are weights and are learned with the rest. 30 words become 30 steps of 8 features:

# %%
layers.Embedding(1001, 8)(t_test).shape

# %% [markdown]
# Four networks of 9,800 parameters (8,008 of them in the table). Two of them are dense: one has a weight for each *place*, one first takes the **average** of the words. The recurrent one is a `GRU`: a `SimpleRNN` with **gates**, numbers between 0 and 1 that it computes at each step to decide how much of its state stays: $h_t = z\,h_{t-1} + (1 - z)\,\text{new}$.

# %%
text_networks = {
    "dense, by place": lambda: [layers.Flatten(), layers.Dense(7, "relu")],
    "dense, average": lambda: [layers.GlobalAveragePooling1D(), layers.Dense(96, "relu")],
    "convolutional": lambda: [layers.Conv1D(51, 3, activation="relu"), layers.GlobalMaxPooling1D()],
    "recurrent (GRU)": lambda: [layers.GRU(19)],
}


def network(name, classes):
    return [layers.Embedding(1001, 8, input_shape=(30,)), *text_networks[name](), layers.Dense(classes, "softmax")]


for name in text_networks:
    print(f"{name:16} {Sequential(network(name, 10)).count_params():,} parameters")


# %%
def trained_on_text(name, x, y, epochs):
    return trained(network(name, y.max() + 1), x, y, epochs, batch_size=64, rate=0.006)


topics = {name: trained_on_text(name, t_train, k_train, epochs=4) for name in list(text_networks)[:3]}

# %%
topics["recurrent (GRU)"] = trained_on_text("recurrent (GRU)", t_train, k_train, epochs=4)

# %% [markdown]
# What do they make of the unseen descriptions, and what if the words of each are thrown about at random? (Only the words: the zeros stay in front.)


# %%
def each_text(x, change):
    return np.array([np.concatenate([row[row == 0], change(row[row > 0])]) for row in x])


thrown = each_text(t_test, np.random.default_rng(0).permutation)
text_table = {
    "which topic?": {name: right(model, t_test, k_test) for name, model in topics.items()},
    "the same,\nwords thrown about": {name: right(model, thrown, k_test) for name, model in topics.items()},
}
for name in topics:
    print(f"{name:16}", *(f"{shares[name]:6.0%}" for shares in text_table.values()))

# %% [markdown]
# The plain average wins, level with the convolution, and hardly anybody minds the mess. What a description is about stands in its words: *font* is about fonts in any place. A network that first has to learn to keep a word in mind for 20 steps, or to learn each word anew for each place, starts with a handicap. **A simple architecture whose claim is true beats a rich one.**

# %% [markdown]
# ## A question about order
#
# So ask something else of the same words. Each description is given once as it is and once **backwards**; the network has to say which it is. Chance is 50 percent. What will the average come to?

# %%
backwards = {
    "train": np.concatenate([t_train, each_text(t_train, np.flip)]),
    "test": np.concatenate([t_test, each_text(t_test, np.flip)]),
}
is_flipped = {"train": np.repeat([0, 1], len(t_train)), "test": np.repeat([0, 1], len(t_test))}

directions = {
    name: trained_on_text(name, backwards["train"], is_flipped["train"], epochs=2) for name in list(text_networks)[:3]
}

# %%
name = "recurrent (GRU)"
directions[name] = trained_on_text(name, backwards["train"], is_flipped["train"], epochs=2)

on_average = right(directions["dense, average"], backwards["test"], is_flipped["test"])
print("the average is right for exactly one half:", on_average == 0.5)

# %%
text_table["own order,\nor backwards?"] = {
    name: right(model, backwards["test"], is_flipped["test"]) for name, model in directions.items()
}
title = "For the topic the average of the words is enough; about their order it knows nothing"
plots.trials(text_table, title, chance=dict(zip(text_table, (0.1, 0.1, 0.5))))

# %% [markdown]
# Exactly one half, and it could not have been otherwise: a text and its reverse have the same average, so they get the same answer, right for one of the two. No training, no size helps. The GRU, behind the average on the topic, now leads: order is what it takes for granted. (The layer with a weight for each place also sees order, and has to learn it place by place.)
#
# With two other random starts the shares move by 5 points at most: the average and the convolution stay in front on the topic, the GRU on the order. (On the topic it then has about 71 percent: it learns slowest, and two epochs more bring it to 76.)

# %% [markdown]
# ## Four activations and their slopes
#
# Now the function inside the neuron, its **activation** (激活函数). [Lesson 1.1](1_1_forward_propagation.ipynb#Which-activation?) drew four of them, `relu` (ReLU激活函数) and `sigmoid` (sigmoid激活函数) among them. For learning their **slope** counts: on its way back the gradient is multiplied by it in every layer.

# %%
z = np.linspace(-6, 6, 1201)
for name in ("sigmoid", "tanh", "relu", "gelu"):
    f = activations.get(name)
    slope = f.gradient(np.ones_like(z), z, f(z))
    print(f"{name:8} slope at −3: {slope[300]:5.2f}   at 3: {slope[900]:4.2f}   largest: {slope.max():.2f}")

# %% [markdown]
# `sigmoid` passes on at most a quarter of the gradient, and next to nothing where it is flat (it is *saturated*). `tanh` is as flat outside, but passes everything near 0. `relu` passes all or nothing. Twenty layers of sigmoid, by hand: at most $0.25^{20} = 9\cdot10^{-13}$, a millionth of a millionth, times what the weights do.
#
# The **last** layer is another matter: its activation says what kind of answer is wanted. `softmax` for one of several classes, `sigmoid` for yes or no, none for a quantity. Sigmoid is softmax for two classes of which one has the logit 0:

# %%
activations.sigmoid(np.array([2.0])).round(3), activations.softmax(np.array([[2.0, 0.0]])).round(3)

# %% [markdown]
# ## Vanishing and exploding gradients
#
# Twenty layers, not trained yet. How large are the numbers that come out of the last? **Size** here is the root mean square, $\sqrt{\text{mean of } h^2}$. Weights are drawn with standard deviation $\text{gain} / \sqrt{n}$ for $n$ inputs, so that a sum of $n$ products has the size of its inputs times the gain. `relu` zeroes half of the sums and so halves the mean square: its size shrinks by $\sqrt{1/2} = 0.71$ at each layer, if the gain is 1. By hand after 20: $0.5^{10} \approx 0.001$, and about that in numbers, as each set of random weights is a little off:

# %%
rng = np.random.default_rng(1)
h = rng.normal(size=(64, 128))
for k in range(1, 21):
    h = activations.relu(h @ rng.normal(0, 1 / np.sqrt(128), (128, 128)))
    if k in (1, 2, 10, 20):
        print(f"after layer {k:2}: {np.sqrt(np.mean(h**2)):.4f}")

# %% [markdown]
# What factor makes up for a halved mean square? $\text{gain}^2 \cdot \frac12 = 1$, so $\text{gain} = \sqrt2$. That is **He's initialization**, made for relu: variance $2 / n_{\text{in}}$. **Glorot's**, made for tanh, thinks of the way back as well and takes $2 / (n_{\text{in}} + n_{\text{out}})$; for as many outputs as inputs that is a gain of 1. Both are in Keras, and Glorot's is the default:

# %%
for start in (initializers.GlorotNormal(seed=1), initializers.HeNormal(seed=1)):
    gain = start((512, 512)).std() * np.sqrt(512)
    print(f"{type(start).__name__:13} gain {gain:.2f}")

# %% [markdown]
# The gradient makes the same journey downwards. This is how the library measures both; `x` goes in at the bottom, `dy` stands for the gradient that the loss sends in at the top:

# %%
from course_lib.experiments.depth import deep_stack, sizes

show_source(sizes)

# %%
rows, from_above = rng.normal(size=(2, 64, 128))
stack = deep_stack("sigmoid", gain=1, depth=20)
signal, gradient = sizes(stack, rows, from_above)
print(f"sigmoid: signal after 20 layers {signal[-1]:.2f}, gradient at the input {gradient[0]:.0e}")

# %% [markdown]
# The signal looks healthy, and of the gradient less than a millionth of a millionth arrives: a **vanishing gradient** (梯度消失). TensorFlow's tape finds the same:

# %%
import tensorflow as tf

twin, x = parity.keras_twin(stack), tf.constant(rows)
with tf.GradientTape() as tape:
    tape.watch(x)
    y = twin(x)
theirs = tape.gradient(y, x, output_gradients=tf.constant(from_above)).numpy()
print("equal to 6 digits:", np.isclose(np.sqrt(np.mean(theirs**2)), gradient[0], rtol=1e-6))

# %% [markdown]
# Four activations, four gains, layer by layer, on logarithmic axes. A straight line is a factor a layer.

# %%
gains = {"0.5": 0.5, "1 (Glorot)": 1.0, "√2 (He)": 2**0.5, "2": 2.0}
measured = {
    activation: {name: sizes(deep_stack(activation, gain), rows, from_above) for name, gain in gains.items()}
    for activation in ("relu", "gelu", "tanh", "sigmoid")
}
plots.depth_table(measured, "Sigmoid keeps the signal and loses the gradient; relu needs √2; tanh forgives most")

# %% [markdown]
# Read the lower row from right to left, as the gradient goes. A line that falls on that way is a gradient that vanishes; one that rises, as for `relu` and `gelu` at gain 2, is an **exploding gradient** (梯度爆炸). `gelu` behaves like relu once the sums are large; for small ones it is nearly $z/2$, halves *everything*, and falls faster. `tanh` cannot explode upwards, it saturates; what grows at gain 2 is its gradient.

# %% [markdown]
# ## Turn the knob
#
# **At which gain does `relu` keep its size over 20 layers, and how far may you be off before it has grown or shrunk by a factor of 3? Then take `sigmoid`: which gain gives a gradient above a hundred-thousandth ($10^{-5}$) at the input?**

# %%
from course_lib.widgets import SignalDepth

SignalDepth()

# %% [markdown]
# At 1.4, the notch next to $\sqrt2 = 1.414$; at 1.3 and 1.5 it is already off by more than 3, since $1.5 / \sqrt2 = 1.06$ a layer is more than 3 after 20. For `sigmoid` no gain on this slider does it: at 3 it is $3\cdot10^{-6}$. `tanh` stays within a factor of 3 all the way from 1.15 to 1.5.

# %% [markdown]
# ## Break it: a start too small
#
# "Small random numbers" sounds harmless. Here is the digits' network again, now with 20 layers of 64, four times: sigmoid with Glorot's start; relu with a start of $N(0, 0.01^2)$, which is a gain of 0.08; relu with He's; tanh with Glorot's.


# %%
def deep(activation, start):
    hidden = [layers.Dense(64, activation, kernel_initializer=start) for _ in range(20)]
    return [layers.Flatten(input_shape=(8, 8, 1)), *hidden, layers.Dense(10, "softmax")]


deep_networks = {
    "sigmoid, Glorot": trained(deep("sigmoid", "glorot_uniform"), x_train, y_train, epochs=8, rate=0.001),
    "relu, N(0, 0.01²)": trained(
        deep("relu", initializers.RandomNormal(0, 0.01)), x_train, y_train, epochs=8, rate=0.001
    ),
}

# %%
deep_networks["relu, He"] = trained(deep("relu", "he_normal"), x_train, y_train, epochs=8, rate=0.001)
deep_networks["tanh, Glorot"] = trained(deep("tanh", "glorot_uniform"), x_train, y_train, epochs=8, rate=0.001)

plots.stuck(
    {name.replace(", ", ",\n", 1): model.history.history for name, model in deep_networks.items()},
    "Twenty layers: two stay at the loss of a guess, two learn",
)

# %% [markdown]
# **The symptom: a loss that lies flat at $\ln 10 = 2.30$ from the first epoch on,** the loss of whoever gives each digit a tenth. **The name: vanishing gradient.** (Plain gradient descent at 0.02, in place of Adam, gives the same two flat and the same two falling curves.) Patience does not help: the last layers do get a gradient, but no picture to learn from. How much do two digits differ in the last hidden layer, compared with its size?

# %%
for name, model in deep_networks.items():
    h = x_test.astype("float64")
    for layer in model.layers[:-1]:
        h = layer(h)
    spread = h.std(axis=0).mean() / max(np.sqrt(np.mean(h**2)), 1e-300)
    print(f"{name:18} all digits look alike there: {spread < 0.01}")

# %% [markdown]
# ## Break it: equal weights
#
# If neither too small nor too large, why not all alike? The dense reader of 40 neurons, every weight 0.1:

# %%
layers_alike = dense()
for layer in layers_alike[1:]:
    layer.kernel_initializer = initializers.Constant(0.1)
equal = trained(layers_alike, x_train, y_train)

plots.stuck(
    {"equal start": equal.history.history, "random start": readers["dense"].history.history},
    "From an equal start it learns a little, then hardly any more",
)

# %% [markdown]
# **The symptom: it leaves $\ln 10$, and soon hardly falls any more. The name: symmetry.** Equal neurons get equal gradients and stay equal. Their weights as pictures:

# %%
plots.neurons(
    {"random start": readers["dense"].layers[1].kernel, "equal start": equal.layers[1].kernel},
    "Started alike, forty neurons do the work of one",
)

# %% [markdown]
# That is the whole reason why starting weights are random. One layer with a random start is enough to tell the neurons apart; biases may all begin at 0.

# %% [markdown]
# ## Break it: dead neurons
#
# `relu` has a slope of 0 on its left side. One step that is too large can push a neuron there for *every* picture; then no gradient ever reaches it again. Plain gradient descent at two rates, and whether the 40 neurons are silent for all training pictures afterwards:

# %%
dying = {}
for rate in (0.5, 2.0):
    utils.set_random_seed(1)
    model = Sequential(dense()).astype("float64")
    model.compile(optimizers.SGD(rate), loss="sparse_categorical_crossentropy")
    dying[f"rate {rate}"] = model.fit(x_train, y_train, epochs=5, verbose=0).history
    silent = np.sum(model.layers[1](model.layers[0](x_train)).max(axis=0) == 0)
    print(f"rate {rate}: more than 35 of 40 neurons dead: {silent > 35}")

# %%
plots.stuck(dying, "Four times the rate, and the neurons die: the loss of a guess, for good")

# %% [markdown]
# **The symptom: flat at $\ln 10$ once more, but from a start that learns well at a smaller rate. The name: dying relu.** Of the 40 neurons 39 or 40 were dead with each of five random starts. The curve alone does not tell it from a start too small; the activations do: there they are alike for all digits, here nearly all are 0. With `gelu` in place of relu, which has a little slope left of 0, the loss came to rest between 2.0 and 2.3 (five random starts): less dead, not better.

# %% [markdown]
# ## What it costs
#
# Equal parameters are not equal work. A weight costs two FLOPs **each time it is used**: once in a dense layer, at 64 places in the convolution, at 8 steps in the recurrent network.
#
# $$\text{FLOPs} = 2 \cdot \text{weights} \cdot \text{places}$$

# %%
weights_and_places = {
    "dense": [(64 * 40, 1), (40 * 10, 1)],
    "convolutional": [(9 * 12, 64), (9 * 12 * 24, 64), (24 * 10, 1)],
    "recurrent": [(8 * 46 + 46 * 46, 8), (46 * 10, 1)],
}
for name, used in weights_and_places.items():
    print(f"{name:14}{sum(2 * weights * places for weights, places in used):8,} FLOPs for one picture")

# %% [markdown]
# Sharing weights saves memory and examples, not arithmetic. And the places of a convolution can be computed all at once; the steps of a recurrent network have to wait for one another, however many cores there are. Attention, in lesson 1.7, lets every step look at every other at once, and pays in arithmetic.

# %% [markdown]
# ## Choosing
#
# Which architecture (如何选择合适的模型结构), which activation (如何选择合适的激活函数), which loss (如何选择合适的损失函数)? Each row links to the cells that show it.
#
# | what you know | take | shown in |
# |---|---|---|
# | **Architecture** (模型结构) | | |
# | columns without neighbours: counts, measurements | dense | [shuffled pixels change nothing](#Move-the-digit-and-shuffle-the-pixels) |
# | neighbours matter, and a pattern is the same anywhere: images, sound | convolution and pooling | [one pixel to the right](#Move-the-digit-and-shuffle-the-pixels) |
# | which words occur is enough: topics | embedding, average, dense | [topics](#The-same-on-text) |
# | order matters | recurrent with gates, or a convolution if near order is enough | [own order or backwards](#A-question-about-order) |
# | little time for an answer | count weights × places first | [what it costs](#What-it-costs) |
# | **Activation** (激活函数) | | |
# | hidden layers, to begin with | `relu` with He's start | [four activations, four gains](#Vanishing-and-exploding-gradients) |
# | many hidden layers, start in doubt | `tanh`, which forgives most | [the same figure](#Vanishing-and-exploding-gradients), [the widget](#Turn-the-knob) |
# | hidden layers, deep | never `sigmoid` | [a start too small](#Break-it:-a-start-too-small) |
# | last layer: one of several classes; yes or no; a quantity | `softmax` (softmax激活函数); `sigmoid`; none | [the last layer](#Four-activations-and-their-slopes) |
# | **Loss** (损失函数) | | |
# | one of several classes, given as a number | sparse categorical cross-entropy (稀疏交叉熵) | [lesson 1.2, one class of several](1_2_losses.ipynb#One-class-of-several) |
# | yes or no | binary cross-entropy (交叉熵) | [lesson 1.2, yes or no](1_2_losses.ipynb#Yes-or-no) |
# | a quantity | squared error (均方误差) | [lesson 1.2, squared error for numbers](1_2_losses.ipynb#Squared-error-for-numbers) |
# | a loss flat at $\ln$(classes) | look at the start and at dead neurons, not at the loss | [a start too small](#Break-it:-a-start-too-small), [dead neurons](#Break-it:-dead-neurons) |

# %% [markdown]
# ## Remember
#
# - Dense claims nothing, convolution claims *neighbours, alike everywhere*, recurrence claims *one after the other*. True claims save examples; false ones cost; a simple true one beats a rich one.
# - Each layer multiplies signal and gradient by a factor, and 20 layers take its 20th power. He's start ($\sqrt2/\sqrt n$) for relu, Glorot's for tanh; random, so that neurons differ.
# - Flat at $\ln$(classes): vanished or dead. Flat somewhat below: symmetry. Where all this breaks: normalization and residual paths (lesson 4.5) make the start matter less.
#
# Left out: `LSTM`, the older of the gated networks; strides; padding in the recurrent sense of masks; how the same factors act over 30 *steps* in place of 20 layers, which is why gates were invented.
#
# **Now you:** [exercises for this lesson](../../exercises/1_training/1_6_architectures_and_activations.ipynb).
#
# Sources: Glorot and Bengio, *Understanding the difficulty of training deep feedforward neural networks* (2010). He, Zhang, Ren and Sun, *Delving deep into rectifiers* (2015), section 2.2. LeCun et al., *Gradient-based learning applied to document recognition* (1998). Cho et al., *Learning phrase representations using RNN encoder–decoder* (2014). Goodfellow, Bengio and Courville, *Deep Learning* (2016), chapters 9 and 10.
