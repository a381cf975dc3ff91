"""Functions and classes as text: the starter, the solution, whether an answer was begun, what seeds its cases."""

import ast
import dis
import hashlib
import inspect
import linecache
import textwrap
import types
from collections.abc import Callable, Iterator
from typing import Any


def solution_of(reference: Callable[..., Any]) -> str:
    """The source of the reference, without decorators."""
    lines = textwrap.dedent(inspect.getsource(reference)).splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith(("def ", "class ", "async def ")))
    return "\n".join(lines[first:]).rstrip()


def starter_of(reference: Callable[..., Any]) -> str:
    """The reference's signature and docstring, with `...` for each body."""
    text = solution_of(reference)
    lines, keep = text.splitlines(), []
    tree = ast.parse(text).body[0]
    end: int | None = 0
    for fn in tree.body if isinstance(tree, ast.ClassDef) else [tree]:
        if not isinstance(fn, ast.FunctionDef):
            continue
        has_doc = ast.get_docstring(fn) is not None
        head_end = fn.body[0].end_lineno if has_doc else fn.body[0].lineno - 1
        keep += lines[end:head_end] + [" " * fn.body[0].col_offset + "..."]
        end = fn.end_lineno
    return "\n".join(keep)


def expression_of(fn: Any) -> str:
    """A function of one `return` as "lambda z: np.maximum(z, 0)", any other by its name."""
    tree = tree_of(fn) if inspect.isfunction(fn) else None
    if tree and isinstance(tree.body[0], ast.Return) and tree.body[0].value:
        return f"lambda {ast.unparse(tree.args)}: {ast.unparse(tree.body[0].value)}"
    return getattr(fn, "__name__", type(fn).__name__)


def defined(text: str, name: str, namespace: dict[str, Any]) -> Any:
    """What `name` is after running `text` like a cell of a notebook, where its source can be found."""
    filename = f"<cell {hashlib.sha256(text.encode()).hexdigest()}>"
    linecache.cache[filename] = len(text), None, text.splitlines(True), filename
    exec(compile(text, filename, "exec"), namespace)
    return namespace[name]


def functions_of(thing: Any) -> dict[str, types.FunctionType]:
    """The plain functions in an answer: itself, or a class's own methods, by name."""
    if isinstance(thing, type):
        return {name: f for name, f in vars(thing).items() if inspect.isfunction(f)}
    thing = inspect.unwrap(thing)
    return {thing.__name__: thing} if inspect.isfunction(thing) else {}


def text_of(fn: Any) -> str | None:
    """The source of one function, from its file or notebook cell; None when it has none (typed at a prompt, exec)."""
    lines = linecache.getlines(fn.__code__.co_filename, fn.__globals__)
    block = lines[fn.__code__.co_firstlineno - 1 :]
    return textwrap.dedent("".join(inspect.getblock(block))) if block else None


def tree_of(fn: Any) -> ast.FunctionDef | None:
    """The parsed `def` of a function; None where its source is out of reach, or it is a lambda."""
    try:
        found = ast.parse(text_of(fn) or "").body
    except SyntaxError:  # a lambda amid a longer line
        found = []
    return next((node for node in found if isinstance(node, ast.FunctionDef)), None)


def nodes_of(thing: Any) -> Iterator[tuple[int, Any]]:
    """(number of its line, node) for every node in the source of an answer."""
    for fn in functions_of(thing).values():
        for node in ast.walk(tree_of(fn) or ast.Module([], [])):
            yield fn.__code__.co_firstlineno + getattr(node, "lineno", 1) - 1, node


def body_of(tree: ast.FunctionDef) -> list[ast.stmt]:
    """The statements of a function, its docstring left out."""
    return tree.body[1:] if ast.get_docstring(tree, clean=False) is not None else tree.body


def _is_blank(body: list[ast.stmt]) -> bool:
    """Nothing but `...`, `pass`, or `raise NotImplementedError`."""
    return all(
        isinstance(s, ast.Pass)
        or (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))
        or (isinstance(s, ast.Return) and isinstance(s.value, ast.Constant) and s.value.value in (None, ...))
        or (isinstance(s, ast.Raise) and "NotImplementedError" in ast.dump(s))
        for s in body
    )


def untouched(thing: Any, starter: str) -> bool:
    """Whether the answer still is the starter, or has an empty body."""
    begun = {n.name: body_of(n) for n in ast.walk(ast.parse(starter)) if isinstance(n, ast.FunctionDef)}
    trees = [tree_of(fn) for fn in functions_of(thing).values()]
    return bool(trees) and all(
        tree is not None
        and (
            _is_blank(body_of(tree))
            or list(map(ast.dump, body_of(tree))) == list(map(ast.dump, begun.get(tree.name, [])))
        )
        for tree in trees
    )


def seed_of(exercise_id: str, thing: Any) -> int:
    """A number from the exercise and the answer's own code: the same answer always meets the same random cases."""
    digest = hashlib.sha256(exercise_id.encode())
    for name, fn in functions_of(thing).items():
        digest.update(f"{name}\n{text_of(fn) or fn.__code__.co_code.hex()}".encode())
    return int.from_bytes(digest.digest()[:6], "big")


def ellipsis_line(thing: Any) -> int | None:
    """The number of the line that still holds a bare `...`; None when there is none."""
    for line, node in nodes_of(thing):
        if isinstance(node, ast.Expr | ast.Assign | ast.Return) and getattr(node.value, "value", None) is ...:
            return line
    return None


def globals_read(thing: Any) -> list[str]:
    """Names of the notebook's variables (not functions, classes or modules) that the answer reads."""
    found = {}
    for fn in functions_of(thing).values():
        for step in dis.get_instructions(fn.__code__):
            if step.opname == "LOAD_GLOBAL" and step.argval in fn.__globals__:
                value = fn.__globals__[step.argval]
                if not callable(value) and not inspect.ismodule(value):
                    found[step.argval] = value
    return list(found)
