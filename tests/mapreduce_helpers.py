"""What the tests of MapReduce share: lines to count, and the worker processes below a process."""

import contextlib
import os

import psutil
import pytest

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
