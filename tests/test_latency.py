"""The latency meter, on clocks that are made up: what it counts, what it keeps apart, what it computes and prints."""

import gc
import heapq
import re
import sys
import threading
import time

import beside
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib import Sequential, layers, parity
from course_lib.meter import Latencies, crowd, little, measure, percentile, python_calls, ranking, sweep, table, ways
from course_lib.text.numbers import duration, rounded

MICRO, MILLI, SECOND = 1_000, 1_000_000, 1_000_000_000


class Clock:
    """A clock that moves only when a call says so."""

    def __init__(self):
        self.now = 0

    def __call__(self):
        return self.now

    def taking(self, *nanoseconds):
        """A function whose calls take these times, one after the other and then again from the first."""
        calls = iter(range(10**9))

        def function(*args):
            self.now += nanoseconds[next(calls) % len(nanoseconds)]

        return function


def of(*nanoseconds, **options):
    """Latencies of calls that took these times, one right after the other."""
    ends = np.cumsum(nanoseconds)
    return Latencies(ends - nanoseconds, ends, **options)


# ---- what is measured


def test_measure_keeps_every_duration_until_the_time_is_over():
    clock = Clock()
    found = measure(clock.taking(2 * MILLI, 3 * MILLI), seconds=0.012, warmup=0, clock=clock)
    np.testing.assert_allclose(found.durations, [0.002, 0.003, 0.002, 0.003, 0.002])
    assert (found.fastest, found.slowest, found.count) == (0.002, 0.003, 5)
    assert found.mean == pytest.approx(0.0024) and found.elapsed == pytest.approx(0.012)


def test_the_first_calls_are_kept_apart():
    clock = Clock()
    first_is_slow = clock.taking(500 * MILLI, 4 * MILLI, *[MILLI] * 1000)
    found = measure(first_is_slow, seconds=0.01, warmup=2, clock=clock)
    np.testing.assert_allclose(found.warmup, [0.5, 0.004])
    assert found.count == 10 and found.slowest == pytest.approx(0.001)
    assert found.elapsed == pytest.approx(0.01)


def test_at_least_one_call_and_at_most_so_many():
    clock = Clock()
    assert measure(clock.taking(5 * SECOND), seconds=1, warmup=0, clock=clock).count == 1
    assert measure(clock.taking(MILLI), seconds=0, warmup=0, clock=clock).count == 1
    assert measure(clock.taking(1), seconds=1, warmup=0, most=7, clock=clock).count == 7


def test_arguments_reach_the_function():
    seen = []
    clock = Clock()

    def function(*args):
        seen.append(args)
        clock.now += MILLI

    measure(function, 1, "two", seconds=0.002, warmup=1, clock=clock)
    assert seen == [(1, "two")] * 3


@pytest.mark.parametrize("on_before", [True, False])
@pytest.mark.parametrize("collect", [True, False])
def test_the_garbage_collector_rests_while_measuring_unless_asked_for(collect, on_before):
    clock, on = Clock(), []

    def function():
        on.append(gc.isenabled())
        clock.now += MILLI

    try:
        (gc.enable if on_before else gc.disable)()
        measure(function, seconds=0.002, warmup=0, collect=collect, clock=clock)
        assert gc.isenabled() is on_before
    finally:
        gc.enable()
    assert on == [collect and on_before] * 2


def test_an_error_comes_through_and_the_collector_wakes_again():
    def broken():
        raise KeyError("mine")

    for warmup in (0, 1):
        with pytest.raises(KeyError, match="mine"):
            measure(broken, warmup=warmup)
        assert gc.isenabled()


@pytest.mark.parametrize("arguments", [{"warmup": -1}, {"most": 0}])
def test_measure_names_wrong_arguments(arguments):
    with pytest.raises(ValueError, match=f"{next(iter(arguments))}={next(iter(arguments.values()))}"):
        measure(len, [], **arguments)


def test_the_real_clock_is_in_nanoseconds():
    found = measure(threading.Event().wait, 0.002, seconds=0.01, warmup=0)
    assert 0.001 < found.fastest < 1000  # in nanoseconds it would be millions


# ---- what follows


def test_percentiles_by_nearest_rank_by_hand():
    values = [15, 20, 35, 40, 50]
    assert [percentile(values, q) for q in (5, 20, 21, 30, 40, 50, 100)] == [15, 15, 20, 20, 20, 35, 50]
    assert percentile(range(1, 101), 7) == 7
    assert percentile(range(1, 1001), 99.9) == 999
    assert percentile(range(1, 1001), 64.4) == 644  # in floats, 64.4 · 1000 / 100 is above 644


@settings(max_examples=200, deadline=None)
@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=60), st.integers(1, 100))
def test_a_percentile_is_the_smallest_value_that_enough_values_do_not_exceed(values, q):
    found = percentile(values, q)
    assert found in values
    assert 100 * sum(v <= found for v in values) >= q * len(values)
    assert 100 * sum(v < found for v in values) < q * len(values)
    assert found == np.percentile(values, q, method="inverted_cdf")


@pytest.mark.parametrize("q", [0, -1, 101])
def test_a_percentile_that_is_none_is_an_error(q):
    with pytest.raises(ValueError, match=f"q={q}"):
        percentile([1.0], q)


def test_one_slow_call_in_fifty_moves_the_mean_and_not_the_median():
    found = of(*[10 * MILLI] * 49, SECOND)
    assert found.p50 == found.p95 == 0.01 and found.p99 == found.slowest == 1.0
    assert found.mean == pytest.approx(0.0298)  # no call took this long, nor near it


def test_throughput_counts_items_over_the_whole_time():
    assert of(MILLI, 3 * MILLI).throughput == pytest.approx(500)
    assert of(MILLI, 3 * MILLI, items=64).throughput == pytest.approx(64 * 500)
    with_a_pause = Latencies([0, 8 * MILLI], [MILLI, 10 * MILLI])
    assert with_a_pause.throughput == pytest.approx(200)
    assert of(0).throughput == np.inf


def test_calls_of_several_threads_join():
    first, second = of(MILLI, MILLI, items=2), of(2 * MILLI, items=2)
    both = Latencies.join([first, second])
    assert both.count == 3 and both.elapsed == pytest.approx(0.002) and both.throughput == pytest.approx(3000)
    assert both.little().inside == pytest.approx(2)
    with pytest.raises(ValueError, match=r"join got calls of \[2, 1\] items"):
        Latencies.join([first, of(MILLI)])


@pytest.mark.parametrize(
    "starts, ends, message",
    [([], [], "at least one call"), ([0, 1], [2], r"shape \(2,\).*shape \(1,\)"), ([5], [3], "ended before it began")],
)
def test_latencies_name_what_is_wrong(starts, ends, message):
    with pytest.raises(ValueError, match=message):
        Latencies(starts, ends)


def in_cells(text):
    """The words in the cells of a table, line by line, without what only makes it look like one."""
    return [re.split(r" {2,}| \| ", line.strip("| ")) for line in text.splitlines()]


# ---- Little's law


def test_little_s_law_by_hand():
    found = little([0.0, 1.0], [3.0, 4.0])  # one inside, then two, then one
    assert tuple(found) == (1.5, 0.5, 3.0)
    assert re.findall(r"\d[\d.]*", repr(found)) == ["1.50", "0.500", "3.00", "1.50"]  # L; λ · W and what that makes


@pytest.mark.parametrize("servers", [1, 3])
def test_little_s_law_holds_for_a_simulated_queue(servers):
    rng = np.random.default_rng(servers)
    starts = np.cumsum(rng.exponential(0.01, 500))
    free, ends = [0.0] * servers, []
    for start in starts:
        end = max(start, heapq.heappop(free)) + rng.exponential(0.008 * servers)
        heapq.heappush(free, end)
        ends.append(end)
    found = little(starts, ends)
    assert found.inside == pytest.approx(found.rate * found.wait, rel=1e-9)
    inside = [np.sum((starts <= t) & (np.array(ends) > t)) for t in np.linspace(starts[0], max(ends), 20_001)]
    assert found.inside == pytest.approx(np.mean(inside), rel=0.01)  # L is what one sees by looking in now and then


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 10**6)), min_size=1, max_size=30))
def test_little_s_law_holds_for_any_arrivals_in_any_order(calls):
    starts = np.array([start for start, _ in calls], float)
    found = little(starts, starts + [stay for _, stay in calls])
    assert found.inside == pytest.approx(found.rate * found.wait, rel=1e-9)


def test_calls_one_after_the_other_have_one_inside():
    assert of(MILLI, 5 * MILLI, 2 * MILLI).little().inside == pytest.approx(1)


@pytest.mark.parametrize("starts, ends", [([], []), ([1.0], []), ([2.0], [1.0]), ([1.0], [1.0])])
def test_little_names_what_is_wrong(starts, ends):
    with pytest.raises(ValueError, match="little got"):
        little(starts, ends)


# ---- several callers


def test_a_crowd_is_inside_all_at_once():
    """Three callers pass only if all three are inside at the same moment: the barrier would break otherwise."""
    together = threading.Barrier(3)
    found = crowd(lambda _: together.wait(), "row", callers=3, seconds=0, items=4)
    assert found.count == 3 and found.items == 4
    assert found.starts.max() < found.ends.min()


def test_a_crowd_at_a_door_for_one_waits_in_turn():
    """All four come at once, and each is served for as long as a sleep lasts at least: a busy machine adds to it."""
    door, together, service = threading.Lock(), threading.Barrier(4), 0.01

    def answer():
        together.wait()
        with door:
            time.sleep(service)

    four = crowd(answer, callers=4, seconds=0)
    assert four.count == 4 and four.mean >= 0.99 * service * (1 + 2 + 3 + 4) / 4
    assert four.throughput <= 1.01 / service


def test_a_crowd_hands_on_what_goes_wrong():
    def broken():
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        crowd(broken, callers=2)
    with pytest.raises(ValueError, match="callers=0"):
        crowd(len, [], callers=0)


# ---- inside a call


def test_python_calls_are_counted_by_name():
    def leaf():
        return 1

    def branch(n):
        return sum(leaf() for _ in [None]) + leaf() if n == 1 else leaf() + branch(n - 1)

    seen = python_calls(branch, 3)
    here = "test_latency.test_python_calls_are_counted_by_name.<locals>"
    assert seen[f"{here}.leaf"] == 4 and seen[f"{here}.branch"] == 3
    assert python_calls(len, []).total() == 0, "functions in C are not seen"


def test_the_second_call_is_counted_and_the_profiler_is_given_back():
    ready = []

    def lazy():
        if not ready:
            ready.append(measure(len, [], seconds=0))
        return ready

    before = sys.getprofile()
    assert python_calls(lazy).total() == 1
    with pytest.raises(ZeroDivisionError):
        python_calls(lambda: 1 / 0 if len(ready) > 1 else ready.append(0))
    assert sys.getprofile() is before


# ---- batch sizes


def engine(clock, a_call=90 * MICRO, a_row=10 * MICRO):
    """A call that costs something, plus something for each row."""

    def call(batch):
        clock.now += a_call + a_row * len(batch)

    return call


def test_a_sweep_shows_latency_and_items_a_second():
    clock = Clock()
    found = sweep(engine(clock), np.zeros((3, 5)), (1, 9, 91), seconds=0.01, clock=clock)
    np.testing.assert_allclose(found.latency, [100e-6, 180e-6, 1e-3])
    np.testing.assert_allclose(found.items_per_second, [10_000, 50_000, 91_000])
    assert in_cells(repr(found)) == [
        ["batch", "p50", "p99", "p50 a row", "items/s"],
        ["1", "100 µs", "100 µs", "100 µs", "10,000"],
        ["9", "180 µs", "180 µs", "20.0 µs", "50,000"],
        ["91", "1.00 ms", "1.00 ms", "11.0 µs", "91,000"],
    ]
    assert in_cells(found._repr_markdown_())[2:] == in_cells(repr(found))[1:]


def test_a_sweep_takes_rows_again_from_the_top():
    seen = []
    sweep(lambda batch: seen.append(batch.tolist()), np.array([[1], [2], [3]]), (2, 5), seconds=0, warmup=0)
    assert seen == [[[1], [2]], [[1], [2], [3], [1], [2]]]


@pytest.mark.parametrize("sizes", [(), (0, 4)])
def test_a_sweep_without_rows_is_an_error(sizes):
    with pytest.raises(ValueError, match="batch_sizes"):
        sweep(len, np.zeros((1, 1)), sizes)


@pytest.mark.beside(
    "2",
    "a forward pass",
    "`model.predict`, `model(x)`, `tf.function`",
    "the same answers for 1, 5 and 40 rows",
)
def test_the_four_ways_give_the_same_answers():
    model = Sequential([layers.Dense(4, activation="relu", input_shape=(6,)), layers.Dense(3, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    found = ways(model, parity.keras_twin(model))
    assert list(found) == ["course_lib", "tf.function", "model(x)", "model.predict"]
    for n in (1, 5, 40):
        x = np.random.default_rng(n).normal(size=(n, 6)).astype("float32")
        for name, call in found.items():
            answer = call(x)
            assert isinstance(answer, np.ndarray), name
            beside.apart(parity.relative_difference(answer, model(x)), 1e-5)


# ---- how it is shown


def test_a_table_of_one_and_of_several():
    fast, slow = of(*[20 * MICRO] * 99, 2 * MILLI), of(*[46 * MILLI] * 3, items=2)
    head = ["calls", "mean", "p50", "p95", "p99", "slowest", "items/s"]
    row = ["100", "39.8 µs", "20.0 µs", "20.0 µs", "20.0 µs", "2.00 ms", "25,100"]
    assert in_cells(repr(fast)) == [head, row]
    both = table({"ours": fast, "predict": slow})
    assert in_cells(repr(both)) == [
        [*head, "times the fastest"],
        ["ours", *row, "1.00"],
        ["predict", "3", *["46.0 ms"] * 5, "43.5", "2,300"],
    ]
    assert in_cells(both._repr_markdown_())[2:] == in_cells(repr(both))[1:]
    assert fast._repr_markdown_() == fast.table()._repr_markdown_()
    assert "40 µs" in repr(fast.table(digits=1)) and "46 ms" in repr(slow.table(digits=2))
    with pytest.raises(ValueError, match="no Latencies"):
        table({})


def test_ranking_is_by_the_median():
    assert ranking({"steady": of(3, 3, 3), "spiky": of(2, 2, 10**9), "slow": of(4, 4, 4)}) == [
        "spiky",
        "steady",
        "slow",
    ]


@pytest.mark.parametrize(
    "seconds, text",
    [
        (0, "0 ns"),
        (2e-9, "2.00 ns"),
        (20.93e-6, "20.9 µs"),
        (999.4e-6, "999 µs"),
        (999.6e-6, "1.00 ms"),
        (1e-3, "1.00 ms"),
        (0.12345, "123 ms"),
        (0.9996, "1.00 s"),
        (75.0, "75.0 s"),
        (12345, "12,300 s"),
    ],
)
def test_times_for_reading(seconds, text):
    assert duration(seconds) == text


@pytest.mark.parametrize(
    "number, text",
    [(46938, "46,900"), (0.5, "0.500"), (9.996, "10.0"), (0, "0"), (np.inf, "inf"), (1234567, "1,230,000")],
)
def test_numbers_for_reading(number, text):
    assert rounded(number) == text
