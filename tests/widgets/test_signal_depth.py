"""Signal and gradient in a deep stack: at which gains they survive."""

import numpy as np
import pytest
from claims import says

from course_lib.widgets import SignalDepth


def survivors(activation, factor=3):
    """The gains on the slider at which both signal and gradient stay within this factor over 20 layers."""
    widget, kept = SignalDepth(), []
    for gain in np.arange(4, 61) / 20:
        result = widget.compute(activation, gain, 20)
        ends = np.array([result["signal"][-1], result["gradient"][0]])
        if (abs(np.log(ends)) < np.log(factor)).all():
            kept.append(float(gain))
    return kept


def test_questions_about_the_depth_have_their_answers():
    """relu keeps its size at √2 and is off by 3 a notch or two away; sigmoid's gradient is lost; tanh forgives."""
    assert survivors("relu") == [1.35, 1.4, 1.45] and survivors("relu", 1.4) == [1.4]
    assert survivors("tanh") == [round(1.15 + 0.05 * k, 2) for k in range(8)]
    largest = max(SignalDepth().compute("sigmoid", gain, 20)["gradient"][0] for gain in np.arange(4, 61) / 20)
    assert largest == pytest.approx(3.07e-6, rel=0.01)


def test_depth_says_what_is_left_and_what_that_is_a_layer():
    said = SignalDepth().result["said"]
    signal, gradient = said
    assert says(signal, "signal", "20", "9.7·10⁻⁴", "0.71") and says(gradient, "gradient", "1·10⁻³", "0.71")
