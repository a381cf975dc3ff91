"""The table of lessons agrees with the lessons that are written, and with itself."""

from pathlib import Path

import pytest
import yaml

from course_lib import curriculum, place

SOURCES = sorted((place.HOME / "lessons").glob("*/*.py"))


def header(path):
    """The `course:` part of a lesson's leading comment."""
    lines = path.read_text(encoding="utf-8").split("# ---\n")[1].splitlines()
    return yaml.safe_load("\n".join(line.removeprefix("#").removeprefix(" ") for line in lines))["course"]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_written_lesson_says_what_the_table_says(path):
    number = ".".join(path.stem.split("_")[:2])
    lesson, written = curriculum.find(number), header(path)
    said = f"the header of {path.name} and the line of {number} in course_lib/curriculum.py must say the same"
    assert (written["title"], written["question"], tuple(written["needs"])) == lesson[1:3] + (lesson.needs,), said
    assert path.parent.name.startswith(f"{number[0]}_")


def test_lessons_are_numbered_without_gaps():
    for chapter in curriculum.CHAPTERS:
        numbers = [lesson.number for lesson in curriculum.LESSONS if lesson.number[0] == chapter.number]
        assert numbers == [f"{chapter.number}.{k}" for k in range(1, len(numbers) + 1)] != []
    assert len(curriculum.LESSONS) >= 34


def test_lessons_need_only_earlier_lessons():
    seen = set()
    for lesson in curriculum.LESSONS:
        assert set(lesson.needs) <= seen, lesson.number
        seen.add(lesson.number)
    assert [lesson.number for lesson in curriculum.LESSONS if not lesson.needs] == ["0.1"]


def test_every_lesson_asks_one_question_and_builds_something():
    for lesson in curriculum.LESSONS:
        assert lesson.question.count("?") == 1 and lesson.question.endswith("?")
        assert lesson.builds.endswith(".")
    assert len({lesson.question for lesson in curriculum.LESSONS}) == len(curriculum.LESSONS)


def test_prerequisites_reach_to_the_start():
    assert curriculum.prerequisites("0.1") == []
    assert curriculum.prerequisites("1.3") == ["0.1", "1.1", "1.2"]


def test_prerequisites_are_all_that_is_needed_in_order_and_nothing_else():
    order = [lesson.number for lesson in curriculum.LESSONS]
    for lesson in curriculum.LESSONS:
        needed = set(lesson.needs)
        for need in lesson.needs:
            needed |= set(curriculum.prerequisites(need))
        found = curriculum.prerequisites(lesson.number)
        assert found == sorted(needed, key=order.index) and lesson.number not in found
        assert not found or found[0] == order[0]


def test_unknown_lesson_is_named():
    with pytest.raises(KeyError, match=r"9\.9.*0\.1 to 7\.2"):
        curriculum.find("9.9")


def test_lesson_exists_as_notebook_or_as_source(tmp_path):
    assert not curriculum.exists("1.1", tmp_path)
    (tmp_path / "lessons" / "1_training").mkdir(parents=True)
    (tmp_path / "lessons" / "1_training" / "1_1_forward_propagation.py").touch()
    assert curriculum.exists("1.1", tmp_path) and curriculum.notebook("1.1", tmp_path) is None
    made = tmp_path / "notebooks" / "1_training" / "1_1_forward_propagation.ipynb"
    made.parent.mkdir(parents=True)
    made.touch()
    assert curriculum.notebook("1.1", tmp_path) == made


def test_the_two_first_lessons_are_there():
    assert curriculum.exists("0.1") and curriculum.exists("1.1")
    assert all(Path(source).stem.split("_")[0].isdigit() for source in SOURCES)
