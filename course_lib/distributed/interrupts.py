"""Ctrl-C while processes are started and ended: the first one gets through, and none in the middle of a step."""

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

Handler = Callable[[int, FrameType | None], Any] | int | None


def _interrupt_handler() -> Handler:
    """What Ctrl-C does here; None where it cannot be changed. Only the main thread is ever interrupted."""
    in_main = threading.current_thread() is threading.main_thread()
    return signal.getsignal(signal.SIGINT) if in_main else None


@contextlib.contextmanager
def one_interrupt() -> Iterator[None]:
    """Let the first Ctrl-C through and none after it, which would hit the clearing away."""
    ours = _interrupt_handler()

    if not callable(ours):
        yield
        return

    def first(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        ours(number, frame)

    signal.signal(signal.SIGINT, first)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, ours)


@contextlib.contextmanager
def without_interrupts() -> Iterator[None]:
    """Hold Ctrl-C back until the block is done, so that no process is half started, or left when clearing away.

    Processes started in the block never hear of it: the driver alone answers Ctrl-C, and stops them.
    """
    came: list[tuple[int, FrameType | None]] = []
    ours = _interrupt_handler()
    if ours:  # whichever thread the signal reaches
        signal.signal(signal.SIGINT, lambda *signal_and_frame: came.append(signal_and_frame))
    masked = hasattr(signal, "pthread_sigmask")  # not on Windows; there the worker itself ignores it
    if masked:
        from multiprocessing import resource_tracker

        resource_tracker.ensure_running()  # else the first start would, and let interrupts through again
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        if masked:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        if ours:
            signal.signal(signal.SIGINT, ours)
            if came and callable(ours):
                ours(*came[0])
