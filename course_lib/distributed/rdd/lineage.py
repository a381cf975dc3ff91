"""What an RDD is made of: its ancestors, the shuffles among them, and the stages between these.

Narrow steps run in one go, partition by partition; that is a stage. Each shuffle ends one and begins another.
"""

from typing import Any

RDD = Any  # of `rdd.data`, which asks this module for its lineage
Task = list[tuple[RDD, int]]  # partitions [(RDD, number)] computed in one go


def ancestors(rdd: RDD) -> list[RDD]:
    """The RDD and all it rests on, parents before children, each once."""
    found: set[int] = set()
    order: list[RDD] = []

    def visit(one: RDD) -> None:
        if one.number not in found:
            found.add(one.number)
            for parent in one.parents:
                visit(parent)
            order.append(one)

    visit(rdd)
    return order


def shuffles(rdd: RDD) -> list[RDD]:
    """The shuffled RDDs that this one rests on."""
    return [one for one in ancestors(rdd) if one.wide]


def count_shuffles(rdd: RDD) -> int:
    """How many shuffles lie between the data and this RDD. `spark.count_shuffles` is the same for PySpark."""
    return len(shuffles(rdd))


def stages(rdd: RDD) -> list[list[RDD]]:
    """The RDDs of each stage, in an order in which they can run. An RDD that two stages compute stands in both.

    A stage ends at an RDD whose partitions are written for a shuffle, the last one at `rdd` itself.
    """
    ends = [one.parents[0] for one in shuffles(rdd)] + [rdd]
    return [_stage(end) for end in dict.fromkeys(ends)]


def _stage(end: RDD) -> list[RDD]:
    """Back from `end` over narrow steps; a shuffled RDD belongs to the stage that reads it."""
    found: dict[int, RDD] = {}
    todo = [end]
    while todo:
        one = todo.pop()
        if one.number not in found:
            found[one.number] = one
            todo += [] if one.wide else one.parents
    return [found[number] for number in sorted(found)]


def tasks(rdd: RDD) -> list[list[Task]]:
    """The tasks of each stage, in the order of `stages`. A task: the partitions [(RDD, number)] computed in one go."""
    return [[_task(stage[-1], number) for number in range(stage[-1].partitions)] for stage in stages(rdd)]


def _task(end: RDD, number: int) -> Task:
    """Back from a partition of the last RDD of a stage, as far as the stage goes."""
    found: Task = []
    todo = [(end, number)]
    while todo:
        one, part = todo.pop()
        found.append((one, part))
        todo += [] if one.wide else one.needs(part)
    return found[::-1]


def graph(rdd: RDD) -> list[dict[str, Any]]:
    """For a picture: a list of {"id", "name", "partitions", "cached", "wide", "parents", "needs", "stages"}.

    Parents first. needs: for each partition what it is made of, as [[id, partition]].
    """
    parts = [{one.number for one in stage} for stage in stages(rdd)]
    return [
        {
            "id": one.number,
            "name": one.name,
            "partitions": one.partitions,
            "cached": one.is_cached,
            "wide": one.wide,
            "parents": [parent.number for parent in one.parents],
            "needs": [[[parent.number, part] for parent, part in one.needs(p)] for p in range(one.partitions)],
            "stages": [i for i, part in enumerate(parts) if one.number in part],
        }
        for one in ancestors(rdd)
    ]


def describe(rdd: RDD) -> str:
    """One line for each RDD, the last first; what lies before a shuffle stands a step further to the right."""
    lines: list[str] = []

    def tell(one: RDD, indent: str, head: str) -> None:
        cached = ", cached" if one.is_cached else ""
        lines.append(f"{head}{one.name} [{one.number}]{cached}")
        for parent in one.parents:
            if one.wide:
                tell(parent, indent + " |  ", f"{indent} +-({parent.partitions}) ")
            else:
                tell(parent, indent, f"{indent} |  ")

    tell(rdd, "", f"({rdd.partitions}) ")
    return "\n".join(lines)
