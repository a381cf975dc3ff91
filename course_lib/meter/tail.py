"""The tail at scale: from calls that were measured to pages that wait for several of them at once.

    times, below = answered(durations)          # P(call ≤ time), at each time at which it grows
    typical(times, below**10)                   # of a page with ten calls: P(page ≤ t) = P(call ≤ t)^10

Calls are taken to be slow independently of each other. Source: Dean and Barroso, 2013, The tail at scale.
"""

import numpy as np


def longer(durations, t):
    """The share of calls that take longer than t. durations: (n,) seconds, rising."""
    return 1 - np.searchsorted(durations, t, side="right") / len(durations)


def answered(durations, copy_after=None):
    """Times, rising, and the share of calls that are answered by then.

    durations: (n,) seconds, rising. With `copy_after` a second, identical call is sent where the first has not answered
    after so many seconds, and the earlier answer counts:

        P(call > t) = S(t)  before,  S(t) · S(t − copy_after)  from there on,  with S = `longer`
    """
    if copy_after is None:
        return durations, 1 - longer(durations, durations)
    times = np.sort(np.concatenate([durations, durations + copy_after]))
    share, late = longer(durations, times), times >= copy_after
    share[late] *= longer(durations, times[late] - copy_after)
    return times, 1 - share


def typical(times, below):
    """{"p50", "mean", "p99"} of a distribution, of which `below` is the share up to each of these times."""
    return {
        "p50": times[np.searchsorted(below, 0.5 - 1e-12)],
        "mean": np.sum(times * np.diff(below, prepend=0.0)),
        "p99": times[np.searchsorted(below, 0.99 - 1e-12)],
    }
