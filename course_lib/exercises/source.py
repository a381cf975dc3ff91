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
        text = text_of(fn)
        body = _bodies(text).get(fn.__name__)
        if body is None:
            return _blank_code(fn.__code__)
        given = begun.get(name)
        return _is_blank(body) or (given is not None and _dump(body) == _dump(given))

    return bool(functions) and all(blank(name, fn) for name, fn in functions.items())


def _dump(body):
    return [ast.dump(s) for s in body]


def _blank_code(code):
    """The same judgement from bytecode, for functions whose source is out of reach."""
    raises = "NotImplementedError" in code.co_names
    harmless = {"RESUME", "NOP", "POP_TOP", "PRECALL", "CALL", "CACHE", "PUSH_NULL", "RAISE_VARARGS", "RETURN_VALUE"}
    for step in dis.get_instructions(code):
        if step.opname in ("LOAD_CONST", "RETURN_CONST"):
            if not (step.argval is None or step.argval is ... or (raises and isinstance(step.argval, str))):
                return False
        elif step.opname == "LOAD_GLOBAL":
            if step.argval != "NotImplementedError":
                return False
        elif step.opname not in harmless:
            return False
    return True


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
