"""The processes of a session, and a death among them on purpose."""

import contextlib
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import psutil

from course_lib.distributed.spark import environment, running

if TYPE_CHECKING:
    from pyspark import SparkContext


def processes() -> list[psutil.Process]:
    """The processes of the session: Java first, then executors and Python workers; none where no session runs."""
    return running.processes()


def executors() -> list[psutil.Process]:
    """The executors' processes in a local-cluster; in local mode there are none, the driver's Java does it all."""
    found = []
    for process in processes():
        with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            if any("CoarseGrainedExecutorBackend" in word for word in process.cmdline()):
                found.append(process)
    return found


def kill_executor(number: int = 0) -> psutil.Process:
    """Kill an executor of a local-cluster in whatever it is doing. Returns its process."""
    found = executors()
    if not found:
        raise RuntimeError(
            "There is no executor to kill: in local mode the driver does all the work. Start one with "
            'spark.session("local-cluster[2,1,1024]").'
        )
    found[number].kill()
    return found[number]


def wait_for_executors(count: int, patience: float = running.PATIENCE) -> None:
    """Wait until so many executors have told the driver that they are there, at most `patience` seconds: Spark also
    works with those that it has. Where it has none, a job would wait for ever: the session is stopped, and a
    RuntimeError tells what an executor said.
    """
    driver = running.current().context._jsc.sc()
    begun, there = time.monotonic(), 0
    while there < count and not driver.isStopped() and time.monotonic() - begun < patience:
        there = len(driver.statusTracker().getExecutorInfos()) - 1  # the driver is one of those listed
        time.sleep(0.1)
    if count and not there:
        said = running.shortened(running.current().said_by_executors())
        running.stop(orderly=False)
        raise RuntimeError(f"No executor of Spark came up.{environment.few_files()} One said:\n{said}")


@contextlib.contextmanager
def killing(sc: "SparkContext", after: int, number: int = 0) -> Iterator[list[psutil.Process]]:
    """`with killing(sc, after=3):` an executor dies in the block as soon as a stage has completed so many tasks."""
    over = threading.Event()
    killed: list[psutil.Process] = []

    def watch_and_kill() -> None:
        tracker = sc.statusTracker()
        while not over.wait(0.02):
            infos = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
            if any(info.numCompletedTasks >= after for info in infos if info):
                killed.append(kill_executor(number))
                return

    killer = threading.Thread(target=watch_and_kill, daemon=True)
    killer.start()
    try:
        yield killed
    finally:
        over.set()
        killer.join()
    if not killed:
        raise RuntimeError(f"No stage had completed {after} tasks and was still at work: the job was over too soon.")
