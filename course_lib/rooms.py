"""A room's list, made of its files: so that a new file is a new entry, and nobody can forget it."""

import importlib
import inspect
import pkgutil


def defined(room, wanted):
    """{name: thing} of all that the files of a package define and `wanted(thing)` takes; sorted by name.

    room: the package (`course_lib.plots`), while it is imported. What a file merely imports is not its own. Two files
    that define one name are a ValueError.
    """
    found = {}
    for file in sorted(info.name for info in pkgutil.iter_modules(room.__path__)):
        module = importlib.import_module(f"{room.__name__}.{file}")
        for name, thing in vars(module).items():
            own = getattr(thing, "__module__", None) == module.__name__
            if not own or name.startswith("_") or inspect.ismodule(thing) or not wanted(thing):
                continue
            if name in found:
                raise ValueError(f"{module.__name__} and {found[name].__module__} both define {name!r}: rename one.")
            found[name] = thing
    return dict(sorted(found.items()))
