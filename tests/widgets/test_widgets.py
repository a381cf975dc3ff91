"""Every widget, without a browser: its controls at both ends, its pure function, and what it leaves in a notebook."""

import inspect
import json
import re
import subprocess

import numpy as np
import pytest
from widget_samples import MAKE

from course_lib.plots import Figure
from course_lib.widgets import VIEW, ForwardPass, GradientDescent
from course_lib.widgets.base import STATIC, Choice, Points, Slider, Text, script


@pytest.fixture(params=MAKE)
def widget(request):
    make = MAKE[request.param]
    needed = [
        p.name for p in inspect.signature(make).parameters.values() if p.default is p.empty and p.kind < p.KEYWORD_ONLY
    ]
    assert not needed, f"{request.param} needs {', '.join(needed)}: give it some in MAKE, in widget_samples.py."
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


def test_compute_is_pure(widget):
    before = json.dumps([widget.values, widget.result, widget.page])
    first, second = widget.at_defaults(), widget.at_defaults()
    np.testing.assert_equal(first, second)
    assert json.dumps([widget.values, widget.result, widget.page]) == before


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
