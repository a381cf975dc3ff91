"""The small RDD computes what plain Python computes, no more often than it must, and again what was lost.

That it does as PySpark does, program by program, is in test_spark.py.
"""

import collections
import itertools
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib import data
from course_lib.distributed import features, rdd
from course_lib.distributed.rdd import count_shuffles, graph, stages, tasks

LINES = ["the cat sat", "the dog sat on the mat", "a cat", "the end"]
PAIRS = st.lists(st.tuples(st.integers(-3, 3), st.integers(-9, 9)), max_size=25)
PARTS = st.integers(1, 5)


@pytest.fixture
def sc():
    return rdd.Context(2)


def add(a, b):
    return a + b


def word_counts(sc, parts=3):
    return sc.parallelize(LINES, parts).flatMap(str.split).map(lambda word: (word, 1)).reduceByKey(add)


# --- results ----------------------------------------------------------------------------------------------------------


@given(PAIRS, PARTS)
@settings(deadline=None)
def test_narrow_steps_keep_the_order_of_the_elements(pairs, parts):
    source = rdd.Context().parallelize(pairs, parts)
    assert source.collect() == pairs and source.getNumPartitions() == parts
    assert source.map(lambda p: p[0] * p[1]).collect() == [k * v for k, v in pairs]
    assert source.flatMap(lambda p: [p[0]] * abs(p[1])).collect() == [k for k, v in pairs for _ in range(abs(v))]
    assert source.filter(lambda p: p[1] > 0).collect() == [(k, v) for k, v in pairs if v > 0]
    assert source.mapValues(abs).collect() == [(k, abs(v)) for k, v in pairs]
    assert source.union(source).collect() == pairs * 2
    assert list(itertools.chain(*source.glom().collect())) == pairs
    values = [v for _, v in pairs]
    assert source.values().mean() == pytest.approx(np.mean(values) if values else 0)
    if values:
        assert (source.values().max(), source.min(key=lambda p: p[1])[1]) == (max(values), min(values))
    assert source.mapPartitions(lambda part: [len(list(part))]).sum() == source.count() == len(pairs)
    assert source.coalesce(2).collect() == pairs
    for n in range(4):
        assert source.take(n) == pairs[:n]


@given(PAIRS, PAIRS, PARTS, PARTS)
@settings(deadline=None)
def test_wide_steps_gather_what_belongs_together(pairs, others, parts, wanted):
    context = rdd.Context()
    source, other = context.parallelize(pairs, parts), context.parallelize(others, wanted)
    values = collections.defaultdict(list)
    for key, value in pairs:
        values[key].append(value)
    assert dict(source.reduceByKey(add, wanted).collect()) == {k: sum(v) for k, v in values.items()}
    assert {k: list(v) for k, v in source.groupByKey(wanted).collect()} == values
    assert dict(source.aggregateByKey([], lambda a, v: [*a, v], add).collect()) == values
    assert source.countByKey() == collections.Counter(key for key, _ in pairs)
    assert sorted(source.distinct().collect()) == sorted(set(pairs))
    joined = [(k, (v, w)) for k, v in pairs for key, w in others if k == key]
    assert sorted(source.join(other).collect()) == sorted(joined)
    for ascending in (True, False):
        in_order = sorted(pairs, key=lambda pair: pair[0], reverse=not ascending)
        assert source.sortByKey(ascending, wanted).collect() == in_order
    assert source.sortBy(lambda pair: (pair[1], pair[0]), numPartitions=wanted).collect() == sorted(
        pairs, key=lambda pair: (pair[1], pair[0])
    )


@given(PAIRS, PARTS)
@settings(deadline=None)
def test_actions_end_in_one_value(pairs, parts):
    numbers = [v for _, v in pairs]
    source = rdd.Context().parallelize(numbers, parts)
    assert source.sum() == sum(numbers)
    largest_and_count = source.aggregate(
        (-99, 0), lambda a, x: (max(a[0], x), a[1] + 1), lambda a, b: (max(a[0], b[0]), a[1] + b[1])
    )
    assert largest_and_count == (max(numbers, default=-99), len(numbers))
    if numbers:
        assert source.reduce(min) == min(numbers) and source.first() == numbers[0]
    else:
        with pytest.raises(ValueError, match=r"Can not reduce\(\) empty RDD"):
            source.reduce(min)
        with pytest.raises(ValueError, match="RDD is empty"):
            source.first()


def test_the_shipped_features_come_out_of_the_small_rdd(sc):
    (x, _), _ = data.load_text()
    texts = sc.parallelize([example.text for example in data.text_examples("train")], 4)
    words = features.rdd_vocabulary(texts)
    assert tuple(words) == data.text_info().vocabulary
    np.testing.assert_array_equal(np.stack(features.rdd_counts(texts, words).collect()), x)


def test_lines_of_a_file_are_its_elements(sc, tmp_path):
    path = tmp_path / "lines.txt"
    path.write_text("größer\nkleiner\n", encoding="utf-8")
    assert sc.textFile(str(path)).collect() == ["größer", "kleiner"]


# --- nothing runs too early, or too often -----------------------------------------------------------------------------


def test_nothing_runs_before_an_action(sc):
    failing = sc.parallelize([1, 2]).map(lambda x: 1 / 0).filter(bool).map(lambda x: (x, x)).reduceByKey(add)
    assert sc.jobs == []
    with pytest.raises(ZeroDivisionError):
        failing.count()


def test_without_cache_every_action_computes_again_and_with_cache_none_does(sc):
    squares = sc.parallelize(range(6), 3).map(lambda x: x * x)
    squares.count(), squares.sum()
    assert [job.partitions(squares) for job in sc.jobs] == [[0, 1, 2], [0, 1, 2]]
    squares.cache().count(), squares.sum()
    assert [job.partitions(squares) for job in sc.jobs[2:]] == [[0, 1, 2], []]
    assert sc.jobs[-1].cached.total() == 3
    squares.unpersist().count()
    assert sc.jobs[-1].partitions(squares) == [0, 1, 2]


def test_a_second_action_skips_the_stage_whose_shuffle_is_there(sc):
    counts = word_counts(sc)
    first = counts.collect()
    assert (sc.jobs[-1].stages, sc.jobs[-1].stages_run, sc.jobs[-1].tasks) == (2, 2, 6)
    assert counts.collect() == first
    assert (sc.jobs[-1].stages, sc.jobs[-1].stages_run, sc.jobs[-1].tasks) == (2, 1, 3)


def test_take_computes_no_more_than_it_needs(sc):
    seen = sc.accumulator(0)
    numbers = sc.parallelize(range(100), 10).map(lambda x: seen.add(1) or x)
    assert numbers.take(3) == [0, 1, 2]
    assert sc.jobs[-1].partitions(numbers) == [0] and seen.value == 3


def test_a_filter_that_leaves_nothing_makes_take_look_further_each_time(sc):
    assert sc.parallelize(range(20), 10).filter(lambda x: x == 19).take(1) == [19]
    assert [job.tasks for job in sc.jobs] == [1, 4, 5]


def test_sort_by_key_runs_two_jobs_at_once_to_find_its_borders(sc):
    pairs = sc.parallelize([(3, "c"), (1, "a"), (2, "b")], 3)
    assert len(sc.jobs) == 0
    in_order = pairs.sortByKey()
    assert len(sc.jobs) == 2
    assert in_order.glom().collect() == [[(1, "a"), (2, "b")], [(3, "c")], []]


# --- lineage ----------------------------------------------------------------------------------------------------------


def test_a_stage_ends_where_data_is_shuffled(sc):
    counts = word_counts(sc)
    assert [[one.name for one in stage] for stage in stages(counts)] == [
        ["parallelize", "flatMap", "map", "reduceByKey, in each partition"],
        ["shuffle by key", "reduceByKey, across"],
    ]
    assert counts.lineage().splitlines() == [
        "(3) reduceByKey, across [5]",
        " |  shuffle by key [4]",
        " +-(3) reduceByKey, in each partition [3]",
        " |   |  map [2]",
        " |   |  flatMap [1]",
        " |   |  parallelize [0]",
    ]
    assert counts.toDebugString().decode() == counts.lineage()


def test_the_graph_names_parents_stages_and_what_is_cached(sc):
    counts = word_counts(sc).cache()
    nodes = graph(counts.filter(lambda pair: pair[1] > 1))
    assert [node["parents"] for node in nodes] == [[], [0], [1], [2], [3], [4], [5]]
    assert [node["stages"] for node in nodes] == [[0]] * 4 + [[1]] * 3
    assert [node["wide"] for node in nodes] == [False] * 4 + [True, False, False]
    assert [node["cached"] for node in nodes] == [False] * 5 + [True, False]


def test_a_partition_says_what_it_is_made_of(sc):
    left, right = sc.parallelize(range(6), 3), sc.parallelize(range(4), 2)
    both = left.union(right)
    assert both.needs(2) == [(left, 2)] and both.needs(3) == [(right, 0)]
    assert both.map(abs).needs(4) == [(both, 4)]
    few = both.coalesce(2)
    assert few.needs(0) + few.needs(1) == [(both, number) for number in range(5)]
    pairs = both.map(lambda x: (x, x)).partitionBy(2)
    assert pairs.needs(1) == [(pairs.parents[0], number) for number in range(5)]
    assert graph(pairs)[-1]["needs"] == [[[pairs.parents[0].number, number] for number in range(5)]] * 2
    zipped = pairs.union(pairs.mapValues(abs))
    assert zipped.needs(1) == [(parent, 1) for parent in zipped.parents] and len(zipped.parents) == 2


def test_a_task_is_what_is_computed_in_one_go(sc):
    counts = word_counts(sc, 2)
    first, last = tasks(counts)
    assert [[(one.name, part) for one, part in task] for task in last] == [
        [("shuffle by key", part), ("reduceByKey, across", part)] for part in (0, 1)
    ]
    counts.collect()
    gone = first[1]
    for one, part in gone:
        one.lose(part)
    counts.collect()
    ran = {(one.number, part) for one, part in gone + last[0] + last[1]}
    assert set(sc.jobs[-1].computed) == ran and len(gone) == 4


@pytest.mark.parametrize(
    "program, shuffles",
    [
        (lambda counts: counts, 1),
        (lambda counts: counts.mapValues(abs).filter(bool).reduceByKey(add), 1),  # keys stayed where they were
        (lambda counts: counts.map(lambda pair: pair).reduceByKey(add), 2),  # map may change keys
        (lambda counts: counts.reduceByKey(add, 2), 2),  # another number of partitions
        (lambda counts: counts.join(counts.mapValues(abs)), 1),  # partitioned alike: nothing moves
        (lambda counts: counts.join(counts.map(lambda pair: pair)), 2),
        (lambda counts: counts.sortByKey(), 2),
        (lambda counts: counts.keys().distinct(), 2),
    ],
)
def test_shuffles_are_needed_only_where_keys_must_move(sc, program, shuffles):
    assert count_shuffles(program(word_counts(sc))) == shuffles


def test_reduce_by_key_sends_less_than_group_by_key(sc):
    pairs = sc.parallelize([(i % 3, 1) for i in range(300)], 3)
    reduced, grouped = pairs.reduceByKey(add), pairs.groupByKey().mapValues(sum)
    assert reduced.collect() == grouped.collect() == [(0, 100), (1, 100), (2, 100)]
    less, more = sc.jobs
    assert less.shuffled_records == more.shuffled_records == 9 and less.shuffled_bytes < more.shuffled_bytes / 2


# --- what is lost is computed again -----------------------------------------------------------------------------------


def test_of_a_cached_rdd_only_the_lost_partition_is_computed_again(sc):
    source = sc.parallelize(range(8), 4)
    squares = source.map(lambda x: x * x).cache()
    expected = squares.collect()
    squares.lose(2)
    assert squares.collect() == expected
    assert sc.jobs[-1].partitions(squares) == sc.jobs[-1].partitions(source) == [2]
    assert sc.jobs[-1].computed.total() == 2 and sc.jobs[-1].cached.total() == 3


def test_of_a_shuffle_only_the_lost_map_task_runs_again(sc):
    counts = word_counts(sc)
    expected = counts.collect()
    local = stages(counts)[0][-1]
    local.lose(1)
    assert counts.collect() == expected
    again = sc.jobs[-1]
    assert again.partitions(local) == again.partitions(sc.rdds[0]) == [1]
    assert (again.stages_run, again.tasks) == (2, 1 + 3)


def test_a_lost_cached_partition_after_a_shuffle_reads_the_buckets_that_are_there(sc):
    counts = word_counts(sc).cache()
    expected = counts.collect()
    counts.lose(0)
    assert counts.collect() == expected
    assert sc.jobs[-1].partitions(counts) == [0] and sc.jobs[-1].partitions(sc.rdds[0]) == []


def test_what_is_cached_needs_nothing_of_what_it_was_made_of(sc):
    counts = word_counts(sc).cache()
    counts.count()
    stages(counts)[0][-1].lose(1)
    counts.count()
    assert (sc.jobs[-1].stages_run, sc.jobs[-1].tasks) == (1, 3) and sc.jobs[-1].computed.total() == 0


def test_a_lost_machine_costs_its_share_and_changes_nothing(sc):
    counts = word_counts(sc, 4).cache()
    expected = counts.collect()
    sc.lose_executor(1, executors=2)
    assert counts.collect() == expected
    assert sc.jobs[-1].partitions(counts) == [1, 3] == sc.jobs[-1].partitions(sc.rdds[0])


@given(PAIRS, PARTS, st.lists(st.tuples(st.integers(0, 99), st.integers(0, 9)), max_size=8), st.sets(st.integers(0, 9)))
@settings(deadline=None)
def test_whatever_is_lost_the_result_is_the_same(pairs, parts, losses, cached):
    context = rdd.Context()
    source = context.parallelize(pairs, parts)
    sums = source.reduceByKey(add)
    result = sums.join(source.mapValues(abs)).map(lambda row: (row[0], sum(row[1]))).reduceByKey(max, 2)
    for number in cached:
        context.rdds[number].cache()
    expected = sorted(result.collect())
    for number, partition in losses:
        lost = context.rdds[number % len(context.rdds)]
        lost.lose(partition % lost.partitions)
        assert sorted(result.collect()) == expected


# --- what travels is a copy -------------------------------------------------------------------------------------------


def test_a_counter_in_a_closure_stays_zero_and_an_accumulator_counts(sc):
    counter = {"seen": 0}
    accumulator = sc.accumulator(0)

    def look(x):
        counter["seen"] += 1
        accumulator.add(1)
        return x

    looked = sc.parallelize(range(10)).map(look)
    assert looked.count() == 10
    assert counter["seen"] == 0 and accumulator.value == 10
    looked.count()
    assert accumulator.value == 20  # not cached, so computed and counted again


def test_data_that_changes_later_does_not_reach_the_rdd(sc):
    rows = [[1], [2]]
    source = sc.parallelize(rows)
    rows[0].append(9)
    assert source.collect() == [[1], [2]]

    def spoil(row):
        row.append(0)
        return row

    kept = source.map(lambda row: row).cache()
    assert kept.map(spoil).collect() == kept.map(spoil).collect() == [[1, 0], [2, 0]]
    assert kept.collect() == [[1], [2]]


def test_the_zero_of_aggregate_is_fresh_in_each_partition(sc):
    def put(so_far, x):
        so_far.append(x)
        return so_far

    assert sc.parallelize(range(5), 3).aggregate([], put, add) == [0, 1, 2, 3, 4]


def test_a_broadcast_value_is_read_in_tasks(sc):
    table = sc.broadcast({0: "even", 1: "odd"})
    assert sc.parallelize(range(3)).map(lambda x: table.value[x % 2]).collect() == ["even", "odd", "even"]


# --- what a programmer can do wrong -----------------------------------------------------------------------------------


def test_an_rdd_inside_a_task_is_refused_with_a_way_out(sc):
    small = sc.parallelize([1])
    with pytest.raises(RuntimeError, match="uses an RDD or the context.*join or union, or collect"):
        sc.parallelize([1, 2]).map(lambda x: x + small.count()).collect()
    with pytest.raises(RuntimeError, match="uses an RDD or the context"):
        sc.parallelize([1, 2]).map(lambda x: sc.parallelize([x])).collect()


def test_a_function_that_cannot_travel_is_refused_with_a_way_out(sc):
    lock = threading.Lock()
    with pytest.raises(TypeError, match="cannot be sent to the tasks.*once for each partition"):
        sc.parallelize([1]).map(lambda x: lock.locked()).collect()


def test_a_shuffle_of_what_are_no_pairs_says_so(sc):
    with pytest.raises(TypeError, match=r"got 7; its elements must be pairs \(key, value\)"):
        sc.parallelize([7]).partitionBy(2).collect()


def test_an_operation_that_it_does_not_have_is_named_with_those_it_has(sc):
    with pytest.raises(AttributeError, match="has no 'histogram'.* it has: aggregate, .*, values"):
        sc.parallelize([1]).histogram(3)
    with pytest.raises(TypeError, match="cannot be walked through.*map, flatMap or filter"):
        sorted(sc.parallelize([1]))


def test_only_a_partition_that_exists_can_be_lost(sc):
    with pytest.raises(ValueError, match="has partitions 0 … 1; it cannot lose 5"):
        sc.parallelize([1, 2]).lose(5)
