"""A whole layer

**Goal.** Compute a dense layer: many neurons that look at the same examples.

**Given.** (Arrays are NumPy arrays.)
- `x`: the examples, shape `(n, d)`. Each row is one example.
- `kernel`: the weights, shape `(d, units)`. Each column belongs to one neuron.
- `bias`: shape `(units,)`. One number for each neuron.
- `activation`: a function that takes an array and returns an array of the same shape, or `None` for none.

**Write** `dense(x, kernel, bias, activation=None)`. Compute `z`, the weighted sums plus the biases.
Return `activation(z)`. When the activation is `None`, return `z` itself, as Keras does.

**Returns** an array of shape `(n, units)`: a row for each example, a column for each neuron.

**Example.**
`x = [[1, 2], [0, 1], [3, 1]]`, `kernel = [[2, 0, 1], [-1, 1, 1]]`, `bias = [1, 0, -4]`, no activation.
The first row of `z` is [1·2 + 2·(-1) + 1, 1·0 + 2·1 + 0, 1·1 + 2·1 - 4] = `[1, 2, -1]`.
With ReLU as activation it becomes `[1, 2, 0]`.

**Check** with `q.check(dense)`.
"""

import numpy as np

from course_lib.exercises import Case, Exercise
from course_lib.text.words import counted


def dense(x, kernel, bias, activation=None):
    """activation(x @ kernel + bias). Shapes: x (n, d), kernel (d, units), bias (units,); returns (n, units)."""
    z = x @ kernel + bias
    if activation is None:
        return z
    return activation(z)


def relu(z):
    return np.maximum(z, 0)


def by_hand(x, kernel, bias, activation=None):
    terms = " + ".join(f"({a:.3g})*({c:.3g})" for a, c in zip(x[0], kernel[:, 0]))
    z = float(x[0] @ kernel[:, 0] + bias[0])
    last = (
        "There is no activation, so that is the answer" if activation is None else f"Then {activation.__name__} of it"
    )
    size = counted(len(bias), "number")
    return f"First example, first neuron: {terms} + ({bias[0]:.3g}) = {z:.4g}. {last}. The bias has {size}."


X = np.array([[1.0, 2.0], [0.0, 1.0], [3.0, 1.0]])
KERNEL = np.array([[2.0, 0.0, 1.0, 0.5], [-1.0, 1.0, 1.0, -2.0]])
BIAS = np.array([1.0, 0.0, -4.0, 2.0])

exercise = Exercise(
    dense,
    cases=[
        Case("three neurons, no activation", X, KERNEL[:, :3], BIAS[:3]),
        Case("four neurons, no activation", X, KERNEL, BIAS),
        Case("four neurons, ReLU", X, KERNEL, BIAS, relu),
        Case(
            "a batch of one, tanh",
            np.array([[0.5, -1.0, 2.0]]),
            np.array([[1.0, 0.5], [0.0, -1.0], [0.25, 2.0]]),
            np.array([0.5, -1.5]),
            np.tanh,
        ),
        Case("one neuron", X, KERNEL[:, :1], BIAS[2:3], relu),
        Case("activation by its name", x=X[:2], kernel=-KERNEL, bias=BIAS + 1, activation=np.tanh),
        Case(
            "large numbers",
            np.array([[1e4, -3e3, 2.0]]) * np.ones((5, 1)) * np.arange(1, 6)[:, None],
            np.array([[1.0, -2.0], [0.5, 3.0], [100.0, 1e-3]]),
            np.array([7.0, -9.0]),
            relu,
        ),
    ],
    random_case=lambda rng: (rng.normal(size=(5, 3)), rng.normal(size=(3, 4)), rng.normal(size=4), np.tanh),
    hints=[
        "Each column of the kernel is one neuron. You know how `x @ w + b` answers for one of them; "
        "what changes when w has several columns?",
        by_hand,
        "`z = x @ kernel + bias` has shape (n, units). Then call the activation on z, unless it is None.",
    ],
)


@exercise.mistake
def kernel_first(x, kernel, bias, activation=None):
    """You wrote `kernel @ x`. Rows of x are examples, columns of the kernel are neurons: which factor comes first?"""
    z = kernel @ x + bias
    return z if activation is None else activation(z)


@exercise.mistake
def kernel_transposed(x, kernel, bias, activation=None):
    """You transposed the kernel. It has shape (d, units) already: which axis of x has the same length as its first?"""
    z = x @ kernel.T + bias
    return z if activation is None else activation(z)


@exercise.mistake
def bias_as_a_column(x, kernel, bias, activation=None):
    """The bias stands as a column (units, 1), so it is added down the examples. Which shape fits the rows of z?"""
    z = x @ kernel + bias[:, None]
    return z if activation is None else activation(z)


@exercise.mistake
def bias_forgotten(x, kernel, bias, activation=None):
    """The bias is missing. Each neuron has one of its own: where is it added?"""
    z = x @ kernel
    return z if activation is None else activation(z)


@exercise.mistake
def activation_before_bias(x, kernel, bias, activation=None):
    """The activation comes before the bias. It should see the whole sum: what does z have to hold when you call it?"""
    z = x @ kernel
    return (z if activation is None else activation(z)) + bias


@exercise.mistake
def activation_ignored(x, kernel, bias, activation=None):
    """The activation has no effect on your answer. It is a function: what do you pass to it, and what do you return?"""
    return x @ kernel + bias


@exercise.mistake
def activation_of_the_input(x, kernel, bias, activation=None):
    """You apply the activation to the inputs. Does it belong before the weighted sum, or after it?"""
    return (x if activation is None else activation(x)) @ kernel + bias


@exercise.mistake
def none_not_handled(x, kernel, bias, activation=None):
    """You call the activation even when it is None. What should the layer return when there is no activation?"""
    return activation(x @ kernel + bias)


@exercise.mistake
def activation_twice(x, kernel, bias, activation=None):
    """The activation is applied twice. ReLU hides that, tanh does not: where is the second call?"""
    z = x @ kernel + bias
    return z if activation is None else activation(activation(z))


@exercise.mistake
def always_relu(x, kernel, bias, activation=None):
    """You always apply ReLU, whichever activation was passed. Which function should be called instead?"""
    return np.maximum(x @ kernel + bias, 0)


@exercise.mistake
def bias_in_each_product(x, kernel, bias, activation=None):
    """The bias is added once for each feature, so it counts d times. Should it stand inside the sum, or after it?"""
    z = (x[:, :, None] * kernel + bias).sum(axis=1)
    return z if activation is None else activation(z)


@exercise.mistake
def one_bias_for_all(x, kernel, bias, activation=None):
    """You add the same number of the bias to every column. Each neuron has its own: what is the shape of `bias`?"""
    z = x @ kernel + bias[0]
    return z if activation is None else activation(z)
