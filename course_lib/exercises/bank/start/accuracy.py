"""How often is the answer right?

**Goal.** Measure a classifier: for what share of the examples is its most probable class the true one?

**Given.**
- `probabilities`: a NumPy array of shape `(n, classes)`. Each row belongs to one example and holds a probability for
  each class.
- `labels`: a NumPy array of shape `(n,)`. The true class of each example, a whole number from 0 to `classes - 1`.

**Write** `accuracy(probabilities, labels)`. In each row, find the class with the largest probability. Of equal ones
take the first, as `np.argmax` does: `[[0.5, 0.5]]` with the label `1` is wrong. Compare the class with the label.
Return the share of examples where both agree.

**Returns** one number between 0 and 1.

**Example.**
`probabilities = [[0.1, 0.7, 0.2], [0.5, 0.3, 0.2], [0.2, 0.2, 0.6], [0.4, 0.3, 0.3]]`, `labels = [1, 2, 2, 0]`.
The most probable classes are 1, 0, 2, 0. Three of four agree with the labels. The answer is `0.75`.

**Check** with `q.check(accuracy)`.
"""

import numpy as np

from course_lib.exercises import Case, Exercise


def accuracy(probabilities, labels):
    """Share of the rows whose largest probability is at the label. Shapes (n, classes), (n,); returns a number."""
    predicted = np.argmax(probabilities, axis=1)
    return np.mean(predicted == labels)


def by_hand(probabilities, labels):
    predicted = probabilities.argmax(axis=1)
    hits = predicted == labels
    return (
        f"The most probable classes are {predicted[:8].tolist()}, the labels {labels[:8].tolist()}. "
        f"They agree for {hits.sum()} of {len(labels)}: "
        f"{hits.sum()} / {len(labels)} = {hits.mean():.4g}."
    )


def draw(rng):
    scores = np.exp(rng.normal(size=(7, 4)))
    probabilities = scores / scores.sum(axis=1, keepdims=True)
    labels = np.where(rng.random(7) < 0.6, probabilities.argmax(axis=1), rng.integers(0, 4, size=7))
    return probabilities, labels


exercise = Exercise(
    accuracy,
    cases=[
        Case(
            "four examples, three classes",
            np.array([[0.1, 0.7, 0.2], [0.5, 0.3, 0.2], [0.2, 0.2, 0.6], [0.4, 0.3, 0.3]]),
            np.array([1, 2, 2, 0]),
        ),
        Case("a batch of one", np.array([[0.3, 0.1, 0.4, 0.2]]), np.array([2])),
        Case(
            "two classes",
            np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4], [0.3, 0.7], [0.8, 0.2]]),
            np.array([0, 0, 0, 1, 1]),
        ),
        Case("all wrong", np.array([[0.7, 0.2, 0.1], [0.1, 0.2, 0.7]]), np.array([1, 0])),
        Case(
            "no probability above one half",
            np.array([[0.4, 0.35, 0.25], [0.3, 0.3, 0.4], [0.2, 0.45, 0.35], [0.35, 0.3, 0.35]]),
            np.array([0, 2, 1, 0]),
        ),
        Case(
            "two classes share the largest probability",
            np.array([[0.5, 0.5, 0.0], [0.25, 0.25, 0.5], [0.4, 0.2, 0.4], [0.1, 0.45, 0.45], [0.0, 0.5, 0.5]]),
            np.array([1, 2, 0, 2, 1]),
        ),
        Case("certain", np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [1e-9, 1e-9, 1 - 2e-9]]), np.array([1, 0, 2])),
    ],
    random_case=draw,
    hints=[
        "Which class does the model choose in each row? Then compare with the labels. "
        "A comparison gives True and False: what is the mean of those?",
        by_hand,
        "`predicted = np.argmax(probabilities, axis=1)` holds the classes. Take the mean of `predicted == labels`.",
    ],
)


@exercise.mistake
def wrong_axis(probabilities, labels):
    """You take the largest of each column. A row is one example: along which axis do its classes lie?"""
    return np.mean(np.argmax(probabilities, axis=0) == labels)


@exercise.mistake
def whole_array(probabilities, labels):
    """`np.argmax` without an axis gives one position in the whole array. How do you ask for one class in each row?"""
    return np.mean(np.argmax(probabilities) == labels)


@exercise.mistake
def counted(probabilities, labels):
    """You return how many are right, not their share. By what must the count be divided?"""
    return np.sum(np.argmax(probabilities, axis=1) == labels)


@exercise.mistake
def largest_value(probabilities, labels):
    """You compare the largest probability with the label, which is a class. Which function gives its place?"""
    return np.mean(np.max(probabilities, axis=1) == labels)


@exercise.mistake
def percent(probabilities, labels):
    """You return percent. A share between 0 and 1 is asked for: what is 75 % as a share?"""
    return 100 * accuracy(probabilities, labels)


@exercise.mistake
def share_of_errors(probabilities, labels):
    """You return the share of wrong answers. Which comparison counts the right ones?"""
    return np.mean(np.argmax(probabilities, axis=1) != labels)


@exercise.mistake
def more_than_one_half(probabilities, labels):
    """You count a row only when its label has more than one half. Of three, 0.4 may be the largest: what decides?"""
    return np.mean(probabilities[np.arange(len(labels)), labels] > 0.5)


@exercise.mistake
def mean_over_classes(probabilities, labels):
    """You divide by the number of classes. The share is one of examples: how many rows are there?"""
    return np.sum(np.argmax(probabilities, axis=1) == labels) / probabilities.shape[1]


@exercise.mistake
def probability_of_the_label(probabilities, labels):
    """You average the probability of the true class. An answer is right or not, however sure: what do you compare?"""
    return np.mean(probabilities[np.arange(len(labels)), labels])


@exercise.mistake
def any_of_equal_ones(probabilities, labels):
    """You count a label whose probability equals the largest, though another class has it too. Which is the first?"""
    return np.mean(probabilities[np.arange(len(labels)), labels] == probabilities.max(axis=1))


@exercise.mistake
def last_of_equal_ones(probabilities, labels):
    """Where two classes share the largest probability, you take the last. Which one does `np.argmax` take?"""
    last = probabilities.shape[1] - 1
    return np.mean(last - np.argmax(probabilities[:, ::-1], axis=1) == labels)
