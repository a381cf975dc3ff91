"""How a partition of each kind of RDD is computed. There are six kinds; everything else is made of them."""

from collections.abc import Iterator, Sequence
from typing import Any

from course_lib.distributed.keys import stable_hash
from course_lib.distributed.rdd.data import RDD, Function, Partitioner


class Collection(RDD):
    """Data from the driver, cut into slices, each kept as bytes: what the driver changes later does not reach it."""

    def __init__(self, context: Any, slices: Sequence[Sequence[Any]]) -> None:
        super().__init__(context, "parallelize", len(slices))
        self.slices = [context.pack(list(part)) for part in slices]

    def compute(self, partition: int) -> Iterator[Any]:
        return iter(self.context.unpack(self.slices[partition]))


class MapPartitions(RDD):
    """function(number, iterator over the parent's partition), which runs while it is read: no list in between."""

    def __init__(self, parent: RDD, function: Function, preserves: bool, name: str) -> None:
        super().__init__(parent.context, name, parent.partitions, [parent], parent.partitioner if preserves else None)
        self.function = function

    def compute(self, partition: int) -> Iterator[Any]:
        function = self.context.shipped(self)
        return iter(function(partition, self.context.read(self.parents[0], partition)))


class Shuffled(RDD):
    """(key, value) pairs in the partition of their key. The stage before has written them out, a bucket for each."""

    wide = True

    def __init__(self, parent: RDD, partitioner: Partitioner) -> None:
        partitions, self.function = partitioner
        name = "shuffle by key" if self.function is stable_hash else "shuffle by a function of the key"
        super().__init__(parent.context, name, partitions, [parent], partitioner)

    def buckets(self, partition: int) -> dict[int, list[Any]]:
        """What the parent's partition sends to each partition."""
        function = self.context.shipped(self)
        found: dict[int, list[Any]] = {}
        for pair in self.context.read(self.parents[0], partition):
            if not (isinstance(pair, (tuple, list)) and len(pair) == 2):
                raise TypeError(f"A shuffle by key got {pair!r}; its elements must be pairs (key, value).")
            found.setdefault(function(pair[0]) % self.partitions, []).append(pair)
        return found

    def needs(self, partition: int) -> list[tuple[RDD, int]]:
        return [(self.parents[0], number) for number in range(self.parents[0].partitions)]

    def compute(self, partition: int) -> Iterator[Any]:
        for bucket in self.context.fetch(self, partition):
            yield from bucket


class Joined(RDD):
    """Partitions of the parents put one after the other; `needs` says which."""

    def compute(self, partition: int) -> Iterator[Any]:
        for parent, number in self.needs(partition):
            yield from self.context.read(parent, number)


class Union(Joined):
    """The partitions of the parents, one parent after the other."""

    def __init__(self, parents: list[RDD]) -> None:
        super().__init__(parents[0].context, "union", sum(p.partitions for p in parents), parents)

    def needs(self, partition: int) -> list[tuple[RDD, int]]:
        return [[(parent, number) for parent in self.parents for number in range(parent.partitions)][partition]]


class Zipped(Joined):
    """A union of parents that are partitioned alike: partition i is made of their partitions i, and no key moves."""

    def __init__(self, parents: list[RDD]) -> None:
        first = parents[0]
        super().__init__(first.context, "union of alike partitions", first.partitions, parents, first.partitioner)


class Coalesced(Joined):
    """Neighbouring partitions of the parent put together."""

    def __init__(self, parent: RDD, partitions: int) -> None:
        if partitions < 1:
            raise ValueError("Number of partitions must be positive.")
        super().__init__(parent.context, "coalesce", min(partitions, parent.partitions), [parent])

    def needs(self, partition: int) -> list[tuple[RDD, int]]:
        parent, total = self.parents[0], self.parents[0].partitions
        first, last = partition * total // self.partitions, (partition + 1) * total // self.partitions
        return [(parent, number) for number in range(first, last)]
