"""Cross-entropy from logits

**Goal.** Say in one number how surprised a classifier is by the right classes, exactly, however sure it is.

**Given.** (NumPy arrays.)
- `labels`: the right class of each example, shape `(n,)`, whole numbers from 0 to k - 1.
- `logits`: the scores, shape `(n, k)`, floats of any size and sign. Softmax has not been applied.

**Write** `crossentropy(labels, logits)`. The loss of one example is `-log(p)`: p is the softmax probability of its
right class, log the natural logarithm. Return the mean over the examples.
Do not compute p itself: for a score far below the others it is rounded to 0, and log(0) is infinite.
With m, the largest score of the row, the same loss is exactly `m + log(sum(exp(row - m))) - (score of the label)`.

**Returns** one number, a `float`. (Keras calls it sparse categorical cross-entropy with `from_logits=True`.)

**Example.** `labels = [0, 2]`, `logits = [[2, 1, 0], [1000, 0, -500]]`.
First row, m = 2: 2 + log(1 + 0.368 + 0.135) - 2 = 0.408. Second row, m = 1000: 1000 + log(1 + 0 + 0) + 500 = 1500.
The mean is `750.204`.

**Check** with `q.check(crossentropy)`.
"""

import math

import numpy as np

from course_lib.exercises import Case, Exercise
from course_lib.text.words import counted


def crossentropy(labels, logits):
    """Mean of -log softmax(logits)[label], exact for any logits. Shapes: labels (n,), logits (n, k); one number."""
    highest = logits.max(axis=-1)
    log_sums = highest + np.log(np.exp(logits - highest[:, None]).sum(axis=-1))
    return np.mean(log_sums - logits[np.arange(len(labels)), labels])


def by_hand(labels, logits):
    def said(values):
        return "[" + ", ".join(f"{v:.4g}" for v in values) + "]"

    row, label = logits[0], labels[0]
    powers = np.exp(row - row.max())
    loss = row.max() + np.log(powers.sum()) - row[label]
    return (
        f"First row {said(row)}, largest {row.max():.4g}. The exponentials of {said(row - row.max())} are "
        f"{said(powers)}, sum {powers.sum():.5g}, logarithm {np.log(powers.sum()):.4g}. The label {label} has the "
        f"score {row[label]:.4g}: {row.max():.4g} + {np.log(powers.sum()):.4g} - ({row[label]:.4g}) = {loss:.5g}. "
        f"Such a loss for each of the {counted(len(labels), 'row')}, then their mean."
    )


def draw(rng):
    return rng.integers(0, 4, size=6), rng.normal(0, 3, size=(6, 4)) + rng.normal(0, 900, size=(6, 1))


exercise = Exercise(
    crossentropy,
    cases=[
        Case("two rows, three classes", np.array([0, 2]), np.array([[2.0, 1.0, 0.0], [-1.0, 0.5, 1.5]])),
        Case(
            "four rows, three classes",
            np.array([1, 0, 1, 2]),
            np.array([[0.5, 0.0, -1.0], [2.0, 3.0, -0.5], [1.0, 4.0, 0.0], [0.0, -1.0, 0.25]]),
        ),
        Case("a batch of one", np.array([3]), np.array([[1.0, -0.5, 2.0, 0.75, 0.0]])),
        Case("two classes", np.array([1, 1, 0]), np.array([[0.5, 1.0], [2.0, -1.0], [-0.25, 0.5]])),
        Case(
            "scores around 1,000",
            np.array([0, 1, 1, 0]),
            np.array([[1000.0, 999.0, 998.5], [997.0, 999.0, 1000.0], [1001.0, 999.5, 1000.0], [998.0, 997.0, 999.0]]),
        ),
        Case(
            "scores around -1,000", np.array([1, 0]), np.array([[-1000.0, -1001.0, -1002.0], [-998.0, -999.0, -998.5]])
        ),
        Case("very sure, and wrong once", np.array([0, 2]), np.array([[1.0, 0.0, 2.0], [50.0, 1.0, 0.0]])),
        Case("right by 3,000, beside a doubt", np.array([0, 1]), np.array([[3000.0, 0.0, 0.0], [0.5, 1.5, 0.0]])),
        Case("wrong by 1,500", np.array([0, 2]), np.array([[2.0, 1.0, 0.0], [1000.0, 0.0, -500.0]])),
        Case(
            "rows on different levels",
            np.array([1, 0, 1]),
            np.array([[1000.0, 999.0], [0.5, 1.5], [-2000.0, -1999.5]]),
        ),
    ],
    random_case=draw,
    hints=[
        "A loss for each row, then their mean. Which score of a row is picked by the label, and which by its size?",
        by_hand,
        "`highest + np.log(np.exp(logits - highest[:, None]).sum(axis=-1))`, less "
        "`logits[np.arange(len(labels)), labels]`, then the mean.",
    ],
    equivalent_mutants={
        "-1 -> 1": "axis 1 is the last of two",
        "-1 -> 1 (again)": "axis 1 is the last of two",
        "labels -> logits (again)": "there is a label for each row",
    },
)


def row_max(logits):
    return logits.max(axis=-1, keepdims=True)


def log_softmax(logits, axis=-1):
    shifted = logits - logits.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


def softmax(logits):
    return np.exp(log_softmax(logits))


def of_the_label(labels, table):
    return table[np.arange(len(labels)), labels]


def losses(labels, logits):
    return -of_the_label(labels, log_softmax(logits))


@exercise.mistake
def double_softmax(labels, logits):
    """You take softmax twice, so even a sure answer keeps a loss. What do you hand to the second one?"""
    return np.mean(losses(labels, softmax(logits)))


@exercise.mistake
def log_of_softmax(labels, logits):
    """Your loss becomes infinite where p is rounded to 0. How can log(p) be had without computing p?"""
    return -np.mean(np.log(of_the_label(labels, softmax(logits))))


@exercise.mistake
def one_hot_times_log_of_softmax(labels, logits):
    """You multiply 0 by log(p), and p is rounded to 0: 0 times infinity is NaN. How can log(p) be had without p?"""
    one_hot = np.eye(logits.shape[-1])[labels]
    return -np.mean((one_hot * np.log(softmax(logits))).sum(axis=-1))


def keep_from_zero(epsilon):
    """Declare the mistake of adding `epsilon` to the probability; clipping there gives the same numbers."""

    def capped(labels, logits):
        return -np.mean(np.log(of_the_label(labels, softmax(logits)) + epsilon))

    capped.__name__ = f"probability_kept_above_1e_{-np.log10(epsilon):.0f}"
    capped.__doc__ = (
        f"You keep the probability above {epsilon:.0e}, so no example can lose more than {-np.log(epsilon):.1f}. "
        "What should a miss by 1500 lose, and how can log(p) be had without p?"
    )
    exercise.mistake(capped)


for power in (6, 7, 8, 9, 10, 12, 15):
    keep_from_zero(10.0**-power)


@exercise.mistake
def no_shift(labels, logits):
    """A score near 1000 still reaches exp. What is exp(1000), and what may be taken off a whole row?"""
    return np.mean(np.log(np.exp(logits).sum(axis=-1)) - of_the_label(labels, logits))


@exercise.mistake
def no_shift_in_softmax(labels, logits):
    """Your softmax takes the exponential of the scores as they are. What is exp(1000) divided by a sum of such?"""
    powers = np.exp(logits)
    return -np.mean(np.log(of_the_label(labels, powers / powers.sum(axis=-1, keepdims=True))))


@exercise.mistake
def no_shift_and_math_exp(labels, logits):
    """`math.exp(1000)` is too large for a float. What may be taken off a whole row of scores beforehand?"""
    total = 0.0
    for row, label in zip(logits, labels):
        total += math.log(sum(math.exp(score) for score in row)) - row[label]
    return total / len(labels)


@exercise.mistake
def probability_by_math_exp(labels, logits):
    """`math.exp(1000)` is beyond what a float can hold. How can log(p) be had without p, and with small powers?"""
    total = 0.0
    for row, label in zip(logits, labels):
        total -= math.log(math.exp(row[label]) / sum(math.exp(score) for score in row))
    return total / len(labels)


@exercise.mistake
def shift_by_the_mean(labels, logits):
    """You take off the mean of the row. What is left of a score of 3000 beside two zeros, and what is its exp?"""
    middle = logits.mean(axis=-1, keepdims=True)
    return np.mean(middle[:, 0] + np.log(np.exp(logits - middle).sum(axis=-1)) - of_the_label(labels, logits))


@exercise.mistake
def shift_not_undone(labels, logits):
    """The largest score is taken off inside the sum only. What must then be added back, or taken off as well?"""
    return np.mean(np.log(np.exp(logits - row_max(logits)).sum(axis=-1)) - of_the_label(labels, logits))


@exercise.mistake
def shift_of_the_whole_array(labels, logits):
    """You take the largest score of the whole batch. What is left of a row that lies 1,000 below it?"""
    highest = logits.max()
    return np.mean(highest + np.log(np.exp(logits - highest).sum(axis=-1)) - of_the_label(labels, logits))


@exercise.mistake
def sum_of_the_whole_array(labels, logits):
    """Your sum goes over the whole batch. Over which scores does the softmax of one row go?"""
    highest = logits.max()
    return np.mean(highest + np.log(np.exp(logits - highest).sum()) - of_the_label(labels, logits))


@exercise.mistake
def sum_without_axis(labels, logits):
    """Your sum has no axis, so every row gets the exponentials of all rows. Along which axis are a row's classes?"""
    log_sum = np.log(np.exp(logits - row_max(logits)).sum())
    return np.mean(logits.max(axis=-1) + log_sum - of_the_label(labels, logits))


@exercise.mistake
def wrong_axis(labels, logits):
    """Your softmax goes down the columns, so examples compete. Along which axis are the classes of one example?"""
    return -np.mean(of_the_label(labels, log_softmax(logits, axis=0)))


@exercise.mistake
def sum_for_mean(labels, logits):
    """You return the sum over the examples, which grows with the batch. By what is it divided?"""
    return np.sum(losses(labels, logits))


@exercise.mistake
def mean_over_all_entries(labels, logits):
    """You divide by n * k: your mean also counts the zeros of the other classes. How many losses are there?"""
    return np.mean(losses(labels, logits)) / logits.shape[-1]


@exercise.mistake
def not_averaged(labels, logits):
    """You return a loss for each example. One number is asked for: what makes them one?"""
    return losses(labels, logits)


@exercise.mistake
def minus_forgotten(labels, logits):
    """Your loss is never above 0. What is the sign of the logarithm of a probability, and what of a loss?"""
    return -np.mean(losses(labels, logits))


@exercise.mistake
def base_ten_in_the_log_sum(labels, logits):
    """Your logarithm has the base 10, so it does not undo exp. Which one is `np.log`?"""
    log_sum = np.log10(np.exp(logits - row_max(logits)).sum(axis=-1))
    return np.mean(logits.max(axis=-1) + log_sum - of_the_label(labels, logits))


@exercise.mistake
def predicted_class(labels, logits):
    """You take the class with the largest score, so a wrong answer costs no more than a right one. Which is meant?"""
    return np.mean(losses(logits.argmax(axis=-1), logits))


@exercise.mistake
def every_label_for_every_row(labels, logits):
    """`[:, labels]` picks the labels of all examples in every row. Which one belongs to row i?"""
    return -np.mean(log_softmax(logits)[:, labels])


@exercise.mistake
def labels_from_one(labels, logits):
    """You take the class before the label. With which number do the classes begin?"""
    return np.mean(losses(labels - 1, logits))


@exercise.mistake
def all_classes_counted(labels, logits):
    """You average -log(p) over all classes, so the labels play no part. Which class of a row counts?"""
    return -np.mean(log_softmax(logits))


@exercise.mistake
def no_logarithm(labels, logits):
    """You average the probability itself, without a logarithm. What should a probability of 0 cost?"""
    return -np.mean(of_the_label(labels, softmax(logits)))


@exercise.mistake
def log_of_the_mean(labels, logits):
    """You average the probabilities and take one logarithm. Which comes first, for each example?"""
    return -np.log(np.mean(of_the_label(labels, softmax(logits))))


@exercise.mistake
def scores_taken_for_probabilities(labels, logits):
    """You take the logarithm of a score. What makes a probability of scores, which may be negative?"""
    return -np.mean(np.log(of_the_label(labels, logits)))


@exercise.mistake
def score_of_the_label_forgotten(labels, logits):
    """The score of the right class is missing, so the labels play no part. What is taken off the log of the sum?"""
    return np.mean(row_max(logits)[:, 0] + np.log(np.exp(logits - row_max(logits)).sum(axis=-1)))


@exercise.mistake
def distance_to_the_best_score(labels, logits):
    """You take the largest score for the log of the sum. What do the other scores of the row add to it?"""
    return np.mean(logits.max(axis=-1) - of_the_label(labels, logits))


@exercise.mistake
def infinite_losses_left_out(labels, logits):
    """You put 0 where p was rounded to 0, so the worst miss costs nothing. How can log(p) be had without p?"""
    p = of_the_label(labels, softmax(logits))
    return np.mean(np.where(p > 0, -np.log(p), 0))


@exercise.mistake
def large_scores_cut(labels, logits):
    """You cut scores to a limit. Then 1000 and 999 become equal: what must stay as it is between two scores?"""
    return np.mean(losses(labels, np.clip(logits, -500, 500)))


@exercise.mistake
def keepdims_forgotten(labels, logits):
    """A max or a sum of each row has shape (n,), which does not fit beside (n, k). What makes a column of it?"""
    highest = logits.max(axis=-1)
    return np.mean(highest + np.log(np.exp(logits - highest).sum(axis=-1)) - of_the_label(labels, logits))


@exercise.mistake
def rows_picked_by_the_labels(labels, logits):
    """`logits[labels]` picks whole rows, and the labels are columns. Which two indices pick one score of each row?"""
    log_sum = np.log(np.exp(logits - row_max(logits)).sum(axis=-1))
    return np.mean(logits.max(axis=-1) + log_sum - logits[labels])
