"""Activations that look at a whole row: softmax, its logarithm, its sparse sister, and gated halves."""

import warnings

import numpy as np

from course_lib.activations.base import activation
from course_lib.activations.squeezing import sigmoid


@activation
def softmax(x, axis=-1):
    """yᵢ = e^xᵢ / Σⱼ e^xⱼ along `axis`. dL/dx = y (dL/dy − Σ y dL/dy). Each row is positive and sums to 1.

    Subtracting the row's maximum first changes nothing (it cancels) and keeps e^x from overflowing.
    When: the last layer for one class out of several; attention. Source: Bridle, 1990.
    Warns where a row has one number only: its probability is 1, whatever the number.
    """
    e = x - np.maximum.reduce(x, axis=axis, keepdims=True)
    np.exp(e, out=e)
    total = np.add.reduce(e, axis=axis, keepdims=True)
    if total.size == e.size > 0:
        _warn_of_one(x.shape, axis)
    e /= total
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


@activation
def sparsemax(x, axis=-1):
    """yᵢ = max(xᵢ − τ, 0) with the τ that makes each row sum to 1: a softmax with exact zeros.

    It is the point of the probability simplex nearest to x. dL/dx = dL/dy − its mean over the row's nonzero yᵢ, and 0
    where y is 0. When: few classes, or few places to attend to, should be named. Source: Martins and Astudillo, 2016.
    """
    x = np.moveaxis(x, axis, -1)
    falling = -np.sort(-x, axis=-1)
    tau = (falling.cumsum(axis=-1) - 1.0) / np.arange(1, x.shape[-1] + 1, dtype=x.dtype)
    kept = (falling > tau).sum(axis=-1, keepdims=True)  # how many stay above 0
    y = np.maximum(x - np.take_along_axis(tau, kept - 1, axis=-1), 0.0)
    return np.moveaxis(y, -1, axis)


@sparsemax.gradient
def sparsemax(dy, x, y, axis=-1):
    kept = y > 0.0
    mean = (dy * kept).sum(axis=axis, keepdims=True) / kept.sum(axis=axis, keepdims=True, dtype=dy.dtype)
    return kept * (dy - mean)


@activation
def glu(x, axis=-1):
    """y = a σ(b), where x is cut into the halves a and b along `axis`. Derivatives σ(b) in a, a σ(b) (1 − σ(b)) in b.

    When: one half decides how much of the other passes; the feed-forward part of many language models.
    Source: Dauphin et al., 2017, Language modeling with gated convolutional networks.
    """
    a, b = _halves(x, axis)
    return a * sigmoid.function(b)


@glu.gradient
def glu(dy, x, y, axis=-1):
    a, b = _halves(x, axis)
    s = sigmoid.function(b)
    return np.concatenate([dy * s, dy * a * s * (1.0 - s)], axis=axis)


def _warn_of_one(shape, axis):
    warnings.warn(
        f"softmax over axis {axis} of an input of shape {shape}: one number a row, so all probabilities are 1 and "
        f"nothing is learned. For yes or no take a sigmoid; else give the layer one output a class.",
        stacklevel=3,
    )


def _halves(x, axis):
    if x.shape[axis] % 2:
        raise ValueError(
            f"glu got an input of shape {x.shape}; it halves axis {axis}, whose length {x.shape[axis]} is odd. "
            f"Give the layer before it an even number of outputs."
        )
    return np.split(x, 2, axis=axis)
