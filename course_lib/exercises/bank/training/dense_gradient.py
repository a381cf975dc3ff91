"""The gradients of a dense layer

**Goal.** Walk back through a whole layer: from the gradient of its output to those of all that went into it.

**Given.** (NumPy arrays of floats.)
- `x`: the examples that went in, shape `(n, d)`.
- `kernel`: the weights, shape `(d, units)`.
- `dz`: the gradient of the loss for `z = x @ kernel + bias`, shape `(n, units)`.

The loss is the mean over the batch, so `1/n` is in `dz` already. Nothing is divided any more.

**Write** `dense_gradient(x, kernel, dz)`. Each entry of z is a sum of products, so by the chain rule:
- `x[i, j]` reaches all units of row i: its gradient is the sum over the units m of `kernel[j, m] · dz[i, m]`.
- `kernel[j, m]` is used by all examples: its gradient is the sum over the examples i of `x[i, j] · dz[i, m]`.
- `bias[m]` is added in all examples: its gradient is the sum over the examples i of `dz[i, m]`.

**Returns** a tuple `(dx, dkernel, dbias)` in this order. Each has the shape of what it is the gradient of:
`(n, d)`, `(d, units)` and `(units,)`.

**Example.** `x = [[1, 2], [0, 3], [2, -1]]`, `kernel = [[5], [-2]]`, `dz = [[0.5], [1], [-2]]`.
`dx` has the row [5 · 0.5, -2 · 0.5] first: `[[2.5, -1], [5, -2], [-10, 4]]`.
`dkernel` is [[1 · 0.5 + 0 · 1 + 2 · (-2)], [2 · 0.5 + 3 · 1 + (-1) · (-2)]] = `[[-3.5], [6]]`.
`dbias` is 0.5 + 1 - 2: `[-0.5]`.

**Check** with `q.check(dense_gradient)`.
"""

import numpy as np

from course_lib.exercises import Case, Exercise


def dense_gradient(x, kernel, dz):
    """(dx, dkernel, dbias) of z = x @ kernel + bias. Shapes: x (n, d), kernel (d, units), dz (n, units)."""
    dx = dz @ kernel.T
    dkernel = x.T @ dz
    dbias = dz.sum(axis=0)
    return dx, dkernel, dbias


def by_hand(x, kernel, dz):
    def products(a, b):
        return " + ".join(f"({p:.3g})*({q:.3g})" for p, q in list(zip(a, b))[:6]) + " + ..." * (len(a) > 6)

    sums = " + ".join(f"({g:.3g})" for g in dz[:6, 0]) + " + ..." * (len(dz) > 6)
    return (
        f"Here n = {x.shape[0]}, d = {x.shape[1]}, units = {kernel.shape[1]}. "
        f"dx[0, 0] = {products(kernel[0], dz[0])} = {kernel[0] @ dz[0]:.4g}. "
        f"dkernel[0, 0] = {products(x[:, 0], dz[:, 0])} = {x[:, 0] @ dz[:, 0]:.4g}. "
        f"dbias[0] = {sums} = {dz[:, 0].sum():.4g}. "
        "Which axis is gone after each sum, and which product of matrices sums over it?"
    )


X = np.array([[1.0, 2.0], [0.0, 3.0], [2.0, -1.0]])
KERNEL = np.array([[5.0, 0.5, -1.0, 2.0], [-2.0, 1.0, 3.0, 0.25]])
DZ = np.array([[0.5, -1.0, 2.0, 0.25], [1.0, 0.0, -0.5, 3.0], [-2.0, 4.0, 0.75, -1.5]])


def layer(rng, n, d, units):
    return rng.normal(size=(n, d)), rng.normal(size=(d, units)), rng.normal(size=(n, units))


exercise = Exercise(
    dense_gradient,
    cases=[
        Case("three examples, one unit", X, KERNEL[:, :1], DZ[:, :1]),
        Case("three examples, four units", X, KERNEL, DZ),
        Case("five examples, three features, two units", *layer(np.random.default_rng(1), 5, 3, 2)),
        Case("as many units as features", *layer(np.random.default_rng(2), 4, 3, 3)),
        Case(
            "a batch of one",
            np.array([[2.0, -1.0, 0.5]]),
            np.array([[1.0, 4.0], [-2.0, 0.5], [3.0, -1.5]]),
            np.array([[0.25, -3.0]]),
        ),
        Case("one feature", np.array([[2.0], [-1.0], [0.5], [3.0]]), np.array([[4.0, -3.0]]), DZ[[0, 1, 2, 0], 1:3]),
        Case("a dead unit", X, 2 * KERNEL, DZ * [1.0, 0.0, -2.0, 1.0]),
        Case("large inputs", 1e4 * X, KERNEL, 1e-3 * DZ),
    ],
    random_case=lambda rng: layer(rng, 6, 4, 3),
    hints=[
        "Write the three shapes beside each other: (n, d), (d, units), (n, units). "
        "Which product of two of them, perhaps transposed, has the shape of the third?",
        by_hand,
        "`dx = dz @ kernel.T`, `dkernel = x.T @ dz`, `dbias = dz.sum(axis=0)`.",
    ],
)


@exercise.mistake
def bias_not_summed(x, kernel, dz):
    """Your bias gradient has a row for each example. One bias serves them all: what becomes of the n rows?"""
    return dz @ kernel.T, x.T @ dz, dz


@exercise.mistake
def bias_averaged(x, kernel, dz):
    """Your bias gradient is a mean over the examples. The 1/n is in dz already: what is left to do with the rows?"""
    return dz @ kernel.T, x.T @ dz, dz.mean(axis=0)


@exercise.mistake
def bias_summed_over_units(x, kernel, dz):
    """Your bias gradient has a number for each example: you sum over the units. Along which axis are the examples?"""
    return dz @ kernel.T, x.T @ dz, dz.sum(axis=1)


@exercise.mistake
def bias_as_a_row(x, kernel, dz):
    """Your bias gradient has the shape (1, units). Which shape has the bias itself?"""
    return dz @ kernel.T, x.T @ dz, dz.sum(axis=0, keepdims=True)


@exercise.mistake
def bias_summed_to_one_number(x, kernel, dz):
    """Your bias gradient is one number for all units. Each has its own bias: which axis must stay?"""
    return dz @ kernel.T, x.T @ dz, dz.sum()


@exercise.mistake
def bias_from_the_first_example(x, kernel, dz):
    """Your bias gradient looks at one example. How many of them does the bias serve?"""
    return dz @ kernel.T, x.T @ dz, dz[0]


@exercise.mistake
def bias_gradient_of_one(x, kernel, dz):
    """Your bias gradient is 1, which is how much z moves when the bias does. What does that matter to the loss?"""
    return dz @ kernel.T, x.T @ dz, np.ones(kernel.shape[1])


@exercise.mistake
def kernel_divided_by_the_batch_again(x, kernel, dz):
    """Your kernel gradient is divided by n. The loss is a mean already: how often does 1/n come in?"""
    return dz @ kernel.T, x.T @ dz / len(x), dz.sum(axis=0)


@exercise.mistake
def input_divided_by_the_batch_again(x, kernel, dz):
    """Your input gradient is divided by n. The loss is a mean already: how often does 1/n come in?"""
    return dz @ kernel.T / len(x), x.T @ dz, dz.sum(axis=0)


@exercise.mistake
def upstream_ignored(x, kernel, dz):
    """You take dz for all ones: that is the gradient of the sum of z. What does each example and unit matter?"""
    return dense_gradient(x, kernel, np.ones_like(dz))


@exercise.mistake
def a_gradient_for_each_example(x, kernel, dz):
    """Your kernel gradient has a table for each example. One kernel serves them all: over which axis is the sum?"""
    return dz @ kernel.T, x[:, :, None] * dz[:, None, :], dz.sum(axis=0)


@exercise.mistake
def kernel_gradient_of_the_last_example(x, kernel, dz):
    """Your kernel gradient is the last example's alone. In a loop over the examples, does `=` add them up, or `+=`?"""
    return dz @ kernel.T, np.outer(x[-1], dz[-1]), dz.sum(axis=0)


@exercise.mistake
def kernel_gradient_transposed(x, kernel, dz):
    """Your kernel gradient has the shape (units, d). Which of its two factors comes first?"""
    return dz @ kernel.T, dz.T @ x, dz.sum(axis=0)


@exercise.mistake
def input_gradient_transposed(x, kernel, dz):
    """Your input gradient has the shape (d, n). Which of its two factors comes first?"""
    return kernel @ dz.T, x.T @ dz, dz.sum(axis=0)


@exercise.mistake
def units_meet_features(x, kernel, dz):
    """In a product of yours units meet features. Which axis should be summed over, and which factor transposed?"""
    return dz @ kernel, x.T @ dz, dz.sum(axis=0)


@exercise.mistake
def features_meet_examples(x, kernel, dz):
    """In a product of yours features meet examples. Which axis should be summed over, and which factor transposed?"""
    return dz @ kernel.T, x @ dz, dz.sum(axis=0)


@exercise.mistake
def units_meet_examples(x, kernel, dz):
    """In a product of yours units meet examples. Which axis should be summed over, and which factor transposed?"""
    return kernel @ dz, x.T @ dz, dz.sum(axis=0)


@exercise.mistake
def kernel_as_input_gradient(x, kernel, dz):
    """Your input gradient is the kernel itself, a local derivative. What is it multiplied by?"""
    return kernel.T, x.T @ dz, dz.sum(axis=0)


@exercise.mistake
def relu_added(x, kernel, dz):
    """Your input gradient is 0 where x is not above 0. Is there a ReLU in z = x @ kernel + bias?"""
    return (dz @ kernel.T) * (x > 0), x.T @ dz, dz.sum(axis=0)


@exercise.mistake
def signs_turned(x, kernel, dz):
    """You have turned the sign round. A gradient says where the loss grows: which later step goes against it?"""
    return tuple(-gradient for gradient in dense_gradient(x, kernel, dz))


@exercise.mistake
def kernel_first(x, kernel, dz):
    """The gradients are right, in the order (dkernel, dbias, dx). In which order are they asked for?"""
    return x.T @ dz, dz.sum(axis=0), dz @ kernel.T


@exercise.mistake
def kernel_before_input(x, kernel, dz):
    """The gradients are right, in the order (dkernel, dx, dbias). In which order are they asked for?"""
    return x.T @ dz, dz @ kernel.T, dz.sum(axis=0)


@exercise.mistake
def input_left_out(x, kernel, dz):
    """You return two gradients, for kernel and bias. What does the layer before this one need?"""
    return x.T @ dz, dz.sum(axis=0)


@exercise.mistake
def product_entry_by_entry(x, kernel, dz):
    """You multiply entry by entry. Each gradient is a sum of products: which operator adds them up as well?"""
    return dz * kernel.T, x.T * dz, dz.sum(axis=0)


@exercise.mistake
def only_one_gradient(x, kernel, dz):
    """You return one array, the gradient of x. Kernel and bias went into z as well: what of them?"""
    return dz @ kernel.T
