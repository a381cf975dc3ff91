"""Slips of the hand, found in the learner's own source.

A declared mistake is recognized by its numbers. A counter that is never reset, or a line one level too deep, can give
any numbers: here the source is changed in one place at a time, and what comes of it is judged again (Singh, Gulwani and
Solar-Lezama, *Automated Feedback Generation for Introductory Programming Assignments*, 2013). Where every case then
agrees, the sentence is true of this answer, whatever its author had in mind.
"""

import ast
import copy
import functools
import inspect
import itertools
import types
from collections.abc import Iterator, Sequence
from typing import Any

from course_lib.exercises.judge.admission import plain_call
from course_lib.exercises.judge.attempt import Attempt
from course_lib.exercises.judge.budget import Budget, uncollected
from course_lib.exercises.judge.compare import same
from course_lib.exercises.judge.contract import Answer, Exercise
from course_lib.exercises.judge.small_changes import Change, become, sets, small_changes, variations
from course_lib.exercises.judge.source import nodes_of, text_of
from course_lib.exercises.say.words import code

# One search ends after so many changes, or so many that never end. It counts and does not time: what is found on one
# machine is found on every other. The seconds of the processor are for answers of which each call takes long.
CHANGES, ENDLESS = 400, 3
SECONDS, EACH = 3.0, 0.2

_SAID = {
    "not_reset": "`{}` stands before the loop, so each round goes on from what the last one left. Where should it be?",
    "reset_in_every_round": "`{}` stands inside the loop, so each round begins anew. Where should it be?",
    "done_in_every_round": "`{}` stands inside the loop, so it is done in every round. How often should it be?",
    "done_after_the_loop": "`{}` stands behind the loop, so it is done only once. In which rounds is it needed?",
    "replaced_not_added": "`{}` replaces what was there before. What should be added to what?",
    "brackets": "in `{}`, what should be done first? Brackets decide.",
    "not_called": "`{}` stands there without round brackets, so it is not called.",
    None: "look at `{}`: one small change there makes every case agree.",
}


def slip(name: str, focus: ast.AST, change: Change) -> Change:
    """A change that undoes the slip of this name, with the node whose line is at fault."""
    made: Any = functools.partial(change)
    made.name, made.focus = name, focus
    return made  # type: ignore[no-any-return]


def early_return(thing: Answer) -> str | None:
    """A sentence when a loop always ends in its first round, because it `return`s there; else None."""
    for line, node in nodes_of(thing):
        last = isinstance(node, ast.For | ast.While) and _last_return(node.body[-1])
        if last and not any(isinstance(n, ast.Continue) for n in ast.walk(node)):
            line += last.lineno - node.lineno
            return f"Line {line}: a `return` stands inside the loop, so it ends in its first round. When should it?"
    return None


def _last_return(statement: ast.stmt) -> ast.Return | None:
    """The last `return` of a statement that always ends with one, else None."""
    if isinstance(statement, ast.If) and statement.orelse:
        return _last_return(statement.body[-1]) and _last_return(statement.orelse[-1])
    return statement if isinstance(statement, ast.Return) else None


def other_default(q: Exercise, fn: Answer) -> tuple[str, Answer] | None:
    """(sentence, the answer with the starter's defaults) when its own are others; else None."""
    if q.call is not plain_call or not inspect.isfunction(fn):
        return None
    mine, theirs = fn.__defaults__ or (), q.reference.__defaults__ or ()
    if len(mine) != len(theirs) or same(theirs, mine, 0):
        return None
    for name, own, given in zip(fn.__code__.co_varnames[: fn.__code__.co_argcount][-len(mine) :], mine, theirs):
        if not same(given, own, 0):
            said = f"Your first line has `{name}={code(own)}`, the starter's has `{code(given)}` there. "
            said += "What should happen when the caller leaves it out?"
            return said, types.FunctionType(fn.__code__, fn.__globals__, fn.__name__, theirs, fn.__closure__)
    return None


def mended(attempt: Attempt) -> tuple[str | None, str] | None:
    """(name of the slip or None, sentence) for the first change after which every case agrees; else None."""
    with uncollected():
        return _search(attempt)


def _search(attempt: Attempt) -> tuple[str | None, str] | None:
    budget, endless = Budget(SECONDS, each=EACH), 0
    trials = sorted(attempt.trials, key=lambda t: t.right)  # the failing ones first: they sort out most
    for name, said, made in itertools.islice(_candidates(attempt.q, attempt.fn), CHANGES):
        for trial in trials:
            outcome = attempt.q.run(made, trial.case, budget, attempt.seed)
            endless += outcome.stopped is not None
            if not trial.fits(outcome):
                break
        else:
            return name, said
        if budget.is_spent or endless >= ENDLESS:
            return None
    return None


def _candidates(q: Exercise, fn: Answer) -> Iterator[tuple[str | None, str, Answer]]:
    if found := other_default(q, fn):
        yield "default_changed", *found
    if not inspect.isfunction(fn) or fn.__closure__:
        return

    def exchanged(node: Any, _: Sequence[str]) -> Iterator[Change]:
        for other in fn.__code__.co_varnames:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and other != node.id:
                yield sets("id", functools.partial(str, other))

    for changes in (slips, small_changes, exchanged):
        for change, node, _, made in variations(fn, changes):
            name: str | None = getattr(change, "name", None)
            focus: Any = getattr(change, "focus", node)
            shown = ast.unparse(focus).splitlines()[0]
            if isinstance(focus, ast.Constant | ast.Name | ast.Slice | ast.UnaryOp):  # too little to be looked at
                shown = (text_of(fn) or "").splitlines()[focus.lineno - 1].strip()
            yield name, f"Line {fn.__code__.co_firstlineno + focus.lineno - 1}: {_SAID[name].format(shown)}", made


def slips(node: Any, _: Sequence[str]) -> Iterator[Change]:
    """What calls a method, sets other brackets, adds instead of replacing, moves a line into a loop or out of it."""
    if isinstance(node, ast.Attribute):
        yield slip("not_called", node, lambda n: become(n, ast.Call(copy.copy(n), [], [])))
    if isinstance(node, ast.BinOp) and isinstance(node.right, ast.BinOp):
        yield slip("brackets", node, _leftwards)
    if isinstance(node, ast.BinOp) and isinstance(node.left, ast.BinOp):
        yield slip("brackets", node, _rightwards)
    if _sets(node):
        yield slip("replaced_not_added", node, lambda n: _add(n))
    block = node.body if isinstance(getattr(node, "body", None), list) else []
    for i, loop in enumerate(block):
        if isinstance(loop, ast.For | ast.While):
            yield from _around(block, i, loop.body)


def _around(block: list[Any], i: int, body: list[Any]) -> Iterator[Change]:
    """The slips at the loop `block[i]`, whose lines are `body`."""

    def add_all(node: Any) -> None:
        for line in node.body[i].body:
            if _sets(line):
                _add(line)

    def moved(j: int, to: int, inward: bool) -> Change:
        def move(node: Any) -> None:
            outer, inner = node.body, node.body[i].body
            (inner if inward else outer).insert(to, (outer if inward else inner).pop(j))

        return move

    if len(several := [line for line in body if _sets(line)]) > 1:
        yield slip("replaced_not_added", several[0], add_all)
    for j, line in enumerate(block):
        if j < i and _sets(line):
            yield slip("not_reset", line, moved(j, 0, True))
        if j == i + 1 and isinstance(line, ast.Assign | ast.AugAssign | ast.Expr):
            yield slip("done_after_the_loop", line, moved(j, len(body), True))
    for j, line in enumerate(body if len(body) > 1 else ()):
        if _sets(line):
            yield slip("reset_in_every_round", line, moved(j, i, False))
        if isinstance(line, ast.Assign | ast.AugAssign | ast.Expr):
            yield slip("done_in_every_round", line, moved(j, i + 1, False))


def _leftwards(node: Any) -> None:
    """a + (b * c) becomes (a + b) * c."""
    a, right = node.left, node.right
    node.left, node.op, node.right = ast.BinOp(a, node.op, right.left), right.op, right.right


def _rightwards(node: Any) -> None:
    """(a + b) * c becomes a + (b * c)."""
    left, c = node.left, node.right
    node.left, node.op, node.right = left.left, left.op, ast.BinOp(left.right, node.op, c)


def _sets(node: Any) -> bool:
    return isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name | ast.Subscript)


def _add(node: Any) -> None:
    node.__class__, node.target, node.op = ast.AugAssign, node.targets[0], ast.Add()
