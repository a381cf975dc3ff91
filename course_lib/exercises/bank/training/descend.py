"""The loop of gradient descent, and when it ends

**Goal.** Write the whole algorithm: initialize, compute the gradient, update, repeat until the stopping rule holds.

**Given.**
- `gradient`: a function. `gradient(w)` returns the gradient of the loss at `w`, an array of the shape of `w`.
- `start`: where to begin, a NumPy array of floats, shape `(d,)`. Leave it as it is.
- `learning_rate`: a number, α.
- `tolerance`: a gradient that is no longer than this counts as short. Its length is the Euclidean one, the root of the
  sum of its squared entries (`np.linalg.norm`).
- `patience`: how many short gradients in a row it takes, at least 1.
- `budget`: how many steps may be taken, 0 or more.

**Write** `descend(gradient, start, learning_rate, tolerance, patience, budget)`.
Begin at `start`, after 0 steps. At each point, the first one and the last one too:
1. Compute the gradient there.
2. Is it the last of `patience` short ones in a row? Then stop there: the reason is `"arrived"`.
3. Have `budget` steps been taken? Then stop there: the reason is `"budget spent"`.
4. Else take a step, `w − α · gradient`, and go on with 1.

**Returns** three results, `(end, steps, reason)`: the point where it stopped, how many steps were taken to get there,
and why.

**Example.** `gradient = lambda w: w - np.array([3., 4.])`, `start = [0, 0]`, learning rate 0.5.
The points are (0, 0), (1.5, 2), (2.25, 3), (2.625, 3.5), …; the gradients there have the lengths 5, 2.5, 1.25, 0.625, …
Tolerance 1.5, patience 1, budget 10: `([2.25, 3.0], 2, "arrived")`.
With patience 2 it goes on until the second short one: `([2.625, 3.5], 3, "arrived")`.
With patience 1 and budget 1 it ends before: `([1.5, 2.0], 1, "budget spent")`.

**Check** with `q.check(descend)`.
"""

import numpy as np

from course_lib.exercises import Case, Exercise
from course_lib.text.words import counted


def descend(gradient, start, learning_rate, tolerance, patience, budget):
    """(end, steps, reason) of gradient descent from start, shape (d,); reason: "arrived" or "budget spent"."""
    w, steps, in_a_row = start, 0, 0  # 1. initialize
    while True:
        g = gradient(w)  # 2. compute the gradient
        in_a_row = in_a_row + 1 if np.linalg.norm(g) <= tolerance else 0
        if in_a_row == patience:  # 4. repeat until the stopping rule holds
            return w, steps, "arrived"
        if steps == budget:
            return w, steps, "budget spent"
        w = w - learning_rate * g  # 3. update, in a new array
        steps = steps + 1


def by_hand(gradient, start, learning_rate, tolerance, patience, budget):
    end, steps, reason = descend(gradient, start, learning_rate, tolerance, patience, budget)
    w, in_a_row, said = start, 0, []
    for k in range(min(steps, 6) + 1):
        length = np.linalg.norm(gradient(w))
        in_a_row = in_a_row + 1 if length <= tolerance else 0
        said.append(f"after {k} {length:.4g}" + (f" (short, {in_a_row} in a row)" if in_a_row else ""))
        w = w - learning_rate * gradient(w)
    more = ", and so on" if steps > 6 else ""
    return (
        f"Tolerance {tolerance:g}, patience {patience}, budget {budget}. The lengths: {', '.join(said)}{more}. "
        f"It ends after {counted(steps, 'step')}: {reason}."
    )


def to_three_and_four(w):
    return w - np.array([3.0, 4.0])


def of_a_trough(w):
    return np.array([1.0, 4.0]) * w


def of_a_saddle(w):
    return np.array([w[0], w[1] ** 3 - w[1]])


def of_three_weights(w):
    return np.array([0.5, 2.0, 3.0]) * w - 1


def of_one_weight(w):
    return 2 * w - 3


def of_a_wavy_slope(w):
    return 1.25 + np.cos(w)


START = np.array([4.0, -2.0])


def draw(rng):
    rate, tolerance = float(rng.uniform(0.1, 0.4)), float(rng.uniform(0.1, 0.5))
    return of_three_weights, 3 * rng.normal(size=3), rate, tolerance, int(rng.integers(1, 5)), int(rng.integers(4, 12))


exercise = Exercise(
    descend,
    cases=[
        Case("arrives after two steps", to_three_and_four, np.zeros(2), 0.5, 1.5, 1, 10),
        Case("a patience of two", to_three_and_four, np.zeros(2), 0.5, 1.5, 2, 10),
        Case("a budget of one step", to_three_and_four, np.zeros(2), 0.5, 1.5, 1, 1),
        Case("exactly the tolerance", to_three_and_four, np.zeros(2), 0.5, 2.5, 1, 10),
        Case("arrives with its last step", to_three_and_four, np.zeros(2), 0.5, 1.5, 1, 2),
        Case("no step allowed", of_a_trough, START, 0.1, 0.5, 1, 0),
        Case("no step allowed, and none needed", of_a_trough, np.array([0.25, 0.05]), 0.1, 0.5, 1, 0),
        Case("one weight", of_one_weight, np.array([-4.0]), 0.3, 0.25, 1, 7),
        Case("from wall to wall", of_a_trough, START, 0.4, 0.75, 3, 15),
        Case("gradients of both signs", of_a_trough, START, 0.15, 0.75, 2, 15),
        Case("short at the start", of_a_trough, np.array([0.25, 0.05]), 0.1, 0.5, 1, 10),
        Case("short at the start, a patience of three", of_a_trough, np.array([0.25, 0.05]), 0.1, 0.5, 3, 10),
        Case("slow past a saddle, and on", of_a_saddle, np.array([1.0, 0.05]), 0.4, 0.245, 2, 15),
        Case("a long one between short ones", of_a_wavy_slope, np.array([1.5]), 1.5, 1.0, 4, 12),
        Case("a rate that is too large", of_a_trough, START, 0.6, 0.5, 1, 8),
        Case("from far away", of_three_weights, np.array([5e3, -2e3, 8e3]), 0.3, 800.0, 2, 9),
    ],
    random_case=draw,
    n_random=2,
    hints=[
        "Which comes first at a point: asking whether to stop there, or stepping away from it? "
        "And what sets the count of short gradients back to 0?",
        by_hand,
        "`in_a_row = in_a_row + 1 if np.linalg.norm(g) <= tolerance else 0`; return if it equals `patience`; "
        "return if `steps == budget`; only then `w = w - learning_rate * g`.",
    ],
)


def walk(gradient, start, learning_rate, tolerance, patience, budget, short=None, reset=True, budget_first=False):
    """(points, reason), for the mistakes; `short` is another test of one gradient."""
    points, in_a_row = [start], 0
    while True:
        g = gradient(points[-1])
        is_short = short(g, tolerance, points[-1]) if short else np.linalg.norm(g) <= tolerance
        in_a_row = in_a_row + 1 if is_short else in_a_row * (not reset)
        for reason in ("budget spent", "arrived") if budget_first else ("arrived", "budget spent"):
            if in_a_row >= patience if reason == "arrived" else len(points) > budget:
                return points, reason
        points.append(points[-1] - learning_rate * g)


def walked(*task, **options):
    """The three results of a walk."""
    points, reason = walk(*task, **options)
    return points[-1], len(points) - 1, reason


@exercise.mistake
def stopped_after_the_update(gradient, start, learning_rate, tolerance, patience, budget):
    """You step away first and then ask whether the gradient of the old point was short: one step too many. At which
    point should it stop?"""
    w, steps, in_a_row = start, 0, 0
    while True:
        g = gradient(w)
        w, steps = w - learning_rate * g, steps + 1
        in_a_row = in_a_row + 1 if np.linalg.norm(g) <= tolerance else 0
        if in_a_row == patience or steps >= budget:
            return w, steps, "arrived" if in_a_row == patience else "budget spent"


@exercise.mistake
def start_not_asked(gradient, start, learning_rate, tolerance, patience, budget):
    """You take a step before you ask for the first time. What if the gradient is short at the start, or the budget is
    0?"""
    if budget == 0:
        return start - learning_rate * gradient(start), 1, "budget spent"
    end, steps, reason = walked(
        gradient, start - learning_rate * gradient(start), learning_rate, tolerance, patience, budget - 1
    )
    return end, steps + 1, reason


@exercise.mistake
def fewer_than_patience_at_the_beginning(gradient, start, learning_rate, tolerance, patience, budget):
    """At the start one short gradient is enough for you. How many entries has `lengths[-patience:]` when fewer points
    than that have been seen?"""
    seen = []

    def short(g, tolerance, w):
        seen.append(np.linalg.norm(g) <= tolerance)
        return all(seen[-patience:])

    return walked(gradient, start, learning_rate, tolerance, 1, budget, short)


@exercise.mistake
def patience_ignored(gradient, start, learning_rate, tolerance, patience, budget):
    """You stop at the first short gradient. How many in a row does patience ask for?"""
    return walked(gradient, start, learning_rate, tolerance, 1, budget)


@exercise.mistake
def one_too_patient(gradient, start, learning_rate, tolerance, patience, budget):
    """You wait for one short gradient too many. Is it enough when the count reaches patience?"""
    return walked(gradient, start, learning_rate, tolerance, patience + 1, budget)


@exercise.mistake
def count_not_set_back(*task):
    """You count all short gradients; a long one between them changes nothing. What does it do to the count?"""
    return walked(*task, reset=False)


@exercise.mistake
def budget_a_step_late(gradient, start, learning_rate, tolerance, patience, budget):
    """You take a step more than the budget. How many have been taken when you ask?"""
    return walked(gradient, start, learning_rate, tolerance, patience, budget + 1)


@exercise.mistake
def budget_a_step_early(gradient, start, learning_rate, tolerance, patience, budget):
    """You take a step less than the budget. How many have been taken when you ask?"""
    return walked(gradient, start, learning_rate, tolerance, patience, max(0, budget - 1))


@exercise.mistake
def last_gradient_not_looked_at(*task):
    """When it arrives with its very last step you say "budget spent". Which of the two questions comes first at the
    last point?"""
    return walked(*task, budget_first=True)


@exercise.mistake
def largest_entry(*task):
    """You compare the largest entry of the gradient with the tolerance. Which length do all entries make together?"""
    return walked(*task, short=lambda g, tolerance, w: np.abs(g).max() <= tolerance)


@exercise.mistake
def sum_of_the_entries(*task):
    """You add the absolute entries of the gradient up. What is the Euclidean length of (3, 4): 7 or 5?"""
    return walked(*task, short=lambda g, tolerance, w: np.abs(g).sum() <= tolerance)


@exercise.mistake
def squared_length(*task):
    """You compare the sum of squares with the tolerance. What makes a length of it: is (3, 4) 25 long?"""
    return walked(*task, short=lambda g, tolerance, w: np.sum(g**2) <= tolerance)


@exercise.mistake
def negative_entries_taken_as_short(*task):
    """A gradient of -8 is below your tolerance, so a steep slope counts as short. What has no sign any more?"""
    return walked(*task, short=lambda g, tolerance, w: np.all(g <= tolerance))


@exercise.mistake
def entries_of_both_signs_cancel(*task):
    """You add the entries with their signs, so a negative sum counts as short. What has no sign any more?"""
    return walked(*task, short=lambda g, tolerance, w: np.sum(g) <= tolerance)


@exercise.mistake
def length_of_the_step(gradient, start, learning_rate, tolerance, patience, budget):
    """You compare the length of the step, learning rate times gradient. A small rate would arrive anywhere: which
    length is asked for?"""
    return walked(
        gradient, start, learning_rate, tolerance, patience, budget,
        short=lambda g, tolerance, w: np.linalg.norm(learning_rate * g) <= tolerance,
    )  # fmt: skip


@exercise.mistake
def tolerance_exclusive(*task):
    """For you a gradient of exactly the tolerance is not short. Is "no longer than" `<` or `<=`?"""
    return walked(*task, short=lambda g, tolerance, w: np.linalg.norm(g) < tolerance)


@exercise.mistake
def start_changed_in_place(gradient, start, learning_rate, tolerance, patience, budget):
    """The numbers are right, but `-=` changes the caller's `start`. How do you write a step that makes a new array?"""
    w, in_a_row = start, 0
    for steps in range(budget + 1):
        g = gradient(w)
        in_a_row = in_a_row + 1 if np.linalg.norm(g) <= tolerance else 0
        if in_a_row == patience or steps == budget:
            return w, steps, "arrived" if in_a_row == patience else "budget spent"
        w -= learning_rate * g


@exercise.mistake
def old_point_returned(*task):
    """Your end is the point before the last step. Which point has the gradient that made it stop?"""
    points, reason = walk(*task)
    return points[-2:][0], len(points) - 1, reason


@exercise.mistake
def next_point_returned(gradient, start, learning_rate, *rule):
    """Your end lies one step beyond the point where it stopped; your count does not know of that step. Where should it
    come?"""
    end, steps, reason = walked(gradient, start, learning_rate, *rule)
    return end - learning_rate * gradient(end), steps, reason


@exercise.mistake
def start_returned(gradient, start, *rest):
    """Your end is the start. Into which variable goes the new point?"""
    return start, *walked(gradient, start, *rest)[1:]


@exercise.mistake
def gradients_counted(*task):
    """You count the gradients. The first is computed before any step: how many steps is that?"""
    end, steps, reason = walked(*task)
    return end, steps + 1, reason


@exercise.mistake
def uphill(gradient, start, learning_rate, *rule):
    """You add the step, so it climbs. Where does the gradient point?"""
    return walked(gradient, start, -learning_rate, *rule)


@exercise.mistake
def learning_rate_forgotten(gradient, start, learning_rate, *rule):
    """Your step is the whole gradient. What shortens it?"""
    return walked(gradient, start, 1.0, *rule)


@exercise.mistake
def first_gradient_kept(gradient, start, *rest):
    """You compute the gradient once, at the start. What has changed after a step?"""
    first = gradient(start)
    return walked(lambda w: first, start, *rest)


@exercise.mistake
def reasons_exchanged(*task):
    """Your two reasons are exchanged. Which of them says that the gradient is short?"""
    end, steps, reason = walked(*task)
    return end, steps, "budget spent" if reason == "arrived" else "arrived"


@exercise.mistake
def count_begun_anew(gradient, start, learning_rate, tolerance, patience, budget):
    """Your count of short gradients never gets beyond 1, so a larger patience is never met. Where is it set to 0?"""
    return walked(gradient, start, learning_rate, tolerance if patience == 1 else -1.0, 1, budget)


@exercise.mistake
def no_step_while_short(gradient, start, learning_rate, tolerance, patience, budget):
    """You stay where a gradient is short, and count the same one again. Where is the next gradient computed?"""

    def held(w):
        return gradient(w) * (np.linalg.norm(gradient(w)) > tolerance)

    return walked(held, start, learning_rate, tolerance, patience, budget)


@exercise.mistake
def size_of_the_sum(*task):
    """You add the entries with their signs before you take the size, so 4 and -4 make 0. What comes before the sum?"""
    return walked(*task, short=lambda g, tolerance, w: abs(np.sum(g)) <= tolerance)


@exercise.mistake
def one_short_entry_is_enough(*task):
    """One short entry is enough for you. Which length do all entries make together?"""
    return walked(*task, short=lambda g, tolerance, w: np.any(np.abs(g) <= tolerance))


@exercise.mistake
def arrival_counted_late(gradient, start, learning_rate, tolerance, patience, budget):
    """Where it arrives before the budget is spent you count one step too many. How many have been taken when that
    gradient is computed?"""
    end, steps, reason = walked(gradient, start, learning_rate, tolerance, patience, budget)
    return end, steps + (steps < budget), reason


@exercise.mistake
def one_of_the_last_is_enough(gradient, start, learning_rate, tolerance, patience, budget):
    """You arrive when one of the last few gradients is short. How many of them must be?"""
    points, lengths = [start], []
    while True:
        lengths.append(np.linalg.norm(gradient(points[-1])))
        if len(lengths) >= patience and min(lengths[-patience:]) <= tolerance:
            return points[-1], len(points) - 1, "arrived"
        if len(points) > budget:
            return points[-1], len(points) - 1, "budget spent"
        points.append(points[-1] - learning_rate * gradient(points[-1]))


@exercise.mistake
def long_taken_for_short(*task):
    """You count the gradients that are *longer* than the tolerance. Which ones are short?"""
    return walked(*task, short=lambda g, tolerance, w: np.linalg.norm(g) > tolerance)
