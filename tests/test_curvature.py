"""The largest curvature: of surfaces, of a model, and where descent tips over."""

import numpy as np
import pytest

from course_lib import Sequential, layers, utils
from course_lib.experiments import surfaces
from course_lib.experiments.curvature import largest_curvature
from course_lib.experiments.descent import Stop, descend


@pytest.mark.parametrize("surface", [surfaces.Bowl(7), surfaces.Chain(), surfaces.Valley()])
def test_the_curvature_is_the_change_of_the_gradient(surface):
    h = 1e-5
    change = [
        (surface.gradient(surface.minimum + h * s) - surface.gradient(surface.minimum - h * s)) for s in np.eye(2)
    ]
    np.testing.assert_allclose(surface.curvature, np.array(change) / (2 * h), atol=1e-6)
    largest, way = largest_curvature(surface.gradient, surface.minimum, reach=1e-4)
    values, ways = np.linalg.eigh(surface.curvature)
    assert largest == pytest.approx(values[-1], rel=1e-6)
    assert abs(way @ ways[:, -1]) == pytest.approx(np.linalg.norm(way))


def test_a_chain_of_two_weights_is_curved_differently_at_each_of_its_minima():
    chain = surfaces.Chain()
    for a in (1.0, 2.0, -0.5):
        assert largest_curvature(chain.gradient, np.array([a, 1 / a]), reach=1e-4)[0] == pytest.approx(
            2 * (a**2 + 1 / a**2), rel=1e-6
        )


def test_the_largest_curvature_of_a_model_is_that_of_its_matrix_of_second_derivatives():
    utils.set_random_seed(2)
    model = Sequential([layers.Dense(3, "tanh", input_shape=(4,), dtype="float64"), layers.Dense(2, dtype="float64")])
    model.compile("sgd", "mse")
    rows, answers = np.random.default_rng(0).normal(size=(20, 4)), np.random.default_rng(1).normal(size=(20, 2))

    def gradient(w):
        model.flat_parameters[...] = w
        model.loss_and_gradient(rows, answers)
        return model.flat_gradients.copy()

    w, h = model.flat_parameters.copy(), 1e-5
    hessian = np.array([(gradient(w + h * s) - gradient(w - h * s)) / (2 * h) for s in np.eye(w.size)])
    found, way = largest_curvature(gradient, w, rounds=100, reach=1e-4)
    assert found == pytest.approx(np.linalg.eigvalsh(hessian)[-1], rel=1e-4)
    assert largest_curvature(gradient, w, way, rounds=1, reach=1e-4)[0] == pytest.approx(found, rel=1e-6)


def test_descent_tips_over_at_two_over_the_largest_curvature():
    for surface in (surfaces.Bowl(7), surfaces.Valley()):
        tip = 2 / np.linalg.eigvalsh(surface.curvature)[-1]
        ends = [descend(surface.gradient, surface.start, f * tip, Stop(budget=20_000)).ended for f in (0.99, 1.01)]
        assert ends == ["arrived", "diverged"]


def test_the_saddle_of_the_chain_keeps_whoever_comes_straight():
    chain = surfaces.Chain()
    assert descend(chain.gradient, (0.0, 0.0), 0.1).steps == 0
    path = descend(chain.gradient, (1.0, -1.0), 0.1)
    assert path.ended == "arrived" and chain(path.end) == pytest.approx(1)
    assert chain(descend(chain.gradient, (1.0, -1.001), 0.1).end) == pytest.approx(0, abs=1e-9)
