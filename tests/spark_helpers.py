"""What the tests of Spark share: a session, or the reason why there is none, and how one waits for processes.

On CI (CI=true) a machine on which Spark does not start fails these tests. Elsewhere they are skipped, with the remedy.
"""

import os
import signal
import threading
import time

import psutil
import pytest
from patience import FAR

from course_lib.distributed import spark
from course_lib.distributed.spark import java

CI = os.environ.get("CI") == "true"
POSIX = pytest.mark.skipif(os.name != "posix", reason="stand-ins for Java are shell scripts, and signals are POSIX")


def started(master=None, conf=None):
    try:
        return spark.session(master, conf)
    except java.JavaMissing as missing:
        if CI:
            raise
        pytest.skip(str(missing))


def processes_of(line):
    """The processes that the program named, or none where they are gone."""
    pids = [int(pid) for pid in line.split()]
    assert len(pids) >= 2  # Java, and at least one Python worker
    return [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)]


def gone(processes):
    until(lambda: all(map(spark.has_ended, processes)))
    return True


def until(happens, patience=FAR):
    begun = time.monotonic()
    while not happens():
        assert time.monotonic() - begun < patience, "it did not happen"
        time.sleep(0.05)


class Interrupting:
    """`with Interrupting(seen, count):` this thread is interrupted once, as by Ctrl-C, when so many are seen.

    Python loses a signal that comes just before a call into the system that waits: as a person does, it is sent again
    where nothing happens.
    """

    def __init__(self, seen, count):
        self.seen, self.count, self.arrived = seen, count, threading.Event()

    def __enter__(self):
        self.before = signal.signal(signal.SIGINT, self.once)
        self.hand = threading.Thread(target=self.wait_and_interrupt)
        self.hand.start()

    def once(self, number, frame):
        if not self.arrived.is_set():
            self.arrived.set()
            self.before(number, frame)

    def wait_and_interrupt(self):
        try:
            until(lambda: len(self.seen()) >= self.count)
        finally:  # also where it does not happen: who waits would wait for ever
            while not self.arrived.is_set():
                signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
                self.arrived.wait(1)

    def __exit__(self, *_):
        self.hand.join()
        signal.signal(signal.SIGINT, self.before)
