"""Too small, right, too large: what a learning rate does

**Goal.** Say what gradient descent will do with a learning rate, before it has taken a single step.

**Given.**
- `curvatures`: how steeply the slope grows along each axis of a bowl, a NumPy array of positive floats, shape `(d,)`.
  Along an axis of curvature λ the loss is ½ λ w², so its gradient is λ w.
- `learning_rate`: a positive number, α.

A step along that axis turns w into w − α λ w: it multiplies w by the *factor* `1 − α λ`. So does every further step.

**Write** `rate_verdict(curvatures, learning_rate)`. Compute the factor of each axis.
The largest absolute value among them belongs to the axis that is slowest to come down, or that runs away.
The verdict is the first of these that is true:
- `"diverges"`: the largest absolute value is 1 or more, so on some axis w does not shrink. (At a factor of exactly -1
  it jumps from wall to wall for ever.)
- `"zigzags"`: some factor is negative, so on that axis each step jumps across the minimum.
- `"creeps"`: the largest absolute value is more than 0.9: less than a tenth of the way is done in a step.
- `"glides"`: none of these.

**Returns** a pair `(verdict, largest)`: the text, and the largest absolute value as a number.

**Example.** `curvatures = [1, 8]`.
With rate 0.2 the factors are 1 - 0.2·1 = 0.8 and 1 - 0.2·8 = -0.6: `("zigzags", 0.8)`.
With rate 0.3 they are 0.7 and -1.4: `("diverges", 1.4)`. With 0.05 they are 0.95 and 0.6: `("creeps", 0.95)`.

**Check** with `q.check(rate_verdict)`.
"""

import numpy as np

from course_lib.exercises import Case, Exercise


def rate_verdict(curvatures, learning_rate):
    """(verdict, largest |1 - learning_rate * curvature|) for descent in a bowl of these curvatures, shape (d,)."""
    factors = 1 - learning_rate * curvatures
    largest = np.max(np.abs(factors))
    if largest >= 1:
        return "diverges", largest
    if np.min(factors) < 0:
        return "zigzags", largest
    if largest > 0.9:
        return "creeps", largest
    return "glides", largest


def by_hand(curvatures, learning_rate):
    factors = 1 - learning_rate * curvatures
    listed = ", ".join(
        f"1 - {learning_rate:g}*{c:.4g} = {f:.5g}" for c, f in list(zip(curvatures, factors))[:5]
    ) + ", ..." * (len(curvatures) > 5)
    largest, negative = np.abs(factors).max(), int((factors < 0).sum())
    return f"The factors: {listed}. The largest absolute value is {largest:.5g}. Negative ones: {negative}."


def draw(rng):
    curvatures = np.round(rng.uniform(0.2, 10, size=int(rng.integers(2, 6))), 2)
    return curvatures, float(round(rng.uniform(0.01, 2.3) / curvatures.max(), 4))


BOWL = np.array([1.0, 8.0])

exercise = Exercise(
    rate_verdict,
    cases=[
        Case("across the valley", BOWL, 0.2),
        Case("out of the valley", BOWL, 0.3),
        Case("too small", BOWL, 0.05),
        Case("too small for both axes", np.array([1.0, 2.0]), 0.04),
        Case("one axis slow, one less so", np.array([1.0, 15.0]), 0.01),
        Case("just right", np.array([2.0, 3.0, 1.0]), 0.25),
        Case("one axis", np.array([4.0]), 0.125),
        Case("one axis, straight to the minimum", np.array([4.0]), 0.25),
        Case("one axis, beyond the minimum", np.array([4.0]), 0.375),
        Case("one axis, from wall to wall", np.array([4.0]), 0.5),
        Case("steep, flat, between", np.array([10.0, 0.1, 2.0]), 0.15),
        Case("steep, flat, between, too fast", np.array([10.0, 0.1, 2.0]), 0.25),
        Case("the steep axis is the slow one", np.array([3.0, 9.5, 4.0, 5.0]), 0.2),
        Case("far too large", np.array([0.5, 40.0, 1200.0]), 0.5),
        Case("exactly a tenth in a step", np.array([1.0, 2.0, 5.0]), 0.1),
        Case("a millionth", np.array([1.0, 3.0]), 1e-6).within(1e-8),
    ],
    random_case=draw,
    n_random=6,
    hints=[
        "Which axis decides? It is the one whose factor is farthest from 0, and that may be negative.",
        by_hand,
        "`factors = 1 - learning_rate * curvatures`, `largest = np.max(np.abs(factors))`; then `largest >= 1`, "
        "`np.min(factors) < 0`, `largest > 0.9`, in this order.",
    ],
)


def verdict(factors, largest):
    """The verdict of these factors, for the mistakes that lie in the factors or in what is taken from them."""
    if largest >= 1:
        return "diverges"
    return "zigzags" if np.min(factors) < 0 else "creeps" if largest > 0.9 else "glides"


def judged(factors, largest=None):
    """The pair of verdict and largest absolute value, or of another number that takes its place."""
    largest = np.max(np.abs(factors)) if largest is None else largest
    return verdict(factors, largest), largest


@exercise.mistake
def flattest_axis_alone(curvatures, learning_rate):
    """You look at the flattest axis alone. Which axis runs away first when the rate grows?"""
    return judged(1 - learning_rate * np.array([curvatures.min()]))


@exercise.mistake
def steepest_axis_alone(curvatures, learning_rate):
    """You look at the steepest axis alone. Which axis is still far from the minimum when the rate is small?"""
    return judged(1 - learning_rate * np.array([curvatures.max()]))


@exercise.mistake
def first_axis_alone(curvatures, learning_rate):
    """You look at the first axis alone. Which of all the axes decides?"""
    return judged(1 - learning_rate * curvatures[:1])


@exercise.mistake
def mean_curvature(curvatures, learning_rate):
    """You use the mean curvature. A bowl has no axis of that curvature: which one decides?"""
    return judged(1 - learning_rate * np.array([curvatures.mean()]))


@exercise.mistake
def smallest_factor(curvatures, learning_rate):
    """You take the smallest absolute factor, that of the axis that is done first. Which one is slowest?"""
    return judged(1 - learning_rate * curvatures, np.min(np.abs(1 - learning_rate * curvatures)))


@exercise.mistake
def no_absolute_value(curvatures, learning_rate):
    """A factor of -1.4 does not diverge for you: its sign comes before its size, or 0.7 counts as larger. How far from
    0 is it, and which question comes first?"""
    return judged(1 - learning_rate * curvatures, np.max(1 - learning_rate * curvatures))


@exercise.mistake
def ends_taken_for_the_extremes(curvatures, learning_rate):
    """You look at the first and the last axis alone. Are curvatures sorted, wherever they come from?"""
    return judged(1 - learning_rate * curvatures[[0, -1]])


@exercise.mistake
def sign_kept(curvatures, learning_rate):
    """You return the factor with its sign. Is the absolute value asked for?"""
    factors = 1 - learning_rate * curvatures
    return judged(factors)[0], factors[np.argmax(np.abs(factors))]


@exercise.mistake
def plus_for_minus(curvatures, learning_rate):
    """Your factors are 1 + rate times curvature: uphill. Does a step subtract the gradient?"""
    return judged(1 + learning_rate * curvatures)


@exercise.mistake
def share_of_a_step(curvatures, learning_rate):
    """You take rate times curvature itself: that share of w is taken away. What is left of w after a step?"""
    return judged(learning_rate * curvatures)


@exercise.mistake
def twice_the_curvature(curvatures, learning_rate):
    """You double the curvature. The loss has a half before it: what is the derivative of half of w squared?"""
    return judged(1 - 2 * learning_rate * curvatures)


@exercise.mistake
def diverges_beyond_the_minimum(curvatures, learning_rate):
    """You let descent diverge as soon as a step jumps across the minimum, from a rate of 1/curvature on. Does it come
    nearer all the same, up to twice that rate?"""
    factors = 1 - learning_rate * curvatures
    said, largest = judged(factors)
    return "diverges" if said == "zigzags" else said, largest


@exercise.mistake
def wall_to_wall_taken_for_arriving(curvatures, learning_rate):
    """At a factor of exactly -1 you say "zigzags". It jumps from wall to wall for ever: does w shrink?"""
    said, largest = judged(1 - learning_rate * curvatures)
    return "zigzags" if largest == 1 else said, largest


@exercise.mistake
def creeping_asked_before_the_sign(curvatures, learning_rate):
    """You ask whether it creeps before you look for a negative factor. Which question comes first?"""
    said, largest = judged(1 - learning_rate * curvatures)
    return "creeps" if said == "zigzags" and largest > 0.9 else said, largest


@exercise.mistake
def zigzags_only_where_it_is_slowest(curvatures, learning_rate):
    """You ask for the sign of the largest factor only. Might another axis zigzag as well?"""
    factors = 1 - learning_rate * curvatures
    slowest = factors[np.argmax(np.abs(factors))]
    return judged(np.array([slowest]))


@exercise.mistake
def zigzags_only_where_all_are_negative(curvatures, learning_rate):
    """You say "zigzags" only where all factors are negative. Is one enough?"""
    factors = 1 - learning_rate * curvatures
    said, largest = judged(factors)
    return verdict(np.abs(factors), largest) if said == "zigzags" and np.max(factors) >= 0 else said, largest


@exercise.mistake
def zero_taken_for_negative(curvatures, learning_rate):
    """For you a factor of exactly 0 zigzags. It lands on the minimum in one step: is 0 negative?"""
    factors = 1 - learning_rate * curvatures
    said, largest = judged(factors)
    return "zigzags" if said != "diverges" and np.min(factors) <= 0 else said, largest


@exercise.mistake
def exactly_nine_tenths_creeps(curvatures, learning_rate):
    """At exactly 0.9 you say "creeps". Is "more than" `>` or `>=`?"""
    said, largest = judged(1 - learning_rate * curvatures)
    return "creeps" if said == "glides" and largest == 0.9 else said, largest


@exercise.mistake
def never_creeps(curvatures, learning_rate):
    """You say "glides" where the largest factor is 0.95. How much of w is left after such a step?"""
    said, largest = judged(1 - learning_rate * curvatures)
    return "glides" if said == "creeps" else said, largest


@exercise.mistake
def creeps_below_a_tenth(curvatures, learning_rate):
    """You say "creeps" where a factor is below 0.1. A factor tells what is left of w: which ones are slow?"""
    factors = 1 - learning_rate * curvatures
    said, largest = judged(factors)
    if said in ("creeps", "glides"):
        return "creeps" if np.min(factors) < 0.1 else "glides", largest
    return said, largest


@exercise.mistake
def order_of_the_pair(curvatures, learning_rate):
    """Both results are right, but in the other order. What does the pair name first?"""
    return judged(1 - learning_rate * curvatures)[::-1]


@exercise.mistake
def never_zigzags(curvatures, learning_rate):
    """You never say "zigzags". Do your factors still have their signs when you ask for a negative one?"""
    factors = 1 - learning_rate * curvatures
    return judged(np.abs(factors))


@exercise.mistake
def diverges_where_all_do(curvatures, learning_rate):
    """You say "diverges" only where every axis runs away, the flattest one too. Is one axis enough?"""
    factors = 1 - learning_rate * curvatures
    said, largest = judged(factors)
    return "zigzags" if said == "diverges" and np.min(np.abs(factors)) < 1 else said, largest


@exercise.mistake
def factors_turned_round(curvatures, learning_rate):
    """Your factors are rate times curvature minus 1, with the signs turned round. What does a step make of w = 1?"""
    return judged(learning_rate * curvatures - 1)
