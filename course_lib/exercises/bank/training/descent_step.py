"""One step downhill

**Goal.** Write step 3 of gradient descent, "update the parameters", for weights and bias at once.

**Given.**
- `weights`: a NumPy array of floats, shape `(d,)` for a neuron or `(d, units)` for a layer.
- `bias`: a number for a neuron, an array of shape `(units,)` for a layer.
- `gradient_fn`: a function. `gradient_fn(weights, bias)` returns the pair `(d_weights, d_bias)`: the gradients of the
  loss at that point, of the same shapes as weights and bias.
- `learning_rate`: a number, α in the formulas.

**Write** `descent_step(weights, bias, gradient_fn, learning_rate)`. Take one step:
- new weights = weights − α · d_weights
- new bias = bias − α · d_bias

Take both gradients at the old point, before anything has moved. Leave the caller's arrays as they are: make new ones.

**Returns** a pair `(new_weights, new_bias)`, of the same shapes as before.

**Example.** `weights = [2, -1]`, `bias = 3`, `learning_rate = 0.1`,
`gradient_fn = lambda weights, bias: (2 * weights + bias, np.sum(weights) + 4 * bias)`.
At this point the gradients are `[7, 1]` and 13.
New weights: [2 - 0.1·7, -1 - 0.1·1] = [1.3, -1.1]. New bias: 3 - 0.1·13 = 1.7. The answer is `([1.3, -1.1], 1.7)`.

**Check** with `q.check(descent_step)`.
"""

import numpy as np

from course_lib.exercises import Case, Exercise


def descent_step(weights, bias, gradient_fn, learning_rate):
    """(new weights, new bias), both by the gradients at the old point. Shapes stay as they are."""
    d_weights, d_bias = gradient_fn(weights, bias)
    return weights - learning_rate * d_weights, bias - learning_rate * d_bias


def by_hand(weights, bias, gradient_fn, learning_rate):
    d_weights, d_bias = gradient_fn(weights, bias)
    w, dw = np.ravel(weights)[0], np.ravel(d_weights)[0]
    b, db = np.ravel(bias)[0], np.ravel(d_bias)[0]
    return (
        f"The first weight is {w:.4g}, its gradient {dw:.4g}: {w:.4g} - {learning_rate:g}*({dw:.4g}) = "
        f"{w - learning_rate * dw:.5g}. The {'first ' * bool(np.ndim(bias))}bias is {b:.4g}, its gradient at the old "
        f"weights {db:.4g}: {b:.4g} - {learning_rate:g}*({db:.4g}) = {b - learning_rate * db:.5g}."
    )


# Each gradient depends on weights and bias together, so it shows at which of them it was taken. That of the longer
# valley depends for each weight on all the others as well.


def of_a_neuron(weights, bias):
    return 2 * weights + bias, np.sum(weights) + 4 * bias


def of_a_longer_valley(weights, bias):
    return 2 * weights + np.sum(weights) - bias + 3, 2 * bias - np.sum(weights) - 1


def of_a_layer(weights, bias):
    return weights + bias - 1, np.sum(weights, axis=0) + 3 * bias


exercise = Exercise(
    descent_step,
    cases=[
        Case("a neuron of two weights", np.array([2.0, -1.0]), 3, of_a_neuron, 0.1),
        Case("a larger rate", np.array([0.5, 1.0]), -1.0, of_a_neuron, 0.5),
        Case("one weight", np.array([0.25]), 1.5, of_a_longer_valley, 0.2),
        Case(
            "a layer of two neurons",
            np.array([[1.0, -0.5], [0.5, 2.0], [-1.0, 0.25]]),
            np.array([0.5, -2.0]),
            of_a_layer,
            0.05,
        ),
        Case(
            "a layer of four neurons",
            np.array([[1.0, -0.5, 2.0, 0.0], [0.5, 0.0, -1.5, 1.0]]),
            np.array([0.5, 1.0, 0.25, -2.0]),
            of_a_layer,
            0.03,
        ),
        Case("a tiny rate", np.array([2.0, -1.0]), 3.0, of_a_neuron, 1e-6).within(1e-9),
        Case("large weights", np.array([2e4, -1e4, 3e3, 500.0]), -7e3, of_a_longer_valley, 0.25),
    ],
    random_case=lambda rng: (
        rng.normal(size=4),
        float(rng.normal()),
        of_a_longer_valley,
        float(rng.uniform(0.02, 0.3)),
    ),
    hints=[
        "Call `gradient_fn` once, before anything has moved. What does it return, and in which order?",
        by_hand,
        "`d_weights, d_bias = gradient_fn(weights, bias)`, then `return weights - learning_rate * d_weights, ...`.",
    ],
)


@exercise.mistake
def uphill(weights, bias, gradient_fn, learning_rate):
    """Your step goes uphill: it is added. The gradient points to where the loss grows, so which sign leads down?"""
    return descent_step(weights, bias, gradient_fn, -learning_rate)


@exercise.mistake
def learning_rate_forgotten(weights, bias, gradient_fn, learning_rate):
    """The step is the whole gradient here: the learning rate is missing. What is the gradient multiplied by?"""
    return descent_step(weights, bias, gradient_fn, 1)


@exercise.mistake
def gradient_anew_for_the_bias(weights, bias, gradient_fn, learning_rate):
    """The gradient of the bias is taken where the weights have moved already. At which point are both taken?"""
    weights = weights - learning_rate * gradient_fn(weights, bias)[0]
    return weights, bias - learning_rate * gradient_fn(weights, bias)[1]


@exercise.mistake
def gradient_anew_for_the_weights(weights, bias, gradient_fn, learning_rate):
    """The gradient of the weights is taken where the bias has moved already. At which point are both taken?"""
    bias = bias - learning_rate * gradient_fn(weights, bias)[1]
    return weights - learning_rate * gradient_fn(weights, bias)[0], bias


@exercise.mistake
def in_place(weights, bias, gradient_fn, learning_rate):
    """The numbers are right, but `-=` changes the caller's own arrays. How do you write a difference that makes a new
    one?"""
    d_weights, d_bias = gradient_fn(weights, bias)
    weights -= learning_rate * d_weights
    bias -= learning_rate * d_bias
    return weights, bias


@exercise.mistake
def weights_in_place(weights, bias, gradient_fn, learning_rate):
    """The numbers are right, but you change the caller's `weights`. How do you write a difference that makes a new
    array?"""
    d_weights, d_bias = gradient_fn(weights, bias)
    weights -= learning_rate * d_weights
    return weights, bias - learning_rate * d_bias


@exercise.mistake
def gradient_of_the_other(weights, bias, gradient_fn, learning_rate):
    """The gradient that is used here belongs to the other of the two. Which one does `gradient_fn` return first?"""
    d_bias, d_weights = gradient_fn(weights, bias)
    return weights - learning_rate * d_weights, bias - learning_rate * d_bias


@exercise.mistake
def results_exchanged(weights, bias, gradient_fn, learning_rate):
    """Both results are right, but in the other order. What does the pair name first?"""
    return descent_step(weights, bias, gradient_fn, learning_rate)[::-1]


@exercise.mistake
def divided_by_the_rate(weights, bias, gradient_fn, learning_rate):
    """You divide by the learning rate, so a smaller one makes longer steps. What should it do to the gradient?"""
    return descent_step(weights, bias, gradient_fn, 1 / learning_rate)


@exercise.mistake
def sign_of_the_gradient(weights, bias, gradient_fn, learning_rate):
    """All your numbers move equally far: only the sign of the gradient counts. What should a steeper slope do?"""
    d_weights, d_bias = gradient_fn(weights, bias)
    return weights - learning_rate * np.sign(d_weights), bias - learning_rate * np.sign(d_bias)


@exercise.mistake
def rate_times_all(weights, bias, gradient_fn, learning_rate):
    """You multiply the whole difference by the rate, so the old weights shrink too. What does the rate belong to?"""
    d_weights, d_bias = gradient_fn(weights, bias)
    return learning_rate * (weights - d_weights), learning_rate * (bias - d_bias)


@exercise.mistake
def bias_as_it_was(weights, bias, gradient_fn, learning_rate):
    """Your bias stays as it was. It is a parameter too: what is its gradient?"""
    return descent_step(weights, bias, gradient_fn, learning_rate)[0], bias


@exercise.mistake
def weights_as_they_were(weights, bias, gradient_fn, learning_rate):
    """Your weights stay as they were. Where does the new array go once it is computed?"""
    return weights, descent_step(weights, bias, gradient_fn, learning_rate)[1]


@exercise.mistake
def steps_alone(weights, bias, gradient_fn, learning_rate):
    """You return what is to be subtracted. From what?"""
    d_weights, d_bias = gradient_fn(weights, bias)
    return learning_rate * d_weights, learning_rate * d_bias


@exercise.mistake
def gradients_returned(weights, bias, gradient_fn, learning_rate):
    """You return the gradients. What becomes of weights and bias with them?"""
    return gradient_fn(weights, bias)


@exercise.mistake
def two_steps(weights, bias, gradient_fn, learning_rate):
    """You take two steps. How many are asked for?"""
    once = descent_step(weights, bias, gradient_fn, learning_rate)
    return descent_step(*once, gradient_fn, learning_rate)


@exercise.mistake
def arguments_exchanged(weights, bias, gradient_fn, learning_rate):
    """You call `gradient_fn` with the bias first. Which of the two does it take first?"""
    d_weights, d_bias = gradient_fn(bias, weights)
    return weights - learning_rate * d_weights, bias - learning_rate * d_bias


@exercise.mistake
def one_step_for_all_weights(weights, bias, gradient_fn, learning_rate):
    """All your weights move by the same amount, by the mean of their gradients. Which entry belongs to which weight?"""
    d_weights, d_bias = gradient_fn(weights, bias)
    return weights - learning_rate * np.mean(d_weights), bias - learning_rate * d_bias


@exercise.mistake
def weights_one_after_the_other(weights, bias, gradient_fn, learning_rate):
    """Each of your weights moves before the gradient of the next is taken. At which point is all of it taken?"""
    moved, d_bias = weights.copy(), gradient_fn(weights, bias)[1]
    for i in range(len(moved)):
        moved[i] = moved[i] - learning_rate * gradient_fn(moved, bias)[0][i]
    return moved, bias - learning_rate * d_bias
