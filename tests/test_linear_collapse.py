"""Networks with an activation and without, trained on two half moons."""

import numpy as np

from course_lib import utils
from course_lib.experiments import trained_on, two_moons


def right(answers, points, labels):
    """The share of the points that lie on the right side of the line between the answers."""
    row, column = np.rint((points[:, ::-1] + 1) / 2 * (len(answers) - 1)).astype(int).T
    return np.mean((answers[row, column] > 0.5) == labels)


def test_without_activation_the_boundary_is_straight():
    points, labels = two_moons(seed=1)
    answers = trained_on(points, labels, [None, "relu"])
    assert list(answers) == ["no activation", "relu"]
    assert right(answers["relu"], points, labels) == 1
    assert right(answers["no activation"], points, labels) < 0.95
    p = answers["no activation"]
    slope = np.diff(np.log(p / (1 - p)), axis=0)
    np.testing.assert_allclose(slope, slope.mean(), rtol=1e-3)


def test_linear_collapse_leaves_the_shared_random_numbers_alone():
    utils.set_random_seed(3)
    expected = utils.generator().random(4)
    utils.set_random_seed(3)
    trained_on(*two_moons(seed=1), [None, "relu"])
    np.testing.assert_array_equal(utils.generator().random(4), expected)
