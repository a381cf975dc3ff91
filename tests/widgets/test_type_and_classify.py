"""A classifier to type into: what each word does for the answer."""

import numpy as np
import pytest
from widget_samples import WordScores

from course_lib import data
from course_lib.widgets import TypeAndClassify


def test_push_of_a_word_is_what_is_lost_without_it():
    model = WordScores()
    widget = TypeAndClassify(model)
    result = widget.compute("a puzzle game, a GAME with music and xyzzy")
    assert set(result["words"]) == {"puzzle", "game", "music"}
    assert dict(zip(result["words"], result["counts"]))["game"] == 2
    vocabulary = data.text_info().vocabulary
    best = result["probabilities"].argmax()
    for word, push, without in zip(result["words"], result["pushes"], result["without"]):
        row = data.vectorize(["a puzzle game, a GAME with music"])
        full = model.predict(row)[0, best]
        row[0, vocabulary.index(word)] = 0
        p = model.predict(row)[0, best]
        assert without == pytest.approx(p)
        assert push == pytest.approx(np.log(full / (1 - full)) - np.log(p / (1 - p)))


def test_all_words_are_left_out_in_one_call():
    model = WordScores()
    widget = TypeAndClassify(model)
    model.calls = 0
    widget.compute("a puzzle game with music and levels for several players")
    assert model.calls == 1


def test_text_without_known_words_is_answered_from_the_biases():
    widget = TypeAndClassify(WordScores(), text="xyzzy")
    assert widget.result["words"] == []
    assert widget.result["description"].startswith("No word that the model knows. From its biases alone it answers")


def test_a_very_sure_model_gives_no_infinite_push():
    model = WordScores()
    model.kernel *= 1000
    assert np.isfinite(TypeAndClassify(model).result["pushes"]).all()


def test_other_vocabulary_and_classes_can_be_given():
    widget = TypeAndClassify(
        WordScores(2, 3),
        vectorize=lambda texts: np.array([[text.count("red"), text.count("blue")] for text in texts], dtype="float32"),
        vocabulary=["red", "blue"],
        class_names=["warm", "cold", "neither"],
        text="red red blue",
    )
    assert dict(zip(widget.result["words"], widget.result["counts"])) == {"red": 2, "blue": 1}
    assert len(widget.result["probabilities"]) == 3
