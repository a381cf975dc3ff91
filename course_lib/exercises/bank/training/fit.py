"""The training loop by hand

**Goal.** Write the loop that stands behind `model.fit(x, y, validation_data=(x_val, y_val))`.

**Given.** (Arrays are NumPy arrays.)
- `x`, `y`: the training examples, `n` rows, and their targets, as many.
- `x_val`, `y_val`: examples and targets kept for validation.
- `train_step`: a function. `train_step(x_batch, y_batch)` updates the model once and returns a number: the mean loss
  of the batch, measured just before that update.
- `evaluate`: a function. `evaluate(x, y)` returns the mean loss over these rows. It does not change the model.
- `epochs`: how often all training rows are gone through.
- `batch_size`: how many rows a batch holds.
- `order`: a function. `order(epoch)` draws the order of the rows for an epoch, an array of the row numbers 0 to n − 1,
  shuffled. Epochs are counted from 0. Each call draws anew: two calls give two orders, even for the same epoch.

**Write** `fit(x, y, x_val, y_val, train_step, evaluate, epochs, batch_size, order)`. In each epoch:
1. Draw the order once. It names rows of `x` and `y` as they were given.
2. Cut it into batches, from its beginning. The last batch is shorter where the rows do not divide evenly.
3. Call `train_step` once for each batch, with its rows of `x` and the same rows of `y`.
4. After the last batch note two numbers. The epoch's loss is the mean over its *examples*: the loss of a batch counts
   as often as the batch has rows. The validation loss is what `evaluate` says of the validation data at that moment.

**Returns** a `dict` of two lists with a number for each epoch: `{"loss": [...], "val_loss": [...]}`.

**Example.** Five rows, batches of 2, one epoch. The order is `[3, 0, 4, 1, 2]`, so the batches hold the rows 3 and 0,
4 and 1, and 2 alone. `train_step` returns 4.0, then 2.0, then 1.0. The epoch's loss is (2·4 + 2·2 + 1·1) / 5 = 2.6.
Then `evaluate(x_val, y_val)` returns 1.5. The answer is `{"loss": [2.6], "val_loss": [1.5]}`.

**Check** with `q.check(fit)`.
"""

import numpy as np

from course_lib.exercises import Case, Exercise
from course_lib.text.words import counted


def fit(x, y, x_val, y_val, train_step, evaluate, epochs, batch_size, order):
    """{"loss": [...], "val_loss": [...]}, a number for each epoch; the model is updated after every batch."""
    history = {"loss": [], "val_loss": []}
    for epoch in range(epochs):
        rows, total = order(epoch), 0.0
        for first in range(0, len(x), batch_size):
            batch = rows[first : first + batch_size]
            total += train_step(x[batch], y[batch]) * len(batch)
        history["loss"].append(total / len(x))
        history["val_loss"].append(evaluate(x_val, y_val))
    return history


class Model:
    """A line through the examples, x @ w + b, trained on the mean squared error. What a case calls."""

    def __init__(self, features, learning_rate):
        self.w, self.b, self.learning_rate = np.zeros(features), 0.0, learning_rate

    def error(self, x, y):
        __tracebackhide__ = True  # a message then shows the learner's line, which called this
        if len(x) == 0:
            raise ValueError("the batch has 0 rows, and a mean over nothing is no number")
        return x @ self.w + self.b - y

    def evaluate(self, x, y):
        __tracebackhide__ = True
        error = self.error(x, y)
        return float(error @ error / len(x))

    def train_step(self, x, y):
        __tracebackhide__ = True
        error = self.error(x, y)
        step = self.learning_rate * 2 / len(x)
        self.w, self.b = self.w - step * (error @ x), self.b - step * error.sum()
        return float(error @ error / len(x))


class Shuffler:
    """Draws an order that depends on the epoch and on how often it was asked before."""

    def __init__(self, rows, seed):
        self.rows, self.seed, self.calls = rows, seed, 0

    def order(self, epoch):
        self.calls += 1
        return np.random.default_rng([self.seed, epoch, self.calls]).permutation(self.rows)


def problem(n, n_val, features, epochs, batch_size, seed, learning_rate=0.1, scale=1.0):
    """All arguments of a case. The targets are noisy, so that no loss comes near 0."""
    rng = np.random.default_rng(seed)
    x, w = rng.normal(size=(n + n_val, features)), rng.normal(size=features)
    y = x @ w + 1.0 + rng.normal(size=n + n_val)
    x, y = np.round(x, 2), np.round(scale * y, 2)
    model = Model(features, learning_rate)
    data = x[:n], y[:n], x[n:], y[n:]
    return *data, model.train_step, model.evaluate, epochs, batch_size, Shuffler(n, seed).order


def by_hand(x, y, x_val, y_val, train_step, evaluate, epochs, batch_size, order):
    if not epochs:
        return "0 epochs: nothing is trained, and both lists stay empty."
    rows, said, total = order(0), [], 0.0
    for first in range(0, len(x), batch_size):
        batch = rows[first : first + batch_size]
        loss = train_step(x[batch], y[batch])
        total += loss * len(batch)
        said.append(f"{counted(len(batch), 'row')} ({', '.join(map(str, batch[:4]))}"
                    f"{', ...' * (len(batch) > 4)}), loss {loss:.4g}")  # fmt: skip
    more = f"; and {len(said) - 4} more" if len(said) > 4 else ""
    return (
        f"Epoch 0 has {counted(len(said), 'batch')}: {'; '.join(said[:4])}{more}. Each loss times its rows, added up, "
        f"is {total:.5g}; divided by {counted(len(x), 'row')} {total / len(x):.5g}. After that the validation loss is "
        f"{evaluate(x_val, y_val):.5g}."
    )


def draw(rng):
    n, n_val, batch_size, seed = (int(rng.integers(*ends)) for ends in ((10, 16), (3, 7), (4, 8), (0, 10**6)))
    return problem(n, n_val, 3, 3, batch_size, seed, 0.05)


exercise = Exercise(
    fit,
    cases=[
        Case("one epoch, two full batches", *problem(4, 3, 2, 1, 2, 1)),
        Case("one epoch, a short last batch", *problem(5, 3, 2, 1, 2, 2)),
        Case("three epochs", *problem(7, 4, 2, 3, 3, 3)),
        Case("a batch larger than the data", *problem(6, 4, 2, 3, 32, 6)),
        Case("all rows in one batch, more for validation", *problem(4, 7, 2, 4, 4, 7)),
        Case("a single example", *problem(1, 1, 2, 2, 3, 8)),
        Case("no epoch", *problem(5, 2, 2, 0, 2, 9)),
        Case("large targets", *problem(8, 3, 1, 2, 3, 10, scale=1e4)),
    ],
    random_case=draw,
    n_random=1,
    hints=[
        "Write one epoch first. What is drawn once, what happens for each batch, and what once after all of them?",
        by_hand,
        "In the epoch: `rows = order(epoch)`, `total = 0.0`. For each batch: "
        "`total += train_step(x[batch], y[batch]) * len(batch)`. "
        "Then append `total / len(x)` and `evaluate(x_val, y_val)`.",
    ],
    equivalent_mutants={
        "x -> y": "there are as many targets as examples",
        "x -> y (again)": "there are as many targets as examples",
    },
)


def training(
    arguments,
    draw=None,
    rows_of=lambda rows, first, size: rows[first : first + size],
    starts=lambda n, size: range(0, n, size),
    take=lambda x, y, batch: (x[batch], y[batch]),
    weigh=lambda losses, counts, n, size: sum(a * c for a, c in zip(losses, counts)) / n,
    validate=lambda x, y, x_val, y_val, evaluate, train_step: evaluate(x_val, y_val),
    early=False,
):
    """The loop in its parts, so that a mistake can exchange one of them."""
    x, y, x_val, y_val, train_step, evaluate, epochs, size, order = arguments
    history = {"loss": [], "val_loss": []}
    for epoch in range(epochs):
        rows = order(epoch) if draw is None else draw(order, epoch, len(x))
        before = validate(x, y, x_val, y_val, evaluate, train_step) if early else None
        batches = [rows_of(rows, first, size) for first in starts(len(x), size)]
        losses = [train_step(*take(x, y, batch)) for batch in batches]
        history["loss"].append(weigh(losses, [len(batch) for batch in batches], len(x), size))
        history["val_loss"].append(before if early else validate(x, y, x_val, y_val, evaluate, train_step))
    return history


def mean_of_batches(losses, counts, n, size):
    return np.mean(losses)


# --- which rows


@exercise.mistake
def y_not_in_the_order(x, y, x_val, y_val, train_step, evaluate, epochs, batch_size, order):
    """You shuffle x and not y, so each example gets the target of another. Which rows of y belong to a batch?"""
    history = {"loss": [], "val_loss": []}
    for epoch in range(epochs):
        mixed = x[order(epoch)], y
        one = training((*mixed, x_val, y_val, train_step, evaluate, 1, batch_size, order), lambda o, e, n: np.arange(n))
        history = {name: history[name] + one[name] for name in history}
    return history


@exercise.mistake
def x_not_in_the_order(x, y, x_val, y_val, train_step, evaluate, epochs, batch_size, order):
    """You shuffle y and not x, so each example gets the target of another. Which rows of x belong to a batch?"""
    history = {"loss": [], "val_loss": []}
    for epoch in range(epochs):
        mixed = x, y[order(epoch)]
        one = training((*mixed, x_val, y_val, train_step, evaluate, 1, batch_size, order), lambda o, e, n: np.arange(n))
        history = {name: history[name] + one[name] for name in history}
    return history


@exercise.mistake
def order_drawn_for_x_and_for_y(x, y, x_val, y_val, train_step, evaluate, epochs, batch_size, order):
    """You draw one order for x and another for y, so each example gets the target of another. How often may `order` be
    called in an epoch?"""

    def draw(order, epoch, n):
        return np.stack([order(epoch), order(epoch)], axis=1)

    return training(
        (x, y, x_val, y_val, train_step, evaluate, epochs, batch_size, order),
        draw,
        take=lambda x, y, batch: (x[batch[:, 0]], y[batch[:, 1]]),
    )


@exercise.mistake
def order_drawn_for_each_batch(x, y, x_val, y_val, train_step, evaluate, epochs, batch_size, order):
    """You draw a new order for each batch, so some rows come twice in an epoch and others never. When is it drawn?"""
    arguments = x, y, x_val, y_val, train_step, evaluate, epochs, batch_size, order
    return training(
        arguments, lambda order, epoch, n: epoch, lambda epoch, first, size: order(epoch)[first : first + size]
    )


@exercise.mistake
def not_shuffled(*arguments):
    """You take the rows as they stand in x. Which argument says what comes first in an epoch?"""
    return training(arguments, lambda order, epoch, n: np.arange(n))


@exercise.mistake
def one_order_for_all_epochs(x, y, x_val, y_val, train_step, evaluate, epochs, batch_size, order):
    """Every epoch of yours goes through the rows in the same order. When is an order drawn?"""
    rows = order(0)
    arguments = x, y, x_val, y_val, train_step, evaluate, epochs, batch_size, order
    return training(arguments, lambda order, epoch, n: rows)


@exercise.mistake
def always_the_order_of_epoch_0(*arguments):
    """You call `order(0)` in each epoch. Which epoch's order is asked for?"""
    return training(arguments, lambda order, epoch, n: order(0))


@exercise.mistake
def epochs_counted_from_1(*arguments):
    """Your first epoch has the number 1. From which number on are epochs counted in this exercise?"""
    return training(arguments, lambda order, epoch, n: order(epoch + 1))


@exercise.mistake
def shuffled_what_was_shuffled(x, y, x_val, y_val, train_step, evaluate, epochs, batch_size, order):
    """From the second epoch on you shuffle rows that are shuffled already: `x = x[rows]` replaces x. Which x do the row
    numbers of an order belong to?"""
    before = np.arange(len(x))

    def draw(order, epoch, n):
        nonlocal before
        before = before[order(epoch)]
        return before

    return training((x, y, x_val, y_val, train_step, evaluate, epochs, batch_size, order), draw)


@exercise.mistake
def order_inverted(*arguments):
    """You send row 0 to the place that the order names first. It is meant the other way: which row comes first?"""
    return training(arguments, lambda order, epoch, n: np.argsort(order(epoch)))


# --- which batches


def full_only(n, size):
    return range(0, n - size + 1, size)


@exercise.mistake
def short_batch_dropped(*arguments):
    """You leave out the short batch at the end. Its rows are to be learned from as well: how many batches are there?"""
    return training(arguments, starts=full_only)


@exercise.mistake
def short_batch_dropped_and_not_counted(*arguments):
    """You leave out the short batch at the end, and its rows are missing in the mean as well. How many batches does an
    epoch have?"""
    return training(arguments, starts=full_only, weigh=mean_of_batches)


@exercise.mistake
def empty_batch_at_the_end(x, y, x_val, y_val, train_step, evaluate, epochs, batch_size, order):
    """Where the rows come out even you add a batch without rows. Where must the last batch begin, at the latest?"""
    history = {"loss": [], "val_loss": []}
    for epoch in range(epochs):
        rows, total = order(epoch), 0.0
        for first in range(0, len(x) + 1, batch_size):
            batch = rows[first : first + batch_size]
            total += train_step(x[batch], y[batch]) * len(batch)
        history["loss"].append(total / len(x))
        history["val_loss"].append(evaluate(x_val, y_val))
    return history


@exercise.mistake
def all_rows_in_each_step(*arguments):
    """Each of your steps looks at all rows. Which of them belong to the batch?"""
    return training(arguments, take=lambda x, y, batch: (x, y))


@exercise.mistake
def one_batch_of_all(x, y, x_val, y_val, train_step, evaluate, epochs, batch_size, order):
    """You take one step an epoch, on all rows. How many rows does a batch hold?"""
    arguments = x, y, x_val, y_val, train_step, evaluate, epochs, max(len(x), 1), order
    return training(arguments)


@exercise.mistake
def a_step_for_each_row(x, y, x_val, y_val, train_step, evaluate, epochs, batch_size, order):
    """You take a step for each row. How many rows does a batch hold?"""
    arguments = x, y, x_val, y_val, train_step, evaluate, epochs, 1, order
    return training(arguments)


@exercise.mistake
def only_the_first_batch(*arguments):
    """You train on the first batch of each epoch only. Which rows come next?"""
    return training(arguments, starts=lambda n, size: [0], weigh=mean_of_batches)


@exercise.mistake
def overlapping_batches(*arguments):
    """Your batches overlap: each begins one row after the one before. By how much must the start move on?"""
    return training(arguments, starts=lambda n, size: range(n))


@exercise.mistake
def that_many_batches(x, y, x_val, y_val, train_step, evaluate, epochs, batch_size, order):
    """You make `batch_size` batches. It is the number of rows in each: how many batches does that give?"""
    pieces = [len(p) for p in np.array_split(np.arange(len(x)), batch_size) if len(p)]
    arguments = x, y, x_val, y_val, train_step, evaluate, epochs, batch_size, order
    ends = np.cumsum(pieces)
    return training(arguments, rows_of=lambda rows, k, size: rows[ends[k] - pieces[k] : ends[k]],
                    starts=lambda n, size: range(len(pieces)))  # fmt: skip


@exercise.mistake
def two_steps_for_each_batch(x, y, x_val, y_val, train_step, evaluate, epochs, batch_size, order):
    """You call `train_step` twice for each batch, so the model is updated twice. What does one call do and return?"""

    def step(x_batch, y_batch):
        train_step(x_batch, y_batch)
        return train_step(x_batch, y_batch)

    return training((x, y, x_val, y_val, step, evaluate, epochs, batch_size, order))


# --- the epoch's loss


@exercise.mistake
def mean_of_batch_means(*arguments):
    """You average the losses of the batches, so a last batch of one row counts as much as a full one. How often should
    each count?"""
    return training(arguments, weigh=mean_of_batches)


@exercise.mistake
def short_batch_counted_as_full(*arguments):
    """You multiply every loss by `batch_size`, also that of a shorter batch. How many rows has it?"""
    return training(arguments, weigh=lambda losses, counts, n, size: sum(losses) * size / n)


@exercise.mistake
def losses_added_up(*arguments):
    """Your epoch's loss is the sum of the batches' losses, so it grows with their number. Of what is it the mean?"""
    return training(arguments, weigh=lambda losses, counts, n, size: sum(losses))


@exercise.mistake
def not_divided(*arguments):
    """You add up the loss of every row and stop there. By what is a sum divided to be a mean?"""
    return training(arguments, weigh=lambda losses, counts, n, size: sum(a * c for a, c in zip(losses, counts)))


@exercise.mistake
def divided_by_the_batches(*arguments):
    """You weigh each loss by its rows and divide by the number of batches. How many rows are in that sum?"""
    return training(
        arguments, weigh=lambda losses, counts, n, size: sum(a * c for a, c in zip(losses, counts)) / len(losses)
    )


@exercise.mistake
def divided_by_the_rows_only(*arguments):
    """You divide by the number of rows, but a batch's loss is a mean already and you add it once. How often should it
    count?"""
    return training(arguments, weigh=lambda losses, counts, n, size: sum(losses) / n)


@exercise.mistake
def loss_of_the_last_batch(*arguments):
    """Your epoch's loss is that of its last batch. Over which examples does the mean go?"""
    return training(arguments, weigh=lambda losses, counts, n, size: losses[-1])


@exercise.mistake
def total_not_reset(*arguments):
    """Your loss grows from epoch to epoch: the sum goes on from the epoch before. Where does it begin at 0?"""
    history = training(arguments)
    return {**history, "loss": list(np.cumsum(history["loss"]))}


@exercise.mistake
def mean_over_all_epochs_so_far(*arguments):
    """Your loss is the mean over all epochs so far: sum and count both go on. Where does each of them begin at 0?"""
    history = training(arguments)
    return {**history, "loss": list(np.cumsum(history["loss"]) / np.arange(1, len(history["loss"]) + 1))}


@exercise.mistake
def every_batch_noted(*arguments):
    """You note the loss of every batch. How many numbers does an epoch leave in the history?"""
    history = training(arguments, weigh=lambda losses, counts, n, size: losses)
    return {**history, "loss": [loss for losses in history["loss"] for loss in losses]}


@exercise.mistake
def training_data_evaluated_for_the_loss(x, y, x_val, y_val, train_step, evaluate, epochs, batch_size, order):
    """You evaluate the training data after the epoch for its loss. What did each `train_step` return on the way?"""
    arguments = x, y, x_val, y_val, train_step, evaluate, epochs, batch_size, order
    return training(arguments, weigh=lambda losses, counts, n, size: evaluate(x, y))


@exercise.mistake
def batch_evaluated_after_its_step(x, y, x_val, y_val, train_step, evaluate, epochs, batch_size, order):
    """You evaluate each batch after its own step. Which loss of the batch is asked for: before its update, or after?"""

    def step(x_batch, y_batch):
        train_step(x_batch, y_batch)
        return evaluate(x_batch, y_batch)

    return training((x, y, x_val, y_val, step, evaluate, epochs, batch_size, order))


@exercise.mistake
def divided_by_the_rows_of_its_batch(*arguments):
    """You divide each batch's loss by its rows and add up. It is a mean already: how often should it count?"""
    return training(arguments, weigh=lambda losses, counts, n, size: sum(a / c for a, c in zip(losses, counts)))


# --- the validation loss


@exercise.mistake
def evaluated_on_the_training_data(*arguments):
    """Your validation loss is measured on the training data, which the model has learned from. Which rows has it never
    seen?"""
    return training(arguments, validate=lambda x, y, x_val, y_val, evaluate, train_step: evaluate(x, y))


@exercise.mistake
def evaluated_before_the_updates(*arguments):
    """You measure the validation loss before the epoch's updates. At which moment is it asked for?"""
    return training(arguments, early=True)


@exercise.mistake
def evaluated_once_at_the_end(x, y, x_val, y_val, train_step, evaluate, epochs, batch_size, order):
    """You measure the validation loss once, after all epochs. After how many of them is it asked for?"""
    arguments = x, y, x_val, y_val, train_step, evaluate, epochs, batch_size, order
    return {**training(arguments), "val_loss": [evaluate(x_val, y_val)]}


@exercise.mistake
def evaluated_after_each_batch(x, y, x_val, y_val, train_step, evaluate, epochs, batch_size, order):
    """You measure the validation loss after each batch. How many numbers does an epoch leave in the history?"""
    found = []

    def step(x_batch, y_batch):
        loss = train_step(x_batch, y_batch)
        found.append(evaluate(x_val, y_val))
        return loss

    arguments = x, y, x_val, y_val, step, evaluate, epochs, batch_size, order
    return {**training(arguments), "val_loss": found}


@exercise.mistake
def trained_on_the_validation_data(*arguments):
    """You call `train_step` on the validation data, so the model learns from them too. Which function only measures?"""
    return training(arguments, validate=lambda x, y, x_val, y_val, evaluate, train_step: train_step(x_val, y_val))


@exercise.mistake
def validation_in_batches_averaged(x, y, x_val, y_val, train_step, evaluate, epochs, batch_size, order):
    """You evaluate the validation data batch by batch and average the batches, so a short one counts too much. Need
    they be cut at all?"""

    def validate(x, y, x_val, y_val, evaluate, train_step):
        starts = range(0, len(x_val), batch_size)
        return np.mean([evaluate(x_val[k : k + batch_size], y_val[k : k + batch_size]) for k in starts])

    return training((x, y, x_val, y_val, train_step, evaluate, epochs, batch_size, order), validate=validate)


# --- what is returned


@exercise.mistake
def only_one_epoch(x, y, x_val, y_val, train_step, evaluate, epochs, batch_size, order):
    """You stop after the first epoch. How often are all rows gone through?"""
    arguments = x, y, x_val, y_val, train_step, evaluate, 1, batch_size, order
    return training(arguments)


@exercise.mistake
def only_the_last_epoch_kept(*arguments):
    """Your history holds the last epoch only. Where do its lists begin empty: before the epochs, or in each of them?"""
    history = training(arguments)
    return {name: values[-1:] for name, values in history.items()}
