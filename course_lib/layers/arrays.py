"""What layers and models ask of an array."""

import numpy as np


def too_large(array, dtype):
    """Whether a number of the array, itself finite, would be infinite in this dtype."""
    return np.abs(array, where=np.isfinite(array), out=np.zeros_like(array)).max(initial=0) > np.finfo(dtype).max


def unshared(y, x):
    """y, as a copy where it is x's memory seen otherwise, like the output of Flatten."""
    return y.copy() if np.may_share_memory(x, y) else y
