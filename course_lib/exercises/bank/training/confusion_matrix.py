"""Which class is taken for which?

**Goal.** Count, for each true class, which classes the model predicted.

**Given.** (Arrays are NumPy arrays.)
- `labels`: the true class of each example, whole numbers from 0 to `classes - 1`, shape `(n,)`.
- `predictions`: the class that the model chose for the same example, shape `(n,)`.
- `classes`: how many classes there are. Some of them may occur in neither array.

**Write** `confusion_matrix(labels, predictions, classes)`.
Entry `[i, j]` counts the examples of the true class `i` that were predicted as class `j`.
So a row belongs to a true class, a column to a predicted one, and what is right stands on the diagonal.
Without examples every entry is 0.

**Returns** an array of whole numbers, shape `(classes, classes)`. (A list of lists passes as well, 2.0 for 2 too.)

**Example.** `labels = [0, 0, 0, 2]`, `predictions = [0, 1, 1, 2]`, `classes = 3`.
Class 0 was recognized once and taken for class 1 twice; class 1 never occurs; class 2 was recognized once:
`[[1, 2, 0], [0, 0, 0], [0, 0, 1]]`.

**Check** with `q.check(confusion_matrix)`.
"""

import numpy as np

from course_lib.exercises import Case, Exercise
from course_lib.text.words import counted


def confusion_matrix(labels, predictions, classes):
    """Counts, (classes, classes): row i, column j for examples of class i that were predicted as class j."""
    matrix = np.zeros((classes, classes), dtype=int)
    for label, prediction in zip(labels, predictions):
        matrix[label, prediction] += 1
    return matrix


def by_hand(labels, predictions, classes):
    pairs = list(zip(labels.tolist(), predictions.tolist()))
    if not pairs:
        return f"There is no example, so all {classes} * {classes} entries are 0."
    said = [
        f"true {a}, predicted {b}: {counted(pairs.count((a, b)), 'time')}" for a, b in list(dict.fromkeys(pairs))[:6]
    ]
    more = "; ..." if len(set(pairs)) > 6 else ""
    a, b = pairs[0]
    return (
        f"{counted(len(pairs), 'example')}, {counted(classes, 'class')}. {'; '.join(said)}{more}. "
        f"The first is counted at [{a}, {b}]."
    )


def example(n, classes, seed, used=None):
    """Labels and predictions of which about half agree, with as many classes as are used."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(used or classes, size=n)
    predictions = np.where(rng.random(n) < 0.5, labels, rng.integers(used or classes, size=n))
    return labels, predictions, classes


NONE = np.array([], dtype=int)

exercise = Exercise(
    confusion_matrix,
    cases=[
        Case("four examples, three classes", np.array([0, 0, 0, 2]), np.array([0, 1, 1, 2]), 3),
        Case("two classes", np.array([1, 0, 1, 1, 0]), np.array([0, 0, 1, 0, 1]), 2),
        Case("all are right", np.array([2, 0, 2, 1, 2]), np.array([2, 0, 2, 1, 2]), 3),
        Case("none is right", np.array([1, 1, 0, 2, 1]), np.array([0, 0, 2, 1, 2]), 3),
        Case("one example", np.array([1]), np.array([2]), 4),
        Case("the last classes do not occur", *example(9, 6, 1, used=4)),
        Case("classes in between do not occur", np.array([0, 4, 4, 2, 0]), np.array([4, 4, 0, 0, 4]), 5),
        Case("no example", NONE, NONE, 3),
        Case("ten classes, many examples", *example(300, 10, 2)),
    ],
    random_case=lambda rng: example(int(rng.integers(20, 60)), int(rng.integers(3, 7)), rng),
    hints=[
        "How many entries has the table? Begin with all of them at 0. Which entry grows by 1 for the first example?",
        by_hand,
        "`matrix = np.zeros((classes, classes), dtype=int)`; then for each pair `matrix[label, prediction] += 1`.",
    ],
    equivalent_mutants={
        "np.zeros((classes, classes), dtype=int) -> np.zeros((classes, classes))": "2.0 passes for 2, as is said"
    },
)


def right(labels, predictions, classes):
    return confusion_matrix(labels, predictions, classes)


@exercise.mistake
def transposed(labels, predictions, classes):
    """Your rows are the predicted classes and your columns the true ones. Which of the two does a row belong to?"""
    return right(labels, predictions, classes).T


@exercise.mistake
def repeated_pairs_counted_once(labels, predictions, classes):
    """No entry of yours is above 1: a pair that comes again is lost. (`matrix[labels, predictions] += 1` adds 1 once to
    each place that it names, however often.) How is every example counted?"""
    return np.minimum(right(labels, predictions, classes), 1)


@exercise.mistake
def shares_of_a_row(labels, predictions, classes):
    """You divide each row by its sum, so it holds shares. Are shares asked for, or counts?"""
    matrix = right(labels, predictions, classes)
    return matrix / matrix.sum(axis=1, keepdims=True)


@exercise.mistake
def shares_of_a_row_or_0(labels, predictions, classes):
    """You divide each row that is not empty by its sum, so it holds shares. Are shares asked for, or counts?"""
    matrix = right(labels, predictions, classes)
    return matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)


@exercise.mistake
def shares_of_a_column(labels, predictions, classes):
    """You divide each column by its sum, so it holds shares. Are shares asked for, or counts?"""
    matrix = right(labels, predictions, classes)
    return matrix / matrix.sum(axis=0)


@exercise.mistake
def shares_of_all(labels, predictions, classes):
    """You divide by the number of all examples. Is a share asked for, or a count?"""
    return right(labels, predictions, classes) / len(labels)


@exercise.mistake
def only_the_diagonal(labels, predictions, classes):
    """You count only what is right. Where does an example go that was taken for another class?"""
    matrix = right(labels, predictions, classes)
    return matrix * np.eye(classes, dtype=int)


@exercise.mistake
def only_what_is_wrong(labels, predictions, classes):
    """You count only the confusions; your diagonal is empty. Where does an example go that is right?"""
    matrix = right(labels, predictions, classes)
    return matrix * (1 - np.eye(classes, dtype=int))


@exercise.mistake
def classes_from_the_largest_number(labels, predictions, classes):
    """You take the number of classes from the largest class that occurs. Which argument says how many there are?"""
    found = int(max(labels.max(initial=-1), predictions.max(initial=-1))) + 1
    return right(labels, predictions, found)


@exercise.mistake
def classes_from_the_largest_label(labels, predictions, classes):
    """You take the number of classes from the largest label, though another class may be predicted or none at all.
    Which argument says how many there are?"""
    return right(labels, predictions, max(labels) + 1)


@exercise.mistake
def classes_that_occur(labels, predictions, classes):
    """You have a row and a column for each class that occurs. Which argument says how many classes there are?"""
    found, places = np.unique(np.concatenate([labels, predictions]), return_inverse=True)
    return right(places[: len(labels)], places[len(labels) :], len(found))


@exercise.mistake
def labels_that_occur(labels, predictions, classes):
    """You make as many rows and columns as there are different labels. Which argument says how many classes there
    are?"""
    return right(labels, predictions, len(set(labels.tolist())))


@exercise.mistake
def both_ways(labels, predictions, classes):
    """You count each example at `[i, j]` and at `[j, i]`. Which of the two places says what was true?"""
    matrix = right(labels, predictions, classes)
    return matrix + matrix.T


@exercise.mistake
def counted_from_1(labels, predictions, classes):
    """You take 1 off each class, so class 0 lands in the last row. From which number are classes counted here?"""
    return right(labels - 1, predictions - 1, classes)


@exercise.mistake
def classes_reversed(labels, predictions, classes):
    """Your last class stands first. Which class does row 0 belong to?"""
    return right(labels, predictions, classes)[::-1, ::-1]


@exercise.mistake
def right_and_wrong_of_each_class(labels, predictions, classes):
    """You count right and wrong for each class, two numbers. Which class was it taken for?"""
    matrix = right(labels, predictions, classes)
    hits = np.diag(matrix)
    return np.stack([hits, matrix.sum(axis=1) - hits], axis=1)


@exercise.mistake
def hits_of_each_class(labels, predictions, classes):
    """You return one number for each class, how often it was recognized. Where do the confusions go?"""
    return np.diag(right(labels, predictions, classes))


@exercise.mistake
def accuracy(labels, predictions, classes):
    """You return the share of right answers. That is one number: which table says what was confused with what?"""
    return np.mean(labels == predictions)


@exercise.mistake
def not_reshaped(labels, predictions, classes):
    """Your counts stand in one row. How many rows and columns has the table?"""
    return right(labels, predictions, classes).ravel()


@exercise.mistake
def counted_as_far_as_they_occur(labels, predictions, classes):
    """`np.bincount` stops at the largest number it meets, so there are too few counts for the table. Which argument of
    it asks for more?"""
    return np.bincount(labels * classes + predictions).reshape(classes, classes)


@exercise.mistake
def row_of_ones_added(labels, predictions, classes):
    """You add 1 to the whole row of the true class. Which column belongs to the prediction?"""
    matrix = np.zeros((classes, classes), dtype=int)
    for label in labels:
        matrix[label] += 1
    return matrix


@exercise.mistake
def percentages(labels, predictions, classes):
    """You return percentages of all examples. Is a share asked for, or a count?"""
    return 100 * right(labels, predictions, classes) / len(labels)


@exercise.mistake
def all_rows_the_same_list(labels, predictions, classes):
    """All your rows are alike: `[[0] * classes] * classes` is one and the same list several times. How is a new one
    made for each row?"""
    return np.tile(right(labels, predictions, classes).sum(axis=0), (classes, 1))


@exercise.mistake
def every_label_with_every_prediction(labels, predictions, classes):
    """You pair every label with every prediction: there are two loops, one in the other. Which prediction belongs to
    an example?"""
    matrix = right(labels, predictions, classes)
    return np.outer(matrix.sum(axis=1), matrix.sum(axis=0))


@exercise.mistake
def places_multiplied(labels, predictions, classes):
    """You count at the place `label * prediction`, which is 0 for every pair with class 0. Which number stands for
    one pair alone?"""
    return np.bincount(labels * predictions, minlength=classes**2).reshape(classes, classes)


@exercise.mistake
def begun_at_1(labels, predictions, classes):
    """Each of your counts is 1 too large. What stands in the table before the first example?"""
    return right(labels, predictions, classes) + 1


@exercise.mistake
def labels_with_labels(labels, predictions, classes):
    """All you count lies on the diagonal, as if every answer were right. Which array says the column?"""
    return right(labels, labels, classes)


@exercise.mistake
def number_of_the_example_noted(labels, predictions, classes):
    """You add the number of the example instead of 1. By how much does an entry grow?"""
    matrix = np.zeros((classes, classes), dtype=int)
    for i, (label, prediction) in enumerate(zip(labels, predictions)):
        matrix[label, prediction] += i
    return matrix


@exercise.mistake
def neither_counted_too(labels, predictions, classes):
    """You also count examples that are neither of class i nor predicted as j, as `(labels == i) == (predictions == j)`
    does. Which operator asks for both?"""
    return np.array([[np.sum((labels == i) == (predictions == j)) for j in range(classes)] for i in range(classes)])


@exercise.mistake
def bins_over_what_occurs(labels, predictions, classes):
    """Your bins go from the smallest to the largest class that occurs. Which `range` makes a bin for each class?"""
    return np.histogram2d(labels, predictions, bins=classes)[0]
