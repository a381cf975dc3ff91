"""Surfaces to descend on: gradients by finite differences, minima, and the values of their sources."""

import numpy as np
import pytest
from sample_surfaces import on_each_surface

from course_lib.data import load_text
from course_lib.experiments import surfaces
from course_lib.experiments.descent import Stop, descend


@on_each_surface
def test_gradients_equal_finite_differences(surface):
    left, right, bottom, top = surface.bounds
    points = np.random.default_rng(0).uniform((left, bottom), (right, top), (50, 2))
    h = 1e-5
    numerical = [(surface(points + h * side) - surface(points - h * side)) / (2 * h) for side in np.eye(2)]
    np.testing.assert_allclose(surface.gradient(points), np.stack(numerical, -1), rtol=1e-6, atol=1e-6)


@on_each_surface
def test_the_gradient_vanishes_at_the_minimum_and_no_point_of_the_picture_is_lower(surface):
    left, right, bottom, top = surface.bounds
    np.testing.assert_allclose(surface.gradient(surface.minimum), 0, atol=1e-12)
    grid = np.stack(np.meshgrid(np.linspace(left, right, 41), np.linspace(bottom, top, 41)), axis=-1)
    heights = surface(grid)
    assert heights.shape == (41, 41) and surface.gradient(grid).shape == (41, 41, 2)
    assert heights.min() >= surface(surface.minimum) * (1 - 1e-12)  # both are rounded
    for point in (surface.start, surface.minimum):
        assert left < point[0] < right and bottom < point[1] < top


@on_each_surface
def test_descent_arrives_from_the_start_at_the_surface_s_own_rate(surface):
    path = descend(surface.gradient, surface.start, surface.learning_rate, Stop(1e-4, budget=30_000))
    assert path.ended == "arrived"
    np.testing.assert_allclose(path.end, surface.minimum, atol=1e-3)


def test_surfaces_have_the_values_of_their_sources():
    assert surfaces.Rosenbrock()((-1.2, 1.0)) == pytest.approx(24.2)
    assert surfaces.Beale()((1.0, 1.0)) == pytest.approx(1.5**2 + 2.25**2 + 2.625**2)
    assert surfaces.Bowl(4)((2.0, 1.0)) == 4.0


def test_the_valley_s_data_are_those_of_the_shipped_texts():
    (x, _), _ = load_text()
    chosen = x[::7][:24]
    assert surfaces.WORDS == tuple(chosen.sum(1).astype(int))
    assert surfaces.DIFFERENT_WORDS == tuple((chosen > 0).sum(1))


def test_the_valley_s_gradient_is_the_mean_of_its_examples_gradients():
    valley = surfaces.Valley()
    point = np.array([0.2, 1.0])
    one_by_one = [valley.gradient_on(point, valley.x[i : i + 1], valley.y[i : i + 1]) for i in range(24)]
    np.testing.assert_allclose(np.mean(one_by_one, axis=0), valley.gradient(point))
    np.testing.assert_allclose(valley.gradient_on(point, valley.x, valley.y), valley.gradient(point))
    assert np.std(one_by_one, axis=0).min() > 0.5  # and they do not agree


def test_the_valley_s_curvature_is_the_slope_of_its_gradient():
    valley = surfaces.Valley()
    at = lambda a, b: valley.gradient(np.add(valley.minimum, (a, b)))  # noqa: E731
    np.testing.assert_allclose(np.stack([at(1, 0), at(0, 1)]), valley.curvature)


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: surfaces.Bowl()((1.0, 2.0, 3.0)), r"Bowl got points of shape \(3,\)"),
        (lambda: surfaces.Bowl(0.5), "condition=0.5"),
        (lambda: surfaces.Valley([1.0, 2.0], [1.0]), r"x of shape \(2,\) and y of shape \(1,\)"),
    ],
)
def test_surfaces_name_wrong_arguments(make, message):
    with pytest.raises(ValueError, match=message):
        make()
