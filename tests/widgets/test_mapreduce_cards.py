"""Words as cards through a MapReduce job: every card goes the way of the job."""

import numpy as np
import pytest

from course_lib.widgets import MapReduceCards


def busiest(skew, partitions, combiner="no combiner"):
    """What the busiest reducer fetches, in bytes."""
    return max(MapReduceCards(combiner=combiner, skew=skew, partitions=partitions).result["bytes"])


def test_questions_about_the_cards_have_their_answers():
    """A key is never divided, so reducers do not help against skew; a combiner does, where a key meets itself."""
    assert {card["bytes"] for card in MapReduceCards().result["cards"]} == {22}
    assert [busiest(7, p) for p in (1, 2, 3, 4)] == [528, 484, 462, 462] and 462 == 21 * 22
    assert [busiest(7, p, "combiner") for p in (2, 3, 4)] == [88, 66, 66] and 66 == 3 * 22
    saved = [
        sum(MapReduceCards(skew=s).result["bytes"]) - sum(MapReduceCards(skew=s, combiner="combiner").result["bytes"])
        for s in range(1, 8)
    ]
    assert saved[0] == 0 and all(np.diff(saved) > 0)


@pytest.mark.parametrize("combiner", ["no combiner", "combiner"])
def test_every_card_goes_the_way_of_its_job(combiner):
    """The cards add up to what the real functions made: files, bytes, groups and sums."""
    widget = MapReduceCards(combiner=combiner, skew=5, partitions=3)
    steps, cards = widget.trace(combiner, 5, 3), widget.result["cards"]
    assert [(card["key"], card["value"]) for card in cards] == [pair for task in steps.mapped for pair in task]
    for task, runs in enumerate(steps.sent):
        mine = [card for card in cards if card["task"] == task]
        assert sorted(card["order"] for card in mine) == list(range(8))
        laid = sorted(mine, key=lambda card: card["order"])
        assert [(c["partition"], c["key"]) for c in laid] == sorted((c["partition"], c["key"]) for c in laid)
        sent = sorted((card for card in mine if card["first"]), key=lambda card: card["sent"])
        assert [card["sent"] for card in sent] == list(range(len(sent)))
        assert [(card["partition"], card["key"], card["sent_value"]) for card in sent] == [
            (p, *pair) for p, run in enumerate(runs) for pair in run
        ]
        assert {(card["sent"], card["key"]) for card in mine} == {(card["sent"], card["key"]) for card in sent}
    for p, groups in enumerate(steps.groups):
        there = [card for card in cards if card["partition"] == p and card["first"]]
        assert sum(card["bytes"] for card in there) == widget.result["bytes"][p]
        for pile, (key, values) in enumerate(groups):
            mine = sorted((card for card in there if card["pile"] == pile), key=lambda card: card["layer"])
            assert [(card["key"], card["layer"], card["sent_value"]) for card in mine] == [
                (key, layer, value) for layer, value in enumerate(values)
            ]
            assert {card["total"] for card in mine} == {steps.output[key]}
