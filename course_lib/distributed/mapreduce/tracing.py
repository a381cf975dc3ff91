"""The same job in this process, with every pair kept: what the picture of moving cards is drawn from."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable
from typing import Any, NamedTuple

from course_lib.distributed.keys import partition_of, sort_key
from course_lib.distributed.mapreduce import phases


class Card(NamedTuple):
    """A pair and its way; see `Trace.cards`."""

    task: int
    place: int
    key: Any
    value: Any
    order: int
    partition: int
    sent: int
    sent_value: Any
    first: bool
    pile: int
    layer: int
    total: Any


class Trace:
    """All that a job does, step by step. `[task]` counts map tasks, `[p]` partitions.

    splits[task]: records. mapped[task]: pairs as the mapper yields them.
    sent[task][p]: pairs that go from the task to the partition, sorted, and combined where there is a combiner.
    shuffled[task][p]: their bytes, as `run` counts them.
    groups[p]: (key, [values]) as the reducer sees them. reduced[p]: (key, value). output: {key: value}.
    """

    def __init__(
        self,
        splits: list[list[Any]],
        mapped: list[list[phases.Pair]],
        sent: list[list[list[phases.Pair]]],
        groups: list[list[phases.Group]],
        reduced: list[list[phases.Pair]],
    ) -> None:
        self.splits, self.mapped, self.sent, self.groups, self.reduced = splits, mapped, sent, groups, reduced
        self.shuffled = [[sum(len(phases.pack(pair)) for pair in run) for run in task] for task in sent]
        self.output = {key: value for pairs in reduced for key, value in pairs}

    @property
    def partition_bytes(self) -> list[int]:
        """Bytes that each reduce task must fetch."""
        return [sum(column) for column in zip(*self.shuffled)]

    @property
    def cards(self) -> list[Card]:
        """One `Card` for each pair that a mapper yielded, and its whole way:

        task, place     where it was yielded
        order           its place among the task's pairs once they lie by partition and key
        partition       the reducer it goes to
        sent            number of the pair, among those the task sends, that it became or was combined into
        sent_value      the value of that pair
        first           whether it stands for that pair: False for a card that was combined into another
        pile, layer     number of its key among those of the reducer, and of its pair among those of the key
        total           what the reducer makes of the key
        """
        piles = {key: i for groups in self.groups for i, (key, _) in enumerate(groups)}
        made: list[Card] = []
        layers: Counter[Any] = Counter()
        for task, (pairs, runs) in enumerate(zip(self.mapped, self.sent)):
            # key -> the pairs that the task sends, for which no card stands yet
            unclaimed: defaultdict[Any, deque[tuple[int, int, Any]]] = defaultdict(deque)
            sent = [(p, key, value) for p, run in enumerate(runs) for key, value in run]
            for number, (p, key, value) in enumerate(sent):
                unclaimed[key].append((p, number, value))
            by_key = sorted(range(len(pairs)), key=lambda i: (unclaimed[pairs[i][0]][0][0], sort_key(pairs[i][0])))
            claimed: dict[Any, tuple[int, int, Any, int]] = {}
            for place, (key, value) in enumerate(pairs):
                first = bool(unclaimed[key])
                if first:
                    claimed[key] = (*unclaimed[key].popleft(), layers[key])
                    layers[key] += 1
                p, number, sent_value, layer = claimed[key]
                way = by_key.index(place), p, number, sent_value, first, piles[key], layer, self.output[key]
                made.append(Card(task, place, key, value, *way))
        return made


def trace(
    inputs: Iterable[Any],
    mapper: phases.Mapper,
    reducer: phases.Reducer,
    combiner: phases.Reducer | None = None,
    *,
    partitions: int = 2,
    map_tasks: int | None = None,
    partitioner: phases.Partitioner = partition_of,
) -> Trace:
    """Follow a job's pairs through all its steps; arguments as in `run`. For small inputs: everything is kept."""
    records = list(inputs)
    job = phases.Job(mapper, reducer, combiner, partitions, partitioner)
    splits = phases.split(records, map_tasks or max(1, min(len(records), 8)))
    mapped = [list(phases.mapped(job, records)) for records in splits]
    sent = [phases.arranged(job, pairs) for pairs in mapped]
    groups = [list(phases.merged(task[p] for task in sent)) for p in range(partitions)]
    reduced = [list(phases.reduced(job, part)) for part in groups]
    return Trace(splits, mapped, sent, groups, reduced)
