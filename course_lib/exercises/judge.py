"""The judgement: every case, then the declared mistakes, then the general diagnosis.

The order matters. First what needs no numbers (nothing passed, starter untouched), then one call per case, then the
calls that failed once more (an answer that changes from call to call would only confuse the rest), then the mistakes
the author declared, and last what the numbers themselves tell.
"""

import inspect
import time

from . import runner, source
from .diagnosis import Call, diagnose, difference
from .result import Result
from .words import kind, show

SECONDS = 0.75  # for all calls of one check together


class Trial:
    """One case with what the reference and the learner's function made of it."""

    def __init__(self, case, expected, got, right):
        self.case, self.expected, self.got, self.right = case, expected, got, right


def judge(q, fn):
    """The Result for the answer `fn` to the exercise `q`."""
    if refused := _unfit(q, fn):
        return refused
    seed = source.seed_of(q.id, fn)
    clock = _Clock(q.seconds or SECONDS)
    trials = []
    for case in q.all_cases(seed):
        expected = q.expect(case)
        got = q.run(fn, case, clock.left(), seed)
        clock.add(got)
        trials.append(Trial(case, expected, got, got.agrees(expected, q.rtol, q.atol)))
        if got.stopped is not None:
            return _stopped(q, trials[-1], clock)
    failing = [t for t in trials if not t.right]
    if failing and (other := _other_convention(q, trials)):
        return _properties(q, fn, trials, clock, seed, note=other)
    if unsteady := _unsteady(q, fn, failing or trials[::-1], clock, seed):
        return unsteady
    if not failing:
        return _properties(q, fn, trials, clock, seed)
    return _wrong(q, fn, trials, failing)


class _Clock:
    """The time a check may still spend inside the learner's function."""

    def __init__(self, seconds):
        self.seconds, self.spent, self.calls = seconds, 0.0, 0

    def left(self):
        return max(0.02, self.seconds - self.spent)

    def add(self, outcome):
        self.spent += outcome.seconds
        self.calls += 1


# --- before any call ------------------------------------------------------------------------------------------------


def _unfit(q, fn):
    """A Result when there is nothing to run; else None."""
    asked = f"`q.check({q.name})`"
    wants_class = isinstance(q.reference, type)
    if fn is None:
        return _result("not attempted", q, f"Pass your {'class' if wants_class else 'function'}: {asked}.")
    if not callable(fn):
        if wants_class and type(fn).__name__ == q.name:
            return _result("error", q, f"You passed an object of your class. Pass the class itself: {asked}.")
        what = "That is the result of a call, perhaps? " if not hasattr(fn, "__dict__") or hasattr(fn, "shape") else ""
        return _result("error", q, f"You passed {kind(fn)}. {what}Pass the {'class' if wants_class else 'function'} itself, "
                                   f"without brackets after its name: {asked}.")
    if isinstance(fn, type) and not wants_class:
        return _result("error", q, f"You passed {kind(fn)}, but a function is asked for. "
                                   f"Write `def {q.name}({', '.join(q.parameters)}):` and pass it: {asked}.")
    if wants_class and not isinstance(fn, type):
        return _result("error", q, f"You passed {kind(fn)}, but a class is asked for: {asked}.")
    if source.untouched(fn, q.starter):
        return _result("not attempted", q, f"Replace the `...` in `{q.name}` by your own lines, run the cell, and check again. "
                                           "`q.hint()` gives a nudge.")
    if not wants_class and q.call is plain_call and (wrong := _arguments_differ(q, fn)):
        return _result("error", q, wrong)


def _arguments_differ(q, fn):
    """A sentence when the function cannot be called with the exercise's arguments."""
    try:
        signature = inspect.signature(fn)
    except (ValueError, TypeError):  # functions written in C do not always tell
        return None
    for case in q.cases:
        try:
            signature.bind(*case.args, **case.kwargs)
        except TypeError:
            given = ", ".join([*q.parameters[: len(case.args)], *case.kwargs])
            return (f"Your function takes ({', '.join(signature.parameters)}), but it is called with "
                    f"{len(case.args) + len(case.kwargs)} argument(s): ({given}). Keep the starter's first line.")


def plain_call(fn, *args, **kwargs):
    return fn(*args, **kwargs)


# --- what came out --------------------------------------------------------------------------------------------------


def _stopped(q, trial, clock):
    if clock.calls > 1 and trial.got.stopped < 0.8 * clock.seconds:
        said = (f"Stopped after {clock.seconds:.2g} s in call {clock.calls}: each call takes too long, or this one does not "
                "end. Does the loop end? Is there a loop inside a loop that NumPy could do in one line?")
    else:
        said = f"Stopped after {trial.got.stopped:.2g} s: does the loop end?"
    if trial.got.alive:
        said += " It could not be interrupted and still runs in the background: restart the kernel to be rid of it."
    return _result("error", q, said, facts=[("Called", q.call_text(trial.case))], case=trial.case)


def _unsteady(q, fn, trials, clock, seed):
    """The second call of the same case must agree with the first, under another state of the random numbers."""
    for trial in trials:
        if clock.spent > 0.6 * clock.seconds:
            return None
        again = q.run(fn, trial.case, clock.left(), seed + 1)
        clock.add(again)
        if again.agrees(trial.got, q.rtol, q.atol) or (again.trouble and trial.got.trouble):
            continue
        return _result(
            "wrong", q, "Two calls with the same arguments gave two answers. Does your function draw random numbers, or keep "
            "something from one call to the next?",
            facts=[("Called", q.call_text(trial.case)), ("First call", _said(trial.got)), ("Second call", _said(again)),
                   ("Expected", _said(trial.expected))], case=trial.case,
        )


def _said(outcome):
    if outcome.stopped is not None:
        return f"no end after {outcome.stopped:.2g} s"
    if outcome.trouble:
        return f"{outcome.trouble.name}: {outcome.trouble.said}"
    return show(outcome.value)


def _other_convention(q, trials):
    """The docstring of another right form, when it agrees with every case."""
    for variant in q.variants:
        if all(t.got.agrees(q.run(variant, t.case), q.rtol, q.atol) for t in trials):
            return _text(variant)


def _properties(q, fn, trials, clock, seed, note=None):
    """Right, if what must hold for any right answer holds as well."""
    for claim in q.properties:
        for trial in trials:
            held = q.run(claim, trial.case.given_to(fn), max(0.1, clock.left()), seed)
            clock.add(held)
            if held.stopped is not None or held.trouble or held.value is None or not _holds(held.value):
                more = held.value if isinstance(held.value, str) else held.trouble.sentences() if held.trouble else None
                return _result("wrong", q, f"The numbers agree, but this must hold as well: {_text(claim)}", more, case=trial.case,
                               facts=[("Called", q.call_text(trial.case)), ("Yours", _said(trial.got))])
    return _result("right", q, f"All {len(trials)} cases agree.", note)


def _holds(value):
    return not isinstance(value, str) and bool(value)


def _text(thing):
    return " ".join((thing.__doc__ or thing.__name__).split())


# --- a wrong answer -------------------------------------------------------------------------------------------------


def _wrong(q, fn, trials, failing):
    first = failing[0]
    facts = [("Case", first.case.name), ("Called", q.call_text(first.case)), ("Expected", _said(first.expected))]
    if not first.got.trouble:
        facts.append(("Yours", _said(first.got)))
        if not first.expected.trouble and first.got.value is not None:
            facts.append(("Look at", difference(first.expected.value, first.got.value, q.rtol, q.atol)))
    facts.append(("Passed", f"{len(trials) - len(failing)} of {len(trials)} cases"))
    status = "error" if first.got.trouble else "wrong"
    trouble = first.got.trouble.sentences() if first.got.trouble else None

    name, notes = _recognize(q, trials, failing)
    if name:
        return _result(status, q, notes, trouble, facts=facts, mistake=name, case=first.case)
    return _result(status, q, trouble or _diagnosis(q, failing), notes, _asides(fn), facts=facts, case=first.case)


def _recognize(q, trials, failing):
    """(name, message) of the declared mistake that explains every failing case; else (None, a note or None)."""
    fits = {}
    for name, mistake in q.mistakes.items():
        agree = {id(t) for t in trials if t.got.agrees(q.run(mistake, t.case), q.rtol, q.atol)}
        fits[name] = ([t for t in failing if id(t) in agree], len(agree) == len(trials))
    for name, (_, everywhere) in fits.items():
        if everywhere:
            return name, _text(q.mistakes[name])
    for name, (explained, _) in fits.items():
        if len(explained) == len(failing) > 1:
            return name, _text(q.mistakes[name])
    name = max(fits, key=lambda n: len(fits[n][0]), default=None)
    if name is None or 2 * len(fits[name][0]) < len(failing):
        return None, None
    explained = fits[name][0]
    note = f"In {len(explained)} of the {len(failing)} failing cases it looks like this: {_text(q.mistakes[name])}"
    rest = {id(t) for t in failing} - {id(t) for t in explained}
    for other, (also, _) in fits.items():
        if rest and rest <= {id(t) for t in also}:
            return None, f"{note}\nIn the others like this: {_text(q.mistakes[other])}"
    return None, note


def _diagnosis(q, failing):
    """What the numbers say, for answers that came back at all; else that an exception was expected, or inputs changed."""
    first = failing[0]
    if first.expected.trouble:
        expected = first.expected.trouble
        return f"Here the function should raise {expected.name} ({expected.said}), and yours returned {kind(first.got.value)}."
    changed = first.got.mutated
    if changed and all(t.got.mutated and not t.got.trouble for t in failing):
        name, old, new = changed[0]
        alone = all(q.same(t.expected.value, t.got.value) for t in failing)
        said = (f"Your function changes its argument `{name}`, which belongs to the caller: {difference(old, new, 0, 0)} "
                "(expected = before, yours = after). Make a new array: `x = x - m`, not `x -= m`.")
        if alone:
            return "The result is right. " + said
    else:
        said = None
    calls = [
        Call(t.case.named(q.parameters), t.expected.value, t.got.value, t.got.printed)
        for t in failing
        if not t.got.trouble and not t.expected.trouble and not q.same(t.expected.value, t.got.value)
    ]
    general = diagnose(calls, q.rtol, q.atol) if calls else None
    return "\n".join(s for s in (general, said) if s) or "The result differs from what is expected."


def _asides(fn):
    """Things worth a look when an answer is wrong: an `...` left, a variable of the notebook used."""
    said = []
    if not source.functions_of(fn):
        said.append(f"You passed {kind(fn)}; a function made with `def` is what is asked for.")
    if line := source.ellipsis_line(fn):
        said.append(f"Line {line} still holds `...`.")
    if names := list(source.globals_read(fn)):
        said.append(f"Your function reads `{'`, `'.join(names[:3])}` from the notebook, not from its arguments. Is that meant?")
    return " ".join(said)


def _result(status, q, *paragraphs, facts=(), mistake=None, case=None):
    return Result(status, q.title, paragraphs, facts, mistake, case)
