"""What single pictures say: titles and sentences that change with the numbers they are given."""

import re

import numpy as np
import pytest
from claims import numbers
from matplotlib.backends.backend_agg import FigureCanvasAgg
from pictures import (
    MEASURED,
    bars,
    cards,
    check_letters,
    clouds,
    history,
    plateau,
    queue,
    swept,
    task_runs,
    timeline,
    trained,
)

from course_lib import plots
from course_lib.distributed import rdd


def test_agreeing_curves_are_said_to_agree_and_others_not():
    agree = plots.training_curves({"course_lib": history(), "Keras": history(5e-5)})
    assert numbers(agree.title) == [0.0001]
    differ = plots.training_curves({"course_lib": history(), "Keras": history(0.03)})
    assert numbers(differ.title) == [0.03] and 0.03 in numbers(differ.description)
    assert "differ" in differ.title and "differ" not in agree.title


def test_activations_are_sorted_by_what_they_do_far_out():
    growing, flat = plots.activations(["relu", "tanh"]).title.split(";")
    assert "relu" in growing and "grow" in growing and "tanh" in flat and "grow" not in flat
    with pytest.raises(ValueError, match="relu"):
        plots.activations(["rleu"])


def test_plateau_names_its_cuts():
    assert numbers(plateau(2).title) == [4]
    assert "never" in plateau(9).title and "2 waited" not in plateau(9).description


def test_calls_tell_who_is_faster_than_the_mean_without_the_warm_up():
    figure = plots.calls([5.0, *[0.001] * 9, 0.091], first=1)
    assert numbers(figure.title) == [90] and "faster than the mean" in figure.title
    for said in ("10 calls", "p50 1.00 ms", "mean 10.0 ms", "p99 91.0 ms", "warm-up of 1 call", "5.00 s"):
        assert said in figure.description


def test_batch_sizes_name_the_fastest_and_the_slowest_way():
    figure = plots.batch_sizes({"course_lib": swept(1e-5, 1e-5), "graph": swept(1e-3, 1e-6), "predict": swept(0.1, 0)})
    assert re.search(r"1,024 times .*course_lib 510 times.*predict 1\.0 times", figure.title)


def test_callers_at_a_door_for_one_wait_in_proportion():
    title = plots.callers({n: queue(n) for n in (1, 2, 8)}).title
    assert numbers(title) == [8, 1, 8] and title.index("callers") < title.index("answers") < title.index("wait")


def test_lanes_count_what_they_show():
    figure = plots.lanes({"all": (bars(0, ["1", None, "2", "2"]), [])}, "Some")
    assert numbers(figure.description) == [1, 1, 2, 2, 1]  # requests and their version, then those without one
    assert figure.description.startswith("all: 1 request answered by version 1")
    near = plots.lanes({"some": (bars(0, ["1", None, "2", "2"]), [])}, "Some", window=(2.0, 2.5))
    assert near.description.startswith("some") and numbers(near.description) == [1, 2, 0]


@pytest.mark.parametrize("ends", [2.505, 2.53, 2.6, 2.9, 4.5])
def test_no_line_of_a_span_stands_over_or_under_its_words(ends):
    figure = plots.lanes({"": (bars(0, "111222"), [(2.5, ends, "rollback")])}, "Words")
    (axes,), renderer = figure.axes, FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    words = axes.texts[0].get_window_extent(renderer)
    lines = [line.get_window_extent(renderer).x0 for line in axes.lines]
    assert lines and not any(words.x0 <= x <= words.x1 for x in lines)


def test_requests_too_close_to_be_seen_apart_become_one_bar():
    svg = plots.lanes({"": (bars(0, "1" * 2000 + "2" * 2000, step=0.001), [])}, "Many").svg()
    assert len(svg) < 1.5 * len(plots.lanes({"": (bars(0, "12", step=2.0), [])}, "Two").svg())


def test_journeys_that_fail_in_the_server_are_said_to():
    stations = ["address", "JSON", "fields"]
    assert numbers(plots.journeys([("a", 1, 500), ("b", 3, 200)], stations).title) == [2, 2, 1, 500]
    assert numbers(plots.journeys([("a", 3, 200)], stations).title) == [200]


def test_cards_say_where_the_bytes_go():
    """19 cards of 22 bytes; "the" 8 times, "cat" and "cow" twice each belong to partition 0."""
    assert numbers(cards().title) == [418, 264, 0]
    assert numbers(cards(partitions=1).title) == [418, 0] and " all " in cards(partitions=1).title


def test_timeline_names_who_died_and_who_ran_the_task_again():
    assert numbers(timeline(1).title) == [1, 1, 2] and "died with worker 1" in timeline(1).title
    assert numbers(timeline().title) == [4, 1] and "0 died" in timeline().description


def test_clouds_say_half_only_where_it_is_half():
    full = np.array([1.0, -2.0])
    halved, other = plots.gradient_clouds(full, clouds(1, 4, 16)), plots.gradient_clouds(full, clouds(1, 8, 16))
    assert "half" in halved.title and "half" not in other.title
    too_wide = clouds(1, 4) | {4: clouds(1)[1]}
    assert "half" not in plots.gradient_clouds(full, too_wide).title


def test_race_names_the_winner_that_was_measured():
    assert "in seconds the middle ones" in plots.race(trained(MEASURED), 0.5).title
    assert plots.race(trained(MEASURED | {4000: 0.01}), 0.5).title.endswith("quickest are batches of 4,000")


def test_a_task_stands_in_one_column_of_the_lineage():
    from course_lib.plots.lineage import edges, layout

    pairs = rdd.Context().parallelize(range(6), 2).map(lambda x: (x, x))
    graph = rdd.graph(pairs.join(rdd.Context.parallelize(pairs.context, [(1, 2)], 2), 3).mapValues(str))
    _, boxes = layout(graph)
    lines = edges(graph, boxes)
    assert all(boxes[i]["x"] == boxes[j]["x"] for i, j, wide in lines if not wide)
    assert len([1 for *_, wide in lines if wide]) == 4 * 3
    assert len({(box["row"], box["x"]) for box in boxes}) == len(boxes)


def test_a_timeline_names_what_was_torn_off_and_what_was_repeated():
    killed, whole = (plots.task_timeline(task_runs(killed=killed)) for killed in (True, False))
    assert numbers(killed.title) == [1, 1] and "torn off" in killed.title
    assert "torn off: task 4 on executor 1" in killed.description and "finished: task 2" in killed.description
    assert numbers(whole.title) == [6, 2] and "torn off" not in whole.title + whole.description


def test_the_fastest_engine_is_named_for_small_and_large_data():
    slow, fast = [0.1, 1.0], [0.5, 0.6]
    crossing = plots.engine_seconds([1, 9], {"plain Python": slow, "PySpark": fast})
    small, large = crossing.title.split(",")
    assert "Plain Python" in small and "small" in small and "PySpark" in large and "large" in large
    apart = plots.engine_seconds([1, 9], {"plain Python": [0.1, 0.2], "PySpark": fast})
    assert "Plain Python" in apart.title and "PySpark" not in apart.title


def test_a_deep_stack_is_told_by_its_ends():
    keeps, falls = np.ones(21), 0.5 ** np.arange(21)
    for signal, gradient, words in [
        (falls, falls[::-1], ["both", "vanish"]),
        (1 / falls, 1 / falls[::-1], ["both", "explode"]),
        (keeps, keeps, ["both", "keep"]),
        (keeps, falls[::-1], ["signal keeps", "gradient vanishes"]),
    ]:
        title = plots.signal_depth(signal, gradient, "tanh", 1.5).title
        assert all(word in title for word in words), title


@pytest.mark.parametrize(
    "value, text", [(1, "1"), (0.5436, "0.54"), (17.2, "17"), (2.24e-13, "2.2·10⁻¹³"), (3e6, "3·10⁶")]
)
def test_a_size_of_any_order_is_short(value, text):
    from course_lib.plots.depth import power

    assert power(value) == text


def test_equal_neurons_are_counted_as_one():
    kernel = np.repeat(np.arange(64.0)[:, None], 9, axis=1)
    assert "alike: 1 different among 9 neurons" in plots.neurons({"alike": kernel}, "All alike").description


def test_an_answer_of_probability_0_costs_without_end_and_no_answer_is_left_out():
    figure = plots.loss_over_probability({"you": 0.0, "nobody": None, "half": 0.5})
    half, you = (figure.description.split(f"{who} gave it ")[1].partition(";")[0] for who in ("half", "you"))
    assert numbers(half) == [0.5, 0.693, 0.25] and numbers(you) == [0, 1] and "infinite" in you
    assert "nobody" not in figure.description
    with pytest.raises(ValueError, match="you .*-0.1.* between 0 and 1"):
        plots.loss_over_probability({"you": -0.1})


def test_two_answers_of_one_probability_get_labels_that_can_be_read():
    check_letters(plots.loss_over_probability({"a model": 0.1, "knows nothing": 0.1, "you": 0.11}))


def test_learning_curves_say_the_gap_and_the_best_epoch():
    history = {"loss": [2.0, 1.0, 0.5], "val_loss": [1.5, 1.1, 1.25]}
    figure = plots.learning_curves({"a\nsmall": history, "b": history}, "Two")
    told = figure.description.split("a, small: ")[1].partition(";")[0]
    assert numbers(told) == [3, 0.5, 1.25, 1.1, 2]  # epochs, both losses at the end, the lowest and its epoch


def test_confusion_tells_what_is_found_and_what_is_mixed_up():
    figure = plots.confusion(np.array([[6, 2, 0], [0, 9, 1], [5, 0, 5]]), ("a", "b", "c"))
    assert numbers(figure.title) == [71, 90, 50] and re.search("90% of b.*50% of c", figure.title)
    for said in ("20 of 28", "c as a 5, a as b 2, b as c 1", "a 75%, b 90%, c 50%"):
        assert said in figure.description


def test_running_mean_compares_bar_and_unseen():
    told = plots.running_mean([0.1, 0.5, 0.9, 0.8], [0.7, 0.9], [0.6, 0.7])
    assert numbers(told.title) == [50, 60]
    assert numbers(told.description.split("epoch 2: ")[1])[:3] == [0.8, 0.9, 0.7]  # bar, same texts after it, unseen
