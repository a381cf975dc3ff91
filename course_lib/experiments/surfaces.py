"""Functions of two variables to descend on, each with its gradient right below it.

    surface = Rosenbrock()
    surface((0.0, 2.0))                  # a number; points of shape (…, 2) give values of shape (…)
    surface.gradient((0.0, 2.0))         # the same shape as the points
    surface.start, surface.minimum, surface.bounds, surface.learning_rate

`bounds` is (left, right, bottom, top) of a picture that shows start and minimum, `learning_rate` one at which gradient
descent comes close to the minimum without jumping about. Bowl, Chain and Valley also have the `curvature` at their
minimum: the matrix of second derivatives.
"""

import numpy as np


class Surface:
    """Base class. A subclass writes `value(a, b)` and `slope(a, b) -> (d/da, d/db)` for arrays of any equal shape."""

    start = minimum = bounds = learning_rate = None

    def __call__(self, point):
        """The height at a point (2,), or at many points (…, 2)."""
        return self.value(*_coordinates(self, point))

    def gradient(self, point):
        """The gradient at a point, or at many; same shape as the points."""
        return np.stack(self.slope(*_coordinates(self, point)), axis=-1)

    def value(self, a, b):
        raise NotImplementedError(f"{type(self).__name__} has no value(a, b).")

    def slope(self, a, b):
        raise NotImplementedError(f"{type(self).__name__} has no slope(a, b).")


class Bowl(Surface):
    """f(a, b) = ½ (a² + condition · b²): round for condition 1, else a trough along a.

    Gradient descent converges where η < 2 / condition; there it jumps from wall to wall of the trough while it creeps
    along it.
    """

    start, minimum, bounds = (-4.0, 2.0), (0.0, 0.0), (-5.0, 5.0, -3.0, 3.0)

    def __init__(self, condition=10.0):
        if not condition >= 1:
            raise ValueError(f"Bowl got condition={condition!r}; it is how much steeper b is than a: 1 or more.")
        self.condition, self.learning_rate = float(condition), 1 / float(condition)
        self.curvature = np.diag([1.0, self.condition])

    def value(self, a, b):
        return 0.5 * (a**2 + self.condition * b**2)

    def slope(self, a, b):
        return a, self.condition * b


class Rosenbrock(Surface):
    """f(a, b) = (1 − a)² + 100 (b − a²)²: a valley bent like a banana, easy to enter and slow to walk along.

    Source: Rosenbrock, 1960, An automatic method for finding the greatest or least value of a function.
    """

    start, minimum, bounds, learning_rate = (-1.2, 1.0), (1.0, 1.0), (-2.0, 2.0, -1.0, 3.0), 0.001

    def value(self, a, b):
        return (1 - a) ** 2 + 100 * (b - a**2) ** 2

    def slope(self, a, b):
        off = b - a**2
        return -2 * (1 - a) - 400 * a * off, 200 * off


class Beale(Surface):
    """f(a, b) = (1.5 − a + ab)² + (2.25 − a + ab²)² + (2.625 − a + ab³)²: a plain with steep corners.

    Source: Beale, 1958, On an iterative method for finding a local minimum of a function of more than one variable.
    """

    start, minimum, bounds, learning_rate = (1.0, 1.5), (3.0, 0.5), (-0.5, 4.5, -1.0, 2.0), 0.01

    def value(self, a, b):
        return (1.5 - a + a * b) ** 2 + (2.25 - a + a * b**2) ** 2 + (2.625 - a + a * b**3) ** 2

    def slope(self, a, b):
        e1, e2, e3 = 1.5 - a + a * b, 2.25 - a + a * b**2, 2.625 - a + a * b**3
        da = 2 * (e1 * (b - 1) + e2 * (b**2 - 1) + e3 * (b**3 - 1))
        db = 2 * a * (e1 + e2 * 2 * b + e3 * 3 * b**2)
        return da, db


class Chain(Surface):
    """f(a, b) = (a b − 1)²: the squared error of the smallest deep network, two weights in a row, y = b · (a · x).

    Its one example is x = 1, y = 1. Wherever a b = 1 the loss is 0: two curves of minima, both weights positive or both
    negative, and between them a saddle at (0, 0), where the gradient is 0 and the loss is 1. Across a minimum the
    surface is curved by 2 (a² + b²), so a rate may be too large for one of them and not for another.
    """

    start, minimum, bounds, learning_rate = (0.2, 0.2), (1.0, 1.0), (-2.0, 2.0, -2.0, 2.0), 0.1
    curvature = np.array([[2.0, 2.0], [2.0, 2.0]])  # at `minimum`

    def value(self, a, b):
        return (a * b - 1) ** 2

    def slope(self, a, b):
        return 2 * (a * b - 1) * b, 2 * (a * b - 1) * a


# 24 texts of the course's data set (every seventh of the training texts): how many words of the vocabulary each holds,
# and how many different ones.
WORDS = (12, 18, 12, 20, 47, 25, 31, 25, 46, 17, 62, 52, 9, 18, 12, 17, 22, 31, 22, 25, 30, 17, 13, 19)
DIFFERENT_WORDS = (10, 13, 10, 16, 29, 18, 24, 16, 37, 16, 39, 31, 7, 14, 10, 14, 19, 27, 14, 16, 23, 13, 12, 14)


class Valley(Surface):
    """The mean squared error of a line through data, over its slope and its intercept: one surface for each data set.

        f(slope, intercept) = mean over i of (slope · xᵢ + intercept − yᵢ)²

    Without data: different words against words of 24 real texts, both in tens. Each example alone has a valley of its
    own, with its bottom elsewhere; `gradient_on` looks at a few of them, and that is the noise of stochastic gradient
    descent.
    """

    def __init__(self, x=None, y=None):
        given = x is not None
        self.x = np.asarray(x, float) if given else np.array(WORDS) / 10
        self.y = np.asarray(y, float) if given else np.array(DIFFERENT_WORDS) / 10
        if self.x.shape != self.y.shape or self.x.ndim != 1:
            raise ValueError(
                f"Valley got x of shape {self.x.shape} and y of shape {self.y.shape}; give one number a row."
            )
        columns = np.stack([self.x, np.ones_like(self.x)], axis=1)
        self.minimum = tuple(np.linalg.lstsq(columns, self.y, rcond=None)[0].tolist())
        self.curvature = 2 * columns.T @ columns / len(columns)  # the same everywhere: f is quadratic
        self.learning_rate = float(1 / np.linalg.eigvalsh(self.curvature)[-1])
        slope, intercept = self.minimum
        self.start = (slope - 0.8, intercept + 1.6)
        self.bounds = (slope - 1.0, slope + 1.0, intercept - 2.0, intercept + 2.0)

    def value(self, a, b):
        return np.mean((a[..., None] * self.x + b[..., None] - self.y) ** 2, axis=-1)

    def slope(self, a, b):
        error = a[..., None] * self.x + b[..., None] - self.y
        return 2 * np.mean(error * self.x, axis=-1), 2 * np.mean(error, axis=-1)

    @staticmethod
    def gradient_on(point, x, y):
        """The gradient at a point, over these examples alone: x and y of shape (n,)."""
        error = point[0] * x + point[1] - y
        return np.array([2 * np.mean(error * x), 2 * np.mean(error)])


def _coordinates(surface, point):
    point = np.asarray(point, float)
    if point.shape[-1:] != (2,):
        raise ValueError(
            f"{type(surface).__name__} got points of shape {point.shape}; it takes (2,), or (…, 2) for many."
        )
    return point[..., 0], point[..., 1]
