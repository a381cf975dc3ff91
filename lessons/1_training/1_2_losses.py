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
#   title: Losses
#   question: How does a network learn how wrong it is, in one number?
#   needs: ["1.1"]
#   exercises: [training.mean_squared_error, training.softmax, training.crossentropy, training.binary_crossentropy]
# ---

# %% [markdown]
# # 1.2 Losses
#
# **How does a network learn how wrong it is, in one number?**
#
# After this lesson you can
#
# - compute squared error and the three cross-entropies by hand, and choose among them,
# - read a loss: say from the number alone whether a classifier has learned anything,
# - write a softmax and a loss that survive scores of 1,000, and recognize on a curve a softmax that was applied twice.
#
# You need: logits, `softmax` and `sigmoid` ([lesson 1.1](1_1_forward_propagation.ipynb)), and what an epoch and a batch are ([lesson 0.1](../0_start/0_1_start_here.ipynb)).

# %% [markdown]
# ## Guess first
#
# A network for ten classes was just made. Its weights are random: it knows nothing, and gives each class about the same probability. Ask for its loss, and you get one number; 0 would mean that all answers are right and certain. **Which number will it be: about 0.5, 1, 2.3, 10 or 90?**

# %%
guess = None        # for example: guess = 10

# %% [markdown]
# ## Squared error for numbers
#
# Somebody estimates how many levels two games have: 3 and 5. In truth there are 2 and 9. The errors are $1$ and $-4$, their squares $1$ and $16$, the mean of the squares is $8.5$.

# %%
import numpy as np

y_true, y_pred = np.array([2.0, 9.0]), np.array([3.0, 5.0])
errors = y_pred - y_true
print("errors", errors, "  squares", errors**2, "  their mean", np.mean(errors**2))

# %% [markdown]
# $$L = \frac1n \sum_{i=1}^{n} (\hat y_i - y_i)^2$$
#
# Read aloud: *square every error and take the mean*: the **mean squared error** (均方误差). $y$ is the truth, `y_true`; $\hat y$ is the prediction, `y_pred`.
#
# A **loss function** (损失函数) takes truths and predictions and returns **one number**. It has to be one: of two sets of weights, training must be able to say which is better. Squares make that choice in a special way: the error of −4 counted sixteen times as much as the error of 1.

# %%
def mean_squared_error(y_true, y_pred):
    return np.mean((y_pred - y_true) ** 2)


print(mean_squared_error(y_true, y_pred))

# %% [markdown]
# ## Surprise for classes
#
# How wrong is an answer such as *"60% python, 20% net"*? Give one yourself. Here is a description from the test data. Read it, but do not look further down yet.

# %%
import textwrap

from course_lib.data import load_text, text_examples, text_info

(x_train, y_train), (x_test, y_test) = load_text()
classes = text_info().class_names

print(textwrap.fill(text_examples("test")[921].text, 100))
print("\nclasses:", ", ".join(classes))

# %% [markdown]
# **How probable is each class, in your opinion?** Name the ones that you want to name; what is missing to 1 will be shared equally among the others.

# %%
mine = None         # for example: mine = {"python": 0.6, "net": 0.2}

# %% [markdown]
# A small network answers, too: 16 hidden neurons, trained on the 4,000 training descriptions. (`SGD` and its 0.3 are the subject of lesson 1.4. `float64` makes every machine print the same digits.)

# %%
from course_lib import Sequential, layers, optimizers, utils


def network(*more):
    utils.set_random_seed(2)
    hidden = layers.Dense(16, activation="relu", dtype="float64")
    output = layers.Dense(10, activation="softmax", dtype="float64")
    return Sequential([layers.Input(shape=(1000,)), hidden, output, *more])

# %%
def train(model, loss, rate=0.3, epochs=12, y=y_train):
    model.compile(optimizers.SGD(rate), loss=loss, metrics=["accuracy"])
    return model.fit(x_train, y, epochs=epochs, batch_size=100, verbose=0).history


trained = network()
once = train(trained, "sparse_categorical_crossentropy")

p = trained.predict(x_test[921:922], verbose=0)[0]
for k in np.argsort(-p)[:3]:
    print(f"{classes[k]:8} {p[k]:.5f}")

# %% [markdown]
# Quite sure. And the maintainers?

# %%
from course_lib import plots
from course_lib.notebook import probability_given

right = y_test[921]
yours = probability_given(mine, classes[right], classes)
print("the right class:", classes[right])
plots.loss_over_probability({"the network": p[right], "knows nothing": 0.1, "you": yours})

# %% [markdown]
# A library to write programs *for the game* Minecraft: *games*. The pink curve is what the answers pay: **the loss of an answer is how surprised it is by the truth.**
#
# $$\ell = -\ln p_{\text{right}}$$
#
# Read aloud: *minus the logarithm of the probability that the right class was given.* Its mean over all examples is the **cross-entropy** (交叉熵). Only the probability of the right class counts; what the others got matters through what is left for this one. ($\ln$ is the natural logarithm, `np.log`.) The dashed line is the square of what is missing to 1.

# %%
print("       p   −ln p   (1 − p)²")
for q in (1, 0.5, 0.1, 0.01, 0.0004):
    print(f"{q:8} {abs(np.log(q)):7.3f} {(1 - q) ** 2:10.3f}")

# %% [markdown]
# Certain and right costs 0. Each time the probability falls to a tenth, 2.303 is added, without end: who gives the truth the probability 0 pays infinitely much. The squared error of $p$ counts the last line as 0.999, and a shrug, 0.1 for each class, as 0.81. To it, being sure and wrong is hardly worse than not knowing.

# %% [markdown]
# ## One class of several
#
# Three descriptions, three classes. Rows are examples, and each row of probabilities sums to 1. The right classes are 0, 1 and 2, so we want column 0 of row 0, column 1 of row 1, column 2 of row 2:

# %%
P = np.array([[0.7, 0.2, 0.1],
              [0.3, 0.5, 0.2],
              [0.6, 0.3, 0.1]])
labels = np.array([0, 1, 2])

P[np.arange(3), labels]

# %% [markdown]
# By hand: $-\ln 0.7 = 0.3567$, $-\ln 0.5 = 0.6931$, $-\ln 0.1 = 2.3026$; the mean is $1.1175$. With class numbers as labels the loss is called **sparse** categorical cross-entropy (稀疏交叉熵):

# %%
def sparse_crossentropy(labels, P):
    return -np.log(P[np.arange(len(P)), labels]).mean()


print(f"{sparse_crossentropy(labels, P):.6f}")

# %% [markdown]
# The labels may come as rows, too, with a 1 at the right class and 0 elsewhere: **one-hot** (独热). Then the same loss is **categorical** cross-entropy, and the zeros do the picking:
#
# $$L = -\frac1n \sum_{i=1}^{n} \sum_{j=1}^{c} t_{ij} \ln p_{ij}$$
#
# Read aloud: *in each row, weigh the logarithm of every probability with its target, and add them up; then the mean over the rows, with a minus.*

# %%
def categorical_crossentropy(T, P):
    return -(T * np.log(P)).sum(axis=-1).mean()


T = np.eye(3)[labels]           # one-hot: row i of the identity matrix stands for class i
print(f"{categorical_crossentropy(T, P):.6f}")

# %% [markdown]
# The same number, so "sparse" says how the labels are written, not what is computed. The sum goes along the **classes**, the mean over the **examples**.

# %% [markdown]
# ## Yes or no
#
# *Is it a game?* has two answers, so one probability $p$ of *yes* is enough, and *no* has what is left. With $t = 1$ for yes and $t = 0$ for no:
#
# $$\ell = -\big(t \ln p + (1 - t) \ln (1 - p)\big)$$
#
# Read aloud: *surprise at p where the truth is yes, surprise at 1 − p where it is no.* This is **binary** cross-entropy (二元交叉熵). Four programs:

# %%
t = np.array([1.0, 0.0, 1.0, 0.0])
p_yes = np.array([0.9, 0.2, 0.4, 0.9])


def binary_crossentropy(t, p):
    return -(t * np.log(p) + (1 - t) * np.log(1 - p)).mean()


print(f"{binary_crossentropy(t, p_yes):.6f}")

# %% [markdown]
# It is the categorical one with two classes, *no* and *yes*:

# %%
two = np.stack([1 - p_yes, p_yes], axis=1)
print(f"{sparse_crossentropy(t.astype(int), two):.6f}")

# %% [markdown]
# It earns a name of its own where several questions are asked about one example: *a game? with sound? for children?* Each gets its own yes or no and its own `sigmoid`, several may be true, and the probabilities need not sum to 1.

# %% [markdown]
# ## The same in the library and in Keras

# %%
from course_lib import losses, parity
from course_lib.notebook import hold_against

keras = parity.quiet_keras()        # TensorFlow takes some seconds to load

# %%
for name, by_hand, given in [
    ("MeanSquaredError", mean_squared_error, (y_true, y_pred)),
    ("BinaryCrossentropy", binary_crossentropy, (t, p_yes)),
    ("CategoricalCrossentropy", categorical_crossentropy, (T, P)),
    ("SparseCategoricalCrossentropy", sparse_crossentropy, (labels, P)),
]:
    ours, theirs = getattr(losses, name)()(*given), float(getattr(keras.losses, name)()(*given))
    apart = max(abs(by_hand(*given) - ours), abs(ours - theirs))
    print(f"{name:30} {theirs:.4f}   equal to 6 decimals: {apart < 1e-6}")

# %% [markdown]
# ## What the number says
#
# The guess at the top. Knowing nothing means probability 1/10 for each class, whatever the truth is, so the loss is $-\ln \frac1{10} = \ln 10$. A network that nobody has trained yet:

# %%
fresh = network()
fresh.compile("sgd", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
loss, accuracy = fresh.evaluate(x_test, y_test, verbose=0)
print(f"ln 10 = {np.log(10):.3f}   untrained: loss {loss:.3f}, right on {accuracy:.0%}")

# %%
hold_against(guess, round(np.log(10), 1))

# %% [markdown]
# **ln 10 = 2.303 is the loss of someone who knows nothing about ten classes.** A classifier whose loss stays there has not learned; one that starts far above it has a bug or wild starting weights. For any number of classes, $e^{\text{loss}}$ translates back: *as unsure as somebody who wavers among so many classes.* It is called **perplexity** (困惑度), and language models are compared by it.

# %%
trained_loss, trained_accuracy = trained.evaluate(x_test, y_test, verbose=0)
for name, value in [("untrained", loss), ("trained", trained_loss)]:
    print(f"{name:10} loss {value:.2f}: as unsure as among {np.exp(value):.1f} classes")

# %% [markdown]
# One number for 1,000 descriptions also hides something. Here are the 1,000 numbers of which it is the mean:

# %%
P_test = trained.predict(x_test, verbose=0)
each = losses.sparse_categorical_crossentropy(y_test, P_test)
wrong = P_test.argmax(axis=1) != y_test

print(f"mean {each.mean():.2f}   median {np.median(each):.2f}   largest {each.max():.1f}")
print(f"{wrong.mean():.0%} of the answers are wrong; they bring {each[wrong].sum() / each.sum():.0%} of the loss")

# %% [markdown]
# Half of the descriptions cost next to nothing. The loss is made by the wrong answers, and most by those that are wrong and sure. This is how a loss can rise while the accuracy stays, as it did on the test descriptions in lesson 0.1: a few errors grow surer.

# %% [markdown]
# ## Why not squared error for a classifier
#
# Training asks the loss one thing: if I move this score a little, by how much do you change? This ratio, change of the loss over change of the score, is the **slope**; for many scores at once it is called the **gradient** (梯度). Where the slope is 0, training has no reason to move.
#
# One score $z$, the probability of yes $p = \sigma(z) = \frac{1}{1 + e^{-z}}$ (the `sigmoid`), and the truth is *yes*. We move $z$ by a millionth to each side:

# %%
from course_lib.activations import sigmoid


def slope(loss, z, h=1e-6):
    return (loss(z + h) - loss(z - h)) / (2 * h)


for z in np.array([-8.0, -4.0, 0.0, 4.0]):
    surprise = slope(lambda z: -np.log(sigmoid(z)), z)
    squared = slope(lambda z: (1 - sigmoid(z)) ** 2, z)
    print(f"z {z:4}   p {sigmoid(z):.4f}   cross-entropy {surprise:7.4f}   squared error {squared:7.4f}")

# %% [markdown]
# A negative slope says: *raise the score, and the loss will fall*; its size says how strongly. At $z = -8$ the answer is sure and wrong. Cross-entropy pulls with nearly all its strength, which is 1. Squared error pulls with less than a thousandth of that, as weakly as on an answer that is right. With $t$ for the truth, the two slopes are
#
# $$\text{cross-entropy: } p - t \qquad\qquad \text{squared error: } 2\,(p - t) \cdot p\,(1 - p)$$
#
# $p(1-p)$ is the slope of the sigmoid, and it is nearly 0 on both of its flat ends. In cross-entropy the logarithm cancels it. (Check a line of the table: at $z = -4$, $p - t = 0.018 - 1 = -0.982$.)

# %%
z = np.linspace(-8, 4, 121)
q = sigmoid(z)
plots.over_score(
    z,
    losses={"cross-entropy": -np.log(q), "squared error": (1 - q) ** 2},
    slopes={"cross-entropy": q - 1, "squared error": 2 * (q - 1) * q * (1 - q)},
    title="Where it is most wrong, squared error has no slope left",
)

# %% [markdown]
# What that means in steps: from a wrong score, move again and again against the slope, until the answer has turned.

# %%
def steps(z, slope_at):
    taken = 0
    while sigmoid(z) < 0.5:
        z, taken = z - slope_at(sigmoid(z)), taken + 1
    return taken


for start in np.array([-3.0, -6.0, -9.0]):
    surprise, squared = steps(start, lambda p: p - 1), steps(start, lambda p: 2 * (p - 1) * p * (1 - p))
    print(f"from z = {start:.0f}: {surprise:3} steps by cross-entropy, {squared:5,} by squared error")

# %% [markdown]
# Each 3 further down cost cross-entropy three more steps, and squared error ten to twenty times as many as before. It **stalls**.
#
# For several classes the rule stays as simple: the gradient of cross-entropy in the logits is *probabilities minus one-hot*. Three logits, the truth is class 1, and the library's own derivative beside it:

# %%
from course_lib.activations import softmax

logits = np.array([[2.0, 1.0, -1.0]])
print("p − t  ", (softmax(logits) - np.eye(3)[[1]]).round(3))
print("library", losses.SparseCategoricalCrossentropy(from_logits=True).gradient([1], logits).round(3))

# %% [markdown]
# Raise the right score, lower the others, each by as much as it is off.
#
# Be fair to squared error: a fresh network is unsure, not sure and wrong, so it learns from squared error as well, if the rate makes up for the smaller slopes. The text again, trained on one-hot rows at the rate from above and at ten times that rate:

# %%
for rate in (0.3, 3.0):
    model = network()
    train(model, "mean_squared_error", rate, y=np.eye(10)[y_train])
    print(f"squared error, rate {rate}: right on {model.evaluate(x_test, np.eye(10)[y_test], verbose=0)[1]:.0%}")
print(f"cross-entropy, rate 0.3: right on {trained_accuracy:.0%}")

# %% [markdown]
# The last two lines are some twenty descriptions of 1,000 apart: no ranking. What squared error lacks is the pull on answers that are sure and wrong.

# %% [markdown]
# ## A softmax that survives 1,000
#
# `softmax` (softmax激活函数) is $e^{z_j}$ divided by the sum of all $e^{z_k}$. Written as it stands:

# %%
def naive_softmax(z):
    e = np.exp(z)
    return e / e.sum(axis=-1, keepdims=True)


with np.errstate(all="ignore"):             # NumPy would warn; a program that runs at night has nobody to warn
    print(naive_softmax(np.array([2.0, 1.0, 0.0])).round(3))
    print(naive_softmax(np.array([1002.0, 1001.0, 1000.0])))

# %% [markdown]
# $e^{1000}$ has 435 digits and fits into no `float64`, so infinity is divided by infinity: `nan`, *not a number*. But the answer ought to be the one above: adding the same number $m$ to all scores changes nothing, because $e^{z+m} = e^z e^m$, and $e^m$ cancels. So **subtract the largest score of each row first**; then the largest exponent is 0.
#
# $$p_j = \frac{e^{z_j - \max z}}{\sum_k e^{z_k - \max z}}$$

# %%
def stable_softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


z = np.array([[2.0, 1.0, 0.0], [1002.0, 1001.0, 1000.0]])
print(stable_softmax(z).round(3))
apart = max(np.abs(stable_softmax(z) - other(z)).max() for other in (softmax, keras.ops.softmax))
print("ours, the library's and Keras's are equal to 6 decimals:", apart < 1e-6)

# %% [markdown]
# `axis=-1` and `keepdims=True`: maximum and sum belong to *one row*. Along the other axis the columns would sum to 1, and one example would decide about the next.

# %% [markdown]
# ## Scores instead of probabilities
#
# The softmax survives, the loss does not yet. Two classes, the wrong one ahead by 5, by 20, by 200. The true loss, $-\ln \frac{1}{e^{\text{lead}} + 1} = \ln(e^{\text{lead}} + 1)$, is almost exactly that lead. Keras can take probabilities, or the logits themselves with `from_logits=True`:

# %%
for lead in (5.0, 20.0, 200.0):
    scores, truth = np.array([[lead, 0.0]], "float32"), np.array([1])
    probabilities = softmax(scores)
    from_p = keras.losses.SparseCategoricalCrossentropy()(truth, probabilities)
    from_z = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(truth, scores)
    print(f"lead {lead:5}: p {probabilities[0, 1]:.1e}   from p {from_p:7.3f}   from logits {from_z:7.3f}")

# %% [markdown]
# $e^{-200}$ is smaller than the smallest `float32`; the probability became 0, and $-\ln 0$ would be infinite. Keras prevents that by **cutting** probabilities at its `epsilon` of $10^{-7}$, and $-\ln 10^{-7} = 16.118$. Many programs write `log(p + ε)` for the same purpose. Either way the loss has a cap, and where the cap is reached the slope is 0:

# %%
print("keras.config.epsilon() =", keras.config.epsilon(), f"  −ln of it: {-np.log(keras.config.epsilon()):.3f}")

z = np.linspace(-30, 5, 281)
q, eps = sigmoid(z), 1e-3
plots.over_score(
    z,
    losses={"from the score": -np.log(q), "cut at 1e-7": -np.log(q.clip(1e-7)), "log(p + 0.001)": -np.log(q + eps)},
    slopes={"from the score": q - 1, "cut at 1e-7": np.where(q < 1e-7, 0, q - 1),
            "log(p + 0.001)": -q * (1 - q) / (q + eps)},
    title="A floor under the logarithm caps the loss and ends its slope",
)

# %% [markdown]
# Left of the cap lie the worst errors of all, and nothing is learned from them. (A second, smaller fault: $-\ln(1 + \varepsilon)$ is below 0: a perfect answer gets a negative loss.) The remedy needs no ε. Put softmax and logarithm together, and most of it cancels:
#
# $$-\ln p_y = -\ln \frac{e^{z_y}}{\sum_k e^{z_k}} = \ln \sum_k e^{z_k} - z_y$$
#
# Read aloud: *the logarithm of the sum of all exponentials, minus the right score.* With the largest score subtracted first, nothing can overflow, and nothing is cut:

# %%
def crossentropy_from_logits(labels, z):
    z = z - z.max(axis=-1, keepdims=True)
    return (np.log(np.exp(z).sum(axis=-1)) - z[np.arange(len(z)), labels]).mean()


for lead in (5.0, 20.0, 200.0, 1000.0):
    print(f"lead {lead:6}: {crossentropy_from_logits([1], np.array([[lead, 0.0]])):9.3f}")

# %% [markdown]
# For yes or no the same is true: written with the score $z$, binary cross-entropy is $\max(z, 0) - t\,z + \ln(1 + e^{-|z|})$, and no exponent in it is above 0. You will write it in the exercises.
#
# Then why do so many programs, the one of lesson 0.1 among them, end in `softmax` and still train well? Because Keras keeps the logits beside the output of a last softmax, and its losses look for them before they look at the probabilities. An array that came from `predict` has lost them:

# %%
model = keras.Sequential([keras.layers.Input((2,)), keras.layers.Activation("softmax")])
loss_of = keras.losses.SparseCategoricalCrossentropy()
model.compile(loss=loss_of)

scores, truth = np.array([[1000.0, 0.0]], "float32"), np.array([1])
print(f"evaluate:          {model.evaluate(scores, truth, verbose=0):9.3f}")
print(f"loss of a predict: {loss_of(truth, model.predict(scores, verbose=0)):9.3f}")

# %% [markdown]
# Two right ways, then: softmax in the last layer and the plain loss, or no activation there and `from_logits=True`. What happens to those who mix them comes after the next picture.

# %% [markdown]
# ## Turn the knob
#
# Before its softmax, divide all scores by one number, the **temperature** (温度). The scores below are the network's for the description above.
#
# **At which temperature is the loss smallest, if *games* is right, as it is? And if *python* were, or *fonts*? Can the temperature make another class win?**

# %%
from course_lib.widgets import SoftmaxDial

run = layers.Pass()                                 # keeps what the layers compute on the way
trained(x_test[921:922], run=run)
scores = trained.output_layer.logits(run)[0]        # what went into the last softmax
dial = SoftmaxDial(scores, classes, right="games")
dial

# %%
temperatures = np.arange(1, 151) / 10
for name in ("games", "python", "fonts"):
    curve = [dial.compute(temperature, name)["loss"] for temperature in temperatures]
    print(f"{name:7} smallest at {temperatures[np.argmin(curve)]:4}: loss {min(curve):.2f}   at 1: {curve[9]:.2f}")

# %% [markdown]
# For *python*, the winner, the colder the better: near 0 it gets everything. For *fonts*, whose score lies below the mean of the ten, the warmer the better, and its loss only comes down towards ln 10, which is the end of all warming. *games* stands between: a warm answer serves it best, a little better than knowing nothing. Nobody else ever wins, because division leaves the order as it is. **Temperature changes how sure an answer is, not which one it is.** One temperature for all examples, chosen on unseen data, makes sure models honest (Guo et al., below); lesson 2.2 uses it to generate text.

# %% [markdown]
# ## Break it: softmax twice
#
# Somebody ends the model in a softmax layer, and its last `Dense` has a softmax already. No error, no warning:

# %%
doubled = network(layers.Activation("softmax", dtype="float64"))
twice = train(doubled, "sparse_categorical_crossentropy")

floor = -np.log(np.e / (np.e + 9))
plots.bug_on_curve(
    {"softmax once": once, "softmax twice": twice},
    title=f"Softmax twice: slow, and never below {floor:.2f}",
    levels=[(floor, f"as low as it can get: {floor:.3f}")],
)

# %% [markdown]
# Why this line? The second softmax receives probabilities, numbers from 0 to 1. At best it gets 1 for the right class and 0 for nine others, and answers $\frac{e^1}{e^1 + 9 e^0} = 0.23$. **Even a perfect network has a loss of 1.461, and the worst one only 2.461.** All of training happens within one unit of loss. And slow: where training starts, near 1/10 for every class, the first softmax lets only about a tenth of the slopes through. Here is the length of the whole gradient, all weights together, before the first step:

# %%
for name, model in [("once", network()), ("twice", network(layers.Activation("softmax", dtype="float64")))]:
    model.compile("sgd", loss="sparse_categorical_crossentropy")
    model.loss_and_gradient(model.as_input(x_train), y_train)
    print(f"softmax {name:5}: length {np.sqrt(sum((g**2).sum() for g in model.gradients)):.3f}")

# %% [markdown]
# And the answers?

# %%
print(f"after 2 epochs: right on {once['accuracy'][1]:.0%} with one softmax, on {twice['accuracy'][1]:.0%} with two")
for name, model in [("once", trained), ("twice", doubled)]:
    print(f"softmax {name}: right on {model.evaluate(x_test, y_test, verbose=0)[1]:.0%} of the unseen descriptions")

# %% [markdown]
# The last two lines are why this bug lives long: in the end the answers are about as often right. What is broken is the speed, and every probability that the model reports. Its name is **double softmax**; its sign is a loss that never gets below $\ln(1 + 9/e)$, here 1.46, while the accuracy is fine.
#
# The usual way into it is a softmax in the last layer together with `from_logits=True`. Keras notices that, warns, and uses the logits. It cannot notice a softmax of your own, or two layers of them:

# %%
import warnings

for name, more, from_logits in [
    ("from_logits=True over a softmax", [], True),
    ("two softmax layers", [keras.layers.Softmax()], False),
]:
    model = keras.Sequential([keras.layers.Dense(10, "softmax"), *more])
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=from_logits))
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        model.train_on_batch(x_train[:100], y_train[:100])
    print(f"{name:32} Keras warns: {any('logits' in str(one.message) for one in said)}")

# %% [markdown]
# ## Break it: the sum for the mean
#
# The formulas above end in a mean. Somebody writes `.sum()`:

# %%
for n in (1, 10, 100):
    P_n = fresh.predict(x_train[:n], verbose=0)
    mean, total = (losses.SparseCategoricalCrossentropy(reduction=how)(y_train[:n], P_n) for how in ("mean", "sum"))
    print(f"batch of {n:3}: mean {mean:5.2f}   sum {total:6.2f}")

# %% [markdown]
# The mean says the same about every batch size; the sum grows with the batch, and so does its gradient. The step of training grows with it:

# %%
for how, rate in [("mean", 0.3), ("sum", 0.3), ("sum", 0.003)]:
    model = network()
    history = train(model, losses.SparseCategoricalCrossentropy(reduction=how), rate, epochs=4)
    print(f"{how:4} at rate {rate:<5}: accuracy about", *(f"{round(a, 1):.0%}" for a in history["accuracy"]))

# %% [markdown]
# With batches of 100, a sum at rate 0.3 takes steps a hundred times too long, and the network ends where it knows nothing. At a hundredth of the rate the sum *is* the mean. **A rate that must be changed whenever the batch size is: look for a sum.** (And a mean over everything, classes included, errs the other way: for ten classes the loss is ten times too small.)

# %% [markdown]
# ## Choosing a loss
#
# How to choose a loss (如何选择合适的损失函数)? Ask what the answer is, then read the row. The last column leads to the cells that show it.
#
# | the answer is | last layer | loss | in Keras | shown under |
# |---|---|---|---|---|
# | a number | 1 unit, no activation | squared error (均方误差) | `"mean_squared_error"` | [Squared error for numbers](#Squared-error-for-numbers) |
# | yes or no, once or several times | 1 unit a question, `sigmoid` | binary cross-entropy (二元交叉熵) | `"binary_crossentropy"` | [Yes or no](#Yes-or-no) |
# | one class of several, labels are class numbers | 1 unit a class, `softmax` | sparse cross-entropy (稀疏交叉熵) | `"sparse_categorical_crossentropy"` | [One class of several](#One-class-of-several) |
# | the same, labels are one-hot rows or probabilities | 1 unit a class, `softmax` | cross-entropy (交叉熵) | `"categorical_crossentropy"` | [One class of several](#One-class-of-several) |
# | one of the three rows above, with scores that may grow large | the same units, no activation | the same loss on logits | `from_logits=True` | [Scores instead of probabilities](#Scores-instead-of-probabilities) |
#
# Why not squared error in the lower rows: [Why not squared error for a classifier](#Why-not-squared-error-for-a-classifier).

# %% [markdown]
# ## What it costs
#
# A loss from logits takes about five operations a class: subtract, exponentiate, add, divide, subtract the one-hot. Beside the layers, counted with the formula of lesson 1.1, that is nothing:

# %%
widths, n = [1000, 16, 10], 100
layers_take = sum(2 * n * d * u for d, u in zip(widths, widths[1:]))
print(f"a batch of {n}: layers {layers_take:,} FLOPs, loss {5 * n * 10:,}")

# %% [markdown]
# What can cost is the *labels*. A language model chooses among 50,000 tokens, at each of 1,024 places of 32 texts:

# %%
places, tokens = 32 * 1024, 50_000
print(f"class numbers: {4 * places / 1e6:.1f} MB   one-hot rows: {4 * places * tokens / 1e9:.1f} GB")

# %% [markdown]
# Therefore *sparse*. (The same table in floats is what the model puts out anyway, its logits; one does not want a second one.)

# %% [markdown]
# ## Remember
#
# - A loss is one number. For numbers: the mean of squared errors. For classes: the mean of $-\ln p_{\text{right}}$, with gradient $p - t$ in the logits; ln 10 means *knows nothing about ten classes*.
# - Subtract the row's maximum before you exponentiate; compute the loss from logits; one softmax, not two.
# - Where it breaks: a log with an ε under it learns nothing from its worst errors; a double softmax over ten classes never gets below $\ln(1 + 9/e)$; a sum ties the rate to the batch size.
#
# Left out: how the slope reaches the weights (1.3), losses that mind outliers less, such as `Huber`, and losses with a margin (both are in `course_lib.losses`), and targets softened on purpose, `label_smoothing`.
#
# **Now you:** [exercises for this lesson](../../exercises/1_training/1_2_losses.ipynb).
#
# Sources: Goodfellow, Bengio and Courville, *Deep Learning* (2016), sections 4.1 and 6.2. Bridle, *Probabilistic interpretation of feedforward classification network outputs* (1990). Guo et al., *On calibration of modern neural networks* (2017). The Keras documentation of [probabilistic losses](https://keras.io/api/losses/probabilistic_losses/).
