"""The small network whose numbers stand on it: every product and sum, and the question of its lesson."""

import itertools

import numpy as np
import pytest

from course_lib import Sequential, layers
from course_lib.widgets import ForwardPass
from course_lib.widgets.forward_pass import BIAS_1, BIAS_2, KERNEL_1, KERNEL_2


def test_forward_pass_answers_at_every_corner():
    widget = ForwardPass()
    for corner in itertools.product(*(control.ends for control in widget.controls)):
        result = widget.compute(**dict(zip(("game", "library", "level", "activation"), corner)))
        assert np.isfinite(result["probabilities"]).all()
        assert result["probabilities"].sum() == pytest.approx(1)


def test_forward_pass_equals_a_sequential_with_the_same_weights():
    model = Sequential(
        [
            layers.Dense(4, "relu", weights=[KERNEL_1, BIAS_1], dtype="float64"),
            layers.Dense(2, "softmax", weights=[KERNEL_2, BIAS_2], dtype="float64"),
        ]
    )
    for x in ([2.0, 0.0, 1.0], [0.0, 3.0, 0.0], [4.0, 4.0, 4.0]):
        result = ForwardPass().compute(*x, "relu")
        np.testing.assert_allclose(result["probabilities"], model.predict(np.array([x]), verbose=0)[0], rtol=1e-12)


def test_products_on_the_lines_add_up_to_the_sums_on_the_neurons():
    result = ForwardPass().compute(1.5, 2.5, 3.5, "gelu")
    for products, bias, sums in zip(result["products"], (BIAS_1, BIAS_2), result["sums"]):
        np.testing.assert_allclose(products.sum(axis=0) + bias, sums, rtol=1e-12)


def test_question_of_the_lesson_has_an_answer():
    """With only the library neuron awake, game and level can be moved and the answer stays."""
    answers = [
        ForwardPass().compute(game, 4, level, "relu") for game, level in [(0, 0), (1, 0), (3, 0), (0, 1), (0, 2)]
    ]
    for result in answers:
        assert np.count_nonzero(result["values"][1]) == 1
        np.testing.assert_array_equal(result["probabilities"], answers[0]["probabilities"])
    tanh = [ForwardPass().compute(game, 4, 0, "tanh")["probabilities"][0] for game in (0, 2)]
    assert tanh[0] != tanh[1]
