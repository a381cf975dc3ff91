"""A latency meter: call something many times, keep every single duration, and tell more than their mean.

    found = measure(model, x[:1])
    found.p50, found.p99, found.mean             # seconds
    found.throughput                             # items a second
    found                                        # in a notebook: a table
    table({"ours": found, "theirs": other})      # side by side

How it is measured: by `time.perf_counter_ns`, one reading before and one after each call, which themselves cost some
50 ns: below a microsecond, measure a loop of calls instead. The first calls (`warmup`) are kept apart, as they pay for
what later ones find ready: caches, compiled code, memory. Python's garbage collector rests, as in `timeit`: how often
it wakes depends on the rest of the notebook and not on the function. With `collect=True` it stays on, and its pauses
appear among the slowest calls.
"""

import gc
import math
import time

import numpy as np

from course_lib.meter.little import little
from course_lib.text import tables
from course_lib.text.numbers import duration, rounded

NANO = 1e-9


class Latencies:
    """When each of many calls began and ended, and what follows from it. All times are in seconds.

    Args:
        starts, ends: of each call, in nanoseconds on one clock.
        items: how many rows one call answers.
        warmup: durations of the calls before, in nanoseconds, which count nowhere else.
    """

    def __init__(self, starts, ends, items=1, warmup=()):
        self.starts, self.ends = np.asarray(starts, np.int64), np.asarray(ends, np.int64)
        if self.starts.shape != self.ends.shape or self.starts.ndim != 1 or not len(self.starts):
            raise ValueError(
                f"Latencies got starts of shape {self.starts.shape} and ends of shape {self.ends.shape}; "
                f"it needs one of each for every call, and at least one call."
            )
        if (self.ends < self.starts).any():
            raise ValueError("Latencies got a call that ended before it began. Take all times from one clock.")
        self.items, self.warmup = items, np.asarray(warmup, np.int64) * NANO
        self.durations = (self.ends - self.starts) * NANO

    @classmethod
    def join(cls, parts):
        """The calls of several meters that ran at the same time, say one a thread, as one."""
        if len({part.items for part in parts}) != 1:
            raise ValueError(f"join got calls of {[part.items for part in parts]} items; all need the same number.")
        return cls(
            np.concatenate([part.starts for part in parts]),
            np.concatenate([part.ends for part in parts]),
            items=parts[0].items,
        )

    count = property(lambda self: len(self.durations))
    mean = property(lambda self: float(self.durations.mean()))
    fastest = property(lambda self: float(self.durations.min()))
    slowest = property(lambda self: float(self.durations.max()))
    p50 = property(lambda self: self.percentile(50))
    p95 = property(lambda self: self.percentile(95))
    p99 = property(lambda self: self.percentile(99))

    @property
    def elapsed(self):
        """From the beginning of the first call to the end of the last."""
        return float(self.ends.max() - self.starts.min()) * NANO

    @property
    def throughput(self):
        """Items a second: items · calls / elapsed. Calls that overlap in time add up."""
        return self.items * self.count / self.elapsed if self.elapsed else math.inf

    def percentile(self, q):
        """The q-th percentile by nearest rank; see `percentile`."""
        return percentile(self.durations, q)

    def little(self):
        """Little's law on these calls; see `little`."""
        return little(self.starts * NANO, self.ends * NANO)

    def table(self, digits=3):
        """All numbers in one row, each with so many digits."""
        return table({"all": self}, digits)

    def __repr__(self):
        return repr(self.table())

    def _repr_markdown_(self):
        return self.table()._repr_markdown_()


def measure(function, *args, seconds=1.0, warmup=5, items=1, most=100_000, collect=False, clock=time.perf_counter_ns):
    """Call `function(*args)` again and again for `seconds`, at least once. Returns `Latencies`.

    Args:
        warmup: how many calls come before; they are kept in `.warmup`.
        items: how many rows a call answers, for the throughput.
        most: ends after so many calls.
        collect: leave the garbage collector on.
        clock: gives nanoseconds.
    """
    if warmup < 0 or most < 1:
        raise ValueError(f"measure got warmup={warmup!r} and most={most!r}; it needs at least 0 and 1.")
    cold = []
    for _ in range(warmup):
        start = clock()
        function(*args)
        cold.append(clock() - start)
    was_on = gc.isenabled()
    if not collect:
        gc.disable()
    try:
        starts, ends = again_and_again(function, args, seconds, most, clock)
    finally:
        if was_on:
            gc.enable()
    return Latencies(starts, ends, items, cold)


def again_and_again(function, args, seconds, most, clock):
    """Call for so many seconds, at least once: when each call began, when it ended."""
    starts, ends = [], []
    last = clock() + seconds / NANO
    while not starts or (ends[-1] < last and len(starts) < most):
        start = clock()
        function(*args)
        end = clock()
        starts.append(start)
        ends.append(end)
    return starts, ends


def percentile(values, q):
    """The q-th percentile by *nearest rank*: the smallest value that at least q % of all values do not exceed.

        the ⌈q n / 100⌉-th of n sorted values

    It is always a latency that some caller really waited for; linear interpolation (NumPy's default) would invent one
    between two. And it is honest about few calls: with fewer than 100, the 99th percentile is the slowest call.
    """
    values = np.sort(np.asarray(values, float))
    if not 0 < q <= 100 or not len(values):
        raise ValueError(f"percentile got q={q!r} of {len(values)} values; it needs 0 < q ≤ 100 and a value.")
    rank = math.ceil(round(q * len(values) / 100, 9))  # 64.4 % of 1,000 is 644, not 644.0000000000001
    return float(values[rank - 1])


def ranking(measured):
    """The names of {name: Latencies}, the fastest first by its median."""
    return sorted(measured, key=lambda name: measured[name].p50)


def table(measured, digits=3):
    """{name: Latencies} side by side; with several, how many times the fastest median each takes."""
    if not measured:
        raise ValueError("table got no Latencies; give {name: measure(…), …}.")
    fastest = min(found.p50 for found in measured.values())
    several = len(measured) > 1
    head = ["calls", "mean", "p50", "p95", "p99", "slowest", "items/s", *["times the fastest"] * several]
    rows = []
    for found in measured.values():
        times = [duration(t, digits) for t in (found.mean, found.p50, found.p95, found.p99, found.slowest)]
        factor = [rounded(found.p50 / fastest if fastest else math.nan, digits)] * several
        rows.append([f"{found.count:,}", *times, rounded(found.throughput, digits), *factor])
    return tables.table(head, rows, names=measured if several else None, right=range(len(head)))
