"""The same job in this process, with every pair kept: what the picture of moving cards is drawn from."""

from course_lib.distributed.keys import partition_of
from course_lib.distributed.mapreduce import phases


class Trace:
    """All that a job does, step by step. `[task]` counts map tasks, `[p]` partitions.

    splits[task]: records. mapped[task]: pairs as the mapper yields them.
    sent[task][p]: pairs that go from the task to the partition, sorted, and combined where there is a combiner.
    shuffled[task][p]: their bytes, as `run` counts them.
    groups[p]: (key, [values]) as the reducer sees them. reduced[p]: (key, value). output: {key: value}.
    """

    def __init__(self, splits, mapped, sent, groups, reduced):
        self.splits, self.mapped, self.sent, self.groups, self.reduced = splits, mapped, sent, groups, reduced
        self.shuffled = [[sum(len(phases.pack(pair)) for pair in run) for run in task] for task in sent]
        self.output = {key: value for pairs in reduced for key, value in pairs}

    @property
    def partition_bytes(self):
        """Bytes that each reduce task must fetch."""
        return [sum(column) for column in zip(*self.shuffled)]


def trace(inputs, mapper, reducer, combiner=None, *, partitions=2, map_tasks=None, partitioner=partition_of):
    """Follow a job's pairs through all its steps; arguments as in `run`. For small inputs: everything is kept."""
    records = list(inputs)
    job = phases.Job(mapper, reducer, combiner, partitions, partitioner)
    splits = phases.split(records, map_tasks or max(1, min(len(records), 8)))
    mapped = [list(phases.mapped(job, records)) for records in splits]
    sent = [phases.arranged(job, pairs) for pairs in mapped]
    groups = [list(phases.merged(task[p] for task in sent)) for p in range(partitions)]
    reduced = [list(phases.reduced(job, part)) for part in groups]
    return Trace(splits, mapped, sent, groups, reduced)
