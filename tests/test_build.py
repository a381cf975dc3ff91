"""The build: lesson source in, executed notebooks out, the same bytes every time."""

import base64
import json
import pathlib
import re
import shutil

import nbformat
import pytest

from course_lib import left_out
from course_lib.tools.build import (
    BuildError,
    addresses,
    check,
    execute,
    keras_page,
    make,
    needs,
    notebook,
    pages,
    source,
    times,
)

ROOT = pathlib.Path(__file__).resolve().parents[1]
ADDRESS = "https://example.org/owner/course"

HEADER = """\
# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
# course:
#   title: A trial
#   question: Does the build do what it says?
#   needs: []
#   exercises: [training.neuron]
# ---

# %% [markdown]
# # 0.1 A trial
"""

LESSON = (
    HEADER
    + """
# %%
for word in ("one", "two"):
    print(word)

# %%
print("one")

# %%
print("one")

# %%
from course_lib import plots

plots.activations(["relu", "tanh"])

# %%
from course_lib.widgets import ForwardPass

ForwardPass()

# %% tags=["measured"]
import time

time.perf_counter()
"""
)

README = """\
# A course

<!-- badges: made -->
<!-- /badges -->

<!-- lessons: made -->
<!-- /lessons -->
"""


def course(folder, lesson=LESSON):
    """A course with one lesson."""
    (folder / "lessons" / "0_start").mkdir(parents=True)
    (folder / "course_lib").mkdir()
    (folder / "pyproject.toml").write_text(
        f'[project]\nname = "trial"\nurls = {{Repository = "{ADDRESS}"}}\n', encoding="utf-8"
    )
    (folder / "README.md").write_text(README, encoding="utf-8")
    write_lesson(folder, lesson)
    return folder


def write_lesson(folder, text, name="0_1_trial"):
    (folder / "lessons" / "0_start" / f"{name}.py").write_text(text, encoding="utf-8")


def stored(folder, kind="notebooks"):
    return nbformat.read(folder / kind / "0_start" / "0_1_trial.ipynb", as_version=4)


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def quietly(_):
    pass


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The trial course, built once; tests that change it take a copy."""
    folder = course(tmp_path_factory.mktemp("course"))
    assert make.build(folder, say=quietly) == []
    return folder


@pytest.fixture
def copy(built, tmp_path):
    return shutil.copytree(built, tmp_path / "copy")


def cell_with(made, text):
    return next(cell for cell in made.cells if text in cell.source)


def plain(cell):
    return "".join(out.get("text", "") + out.get("data", {}).get("text/plain", "") for out in cell.outputs)


# --- what is stored ---------------------------------------------------------------------------------------------------


def test_a_second_build_gives_no_difference(copy):
    before = files(copy)
    make.build(copy, say=quietly)
    assert files(copy) == before
    assert {
        "notebooks/0_start/0_1_trial.ipynb",
        "exercises/0_start/0_1_trial.ipynb",
        "solutions/0_start/0_1_trial.ipynb",
        "docs/times.json",
    } < set(before)


def test_outputs_are_stored_as_the_kernel_gave_them(built):
    made = stored(built)
    assert plain(cell_with(made, "for word in")) == "one\ntwo\n"
    code = [cell for cell in made.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))


def test_cell_ids_come_from_the_content_and_stay_apart(built):
    made = stored(built)
    ids = [cell.id for cell in made.cells]
    assert len(set(ids)) == len(ids)
    twins = [cell.id for cell in made.cells if cell.source == 'print("one")']
    assert twins[1] == f"{twins[0]}-2"
    moved = notebook.stable([nbformat.v4.new_markdown_cell("new"), nbformat.v4.new_code_cell('print("one")')])
    assert moved.cells[1].id == twins[0]


def test_nothing_that_differs_from_run_to_run_is_stored(built):
    for kind in ("notebooks", "exercises", "solutions"):
        made = stored(built, kind)
        assert made.metadata == notebook.METADATA
        assert (made.nbformat, made.nbformat_minor) == (4, 5)
        for cell in made.cells:
            assert set(cell.metadata) <= {"tags", "jupyter"}
            for output in cell.get("outputs", []):
                assert execute.WIDGET not in output.get("data", {})


@pytest.mark.parametrize("call", ["plots.activations(", "ForwardPass()"])
def test_a_figure_is_stored_as_svg_with_its_sentence(built, call):
    data = cell_with(stored(built), call).outputs[0].data
    alt = re.search(r'alt="([^"]{30,})"', data["text/html"])[1]
    image = base64.b64decode(re.search(r"base64,([A-Za-z0-9+/=]+)", data["text/html"])[1]).decode()
    assert image.startswith("<svg") and "<path" in image
    assert re.search(r"\d", data["text/plain"]) and alt.replace("&#x27;", "'") == data["text/plain"]


def test_a_measured_cell_is_kept_while_it_is_unchanged(copy):
    before = plain(cell_with(stored(copy), "perf_counter"))
    cell = cell_with(stored(copy), "perf_counter")
    assert cell.metadata.tags == ["measured", "nbval-ignore-output"]
    make.build(copy, remeasure=True, say=quietly)
    assert plain(cell_with(stored(copy), "perf_counter")) != before


def test_the_first_code_cell_installs_the_library_only_where_it_is_missing(built, monkeypatch):
    for kind in ("notebooks", "exercises", "solutions"):
        first = next(cell for cell in stored(built, kind).cells if cell.cell_type == "code")
        assert f'--no-deps "course-lib @ git+{ADDRESS}"' in first.source
        assert first.outputs == []
    called = []
    cell = needs.first_cell(ADDRESS, ["keras>=3.15,<4"])
    program = re.sub(r"%pip (.*)", lambda m: f"called.append({m[1]!r})", cell)
    exec(program, {"called": called})
    assert called == []
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    exec(program, {"called": called})
    assert [line.split()[:2] for line in called] == [["install", "--quiet"]] * 2
    assert called[1].endswith('"keras>=3.15,<4"')
    assert needs.first_cell(ADDRESS).count("%pip") == 1  # nothing more is asked for where nothing more is needed


def test_no_progress_is_written_into_the_course(built):
    assert not (built / ".course").exists()
    assert "1 of" in plain(cell_with(stored(built, "solutions"), "progress.summary()"))  # a fresh one in each notebook
    assert "0 of" in plain(cell_with(stored(built, "exercises"), "progress.summary()"))


# --- exercises --------------------------------------------------------------------------------------------------------


def test_an_exercise_notebook_has_prompt_starter_check_and_hint(built):
    made = stored(built, "exercises")
    after = made.cells.index(cell_with(made, "## 1. One neuron"))
    prompt, starter, checked, hint = made.cells[after : after + 4]
    assert "**Goal.**" in prompt.source and "**Example.**" in prompt.source
    assert starter.source.startswith("def neuron(") and starter.source.endswith("...")
    assert checked.source == 'q = exercise("training.neuron")\nq.check(neuron)'
    assert plain(checked).startswith("NOT ATTEMPTED")
    assert hint.outputs == [] and "# q.hint()" in hint.source
    assert "](../../notebooks/0_start/0_1_trial.ipynb)" in made.cells[0].source


def test_a_solved_notebook_has_the_reference_and_says_right(built):
    made = stored(built, "solutions")
    assert "np.maximum" in cell_with(made, "def neuron(").source
    assert plain(cell_with(made, "\nq.check(neuron)")).startswith("RIGHT")


def test_a_solution_that_is_not_right_stops_the_build(built):
    made = stored(built, "solutions")
    cell_with(made, "\nq.check(neuron)").outputs[0].data["text/plain"] = "NOT YET - One neuron"
    with pytest.raises(BuildError, match="should say 'RIGHT'.*\n.*NOT YET"):
        make.judge("solutions", made, "solutions/x.ipynb")


# --- course build --check ---------------------------------------------------------------------------------------------


def test_the_stored_notebooks_fit_their_sources():
    assert check.problems(ROOT) == []


def test_check_finds_nothing_after_a_build(built):
    assert check.problems(built) == []


def test_check_names_the_notebook_and_the_command_when_a_cell_changed(copy):
    write_lesson(copy, LESSON.replace('("one", "two")', '("one", "three")'))
    (said,) = check.problems(copy)
    assert "notebooks/0_start/0_1_trial.ipynb" in said and "cell 3" in said and "`course build 0.1`" in said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda nb: nb.cells[3].update(source="print('edited by hand')"), "cell 3 differs from its source"),
        (lambda nb: nb.cells.pop(), "it has 9 cells, its source makes 10"),
        (lambda nb: nb.cells[3].update(execution_count=None), "cell 3 has never been executed"),
        (lambda nb: nb.cells[3].metadata.update(tags=["other"]), "the tags or the id of cell 3 differ"),
        (lambda nb: nb.metadata.update(widgets={}), "it was saved by something else than the build"),
    ],
)
def test_check_finds_what_was_done_to_a_notebook(copy, change, said):
    path = copy / "notebooks" / "0_start" / "0_1_trial.ipynb"
    made = stored(copy)
    change(made)
    path.write_text(notebook.text_of(made), encoding="utf-8", newline="\n")
    assert [problem for problem in check.problems(copy) if said in problem], check.problems(copy)


def test_check_finds_missing_notebooks_orphans_and_an_old_readme(copy):
    (copy / "exercises" / "0_start" / "0_1_trial.ipynb").rename(copy / "exercises" / "0_start" / "0_9_gone.ipynb")
    (copy / "README.md").write_text(README, encoding="utf-8")
    links, said = [], []
    for problem in check.problems(copy):
        (links if "leads to no file" in problem else said).append(problem)
    assert {link.split(":")[0] for link in links} >= {"README.md"} and all("0_1_trial.ipynb" in link for link in links)
    for problem, (file, remedy) in zip(
        said, [("0_1_trial", "`course build 0.1`"), ("0_9_gone", "Delete"), ("README", "--pages")], strict=True
    ):
        assert file in problem and remedy in problem


def test_check_finds_a_page_of_keras_that_is_not_what_the_library_says(copy):
    (copy / "tests" / "keras_programs").mkdir(parents=True)
    (copy / "tests" / "keras_programs" / "line.py").write_text("# A line.\nimport keras\n", encoding="utf-8")
    (copy / "docs").mkdir(exist_ok=True)
    said = "docs/keras.md: what is made in it is not up to date. Run `course build --pages`."
    assert said in check.problems(copy)
    pages.write(copy)
    assert said not in check.problems(copy)
    page = keras_page.path(copy)
    page.write_text(page.read_text(encoding="utf-8").replace("clipvalue", "clip"), encoding="utf-8")
    assert said in check.problems(copy)


def test_the_page_of_keras_says_what_the_errors_say_and_names_all_that_is_there():
    page = keras_page.page(ROOT)
    for table in (*left_out.NAMES.values(), left_out.METHODS, left_out.DIFFERENCES):
        for name, sentence in table.items():
            assert name in page and sentence in page
    for family in left_out.ARGUMENTS.values():
        for name, argument in family.items():
            assert f"| `{name}` |" in page and argument.sentence in page
    for program in (ROOT / "tests" / "keras_programs").glob("*.py"):
        assert program.name in page
    for here in ("Dense(units, activation=None", "`Adam(learning_rate=0.001", "`save_weights`", "`relu(x", "l1_l2"):
        assert here in page


# --- what stops a build -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("1 / 0", r"notebooks/0_start/0_1_trial.ipynb: cell 3 \(1 / 0\) failed.\n(.|\n)*ZeroDivisionError"),
        ("import sys\nprint('noise', file=sys.stderr)", r"cell 3 \(import sys\) writes to stderr.*\nnoise"),
        ("object()", "shows a memory address"),
        ("import ipywidgets\nipywidgets.IntSlider()", "shows a widget without a static figure"),
    ],
)
def test_a_cell_that_cannot_be_stored_stops_the_build_and_is_named(tmp_path, cell, said):
    folder = course(tmp_path, HEADER.replace("[training.neuron]", "[]") + f"\n# %%\n{cell}\n")
    with pytest.raises(BuildError, match=said):
        make.build(folder, say=quietly)
    assert not (folder / "notebooks" / "0_start" / "0_1_trial.ipynb").exists()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("# ---\n", "", "the header is missing"),
        ("#   question: Does the build do what it says?\n", "", "needs 'question', a text"),
        ("#   needs: []", "#   needs: nothing", "needs 'needs', a list"),
        ("#   needs: []", "#   needs: []\n#   mood: good", "has 'mood'; known are"),
    ],
)
def test_a_header_that_is_not_complete_is_named(tmp_path, old, new, said):
    folder = course(tmp_path, LESSON.replace(old, new))
    with pytest.raises(BuildError, match=said):
        source.lessons(folder)


def test_a_lesson_must_begin_with_its_number_and_title(tmp_path):
    folder = course(tmp_path, LESSON.replace("# # 0.1 A trial", "# # Something else"))
    with pytest.raises(BuildError, match="must be Markdown and begin with '# 0.1 A trial'"):
        make.build(folder, say=quietly)


def test_a_lesson_that_does_not_exist_is_answered_with_close_names():
    with pytest.raises(LookupError, match="no lesson '0_1_start'. Did you mean 0_1_start_here"):
        source.choose(source.lessons(ROOT), ["0_1_start"])


@pytest.mark.parametrize(
    "word",
    [
        "1.1",
        "1_1_forward_propagation",
        "lessons/1_training/1_1_forward_propagation.py",
        "notebooks/1_training/1_1_forward_propagation.ipynb",
    ],
)
def test_a_lesson_is_found_by_number_name_or_path(word):
    assert [lesson.number for lesson in source.choose(source.lessons(ROOT), [word])] == ["1.1"]


# --- times and links --------------------------------------------------------------------------------------------------


def test_a_time_changes_its_step_only_when_a_run_is_clearly_outside():
    steps = [times.step(seconds, times.WHOLE, before=30) for seconds in (12, 14, 29, 59)]
    assert steps == [30, 30, 30, 30]
    assert times.step(10, times.WHOLE, before=30) == 15
    assert times.step(61, times.WHOLE, before=30) == 90
    assert times.step(91, times.WHOLE) is None and times.in_words(None) == "over 90 s"


def test_the_readme_gets_badges_and_a_row_for_each_lesson(built):
    text = (built / "README.md").read_text(encoding="utf-8")
    assert "https://colab.research.google.com/github/owner/course/blob/main/notebooks/0_start/0_1_trial.ipynb" in text
    assert "https://mybinder.org/v2/gh/owner/course/main?urlpath=lab/tree/notebooks/0_start/0_1_trial.ipynb" in text
    assert (
        "| [0.1 A trial](notebooks/0_start/0_1_trial.ipynb) | Does the build do what it says? "
        "| [1](exercises/0_start/0_1_trial.ipynb) | under 15 s |"
    ) in text
    assert (
        json.loads((built / "docs" / "times.json").read_text(encoding="utf-8"))["notebooks/0_start/0_1_trial.ipynb"][
            "whole"
        ]
        == 15
    )


def test_cells_and_notebooks_over_the_limit_are_named():
    assert execute.Timing({3: 1.0, 4: 12.0}).too_slow() == ["cell 4 took 12.0 s (limit 10 s)"]
    assert execute.Timing(dict.fromkeys(range(10), 9.5)).too_slow() == ["the notebook took 95 s (limit 90 s)"]


def test_neighbours_are_linked_in_both_directions(tmp_path):
    bare = HEADER.replace("[training.neuron]", "[]")
    folder = course(tmp_path, bare)
    write_lesson(folder, bare.replace("A trial", "The next").replace("0.1", "0.2"), "0_2_next")
    every = source.lessons(folder)
    first, second = (notebook.all_of(lesson, every, ADDRESS)["notebooks"] for lesson in every)
    assert first.cells[-1].source == "---\n[0.2 The next](0_2_next.ipynb) →"
    assert second.cells[-1].source == "---\n← [0.1 A trial](0_1_trial.ipynb)"


def test_links_run_between_folders():
    assert addresses.between("exercises/1_a/x.ipynb", "notebooks/1_a/x.ipynb") == "../../notebooks/1_a/x.ipynb"
    assert addresses.between("notebooks/1_a/x.ipynb", "notebooks/0_b/y.ipynb") == "../0_b/y.ipynb"
