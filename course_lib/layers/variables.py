"""Weights: what a layer knows of each, and all of a model's in one vector."""

import itertools

import numpy as np

from course_lib.text.words import short


class Variable:
    """What `add_weight` knows of one weight; the numbers themselves are attributes of the layer.

    `attribute` is where they stand, `name` how the weight is called; mostly both are one.
    """

    __slots__ = ("layer", "name", "trainable", "regularizer", "attribute", "start")
    _numbers = itertools.count(1)
    moves = 0  # another number whenever any variable is bound

    def __init__(self, layer, name, trainable, regularizer, start):
        self.layer, self.name, self.trainable, self.regularizer = layer, name, trainable, regularizer
        self.attribute, self.start = None, start

    def stand_at(self, attribute):
        """Let the numbers, and beside them their gradient, be attributes of the layer."""
        self.attribute, self.name, value, self.start = attribute, self.name or attribute, self.start, None
        self.bind(value, np.zeros_like(value) if self.trainable else None)

    @property
    def value(self):
        return getattr(self.layer, self.attribute)

    @property
    def gradient(self):
        return getattr(self.layer, "d_" + self.attribute)

    @property
    def path(self):
        return f"{self.layer.name}/{self.name}"

    def bind(self, value, gradient=None):
        """Let the layer's attributes point at these arrays (views into a model's flat vectors)."""
        setattr(self.layer, self.attribute, value)
        if gradient is not None:
            setattr(self.layer, "d_" + self.attribute, gradient)
        Variable.moves = next(Variable._numbers)


def flatten_parameters(layer):
    """Move a layer's trainable weights into one vector and their gradients into another.

    The layer's attributes become views: writing to `dense.kernel` writes into the vector, and the other way round.
    Returns `(parameters, gradients)`, both of shape (number of trainable parameters,).
    """
    variables = layer.variables(trainable=True)
    require_one_dtype(layer, variables)
    parameters = np.concatenate([v.value.ravel() for v in variables] or [np.zeros(0, layer.dtype)])
    gradients = np.zeros_like(parameters)
    start = 0
    for v in variables:
        stop, shape = start + v.value.size, v.value.shape
        v.bind(parameters[start:stop].reshape(shape), gradients[start:stop].reshape(shape))
        start = stop
    return parameters, gradients


def require_one_dtype(model, variables):
    """In Keras each layer may have its own dtype, and casts what comes in; here all weights stand in one vector."""
    for v in variables:
        if v.value.dtype != (first := variables[0]).value.dtype:
            raise TypeError(
                f"{model.label} has weights of two dtypes: {first.path} is {first.value.dtype}, and {v.path} is "
                f"{v.value.dtype}. Give all its layers one: dtype={short(first.value.dtype.name)}, or model.astype."
            )
