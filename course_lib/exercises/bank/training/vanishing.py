"""How large is the gradient, layer by layer?

**Goal.** Send a gradient back through a stack of dense layers and measure it at each: does it vanish, or blow up?

**Given.** A forward pass was made already. (Arrays are NumPy arrays.)
- `kernels`: the kernels, a `list`, the first layer's first. The one of a layer from `a` to `b` numbers is `(a, b)`.
- `pre_activations`: the sums `z` of each layer, before its activation, a `list` in the same order. Shapes `(n, b)`.
- `activation_gradient`: a function. `activation_gradient(z)` is the derivative of the activation at every number of
  `z`. All layers have this activation, the last one too.
- `dy`: the gradient of the loss with respect to the output of the last layer, of the shape of the last `z`.

**Write** `vanishing(kernels, pre_activations, activation_gradient, dy)`. Go from the last layer to the first. In each:
1. The gradient with respect to its `z` is the gradient that arrives, times the activation's derivative at this `z`,
   number by number.
2. Note its size: the root of the sum of *all* its squares, which is what `np.linalg.norm` gives for a matrix.
3. To the layer below goes that gradient `@` the transposed kernel.

**Returns** a `list` of numbers, one for each layer, the *first* layer's first.

**Example.** Two layers, one example. `kernels = [[[2, 0]], [[3], [1]]]`, `pre_activations = [[[1, -1]], [[4]]]`, ReLU,
whose derivative is 1 where z > 0 and else 0, and `dy = [[0.5]]`.
Last layer: 0.5 times 1, size 0.5. Below arrives 0.5 times `[3, 1]` = `[1.5, 0.5]`.
First layer: times `[1, 0]` is `[1.5, 0]`, size 1.5. The answer is `[1.5, 0.5]`.

**Check** with `q.check(vanishing)`.
"""

import numpy as np

from course_lib.exercises import Case, Exercise
from course_lib.text.words import counted


def vanishing(kernels, pre_activations, activation_gradient, dy):
    """The norm of the gradient with respect to each layer's z, first layer first. Kernels (a, b), each z (n, b)."""
    sizes, gradient = [], dy
    for kernel, z in zip(kernels[::-1], pre_activations[::-1]):
        gradient = gradient * activation_gradient(z)
        sizes.append(np.linalg.norm(gradient))
        gradient = gradient @ kernel.T
    return sizes[::-1]


def relu_gradient(z):
    return (z > 0).astype(float)


def tanh_gradient(z):
    return 1 - np.tanh(z) ** 2


def sigmoid_gradient(z):
    s = 1 / (1 + np.exp(-z))
    return s * (1 - s)


def by_hand(kernels, pre_activations, activation_gradient, dy):
    gradient, said = dy, []
    for layer in range(len(kernels) - 1, max(len(kernels) - 4, -1), -1):
        z = pre_activations[layer]
        slope = activation_gradient(z)
        arrives, gradient = gradient, gradient * slope
        said.append(
            f"layer {layer + 1}: {arrives[0, 0]:.4g} arrives at the first number, times the derivative "
            f"{slope[0, 0]:.4g} at z = {z[0, 0]:.4g} is {gradient[0, 0]:.4g}; the whole has size "
            f"{np.linalg.norm(gradient):.4g}"
        )
        gradient = gradient @ kernels[layer].T
    more = ". And so on" if len(kernels) > 3 else ""
    return f"{counted(len(kernels), 'layer')}, {counted(len(dy), 'example')}. From the last: {'. '.join(said)}{more}."


def stack(widths, n, activation, gradient, seed, spread=1.0, dy_size=1.0):
    """A stack of layers with random kernels, and the sums that a forward pass gives in it."""
    rng = np.random.default_rng(seed)
    kernels = [np.round(rng.normal(0, spread / np.sqrt(a), (a, b)), 2) for a, b in zip(widths, widths[1:])]
    a, sums = rng.normal(size=(n, widths[0])), []
    for kernel in kernels:
        sums.append(np.round(a @ kernel + rng.normal(0, 0.3, kernel.shape[1]), 2))
        a = activation(sums[-1])
    return kernels, sums, gradient, np.round(dy_size * rng.normal(size=sums[-1].shape), 2)


def relu(z):
    return np.maximum(z, 0)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


exercise = Exercise(
    vanishing,
    cases=[
        Case(
            "two layers, one example, ReLU",
            [np.array([[2.0, 0.0]]), np.array([[3.0], [1.0]])],
            [np.array([[1.0, -1.0]]), np.array([[4.0]])],
            relu_gradient,
            np.array([[0.5]]),
        ),
        Case("three layers of different widths", *stack([2, 4, 3, 5], 2, np.tanh, tanh_gradient, 1)),
        Case("three layers of the same width", *stack([3, 3, 3, 3], 2, np.tanh, tanh_gradient, 2, 1.5)),
        Case("one layer", *stack([3, 4], 2, np.tanh, tanh_gradient, 3)),
        Case("ReLU, large weights", *stack([4, 6, 6, 6, 3], 3, relu, relu_gradient, 4, 20.0)),
        Case(
            "ReLU, a layer that is dead",
            [np.array([[1.0, 2.0]]), np.array([[0.5, 1.0], [-1.0, 2.0]]), np.array([[3.0], [1.0]])],
            [np.array([[1.0, 2.0]]), np.array([[-1.0, -0.5]]), np.array([[4.0]])],
            relu_gradient,
            np.array([[0.5]]),
        ),
        Case("sigmoid, six layers", *stack([4, 5, 5, 5, 5, 5, 2], 3, sigmoid, sigmoid_gradient, 5)),
        Case("a large gradient", *stack([3, 2, 4], 5, np.tanh, tanh_gradient, 6, dy_size=1e4)),
    ],
    random_case=lambda rng: stack(
        [int(w) for w in rng.integers(3, 7, size=5)], int(rng.integers(2, 5)), np.tanh, tanh_gradient, rng, 1.5
    ),
    hints=[
        "What arrives at a layer from above, and what does the layer do with it twice: once by its activation, once by "
        "its kernel?",
        by_hand,
        "For each layer from the last: `gradient = gradient * activation_gradient(z)`, note "
        "`np.linalg.norm(gradient)`, `gradient = gradient @ kernel.T`. At the end turn the list round: `sizes[::-1]`.",
    ],
)


def back(arguments, size=np.linalg.norm, step=None, note="z", slopes=None):
    """The sizes on the way back, first layer first, with a part exchanged. For the mistakes.

    step(gradient, kernel) is what goes below. note: "z" behind the activation, "before" it, or "below" the kernel.
    slopes: what stands for the derivatives, a list.
    """
    kernels, sums, activation_gradient, dy = arguments
    slopes = [activation_gradient(z) for z in sums] if slopes is None else slopes
    sizes, gradient = [], dy
    for kernel, slope in zip(kernels[::-1], slopes[::-1]):
        arrived, gradient = gradient, gradient * slope
        here, gradient = gradient, gradient @ kernel.T if step is None else step(gradient, kernel)
        sizes.append(size({"before": arrived, "z": here, "below": gradient}[note]))
    return sizes[::-1]


# --- the way back


@exercise.mistake
def last_layer_first(*arguments):
    """Your sizes are right, but the last layer's stands first. Which layer's is asked for first?"""
    return vanishing(*arguments)[::-1]


@exercise.mistake
def from_the_first_layer(kernels, pre_activations, activation_gradient, dy):
    """You send `dy` into the first layer and go up. At which end of the network does the loss's gradient arrive?"""
    sizes, gradient = [], dy
    for kernel, z in zip(kernels, pre_activations):
        gradient = gradient * activation_gradient(z)
        sizes.append(np.linalg.norm(gradient))
        gradient = gradient @ kernel.T
    return sizes


@exercise.mistake
def from_the_first_layer_kernels_as_they_are(kernels, pre_activations, activation_gradient, dy):
    """You go from the first layer to the last, as on the way forward. At which end of the network does the gradient of
    the loss arrive?"""
    sizes, gradient = [], dy
    for kernel, z in zip(kernels, pre_activations):
        gradient = (gradient @ kernel) * activation_gradient(z)
        sizes.append(np.linalg.norm(gradient))
    return sizes


@exercise.mistake
def kernel_not_transposed(*arguments):
    """You multiply by the kernel as it is. A kernel (a, b) leads from a numbers to b: what leads from b to a?"""
    return back(arguments, step=lambda gradient, kernel: gradient @ kernel)


@exercise.mistake
def no_kernels(kernels, pre_activations, activation_gradient, dy):
    """You multiply by derivatives alone. Through what else does a gradient go on its way to the layer below?"""
    return back((kernels, pre_activations, activation_gradient, dy), step=lambda gradient, kernel: gradient)


@exercise.mistake
def every_layer_from_dy(kernels, pre_activations, activation_gradient, dy):
    """You begin every layer with `dy`. Which gradient arrives at the layer below?"""
    return [np.linalg.norm(dy * activation_gradient(z)) for z in pre_activations[::-1]][::-1]


@exercise.mistake
def derivative_not_passed_on(kernels, pre_activations, activation_gradient, dy):
    """You measure behind the activation's derivative, and send down the gradient from before it. Which of the two goes
    through the kernel?"""
    sizes, gradient = [], dy
    for kernel, z in zip(kernels[::-1], pre_activations[::-1]):
        sizes.append(np.linalg.norm(gradient * activation_gradient(z)))
        gradient = gradient @ kernel.T
    return sizes[::-1]


@exercise.mistake
def kernel_before_derivative(kernels, pre_activations, activation_gradient, dy):
    """You multiply by the kernel first and by the derivative at the same layer's z afterwards. Which of the two does
    the gradient meet first on its way back?"""
    sizes, gradient = [], dy
    for kernel, z in zip(kernels[::-1], pre_activations[::-1]):
        gradient = (gradient @ kernel.T) * activation_gradient(z)
        sizes.append(np.linalg.norm(gradient))
    return sizes[::-1]


# --- the derivative


@exercise.mistake
def derivative_forgotten(kernels, pre_activations, activation_gradient, dy):
    """The activation's derivative is missing. What does the gradient meet before it reaches a layer's z?"""
    return back((kernels, pre_activations, activation_gradient, dy), slopes=[1.0] * len(kernels))


@exercise.mistake
def last_derivative_forgotten(kernels, pre_activations, activation_gradient, dy):
    """You take `dy` for the gradient at the last layer's z. It is the one at its output: what lies between the two?"""
    slopes = [activation_gradient(z) for z in pre_activations]
    return back((kernels, pre_activations, activation_gradient, dy), slopes=[*slopes[:-1], 1.0])


@exercise.mistake
def derivatives_of_the_other_end(kernels, pre_activations, activation_gradient, dy):
    """You turn the kernels round and not the `pre_activations`. Which z belongs to the last kernel?"""
    slopes = [activation_gradient(z) for z in pre_activations[::-1]]
    return back((kernels, pre_activations, activation_gradient, dy), slopes=slopes)


@exercise.mistake
def derivative_at_the_layer_above(kernels, pre_activations, activation_gradient, dy):
    """You take the derivative one layer too high. At which z does the gradient arrive after it went through a kernel
    transposed?"""
    slopes = [activation_gradient(z) for z in pre_activations]
    return back((kernels, pre_activations, activation_gradient, dy), slopes=[*slopes[1:], slopes[-1]])


@exercise.mistake
def derivative_at_the_gradient(kernels, pre_activations, activation_gradient, dy):
    """You take the derivative at the gradient. At which number was the activation itself computed?"""
    sizes, gradient = [], dy
    for kernel in kernels[::-1]:
        gradient = gradient * activation_gradient(gradient)
        sizes.append(np.linalg.norm(gradient))
        gradient = gradient @ kernel.T
    return sizes[::-1]


@exercise.mistake
def gradient_handed_to_the_derivative(kernels, pre_activations, activation_gradient, dy):
    """You hand the gradient to `activation_gradient` and go on with what comes back. At which numbers is the derivative
    asked for, and what is multiplied by it?"""
    sizes, gradient = [], dy
    for kernel in kernels[::-1]:
        gradient = activation_gradient(gradient)
        sizes.append(np.linalg.norm(gradient))
        gradient = gradient @ kernel.T
    return sizes[::-1]


@exercise.mistake
def multiplied_by_z(kernels, pre_activations, activation_gradient, dy):
    """You multiply by z instead of the derivative there. What does `activation_gradient` do?"""
    return back((kernels, pre_activations, activation_gradient, dy), slopes=pre_activations)


# --- the size


@exercise.mistake
def before_the_activation(*arguments):
    """You measure the gradient that arrives, before the activation's derivative. With respect to what is it asked
    for?"""
    return back(arguments, note="before")


@exercise.mistake
def below_the_kernel(*arguments):
    """You measure what a layer sends below, after its kernel. With respect to what is the gradient asked for?"""
    return back(arguments, note="below")


@exercise.mistake
def square_of_the_norm(*arguments):
    """You return the sum of the squares. What is still missing?"""
    return back(arguments, size=lambda g: np.sum(g**2))


@exercise.mistake
def sum_of_the_absolute_values(*arguments):
    """You add up the absolute values. Which size is asked for: of what is it the root?"""
    return back(arguments, size=lambda g: np.abs(g).sum())


@exercise.mistake
def mean_of_the_absolute_values(*arguments):
    """You average the absolute values. Which size is asked for: of what is it the root?"""
    return back(arguments, size=lambda g: np.abs(g).mean())


@exercise.mistake
def plain_mean(*arguments):
    """You average the gradient, and what is positive and negative cancels. Which size is asked for?"""
    return back(arguments, size=np.mean)


@exercise.mistake
def root_of_the_mean_square(*arguments):
    """You take the root of the *mean* square. Are the squares averaged here, or added up?"""
    return back(arguments, size=lambda g: np.sqrt(np.mean(g**2)))


@exercise.mistake
def largest_entry(*arguments):
    """You return the largest absolute value. Which size is asked for: of what is it the root?"""
    return back(arguments, size=lambda g: np.abs(g).max())


@exercise.mistake
def spectral_norm(*arguments):
    """You take the norm 2 of a matrix, which is its largest singular value. Which norm goes over all entries?"""
    return back(arguments, size=lambda g: np.linalg.norm(g, 2))


@exercise.mistake
def one_size_for_each_example(*arguments):
    """You return a size for each example. How many numbers are asked for in each layer?"""
    return back(arguments, size=lambda g: np.linalg.norm(g, axis=1))


@exercise.mistake
def one_size_for_each_neuron(*arguments):
    """You return a size for each neuron. How many numbers are asked for in each layer?"""
    return back(arguments, size=lambda g: np.linalg.norm(g, axis=0))


@exercise.mistake
def mean_size_of_the_examples(*arguments):
    """You average the sizes of the examples. Over what does the sum of squares go?"""
    return back(arguments, size=lambda g: np.linalg.norm(g, axis=1).mean())


# --- what is returned


@exercise.mistake
def only_the_first_layer(*arguments):
    """You return the size at the first layer alone. How many layers are there?"""
    return vanishing(*arguments)[0]


@exercise.mistake
def one_number_too_many(kernels, pre_activations, activation_gradient, dy):
    """You note the size of `dy` as well. How many numbers are asked for, if there is one for each layer?"""
    return [*vanishing(kernels, pre_activations, activation_gradient, dy), np.linalg.norm(dy)]


@exercise.mistake
def first_layer_left_out(*arguments):
    """The first layer's size is missing. Does `range(n, 0, -1)` hold 0?"""
    return vanishing(*arguments)[1:]


@exercise.mistake
def the_gradients_themselves(*arguments):
    """You return the gradients. What is asked of each of them?"""
    return back(arguments, size=lambda g: g)
