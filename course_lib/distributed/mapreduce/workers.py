"""What a worker's process does: one task after the other, each answered with a report.

It writes what a map task makes to files of its own attempt, so an attempt that is cut off leaves nothing that anybody
reads. How a process is started, heard and ended stands in `distributed.processes`.
"""

import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from course_lib.distributed.mapreduce import phases
from course_lib.distributed.processes import Line, Process


class Task:
    """One map task over `data`, a list of records, or one reduce task over `data`, a list of files."""

    def __init__(self, phase: str, number: int, data: Any) -> None:
        self.phase, self.number, self.data = phase, number, data
        self.attempt = 0
        self.deaths: list[tuple[int, int]] = []  # (worker, exit code) of each attempt that failed
        self.stop_halfway = False  # report after half of the work, and wait to be killed


class Worker:
    """A process in the master's books: whether it is ready, and the task it has."""

    def __init__(self, number: int, process: Process) -> None:
        self.number, self.process, self.ready = number, process, False
        self.task: Task | None = None

    def give(self, task: Task) -> None:
        """Send a task."""
        self.task = task
        self.process.send((task.phase, task.number, task.attempt, task.data, task.stop_halfway))


def serve(line: Line, job: phases.Job, folder: str) -> None:
    """Answer tasks until the driver closes the line."""
    line.send(("ready", None))
    for phase, number, attempt, data, stop_halfway in line:
        stop = (lambda: _wait_for_the_end(line)) if stop_halfway else None
        phases.take_counts()
        try:
            if phase == "map":
                report = map_task(job, data, Path(folder), f"map-{number}-attempt-{attempt}", stop)
            else:
                report = reduce_task(job, data, stop)
            answer: tuple[str, Any] = "finished", {**report, "counts": phases.take_counts()}
        except Exception as error:
            said = str(error) if isinstance(error, phases.TaskError) else f"{type(error).__name__}: {error}"
            answer = "failed", (said, "".join(traceback.format_exception(error.__cause__ or error)))
        line.send(answer)


def _wait_for_the_end(line: Line) -> None:
    line.send(("halfway", None))
    while True:
        time.sleep(60)


def halfway(items: Sequence[Any], stop: Callable[[], None] | None) -> Iterable[Any]:
    """The items of a list; in the middle of them, `stop()`."""
    if stop is None:
        return items
    return _until(items, len(items) // 2, stop)


def _until(items: Sequence[Any], half: int, stop: Callable[[], None]) -> Iterator[Any]:
    yield from items[:half]
    stop()


def map_task(
    job: phases.Job, records: list[Any], folder: Path, name: str, stop: Callable[[], None] | None = None
) -> dict[str, Any]:
    """Map the records, spill them, and tell which files hold what."""
    runs: list[list[dict[str, Any]]] = []  # [spill][partition] -> file
    emitted = kept = 0

    def counted(pairs: Iterable[phases.Pair]) -> Iterator[phases.Pair]:
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


def reduce_task(job: phases.Job, paths: list[str], stop: Callable[[], None] | None = None) -> dict[str, Any]:
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
