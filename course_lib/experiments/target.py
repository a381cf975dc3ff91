"""Training until the loss on all examples is low enough: what a way to train is paid in, examples, updates or seconds.

run = train_to(model, x, y, target=0.7, batch_size=32)
run.reached, run.examples[-1], run.updates[-1], run.seconds[-1]
"""

import time

import numpy as np

from course_lib.experiments.descent import batches


class Run:
    """A training with its loss checked now and then: `losses` on all examples, and what had been spent up to each:
    `examples`, `updates`, `seconds` (of training alone, without the checks). All arrays have one entry a check.

    reached: whether it ended because the target was reached; else the examples were spent or the loss was no number.
    """

    def __init__(self, checks, reached, batch_size):
        examples, updates, seconds, losses = zip(*checks)
        self.examples, self.updates = np.array(examples), np.array(updates)
        self.seconds, self.losses = np.array(seconds), np.array(losses)
        self.reached, self.batch_size = reached, batch_size

    def __repr__(self):
        end = "reached" if self.reached else "not reached"
        return f"{self.updates[-1]:,} updates, {self.examples[-1]:,} examples: loss {self.losses[-1]:.2f}, {end}"


def train_to(model, x, y, target, batch_size=32, every=160, patience=2, most=200_000, clock=time.perf_counter):
    """Train a compiled model on batches of shuffled rows until its loss on all of them is at most `target`.

    Args:
        every: examples between two checks of the loss; a larger batch is checked after each update.
        patience: so many checks in a row must be at most `target`. One alone may be low by luck.
        most: give up after so many examples.
        clock: gives seconds.
    """
    if every < 1 or patience < 1:
        raise ValueError(f"train_to got every={every!r} and patience={patience!r}; both need at least 1.")
    checks = [(0, 0, 0.0, _loss(model, x, y))]
    seen = updates = seconds = 0
    for rows in batches(len(x), batch_size):
        x_batch, y_batch = x[rows], y[rows]
        start = clock()
        model.train_on_batch(x_batch, y_batch)
        seconds += clock() - start
        seen, updates = seen + len(rows), updates + 1
        if seen - checks[-1][0] >= every:
            checks.append((seen, updates, seconds, _loss(model, x, y)))
            reached = len(checks) > patience and all(check[-1] <= target for check in checks[-patience:])
            if reached or not checks[-1][-1] < np.inf or seen >= most:
                return Run(checks, reached, batch_size)


def _loss(model, x, y):
    loss = model.evaluate(x, y, batch_size=len(x), verbose=0)
    return loss[0] if isinstance(loss, list) else loss
