"""The gradient of ReLU

**Goal.** Pass a gradient back through ReLU.

**Given.** (NumPy arrays of floats, both of the same shape `(n, units)`.)
- `dy`: the gradient of the loss for y, the output of ReLU.
- `z`: what went into ReLU on the way forward: `y = max(z, 0)`.

**Write** `relu_gradient(dy, z)`, the gradient of the loss for `z`. Where `z` is above 0, y moves as z does, and the
gradient goes through as it is. Where `z` is below 0, y stays at 0 whatever z does, and nothing goes through.
At exactly 0 the curve has a corner; nothing goes through there either, as in Keras.
Leave `dy` and `z` themselves unchanged.

**Returns** an array of the shape of `z`.

**Example.** `dy = [[5, -2, 3], [4, -1, 0.5]]`, `z = [[2, 0.5, -1], [0, -3, 7]]`.
In the first row z is above 0 twice: 5 and -2 go through, 3 does not. In the second only 0.5 goes through.
The answer is `[[5, -2, 0], [0, 0, 0.5]]`.

**Check** with `q.check(relu_gradient)`.
"""

import numpy as np

from course_lib.exercises import Case, Exercise


def relu_gradient(dy, z):
    """d loss / d z for y = max(z, 0), from dy = d loss / d y. Shapes: both (n, units); returns (n, units)."""
    return dy * (z > 0)


def by_hand(dy, z):
    said = []
    for g, v in list(zip(dy.ravel(), z.ravel()))[:5]:
        why = "above 0" if v > 0 else "below 0" if v < 0 else "exactly 0"
        said.append(f"z = {v:.4g} is {why}, so {g:.4g} becomes {g if v > 0 else 0.0:.4g}")
    return "; ".join(said) + f". Of {z.size} entries {int((z > 0).sum())} go through."


DY = np.array([[5.0, -2.0, 3.0], [4.0, -1.0, 0.5]])
Z = np.array([[2.0, 0.5, -1.0], [-0.25, -3.0, 7.0]])

exercise = Exercise(
    relu_gradient,
    cases=[
        Case("two rows, no corner", DY, Z),
        Case("at exactly 0", DY, np.array([[2.0, 0.5, -1.0], [0.0, -3.0, 7.0]])),
        Case("a batch of one", np.array([[-3.0, 2.0, -0.5, 1.5]]), np.array([[0.5, -2.0, -4.0, 3.0]])),
        Case("only gradients below 0", -np.abs(DY), -Z),
        Case("one unit", np.array([[0.5], [-1.5], [2.0]]), np.array([[0.1], [4.0], [0.0]])),
        Case("nothing goes through", DY, -np.abs(Z)),
        Case("a neuron that is barely alive", 1e4 * DY, 1e-9 * Z),
        Case("large numbers", np.array([[1e-3, -2e-3], [5e-3, 4e-3], [-1e-3, 3e-3]]), 1e4 * Z.reshape(3, 2)),
    ],
    random_case=lambda rng: (rng.normal(size=(5, 3)), rng.normal(size=(5, 3)) * (rng.uniform(size=(5, 3)) > 0.2)),
    hints=[
        "Which of the two arrays decides what goes through, and which one is it that goes through?",
        by_hand,
        "`z > 0` is True where the gradient goes through. Multiplied by a number, True counts as 1 and False as 0.",
    ],
)


@exercise.mistake
def decided_by_the_gradient(dy, z):
    """You cut gradients that are negative. A negative gradient is as good as any: which array decides?"""
    return np.maximum(dy, 0)


@exercise.mistake
def decided_by_both(dy, z):
    """You also cut negative gradients where z is above 0. Which array alone decides what goes through?"""
    return dy * (z > 0) * (dy > 0)


@exercise.mistake
def upstream_ignored(dy, z):
    """You return the derivative of ReLU alone, 0 or 1. By the chain rule, what is it multiplied by?"""
    return 1.0 * (z > 0)


@exercise.mistake
def corner_counted_as_one(dy, z):
    """At z = 0 you let the gradient through. What is agreed for the corner?"""
    return dy * (z >= 0)


@exercise.mistake
def corner_counted_half(dy, z):
    """At z = 0 you let half of the gradient through. What is agreed for the corner?"""
    return dy * np.heaviside(z, 0.5)


@exercise.mistake
def times_z(dy, z):
    """You multiply by z. How much does y grow for each unit that z grows, if z is 7?"""
    return dy * z


@exercise.mistake
def times_relu(dy, z):
    """You multiply by ReLU itself, not by its derivative. How much does y grow for each unit, if z is 7?"""
    return dy * np.maximum(z, 0)


@exercise.mistake
def relu_of_the_product(dy, z):
    """You apply ReLU to the product of both. Which array decides, and what becomes of the other where it may pass?"""
    return np.maximum(dy * z, 0)


@exercise.mistake
def mask_inverted(dy, z):
    """You let through where z is below 0. On which side of 0 does y move as z does?"""
    return dy * (z < 0)


@exercise.mistake
def mask_inverted_with_the_corner(dy, z):
    """You let through where z is 0 or below. On which side of 0 does y move as z does?"""
    return dy * (z <= 0)


@exercise.mistake
def changed_in_place(dy, z):
    """The numbers are right, but you write the zeros into `dy`, which belongs to the caller. Where do they belong?"""
    dy[z <= 0] = 0
    return dy


@exercise.mistake
def z_changed_in_place(dy, z):
    """The numbers are right, but you write zeros into `z`, which belongs to the caller. Which new array would do?"""
    np.maximum(z, 0, out=z)
    return dy * (z > 0)


@exercise.mistake
def sign_for_step(dy, z):
    """Where z is below 0 you turn the gradient round. How much does y move there?"""
    return dy * np.sign(z)


@exercise.mistake
def everything_through(dy, z):
    """You let the whole gradient through. Where does y not move, whatever z does?"""
    return dy * 1.0


@exercise.mistake
def forward_again(dy, z):
    """You return ReLU of z, the way forward. What goes back where z is above 0?"""
    return np.maximum(z, 0)


@exercise.mistake
def arguments_swapped(dy, z):
    """You let z through where dy is above 0. Which of the two decides, and which goes through?"""
    return z * (dy > 0)


@exercise.mistake
def z_where_closed(dy, z):
    """Where z is not above 0 you return z. How much of the gradient goes through there?"""
    return np.where(z > 0, dy, z)


@exercise.mistake
def leaky(dy, z):
    """You let a hundredth through where z is below 0, which is leaky ReLU. How much does y move there?"""
    return dy * np.where(z > 0, 1, 0.01)


@exercise.mistake
def entries_dropped(dy, z):
    """You keep only the entries that go through, so the shape is lost. What stands where nothing goes through?"""
    return dy[z > 0]


@exercise.mistake
def if_for_a_whole_array(dy, z):
    """You ask `if z > 0` of a whole array. Each entry has an answer of its own: what keeps them all?"""
    if z > 0:
        return dy
    return 0 * dy


@exercise.mistake
def python_max(dy, z):
    """Python's `max` compares whole arrays. Besides, which comparison says where the gradient goes through?"""
    return dy * max(z, 0)


@exercise.mistake
def cut_to_the_range_from_0_to_1(dy, z):
    """Where z is between 0 and 1 you let only a part through. How much does y move there for each unit of z?"""
    return dy * np.clip(z, 0, 1)


@exercise.mistake
def row_ended_at_the_first_closed_unit(dy, z):
    """Behind the first closed unit of a row nothing goes through with you. Does `break` skip one unit or all others?"""
    return dy * np.logical_and.accumulate(z > 0, axis=1)
