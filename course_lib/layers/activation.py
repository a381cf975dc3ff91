"""Activations as layers of their own."""

import numpy as np

from course_lib import activations
from course_lib.layers.base import Layer, show_shape
from course_lib.text.words import short


class ActivationLayer(Layer):
    """What the layers here share: y = f(x), number by number (softmax: along the last axis).

    Backward: dL/dx = dL/dy · f′(x). `settings` are the arguments that f takes besides x.
    """

    carries_mask = True

    @property
    def settings(self):
        return {}

    def forward(self, x, run):
        y = self.activation(x, **self.settings)
        run.keep(self, x, y)
        return y

    def backward(self, dy, run):
        x, y = run.take(self)
        return self.activation.gradient(dy, x, y, **self.settings)

    def backward_from_logits(self, dz, run):
        run.take(self)
        return dz

    def logits(self, run):
        """What the activation was applied to in the last forward of this pass."""
        x, y = run.kept(self)
        return x

    def _require_slopes(self, **slopes):
        """Each is a number, 0 or more."""
        for name, value in slopes.items():
            if not isinstance(value, (int, float, np.number)) or not value >= 0:
                raise ValueError(f"{self.label} got {name}={short(value)}; it needs a number, 0 or more.")


class Activation(ActivationLayer):
    """y = f(x) for any activation: a name, a function of `course_lib.activations`, or None."""

    def __init__(self, activation, **kwargs):
        super().__init__(**kwargs)
        self.activation = activations.get(activation)

    def compute_output_shape(self, input_shape):
        if self.activation is activations.glu and not (input_shape[-1] or 0) % 2:
            return (*input_shape[:-1], input_shape[-1] and input_shape[-1] // 2)
        if self.activation in activations.registry and self.activation is not activations.glu:
            return tuple(input_shape)
        probe = self.activation(np.zeros([n or 1 for n in input_shape], self.dtype))  # a function of your own is tried
        return (input_shape[0], *probe.shape[1:])


class ReLU(ActivationLayer):
    """y = max(x, 0); in general x above `threshold`, cut at `max_value`, and below it negative_slope · (x − threshold).

    Source: Nair and Hinton, 2010, Rectified linear units improve restricted Boltzmann machines.
    """

    activation = activations.relu

    def __init__(self, max_value=None, negative_slope=0.0, threshold=0.0, **kwargs):
        super().__init__(**kwargs)
        self._require_slopes(max_value=max_value or 0, negative_slope=negative_slope, threshold=threshold)
        self.max_value, self.negative_slope, self.threshold = max_value, negative_slope, threshold

    @property
    def settings(self):
        return {"max_value": self.max_value, "negative_slope": self.negative_slope, "threshold": self.threshold}


class LeakyReLU(ActivationLayer):
    """y = x where x > 0, else negative_slope · x. (The function `leaky_relu` starts from another slope, 0.2.)

    Before Keras 3 the slope was called `alpha`, and may be here. Source: Maas, Hannun and Ng, 2013.
    """

    activation = activations.leaky_relu

    def __init__(self, negative_slope=0.3, **kwargs):
        negative_slope = kwargs.pop("alpha", negative_slope)
        super().__init__(**kwargs)
        self._require_slopes(negative_slope=negative_slope)
        self.negative_slope = negative_slope

    @property
    def settings(self):
        return {"negative_slope": self.negative_slope}


class ELU(ActivationLayer):
    """y = x where x > 0, else alpha (e^x − 1). Source: Clevert, Unterthiner and Hochreiter, 2016."""

    activation = activations.elu

    def __init__(self, alpha=1.0, **kwargs):
        super().__init__(**kwargs)
        self.alpha = alpha

    @property
    def settings(self):
        return {"alpha": self.alpha}


class Softmax(ActivationLayer):
    """yᵢ = e^xᵢ / Σⱼ e^xⱼ along the last axis. Under its cross-entropy it is one with the loss, as in a Dense.

    Errors: an `axis` that is not the last. Source: Bridle, 1990.
    """

    activation = activations.softmax

    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)
        self.axis = axis

    def build(self, input_shape):
        if self.axis not in (-1, len(input_shape) - 1):
            raise ValueError(
                f"{self.label} got axis={short(self.axis)} for input of shape {show_shape(input_shape)}; "
                f"it works along the "
                f"last axis, -1. Put a Permute before it and one behind."
            )
