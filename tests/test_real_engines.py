"""docs/real-engines.md: every marked test stands in it as it is, no other does, and the figures are told honestly."""

import ast
import contextlib
import math
import pathlib
import pkgutil
import re

import beside
import pytest

from course_lib import parity
from course_lib.text.numbers import upwards
from course_lib.tools.build import real_engines

TESTS = pathlib.Path(__file__).parent


def marked():
    """The tests with the mark `beside`, as "tests/file.py::name": found in the sources, without importing them."""
    found = set()
    for path in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                if any(ast.unparse(line).startswith("pytest.mark.beside(") for line in node.decorator_list):
                    found.add(f"{path.relative_to(TESTS.parent).as_posix()}::{node.name}")
    return found


def test_the_page_holds_all_marked_tests_and_no_others():
    assert {row["test"] for row in beside.read()["rows"]} == marked()


def test_every_chapter_that_has_lessons_and_an_engine_is_on_the_page():
    assert {"0", "1", "2", "3", "4", "5"} <= {row["chapter"] for row in beside.read()["rows"]}


def test_every_figure_is_below_what_is_allowed():
    for row in beside.read()["rows"]:
        assert "counted" in row or row["apart"] <= row["tolerance"], row["test"]
        assert row.get("counted", 1) > 0 and row.get("comparisons", 1) > 0


# Where a name on the page is looked up, beside what it says itself. `model.predict` is that of a Keras model.
PLACES = ["", "course_lib", "course_lib.distributed", "course_lib.experiments.descent"]
PLACES += ["course_lib.layers", "course_lib.callbacks", "course_lib.optimizers", "keras.Model"]
SHORT = {"model": "keras.Model", "tf": "tensorflow", "course": "course_lib.tools"}


def found(name):
    """Whether there is such a thing: a module, or what stands in one. What is in brackets does not count."""
    first, dot, rest = re.sub(r"\(.*\)$", "", name).replace(" ", ".").partition(".")
    for place in PLACES:
        path = ".".join(filter(None, [place, SHORT.get(first, first), rest]))
        with contextlib.suppress(ImportError, AttributeError):
            pkgutil.resolve_name(path)
            return True
    return False


def test_every_name_on_the_page_is_that_of_something():
    parity.quiet_keras()
    names = {name for row in beside.read()["rows"] for key in ("ours", "engine", "how") for name in code(row[key])}
    assert len(names) > 30
    gone = sorted(name for name in names if not found(name))
    assert not gone, f"docs/real-engines.json names {gone}: mend the marks of the tests, and run `nox -s engines`."
    assert not any(map(found, ["layers.Dens", "keras.layers.Dens", "interpret.saliency", "model.predicts", "course x"]))


def code(text):
    return re.findall(r"`([^`]+)`", text)


class Item:
    """As much of a pytest item as a mark needs."""

    nodeid = "tests/test_a.py::test_b[one]"

    def get_closest_marker(self, name):
        return pytest.mark.beside("1", "ours", "theirs", "by hand").mark


@pytest.fixture
def row(monkeypatch):
    """A row that begins: the test that runs here has no mark of its own."""
    monkeypatch.setattr(beside, "_rows", {})
    assert beside.begin(Item())
    yield beside._rows["tests/test_a.py::test_b"]
    beside.end()


def test_the_largest_difference_of_a_test_is_its_figure(row):
    for difference in (2e-7, 2.1e-6, 0.0):
        beside.apart(difference, 1e-5)
    assert (row["apart"], row["tolerance"], row["comparisons"]) == (2.1e-6, 1e-5, 3)
    assert real_engines.figure(row) == "at most 3e-06 apart in 3 comparisons (1e-05 allowed)"


def test_what_is_counted_adds_up(row):
    beside.counted(1999, "requests")
    beside.counted(1, "requests")
    assert real_engines.figure(row) == "2,000 requests"


def test_no_difference_at_all_is_told_as_such(row):
    beside.apart(0, 1e-5)
    assert real_engines.figure(row) == "equal in 1 comparison (1e-05 allowed)"


@pytest.mark.parametrize("difference", [1.1e-5, math.nan, math.inf])
def test_too_large_a_difference_fails_with_its_number(difference):
    with pytest.raises(AssertionError, match=r"apart; at most 1e-05 is allowed"):
        beside.apart(difference, 1e-5)


def test_a_mark_without_a_figure_and_a_row_that_is_not_on_the_page_are_named(row):
    assert "gives no figure" in beside.disagreement(row)
    beside.counted(1, "thing")
    assert beside.disagreement(row).endswith("Run `nox -s engines`.")
    kept = beside.read()["rows"][0]
    assert beside.disagreement(dict(kept)) == ""
    assert beside.disagreement({**kept, "how": "in another way"}).endswith("Run `nox -s engines`.")


@pytest.mark.parametrize(("number", "text"), [(2.1e-7, "3e-07"), (3e-7, "3e-07"), (9.5e-6, "1e-05"), (0.04, "4e-02")])
def test_figures_are_rounded_up(number, text):
    assert upwards(number) == text
