"""Rescaling: numbers brought into a range, inside the model."""

from course_lib.layers.base import Layer


class Rescaling(Layer):
    """y = x · scale + offset: `Rescaling(1 / 255)` brings bytes to 0 … 1. dL/dx = dL/dy · scale."""

    carries_mask = True

    def __init__(self, scale, offset=0.0, **kwargs):
        super().__init__(**kwargs)
        self.scale, self.offset = float(scale), float(offset)

    def forward(self, x, run):
        run.keep(self)
        return x * self.scale + self.offset

    def backward(self, dy, run):
        run.take(self)
        return dy * self.scale
