"""Several callers at the same time."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from course_lib.meter.latency import Latencies, again_and_again


def crowd(function, *args, callers=2, seconds=1.0, items=1, most=100_000, clock=time.perf_counter_ns):
    """`callers` threads, each of which calls `function(*args)` again as soon as its last call is answered.

    All begin together and go on for `seconds`, each at least once. Returns the `Latencies` of all their calls; none is
    left out as a warm-up, so call the function once before. Python's garbage collector stays as it is.
    """
    if callers < 1:
        raise ValueError(f"crowd got callers={callers!r}; it needs 1 or more.")
    line = threading.Barrier(callers)

    def one(_):
        line.wait()
        return Latencies(*again_and_again(function, args, seconds, most, clock), items)

    with ThreadPoolExecutor(callers) as threads:
        return Latencies.join(list(threads.map(one, range(callers))))
