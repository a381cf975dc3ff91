"""The driver: cuts the input, hands out tasks, hears of deaths, hands out again, and clears everything away.

A worker that dies takes its task with it, so the task gets another attempt on another worker, at most `attempts` in
all, as in Hadoop. An exception in the programmer's own function ends the job at once: it would only be raised again.

Left out: several machines (a map task's files die with its machine, so finished map tasks run again there, too), a
file system that is distributed itself, and backup attempts for slow workers.
"""

import tempfile
import time
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from course_lib.distributed.interrupts import one_interrupt
from course_lib.distributed.keys import partition_of, sort_key
from course_lib.distributed.mapreduce import phases
from course_lib.distributed.mapreduce.log import Event, Result, count_everything
from course_lib.distributed.mapreduce.workers import Task, Worker, serve
from course_lib.distributed.processes import Crew, Ended, Failed, Process


class JobFailed(RuntimeError):
    """The job cannot be finished; the message says which task, which function, and why."""


def run(
    inputs: Iterable[Any],
    mapper: phases.Mapper,
    reducer: phases.Reducer,
    combiner: phases.Reducer | None = None,
    *,
    partitions: int = 2,
    workers: int = 2,
    map_tasks: int | None = None,
    partitioner: phases.Partitioner = partition_of,
    kill: tuple[Any, ...] | list[tuple[Any, ...]] | None = None,
    attempts: int = 4,
    spill_after: int = 10_000,
    folder: str | Path | None = None,
) -> Result:
    """Run a MapReduce job on `workers` processes and return its `Result`.

    inputs: records of any kind. They are cut into `map_tasks` neighbouring splits (left out: one for each record, at
        most four for each worker).
    mapper(record): yields (key, value) pairs.
    reducer(key, values): returns one value; `values` is the list of all values of that key.
    combiner(key, values): the same for a part of the values, in the map task, before anything is sent. It may run
        never, once or again on its own results, so what it returns must be a value like those it was given, and it
        must not matter how the values were grouped.
    partitions: number of reduce tasks. partitioner(key, partitions) -> 0 … partitions - 1.
    kill: (phase, task) or (phase, task, attempt), or a list of such: the worker that runs this attempt is killed by
        the driver when half of the work is done. Tasks count from 0, attempts from 1: kill=("map", 1).
    spill_after: pairs that a map task holds before it sorts and writes them.
    folder: where the intermediate files go and stay; left out: a temporary folder that is removed.

    The functions may stand in a module, a script or a notebook's cell. In a script, call `run` under
    `if __name__ == "__main__":`, since the processes read the script too.
    """
    records = list(inputs)
    _check(partitions=partitions, workers=workers, attempts=attempts, spill_after=spill_after)
    if map_tasks is None:
        map_tasks = max(1, min(len(records), 4 * workers))
    _check(map_tasks=map_tasks)
    job = phases.Job(mapper, reducer, combiner, partitions, partitioner, spill_after)
    with one_interrupt(), tempfile.TemporaryDirectory(prefix="mapreduce-", ignore_cleanup_errors=True) as temporary:
        place = Path(folder or temporary)
        place.mkdir(parents=True, exist_ok=True)
        with Crew() as crew:
            master = Master(crew, job, workers, attempts, _kills(kill), str(place), folder is None)
            return master.run(phases.split(records, map_tasks))


def run_locally(inputs: Iterable[Any], mapper: phases.Mapper, reducer: phases.Reducer) -> dict[Any, Any]:
    """What a MapReduce job computes, in this process: gather the values of each key, reduce each key.

    A job whose combiner is right gives the same output; `run(…).output == run_locally(…)` is the test of a combiner.
    """
    values: dict[Any, list[Any]] = {}
    for record in inputs:
        for key, value in mapper(record):
            values.setdefault(key, []).append(value)
    return {key: reducer(key, values[key]) for key in sorted(values, key=sort_key)}


def _check(**numbers: object) -> None:
    for name, value in numbers.items():
        if not isinstance(value, int) or value < 1:
            raise ValueError(f"run got {name}={value!r}; it must be a whole number, 1 or more.")


def _kills(kill: tuple[Any, ...] | list[tuple[Any, ...]] | None) -> set[tuple[str, int, int]]:
    """The planned deaths as a set of (phase, task, attempt)."""
    planned = [] if kill is None else [kill] if isinstance(kill, tuple) else list(kill)
    for death in planned:
        if not (isinstance(death, tuple) and len(death) in (2, 3) and death[0] in ("map", "reduce")):
            raise ValueError(f'run got kill={death!r}; it takes ("map" or "reduce", task) or (phase, task, attempt).')
    return {(*death, 1)[:3] for death in planned}


class Master:
    """The driver of one job. folder: where its files go; temporary: whether they may go with it."""

    def __init__(
        self,
        crew: Crew,
        job: phases.Job,
        workers: int,
        attempts: int,
        kills: set[tuple[str, int, int]],
        folder: str,
        temporary: bool,
    ) -> None:
        self.crew, self.job, self.attempts, self.kills = crew, job, attempts, kills
        self.folder, self.temporary = folder, temporary
        self.wanted, self.started, self.still_born = workers, 0, 0
        self.workers: dict[Process, Worker] = {}
        self.log: list[Event] = []
        self.complete = False  # have all workers been ready once? Before, the first one would take everything
        self.start = time.perf_counter()

    def run(self, splits: list[list[Any]]) -> Result:
        tasks = {"map": len(splits), "reduce": self.job.partitions}
        for phase, number, attempt in self.kills:
            if not (0 <= number < tasks[phase] and 1 <= attempt <= self.attempts):
                raise ValueError(
                    f"run cannot kill attempt {attempt} of {phase} task {number}: there are {phase} tasks "
                    f"0 … {tasks[phase] - 1} with attempts 1 … {self.attempts}."
                )
        mapped = self.execute([Task("map", i, records) for i, records in enumerate(splits)])
        for number in range(self.job.partitions):
            files = [run[number] for report in mapped for run in report["runs"]]
            self.note("shuffled", Task("shuffle", number, None), None, _sizes(files))
        paths = [
            [run[number]["path"] for report in mapped for run in report["runs"]]
            for number in range(self.job.partitions)
        ]
        reduced = self.execute([Task("reduce", number, paths[number]) for number in range(self.job.partitions)])
        output = {key: value for report in reduced for key, value in phases.unpack(report["output"])}
        reports = [part for report in mapped + reduced for part in (report["counters"], report["counts"])]
        moved = {"shuffled_bytes": sum(e.details["bytes"] for e in self.log if e.what == "shuffled")}
        return Result(output, count_everything(self.log, [*reports, moved]), self.log)

    def execute(self, tasks: list[Task]) -> list[dict[str, Any]]:
        """Run tasks of one phase to the end, each as often as it takes; their reports, in order."""
        waiting = deque(tasks)
        reports: dict[int, dict[str, Any]] = {}
        while len(reports) < len(tasks):
            self.fill_up(len(tasks) - len(reports))
            if not self.complete and all(worker.ready for worker in self.workers.values()):
                self.complete, self.start = True, time.perf_counter()
            for worker in self.workers.values():
                if self.complete and worker.ready and worker.task is None and waiting:
                    self.hand_out(waiting.popleft(), worker)
            for process in self.crew.waiting():
                worker = self.workers[process]
                task = worker.task
                try:
                    what, said = process.hear()
                except Ended as end:
                    self.bury(worker, end.exitcode)
                    if task is not None:
                        waiting.appendleft(task)
                    continue
                except Failed as failure:  # outside of any task: it could not even read what it was given
                    raise JobFailed(f"Worker {worker.number} could not begin: {failure}") from None
                if what == "ready":
                    worker.ready = True
                    continue
                assert task is not None  # all else is said in the middle of a task
                if what == "halfway":
                    process.kill()
                elif what == "failed":
                    message, trace = said
                    raise JobFailed(f"{task.phase} task {task.number}: {message}\n\nIn the worker:\n{trace}")
                else:
                    worker.task = None
                    reports[task.number] = said
                    self.note("finished", task, worker, self.details(task, said))
        return [reports[task.number] for task in tasks]

    def fill_up(self, tasks: int) -> None:
        """Start workers until there are as many as were asked for, or as can have work."""
        while len(self.workers) < min(self.wanted, tasks):
            self.started += 1
            name, remove = f"mapreduce worker {self.started}", self.folder if self.temporary else None
            process = self.crew.start(serve, self.job, self.folder, name=name, remove=remove)
            self.workers[process] = Worker(self.started, process)

    def hand_out(self, task: Task, worker: Worker) -> None:
        if task.attempt == self.attempts:
            deaths = ", ".join(f"worker {number} (exit code {code})" for number, code in task.deaths)
            raise JobFailed(
                f"{task.phase} task {task.number} was tried {self.attempts} times, and each time its worker died: "
                f"{deaths}. Look for what ends a process there: memory, os._exit, a crash in compiled code."
            )
        task.attempt += 1
        task.stop_halfway = (task.phase, task.number, task.attempt) in self.kills
        self.note("started", task, worker)
        worker.give(task)

    def bury(self, worker: Worker, exitcode: int) -> None:
        """Take a dead worker off the list and write its death down."""
        task, pid = worker.task, worker.process.pid
        del self.workers[worker.process]
        self.crew.dismiss(worker.process)
        if task is not None:
            task.deaths.append((worker.number, exitcode))
            details = {"exitcode": exitcode, "on purpose": task.stop_halfway, "pid": pid}
            self.note("died", task, worker, details)
            return
        self.still_born += not worker.ready
        if not worker.ready and exitcode > 0 or self.still_born == self.attempts:
            raise JobFailed(
                f"Worker {worker.number} ended while it started (exit code {exitcode}). In a script, the call of `run` "
                'must stand under `if __name__ == "__main__":`, since each worker reads the script too.'
            )

    def details(self, task: Task, report: dict[str, Any]) -> dict[str, Any]:
        if task.phase == "map":
            runs = report["runs"]
            return {"partitions": [_sizes([run[p] for run in runs]) for p in range(self.job.partitions)]}
        return {
            "keys": report["counters"]["reduce_input_groups"],
            "records": report["counters"]["reduce_input_records"],
        }

    def note(self, what: str, task: Task, worker: Worker | None, details: dict[str, Any] | None = None) -> None:
        seconds = time.perf_counter() - self.start
        attempt, number = (task.attempt, worker.number) if worker else (None, None)
        self.log.append(Event(seconds, what, task.phase, task.number, attempt, number, details or {}))


def _sizes(files: list[dict[str, Any]]) -> dict[str, int]:
    return {name: sum(file[name] for file in files) for name in ("records", "bytes")}
