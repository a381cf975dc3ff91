"""The same numbers in another shape."""

import math

from course_lib.layers.base import Layer, show_shape


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

    def get_config(self):
        return {**super().get_config(), "target_shape": list(self.target_shape)}
