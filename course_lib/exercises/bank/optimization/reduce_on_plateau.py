"""Reduce on plateau

**Goal.** Let the losses themselves decide when the rate falls.

**Given.**
- `losses`: the loss of each epoch, a `list` of floats.
- `rate`: the learning rate of the first epoch.
- `factor`: what the rate is multiplied by when it is cut.
- `patience`: how many losses may fail to improve before a cut, at least 1.
- `min_delta`: by how much a loss must be below the best to count as better. 0 if nothing is said.
- `cooldown`: what the counter is set to at a cut. 0 if nothing is said.

**Write** `reduce_on_plateau(losses, rate, factor, patience, min_delta=0.0, cooldown=0)`.
Keep three numbers: `best` (at first infinite), `wait` (0), `counter` (0). For each loss, in this order:
1. If the counter is above 0, it falls by 1.
2. If `loss < best - min_delta`, the loss becomes the best, and `wait` becomes 0.
3. Otherwise, and only if the counter is 0, `wait` grows by 1. When it reaches `patience`, multiply the rate
   by `factor`, set `wait` to 0 and the counter to `cooldown`.

**Returns** a `list` of floats: the rate after each loss, as many as there are losses.

**Example.** `losses = [1.0, 0.8, 0.8, 0.9, 0.9, 0.9]`, rate 0.4, factor 0.5, patience 2, no cooldown.
Losses 1 and 2 improve, 3 and 4 do not: cut. 5 and 6 do not either: cut. `[0.4, 0.4, 0.4, 0.2, 0.2, 0.1]`.
With cooldown 2 loss 5 does not count, and 6 is only the first to wait: `[0.4, 0.4, 0.4, 0.2, 0.2, 0.2]`.

**Check** with `q.check(reduce_on_plateau)`.
"""

import numpy as np

from course_lib.exercises import Case, Exercise


def reduce_on_plateau(losses, rate, factor, patience, min_delta=0.0, cooldown=0):
    """The rate after each loss, by Keras's rule for ReduceLROnPlateau."""
    best, wait, counter, rates = float("inf"), 0, 0, []
    for loss in losses:
        if counter > 0:
            counter -= 1
        if loss < best - min_delta:
            best, wait = loss, 0
        elif counter == 0:
            wait += 1
            if wait == patience:
                rate, wait, counter = rate * factor, 0, cooldown
        rates.append(rate)
    return rates


def by_hand(losses, rate, factor, patience, min_delta=0.0, cooldown=0):
    best, wait, counter, said = float("inf"), 0, 0, []
    for loss in losses[:9]:
        counter = max(counter - 1, 0)
        if loss < best - min_delta:
            best, wait = loss, 0
            event = "better"
        elif counter:
            event = f"cooling, counter {counter}"
        else:
            wait += 1
            event = f"wait {wait}"
            if wait == patience:
                rate, wait, counter = rate * factor, 0, cooldown
                event += f", cut to {rate:.4g}"
        said.append(f"{loss:.4g}: {event}")
    more = " ..." if len(losses) > 9 else ""
    return f"Patience {patience}, min_delta {min_delta:g}, cooldown {cooldown}. " + "; ".join(said) + more + "."


FALLS = [1.0, 0.8, 0.8, 0.9, 0.9, 0.9]
CRAWLS = [1.0, 0.99, 0.985, 0.97, 0.94, 0.93, 0.925, 0.91, 0.895, 0.7, 0.69, 0.65]
WAVES = [3.0, 2.0, 2.5, 2.25, 2.5, 1.5, 1.75, 2.0, 1.75, 1.625, 1.25, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5]
BETTER_WHILE_COOLING = [2.0, 2.0, 2.0, 1.5, 1.75, 1.75, 1.5, 1.5, 1.5, 1.25, 1.0, 1.0]


def draw(rng):
    falling = 0.6 ** np.arange(24) + rng.uniform(0, 0.3, 24)
    losses = [round(float(loss), 3) for loss in falling]
    return losses, 0.5, float(rng.uniform(0.2, 0.8)), int(rng.integers(2, 4)), 0.0305, int(rng.integers(2, 5))


exercise = Exercise(
    reduce_on_plateau,
    cases=[
        Case("two cuts, no cooldown", FALLS, 0.4, 0.5, 2),
        Case("a cooldown of 2", FALLS, 0.4, 0.5, 2, 0.0, 2),
        Case("a loss that crawls", CRAWLS, 0.4, 0.5, 3, 0.0225),
        Case("waves", WAVES, 0.3, 0.1, 2, 0.25, 3),
        Case("losses far above 1", [4.0, 3.5, 3.0, 2.875, 2.5, 2.5], 0.4, 0.5, 2, 0.25),
        Case("patience of one", WAVES, 0.3, 0.7, 1),
        Case("a cooldown of 1 skips nothing", [2.0] * 7, 0.3, 0.5, 2, 0.0, 1),
        Case("a long cooldown", [2.0] * 14, 0.3, 0.5, 3, 0.0, 5),
        Case("better while cooling", BETTER_WHILE_COOLING, 0.3, 0.5, 2, 0.1, 4),
        Case("one loss", [0.7], 0.4, 0.5, 2),
        Case("no loss yet", [], 0.4, 0.5, 2),
        Case("large losses, cooldown by its name", [5e4, 4e4, 4e4, 4e4, 4e4, 4e4, 3e4], 0.4, 0.5, 2, cooldown=3),
    ],
    random_case=draw,
    hints=[
        "Take one loss at a time, and decide in the order of the list: counter, better, wait. What outlives a loss?",
        by_hand,
        "`if loss < best - min_delta: best, wait = loss, 0`, then `elif counter == 0: wait += 1` and in it the cut.",
    ],
    equivalent_mutants={
        "0 -> 1": "a cooldown of 1 skips nothing, as one of 0",
        "0 -> 1 (again)": "the first loss beats infinity and sets wait to 0",
        "0 -> -1 (again)": "the first loss beats infinity and sets wait to 0",
        "0 -> 1 (again) (again)": "the counter falls to 0 before the first loss is judged",
    },
)


def with_a_slip(slip, losses, rate, factor, patience, min_delta=0.0, cooldown=0):
    """The same machine with one thing wrong."""
    best, wait, counter, rates = float("inf"), 0, 0, []
    previous = best
    for loss in losses:
        if slip == "a step late":
            rates.append(rate)
        if counter > 0 and slip not in ("falls after", "never falls"):
            counter -= 1
        bar = {
            "previous": previous - min_delta,
            "no delta": best,
            "plus delta": best + min_delta,
            "share": best * (1 - min_delta),
        }.get(slip, best - min_delta)
        blind = slip == "blind while cooling" and counter > 0
        if (loss < bar or slip == "or equal" and loss <= bar) and not blind:
            best = loss
            wait = wait if slip == "wait kept" else 0
        elif counter == 0 or slip in ("no cooldown", "waits while cooling"):
            wait += 1
            if wait > patience if slip == "one more" else wait >= patience and (counter == 0 or slip == "no cooldown"):
                rate = {"minus": rate - factor, "divided": rate / factor}.get(slip, rate * factor)
                wait, counter = (patience if slip == "cut on" else 0), cooldown
                best = loss if slip == "best forgotten" else best
                if slip == "falls after":
                    counter += 1
        if slip == "follows":
            best = min(best, loss)
        if slip == "falls after" and counter > 0:
            counter -= 1
        previous = loss
        if slip != "a step late":
            rates.append(rate)
    return rate if slip == "last" else rates


@exercise.mistake
def cooldown_ignored(losses, rate, factor, patience, min_delta=0.0, cooldown=0):
    """You cut again during the cooldown. What must the counter be before `wait` may grow?"""
    return with_a_slip("no cooldown", losses, rate, factor, patience, min_delta, cooldown)


@exercise.mistake
def cooldown_one_too_long(losses, rate, factor, patience, min_delta=0.0, cooldown=0):
    """Your cooldown skips one loss too many. Does the counter fall before a loss is judged, or after?"""
    return with_a_slip("falls after", losses, rate, factor, patience, min_delta, cooldown)


@exercise.mistake
def cooldown_never_ends(losses, rate, factor, patience, min_delta=0.0, cooldown=0):
    """After its first cut your machine cools down for ever. When does the counter fall?"""
    return with_a_slip("never falls", losses, rate, factor, patience, min_delta, cooldown)


@exercise.mistake
def waits_while_cooling(losses, rate, factor, patience, min_delta=0.0, cooldown=0):
    """Your `wait` grows during the cooldown, so the next cut comes right after it. Which losses do not count?"""
    return with_a_slip("waits while cooling", losses, rate, factor, patience, min_delta, cooldown)


@exercise.mistake
def blind_while_cooling(losses, rate, factor, patience, min_delta=0.0, cooldown=0):
    """You miss a loss that is better while the machine cools down. Which test comes first in the list?"""
    return with_a_slip("blind while cooling", losses, rate, factor, patience, min_delta, cooldown)


@exercise.mistake
def wait_kept_after_an_improvement(losses, rate, factor, patience, min_delta=0.0, cooldown=0):
    """Your `wait` goes on growing after a better loss. Patience counts failures in a row: what is wait then?"""
    return with_a_slip("wait kept", losses, rate, factor, patience, min_delta, cooldown)


@exercise.mistake
def cut_again_and_again(losses, rate, factor, patience, min_delta=0.0, cooldown=0):
    """After your first cut comes another at each loss that is no better. What is `wait` after a cut?"""
    return with_a_slip("cut on", losses, rate, factor, patience, min_delta, cooldown)


@exercise.mistake
def one_loss_too_patient(losses, rate, factor, patience, min_delta=0.0, cooldown=0):
    """You cut one loss too late. Should it happen when wait reaches patience, or when it exceeds it?"""
    return with_a_slip("one more", losses, rate, factor, patience, min_delta, cooldown)


@exercise.mistake
def compared_with_the_loss_before(losses, rate, factor, patience, min_delta=0.0, cooldown=0):
    """You compare with the loss before. A noisy loss goes up and down: which number is to be beaten?"""
    return with_a_slip("previous", losses, rate, factor, patience, min_delta, cooldown)


@exercise.mistake
def min_delta_ignored(losses, rate, factor, patience, min_delta=0.0, cooldown=0):
    """Any improvement counts for you, however small. Where does min_delta come in?"""
    return with_a_slip("no delta", losses, rate, factor, patience, min_delta, cooldown)


@exercise.mistake
def min_delta_the_wrong_way(losses, rate, factor, patience, min_delta=0.0, cooldown=0):
    """A loss that is a little *worse* counts as better for you. Is min_delta added to the best or taken away?"""
    return with_a_slip("plus delta", losses, rate, factor, patience, min_delta, cooldown)


@exercise.mistake
def min_delta_as_a_share(losses, rate, factor, patience, min_delta=0.0, cooldown=0):
    """You take min_delta for a share of the best. Must a loss be below the best by a share, or by so much?"""
    return with_a_slip("share", losses, rate, factor, patience, min_delta, cooldown)


@exercise.mistake
def equal_counts_as_better(losses, rate, factor, patience, min_delta=0.0, cooldown=0):
    """For you a loss that just meets the bar is better. Must it be below, or is equal enough?"""
    return with_a_slip("or equal", losses, rate, factor, patience, min_delta, cooldown)


@exercise.mistake
def best_follows_every_loss(losses, rate, factor, patience, min_delta=0.0, cooldown=0):
    """Your best follows even the tiny steps, so a slow crawl never adds up to min_delta. When does best change?"""
    return with_a_slip("follows", losses, rate, factor, patience, min_delta, cooldown)


@exercise.mistake
def best_forgotten_at_a_cut(losses, rate, factor, patience, min_delta=0.0, cooldown=0):
    """You begin anew after a cut and forget the best. Which three numbers change at a cut?"""
    return with_a_slip("best forgotten", losses, rate, factor, patience, min_delta, cooldown)


@exercise.mistake
def rate_minus_factor(losses, rate, factor, patience, min_delta=0.0, cooldown=0):
    """You subtract the factor; the rate may even fall below 0. What is done with a factor?"""
    return with_a_slip("minus", losses, rate, factor, patience, min_delta, cooldown)


@exercise.mistake
def rate_divided(losses, rate, factor, patience, min_delta=0.0, cooldown=0):
    """Your rate grows at a cut: you divide by the factor. What makes it smaller?"""
    return with_a_slip("divided", losses, rate, factor, patience, min_delta, cooldown)


@exercise.mistake
def rates_before_the_decision(losses, rate, factor, patience, min_delta=0.0, cooldown=0):
    """You note the rate before you decide. Is the rate *after* each loss asked for, or before?"""
    return with_a_slip("a step late", losses, rate, factor, patience, min_delta, cooldown)


@exercise.mistake
def only_the_last_rate(losses, rate, factor, patience, min_delta=0.0, cooldown=0):
    """You return one rate. There should be one for each loss: where are they collected?"""
    return with_a_slip("last", losses, rate, factor, patience, min_delta, cooldown)
