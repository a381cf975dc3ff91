"""Functions and classes as text: the starter, the solution, whether an answer was begun, what seeds its cases."""

import ast
import dis
import hashlib
import inspect
import linecache
import textwrap


def solution_of(reference):
    """The source of the reference, without decorators."""
    lines = textwrap.dedent(inspect.getsource(reference)).splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith(("def ", "class ", "async def ")))
    return "\n".join(lines[first:]).rstrip()


def starter_of(reference):
    """The reference's signature and docstring, with `...` for each body."""
    text = solution_of(reference)
    lines, keep = text.splitlines(), []
    tree = ast.parse(text).body[0]
    functions = (
        [tree] if not isinstance(tree, ast.ClassDef) else [n for n in tree.body if isinstance(n, ast.FunctionDef)]
    )
    end = 0
    for fn in functions:
        has_doc = ast.get_docstring(fn) is not None
        head_end = fn.body[0].end_lineno if has_doc else fn.body[0].lineno - 1
        keep += lines[end:head_end] + [" " * fn.body[0].col_offset + "..."]
        end = fn.end_lineno
    return "\n".join(keep)


def expression_of(fn):
    """A function of one `return` as "lambda z: np.maximum(z, 0)", any other by its name."""
    try:
        made = ast.parse(solution_of(fn)).body[0]
    except (OSError, TypeError, SyntaxError, StopIteration):
        made = None
    if made is not None and isinstance(made.body[-1], ast.Return) and len(made.body) == 1:
        return f"lambda {ast.unparse(made.args)}: {ast.unparse(made.body[0].value)}"
    return getattr(fn, "__name__", type(fn).__name__)


def defined(text, name, namespace):
    """What `name` is after running `text` like a cell of a notebook, where its source can be found."""
    filename = f"<cell {hashlib.sha256(text.encode()).hexdigest()}>"
    linecache.cache[filename] = len(text), None, text.splitlines(True), filename
    exec(compile(text, filename, "exec"), namespace)
    return namespace[name]


def functions_of(thing):
    """The plain functions in an answer: itself, or a class's own methods, by name."""
    if isinstance(thing, type):
        return {name: f for name, f in vars(thing).items() if inspect.isfunction(f)}
    thing = inspect.unwrap(thing)
    return {thing.__name__: thing} if inspect.isfunction(thing) else {}


def text_of(fn):
    """The source of one function, from its file or notebook cell; None when it has none (typed at a prompt, exec)."""
    lines = linecache.getlines(fn.__code__.co_filename, fn.__globals__)
    block = lines[fn.__code__.co_firstlineno - 1 :]
    return textwrap.dedent("".join(inspect.getblock(block))) if block else None


def tree_of(fn):
    """[the parsed `def`] of a function; [] where its source is out of reach, or it is a lambda."""
    try:
        return [node for node in ast.parse(text_of(fn) or "").body if isinstance(node, ast.FunctionDef)]
    except SyntaxError:  # a lambda amid a longer line
        return []


def _bodies(text):
    """{name: statements} of every function in a source text, docstrings left out; {} when it is no whole statement."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, TypeError):
        return {}
    bodies = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
            bodies.setdefault(node.name, body)
    return bodies


def _is_blank(body):
    """Nothing but `...`, `pass`, or `raise NotImplementedError`."""
    return all(
        isinstance(s, ast.Pass)
        or (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))
        or (isinstance(s, ast.Return) and isinstance(s.value, ast.Constant) and s.value.value in (None, ...))
        or (isinstance(s, ast.Raise) and "NotImplementedError" in ast.dump(s))
        for s in body
    )


def untouched(thing, starter):
    """Whether the answer still is the starter, or has an empty body."""
    functions = functions_of(thing)
    begun = _bodies(starter)

    def blank(name, fn):
        body, given = _bodies(text_of(fn)).get(fn.__name__), begun.get(name)
        return body is not None and (_is_blank(body) or (given is not None and _dump(body) == _dump(given)))

    return bool(functions) and all(blank(name, fn) for name, fn in functions.items())


def _dump(body):
    return [ast.dump(s) for s in body]


def seed_of(exercise_id, thing):
    """A number from the exercise and the answer's own code: the same answer always meets the same random cases."""
    digest = hashlib.sha256(exercise_id.encode())
    for name, fn in functions_of(thing).items():
        text = text_of(fn) or fn.__code__.co_code.hex() + repr(
            [c for c in fn.__code__.co_consts if not hasattr(c, "co_code")]
        )
        digest.update(f"{name}\n{text}".encode())
    return int.from_bytes(digest.digest()[:6], "big")


def ellipsis_line(thing):
    """The number of the line that still holds a bare `...`; None when there is none."""
    for fn in functions_of(thing).values():
        for body in _bodies(text_of(fn)).values():
            for node in (n for s in body for n in ast.walk(s)):
                held = getattr(node, "value", None)
                if (
                    isinstance(node, ast.Expr | ast.Assign | ast.Return)
                    and isinstance(held, ast.Constant)
                    and held.value is ...
                ):
                    return fn.__code__.co_firstlineno + node.lineno - 1
    return None


def globals_read(thing):
    """Names of the notebook's variables (not functions, classes or modules) that the answer reads."""
    found = {}
    for fn in functions_of(thing).values():
        for step in dis.get_instructions(fn.__code__):
            if step.opname == "LOAD_GLOBAL" and step.argval in fn.__globals__:
                value = fn.__globals__[step.argval]
                if not callable(value) and not inspect.ismodule(value):
                    found[step.argval] = value
    return list(found)
