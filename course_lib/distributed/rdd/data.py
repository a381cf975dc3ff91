"""The RDD: what can be asked of it. Transformations describe, actions run.

A description names its parents and a function; no data is touched. It is made by the context, which knows the few
`kinds` there are. An action hands the RDD to `Context.runJob`, which computes the partitions it needs. Names, arguments
and meanings are PySpark's.
"""

import bisect
import copy
import functools
import itertools
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NoReturn

from course_lib.distributed.keys import stable_hash
from course_lib.distributed.rdd.lineage import describe

Function = Callable[..., Any]
Partitioner = tuple[int, Function]  # the number of partitions, and the function of the key that chooses one

NOT_IN_TASKS = (
    "A function that runs in a task uses an RDD or the context. Only the driver knows those: bring the two data sets "
    "together with join or union, or collect() the small one first and use the list."
)


class Values:
    """The values of a key after `groupByKey`: they can be walked through and counted, as PySpark's ResultIterable."""

    def __init__(self, data: list[Any]) -> None:
        self.data = data

    def __iter__(self) -> Iterator[Any]:
        return iter(self.data)

    def __len__(self) -> int:
        return len(self.data)

    def __repr__(self) -> str:
        return f"<{len(self)} values>"


class RDD:
    """A data set cut into partitions, each of which can be computed again from those of its parents.

    parents: the RDDs it is made of. partitioner: (number of partitions, function) where the partition follows from
    the key, else None. wide: whether a partition needs all partitions of the parent, so that data must be shuffled.
    """

    wide = False

    def __init__(
        self,
        context: Any,
        name: str,
        partitions: int,
        parents: "Sequence[RDD]" = (),
        partitioner: Partitioner | None = None,
    ) -> None:
        self.context, self.name, self.parents, self.partitioner = context, name, list(parents), partitioner
        self.partitions = partitions
        self.is_cached = False
        self.number: int = context.register(self)

    def compute(self, partition: int) -> Iterator[Any]:
        """An iterator over the elements of a partition, from the parents' partitions."""
        raise NotImplementedError

    def needs(self, partition: int) -> "list[tuple[RDD, int]]":
        """What a partition is made of: [(parent, partition of it)]."""
        return [(parent, partition) for parent in self.parents]

    def __repr__(self) -> str:
        return f"<RDD {self.number}: {self.name}, {self.partitions} partitions{', cached' if self.is_cached else ''}>"

    def __reduce__(self) -> NoReturn:
        raise RuntimeError(NOT_IN_TASKS)

    def __getattr__(self, name: str) -> NoReturn:
        own = ("compute", "lineage", "lose", "needs")
        has = sorted(n for n, what in vars(RDD).items() if callable(what) and not n.startswith("_") and n not in own)
        raise AttributeError(f"The small RDD has no {name!r}. Of PySpark's operations it has: {', '.join(has)}.")

    def __iter__(self) -> NoReturn:
        raise TypeError(
            "An RDD cannot be walked through: its elements are not in the driver. Give a function to map, flatMap or "
            "filter, which runs where they are; an action such as take brings some of them here."
        )

    # --- narrow: a partition needs one partition of each parent

    def mapPartitionsWithIndex(
        self, f: Function, preservesPartitioning: bool = False, name: str = "mapPartitionsWithIndex"
    ) -> "RDD":
        """f(number of the partition, iterator over it) -> elements."""
        made: RDD = self.context.mapped(self, f, preservesPartitioning, name)
        return made

    def mapPartitions(self, f: Function, preservesPartitioning: bool = False, name: str = "mapPartitions") -> "RDD":
        """f(iterator over a partition) -> elements: for work that is done once for each partition."""
        return self.mapPartitionsWithIndex(lambda _, items: f(items), preservesPartitioning, name)

    def map(self, f: Function, preservesPartitioning: bool = False, name: str = "map") -> "RDD":
        """One element for each."""
        return self.mapPartitions(lambda items: map(f, items), preservesPartitioning, name)

    def flatMap(self, f: Function, preservesPartitioning: bool = False, name: str = "flatMap") -> "RDD":
        """f(element) -> any number of elements."""
        return self.mapPartitions(
            lambda items: itertools.chain.from_iterable(map(f, items)), preservesPartitioning, name
        )

    def filter(self, f: Function) -> "RDD":
        """The elements for which f is true. They stay where they are."""
        return self.mapPartitions(lambda items: filter(f, items), True, "filter")

    def mapValues(self, f: Function) -> "RDD":
        """(key, f(value)). Keys stay, so a later shuffle by key may not be needed."""
        return self.map(lambda pair: (pair[0], f(pair[1])), True, "mapValues")

    def flatMapValues(self, f: Function) -> "RDD":
        return self.flatMap(lambda pair: ((pair[0], value) for value in f(pair[1])), True, "flatMapValues")

    def keyBy(self, f: Function) -> "RDD":
        return self.map(lambda item: (f(item), item), name="keyBy")

    def keys(self) -> "RDD":
        return self.map(lambda pair: pair[0], name="keys")

    def values(self) -> "RDD":
        return self.map(lambda pair: pair[1], name="values")

    def glom(self) -> "RDD":
        """Each partition as one list: how the data lies."""
        return self.mapPartitions(lambda items: [list(items)], name="glom")

    def union(self, other: "RDD") -> "RDD":
        """The elements of both: partitions side by side, or one by one where both are partitioned alike."""
        both: RDD = self.context.union([self, other])
        return both

    def coalesce(self, numPartitions: int) -> "RDD":
        """Fewer partitions, by putting neighbours together. No shuffle."""
        fewer: RDD = self.context.coalesced(self, numPartitions)
        return fewer

    # --- wide: a partition needs all partitions of the parent

    def partitionBy(self, numPartitions: int | None = None, partitionFunc: Function | None = None) -> "RDD":
        """Send (key, value) to the partition partitionFunc(key) mod numPartitions: a shuffle, unless it is there."""
        partitioner = numPartitions or self.getNumPartitions(), partitionFunc or stable_hash
        return self if self.partitioner == partitioner else self.context.shuffled(self, partitioner)

    def combineByKey(
        self,
        createCombiner: Function,
        mergeValue: Function,
        mergeCombiners: Function,
        numPartitions: int | None = None,
        partitionFunc: Function | None = None,
        name: str = "combineByKey",
    ) -> "RDD":
        """One combined value for each key: first within each partition, then, after a shuffle, across them."""

        def locally(pairs: Iterable[Any]) -> Iterable[Any]:
            found: dict[Any, Any] = {}
            for key, value in pairs:
                found[key] = mergeValue(found[key], value) if key in found else createCombiner(value)
            return found.items()

        def across(pairs: Iterable[Any]) -> Iterable[Any]:
            found: dict[Any, Any] = {}
            for key, value in pairs:
                found[key] = mergeCombiners(found[key], value) if key in found else value
            return found.items()

        local = self.mapPartitions(locally, True, f"{name}, in each partition")
        return local.partitionBy(numPartitions, partitionFunc).mapPartitions(across, True, f"{name}, across")

    def reduceByKey(
        self, func: Function, numPartitions: int | None = None, partitionFunc: Function | None = None
    ) -> "RDD":
        """func(a, b) over the values of each key; func must not mind order and grouping."""
        return self.combineByKey(lambda value: value, func, func, numPartitions, partitionFunc, "reduceByKey")

    def aggregateByKey(
        self,
        zeroValue: Any,
        seqFunc: Function,
        combFunc: Function,
        numPartitions: int | None = None,
        partitionFunc: Function | None = None,
    ) -> "RDD":
        """From a zero for each key: seqFunc(so far, value) in each partition, combFunc(a, b) across them."""
        return self.combineByKey(
            lambda value: seqFunc(copy.deepcopy(zeroValue), value),
            seqFunc,
            combFunc,
            numPartitions,
            partitionFunc,
            "aggregateByKey",
        )

    def groupByKey(self, numPartitions: int | None = None, partitionFunc: Function | None = None) -> "RDD":
        """(key, all its values). Every value crosses the shuffle: where you then sum, `reduceByKey` sends less."""

        def add(values: list[Any], value: Any) -> list[Any]:
            values.append(value)
            return values

        def extend(values: list[Any], more: list[Any]) -> list[Any]:
            values.extend(more)
            return values

        grouped = self.combineByKey(lambda value: [value], add, extend, numPartitions, partitionFunc, name="groupByKey")
        return grouped.mapValues(Values)

    def join(self, other: "RDD", numPartitions: int | None = None) -> "RDD":
        """(key, (a, b)) for each a and b that have the key in common. One shuffle of both, as PySpark does it."""

        def pairs(tagged: Values) -> Iterator[tuple[Any, Any]]:
            left = [value for side, value in tagged if side == 1]
            right = [value for side, value in tagged if side == 2]
            return ((a, b) for a in left for b in right)

        both = self.mapValues(lambda value: (1, value)).union(other.mapValues(lambda value: (2, value)))
        return both.groupByKey(numPartitions).flatMapValues(pairs)

    def distinct(self, numPartitions: int | None = None) -> "RDD":
        return self.map(lambda x: (x, None)).reduceByKey(lambda x, _: x, numPartitions).map(lambda pair: pair[0])

    def sortByKey(self, ascending: bool = True, numPartitions: int | None = None) -> "RDD":
        """Pairs in the order of their keys, through all partitions.

        The borders between partitions come from a sample, so two jobs run at once, before any action: as in Spark.
        """
        partitions = numPartitions or self.getNumPartitions()

        def in_order(pairs: Iterable[Any]) -> list[Any]:
            return sorted(pairs, key=lambda pair: pair[0], reverse=not ascending)

        if partitions == 1:
            source = self if self.getNumPartitions() == 1 else self.coalesce(1)
            return source.mapPartitions(in_order, True, "sortByKey")
        size = self.count()
        if not size:
            return self
        share = min(20 * partitions / size, 1)

        def sample(number: int, pairs: Iterable[Any]) -> Iterator[Any]:
            chance = random.Random(number)
            return (key for key, _ in pairs if chance.random() < share)

        keys = sorted(self.mapPartitionsWithIndex(sample, name="sample").collect())
        borders = [keys[len(keys) * i // partitions] for i in range(1, partitions)] if keys else []

        def place(key: Any) -> int:
            before = bisect.bisect_left(borders, key)
            return before if ascending else partitions - 1 - before

        return self.partitionBy(partitions, place).mapPartitions(in_order, True, "sortByKey")

    def sortBy(self, keyfunc: Function, ascending: bool = True, numPartitions: int | None = None) -> "RDD":
        return self.keyBy(keyfunc).sortByKey(ascending, numPartitions).values()

    # --- actions: these run

    def _run(self, f: Function, partitions: Iterable[int] | None = None) -> list[Any]:
        found: list[Any] = self.context.runJob(self, f, partitions)
        return found

    def collect(self) -> list[Any]:
        """All elements, partition after partition, as a list in the driver."""
        return self._run(lambda items: items)

    def count(self) -> int:
        return sum(self._run(lambda items: [sum(1 for _ in items)]))

    def sum(self) -> Any:
        return sum(self._run(lambda items: [sum(items)]))

    def mean(self) -> float:
        """The sum by the number, from one pass over the data; 0 where there is none, as PySpark has it."""

        def both(a: tuple[Any, int], b: tuple[Any, int]) -> tuple[Any, int]:
            return a[0] + b[0], a[1] + b[1]

        total, number = self.aggregate((0, 0), lambda so_far, x: both(so_far, (x, 1)), both)
        return float(total / max(number, 1))

    def max(self, key: Function | None = None) -> Any:
        return self.reduce(lambda a, b: max(a, b, key=key))

    def min(self, key: Function | None = None) -> Any:
        return self.reduce(lambda a, b: min(a, b, key=key))

    def reduce(self, f: Function) -> Any:
        """f(a, b) within each partition, then over the partitions' results."""

        def locally(items: Iterable[Any]) -> list[Any]:
            items = iter(items)
            return [functools.reduce(f, items, first) for first in itertools.islice(items, 1)]

        found = self._run(locally)
        if not found:
            raise ValueError("Can not reduce() empty RDD")
        return functools.reduce(f, found)

    def aggregate(self, zeroValue: Any, seqOp: Function, combOp: Function) -> Any:
        """seqOp(so far, element) within each partition, combOp(a, b) over the results; each starts at zeroValue.

        So zeroValue comes in once more than there are partitions, and must be neutral.
        """
        found = self._run(lambda items: [functools.reduce(seqOp, items, zeroValue)])
        return functools.reduce(combOp, found, zeroValue)

    def take(self, num: int) -> list[Any]:
        """The first elements. Computes one partition, then more only while they do not suffice."""
        found: list[Any] = []
        looked, total = 0, self.getNumPartitions()
        while len(found) < num and looked < total:
            more = 1
            if looked:  # PySpark's guess: as the density so far, and half as much again; at most four times as many
                more = looked * 4
                if found:
                    more = min(max(int(1.5 * num * looked / len(found)) - looked, 1), more)
            left = num - len(found)
            parts = range(looked, min(looked + more, total))
            found += self._run(lambda items, left=left: itertools.islice(items, left), parts)
            looked += more
        return found[:num]

    def first(self) -> Any:
        found = self.take(1)
        if not found:
            raise ValueError("RDD is empty")
        return found[0]

    def foreach(self, f: Function) -> None:
        """f(element) for what it does, for instance to an accumulator."""

        def each(items: Iterable[Any]) -> tuple[()]:
            for item in items:
                f(item)
            return ()

        self._run(each)

    def countByKey(self) -> dict[Any, int]:
        return dict(self.mapValues(lambda _: 1).reduceByKey(lambda a, b: a + b).collect())

    # --- kept, and lost

    def cache(self) -> "RDD":
        """Keep each partition from when it is first computed."""
        self.is_cached = True
        return self

    def persist(self, storageLevel: Any = None) -> "RDD":
        """As `cache`: there is only memory here."""
        return self.cache()

    def unpersist(self, blocking: bool = False) -> "RDD":
        self.is_cached = False
        self.context.forget(self)
        return self

    def lose(self, partition: int) -> None:
        """The machine that computed this partition is gone, and with it what it had cached and written for a shuffle.

        Not in PySpark, where machines are lost without being asked.
        """
        self.context.lose(self, partition)

    # --- what it is

    def getNumPartitions(self) -> int:
        return self.partitions

    def id(self) -> int:
        return self.number

    def lineage(self) -> str:
        """The RDDs it is made of, one a line, a step to the right for each shuffle."""
        return describe(self)

    def toDebugString(self) -> bytes:
        """`lineage` as bytes, as PySpark returns it."""
        return self.lineage().encode()
