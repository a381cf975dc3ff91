"""Descent on a surface: its map, its path, and why it ends."""

import functools

import numpy as np
import pytest
from claims import says

from course_lib.widgets import GradientDescent
from course_lib.widgets.gradient_descent import SURFACES


def on_the_map(corners, bounds):
    """Those corners of a region that do not lie on the edge of the map."""
    left, right, bottom, top = bounds
    a, b = np.array(corners).T
    edge = 0.005
    return np.array(corners)[(a > left + edge) & (a < right - edge) & (b > bottom + edge) & (b < top - edge)]


@pytest.mark.parametrize("surface", SURFACES)
def test_regions_of_a_landscape_end_at_the_height_that_they_claim(surface):
    page = GradientDescent().page["surfaces"][surface]
    for level, polygons in page["regions"]:
        for corners in polygons:
            np.testing.assert_allclose(SURFACES[surface](on_the_map(corners, page["bounds"])), level, rtol=0.05)
    for level, point in page["labels"]:
        assert SURFACES[surface](point) == pytest.approx(level, rel=0.02)


@functools.cache
def one_descent():
    return GradientDescent()


def ended(**values):
    widget = one_descent()
    result = widget.compute(**{**widget.values, **values})
    return result["ended"], len(result["points"]) - 1, round(result["losses"][-1], 3)


def test_questions_about_gradient_descent_have_their_answers():
    """On the line 0.11 is the last rate to arrive; on the chain every start with b = −a ends on the saddle."""
    for rate in np.arange(0.005, 0.6, 0.005).round(3):
        reason, _, _ = ended(rate=rate)
        assert reason == ("budget spent" if rate < 0.035 else "arrived" if rate <= 0.11 else "diverged"), rate
    assert ended(rate=0.11)[1] == 162 and ended(rate=0.105)[1] == 97, "the largest is not the soonest"
    chain = {"surface": "two weights in a row", "rate": 0.05}
    for a in np.arange(-2, 2.2, 0.2).round(1):
        for b in np.arange(-2, 2.2, 0.2).round(1):
            reason, _, loss = ended(a=a, b=b, **chain)
            assert reason == "arrived" and loss == (1 if a == -b else 0), (a, b)


def test_gradient_descent_says_why_it_ended():
    assert says(GradientDescent().result["why"], "Arrived", "206 steps", "0.0099")
    assert ended(budget=200)[0] == "budget spent" and ended(patience=30)[1] == 206 + 29
    diverged = GradientDescent(rate=0.12).result
    assert says(diverged["why"], "Diverged", "58 steps", "10,000")
    assert says(GradientDescent(tolerance=0.1, patience=3).result["why"], "last 3", "0.1")


def test_gradient_descent_shows_the_gradients_of_its_points():
    for surface in SURFACES:
        result = GradientDescent(surface=surface).result
        lengths = np.linalg.norm(SURFACES[surface].gradient(result["points"]), axis=1)
        np.testing.assert_allclose(result["lengths"], lengths, atol=2e-3)
        np.testing.assert_allclose(result["losses"], SURFACES[surface](result["points"]), atol=2e-3)
