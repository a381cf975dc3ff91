"""An epoch cut into batches

**Goal.** Hand out every example once an epoch, in a shuffled order, a few at a time.

**Given.** (Arrays are NumPy arrays.)
- `x`: the examples, shape `(n, d)`.
- `y`: the target of each example, shape `(n,)`.
- `order`: the row numbers 0 to n − 1, shuffled, shape `(n,)`.
- `batch_size`: how many examples a batch holds, at least 1.

**Write** `batches(x, y, order, batch_size)`. The first batch holds the rows `order[0]`, `order[1]`, … of `x`, and the
targets of the same rows from `y`. The next batch goes on where the first one ends.
Where the examples do not divide evenly, the last batch is shorter. No batch is empty.

**Returns** a `list` of pairs `(x_batch, y_batch)`, shapes `(b, d)` and `(b,)`.

**Example.** Five examples, `x = [[10, 1], [20, 2], [30, 3], [40, 4], [50, 5]]`, `y = [0, 1, 2, 3, 4]`,
`order = [3, 0, 4, 1, 2]`, `batch_size = 2`.
The rows of the three batches are 3 and 0, 4 and 1, 2: the first is `([[40, 4], [10, 1]], [3, 0])`,
the last `([[30, 3]], [2])`.

**Check** with `q.check(batches)`.
"""

import math

import numpy as np

from course_lib.exercises import Case, Exercise
from course_lib.text.words import counted


def batches(x, y, order, batch_size):
    """[(rows of x, their targets), …] in the given order, batch_size rows in each, the last one perhaps shorter."""
    made = []
    for first in range(0, len(x), batch_size):
        rows = order[first : first + batch_size]
        made.append((x[rows], y[rows]))
    return made


def by_hand(x, y, order, batch_size):
    rows = [order[first : first + batch_size].tolist() for first in range(0, len(x), batch_size)]
    said = ", ".join(map(str, rows[:5])) + (", ..." if len(rows) > 5 else "")
    first = rows[0][0]
    return (
        f"{counted(len(x), 'row')} in batches of {batch_size}: {len(rows)} of them, with the rows {said}. "
        f"The first one begins with row {first}: x {np.round(x[first], 3).tolist()}, y {y[first]:.4g}."
    )


X = np.array([[10.0, 1.0], [20.0, 2.0], [30.0, 3.0], [40.0, 4.0], [50.0, 5.0]])
Y = np.arange(5.0)
ORDER = np.array([3, 0, 4, 1, 2])


def example(n, d, seed):
    rng = np.random.default_rng(seed)
    return np.round(rng.normal(size=(n, d)), 3), np.round(rng.normal(size=n), 3), rng.permutation(n)


exercise = Exercise(
    batches,
    cases=[
        Case("a short last batch", X, Y, ORDER, 2),
        Case("it comes out even", X[:4], Y[:4], np.array([2, 0, 3, 1]), 2),
        Case("seven in threes, one is left", *example(7, 2, 1), 3),
        Case("eight in fives", *example(8, 3, 2), 5),
        Case("a batch holds more than there are", X, Y, ORDER, 32),
        Case("a batch of all", X, Y, ORDER, 5),
        Case("batches of one", X[:3], Y[:3], np.array([1, 2, 0]), 1),
        Case("a single example", X[4:], Y[4:], np.array([0]), 3),
        Case("large numbers, one feature", 1e5 * X[:, :1], Y - 2.5, ORDER, 3),
    ],
    random_case=lambda rng: (*example(int(rng.integers(9, 15)), 3, rng), int(rng.integers(2, 7))),
    hints=[
        "Which rows does the second batch hold, if the first has taken `batch_size` of the order? Cut the order first.",
        by_hand,
        "`for first in range(0, len(x), batch_size)`; the rows are `order[first : first + batch_size]`, and `x[rows]` "
        "takes them all at once.",
    ],
    equivalent_mutants={"x -> y": "there are as many targets as examples"},
)


def cut(x, y, orders):
    """One batch for each array of row numbers. For the mistakes."""
    return [(x[rows], y[rows]) for rows in orders]


def pieces(order, batch_size):
    return [order[first : first + batch_size] for first in range(0, len(order), batch_size)]


@exercise.mistake
def y_not_in_the_order(x, y, order, batch_size):
    """You shuffle x and not y, so each example gets the target of another. Which rows of y belong to a batch?"""
    return [(x[rows], some) for rows, some in zip(pieces(order, batch_size), pieces(y, batch_size))]


@exercise.mistake
def x_not_in_the_order(x, y, order, batch_size):
    """You shuffle y and not x, so each example gets the target of another. Which rows of x belong to a batch?"""
    return [(some, y[rows]) for rows, some in zip(pieces(order, batch_size), pieces(x, batch_size))]


@exercise.mistake
def order_ignored(x, y, order, batch_size):
    """Your batches hold the rows as they stand in x. Which argument says what comes first?"""
    return cut(x, y, pieces(np.arange(len(x)), batch_size))


@exercise.mistake
def order_inverted(x, y, order, batch_size):
    """You send row 0 to the place `order[0]`. It is meant the other way: which row comes first?"""
    return cut(x, y, pieces(np.argsort(order), batch_size))


@exercise.mistake
def order_applied_twice(x, y, order, batch_size):
    """You apply the order twice. If x is shuffled already, which rows of it does a batch take?"""
    return cut(x, y, pieces(order[order], batch_size))


@exercise.mistake
def short_batch_dropped(x, y, order, batch_size):
    """You drop the short batch at the end. Its examples count as well: where does the last batch begin?"""
    return [pair for pair in batches(x, y, order, batch_size) if len(pair[0]) == batch_size]


@exercise.mistake
def filled_from_the_start(x, y, order, batch_size):
    """You fill the last batch up with rows from the start, which then count twice in this epoch. May it be shorter?"""
    full = np.resize(order, math.ceil(len(order) / batch_size) * batch_size)
    return cut(x, y, pieces(full, batch_size))


@exercise.mistake
def last_batch_reaches_back(x, y, order, batch_size):
    """Your last batch reaches back to be full, so some rows count twice in this epoch. May it be shorter?"""
    starts = [min(first, max(len(x) - batch_size, 0)) for first in range(0, len(x), batch_size)]
    return cut(x, y, [order[first : first + batch_size] for first in starts])


@exercise.mistake
def rest_joined_to_the_last(x, y, order, batch_size):
    """You add the rows that are left to the last full batch. How many rows may a batch hold at most?"""
    whole = max(len(x) // batch_size, 1)
    ends = [*range(batch_size, whole * batch_size, batch_size), len(x)]
    return cut(x, y, [order[a:b] for a, b in zip([0, *ends], ends)])


@exercise.mistake
def empty_batch_at_the_end(x, y, order, batch_size):
    """Where the rows come out even you add an empty batch. Where must the last batch begin, at the latest?"""
    return cut(x, y, [order[first : first + batch_size] for first in range(0, len(x) + 1, batch_size)])


@exercise.mistake
def steps_of_one(x, y, order, batch_size):
    """Your batches overlap: each begins one row after the one before. By how much must the start move on?"""
    return cut(x, y, [order[first : first + batch_size] for first in range(len(x))])


@exercise.mistake
def steps_of_one_while_full(x, y, order, batch_size):
    """Your full batches overlap: each begins one row after the one before. By how much must the start move on?"""
    return cut(x, y, [order[first : first + batch_size] for first in range(len(x) - batch_size + 1)])


@exercise.mistake
def that_many_batches(x, y, order, batch_size):
    """You make `batch_size` batches. It is the number of rows in each: how many batches does that give?"""
    return cut(x, y, np.array_split(order, batch_size))


@exercise.mistake
def of_equal_length(x, y, order, batch_size):
    """You spread the rows evenly over the batches. All but the last should be full: how many rows has the first?"""
    return cut(x, y, np.array_split(order, math.ceil(len(x) / batch_size)))


@exercise.mistake
def equal_parts_demanded(x, y, order, batch_size):
    """You cut into equal parts, which fails where the rows do not divide evenly. Which batch may be shorter?"""
    return cut(x, y, np.split(order, math.ceil(len(x) / batch_size)))


@exercise.mistake
def one_batch_of_all(x, y, order, batch_size):
    """You put all rows into one batch. How many may it hold?"""
    return cut(x, y, [order])


@exercise.mistake
def only_the_first_batch(x, y, order, batch_size):
    """You make the first batch only. Which rows come next?"""
    return cut(x, y, [order[:batch_size]])


@exercise.mistake
def two_lists(x, y, order, batch_size):
    """You return two lists, one of x and one of y. What belongs together in one batch?"""
    return tuple([data[rows] for rows in pieces(order, batch_size)] for data in (x, y))


@exercise.mistake
def y_first(x, y, order, batch_size):
    """Your pairs hold y first and x second. In which order are they asked for?"""
    return [(y[rows], x[rows]) for rows in pieces(order, batch_size)]


@exercise.mistake
def last_row_of_each_left_out(x, y, order, batch_size):
    """Your batches are a row short, but for the last. Does a slice a:b hold the row b itself?"""
    return cut(x, y, [order[first : first + batch_size - 1] for first in range(0, len(x), batch_size)])


@exercise.mistake
def only_x(x, y, order, batch_size):
    """Your batches hold x alone. What must the loss be computed against?"""
    return [x[rows] for rows in pieces(order, batch_size)]


@exercise.mistake
def row_numbers(x, y, order, batch_size):
    """You return the row numbers of the batches. Which rows of x and y do they stand for?"""
    return pieces(order, batch_size)
