"""Rows kept for validation

**Goal.** Keep some rows away from training, so that the model can be judged on examples it has not learned from.

**Given.** (Arrays are NumPy arrays.)
- `x`: the examples, `n` rows. An array of any number of axes; the first one counts the examples.
- `y`: their targets, `n` rows as well.
- `share`: which part of the rows is kept for validation, a number between 0 and 1.

**Write** `validation_split(x, y, share)`. Do it as `fit(..., validation_split=share)` does in Keras:
Training gets the first `int(n * (1 - share))` rows; `int` cuts off the fraction.
Validation gets all the others, the *last* rows. Nothing is shuffled before.
In all cases both parts have at least one row.

**Returns** two pairs, `((x_train, y_train), (x_val, y_val))`.

**Example.** `x = [[1, 2], [3, 4], [5, 6], [7, 8]]`, `y = [0, 1, 1, 0]`, `share = 0.4`.
`4 * (1 - 0.4)` is 2.4, so training gets 2 rows and validation the other 2:
`(([[1, 2], [3, 4]], [0, 1]), ([[5, 6], [7, 8]], [1, 0]))`.

**Check** with `q.check(validation_split)`.
"""

import math

import numpy as np

from course_lib.exercises import Case, Exercise
from course_lib.text.words import counted


def validation_split(x, y, share):
    """((x_train, y_train), (x_val, y_val)): the last `share` of the rows is for validation, as in Keras."""
    split = int(len(x) * (1 - share))
    return (x[:split], y[:split]), (x[split:], y[split:])


def by_hand(x, y, share):
    n, rows = len(x), len(x) * (1 - share)
    split = int(rows)
    return (
        f"{counted(n, 'row')}, share {share:g}: {n} * (1 - {share:g}) = {rows:.4g}, cut to {split}. "
        f"Training gets the rows 0 to {split - 1}, validation the rows {split} to {n - 1}, of x and of y."
    )


def example(shape, seed, outputs=()):
    rng = np.random.default_rng(seed)
    return np.round(rng.normal(size=shape), 2), np.round(rng.normal(size=(shape[0], *outputs)), 2)


X = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0], [9.0, 10.0]])
Y = np.array([0, 1, 1, 0, 2])


def draw(rng):
    n, share = int(rng.integers(4, 9)) * 5 + 2, float(rng.choice([0.15, 0.25, 0.35]))  # never a whole number of rows
    return *example((n, 3), rng), share


exercise = Exercise(
    validation_split,
    cases=[
        Case("four rows", X[:4], Y[:4], 0.4),
        Case("five rows, a fifth of them", X, Y, 0.2),
        Case("a fraction of a row is cut off", *example((7, 2), 1), 0.3),
        Case("more for validation than for training", *example((8, 3), 2), 0.7),
        Case("less than one row of three", X[:3], Y[:3], 0.2),
        Case("one row each, one feature", X[:2, :1], Y[:2], 0.5),
        Case("images and targets of several numbers", *example((6, 2, 4), 3, (3,)), 0.25),
        Case("many rows", *example((400, 1), 5), 0.35),
        Case("large numbers, many features", *[1e5 * a for a in example((5, 9), 4)], 0.3),
    ],
    random_case=draw,
    hints=[
        "How many rows does training get? Work that number out first. Then where does the validation part begin?",
        by_hand,
        "`split = int(len(x) * (1 - share))`; `x[:split]` are the rows before it, `x[split:]` the others; y likewise.",
    ],
    equivalent_mutants={"x -> y": "there are as many targets as examples"},
)


def cut(x, y, split):
    """Both pairs, with the first `split` rows for training. For the mistakes."""
    return (x[:split], y[:split]), (x[split:], y[split:])


def right(x, share):
    return int(len(x) * (1 - share))


@exercise.mistake
def first_rows_for_validation(x, y, share):
    """You keep the first rows for validation. Which end of the data does Keras take them from?"""
    k = int(len(x) * share)
    return (x[k:], y[k:]), (x[:k], y[:k])


@exercise.mistake
def first_rows_of_the_right_number(x, y, share):
    """Your numbers of rows are right, but validation gets the first ones. Which end of the data are they taken from?"""
    k = len(x) - right(x, share)
    return (x[k:], y[k:]), (x[:k], y[:k])


@exercise.mistake
def share_for_training(x, y, share):
    """You give `share` of the rows to training. Which of the two parts is it the share of?"""
    return cut(x, y, int(len(x) * share))


@exercise.mistake
def parts_swapped(x, y, share):
    """You return the validation part first. Which of the two pairs is asked for first?"""
    return validation_split(x, y, share)[::-1]


@exercise.mistake
def rounded(x, y, share):
    """You round to the nearest number of rows. What does `int` do with 5.6?"""
    return cut(x, y, round(len(x) * (1 - share)))


@exercise.mistake
def validation_rounded_down(x, y, share):
    """Where the share is no whole number of rows, yours goes up for training and down for validation. Which of the two
    numbers is cut by `int`?"""
    return cut(x, y, math.ceil(len(x) * (1 - share)))


@exercise.mistake
def cut_from_the_end(x, y, share):
    """You count the validation rows with `int` and slice with a minus. Which of the two parts should `int` cut down,
    and what is `x[:-0]`?"""
    k = int(len(x) * share)
    return (x[:-k], y[:-k]), (x[-k:], y[-k:])


@exercise.mistake
def y_not_split(x, y, share):
    """You split x and not y. Which targets belong to the rows of training, and which to those of validation?"""
    split = right(x, share)
    return (x[:split], y), (x[split:], y)


@exercise.mistake
def y_in_the_other_order(x, y, share):
    """The targets of your two parts are swapped: training has those of validation. Which rows of y come first?"""
    split = right(x, share)
    return (x[:split], y[split:]), (x[split:], y[:split])


@exercise.mistake
def training_keeps_all_rows(x, y, share):
    """Your training part still has all the rows, also those of validation. Can the model then be judged on rows it
    has not learned from?"""
    split = right(x, share)
    return (x, y), (x[split:], y[split:])


@exercise.mistake
def x_with_x(x, y, share):
    """You put both parts of x together, and both parts of y. What belongs together: two parts, or x and its y?"""
    split = right(x, share)
    return (x[:split], x[split:]), (y[:split], y[split:])


@exercise.mistake
def four_results(x, y, share):
    """You return four arrays side by side. Which brackets make two pairs of them?"""
    (x_train, y_train), (x_val, y_val) = validation_split(x, y, share)
    return x_train, y_train, x_val, y_val


@exercise.mistake
def four_results_x_first(x, y, share):
    """You return four arrays, those of x first. Which two belong together, and which brackets make pairs of them?"""
    (x_train, y_train), (x_val, y_val) = validation_split(x, y, share)
    return x_train, x_val, y_train, y_val


@exercise.mistake
def only_x(x, y, share):
    """You return the two parts of x. What must the model's answers be compared with?"""
    split = right(x, share)
    return x[:split], x[split:]


@exercise.mistake
def only_the_training_part(x, y, share):
    """You return the training part alone. Where is the other pair?"""
    return validation_split(x, y, share)[0]


@exercise.mistake
def y_first(x, y, share):
    """Your pairs hold y first and x second. In which order are they asked for?"""
    return tuple(pair[::-1] for pair in validation_split(x, y, share))


@exercise.mistake
def columns_split(x, y, share):
    """You split the columns of x: each part has some of the features of every example. Which axis counts examples?"""
    k, split = int(x.shape[1] * (1 - share)), right(x, share)
    return (x[:, :k], y[:split]), (x[:, k:], y[split:])


@exercise.mistake
def features_counted(x, y, share):
    """You count the features instead of the rows. Which axis of x has one entry for each example?"""
    return cut(x, y, int(x.shape[1] * (1 - share)))


@exercise.mistake
def all_numbers_counted(x, y, share):
    """You take the share of all the numbers in x. `x.size` counts every entry: what counts the rows?"""
    return cut(x, y, int(x.size * (1 - share)))


@exercise.mistake
def one_row_too_few_for_training(x, y, share):
    """Training gets one row too few. `x[:split]` holds `split` rows: is there anything to take off?"""
    return cut(x, y, right(x, share) - 1)


@exercise.mistake
def cut_one_row_too_late(x, y, share):
    """You cut one row too late. `x[:split]` and `x[split:]` share all rows out: what is there to add to `split`?"""
    return cut(x, y, right(x, share) + 1)


@exercise.mistake
def share_taken_for_a_percentage(x, y, share):
    """You divide the share by 100. Is 0.2 a fraction or a percentage?"""
    return cut(x, y, int(len(x) * (1 - share / 100)))


@exercise.mistake
def brackets_left_out(x, y, share):
    """You take the share away from the number of rows: `n * 1 - share`. What do the brackets in the formula say?"""
    return cut(x, y, int(len(x) - share))


@exercise.mistake
def every_so_many_rows(x, y, share):
    """You pick rows for validation at equal distances. Which ones does Keras keep: every so many, or the last ones?"""
    chosen = np.arange(len(x)) % round(1 / share) == 0
    return (x[~chosen], y[~chosen]), (x[chosen], y[chosen])


@exercise.mistake
def shuffled_first(x, y, share):
    """You shuffle the rows before you split. Does Keras shuffle first, or take the rows as they stand?"""
    order = np.random.default_rng(0).permutation(len(x))
    return validation_split(x[order], y[order], share)


@exercise.mistake
def validation_counted_from_the_end(x, y, share):
    """`x[-split:]` holds the last `split` rows, as many as training has. With which row does validation begin?"""
    split = right(x, share)
    return (x[:split], y[:split]), (x[-split:], y[-split:])


@exercise.mistake
def cut_too_early(x, y, share):
    """Your validation part has all the rows. Where should it begin? (If `int` cuts `1 - share` before it is multiplied,
    what is left of 0.6?)"""
    return cut(x, y, len(x) * int(1 - share))


@exercise.mistake
def always_a_fifth(x, y, share):
    """Your share is 0.2, whatever was passed. Which argument says it?"""
    return cut(x, y, int(len(x) * (1 - 0.2)))
