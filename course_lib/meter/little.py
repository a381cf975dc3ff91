"""Little's law: how many are inside = how many arrive a second × how long each stays."""

from collections import namedtuple

import numpy as np

from course_lib.text.numbers import duration, rounded


class Little(namedtuple("Little", "inside rate wait")):
    """L (mean number inside at any moment), λ (arrivals a second), W (mean seconds inside)."""

    def __repr__(self):
        return (
            f"L = {rounded(self.inside)} inside on average; "
            f"λ · W = {rounded(self.rate)} a second · {duration(self.wait)} = {rounded(self.rate * self.wait)}"
        )


def little(starts, ends):
    """L, λ and W, each measured by itself, from the arrival and the departure of every request (seconds, one clock).

        L = ∫ N(t) dt / T       N(t): how many are inside at time t, counted up at each arrival, down at each departure
        λ = n / T               T: from the first arrival to the last departure
        W = mean(ends − starts)

    L = λ W then holds exactly, whatever the order, the spread or the number of servers, since all who came also left.
    Over a shorter stretch it holds but for those who are cut off at its ends. Source: Little, 1961, A proof for the
    queuing formula L = λW.
    """
    starts, ends = np.asarray(starts, float), np.asarray(ends, float)
    if starts.shape != ends.shape or not starts.size or (ends < starts).any():
        raise ValueError(
            f"little got {starts.size} arrivals and {ends.size} departures; "
            f"it needs both for every request, none leaving before it came."
        )
    times = np.concatenate([starts, ends])
    change = np.repeat([1, -1], len(starts))
    order = np.argsort(times)
    times, inside = times[order], np.cumsum(change[order])
    period = times[-1] - times[0]
    if not period > 0:
        raise ValueError("little got requests that take no time at all, so nothing can be divided by it.")
    return Little(
        inside=float(np.sum(inside[:-1] * np.diff(times)) / period),
        rate=float(len(starts) / period),
        wait=float(np.mean(ends - starts)),
    )
