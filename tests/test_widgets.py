"""Every widget, without a browser: its controls at both ends, its pure function, and what it leaves in a notebook."""

import itertools
import json
import re
import subprocess

import numpy as np
import pytest

from course_lib import Sequential, callbacks, data, layers, optimizers
from course_lib.plots import Figure
from course_lib.widgets import VIEW, CourseMap, ForwardPass, LineageGraph, PlateauMachine, TypeAndClassify
from course_lib.widgets.base import STATIC, Choice, CourseWidget, Points, Slider, Text, script
from course_lib.widgets.forward_pass import BIAS_1, BIAS_2, KERNEL_1, KERNEL_2


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


MAKE = {
    "ForwardPass": ForwardPass,
    "TypeAndClassify": lambda: TypeAndClassify(WordScores()),
    "CourseMap": CourseMap,
    "PlateauMachine": PlateauMachine,
    "LineageGraph": LineageGraph,
}


@pytest.fixture(params=MAKE)
def widget(request):
    return MAKE[request.param]()


def numbers(value):
    """Every number inside a nested result."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return [n for item in value for n in numbers(item)]
    return [value] if isinstance(value, (int, float)) else []


def test_every_widget_of_the_course_is_tested_here():
    assert {cls.__name__ for cls in CourseWidget.__subclasses__() if cls.__module__.startswith("course_lib")} == set(
        MAKE
    )


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
    assert 10 not in cuts(min_delta=0) and not [epoch for epoch in cuts(patience=6) if epoch <= 12]
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


def test_curve_needs_all_its_points():
    with pytest.raises(ValueError, match="losses takes 24 numbers, one for each point"):
        PlateauMachine(losses=[1.0, 0.9])
    with pytest.raises(ValueError, match="losses is 1.3; it takes a number from 0 to 1.2"):
        PlateauMachine(losses=[1.3] * 24)


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
    checked = subprocess.run([node, "--check", module], capture_output=True, text=True, encoding="utf-8", timeout=60)
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
