"""What the tests of MapReduce share: lines to count, and the worker processes below a process."""

import contextlib
import os
import signal
import subprocess

import psutil
import pytest
from patience import FAR

LINES = ["the cat sat", "the dog sat on the mat", "a cat", "", "the end of the cat", "on and on and on"]
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals to a group of processes are POSIX")


def workers_of(process):
    """The living worker processes below a process (not Python's resource tracker, which ends with its parent)."""
    found = []
    for child in process.children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):  # it ended while we looked; zombies count as ended
            if "spawn_main" in " ".join(child.cmdline()):
                found.append(child)
    return found


def interrupted(running):
    """What a program says on standard error when it and all below it are interrupted, as by Ctrl-C in a terminal.

    Python loses a signal that comes just before it waits for the system: it is sent again where nothing happens.
    """
    for _ in range(FAR // 60):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            return running.communicate(timeout=60)[1]
    raise AssertionError("it did not end")
