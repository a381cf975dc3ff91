"""Every widget, without a browser: its controls at both ends, its pure function, and what it leaves in a notebook."""

import functools
import inspect
import itertools
import json
import re
import subprocess

import numpy as np
import pytest

from course_lib import Sequential, activations, callbacks, data, layers, losses, optimizers, utils, widgets
from course_lib.plots import Figure
from course_lib.widgets import (
    VIEW,
    ConfusionExplorer,
    CourseMap,
    ForwardPass,
    GradientDescent,
    GraphStepper,
    LineageGraph,
    MapReduceCards,
    NoisyDescent,
    PlateauMachine,
    RequestJourney,
    SignalDepth,
    SoftmaxDial,
    Tail,
    TypeAndClassify,
)
from course_lib.widgets.base import STATIC, Choice, Points, Slider, Text, is_widget, script
from course_lib.widgets.forward_pass import BIAS_1, BIAS_2, KERNEL_1, KERNEL_2
from course_lib.widgets.gradient_descent import SURFACES
from course_lib.widgets.noisy_descent import VALLEY


class WordScores:
    """A linear model with made-up weights: enough for `TypeAndClassify`, and it can be checked by hand."""

    def __init__(self, words=1000, classes=10):
        self.kernel = np.random.default_rng(5).normal(0, 1, (words, classes))
        self.bias = np.linspace(0, 1, classes)
        self.calls = 0

    def predict(self, x, verbose=0):
        self.calls += 1
        z = x @ self.kernel + self.bias
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)


def dense_word_scores():
    """`WordScores` as a model of the library."""
    scores = WordScores()
    return Sequential([layers.Dense(10, "softmax", input_shape=(1000,), weights=[scores.kernel, scores.bias])])


def waits(n=1000):
    """Calls of about a millisecond; one in fifty takes up to a tenth of a second longer. All are different."""
    rng = np.random.default_rng(7)
    return 0.001 * rng.uniform(0.9, 1.1, n) + np.where(np.arange(n) % 50 == 0, rng.uniform(0.01, 0.1, n), 0)


# Scores of one text, as a classifier might give them: one class far ahead, one above their mean, the others below it.
SCORES, NAMES = (9.0, 3.4, -1.1, -2.0, -4.0), ("python", "games", "text", "net", "fonts")

# A widget that needs nothing is tested without a word here; one that needs a model or data gets it.
MAKE = {cls.__name__: cls for cls in vars(widgets).values() if is_widget(cls)} | {
    "TypeAndClassify": lambda: TypeAndClassify(WordScores()),
    "ConfusionExplorer": lambda: ConfusionExplorer(dense_word_scores()),
    "Tail": lambda: Tail(waits()),
    "SoftmaxDial": lambda: SoftmaxDial(SCORES, NAMES, "games"),
}


@pytest.fixture(params=MAKE)
def widget(request):
    make = MAKE[request.param]
    needed = [
        p.name for p in inspect.signature(make).parameters.values() if p.default is p.empty and p.kind < p.KEYWORD_ONLY
    ]
    assert not needed, f"{request.param} needs {', '.join(needed)}: give it some in MAKE, above."
    return make()


def numbers(value):
    """Every number inside a nested result."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return [n for item in value for n in numbers(item)]
    return [value] if isinstance(value, (int, float)) else []


def test_widget_answers_at_both_ends_of_every_control(widget):
    defaults, seen = dict(widget.values), set()
    for control in widget.controls:
        for value in (*control.ends, control.default):
            widget.values = {**defaults, control.name: value}
            result = widget.result
            assert np.isfinite(numbers(result)).all(), (control.name, value)
            assert re.search(r"\d.*\.$", result["description"])
            assert json.loads(json.dumps(result)) == result
            seen.add(json.dumps(result))
    assert len(seen) > len(widget.controls), "moving a control must change something"


def test_forward_pass_answers_at_every_corner():
    widget = ForwardPass()
    for corner in itertools.product(*(control.ends for control in widget.controls)):
        result = widget.compute(**dict(zip(("game", "library", "level", "activation"), corner)))
        assert np.isfinite(result["probabilities"]).all()
        assert result["probabilities"].sum() == pytest.approx(1)


def test_compute_is_pure(widget):
    before = json.dumps([widget.values, widget.result, widget.page])
    first, second = widget.at_defaults(), widget.at_defaults()
    np.testing.assert_equal(first, second)
    assert json.dumps([widget.values, widget.result, widget.page]) == before


def at_the_fork(expression="w · relu(wx + b)", **inputs):
    """{label of a node: its gradient}, and what flows into the fork on each of its two edges, after the last step."""
    result = GraphStepper(expression=expression, **inputs, step=12).result
    flows = [edge["flow"] for edge in result["edges"] if edge["fork"]]
    assert len(flows) == 2
    return {node["label"]: node["gradient"] for node in result["nodes"]}, flows


def test_question_about_the_graph_has_its_answers():
    """Three reasons for a gradient of exactly 0 at w, each by the sliders that lesson 1.3 names, and no fourth."""
    assert at_the_fork(b=-3)[1] == [0, 0]
    gradients, flows = at_the_fork(x=1, b=0)
    assert set(gradients.values()) == {0, 1} and flows == [0, 0], "no error: 0 everywhere but at the loss itself"
    gradients, flows = at_the_fork(x=-0.5, b=2)
    assert gradients["w"] == 0 and sorted(flows) == [-4, 4] and gradients["x"] == -16

    reasons, ticks = set(), np.arange(-3, 3.5, 0.5)
    stepper = GraphStepper()
    for w, x, b in itertools.product(ticks, ticks, ticks):
        nodes = {node["label"]: node for node in stepper.graph("w · relu(wx + b)", w, x, b)["nodes"]}
        if nodes["w"]["gradient"] == 0:
            shut, no_error = nodes["z"]["value"] <= 0, nodes["e"]["value"] == 0
            cancels = not shut and not no_error and nodes["h"]["value"] == -w * x != 0
            assert shut + no_error + cancels == 1
            reasons.add((shut, no_error, cancels))
    assert len(reasons) == 3


def test_stepper_goes_forward_then_backward_and_every_product_it_tells_is_right():
    for expression in GraphStepper.controls[0].options:
        for step in range(13):
            result = GraphStepper(expression=expression, w=1.5, x=-2, b=3, step=step).result
            nodes, edges = result["nodes"], result["edges"]
            assert sum(node["value"] is None for node in nodes) == max(6 - step, 0)
            for edge in edges:
                assert (edge["local"] is None) == (nodes[edge["target"]]["value"] is None)
                if edge["flow"] is not None:
                    assert edge["flow"] == edge["local"] * nodes[edge["target"]]["gradient"]
            for node in nodes:
                arrived = [e["flow"] for e in edges if e["source"] == node["id"] and e["flow"] is not None]
                if node["label"] != "L":
                    assert node["gradient"] == (pytest.approx(sum(arrived)) if arrived else None)
            if step > 6:
                told = sum(edge["now"] for edge in edges)
                assert len(result["said"]) == 1 + told >= 2
        assert all(node["gradient"] is not None for node in nodes)


def test_stepper_tells_the_product_and_what_it_is_added_to():
    assert "To h: local 2 × arriving −2 = −4, added to 0." in GraphStepper(step=9).result["said"]
    assert "To w: local 1.5 × arriving −2 = −3, added to 0." in GraphStepper(step=9).result["said"]
    assert "To w: local 1 × arriving −4 = −4, added to −3, makes −7." in GraphStepper(step=12).result["said"]


def test_an_answer_that_stays_the_same_is_counted():
    widget = GradientDescent()
    before, answers = widget.result, widget.answers
    widget.values = {"budget": 310}
    assert widget.result == before and widget.answers == answers + 1


def test_value_out_of_range_is_refused(widget):
    for control in widget.controls:
        wrong = {Slider: 1e9, Choice: "nonsense", Text: "a" * 10_000, Points: [0.5]}[type(control)]
        with pytest.raises(ValueError, match=f"{control.name} (is|takes)"):
            widget.values = {**widget.values, control.name: wrong}


def test_controls_can_be_set_from_python():
    assert ForwardPass(game=4, activation="tanh").values == {"game": 4, "library": 0, "level": 1, "activation": "tanh"}
    widget = ForwardPass()
    widget.values = {"game": 3}
    assert widget.values == {"game": 3, "library": 0, "level": 1, "activation": "relu"}
    with pytest.raises(TypeError, match="no control 'games'. It has: game, library, level, activation"):
        ForwardPass(games=1)
    with pytest.raises(ValueError, match="game is 5; it takes a number from 0 to 4"):
        ForwardPass(game=5)


def test_notebook_gets_live_view_figure_and_sentence_in_one_output(widget):
    bundle, _ = widget._repr_mimebundle_()
    assert set(bundle) == {VIEW, "text/html", "text/plain"}
    assert bundle["text/html"].startswith('<img src="data:image/svg+xml;base64,')
    assert bundle["text/plain"] == widget.static().description


def test_static_figure_makes_the_same_point(widget):
    figure = widget.static()
    assert isinstance(figure, Figure)
    assert figure.svg() == widget.static().svg()


def test_forward_pass_equals_a_sequential_with_the_same_weights():
    model = Sequential(
        [
            layers.Dense(4, "relu", weights=[KERNEL_1, BIAS_1], dtype="float64"),
            layers.Dense(2, "softmax", weights=[KERNEL_2, BIAS_2], dtype="float64"),
        ]
    )
    for x in ([2.0, 0.0, 1.0], [0.0, 3.0, 0.0], [4.0, 4.0, 4.0]):
        result = ForwardPass().compute(*x, "relu")
        np.testing.assert_allclose(result["probabilities"], model.predict(np.array([x]), verbose=0)[0], rtol=1e-12)


def test_products_on_the_lines_add_up_to_the_sums_on_the_neurons():
    result = ForwardPass().compute(1.5, 2.5, 3.5, "gelu")
    for products, bias, sums in zip(result["products"], (BIAS_1, BIAS_2), result["sums"]):
        np.testing.assert_allclose(products.sum(axis=0) + bias, sums, rtol=1e-12)


def test_question_of_the_lesson_has_an_answer():
    """With only the library neuron awake, game and level can be moved and the answer stays."""
    answers = [
        ForwardPass().compute(game, 4, level, "relu") for game, level in [(0, 0), (1, 0), (3, 0), (0, 1), (0, 2)]
    ]
    for result in answers:
        assert np.count_nonzero(result["values"][1]) == 1
        np.testing.assert_array_equal(result["probabilities"], answers[0]["probabilities"])
    tanh = [ForwardPass().compute(game, 4, 0, "tanh")["probabilities"][0] for game in (0, 2)]
    assert tanh[0] != tanh[1]


def cuts(**settings):
    """After which epochs the machine cuts the rate."""
    return [epoch for epoch, event in enumerate(PlateauMachine(**settings).result["events"], 1) if event == "reduced"]


def test_plateau_machine_decides_as_the_callback_does():
    result = PlateauMachine(factor=0.3, patience=2, cooldown=4, losses=[0.6] * 24).result
    callback = callbacks.ReduceLROnPlateau(factor=0.3, patience=2, min_delta=0.02, cooldown=4, mode="min")
    callback.set_model(Sequential([layers.Dense(1)]))
    callback.model.optimizer = optimizers.SGD(0.1)
    callback.on_train_begin()
    for epoch, rate in enumerate(result["next_rates"]):
        callback.on_epoch_end(epoch, {"val_loss": 0.6})
        seen = callback.best, callback.wait, callback.cooldown_counter, callback.model.optimizer.learning_rate
        assert seen == (0.6, result["wait"][epoch], result["cooldown"][epoch], pytest.approx(rate))
    assert result["rates"][1:] == result["next_rates"][:-1], "a cut counts from the next epoch on"


def test_questions_about_the_plateau_machine_have_their_answers():
    """The loss falls for 17 epochs and the rate is cut after epoch 10; two settings alone prevent that, two cannot."""
    losses = PlateauMachine().values["losses"]
    assert all(np.diff(losses[:17]) < 0) and losses[17] > losses[16]
    assert cuts() == [10, 20]
    assert 10 not in cuts(min_delta=0) and cuts(patience=4)[0] == 11
    assert all(epoch > 12 for patience in (5, 6, 7, 8) for epoch in cuts(patience=patience))
    factors, cooldowns = np.arange(1, 10) / 10, range(7)
    assert all(cuts(factor=f)[0] == 10 for f in factors) and all(cuts(cooldown=c)[0] == 10 for c in cooldowns)
    assert cuts(losses=[0.5] * 24, patience=1, cooldown=0) == list(range(2, 25))


def test_plateau_machine_says_what_it_compared():
    said = PlateauMachine().result["said"]
    assert len(said) == 24
    assert said[9] == (
        "0.415 is not below 0.410 (best 0.430 − min_delta 0.02), and that makes 3, all its patience: "
        "rate 0.1 × 0.5 = 0.05, wait = 0, counter = 3."
    )
    assert said[11].endswith("it becomes the best, wait = 0. Cooling down goes on: 1 left.")


def busiest(skew, partitions, combiner="no combiner"):
    """What the busiest reducer fetches, in bytes."""
    return max(MapReduceCards(combiner=combiner, skew=skew, partitions=partitions).result["bytes"])


def test_questions_about_the_cards_have_their_answers():
    """A key is never divided, so reducers do not help against skew; a combiner does, where a key meets itself."""
    assert {card["bytes"] for card in MapReduceCards().result["cards"]} == {22}
    assert [busiest(7, p) for p in (1, 2, 3, 4)] == [528, 484, 462, 462] and 462 == 21 * 22
    assert [busiest(7, p, "combiner") for p in (2, 3, 4)] == [88, 66, 66] and 66 == 3 * 22
    saved = [
        sum(MapReduceCards(skew=s).result["bytes"]) - sum(MapReduceCards(skew=s, combiner="combiner").result["bytes"])
        for s in range(1, 8)
    ]
    assert saved[0] == 0 and all(np.diff(saved) > 0)


@pytest.mark.parametrize("combiner", ["no combiner", "combiner"])
def test_every_card_goes_the_way_of_its_job(combiner):
    """The cards add up to what the real functions made: files, bytes, groups and sums."""
    widget = MapReduceCards(combiner=combiner, skew=5, partitions=3)
    steps, cards = widget.trace(combiner, 5, 3), widget.result["cards"]
    assert [(card["key"], card["value"]) for card in cards] == [pair for task in steps.mapped for pair in task]
    for task, runs in enumerate(steps.sent):
        mine = [card for card in cards if card["task"] == task]
        assert sorted(card["order"] for card in mine) == list(range(8))
        laid = sorted(mine, key=lambda card: card["order"])
        assert [(c["partition"], c["key"]) for c in laid] == sorted((c["partition"], c["key"]) for c in laid)
        sent = sorted((card for card in mine if card["first"]), key=lambda card: card["sent"])
        assert [card["sent"] for card in sent] == list(range(len(sent)))
        assert [(card["partition"], card["key"], card["sent_value"]) for card in sent] == [
            (p, *pair) for p, run in enumerate(runs) for pair in run
        ]
        assert {(card["sent"], card["key"]) for card in mine} == {(card["sent"], card["key"]) for card in sent}
    for p, groups in enumerate(steps.groups):
        there = [card for card in cards if card["partition"] == p and card["first"]]
        assert sum(card["bytes"] for card in there) == widget.result["bytes"][p]
        for pile, (key, values) in enumerate(groups):
            mine = sorted((card for card in there if card["pile"] == pile), key=lambda card: card["layer"])
            assert [(card["key"], card["layer"], card["sent_value"]) for card in mine] == [
                (key, layer, value) for layer, value in enumerate(values)
            ]
            assert {card["total"] for card in mine} == {steps.output[key]}


def lit(lost, **values):
    """How many partitions of the word count are computed again, and which of its stages run."""
    result = LineageGraph(lost=lost, **values).result
    assert result["computed"] == result["states"].count("computed")
    return result["computed"], [note != "no task runs" for note in result["notes"]]


def test_questions_about_the_lineage_have_their_answers():
    assert len(LineageGraph().result["boxes"]) == 18
    for task in (0, 4, 5, 6):  # nothing lost, and each task of stage 2
        assert lit(task) == (6, [False, True])
    for task in (1, 2, 3):
        assert lit(task) == (4 + 6, [True, True])
        assert LineageGraph(lost=task).result["notes"][0] == "1 of 3 tasks run"
        assert lit(task, cached="the last one") == (0, [False, True])
    for task in (4, 5, 6):
        assert lit(task, cached="the last one") == (2, [False, True])


@pytest.mark.parametrize("program", LineageGraph.controls[0].options)
def test_each_program_has_six_tasks_and_a_lost_one_is_computed_again_from_what_is_kept(program):
    whole = LineageGraph(program=program)
    assert len(whole.result["tasks"]) == 6 == whole.controls[-1].max
    kept = {name: LineageGraph(program=program, cached=name, asked=name).result for name in whole.controls[2].options}
    for result in kept.values():
        assert result["computed"] == 0 < result["from_cache"]
    asked = LineageGraph(program=program, asked="the one on the way").result
    assert asked["computed"] > 0 and asked["notes"][-1] == "no task runs"


def test_the_lineage_says_what_was_lost():
    assert "Lost with the task: nothing, as nothing of it was kept." in LineageGraph(lost=4).result["said"]
    kept = LineageGraph(lost=1, cached="the last one").result
    assert kept["said"].endswith("The lost files stay lost: nobody asks for them.") and "lost" in kept["files"]
    said = LineageGraph(lost=2, cached="the one on the way").result["said"]
    assert said.startswith(
        "Lost with the task: a cached partition and its files for the shuffle. The action computes 10"
    )


def survivors(activation, factor=3):
    """The gains on the slider at which both signal and gradient stay within this factor over 20 layers."""
    widget, kept = SignalDepth(), []
    for gain in np.arange(4, 61) / 20:
        result = widget.compute(activation, gain, 20)
        ends = np.array([result["signal"][-1], result["gradient"][0]])
        if (abs(np.log(ends)) < np.log(factor)).all():
            kept.append(float(gain))
    return kept


def test_questions_about_the_depth_have_their_answers():
    """relu keeps its size at √2 and is off by 3 a notch or two away; sigmoid's gradient is lost; tanh forgives."""
    assert survivors("relu") == [1.35, 1.4, 1.45] and survivors("relu", 1.4) == [1.4]
    assert survivors("tanh") == [round(1.15 + 0.05 * k, 2) for k in range(8)]
    largest = max(SignalDepth().compute("sigmoid", gain, 20)["gradient"][0] for gain in np.arange(4, 61) / 20)
    assert largest == pytest.approx(3.07e-6, rel=0.01)


def test_depth_says_what_is_left_and_what_that_is_a_layer():
    said = SignalDepth().result["said"]
    assert said == [
        "signal after layer 20: 9.7·10⁻⁴ (mean × 0.71 a layer)",
        "gradient at the input: 1·10⁻³ (mean × 0.71 a layer)",
    ]


def test_curve_needs_all_its_points():
    with pytest.raises(ValueError, match="losses takes 24 numbers, one for each point"):
        PlateauMachine(losses=[1.0, 0.9])
    with pytest.raises(ValueError, match="losses is 1.3; it takes a number from 0 to 1.2"):
        PlateauMachine(losses=[1.3] * 24)


def test_question_about_the_tail_has_its_answer_whatever_was_measured():
    """Of pages with 69 calls at once every second one waits for a 1-in-100 call, and their p50 is a call's p99."""
    for durations in (waits(), np.arange(1, 101.0), np.random.default_rng(2).lognormal(size=777)):
        shares = {n: Tail(durations, calls=n).result["slow_pages"] for n in (68, 69)}
        assert shares[68] < 0.5 < shares[69]
    result = Tail(np.arange(1, 10_001.0), calls=69).result
    assert result["page"]["marks"]["p50"] == pytest.approx(result["call"]["marks"]["p99"], rel=1e-3)


def test_a_page_is_as_slow_as_the_slowest_of_its_calls():
    """Held against pages that are made up call by call."""
    durations, calls = waits(), 20
    pages = np.random.default_rng(0).choice(durations, (20_000, calls)).max(axis=1)
    result = Tail(durations, calls=calls).result
    assert result["page"]["marks"]["mean"] == pytest.approx(pages.mean(), rel=0.02)
    assert result["slow_pages"] == pytest.approx(np.mean(pages > result["threshold"]), abs=0.015)
    shares, _ = np.histogram(pages, Tail(durations).edges)
    np.testing.assert_allclose(result["page"]["bars"], shares / len(pages), atol=0.015)


def test_a_second_copy_is_what_it_is_when_made_up_call_by_call():
    durations, rng = waits(), np.random.default_rng(0)
    p95 = np.sort(durations)[949]
    first, second = rng.choice(durations, (2, 400_000))
    answered = np.where(first <= p95, first, np.minimum(first, p95 + second))
    result = Tail(durations, copy="after p95").result
    assert result["call"]["marks"]["mean"] == pytest.approx(answered.mean(), rel=0.01)
    assert result["slow_calls"] == pytest.approx(np.mean(answered > result["threshold"]), abs=3e-4)
    assert result["call"]["marks"]["p99"] == pytest.approx(np.sort(answered)[int(0.99 * len(answered))], rel=0.02)


@pytest.mark.parametrize("slow", ["1 in 10", "1 in 100", "1 in 1,000"])
def test_a_second_copy_never_makes_a_call_slower(slow):
    for durations in (waits(), np.array([1.0, 2.0]), np.full(30, 0.5)):
        alone, twice = (Tail(durations, slow=slow, copy=copy).result for copy in ("never", "after p95"))
        assert twice["slow_calls"] <= alone["slow_calls"]
        assert twice["call"]["marks"]["mean"] <= alone["call"]["marks"]["mean"] * (1 + 1e-9)


def test_all_calls_and_pages_stand_in_the_bars():
    for calls in (1, 200):
        result = Tail(waits(), calls=calls, copy="after p95").result
        assert sum(result["call"]["bars"]) == pytest.approx(1) and sum(result["page"]["bars"]) == pytest.approx(1)


@pytest.mark.parametrize("durations", [[], [0.1], [0.0, 0.1], [[0.1, 0.2]]])
def test_a_tail_needs_several_times(durations):
    with pytest.raises(ValueError, match="two or more times above 0"):
        Tail(durations)


def journey(body=None, **values):
    """(the station that ends a request, its status); `body` changes the request that stands there at first."""
    standing = RequestJourney().values["body"]
    result = RequestJourney(**values, body=standing.replace(*body) if body else standing).result
    return result["station"], result["status"]


def test_every_station_of_the_journey_can_be_found():
    """The question of lesson 3.2: one request for each of the eight stations, and no 500."""
    assert journey() == (8, 200)
    assert journey(address="neuron/versions/1") == (8, 200)
    assert [
        journey(address="nerve"),
        journey(('"FP32"', "FP32")),
        journey(('"counts"', '"count"')),
        journey(("[1, 3]", "[3]")),
        journey(("2, 0, 1", "2, 0")),
        journey(("\n]}", '], "outputs": [{"name": "label"}]}')),
        journey(("\n]}", ', {"name": "text", "datatype": "BYTES", "shape": [1], "data": ["game"]}]}')),
        journey(("2, 0, 1", "3e38, 0, 1e38")),
    ] == [(0, 404), *((station, 400) for station in range(1, 8))]


def test_journey_shows_the_answer_and_who_refused():
    result = RequestJourney(body="").result
    assert (
        result["answer"].startswith("HTTP/1.1 400 Bad Request\n") and '{"error": "The body is empty' in result["answer"]
    )
    assert result["function"] == "messages.parse"
    assert result["description"] == "Station 2 of 8, JSON, refuses it: status 400."
    assert RequestJourney(body="\ud800é").result["length"] == 5, "half a character is no failure either"


def last_epochs(name="chosen", **values):
    """The mean loss over the last epoch, for each of the ten orders of the examples."""
    return [NoisyDescent(order=order, **values).result[name]["last_epoch"] for order in range(1, 11)]


def test_questions_about_noisy_descent_have_their_answers():
    """Twice the batch at twice the rate comes as far, up to 8; all 24 cannot be brought so far by any rate."""
    for batch_size, rate in [(1, 0.01), (2, 0.02), (4, 0.04), (8, 0.08)]:
        values = {"batch_size": batch_size, "rate": rate}
        assert NoisyDescent(**values).result["chosen"]["last_epoch"] == pytest.approx(0.072, abs=0.0031)
        assert 0.065 < np.median(last_epochs(**values)) < 0.08
    whole = [NoisyDescent(rate=rate / 100).result["whole"]["last_epoch"] for rate in range(1, 17)]
    assert round(min(whole), 2) == 0.17 and whole[9] == min(whole)
    assert whole[11] > VALLEY(NoisyDescent().walk(4, 0.12, -0.2, 1.9, 1)[1].points[0]), "above 0.11 it climbs"
    assert min(last_epochs(batch_size=12, rate=0.12)) > 0.15
    assert NoisyDescent(batch_size=1, rate=0.08).result["chosen"]["last_epoch"] > 0.5
    assert np.median(last_epochs(batch_size=1, rate=0.08)) > 0.5


def test_noisy_descent_counts_examples_alike_for_both():
    for batch_size in (1, 5, 7, 24):
        result = NoisyDescent(batch_size=batch_size, rate=0.02).result
        assert result["chosen"]["examples"][-1] == result["whole"]["examples"][-1] == 480
        assert len(result["chosen"]["losses"]) - 1 == 20 * -(-24 // batch_size)
        for name in ("chosen", "whole"):
            np.testing.assert_allclose(VALLEY(result[name]["points"]), result[name]["losses"], atol=2e-3)
    everything = NoisyDescent(batch_size=24).result
    np.testing.assert_allclose(everything["chosen"]["points"], everything["whole"]["points"], atol=1e-4)


def on_the_map(corners, bounds):
    """Those corners of a region that do not lie on the edge of the map."""
    left, right, bottom, top = bounds
    a, b = np.array(corners).T
    edge = 0.005
    return np.array(corners)[(a > left + edge) & (a < right - edge) & (b > bottom + edge) & (b < top - edge)]


@pytest.mark.parametrize("surface", SURFACES)
def test_regions_of_a_landscape_end_at_the_height_that_they_claim(surface):
    page = GradientDescent().page["surfaces"][surface]
    for level, polygons in page["regions"]:
        for corners in polygons:
            np.testing.assert_allclose(SURFACES[surface](on_the_map(corners, page["bounds"])), level, rtol=0.05)
    for level, point in page["labels"]:
        assert SURFACES[surface](point) == pytest.approx(level, rel=0.02)


@functools.cache
def one_descent():
    return GradientDescent()


def ended(**values):
    widget = one_descent()
    result = widget.compute(**{**widget.values, **values})
    return result["ended"], len(result["points"]) - 1, round(result["losses"][-1], 3)


def test_questions_about_gradient_descent_have_their_answers():
    """On the line 0.11 is the last rate to arrive; on the chain every start with b = −a ends on the saddle."""
    for rate in np.arange(0.005, 0.6, 0.005).round(3):
        reason, _, _ = ended(rate=rate)
        assert reason == ("budget spent" if rate < 0.035 else "arrived" if rate <= 0.11 else "diverged"), rate
    assert ended(rate=0.11)[1] == 162 and ended(rate=0.105)[1] == 97, "the largest is not the soonest"
    chain = {"surface": "two weights in a row", "rate": 0.05}
    for a in np.arange(-2, 2.2, 0.2).round(1):
        for b in np.arange(-2, 2.2, 0.2).round(1):
            reason, _, loss = ended(a=a, b=b, **chain)
            assert reason == "arrived" and loss == (1 if a == -b else 0), (a, b)


def test_gradient_descent_says_why_it_ended():
    assert GradientDescent().result["why"].startswith("Arrived after 206 steps: the gradient is 0.0099 long")
    assert ended(budget=200)[0] == "budget spent" and ended(patience=30)[1] == 206 + 29
    diverged = GradientDescent(rate=0.12).result
    assert diverged["why"] == "Diverged after 58 steps: the gradient is longer than 10,000."
    assert (
        GradientDescent(tolerance=0.1, patience=3)
        .result["why"]
        .endswith("last 3 gradients were all no longer than 0.1.")
    )


def test_gradient_descent_shows_the_gradients_of_its_points():
    for surface in SURFACES:
        result = GradientDescent(surface=surface).result
        lengths = np.linalg.norm(SURFACES[surface].gradient(result["points"]), axis=1)
        np.testing.assert_allclose(result["lengths"], lengths, atol=2e-3)
        np.testing.assert_allclose(result["losses"], SURFACES[surface](result["points"]), atol=2e-3)


def best_temperature(right, scores=SCORES, names=NAMES):
    """The temperature on the slider at which the loss of this class is smallest, and that loss."""
    widget = SoftmaxDial(scores, names, right)
    slider = widget.controls[0]
    temperatures = np.round(np.arange(slider.min, slider.max + slider.step / 2, slider.step), 1)
    losses = [widget.compute(temperature, right)["loss"] for temperature in temperatures]
    return temperatures[np.argmin(losses)], min(losses)


def test_questions_about_the_softmax_dial_have_their_answers():
    """Best for the winner is cold, for one below the mean warm, for one between somewhere between; none wins by it."""
    coldest, loss = best_temperature("python")
    assert coldest == 0.1 and loss == pytest.approx(0, abs=1e-9)
    for below_the_mean in ("text", "net", "fonts"):
        warmest, loss = best_temperature(below_the_mean)
        assert warmest == 15 and loss > np.log(len(NAMES))
    between, loss = best_temperature("games")
    assert 1 < between < 15 and loss < np.log(len(NAMES))
    for temperature in (0.1, 0.7, 1, 5, 15):
        p = SoftmaxDial(SCORES, NAMES, "games").compute(temperature, "games")["probabilities"]
        assert p.sum() == pytest.approx(1)
        np.testing.assert_array_equal(np.argsort(p, kind="stable"), np.argsort(SCORES, kind="stable"))


def test_the_dial_at_1_is_the_loss_of_the_classifier():
    for k, name in enumerate(NAMES):
        result = SoftmaxDial(SCORES, NAMES, name).compute(1, name)
        np.testing.assert_allclose(result["probabilities"], activations.softmax(np.array(SCORES)), rtol=1e-12)
        expected = losses.SparseCategoricalCrossentropy(from_logits=True)([k], np.array([SCORES]))
        assert result["loss"] == pytest.approx(expected, rel=1e-12)


def test_a_dial_takes_the_scores_of_one_example():
    with pytest.raises(ValueError, match="one for each class"):
        SoftmaxDial([[1.0, 2.0]], ("a", "b"), "a")
    with pytest.raises(ValueError, match="right='c'; it takes one of a, b"):
        SoftmaxDial([1.0, 2.0], ("a", "b"), "c")


@pytest.fixture(scope="module")
def lesson_1_5():
    """The classifier of lesson 1.5, trained as there."""
    (x, y), _ = data.load_text()
    utils.set_random_seed(2)
    hidden = [layers.Dense(units, activation="relu") for units in (64, 32)]
    model = Sequential([layers.Input(shape=(1000,)), *hidden, layers.Dense(10, activation="softmax")])
    model.compile("adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=10, validation_split=0.2, verbose=0)
    return model


def test_question_about_confusion_has_its_answer(lesson_1_5):
    """Six science texts are taken for sound; "pure" does most of the harm, in three of them, all of Pure Blends."""
    widget = ConfusionExplorer(lesson_1_5, actual="science", answered="sound")
    result = widget.result
    assert (result["count"], result["words"][0], result["in_texts"][0]) == (6, "pure", 3)
    assert result["pushes"][0] > 4 * result["pushes"][1]
    rows = np.flatnonzero((widget.y == 7) & (widget.predicted == 8))
    about = [widget.texts[row].text for row in rows if widget.x[row, widget.vocabulary.index("pure")]]
    assert len(about) == 3 and all("Pure Blend" in " ".join(text.split()) for text in about)
    assert result["texts"][0]["package"] == "debian-astro-logo" and round(result["texts"][0]["probability"], 2) == 0.98
    shown = ConfusionExplorer(lesson_1_5).result
    assert (shown["count"], shown["words"][0], shown["in_texts"][0]) == (8, "python", 5)


def test_confusion_explorer_opens_every_cell():
    widget = ConfusionExplorer(dense_word_scores())
    counts = 0
    for actual, answered in itertools.product(data.text.CLASS_NAMES, repeat=2):
        result = widget.compute(actual, answered)
        counts += result["count"]
        sure = [text["probability"] for text in result["texts"]]
        assert sure == sorted(sure, reverse=True) and len(sure) == min(3, result["count"])
        assert len(sure) + len(result["others"]) == min(15, result["count"])
        for text in result["texts"]:
            assert text["rival"] == actual if actual != answered else text["rival"] != actual
            assert text["rival_probability"] <= text["probability"]
    assert counts == 1000


def test_pushes_of_a_linear_model_are_weight_times_count():
    model, scores = dense_word_scores(), WordScores()
    text = ConfusionExplorer(model, actual="games", answered="net").result["texts"][0]
    columns = [data.text_info().vocabulary.index(word) for word in text["words"]]
    row = next(row for row, found in enumerate(data.text_examples("test")) if found.package == text["package"])
    x = data.load_text()[1][0][row, columns]
    np.testing.assert_allclose(text["pushes"], x * (scores.kernel[columns, 5] - scores.kernel[columns, 1]), rtol=1e-4)


def test_push_of_a_word_is_what_is_lost_without_it():
    model = WordScores()
    widget = TypeAndClassify(model)
    result = widget.compute("a puzzle game, a GAME with music and xyzzy")
    assert set(result["words"]) == {"puzzle", "game", "music"}
    assert dict(zip(result["words"], result["counts"]))["game"] == 2
    vocabulary = data.text_info().vocabulary
    best = result["probabilities"].argmax()
    for word, push, without in zip(result["words"], result["pushes"], result["without"]):
        row = data.vectorize(["a puzzle game, a GAME with music"])
        full = model.predict(row)[0, best]
        row[0, vocabulary.index(word)] = 0
        p = model.predict(row)[0, best]
        assert without == pytest.approx(p)
        assert push == pytest.approx(np.log(full / (1 - full)) - np.log(p / (1 - p)))


def test_all_words_are_left_out_in_one_call():
    model = WordScores()
    widget = TypeAndClassify(model)
    model.calls = 0
    widget.compute("a puzzle game with music and levels for several players")
    assert model.calls == 1


def test_text_without_known_words_is_answered_from_the_biases():
    widget = TypeAndClassify(WordScores(), text="xyzzy")
    assert widget.result["words"] == []
    assert widget.result["description"].startswith("No word that the model knows. From its biases alone it answers")


def test_a_very_sure_model_gives_no_infinite_push():
    model = WordScores()
    model.kernel *= 1000
    assert np.isfinite(TypeAndClassify(model).result["pushes"]).all()


def test_other_vocabulary_and_classes_can_be_given():
    widget = TypeAndClassify(
        WordScores(2, 3),
        vectorize=lambda texts: np.array([[text.count("red"), text.count("blue")] for text in texts], dtype="float32"),
        vocabulary=["red", "blue"],
        class_names=["warm", "cold", "neither"],
        text="red red blue",
    )
    assert dict(zip(widget.result["words"], widget.result["counts"])) == {"red": 2, "blue": 1}
    assert len(widget.result["probabilities"]) == 3


def test_map_lights_prerequisites_and_links_what_exists(tmp_path, monkeypatch):
    for folder in ("notebooks/0_start", "notebooks/1_training"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "notebooks/1_training/1_1_forward_propagation.ipynb").touch()
    monkeypatch.chdir(tmp_path / "notebooks/0_start")
    widget = CourseMap(root=tmp_path, lesson="1.2")
    lessons = {lesson["number"]: lesson for lesson in widget.page["lessons"]}
    assert lessons["1.1"]["link"] == "../1_training/1_1_forward_propagation.ipynb"
    assert lessons["1.2"]["link"] == "" and not lessons["1.2"]["open"]
    assert widget.result["under"] == ["0.1", "1.1"]
    assert widget.result["needs"] == ["1.1"] and widget.result["leads_to"] == ["1.3"]


@pytest.mark.parametrize("name", sorted(path.stem for path in STATIC.glob("*.js") if path.stem != "base"))
def test_script_is_valid_and_asks_nothing_of_the_network(name, tmp_path):
    from playwright._impl._driver import compute_driver_executable  # brings its own node

    source = script(name)
    module = tmp_path / f"{name}.mjs"
    module.write_text(source, encoding="utf-8")
    node = compute_driver_executable()[0]
    checked = subprocess.run([node, "--check", module], capture_output=True, text=True, encoding="utf-8")
    assert checked.returncode == 0, checked.stderr
    addresses = re.findall(r"https?://[^\s\"'`]+", source)
    assert set(addresses) <= {"http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg"}
    assert not re.search(r"\b(fetch|XMLHttpRequest|eval|import)\b\s*\(|^import ", source, re.M)


@pytest.mark.parametrize("name", sorted(path.stem for path in STATIC.glob("*.css")))
def test_style_sheet_loads_nothing_and_stays_inside_its_widget(name):
    sheet = (STATIC / f"{name}.css").read_text(encoding="utf-8")
    assert "url(" not in sheet and "@import" not in sheet
    rules = re.sub(r"/\*.*?\*/|@keyframes [^{]+\{[^{}]*\{[^{}]*\} \}|@media [^{]+\{", "", sheet, flags=re.S)
    for selectors in re.findall(r"([^{}]+)\{", rules):
        assert all(re.search(r"\.course-widget|\.cw-", part) for part in selectors.split(",")), selectors
    if name == "base":
        assert (
            'data-jp-theme-light="false"' in sheet and "prefers-reduced-motion" in sheet and ":focus-visible" in sheet
        )
