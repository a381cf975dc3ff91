"""Timing in turns, and the machine's own limit to hold the times against."""

import statistics
import time

import numpy as np


def seconds(function):
    """One call's wall time."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def in_turns(functions, rounds=7):
    """Call each function once a round, A B C A B C …, after one round that does not count.

    Returns {name: [seconds, …]}. Taking turns lets a machine that slows down slow all of them.
    """
    times = {name: [] for name in functions}
    for round_number in range(rounds + 1):
        for name, function in functions.items():
            spent = seconds(function)
            if round_number:
                times[name].append(spent)
    return times


def median_ratio(slow, fast):
    """Median over the rounds of slow / fast, round by round."""
    return statistics.median(s / f for s, f in zip(slow, fast))


def gemm_peak(size=512, repeats=40):
    """Floating point operations a second of the fastest of many float32 matrix products on this machine."""
    a = np.ones((size, size), "float32")
    out = np.empty_like(a)
    return 2 * size**3 / min(seconds(lambda: np.matmul(a, a, out=out)) for _ in range(repeats))
