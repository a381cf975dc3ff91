"""A process that does one task after the other, and the driver's handle on it.

The process reads tasks from a pipe and answers with reports. It writes what a map task makes to files of its own
attempt, so an attempt that is cut off leaves nothing that anybody reads. It ends with its pipe, and with its parent.
"""

import contextlib
import multiprocessing
import os
import pickle
import shutil
import signal
import threading
import time
import traceback
from pathlib import Path

from course_lib.distributed.mapreduce import phases


class Task:
    """One map task over `data`, a list of records, or one reduce task over `data`, a list of files."""

    def __init__(self, phase, number, data):
        self.phase, self.number, self.data = phase, number, data
        self.attempt, self.deaths = 0, []
        self.stop_halfway = False  # report after half of the work, and wait to be killed


class Worker:
    """The driver's side: start, hand out, hear, kill."""

    def __init__(self, number, job, folder, temporary):
        self.number, self.task, self.ready = number, None, False
        context = multiprocessing.get_context("spawn")  # the same on every system, and no copy of our threads
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(
            target=serve, args=(theirs, job, str(folder), temporary), name=f"mapreduce worker {number}", daemon=True
        )
        self.process.start()
        theirs.close()

    def give(self, task):
        """Send a task."""
        self.task = task
        with contextlib.suppress(OSError):  # it is dead, which the next `hear` says
            self.pipe.send_bytes(ship((task.phase, task.number, task.attempt, task.data, task.stop_halfway)))

    def hear(self):
        """The next message, or ("died", exit code)."""
        try:
            return pickle.loads(self.pipe.recv_bytes())
        except (EOFError, OSError):
            self.process.join()
            return "died", self.process.exitcode

    def kill(self):
        """End the process now: SIGKILL, or TerminateProcess on Windows."""
        self.process.kill()

    def close(self):
        self.process.join()
        self.process.close()
        self.pipe.close()


def ship(value):
    """Bytes of anything, functions and classes from notebook cells included."""
    import cloudpickle

    return cloudpickle.dumps(value)


def _interrupt_handler():
    """What Ctrl-C does here; None where it cannot be changed. Only the main thread is ever interrupted."""
    in_main = threading.current_thread() is threading.main_thread()
    return signal.getsignal(signal.SIGINT) if in_main else None


@contextlib.contextmanager
def one_interrupt():
    """Let the first Ctrl-C through and none after it, which would hit the clearing away."""
    ours = _interrupt_handler()

    def first(*signal_and_frame):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        ours(*signal_and_frame)

    if callable(ours):
        signal.signal(signal.SIGINT, first)
    try:
        yield
    finally:
        if callable(ours):
            signal.signal(signal.SIGINT, ours)


@contextlib.contextmanager
def without_interrupts():
    """Hold Ctrl-C back until the block is done, so that no process is half started, or left when clearing away.

    Processes started in the block never hear of it: the driver alone answers Ctrl-C, and stops them.
    """
    came, ours = [], _interrupt_handler()
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


# --- in the worker's process ------------------------------------------------------------------------------------------


def serve(pipe, job, folder, temporary):
    """Answer tasks until the driver closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(folder, temporary), daemon=True).start()
    with contextlib.suppress(EOFError, OSError):
        job = pickle.loads(job)
        _send(pipe, "ready", None)
        while True:
            phase, number, attempt, data, stop_halfway = pickle.loads(pipe.recv_bytes())
            stop = (lambda: _wait_for_the_end(pipe)) if stop_halfway else None
            phases.take_counts()
            try:
                if phase == "map":
                    report = map_task(job, data, Path(folder), f"map-{number}-attempt-{attempt}", stop)
                else:
                    report = reduce_task(job, data, stop)
                answer = "finished", {**report, "counts": phases.take_counts()}
            except Exception as error:
                said = str(error) if isinstance(error, phases.TaskError) else f"{type(error).__name__}: {error}"
                answer = "failed", (said, "".join(traceback.format_exception(error.__cause__ or error)))
            _send(pipe, *answer)


def _send(pipe, what, report):
    pipe.send_bytes(pickle.dumps((what, report)))


def _end_with_parent(folder, temporary):
    """The driver was killed: nobody else is left to clear away."""
    multiprocessing.parent_process().join()
    if temporary:
        shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


def _wait_for_the_end(pipe):
    _send(pipe, "halfway", None)
    while True:
        time.sleep(60)


def halfway(items, stop):
    """The items of a list; in the middle of them, `stop()`."""
    if stop is None:
        return items
    return _until(items, len(items) // 2, stop)


def _until(items, half, stop):
    yield from items[:half]
    stop()


def map_task(job, records, folder, name, stop=None):
    """Map the records, spill them, and tell which files hold what."""
    runs, emitted, kept = [], 0, 0  # [spill][partition] -> file

    def counted(pairs):
        nonlocal emitted
        for pair in pairs:
            emitted += 1
            yield pair

    for number, spill in enumerate(phases.spilled(job, counted(phases.mapped(job, halfway(records, stop))))):
        files = []
        for partition, run in enumerate(spill):
            path = folder / f"{name}-spill-{number}-partition-{partition}.pairs"
            data = b"".join(map(phases.pack, run))
            path.write_bytes(data)
            files.append({"path": str(path), "records": len(run), "bytes": len(data)})
            kept += len(run)
        runs.append(files)
    combine = {"combine_input_records": emitted, "combine_output_records": kept} if job.combiner else {}
    return {
        "runs": runs,
        "counters": {
            "map_input_records": len(records),
            "map_output_records": emitted,
            "spilled_records": kept,
            **combine,
        },
    }


def reduce_task(job, paths, stop=None):
    """Read the runs of one partition, merge them, and reduce each key."""
    runs = [Path(path).read_bytes() for path in paths]
    groups = list(phases.merged(map(phases.unpack, runs)))
    output = [phases.pack(pair) for pair in phases.reduced(job, halfway(groups, stop))]
    return {
        "output": b"".join(output),
        "counters": {
            "reduce_input_groups": len(groups),
            "reduce_input_records": sum(len(values) for _, values in groups),
            "reduce_output_records": len(output),
        },
    }
