"""Imports run one way, as docs/architecture.md draws them."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LIBRARY = ROOT / "course_lib"

# From the bottom up: a room may import from rooms of the same line or of lines above it in this list.
FLOORS = [
    {"utils", "special", "place"},
    {"activations", "initializers", "regularizers", "data", "curriculum"},
    {"losses", "metrics", "callbacks", "optimizers", "autodiff"},
    {"layers", "serialization"},
    {"models", "gradcheck"},
    {"experiments"},
    {"parity", "exercises", "notebook", "distributed", "meter"},
    {"serving"},
    {"plots"},
    {"widgets"},
    {"tools"},
]
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
HEAVY = {"tensorflow", "keras", "matplotlib", "anywidget", "ipywidgets", "IPython", "jupytext", "nbclient", "sklearn"}
HEAVY |= {"fastapi", "uvicorn", "pydantic", "prometheus_client"}
HEAVY |= {"pyspark", "psutil", "cloudpickle"}
ENGINE = {room for room in FLOOR if FLOOR[room] <= FLOOR["models"]}


def rooms():
    return sorted(p.stem for p in LIBRARY.iterdir() if (p.suffix == ".py" or (p / "__init__.py").exists()))


def files(room):
    path = LIBRARY / f"{room}.py"
    return [path] if path.exists() else sorted((LIBRARY / room).rglob("*.py"))


def imports(path, top_level_only=False):
    """(module, line) of every import of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body if top_level_only else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            if node.module == "course_lib":
                yield from ((f"course_lib.{alias.name}", node.lineno) for alias in node.names)
            else:
                yield node.module, node.lineno


def test_every_room_has_a_floor():
    assert set(rooms()) - {"__init__"} == set(FLOOR)


@pytest.mark.parametrize("room", sorted(FLOOR))
def test_imports_run_one_way(room):
    upward = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in files(room)
        for module, line in imports(path)
        if module.startswith("course_lib.") and FLOOR.get(module.split(".")[1], -1) > FLOOR[room]
    ]
    assert not upward, "\n".join(upward)


@pytest.mark.parametrize("room", sorted(ENGINE))
def test_the_engine_loads_nothing_heavy(room):
    heavy = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in files(room)
        for module, line in imports(path, top_level_only=True)
        if module.split(".")[0] in HEAVY
    ]
    assert not heavy, "\n".join(heavy)


def test_the_architecture_page_names_every_room():
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    missing = [room for room in FLOOR if f"`{room}`" not in page and f"`{room}/`" not in page]
    assert not missing, f"docs/architecture.md does not name {missing}"
