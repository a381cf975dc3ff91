"""PySpark beside the small RDD: same results, same shuffles, stages and tasks; one session, and interrupts in it."""

import os
import pathlib
import signal
import sys
import threading

import beside
import numpy as np
import psutil
import pytest
from spark_helpers import POSIX, Interrupting, started, until
from spark_programs import ACTIONS, OPEN_ORDER, SAME_ORDER, Data, on_both, word_count, work

from course_lib import Sequential, data, layers, utils
from course_lib.distributed import features, rdd, spark
from course_lib.distributed.engines import Engines, count_shuffles, watch
from course_lib.distributed.mapreduce.jobs import ShardGradient, add_sums_and_counts
from course_lib.distributed.spark import interrupt, java
from course_lib.exercises import exercise


@pytest.fixture(scope="module")
def session():
    yield started()
    spark.stop()


@pytest.fixture(scope="module")
def sc(session):
    return session.sparkContext


@pytest.mark.beside(
    "5",
    "`rdd`, Spark's data sets in small",
    "PySpark's RDDs",
    "the same programs on random data: result, partitions, shuffles, stages, tasks",
)
@pytest.mark.parametrize("name", [*OPEN_ORDER, *SAME_ORDER])
def test_the_same_program_gives_the_same_result_shuffles_stages_and_tasks(sc, name):
    program = {**OPEN_ORDER, **SAME_ORDER}[name]
    arranged = sorted if name in OPEN_ORDER else list
    made = Data(name)

    def run(context):
        result = program(context, made)
        count = rdd.count_shuffles if isinstance(context, rdd.Context) else spark.count_shuffles
        return arranged(result.collect()), result.getNumPartitions(), count(result)

    theirs, ours = on_both(sc, run)
    assert ours == theirs
    beside.counted(1, "programs agree")


@pytest.mark.beside(
    "5",
    "actions, caches, accumulators, closures",
    "PySpark's RDDs",
    "the same values and the same tasks",
)
@pytest.mark.parametrize("name", ACTIONS)
def test_the_same_action_gives_the_same_value_and_runs_the_same_tasks(sc, name):
    made = Data(name)
    theirs, ours = on_both(sc, lambda context: ACTIONS[name](context, made))
    assert ours == theirs
    beside.counted(1, "actions agree")


def test_the_programs_shuffle_never_once_twice_and_more(sc):
    mini, made = rdd.Context(), Data(0)
    shuffles = {rdd.count_shuffles(program(mini, made)) for program in {**OPEN_ORDER, **SAME_ORDER}.values()}
    assert shuffles == {0, 1, 2}


@pytest.mark.beside(
    "5",
    "the gradient in one process",
    "the gradient as a job on PySpark and on `rdd`",
    "uneven shards (absolute)",
)
def test_the_gradient_is_the_same_on_spark_on_the_small_rdd_and_in_one_process(sc):
    utils.set_random_seed(5)
    model = Sequential(
        [layers.Dense(16, activation="relu", input_shape=(1000,)), layers.Dense(10, activation="softmax")]
    )
    model.compile("sgd", loss="sparse_categorical_crossentropy")
    (x, y), _ = data.load_text()
    shards = [(x[start:stop], y[start:stop]) for start, stop in [(0, 90), (90, 95), (95, 200)]]
    model.loss_and_gradient(x[:200], y[:200])
    whole = model.flat_gradients.copy()
    for context in (sc, rdd.Context()):
        parts = context.parallelize(shards, 3).flatMap(ShardGradient(model))
        sums = dict(parts.reduceByKey(lambda a, b: add_sums_and_counts(None, [a, b])).collect())
        flat = np.concatenate([(sums[i][0] / sums[i][1]).ravel() for i in range(4)])
        beside.apart(np.abs(flat - whole).max(), 1e-7)
        assert np.abs(whole).max() > 1e-3


# --- what a job tells ---------------------------------------------------------------------------------------------


def test_a_watched_job_tells_its_runs_and_the_bytes_it_shuffled(sc):
    pairs = sc.parallelize([(i % 3, i) for i in range(3000)], 3)
    reduced = pairs.reduceByKey(lambda a, b: a + b)
    with spark.watch(sc) as seen:
        reduced.collect(), reduced.collect()
        pairs.groupByKey().count()
    first, second, grouped = seen.jobs
    assert [(run.stage, run.task) for run in first.runs if run.stage == 0] == [(0, 0), (0, 1), (0, 2)]
    assert len(first.runs) == first.tasks == 6 and all(run.ok and run.attempt == 0 for run in first.runs)
    assert {run.stage for run in second.runs} == {1} and second.shuffled_bytes == 0  # the files were there
    assert 0 < 5 * first.shuffled_bytes < grouped.shuffled_bytes


def test_both_engines_join_a_session_that_runs(sc, capsys):
    both = Engines("local[2]", {})
    assert list(both) == ["mini-RDD", "PySpark"] and both["PySpark"] is sc
    assert capsys.readouterr().out == "Spark is starting in the background.\n" and both.start_seconds is not None
    seen = {}
    for name, context in both.items():
        with watch(context) as watched:
            counts = word_count(context, Data(3))
            seen[name] = sorted(counts.collect()), count_shuffles(counts), work(watched.jobs)
    assert seen["mini-RDD"] == seen["PySpark"] and seen["PySpark"][1] == 1


def test_cache_that_comes_after_the_child_helps_the_small_rdd_and_not_pyspark(sc):
    """PySpark melts Python functions into one when the child is made, past a parent that is cached later."""

    def calls(context, late):
        counted = context.accumulator(0)
        parent = context.parallelize(range(10), 2).map(lambda x: counted.add(1) or x)
        if not late:
            parent.cache()
        child = parent.map(abs)
        parent.cache()
        child.count(), child.count()
        return counted.value

    assert [calls(rdd.Context(), late) for late in (False, True)] == [10, 10]
    assert [calls(sc, late) for late in (False, True)] == [10, 20]


def test_a_plan_is_the_one_before_the_run(session):
    numbers = session.range(100).selectExpr("id % 3 AS rest").groupBy("rest").count()
    before = spark.plan(numbers)
    numbers.collect()
    assert spark.plan(numbers) == before and before.startswith("HashAggregate") and "Exchange" in before


def test_an_executor_that_shall_die_needs_a_job_that_is_still_at_work(sc):
    with pytest.raises(RuntimeError, match="No stage had completed 9 tasks"), spark.killing(sc, after=9):
        sc.parallelize(range(4), 2).count()


# --- what the exercises hold true -------------------------------------------------------------------------------------

STEPS = {
    "map": lambda r: r.map(lambda pair: pair),
    "flatMap": lambda r: r.flatMap(lambda pair: [pair]),
    "mapPartitions": lambda r: r.mapPartitions(lambda part: part),
    "filter": lambda r: r.filter(lambda pair: True),
    "mapValues": lambda r: r.mapValues(lambda value: value),
    "reduceByKey": lambda r: r.reduceByKey(min),
    "groupByKey": lambda r: r.groupByKey().mapValues(min),  # values that can be compared: narrow, and keys stay
    "partitionBy": lambda r: r.partitionBy(r.getNumPartitions()),
    "sortByKey": lambda r: r.sortByKey(),
    "distinct": lambda r: r.distinct(),
    "collect": lambda r: r.collect(),
    "count": lambda r: r.count(),
    "take": lambda r: r.take(2),
    "foreach": lambda r: r.foreach(lambda pair: abs(pair[0])),
}


def run_chain(context, operations):
    found = context.parallelize([(i % 5, i) for i in range(12)], 3)
    for name in operations:
        found = STEPS[name](found)


def chains(seed, draws):
    """The chains of the exercise, the endless one cut short, and random ones."""
    q, r = exercise("distribution.count_stages"), np.random.default_rng(seed)
    fixed = [case.args[0] for case in q.cases]
    return [chain[:9] + chain[-1:] if len(chain) > 30 else chain for chain in fixed] + [
        q.random_case(r)[0] for _ in range(draws)
    ]


def test_the_stages_that_an_exercise_counts_are_those_of_the_small_rdd():
    for operations in chains(1, 200):
        context = rdd.Context(3)
        run_chain(context, operations)
        assert exercise("distribution.count_stages").reference(operations) == context.jobs[-1].stages, operations


def test_the_stages_that_an_exercise_counts_are_those_of_spark(sc):
    for operations in chains(2, 1):
        with spark.watch(sc) as seen:
            run_chain(sc, operations)
        assert exercise("distribution.count_stages").reference(operations) == seen.jobs[-1].stages, operations


def test_the_right_answers_to_the_exercises_run_on_spark_as_they_are(sc):
    texts = sc.parallelize([("tech", "new chip new"), ("tech", "new phone"), ("home", "new roof")], 2)
    counts = dict(exercise("distribution.words_by_class").reference(texts).collect())
    assert counts.pop(("tech", "new")) == 3 and set(counts.values()) == {1} and len(counts) == 4
    lines = sc.parallelize(["2.5", "n/a", "-1", "", "3"], 2)
    assert exercise("distribution.count_bad_lines").reference(sc, lines) == (4.5, 2)
    above_the_mean = exercise("distribution.computed_once").reference
    assert above_the_mean(sc.parallelize([1, 2, 3, 6], 2), lambda x: x * x) == (12.5, 1)


# --- features ---------------------------------------------------------------------------------------------------------


@pytest.mark.beside(
    "5",
    "`data.load_text`",
    "a Spark job with DataFrames, from the raw texts",
    "all features and labels, equal",
)
def test_features_prepared_by_dataframes_are_the_shipped_ones(session):
    prepared, words = features.load_text(session)
    assert tuple(words) == data.text_info().vocabulary
    for ours, shipped in zip(prepared, data.load_text(), strict=True):
        for array, expected in zip(ours, shipped, strict=True):
            assert array.dtype == expected.dtype
            np.testing.assert_array_equal(array, expected)
            beside.counted(array.size, "numbers are equal")


def test_features_prepared_by_rdds_on_spark_are_the_shipped_ones(sc):
    _, (x, _) = data.load_text()
    texts = {split: [e.text for e in data.text_examples(split)] for split in ("train", "test")}
    words = features.rdd_vocabulary(sc.parallelize(texts["train"], 2))
    assert tuple(words) == data.text_info().vocabulary
    np.testing.assert_array_equal(np.stack(features.rdd_counts(sc.parallelize(texts["test"], 2), words).collect()), x)


def test_a_plan_reads_the_same_each_time_and_on_each_machine(session):
    plans = {spark.plan(features.vocabulary(features.read_texts(session))) for _ in range(2)}
    (plan,) = plans
    assert plan.count("Exchange hashpartitioning") == 2 and plan.count("LeftAnti") == 1
    assert str(data.shipped.FILES) not in plan and "#" not in plan and "plan_id" not in plan


# --- the session ------------------------------------------------------------------------------------------------------


def test_a_second_call_returns_the_session_that_runs(session):
    assert spark.session() is session and spark.session("local[2]") is session
    assert spark.context() is session.sparkContext
    with pytest.raises(RuntimeError, match=r"A Spark session on local\[2\].*Call spark.stop\(\) first"):
        spark.session("local[1]")


def test_the_workers_python_is_this_one_and_finds_the_library(sc):
    def look(_):
        import course_lib

        return sys.executable, course_lib.__file__

    import course_lib

    assert sc.parallelize([0], 1).map(look).collect() == [(sys.executable, course_lib.__file__)]


def test_starting_leaves_the_environment_and_the_folder_as_they_were(session):
    assert not {"SPARK_HOME", "SPARK_LOCAL_IP", "PYSPARK_PYTHON", "SPARK_CONF_DIR"} & set(os.environ)
    left = {"artifacts", "spark-warehouse", "metastore_db", "derby.log", "work"}
    assert not left & {path.name for path in pathlib.Path.cwd().iterdir()}


def test_in_local_mode_there_is_no_executor_to_kill(session):
    with pytest.raises(RuntimeError, match="in local mode the driver does all the work"):
        spark.kill_executor()


def test_without_java_the_remedy_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(java, "_executables", lambda: iter([tmp_path / "java"]))
    monkeypatch.setattr(java, "from_package", lambda folder: None)
    with pytest.raises(java.JavaMissing, match="Java 17 or later.*found none.*conda install -c conda-forge openjdk=17"):
        java.find(tmp_path)


@POSIX
def test_a_java_that_is_too_old_is_named(monkeypatch, tmp_path):
    old = tmp_path / "java"
    old.write_text('#!/bin/sh\necho "    java.home = /old"; echo "    java.specification.version = 1.8"\n')
    old.chmod(0o755)
    monkeypatch.setattr(java, "_executables", lambda: iter([old]))
    monkeypatch.setattr(java, "from_package", lambda folder: None)
    with pytest.raises(java.JavaMissing, match="found only Java 8 in /old"):
        java.find(tmp_path)


# --- an interrupt -----------------------------------------------------------------------------------------------------


def endless(marks):
    """A function that leaves a mark in a folder and does not come back."""

    def work(x):
        pathlib.Path(marks, f"{os.getpid()}-{x}").touch()
        threading.Event().wait()

    return work


def nothing_is_left_at_work(sc, marks):
    assert sc.statusTracker().getActiveJobsIds() == []
    assert sc.parallelize(range(4), 2).map(abs).collect() == [0, 1, 2, 3]  # both cores are free
    workers = {int(name.split("-")[0]) for name in os.listdir(marks)}
    until(lambda: not any(map(psutil.pid_exists, workers)))


@POSIX
def test_an_interrupt_ends_the_job_and_its_workers_and_the_next_job_runs(sc, tmp_path, caplog, no_garbage_collected):
    with Interrupting(lambda: os.listdir(tmp_path), 2), pytest.raises(KeyboardInterrupt):
        sc.parallelize(range(2), 2).map(endless(str(tmp_path))).collect()
    nothing_is_left_at_work(sc, tmp_path)
    assert caplog.text == ""  # what is raised need not be logged


@POSIX
def test_an_interrupted_cell_takes_its_jobs_with_it_wherever_it_waits(
    sc, tmp_path, monkeypatch, capsys, no_garbage_collected
):
    """`toLocalIterator` waits on a line of its own, which PySpark opens for the elements."""
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    cells = interrupt.WatchCells(sc)
    shell.user_ns["found"] = sc.parallelize(range(2), 2).map(endless(str(tmp_path)))
    with Interrupting(lambda: os.listdir(tmp_path), 1):
        result = shell.run_cell("for x in found.toLocalIterator():\n    pass")
    cells.stop()
    assert isinstance(result.error_in_exec, KeyboardInterrupt)
    nothing_is_left_at_work(sc, tmp_path)


def test_jobs_are_cancelled_also_where_the_line_that_asks_for_it_is_closed():
    """py4j, as it clears the interrupted line away, closes others with it."""
    from py4j.protocol import Py4JError, Py4JNetworkError

    class Lines:
        jobs, closed = [7], [Py4JNetworkError("Answer from Java side is empty"), Py4JError("An error occurred")]

        def statusTracker(self):
            return self

        def getActiveJobsIds(self):
            if self.closed:
                raise self.closed.pop()
            return list(self.jobs)

        def cancelAllJobs(self):
            self.jobs.clear()

    lines = Lines()
    interrupt.cancel(lines)
    assert lines.jobs == []


def test_ctrl_c_is_pythons_own_while_spark_runs(sc):
    """PySpark's own handler would ask Java on the line on which the interrupted call still waits."""
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
