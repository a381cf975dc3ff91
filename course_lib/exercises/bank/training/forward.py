"""A network is layers in a row

**Goal.** Send examples through a whole network, layer after layer.

**Given.** (Arrays are NumPy arrays.)
- `x`: the examples, shape `(n, d)`.
- `layers`: a list of pairs `(kernel, bias)`, from the first layer to the last. It has at least one pair.

**Write** `forward(x, layers)`. Each layer computes `h @ kernel + bias`, where `h` is what the layer before it gave
(for the first layer, `x`). Apply ReLU after every layer except the last: the last gives raw scores, called *logits*.

**Returns** the logits, an array of shape `(n, classes)`, where `classes` is the width of the last layer.

**Example.** One row, `x = [[1, 2]]`, and two layers.
The first has the kernel `[[1, -1, 0], [1, 0, -1]]` and the bias `[0, 2, 1]`.
The second has the kernel `[[1, 2], [0, -1], [3, 1]]` and the bias `[-5, 0]`.
The first gives [3, 1, -1], and after ReLU [3, 1, 0]. The second gives [3 - 5, 6 - 1] = `[-2, 5]`.
The -2 stays: there is no ReLU after the last layer.

**Check** with `q.check(forward)`.
"""

import numpy as np

from course_lib.exercises import Case, Exercise


def forward(x, layers):
    """Logits of layers [(kernel, bias), ...] with ReLU between them, for x of shape (n, d). Returns (n, classes)."""
    h = x
    for kernel, bias in layers[:-1]:
        h = np.maximum(h @ kernel + bias, 0)
    kernel, bias = layers[-1]
    return h @ kernel + bias


def by_hand(x, layers):
    h, said = x[:1], []
    for i, (kernel, bias) in enumerate(layers):
        z = h @ kernel + bias
        h = np.maximum(z, 0) if i < len(layers) - 1 else z
        said.append(
            f"layer {i + 1} gives {np.round(z[0], 3).tolist()}"
            + ("" if h is z else f", ReLU {np.round(h[0], 3).tolist()}")
        )
    return f"The first row is {np.round(x[0], 3).tolist()}: " + "; ".join(said) + "."


def network(rng, *widths):
    return [(rng.normal(size=(a, b)), rng.normal(size=b)) for a, b in zip(widths, widths[1:])]


FIRST = (np.array([[1.0, -1.0, 0.0], [1.0, 0.0, -1.0]]), np.array([0.0, 2.0, 1.0]))
LAST = (np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 1.0]]), np.array([-5.0, 0.0]))

exercise = Exercise(
    forward,
    cases=[
        Case("one row, two layers", np.array([[1.0, 2.0]]), [FIRST, LAST]),
        Case("three rows, two layers", np.array([[1.0, 2.0], [-3.0, 1.0], [0.5, -4.0]]), [FIRST, LAST]),
        Case("a single layer", np.array([[1.0, -2.0], [0.0, 5.0], [-1.0, -1.0], [2.0, 0.5]]), [FIRST]),
        Case(
            "three layers",
            np.array([[1.0, -2.0, 3.0, 0.5], [-1.0, 0.0, 2.0, -0.5]]),
            network(np.random.default_rng(3), 4, 5, 3, 2),
        ),
        Case(
            "layers of one width",
            np.array([[1.0, -2.0, 0.5], [3.0, 0.0, -1.0]]),
            network(np.random.default_rng(5), 3, 3, 3, 3),
        ),
        Case(
            "four layers, large numbers",
            1e3 * np.array([[1.0, -2.0], [3.0, 0.25], [-1.0, -1.0]]),
            network(np.random.default_rng(7), 2, 4, 6, 5, 3),
        ),
    ],
    random_case=lambda rng: (rng.normal(size=(3, 4)), network(rng, 4, 5, 3, 2)),
    hints=[
        "The output of one layer is the input of the next, so one variable is enough. "
        "For how many of the layers does ReLU follow?",
        by_hand,
        "Go through `layers[:-1]` with `h = np.maximum(h @ kernel + bias, 0)`. "
        "Then take `kernel, bias = layers[-1]` and return the sum without ReLU.",
    ],
)


@exercise.mistake
def no_activation(x, layers):
    """There is no activation between the layers, so all of them are one linear layer. What must stand between two?"""
    for kernel, bias in layers:
        x = x @ kernel + bias
    return x


@exercise.mistake
def activation_after_logits(x, layers):
    """ReLU also follows the last layer, so no logit can be negative. For which layers should it be left out?"""
    for kernel, bias in layers:
        x = np.maximum(x @ kernel + bias, 0)
    return x


@exercise.mistake
def activation_only_first(x, layers):
    """Only the first layer is followed by ReLU. What follows the other hidden layers?"""
    for i, (kernel, bias) in enumerate(layers):
        x = x @ kernel + bias
        if i == 0 and len(layers) > 1:
            x = np.maximum(x, 0)
    return x


@exercise.mistake
def softmax_at_the_end(x, layers):
    """Your rows are probabilities: there is a softmax at the end. Logits are raw scores: what gives them?"""
    z = forward(x, layers)
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@exercise.mistake
def biases_forgotten(x, layers):
    """The biases are missing. Each pair holds a kernel and a bias: where is the second used?"""
    return forward(x, [(kernel, 0 * bias) for kernel, bias in layers])


@exercise.mistake
def bias_after_activation(x, layers):
    """The biases are added after ReLU. ReLU should see the whole sum: what stands inside `np.maximum`?"""
    for kernel, bias in layers[:-1]:
        x = np.maximum(x @ kernel, 0) + bias
    kernel, bias = layers[-1]
    return x @ kernel + bias


@exercise.mistake
def last_layer_left_out(x, layers):
    """The last layer is left out: you return what the hidden layers gave. What makes class scores of it?"""
    for kernel, bias in layers[:-1]:
        x = np.maximum(x @ kernel + bias, 0)
    return x


@exercise.mistake
def first_layer_only(x, layers):
    """You return what the first layer gives. How can the other layers follow?"""
    kernel, bias = layers[0]
    z = x @ kernel + bias
    return np.maximum(z, 0) if len(layers) > 1 else z


@exercise.mistake
def activation_of_the_input(x, layers):
    """ReLU is applied to what goes into a layer, so the input x is cut as well. After which layers does it come?"""
    for kernel, bias in layers:
        x = np.maximum(x, 0) @ kernel + bias
    return x


@exercise.mistake
def always_the_input(x, layers):
    """Each layer gets x itself, not what the layer before it gave. Which variable must the next layer multiply?"""
    for kernel, bias in layers[:-1]:
        h = np.maximum(x @ kernel + bias, 0)  # noqa: F841
    kernel, bias = layers[-1]
    return x @ kernel + bias


@exercise.mistake
def two_layers_only(x, layers):
    """You use two layers, whatever the list holds. How can a loop go through as many as there are?"""
    (kernel, bias), (kernel_out, bias_out) = layers
    return np.maximum(x @ kernel + bias, 0) @ kernel_out + bias_out
