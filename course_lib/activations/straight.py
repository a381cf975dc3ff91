"""Activations made of straight pieces: relu and its relatives, and cheap stand-ins for curved ones."""

import numpy as np

from course_lib.activations.base import activation


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
        passes = passes & (x >= 0.0) & (x <= max_value)
    dx = dy * passes
    if negative_slope != 0.0:
        dx += np.where(x <= threshold, negative_slope * dy, 0.0)
    return dx


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


@activation
def hard_tanh(x):
    """y = x cut to [−1, 1]. Derivative 1 where |x| < 1, else 0. When: a cheap tanh. Source: Collobert, 2004."""
    return np.clip(x, -1.0, 1.0)


@hard_tanh.gradient
def hard_tanh(dy, x, y):
    return dy * (np.abs(x) <= 1.0)


@activation
def hard_sigmoid(x):
    """y = x / 6 + ½ cut to [0, 1]. Derivative 1/6 where |x| < 3, else 0. When: a cheap sigmoid."""
    return np.clip(x + 3.0, 0.0, 6.0) / 6.0


@hard_sigmoid.gradient
def hard_sigmoid(dy, x, y):
    return dy * (np.abs(x) < 3.0) / 6.0


@activation
def hard_silu(x):
    """y = x · hard_sigmoid(x). Derivative hard_sigmoid(x) + x/6 where |x| < 3, else 0 or 1. Range [−0.375, ∞).

    When: a cheap silu, on phones. Source: Howard et al., 2019, Searching for MobileNetV3.
    """
    return x * hard_sigmoid.function(x)


@hard_silu.gradient
def hard_silu(dy, x, y):
    return dy * (hard_sigmoid.function(x) + x * (np.abs(x) < 3.0) / 6.0)


@activation
def sparse_sigmoid(x):
    """y = (x + 1) / 2 cut to [0, 1]. Derivative ½ where |x| < 1, else 0. The derivative of sparse_plus.

    When: yes or no with exact zeros and ones. Source: Blondel, Martins and Niculae, 2019, Fenchel–Young losses.
    """
    return np.clip(0.5 * (x + 1.0), 0.0, 1.0)


@sparse_sigmoid.gradient
def sparse_sigmoid(dy, x, y):
    return dy * (np.abs(x) < 1.0) * 0.5


@activation
def hard_shrink(x, threshold=0.5):
    """y = x where |x| > threshold, else 0. Derivative 1 or 0. When: small values are noise.

    Source: Donoho and Johnstone, 1994, Ideal spatial adaptation by wavelet shrinkage (hard thresholding).
    """
    return x * (np.abs(x) > threshold)


@hard_shrink.gradient
def hard_shrink(dy, x, y, threshold=0.5):
    return dy * (np.abs(x) > threshold)


@activation
def soft_shrink(x, threshold=0.5):
    """y = x moved towards 0 by `threshold`, and 0 within it. Derivative 1 where |x| > threshold, else 0.

    When: sparse codes; it is the step that an L1 penalty asks for. Source: Donoho and Johnstone, 1994.
    """
    return np.sign(x) * np.maximum(np.abs(x) - threshold, 0.0)


@soft_shrink.gradient
def soft_shrink(dy, x, y, threshold=0.5):
    return dy * (np.abs(x) > threshold)


@activation
def threshold(x, threshold, default_value):
    """y = x where x > threshold, else default_value. Derivative 1 or 0. When: a relu with another edge and floor."""
    return np.where(x > threshold, x, default_value).astype(x.dtype, copy=False)


@threshold.gradient
def threshold(dy, x, y, threshold, default_value):
    return dy * (x > threshold)
