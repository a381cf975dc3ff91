"""Dropout, training and predicting

**Goal.** Compute dropout in its two modes, for a mask that was drawn already.

**Given.** (Arrays are NumPy arrays.)
- `x`: the outputs of a layer, shape `(n, d)`.
- `keep`: the mask, of the same shape. 1 or `True` where a value is kept, 0 or `False` where it is dropped.
- `rate`: the probability of being dropped with which the mask was drawn, at least 0 and below 1.
- `training`: `True` in training, `False` when the model predicts. `False` if nothing is said.

**Write** `dropout(x, keep, rate, training=False)`. This is *inverted* dropout, as in Keras.
In training a dropped value becomes 0, and a kept value is divided by `1 − rate`.
When predicting, return `x` as it is: the mask and the rate play no part.
Leave the argument `x` itself unchanged.

**Returns** an array of the shape of `x`.

**Example.** `x = [[2, 4, 6]]`, `keep = [[1, 0, 1]]`, `rate = 0.2`.
In training `[[2/0.8, 0, 6/0.8]]` = `[[2.5, 0, 7.5]]`. Predicting, `[[2, 4, 6]]`.

**Check** with `q.check(dropout)`.
"""

import numpy as np

from course_lib.exercises import Case, Exercise


def dropout(x, keep, rate, training=False):
    """Inverted dropout with a given mask. x, keep and the result: (n, d)."""
    if not training:
        return x
    return x * keep / (1 - rate)


def by_hand(x, keep, rate, training=False):
    if not training:
        return f"The model predicts: the first number goes in as {x[0, 0]:.4g} and comes out as {x[0, 0]:.4g}."
    said = [
        f"{value:.3g} is kept: {value:.3g} / {1 - rate:.3g} = {value / (1 - rate):.4g}" if kept else
        f"{value:.3g} is dropped: 0"
        for value, kept in list(zip(x[0], keep[0]))[:6]
    ]  # fmt: skip
    return f"Training, 1 - rate = {1 - rate:.3g}. First row: " + "; ".join(said) + "."


X = np.array([[2.0, 4.0, 6.0], [-1.0, 3.0, 0.5]])
KEEP = np.array([[1, 0, 1], [1, 1, 0]])


def draw(rng):
    rate = float(rng.uniform(0.1, 0.4))
    x = rng.normal(2, 1, size=(6, 4))
    return x, rng.random(x.shape) >= rate, rate, bool(rng.integers(2))


exercise = Exercise(
    dropout,
    cases=[
        Case("one row in training", X[:1], KEEP[:1], 0.2, True),
        Case("one row, predicting", X[:1], KEEP[:1], 0.2, False),
        Case("two rows in training", X, KEEP, 0.3, True),
        Case("mode left out", X, KEEP, 0.3),
        Case("a mask of True and False", X, KEEP == 1, 0.6, True),
        Case("training by its name, all dropped in one row", X, KEEP * [[1], [0]], 0.75, training=True),
        Case("a mask that happens to keep everything", X, np.ones((2, 3), int), 0.1, True),
        Case("a high rate, large numbers", 1e4 * X, KEEP, 0.995, True),
        Case("a high rate, predicting", 1e4 * X, KEEP, 0.995, False),
    ],
    random_case=draw,
    hints=[
        "First ask for the mode. In training, what keeps the expected value of a number as it was, although it is "
        "sometimes dropped?",
        by_hand,
        "`return x` when not training; else `x` times the mask, divided by the share that is kept on average.",
    ],
)


@exercise.mistake
def mask_when_predicting(x, keep, rate, training=False):
    """You drop values when predicting as well. What should a model that only answers do with its outputs?"""
    return x * keep / (1 - rate)


@exercise.mistake
def nothing_dropped_in_training(x, keep, rate, training=False):
    """You return x as it is in training too. In which mode does the mask do its work?"""
    return x


@exercise.mistake
def modes_swapped(x, keep, rate, training=False):
    """Your two modes are swapped. In which of them are values dropped?"""
    return x if training else x * keep / (1 - rate)


@exercise.mistake
def scaled_when_predicting_instead(x, keep, rate, training=False):
    """You scale when predicting and not in training, as dropout once did. What does *inverted* dropout do instead?"""
    return x * keep if training else x * (1 - rate)


@exercise.mistake
def scaled_in_both_modes(x, keep, rate, training=False):
    """You divide by 1 - rate when predicting as well. There nothing is dropped: what is there to make up for?"""
    return x * keep / (1 - rate) if training else x / (1 - rate)


@exercise.mistake
def shrunk_when_predicting_as_well(x, keep, rate, training=False):
    """You scale twice: up in training, and down when predicting. Once is enough: in which of the two?"""
    return x * keep / (1 - rate) if training else x * (1 - rate)


@exercise.mistake
def not_scaled_in_training(x, keep, rate, training=False):
    """Your kept values stay as they were, so the sum shrinks on average. What makes up for the dropped ones?"""
    return x * keep if training else x


@exercise.mistake
def divided_by_the_rate(x, keep, rate, training=False):
    """You divide by the rate, the share that is dropped. Which share is left on average?"""
    return x * keep / rate if training else x


@exercise.mistake
def multiplied_not_divided(x, keep, rate, training=False):
    """You multiply the kept values by 1 - rate, so they shrink once more. Should they become larger or smaller?"""
    return x * keep * (1 - rate) if training else x


@exercise.mistake
def divided_by_one_plus_the_rate(x, keep, rate, training=False):
    """You divide by 1 + rate. With a rate of 0.2, which share of the values is kept on average?"""
    return x * keep / (1 + rate) if training else x


@exercise.mistake
def mask_inverted(x, keep, rate, training=False):
    """You keep what should be dropped and drop what should be kept. What does a 1 in the mask say?"""
    return x * (1 - keep) / (1 - rate) if training else x


@exercise.mistake
def zeros_and_ones_negated(x, keep, rate, training=False):
    """`~` turns 0 and 1 into -1 and -2, and these are taken for rows. How do you ask where the mask is 0?"""
    x = x.copy()
    if training:
        x[~keep] = 0
    return x / (1 - rate) if training else x


@exercise.mistake
def mask_taken_for_rows(x, keep, rate, training=False):
    """In `x[keep]` NumPy takes the 0s and 1s for numbers of rows. What would multiplying by 0 or 1 do?"""
    return x[keep] / (1 - rate) if training else x


@exercise.mistake
def kept_values_picked_out(x, keep, rate, training=False):
    """You pick the kept values out of x; the dropped ones are gone instead of 0. Which shape is asked for?"""
    return x[keep == 1] / (1 - rate) if training else x


@exercise.mistake
def mask_forgotten(x, keep, rate, training=False):
    """You scale, but drop nothing. Where does the mask come in?"""
    return x / (1 - rate) if training else x


@exercise.mistake
def dropped_values_kept_unscaled(x, keep, rate, training=False):
    """You scale the kept values, but the dropped ones stay as they were. What does a dropped value become?"""
    return np.where(keep, x / (1 - rate), x) if training else x


@exercise.mistake
def divided_by_the_share_of_this_mask(x, keep, rate, training=False):
    """You divide by the share that this one mask happens to keep. Which share is kept on average, over all masks?"""
    return x * keep / np.mean(keep) if training else x


@exercise.mistake
def dropped_values_become_the_mean(x, keep, rate, training=False):
    """You put the mean of x where a value is dropped. What does a dropped value become?"""
    return np.where(keep, x / (1 - rate), x.mean()) if training else x
