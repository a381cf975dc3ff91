"""MapReduce on worker processes: the result is that of one process, counted step by step; mistakes are named."""

import collections
import os
import subprocess
import sys
import tempfile

import beside
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mapreduce_functions import (
    as_list,
    count_empty_lines,
    divides_by_zero,
    fails_on_dog,
    first_letter,
    forgets_to_yield,
    mean,
    pairs_of,
    total,
    yields_generators,
    yields_lists,
    yields_words,
)
from mapreduce_helpers import LINES

from course_lib import Sequential, data, layers, utils
from course_lib.distributed import mapreduce
from course_lib.distributed.keys import partition_of, sort_key, stable_hash
from course_lib.distributed.mapreduce import JobFailed, jobs

pytestmark = pytest.mark.usefixtures("no_process_stays_behind")


# --- the result -------------------------------------------------------------------------------------------------------

KEYS = st.one_of(
    st.integers(-3, 3),
    st.text("abcé", max_size=2),
    st.none(),
    st.booleans(),
    st.floats(-2, 2, width=16),
    st.binary(max_size=1),
    st.tuples(st.integers(0, 2), st.text("ab", max_size=1)),
)
RECORDS = st.lists(st.lists(st.tuples(KEYS, st.integers(-9, 9)), max_size=6), max_size=8)


@given(RECORDS, st.integers(1, 4), st.integers(1, 5))
@settings(deadline=None)
def test_the_steps_gather_the_values_of_each_key_in_order_as_a_dictionary_does(records, partitions, map_tasks):
    options = {"partitions": partitions, "map_tasks": map_tasks}
    steps = mapreduce.trace(records, pairs_of, as_list, **options)
    assert steps.output == mapreduce.run_locally(records, pairs_of, as_list)
    combined = mapreduce.trace(records, pairs_of, total, total, **options)
    assert combined.output == mapreduce.run_locally(records, pairs_of, total)


@given(RECORDS, st.integers(1, 4), st.integers(1, 5))
@settings(deadline=None)
def test_cards_become_the_pairs_that_are_sent_and_the_groups_that_are_reduced(records, partitions, map_tasks):
    for reducer, combiner in [(as_list, None), (total, total)]:
        options = {"partitions": partitions, "map_tasks": map_tasks}
        steps = mapreduce.trace(records, pairs_of, reducer, combiner, **options)
        cards = steps.cards
        assert [(card.key, card.value) for card in cards] == [pair for task in steps.mapped for pair in task]
        for task, runs in enumerate(steps.sent):
            first = sorted((card for card in cards if card.task == task and card.first), key=lambda card: card.sent)
            pairs = [(p, *pair) for p, run in enumerate(runs) for pair in run]
            assert [(card.partition, card.key, card.sent_value) for card in first] == pairs
        for p, groups in enumerate(steps.groups):
            for pile, (key, values) in enumerate(groups):
                mine = [card for card in cards if (card.partition, card.pile) == (p, pile) and card.first]
                assert {card.key for card in mine} == {key} and {str(card.total) for card in mine} == {
                    str(steps.output[key])
                }
                assert [card.sent_value for card in sorted(mine, key=lambda card: card.layer)] == values


@settings(deadline=None, max_examples=2)
@given(RECORDS, st.integers(1, 3), st.integers(1, 4), st.integers(1, 5))
def test_processes_give_the_same_as_one_process_with_and_without_a_combiner(records, partitions, tasks, spill_after):
    options = {"partitions": partitions, "map_tasks": tasks}
    run = mapreduce.run(records, pairs_of, as_list, spill_after=spill_after, **options)
    assert run.output == mapreduce.run_locally(records, pairs_of, as_list)
    assert run.shuffled == mapreduce.trace(records, pairs_of, as_list, **options).shuffled
    summed = mapreduce.run(records, pairs_of, total, total, spill_after=spill_after, **options)
    assert summed.output == mapreduce.run_locally(records, pairs_of, total)


def test_words_are_counted():
    result = mapreduce.run(LINES, jobs.words, jobs.total, jobs.total)
    assert result.output == collections.Counter(" ".join(LINES).split())
    assert result.output["the"] == 5 and len(result.output) == 10


def test_words_of_the_shipped_texts_are_counted_and_the_combiner_saves_two_thirds_of_the_bytes():
    texts = [example.text for example in data.text_examples("test")]
    plain = mapreduce.run(texts, jobs.words, jobs.total, workers=1)
    combined = mapreduce.run(texts, jobs.words, jobs.total, jobs.total, workers=1)
    assert plain.output == combined.output == collections.Counter(w for text in texts for w in data.tokenize(text))
    assert combined.counters["shuffled_bytes"] < plain.counters["shuffled_bytes"] / 3


def test_within_a_partition_keys_come_in_order_and_each_once():
    steps = mapreduce.trace(LINES, jobs.words, jobs.total, partitions=3)
    keys = [[key for key, _ in groups] for groups in steps.groups]
    assert keys == [sorted(set(part)) for part in keys]
    assert sum(map(len, keys)) == len(set().union(*keys)) == 10


def test_a_partitioner_of_ones_own_decides_which_reducer_gets_a_key():
    result = mapreduce.run(LINES, jobs.words, jobs.total, partitioner=first_letter, workers=1)
    assert list(result.output)[:2] == ["a", "and"] and result.output == mapreduce.run_locally(
        LINES, jobs.words, jobs.total
    )


# --- keys -------------------------------------------------------------------------------------------------------------


@given(KEYS, KEYS)
def test_equal_keys_meet_in_one_partition_and_sort_together(a, b):
    if a == b:
        assert stable_hash(a) == stable_hash(b) and sort_key(a) == sort_key(b)
    else:
        assert sort_key(a) != sort_key(b) and (sort_key(a) < sort_key(b)) != (sort_key(b) < sort_key(a))


def test_the_partition_of_a_key_is_the_same_in_every_process():
    keys = ["word", "größe", b"raw", 3, -1, 2.5, None, True, ("a", 1), (("b",), None)]
    program = f"from course_lib.distributed.keys import partition_of; print([partition_of(k, 97) for k in {keys!r}])"
    for salt in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-X", "utf8", "-c", program],
            env={**os.environ, "PYTHONHASHSEED": salt},
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        assert done.stdout.strip() == str([partition_of(key, 97) for key in keys])


@pytest.mark.parametrize("key", [[1], {"a": 1}, float("nan"), object, ("a", [1])])
def test_a_key_that_cannot_be_grouped_is_named(key):
    with pytest.raises(TypeError, match="has no partition. A key is a string, bytes, a number"):
        stable_hash(key)


# --- counters, files and log ------------------------------------------------------------------------------------------


def test_the_counters_count_what_went_through_each_step():
    result = mapreduce.run(LINES, jobs.words, jobs.total, jobs.total, map_tasks=3, workers=1)
    pairs = sum(len(line.split()) for line in LINES)
    steps = mapreduce.trace(LINES, jobs.words, jobs.total, jobs.total, map_tasks=3)
    sent = sum(len(run) for task in steps.sent for run in task)
    assert result.counters == {
        "map_input_records": len(LINES),
        "map_output_records": pairs,
        "combine_input_records": pairs,
        "combine_output_records": sent,
        "spilled_records": sent,
        "shuffled_bytes": sum(map(sum, steps.shuffled)),
        "reduce_input_groups": 10,
        "reduce_input_records": sent,
        "reduce_output_records": 10,
        "launched_map_tasks": 3,
        "launched_reduce_tasks": 2,
        "failed_attempts": 0,
    }


def test_the_bytes_shuffled_are_the_bytes_of_the_files_on_the_disk(tmp_path):
    result = mapreduce.run(LINES, jobs.words, jobs.total, map_tasks=3, spill_after=2, folder=tmp_path, workers=1)
    files = list(tmp_path.glob("*.pairs"))
    assert len(files) > 3 * 2 and sum(f.stat().st_size for f in files) == result.counters["shuffled_bytes"]
    assert sum(result.partition_bytes) == result.counters["shuffled_bytes"]


def test_nothing_stays_on_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    mapreduce.run(LINES, jobs.words, jobs.total, kill=("map", 0), workers=1)
    assert list(tmp_path.iterdir()) == []


def test_a_counter_of_ones_own_counts_each_record_once_also_when_a_worker_died():
    result = mapreduce.run(LINES, count_empty_lines, jobs.total, map_tasks=2, kill=[("map", 0), ("map", 1)], workers=1)
    assert result.counters["failed_attempts"] == 2
    assert result.counters["empty lines"] == 1 and result.counters["letters"] == sum(map(len, LINES))


def test_the_log_tells_every_attempt_from_beginning_to_end():
    result = mapreduce.run(LINES, jobs.words, jobs.total, map_tasks=3, kill=("map", 1))
    rows = [(phase, task, attempt, end) for _, phase, task, attempt, _, _, end in result.timeline]
    assert sorted(rows) == [
        ("map", 0, 1, "finished"),
        ("map", 1, 1, "died"),
        ("map", 1, 2, "finished"),
        ("map", 2, 1, "finished"),
        ("reduce", 0, 1, "finished"),
        ("reduce", 1, 1, "finished"),
    ]
    assert all(start <= end for *_, start, end, _ in result.timeline)
    assert [e.seconds for e in result.log] == sorted(e.seconds for e in result.log)
    assert any("map task 1, attempt 1: worker" in line and "died on purpose" in line for line in map(str, result.log))


def test_skewed_keys_make_one_reducer_fetch_most():
    lines = ["the " * 50 + word for word in ("cat", "dog", "mat", "sun")]
    result = mapreduce.run(lines, jobs.words, jobs.total, partitions=2, workers=1)
    assert max(result.partition_bytes) > 0.9 * sum(result.partition_bytes)
    combined = mapreduce.trace(lines, jobs.words, jobs.total, jobs.total, partitions=2)
    assert sum(combined.partition_bytes) < 0.1 * sum(result.partition_bytes)


# --- what a programmer can do wrong -----------------------------------------------------------------------------------


def test_an_exception_names_task_function_record_and_cause():
    with pytest.raises(
        JobFailed, match=r"map task 1: mapper failed on the record 'the dog sat.*ZeroDivisionError"
    ) as e:
        mapreduce.run(LINES, fails_on_dog, total)
    assert "In the worker:" in str(e.value) and "in fails_on_dog" in str(e.value)


@pytest.mark.parametrize(
    "mapper, reducer, combiner, message",
    [
        (forgets_to_yield, total, None, "mapper returned None for the record.*`yield key, value`"),
        (yields_words, total, None, "mapper yielded 'the' for the record .*it must yield pairs"),
        (yields_lists, total, None, "No partition for the key .*A key is a string"),
        (yields_generators, total, None, "The pair .* cannot be written to a file: .*generator"),
        (jobs.words, divides_by_zero, None, r"reduce task \d: reducer failed on the key .*division by zero"),
        (jobs.words, total, divides_by_zero, r"map task \d: combiner failed on the key .* with 1 value \[1\]"),
    ],
)
def test_each_mistake_is_named(mapper, reducer, combiner, message):
    with pytest.raises(JobFailed, match=message):
        mapreduce.run(LINES, mapper, reducer, combiner, workers=1)


@pytest.mark.parametrize(
    "options, message",
    [
        ({"workers": 0}, "workers=0; it must be a whole number, 1 or more"),
        ({"partitions": 1.5}, "partitions=1.5"),
        ({"kill": ("sort", 1)}, 'it takes \\("map" or "reduce", task\\)'),
        ({"kill": ("map", 99)}, "there are map tasks 0 … 5 with attempts 1 … 4"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        mapreduce.run(LINES, jobs.words, total, **options)


def test_a_combiner_that_averages_is_caught_by_the_comparison_with_one_process():
    records = [[("a", 0.0)], [("a", 0.0), ("a", 6.0)]]
    right = mapreduce.run_locally(records, pairs_of, mean)
    assert right == {"a": 2.0}
    assert mapreduce.trace(records, pairs_of, mean, mean, map_tasks=2).output == {"a": 1.5}


# --- the gradient -----------------------------------------------------------------------------------------------------

UNEVEN = [(0, 250), (250, 256), (256, 300), (300, 301)]


@pytest.fixture(scope="module")
def classifier():
    utils.set_random_seed(3)
    model = Sequential(
        [
            layers.Dense(64, activation="relu", input_shape=(1000,), kernel_regularizer="l2"),
            layers.Dense(32, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("sgd", loss="sparse_categorical_crossentropy")
    (x, y), _ = data.load_text()
    x, y = x[:301], y[:301]
    model.loss_and_gradient(x, y)
    return model, x, y, [g.copy() for g in model.gradients]


def shards(x, y, borders):
    return [(x[start:stop], y[start:stop]) for start, stop in borders]


def largest_difference(ours, theirs):
    return max(np.abs(a - b).max() for a, b in zip(ours, theirs, strict=True))


@pytest.mark.beside(
    "5",
    "the gradient in one process",
    "a MapReduce job on worker processes, two of them killed",
    "uneven shards (absolute)",
)
def test_the_gradient_by_mapreduce_equals_the_gradient_in_one_process(classifier):
    model, x, y, whole = classifier
    sharded, result = jobs.gradient(model, shards(x, y, UNEVEN), kill=[("map", 2), ("reduce", 0)], map_tasks=3)
    beside.apart(largest_difference(sharded, whole), 1e-7)
    assert max(np.abs(g).max() for g in whole) > 1e-3
    assert result.counters["failed_attempts"] == 2 and result.counters["reduce_output_records"] == 6


def test_the_gradient_by_mapreduce_is_exact_to_13_digits_in_float64(classifier):
    model, x, y, _ = classifier
    twin = Sequential(
        [layers.Dense(8, activation="tanh", input_shape=(1000,)), layers.Dense(10, activation="softmax")]
    ).astype("float64")
    twin.compile("sgd", loss="sparse_categorical_crossentropy")
    sharded, _ = jobs.gradient(twin, shards(x, y, UNEVEN), workers=1)
    twin.loss_and_gradient(x.astype("float64"), y)
    assert largest_difference(sharded, twin.gradients) < 1e-13


def test_a_mean_of_means_is_right_for_equal_shards_and_wrong_for_uneven_ones(classifier):
    model, x, y, whole = classifier
    size = max(np.abs(g).max() for g in whole)
    wrong = {"combiner": None, "reducer": jobs.mean_of_means}
    uneven, _ = jobs.gradient(model, shards(x, y, UNEVEN), **wrong, workers=1)
    assert largest_difference(uneven, whole) > 0.1 * size
    model.loss_and_gradient(x[:300], y[:300])
    equal, _ = jobs.gradient(model, shards(x, y, [(0, 100), (100, 200), (200, 300)]), **wrong, workers=1)
    model.loss_and_gradient(x[:300], y[:300])
    assert largest_difference(equal, model.gradients) < 1e-7
