"""The judgement of an answer, in the order that confuses least.

First what needs no numbers (nothing passed, the starter untouched: `admission.py`). Then one call per case. Then the
failing calls once more, for an answer that changes from call to call would only mislead the rest. Then the mistakes
that the author declared, and last what the numbers themselves tell (`explain.py`).
"""

from typing import Any

from course_lib.exercises.judge.admission import refusal
from course_lib.exercises.judge.attempt import Attempt
from course_lib.exercises.judge.contract import Exercise
from course_lib.exercises.judge.explain import said, wrong
from course_lib.exercises.judge.run import random_state_kept
from course_lib.exercises.say.result import Result


@random_state_kept()
def judge(q: Exercise, fn: Any) -> Result:
    """The Result for the answer `fn` to the exercise `q`."""
    refused = refusal(q, fn)
    if refused is not None:
        return refused
    attempt = Attempt(q, fn)
    for case in q.all_cases(attempt.seed):
        if attempt.try_case(case).got.stopped is not None:
            return stopped(attempt)
    note = other_convention(attempt) if attempt.failing else None
    if note:
        return right(attempt, note)
    unsteady = second_call_differs(attempt)
    if unsteady is not None:
        return unsteady
    return wrong(attempt) if attempt.failing else right(attempt)


def stopped(attempt: Attempt) -> Result:
    trial, seconds = attempt.trials[-1], attempt.budget.seconds
    text = f"Stopped after {seconds:.2g} s"
    if trial.got.waited:
        text = f"Stopped after {trial.got.stopped:.2g} s, in which it hardly computed: "
        text += "does it sleep, or wait for something that does not come?"
    elif (trial.got.stopped or 0) < 0.8 * seconds:
        text += f", in call {attempt.calls}: either each call takes too long, or this one does not end. "
        text += "Does the loop end? Does a loop do what NumPy could do in one line?"
    else:
        text += ": does the loop end?"
    if trial.got.alive:
        text += " It could not be interrupted and still runs in the background: restart the kernel to be rid of it."
    return Result("error", attempt.q.title, text, facts=attempt.called(trial), case=trial.case)


def second_call_differs(attempt: Attempt) -> Result | None:
    """A Result when the same case gives another answer the second time, under other random numbers; else None."""
    q = attempt.q
    for trial in attempt.failing or attempt.trials[::-1]:
        if attempt.budget.spent > 0.6 * attempt.budget.seconds:
            return None
        again = attempt.run(trial.case, seed=attempt.seed + 1)
        if trial.is_like(again) or (again.trouble and trial.got.trouble):
            continue
        text = "Two calls with the same arguments gave two answers. "
        text += "Does your function draw random numbers, or keep something from one call to the next?"
        facts = [*attempt.called(trial), ("First call", said(trial.got)), ("Second call", said(again))]
        return Result("wrong", q.title, text, facts=[*facts, ("Expected", said(trial.expected))], case=trial.case)
    return None


def other_convention(attempt: Attempt) -> str | None:
    """The docstring of another right form that agrees with every case; else None."""
    q = attempt.q
    for variant in q.variants:
        if all(t.is_like(q.run(variant, t.case)) for t in attempt.trials):
            return " ".join((variant.__doc__ or "Another right convention.").split())
    return None


def right(attempt: Attempt, note: str | None = None) -> Result:
    """Right, if what must hold for any right answer holds as well."""
    q = attempt.q
    for claim in q.properties:
        for trial in attempt.trials:
            held = attempt.run(trial.case.given_to(attempt.fn), claim)
            if isinstance(held.value, str) or not held.value:
                text = f"The numbers agree, but this must hold as well: {' '.join((claim.__doc__ or '').split())}"
                more = held.trouble.sentences() if held.trouble else held.value if isinstance(held.value, str) else None
                facts = [*attempt.called(trial), ("Yours", said(trial.got))]
                return Result("wrong", q.title, text, more, facts=facts, case=trial.case)
    return Result("right", q.title, f"All {len(attempt.trials)} cases agree.", note)
