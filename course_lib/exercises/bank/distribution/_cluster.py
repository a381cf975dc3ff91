"""Inputs for exercises on RDDs, and what running an answer cost.

An RDD can be neither copied nor compared, and a case is copied before each call. So a case holds an RDD of a `Cluster`:
its copy is made anew, on a context of its own, which notes what its jobs do.
"""

from course_lib.distributed import rdd
from course_lib.distributed.rdd.kinds import Collection
from course_lib.distributed.rdd.lineage import shuffles


class Cluster(rdd.Context):
    """A context whose copy is a new one.

    collected: whether a job brought more home than one value for each partition. cached: whether a job found an RDD
    that is to be kept; dropped: whether one was given up again.
    """

    def __init__(self, parallelism=2):
        super().__init__(parallelism)
        self.collected = self.cached = self.dropped = False

    def __deepcopy__(self, memo):
        return Cluster(self.defaultParallelism)

    def __repr__(self):
        return "sc"

    def parallelize(self, c, numSlices=None):
        return Parallelized(self, super().parallelize(c, numSlices), list(c))

    def runJob(self, rdd, partitionFunc, partitions=None):
        self.cached |= any(one.is_cached for one in self.rdds)
        results = super().runJob(rdd, partitionFunc, partitions)
        self.collected |= len(results) > rdd.getNumPartitions()
        return results

    def forget(self, rdd):
        self.dropped = True
        super().forget(rdd)


class Parallelized(Collection):
    """`sc.parallelize(rows)` as an input of a case, with its `rows`."""

    def __init__(self, sc, made, rows):
        super().__init__(sc, [sc.unpack(part) for part in made.slices])
        self.rows = rows

    def __deepcopy__(self, memo):
        sc = memo.setdefault(id(self.context), Cluster(self.context.defaultParallelism))
        return sc.parallelize(self.rows, self.partitions)

    def __repr__(self):
        return f"sc.parallelize({self.rows!r}, {self.partitions})"


def sent(rdd):
    """(records, values in them) that its shuffles sent: a list for a key is one record of several values."""
    pairs = [pair for one in shuffles(rdd) for p in range(one.partitions) for some in one.context.fetch(one, p)
             for pair in some]  # fmt: skip
    return len(pairs), sum(len(value) if isinstance(value, list | tuple | set | dict) else 1 for _, value in pairs)
