"""Cosine with warm-up

**Goal.** Let the rate climb in a straight line, then fall along half a wave of a cosine.

**Given.**
- `step`: how many steps were taken already, an `int` from 0.
- `top`: the highest rate, a `float`.
- `warmup_steps`: how many steps the climb lasts, an `int`. 0 if there is no climb.
- `total_steps`: how many steps the training has, climb included. It exceeds `warmup_steps`.

**Write** `cosine_with_warmup(step, top, warmup_steps, total_steps)`.
Before step `warmup_steps` the rate is `top · step / warmup_steps`.
From there on let `p` be the share of the *remaining* steps that is done, 0 at first and 1 at `total_steps`.
The rate is then `top · ½ (1 + cos(π p))`. After `total_steps` it stays 0.

**Returns** a `float`.

**Example.** `top = 0.4`, 10 steps of climb, 50 in all. Step 5 is half way up: 0.2. Step 10 is the top: 0.4.
At step 20, 10 of the 40 remaining steps are done: p = 0.25, and 0.4 · ½ (1 + cos(0.25 π)) = 0.3414.

**Check** with `q.check(cosine_with_warmup)`.
"""

import math

from course_lib.exercises import Case, Exercise


def cosine_with_warmup(step, top, warmup_steps, total_steps):
    """The rate of a step: a straight climb to top, then half a cosine wave down to 0."""
    if step < warmup_steps:
        return top * step / warmup_steps
    p = (step - warmup_steps) / (total_steps - warmup_steps)
    if p > 1:
        return 0.0
    return top * 0.5 * (1 + math.cos(math.pi * p))


def by_hand(step, top, warmup_steps, total_steps):
    if step < warmup_steps:
        rate = top * step / warmup_steps
        return f"Step {step} lies before {warmup_steps}: {top:g} * {step} / {warmup_steps} = {rate:.4g}."
    done, left = step - warmup_steps, total_steps - warmup_steps
    if done > left:
        return f"Step {step} lies after the end, {total_steps}: the rate is 0."
    p = done / left
    return (
        f"{step} - {warmup_steps} = {done} of {total_steps} - {warmup_steps} = {left} remaining steps are done: "
        f"p = {p:.4g}. Then {top:g} * 0.5 * (1 + cos({p:.4g} pi)) = {top * 0.5 * (1 + math.cos(math.pi * p)):.4g}."
    )


def draw(rng):
    warmup = int(rng.integers(5, 40))
    total = warmup + int(rng.integers(30, 200))
    return int(rng.integers(1, total)), float(rng.uniform(0.05, 2)), warmup, total


exercise = Exercise(
    cosine_with_warmup,
    cases=[
        Case("half way up", 5, 0.4, 10, 50),
        Case("a quarter of the way down", 20, 0.4, 10, 50),
        Case("first step: no rate yet", 0, 0.4, 10, 50),
        Case("the top", 10, 0.4, 10, 50),
        Case("no climb", 12, 0.3, 0, 48),
        Case("no climb, first step", 0, 0.3, 0, 48),
        Case("a climb of one step", 1, 0.5, 1, 9),
        Case("the end", 50, 0.4, 10, 50),
        Case("one step after the end", 51, 0.4, 10, 50),
        Case("long after the end", 73, 0.4, 10, 50),
        Case("a long training", 40_000, 0.0006, 2_000, 300_000),
        Case("shortly before the end", 45, 3.0, 10, 50),
    ],
    random_case=draw,
    hints=[
        "Two pieces, chosen by `step < warmup_steps`. In the second, from which step is p counted, and over how many?",
        by_hand,
        "`p = (step - warmup_steps) / (total_steps - warmup_steps)`, and nothing is left once p exceeds 1.",
    ],
    equivalent_mutants={
        "p > 1 -> p >= 1": "at p = 1 the wave has come down to 0 as well",
    },
)


def wave(p):
    return 0.5 * (1 + math.cos(math.pi * p))


@exercise.mistake
def no_warmup(step, top, warmup_steps, total_steps):
    """Your rate starts at the top. What should it be at step 0, when there is a climb?"""
    return top * wave(min(max(step - warmup_steps, 0) / (total_steps - warmup_steps), 1))


@exercise.mistake
def wave_from_step_zero(step, top, warmup_steps, total_steps):
    """Your wave has begun before the climb is over, so the rate jumps. At which step must p be 0?"""
    if step < warmup_steps:
        return top * step / warmup_steps
    return top * wave(min(step / total_steps, 1))


@exercise.mistake
def end_too_late(step, top, warmup_steps, total_steps):
    """Your wave lasts total_steps from the top on, so training ends above 0. How many steps remain after the climb?"""
    if step < warmup_steps:
        return top * step / warmup_steps
    return top * wave(min((step - warmup_steps) / total_steps, 1))


@exercise.mistake
def whole_wave(step, top, warmup_steps, total_steps):
    """Your rate comes up again: that is a whole wave. Where must the cosine have arrived when p is 1, at pi or 2 pi?"""
    if step < warmup_steps:
        return top * step / warmup_steps
    return top * wave(2 * min((step - warmup_steps) / (total_steps - warmup_steps), 1))


@exercise.mistake
def quarter_wave(step, top, warmup_steps, total_steps):
    """You stop after a quarter of a wave, where the cosine is 0 and its half 0.5. Where is the cosine -1?"""
    if step < warmup_steps:
        return top * step / warmup_steps
    return top * wave(0.5 * min((step - warmup_steps) / (total_steps - warmup_steps), 1))


@exercise.mistake
def twice_the_top(step, top, warmup_steps, total_steps):
    """Your wave begins at twice the top. 1 + cos goes from 2 to 0: what is missing in front of it?"""
    if step < warmup_steps:
        return top * step / warmup_steps
    return 2 * top * wave(min((step - warmup_steps) / (total_steps - warmup_steps), 1))


@exercise.mistake
def up_again_after_the_end(step, top, warmup_steps, total_steps):
    """After the last step your rate rises again, as a cosine does. What should p not exceed?"""
    if step < warmup_steps:
        return top * step / warmup_steps
    return top * wave((step - warmup_steps) / (total_steps - warmup_steps))


@exercise.mistake
def in_degrees(step, top, warmup_steps, total_steps):
    """Your angle is in degrees, so the rate hops about. `math.cos` takes radians: how much is half a turn in them?"""
    if step < warmup_steps:
        return top * step / warmup_steps
    return top * 0.5 * (1 + math.cos(180 * min((step - warmup_steps) / (total_steps - warmup_steps), 1)))


@exercise.mistake
def straight_down(step, top, warmup_steps, total_steps):
    """Your rate falls in a straight line. Where is the cosine?"""
    if step < warmup_steps:
        return top * step / warmup_steps
    return top * (1 - min((step - warmup_steps) / (total_steps - warmup_steps), 1))


@exercise.mistake
def wave_upside_down(step, top, warmup_steps, total_steps):
    """Your wave begins at 0 and ends at the top. What is p right after the climb, and does 1 + cos fall or 1 - cos?"""
    if step < warmup_steps:
        return top * step / warmup_steps
    return top * (1 - wave(min((step - warmup_steps) / (total_steps - warmup_steps), 1)))


@exercise.mistake
def pi_forgotten(step, top, warmup_steps, total_steps):
    """Your rate ends far above 0: at p = 1 the angle is 1. How large is it after half a turn?"""
    if step < warmup_steps:
        return top * step / warmup_steps
    return top * wave(min((step - warmup_steps) / (total_steps - warmup_steps), 1) / math.pi)


@exercise.mistake
def from_the_top_to_the_middle_of_a_wave(step, top, warmup_steps, total_steps):
    """Your rate goes from cos(0) = 1 to cos(pi/2) = 0. Half a wave goes on to -1: what does 1 + cos make of that?"""
    if step < warmup_steps:
        return top * step / warmup_steps
    return top * math.cos(math.pi / 2 * min((step - warmup_steps) / (total_steps - warmup_steps), 1))


@exercise.mistake
def climb_a_step_ahead(step, top, warmup_steps, total_steps):
    """Your climb is a step ahead. What is the rate at step 0, before any step was taken?"""
    if step < warmup_steps:
        return top * (step + 1) / warmup_steps
    return top * wave(min((step - warmup_steps) / (total_steps - warmup_steps), 1))
