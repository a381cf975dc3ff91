"""docs/keras.md: what of Keras is here, what is left out and why, what differs in numbers, which programs run.

Made of the library itself: its public names with their arguments, `left_out`, and the first lines of the programs that
`tests/test_keras_programs.py` runs on both engines. So the page says what the errors say.
"""

import importlib
import inspect
import re

from course_lib import layers, left_out
from course_lib.models import Sequential
from course_lib.utils import arguments

HEAD = """\
# Keras programs on course_lib

Change the imports, `import course_lib as keras` for `import keras` and `from course_lib` for `from keras`, and a \
program runs on NumPy with the numbers of Keras 3.15. Where it cannot, the error is a sentence that names the way \
round; the same sentences stand below. This page is made by `course build`, from the library's own names and arguments.
"""
ROOMS = (
    "layers",
    "models",
    "losses",
    "metrics",
    "optimizers",
    "optimizers.schedules",
    "callbacks",
    "activations",
    "initializers",
    "regularizers",
    "utils",
)
HOMES = tuple(f"course_lib.{room.split('.')[0]}" for room in ROOMS)  # helpers that these import stand elsewhere
CALLS = {"compile": "`compile`", "fit": "`fit`, `evaluate`, `predict`", "summary": "`summary`"}


def path(root):
    return root / "docs" / "keras.md"


def programs(root):
    return sorted((root / "tests" / "keras_programs").glob("*.py"))


def page(root):
    """The page as it should be."""
    parts = [HEAD, "## What is there\n"]
    for room in ROOMS:
        parts += [f"### {room}\n", there(room)]
    parts += ["### Methods and properties of a model\n", methods(Sequential)]
    parts += ["## Programs that run on both engines\n", ran(root)]
    parts += ["## What differs in numbers\n", differences()]
    parts += ["## Accepted without effect\n", accepted()]
    parts += ["## Left out\n"]
    for room in left_out.NAMES:
        parts += [f"### {f'keras.{room}' if room else 'keras'}\n", by_sentence(left_out.names(room))]
    parts += ["### Methods and properties of models and layers\n", by_sentence(left_out.METHODS)]
    return "\n".join(parts)


def there(room):
    """A line for each thing of a room, with its arguments and its other names."""
    named = {}
    for name, value in vars(importlib.import_module(f"course_lib.{room}")).items():
        if not name.startswith("_") and callable(value) and _home(value).startswith(HOMES):
            named.setdefault(id(value), (value, []))[1].append(name)
    lines = []
    for value, names in named.values():
        first = next((n for n in names if n == getattr(value, "__name__", "")), names[0])
        others = ", ".join(f"`{n}`" for n in sorted(names) if n != first)
        lines.append(f"- `{first}{signature(value)}`" + (f", also {others}" if others else ""))
    return "\n".join(sorted(lines, key=str.lower)) + "\n"


def methods(cls):
    names = [n for n in dir(cls) if not n.startswith("_") and n not in left_out.METHODS]
    return ", ".join(f"`{n}`" for n in names) + "\n"


def signature(value):
    """Arguments as a program writes them. What all layers take is said once, of Layer."""
    found, of_all = arguments(value), set()
    if isinstance(value, type):
        own = inspect.signature(value.__init__).parameters
        found = {name: d for name, d in found.items() if name in own or d is not inspect.Parameter.empty}
        if issubclass(value, layers.Layer) and value is not layers.Layer:
            of_all = arguments(layers.Layer)
    shown = [n if d is inspect.Parameter.empty else f"{n}={_shown(d)}" for n, d in found.items() if n not in of_all]
    return f"({', '.join(shown)})"


def ran(root):
    lines = []
    for program in programs(root):
        said = re.match(r"# (.+)", program.read_text(encoding="utf-8")).group(1)
        lines.append(f"- [{program.stem.replace('_', ' ')}](../tests/keras_programs/{program.name}): {said}")
    return "\n".join(lines) + "\n"


def differences():
    return "\n".join(f"- **{title}.** {said}" for title, said in left_out.DIFFERENCES.items()) + "\n"


def accepted():
    """The arguments that have no effect here, the values that pass, and why no other does."""
    lines = ["| where | argument | accepted | why |", "|---|---|---|---|"]
    for where, family in left_out.ARGUMENTS.items():
        for name, argument in sorted(family.items()):
            values = "any" if argument.accepted is left_out.ANY else ", ".join(f"`{v!r}`" for v in argument.accepted)
            lines.append(f"| {CALLS.get(where, where)} | `{name}` | {values} | {argument.sentence} |")
    return "\n".join(lines) + "\n"


def by_sentence(names):
    """Names that are told the same stand on one line."""
    told = {}
    for name, sentence in names.items():
        told.setdefault(sentence, []).append(name)
    return "\n".join(f"- {', '.join(f'`{n}`' for n in group)}: {said}" for said, group in told.items()) + "\n"


def _home(value):
    return getattr(value, "__module__", None) or type(value).__module__


def _shown(default):
    text = repr(default)
    return "…" if " at 0x" in text or " object" in text else text
