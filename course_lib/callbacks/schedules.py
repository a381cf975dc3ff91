"""A learning rate for each epoch. (For one that changes from step to step: `optimizers.schedules`.)"""

import numpy as np

from course_lib.callbacks.base import Callback
from course_lib.text.words import short


class LearningRateScheduler(Callback):
    """At the beginning of each epoch, learning_rate = schedule(epoch, learning_rate).

    schedule: a function of the epoch (0, 1, 2, …) and the rate so far, or of the epoch alone; it returns a float.
    verbose: 1 prints a line each epoch. The rate stands in the history as "learning_rate".
    """

    def __init__(self, schedule, verbose=0):
        self.schedule, self.verbose = schedule, verbose

    def on_epoch_begin(self, epoch, logs=None):
        optimizer = self.model.optimizer
        arguments = (epoch, float(optimizer.learning_rate)) if _takes_two(self.schedule) else (epoch,)
        rate = self.schedule(*arguments)
        if not isinstance(rate, (float, np.float32)):
            raise ValueError(
                f"LearningRateScheduler got {short(rate)} from its schedule for epoch {epoch}; it needs a float. "
                f"Does the function end with `return`, and with a point in the number (1.0)?"
            )
        optimizer.learning_rate = rate
        if self.verbose:
            print(f"\nEpoch {epoch + 1}: LearningRateScheduler setting learning rate to {rate:.6g}.")

    def on_epoch_end(self, epoch, logs=None):
        if logs is not None:
            logs["learning_rate"] = float(self.model.optimizer.learning_rate)


def _takes_two(function):
    """Whether a function can be called as f(epoch, rate)."""
    import inspect

    try:
        inspect.signature(function).bind(0, 0.0)
    except TypeError:
        return False
    return True
