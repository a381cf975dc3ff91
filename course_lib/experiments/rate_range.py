"""The learning-rate range test: one short training in which the rate grows from far too small to far too large."""

import copy
from itertools import islice

import numpy as np

from course_lib.experiments.descent import batches
from course_lib.optimizers.schedules import ExponentialDecay
from course_lib.utils import generator

WORSE = 4.0  # the test ends where the smoothed loss is so many times its lowest
SMOOTHING = 0.9


class RateRange:
    """What a range test saw: `rates`, the `losses` of their batches, those `smoothed`, and a `suggestion`."""

    def __init__(self, rates, losses):
        self.rates, self.losses = np.array(rates), np.array(losses)
        self.smoothed = smooth(self.losses)
        self.lowest = float(self.rates[np.nanargmin(self.smoothed)])
        self.suggestion = self.lowest / 10

    def __repr__(self):
        return (
            f"{len(self.rates)} rates from {self.rates[0]:.2g} to {self.rates[-1]:.2g}: "
            f"loss lowest at {self.lowest:.2g}, suggestion {self.suggestion:.2g}"
        )


def range_test(model, x, y, low=1e-6, high=10.0, steps=100, batch_size=32, seed=0):
    """Train a copy of a compiled model for `steps` batches, with rates from `low` to `high`, each larger by one factor.

        rate of step t = low · (high / low)^(t / (steps − 1))

    Returns a `RateRange`. It ends early where the loss has become four times its lowest, or no number. The suggestion
    is a tenth of the rate at which the smoothed loss was lowest: there the loss still fell fast, and it lies well
    below the rates that tore it up.

    `model` does not change, nor do the course's random numbers: weights, optimizer and dropout masks are a copy's.
    The batches come from `seed`. Source: Smith, 2017, Cyclical learning rates for training neural networks, section
    3.3, with rates that grow by a factor where Smith's grow by a summand.
    """
    if model.optimizer is None:
        raise RuntimeError(
            f"{model.label} is not compiled: range_test needs its loss and optimizer. Call compile first."
        )
    if not 0 < low < high or steps < 2:
        raise ValueError(
            f"range_test got low={low!r}, high={high!r}, steps={steps!r}; it needs 0 < low < high, 2 steps."
        )
    x, y = model.as_input(x), np.asarray(y)
    trial, rate = copy.deepcopy(model), ExponentialDecay(low, steps - 1, high / low)
    trial.optimizer = type(model.optimizer)(**{**model.optimizer.get_config(), "learning_rate": rate})
    rates, losses = [], []
    random = generator()
    state = random.bit_generator.state
    try:
        with np.errstate(over="ignore", invalid="ignore"):  # the last steps are meant to go too far
            for rows in islice(batches(len(x), batch_size, seed), steps):
                rates.append(trial.optimizer.learning_rate)
                losses.append(trial.train_on_batch(x[rows], y[rows], return_dict=True)["loss"])
                smoothed = smooth(losses)
                lowest = np.min(smoothed[:-1], initial=smoothed[0])
                if not smoothed[-1] <= lowest + (WORSE - 1) * abs(lowest):
                    break
    finally:
        random.bit_generator.state = state
    if not np.isfinite(losses[0]):
        raise ValueError(
            f"range_test met a loss of {losses[0]} before its first step. Look for a NaN in x, y or weights."
        )
    return RateRange(rates, losses)


def smooth(values):
    """A running mean that forgets: mₜ = β mₜ₋₁ + (1 − β) vₜ, divided by 1 − βᵗ so that it does not begin at 0."""
    mean, means = 0.0, []
    for t, value in enumerate(values, 1):
        mean = SMOOTHING * mean + (1 - SMOOTHING) * value
        means.append(mean / (1 - SMOOTHING**t))
    return np.array(means)
