"""The driver: runs jobs stage by stage, keeps what is worth keeping, and counts.

A job needs some partitions of an RDD. Wherever that RDD rests on a shuffle, the stage before must have written its
buckets: those that are missing are written first, and only those. Then each partition is read through the chain of
functions that ends at data from the driver, at a shuffle, or at something cached.

So that the same program means the same as on Spark, all that would travel there is copied here: data from the driver,
functions for each task, buckets of a shuffle, cached partitions, results.
"""

import pickle
from collections import Counter

import cloudpickle

from course_lib.distributed.rdd.data import RDD
from course_lib.distributed.rdd.kinds import Collection
from course_lib.distributed.rdd.lineage import shuffles
from course_lib.distributed.rdd.shared import Accumulator, Broadcast


class Report:
    """What one job did.

    stages: all it rests on, the last included. stages_run: those that had tasks; the others were skipped, their
    shuffle being there still. tasks: partitions run through a stage. computed: {(id of the RDD, partition): times}.
    cached: the same for partitions read from the cache. shuffled_records, shuffled_bytes: written for shuffles.
    """

    def __init__(self, number, stages):
        self.number, self.stages = number, stages
        self.stages_run = self.tasks = self.shuffled_records = self.shuffled_bytes = 0
        self.computed, self.cached = Counter(), Counter()

    def __repr__(self):
        return (
            f"<job {self.number}: {self.stages} stages, {self.stages - self.stages_run} skipped, {self.tasks} tasks, "
            f"{self.computed.total()} partitions computed, {self.cached.total()} from the cache, "
            f"{self.shuffled_bytes:,} bytes shuffled>"
        )

    def partitions(self, rdd):
        """The partitions of an RDD that were computed in this job."""
        return sorted(partition for number, partition in self.computed if number == rdd.number)


class Context:
    """What `SparkContext` is to PySpark. parallelism: partitions where none are asked for."""

    def __init__(self, parallelism=2):
        self.defaultParallelism = parallelism
        self.rdds, self.jobs = [], []
        self._cache = {}  # (id of the RDD, partition) -> bytes of its elements
        self._outputs = {}  # id of the shuffled RDD -> {partition of its parent: {partition: bytes}}
        self._functions = {}  # id of the RDD -> bytes of its function, as of this job

    def __reduce__(self):
        return RDD.__reduce__(self)

    # --- data in

    def parallelize(self, c, numSlices=None):
        """A list or range from the driver as an RDD, cut as PySpark cuts it."""
        n = self.defaultParallelism if numSlices is None else int(numSlices)
        items = c if isinstance(c, range) else list(c)
        batch = 1 if isinstance(c, range) else max(1, min(len(items) // n, 1024))  # PySpark cuts lists between batches
        batches = -(-len(items) // batch)
        borders = [i * batches // n * batch for i in range(n)] + [len(items)]
        return Collection(self, [items[start:stop] for start, stop in zip(borders, borders[1:])])

    def textFile(self, name, minPartitions=None):
        """The lines of a UTF-8 file."""
        with open(name, encoding="utf-8") as lines:
            return self.parallelize([line.rstrip("\r\n") for line in lines], minPartitions)

    def union(self, rdds):
        first, *rest = rdds
        for other in rest:
            first = first.union(other)
        return first

    def accumulator(self, value):
        return Accumulator(value)

    def broadcast(self, value):
        return Broadcast(value)

    def register(self, rdd):
        self.rdds.append(rdd)
        return len(self.rdds) - 1

    # --- jobs

    def runJob(self, rdd, partitionFunc, partitions=None):
        """partitionFunc(iterator over a partition) -> elements; those of all (or the given) partitions in one list."""
        partitions = range(rdd.partitions) if partitions is None else partitions
        report = Report(len(self.jobs), 1 + len(shuffles(rdd)))
        self.jobs.append(report)
        self._functions.clear()
        self._write_missing(rdd, set())
        function, results = self.ship(partitionFunc), []
        for partition in partitions:
            results += self.unpack(self.pack(list(pickle.loads(function)(self.read(rdd, partition)))))
        report.stages_run += 1
        report.tasks += len(partitions)
        return results

    def _write_missing(self, rdd, seen):
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

    def _all_cached(self, rdd):
        return rdd.is_cached and all((rdd.number, p) in self._cache for p in range(rdd.partitions))

    # --- what tasks ask for

    def read(self, rdd, partition):
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

    def fetch(self, rdd, partition):
        """The buckets written for a partition of a shuffled RDD, in the order of the parent's partitions."""
        written = self._outputs[rdd.number]
        for number in sorted(written):
            if partition in written[number]:
                yield self.unpack(written[number][partition])

    def shipped(self, rdd):
        """A fresh copy of the function of an RDD, as it was when the job began."""
        if rdd.number not in self._functions:
            self._functions[rdd.number] = self.ship(rdd.function)
        return pickle.loads(self._functions[rdd.number])

    # --- what is kept, and what is lost

    def forget(self, rdd):
        self._cache = {place: data for place, data in self._cache.items() if place[0] != rdd.number}

    def lose(self, rdd, partition):
        """Drop what the task that computed this partition left: its cached copy, its buckets for shuffles."""
        if partition not in range(rdd.partitions):
            raise ValueError(f"{rdd} has partitions 0 … {rdd.partitions - 1}; it cannot lose {partition!r}.")
        self._cache.pop((rdd.number, partition), None)
        for number, written in self._outputs.items():
            if self.rdds[number].parents[0] is rdd:
                written.pop(partition, None)

    def lose_executor(self, number, executors=2):
        """One of several machines is gone; partition p of everything was computed on machine p mod `executors`."""
        for rdd in self.rdds:
            for partition in range(number, rdd.partitions, executors):
                self.lose(rdd, partition)

    # --- how things travel

    def ship(self, function):
        try:
            return cloudpickle.dumps(function)
        except (TypeError, pickle.PicklingError) as error:
            raise TypeError(
                f"A function cannot be sent to the tasks, since it uses something that cannot be copied: {error}. "
                "Open files, locks and connections inside the function, best once for each partition (mapPartitions)."
            ) from error

    def pack(self, items):
        try:
            return pickle.dumps(items, protocol=5)
        except (TypeError, AttributeError, pickle.PicklingError):
            return cloudpickle.dumps(items)

    def unpack(self, data):
        return pickle.loads(data)
