"""Imports run one way, as docs/architecture.md draws them, and no files import each other in a circle."""

import ast
import importlib.metadata
import re
import sys
from functools import cache
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from course_lib.tools.build import KINDS

ROOT = Path(__file__).parent.parent
LIBRARY = ROOT / "course_lib"

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
COMES_WITH = {"starlette": "fastapi", "pydantic": "fastapi"}


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


def reached(edges, start):
    """All that can be reached from `start`, without itself."""
    seen, waiting = set(), [start]
    while waiting:
        new = set(edges.get(waiting.pop(), ())) - seen
        seen |= new
        waiting += new
    return seen


# --- the page, read ---------------------------------------------------------------------------------------------------


class Drawing:
    """The part of the drawing that shows the library.

    nodes: {node: the rooms in it}. arrows: {node: the nodes that its arrows lead to}. dotted: the nodes that the made
    notebooks use.
    """

    def __init__(self, page):
        text = re.search(r"```mermaid\n(.*?)```", page, flags=re.DOTALL)[1]
        library = re.search(r"subgraph lib.*?\n(.*?)\n    end\n", text, flags=re.DOTALL)[1]
        words = {node: re.sub(r"\(.*?\)", "", label) for node, label in re.findall(r'(\w+)\["(.*?)"\]', library)}
        plain = re.sub(r'\["(.*?)"\]', "", text)
        self.nodes = {node: [room.strip(" /") for room in label.split("·")] for node, label in words.items()}
        self.arrows = {node: [] for node in self.nodes}
        for start, end in re.findall(r"(\w+) --> (\w+)", plain):
            if start in self.nodes:
                self.arrows[start].append(end)
        self.dotted = re.findall(r"made -\.-> (\w+)", plain)

    @property
    def node_of(self):
        return {room: node for node, rooms in self.nodes.items() for room in rooms}

    def below(self, room):
        """The rooms that may be imported in this one: those of its node, and of all nodes that arrows lead to."""
        node = self.node_of.get(room)
        if node is None:  # not drawn: told by a test of its own
            return {room}
        return {name for found in reached(self.arrows, node) | {node} for name in self.nodes[found]}


def named_in(page):
    """{rooms of a row: what its third column names}: rooms as they are, packages as in pyproject.toml."""
    found = {}
    for line in re.findall(r"^\| (`.*) \|$", page, flags=re.MULTILINE):
        rooms, _, names = line.split(" | ")
        names = [] if names == "–" else names.split(", ")
        names = {name.strip("`") if "`" in name else canonicalize_name(name) for name in names}
        found[tuple(room.strip("`/") for room in rooms.split(", "))] = names
    return found


DRAWING, TABLE = Drawing(PAGE), named_in(PAGE)
ROOMS = sorted({room_of(name) for name in modules()} - {None})
ENGINE = DRAWING.below("models")  # what `import course_lib` may load


@cache
def packages():
    """{module: the package that brings it}, as pip knows it, TensorFlow without the name of what it computes on."""
    return {
        module: canonicalize_name(names[0]).removesuffix("-cpu")
        for module, names in importlib.metadata.packages_distributions().items()
    }


@cache
def really():
    """{room: {what it imports: Import}}, also inside functions: other rooms, and packages from elsewhere."""
    found = {room: {} for room in ROOMS}
    for one in all_imports():
        room, other = room_of(module_of(one.path)), room_of(one.module)
        first = one.module.partition(".")[0]
        if room and other not in (None, room):
            found[room].setdefault(other, one)
        elif room and first != "course_lib" and first not in sys.stdlib_module_names:
            found[room].setdefault(packages().get(first, first), one)
    return found


def untrue_arrows(drawing, really):
    """Sentences about arrows between nodes of which no room imports any of the other."""
    return [
        f"{start} --> {end}: nothing in {drawing.nodes[start]} imports any of {drawing.nodes[end]}."
        for start, ends in drawing.arrows.items()
        for end in ends
        if not any(really.get(room, {}).keys() & set(drawing.nodes[end]) for room in drawing.nodes[start])
    ]


def untrue_cells(table, really):
    """Sentences about what the third column names and is not imported, and what is imported and does not follow."""
    said = []
    for rooms, named in table.items():
        row = " and ".join(rooms)
        imported = {name: one for room in rooms for name, one in really.get(room, {}).items() if name not in rooms}
        follows = named.union(*(reached(really, name) for name in named))
        said += [f"{row} does not import {name}, which the table names." for name in sorted(named - set(imported))]
        said += [
            f"{row} imports {name}, which does not follow from what the table names ({one})."
            for name, one in imported.items()
            if name not in follows and COMES_WITH.get(name) not in follows
        ]
    return said


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


def test_imports_are_absolute():
    relative = [str(found) for found in all_imports() if found.relative]
    assert not relative, "Write the whole name, from course_lib on:\n" + "\n".join(relative)


@pytest.mark.parametrize("room", ROOMS)
def test_imports_run_one_way(room):
    above = really()[room].keys() & set(ROOMS) - DRAWING.below(room)
    said = [str(really()[room][name]) for name in sorted(above)]
    assert not said, f"No arrows lead down from {room} to these rooms in docs/architecture.md:\n" + "\n".join(said)


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
    heavy = [str(one) for name, one in really()[room].items() if name not in {*ROOMS, "numpy"}]
    assert not heavy, "The engine is NumPy alone; what needs more stands above it:\n" + "\n".join(heavy)


# --- the page ---------------------------------------------------------------------------------------------------------


def test_every_room_has_its_place_in_the_drawing_and_in_the_table():
    drawn = sorted(room for rooms in DRAWING.nodes.values() for room in rooms)
    assert drawn == ROOMS, f"In the drawing of docs/architecture.md: {sorted(set(drawn) ^ set(ROOMS))}"
    named = sorted(room for rooms in TABLE for room in rooms)
    assert named == ROOMS, f"In the table of docs/architecture.md: {sorted(set(named) ^ set(ROOMS))}"


def test_a_room_that_lists_its_files_lists_them_all():
    for init in LIBRARY.rglob("__init__.py"):
        files = {path.stem for path in init.parent.glob("[!_]*.py")}
        listed = set(
            re.findall(r"^(\w+) {2,}\S", ast.get_docstring(ast.parse(init.read_text("utf-8"))) or "", re.MULTILINE)
        )
        if len(listed & files) > 1:
            assert listed == files, f"The list in {init.relative_to(ROOT)} and its files: {sorted(listed ^ files)}"


def test_every_arrow_of_the_drawing_is_an_import():
    said = untrue_arrows(DRAWING, really())
    assert not said, "Take these arrows out of docs/architecture.md, or turn them:\n" + "\n".join(said)


def test_the_third_column_is_what_is_imported():
    said = untrue_cells(TABLE, really())
    assert not said, "In the table of docs/architecture.md:\n" + "\n".join(said)


def test_the_dotted_arrows_are_what_notebooks_use():
    text = "".join(path.read_text(encoding="utf-8") for kind in KINDS for path in (ROOT / kind).glob("*/*.ipynb"))
    used = re.findall(r"from course_lib(?:\.(\w+)[\w.]*)? import ([\w, ]+)", text)
    rooms = {word for room, names in used for word in ([room] if room else names.split(", "))}
    assert DRAWING.dotted and {room for node in DRAWING.dotted for room in DRAWING.nodes[node]} <= rooms


SMALL = """```mermaid
flowchart TB
    x["elsewhere/"] --> a
    subgraph lib["all"]
        direction TB
        a["one/ (the first)"] --> b
        b["two/ · three"] --> c["four"]
    end
    made -.-> a
```
| `one/` | an idea | `three`, NumPy |
| `two/`, `three` | an idea | `four` |
| `four` | an idea | – |
"""
IMPORTED = {"one": {"three": "one/x.py:1", "numpy": "one/x.py:2"}, "two": {"four": ""}, "three": {"four": ""}}


def test_drawing_and_table_are_read():
    drawing = Drawing(SMALL)
    assert drawing.nodes == {"a": ["one"], "b": ["two", "three"], "c": ["four"]}
    assert drawing.arrows == {"a": ["b"], "b": ["c"], "c": []} and drawing.dotted == ["a"]
    assert drawing.below("one") == {"one", "two", "three", "four"} and drawing.below("four") == {"four"}
    assert named_in(SMALL) == {("one",): {"three", "numpy"}, ("two", "three"): {"four"}, ("four",): set()}
    assert untrue_arrows(drawing, IMPORTED) == [] and untrue_cells(named_in(SMALL), IMPORTED) == []


@pytest.mark.parametrize(
    "old, new, wrong",
    [
        ('a["one/ (the first)"] --> b', 'b --> a["one/"]', "b --> a"),  # against the imports
        ('b["two/ · three"] --> c["four"]', 'b["two/ · three"] --> c["five"]', "b --> c"),  # a room that is not there
        ("`three`, NumPy", "`four`, NumPy", "does not import four"),  # follows, and is not imported
        ("`three`, NumPy", "`three`, Pandas", "does not import pandas"),
        ("`three`, NumPy", "`three`", "imports numpy"),
        ("`three`, NumPy", "NumPy", "imports three"),
        ("| `four` |\n| `four`", "| – |\n| `four`", "two and three imports four"),
    ],
)
def test_what_is_untrue_on_the_page_is_told(old, new, wrong):
    assert old in SMALL
    page = SMALL.replace(old, new)
    said = untrue_arrows(Drawing(page), IMPORTED) + untrue_cells(named_in(page), IMPORTED)
    assert any(wrong in sentence for sentence in said), said


def mentioned():
    """Every name in backticks on the page."""
    return set(re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)))


def test_the_architecture_page_names_every_room_and_the_rooms_in_it():
    folders = {path.parent.relative_to(LIBRARY) for path in LIBRARY.glob("*/*/__init__.py")}
    inner = {folder.name for folder in folders if folder.parts[0] != "exercises" or "bank" not in folder.parts[:-1]}
    missing = [room for room in sorted({*ROOMS, *inner}) if not {room, f"{room}/"} & mentioned()]
    assert not missing, f"docs/architecture.md does not name {missing}: give each a word in the table."


def test_every_path_on_the_architecture_page_exists():
    paths = {name for name in mentioned() if re.fullmatch(r"[\w./-]+(/|\.py|\.md)", name)}
    places = (ROOT, LIBRARY, *(LIBRARY / room for room in ROOMS), LIBRARY / "exercises" / "judge")
    gone = [name for name in sorted(paths) if not any((place / name).exists() for place in places)]
    assert not gone, f"docs/architecture.md names {gone}, which are not there."
