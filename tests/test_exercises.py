"""What must hold for every exercise of the bank: the audit of `exercises/author/audit.py`, claim by claim."""

import pytest

from course_lib.exercises import exercise, names
from course_lib.exercises.author import audit


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
