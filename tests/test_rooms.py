"""Lists that are made of the files of a room: a new file is a new entry."""

import sys
import types

import pytest

from course_lib import plots, rooms, widgets


@pytest.fixture
def room(tmp_path, monkeypatch):
    """A package made of the given files."""

    def make(**files):
        folder = tmp_path / "some_room"
        folder.mkdir()
        (folder / "__init__.py").write_text("")
        for name, text in files.items():
            (folder / f"{name}.py").write_text(text)
        monkeypatch.syspath_prepend(tmp_path)
        module = types.ModuleType("some_room")
        module.__path__ = [str(folder)]
        monkeypatch.setitem(sys.modules, "some_room", module)
        for name in files:
            monkeypatch.delitem(sys.modules, f"some_room.{name}", raising=False)
        return module

    return make


def test_a_new_file_is_a_new_entry(room):
    made = room(b="def two(): pass\ndef _hidden(): pass\n", a="from some_room.b import two\ndef one(): pass\nN = 1\n")
    found = rooms.defined(made, callable)
    assert list(found) == ["one", "two"] and found["two"].__module__ == "some_room.b"


def test_two_files_with_one_name_are_named(room):
    made = room(a="def one(): pass\n", b="def one(): pass\n")
    with pytest.raises(ValueError, match=r"some_room\.b and some_room\.a both define 'one'"):
        rooms.defined(made, callable)


@pytest.mark.parametrize("room, some", [(plots, {"network", "softmax_dial"}), (widgets, {"ForwardPass", "Tail"})])
def test_plots_and_widgets_are_such_rooms(room, some):
    assert some <= set(room.__all__) and "power" not in room.__all__
    assert all(hasattr(room, name) for name in room.__all__)
