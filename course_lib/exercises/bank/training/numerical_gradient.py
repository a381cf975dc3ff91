"""The gradient without any calculus

**Goal.** Measure a gradient: move one number a little to both sides, and see what the function does.

**Given.**
- `f`: a function. `f(x)` takes an array of the shape of `x` and returns one number.
- `x`: a NumPy array of floats with any number of axes, one at least.
- `epsilon`: how far each entry is moved. 1e-5 if nothing is said.

**Write** `numerical_gradient(f, x, epsilon=1e-5)`.
For each entry by itself, all others as they were:
`(f(x with epsilon added to the entry) − f(x with epsilon taken from it)) / (2 · epsilon)`.
This is the central difference. You may move entries of `x` itself, if at the end it holds exactly the numbers
of before, to the last digit; or move those of a copy.

**Returns** an array of the shape of `x`: for each entry, how fast f grows with it.

**Example.** `f = lambda x: np.sum(x ** 3)`, `x = [[1, 2], [0, -1], [3, 1]]`, `epsilon = 0.5`.
First entry: (1.5³ - 0.5³) / (2 · 0.5) = 3.375 - 0.125 = 3.25, for the others cancel.
(The true slope is 3; with 1e-5 for 0.5 the answer is that to eight decimals.)
The answer is `[[3.25, 12.25], [0.25, 3.25], [27.25, 3.25]]`.

**Check** with `q.check(numerical_gradient)`.
"""

import numpy as np

from course_lib.exercises import Case, Exercise


def numerical_gradient(f, x, epsilon=1e-5):
    """df/dx of a number-valued f by central differences; an array of the shape of x."""
    x, gradient = x.copy(), np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        kept = x[i]
        x[i] = kept + epsilon
        above = f(x)
        x[i] = kept - epsilon
        below = f(x)
        x[i] = kept
        gradient[i] = (above - below) / (2 * epsilon)
    return gradient


def by_hand(f, x, epsilon=1e-5):
    first = (0,) * x.ndim
    above, below = x.copy(), x.copy()
    above[first] += epsilon
    below[first] -= epsilon
    return (
        f"The entry {list(first)} is {x[first]:.6g}. With {above[first]:.6g} in its place f is {f(above):.8g}, with "
        f"{below[first]:.6g} it is {f(below):.8g}. The difference, divided by 2*{epsilon:g}, is "
        f"{(f(above) - f(below)) / (2 * epsilon):.6g}. There are {x.size} entries."
    )


def cubes(x):
    return np.sum(x**3)


def neighbours(x):
    return np.sum(x[:-1] ** 2 * x[1:])


def a_layer(x):
    return np.sum(np.array([1.0, -2.0]) @ x**3 * x[1])


def exponentials(x):
    return np.sum(np.exp(x) * np.arange(1.0, x.size + 1).reshape(x.shape))


def corner(x):
    return x[0, 1, 0] ** 3 - 2 * x[1, 2, 1] ** 2 * x[0, 0, 1] + x.sum()


MIXED = np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 1.5]])

exercise = Exercise(
    numerical_gradient,
    cases=[
        Case("cubes of three numbers, a large epsilon", cubes, np.array([1.0, 2.0, -0.5]), 0.5),
        Case("cubes of a table", cubes, MIXED, 0.25),
        Case("a table that was transposed", cubes, MIXED.T, 0.25),
        Case("one number", cubes, np.array([2.0]), 0.1),
        Case("each number meets its neighbour", neighbours, np.array([1.0, -2.0, 0.5, 3.0]), 0.2),
        Case("two rows that are mixed", a_layer, np.array([[1.0, 0.5, -1.0], [2.0, -0.5, 1.5]]), 0.1),
        Case("exponentials, epsilon left out", exponentials, np.array([[0.5, -1.0, 2.0, 0.0]])).within(1e-8),
        Case("three axes", corner, np.arange(12.0).reshape(2, 3, 2) / 4 - 1, 0.3),
        Case("epsilon by its name", neighbours, np.array([0.5, 1.0, -1.0]), epsilon=0.4),
        Case("flat at 0, epsilon left out", cubes, np.array([0.0, 0.0])),
        Case("large numbers", cubes, np.array([3e3, -1e3, 40.0]), 2.0).within(1e-9),
        Case("thirds, which no float holds exactly", cubes, np.array([[1 / 3, 2 / 3, 0.1], [0.7, 0.2, 1.1]]), 0.3),
    ],
    random_case=lambda rng: (exponentials, rng.normal(size=(3, 2)), float(rng.uniform(0.1, 0.5))),
    hints=[
        "How many entries move at a time? And what must be true of the array before the next one moves?",
        by_hand,
        "`for i in np.ndindex(x.shape):` goes through all entries; `kept = x[i]`, then `x[i] = kept + epsilon`, f, "
        "`x[i] = kept - epsilon`, f, `x[i] = kept`.",
    ],
    equivalent_mutants={
        "x.copy() -> x": "every entry is put back, so the caller's x may be used as well",
        "np.zeros -> np.ones": "every entry is written over",
    },
)


def moved(x, i, by):
    """A copy of x with one entry moved."""
    x = x.copy()
    x[i] += by
    return x


def differences(f, x, of):
    """An array of `of(i)` for each index."""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        gradient[i] = of(i)
    return gradient


@exercise.mistake
def forward_difference(f, x, epsilon=1e-5):
    """You compare f above with f at x itself. What does the second value have to be for a *central* difference?"""
    return differences(f, x, lambda i: (f(moved(x, i, epsilon)) - f(x)) / epsilon)


@exercise.mistake
def forward_difference_in_place(f, x, epsilon=1e-5):
    """You compare f above with f at x itself, and go back by subtracting, which leaves the last digit wrong. What does
    the second value have to be for a *central* difference, and which number do you keep to put back?"""
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        here = f(x)
        x[i] += epsilon
        gradient[i] = (f(x) - here) / epsilon
        x[i] -= epsilon
    return gradient


@exercise.mistake
def backward_difference(f, x, epsilon=1e-5):
    """You compare f at x itself with f below. What does the first value have to be for a *central* difference?"""
    return differences(f, x, lambda i: (f(x) - f(moved(x, i, -epsilon))) / epsilon)


@exercise.mistake
def forward_over_two_epsilon(f, x, epsilon=1e-5):
    """One of your two values is f at x itself, yet you divide by 2 epsilon. How far apart are the two points?"""
    return differences(f, x, lambda i: (f(moved(x, i, epsilon)) - f(x)) / (2 * epsilon))


@exercise.mistake
def divided_by_epsilon(f, x, epsilon=1e-5):
    """You divide by epsilon. The two points lie on both sides of x: how far apart are they?"""
    return 2 * numerical_gradient(f, x, epsilon)


@exercise.mistake
def half_a_step_each_way(f, x, epsilon=1e-5):
    """You move by half of epsilon to each side. By how much is an entry moved here, and what is it divided by?"""
    return numerical_gradient(f, x, epsilon / 2)


@exercise.mistake
def not_divided(f, x, epsilon=1e-5):
    """You return the difference itself. What makes a slope of it?"""
    return 2 * epsilon * numerical_gradient(f, x, epsilon)


@exercise.mistake
def brackets_forgotten(f, x, epsilon=1e-5):
    """`/ 2 * epsilon` divides by 2 and then multiplies by epsilon. What belongs in brackets?"""
    return numerical_gradient(f, x, epsilon) * epsilon**2


@exercise.mistake
def wrong_sign(f, x, epsilon=1e-5):
    """All your slopes have the wrong sign. Which of the two values is subtracted from the other?"""
    return -numerical_gradient(f, x, epsilon)


@exercise.mistake
def epsilon_ignored(f, x, epsilon=1e-5):
    """You move by 1e-5, whatever was passed. Which argument says how far?"""
    return numerical_gradient(f, x, 1e-5)


@exercise.mistake
def all_entries_at_once(f, x, epsilon=1e-5):
    """You move all entries at once, so every slope is that of all of them together. Which one moves at a time?"""
    return np.full(x.shape, (f(x + epsilon) - f(x - epsilon)) / (2 * epsilon))


@exercise.mistake
def one_number_for_all(f, x, epsilon=1e-5):
    """You move all entries at once and return one number. How many slopes has f?"""
    return (f(x + epsilon) - f(x - epsilon)) / (2 * epsilon)


@exercise.mistake
def whole_rows_at_once(f, x, epsilon=1e-5):
    """You go along the first axis only, so whole rows move together. How do you go through every entry of a table?"""
    gradient = np.zeros(x.shape)
    for i in range(len(x)):
        gradient[i] = (f(moved(x, i, epsilon)) - f(moved(x, i, -epsilon))) / (2 * epsilon)
    return gradient


@exercise.mistake
def left_below_in_a_copy(f, x, epsilon=1e-5):
    """Your entries stay moved while the next ones are measured. What must x be again before the next entry moves?"""
    x, gradient = x.copy(), np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += epsilon
        above = f(x)
        x[i] -= 2 * epsilon
        gradient[i] = (above - f(x)) / (2 * epsilon)
    return gradient


@exercise.mistake
def copied_once(f, x, epsilon=1e-5):
    """Your two copies are made once, so what was moved stays moved for the next entries. When is a fresh copy due?"""
    gradient, up, down = np.zeros(x.shape), x.copy(), x.copy()
    for i in np.ndindex(x.shape):
        up[i] += epsilon
        down[i] -= epsilon
        gradient[i] = (f(up) - f(down)) / (2 * epsilon)
    return gradient


@exercise.mistake
def two_loops(f, x, epsilon=1e-5):
    """You count on two axes, rows and columns; x may have one or three. What goes through every entry of any array?"""
    gradient = np.zeros(x.shape)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            gradient[i, j] = (f(moved(x, (i, j), epsilon)) - f(moved(x, (i, j), -epsilon))) / (2 * epsilon)
    return gradient


@exercise.mistake
def up_and_back(f, x, epsilon=1e-5):
    """You move up and then back by epsilon: the second point is x itself, not below it. How far down is it?"""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += epsilon
        above = f(x)
        x[i] -= epsilon
        gradient[i] = (above - f(x)) / (2 * epsilon)
    return gradient


@exercise.mistake
def left_below(f, x, epsilon=1e-5):
    """The caller's x stays moved, and is so while your next entries are measured. When do you put a number back?"""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += epsilon
        above = f(x)
        x[i] -= 2 * epsilon
        gradient[i] = (above - f(x)) / (2 * epsilon)
    return gradient


@exercise.mistake
def left_above_in_a_copy(f, x, epsilon=1e-5):
    """Your entries stay moved up, and one of the two values is f before the move. Which two points are asked for?"""
    x, gradient = x.copy(), np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        below = f(x)
        x[i] += epsilon
        gradient[i] = (f(x) - below) / epsilon
    return gradient


@exercise.mistake
def below_is_x_again(f, x, epsilon=1e-5):
    """You go up by epsilon and down by epsilon, which leads back to x itself, not below it. How far down is it?"""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += epsilon
        above = f(x)
        x[i] -= epsilon
        gradient[i] = (above - f(x)) / (2 * epsilon)
        x[i] += epsilon
    return gradient


@exercise.mistake
def put_back_by_arithmetic(f, x, epsilon=1e-5):
    """The slopes are right, but adding epsilon back leaves a last digit wrong in the caller's x. What could you keep
    before an entry moves?"""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += epsilon
        above = f(x)
        x[i] -= 2 * epsilon
        gradient[i] = (above - f(x)) / (2 * epsilon)
        x[i] += epsilon
    return gradient


@exercise.mistake
def flat_copy_given_to_f(f, x, epsilon=1e-5):
    """You give f a flat copy. It expects the shape of x: what does it do with a table?"""
    flat = x.ravel()
    gradient = np.array([(f(moved(flat, i, epsilon)) - f(moved(flat, i, -epsilon))) / (2 * epsilon)
                         for i in range(flat.size)])  # fmt: skip
    return gradient.reshape(x.shape)


@exercise.mistake
def flat_view_that_is_a_copy(f, x, epsilon=1e-5):
    """Of a transposed table `x.ravel()` is a copy, so nothing moves in x itself. Which indices reach its entries?"""
    return numerical_gradient(f, x, epsilon) if x.flags.c_contiguous else np.zeros(x.shape)


@exercise.mistake
def flat_result(f, x, epsilon=1e-5):
    """The slopes are right, but they stand in one row. Which shape has x?"""
    return numerical_gradient(f, x, epsilon).ravel()


@exercise.mistake
def entry_given_to_f(f, x, epsilon=1e-5):
    """You give f a single entry. It takes the whole array: how do you move one entry in it?"""
    return differences(f, x, lambda i: (f(x[i] + epsilon) - f(x[i] - epsilon)) / (2 * epsilon))


@exercise.mistake
def only_epsilon_given_to_f(f, x, epsilon=1e-5):
    """Your f sees an array of zeros in which one entry is epsilon. What should the other entries hold?"""
    zeros = np.zeros(x.shape)
    return differences(f, x, lambda i: (f(moved(zeros, i, epsilon)) - f(moved(zeros, i, -epsilon))) / (2 * epsilon))


@exercise.mistake
def epsilon_times_the_entry(f, x, epsilon=1e-5):
    """You move each entry by epsilon times itself. By how much does an entry of 0 move then?"""
    return differences(
        f,
        x,
        lambda i: (f(moved(x, i, epsilon * x[i])) - f(moved(x, i, -epsilon * x[i]))) / np.float64(2 * epsilon * x[i]),
    )


@exercise.mistake
def entry_set_to_epsilon(f, x, epsilon=1e-5):
    """You set an entry to epsilon, and to minus epsilon: its own number is lost. From where should it move?"""

    def put(i, value):
        here = np.zeros(x.shape, bool)
        here[i] = True
        return np.where(here, value, x)

    return differences(f, x, lambda i: (f(put(i, epsilon)) - f(put(i, -epsilon))) / (2 * epsilon))


@exercise.mistake
def no_copy_made(f, x, epsilon=1e-5):
    """Your two arrays are one and the same, so f gives the same number twice. Does `up = x` make a copy?"""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        up = x
        up[i] += epsilon
        down = x
        down[i] -= epsilon
        gradient[i] = (f(up) - f(down)) / (2 * epsilon)
    return gradient


@exercise.mistake
def row_kept_as_a_view(f, x, epsilon=1e-5):
    """Of a table `x[i]` is a whole row, and keeping it keeps no copy: it moves with x. How do you reach one entry?"""
    gradient = np.zeros(x.shape)
    for i in range(len(x)):
        kept = x[i]
        x[i] = kept + epsilon
        above = f(x)
        x[i] = kept - epsilon
        below = f(x)
        x[i] = kept
        gradient[i] = (above - below) / (2 * epsilon)
    return gradient
