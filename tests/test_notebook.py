"""What the lessons say about a learner's own answers."""

import pytest

from course_lib.notebook import probability_given

NAMES = ("games", "net", "python", "text")


def test_what_is_left_is_shared_among_the_classes_that_were_not_named():
    mine = {"python": 0.6, "net": 0.2}
    assert probability_given(mine, "python", NAMES) == 0.6
    assert probability_given(mine, "games", NAMES) == pytest.approx(0.1)
    assert probability_given({}, "games", NAMES) == 0.25


def test_all_classes_may_be_named_and_no_answer_stays_none():
    assert probability_given({"games": 0.1, "net": 0.2, "python": 0.3, "text": 0.4}, "text", NAMES) == 0.4
    assert probability_given({"games": 1}, "text", NAMES) == 0
    assert probability_given(None, "games", NAMES) is None


@pytest.mark.parametrize(
    "mine, words",
    [
        ({"network": 0.5}, "'network'; the classes are games"),
        ({"net": 0.8, "text": 0.4}, "sum 1.2"),
        ({"net": -0.5}, "at least 0"),
        ({"games": 0.1, "net": 0.1, "python": 0.1, "text": 0.1}, "sum 0.4"),
    ],
)
def test_an_answer_that_is_no_distribution_is_refused(mine, words):
    with pytest.raises(ValueError, match=words):
        probability_given(mine, "games", NAMES)
