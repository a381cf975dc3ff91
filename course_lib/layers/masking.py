"""Masking: steps of a sequence that do not count."""

import numpy as np

from course_lib.layers.base import Layer


class Masking(Layer):
    """A step whose features are all `mask_value` does not count: layers that follow skip it, and here it becomes 0.

    Shapes: x and y (n, steps, features). dL/dx = dL/dy where the step counts, else 0.
    """

    input_rank, example_axes = 3, "steps, features"
    carries_mask = True

    def __init__(self, mask_value=0.0, **kwargs):
        super().__init__(**kwargs)
        self.mask_value = float(mask_value)

    def forward(self, x, run):
        run.mask = mask = (x != self.mask_value).any(axis=-1)
        run.keep(self, mask)
        return np.where(mask[..., None], x, 0)

    def backward(self, dy, run):
        (mask,) = run.take(self)
        return np.where(mask[..., None], dy, 0)
