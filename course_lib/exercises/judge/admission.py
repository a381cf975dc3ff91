"""Before any call: is there an answer at all, and can it be called?"""

import inspect
from typing import Any

from course_lib.exercises.judge import source
from course_lib.exercises.judge.contract import Answer, Exercise
from course_lib.exercises.say.result import Result
from course_lib.exercises.say.words import kind
from course_lib.text.words import counted


def plain_call(fn: Answer, *args: Any, **kwargs: Any) -> Any:
    """How an answer is used on a case, unless the exercise has an adapter."""
    return fn(*args, **kwargs)


def refusal(q: Exercise, fn: Any) -> Result | None:
    """A Result when there is nothing to run; else None."""
    thing = "class" if isinstance(q.reference, type) else "function"
    ask = f"`q.check({q.name})`"
    if fn is None:
        return Result("not attempted", q.title, f"Pass your {thing}: {ask}.")
    if not callable(fn):
        text = f"You passed {kind(fn)}. Pass the {thing} itself, without brackets after its name: {ask}."
        if thing == "class" and type(fn).__name__ == q.name:
            text = f"You passed an object of your class. Pass the class itself: {ask}."
        return Result("error", q.title, text)
    if isinstance(fn, type) != (thing == "class"):
        text = f"You passed {kind(fn)}, but a {thing} is asked for: {ask}."
        if thing == "function":
            text += f" It begins with `def {q.name}({', '.join(q.parameters)}):`."
        return Result("error", q.title, text)
    if source.untouched(fn, q.starter):
        text = f"Replace the `...` in `{q.name}` by your own lines, run the cell, and check again."
        return Result("not attempted", q.title, f"{text} `q.hint()` gives a nudge.")
    if q.call is plain_call and (differing := _arguments_differ(q, fn)):
        return Result("error", q.title, differing)
    return None


def names_of(q: Exercise, fn: Answer) -> list[str]:
    """What the learner calls the arguments; where they have no names, or fewer, those of the exercise."""
    try:
        found = inspect.signature(fn).parameters.values() if q.call is plain_call else ()
    except (ValueError, TypeError):  # functions written in C do not always tell
        found = ()
    names = [p.name for p in found if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    return names + q.parameters[len(names) :]


def _arguments_differ(q: Exercise, fn: Answer) -> str | None:
    """A sentence when the function cannot be called with the exercise's arguments; else None."""
    first_line = f"Keep the starter's first line: `def {q.name}{q.signature}:`."
    names = names_of(q, fn)
    if names != q.parameters and sorted(names) == sorted(q.parameters):
        return f"Your function takes ({', '.join(names)}), in another order than the {len(names)} given. {first_line}"
    try:
        signature = inspect.signature(fn)
    except (ValueError, TypeError):
        return None
    for case in q.cases:
        try:
            signature.bind(*case.args, **case.kwargs)
        except TypeError:
            given = list(case.named(q.parameters))
            return (
                f"Your function takes ({', '.join(signature.parameters)}), but it is called with "
                f"{counted(len(given), 'argument')}: ({', '.join(given)}). {first_line}"
            )
    return None
