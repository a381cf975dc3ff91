"""When does descent end?

**Goal.** Write the line that every algorithm ends with: "repeat until the stopping rule holds".

**Given.**
- `lengths`: the length of each gradient that descent met, a `list` of floats. `lengths[0]` was measured at the start,
  before any step; `lengths[k]` after k steps. A length may be `nan` (not a number).
- `tolerance`: a gradient that is no longer than this counts as short.
- `patience`: how many short gradients in a row it takes. 1 if nothing is said.
- `budget`: after so many steps descent gives up. 1,000 if nothing is said.
- `limit`: a gradient that is longer than this has run away. 100 million if nothing is said.

**Write** `stopping_rule(lengths, tolerance, patience=1, budget=1000, limit=1e8)`. Take one length after the other.
For each, ask in this order, and stop at the first that is true:
1. Is it longer than `limit`, or `nan`? The reason is `"diverged"`.
2. Is it the last of `patience` short ones in a row? The reason is `"arrived"`.
3. Have `budget` steps been taken? The reason is `"budget spent"`.

**Returns** a pair `(steps, reason)`: how many steps were taken when descent ended, and why.
Where none of the lengths ends it, descent goes on: return `(None, None)`.

**Example.** `lengths = [4.0, 0.5, 3.0, 0.8, 0.6]`, `tolerance = 1`.
With `patience = 1` it ends at 0.5, after one step: `(1, "arrived")`.
With `patience = 2` only 0.8 and 0.6 are two short ones in a row: `(4, "arrived")`.
With `patience = 2` and `budget = 3` it ends before that: `(3, "budget spent")`. With `patience = 3`: `(None, None)`.

**Check** with `q.check(stopping_rule)`.
"""

import math

from course_lib.exercises import Case, Exercise
from course_lib.text.words import counted


def stopping_rule(lengths, tolerance, patience=1, budget=1000, limit=1e8):
    """(steps taken, reason) at the first gradient that ends descent; (None, None) where it goes on."""
    in_a_row = 0
    for steps, length in enumerate(lengths):
        if not length <= limit:  # true for nan as well: no comparison with it holds
            return steps, "diverged"
        in_a_row = in_a_row + 1 if length <= tolerance else 0
        if in_a_row == patience:
            return steps, "arrived"
        if steps == budget:
            return steps, "budget spent"
    return None, None


def by_hand(lengths, tolerance, patience=1, budget=1000, limit=1e8):
    said, in_a_row = [], 0
    for steps, length in list(enumerate(lengths))[:8]:
        in_a_row = in_a_row + 1 if length <= tolerance else 0
        what = f"short, {in_a_row} in a row" if in_a_row else "not short" if length <= limit else "above the limit"
        what = "no number" if math.isnan(length) else what
        said.append(f"after {counted(steps, 'step')} {length:.4g}, {what}")
    steps, reason = stopping_rule(lengths, tolerance, patience, budget, limit)
    end = "It goes on." if reason is None else f"It ends after {counted(steps, 'step')}: {reason}."
    table = "; ".join(said or ["No length was met"]) + ("; and so on" if len(lengths) > 8 else "")
    return f"Tolerance {tolerance:g}, patience {patience}, budget {budget}, limit {limit:g}. {table}. {end}"


WAVES = [4.0, 0.5, 3.0, 0.8, 0.6, 2.0, 0.9, 0.7, 0.4, 0.3]


def draw(rng):
    lengths = [round(float(v), 2) + 0.001 for v in rng.uniform(0, 2, 25)]
    if rng.random() < 0.5:
        lengths[int(rng.integers(2, 12))] = float(rng.choice([math.nan, math.inf, 60.0]))
    return lengths, 1.0, int(rng.integers(2, 5)), int(rng.integers(5, 20)), 50.0


exercise = Exercise(
    stopping_rule,
    cases=[
        Case("arrives after three steps", [4.0, 2.0, 1.5, 0.5, 0.2], 1.0),
        Case("goes on, one step of the budget is left", [4.0, 2.0, 1.5], 1.0, 1, 3),
        Case("a patience of two", WAVES, 1.0, 2),
        Case("a patience of three", WAVES, 1.0, 3),
        Case("a patience of three, a budget of four", WAVES, 1.0, 3, 4),
        Case("fewer lengths than patience", [0.5, 0.25], 1.0, 3),
        Case("a long one beside a very short one", [4.0, 1.5, 0.25, 1.75, 0.5, 0.75], 1.0, 2),
        Case("arrives with its last step", [4.0, 2.0, 0.5, 0.25], 1.0, 1, 2),
        Case("diverges with its last step", [4.0, 90.0, 2000.0, 5e4], 1.0, 1, 2, 1000.0),
        Case("runs away after it has arrived", [4.0, 0.5, 5e9, 0.5], 1.0),
        Case("no step allowed", [4.0, 2.0], 1.0, 1, 0),
        Case("no number", [4.0, 30.0, 0.5, math.nan, 0.5, 0.5], 1.0, 2),
        Case("exactly the tolerance", [4.0, 1.0, 0.5], 1.0),
        Case("exactly the limit", [4.0, 64.0, 32.0, 65.0], 1.0, limit=64.0),
        Case("just above the limit, which was left out", [4.0, 1e8, 1e8 + 1, 1.5], 1.0, 1, 10),
        Case("the budget if nothing is said", [2.0] * 1003, 1.0),
        Case("short at the start", [0.25], 1.0),
        Case("nothing met yet", [], 1.0),
    ],
    random_case=draw,
    n_random=3,
    hints=[
        "Go through the lengths with a counter of short ones in a row. What sets it back to 0? What is true of `nan`?",
        by_hand,
        "`for steps, length in enumerate(lengths)`; `not length <= limit` is true for `nan` too; "
        "`in_a_row = in_a_row + 1 if length <= tolerance else 0`.",
    ],
    equivalent_mutants={"return (None, None) -> pass": "None alone is accepted as well"},
)


@exercise.also_right
def none_alone(lengths, tolerance, patience=1, budget=1000, limit=1e8):
    """Where descent goes on you return None alone: taken as the pair (None, None)."""
    steps, reason = stopping_rule(lengths, tolerance, patience, budget, limit)
    return None if reason is None else (steps, reason)


def by_rules(lengths, tolerance, patience, budget, limit, order=("diverged", "arrived", "budget spent"), **others):
    """The same by three rules, each a function of the lengths met so far; `others` replace some of them."""
    rules = {
        "diverged": lambda met: not met[-1] <= limit,
        "arrived": lambda met: len(met) >= patience and all(g <= tolerance for g in met[-patience:]),
        "budget spent": lambda met: len(met) > budget,
    } | {name.replace("_", " "): rule for name, rule in others.items()}
    met = []
    for steps, length in enumerate(lengths):
        met.append(length)
        for reason in order:
            if rules[reason](met):
                return steps, reason
    return None, None


@exercise.mistake
def patience_ignored(lengths, tolerance, patience=1, budget=1000, limit=1e8):
    """You stop at the first short gradient. How many in a row does patience ask for?"""
    return stopping_rule(lengths, tolerance, 1, budget, limit)


@exercise.mistake
def short_ones_counted_in_all(lengths, tolerance, patience=1, budget=1000, limit=1e8):
    """You count all short gradients; a long one between them changes nothing. What does it do to the count?"""

    def arrived(met):
        return met[-1] <= tolerance and sum(g <= tolerance for g in met) >= patience

    return by_rules(lengths, tolerance, patience, budget, limit, arrived=arrived)


@exercise.mistake
def one_too_patient(lengths, tolerance, patience=1, budget=1000, limit=1e8):
    """You wait for one short gradient too many. Is it enough when the count reaches patience?"""
    return stopping_rule(lengths, tolerance, patience + 1, budget, limit)


@exercise.mistake
def one_of_the_last_is_enough(lengths, tolerance, patience=1, budget=1000, limit=1e8):
    """You arrive when one of the last few gradients is short. How many of them must be?"""

    def arrived(met):
        return len(met) >= patience and min(met[-patience:]) <= tolerance

    return by_rules(lengths, tolerance, patience, budget, limit, arrived=arrived)


@exercise.mistake
def mean_of_the_last(lengths, tolerance, patience=1, budget=1000, limit=1e8):
    """You compare the mean of the last gradients with the tolerance. One may then be long: which must be short?"""

    def arrived(met):
        return len(met) >= patience and sum(met[-patience:]) / patience <= tolerance

    return by_rules(lengths, tolerance, patience, budget, limit, arrived=arrived)


@exercise.mistake
def fewer_than_patience_are_enough(lengths, tolerance, patience=1, budget=1000, limit=1e8):
    """At the beginning you arrive with fewer gradients than patience asks for. How long is a slice of a short list?"""

    def arrived(met):
        return all(g <= tolerance for g in met[-patience:])

    return by_rules(lengths, tolerance, patience, budget, limit, arrived=arrived)


@exercise.mistake
def tolerance_exclusive(lengths, tolerance, patience=1, budget=1000, limit=1e8):
    """For you a gradient of exactly the tolerance is not short. Is "no longer than" `<` or `<=`?"""

    def arrived(met):
        return len(met) >= patience and all(g < tolerance for g in met[-patience:])

    return by_rules(lengths, tolerance, patience, budget, limit, arrived=arrived)


@exercise.mistake
def limit_inclusive(lengths, tolerance, patience=1, budget=1000, limit=1e8):
    """For you a gradient of exactly the limit has run away. Is "longer than" `>` or `>=`?"""
    return by_rules(lengths, tolerance, patience, budget, limit, diverged=lambda met: not met[-1] < limit)


@exercise.mistake
def nan_not_seen(lengths, tolerance, patience=1, budget=1000, limit=1e8):
    """You miss `nan`: every comparison with it is false, `nan > limit` too. Which test is true for it?"""
    return by_rules(lengths, tolerance, patience, budget, limit, diverged=lambda met: met[-1] > limit)


@exercise.mistake
def nan_skipped(lengths, tolerance, patience=1, budget=1000, limit=1e8):
    """You skip `nan` and go on with the next length. Can descent find its way back from what is no number?"""
    kept = [(steps, length) for steps, length in enumerate(lengths) if not math.isnan(length)]
    end, reason = by_rules([length for _, length in kept], tolerance, patience, 10**6, limit)
    steps = kept[end][0] if reason else len(lengths)
    spent = budget < steps and budget < len(lengths)
    return (budget, "budget spent") if spent else (steps, reason) if reason else (None, None)


@exercise.mistake
def limit_not_looked_at(lengths, tolerance, patience=1, budget=1000, limit=1e8):
    """Only `nan` and infinity are diverged for you. What is the limit for?"""
    return by_rules(lengths, tolerance, patience, budget, limit, diverged=lambda met: not math.isfinite(met[-1]))


@exercise.mistake
def nothing_diverges(lengths, tolerance, patience=1, budget=1000, limit=1e8):
    """Your descent never diverges. Which lengths say that it ran away?"""
    return by_rules(lengths, tolerance, patience, budget, limit, diverged=lambda met: False)


@exercise.mistake
def budget_a_step_late(lengths, tolerance, patience=1, budget=1000, limit=1e8):
    """You take a step more than the budget. `lengths[0]` is met before any step: how many come before `lengths[k]`?"""
    return by_rules(lengths, tolerance, patience, budget, limit, budget_spent=lambda met: len(met) > budget + 1)


@exercise.mistake
def budget_a_step_early(lengths, tolerance, patience=1, budget=1000, limit=1e8):
    """You give up one step too early. `lengths[0]` is met before any step: how many come before `lengths[k]`?"""
    return by_rules(lengths, tolerance, patience, budget, limit, budget_spent=lambda met: len(met) >= budget)


@exercise.mistake
def budget_ignored(lengths, tolerance, patience=1, budget=1000, limit=1e8):
    """Your descent never gives up. After how many steps is the budget spent?"""
    return by_rules(lengths, tolerance, patience, budget, limit, budget_spent=lambda met: False)


@exercise.mistake
def runaway_looked_for_first(lengths, tolerance, patience=1, budget=1000, limit=1e8):
    """You search the whole list for a gradient that runs away, and only then for the rest. What if it ended before?"""
    away = [steps for steps, length in enumerate(lengths) if not length <= limit]
    return (away[0], "diverged") if away else stopping_rule(lengths, tolerance, patience, budget, limit)


@exercise.mistake
def diverged_asked_last(lengths, tolerance, patience=1, budget=1000, limit=1e8):
    """A gradient that runs away with the last step is "budget spent" for you. Which question comes first?"""
    return by_rules(lengths, tolerance, patience, budget, limit, ("arrived", "budget spent", "diverged"))


@exercise.mistake
def arrived_asked_last(lengths, tolerance, patience=1, budget=1000, limit=1e8):
    """When it arrives with the last step you say "budget spent". Which of the two questions comes first?"""
    return by_rules(lengths, tolerance, patience, budget, limit, ("diverged", "budget spent", "arrived"))


@exercise.mistake
def budget_asked_first(lengths, tolerance, patience=1, budget=1000, limit=1e8):
    """Whatever happens with the last step is "budget spent" for you. Which question comes last?"""
    return by_rules(lengths, tolerance, patience, budget, limit, ("budget spent", "diverged", "arrived"))


@exercise.mistake
def gradients_counted(lengths, tolerance, patience=1, budget=1000, limit=1e8):
    """You return how many gradients were met. The first is met before any step: how many steps is that?"""
    steps, reason = stopping_rule(lengths, tolerance, patience, budget, limit)
    return (None, None) if reason is None else (steps + 1, reason)


@exercise.mistake
def where_the_row_of_short_ones_begins(lengths, tolerance, patience=1, budget=1000, limit=1e8):
    """You return where the row of short gradients begins. When is it long enough to know?"""
    steps, reason = stopping_rule(lengths, tolerance, patience, budget, limit)
    return (steps - patience + 1, reason) if reason == "arrived" else (steps, reason)


@exercise.mistake
def only_the_last_length(lengths, tolerance, patience=1, budget=1000, limit=1e8):
    """You judge the list at its end only. Might descent have ended before?"""
    if not lengths:
        return None, None
    if not lengths[-1] <= limit:
        return len(lengths) - 1, "diverged"
    if len(lengths) >= patience and max(lengths[-patience:]) <= tolerance:
        return len(lengths) - 1, "arrived"
    return (len(lengths) - 1, "budget spent") if len(lengths) > budget else (None, None)


@exercise.mistake
def end_of_the_list_taken_for_the_budget(lengths, tolerance, patience=1, budget=1000, limit=1e8):
    """Where the lengths end you say "budget spent". No rule has ended descent there: what is returned then?"""
    steps, reason = stopping_rule(lengths, tolerance, patience, budget, limit)
    return (len(lengths) - 1, "budget spent") if reason is None else (steps, reason)


@exercise.mistake
def length_for_steps(lengths, tolerance, patience=1, budget=1000, limit=1e8):
    """You return the length of the last gradient. How many steps were taken before it was met?"""
    steps, reason = stopping_rule(lengths, tolerance, patience, budget, limit)
    return (None, None) if reason is None else (lengths[steps], reason)


@exercise.mistake
def only_the_steps(lengths, tolerance, patience=1, budget=1000, limit=1e8):
    """You return the steps alone. Which of the three reasons was it?"""
    return stopping_rule(lengths, tolerance, patience, budget, limit)[0]


@exercise.mistake
def only_the_reason(lengths, tolerance, patience=1, budget=1000, limit=1e8):
    """You return the reason alone. How many steps were taken?"""
    return stopping_rule(lengths, tolerance, patience, budget, limit)[1]
