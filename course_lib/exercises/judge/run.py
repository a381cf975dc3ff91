"""Run a learner's function once, so that nothing it does can hurt the notebook.

Inputs are copied and compared afterwards, prints are caught, warnings silenced, the notebook's random numbers given
back, and an endless loop is stopped (`budget.py` says when). What came of it is an `Outcome`, never an exception.

The function runs in a thread of its own. When its time is over, an exception is raised *inside* that thread
(`PyThreadState_SetAsyncExc`), so no signals are needed and it works on every system and in every notebook server.
A bare `except:` in the loop may catch that exception, so it is sent again and again, faster than a handler can
finish: the second one strikes outside the `try`. What cannot be stopped this way (one long call into C, a nest of
such handlers) is left behind in its thread, and the check returns on time all the same.
"""

import _thread
import contextlib
import contextvars
import copy
import ctypes
import io
import random
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from course_lib.exercises.judge.budget import Budget, Meter, uncollected
from course_lib.exercises.judge.compare import plain, same
from course_lib.exercises.say.trouble import Trouble

GRACE = 0.2  # processor seconds for a stopped call to come to its end
FAR_GRACE = 2.0  # seconds on the wall, for one that sleeps


class OutOfTime(SystemExit):
    """Raised inside the learner's thread. A SystemExit: `except Exception` lets it pass, a thread ends silently."""


class Outcome:
    """What one call gave: `value`, or `trouble` (an exception), or `stopped` (seconds, when it did not end).

    Of one that was stopped, `waited` says that it slept or waited, and `alive` that it still runs behind our back.
    """

    def __init__(self) -> None:
        self.value: Any = None
        self.trouble: Trouble | None = None
        self.stopped: float | None = None
        self.waited = False
        self.alive = False
        self.printed = ""
        self.mutated: list[tuple[str, Any, Any]] = []  # (name of the argument, before, after)

    def agrees(self, other: "Outcome", tolerance: float) -> bool:
        """Whether two calls came to the same: equal values, or the same exception; and the same inputs changed."""
        if self.stopped is not None or other.stopped is not None:
            return self.stopped is not None and other.stopped is not None
        if self.trouble or other.trouble:
            return bool(self.trouble and other.trouble and self.trouble.signature == other.trouble.signature)
        changed = [name for name, _, _ in self.mutated] == [name for name, _, _ in other.mutated]
        return changed and same(other.value, self.value, tolerance)


def run(
    fn: Callable[..., Any],
    case: Any,
    call: Callable[..., Any],
    names: Sequence[str] = (),
    may_mutate: bool = False,
    budget: Budget | None = None,
    seed: int = 0,
) -> Outcome:
    """Call `fn` on a copy of the case's inputs; `names` are those of its arguments, for what is said of them.

    Without a budget it is one of the course's own functions: no thread, no watchdog, half the time.
    """
    given = copy.deepcopy(case)
    outcome = Outcome()

    def work() -> None:
        try:
            with np.errstate(all="ignore"):
                outcome.value = plain(call(fn, *given.args, **given.kwargs))
        except OutOfTime:
            raise
        except BaseException as error:  # sys.exit() and KeyboardInterrupt of the learner's are outcomes too
            if budget is None and not isinstance(error, Exception):
                raise
            outcome.trouble = Trouble(error)

    with quiet(seed) as printed:
        if budget is None:
            work()
        else:
            with uncollected():
                outcome.stopped, outcome.waited, outcome.alive = within(work, budget)
    outcome.printed = printed.getvalue()
    if outcome.stopped is not None:
        outcome.value, outcome.trouble = None, None
    elif not may_mutate:
        before, after = case.named(names), given.named(names)
        outcome.mutated = [(name, old, after[name]) for name, old in before.items() if not same(old, after[name], 0)]
    return outcome


@contextlib.contextmanager
def quiet(seed: int) -> Iterator[io.StringIO]:
    """Catch prints, silence warnings, seed the global random numbers and give the notebook's own stream back."""
    printed = io.StringIO()
    with (
        random_state_kept(),
        warnings.catch_warnings(),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
    ):
        warnings.simplefilter("ignore")
        np.random.seed(seed % 2**32)
        random.seed(seed)
        yield printed


_is_kept = contextvars.ContextVar("_is_kept", default=False)


@contextlib.contextmanager
def random_state_kept() -> Iterator[None]:
    """The global random numbers go on afterwards as if nothing had been. Once for all calls of a check: NumPy takes
    longer to write its state down than most answers take."""
    if _is_kept.get():
        yield
        return
    numpy_state, python_state = np.random.get_state(), random.getstate()
    token = _is_kept.set(True)
    try:
        yield
    finally:
        _is_kept.reset(token)
        np.random.set_state(numpy_state)
        random.setstate(python_state)


def within(work: Callable[[], None], budget: Budget) -> tuple[float | None, bool, bool]:
    """Run work() in its own thread, at the budget's cost. Returns what an Outcome keeps: (stopped, waited, alive)."""
    finished, meter = _thread.allocate_lock(), Meter()
    finished.acquire()

    def body() -> None:
        try:
            with meter:
                context.run(work)
        finally:
            finished.release()

    context = contextvars.copy_context()  # print options, error states: as in the notebook
    try:
        thread = _thread.start_new_thread(body, ())
    except RuntimeError:  # Python in a browser has no threads, so no limit either
        work()
        return None, False, False
    limit = budget.left
    try:
        ended = meter.wait(finished, limit, budget.patience_left)
    except BaseException:  # the learner pressed Interrupt: stop the function, then let the interrupt through
        _thread.start_new_thread(_pursue, (thread, finished))
        raise
    budget.charge(meter)
    if ended:
        return None, False, False
    waited = meter.seconds < limit
    return (budget.patience if waited else limit), waited, not _stop(thread, finished, meter)


def _stop(thread: int, finished: _thread.LockType, meter: Meter) -> bool:
    """Whether the thread ended within the grace. One that did not is pursued behind our back."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)  # take turns quickly: the next exception must arrive while the last is handled
    try:
        computed, elapsed = meter.seconds + GRACE, meter.elapsed + FAR_GRACE
        while meter.seconds < computed and meter.elapsed < elapsed:
            if not _send(thread) or finished.acquire(timeout=2e-4):
                return True
    finally:
        sys.setswitchinterval(interval)
    _thread.start_new_thread(_pursue, (thread, finished))
    return False


class _Hushed:
    """`sys.unraisablehook` without our own OutOfTime; everything else goes to the hook that was there before."""

    def __init__(self, hook: Callable[[Any], Any]) -> None:
        self.hook = hook

    def __call__(self, unraisable: Any) -> None:
        if not issubclass(unraisable.exc_type, OutOfTime):
            self.hook(unraisable)


def _hush() -> None:
    """Let no log tell of an OutOfTime that struck where Python can raise nothing.

    In a destructor or in a callback of the garbage collector an exception cannot travel on: Python hands it to
    `sys.unraisablehook` and the function runs on, until the next OutOfTime. The hook runs in the learner's thread and
    could be struck itself, so it must be over quickly.
    """
    if not isinstance(sys.unraisablehook, _Hushed):
        sys.unraisablehook = _Hushed(sys.unraisablehook)


def _send(thread: int) -> bool:
    """Raise OutOfTime in the thread at its next step; False when there is no such thread any more."""
    _hush()
    return bool(ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(OutOfTime)))


def _pursue(thread: int, finished: _thread.LockType) -> None:
    """Go on sending until the thread is gone, ever more rarely."""
    pause = 0.001
    while _send(thread) and not finished.acquire(timeout=pause):
        pause = min(1.0, pause * 1.01)
