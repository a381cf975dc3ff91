"""What Spark did: shuffles of an RDD, the plan of a DataFrame, and for each job its stages, tasks and bytes."""

import itertools
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pyspark import RDD, SparkContext
    from pyspark.sql import DataFrame


def count_shuffles(rdd: "RDD[Any]") -> int:
    """How many shuffles lie between the data and this RDD, counted in the graph that Spark itself keeps of it."""
    seen: set[int] = set()
    shuffles: set[int] = set()
    todo = [rdd._jrdd.rdd()]
    while todo:
        node = todo.pop()
        if node.id() in seen:
            continue
        seen.add(node.id())
        dependencies = node.dependencies()
        for i in range(dependencies.size()):
            dependency = dependencies.apply(i)
            if dependency.getClass().getSimpleName() == "ShuffleDependency":
                shuffles.add(dependency.shuffleId())
            todo.append(dependency.rdd())
    return len(shuffles)


def plan(frame: "DataFrame") -> str:
    """The physical plan of a DataFrame as `explain` prints it, less what differs from run to run and from disk to disk.

    Read it from the bottom: each line takes what the line below it, one step to the right, hands up. An `Exchange` is
    a shuffle.
    """
    chosen = frame._jdf.queryExecution().executedPlan()
    if chosen.getClass().getSimpleName() == "AdaptiveSparkPlanExec":  # it changes while it runs
        chosen = chosen.initialPlan()
    text: str = chosen.toString()
    text = re.sub(r"#\d+L?|,? ?\[?plan_id=\d+\]?", "", text)
    text = re.sub(r"(FileScan \w+ \[[^\]]*\]).*", r"\1", text)
    return text.strip()


class Run(NamedTuple):
    """One attempt at a task: stage and task count from 0 in the job, start in seconds since its first run."""

    stage: int
    task: int
    attempt: int
    executor: str
    start: float
    seconds: float
    ok: bool


class Job:
    """What one job of Spark did.

    stages: all it rests on; stages_run: those that had tasks, the others were skipped. tasks: how many were completed.
    shuffled_bytes: written for shuffles, compressed as Spark does. runs: a `Run` for each attempt at a task.
    """

    def __init__(
        self, number: int, stages: int, stages_run: int, tasks: int, shuffled_bytes: int = 0, runs: Iterable[Run] = ()
    ) -> None:
        self.number, self.stages, self.stages_run, self.tasks = number, stages, stages_run, tasks
        self.shuffled_bytes, self.runs = shuffled_bytes, list(runs)

    def __repr__(self) -> str:
        skipped = self.stages - self.stages_run
        return f"<job {self.number}: {self.stages} stages, {skipped} skipped, {self.tasks} tasks>"


class watch:
    """`with watch(sc) as seen:` afterwards `seen.jobs` holds a `Job` for each that ran in the block, as Spark says."""

    _numbers = itertools.count()

    def __init__(self, sc: "SparkContext") -> None:
        self.sc, self.group = sc, f"watched {next(self._numbers)}"
        self.jobs: list[Job] = []

    def __enter__(self) -> "watch":
        self.sc.setJobGroup(self.group, "watched")
        return self

    def __exit__(self, *_: object) -> None:
        self.sc.setLocalProperty("spark.jobGroup.id", None)  # type: ignore[arg-type]  # which ends it
        self.sc._jsc.sc().listenerBus().waitUntilEmpty()  # the tracker hears of things a little later
        tracker, store = self.sc.statusTracker(), self.sc._jsc.sc().statusStore()
        for number in sorted(tracker.getJobIdsForGroup(self.group)):
            known = tracker.getJobInfo(number)
            stages = sorted(known.stageIds) if known else []
            infos = [tracker.getStageInfo(stage) for stage in stages]
            done = [info.numCompletedTasks if info else 0 for info in infos]
            ran = [(i, stage) for i, stage in enumerate(stages) if done[i]]
            attempts = [(i, attempt) for i, stage in ran for attempt in _attempts(store, stage)]
            written = sum(attempt.shuffleWriteBytes() for _, attempt in attempts)
            job = Job(number, len(stages), len(ran), sum(done), written, _runs(store, attempts))
            self.jobs.append(job)


def _attempts(store: Any, stage: int) -> list[Any]:
    """What Spark noted of each time that it ran a stage."""
    last = store.lastStageAttempt(stage).attemptId()
    return [store.stageAttempt(stage, number, False, None, False, None)._1() for number in range(last + 1)]


def _runs(store: Any, attempts: list[tuple[int, Any]]) -> list[Run]:
    found = []
    for stage, one in attempts:
        listed = store.taskList(one.stageId(), one.attemptId(), 10_000)
        for task in (listed.apply(i) for i in range(listed.size())):
            start, took = task.launchTime().getTime() / 1000, task.duration()
            seconds = took.get() / 1000 if took.isDefined() else 0.0
            ok = task.status() == "SUCCESS"
            found.append(Run(stage, task.index(), task.attempt(), task.executorId(), start, seconds, ok))
    first = min((run.start for run in found), default=0.0)
    return sorted((run._replace(start=run.start - first) for run in found), key=lambda run: run.start)
