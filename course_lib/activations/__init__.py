"""Activations, with Keras's names: the bend between two layers. Each stands with its derivative right below it.

    y = activations.relu(x)
    dx = activations.relu.gradient(dy, x, y)      # dL/dx from dL/dy; x the input, y the output
    activations.get("gelu")                       # by name, as layers do

All work number by number except softmax, log_softmax, sparsemax and glu, which work along an axis. float32 and float64
stay what they are, anything else becomes float32. A gradient never writes into what it is given.
"""

from course_lib import left_out
from course_lib.activations.along_axis import glu, log_softmax, softmax, sparsemax
from course_lib.activations.base import Activation, activation, as_float
from course_lib.activations.smooth import (
    celu,
    elu,
    exponential,
    gelu,
    mish,
    selu,
    silu,
    softplus,
    sparse_plus,
    squareplus,
)
from course_lib.activations.squeezing import log_sigmoid, sigmoid, softsign, tanh, tanh_shrink
from course_lib.activations.straight import (
    hard_shrink,
    hard_sigmoid,
    hard_silu,
    hard_tanh,
    leaky_relu,
    linear,
    relu,
    relu6,
    soft_shrink,
    sparse_sigmoid,
    threshold,
)
from course_lib.utils import lookup

swish, hard_swish = silu, hard_silu

_BY_NAME = {name: value for name, value in list(globals().items()) if isinstance(value, Activation)}


def get(identifier):
    """The activation of this name; None is `linear`, and a function is taken as it is."""
    if identifier is None:
        return linear
    if isinstance(identifier, Activation):
        return identifier
    if isinstance(identifier, str):
        return lookup("activation", identifier, _BY_NAME)
    if callable(identifier):
        return identifier if hasattr(identifier, "gradient") else _without_gradient(identifier)
    raise TypeError(f"activations.get got {identifier!r}; it needs a name such as 'relu', a function, or None.")


def _without_gradient(function):
    wrapped = Activation(function)

    def gradient(dy, x, y):
        raise TypeError(
            f"The activation {wrapped.name!r} has no derivative, so it cannot be trained through. Write it as "
            f"@activations.activation, with its derivative below it as @{wrapped.name}.gradient."
        )

    wrapped.gradient = gradient
    return wrapped


__getattr__ = left_out.absent("activations")
