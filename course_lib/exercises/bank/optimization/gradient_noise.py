"""How far off is the gradient of a batch?

**Goal.** Say how much the gradient of a random batch differs from that of all examples, without drawing a single batch.

**Given.**
- `gradients`: the gradient of each example by itself, a NumPy array of shape `(n, d)`. Each row is one example.
- `batch_size`: how many examples a batch holds, at least 1.

**Write** `gradient_noise(gradients, batch_size)`.
The full gradient is the mean of all n rows, the gradient of a batch the mean of its rows.
A batch is drawn at random *with replacement*: each of its rows is any of the n, so the same row may come twice.
Compute the expected squared distance between the two gradients:
1. For each row, take the squared distance to the full gradient: the sum of the d squared differences.
2. Take the mean of these n numbers. That is the answer for a batch of one.
3. Divide by the batch size: in a mean of so many independent draws the deviations cancel in part.

**Returns** a `float`.

**Example.** `gradients = [[1, 0], [3, 0], [2, 4], [2, 0]]`. The full gradient is `[2, 1]`.
The squared distances are 1 + 1 = 2, 1 + 1 = 2, 0 + 9 = 9 and 0 + 1 = 1; their mean is 3.5.
For a batch of one the answer is `3.5`, for a batch of 7 it is 3.5/7 = `0.5`.

**Check** with `q.check(gradient_noise)`.
"""

import itertools

import numpy as np

from course_lib.exercises import Case, Exercise
from course_lib.text.words import counted


def gradient_noise(gradients, batch_size):
    """Expected squared distance between the gradient of a random batch and the full gradient."""
    deviations = gradients - gradients.mean(axis=0)
    squared_distances = (deviations**2).sum(axis=1)
    return squared_distances.mean() / batch_size


def by_hand(gradients, batch_size):
    full = gradients.mean(axis=0)
    squared = ((gradients - full) ** 2).sum(axis=1)
    listed = ", ".join(f"{v:.4g}" for v in squared[:6]) + (", ..." if len(squared) > 6 else "")
    return (
        f"The full gradient is {np.round(full, 3).tolist()}. The squared distances to it "
        f"of {counted(len(squared), 'row')} are {listed}. Their mean is {squared.mean():.5g}; "
        f"that divided by {batch_size} is {squared.mean() / batch_size:.5g}."
    )


ROWS = np.array([[1.0, 0.0], [3.0, 0.0], [2.0, 4.0], [2.0, 0.0]])


def some(n, d, seed):
    return np.round(np.random.default_rng(seed).normal(np.arange(d), 1 + np.arange(d), size=(n, d)), 2)


exercise = Exercise(
    gradient_noise,
    cases=[
        Case("a batch of one", ROWS, 1),
        Case("a batch of seven", ROWS, 7),
        Case("three rows, batches of two", ROWS[:3], 2),
        Case("one weight", np.array([[3.0], [-1.0], [4.0], [0.0], [1.5]]), 3),
        Case("six rows of three", some(6, 3, 1), 4),
        Case("nine rows of four, batches of 32", some(9, 4, 2), 32),
        Case("a single example has nothing to differ from", np.array([[3.0, -4.0]]), 2),
        Case("large gradients", 1e3 * some(7, 2, 3), 5),
    ],
    random_case=lambda rng: (some(int(rng.integers(8, 14)), 3, rng), int(rng.integers(2, 20))),
    hints=[
        "Each row is an arrow. How far is its tip from the tip of the mean arrow, squared? That is one number a row.",
        by_hand,
        "`deviations = gradients - gradients.mean(axis=0)`; square, sum over axis 1, mean, divide by `batch_size`.",
    ],
)


@exercise.property
def agrees_with_all_batches(answer, gradients, batch_size):
    """It is the mean over all batches that can be drawn, where these are few enough to go through."""
    n = len(gradients)
    if n**batch_size > 500:
        return True
    batches = [gradients[list(rows)].mean(axis=0) for rows in itertools.product(range(n), repeat=batch_size)]
    mean = np.mean([((g - gradients.mean(axis=0)) ** 2).sum() for g in batches])
    if abs(answer(gradients, batch_size) - mean) <= 1e-5 * max(mean, 1e-7):
        return True
    return f"Over {counted(len(batches), 'batch')} the mean is {mean:.6g}."


def mean_square(gradients):
    """The mean squared distance to the full gradient."""
    return ((gradients - gradients.mean(axis=0)) ** 2).sum(axis=1).mean()


@exercise.mistake
def not_divided_by_the_batch_size(gradients, batch_size):
    """You give the noise of a batch of one. What becomes of it in the mean of a larger batch?"""
    return mean_square(gradients)


@exercise.mistake
def divided_by_its_square(gradients, batch_size):
    """You divide by the batch size squared. In a sum of independent draws the variances add up: how often is B left?"""
    return mean_square(gradients) / batch_size**2


@exercise.mistake
def divided_by_its_root(gradients, batch_size):
    """You divide by the root of the batch size. Does the root belong to a distance, or to its square?"""
    return mean_square(gradients) / np.sqrt(batch_size)


@exercise.mistake
def multiplied_by_the_batch_size(gradients, batch_size):
    """Your noise grows with the batch. Does a mean of more draws lie nearer to the full gradient, or farther away?"""
    return mean_square(gradients) * batch_size


@exercise.mistake
def root_taken(gradients, batch_size):
    """You return a distance, the root. Is the *squared* distance asked for?"""
    return np.sqrt(mean_square(gradients) / batch_size)


@exercise.mistake
def distances_not_squared(gradients, batch_size):
    """You average the distances themselves. Squares first, mean after: what is step 1?"""
    return np.linalg.norm(gradients - gradients.mean(axis=0), axis=1).mean() / batch_size


@exercise.mistake
def square_of_the_mean_distance(gradients, batch_size):
    """You average the distances and square the mean. In which order come square and mean?"""
    return np.linalg.norm(gradients - gradients.mean(axis=0), axis=1).mean() ** 2 / batch_size


@exercise.mistake
def absolute_differences(gradients, batch_size):
    """You add up absolute differences. What makes them a squared distance?"""
    return np.abs(gradients - gradients.mean(axis=0)).sum(axis=1).mean() / batch_size


@exercise.mistake
def distance_to_zero(gradients, batch_size):
    """You take the squared length of each gradient, its distance to 0. Distance to what is asked for?"""
    return (gradients**2).sum(axis=1).mean() / batch_size


@exercise.mistake
def variance_of_the_lengths(gradients, batch_size):
    """You compare the lengths of the gradients. Two of equal length may point apart: what is subtracted from what?"""
    return np.linalg.norm(gradients, axis=1).var() / batch_size


@exercise.mistake
def divided_by_n_minus_one(gradients, batch_size):
    """You divide by n - 1, as for a sample. Here all n rows are known: what is the mean of n numbers?"""
    return gradients.var(axis=0, ddof=1).sum() / batch_size


@exercise.mistake
def without_replacement(gradients, batch_size):
    """You count as if no row could be drawn twice. With replacement, is a batch of n rows the same as all rows?"""
    n = len(gradients)
    return mean_square(gradients) / batch_size * (n - batch_size) / (n - 1)


@exercise.mistake
def mean_over_the_coordinates(gradients, batch_size):
    """You average over the d coordinates. A squared distance is their sum: over what is the only mean taken?"""
    return ((gradients - gradients.mean(axis=0)) ** 2).mean() / batch_size


@exercise.mistake
def sum_over_the_rows(gradients, batch_size):
    """You add up the squared distances of all rows. How many rows are there, and what is step 2?"""
    return mean_square(gradients) * len(gradients) / batch_size


@exercise.mistake
def divided_by_n_twice(gradients, batch_size):
    """You divide by n once too often. After the mean over the rows, which number is left to divide by?"""
    return mean_square(gradients) / len(gradients) / batch_size


@exercise.mistake
def divided_by_n_for_the_batch_size(gradients, batch_size):
    """Your answer does not depend on `batch_size`: you divide by n a second time instead. How many rows has a batch?"""
    return mean_square(gradients) / len(gradients)


@exercise.mistake
def one_variance_for_all_numbers(gradients, batch_size):
    """You take one variance over all numbers. The full gradient has d of them: what is subtracted from a column, and
    over what is the mean taken?"""
    return gradients.var() / batch_size


@exercise.mistake
def deviations_averaged_first(gradients, batch_size):
    """You average the deviations of each coordinate and square the mean. In which order come square and mean?"""
    return (np.abs(gradients - gradients.mean(axis=0)).mean(axis=0) ** 2).sum() / batch_size


@exercise.mistake
def mean_of_each_row(gradients, batch_size):
    """You subtract from each row the mean of its own numbers. Whose mean is the full gradient?"""
    return ((gradients - gradients.mean(axis=1, keepdims=True)) ** 2).sum(axis=1).mean() / batch_size


@exercise.mistake
def one_mean_for_all_coordinates(gradients, batch_size):
    """You subtract one number, the mean of everything. How many numbers has the full gradient?"""
    return ((gradients - gradients.mean()) ** 2).sum(axis=1).mean() / batch_size


@exercise.mistake
def one_number_for_each_coordinate(gradients, batch_size):
    """You return one number for each coordinate. A distance takes them together: what is missing?"""
    return gradients.var(axis=0) / batch_size


@exercise.mistake
def one_number_for_each_row(gradients, batch_size):
    """You return one number for each row. What is step 2?"""
    return ((gradients - gradients.mean(axis=0)) ** 2).sum(axis=1) / batch_size


@exercise.mistake
def first_rows_only(gradients, batch_size):
    """You look at the first batch alone. The expected distance is over all batches that can be drawn: is one needed?"""
    return float(((gradients[:batch_size].mean(axis=0) - gradients.mean(axis=0)) ** 2).sum())


@exercise.mistake
def standard_deviations_added(gradients, batch_size):
    """You add up standard deviations. What adds up over the coordinates, the deviations or their squares?"""
    return gradients.std(axis=0).sum() / np.sqrt(batch_size)
