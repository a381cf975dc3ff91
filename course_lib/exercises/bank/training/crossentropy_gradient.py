"""The gradient that starts backpropagation

**Goal.** Compute the gradient of the cross-entropy with respect to the logits: the first thing that flows back.

**Given.**
- `logits`: raw scores z, a NumPy array of floats, shape `(n, k)`. Each row is one example, each column a class.
  Scores may be as large as 3,000.
- `labels`: the right class of each example, an array of whole numbers from 0 to k - 1, shape `(n,)`.

**Write** `crossentropy_gradient(logits, labels)`.
The loss is the mean over the n examples of `-log p[label]`, where p is the softmax of the row.
Its gradient is short, for softmax and logarithm meet: `(p − onehot) / n`.
Here `onehot` is 1 at the example's own label and 0 at its other classes.
Take each row's maximum away before `exp`, or large scores overflow; the softmax stays the same.
Leave `logits` as they are.

**Returns** an array of shape `(n, k)`. Each of its rows adds up to 0.

**Example.** `logits = [[0, 0], [3000, 3000], [0, 0], [5, 5]]`, `labels = [0, 1, 1, 1]`.
All probabilities are 0.5. In the first row: (0.5 - 1) / 4 = -0.125 and 0.5 / 4 = 0.125.
The answer is `[[-0.125, 0.125], [0.125, -0.125], [0.125, -0.125], [0.125, -0.125]]`.

**Check** with `q.check(crossentropy_gradient)`.
"""

import numpy as np

from course_lib.exercises import Case, Exercise
from course_lib.text.words import counted


def crossentropy_gradient(logits, labels):
    """(softmax(logits) - onehot(labels)) / n: d (mean cross-entropy) / d logits. Shapes: (n, k) and (n,); (n, k)."""
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    gradient = e / e.sum(axis=1, keepdims=True)
    gradient[np.arange(len(labels)), labels] -= 1
    return gradient / len(labels)


def by_hand(logits, labels):
    n, label = len(labels), int(labels[0])
    p = softmax(logits)[0]
    listed = ", ".join(f"{v:.4g}" for v in p[:5]) + ", ..." * (len(p) > 5)
    return (
        f"The first row of the softmax is {listed}. Its label is {label}, so 1 is taken from the entry {label}: "
        f"{p[label]:.4g} - 1 = {p[label] - 1:.4g}. Divided by the {counted(n, 'example')}: {(p[label] - 1) / n:.5g}."
    )


def softmax(z, axis=1):
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def onehot(logits, labels):
    return np.eye(logits.shape[1])[labels]


Z = np.array([[2.0, 1.0, -1.0], [0.5, 0.0, 3.0], [-1.0, 2.0, 0.25], [1.0, 1.5, 0.0]])

exercise = Exercise(
    crossentropy_gradient,
    cases=[
        Case("two examples, three classes", Z[:2], np.array([0, 1])),
        Case("four examples, a label twice", Z, np.array([2, 0, 1, 0])),
        Case("a batch of one", np.array([[1.0, -0.5, 2.0, 0.0]]), np.array([3])),
        Case("two classes", np.array([[0.3, -0.2], [1.0, 2.0], [-2.0, 0.5], [0.0, 0.1], [2.0, 2.5]]), np.ones(5, int)),
        Case("all labels alike, five classes", np.arange(15.0).reshape(3, 5) % 4 - 1.5, np.array([2, 2, 2])),
        Case("the last class and the first", Z[1:] * 2, np.array([2, 0, 2])),
        Case("rows of very different size", np.array([[3000.0, 2999.0, 0.0], [0.0, 1.0, 2.0]]), np.array([1, 0])),
        Case(
            "very negative scores", np.array([[-2000.0, -2001.0, -1999.5], [-900.0, -900.5, -901.0]]), np.array([0, 2])
        ),
        Case("sure and right, sure and wrong", np.array([[40.0, 0.0, 1.0], [40.0, 0.0, 1.0]]), np.array([0, 2])),
    ],
    random_case=lambda rng: (2 * rng.normal(size=(5, 4)), rng.integers(0, 4, size=5)),
    hints=[
        "Two steps: the softmax of each row, then 1 taken from one entry of each row. What makes the loss a mean?",
        by_hand,
        "`gradient[np.arange(len(labels)), labels] -= 1` takes 1 from one entry of each row; "
        "divide by `len(labels)` at the end.",
    ],
    equivalent_mutants={
        "labels -> logits (again)": "there are as many rows of logits as labels",
        "labels -> logits (again) (again)": "there are as many rows of logits as labels",
    },
)


@exercise.property
def slope_of_the_loss(answer, logits, labels):
    """Along any direction the loss changes as the gradient says."""

    def loss(z):
        z = z - z.max(axis=1, keepdims=True)
        return np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(labels)), labels])

    direction = np.cos(np.arange(logits.size) + 1.0).reshape(logits.shape)
    measured = (loss(logits + 1e-4 * direction) - loss(logits - 1e-4 * direction)) / 2e-4
    said = float(np.sum(np.asarray(answer(logits, labels)) * direction))
    return (
        abs(measured - said) < 1e-5 or f"In one direction the slope is {measured:.6g}; your gradient says {said:.6g}."
    )


@exercise.mistake
def not_divided_by_n(logits, labels):
    """You return the gradient of the sum over the examples: the division by n is missing. What is the loss a mean
    of?"""
    return softmax(logits) - onehot(logits, labels)


@exercise.mistake
def divided_by_n_twice(logits, labels):
    """You divide by the number of examples twice. How often does it stand in the mean?"""
    return (softmax(logits) - onehot(logits, labels)) / len(labels) ** 2


@exercise.mistake
def divided_by_all_entries(logits, labels):
    """You divide by n times k, the number of all entries, as `np.mean` does. Over what does the mean of the loss go?"""
    return (softmax(logits) - onehot(logits, labels)) / logits.size


@exercise.mistake
def divided_by_the_classes(logits, labels):
    """You divide by the number of classes. Over what does the mean of the loss go?"""
    return (softmax(logits) - onehot(logits, labels)) / logits.shape[1]


@exercise.mistake
def wrong_sign(logits, labels):
    """All your numbers have the wrong sign. If the score of the right class grows, does the loss grow or fall?"""
    return (onehot(logits, labels) - softmax(logits)) / len(labels)


@exercise.mistake
def onehot_added(logits, labels):
    """You add 1 at the label. Does the loss grow or fall with the score of the right class, and which sign is that?"""
    return (softmax(logits) + onehot(logits, labels)) / len(labels)


@exercise.mistake
def one_taken_from_whole_columns(logits, labels):
    """You take 1 from whole columns, in every row, as `p[:, labels] -= 1` does. Which entry of each row is meant?"""
    p = softmax(logits)
    p[:, labels] -= 1
    return p / len(labels)


@exercise.mistake
def one_taken_from_whole_rows(logits, labels):
    """`p[labels] -= 1` takes labels for rows. The row is the number of the example: which index is the label?"""
    p = softmax(logits)
    p[labels] -= 1
    return p / len(labels)


@exercise.mistake
def label_itself_subtracted(logits, labels):
    """You subtract the number of the label from a whole row. It only says *where* the 1 is: which entry is that?"""
    return (softmax(logits) - labels[:, None]) / len(labels)


@exercise.mistake
def labels_counted_from_one(logits, labels):
    """You take 1 from the class before the label. From which number are classes counted?"""
    return (softmax(logits) - onehot(logits, labels - 1)) / len(labels)


@exercise.mistake
def onehot_forgotten(logits, labels):
    """You return the probabilities, divided by n. Where do the labels come in?"""
    return softmax(logits) / len(labels)


@exercise.mistake
def other_classes_left_at_zero(logits, labels):
    """Only the entry of the label is filled. By how much does the loss grow when the score of another class grows?"""
    return np.where(onehot(logits, labels) > 0, softmax(logits) - 1, 0) / len(labels)


@exercise.mistake
def softmax_over_the_examples(logits, labels):
    """Your softmax goes over the examples: columns add up to 1. Along which axis are the classes of one example?"""
    return (softmax(logits, axis=0) - onehot(logits, labels)) / len(labels)


@exercise.mistake
def softmax_over_everything(logits, labels):
    """Your softmax divides by the sum of the whole array. What adds up to 1: the array, or each row?"""
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return (e / e.sum() - onehot(logits, labels)) / len(labels)


@exercise.mistake
def softmax_of_one_vector(logits, labels):
    """You use the softmax of a single vector: its maximum and its sum go over all rows. What should add up to 1?"""
    e = np.exp(logits - logits.max())
    return (e / e.sum() - onehot(logits, labels)) / len(labels)


@exercise.mistake
def row_axis_lost(logits, labels):
    """A maximum or sum of each row has the shape (n,) and does not fit (n, k). How can an axis stay, with length 1?"""
    e = np.exp(logits - logits.max(axis=1))
    return (e / e.sum(axis=1) - onehot(logits, labels)) / len(labels)


@exercise.mistake
def no_max_shift(logits, labels):
    """You exponentiate the raw scores, and e^3000 is infinite. What may be taken from a row without a change of p?"""
    e = np.exp(logits)
    return (e / e.sum(axis=1, keepdims=True) - onehot(logits, labels)) / len(labels)


@exercise.mistake
def shifted_by_the_maximum_of_all(logits, labels):
    """You take the maximum of the whole array from every row, and a row of small scores becomes 0/0. Whose maximum?"""
    e = np.exp(logits - logits.max())
    return (e / e.sum(axis=1, keepdims=True) - onehot(logits, labels)) / len(labels)


@exercise.mistake
def no_softmax(logits, labels):
    """You subtract onehot from the raw scores. What makes probabilities of them?"""
    return (logits - onehot(logits, labels)) / len(labels)


@exercise.mistake
def exponentials_not_divided(logits, labels):
    """Your exponentials are not divided by their sum. What do probabilities add up to?"""
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return (e - onehot(logits, labels)) / len(labels)


@exercise.mistake
def softmax_twice(logits, labels):
    """You apply the softmax twice. What is given to it: scores or probabilities?"""
    return (softmax(softmax(logits)) - onehot(logits, labels)) / len(labels)


@exercise.mistake
def sigmoid_for_softmax(logits, labels):
    """You use the sigmoid, class by class. Do your probabilities of a row add up to 1?"""
    return (1 / (1 + np.exp(-logits)) - onehot(logits, labels)) / len(labels)


@exercise.mistake
def with_respect_to_probabilities(logits, labels):
    """That is the gradient with respect to the *probabilities*, -1/p at the label. What does it become behind the
    softmax?"""
    with np.errstate(divide="ignore"):
        return np.where(onehot(logits, labels) > 0, -1 / softmax(logits), 0) / len(labels)


@exercise.mistake
def derivative_of_the_softmax_again(logits, labels):
    """You multiply by p(1 - p) as well. The derivative of the softmax is in p - onehot already: what is left to do?"""
    p = softmax(logits)
    return (p - onehot(logits, labels)) * p * (1 - p) / len(labels)


@exercise.mistake
def logits_changed(logits, labels):
    """The numbers are right, but you change the caller's own `logits`. How do you make a new array of them?"""
    logits -= logits.max(axis=1, keepdims=True)
    return crossentropy_gradient(logits, labels)


@exercise.mistake
def averaged_over_the_examples(logits, labels):
    """You average over the examples, so one row is left. Each score has a slope of its own: which shape do they
    make?"""
    return (softmax(logits) - onehot(logits, labels)).mean(axis=0)


@exercise.mistake
def loss_returned(logits, labels):
    """You return the loss. How fast does it change with each score?"""
    z = logits - logits.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(labels)), labels])


@exercise.mistake
def divided_before_the_one_is_taken(logits, labels):
    """You divide the probabilities by n and take a whole 1 from them. What belongs in the brackets before `/ n`?"""
    return softmax(logits) / len(labels) - onehot(logits, labels)


@exercise.mistake
def one_taken_from_the_largest(logits, labels):
    """You take 1 from the class with the largest score. That is what the network says: which class is right?"""
    return (softmax(logits) - onehot(logits, logits.argmax(axis=1))) / len(labels)
