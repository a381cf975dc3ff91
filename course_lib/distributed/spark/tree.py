"""A process and all that it has started: found, ended, and known to be gone."""

import contextlib
import time

import psutil


def below(pid: int) -> list[psutil.Process]:
    """A process and all below it."""
    with contextlib.suppress(psutil.NoSuchProcess):
        top = psutil.Process(pid)
        return [top, *top.children(recursive=True)]
    return []


def end(processes: list[psutil.Process], patience: float = 10) -> None:
    """Kill processes and wait until they are gone."""
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    begun = time.monotonic()
    while not all(map(has_ended, processes)) and time.monotonic() - begun < patience:
        time.sleep(0.02)


def has_ended(process: psutil.Process) -> bool:
    """Whether a process is gone, or dead and waits for its parent to take note (in a container that may be long)."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    return True
