"""A confusion matrix whose cells open: the texts and words behind each number."""

import itertools

import numpy as np
import pytest
from widget_samples import WordScores, dense_word_scores

from course_lib import Sequential, data, layers, utils
from course_lib.widgets import ConfusionExplorer


@pytest.fixture(scope="module")
def lesson_1_5():
    """The classifier of lesson 1.5, trained as there."""
    (x, y), _ = data.load_text()
    utils.set_random_seed(2)
    hidden = [layers.Dense(units, activation="relu") for units in (64, 32)]
    model = Sequential([layers.Input(shape=(1000,)), *hidden, layers.Dense(10, activation="softmax")])
    model.compile("adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=10, validation_split=0.2, verbose=0)
    return model


def test_question_about_confusion_has_its_answer(lesson_1_5):
    """Six science texts are taken for sound; "pure" does most of the harm, in three of them, all of Pure Blends."""
    widget = ConfusionExplorer(lesson_1_5, actual="science", answered="sound")
    result = widget.result
    assert (result["count"], result["words"][0], result["in_texts"][0]) == (6, "pure", 3)
    assert result["pushes"][0] > 4 * result["pushes"][1]
    rows = np.flatnonzero((widget.y == 7) & (widget.predicted == 8))
    about = [widget.texts[row].text for row in rows if widget.x[row, widget.vocabulary.index("pure")]]
    assert len(about) == 3 and all("Pure Blend" in " ".join(text.split()) for text in about)
    assert result["texts"][0]["package"] == "debian-astro-logo" and round(result["texts"][0]["probability"], 2) == 0.98
    shown = ConfusionExplorer(lesson_1_5).result
    assert (shown["count"], shown["words"][0], shown["in_texts"][0]) == (8, "python", 5)


def test_confusion_explorer_opens_every_cell():
    widget = ConfusionExplorer(dense_word_scores())
    counts = 0
    for actual, answered in itertools.product(data.text.CLASS_NAMES, repeat=2):
        result = widget.compute(actual, answered)
        counts += result["count"]
        sure = [text["probability"] for text in result["texts"]]
        assert sure == sorted(sure, reverse=True) and len(sure) == min(3, result["count"])
        assert len(sure) + len(result["others"]) == min(15, result["count"])
        for text in result["texts"]:
            assert text["rival"] == actual if actual != answered else text["rival"] != actual
            assert text["rival_probability"] <= text["probability"]
    assert counts == 1000


def test_pushes_of_a_linear_model_are_weight_times_count():
    model, scores = dense_word_scores(), WordScores()
    text = ConfusionExplorer(model, actual="games", answered="net").result["texts"][0]
    columns = [data.text_info().vocabulary.index(word) for word in text["words"]]
    row = next(row for row, found in enumerate(data.text_examples("test")) if found.package == text["package"])
    x = data.load_text()[1][0][row, columns]
    np.testing.assert_allclose(text["pushes"], x * (scores.kernel[columns, 5] - scores.kernel[columns, 1]), rtol=1e-4)
