"""The three notebooks of a lesson before they are executed: the lesson, its exercises, the solved twin.

The same source always gives the same bytes: cell ids come from the cells' content, the metadata is fixed.
"""

import ast
import hashlib
import inspect
import sys

import nbformat

from course_lib import place
from course_lib.tools.build import BuildError, addresses, needs

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "pygments_lexer": "ipython3",
    },
}
MEASURED = "measured"  # the tag of a cell whose output is a measurement: executed by the tests, not compared
NOT_COMPARED = "nbval-ignore-output"
HINT = """\
# Stuck? Remove the "# " before q.hint() and run this cell; run it again for
# a stronger hint. Last of all: q.solution()
q = exercise("{}")
# q.hint()"""


def markdown(text):
    return nbformat.v4.new_markdown_cell(text)


def code(text, *tags):
    return nbformat.v4.new_code_cell(text, metadata={"tags": list(tags)} if tags else {})


def bootstrap(repository, codes):
    """The Colab cell of a notebook with these cells' texts, folded away so that the lesson begins with the lesson."""
    cell = code(needs.first_cell(repository, needs.lacking(codes, place.project())))
    cell.metadata = {"jupyter": {"source_hidden": True}}
    return cell


def stable(cells):
    """A notebook of these cells with fixed ids and metadata, and without outputs."""
    seen = {}
    for cell in cells:
        tags = list(cell.metadata.get("tags", []))
        if MEASURED in tags and NOT_COMPARED not in tags:
            tags.append(NOT_COMPARED)
        cell.metadata = {
            **{k: v for k, v in cell.metadata.items() if k == "jupyter"},
            **({"tags": tags} if tags else {}),
        }
        digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]
        seen[digest] = seen.get(digest, 0) + 1
        cell.id = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    made = nbformat.v4.new_notebook(metadata=METADATA, cells=cells)
    made.nbformat_minor = 5
    return made


def text_of(notebook):
    """The bytes of a notebook file, as text."""
    return nbformat.writes(notebook, version=nbformat.NO_CONVERT) + "\n"


# --- the three kinds ------------------------------------------------------------------------------------------------


def lesson_notebook(lesson, neighbours, repository):
    """The lesson's own cells, with a line of links below the title and one at the end."""
    title, *rest = [nbformat.from_dict(dict(cell)) for cell in lesson.cells]
    if title.cell_type != "markdown" or not title.source.startswith(f"# {lesson.full_title}"):
        raise BuildError(f"{lesson.path}: the first cell must be Markdown and begin with '# {lesson.full_title}'.")
    here = lesson.notebook("notebooks")
    top = f"Open in [Colab]({addresses.colab(repository, here)}) · [Binder]({addresses.binder(repository, here)})"
    codes = [cell.source for cell in rest if cell.cell_type == "code"]
    return stable([title, markdown(top), bootstrap(repository, codes), *rest, *_way(lesson, neighbours)])


def _way(lesson, neighbours):
    """The last cell: to the lesson before, the exercises, the lesson after."""
    here = lesson.notebook("notebooks")
    before, after = neighbours
    parts = []
    if before:
        parts.append(f"← [{before.full_title}]({addresses.between(here, before.notebook('notebooks'))})")
    if lesson.exercises:
        parts.append(f"[Exercises]({addresses.between(here, lesson.notebook('exercises'))})")
    if after:
        parts.append(f"[{after.full_title}]({addresses.between(here, after.notebook('notebooks'))}) →")
    return [markdown("---\n" + " · ".join(parts))] if parts else []


def exercise_notebook(lesson, repository, solved=False):
    """Prompt, starter, check and hint for each exercise; the solved twin has the reference in the starter's place."""
    from course_lib.exercises import exercise

    kind = "solutions" if solved else "exercises"
    here = lesson.notebook(kind)
    to_lesson = f"[{lesson.full_title}]({addresses.between(here, lesson.notebook('notebooks'))})"
    asked = [exercise(name) for name in lesson.exercises]
    if solved:
        unsolved = addresses.between(here, lesson.notebook("exercises"))
        said = f"One right answer to each of [the exercises]({unsolved}). Others are right too."
    else:
        solutions = addresses.between(here, lesson.notebook("solutions"))
        said = (
            "Write each function where the three dots stand, run the cell, then the check below it. An untouched "
            "exercise is *not attempted*, never an error. "
            f"Stuck? Take a hint, or look at [the solutions]({solutions})."
        )
    imports = "\n".join([*imports_of(asked), "", "from course_lib.exercises import exercise, progress"])
    banks = [f"import {q.reference.__module__}" for q in asked]  # found by name as they run, so no import says so
    cells = [
        markdown(f"# {lesson.full_title}: {kind}\n\nTo the lesson: {to_lesson}. {said}"),
        bootstrap(repository, [imports, *banks]),
        code(imports),
    ]
    for number, q in enumerate(asked, start=1):
        prompt = q.prompt.partition("\n")[2].strip()
        check = f'q = exercise("{q.id}")\nq.check({q.name})'
        cells += [
            markdown(f"## {number}. {q.title}\n\n{prompt}"),
            code(q.solution_source if solved else q.starter),
            code(check),
        ]
        if not solved:
            cells.append(code(HINT.format(q.id)))
    cells += [
        markdown("## How far you are"),
        code("progress.summary()", NOT_COMPARED),
        markdown(f"---\n← {to_lesson}"),
    ]
    return stable(cells)


def imports_of(asked):
    """The import lines that the references need, as they stand at the top of the exercises' files; NumPy always."""
    lines = {"import numpy as np"}
    for q in asked:
        used = {node.id for node in ast.walk(ast.parse(q.solution_source)) if isinstance(node, ast.Name)}
        tree = ast.parse(inspect.getsource(sys.modules[q.reference.__module__]))
        for node in tree.body:
            if (
                isinstance(node, ast.Import | ast.ImportFrom)
                and getattr(node, "module", None) != "course_lib.exercises"
            ):
                bound = {(name.asname or name.name).split(".")[0] for name in node.names}
                if bound & used:
                    lines.add(ast.unparse(node))
    return sorted(lines)


def all_of(lesson, every_lesson, repository):
    """{kind: notebook} of one lesson."""
    at = every_lesson.index(lesson)
    neighbours = (every_lesson[at - 1] if at else None, every_lesson[at + 1] if at + 1 < len(every_lesson) else None)
    made = {"notebooks": lesson_notebook(lesson, neighbours, repository)}
    if lesson.exercises:
        made["exercises"] = exercise_notebook(lesson, repository)
        made["solutions"] = exercise_notebook(lesson, repository, solved=True)
    return made
