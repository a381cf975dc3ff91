"""Binary cross-entropy from logits

**Goal.** Say in one number how well the answers to yes-or-no questions fit, exactly, however sure the model is.

**Given.** (NumPy arrays of floats, both of the same shape.)
- `targets`: how much *yes* was right, from 0 to 1, shape `(n,)` or `(n, k)`. Often 0 or 1; 0.3 is allowed too.
- `logits`: the scores, of any size and sign. Sigmoid has not been applied.

**Write** `binary_crossentropy(targets, logits)`. With p the sigmoid of the score z, and t its target, the loss of one
entry is `-(t · log(p) + (1 - t) · log(1 - p))`. Return the mean over all entries.
Do not compute p itself: it is rounded to 0 or to 1, and log(0) is infinite. The same loss, without p:
`t · log(1 + exp(-z)) + (1 - t) · log(1 + exp(z))`. Even there exp(1000) is infinite.
So write both logarithms as a part without exp, and one with the exponential of a *negative* number:
`log(1 + exp(z)) = max(z, 0) + log(1 + exp(-|z|))`.

**Returns** one number, a `float`. (Keras calls it binary cross-entropy with `from_logits=True`.)

**Example.** `targets = [1, 0, 0.25]`, `logits = [2, -1000, 1000]`.
First: log(1 + exp(-2)) = 0.127. Second: log(1 + exp(-1000)) = 0. Third: 0.25 · 0 + 0.75 · 1000 = 750.
The mean is `250.042`.

**Check** with `q.check(binary_crossentropy)`.
"""

import math

import numpy as np

from course_lib.exercises import Case, Exercise


def binary_crossentropy(targets, logits):
    """Mean of -(t log p + (1 - t) log(1 - p)), p = sigmoid(z), exact for any z. Both (n,) or (n, k); one number."""
    losses = np.maximum(logits, 0) - logits * targets + np.log1p(np.exp(-np.abs(logits)))
    return np.mean(losses)


def by_hand(targets, logits):
    t, z = float(np.ravel(targets)[0]), float(np.ravel(logits)[0])
    yes, no = np.logaddexp(0, -z), np.logaddexp(0, z)
    return (
        f"The first entry has the score {z:.4g} and the target {t:.3g}. "
        f"log(1 + exp({-z:.4g})) = max({-z:.4g}, 0) + log(1 + exp({-abs(z):.4g})) = {yes:.4g}, and "
        f"log(1 + exp({z:.4g})) = max({z:.4g}, 0) + log(1 + exp({-abs(z):.4g})) = {no:.4g}. "
        f"The loss is {t:.3g} * {yes:.4g} + {1 - t:.3g} * {no:.4g} = {t * yes + (1 - t) * no:.4g}. "
        f"The mean of all {np.size(targets)} entries is {binary_crossentropy(targets, logits):.6g}."
    )


exercise = Exercise(
    binary_crossentropy,
    cases=[
        Case("three entries", np.array([1.0, 0.0, 1.0]), np.array([2.0, -0.5, -1.0])),
        Case("targets between 0 and 1", np.array([0.25, 0.7, 0.5, 1.0, 0.0]), np.array([0.5, 1.0, -2.0, -1.0, 1.5])),
        Case(
            "three questions for each example",
            np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]]),
            np.array([[1.5, -2.0, 0.25], [-0.75, 0.5, 3.0]]),
        ),
        Case("a batch of one", np.array([[0.0, 1.0, 1.0, 0.0]]), np.array([[-1.0, 1.5, -0.5, 0.0]])),
        Case("one entry, yes", np.array([1.0]), np.array([0.75])),
        Case("one entry, no", np.array([0.0]), np.array([0.75])),
        Case("sure, and wrong once", np.array([0.0, 1.0, 0.0]), np.array([50.0, 1.0, 0.5])),
        Case("wrong on both sides", np.array([1.0, 0.0, 1.0, 0.0]), np.array([-1000.0, 800.0, 2.0, -0.5])),
        Case("1,000 and right, beside a doubt", np.array([1.0, 0.0]), np.array([1000.0, -0.5])),
        Case("-1,000 and right, beside a doubt", np.array([0.0, 1.0]), np.array([-1000.0, 0.25])),
        Case("wrong by 100", np.array([0.0, 1.0]), np.array([101.0, -1.5])),
        Case("large scores, soft targets", np.array([[0.25, 0.9], [0.4, 0.0], [1.0, 0.6]]),
             np.array([[1000.0, -1000.0], [-800.0, 2.0], [-0.5, 750.0]])),
    ],
    random_case=lambda rng: (rng.uniform(size=(5, 3)), rng.normal(0, 3, size=(5, 3))),
    hints=[
        "There is a part for yes and a part for no, and the target says how much each counts. "
        "Which of exp(z) and exp(-z) can be infinite, and which number is never above 1?",
        by_hand,
        "`np.maximum(logits, 0) - logits * targets + np.log1p(np.exp(-np.abs(logits)))`, then the mean. "
        "(`np.log1p(x)` is log(1 + x).)",
    ],
)  # fmt: skip


def sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def yes(z):
    """-log(sigmoid(z)), exactly."""
    return np.logaddexp(0, -z)


def no(z):
    """-log(1 - sigmoid(z)), exactly."""
    return np.logaddexp(0, z)


def losses(t, z):
    return t * yes(z) + (1 - t) * no(z)


@exercise.mistake
def only_yes(targets, logits):
    """You count the losses of yes only. What does it cost to say yes where the target is 0?"""
    return np.mean(targets * yes(logits))


@exercise.mistake
def only_no(targets, logits):
    """You count the losses of no only. What does it cost to say no where the target is 1?"""
    return np.mean((1 - targets) * no(logits))


@exercise.mistake
def targets_ignored(targets, logits):
    """You take -log(p) whatever the target says. What does the same p cost where the target is 0?"""
    return np.mean(yes(logits))


@exercise.mistake
def sigmoid_twice(targets, logits):
    """You take sigmoid twice, so no answer can be sure. What do you hand to the second one?"""
    return np.mean(losses(targets, sigmoid(logits)))


@exercise.mistake
def log_of_sigmoid(targets, logits):
    """You compute p, which is rounded to 0 or 1. What is log(0), and what is 0 times it? Which form does without p?"""
    p = sigmoid(logits)
    return -np.mean(targets * np.log(p) + (1 - targets) * np.log(1 - p))


@exercise.mistake
def log_of_sigmoid_in_python(targets, logits):
    """You compute p. Once it is rounded to 0 or 1, `math.log` gets a 0. Which form of the loss does without p?"""
    total = 0.0
    for t, z in zip(targets.ravel(), logits.ravel()):
        p = 1 / (1 + math.exp(-z))
        total -= t * math.log(p) + (1 - t) * math.log(1 - p)
    return total / targets.size


@exercise.mistake
def overflow_in_python(targets, logits):
    """`math.exp(1000)` is too large for a float. Which exponential is never above 1, and what stands beside it?"""
    total = 0.0
    for t, z in zip(targets.ravel(), logits.ravel()):
        total += t * math.log(1 + math.exp(-z)) + (1 - t) * math.log(1 + math.exp(z))
    return total / targets.size


@exercise.mistake
def brackets_forgotten(targets, logits):
    """`1 - t * loss` multiplies first. What should be multiplied by the loss of no, and which brackets say so?"""
    return np.mean(targets * yes(logits) + 1 - targets * no(logits))


@exercise.mistake
def nan_replaced(targets, logits):
    """You replace what is not a number by 0, and with it whole losses. Where did it come from?"""
    p = sigmoid(logits)
    return -np.mean(np.nan_to_num(targets * np.log(p) + (1 - targets) * np.log(1 - p)))


@exercise.mistake
def infinite_replaced_by_0(targets, logits):
    """Where p is rounded to 0 or 1 an entry costs nothing with you, however wrong it is. What should it cost?"""
    p = sigmoid(logits)
    return -np.mean(np.nan_to_num(targets * np.log(p) + (1 - targets) * np.log(1 - p), neginf=0.0))


def keep_from_the_ends(epsilon):
    """Declare the mistake of keeping the probability away from 0 and 1: by adding `epsilon` in both logarithms (where
    clipping gives the same numbers)."""

    def capped(targets, logits):
        p = sigmoid(logits)
        return -np.mean(targets * np.log(p + epsilon) + (1 - targets) * np.log(1 - p + epsilon))

    capped.__name__ = f"probability_kept_{-np.log10(epsilon):.0f}_digits_off_the_ends"
    capped.__doc__ = (
        f"You keep the probability {epsilon:.0e} away from 0 and 1, so no entry can lose more than "
        f"{-np.log(epsilon):.1f}. What should a miss by 1000 lose, and how can it be had without p?"
    )
    exercise.mistake(capped)


for power in (6, 7, 8, 9, 10, 12, 15):
    keep_from_the_ends(10.0**-power)


@exercise.mistake
def overflow_above(targets, logits):
    """You take exp(z) as it is, which is infinite for z = 1000. Which sign must stand in the exponent there?"""
    return np.mean(np.log(1 + np.exp(logits)) - logits * targets)


@exercise.mistake
def overflow_below(targets, logits):
    """You take exp(-z) as it is, which is infinite for z = -1000. Which sign must stand in the exponent there?"""
    return np.mean((1 - targets) * logits + np.log(1 + np.exp(-logits)))


@exercise.mistake
def overflow_on_both_sides(targets, logits):
    """You take exp(z) and exp(-z); for a large z one of them is infinite. Which exponential is never above 1?"""
    return np.mean(targets * np.log(1 + np.exp(-logits)) + (1 - targets) * np.log(1 + np.exp(logits)))


@exercise.mistake
def plus_in_the_exponent(targets, logits):
    """You take exp(|z|), which is infinite for a large z of either sign. Which sign belongs before |z|?"""
    return np.mean(np.maximum(logits, 0) - logits * targets + np.log1p(np.exp(np.abs(logits))))


@exercise.mistake
def absolute_value_forgotten(targets, logits):
    """You take exp(-z) beside max(z, 0), so a negative z counts twice. Which exponent is never above 0?"""
    return np.mean(np.maximum(logits, 0) - logits * targets + np.log1p(np.exp(-logits)))


@exercise.mistake
def absolute_value_forgotten_in_both(targets, logits):
    """You take exp(-z) beside max(z, 0), and exp(z) beside max(-z, 0). Which exponent is never above 0?"""
    part_yes = np.maximum(-logits, 0) + np.log(1 + np.exp(logits))
    return np.mean(targets * part_yes + (1 - targets) * (np.maximum(logits, 0) + np.log(1 + np.exp(-logits))))


@exercise.mistake
def largest_entry_for_maximum(targets, logits):
    """`np.max(z, 0)` is the largest entry along axis 0. Which function takes the larger of z and 0, entry by entry?"""
    part_yes, part_no = (np.max(z, 0) + np.log1p(np.exp(-np.abs(z))) for z in (-logits, logits))
    return np.mean(targets * part_yes + (1 - targets) * part_no)


@exercise.mistake
def max_forgotten(targets, logits):
    """The part without exp is missing for positive scores, so losses can fall below 0. What is log(1 + exp(1000))?"""
    return np.mean(-logits * targets + np.log1p(np.exp(-np.abs(logits))))


@exercise.mistake
def max_forgotten_in_both(targets, logits):
    """Both parts without exp are missing, so a sure miss costs nothing. What is log(1 + exp(1000))?"""
    return np.mean(np.log1p(np.exp(-np.abs(logits))))


@exercise.mistake
def score_times_target_forgotten(targets, logits):
    """The targets play no part. With t = 1 the loss is log(1 + exp(-z)): what is that less than log(1 + exp(z))?"""
    return np.mean(no(logits))


@exercise.mistake
def score_times_target_added(targets, logits):
    """You add z * t. With t = 1, does a higher score make the loss larger or smaller?"""
    return np.mean(no(logits) + logits * targets)


@exercise.mistake
def logarithm_left_out(targets, logits):
    """You leave out the part with exp, so a score of 0 costs nothing. What is the loss when p is one half?"""
    return np.mean(np.maximum(logits, 0) - logits * targets)


@exercise.mistake
def log1p_for_log(targets, logits):
    """You add 1 twice: `np.log1p(x)` is log(1 + x) already. What stands in its brackets?"""
    return np.mean(np.maximum(logits, 0) - logits * targets + np.log1p(1 + np.exp(-np.abs(logits))))


@exercise.mistake
def one_forgotten(targets, logits):
    """You take log(exp(-|z|)), which is -|z| again. What stands beside exp inside the logarithm?"""
    return np.mean(np.maximum(logits, 0) - logits * targets + np.log(np.exp(-np.abs(logits))))


@exercise.mistake
def sum_for_mean(targets, logits):
    """You return the sum, which grows with the batch. By how many entries is it divided?"""
    return np.sum(losses(targets, logits))


@exercise.mistake
def summed_over_the_questions(targets, logits):
    """You divide by the number of examples only. With k questions for each, how many entries have a loss?"""
    return np.sum(losses(targets, logits)) / len(targets)


@exercise.mistake
def summed_over_the_last_axis(targets, logits):
    """You sum over the last axis before the mean, so more entries make a larger loss. Which mean covers them all?"""
    return np.mean(losses(targets, logits).sum(axis=-1))


@exercise.mistake
def one_loss_for_each_example(targets, logits):
    """You take the mean over the last axis, so a table gives a loss for each example. Which mean makes them one?"""
    return np.mean(losses(targets, logits), axis=-1)


@exercise.mistake
def not_averaged(targets, logits):
    """You return a loss for each entry. One number is asked for: what makes them one?"""
    return losses(targets, logits)


@exercise.mistake
def minus_forgotten(targets, logits):
    """Your loss is never above 0. What is the sign of the logarithm of a probability, and what of a loss?"""
    return -np.mean(losses(targets, logits))


@exercise.mistake
def targets_swapped(targets, logits):
    """You have swapped yes and no. Does a high score make the loss small where the target is 1?"""
    return np.mean(losses(1 - targets, logits))


@exercise.mistake
def targets_rounded(targets, logits):
    """You decide at one half whether a target is yes or no. How much of each part counts where it is 0.25?"""
    return np.mean(losses(np.where(targets > 0.5, 1, 0), logits))


@exercise.mistake
def targets_compared_with_one(targets, logits):
    """You ask whether the target is 1 and take the rest for no. How much of each part counts where it is 0.7?"""
    return np.mean(np.where(targets == 1, yes(logits), no(logits)))


@exercise.mistake
def targets_taken_for_signs(targets, logits):
    """You multiply score and target inside exp, as for targets -1 and 1. What does your loss say where t is 0?"""
    return np.mean(np.logaddexp(0, -targets * logits))


@exercise.mistake
def scores_taken_for_probabilities(targets, logits):
    """You take the logarithm of the scores, which may be negative. Which function makes a probability of one?"""
    return -np.mean(targets * np.log(logits) + (1 - targets) * np.log(1 - logits))


def cut_scores(limit):
    """Declare the mistake of clipping the scores at this limit."""

    def cut(targets, logits):
        return np.mean(losses(targets, np.clip(logits, -limit, limit)))

    cut.__name__ = f"scores_cut_at_{limit}"
    cut.__doc__ = f"You cut the scores at {limit}, so no miss costs more than that. What must a miss by 1000 cost?"
    exercise.mistake(cut)


for limit in (30, 100, 500):
    cut_scores(limit)
