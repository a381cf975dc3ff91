"""What a job leaves behind: its output, its counters, and a log from which its course can be drawn."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple


class Event(NamedTuple):
    """One line of the log.

    seconds: since the first task was handed out; the processes had to start before.
    what: "started", "finished" or "died" (the worker did, in the middle of this task); "shuffled" for a partition.
    phase: "map", "reduce" or "shuffle". task: its number, from 0; of a shuffle the partition's.
    attempt, worker: counted from 1; None for a shuffle.
    details: of a finished map task {"partitions": [{"records", "bytes"}, …]}, what it leaves for each partition;
        of a shuffle {"records", "bytes"}; of a finished reduce task {"keys", "records"};
        of a death {"exitcode", "on purpose", "pid"}.
    """

    seconds: float
    what: str
    phase: str
    task: int
    attempt: int | None
    worker: int | None
    details: dict[str, Any]

    def __str__(self) -> str:
        time = f"{self.seconds:6.2f} s  "
        if self.what == "shuffled":
            return f"{time}shuffle: {self.details['bytes']:,} bytes for reduce task {self.task}"
        purpose = " on purpose" if self.details.get("on purpose") else ""
        return f"{time}{self.phase} task {self.task}, attempt {self.attempt}: worker {self.worker} {self.what}{purpose}"


class Result:
    """A finished job.

    output: {key: value}, partition by partition, keys in order within each.
    counters: {name: number}. The engine's own have Hadoop's names, those of `count` the names they were given.
    log: the list of `Event`s.
    """

    def __init__(self, output: dict[Any, Any], counters: dict[str, int], log: list[Event]) -> None:
        self.output, self.counters, self.log = output, counters, log

    def __repr__(self) -> str:
        return (
            f"<Result: {len(self.output)} keys, {self.counters['shuffled_bytes']:,} bytes shuffled, "
            f"{self.counters['failed_attempts']} failed attempts>"
        )

    @property
    def shuffled(self) -> list[list[int]]:
        """[map task][partition] -> bytes that went from the one to the other."""
        done = sorted((e.task, e.details["partitions"]) for e in self.finished("map"))
        return [[p["bytes"] for p in partitions] for _, partitions in done]

    @property
    def partition_bytes(self) -> list[int]:
        """Bytes that each reduce task had to fetch: uneven where keys are skewed."""
        return [sum(column) for column in zip(*self.shuffled)]

    def finished(self, phase: str) -> list[Event]:
        return [e for e in self.log if e.phase == phase and e.what == "finished"]

    @property
    def timeline(self) -> list[tuple[Any, ...]]:
        """(worker, phase, task, attempt, from, to, how it ended) of every attempt, in the order of the ends."""
        began: dict[tuple[str, int, int | None], float] = {}
        rows: list[tuple[Any, ...]] = []
        for e in self.log:
            attempt = e.phase, e.task, e.attempt
            if e.what == "started":
                began[attempt] = e.seconds
            elif attempt in began:
                rows.append((e.worker, *attempt, began[attempt], e.seconds, e.what))
        return rows


def count_everything(log: list[Event], reports: Iterable[dict[str, int]]) -> dict[str, int]:
    """The engine's counters, from the log (all attempts) and from the reports of the attempts that counted."""
    counters: Counter[str] = Counter(
        {
            "map_input_records": 0,
            "map_output_records": 0,
            "combine_input_records": 0,
            "combine_output_records": 0,
            "spilled_records": 0,
            "shuffled_bytes": 0,
            "reduce_input_groups": 0,
            "reduce_input_records": 0,
            "reduce_output_records": 0,
        }
    )
    for report in reports:
        counters.update(report)
    counters["launched_map_tasks"] = sum(e.what == "started" and e.phase == "map" for e in log)
    counters["launched_reduce_tasks"] = sum(e.what == "started" and e.phase == "reduce" for e in log)
    counters["failed_attempts"] = sum(e.what == "died" for e in log)
    return dict(counters)
