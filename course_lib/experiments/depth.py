"""How large signal and gradient are at each layer of a deep stack, before any training."""

import numpy as np

from course_lib import initializers, layers
from course_lib.models.sequential import Sequential


def deep_stack(activation, gain, depth=20, width=128, seed=0):
    """`depth` Dense layers of `width` units without bias, in float64; kernels normal with stddev gain / √width.

    gain 1 is Glorot's rule for a square kernel, √2 is He's. The same seed draws the same numbers at every gain.
    """
    model = Sequential()
    for k in range(depth):
        start = initializers.VarianceScaling(gain**2, "fan_in", "untruncated_normal", seed=1000 * seed + k)
        model.add(layers.Dense(width, activation, use_bias=False, kernel_initializer=start, dtype="float64"))
    model.ensure_built((None, width))
    return model


def sizes(model, x, dy):
    """Send x up through the layers and dL/dy down again; the root mean square of what stands between them.

    Returns `(signal, gradient)`, one number more than there are layers: signal[k] is the size of layer k's output and
    gradient[k] that of dL/d(that output); 0 is the input. What vanishes or explodes is this gradient: a layer's own
    dL/dkernel is its input times it. Source: Glorot and Bengio, 2010; He et al., 2015.
    """
    signal, gradient = [size(x)], [size(dy)]
    run = layers.Pass()
    for layer in model.layers:
        x = layer(x, run=run)
        signal.append(size(x))
    for layer in reversed(model.layers):
        dy = layer.backward(dy, run)
        gradient.append(size(dy))
    return np.array(signal), np.array(gradient[::-1])


def size(values):
    """√ of the mean square: what a typical entry measures, whatever its sign."""
    return np.sqrt(np.mean(np.square(values)))
