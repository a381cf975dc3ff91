"""What to say of a wrong answer: the call in numbers, then the declared mistake, else the general diagnosis.

The case that is shown is the one that the first sentence speaks of.
"""

from typing import Any

import numpy as np

from course_lib.exercises.judge import source
from course_lib.exercises.judge.attempt import Attempt, Trial
from course_lib.exercises.judge.compare import numbers, same
from course_lib.exercises.judge.recognize import recognize
from course_lib.exercises.judge.run import Outcome
from course_lib.exercises.judge.slips import other_default
from course_lib.exercises.say.diagnosis import Call, apart, diagnose, difference
from course_lib.exercises.say.result import Result
from course_lib.exercises.say.words import kind, show


def said(outcome: Outcome) -> str:
    """An outcome on one line."""
    if outcome.stopped is not None:
        return f"no end after {outcome.stopped:.2g} s"
    return f"{outcome.trouble.name}: {outcome.trouble.said}" if outcome.trouble else show(outcome.value)


def wrong(attempt: Attempt) -> Result:
    """The Result for an attempt with failing cases."""
    first, found = attempt.failing[0], recognize(attempt)
    trouble = first.got.trouble.sentences() if first.got.trouble else None
    if found.names:
        remarks = [(found.text, found.trial), (trouble, None)]
    else:
        general = (trouble, None) if trouble else _diagnosis(attempt)
        remarks = [general, (found.text, found.trial)]
        if not any(text for text, _ in remarks):
            remarks.append(("No typical mistake fits. Compare one number by hand:", None))
        remarks.append((_asides(attempt), None))
    told = [(text, trial or first) for text, trial in remarks if text]
    shown = told[0][1]
    passed = f"{len(attempt.trials) - len(attempt.failing)} of {len(attempt.trials)} cases"
    return Result(
        "error" if shown.got.trouble else "wrong",
        attempt.q.title,
        *[text for text, _ in told],
        facts=[*_facts(attempt, shown), ("Passed", passed)],
        mistake=" and ".join(found.names) or None,
        case=shown.case,
    )


def _facts(attempt: Attempt, trial: Trial) -> list[tuple[str, str]]:
    """Case, call, expected, yours, and where they differ first, if that is not plain to see."""
    facts = [("Case", trial.case.name), *attempt.called(trial)]
    if trial.got.trouble or trial.expected.trouble:
        yours = [] if trial.got.trouble else [("Yours", said(trial.got))]
        return [*facts, ("Expected", said(trial.expected)), *yours]
    e, g = trial.expected.value, trial.got.value
    if same(e, g, trial.case.tolerance):
        return [*facts, ("Expected", show(e)), ("Yours", show(g))]
    facts += zip(("Expected", "Yours"), apart(e, g, room=400))
    shape, theirs = _shape(e), _shape(g)
    if shape and shape == theirs and not isinstance(e, tuple):
        facts.append(("Difference", difference(e, g, trial.case.tolerance)))
    elif isinstance(e, dict | list) and not shape:
        place = difference(e, g, trial.case.tolerance)
        facts += [("Difference", place)] if place.startswith(("for the key", "at [")) else []
    return facts


def _shape(value: Any) -> tuple[int, ...]:
    array = numbers(value)
    return () if array is None else array.shape


def _diagnosis(attempt: Attempt) -> tuple[str | None, Trial | None]:
    """(What the values say, that an exception was expected, or that inputs were changed; the trial it speaks of)."""
    first = attempt.failing[0]
    if first.expected.trouble:
        expected = first.expected.trouble
        text = f"Your function should raise {expected.name} ({expected.said}); it returned {kind(first.got.value)}."
        return text, first
    valued = [t for t in attempt.failing if not t.got.trouble and not t.expected.trouble]
    calls = [
        Call(t.case.named(attempt.names), t.expected.value, t.got.value, t.got.printed, t.case.tolerance, t)
        for t in valued
    ]
    calls = [call for call in calls if call.wrong]
    general, of = diagnose(calls) if calls else (None, None)
    spoken_of = of.trial if of else None
    if not all(t.got.mutated for t in valued):
        return general, spoken_of
    changed = _changed(*valued[0].got.mutated[0])
    if calls:
        return "\n".join(text for text in (general, changed) if text), spoken_of
    return f"The result is right. {changed}", valued[0]


def _changed(name: str, old: Any, new: Any) -> str:
    """That an argument was changed, where, and what to write instead."""
    if isinstance(old, list | tuple) and len(old) != len(new):
        what = f"it had {len(old)} entries before the call, {len(new)} after it"
    else:
        what = difference(old, new, 0, "before the call {}, after it {}")
    while isinstance(old, list | tuple) and len(old) == len(new):  # down to the very array or list that was changed
        inner = [(a, b) for a, b in zip(old, new) if isinstance(a, list | tuple | np.ndarray) and not same(a, b, 0)]
        if not inner:
            break
        old, new = inner[0]
    instead = "Make a new array instead: `x = x - m`, not `x -= m` or `x[0] = 1`."
    if not isinstance(old, np.ndarray):
        instead = f"Make a new {type(old).__name__} instead, or work on a copy: `{name} = {name}.copy()`."
    return f"Your function changes its argument `{name}`, which belongs to the caller: {what}. {instead}"


def _asides(attempt: Attempt) -> str:
    """Things worth a look when an answer is wrong: an `...` left, another default, a variable of the notebook used."""
    texts, fn = [], attempt.fn
    if not source.functions_of(fn):
        texts.append(f"You passed {kind(fn)}; a function made with `def` is what is asked for.")
    if line := source.ellipsis_line(fn):
        texts.append(f"Line {line} still holds `...`.")
    if found := other_default(attempt.q, fn):
        texts.append(found[0])
    if names := source.globals_read(fn):
        listed = ", ".join(f"`{name}`" for name in names[:3])
        texts.append(f"Your function reads {listed} from the notebook, not from its arguments. Is that meant?")
    return " ".join(texts)
