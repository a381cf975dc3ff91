"""Activations as layers of their own."""

import numpy as np

from course_lib import activations
from course_lib.layers.base import Layer


class Activation(Layer):
    """y = f(x), element by element (softmax: along the last axis). dL/dx = dL/dy · f′(x)."""

    def __init__(self, activation, **kwargs):
        super().__init__(**kwargs)
        self.activation = activations.get(activation)

    def forward(self, x, run):
        y = self.activation(x)
        run.keep(self, x, y)
        return y

    def backward(self, dy, run):
        x, y = run.take(self)
        return self.activation.gradient(dy, x, y)

    def backward_from_logits(self, dz, run):
        run.take(self)
        return dz

    def logits(self, run):
        """What the activation was applied to in the last forward of this pass."""
        x, y = run.kept(self)
        return x

    def compute_output_shape(self, input_shape):
        probe = self.activation(np.zeros([n or 1 for n in input_shape], self.dtype))  # glu halves the last axis
        return (input_shape[0], *probe.shape[1:])

    def get_config(self):
        return {**super().get_config(), "activation": self.activation}
