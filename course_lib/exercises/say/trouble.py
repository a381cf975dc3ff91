"""An exception in a learner's function: on which of their lines, in one sentence, and which shapes met there."""

import ast
import builtins
import linecache
import pathlib
import re
import sysconfig
import traceback

from course_lib.exercises.say.words import shape_of, show

_BANK = pathlib.Path(__file__).parents[1] / "bank"
_COURSE = _BANK.parent.parent
_FOREIGN = ("site-packages", "dist-packages", sysconfig.get_path("stdlib"), "<frozen", "<__array_function__")

# What the message says, as a pattern, and what it means for a learner.
_MEANINGS = [
    (r"size (\d+) is different from (\d+)",
     "In `a @ b` the last axis of a must be as long as the first axis of b; here {1} meets {0}."),
    (r"not aligned: (\d+) \(dim \d+\) != (\d+)",
     "In a product the last axis of the left must be as long as the first axis of the right; here {0} meets {1}."),
    (r"broadcast together with shapes (\([\d,]*\)) (\([\d,]*\))",
     "Shapes are compared from the right; two lengths must be equal, or one of them 1. {0} and {1} are not so."),
    (r"does not have enough dimensions", "`@` joins arrays; a single number is multiplied with `*` or added with `+`."),
    (r"name '(\w+)' is not defined",
     "Python does not know `{0}`. Is it spelled as above, and has the cell that defines it been run?"),
    (r"cannot access local variable '(\w+)'", "`{0}` is used before the function gives it a value."),
    (r"<lambda>\(\) missing \d+ required positional",
     "Your lambda names more arguments than it is given. An element that is a pair comes as one argument."),
    (r"missing \d+ required positional|takes \d+ positional arg", "Compare the arguments with the `def` line."),
    (r"index (-?\d+) is out of bounds for axis (\d+) with size (\d+)",
     "Axis {1} has {2} entries, so the last index is one less than {2}; you asked for {0}."),
    (r"axis (-?\d+) is out of bounds for array of dimension (\d+)", "The array has {1} axes, counted from 0."),
    (r"NoneType", "Something is None there: a function without `return`, or an argument left out."),
    (r"object is not callable", "Round brackets after it call it: is it a function?"),
    (r"truth value of an array", "An array holds many truths: use np.where, a product, or .all() / .any()."),
    (r"only .*arrays can be converted|only length-1 arrays", "A single number was needed there, and an array came."),
    (r"maximum recursion depth", "The function calls itself without end."),
]  # fmt: skip


class Trouble:
    """The facts of an exception, as text; the exception itself, and the frames it holds, are let go."""

    def __init__(self, error):
        self.type = type(error)
        self.name = type(error).__name__
        said = str(error).strip().splitlines() or [""]
        if self.type is KeyError and len(error.args) == 1:
            said = [f"the key {said[0]} is not there"]
        self.said = re.sub(
            r"Input operand.*\((size \d+ is different from \d+)\)|( dimensions) \(has .*", r"\1\2", said[0]
        )
        self.line = self.source = None
        self.shapes = self.doing = ""
        places = zip(traceback.walk_tb(error.__traceback__), traceback.extract_tb(error.__traceback__))
        for (frame, line), place in reversed(list(places)):
            if _is_the_learners(frame):
                self.line = line
                text = linecache.getline(frame.f_code.co_filename, line, frame.f_globals)
                self.source = text.strip()
                self.doing = _operation(text[place.colno : place.end_colno] if place.end_lineno == line else text)
                self.shapes = _shapes_on(self.source, frame.f_locals)
                break

    @property
    def signature(self):
        """What two exceptions must share to count as one: the type and which two sizes clashed, or what was done."""
        for pattern, _ in _MEANINGS[:3]:
            if found := re.search(pattern, self.said):
                return self.name, frozenset(found.groups())
        return self.name, self.said, self.doing

    def sentences(self):
        """One sentence for the exception, one for its meaning, one for the shapes."""
        lines = [f"Python raised {self.name}: {self.said}" if self.said else f"Python raised {self.name}."]
        if self.line:
            lines[0] += f"\nLine {self.line}: `{self.source}`" if self.source else f"\nIt came from line {self.line}."
        if self.shapes:
            lines.append(f"There, {self.shapes}.")
        for pattern, meaning in _MEANINGS:
            if found := re.search(pattern, self.said):
                lines.append(meaning.format(*found.groups()))
                break
        return "\n".join(lines)


def _is_the_learners(frame):
    """Whether code of the learner's runs there, or a declared mistake that stands for one; `__tracebackhide__`, as
    pytest calls it, is a local variable of what only calls an answer."""
    name = frame.f_code.co_filename
    if any(part in name for part in _FOREIGN) or "__tracebackhide__" in frame.f_locals:
        return False
    path = pathlib.Path(name)
    return _COURSE not in path.parents or (_BANK in path.parents and not path.name.startswith("_"))


def _operation(text):
    """What the failing part of a line does: the builtin or method that it calls, else "Call", "Compare", "BinOp"."""
    try:
        node = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return ""
    if isinstance(node, ast.Call):
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        return called if isinstance(node.func, ast.Attribute) or hasattr(builtins, called) else "Call"
    return type(node).__name__


def _shapes_on(source, names):
    """The shapes (or values) of the variables named in a line of source."""
    met = [name for name in dict.fromkeys(re.findall(r"(?<![\w.\"'])[A-Za-z_]\w*", source)) if name in names]
    said = []
    for name in met[:4]:
        value = names[name]
        shape = shape_of(value)
        if shape:
            said.append(f"{name} has shape {shape}")
        elif shape == () or value is None:
            said.append(f"{name} is {show(value)}")
    return ", ".join(said)
