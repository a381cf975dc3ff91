"""The numbers that weights start from

**Goal.** Draw the kernel that a layer starts from, so that a signal neither dies out nor blows up on its way.

**Given.**
- `fan_in`: how many numbers go into each neuron of the layer.
- `fan_out`: how many neurons the layer has.
- `activation`: what follows the layer, `"relu"`, `"tanh"` or `"sigmoid"`.
- `rng`: NumPy's random generator, made by `np.random.default_rng(...)`. Draw from this one, and from no other.

**Write** `starting_weights(fan_in, fan_out, activation, rng)`. The weights are normally distributed with mean 0.
- For `"relu"` their *variance* is `2 / fan_in` (He): ReLU cuts off half of the signal, and the 2 makes up for it.
- For the other two it is `2 / (fan_in + fan_out)` (Glorot): a compromise between the way forward and the way back.

Make one draw of the shape that a kernel has: `rng.normal(mean, std, shape)`. It asks for the *standard deviation*, the
root of the variance. (Keras's `HeNormal` and `GlorotNormal` have these variances, but draw again what lies far out.)

**Returns** an array of shape `(fan_in, fan_out)`.

**Example.** `fan_in = 3`, `fan_out = 2`, `rng = np.random.default_rng(0)`.
For `"relu"` the variance is 2/3, the standard deviation 0.816, and the first row `[0.103, -0.108]`.
For `"tanh"` the variance is 2/5, the standard deviation 0.632, and the first row `[0.080, -0.084]`.

**Check** with `q.check(starting_weights)`.
"""

import math

import numpy as np

from course_lib.exercises import Case, Exercise
from course_lib.text.words import counted


def starting_weights(fan_in, fan_out, activation, rng):
    """A kernel (fan_in, fan_out), normal with mean 0: He's variance for ReLU, Glorot's for tanh and sigmoid."""
    if activation == "relu":
        variance = 2 / fan_in
    else:
        variance = 2 / (fan_in + fan_out)
    return rng.normal(0, math.sqrt(variance), (fan_in, fan_out))


class Seeded(np.random.Generator):
    """A generator that a message can show as it was made."""

    def __init__(self, seed):
        super().__init__(np.random.PCG64(seed))
        self.seed = seed

    def __repr__(self):
        return f"np.random.default_rng({self.seed})"

    def __deepcopy__(self, memo):
        twin = Seeded(self.seed)
        twin.bit_generator.state = self.bit_generator.state
        return twin


def by_hand(fan_in, fan_out, activation, rng):
    rule = f"2 / {fan_in}" if activation == "relu" else f"2 / ({fan_in} + {fan_out})"
    variance = 2 / fan_in if activation == "relu" else 2 / (fan_in + fan_out)
    first = rng.normal(0, math.sqrt(variance))
    return (
        f"The activation is {activation}, so the variance is {rule} = {variance:.4g} and the standard deviation its "
        f"root, {math.sqrt(variance):.4g}. The kernel has {counted(fan_in, 'row')} and {counted(fan_out, 'column')}, "
        f"and the generator draws {first:.4g} first."
    )


def draw(rng):
    activation = str(rng.choice(["relu", "tanh", "sigmoid"]))
    return int(rng.integers(3, 9)), int(rng.integers(10, 16)), activation, Seeded(int(rng.integers(1000)))


exercise = Exercise(
    starting_weights,
    cases=[
        Case("ReLU, three inputs and two neurons", 3, 2, "relu", Seeded(0)),
        Case("tanh", 3, 2, "tanh", Seeded(0)),
        Case("sigmoid", 4, 2, "sigmoid", Seeded(1)),
        Case("ReLU, more neurons than inputs", 2, 5, "relu", Seeded(2)),
        Case("one neuron", 6, 1, "relu", Seeded(3)),
        Case("one input", 1, 4, "tanh", Seeded(4)),
        Case("a wide layer", 1000, 3, "relu", Seeded(5)),
        Case("a wide layer, generator by its name", 3, 1000, "sigmoid", rng=Seeded(6)),
    ],
    random_case=draw,
    hints=[
        "Which activation follows, and which variance belongs to it? Is variance what `rng.normal` asks for?",
        by_hand,
        '`variance = 2 / fan_in` for `"relu"`, else `2 / (fan_in + fan_out)`; then '
        "`rng.normal(0, math.sqrt(variance), (fan_in, fan_out))`.",
    ],
)


def with_std(fan_in, fan_out, rng, std):
    return rng.normal(0, std, (fan_in, fan_out))


def right_std(fan_in, fan_out, activation):
    return math.sqrt(2 / fan_in if activation == "relu" else 2 / (fan_in + fan_out))


# --- how large


@exercise.mistake
def variance_for_the_standard_deviation(fan_in, fan_out, activation, rng):
    """You pass the variance to `rng.normal`. Which measure of spread does it ask for?"""
    return with_std(fan_in, fan_out, rng, right_std(fan_in, fan_out, activation) ** 2)


@exercise.mistake
def root_of_the_2_only(fan_in, fan_out, activation, rng):
    """You take the root of the 2 alone. What else stands under the root?"""
    return with_std(fan_in, fan_out, rng, right_std(fan_in, fan_out, activation) ** 2 / math.sqrt(2))


@exercise.mistake
def outputs_for_inputs(fan_in, fan_out, activation, rng):
    """For ReLU you divide by the number of neurons. Which number of terms does each neuron add up?"""
    return with_std(fan_in, fan_out, rng, math.sqrt(2 / (fan_out if activation == "relu" else fan_in + fan_out)))


@exercise.mistake
def glorot_for_all(fan_in, fan_out, activation, rng):
    """You use Glorot's variance for ReLU as well. Which one belongs to it, as it cuts off half of the signal?"""
    return with_std(fan_in, fan_out, rng, math.sqrt(2 / (fan_in + fan_out)))


@exercise.mistake
def he_for_all(fan_in, fan_out, activation, rng):
    """You use He's variance for every activation. Which of the three is it meant for?"""
    return with_std(fan_in, fan_out, rng, math.sqrt(2 / fan_in))


@exercise.mistake
def he_for_tanh(fan_in, fan_out, activation, rng):
    """You use He's variance for tanh as well. Which of the three activations is it meant for?"""
    return starting_weights(fan_in, fan_out, "relu" if activation == "tanh" else activation, rng)


@exercise.mistake
def he_for_sigmoid(fan_in, fan_out, activation, rng):
    """You use He's variance for the sigmoid as well. Which of the three activations is it meant for?"""
    return starting_weights(fan_in, fan_out, "relu" if activation == "sigmoid" else activation, rng)


@exercise.mistake
def rules_exchanged(fan_in, fan_out, activation, rng):
    """You give He's variance to tanh and sigmoid, and Glorot's to ReLU. Which of them makes up for a signal that is cut
    in half?"""
    return with_std(fan_in, fan_out, rng, math.sqrt(2 / (fan_in + fan_out if activation == "relu" else fan_in)))


@exercise.mistake
def two_missing(fan_in, fan_out, activation, rng):
    """Your variances are half as large as they should be, for every activation. What stands above the line?"""
    return with_std(fan_in, fan_out, rng, right_std(fan_in, fan_out, activation) / math.sqrt(2))


@exercise.mistake
def two_missing_for_relu(fan_in, fan_out, activation, rng):
    """For ReLU your variance is 1 / fan_in. What makes up for the half of the signal that it cuts off?"""
    return with_std(fan_in, fan_out, rng, math.sqrt(1 / fan_in if activation == "relu" else 2 / (fan_in + fan_out)))


@exercise.mistake
def two_missing_for_the_others(fan_in, fan_out, activation, rng):
    """For tanh and the sigmoid your variance is half as large as it should be. What stands above the line?"""
    return with_std(fan_in, fan_out, rng, math.sqrt(2 / fan_in if activation == "relu" else 1 / (fan_in + fan_out)))


@exercise.mistake
def inputs_alone_for_the_others(fan_in, fan_out, activation, rng):
    """For tanh and the sigmoid your variance is 1 / fan_in. Glorot's looks at both ends: what is missing?"""
    return with_std(fan_in, fan_out, rng, math.sqrt((2 if activation == "relu" else 1) / fan_in))


@exercise.mistake
def product_of_the_fans(fan_in, fan_out, activation, rng):
    """For tanh and the sigmoid you divide by the product of inputs and neurons. How does Glorot join the two?"""
    return with_std(fan_in, fan_out, rng, math.sqrt(2 / (fan_in if activation == "relu" else fan_in * fan_out)))


@exercise.mistake
def limit_of_a_uniform_draw(fan_in, fan_out, activation, rng):
    """You have a 6 where the 2 belongs. It stands in the limits of a *uniform* draw: what is the variance here?"""
    return with_std(fan_in, fan_out, rng, math.sqrt(3) * right_std(fan_in, fan_out, activation))


@exercise.mistake
def standard_normal(fan_in, fan_out, activation, rng):
    """Your standard deviation is 1 for every layer. What becomes of a sum of a thousand such products?"""
    return with_std(fan_in, fan_out, rng, 1.0)


@exercise.mistake
def a_small_number_for_all(fan_in, fan_out, activation, rng):
    """Your standard deviation is 0.01 for every layer. On what should it depend?"""
    return with_std(fan_in, fan_out, rng, 0.01)


@exercise.mistake
def spread_for_the_mean(fan_in, fan_out, activation, rng):
    """Your weights lie around the standard deviation instead of around 0. Which argument of `rng.normal` comes
    first?"""
    return rng.normal(right_std(fan_in, fan_out, activation), size=(fan_in, fan_out))


# --- how drawn


@exercise.mistake
def shape_swapped(fan_in, fan_out, activation, rng):
    """Your kernel has a row for each neuron. Which axis of `x @ kernel` belongs to the inputs?"""
    return rng.normal(0, right_std(fan_in, fan_out, activation), (fan_out, fan_in))


@exercise.mistake
def transposed_after_the_draw(fan_in, fan_out, activation, rng):
    """You draw the kernel neuron by neuron, or turn it round afterwards. Which shape should the one draw have?"""
    return rng.normal(0, right_std(fan_in, fan_out, activation), (fan_out, fan_in)).T


@exercise.mistake
def one_long_row(fan_in, fan_out, activation, rng):
    """Your weights stand in one long row. Which shape does a kernel have?"""
    return rng.normal(0, right_std(fan_in, fan_out, activation), fan_in * fan_out)


@exercise.mistake
def one_number_for_each_neuron(fan_in, fan_out, activation, rng):
    """You draw one number for each neuron. How many weights has a neuron?"""
    return rng.normal(0, right_std(fan_in, fan_out, activation), fan_out)


@exercise.mistake
def uniform(fan_in, fan_out, activation, rng):
    """Your weights are spread evenly over a range. The variance is right, but which distribution is asked for?"""
    limit = math.sqrt(3) * right_std(fan_in, fan_out, activation)
    return rng.uniform(-limit, limit, (fan_in, fan_out))


@exercise.mistake
def never_negative(fan_in, fan_out, activation, rng):
    """Your weights are numbers from 0 to 1, made smaller. Around which mean should they lie?"""
    return rng.random((fan_in, fan_out)) * right_std(fan_in, fan_out, activation)


@exercise.mistake
def all_alike(fan_in, fan_out, activation, rng):
    """All your weights are the same number. Which distribution should they come from?"""
    return np.full((fan_in, fan_out), right_std(fan_in, fan_out, activation))


@exercise.mistake
def a_generator_of_ones_own(fan_in, fan_out, activation, rng):
    """You make a new generator with the seed 0, so every layer starts from the same numbers. Which one was given to
    you?"""
    return with_std(fan_in, fan_out, np.random.default_rng(0), right_std(fan_in, fan_out, activation))


@exercise.mistake
def a_generator_with_the_seed_42(fan_in, fan_out, activation, rng):
    """You make a new generator with the seed 42, so every layer starts from the same numbers. Which one was given to
    you?"""
    return with_std(fan_in, fan_out, np.random.default_rng(42), right_std(fan_in, fan_out, activation))


@exercise.mistake
def drawn_twice(fan_in, fan_out, activation, rng):
    """You draw twice and return the second draw. How many draws does the generator make before yours?"""
    with_std(fan_in, fan_out, rng, 1.0)
    return with_std(fan_in, fan_out, rng, right_std(fan_in, fan_out, activation))


@exercise.mistake
def drawn_for_relu_before(fan_in, fan_out, activation, rng):
    """For tanh and the sigmoid you return a second draw. Which draws are made before it is known what is needed?"""
    he = with_std(fan_in, fan_out, rng, math.sqrt(2 / fan_in))
    return he if activation == "relu" else starting_weights(fan_in, fan_out, activation, rng)
