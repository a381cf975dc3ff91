"""A rate that falls every few epochs

**Goal.** Say what the learning rate is at a given *step* when the plan is made in *epochs*.

**Given.**
- `step`: how many steps were taken already, an `int` from 0. One step is one batch.
- `steps_per_epoch`: how many steps an epoch has.
- `initial`: the rate at the beginning, a `float`.
- `factor`: what the rate is multiplied by at each fall. 0.5 if nothing is said.
- `every`: after how many *epochs* it falls, each time. 2 if nothing is said.

**Write** `step_decay(step, steps_per_epoch, initial, factor=0.5, every=2)`.
Find the epoch that the step belongs to; the first epoch is epoch 0.
Find how often the rate has fallen before that epoch.
Multiply `initial` by `factor` that many times.

**Returns** a `float`.

**Example.** 125 steps an epoch, `initial = 0.4`, halved every 2 epochs. Step 249 is the last of epoch 1: 0.4 still.
Step 250 is the first of epoch 2: 0.2. Step 700 lies in epoch 5: two falls, 0.1.

**Check** with `q.check(step_decay)`.
"""

from course_lib.exercises import Case, Exercise


def step_decay(step, steps_per_epoch, initial, factor=0.5, every=2):
    """initial · factor^(number of falls), one fall every `every` epochs."""
    epoch = step // steps_per_epoch
    falls = epoch // every
    return initial * factor**falls


def by_hand(step, steps_per_epoch, initial, factor=0.5, every=2):
    epoch = step // steps_per_epoch
    falls = epoch // every
    return (
        f"Step {step} belongs to epoch {step} // {steps_per_epoch} = {epoch}. "
        f"By then the rate has fallen {epoch} // {every} = {falls} times: {initial:g} * {factor:g}**{falls} = "
        f"{initial * factor**falls:.4g}."
    )


def draw(rng):
    per_epoch, every = int(rng.integers(20, 60)), int(rng.integers(2, 5))
    step = int(rng.integers(2 * per_epoch * every, 7 * per_epoch * every))
    return step, per_epoch, float(rng.uniform(0.1, 2)), float(rng.uniform(0.3, 0.8)), every


exercise = Exercise(
    step_decay,
    cases=[
        Case("the first step", 0, 125, 0.4),
        Case("the last step before a fall", 249, 125, 0.4),
        Case("the first step after a fall", 250, 125, 0.4),
        Case("after two falls", 700, 125, 0.4),
        Case("to a tenth, every three epochs", 90, 10, 1.0, 0.1, 3),
        Case("every epoch", 37, 10, 0.8, 0.7, 1),
        Case("one step an epoch", 7, 1, 0.8, 0.5, 3),
        Case("factor by its name", 700, 125, 0.4, factor=0.3),
        Case("every by its name", 1_130, 125, 0.4, every=3),
        Case("a long training", 60_000, 5_004, 0.1, 0.9, 2),
    ],
    random_case=draw,
    hints=[
        "A plan in epochs, a question in steps. How do you come from a step to its epoch, and from there to the falls?",
        by_hand,
        "`epoch = step // steps_per_epoch`, `falls = epoch // every`, and a power of `factor`.",
    ],
    equivalent_mutants={
        "step // steps_per_epoch -> step / steps_per_epoch": "rounding down twice or once, at the end, gives the same",
    },
)


@exercise.mistake
def epochs_against_steps(step, steps_per_epoch, initial, factor=0.5, every=2):
    """You count `every` in steps, so the rate is gone within a few batches. To which epoch does the step belong?"""
    return initial * factor ** (step // every)


@exercise.mistake
def step_taken_for_epoch_length(step, steps_per_epoch, initial, factor=0.5, every=2):
    """Your rate falls once an epoch. What does `every` change?"""
    return initial * factor ** (step // steps_per_epoch)


@exercise.mistake
def no_stairs(step, steps_per_epoch, initial, factor=0.5, every=2):
    """Your rate falls a little at each step. It should keep still between two falls: which division rounds down?"""
    return initial * factor ** (step / (steps_per_epoch * every))


@exercise.mistake
def falls_in_parts(step, steps_per_epoch, initial, factor=0.5, every=2):
    """You take part of a fall at each new epoch. Only whole falls count: which of the two divisions must round down?"""
    return initial * factor ** (step // steps_per_epoch / every)


@exercise.mistake
def epochs_from_one(step, steps_per_epoch, initial, factor=0.5, every=2):
    """Your falls come an epoch too early: you count epochs from 1. Which number has the first?"""
    return initial * factor ** ((step // steps_per_epoch + 1) // every)


@exercise.mistake
def one_fall_too_many(step, steps_per_epoch, initial, factor=0.5, every=2):
    """Your rate has fallen once before training begins. How many falls lie before step 0?"""
    return initial * factor ** (step // steps_per_epoch // every + 1)


@exercise.mistake
def times_not_power(step, steps_per_epoch, initial, factor=0.5, every=2):
    """You multiply the factor by the number of falls. Each fall takes its share of what is left: sum or power?"""
    falls = step // steps_per_epoch // every
    return initial * factor * falls if falls else initial


@exercise.mistake
def only_one_fall(step, steps_per_epoch, initial, factor=0.5, every=2):
    """Your rate falls once and never again. What happens after another `every` epochs?"""
    return initial * factor if step // steps_per_epoch >= every else initial


@exercise.mistake
def rate_that_grows(step, steps_per_epoch, initial, factor=0.5, every=2):
    """Your rate grows: you divide by the factor. What does multiplying by a number below 1 do?"""
    return initial / factor ** (step // steps_per_epoch // every)


@exercise.mistake
def at_the_end_of_the_epoch(step, steps_per_epoch, initial, factor=0.5, every=2):
    """Your fall comes a step late: the first step after it still has the old rate. Steps are counted from 0."""
    return initial * factor ** (max(step - 1, 0) // steps_per_epoch // every)


@exercise.mistake
def factor_lost(step, steps_per_epoch, initial, factor=0.5, every=2):
    """You always halve, whichever factor was passed. Which argument says by how much the rate falls?"""
    return initial * 0.5 ** (step // steps_per_epoch // every)


@exercise.mistake
def defaults_for_arguments(step, steps_per_epoch, initial, factor=0.5, every=2):
    """You halve every two epochs, whatever was passed. Which two arguments say by how much and how often?"""
    return initial * 0.5 ** (step // steps_per_epoch // 2)


@exercise.mistake
def every_lost(step, steps_per_epoch, initial, factor=0.5, every=2):
    """Your rate falls every two epochs, whatever was passed. Which argument says how often?"""
    return initial * factor ** (step // steps_per_epoch // 2)


@exercise.mistake
def low_in_some_epochs_only(step, steps_per_epoch, initial, factor=0.5, every=2):
    """Your rate is low in every few epochs and back at the start in between. How many falls lie before this epoch?"""
    return initial * factor if step // steps_per_epoch % every == 0 else initial
