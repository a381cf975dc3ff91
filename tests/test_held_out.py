"""Held-out sets (`held_out/`): their wrong answers are rejected, and their right ones, written differently, accepted.

Each exercise is audited with its own declared mistakes (`test_exercises.py`); whoever wrote the cases also wrote
those. The answers of these sets were written from the prompts alone, before their checks first ran on them, so they
show what the checks do with answers their author did not have in mind.
"""

import pytest
from held_out import RIGHT, SAYS, WRONG, first, fourth, second, third  # noqa: F401 (each fills the three)

from course_lib.exercises import exercise


def label(pair):
    return f"{pair[0]}-{pair[1].__name__}"


@pytest.mark.parametrize("pair", WRONG, ids=label)
def test_held_out_wrong_answer_is_rejected_with_a_number(pair, monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS", "off")
    result = exercise(pair[0]).check(pair[1])
    assert result.status in ("wrong", "error"), str(result)
    assert any(c.isdigit() for c in result.message), result.message
    assert SAYS[pair[1]] in result.message, result.message


@pytest.mark.parametrize("pair", RIGHT, ids=label)
def test_held_out_right_answer_is_accepted(pair, monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS", "off")
    result = exercise(pair[0]).check(pair[1])
    assert result.status == "right", str(result)
