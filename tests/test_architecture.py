"""Imports run one way, as docs/architecture.md draws them, and no files import each other in a circle."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LIBRARY = ROOT / "course_lib"

# From the bottom up: a room may import from rooms of the same line or of lines above it in this list.
FLOORS = [
    {"text"},
    {"utils", "special", "place", "rooms", "left_out", "registry"},
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


class Import:
    """One imported module (`course_lib.layers.Dense` is `course_lib.layers`), and where it is imported."""

    def __init__(self, module, path, line, relative, inside):
        self.module, self.path, self.line, self.relative, self.inside = module, path, line, relative, inside

    def __str__(self):
        return f"{self.path.relative_to(ROOT)}:{self.line} imports {self.module}"


def module_of(path):
    """
    >>> module_of(LIBRARY / "layers" / "__init__.py")
    'course_lib.layers'
    """
    parts = path.relative_to(LIBRARY.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules():
    """{dotted name: path} of every file of the library."""
    return {module_of(path): path for path in sorted(LIBRARY.rglob("*.py"))}


def imports(path, known=None, name=None):
    """Every `Import` of a file, relative ones resolved, each name that is a module taken as this module."""
    known = modules() if known is None else known
    name = name or module_of(path)
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]

    def walk(node, inside):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                for alias in child.names:
                    yield Import(alias.name, path, child.lineno, False, inside)
            elif isinstance(child, ast.ImportFrom):
                start = package[: len(package) - child.level + 1] if child.level else []
                base = ".".join([*start, *([child.module] if child.module else [])])
                for alias in child.names:
                    full = f"{base}.{alias.name}"
                    yield Import(full if full in known else base, path, child.lineno, child.level > 0, inside)
            else:
                deeper = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
                yield from walk(child, inside or deeper)

    return list(walk(ast.parse(path.read_text(encoding="utf-8")), False))


@cache
def all_imports():
    return [found for path in modules().values() for found in imports(path)]


def graph(found, names):
    """{module: {module: Import}} between the modules of the library."""
    edges = {name: {} for name in names}
    for one in found:
        name = module_of(one.path)
        if one.module in edges and one.module != name:
            edges[name].setdefault(one.module, one)
    return edges


def circle(edges):
    """The modules of some circle, each importing the next and the last the first; [] where there is none."""
    done = set()

    def follow(name, way):
        if name in way:
            return way[way.index(name) :]
        if name in done:
            return []
        for further in edges.get(name, ()):
            if found := follow(further, [*way, name]):
                return found
        done.add(name)
        return []

    return next((found for name in edges if (found := follow(name, []))), [])


def room_of(module):
    return module.split(".")[1] if module.startswith("course_lib.") else None


# --- the reader of imports sees every form ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, module, inside",
    [
        ("import course_lib.b", "course_lib.b", False),
        ("from course_lib import b", "course_lib.b", False),
        ("from course_lib.b import name", "course_lib.b", False),
        ("from . import b", "course_lib.b", False),
        ("from .b import name", "course_lib.b", False),
        ("from .. import b", "course_lib.b", False),
        ("from ..b import name", "course_lib.b", False),
        ("def f():\n    from . import b", "course_lib.b", True),
        ("class C:\n    from .b import name", "course_lib.b", False),
        ("if True:\n    import course_lib.b", "course_lib.b", False),
    ],
)
def test_every_form_of_an_import_is_resolved(tmp_path, text, module, inside):
    path = tmp_path / "a.py"
    path.write_text(text)
    name = "course_lib.room.a" if ".." in text else "course_lib.a"
    (found,) = imports(path, known={"course_lib", "course_lib.a", "course_lib.b"}, name=name)
    assert (found.module, found.inside) == (module, inside)


def test_a_circle_of_any_length_is_found():
    assert circle({"a": ["b"], "b": ["c"], "c": []}) == []
    assert circle({"a": ["b"], "b": ["a"]}) == ["a", "b"]
    assert circle({"a": ["b"], "b": ["c"], "c": ["d"], "d": ["b"]}) == ["b", "c", "d"]


# --- the library ------------------------------------------------------------------------------------------------------


def test_every_room_has_a_floor():
    rooms = {room_of(name) for name in modules()} - {None}
    assert rooms == set(FLOOR), f"Add {sorted(rooms ^ set(FLOOR))} to FLOORS above, or take it out."


def test_imports_are_absolute():
    relative = [str(found) for found in all_imports() if found.relative]
    assert not relative, "Write the whole name, from course_lib on:\n" + "\n".join(relative)


@pytest.mark.parametrize("room", sorted(FLOOR))
def test_imports_run_one_way(room):
    upward = [
        str(found)
        for found in all_imports()
        if room_of(module_of(found.path)) == room and FLOOR.get(room_of(found.module), -1) > FLOOR[room]
    ]
    assert not upward, f"{room} may not know of rooms above it (see FLOORS):\n" + "\n".join(upward)


def test_no_files_import_each_other_in_a_circle():
    edges = graph([found for found in all_imports() if not found.inside], modules())
    found = circle(edges)
    steps = [str(edges[one][two]) for one, two in zip(found, [*found[1:], *found[:1]])]
    assert not found, "Move what both need into a file of its own:\n" + "\n".join(steps)


def test_no_two_files_know_each_other():
    """Not even by an import inside a function: it hides a circle, it does not take it away."""
    edges = graph(all_imports(), modules())
    pairs = {(one, two) for one in edges for two in edges[one] if one < two and one in edges[two]}
    said = [f"{edges[one][two]}\n{edges[two][one]}" for one, two in sorted(pairs)]
    assert not said, "Move what both need into a file of its own:\n" + "\n".join(said)


def test_no_two_rooms_know_each_other():
    rooms = {
        (room_of(module_of(found.path)), room_of(found.module)) for found in all_imports() if room_of(found.module)
    }
    both = sorted((one, two) for one, two in rooms if one and one < two and (two, one) in rooms)
    assert not both, f"These rooms import each other: {both}"


@pytest.mark.parametrize("room", sorted(ENGINE))
def test_the_engine_loads_nothing_heavy(room):
    heavy = [
        str(found)
        for found in all_imports()
        if room_of(module_of(found.path)) == room and not found.inside and found.module.split(".")[0] in HEAVY
    ]
    assert not heavy, "Import it in the function that needs it:\n" + "\n".join(heavy)


# --- the page ---------------------------------------------------------------------------------------------------------


def page():
    return (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def mentioned():
    """Every name in backticks on the page."""
    return set(re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", page(), flags=re.DOTALL)))


def test_the_architecture_page_names_every_room_and_the_rooms_in_it():
    folders = {path.parent.relative_to(LIBRARY) for path in LIBRARY.glob("*/*/__init__.py")}
    inner = {folder.name for folder in folders if folder.parts[0] != "exercises" or "bank" not in folder.parts[:-1]}
    missing = [room for room in sorted(FLOOR.keys() | inner) if not {room, f"{room}/"} & mentioned()]
    assert not missing, f"docs/architecture.md does not name {missing}: give each a word in the table."


def test_every_path_on_the_architecture_page_exists():
    paths = {name for name in mentioned() if re.fullmatch(r"[\w./-]+(/|\.py|\.md)", name)}
    places = (ROOT, LIBRARY, *(LIBRARY / room for room in FLOOR), LIBRARY / "exercises" / "judge")
    gone = [name for name in sorted(paths) if not any((place / name).exists() for place in places)]
    assert not gone, f"docs/architecture.md names {gone}, which are not there."
