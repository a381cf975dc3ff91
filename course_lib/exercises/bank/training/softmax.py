"""Softmax that survives large scores

**Goal.** Turn scores into probabilities, and do it so that a score of 1,000 is no trouble.

**Given.** (A NumPy array of floats.)
- `logits`: the scores, shape `(n, k)`. Each row is one example, each column one class. Any size, any sign.

**Write** `softmax(logits)`. For each row: take the exponential of every score. Divide by the sum of the row's
exponentials. `np.exp(1000.0)` is infinite, so first subtract the row's own largest score from the whole row.
Leave the argument `logits` itself unchanged.

**Returns** an array of shape `(n, k)`. Each row is positive or 0 and has the sum 1.

**Example.** `logits = [[2, 1, 0], [1000, 1000, 998]]`.
First row, largest 2: the exponentials of [0, -1, -2] are [1, 0.368, 0.135], their sum is 1.503.
So it becomes `[0.665, 0.245, 0.090]`.
Second row, largest 1000: the exponentials of [0, 0, -2] give `[0.468, 0.468, 0.063]`.

**Check** with `q.check(softmax)`.
"""

import math

import numpy as np

from course_lib.exercises import Case, Exercise


def softmax(logits):
    """exp(logits) over its row's sum, computed without overflow. Shapes: logits (n, k); returns (n, k)."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    powers = np.exp(shifted)
    return powers / powers.sum(axis=-1, keepdims=True)


def by_hand(logits):
    row = logits[np.argmax(logits.max(axis=-1))]
    shifted = row - row.max()
    powers = np.exp(shifted)

    def said(values):
        return "[" + ", ".join(f"{v:.4g}" for v in values) + "]"

    return (
        f"The row {said(row)} has the largest score {row.max():.4g}. Less that: {said(shifted)}. "
        f"Exponentials: {said(powers)}, sum {powers.sum():.4g}. Divided: {said(powers / powers.sum())}."
    )


exercise = Exercise(
    softmax,
    cases=[
        Case("two rows, three classes", np.array([[2.0, 1.0, 0.0], [-1.0, 0.5, 0.5]])),
        Case("three rows, two classes", np.array([[1.0, -1.0], [0.25, 1.5], [-3.0, -2.0]])),
        Case("a batch of one", np.array([[0.5, -0.5, 2.0, 1.0]])),
        Case("scores around 1,000", np.array([[1000.0, 1000.0, 998.0], [999.0, 1001.0, 1000.0]])),
        Case(
            "scores around -1,000", np.array([[-1000.0, -1002.0, -1001.0, -1000.5], [-999.0, -998.5, -1000.0, -998.0]])
        ),
        Case("one row at 1,000, one at 0", np.array([[1000.0, 999.0, 998.0], [0.0, 1.0, 2.0]])),
        Case("one score far above the others", np.array([[3000.0, 0.0, 0.0, 0.0], [0.0, 1.0, 2.0, -1.0]])),
        Case("800 above the others", np.array([[0.0, 800.0, 0.5], [1.0, 0.0, 2.5]])),
        Case("rows on different levels", np.array([[2.0, 1.0], [500.0, 501.0], [-2000.0, -1999.0], [0.5, -0.5]])),
        Case("one class", np.array([[3.0], [-2.0]])),
    ],
    random_case=lambda rng: (rng.normal(0, 2, size=(4, 3)) + rng.normal(0, 1000, size=(4, 1)),),
    hints=[
        "Which sum must be 1, that of a row or that of a column? And which number can be taken off a whole row "
        "without changing its probabilities?",
        by_hand,
        "`powers = np.exp(logits - logits.max(axis=-1, keepdims=True))`, then divide by "
        "`powers.sum(axis=-1, keepdims=True)`.",
    ],
    equivalent_mutants={
        "-1 -> 1": "axis 1 is the last of two",
        "-1 -> 1 (again)": "axis 1 is the last of two",
    },
)


def row_max(logits):
    return logits.max(axis=-1, keepdims=True)


def normalized(powers):
    return powers / powers.sum(axis=-1, keepdims=True)


@exercise.mistake
def no_shift(logits):
    """You take the exponential of the scores as they are. What is exp(1000), what exp(-1000), and what their share?"""
    return normalized(np.exp(logits))


@exercise.mistake
def no_shift_and_math_exp(logits):
    """`math.exp(1000)` is too large for a float. What may be taken off a whole row of scores beforehand?"""
    rows = [[math.exp(score) for score in row] for row in logits]
    return [[power / sum(powers) for power in powers] for powers in rows]


@exercise.mistake
def no_shift_and_math_exp_in_an_array(logits):
    """`math.exp(1000)` is beyond what a float can hold. What may be taken off a whole row of scores beforehand?"""
    return normalized(np.array([[math.exp(score) for score in row] for row in logits]))


@exercise.mistake
def no_shift_and_the_sum_of_the_whole_array(logits):
    """You divide by the sum of the whole batch, and exp(1000) is infinite. Which sum, and which shift, has a row?"""
    return np.exp(logits) / np.exp(logits).sum()


@exercise.mistake
def no_shift_and_the_wrong_axis(logits):
    """You divide by the sums of the columns, and exp(1000) is infinite. Which sum, and which shift, has a row?"""
    return np.exp(logits) / np.exp(logits).sum(axis=0)


@exercise.mistake
def wrong_axis(logits):
    """Your columns have the sum 1, not your rows. Along which axis are the classes of one example?"""
    powers = np.exp(logits - logits.max(axis=0))
    return powers / powers.sum(axis=0)


@exercise.mistake
def shift_right_sum_along_the_wrong_axis(logits):
    """You divide by the sum of each column. Along which axis are the classes of one example?"""
    powers = np.exp(logits - row_max(logits))
    return powers / powers.sum(axis=0)


@exercise.mistake
def sum_of_the_whole_array(logits):
    """You divide by the sum of the whole batch, so all rows together have the sum 1. Which sum belongs to a row?"""
    powers = np.exp(logits - row_max(logits))
    return powers / powers.sum()


@exercise.mistake
def one_distribution_for_the_batch(logits):
    """Largest score and sum are those of the whole batch, so all rows together have the sum 1. Which are a row's?"""
    powers = np.exp(logits - logits.max())
    return powers / powers.sum()


@exercise.mistake
def shift_of_the_whole_array(logits):
    """You subtract the largest score of the whole batch. What is left of a row that lies 1,000 below it?"""
    return normalized(np.exp(logits - logits.max()))


@exercise.mistake
def shift_along_the_wrong_axis(logits):
    """You subtract the largest score of each column, which shifts the classes against each other. Whose is it?"""
    return normalized(np.exp(logits - logits.max(axis=0)))


@exercise.mistake
def shift_by_the_mean(logits):
    """You subtract the mean of the row. What is left of a score of 3000 beside three zeros, and what is its exp?"""
    return normalized(np.exp(logits - logits.mean(axis=-1, keepdims=True)))


@exercise.mistake
def shift_by_the_smallest(logits):
    """You subtract the smallest score of the row, so the largest can still be 800. Which shift leaves no plus sign?"""
    return normalized(np.exp(logits - logits.min(axis=-1, keepdims=True)))


@exercise.mistake
def shift_in_the_numerator_only(logits):
    """You shift the scores above the line, but not below it. Which numbers should the sum add up?"""
    return np.exp(logits - row_max(logits)) / np.exp(logits).sum(axis=-1, keepdims=True)


@exercise.mistake
def shift_in_the_sum_only(logits):
    """You shift the scores below the line, but not above it. Which numbers should be divided?"""
    return np.exp(logits) / np.exp(logits - row_max(logits)).sum(axis=-1, keepdims=True)


@exercise.mistake
def large_scores_cut(logits):
    """You cut scores to a limit. Then 1000 and 998 become equal: what must stay as it is between two scores?"""
    return normalized(np.exp(np.clip(logits, -500, 500)))


@exercise.mistake
def large_scores_cut_above(logits):
    """You cut scores from above, so 1000 and 998 become equal, and -1000 still is too small. What may be subtracted?"""
    return normalized(np.exp(np.minimum(logits, 700)))


@exercise.mistake
def nan_replaced(logits):
    """You replace what is not a number by 0. The rows it stood in have no sum of 1 any more: where did it come from?"""
    return np.nan_to_num(normalized(np.exp(logits)))


@exercise.mistake
def exp_missing_in_the_sum(logits):
    """Below the line you add up shifted scores, not their exponentials. What should the sum of a row be 1 of?"""
    shifted = logits - row_max(logits)
    return np.exp(shifted) / shifted.sum(axis=-1, keepdims=True)


@exercise.mistake
def scores_divided_by_their_sum(logits):
    """You divide the scores by their sum, so a negative score stays negative or worse. What makes all positive?"""
    return logits / logits.sum(axis=-1, keepdims=True)


@exercise.mistake
def shifted_scores_divided_by_their_sum(logits):
    """You divide shifted scores by their sum, so the largest gets 0. Which function comes before the division?"""
    shifted = logits - row_max(logits)
    return shifted / shifted.sum(axis=-1, keepdims=True)


@exercise.mistake
def minus_sign(logits):
    """Your largest score gets the smallest probability. Which sign stands in the exponent?"""
    return softmax(-logits)


@exercise.mistake
def shift_the_other_way(logits):
    """You subtract the scores from the largest, so the worst gets most. Which number is taken off which?"""
    return normalized(np.exp(row_max(logits) - logits))


@exercise.mistake
def keepdims_forgotten(logits):
    """A max or a sum has lost an axis: shape (n,) does not fit beside the table (n, k). What keeps the axis?"""
    powers = np.exp(logits - logits.max(axis=-1))
    return powers / powers.sum(axis=-1)


@exercise.mistake
def logarithm_returned(logits):
    """Your numbers are logarithms of the probabilities: none is above 0. What undoes a logarithm?"""
    shifted = logits - row_max(logits)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


@exercise.mistake
def not_divided(logits):
    """You return the exponentials, so the largest of a row is always 1. What gives the row the sum 1?"""
    return np.exp(logits - row_max(logits))


@exercise.mistake
def divided_by_the_number_of_classes(logits):
    """You divide by the mean of the exponentials, so a row has the sum k. What gives it the sum 1?"""
    powers = np.exp(logits - row_max(logits))
    return powers / powers.mean(axis=-1, keepdims=True)


@exercise.mistake
def sigmoid_for_softmax(logits):
    """You squash each score by itself, which is the sigmoid. What should the others of its row change?"""
    return 0.5 * (1 + np.tanh(0.5 * logits))


@exercise.mistake
def winner_takes_all(logits):
    """You give 1 to the largest score and 0 to all others. What share is left for a score that is 1 below it?"""
    return np.eye(logits.shape[-1])[logits.argmax(axis=-1)]
