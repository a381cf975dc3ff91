"""Softmax under a temperature: which temperature serves which class."""

import numpy as np
import pytest
from widget_samples import NAMES, SCORES

from course_lib import activations, losses
from course_lib.widgets import SoftmaxDial


def best_temperature(right, scores=SCORES, names=NAMES):
    """The temperature on the slider at which the loss of this class is smallest, and that loss."""
    widget = SoftmaxDial(scores, names, right)
    slider = widget.controls[0]
    temperatures = np.round(np.arange(slider.min, slider.max + slider.step / 2, slider.step), 1)
    losses = [widget.compute(temperature, right)["loss"] for temperature in temperatures]
    return temperatures[np.argmin(losses)], min(losses)


def test_questions_about_the_softmax_dial_have_their_answers():
    """Best for the winner is cold, for one below the mean warm, for one between somewhere between; none wins by it."""
    coldest, loss = best_temperature("python")
    assert coldest == 0.1 and loss == pytest.approx(0, abs=1e-9)
    for below_the_mean in ("text", "net", "fonts"):
        warmest, loss = best_temperature(below_the_mean)
        assert warmest == 15 and loss > np.log(len(NAMES))
    between, loss = best_temperature("games")
    assert 1 < between < 15 and loss < np.log(len(NAMES))
    for temperature in (0.1, 0.7, 1, 5, 15):
        p = SoftmaxDial(SCORES, NAMES, "games").compute(temperature, "games")["probabilities"]
        assert p.sum() == pytest.approx(1)
        np.testing.assert_array_equal(np.argsort(p, kind="stable"), np.argsort(SCORES, kind="stable"))


def test_the_dial_at_1_is_the_loss_of_the_classifier():
    for k, name in enumerate(NAMES):
        result = SoftmaxDial(SCORES, NAMES, name).compute(1, name)
        np.testing.assert_allclose(result["probabilities"], activations.softmax(np.array(SCORES)), rtol=1e-12)
        expected = losses.SparseCategoricalCrossentropy(from_logits=True)([k], np.array([SCORES]))
        assert result["loss"] == pytest.approx(expected, rel=1e-12)


def test_a_dial_takes_the_scores_of_one_example():
    with pytest.raises(ValueError, match="one for each class"):
        SoftmaxDial([[1.0, 2.0]], ("a", "b"), "a")
    with pytest.raises(ValueError, match="right='c'; it takes one of a, b"):
        SoftmaxDial([1.0, 2.0], ("a", "b"), "c")
