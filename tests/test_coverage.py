"""docs/coverage.md leads from every word of the founding document to cells that teach it; links lead somewhere."""

import pytest

from course_lib import curriculum, place
from course_lib.tools.build import BuildError, anchors, coverage, source

ROOT = place.HOME
NOTEBOOKS = {lesson.number: ROOT / lesson.notebook("notebooks") for lesson in source.lessons(ROOT)}
WORDS = [word for words in coverage.WORDS.values() for word in words]
TAUGHT = [word for word in WORDS if word.lesson in NOTEBOOKS]


@pytest.mark.parametrize("word", TAUGHT, ids=lambda word: f"{word.lesson}-{word.english}")
def test_the_section_of_a_word_exists_and_speaks_of_it(word):
    text = anchors.markdown(NOTEBOOKS[word.lesson])
    heading = coverage.taught_under(word, text)
    assert word.english.split(": ")[-1].lower() in anchors.sections(text)[anchors.anchor(heading)].lower()
    assert word.chinese in text


def test_every_word_belongs_to_a_lesson_of_the_course():
    for word in WORDS:
        curriculum.find(word.lesson)


TEXT = "# 9.9 Momentum\n\n## What it is\nA ball (动量).\n\n## Why `Momentum` helps\nMomentum overshoots.\n"


def test_without_a_heading_the_first_section_that_speaks_of_a_word_is_taken():
    assert coverage.taught_under(coverage.Word("动量", "momentum", "9.9"), TEXT) == "9.9 Momentum"
    assert coverage.taught_under(coverage.Word("动量", "overshoots", "9.9"), TEXT) == "Why `Momentum` helps"
    assert coverage.taught_under(coverage.Word("动量", "Momentum", "9.9", "Why `Momentum` helps"), TEXT)


@pytest.mark.parametrize(
    "word",
    [
        coverage.Word("动量", "inertia", "9.9"),
        coverage.Word("动量", "overshoots", "9.9", "What it is"),
        coverage.Word("惯性", "ball", "9.9"),
    ],
)
def test_a_word_that_its_lesson_does_not_teach_is_named(word):
    assert coverage.taught_under(word, TEXT) is None
    assert f"Lesson 9.9 must teach '{word.english}'" in coverage.not_taught(word)
    assert word.chinese in coverage.not_taught(word)


def test_all_words_that_are_not_taught_are_told_at_once(monkeypatch):
    missing = [coverage.Word("惯性", "inertia", "1.1"), coverage.Word("摩擦", "friction", "1.1")]
    monkeypatch.setattr(coverage, "WORDS", {"Training": missing})
    with pytest.raises(BuildError, match=r"'inertia'.*惯性.*\n.*'friction'.*摩擦"):
        coverage.page(ROOT)


def test_the_words_on_training_are_all_taught():
    training = "模型训练 前向传播 后向传播 梯度下降 激活函数 损失函数 学习率 终止条件"
    choices = "如何选择合适的激活函数 如何选择合适的损失函数 如何选择合适的模型结构"
    assert set(f"{training} {choices}".split()) <= {word.chinese for word in TAUGHT}


def test_a_link_to_a_missing_file_or_heading_is_told(tmp_path):
    (tmp_path / "docs").mkdir()
    page = tmp_path / "docs" / "page.md"
    (tmp_path / "there.ipynb").write_text(
        '{"cells": [{"cell_type": "markdown", "source": ["## What `fit` *does*\\n", "text"]}]}', encoding="utf-8"
    )
    page.write_text(
        "[a](../there.ipynb#What-fit-does) [b](../there.ipynb#What-fit-did) [c](../gone.ipynb) [d](https://x.org/#y)\n"
        "```\n[e](in-code)\n```\n",
        encoding="utf-8",
    )
    assert anchors.broken(tmp_path, "docs/page.md") == [
        "docs/page.md: the link to ../there.ipynb#What-fit-did leads to no heading. There are: What-fit-does.",
        "docs/page.md: the link to ../gone.ipynb leads to no file.",
    ]


def test_of_two_equal_headings_the_first_is_meant_and_code_has_none():
    found = anchors.sections("# One\nfirst\n```\n# not one\n```\n## Two\n# One\nagain\n")
    assert list(found) == ["One", "Two"] and "first" in found["One"] and "again" not in found["One"]
