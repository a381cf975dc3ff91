"""Partitions that are lost and computed again."""

import pytest
from claims import says

from course_lib.widgets import LineageGraph


def lit(lost, **values):
    """How many partitions of the word count are computed again, and which of its stages run."""
    result = LineageGraph(lost=lost, **values).result
    assert result["computed"] == result["states"].count("computed")
    return result["computed"], [note != "no task runs" for note in result["notes"]]


def test_questions_about_the_lineage_have_their_answers():
    assert len(LineageGraph().result["boxes"]) == 18
    for task in (0, 4, 5, 6):  # nothing lost, and each task of stage 2
        assert lit(task) == (6, [False, True])
    for task in (1, 2, 3):
        assert lit(task) == (4 + 6, [True, True])
        assert LineageGraph(lost=task).result["notes"][0] == "1 of 3 tasks run"
        assert lit(task, cached="the last one") == (0, [False, True])
    for task in (4, 5, 6):
        assert lit(task, cached="the last one") == (2, [False, True])


@pytest.mark.parametrize("program", LineageGraph.controls[0].options)
def test_each_program_has_six_tasks_and_a_lost_one_is_computed_again_from_what_is_kept(program):
    whole = LineageGraph(program=program)
    assert len(whole.result["tasks"]) == 6 == whole.controls[-1].max
    kept = {name: LineageGraph(program=program, cached=name, asked=name).result for name in whole.controls[2].options}
    for result in kept.values():
        assert result["computed"] == 0 < result["from_cache"]
    asked = LineageGraph(program=program, asked="the one on the way").result
    assert asked["computed"] > 0 and asked["notes"][-1] == "no task runs"


def test_the_lineage_says_what_was_lost():
    assert says(LineageGraph(lost=4).result["said"], "Lost", "nothing")
    kept = LineageGraph(lost=1, cached="the last one").result
    assert says(kept["said"], "files stay lost") and "lost" in kept["files"]
    said = LineageGraph(lost=2, cached="the one on the way").result["said"]
    assert says(said, "Lost", "cached partition", "files", "computes 10")
