"""The same numbers in another shape or order."""

import math

import numpy as np

from course_lib.layers.base import Layer, show_shape
from course_lib.text.words import short


class Flatten(Layer):
    """(n, a, b, …) → (n, a·b·…), row by row."""

    def forward(self, x, run):
        run.keep(self, x.shape)
        return x.reshape(len(x), -1)

    def backward(self, dy, run):
        (shape,) = run.take(self)
        return dy.reshape(shape)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], math.prod(input_shape[1:]))


class Reshape(Layer):
    """(n, …) → (n, *target_shape); one entry may be −1 and is worked out."""

    def __init__(self, target_shape, **kwargs):
        super().__init__(**kwargs)
        self.target_shape = tuple(target_shape)

    def forward(self, x, run):
        run.keep(self, x.shape)
        return x.reshape(self.compute_output_shape(x.shape))

    def backward(self, dy, run):
        (shape,) = run.take(self)
        return dy.reshape(shape)

    def compute_output_shape(self, input_shape):
        size, known = math.prod(input_shape[1:]), math.prod(n for n in self.target_shape if n != -1)
        free = self.target_shape.count(-1)
        if free > 1 or (size != known if free == 0 else known == 0 or size % known):
            raise ValueError(
                f"{self.label} cannot turn examples of shape {show_shape(input_shape[1:])} ({size} numbers) into "
                f"{show_shape(self.target_shape)}. The products must agree; one entry may be -1."
            )
        return (input_shape[0], *(size // known if n == -1 else n for n in self.target_shape))


class Permute(Layer):
    """The axes of each example in another order, counted from 1: `Permute((2, 1))` turns (n, a, b) into (n, b, a)."""

    def __init__(self, dims, **kwargs):
        super().__init__(**kwargs)
        self.dims = tuple(dims)
        if sorted(self.dims) != list(range(1, len(self.dims) + 1)):
            raise ValueError(f"{self.label} got dims={short(dims)}; it needs each of 1 … {len(self.dims)} once.")
        self.input_rank, self.example_axes = len(self.dims) + 1, f"{len(self.dims)} axes"

    def forward(self, x, run):
        run.keep(self)
        return x.transpose(0, *self.dims)

    def backward(self, dy, run):
        run.take(self)
        return dy.transpose(0, *(1 + np.argsort(self.dims)))

    def compute_output_shape(self, input_shape):
        return (input_shape[0], *(input_shape[axis] for axis in self.dims))


class RepeatVector(Layer):
    """(n, features) → (n, times, features): each row `n` times over. dL/dx = the sum over the times."""

    input_rank, example_axes = 2, "features"

    def __init__(self, n, **kwargs):
        super().__init__(**kwargs)
        if not isinstance(n, (int, np.integer)) or n < 1:
            raise ValueError(f"{self.label} got n={short(n)}; it needs a whole number of times, 1 or more.")
        self.n = int(n)

    def forward(self, x, run):
        run.keep(self)
        return np.repeat(x[:, None], self.n, axis=1)

    def backward(self, dy, run):
        run.take(self)
        return dy.sum(axis=1)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.n, input_shape[1])
