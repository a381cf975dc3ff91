"""PySpark beside the small RDD: same results, same shuffles, stages and tasks; how it starts anywhere, and how it ends.

On CI (CI=true) a machine on which Spark does not start fails these tests. Elsewhere they are skipped, with the remedy.
"""

import json
import os
import pathlib
import platform
import random
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time

import beside
import numpy as np
import psutil
import pytest

from course_lib import Sequential, data, layers, utils
from course_lib.distributed import features, rdd, spark
from course_lib.distributed.engines import Engines, count_shuffles, watch
from course_lib.distributed.mapreduce.jobs import ShardGradient, add_sums_and_counts
from course_lib.distributed.spark import environment, gateway, interrupt, java, running
from course_lib.exercises import exercise

CI = os.environ.get("CI") == "true"
FAR = 180  # seconds: a cap for what would else hang, never a measure
POSIX = pytest.mark.skipif(os.name != "posix", reason="stand-ins for Java are shell scripts, and signals are POSIX")


def started(master=None, conf=None):
    try:
        return spark.session(master, conf)
    except java.JavaMissing as missing:
        if CI:
            raise
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def session():
    yield started()
    spark.stop()


@pytest.fixture(scope="module")
def sc(session):
    return session.sparkContext


# --- the same program on both -----------------------------------------------------------------------------------------


class Data:
    """Random data, the same for both engines."""

    def __init__(self, seed):
        r = random.Random(seed)
        self.parts, self.wanted = r.randint(2, 4), r.randint(1, 3)
        self.numbers = [r.randint(-50, 50) for _ in range(r.randint(15, 60))]
        self.lines = [
            " ".join(r.choices("the cat sat on a mat by night".split(), k=r.randint(0, 6))) for _ in range(20)
        ]
        self.pairs = [(r.randint(0, 9), r.randint(-9, 9)) for _ in range(30)]
        self.others = [(r.randint(3, 12), r.choice("xyz")) for _ in range(20)]


def add(a, b):
    return a + b


def numbers(sc, d):
    return sc.parallelize(d.numbers, d.parts)


def pairs(sc, d):
    return sc.parallelize(d.pairs, d.parts)


def others(sc, d):
    return sc.parallelize(d.others, d.wanted)


def word_count(sc, d):
    words = sc.parallelize(d.lines, d.parts).flatMap(lambda line: line.split())
    return words.map(lambda word: (word, 1)).reduceByKey(lambda a, b: a + b)


def top_words(sc, d):
    return word_count(sc, d).map(lambda found: ((-found[1], found[0]), None)).sortByKey().keys()


def mean_by_key(sc, d):
    totals = pairs(sc, d).mapValues(lambda v: (v, 1)).reduceByKey(lambda a, b: (a[0] + b[0], a[1] + b[1]), d.wanted)
    return totals.mapValues(lambda total: total[0] / total[1])


def two_step(sc, d):
    by_key = pairs(sc, d).reduceByKey(lambda a, b: a + b)
    return by_key.map(lambda p: (p[1] % 3, p[0])).groupByKey(2).mapValues(sorted)


# A program makes an RDD. In these, the order of the elements is Spark's to choose (so both are sorted) ...
OPEN_ORDER = {
    "word count": word_count,
    "groupByKey": lambda sc, d: pairs(sc, d).groupByKey(d.wanted).mapValues(sorted),
    "reduceByKey": lambda sc, d: pairs(sc, d).reduceByKey(max, d.wanted),
    "mean by key": mean_by_key,
    "aggregateByKey": lambda sc, d: pairs(sc, d).aggregateByKey(0, lambda a, v: a + abs(v), lambda a, b: a + b),
    "combineByKey": lambda sc, d: pairs(sc, d).combineByKey(lambda v: {v}, lambda s, v: s | {v}, lambda a, b: a | b),
    "join": lambda sc, d: pairs(sc, d).join(others(sc, d)),
    "join in two partitions": lambda sc, d: pairs(sc, d).join(others(sc, d), 2),
    "join of alike partitions": lambda sc, d: pairs(sc, d).partitionBy(3).join(others(sc, d).partitionBy(3)),
    "distinct": lambda sc, d: numbers(sc, d).map(lambda x: x % 7).distinct(),
    "union and reduce": lambda sc, d: pairs(sc, d).union(pairs(sc, d).mapValues(abs)).reduceByKey(min),
    "reduce twice, alike": lambda sc, d: pairs(sc, d).reduceByKey(max, 3).mapValues(abs).reduceByKey(min, 3),
    "reduce twice, keys lost": lambda sc, d: pairs(sc, d).reduceByKey(max, 3).map(lambda p: p).reduceByKey(min, 3),
    "two shuffles": two_step,
    "diamond": lambda sc, d: (lambda counts: counts.join(counts.mapValues(str)))(word_count(sc, d)),
    "partitionBy": lambda sc, d: pairs(sc, d).partitionBy(3, lambda key: key // 4),
    "sort, then reduce": lambda sc, d: pairs(sc, d).sortByKey().reduceByKey(lambda a, b: a + b),
}
# ... and in these it is not.
SAME_ORDER = {
    "map": lambda sc, d: numbers(sc, d).map(lambda x: 3 * x + 1),
    "flatMap and filter": lambda sc, d: numbers(sc, d).flatMap(lambda x: range(x % 4)).filter(lambda x: x != 1),
    "range": lambda sc, d: sc.parallelize(range(3, 40, 5), d.parts),
    "glom": lambda sc, d: numbers(sc, d).glom(),
    "uneven slices": lambda sc, d: sc.parallelize(d.numbers[:11], 4).glom(),
    "more partitions than elements": lambda sc, d: sc.parallelize(d.numbers[:3], 7).glom(),
    "mapPartitions": lambda sc, d: numbers(sc, d).mapPartitions(lambda part: [sum(part)]),
    "mapPartitionsWithIndex": lambda sc, d: numbers(sc, d).mapPartitionsWithIndex(lambda i, part: [(i, max(part))]),
    "keyBy, keys and values": lambda sc, d: numbers(sc, d).keyBy(abs).mapValues(str).flatMapValues(list).values(),
    "union": lambda sc, d: numbers(sc, d).union(sc.parallelize(d.numbers, 2)).glom(),
    "coalesce": lambda sc, d: sc.parallelize(d.numbers, 4).coalesce(2).glom(),
    "sortByKey": lambda sc, d: word_count(sc, d).sortByKey(),
    "sortByKey into partitions": lambda sc, d: (
        sc.parallelize(sorted(set(d.pairs)), 3).reduceByKey(max).sortByKey().glom()
    ),
    "sortByKey, descending": lambda sc, d: pairs(sc, d).reduceByKey(max).sortByKey(ascending=False),
    "sortByKey into one": lambda sc, d: pairs(sc, d).reduceByKey(min).sortByKey(numPartitions=1),
    "sortBy": lambda sc, d: sc.parallelize(sorted(set(d.numbers)), d.parts).sortBy(lambda x: (x % 5, x)),
    "top words": top_words,
    "hash partitions": lambda sc, d: pairs(sc, d).partitionBy(3).glom().map(sorted),
    "hash partitions of tuples": lambda sc, d: (
        sc.parallelize(sorted({((k, None, v), 1) for k, v in d.pairs}), 2).partitionBy(3).glom().map(sorted)
    ),
}
# An action ends in a value.
ACTIONS = {
    "count": lambda sc, d: word_count(sc, d).count(),
    "sum": lambda sc, d: numbers(sc, d).sum(),
    "mean, largest, smallest": lambda sc, d: (
        lambda r: [round(r.mean(), 9), r.max(), r.max(key=abs), r.min(), r.filter(lambda x: x > 99).mean()]
    )(numbers(sc, d)),
    "reduce": lambda sc, d: numbers(sc, d).reduce(lambda a, b: max(a, b)),
    "aggregate": lambda sc, d: numbers(sc, d).aggregate(
        (0, 0), lambda a, x: (a[0] + x, a[1] + 1), lambda a, b: (a[0] + b[0], a[1] + b[1])
    ),
    "aggregate with a zero that counts": lambda sc, d: numbers(sc, d).aggregate(
        1, lambda a, x: a + x, lambda a, b: a + b
    ),
    "take": lambda sc, d: [numbers(sc, d).take(n) for n in (1, 8, 99)],
    "take after a filter": lambda sc, d: sc.parallelize(range(40), 9).filter(lambda x: x > 33).take(2),
    "first": lambda sc, d: numbers(sc, d).first(),
    "getNumPartitions": lambda sc, d: [
        made(sc, d).getNumPartitions()
        for made in (word_count, OPEN_ORDER["join"], OPEN_ORDER["join of alike partitions"])
    ],
    "a second action": lambda sc, d: (lambda counts: [counts.count(), counts.count()])(word_count(sc, d)),
    "a cached RDD": lambda sc, d: (lambda kept: [kept.count(), kept.count(), kept.sum()])(
        numbers(sc, d).map(abs).cache()
    ),
    "a cached RDD behind a shuffle": lambda sc, d: (lambda kept: [kept.count(), kept.keys().count()])(
        word_count(sc, d).cache()
    ),
    "a counter in a closure": lambda sc, d: counted_in_a_closure(numbers(sc, d)),
    "an accumulator, without cache": lambda sc, d: counted_by_an_accumulator(sc, numbers(sc, d), cached=False),
    "an accumulator, with cache": lambda sc, d: counted_by_an_accumulator(sc, numbers(sc, d), cached=True),
    "a broadcast": lambda sc, d: (lambda table: numbers(sc, d).map(lambda x: table.value[x % 2]).collect())(
        sc.broadcast(["even", "odd"])
    ),
}


def counted_in_a_closure(source):
    counter = [0]

    def look(x):
        counter[0] += 1
        return x

    return [source.map(look).count(), counter[0]]


def counted_by_an_accumulator(sc, source, cached):
    seen = sc.accumulator(0)

    def look(x):
        seen.add(1)
        return x

    looked = source.map(look)
    if cached:
        looked = looked.cache()
    return [looked.count(), seen.value, looked.count(), seen.value]


def on_both(sc, run):
    """(result, jobs as (stages, stages run, tasks)) on PySpark and on the small RDD."""
    with spark.watch(sc) as seen:
        theirs = run(sc)
    mini = rdd.Context(sc.defaultParallelism)
    ours = run(mini)
    return (theirs, work(seen.jobs)), (ours, work(mini.jobs))


def work(jobs):
    return [(job.stages, job.stages_run, job.tasks) for job in jobs]


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
    assert str(data.text.FILES) not in plan and "#" not in plan and "plan_id" not in plan


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


class Interrupting:
    """`with Interrupting(seen, count):` this thread is interrupted, as by Ctrl-C, once so many are seen."""

    def __init__(self, seen, count):
        self.seen, self.count = seen, count

    def __enter__(self):
        self.hand = threading.Thread(target=self.wait_and_interrupt)
        self.hand.start()

    def wait_and_interrupt(self):
        until(lambda: len(self.seen()) >= self.count)
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    def __exit__(self, *_):
        self.hand.join()


def nothing_is_left_at_work(sc, marks):
    assert sc.statusTracker().getActiveJobsIds() == []
    assert sc.parallelize(range(4), 2).map(abs).collect() == [0, 1, 2, 3]  # both cores are free
    workers = {int(name.split("-")[0]) for name in os.listdir(marks)}
    until(lambda: not any(map(psutil.pid_exists, workers)))


@POSIX
def test_an_interrupt_ends_the_job_and_its_workers_and_the_next_job_runs(sc, tmp_path, caplog):
    with Interrupting(lambda: os.listdir(tmp_path), 2), pytest.raises(KeyboardInterrupt):
        sc.parallelize(range(2), 2).map(endless(str(tmp_path))).collect()
    nothing_is_left_at_work(sc, tmp_path)
    assert caplog.text == ""  # what is raised need not be logged


@POSIX
def test_an_interrupted_cell_takes_its_jobs_with_it_wherever_it_waits(sc, tmp_path, monkeypatch, capsys):
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


def test_ctrl_c_is_pythons_own_while_spark_runs(sc):
    """PySpark's own handler would ask Java on the line on which the interrupted call still waits."""
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


# --- the surroundings -------------------------------------------------------------------------------------------------

PROGRAM = """
    import json, os, sys, time
    from course_lib.distributed import features, spark
    from course_lib.distributed.spark import environment, running

    sys.path.insert(0, "helpers")  # tasks find a module where it is found here
    import helper

    session = spark.session()
    sc = session.sparkContext
    from pyspark.sql import functions as F

    one = helper.one
    words = sc.parallelize(["b", "a", "b", "I", "b"], 3).map(lambda word: (word, one())).reduceByKey(lambda a, b: a + b)
    moment = F.date_format(F.timestamp_seconds(F.lit(0)), "EEEE yyyy-MM-dd HH")
    print(json.dumps({
        "rows": features.read_texts(session).count(),
        "words": sorted(words.collect()),
        "one partition for a key": len(words.map(lambda pair: pair[0]).distinct().collect()),
        "words and times": session.range(1).select(moment, F.lower(F.lit("I")), F.format_number(F.lit(1e3), 1)).first(),
        "who and where": session.sql("SELECT current_user(), current_timezone()").first(),
        "in a task": sc.parallelize([0], 1).map(lambda _: [time.strftime("%Z"), open(__file__).encoding]).first(),
        "master": sc.master,
    }))
    print(json.dumps([os.environ.get("SPARK_REMOTE"), environment.has_a_name(), str(running.current().folder)]))
    print(*[process.pid for process in spark.processes()], flush=True)
    input()
"""
EXPECTED = {
    "rows": 5000,
    "words": [["I", 1], ["a", 1], ["b", 3]],
    "one partition for a key": 3,
    "words and times": ["Thursday 1970-01-01 00", "i", "1,000.0"],
    "who and where": ["course", "UTC"],
    "in a task": ["UTC", "UTF-8"],
    "master": "local[2]",
}
FOREIGN = {
    # another Hadoop, another Java
    "HADOOP_CONF_DIR": "foreign", "YARN_CONF_DIR": "foreign", "HIVE_CONF_DIR": "foreign", "HADOOP_HOME": "foreign",
    "HADOOP_OPTS": "-Dno=1", "HADOOP_USER_NAME": "hdfs", "KRB5_CONFIG": "foreign", "CLASSPATH": "foreign",
    "JAVA_TOOL_OPTIONS": "-Xmx1k", "_JAVA_OPTIONS": "-Dspark.master=yarn", "JDK_JAVA_OPTIONS": "-no-such-option",
    # another Spark
    "MASTER": "yarn", "SPARK_MASTER": "yarn", "SPARK_MASTER_HOST": "10.255.255.1", "SPARK_HOME": "/opt/spark",
    "SPARK_CONF_DIR": "foreign", "SPARK_LOCAL_IP": "10.255.255.1", "SPARK_LOCAL_HOSTNAME": "no.such.host",
    "SPARK_PUBLIC_DNS": "no.such.host", "SPARK_LOCAL_DIRS": "/proc/none", "SPARK_WORKER_DIR": "/proc/none",
    "SPARK_DIST_CLASSPATH": "foreign", "SPARK_SUBMIT_OPTS": "-no-such-option", "SPARK_LAUNCHER_OPTS": "-no-such-option",
    "SPARK_TESTING": "1", "SPARK_PREPEND_CLASSES": "1", "SPARK_USER": "hdfs", "SPARK_SCALA_VERSION": "1.0",
    "SPARK_REMOTE": "sc://10.255.255.1", "SPARK_CONNECT_MODE": "1", "SPARK_CONNECT_MODE_ENABLED": "1",
    "SPARK_API_MODE": "connect", "SPARK_PREFER_IPV6": "true", "SPARK_BUFFER_SIZE": "none", "SPARK_DAEMON_MEMORY": "1k",
    "PYSPARK_PYTHON": "/bin/false", "PYSPARK_DRIVER_PYTHON": "jupyter", "PYSPARK_DRIVER_PYTHON_OPTS": "notebook",
    "PYSPARK_SUBMIT_ARGS": "--master yarn pyspark-shell", "PYSPARK_GATEWAY_PORT": "1", "PYSPARK_GATEWAY_SECRET": "x",
    "PYSPARK_PIN_THREAD": "false", "PYSPARK_UDS_MODE": "true",
    # another Python, another country, a proxy, no home
    "PYTHONHASHSEED": "random", "PYTHONPATH": "foreign", "PYTHONSTARTUP": "foreign/start.py", "PYTHONOPTIMIZE": "1",
    "TZ": "Asia/Kolkata", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "HOME": "/nowhere",
    "http_proxy": "http://10.255.255.1:1", "https_proxy": "http://10.255.255.1:1", "ALL_PROXY": "http://10.255.255.1:1",
}  # fmt: skip
FILES = {
    "helpers/helper.py": "def one():\n    return 1\n",
    "foreign/core-site.xml": "<configuration><property><name>fs.defaultFS</name><value>hdfs://10.255.255.1:9</value>"
    "</property></configuration>",
    "foreign/spark-defaults.conf": "spark.master yarn\nspark.sql.session.timeZone Asia/Tokyo\n",
    "foreign/spark-env.sh": "exit 3\n",
    "foreign/start.py": "raise SystemExit(3)\n",
    "foreign/pyspark/__init__.py": "raise ImportError('another PySpark')\n",
    "foreign/py4j/__init__.py": "raise ImportError('another py4j')\n",
}
NAMELESS = ["unshare", "--user", "--map-user=12345"]  # what follows runs under a user id that has no name


def can_be_nameless():
    return (
        shutil.which("unshare") is not None and subprocess.run([*NAMELESS, "true"], capture_output=True).returncode == 0
    )


def processes_of(line):
    """The processes that the program named, or none where they are gone."""
    pids = [int(pid) for pid in line.split()]
    assert len(pids) >= 2  # Java, and at least one Python worker
    return [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)]


def gone(processes):
    until(lambda: all(map(spark.has_ended, processes)))
    return True


def until(happens, patience=FAR):
    begun = time.monotonic()
    while not happens():
        assert time.monotonic() - begun < patience, "it did not happen"
        time.sleep(0.05)


def test_nothing_of_the_surroundings_changes_a_result_and_spark_dies_silently_with_a_kernel_that_is_killed(tmp_path):
    """The settings of other clusters, Sparks, Javas and Pythons all at once, and a user id that has no name."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "program.py").write_text(textwrap.dedent(PROGRAM), encoding="utf-8")
    nameless = can_be_nameless()
    with subprocess.Popen(
        [*(NAMELESS if nameless else []), sys.executable, "program.py"],
        cwd=tmp_path,
        env={**os.environ, **FOREIGN},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as kernel:
        told = kernel.stdout.readline()
        assert told, kernel.stderr.read()
        assert json.loads(told) == EXPECTED
        remote, has_a_name, folder = json.loads(kernel.stdout.readline())
        assert remote is None and has_a_name is not nameless  # what PySpark reads here is set aside while it runs
        below = processes_of(kernel.stdout.readline())
        kernel.kill()
        assert kernel.communicate(timeout=FAR)[1] == ""
    assert gone(below) and not pathlib.Path(folder).exists()


PACKAGED = """
    from course_lib.distributed import spark
    from course_lib.distributed.spark import java, running
    java._executables = lambda: iter([])
    print(sum(spark.context().parallelize(range(5)).map(lambda x: x * x).collect()), running.current().folder)
    print(*[process.pid for process in spark.processes()], flush=True)
"""


@pytest.mark.skipif(
    (sys.platform, platform.machine()) != ("linux", "x86_64"), reason="the packaged Java was tried on Linux, x86_64"
)
def test_the_java_of_a_python_package_runs_spark_which_ends_with_python():
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(PACKAGED)], capture_output=True, encoding="utf-8", timeout=FAR
    )
    result, pids = done.stdout.splitlines()
    thirty, folder = result.split()
    assert (thirty, done.stderr) == ("30", "") and gone(processes_of(pids)) and not pathlib.Path(folder).exists()


def test_what_is_set_aside_comes_back_and_what_pyspark_sets_goes(monkeypatch):
    spark.stop()
    monkeypatch.setenv("SPARK_HOME", "/opt/spark")
    monkeypatch.setenv("PYTHONHASHSEED", "random")
    before = dict(os.environ)
    aside = environment.SetAside()
    assert not [name for name in os.environ if name.startswith("SPARK_")] and "PYTHONHASHSEED" not in os.environ
    os.environ["SPARK_BUFFER_SIZE"] = "65536"  # as PySpark does
    aside.put_back()
    assert dict(os.environ) == before


def test_equal_keys_meet_whatever_seed_this_python_has(monkeypatch):
    for ours, workers in [("7", "7"), ("random", "0"), ("", "0")]:
        monkeypatch.setenv("PYTHONHASHSEED", ours)
        assert environment.hash_seed() == workers


def test_java_starts_where_the_folder_of_work_has_been_removed(tmp_path, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert gateway.folder_of_work(tmp_path) == str(tmp_path)


# --- a start that fails -----------------------------------------------------------------------------------------------


def stand_in(monkeypatch, tmp_path, script):
    """A shell script in the place of Java."""
    spark.stop()
    java_file = tmp_path / "bin" / "java"
    java_file.parent.mkdir()
    java_file.write_text(f"#!/bin/sh\n{script}\n")
    java_file.chmod(0o755)
    monkeypatch.setattr(java, "find", lambda folder: java.Java(str(tmp_path), 17))


@POSIX
@pytest.mark.parametrize(
    "script, said",
    [
        ("echo out of order; exit 7", r"exit code 7(?s:.*)The last lines that it said:\nout of order"),
        ("exit 0", "exit code 0"),
        ("kill -SEGV $$", "exit code -11"),
        ("echo thinking; exec sleep 600", r"not up after 1 seconds(?s:.*)thinking"),
    ],
    ids=["says why", "says nothing", "crashes", "hangs"],
)
def test_a_java_that_does_not_come_up_is_told_each_time_and_leaves_nothing(monkeypatch, tmp_path, script, said):
    stand_in(monkeypatch, tmp_path, script)
    monkeypatch.setattr(running, "PATIENCE", 1)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for _ in range(2):
        with pytest.raises(RuntimeError, match=f"Spark did not start: (?s:.*){said}"):
            spark.context()
        assert spark.processes() == [] and spark.log() == "" and not list(tmp_path.glob("course-spark-*"))


@POSIX
def test_an_interrupt_of_a_start_leaves_nothing_and_the_next_one_begins_anew(monkeypatch, tmp_path):
    stand_in(monkeypatch, tmp_path, "exec sleep 600")
    for _ in range(2):
        with Interrupting(spark.processes, 1), pytest.raises(KeyboardInterrupt):
            spark.context()
        assert spark.processes() == [] and signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_executors_for_a_user_without_a_name_are_refused_with_a_way_out(monkeypatch):
    """Hadoop asks the system who runs it, and an executor cannot be told."""
    spark.stop()
    monkeypatch.setattr(environment, "has_a_name", lambda: False)
    with pytest.raises(RuntimeError, match=r"no entry in the password file(?s:.*)local\[2\]"):
        spark.context("local-cluster[2,1,512]")


def test_a_place_for_files_that_is_missing_is_told(monkeypatch, tmp_path):
    spark.stop()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(RuntimeError, match="Spark did not start: .*No such file"):
        spark.context()


def test_what_java_has_against_a_setting_is_told_and_the_next_start_is_free_of_it():
    spark.stop()
    with pytest.raises(RuntimeError, match="Spark did not start: (?s:.*)Executor memory 1024 must be at least"):
        started(conf={"spark.executor.memory": "1k"})
    assert spark.processes() == []


# --- a machine is lost ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cluster():
    """Two cells in a row say `engines = Engines()`, and the second one is asked for Spark."""
    spark.stop()
    started_by = Engines(), Engines()
    if any(engines.why_not for engines in started_by):
        started("local-cluster[2,1,512]")  # fails, or is skipped with the remedy
    yield started_by
    spark.stop()


def test_two_that_start_spark_at_once_share_one(cluster):
    first, second = cluster
    assert second["PySpark"] is first["PySpark"] and second.session() is first.session()
    javas = [process for process in spark.processes() if process.name().startswith("java")]
    assert len(javas) == 1 + 2 and len(spark.executors()) == 2


def test_executors_write_nothing_beside_the_code(cluster):
    assert not (pathlib.Path(str(gateway.pyspark().__file__)).parent / "work").exists()


def test_the_options_that_java_gets_are_those_that_this_spark_asks_for(cluster):
    asked = cluster[0]["PySpark"]._jvm.org.apache.spark.launcher.JavaModuleOptions.defaultModuleOptionArray()
    assert set(gateway.OPTIONS) == set(asked) - {java.MISSING_MODULE}


@pytest.mark.beside(
    "5",
    "lost partitions are computed again",
    "an executor of a `local-cluster`, killed in the middle of a job",
    "the job ends, and ends right",
)
def test_an_executor_killed_in_the_middle_of_a_job_costs_time_and_nothing_else(cluster, tmp_path):
    sc = cluster[0]["PySpark"]
    until(lambda: len(spark.executors()) == 2)
    everything = spark.processes()

    def job(marks):
        """Forty elements in eight partitions; from the fifth partition on, they wait until the executor is dead."""

        def slow(x):
            (marks / f"{x}-{os.getpid()}").touch()
            while x >= 20 and not (marks / "dead").exists():
                time.sleep(0.01)
            return x % 5, x

        marks.mkdir()
        return sc.parallelize(range(40), 8).map(slow).reduceByKey(lambda a, b: a + b)

    def begun_late(marks):
        return len([name for name in os.listdir(marks) if int(name.split("-")[0]) >= 20])

    marks = tmp_path / "first"
    answers, squares = [], job(marks)
    at_work = threading.Thread(target=lambda: answers.append(dict(squares.collect())), daemon=True)
    at_work.start()
    until(lambda: begun_late(marks) == 2)  # both wait: four tasks are done, two are half done, two have not begun
    killed = spark.kill_executor()
    (marks / "dead").touch()
    at_work.join(timeout=FAR)
    assert answers == [{key: sum(range(key, 40, 5)) for key in range(5)}]
    assert killed.pid in {process.pid for process in everything} and spark.has_ended(killed)
    computed = [name.split("-")[0] for name in os.listdir(marks) if name != "dead"]
    assert len(set(computed)) == 40 < len(computed)  # all elements, and some of them twice
    beside.counted(40, "elements, one executor of two killed, the right sums")

    until(lambda: len(spark.executors()) == 2)  # the cluster has started another one
    everything += spark.processes()
    marks = tmp_path / "second"
    again = job(marks)
    with spark.watch(sc) as seen, spark.killing(sc, after=3) as dead:
        waker = threading.Thread(target=lambda: (until(lambda: dead), (marks / "dead").touch()))
        waker.start()
        assert dict(again.collect()) == answers[0]
        waker.join()
    runs = seen.jobs[0].runs
    assert len(dead) == 1 and spark.has_ended(dead[0])
    assert {(run.stage, run.task) for run in runs if run.ok} == {(stage, task) for stage in (0, 1) for task in range(8)}
    assert len(runs) > 16 and runs[0].start == 0 and all(run.seconds >= 0 for run in runs)
    spark.stop()
    assert gone(everything)
