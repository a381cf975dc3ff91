"""Mean squared error

**Goal.** Say in one number how far a batch of predictions is from the truth.

**Given.** (Arrays are NumPy arrays of floats. Both have the same shape.)
- `y_true`: the true values, shape `(n,)` or `(n, k)`: n examples, and k numbers for each where there are several.
- `y_pred`: what the model predicted.

**Write** `mean_squared_error(y_true, y_pred)`. Subtract entry by entry. Square each difference.
Take the mean over all entries: over the examples, and over the k numbers of each.

**Returns** one number, a `float`. (Keras trains on the same number.)

**Example.** `y_true = [[3, 1], [5, 2], [2, 0]]`, `y_pred = [[1, 1], [6, 5], [2, -4]]`.
The differences are [[2, 0], [-1, -3], [0, 4]], their squares [[4, 0], [1, 9], [0, 16]].
These are 6 entries with the sum 30, so the answer is `5.0`.

**Check** with `q.check(mean_squared_error)`.
"""

import numpy as np

from course_lib.exercises import Case, Exercise


def mean_squared_error(y_true, y_pred):
    """Mean of (y_true - y_pred)² over all entries. Shapes: both (n,) or both (n, k); returns one number."""
    return np.mean((y_true - y_pred) ** 2)


def by_hand(y_true, y_pred):
    first = list(zip(np.ravel(y_true), np.ravel(y_pred)))[:4]
    terms = ", ".join(f"({t:.3g} - ({p:.3g}))^2 = {(t - p) ** 2:.4g}" for t, p in first)
    squares = (y_true - y_pred) ** 2
    return (
        f"The squares begin {terms}. There are {squares.size} in all, with the sum {squares.sum():.6g}; "
        f"{squares.sum():.6g} / {squares.size} = {squares.mean():.6g}."
    )


TRUE = np.array([[3.0, 1.0], [5.0, 2.0], [2.0, 0.0]])
PRED = np.array([[1.0, 1.0], [6.0, 5.0], [2.0, -4.0]])

exercise = Exercise(
    mean_squared_error,
    cases=[
        Case("three examples", np.array([3.0, 5.0, 2.0]), np.array([1.0, 6.0, 2.5])),
        Case("three examples, two numbers each", TRUE, PRED),
        Case("predictions below and above, halves", np.array([0.5, -1.5, 2.0, 4.0]), np.array([2.0, 0.25, 1.5, -0.5])),
        Case("a batch of one", np.array([[2.0, -1.0, 0.5]]), np.array([[1.0, 3.0, 0.25]])),
        Case("one example, one number", np.array([0.25]), np.array([2.0])),
        Case("a column", np.array([[1.0], [0.5], [-2.0], [4.0]]), np.array([[3.0], [1.0], [-1.5], [1.0]])),
        Case("all predicted exactly", PRED, PRED),
        Case(
            "large numbers",
            np.array([[1e4, -3e3, 2.0], [5e3, 7.0, 1e4]]),
            np.array([[9e3, -1e3, 5.0], [5e3, 40.0, 1.2e4]]),
        ),
    ],
    random_case=lambda rng: (rng.normal(1, 2, size=(5, 3)), rng.normal(size=(5, 3))),
    hints=[
        "Difference, square, mean: in which order, and how many numbers are left after each of the three?",
        by_hand,
        "`(y_true - y_pred) ** 2` holds all squares. `np.mean` without an axis takes the mean over all entries.",
    ],
)


@exercise.mistake
def sum_for_mean(y_true, y_pred):
    """You return the sum. It grows with the batch, whatever the model does: by how many entries is it divided?"""
    return np.sum((y_true - y_pred) ** 2)


@exercise.mistake
def summed_over_the_batch(y_true, y_pred):
    """You divide by k only, so the loss grows with the batch. Over which axis is your mean, over which a sum?"""
    squares = (y_true - y_pred) ** 2
    return squares.sum() / (squares.shape[-1] if squares.ndim == 2 else 1)


@exercise.mistake
def summed_over_the_numbers(y_true, y_pred):
    """You divide by the number of examples only. With k numbers for each example, how many entries were squared?"""
    return np.sum((y_true - y_pred) ** 2) / len(y_true)


@exercise.mistake
def summed_over_the_last_axis(y_true, y_pred):
    """You sum over the last axis before the mean, so more entries make a larger loss. Which mean covers them all?"""
    return np.mean(np.sum((y_true - y_pred) ** 2, axis=-1))


@exercise.mistake
def one_loss_for_each_example(y_true, y_pred):
    """You take the mean over the last axis, so a table gives a loss for each example. Which mean makes them one?"""
    return np.mean((y_true - y_pred) ** 2, axis=-1)


@exercise.mistake
def one_loss_for_each_column(y_true, y_pred):
    """You take the mean over the examples, so a table gives a loss for each column. Which mean makes them one?"""
    return np.mean((y_true - y_pred) ** 2, axis=0)


@exercise.mistake
def not_averaged(y_true, y_pred):
    """You return all the squares. One number is asked for: what is done with them?"""
    return (y_true - y_pred) ** 2


@exercise.mistake
def mean_error(y_true, y_pred):
    """You average the differences as they are, so too high and too low cancel. What comes between the two steps?"""
    return np.mean(y_true - y_pred)


@exercise.mistake
def mean_error_downwards(y_true, y_pred):
    """You average prediction minus truth, so too high and too low cancel. What is done with each before the mean?"""
    return np.mean(y_pred - y_true)


@exercise.mistake
def absolute_error(y_true, y_pred):
    """You average the distances. A miss of 4 should count sixteen times a miss of 1: what is done with each?"""
    return np.mean(np.abs(y_true - y_pred))


@exercise.mistake
def square_of_the_mean(y_true, y_pred):
    """You square after the mean, so too high and too low have cancelled already. Which comes first?"""
    return np.mean(y_true - y_pred) ** 2


@exercise.mistake
def difference_of_squares(y_true, y_pred):
    """You square before you subtract, so a prediction of -4 is as good as one of 4. Which comes first?"""
    return np.mean(y_true**2 - y_pred**2)


@exercise.mistake
def only_the_prediction_squared(y_true, y_pred):
    """You square the prediction alone: `**` comes before `-`. Where do the brackets go?"""
    return np.mean(y_true - y_pred**2)


@exercise.mistake
def root_taken(y_true, y_pred):
    """You take a root at the end. That is another measure, RMSE: what is left if you leave it out?"""
    return np.sqrt(np.mean((y_true - y_pred) ** 2))


@exercise.mistake
def half_of_it(y_true, y_pred):
    """Your answer is half of the loss. Some books write 1/2 in front; what does Keras divide by?"""
    return np.mean((y_true - y_pred) ** 2) / 2


@exercise.mistake
def one_entry_too_few(y_true, y_pred):
    """You divide by one less than the number of entries, as for a sample variance. Over how many does a mean go?"""
    squares = (y_true - y_pred) ** 2
    return squares.sum() / np.float64(squares.size - 1)


@exercise.mistake
def added_not_subtracted(y_true, y_pred):
    """You add truth and prediction before you square. What would this loss be for a perfect prediction?"""
    return np.mean((y_true + y_pred) ** 2)


@exercise.mistake
def spread_of_the_errors(y_true, y_pred):
    """You take the variance of the differences, which is 0 when all are too high by 7. What does it subtract first?"""
    return np.var(y_true - y_pred)


@exercise.mistake
def length_of_the_error(y_true, y_pred):
    """You return the root of the sum of squares, which is a length. Does a mean square have a root, or a sum?"""
    return np.sqrt(np.sum((y_true - y_pred) ** 2))


@exercise.mistake
def doubled_not_squared(y_true, y_pred):
    """You double each difference, so too high and too low cancel. What is the difference between `* 2` and `** 2`?"""
    return np.mean((y_true - y_pred) * 2)


@exercise.mistake
def matrix_norm_of_two(y_true, y_pred):
    """`np.linalg.norm(d, 2)` of a table is its largest singular value. Which squares should be added up?"""
    return np.linalg.norm(y_true - y_pred, 2) ** 2 / y_true.size
