"""The driver: runs jobs stage by stage, keeps what is worth keeping, and counts.

A job needs some partitions of an RDD. Wherever that RDD rests on a shuffle, the stage before must have written its
buckets: those that are missing are written first, and only those. Then each partition is read through the chain of
functions that ends at data from the driver, at a shuffle, or at something cached.

So that the same program means the same as on Spark, all that would travel there is copied here: data from the driver,
functions for each task, buckets of a shuffle, cached partitions, results.
"""

import pickle
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NoReturn

import cloudpickle

from course_lib.distributed.rdd.data import NOT_IN_TASKS, RDD, Function, Partitioner
from course_lib.distributed.rdd.kinds import Coalesced, Collection, MapPartitions, Shuffled, Union, Zipped
from course_lib.distributed.rdd.lineage import shuffles
from course_lib.distributed.rdd.shared import Accumulator, Broadcast


class Report:
    """What one job did.

    stages: all it rests on, the last included. stages_run: those that had tasks; the others were skipped, their
    shuffle being there still. tasks: partitions run through a stage. computed: {(id of the RDD, partition): times}.
    cached: the same for partitions read from the cache. shuffled_records, shuffled_bytes: written for shuffles.
    """

    def __init__(self, number: int, stages: int) -> None:
        self.number, self.stages = number, stages
        self.stages_run = self.tasks = self.shuffled_records = self.shuffled_bytes = 0
        self.computed: Counter[tuple[int, int]] = Counter()
        self.cached: Counter[tuple[int, int]] = Counter()

    def __repr__(self) -> str:
        return (
            f"<job {self.number}: {self.stages} stages, {self.stages - self.stages_run} skipped, {self.tasks} tasks, "
            f"{self.computed.total()} partitions computed, {self.cached.total()} from the cache, "
            f"{self.shuffled_bytes:,} bytes shuffled>"
        )

    def partitions(self, rdd: RDD) -> list[int]:
        """The partitions of an RDD that were computed in this job."""
        return sorted(partition for number, partition in self.computed if number == rdd.number)


class Context:
    """What `SparkContext` is to PySpark. parallelism: partitions where none are asked for."""

    def __init__(self, parallelism: int = 2) -> None:
        self.defaultParallelism = parallelism
        self.rdds: list[RDD] = []
        self.jobs: list[Report] = []
        self._cache: dict[tuple[int, int], bytes] = {}  # (id of the RDD, partition) -> bytes of its elements
        # id of the shuffled RDD -> {partition of its parent: {partition: bytes}}
        self._outputs: dict[int, dict[int, dict[int, bytes]]] = {}
        self._functions: dict[int, bytes] = {}  # id of the RDD -> bytes of its function, as of this job

    def __reduce__(self) -> NoReturn:
        raise RuntimeError(NOT_IN_TASKS)

    # --- data in

    def parallelize(self, c: Iterable[Any], numSlices: int | None = None) -> RDD:
        """A list or range from the driver as an RDD, cut as PySpark cuts it."""
        n = self.defaultParallelism if numSlices is None else int(numSlices)
        items = c if isinstance(c, range) else list(c)
        batch = 1 if isinstance(c, range) else max(1, min(len(items) // n, 1024))  # PySpark cuts lists between batches
        batches = -(-len(items) // batch)
        borders = [i * batches // n * batch for i in range(n)] + [len(items)]
        return Collection(self, [items[start:stop] for start, stop in zip(borders, borders[1:])])

    def textFile(self, name: str, minPartitions: int | None = None) -> RDD:
        """The lines of a UTF-8 file."""
        with open(name, encoding="utf-8") as lines:
            return self.parallelize([line.rstrip("\r\n") for line in lines], minPartitions)

    def accumulator(self, value: Any) -> Accumulator:
        return Accumulator(value)

    def broadcast(self, value: Any) -> Broadcast:
        return Broadcast(value)

    # --- data from data: one line for each kind there is

    def mapped(self, parent: RDD, function: Function, preserves: bool, name: str) -> RDD:
        return MapPartitions(parent, function, preserves, name)

    def shuffled(self, parent: RDD, partitioner: Partitioner) -> RDD:
        return Shuffled(parent, partitioner)

    def coalesced(self, parent: RDD, partitions: int) -> RDD:
        return Coalesced(parent, partitions)

    def union(self, rdds: Iterable[RDD]) -> RDD:
        """The elements of all: partitions side by side, or one by one for two that are partitioned alike."""
        first, *rest = rdds
        for other in rest:
            alike = first.partitioner is not None and first.partitioner == other.partitioner
            first = Zipped([first, other]) if alike else Union([first, other])
        return first

    def register(self, rdd: RDD) -> int:
        """Take note of a new RDD; its number."""
        self.rdds.append(rdd)
        return len(self.rdds) - 1

    # --- jobs

    def runJob(self, rdd: RDD, partitionFunc: Function, partitions: Sequence[int] | None = None) -> list[Any]:
        """partitionFunc(iterator over a partition) -> elements; those of all (or the given) partitions in one list."""
        partitions = range(rdd.partitions) if partitions is None else partitions
        report = Report(len(self.jobs), 1 + len(shuffles(rdd)))
        self.jobs.append(report)
        self._functions.clear()
        self._write_missing(rdd, set())
        function = self.ship(partitionFunc)
        results: list[Any] = []
        for partition in partitions:
            results += self.unpack(self.pack(list(pickle.loads(function)(self.read(rdd, partition)))))
        report.stages_run += 1
        report.tasks += len(partitions)
        return results

    def _write_missing(self, rdd: Any, seen: set[int]) -> None:
        """Run the map side of every shuffle that this RDD rests on, where buckets are missing."""
        if rdd.number in seen or self._all_cached(rdd):
            return
        seen.add(rdd.number)
        written = self._outputs.setdefault(rdd.number, {}) if rdd.wide else {}
        missing = [p for p in range(rdd.parents[0].partitions) if p not in written] if rdd.wide else []
        if not rdd.wide or missing:
            for parent in rdd.parents:
                self._write_missing(parent, seen)
        if missing:
            report = self.jobs[-1]
            report.stages_run += 1
            report.tasks += len(missing)
            for partition in missing:
                buckets = rdd.buckets(partition)
                written[partition] = {number: self.pack(bucket) for number, bucket in buckets.items()}
                report.shuffled_records += sum(map(len, buckets.values()))
                report.shuffled_bytes += sum(map(len, written[partition].values()))

    def _all_cached(self, rdd: RDD) -> bool:
        return rdd.is_cached and all((rdd.number, p) in self._cache for p in range(rdd.partitions))

    # --- what tasks ask for

    def read(self, rdd: RDD, partition: int) -> Iterator[Any]:
        """An iterator over a partition: from the cache, or computed (and then cached, where that was asked for)."""
        place = rdd.number, partition
        report = self.jobs[-1]
        if place in self._cache:
            report.cached[place] += 1
            return iter(self.unpack(self._cache[place]))
        report.computed[place] += 1
        items = rdd.compute(partition)
        if rdd.is_cached:
            self._cache[place] = self.pack(list(items))
            return iter(self.unpack(self._cache[place]))
        return items

    def fetch(self, rdd: RDD, partition: int) -> Iterator[list[Any]]:
        """The buckets written for a partition of a shuffled RDD, in the order of the parent's partitions."""
        written = self._outputs[rdd.number]
        for number in sorted(written):
            if partition in written[number]:
                yield self.unpack(written[number][partition])

    def shipped(self, rdd: MapPartitions | Shuffled) -> Function:
        """A fresh copy of the function of an RDD, as it was when the job began."""
        if rdd.number not in self._functions:
            self._functions[rdd.number] = self.ship(rdd.function)
        function: Function = pickle.loads(self._functions[rdd.number])
        return function

    # --- what is kept, and what is lost

    def forget(self, rdd: RDD) -> None:
        self._cache = {place: data for place, data in self._cache.items() if place[0] != rdd.number}

    def lose(self, rdd: RDD, partition: int) -> None:
        """Drop what the task that computed this partition left: its cached copy, its buckets for shuffles."""
        if partition not in range(rdd.partitions):
            raise ValueError(f"{rdd} has partitions 0 … {rdd.partitions - 1}; it cannot lose {partition!r}.")
        self._cache.pop((rdd.number, partition), None)
        for number, written in self._outputs.items():
            if self.rdds[number].parents[0] is rdd:
                written.pop(partition, None)

    def lose_executor(self, number: int, executors: int = 2) -> None:
        """One of several machines is gone; partition p of everything was computed on machine p mod `executors`."""
        for rdd in self.rdds:
            for partition in range(number, rdd.partitions, executors):
                self.lose(rdd, partition)

    # --- how things travel

    def ship(self, function: Function) -> bytes:
        try:
            shipped: bytes = cloudpickle.dumps(function)
        except (TypeError, pickle.PicklingError) as error:
            raise TypeError(
                f"A function cannot be sent to the tasks, since it uses something that cannot be copied: {error}. "
                "Open files, locks and connections inside the function, best once for each partition (mapPartitions)."
            ) from error
        return shipped

    def pack(self, items: list[Any]) -> bytes:
        try:
            return pickle.dumps(items, protocol=5)
        except (TypeError, AttributeError, pickle.PicklingError):
            packed: bytes = cloudpickle.dumps(items)
            return packed

    def unpack(self, data: bytes) -> list[Any]:
        items: list[Any] = pickle.loads(data)
        return items
