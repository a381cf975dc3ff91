"""Which way is downhill for a line?

**Goal.** Compute the gradient of a loss by hand: how the error of a line changes with its slope and its intercept.

**Given.**
- `slope` and `intercept`: two numbers. The line predicts `slope · x + intercept`.
- `x` and `y`: NumPy arrays of shape `(n,)`, the inputs and the targets of n examples.

**Write** `line_gradient(slope, intercept, x, y)`.
The loss is the mean squared error: the *mean* over the n examples of `error²`, with `error = prediction − target`.
By the chain rule an example adds `2 · error · x` to the derivative with respect to the slope, for x is what the slope
is multiplied by. To the derivative with respect to the intercept it adds `2 · error`. Take the mean of each.

**Returns** a pair of two numbers `(d_slope, d_intercept)`.

**Example.** `slope = 2`, `intercept = 1`, `x = [1, 2, 0, 3]`, `y = [2, 7, 0, 3]`.
The predictions are 3, 5, 1, 7, the errors 1, -2, 1, 4.
Slope: 2 · (1·1 + (-2)·2 + 1·0 + 4·3) / 4 = 4.5. Intercept: 2 · (1 - 2 + 1 + 4) / 4 = 2. The answer is `(4.5, 2.0)`.

**Check** with `q.check(line_gradient)`.
"""

import numpy as np

from course_lib.exercises import Case, Exercise


def line_gradient(slope, intercept, x, y):
    """(d loss / d slope, d loss / d intercept) for the mean squared error of slope * x + intercept. x and y: (n,)."""
    error = slope * x + intercept - y
    return 2 * np.mean(error * x), 2 * np.mean(error)


def by_hand(slope, intercept, x, y):
    error = slope * x + intercept - y
    rest = ", ..." if len(x) > 4 else ""
    errors = ", ".join(f"{e:.4g}" for e in error[:4]) + rest
    products = ", ".join(f"{e:.4g}" for e in (error * x)[:4]) + rest
    return (
        f"The errors (prediction minus target) are {errors}; times x they are {products}. There are {len(x)} of each. "
        f"The mean of the errors is {error.mean():.5g}, that of the products {(error * x).mean():.5g}. "
        f"Twice that is {2 * error.mean():.5g} for the intercept and {2 * (error * x).mean():.5g} for the slope."
    )


def draw(rng):
    x = rng.normal(1, 2, size=7)
    return float(rng.normal()), float(rng.normal(2)), x, 3 * x - 1 + rng.normal(size=7)


exercise = Exercise(
    line_gradient,
    cases=[
        Case("four examples", 2, 1, np.array([1.0, 2.0, 0.0, 3.0]), np.array([2.0, 7.0, 0.0, 3.0])),
        Case("a single example", 0.5, -2.0, np.array([3.0]), np.array([1.0])),
        Case("a line that falls", -1.5, 0.25, np.array([0.5, -1.0, 2.5]), np.array([3.0, 1.0, -2.0])),
        Case("a line that is too low everywhere", 0.5, -3.0, np.array([1.0, 4.0, 2.0]), np.array([1.0, 0.0, 5.0])),
        Case(
            "no line yet: both are 0", 0.0, 0.0, np.array([1.0, 2.0, 4.0, -3.0, 0.5]), np.array([2.0, 1.0, 3.0, 2.0, 7])
        ),
        Case(
            "a line that meets its targets on the mean",
            3.0,
            1.0,
            np.array([1.0, 2.0, 6.0]),
            np.array([3.0, 8.0, 19.0]),
        ),
        Case(
            "large inputs",
            2.0,
            50.0,
            np.array([1200.0, -300.0, 4000.0, 700.0]),
            np.array([2500.0, -500.0, 7000.0, 1500.0]),
        ),
    ],
    random_case=draw,
    hints=[
        "First the n errors, prediction minus target. Which of the two derivatives also needs x, and before or after "
        "the mean?",
        by_hand,
        "`error = slope * x + intercept - y`, then `2 * np.mean(error * x)` and `2 * np.mean(error)`.",
    ],
)


def error_of(slope, intercept, x, y):
    return slope * x + intercept - y


@exercise.mistake
def factor_two_forgotten(slope, intercept, x, y):
    """Your derivative is half of it: the factor 2 is missing. What is the derivative of a square?"""
    d_slope, d_intercept = line_gradient(slope, intercept, x, y)
    return d_slope / 2, d_intercept / 2


@exercise.mistake
def sum_for_mean(slope, intercept, x, y):
    """You add up over the examples, so 1,000 examples give 1,000 times the step. What makes a mean of the sum?"""
    error = error_of(slope, intercept, x, y)
    return 2 * np.sum(error * x), 2 * np.sum(error)


@exercise.mistake
def divided_by_n_twice(slope, intercept, x, y):
    """You divide by the number of examples twice. Which of the two has `np.mean` done already?"""
    error = error_of(slope, intercept, x, y)
    return 2 * np.mean(error * x) / len(x), 2 * np.mean(error) / len(x)


@exercise.mistake
def halved_for_doubled(slope, intercept, x, y):
    """Your numbers are a quarter of what they should be: you halve where you should double. What is the derivative of
    a square?"""
    error = error_of(slope, intercept, x, y)
    return np.mean(error * x) / 2, np.mean(error) / 2


@exercise.mistake
def divided_by_n_minus_one(slope, intercept, x, y):
    """You divide by n - 1. Of how many examples is it the mean, and what is left of it for a single one?"""
    error = error_of(slope, intercept, x, y)
    return 2 * np.sum(error * x) / (len(x) - 1), 2 * np.sum(error) / (len(x) - 1)


@exercise.mistake
def wrong_sign(slope, intercept, x, y):
    """The sign is turned round, and a gradient points uphill. What is subtracted from what in the error, and what
    happens to its sign after that?"""
    d_slope, d_intercept = line_gradient(slope, intercept, x, y)
    return -d_slope, -d_intercept


@exercise.mistake
def derivative_of_the_other(slope, intercept, x, y):
    """At this place stands the derivative for the other of the two. Which one is multiplied by x in the prediction,
    and which is returned first?"""
    return line_gradient(slope, intercept, x, y)[::-1]


@exercise.mistake
def sign_of_the_error(slope, intercept, x, y):
    """You take only the sign of each error: that belongs to the mean *absolute* error. What is the derivative of a
    square?"""
    sign = np.sign(error_of(slope, intercept, x, y))
    return np.mean(sign * x), np.mean(sign)


@exercise.mistake
def twice_the_sign(slope, intercept, x, y):
    """You take 2 times the sign of each error, so a large error counts like a small one. What is the derivative of a
    square?"""
    sign = np.sign(error_of(slope, intercept, x, y))
    return 2 * np.mean(sign * x), 2 * np.mean(sign)


@exercise.mistake
def error_still_squared(slope, intercept, x, y):
    """You multiply by the squared error. What is left of the square once it is differentiated?"""
    squared = error_of(slope, intercept, x, y) ** 2
    return 2 * np.mean(squared * x), 2 * np.mean(squared)


@exercise.mistake
def absolute_errors(slope, intercept, x, y):
    """Your errors have lost their sign. How would descent know whether the line is too high or too low?"""
    error = np.abs(error_of(slope, intercept, x, y))
    return 2 * np.mean(error * x), 2 * np.mean(error)


@exercise.mistake
def product_of_the_means(slope, intercept, x, y):
    """For the slope you multiply the mean error by the mean of x. Which x belongs to which error?"""
    d_intercept = line_gradient(slope, intercept, x, y)[1]
    return d_intercept * np.mean(x), d_intercept


@exercise.mistake
def multiplied_by_the_slope(slope, intercept, x, y):
    """For the slope you multiply by the slope itself: that is the derivative with respect to x. What is the slope
    multiplied by in the prediction?"""
    d_intercept = line_gradient(slope, intercept, x, y)[1]
    return slope * d_intercept, d_intercept


@exercise.mistake
def multiplied_by_both(slope, intercept, x, y):
    """Each derivative is multiplied by the very number it is for. What is that number multiplied by in the
    prediction?"""
    d_slope, d_intercept = line_gradient(slope, intercept, x, y)
    return slope * d_slope, intercept * d_intercept


@exercise.mistake
def multiplied_by_the_target(slope, intercept, x, y):
    """For the slope you multiply the errors by y. What is the slope multiplied by in the prediction?"""
    error = error_of(slope, intercept, x, y)
    return 2 * np.mean(error * y), 2 * np.mean(error)


@exercise.mistake
def intercept_left_out(slope, intercept, x, y):
    """Your predictions leave the intercept out. What does the line predict at x = 0?"""
    return line_gradient(slope, 0.0, x, y)


@exercise.mistake
def roles_exchanged(slope, intercept, x, y):
    """Your line is `intercept * x + slope`. Which of the two is multiplied by x?"""
    return line_gradient(intercept, slope, x, y)


@exercise.mistake
def targets_ignored(slope, intercept, x, y):
    """You use the predictions where the errors belong. Where do the targets come in?"""
    return line_gradient(slope, intercept, x, 0 * y)


@exercise.mistake
def loss_returned(slope, intercept, x, y):
    """One of your numbers is the loss itself. How fast does it change with the slope, and with the intercept?"""
    loss = np.mean(error_of(slope, intercept, x, y) ** 2)
    return loss, loss


@exercise.mistake
def one_for_each_example(slope, intercept, x, y):
    """You return a number for each example. What makes one number of the n?"""
    error = error_of(slope, intercept, x, y)
    return 2 * error * x, 2 * error


@exercise.mistake
def last_example_alone(slope, intercept, x, y):
    """Only the last example is left in your numbers: each one replaces those before. What should be added up?"""
    error = error_of(slope, intercept, x, y)
    return 2 * error[-1] * x[-1], 2 * error[-1]


@exercise.mistake
def last_example_divided_by_n(slope, intercept, x, y):
    """You divide by n, but only the last example is left in your numbers. What should be added up before?"""
    error = error_of(slope, intercept, x, y)
    return 2 * error[-1] * x[-1] / len(x), 2 * error[-1] / len(x)


@exercise.mistake
def gradient_of_the_root(slope, intercept, x, y):
    """You divide by the root of the loss: that is the gradient of the *root* mean squared error. Which loss is asked
    for?"""
    root = np.sqrt(np.mean(error_of(slope, intercept, x, y) ** 2))
    return np.mean(error_of(slope, intercept, x, y) * x) / root, np.mean(error_of(slope, intercept, x, y)) / root


@exercise.mistake
def half_of_the_sum(slope, intercept, x, y):
    """You add up over the examples without a factor 2: that belongs to half of the *sum* of squares. Which loss is
    asked for?"""
    error = error_of(slope, intercept, x, y)
    return np.sum(error * x), np.sum(error)


@exercise.mistake
def step_taken(slope, intercept, x, y):
    """You take a step already: slope and intercept minus their derivatives. Which two numbers are asked for?"""
    d_slope, d_intercept = line_gradient(slope, intercept, x, y)
    return slope - d_slope, intercept - d_intercept
