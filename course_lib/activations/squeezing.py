"""Activations that squeeze any number into an interval, or are made from one that does."""

import numpy as np

from course_lib.activations.base import activation


@activation
def sigmoid(x):
    """y = 1 / (1 + e^−x). Derivative y (1 − y), at most ¼. Range (0, 1).

    When: the last layer for yes or no, and gates; between many layers its small derivative makes gradients vanish.
    Source: Verhulst, 1838 (the logistic function).
    """
    with np.errstate(over="ignore"):  # e^89 is infinite in float32, and 1 / ∞ is the right 0
        return 1.0 / (1.0 + np.exp(-x))


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


@activation
def tanh_shrink(x):
    """y = x − tanh(x): nearly 0 near 0, x ∓ 1 far out. Derivative tanh²(x). Range (−∞, ∞)."""
    return x - np.tanh(x)


@tanh_shrink.gradient
def tanh_shrink(dy, x, y):
    t = np.tanh(x)
    return dy * t * t


@activation
def softsign(x):
    """y = x / (1 + |x|). Derivative 1 / (1 + |x|)². Range (−1, 1).

    When: a tanh that saturates more slowly. Source: Bergstra et al., 2009.
    """
    return x / (1.0 + np.abs(x))


@softsign.gradient
def softsign(dy, x, y):
    d = 1.0 + np.abs(x)
    return dy / (d * d)


@activation
def log_sigmoid(x):
    """y = log σ(x) = −softplus(−x). Derivative 1 − σ(x) = σ(−x). Range (−∞, 0). When: log-probabilities of yes."""
    return np.minimum(x, 0.0) - np.log1p(np.exp(-np.abs(x)))


@log_sigmoid.gradient
def log_sigmoid(dy, x, y):
    return dy * sigmoid.function(-x)
