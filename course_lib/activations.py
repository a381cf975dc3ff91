"""Activations, with Keras's names: the bend between two layers. Each stands with its derivative right below it.

    y = activations.relu(x)
    dx = activations.relu.gradient(dy, x, y)      # dL/dx from dL/dy; x the input, y the output
    activations.get("gelu")                       # by name, as layers do

All work number by number except softmax, log_softmax, sparsemax and glu, which work along an axis. float32 and float64
stay what they are, anything else becomes float32. A gradient never writes into what it is given.
"""

import numpy as np

from course_lib.special import erf
from course_lib.utils import lookup


class Activation:
    """A function and its derivative under one name.

        @activation
        def square(x):
            return x * x

        @square.gradient
        def square(dy, x, y):
            return dy * 2.0 * x
    """

    def __init__(self, function):
        self.function = self.__wrapped__ = function
        self.name = self.__name__ = function.__name__
        self.__doc__, self.__module__ = function.__doc__, function.__module__

    def __call__(self, x, *args, **kwargs):
        return self.function(as_float(x), *args, **kwargs)

    def gradient(self, function):
        """Decorator: `function(dy, x, y, …)` is the derivative. Afterwards `gradient` is that function itself."""
        self.gradient = function
        return self

    def __repr__(self):
        return f"<activation {self.name}>"

    def __reduce__(self):
        return self.name    # copies and pickles by name, as functions do


activation = Activation


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


def as_float(x):
    """x as an array of floats: arrays of floats stay as they are, lists and integers become float32."""
    array = np.asarray(x)
    own = array.dtype.kind == "f" and hasattr(x, "dtype")   # a list of Python floats has no dtype of its own
    return array if own else array.astype(np.float32)


def _without_gradient(function):
    wrapped = Activation(function)

    def gradient(dy, x, y):
        raise TypeError(
            f"The activation {wrapped.name!r} has no derivative, so it cannot be trained through. Write it as "
            f"@activations.activation, with its derivative below it as @{wrapped.name}.gradient."
        )

    wrapped.gradient = gradient
    return wrapped


# ---- straight pieces


@activation
def linear(x):
    """y = x. Derivative 1. When: the last layer of a regression, or logits for a loss that takes them."""
    return x


@linear.gradient
def linear(dy, x, y):
    return dy


@activation
def relu(x, negative_slope=0.0, max_value=None, threshold=0.0):
    """y = max(x, 0). Derivative 1 where x > 0, else 0. Range [0, ∞).

    In general: x above `threshold`, cut at `max_value`, and `negative_slope` · (x − threshold) below it.
    When: the first choice between layers; a unit whose input is always negative learns no more ("dead").
    Source: Nair and Hinton, 2010, Rectified linear units improve restricted Boltzmann machines.
    """
    if threshold == 0.0:
        y = np.maximum(x, 0.0)
    else:
        y = np.where(x > threshold, x, 0.0)
    if max_value is not None:
        y = np.clip(y, 0.0, max_value)
    if negative_slope != 0.0:
        y = y - negative_slope * np.maximum(threshold - x, 0.0)
    return y


@relu.gradient
def relu(dy, x, y, negative_slope=0.0, max_value=None, threshold=0.0):
    if negative_slope == 0.0 and max_value is None and threshold == 0.0:
        return dy * (x > 0.0)
    passes = x > threshold
    if max_value is not None:
        passes = passes & (0.0 <= x) & (x < max_value)
    return dy * np.where(passes, 1.0, np.where(x > threshold, 0.0, negative_slope)).astype(x.dtype)


@activation
def leaky_relu(x, negative_slope=0.2):
    """y = x where x > 0, else negative_slope · x. Derivative 1 or negative_slope. Range (−∞, ∞).

    When: as relu, but no unit can die. Source: Maas, Hannun and Ng, 2013.
    """
    return np.where(x > 0.0, x, negative_slope * x)


@leaky_relu.gradient
def leaky_relu(dy, x, y, negative_slope=0.2):
    return np.where(x > 0.0, dy, negative_slope * dy)


@activation
def relu6(x):
    """y = min(max(x, 0), 6). Derivative 1 where 0 < x < 6, else 0. Range [0, 6].

    When: models that will run in few bits, since the range is known. Source: Krizhevsky, 2010.
    """
    return np.clip(x, 0.0, 6.0)


@relu6.gradient
def relu6(dy, x, y):
    return dy * ((x > 0.0) & (x < 6.0))


# ---- squeezing into an interval


@activation
def sigmoid(x):
    """y = 1 / (1 + e^−x). Derivative y (1 − y), at most ¼. Range (0, 1).

    When: the last layer for yes or no, and gates; between many layers its small derivative makes gradients vanish.
    Source: Verhulst, 1838 (the logistic function).
    """
    e = np.exp(-np.abs(x))      # at most 1: never overflows
    return np.where(x >= 0.0, 1.0, e) / (1.0 + e)


@sigmoid.gradient
def sigmoid(dy, x, y):
    return dy * y * (1.0 - y)


@activation
def tanh(x):
    """y = (e^x − e^−x) / (e^x + e^−x). Derivative 1 − y², at most 1. Range (−1, 1).

    When: recurrent layers; centred on 0, which sigmoid is not. Source: LeCun et al., 1998, Efficient backprop.
    """
    return np.tanh(x)


@tanh.gradient
def tanh(dy, x, y):
    return dy * (1.0 - y * y)


# ---- along an axis


@activation
def softmax(x, axis=-1):
    """yᵢ = e^xᵢ / Σⱼ e^xⱼ along `axis`. dL/dx = y (dL/dy − Σ y dL/dy). Each row is positive and sums to 1.

    Subtracting the row's maximum first changes nothing (it cancels) and keeps e^x from overflowing.
    When: the last layer for one class out of several; attention. Source: Bridle, 1990.
    """
    e = np.exp(x - np.maximum.reduce(x, axis=axis, keepdims=True))
    e /= np.add.reduce(e, axis=axis, keepdims=True)
    return e


@softmax.gradient
def softmax(dy, x, y, axis=-1):
    return y * (dy - (y * dy).sum(axis=axis, keepdims=True))


@activation
def log_softmax(x, axis=-1):
    """y = x − log Σ e^x along `axis`. dL/dx = dL/dy − softmax(x) Σ dL/dy. Range (−∞, 0].

    When: log-probabilities: exact where softmax itself would round to 0.
    """
    shifted = x - np.maximum.reduce(x, axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


@log_softmax.gradient
def log_softmax(dy, x, y, axis=-1):
    return dy - np.exp(y) * dy.sum(axis=axis, keepdims=True)


_BY_NAME = {name: value for name, value in list(globals().items()) if isinstance(value, Activation)}
