"""Descent on batches beside descent on all examples."""

import numpy as np
import pytest

from course_lib.widgets import NoisyDescent
from course_lib.widgets.noisy_descent import VALLEY


def last_epochs(name="chosen", **values):
    """The mean loss over the last epoch, for each of the ten orders of the examples."""
    return [NoisyDescent(order=order, **values).result[name]["last_epoch"] for order in range(1, 11)]


def test_questions_about_noisy_descent_have_their_answers():
    """Twice the batch at twice the rate comes as far, up to 8; all 24 cannot be brought so far by any rate."""
    for batch_size, rate in [(1, 0.01), (2, 0.02), (4, 0.04), (8, 0.08)]:
        values = {"batch_size": batch_size, "rate": rate}
        assert NoisyDescent(**values).result["chosen"]["last_epoch"] == pytest.approx(0.072, abs=0.0031)
        assert 0.065 < np.median(last_epochs(**values)) < 0.08
    whole = [NoisyDescent(rate=rate / 100).result["whole"]["last_epoch"] for rate in range(1, 17)]
    assert round(min(whole), 2) == 0.17 and whole[9] == min(whole)
    assert whole[11] > VALLEY(NoisyDescent().walk(4, 0.12, -0.2, 1.9, 1)[1].points[0]), "above 0.11 it climbs"
    assert min(last_epochs(batch_size=12, rate=0.12)) > 0.15
    assert NoisyDescent(batch_size=1, rate=0.08).result["chosen"]["last_epoch"] > 0.5
    assert np.median(last_epochs(batch_size=1, rate=0.08)) > 0.5


def test_noisy_descent_counts_examples_alike_for_both():
    for batch_size in (1, 5, 7, 24):
        result = NoisyDescent(batch_size=batch_size, rate=0.02).result
        assert result["chosen"]["examples"][-1] == result["whole"]["examples"][-1] == 480
        assert len(result["chosen"]["losses"]) - 1 == 20 * -(-24 // batch_size)
        for name in ("chosen", "whole"):
            np.testing.assert_allclose(VALLEY(result[name]["points"]), result[name]["losses"], atol=2e-3)
    everything = NoisyDescent(batch_size=24).result
    np.testing.assert_allclose(everything["chosen"]["points"], everything["whole"]["points"], atol=1e-4)
