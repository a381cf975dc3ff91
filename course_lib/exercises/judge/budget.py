"""How long an answer may take: in seconds of the processor, counted by the thread that runs it.

A busy machine makes every answer slow on the wall and none of them wrong, so the wall decides nothing while a call
computes. A call that sleeps, or waits for what never comes, uses no processor at all: it ends by a far limit on the
wall, beyond what a right answer takes beside any load.

The garbage collector stands still meanwhile: it goes over all that the kernel holds, which after TensorFlow's import
takes many times what an answer takes, and nothing can stop it.
"""

import contextlib
import gc
import math
import time
from _thread import LockType, get_ident
from collections.abc import Iterator

FAR = 10.0  # seconds on the wall: a machine that gives an answer a tenth of its time changes no verdict
STEP = 0.005  # seconds between two looks at the clock when nearly all is used up


class Budget:
    """What several calls may cost together, and each of them at most."""

    def __init__(self, seconds: float, each: float | None = None, patience: float = FAR) -> None:
        self.seconds, self.each, self.patience = seconds, each or math.inf, patience
        self.spent = self.waited = 0.0

    @property
    def left(self) -> float:
        """Processor seconds for the next call: a little even when all is spent."""
        return max(0.02, min(self.each, self.seconds - self.spent))

    @property
    def patience_left(self) -> float:
        """Seconds on the wall for the next call."""
        return max(0.02, self.patience - self.waited)

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left, of one or of the other."""
        return self.spent > self.seconds or self.waited > self.patience

    def charge(self, meter: "Meter") -> None:
        """Take a call's cost off the budget."""
        self.spent += meter.seconds
        self.waited += meter.elapsed


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """No search for cycles meanwhile."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class Meter:
    """Entered by a thread, it counts what that thread computes; any thread may read it."""

    def __init__(self) -> None:
        self._clock: int | None = None
        self._begun: float | None = None
        self._ended = 0.0
        self._running = True
        self._made = time.monotonic()

    def __enter__(self) -> None:
        # Only Linux lets one thread read the clock of another. Elsewhere it is the whole process's, which stands still
        # beside other programs just the same.
        if hasattr(time, "pthread_getcpuclockid"):
            self._clock = time.pthread_getcpuclockid(get_ident())
        self._begun = self._now()

    def __exit__(self, *_: object) -> None:
        self._ended, self._running = self._now(), False

    @property
    def seconds(self) -> float:
        """Processor seconds so far."""
        if self._begun is None:  # it has not come to its turn yet
            return 0.0
        return (self._now() if self._running else self._ended) - self._begun

    @property
    def elapsed(self) -> float:
        """Seconds on the wall since the meter was made."""
        return time.monotonic() - self._made

    def wait(self, finished: LockType, seconds: float, patience: float) -> bool:
        """Wait for a lock until the thread has used up its seconds, or the wall the patience; False if it has."""
        while (left := seconds - self.seconds) > 0 and self.elapsed < patience:
            if finished.acquire(timeout=min(max(left, STEP), patience)):
                return True
        return finished.acquire(blocking=False)

    def _now(self) -> float:
        if self._clock is None:
            return time.process_time()
        try:
            return time.clock_gettime(self._clock)
        except OSError:  # the thread has ended since
            return self._ended
