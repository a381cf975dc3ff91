"""The tail at scale: a page that waits for several calls at once waits for the slowest of them."""

import math

import numpy as np

from course_lib import plots
from course_lib.meter.latency import percentile
from course_lib.meter.tail import answered, longer, typical
from course_lib.plots.latency import TAIL_ROOM
from course_lib.text.numbers import duration
from course_lib.text.words import counted
from course_lib.widgets.base import Choice, CourseWidget, Slider, script, stylesheet

BINS = 48
SLOW = {"1 in 10": 0.1, "1 in 100": 0.01, "1 in 1,000": 0.001}
COPIES = ("never", "after p95")


class Tail(CourseWidget):
    """Measured calls → how long a page takes that makes several of them at once and needs all their answers.

    P(page ≤ t) = P(call ≤ t)^calls; with `copy` "after p95" a call that has not answered by then is sent once more, and
    the earlier answer counts (`meter.tail`).

    Args:
        durations: seconds, of a few hundred calls or more.
    """

    _esm = script("tail")
    _css = stylesheet("tail")
    controls = (
        Slider("calls", "calls that a page makes at once", 1, 200, 1, 10),
        Choice("slow", "slow are the slowest", tuple(SLOW), "1 in 100"),
        Choice("copy", "send a second copy", COPIES, "never"),
    )

    def __init__(self, durations, **values):
        self.durations = np.sort(np.asarray(durations, float))
        if self.durations.ndim != 1 or len(self.durations) < 2 or not self.durations[0] > 0:
            raise ValueError(f"Tail got durations of shape {np.shape(durations)}; it needs two or more times above 0.")
        self.p95 = percentile(self.durations, 95)
        self.edges = np.geomspace(self.durations[0] / 1.02, self.durations[-1] * 1.02, BINS + 1)
        room = (self.edges[-1] / self.edges[0]) ** TAIL_ROOM
        low, high = self.edges[0] / room, self.edges[-1] * room
        ticks = {tick: duration(tick, 1) for tick in _ticks(low, high)}
        page = {"edges": self.edges, "low": low, "high": high, "ticks": list(ticks.items())}
        self.tick_texts = ticks
        super().__init__(page, **values)

    def compute(self, calls, slow, copy):
        share = SLOW[slow]
        threshold = percentile(self.durations, 100 * (1 - share))
        times, call = answered(self.durations, None if copy == "never" else self.p95)
        if copy != "never" and threshold >= self.p95:
            share = share * longer(self.durations, threshold - self.p95)
        slow_pages = -np.expm1(calls * np.log1p(-share))
        parts = {"call": self._part(times, call), "page": self._part(times, call**calls)}
        return {
            "threshold": threshold,
            "slow_calls": share,
            "slow_pages": slow_pages,
            **{part: {"bars": bars, "marks": marks} for part, (bars, marks) in parts.items()},
            "texts": {part: {k: duration(t) for k, t in marks.items()} for part, (_, marks) in parts.items()},
            "said": self._say(calls, share, slow_pages, threshold, copy),
        }

    def _part(self, times, below):
        """Bars and marks of a distribution, of which `below` is the share up to each of these times."""
        at_edges = np.concatenate([[0.0], below])[np.searchsorted(times, self.edges, side="right")]
        return np.diff(at_edges), typical(times, below)

    def _say(self, calls, share, slow_pages, threshold, copy):
        one = f"{100 * share:.2g}%" if share >= 0.0001 else "less than 0.01%"
        sent = " even with a second copy" if copy != "never" else ""
        return (
            f"{one} of the calls take longer than {duration(threshold)}{sent}. Of the pages with "
            f"{counted(calls, 'call')} at once, 1 − {1 - share:.6g}^{calls} = {slow_pages:.1%} "
            f"wait for at least one of those."
        )

    def describe(self, result, **values):
        texts = result["texts"]
        return (
            f"{result['said']} One call: p50 {texts['call']['p50']}, p99 {texts['call']['p99']}. "
            f"A page: p50 {texts['page']['p50']}, p99 {texts['page']['p99']}."
        )

    def static(self):
        result = self.at_defaults()
        parts = {part: (result[part]["bars"], result[part]["marks"]) for part in ("call", "page")}
        calls = self.controls[0].default
        shares = result["slow_calls"], result["slow_pages"]
        return plots.tail(self.edges, parts, result["threshold"], calls, *shares, self.tick_texts)


def _ticks(low, high):
    """Times of one digit between low and high: factors of ten, and 2 and 5 between them where these are few."""
    decades = 10.0 ** np.arange(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    steps = (1, 2, 5) if high / low < 100 else (1,)
    return [float(f"{d * s:.0e}") for d in decades for s in steps if low <= d * s <= high]
