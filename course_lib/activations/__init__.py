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
from course_lib.registry import Registry
from course_lib.text.words import short

swish, hard_swish = silu, hard_silu

registry = Registry(
    "activations",
    "activation",
    Activation,
    [celu, elu, exponential, gelu, glu, hard_shrink, hard_sigmoid, hard_silu, hard_tanh, leaky_relu, linear]
    + [log_sigmoid, log_softmax, mish, relu, relu6, selu, sigmoid, silu, soft_shrink, softmax, softplus, softsign]
    + [sparse_plus, sparse_sigmoid, sparsemax, squareplus, tanh, tanh_shrink, threshold],
    {"swish": swish, "hard_swish": hard_swish},
)


def get(identifier):
    """The activation of this name; None is `linear`. A function becomes one: of its `gradient`, where it has that."""
    if identifier is None:
        return linear
    if isinstance(identifier, str):
        return registry[identifier]
    if isinstance(identifier, Activation):
        return identifier
    if callable(identifier) and not isinstance(identifier, type):
        return Activation(identifier).gradient(getattr(identifier, "gradient", _missing(identifier)))
    raise TypeError(f"activations.get got {short(identifier)}; it needs a name such as 'relu', a function, or None.")


def _missing(function):
    name = Activation(function).name

    def gradient(dy, x, y):
        raise TypeError(
            f"The activation {short(name)} has no derivative, so it cannot be trained through. Write it as "
            f"@activations.activation, with its derivative below it as @{name}.gradient."
        )

    return gradient


__getattr__ = left_out.absent("activations")
