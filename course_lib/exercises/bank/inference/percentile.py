"""Percentiles of a latency

**Goal.** Say how long a caller waits at worst, if you leave out the unlucky few.

**Given.**
- `durations`: how long each call took, a `list` of floats, at least one, in the order of the calls.
- `q`: a number above 0 and up to 100.

**Write** `percentile(durations, q)`. The q-th percentile by *nearest rank* is the smallest measured duration that
at least q % of all durations do not exceed.
To find it, sort the durations. Multiply their count by q and divide by 100. Round that up, always.
The result is a rank, counted from 1: the duration of that rank is the answer.
Leave the list itself in its order.

**Returns** a `float`, one of the durations.

**Example.** `durations = [5.0, 1.0, 9.0, 2.0, 3.0]`, sorted 1, 2, 3, 5, 9.
For q = 50 the rank is 5·50/100 = 2.5, rounded up 3: the answer is `3.0`.
For q = 60 it is 3 exactly: `3.0` again. For q = 61 it is 3.05, rounded up 4: `5.0`. For q = 95 it is 5: `9.0`.

**Check** with `q.check(percentile)` (in the notebook `q` is the exercise; in your function it is the argument).
"""

import math

import numpy as np

from course_lib.exercises import Case, Exercise


def percentile(durations, q):
    """The q-th percentile of a list of durations, by nearest rank."""
    ordered = sorted(durations)
    rank = math.ceil(q * len(ordered) / 100)
    return ordered[rank - 1]


def by_hand(durations, q):
    n = len(durations)
    rank = math.ceil(q * n / 100)
    ordered = sorted(durations)
    first = max(rank - 3, 0)
    near = ", ".join(f"{i + 1}: {ordered[i]:.4g}" for i in range(first, min(rank + 2, n)))
    return (
        f"{n} durations: {n} * {q:g} / 100 = {n * q / 100:.4g}, rounded up {rank}. "
        f"Sorted, with their ranks: {near}. Rank {rank} holds {ordered[rank - 1]:.4g}."
    )


def measured(n, seed):
    """Calls with a few slow ones among them, in milliseconds."""
    rng = np.random.default_rng(seed)
    times = rng.gamma(4, 2, n) + 40 * (rng.random(n) < 0.04)
    return [round(float(t), 3) for t in times]


def draw(rng):
    q = int(rng.choice([5, 25, 50, 75, 90, 95, 98, 100]))  # for these q / 100 * n rounds up to the same rank
    return measured(int(rng.choice([37, 64, 80, 200])), rng), q


FIVE = [5.0, 1.0, 9.0, 2.0, 3.0]

exercise = Exercise(
    percentile,
    cases=[
        Case("the median of five", FIVE, 50),
        Case("exactly at a rank", FIVE, 60),
        Case("just above a rank", FIVE, 61),
        Case("the 95th of five", FIVE, 95),
        Case("the median of six", [7.0, 4.0, 12.0, 1.0, 30.0, 2.0], 50),
        Case("one call", [0.25], 99),
        Case("the hundredth", FIVE, 100),
        Case("a small q", FIVE, 1),
        Case("some durations are equal", [3.0, 2.0, 2.0, 8.0, 2.0, 2.0, 5.0, 3.0], 75),
        Case("the 99th of a hundred", measured(100, 1), 99),
        Case("the 99th of 150", measured(150, 2), 99),
        Case("the 25th of 64", measured(64, 3), 25),
        Case("99.9 of 150, with an outlier", [*measured(149, 4)[::-1], 1e4], 99.9),
    ],
    random_case=draw,
    hints=[
        "Line the durations up by size. How many of them may be at most as long as the answer, at the least?",
        by_hand,
        "`rank = math.ceil(q * len(durations) / 100)`, and the first of the sorted durations has rank 1.",
    ],
)


@exercise.mistake
def the_mean(durations, q):
    """You return the mean. One slow call pulls it up, and q plays no part: how many callers wait longer than that?"""
    return sum(durations) / len(durations)


@exercise.mistake
def always_the_median(durations, q):
    """You return the median, whatever q is. What should change when q is 99?"""
    return percentile(durations, 50)


@exercise.mistake
def always_the_slowest(durations, q):
    """You return the slowest call, whatever q is. What should change when q is 50?"""
    return max(durations)


@exercise.mistake
def not_sorted(durations, q):
    """Your durations are still in the order of the calls. What has to be done before a rank means something?"""
    return durations[math.ceil(q * len(durations) / 100) - 1]


@exercise.mistake
def slowest_first(durations, q):
    """You sort the slowest first, or count from that end. Which duration has rank 1?"""
    return sorted(durations)[-math.ceil(q * len(durations) / 100)]


@exercise.mistake
def rank_rounded_to_the_nearest(durations, q):
    """You round to the nearest rank; where that is down, fewer than q % are covered. Which way gives at least q %?"""
    return sorted(durations)[round(q * len(durations) / 100) - 1]


@exercise.mistake
def rank_rounded_down(durations, q):
    """You round the rank down, so fewer than q % are covered. Which way of rounding covers at least q %?"""
    return sorted(durations)[int(q * len(durations) / 100) - 1]


@exercise.mistake
def rank_left_a_float(durations, q):
    """np.ceil gives a float, and places in a list are whole numbers. What rounds up to a whole number?"""
    return sorted(durations)[np.ceil(q * len(durations) / 100) - 1]


@exercise.mistake
def sort_returns_nothing(durations, q):
    """`durations.sort()` sorts the caller's own list and returns None. What gives you a sorted copy?"""
    ordered = durations.copy().sort()
    return ordered[math.ceil(q * len(durations) / 100) - 1]


@exercise.mistake
def rank_used_as_an_index(durations, q):
    """You use the rank as an index, so you are one too far, at q = 100 past the end. Ranks begin at 1: and indices?"""
    return sorted(durations)[math.ceil(q * len(durations) / 100)]


@exercise.mistake
def rank_used_as_an_index_but_caught(durations, q):
    """Your answer is one rank too far, except at the end of the list. Ranks begin at 1: and indices?"""
    return sorted(durations)[min(math.ceil(q * len(durations) / 100), len(durations) - 1)]


@exercise.mistake
def cut_and_used_as_an_index(durations, q):
    """Where the rank comes out even you are one too far, at q = 100 past the end. What do you get for 60 % of five?"""
    return sorted(durations)[int(q * len(durations) / 100)]


@exercise.mistake
def cut_and_used_as_an_index_but_caught(durations, q):
    """You are right where the rank must be rounded, and one too far where it comes out even. What is 60 % of five?"""
    return sorted(durations)[min(int(q * len(durations) / 100), len(durations) - 1)]


@exercise.mistake
def interpolated(durations, q):
    """You interpolate between two calls, as NumPy does unasked: nobody waited just so long. Which rank is meant?"""
    return float(np.percentile(durations, q))


@exercise.mistake
def over_the_gaps_rounded_up(durations, q):
    """You multiply q by n - 1, the gaps between the durations. Of how many durations must q % be covered?"""
    return float(np.percentile(durations, q, method="higher"))


@exercise.mistake
def over_the_gaps_rounded_down(durations, q):
    """You multiply q by n - 1, the gaps between the durations, and round down. Of how many are q % to be covered?"""
    return float(np.percentile(durations, q, method="lower"))


@exercise.mistake
def over_the_gaps_to_the_nearest(durations, q):
    """You multiply q by n - 1, the gaps between the durations, and take the nearest. Of how many is q % meant?"""
    return float(np.percentile(durations, q, method="nearest"))


@exercise.mistake
def share_of_the_largest(durations, q):
    """You take q % of the slowest duration. Is q a share of a time, or of the number of calls?"""
    return q / 100 * max(durations)


@exercise.mistake
def share_of_the_range(durations, q):
    """You go q % of the way from the fastest call to the slowest. Is q a share of a time, or of the number of calls?"""
    return min(durations) + q / 100 * (max(durations) - min(durations))


@exercise.mistake
def q_not_in_percent(durations, q):
    """You take q for a share between 0 and 1, so the rank lies far behind the end of the list. What is 50 % of five?"""
    return sorted(durations)[math.ceil(q * len(durations)) - 1]


@exercise.mistake
def share_of_calls_returned(durations, q):
    """You take q for a duration and return the percentage of calls that were as short. Which of the two is given?"""
    return 100 * sum(d <= q for d in durations) / len(durations)


@exercise.mistake
def rank_returned(durations, q):
    """You return the rank. Which duration has it?"""
    return math.ceil(q * len(durations) / 100)


@exercise.mistake
def equal_ones_counted_once(durations, q):
    """You count equal durations once. Each call is a caller who waited: what does `set` leave out?"""
    return percentile(list(set(durations)), q)


@exercise.mistake
def from_the_other_end(durations, q):
    """You count q % from the slow end, as if by 100 - q. Is the 99th percentile a slow call, or a fast one?"""
    return percentile(durations, max(100 - q, 1e-9))
