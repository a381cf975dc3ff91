"""How many steps does training take?

**Goal.** Count the updates of the weights in a training run.

**Given.**
- `examples`: how many examples the training data holds, an `int`, at least 1.
- `batch_size`: how many examples one update looks at, at least 1.
- `epochs`: how often all examples are gone through. 1 if nothing is said.

**Write** `training_steps(examples, batch_size, epochs=1)`. Each epoch cuts the examples into batches; each batch gives
one update. When the examples do not divide evenly, the last batch of the epoch is shorter, and it counts as well.
Every epoch starts anew with full batches.

**Returns** an `int`: the updates of all epochs together. (The float `9.0` passes for `9`.)

**Example.** 10 examples, batches of 4: the batches hold 4, 4 and 2 examples, so an epoch has 3 updates.
Three epochs have 9: `training_steps(10, 4, 3)` is `9`.

**Check** with `q.check(training_steps)`.
"""

import math

from course_lib.exercises import Case, Exercise


def training_steps(examples, batch_size, epochs=1):
    """Number of weight updates when each epoch has batches of batch_size, the last perhaps shorter."""
    full, rest = divmod(examples, batch_size)
    steps_per_epoch = full + 1 if rest else full
    return steps_per_epoch * epochs


def by_hand(examples, batch_size, epochs=1):
    full, rest = divmod(examples, batch_size)
    short = f"and {rest} are left for a shorter one" if rest else "and none is left"
    return (
        f"{examples} = {full} * {batch_size} + {rest}: {full} full batches, {short}. "
        f"That is {full + bool(rest)} updates an epoch, {epochs} times."
    )


exercise = Exercise(
    training_steps,
    cases=[
        Case("a short last batch", 10, 4, 3),
        Case("one epoch", 10, 4),
        Case("no short batch", 12, 4, 5),
        Case("fewer examples than a batch", 3, 32, 2),
        Case("batches of one", 7, 1, 2),
        Case("one example left over", 33, 32, 4),
        Case("all but one example in the last batch", 63, 32, 2),
        Case("epochs by its name", 100, 30, epochs=10),
        Case("a large data set", 1_281_167, 256, 90),
    ],
    random_case=lambda rng: (int(rng.integers(50, 5000)), int(rng.integers(2, 40)), int(rng.integers(2, 12))),
    hints=[
        "Begin with one epoch. How many full batches fit, and is something left over?",
        by_hand,
        "`examples // batch_size` counts the full batches of an epoch and `examples % batch_size` is what is left. "
        "`math.ceil(examples / batch_size)` rounds up, which is both in one step.",
    ],
)


@exercise.mistake
def short_batch_dropped(examples, batch_size, epochs=1):
    """The short batch at the end is dropped. Its examples count as well: should the division be rounded down or up?"""
    return examples // batch_size * epochs


@exercise.mistake
def always_one_more(examples, batch_size, epochs=1):
    """You always add 1 for a short batch. What if the examples divide evenly, as 12 by 4?"""
    return (examples // batch_size + 1) * epochs


@exercise.mistake
def rounded(examples, batch_size, epochs=1):
    """You round to the nearest number. A last batch of one example is an update too: up or down?"""
    return round(examples / batch_size) * epochs


@exercise.mistake
def fraction_of_a_step(examples, batch_size, epochs=1):
    """You return a fraction of an update. A shorter batch is a whole update: what is missing after the division?"""
    return examples / batch_size * epochs


@exercise.mistake
def one_epoch_only(examples, batch_size, epochs=1):
    """You count the updates of one epoch. How often are all examples gone through?"""
    return math.ceil(examples / batch_size)


@exercise.mistake
def batches_across_epochs(examples, batch_size, epochs=1):
    """You join the epochs before you cut them. Every epoch ends with its own short batch: when do you round up?"""
    return math.ceil(examples * epochs / batch_size)


@exercise.mistake
def batch_size_ignored(examples, batch_size, epochs=1):
    """You count one update for each example. How many examples does one update look at?"""
    return examples * epochs


@exercise.mistake
def batches_of_that_number(examples, batch_size, epochs=1):
    """You take `batch_size` for the number of batches. It counts the examples in one batch: what must be divided?"""
    return batch_size * epochs


@exercise.mistake
def upside_down(examples, batch_size, epochs=1):
    """The division is upside down: you divide the batch size by the examples. Which of the two is cut into pieces?"""
    return math.ceil(batch_size / examples) * epochs


@exercise.mistake
def short_batch_counted_once(examples, batch_size, epochs=1):
    """You count one short batch for all epochs together. Each epoch ends with its own: what is multiplied by epochs?"""
    return examples // batch_size * epochs + (examples % batch_size > 0)


@exercise.mistake
def rest_added(examples, batch_size, epochs=1):
    """You add the number of examples left over. Together they make one batch: how many updates is that?"""
    return (examples // batch_size + examples % batch_size) * epochs
