"""The best batch within a limit

**Goal.** Choose how many rows a server should answer in one call.

**Given.**
- `batch_sizes`: rows in one call, a `list` of ints, growing.
- `latencies`: how long one call with so many rows takes, in *seconds*, a `list` of floats of the same length.
- `limit`: how long a call may take, in *milliseconds*.

**Write** `best_batch(batch_sizes, latencies, limit)`.
The throughput of a batch size is its rows divided by the seconds of its call.
Look only at the batch sizes whose call takes no longer than the limit; exactly the limit is still allowed.
Return the one with the highest throughput.
Where two have the same throughput, return the smaller. Where no call stays within the limit, return `None`.

**Returns** an `int`, one of the batch sizes, or `None`.

**Example.** `batch_sizes = [1, 8, 32]`, `latencies = [0.002, 0.004, 0.02]`.
The throughputs are 1/0.002 = 500, 8/0.004 = 2,000 and 32/0.02 = 1,600 rows a second; the calls take 2, 4 and 20 ms.
With `limit = 50` all three are allowed: `8`. With `limit = 3` only the first: `1`. With `limit = 1` none: `None`.

**Check** with `q.check(best_batch)`.
"""

import numpy as np

from course_lib.exercises import Case, Exercise
from course_lib.text.words import counted


def best_batch(batch_sizes, latencies, limit):
    """The batch size with the most rows a second whose call (in seconds) stays within the limit (in milliseconds)."""
    best, most = None, 0
    for size, seconds in zip(batch_sizes, latencies):
        throughput = size / seconds
        if 1000 * seconds <= limit and throughput > most:
            best, most = size, throughput
    return best


def by_hand(batch_sizes, latencies, limit):
    said = [
        f"{counted(size, 'row')} in {1000 * t:.4g} ms{'' if 1000 * t <= limit else ' (too long)'}: "
        f"{size / t:.4g} rows a second"
        for size, t in zip(batch_sizes, latencies)
    ]
    return f"Limit {limit:g} ms. " + "; ".join(said) + f". So {best_batch(batch_sizes, latencies, limit)}."


def chosen(batch_sizes, latencies, allowed, score):
    """The first batch size with the highest score among those allowed; None where none is. For the mistakes."""
    found = [(score(b, t), -b, b) for b, t in zip(batch_sizes, latencies) if allowed(b, t)]
    return max(found)[2] if found else None


def rows_a_second(size, seconds):
    return size / seconds


def draw(rng):
    sizes = [2**k for k in range(8)]
    slope = rng.uniform(2e-4, 6e-4)
    latencies = [round(float(2e-3 + slope * b * rng.uniform(0.8, 1.6)), 5) for b in sizes]
    return sizes, latencies, float(rng.integers(3, 60)) + 0.123


SIZES, TIMES = [1, 8, 32], [0.002, 0.004, 0.02]
MANY = [1, 2, 4, 8, 16, 32, 64, 128]
UNEVEN = [0.003, 0.0031, 0.0036, 0.005, 0.03, 0.0125, 0.04, 0.09]

exercise = Exercise(
    best_batch,
    cases=[
        Case("all are allowed", SIZES, TIMES, 50),
        Case("none is allowed", SIZES, TIMES, 1),
        Case("exactly the limit", SIZES, TIMES, 4),
        Case("the best is too long", [1, 4, 16, 64], [0.001, 0.002, 0.006, 0.016], 10),
        Case("two are equally good", [3, 6, 24], [0.004, 0.008, 0.096], 100),
        Case("just above the limit", SIZES, [0.002, 0.004002, 0.02], 4),
        Case("a call in the middle is too long", MANY, UNEVEN, 15),
        Case("a slow call in the middle, allowed", MANY, UNEVEN, 35),
        Case("the smallest is not the fastest", [1, 2, 4, 16], [0.007, 0.005, 0.006, 0.05], 8),
        Case("a slow model, a limit below a millisecond", [5, 10, 40], [0.5, 0.9, 2.5], 0.75),
        Case("a limit that nobody keeps", [5, 10, 40], [0.5, 0.9, 2.5], 0.002),
        Case("less than a row a second", [1, 2], [2.5, 4.0], 5_000),
        Case("one row is too long already", [1, 2], [0.03, 0.05], 20),
        Case("a small batch is the best", [1, 4, 16, 32], [0.004, 0.0045, 0.04, 0.05], 60),
        Case("one batch size", [16], [0.03], 40),
        Case("large batches", [1_000, 10_000, 100_000], [0.2, 1.6, 20.0], 5_000),
    ],
    random_case=draw,
    hints=[
        "Two questions for each batch size: is its call allowed, and how many rows a second does it give? "
        "In which unit is the limit?",
        by_hand,
        "In a loop over `zip(batch_sizes, latencies)`: remember the size when `1000 * seconds <= limit` and "
        "`size / seconds` is above the best so far.",
    ],
    equivalent_mutants={"0 -> -1": "every throughput is above 0"},
)


@exercise.mistake
def limit_taken_for_seconds(batch_sizes, latencies, limit):
    """You compare seconds with milliseconds, so almost every call seems short enough. What is the limit in seconds?"""
    return chosen(batch_sizes, latencies, lambda b, t: t <= limit, rows_a_second)


@exercise.mistake
def converted_the_wrong_way(batch_sizes, latencies, limit):
    """You convert the wrong way, so every call seems a million times too short. How many milliseconds has a second?"""
    return chosen(batch_sizes, latencies, lambda b, t: t <= 1000 * limit, rows_a_second)


@exercise.mistake
def limit_ignored(batch_sizes, latencies, limit):
    """You choose among all batch sizes, and the limit plays no part. Which calls are allowed?"""
    return chosen(batch_sizes, latencies, lambda b, t: True, rows_a_second)


@exercise.mistake
def limit_exclusive(batch_sizes, latencies, limit):
    """You refuse a call that takes exactly the limit. Is it allowed?"""
    return chosen(batch_sizes, latencies, lambda b, t: 1000 * t < limit, rows_a_second)


@exercise.mistake
def limit_the_wrong_way(batch_sizes, latencies, limit):
    """You choose among the calls that take at least as long as the limit. Which side of it is allowed?"""
    return chosen(batch_sizes, latencies, lambda b, t: 1000 * t >= limit, rows_a_second)


@exercise.mistake
def latency_of_a_row(batch_sizes, latencies, limit):
    """You hold the time of one row against the limit. All rows wait for the whole call: what is compared?"""
    return chosen(batch_sizes, latencies, lambda b, t: 1000 * t / b <= limit, rows_a_second)


@exercise.mistake
def largest_batch(batch_sizes, latencies, limit):
    """You take the largest batch whose call is allowed. Does it always give the most rows a second?"""
    return chosen(batch_sizes, latencies, lambda b, t: 1000 * t <= limit, lambda b, t: b)


@exercise.mistake
def smallest_batch(batch_sizes, latencies, limit):
    """You take the smallest batch whose call is allowed. Does it give the most rows a second?"""
    return chosen(batch_sizes, latencies, lambda b, t: 1000 * t <= limit, lambda b, t: -b)


@exercise.mistake
def shortest_call(batch_sizes, latencies, limit):
    """You take the shortest call, that is the most *calls* a second. How many rows does each call answer?"""
    return chosen(batch_sizes, latencies, lambda b, t: 1000 * t <= limit, lambda b, t: -t)


@exercise.mistake
def longest_call(batch_sizes, latencies, limit):
    """You take the longest call that is allowed. Does a longer call always give more rows a second?"""
    return chosen(batch_sizes, latencies, lambda b, t: 1000 * t <= limit, lambda b, t: t)


@exercise.mistake
def rows_times_seconds(batch_sizes, latencies, limit):
    """You multiply rows by seconds, so a slow call looks good. What makes rows *a* second of them?"""
    return chosen(batch_sizes, latencies, lambda b, t: 1000 * t <= limit, lambda b, t: b * t)


@exercise.mistake
def lowest_throughput(batch_sizes, latencies, limit):
    """You take the batch with the fewest rows a second: is a quotient upside down, or min where max belongs?"""
    return chosen(batch_sizes, latencies, lambda b, t: 1000 * t <= limit, lambda b, t: -b / t)


@exercise.mistake
def best_of_all_or_none(batch_sizes, latencies, limit):
    """You find the best of all batch sizes and only then look at its latency. Which ones may compete at all?"""
    best = chosen(batch_sizes, latencies, lambda b, t: True, rows_a_second)
    return best if 1000 * latencies[batch_sizes.index(best)] <= limit else None


@exercise.mistake
def ends_at_the_first_too_long(batch_sizes, latencies, limit):
    """You stop looking at the first call that takes too long. Might a larger batch be faster, as measured?"""
    allowed = [1000 * t <= limit for t in latencies]
    n = allowed.index(False) if False in allowed else len(allowed)
    return best_batch(batch_sizes[:n], latencies[:n], limit)


@exercise.mistake
def ends_when_throughput_falls(batch_sizes, latencies, limit):
    """You stop at the first batch that is no better than the one before. Might a larger one be better still?"""
    best, most = None, 0
    for size, seconds in zip(batch_sizes, latencies):
        if 1000 * seconds <= limit:
            if size / seconds <= most:
                break
            best, most = size, size / seconds
    return best


@exercise.mistake
def better_than_the_one_before(batch_sizes, latencies, limit):
    """You take the last batch that is better than the one before it. Which throughput must be beaten?"""
    best, before = None, 0
    for size, seconds in zip(batch_sizes, latencies):
        if 1000 * seconds <= limit:
            best, before = (size if size / seconds > before else best), size / seconds
    return best


@exercise.mistake
def tie_to_the_larger(batch_sizes, latencies, limit):
    """Of two with the same throughput you take the larger. Its callers wait longer for nothing: which is asked for?"""
    return chosen(batch_sizes, latencies, lambda b, t: 1000 * t <= limit, lambda b, t: (b / t, b))


@exercise.mistake
def index_returned(batch_sizes, latencies, limit):
    """You return the place in the list. Which batch size stands there?"""
    best = best_batch(batch_sizes, latencies, limit)
    return None if best is None else batch_sizes.index(best)


@exercise.mistake
def index_among_the_allowed(batch_sizes, latencies, limit):
    """Your index counts the allowed ones only, and you look it up in the list of all. To which list does it belong?"""
    found = [b / t for b, t in zip(batch_sizes, latencies) if 1000 * t <= limit]
    return batch_sizes[int(np.argmax(found))] if found else None


@exercise.mistake
def throughput_returned(batch_sizes, latencies, limit):
    """You return the highest throughput. Which batch size gives it?"""
    return max((b / t for b, t in zip(batch_sizes, latencies) if 1000 * t <= limit), default=None)


@exercise.mistake
def latency_returned(batch_sizes, latencies, limit):
    """You return the latency of the best batch. How many rows does that batch have?"""
    best = best_batch(batch_sizes, latencies, limit)
    return None if best is None else latencies[batch_sizes.index(best)]


@exercise.mistake
def smallest_where_none_is_allowed(batch_sizes, latencies, limit):
    """Where no call is short enough you return the smallest batch. What should the answer say in that case?"""
    return best_batch(batch_sizes, latencies, limit) or batch_sizes[0]


@exercise.mistake
def zero_where_none_is_allowed(batch_sizes, latencies, limit):
    """Where no call is short enough you return 0, as if that were a batch size. Which value says there is none?"""
    return best_batch(batch_sizes, latencies, limit) or 0


@exercise.mistake
def largest_of_nothing(batch_sizes, latencies, limit):
    """Where no call is short enough you look for the largest of nothing. What should the answer be in that case?"""
    found = [(b / t, -b, b) for b, t in zip(batch_sizes, latencies) if 1000 * t <= limit]
    return max(found)[2]
