"""A path around a layer."""

from course_lib.layers.base import Layer, show_shape
from course_lib.text.words import short


class Residual(Layer):
    """y = x + layer(x): the layer learns a correction, and the gradient has a way around it.

    dL/dx = dL/dy + (the layer's own dL/dx): where a path forks, gradients add. `layer` is any layer whose output
    has its input's shape, for instance a `Sequential`. Source: He et al., 2016, Deep residual learning.
    """

    carries_mask = True

    def __init__(self, layer, **kwargs):
        super().__init__(**kwargs)
        if not isinstance(layer, Layer):
            raise TypeError(f"{self.label} got layer={short(layer)}; it takes a layer, such as layers.Dense(10).")
        self.layer = layer

    def build(self, input_shape):
        self.layer.ensure_built(input_shape)
        output_shape = self.layer.compute_output_shape(input_shape)
        if tuple(output_shape[1:]) != tuple(input_shape[1:]):
            raise ValueError(
                f"{self.label} adds its input to the output of {self.layer.label}: both must have one shape, but "
                f"{show_shape(input_shape[1:])} became {show_shape(output_shape[1:])}. Give the inner layer "
                f"{input_shape[-1]} outputs."
            )

    def forward(self, x, run):
        return x + self.layer.forward(x, run)

    def backward(self, dy, run):
        return dy + run.backward(self.layer, dy)
