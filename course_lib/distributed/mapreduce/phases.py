"""What the steps of MapReduce do to data, without processes: each is a function from pairs to pairs.

    split      records            -> one list of records for each map task
    mapped     records            -> (key, value) pairs, as the mapper yields them
    arranged   pairs              -> one run for each partition: sorted by key, and combined
    merged     runs of all maps   -> (key, [values]), keys in order, each key once
    reduced    (key, [values])    -> (key, value), as the reducer returns it

A worker and the picture call the same functions; so does the test that holds both against a plain dictionary.
"""

import heapq
import io
import pickle
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

from course_lib.distributed.keys import partition_of, sort_key
from course_lib.text.words import counted, short

Pair = tuple[Any, Any]  # a key and a value
Group = tuple[Any, list[Any]]  # a key and all its values
Mapper = Callable[[Any], Iterable[Any]]
Reducer = Callable[[Any, list[Any]], Any]
Partitioner = Callable[[Any, int], int]

_counts: Counter[str] = Counter()  # of the task that runs in this process


class TaskError(Exception):
    """A function of the programmer's failed; the message says which one, and on what."""


def count(name: str, amount: int = 1) -> None:
    """Add to a counter from inside a mapper, combiner or reducer: `count("empty lines")`.

    The number travels back with the task that counted it, and only when that task ends well: what a worker counted
    before it died is not in the result. A global variable would stay behind in the worker's process.
    """
    _counts[name] += amount


def take_counts() -> dict[str, int]:
    """What was counted since the last call."""
    taken = dict(_counts)
    _counts.clear()
    return taken


class Job:
    """The programmer's functions, and the number of partitions."""

    def __init__(
        self,
        mapper: Mapper,
        reducer: Reducer,
        combiner: Reducer | None = None,
        partitions: int = 2,
        partitioner: Partitioner = partition_of,
        spill_after: int = 10_000,
    ) -> None:
        self.mapper, self.reducer, self.combiner = mapper, reducer, combiner
        self.partitions, self.partitioner, self.spill_after = partitions, partitioner, spill_after


def split(records: list[Any], tasks: int) -> list[list[Any]]:
    """Cut a list into `tasks` neighbouring pieces whose lengths differ by one at most."""
    n = len(records)
    return [records[i * n // tasks : (i + 1) * n // tasks] for i in range(tasks)]


def mapped(job: Job, records: Iterable[Any]) -> Iterator[Pair]:
    """The pairs that the mapper makes of the records, in order."""
    for record in records:
        for pair in _pairs(job.mapper, record):
            if not (isinstance(pair, (tuple, list)) and len(pair) == 2):
                raise TaskError(
                    f"mapper yielded {short(pair)} for the record {short(record)}; "
                    "it must yield pairs: `yield key, value`."
                )
            key, value = pair
            yield key, value


def _pairs(mapper: Mapper, record: Any) -> Iterator[Any]:
    """What the mapper yields; what goes wrong on the way is told with the record."""
    try:
        pairs = mapper(record)
        if pairs is None or not hasattr(pairs, "__iter__"):
            raise TaskError(
                f"mapper returned {short(pairs)} for the record {short(record)}; it must yield pairs: "
                "`yield key, value`."
            )
        yield from pairs
    except TaskError:
        raise
    except Exception as error:
        raise TaskError(f"mapper failed on the record {short(record)}: {type(error).__name__}: {error}") from error


def spilled(job: Job, pairs: Iterable[Pair]) -> Iterator[list[list[Pair]]]:
    """Cut the stream of a map task where the buffer is full; yields what `arranged` makes of each piece."""
    buffer: list[Pair] = []
    for pair in pairs:
        buffer.append(pair)
        if len(buffer) >= job.spill_after:
            yield arranged(job, buffer)
            buffer = []
    if buffer:
        yield arranged(job, buffer)


def arranged(job: Job, pairs: Iterable[Pair]) -> list[list[Pair]]:
    """Partition the pairs, sort each partition by key, and combine what has the same key."""
    runs: list[list[Pair]] = [[] for _ in range(job.partitions)]
    for key, value in pairs:
        runs[_partition(job, key)].append((key, value))
    runs = [sorted(run, key=_by_key) for run in runs]
    return [combined(job.combiner, run) for run in runs] if job.combiner else runs


def _partition(job: Job, key: Any) -> int:
    try:
        number = job.partitioner(key, job.partitions)
        if number not in range(job.partitions):
            raise ValueError(f"the partitioner answered {number!r}; there are partitions 0 … {job.partitions - 1}")
    except Exception as error:
        raise TaskError(f"No partition for the key {short(key)}: {error}") from error
    return number


def combined(combiner: Reducer, run: list[Pair]) -> list[Pair]:
    """One pair for each key of a sorted run."""
    return [(key, _called("combiner", combiner, key, values)) for key, values in grouped(run)]


def merged(runs: Iterable[Iterable[Pair]]) -> Iterator[Group]:
    """Merge sorted runs and gather the values of each key, those of earlier runs first."""
    return grouped(heapq.merge(*runs, key=_by_key))


def grouped(pairs: Iterable[Pair]) -> Iterator[Group]:
    """Neighbouring pairs with the same key as (key, [values])."""
    for _, same in groupby(pairs, key=_by_key):
        (key, value), *rest = same
        yield key, [value, *(value for _, value in rest)]


def reduced(job: Job, groups: Iterable[Group]) -> Iterator[Pair]:
    for key, values in groups:
        yield key, _called("reducer", job.reducer, key, values)


def _called(name: str, function: Reducer, key: Any, values: list[Any]) -> Any:
    try:
        return function(key, values)
    except Exception as error:
        raise TaskError(
            f"{name} failed on the key {short(key)} with {counted(len(values), 'value')} {short(values)}: "
            f"{type(error).__name__}: {error}"
        ) from error


def _by_key(pair: Pair) -> Any:
    return sort_key(pair[0])


def pack(pair: Pair) -> bytes:
    """A pair as bytes, as it lies on the disk and travels to the reducer."""
    try:
        return pickle.dumps(pair, protocol=5)
    except (pickle.PicklingError, AttributeError, TypeError):
        import cloudpickle  # an object whose class was written in a notebook's cell

        try:
            packed: bytes = cloudpickle.dumps(pair)
            return packed
        except Exception as error:
            raise TaskError(f"The pair {short(pair)} cannot be written to a file: {error}") from error


def unpack(data: bytes) -> Iterator[Any]:
    """The pairs that were packed, one after the other."""
    stream, end = io.BytesIO(data), len(data)
    while stream.tell() < end:
        yield pickle.load(stream)
