"""How the course writes numbers, words and tables: one place for each, held by its own examples."""

import ast
import doctest
import re
from pathlib import Path

import numpy as np
import pytest

from course_lib.text import numbers, tables, words

LIBRARY = Path(numbers.__file__).parents[1]
ROOM = LIBRARY / "text"


@pytest.mark.parametrize("module", [numbers, tables, words], ids=lambda module: module.__name__)
def test_the_examples_are_true(module):
    result = doctest.testmod(module)
    assert result.attempted and not result.failed


@pytest.mark.parametrize("thing", ["call", "entry", "day", "batch", "class", "box", "byte"])
def test_one_is_never_followed_by_a_plural_nor_two_by_a_singular(thing):
    assert words.counted(1, thing) == f"1 {thing}"
    assert words.counted(2, thing) != f"2 {thing}" and words.counted(2, thing).endswith("s")
    assert words.counted(0, thing).split()[1] == words.counted(2, thing).split()[1]


def nested(depth, value=None):
    for _ in range(depth):
        value = [value]
    return value


class Unwritable:
    def __repr__(self):
        raise ValueError("it says nothing")


class Loud:
    def __repr__(self):
        return "red \x1b[31m\nand on"


OUTSIDE = ["a" * 10**6, b"\0" * 10**6, 10**5000, [10**5000], nested(100_000), [[[0] * 300] * 300] * 300, Unwritable()]
OUTSIDE += ["red \x1b[31m", "two\nlines", "half \ud83d", "back \u202e", {"\x1b": "\x07"}, Loud(), np.zeros((99, 99))]


@pytest.mark.parametrize("value", OUTSIDE, ids=range(len(OUTSIDE)))
@pytest.mark.parametrize("room", [20, 80])
def test_whatever_came_from_outside_is_one_short_line_without_control_codes(value, room):
    for said in (words.short(value, room), *([words.one_line(value, room)] if isinstance(value, str | bytes) else [])):
        assert 0 < len(said) <= room and said.isprintable()


@pytest.mark.parametrize("value", [None, True, 7, -1.5, "it's", b"\xff", [1, [2]], (1,), {"a": [1]}, {1}, np.arange(3)])
def test_what_is_short_stands_as_python_writes_it(value):
    assert words.short(value) == repr(value)


def test_a_table_is_the_same_in_both_forms():
    made = tables.table(["name", "size"], [["a", 5], ["bb", 1000]], note="Two rows.")
    cells = [["name", "size"], ["a", "5"], ["bb", "1000"]]
    *plain, note = repr(made).splitlines()
    assert [line.split() for line in plain] == cells and note == "Two rows."
    head, ruler, *body, _, below = made._repr_markdown_().splitlines()
    assert [[cell.strip() for cell in line.strip("|").split("|")] for line in (head, *body)] == cells
    assert ruler == "|---|--:|" and below == note
    assert len({len(line) for line in plain}) == 1, "numbers end at one edge"


def test_a_column_with_words_is_set_to_the_left_and_names_come_before_it():
    made = tables.table(["p50"], [["1 ms"], ["20 ms"]], names=["ours", "theirs"])
    assert repr(made).splitlines() == ["        p50", "ours    1 ms", "theirs  20 ms"]
    made = tables.table(["p50"], [["1 ms"], ["20 ms"]], names=["ours", "theirs"], right=[0])
    assert repr(made).splitlines() == ["          p50", "ours     1 ms", "theirs  20 ms"]


def plurals_by_hand(path):
    """Lines that make a plural of their own: an "s" that is there or not, or an "(s)"."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and _is_s(node.left):
            yield node.lineno
        elif isinstance(node, ast.IfExp) and (_is_s(node.body) or _is_s(node.orelse)):
            yield node.lineno
        elif isinstance(node, ast.JoinedStr):
            texts = (part.value for part in node.values if isinstance(part, ast.Constant))
            yield from (node.lineno for text in texts if "(s)" in text)


def _is_s(node):
    return isinstance(node, ast.Constant) and node.value in ("s", "es")


@pytest.mark.parametrize(
    "text", ["f\"{n} row{'s' * (n != 1)}\"", "f\"{n} row{'' if n == 1 else 's'}\"", 'f"{n} row(s)"', '"s" if n else ""']
)
def test_a_plural_by_hand_is_seen(tmp_path, text):
    (tmp_path / "a.py").write_text(f"n = 1\nx = {text}\n")
    assert list(plurals_by_hand(tmp_path / "a.py")) == [2]


def test_every_plural_comes_from_one_place():
    found = [
        f"{path.relative_to(LIBRARY)}:{line}"
        for path in sorted(LIBRARY.rglob("*.py"))
        if ROOM not in path.parents
        for line in plurals_by_hand(path)
    ]
    assert not found, "Write counted(n, 'row') or plural(n, 'row') from course_lib.text.words:\n" + "\n".join(found)


def roots_by_hand(path):
    """Lines that climb from a file to the folder that the whole library lies in."""
    climbs = rf"__file__\)(\.resolve\(\))?(\.parents\[{len(path.relative_to(LIBRARY).parts)}\]|(\.parent)"
    pattern = re.compile(climbs + rf"{{{len(path.relative_to(LIBRARY).parts) + 1}}})(?!\w)")
    lines = path.read_text(encoding="utf-8").splitlines()
    return [number for number, line in enumerate(lines, 1) if pattern.search(line)]


def test_the_course_lies_where_one_place_says():
    found = {path.name: roots_by_hand(path) for path in LIBRARY.rglob("*.py") if roots_by_hand(path)}
    assert list(found) == ["place.py"], f"Take course_lib.place.HOME in {found}."
