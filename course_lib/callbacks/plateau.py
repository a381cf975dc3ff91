"""Reduce on plateau: lower the learning rate when a number has stopped improving."""

from collections import namedtuple

import numpy as np

from course_lib.callbacks.monitor import MonitorCallback, improves
from course_lib.text.words import short

Moment = namedtuple("Moment", "value happened best wait cooldown_counter rate")


class Plateau:
    """The decision of `ReduceLROnPlateau`, without a model: a state machine that sees one value after the other.

        plateau = Plateau(factor=0.5, patience=2)
        for loss in losses:
            rate = plateau.step(loss, rate)      # and read plateau.happened, .best, .wait, .cooldown_counter

    Each step does the first that applies:

        better than `best` by more than min_delta      best = value, wait = 0                "improved"
        still cooling down                             (the counter fell by 1)               "cooling down, 2 left"
        wait + 1 < patience                            wait += 1                             "waiting 2 of 3"
        rate above min_lr                              rate = max(rate · factor, min_lr)     "reduced"
                                                       cooldown_counter = cooldown, wait = 0
        else                                           nothing is left to reduce             "at min_lr"

    The counter falls *before* the value is judged, and at 0 the value counts again. So cooldown=3 skips two values, and
    cooldown=1 none: this is Keras's rule. An improvement counts also while cooling down.

    Rates come back as float32 can hold them, since that is where Keras keeps them: 0.1 · 0.1 gives 0.009999999776….

    Args:
        factor: what the rate is multiplied by, below 1. min_lr: the rate never falls below it.
        patience: how many values in a row may fail to improve before the rate is reduced.
        min_delta: how much better than `best` a value must be. mode: "min" or "max".
        cooldown: for how long after a reduction nothing is counted.
    """

    def __init__(self, factor=0.1, patience=10, min_delta=1e-4, cooldown=0, min_lr=0.0, mode="min"):
        if not factor < 1:
            raise ValueError(
                f"Plateau got factor={short(factor)}; the rate is multiplied by it to fall, so take one below 1."
            )
        if mode not in ("min", "max"):
            raise ValueError(f"Plateau got mode={short(mode)}; it is 'min' (lower is better) or 'max'.")
        self.factor, self.patience, self.min_delta = factor, patience, abs(min_delta)
        self.cooldown, self.min_lr, self.mode = cooldown, min_lr, mode
        self.reset()

    def reset(self):
        """Forget all values seen."""
        self.best, self.wait, self.cooldown_counter, self.happened = None, 0, 0, "begun"

    def step(self, value, rate):
        """Judge the next value; return the rate from now on."""
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
        if improves(value, self.best, self.min_delta, self.mode):
            self.best, self.wait, self.happened = value, 0, "improved"
            return rate
        if self.cooldown_counter > 0:
            self.happened = f"cooling down, {self.cooldown_counter} left"
            return rate
        self.wait += 1
        if self.wait < self.patience:
            self.happened = f"waiting {self.wait} of {self.patience}"
            return rate
        old = np.float32(rate)
        if not old > np.float32(self.min_lr):
            self.happened = "at min_lr"
            return rate
        self.cooldown_counter, self.wait, self.happened = self.cooldown, 0, "reduced"
        return float(np.float32(max(float(old) * self.factor, self.min_lr)))

    def trace(self, values, rate):
        """One `Moment(value, happened, best, wait, cooldown_counter, rate)` for each value, as a list."""
        moments = []
        for value in values:
            rate = self.step(value, rate)
            moments.append(Moment(value, self.happened, self.best, self.wait, self.cooldown_counter, rate))
        return moments


class ReduceLROnPlateau(MonitorCallback):
    """Multiply the learning rate by `factor` when `monitor` has not improved for `patience` epochs.

    All decisions are those of `self.plateau`, a `Plateau`; this class only feeds it the logs of each epoch. The rate
    that an epoch was trained with stands in the history as "learning_rate".

    Args: those of `Plateau`, and
        monitor: the number to watch. mode: "min", "max" or "auto", from the metric's kind.
        verbose: 1 prints a line at each reduction.
    """

    def __init__(
        self,
        monitor="val_loss",
        factor=0.1,
        patience=10,
        verbose=0,
        mode="auto",
        min_delta=1e-4,
        cooldown=0,
        min_lr=0.0,
    ):
        super().__init__(monitor, mode, min_delta)
        self.plateau = Plateau(factor, patience, min_delta, cooldown, min_lr)
        self.verbose = verbose

    best = property(lambda self: self.plateau.best)
    wait = property(lambda self: self.plateau.wait)
    cooldown_counter = property(lambda self: self.plateau.cooldown_counter)

    def on_train_begin(self, logs=None):
        self.plateau.reset()

    def on_epoch_end(self, epoch, logs=None):
        self.plateau.mode = self.resolved_mode()
        optimizer = self.model.optimizer
        logs = {} if logs is None else logs
        logs["learning_rate"] = float(optimizer.learning_rate)
        value = self.monitored(logs)
        if value is None:
            return
        rate = self.plateau.step(value, float(optimizer.learning_rate))
        if self.plateau.happened == "reduced":
            optimizer.learning_rate = rate
            if self.verbose:
                print(f"\nEpoch {epoch + 1}: ReduceLROnPlateau reducing learning rate to {rate:.6g}.")
