"""One neuron, several examples

**Goal.** Compute what a neuron answers: a weighted sum, a bias, an activation.

**Given.** (Arrays are NumPy arrays.)
- `x`: the examples, shape `(n, d)`. Each row is one example with `d` features.
- `w`: one weight for each feature, shape `(d,)`.
- `b`: the bias, one number.

**Write** `neuron(x, w, b)`. For each row, multiply the features by the weights and add them up. Add the bias.
Apply ReLU: a negative result becomes 0, any other stays as it is.

**Returns** an array of shape `(n,)`: one number for each example.

**Example.**
`x = [[1, 2], [0, 3], [3, 1]]`, `w = [2, -1]`, `b = 1`.
The first row gives 1·2 + 2·(-1) + 1 = 1. The second gives -2, which becomes 0. The third gives 6.
The answer is `[1, 0, 6]`.

**Check** with `q.check(neuron)`.
"""

import numpy as np

from course_lib.exercises import Case, Exercise


def neuron(x, w, b):
    """ReLU of the weighted sum of each row of x, plus b. Shapes: x (n, d), w (d,), b a number; returns (n,)."""
    z = x @ w + b
    return np.maximum(z, 0)


def by_hand(x, w, b):
    terms = " + ".join(f"({a:g})*({c:g})" for a, c in zip(x[0], w))
    z = float(x[0] @ w + b)
    return f"First row: {terms} + ({b:g}) = {z:g}. Then ReLU: max(0, {z:g}) = {max(0.0, z):g}."


exercise = Exercise(
    neuron,
    cases=[
        Case("three rows, two features", np.array([[1.0, 2.0], [0.0, 3.0], [3.0, 1.0]]), np.array([2.0, -1.0]), 1.0),
        Case("a batch of one", np.array([[2.0, 0.0, -1.0]]), np.array([1.0, 5.0, 3.0]), 4.0),
        Case("a negative bias", np.array([[1.0, 1.0, 2.0], [4.0, 0.0, -1.0]]), np.array([2.0, -1.0, 0.5]), -3.0),
        Case("only negative sums", np.array([[-1.0, -2.0], [-3.0, 0.5], [-0.5, -0.5]]), np.array([1.0, 2.0]), -0.25),
        Case("one feature", np.array([[3.0], [-2.0], [0.5], [10.0]]), np.array([-2.0]), 1.5),
        Case("large numbers", np.array([[1e4, -2e4, 5.0], [3e4, 1e4, 1e-3]]), np.array([3.0, 1.0, -2.0]), 0.5),
    ],
    random_case=lambda rng: (rng.normal(size=(4, 3)), rng.normal(size=3), rng.normal()),
    hints=[
        "A neuron takes three steps, in this order: weighted sum, bias, activation. "
        "Which NumPy operator makes the weighted sum of all rows at once?",
        by_hand,
        "`x @ w + b` has one number for each row. `np.maximum(z, 0)` replaces the negative ones by 0.",
    ],
)


@exercise.mistake
def bias_forgotten(x, w, b):
    """The bias is missing. Without it, what does a neuron answer when all features are 0, whatever its weights?"""
    return np.maximum(x @ w, 0)


@exercise.mistake
def no_activation(x, w, b):
    """Your answer is the weighted sum itself: the activation is missing. What does ReLU do with a negative sum?"""
    return x @ w + b


@exercise.mistake
def bias_after_activation(x, w, b):
    """You add the bias after the activation. ReLU should see the whole sum: what must stand inside `np.maximum`?"""
    return np.maximum(x @ w, 0) + b


@exercise.mistake
def bias_for_each_feature(x, w, b):
    """The bias is added once for each feature, so it counts d times. Should it be added before or after the sum?"""
    return np.maximum((x * w + b).sum(axis=1), 0)


@exercise.mistake
def not_summed(x, w, b):
    """You multiply by the weights, but do not add up: each row still has d numbers. Which operator does both?"""
    return np.maximum(x * w + b, 0)


@exercise.mistake
def summed_over_examples(x, w, b):
    """You sum over the rows, so examples are mixed. Each row is one example: along which axis are its features?"""
    return np.maximum((x * w).sum(axis=0) + b, 0)


@exercise.mistake
def activation_for_each_feature(x, w, b):
    """You cut each product to 0 before the sum. ReLU comes last: what should it be applied to?"""
    return np.maximum(x * w, 0).sum(axis=1) + b


@exercise.mistake
def absolute_value(x, w, b):
    """You take the absolute value. ReLU turns -2 into 0, not into 2: what is the difference to `np.maximum(z, 0)`?"""
    return np.abs(x @ w + b)


@exercise.mistake
def sigmoid_for_relu(x, w, b):
    """You apply the sigmoid, which gives numbers between 0 and 1. This neuron uses ReLU: what does it do with 6?"""
    return 1 / (1 + np.exp(-(x @ w + b)))


@exercise.mistake
def python_max(x, w, b):
    """Python's `max` compares two whole arrays. Which NumPy function takes the larger number place by place?"""
    return max(x @ w + b, 0)


@exercise.mistake
def wrong_order(x, w, b):
    """`w @ x` needs as many rows as there are weights. Each row of x is one example: which factor must come first?"""
    return np.maximum(w @ x + b, 0)


@exercise.mistake
def activation_of_the_input(x, w, b):
    """You apply ReLU to the inputs. It belongs to the weighted sum plus the bias: what should `np.maximum` see?"""
    return np.maximum(x, 0) @ w + b
