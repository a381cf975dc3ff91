"""What must hold for every exercise of the bank: the audit of `exercises/author/audit.py`, claim by claim."""

import copy
import functools

import numpy as np
import pytest

from course_lib.exercises import exercise, names
from course_lib.exercises.author import audit
from course_lib.exercises.judge import recognize
from course_lib.exercises.judge.attempt import Attempt
from course_lib.exercises.judge.compare import same
from course_lib.exercises.judge.run import random_state_kept


@pytest.fixture(scope="module", autouse=True)
def random_state_kept_once():
    with random_state_kept():
        yield


@pytest.mark.parametrize("claim", audit.CLAIMS, ids=lambda claim: claim.__name__)
@pytest.mark.parametrize("name", names())
def test_exercise(name, claim):
    assert claim(exercise(name)) == []


def test_every_file_of_the_bank_is_listed():
    import pathlib

    bank = pathlib.Path(audit.__file__).parents[1] / "bank"
    files = {f"{f.parent.name}.{f.stem}" for f in bank.rglob("[!_]*.py")}
    assert files == set(names())


def test_nineteen_of_twenty_mutants_are_killed_over_the_whole_bank():
    counts = [audit.mutation(exercise(name)) for name in names()]
    tried, alive = sum(n for n, _ in counts), sum(len(a) for _, a in counts)
    assert tried > 15 * len(counts)
    assert 1 - alive / tried >= 0.95, f"{alive} of {tried} mutants survive"


@pytest.mark.parametrize("name", names())
def test_without_its_own_entry_no_mistake_gets_anothers_name(name, monkeypatch):
    # A slip found in the source and a note about most of the cases give no declared name, and cost most.
    monkeypatch.setattr(recognize, "mended", lambda attempt: None)
    monkeypatch.setattr(recognize, "partly", lambda attempt, made: recognize.Finding())
    q = exercise(name)
    declared = dict(q.mistakes)
    for own, fn in declared.items():
        attempt = attempted(q, fn)
        assert attempt.failing
        monkeypatch.setattr(q, "mistakes", {k: v for k, v in declared.items() if k != own})
        found = set(recognize.recognize(attempt).names) & set(declared)
        assert not found, f"{name}: {own} is taken for {found}"


def attempted(q, fn):
    """An attempt whose cases have all been tried. Declared answers end, so nothing watches them."""
    attempt = Attempt(q, fn)
    attempt.run = lambda case: q.run(fn, case, seed=attempt.seed, names=attempt.names)
    for case in q.all_cases(attempt.seed):
        attempt.try_case(case)
    return attempt


def as_checked(exercise, /, *given, **named):
    """The reference's answer, the way a check takes it."""
    bound = exercise.signature.bind(*given, **named)
    return exercise.call(exercise.reference, *bound.args, **bound.kwargs)


@pytest.mark.parametrize("name", names())
def test_the_called_line_can_be_pasted(name):
    q = exercise(name)
    q._last_case = None
    for case in q.cases:
        facts = dict(q.called(case))
        if "Run with" in facts:  # an adapter stands between the case and the answer
            return
        pasted = facts["Called"]
        assert len(pasted) <= 400
        if "Inputs" in facts:  # too long to show: the numbers are fetched
            q._last_case = case
        sc = next((copy.deepcopy(value.context) for value in case.args if hasattr(value, "context")), None)
        made = eval(pasted, {"np": np, "q": q, "sc": sc, q.name: functools.partial(as_checked, q)})
        assert same(q.expect(case).value, made, 1e-2), case.name


@pytest.mark.parametrize("reference, told", [(0.02, 1), (0.2, 0)])
def test_a_check_is_slow_beside_the_check_of_the_reference(monkeypatch, reference, told):
    """Where the host is busy its clock runs fast, for the one as for the other."""
    q = exercise("training.neuron")
    monkeypatch.setattr(audit, "declared", lambda q: {"searches": (None, None, 1.5)})
    monkeypatch.setattr(audit, "timed", lambda q, answer: (None, reference if answer is q.reference else 1.5))
    assert len(audit.quick(q)) == told
