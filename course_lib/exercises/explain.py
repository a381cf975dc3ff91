"""What to say of a wrong answer: the call in numbers, then the declared mistake, else the general diagnosis."""

import numpy as np

from . import source
from .compare import numbers
from .diagnosis import Call, diagnose, difference
from .recognize import recognize
from .result import Result
from .words import kind, show


def said(outcome):
    """An outcome on one line."""
    if outcome.stopped is not None:
        return f"no end after {outcome.stopped:.2g} s"
    return f"{outcome.trouble.name}: {outcome.trouble.said}" if outcome.trouble else show(outcome.value)


def wrong(attempt):
    """The Result for an attempt with failing cases; the first of them is shown."""
    q, first = attempt.q, attempt.failing[0]
    status, trouble = ("error", first.got.trouble.sentences()) if first.got.trouble else ("wrong", None)
    found = recognize(q, attempt.trials)
    if found.names:
        texts = [found.text, trouble]
    else:
        texts = [trouble or _diagnosis(q, attempt.failing), found.text, _asides(attempt.fn)]
        if not any(texts[:2]):
            texts[0] = "No typical mistake fits. Compare one number by hand:"
    facts = [
        *_facts(q, first),
        ("Passed", f"{len(attempt.trials) - len(attempt.failing)} of {len(attempt.trials)} cases"),
    ]
    return Result(status, q.title, *texts, facts=facts, mistake=" and ".join(found.names) or None, case=first.case)


def _facts(q, trial):
    """Case, call, expected, yours, and the first difference."""
    facts = [("Case", trial.case.name), ("Called", q.call_text(trial.case)), ("Expected", said(trial.expected))]
    if trial.got.trouble:
        return facts
    facts.append(("Yours", said(trial.got)))
    e, g = trial.expected.value, trial.got.value
    if not trial.expected.trouble and not q.same(e, g) and np.shape(numbers(e)) == np.shape(numbers(g)):
        facts.append(("Difference", difference(e, g, q.rtol, q.atol)))
    return facts


def _diagnosis(q, failing):
    """What the values say, where any came back; that an exception was expected; that inputs were changed. Or None."""
    first = failing[0]
    if first.expected.trouble and not first.got.trouble:
        expected = first.expected.trouble
        return f"Your function should raise {expected.name} ({expected.said}); it returned {kind(first.got.value)}."
    valued = [t for t in failing if not t.got.trouble and not t.expected.trouble]
    changed = None
    if valued and all(t.got.mutated for t in valued):
        name, old, new = valued[0].got.mutated[0]
        what = difference(old, new, 0, 0, "before the call {}, after it {}")
        changed = f"Your function changes its argument `{name}`, which belongs to the caller: {what}."
        changed += " Make a new one instead: `x = x - m`, not `x -= m`."
    calls = [
        Call(t.case.named(q.parameters), t.expected.value, t.got.value, t.got.printed)
        for t in valued
        if not q.same(t.expected.value, t.got.value)
    ]
    if changed and not calls:
        return f"The result is right. {changed}"
    general = diagnose(calls, q.rtol, q.atol) if calls else None
    return "\n".join(text for text in (general, changed) if text) or None


def _asides(fn):
    """Things worth a look when an answer is wrong: an `...` left, a variable of the notebook used."""
    texts = []
    if not source.functions_of(fn):
        texts.append(f"You passed {kind(fn)}; a function made with `def` is what is asked for.")
    if line := source.ellipsis_line(fn):
        texts.append(f"Line {line} still holds `...`.")
    if names := source.globals_read(fn):
        listed = ", ".join(f"`{name}`" for name in names[:3])
        texts.append(f"Your function reads {listed} from the notebook, not from its arguments. Is that meant?")
    return " ".join(texts)
