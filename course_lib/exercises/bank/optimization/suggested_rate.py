"""Reading a range test

**Goal.** Suggest a learning rate from a range test: one short training in which the rate grows with every batch.

**Given.** (Arrays are NumPy arrays.)
- `rates`: the rate of each batch, shape `(n,)`, growing.
- `losses`: the loss of each batch, shape `(n,)`.
- `smoothing`: how much of the running mean is kept at each batch. 0.9 if nothing is said.

**Write** `suggested_rate(rates, losses, smoothing=0.9)`.
Losses of single batches are noisy. Keep a running mean that begins at 0:
`mean = smoothing · mean + (1 − smoothing) · loss`.
After the t-th loss (t = 1, 2, …) divide it by `1 − smoothing^t`; without that the first ones would be far too small.
Find the batch at which this smoothed loss is lowest. Suggest a tenth of its rate.

**Returns** a `float`.

**Example.** `rates = [0.01, 0.1, 1.0]`, `losses = [2.0, 1.0, 4.0]`, smoothing 0.5.
The means are 1.0, 1.0 and 2.5; divided by 0.5, 0.75 and 0.875 they become 2.0, 1.333 and 2.857.
The lowest stands at rate 0.1, so the suggestion is `0.01`.

**Check** with `q.check(suggested_rate)`.
"""

import numpy as np

from course_lib.exercises import Case, Exercise


def suggested_rate(rates, losses, smoothing=0.9):
    """A tenth of the rate at which the smoothed loss is lowest."""
    mean, smoothed = 0.0, []
    for t, loss in enumerate(losses, 1):
        mean = smoothing * mean + (1 - smoothing) * loss
        smoothed.append(mean / (1 - smoothing**t))
    return float(rates[np.argmin(smoothed)]) / 10


def curve(losses, smoothing, corrected=True):
    mean, smoothed = 0.0, []
    for t, loss in enumerate(losses, 1):
        mean = smoothing * mean + (1 - smoothing) * loss
        smoothed.append(mean / (1 - smoothing**t) if corrected else mean)
    return np.array(smoothed)


def by_hand(rates, losses, smoothing=0.9):
    smoothed = curve(losses, smoothing)
    at = int(np.argmin(smoothed))
    first = ", ".join(f"{value:.4g}" for value in smoothed[:6])
    return (
        f"Smoothed with {smoothing:g} the losses begin {first}. The lowest of all {len(losses)} is {smoothed[at]:.4g}, "
        f"at rate {rates[at]:.4g}. A tenth of it is {rates[at] / 10:.4g}."
    )


def draw(rng):
    n = int(rng.integers(40, 80))
    t = np.linspace(0, 1, n)
    losses = 2.3 - 1.6 * t**2 + 60 * np.maximum(t - rng.uniform(0.6, 0.8), 0) ** 2 + rng.normal(0, 0.25, n)
    return np.geomspace(1e-4, 10, n), losses, float(rng.uniform(0.6, 0.9))


def noisy(n, seed, low=1e-4, high=10.0):
    rng = np.random.default_rng(seed)
    t = np.linspace(0, 1, n)
    losses = 2.3 - 1.6 * t**2 + 60 * np.maximum(t - 0.7, 0) ** 2 + rng.normal(0, 0.3, n)
    return np.geomspace(low, high, n), losses


exercise = Exercise(
    suggested_rate,
    cases=[
        Case("three batches", np.array([0.01, 0.1, 1.0]), np.array([2.0, 1.0, 4.0]), 0.5),
        Case(
            "one lucky batch",
            np.array([0.01, 0.03, 0.1, 0.3, 1.0, 3.0]),
            np.array([3.0, 0.5, 2.0, 1.0, 1.0, 9.0]),
            0.8,
        ),
        Case("a first batch with a high loss", np.array([0.1, 0.2, 0.4, 0.8]), np.array([3.0, 1.0, 1.0, 2.0]), 0.8),
        Case("a range test", *noisy(60, 1)),
        Case("another, from a millionth on", *noisy(73, 2, 1e-6, 1.0)),
        Case("smoothing by its name", *noisy(45, 3), smoothing=0.7),
        Case("no smoothing at all", *noisy(45, 4), smoothing=0),
        Case("one batch", np.array([0.5]), np.array([2.0])),
        Case("it ended before the loss turned up", np.geomspace(1e-3, 0.1, 9), 3 - 0.2 * np.arange(9.0)),
        Case("lowest at the first batch", np.array([0.1, 0.2, 0.4]), np.array([1.0, 2.0, 4.0])),
    ],
    random_case=draw,
    hints=[
        "First smooth, then look for the lowest. Which of the two arrays does the answer come from?",
        by_hand,
        "`smoothed.append(mean / (1 - smoothing**t))` in a loop, then `rates[np.argmin(smoothed)] / 10`.",
    ],
    equivalent_mutants={
        "(1 - smoothing) * loss -> 1 - smoothing + loss": "adds the same number to every mean, the lowest stays",
        "(1 - smoothing) * loss -> loss": "multiplies every mean by the same number, the lowest stays",
        "1 - smoothing -> 1 + smoothing": "multiplies every mean by the same number, the lowest stays",
        "1 - smoothing -> 1": "multiplies every mean by the same number, the lowest stays",
        "1 -> 2 (again)": "multiplies every mean by the same number, the lowest stays",
    },
)


@exercise.mistake
def not_smoothed(rates, losses, smoothing=0.9):
    """You take the lowest single loss; one lucky batch decides. Where is the running mean?"""
    return float(rates[np.argmin(losses)]) / 10


@exercise.mistake
def mean_that_begins_at_zero(rates, losses, smoothing=0.9):
    """Your mean still remembers the 0 it began with, so the first batch looks best. What is it divided by?"""
    return float(rates[np.argmin(curve(losses, smoothing, corrected=False))]) / 10


@exercise.mistake
def weights_swapped(rates, losses, smoothing=0.9):
    """You keep little of the mean and much of the new loss. Which of the two gets the weight `smoothing`?"""
    return float(rates[np.argmin(curve(losses, 1 - smoothing or 1e-9))]) / 10 if smoothing else float(rates[0]) / 10


@exercise.mistake
def the_lowest_itself(rates, losses, smoothing=0.9):
    """You suggest the rate of the lowest loss. There the loss is about to turn up: what part of it is safe?"""
    return float(rates[np.argmin(curve(losses, smoothing))])


@exercise.mistake
def the_batch_not_its_rate(rates, losses, smoothing=0.9):
    """You return the number of a batch, or a tenth of it. Which rate belongs to that batch?"""
    return float(np.argmin(curve(losses, smoothing))) / 10


@exercise.mistake
def the_loss_not_its_rate(rates, losses, smoothing=0.9):
    """You return a tenth of the lowest *loss*. At which rate was it met?"""
    return float(curve(losses, smoothing).min()) / 10


@exercise.mistake
def the_largest_rate(rates, losses, smoothing=0.9):
    """You suggest a tenth of the last rate. Does the loss play no part in it?"""
    return float(rates[-1]) / 10


@exercise.mistake
def the_highest_loss(rates, losses, smoothing=0.9):
    """You look for the highest loss. Is high good or bad for a loss?"""
    return float(rates[np.argmax(curve(losses, smoothing))]) / 10


@exercise.mistake
def a_batch_later(rates, losses, smoothing=0.9):
    """Your rate belongs to the batch after the lowest. Do you count from 0 or from 1?"""
    at = int(np.argmin(curve(losses, smoothing)))
    return float(rates[min(at + 1, len(rates) - 1)]) / 10


@exercise.mistake
def smoothing_ignored(rates, losses, smoothing=0.9):
    """You smooth with 0.9, whatever was passed. Which argument says how much is kept?"""
    return float(rates[np.argmin(curve(losses, 0.9))]) / 10


@exercise.mistake
def mean_that_begins_at_the_first_loss(rates, losses, smoothing=0.9):
    """Your mean begins at the first loss, which then weighs far too much. At which number should it begin?"""
    mean, smoothed = losses[0], []
    for loss in losses:
        mean = smoothing * mean + (1 - smoothing) * loss
        smoothed.append(mean)
    return float(rates[np.argmin(smoothed)]) / 10


@exercise.mistake
def divided_mean_kept(rates, losses, smoothing=0.9):
    """You go on with the mean that was divided already. Which of the two numbers does the next batch start from?"""
    mean, smoothed = 0.0, []
    for t, loss in enumerate(losses, 1):
        mean = (smoothing * mean + (1 - smoothing) * loss) / (1 - smoothing**t)
        smoothed.append(mean)
    return float(rates[np.argmin(smoothed)]) / 10


@exercise.mistake
def batches_counted_from_zero(rates, losses, smoothing=0.9):
    """You divide the first mean by 1 - smoothing**0, which is 0. Which t has the first loss?"""
    smoothed = curve(losses, smoothing, corrected=False)
    t = np.arange(len(smoothed))
    with np.errstate(divide="ignore"):
        return float(rates[np.argmin(smoothed / (1 - float(smoothing) ** t))]) / 10


@exercise.mistake
def a_batch_earlier(rates, losses, smoothing=0.9):
    """Your rate belongs to the batch before the lowest. What does argmin count from?"""
    return float(rates[np.argmin(curve(losses, smoothing)) - 1]) / 10
