"""Surfaces to descend on, for the tests of descent, of curvature and of the surfaces themselves."""

import pytest

from course_lib.experiments import surfaces

SURFACES = [
    surfaces.Bowl(),
    surfaces.Bowl(3),
    surfaces.Rosenbrock(),
    surfaces.Beale(),
    surfaces.Chain(),
    surfaces.Valley(),
    surfaces.Valley([0.0, 1.0, 3.0], [1.0, 0.0, 2.0]),
]
SURFACE_NAMES = ["bowl", "bowl 3", "rosenbrock", "beale", "chain", "valley", "valley of 3"]
on_each_surface = pytest.mark.parametrize("surface", SURFACES, ids=SURFACE_NAMES)
