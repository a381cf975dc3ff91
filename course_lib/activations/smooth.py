"""Smooth relatives of relu: near 0 to the left, near x to the right, and no corner between."""

import numpy as np

from course_lib.activations.base import activation
from course_lib.activations.squeezing import sigmoid
from course_lib.activations.straight import sparse_sigmoid
from course_lib.special import erf


@activation
def elu(x, alpha=1.0):
    """y = x where x > 0, else alpha (e^x − 1). Derivative 1, else y + alpha. Range (−alpha, ∞).

    When: as relu, with a mean output nearer to 0. Source: Clevert, Unterthiner and Hochreiter, 2016.
    """
    return np.where(x > 0.0, x, alpha * np.expm1(np.minimum(x, 0.0)))


@elu.gradient
def elu(dy, x, y, alpha=1.0):
    return np.where(x > 0.0, dy, dy * (y + alpha))


@activation
def celu(x, alpha=1.0):
    """y = max(x, 0) + alpha (e^(min(x, 0) / alpha) − 1). Derivative 1, else e^(x / alpha). Range (−alpha, ∞).

    When: an elu whose derivative has no jump for any alpha. Source: Barron, 2017.
    """
    return np.maximum(x, 0.0) + alpha * np.expm1(np.minimum(x, 0.0) / alpha)


@celu.gradient
def celu(dy, x, y, alpha=1.0):
    return dy * np.exp(np.minimum(x, 0.0) / alpha)


SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805


@activation
def selu(x):
    """y = 1.0507 · elu(x, alpha=1.6733). Derivative 1.0507, else y + 1.7581. Range (−1.7581, ∞).

    The constants keep mean 0 and variance 1 from layer to layer, with lecun_normal kernels.
    When: deep stacks of Dense without normalization. Source: Klambauer et al., 2017, Self-normalizing neural networks.
    """
    return SELU_SCALE * elu.function(x, SELU_ALPHA)


@selu.gradient
def selu(dy, x, y):
    return dy * np.where(x > 0.0, SELU_SCALE, y + SELU_SCALE * SELU_ALPHA)


@activation
def softplus(x):
    """y = log(1 + e^x), written so that nothing overflows. Derivative σ(x). Range (0, ∞).

    When: an output that must be positive, such as a variance. Source: Dugas et al., 2001.
    """
    return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))


@softplus.gradient
def softplus(dy, x, y):
    return dy * sigmoid.function(x)


@activation
def sparse_plus(x):
    """y = 0 where x ≤ −1, (x + 1)² / 4 between, x where x ≥ 1. Derivative sparse_sigmoid(x). Range [0, ∞).

    When: a softplus that reaches 0. Source: Blondel, Martins and Niculae, 2019.
    """
    u = x + 1.0
    return np.where(x <= -1.0, 0.0, np.where(x < 1.0, 0.25 * u * u, x))


@sparse_plus.gradient
def sparse_plus(dy, x, y):
    return dy * sparse_sigmoid.function(x)


@activation
def squareplus(x, b=4):
    """y = (x + √(x² + b)) / 2. Derivative (1 + x / √(x² + b)) / 2. Range (0, ∞).

    When: a softplus without exponentials. Source: Barron, 2021, Squareplus.
    """
    return 0.5 * (x + np.sqrt(x * x + b))


@squareplus.gradient
def squareplus(dy, x, y, b=4):
    return dy * (0.5 + 0.5 * x / np.sqrt(x * x + b))


@activation
def silu(x):
    """y = x σ(x), also called swish. Derivative σ(x) + y (1 − σ(x)). Range [−0.278, ∞).

    When: as relu in deep networks, smooth. Source: Elfwing et al., 2018; Ramachandran et al., 2017.
    """
    return x * sigmoid.function(x)


@silu.gradient
def silu(dy, x, y):
    s = sigmoid.function(x)
    return dy * (s + y * (1.0 - s))


@activation
def gelu(x, approximate=False):
    """y = x Φ(x), Φ(x) = ½ (1 + erf(x / √2)) the normal distribution. Derivative Φ(x) + x φ(x). Range [−0.17, ∞).

    approximate: Φ(x) ≈ ½ (1 + tanh(√(2/π) (x + 0.044715 x³))), faster, off by at most 5e-4.
    When: transformers. Source: Hendrycks and Gimpel, 2016, Gaussian error linear units.
    """
    if approximate:
        return 0.5 * x * (1.0 + np.tanh(0.7978845608028654 * (x + 0.044715 * x * x * x)))
    return 0.5 * x * (1.0 + erf(x * 0.7071067811865476))


@gelu.gradient
def gelu(dy, x, y, approximate=False):
    if approximate:
        t = np.tanh(0.7978845608028654 * (x + 0.044715 * x * x * x))
        inner = 0.7978845608028654 * (1.0 + 3.0 * 0.044715 * x * x)
        return dy * 0.5 * (1.0 + t + x * (1.0 - t * t) * inner)
    share = np.divide(y, x, out=np.full_like(x, 0.5), where=x != 0.0)  # Φ(x), without a second erf
    return dy * (share + 0.3989422804014327 * x * np.exp(-0.5 * x * x))


@activation
def mish(x):
    """y = x tanh(softplus(x)). Derivative t + x σ(x) (1 − t²) with t = tanh(softplus(x)). Range [−0.31, ∞).

    When: as silu; common in image detectors. Source: Misra, 2019.
    """
    return x * np.tanh(softplus.function(x))


@mish.gradient
def mish(dy, x, y):
    t = np.tanh(softplus.function(x))
    return dy * (t + x * sigmoid.function(x) * (1.0 - t * t))


@activation
def exponential(x):
    """y = e^x. Derivative y. Range (0, ∞). When: rates, such as Poisson's; x above 88 overflows float32."""
    return np.exp(x)


@exponential.gradient
def exponential(dy, x, y):
    return dy * y
