"""Gradient descent in its three forms, as steps that can be counted on one hand, with an explicit stopping rule.

    path = descend(surface.gradient, surface.start, learning_rate=0.1, stop=Stop(tolerance=1e-3, budget=500))
    path.end, path.steps, path.ended

They differ in one line: on which examples the gradient is computed. All three take a number or a schedule as their
learning rate. (For models there are `optimizers.SGD` and `fit`, which do the same over one flat vector.)
"""

import numpy as np

from course_lib.text.words import counted
from course_lib.utils import generator


class Stop:
    """When descent ends: what the fourth step of the algorithm, "repeat until the stopping rule holds", leaves open.

    Args:
        tolerance, patience: it has arrived when the last `patience` gradients were all no longer than `tolerance`. Over
            a few examples one gradient may be short by luck, hence the patience.
        budget: it gives up after so many steps.
        limit: it has diverged when a gradient is longer than this, or is no number.
    """

    def __init__(self, tolerance=1e-6, patience=1, budget=1000, limit=1e8):
        if patience < 1 or budget < 0:
            raise ValueError(f"Stop got patience={patience!r} and budget={budget!r}; it needs at least 1 and 0.")
        self.tolerance, self.patience, self.budget, self.limit = tolerance, patience, budget, limit

    def reason(self, lengths):
        """Why to end, given the lengths of all gradients so far: "arrived", "budget spent", "diverged"; None: go on."""
        if not lengths[-1] <= self.limit:
            return "diverged"
        if len(lengths) >= self.patience and max(lengths[-self.patience :]) <= self.tolerance:
            return "arrived"
        return "budget spent" if len(lengths) > self.budget else None


class Path:
    """Where descent went: `points` (steps + 1, n), the `lengths` of the gradients met there, and why it `ended`.

    examples: of how many examples a gradient was computed up to each point, (steps + 1,).
    """

    def __init__(self, points, lengths, ended, examples_a_step):
        self.points, self.lengths, self.ended = np.array(points), np.array(lengths), ended
        self.examples = np.cumsum([0, *examples_a_step[: self.steps]])

    steps = property(lambda self: len(self.points) - 1)
    end = property(lambda self: self.points[-1])

    def reaches(self, loss, target):
        """The first step after which `loss(point)` is at most `target`, or None."""
        return next((step for step, point in enumerate(self.points) if loss(point) <= target), None)

    def __repr__(self):
        end = ", ".join(f"{w:.3f}" for w in self.end.round(3) + 0.0)  # + 0.0: no "-0.000"
        return f"{counted(self.steps, 'step')} to ({end}): {self.ended}"


def descend(gradient, start, learning_rate, stop=None, examples=1):
    """Gradient descent: w ← w − η · gradient(w). Returns a `Path`.

    gradient: a function of w, shape (n,), as `surface.gradient`. examples: how many it is computed on, for the count.
    """
    stop, rate = stop or Stop(), _schedule(learning_rate)
    w = np.array(start, float)  # 1. initialize the parameters
    points, lengths = [w], []
    while True:
        g = gradient(w)  # 2. compute the gradient of the loss
        lengths.append(np.linalg.norm(g))
        if ended := stop.reason(lengths):  # 4. repeat 2 and 3 until the stopping rule holds
            return Path(points, lengths, ended, [examples] * len(points))
        w = w - rate(len(points) - 1) * g  # 3. update the parameters
        points.append(w)


def descend_stochastic(gradient, x, y, start, learning_rate, stop=None, seed=None):
    """Stochastic gradient descent: each step looks at one example, drawn at random. Returns a `Path`.

    gradient: a function of (w, x, y) for some rows of x and y, as `valley.gradient_on`.
    """
    stop, rate, random = stop or Stop(), _schedule(learning_rate), generator(seed)
    w = np.array(start, float)  # 1. initialize the parameters
    points, lengths = [w], []
    while True:
        row = random.integers(len(x), size=1)  # 2. choose an example at random
        g = gradient(w, x[row], y[row])  # 3. compute the gradient of its loss
        lengths.append(np.linalg.norm(g))
        if ended := stop.reason(lengths):  # 5. repeat 2 to 4 until the stopping rule holds
            return Path(points, lengths, ended, [1] * len(points))
        w = w - rate(len(points) - 1) * g  # 4. update the parameters
        points.append(w)


def descend_mini_batch(gradient, x, y, start, learning_rate, batch_size=32, stop=None, seed=None):
    """Mini-batch gradient descent: each step looks at the next few examples of a shuffled data set. Returns a `Path`.

    gradient: a function of (w, x, y), as for `descend_stochastic`. The batches are those of `fit`: see `batches`.
    """
    stop, rate = stop or Stop(), _schedule(learning_rate)
    w = np.array(start, float)  # 1. initialize the parameters
    points, lengths, sizes = [w], [], []
    for rows in batches(len(x), batch_size, seed):  # 2. choose some examples at random
        g = gradient(w, x[rows], y[rows])  # 3. compute the gradient of their loss
        lengths.append(np.linalg.norm(g))
        sizes.append(len(rows))
        if ended := stop.reason(lengths):  # 5. repeat 2 to 4 until the stopping rule holds
            return Path(points, lengths, ended, sizes)
        w = w - rate(len(points) - 1) * g  # 4. update the parameters
        points.append(w)


def batches(n, batch_size, seed=None):
    """Row numbers of one batch after the other, without end: each epoch in a new order, its last batch maybe shorter.

    Without a seed they are the batches of `fit` after the same `utils.set_random_seed`.
    """
    if not 1 <= batch_size:
        raise ValueError(f"batches got batch_size={batch_size!r}; it needs at least one example a batch.")
    random = generator(seed)
    while True:
        order = random.permutation(n)
        for first in range(0, n, batch_size):
            yield order[first : first + batch_size]


def _schedule(learning_rate):
    return learning_rate if callable(learning_rate) else lambda step: learning_rate
