"""Small changes to a function's source, one at a time.

Made to a learner's answer they may mend it (`slips.py`); made to a reference they are mutants (`author/mutants.py`).
"""

import ast
import functools
import pickle
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from course_lib.exercises.judge.contract import Answer
from course_lib.exercises.judge.source import body_of, tree_of

Change = Callable[[Any], Any]  # of a node, in place
Changes = Callable[[Any, Sequence[str]], Iterator[Change]]  # those of a node in a function with these arguments

_OPERATORS: dict[type, list[type]] = {
    ast.Add: [ast.Sub], ast.Sub: [ast.Add], ast.Mult: [ast.Div, ast.Add], ast.Div: [ast.Mult], ast.FloorDiv: [ast.Div],
    ast.Mod: [ast.FloorDiv], ast.Pow: [ast.Mult], ast.MatMult: [ast.Mult],
    ast.Lt: [ast.LtE, ast.Gt], ast.LtE: [ast.Lt], ast.Gt: [ast.GtE, ast.Lt], ast.GtE: [ast.Gt],
    ast.Eq: [ast.NotEq], ast.NotEq: [ast.Eq], ast.Is: [ast.IsNot], ast.IsNot: [ast.Is], ast.In: [ast.NotIn],
    ast.NotIn: [ast.In], ast.And: [ast.Or], ast.Or: [ast.And],
}  # fmt: skip
_NAMES = {
    "max": "min", "min": "max", "maximum": "minimum", "minimum": "maximum", "argmax": "argmin", "argmin": "argmax",
    "sum": "mean", "mean": "sum", "zeros": "ones", "ones": "zeros", "exp": "abs", "log": "log2", "sqrt": "abs",
    "ceil": "floor", "floor": "ceil", "lower": "upper", "append": "remove",
}  # fmt: skip
_SYMMETRIC = ("max", "min", "maximum", "minimum", "add", "multiply", "logaddexp", "isclose", "allclose")
_TRANSPARENT = ("array", "asarray", "list", "tuple", "float", "int", "len", "range", "enumerate")


def variations(function: Answer, changes: Changes) -> Iterator[tuple[Change, ast.AST, str, Answer]]:
    """Yields (change, node before, its text after, the changed function) for each of `changes(node, arguments)`."""
    tree = tree_of(function)
    if tree is None:
        return
    tree.decorator_list, tree.body = [], body_of(tree) or [ast.Pass()]
    arguments, kept = [a.arg for a in tree.args.args], pickle.dumps(tree)  # a copy from bytes is a fast one
    for index, node in enumerate(_nodes(tree)):
        for change in changes(node, arguments):
            made = ast.Module([pickle.loads(kept)], [])
            twin = _nodes(made.body[0])[index]
            change(twin)
            ast.fix_missing_locations(made)
            after = "pass" if getattr(twin, "gone", False) else ast.unparse(twin)
            namespace = dict(function.__globals__)
            try:
                with warnings.catch_warnings():  # `None(x)` makes Python wonder, and nobody wrote it
                    warnings.simplefilter("ignore", SyntaxWarning)
                    code = compile(made, "<changed>", "exec")
                exec(code, namespace)
            except (SyntaxError, NameError):  # what came of it is no Python any more
                continue
            yield change, node, after, namespace[tree.name]


def _nodes(tree: ast.AST) -> list[ast.AST]:
    return [n for n in ast.walk(tree) if not isinstance(n, ast.arguments)]


def small_changes(node: Any, names: Sequence[str]) -> Iterator[Change]:
    """Functions that each make one change to a node in place; `names` are the function's arguments."""
    if isinstance(node, ast.BinOp | ast.AugAssign | ast.BoolOp):
        for new in _OPERATORS.get(type(node.op), []):
            yield sets("op", new)
        if isinstance(node, ast.BinOp):
            yield lambda n: become(n, n.left)
            yield lambda n: become(n, n.right)
    elif isinstance(node, ast.Compare):
        for new in _OPERATORS.get(type(node.ops[0]), []):
            yield functools.partial(_compare_first, new)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        yield lambda n: setattr(n, "value", n.value + 1)
        yield lambda n: setattr(n, "value", n.value - 1)
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield lambda n: setattr(n, "value", not n.value)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not):
        yield lambda n: become(n, n.operand)
    elif isinstance(node, ast.IfExp):
        yield lambda n: become(n, n.body)
        yield lambda n: become(n, n.orelse)
    elif isinstance(node, ast.If | ast.While):
        yield lambda n: setattr(n, "test", ast.UnaryOp(ast.Not(), n.test))
    elif isinstance(node, ast.Call):
        for k in range(len(node.keywords)):
            yield functools.partial(_leave_out, k)
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if len(node.args) == 2 and not node.keywords and called not in _SYMMETRIC:
            yield lambda n: n.args.reverse()
        if isinstance(node.func, ast.Attribute) and not node.args and not node.keywords:
            yield lambda n: become(n, n.func.value)
        elif len(node.args) == 1 and not node.keywords and called not in _TRANSPARENT:
            yield lambda n: become(n, n.args[0])
    elif isinstance(node, ast.Attribute) and node.attr in _NAMES:
        yield lambda n: setattr(n, "attr", _NAMES[n.attr])
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in _NAMES:
        yield lambda n: setattr(n, "id", _NAMES[n.id])
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names and len(names) > 1:
        other = names[(names.index(node.id) + 1) % len(names)]
        yield lambda n: setattr(n, "id", other)
    elif isinstance(node, ast.Slice):
        for part in ("lower", "upper"):
            if getattr(node, part) is not None:
                yield sets(part, type(None))
    if isinstance(node, ast.Assign | ast.AugAssign | ast.Expr | ast.Return):
        yield _drop


def sets(attribute: str, make: Callable[[], Any]) -> Change:
    """The change that gives a node this attribute, made anew."""
    return lambda n: setattr(n, attribute, make())


def _compare_first(new: type, comparison: ast.Compare) -> None:
    comparison.ops[0] = new()


def _leave_out(k: int, call: ast.Call) -> None:
    del call.keywords[k]


def become(node: ast.AST, other: ast.AST) -> None:
    """Turn a node into another one, in place."""
    node.__class__ = other.__class__
    node.__dict__ = dict(other.__dict__)


def _drop(node: Any) -> None:
    node.__class__, node.gone = ast.Pass, True
