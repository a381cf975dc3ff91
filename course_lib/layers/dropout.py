"""Noise while a model is trained: numbers that are left out at random, or moved a little."""

import numpy as np

from course_lib.layers.base import Layer
from course_lib.text.words import short
from course_lib.utils import generator


class Dropout(Layer):
    """In training each number is zeroed with probability `rate` and the rest divided by 1 − rate, so that the mean
    stays; in inference nothing happens. dL/dx = dL/dy · mask / (1 − rate).

    `noise_shape` lets several positions share one draw (1 along the shared axes), `seed` makes it repeatable.
    Source: Srivastava et al., 2014, Dropout.
    """

    carries_mask = True

    def __init__(self, rate, noise_shape=None, seed=None, **kwargs):
        super().__init__(**kwargs)
        if not 0 <= rate < 1:
            raise ValueError(
                f"Dropout got rate={short(rate)}; it is the share that is dropped, at least 0 and below 1."
            )
        if noise_shape is not None and not _is_shape(noise_shape):
            raise ValueError(
                f"{type(self).__name__} got noise_shape={short(noise_shape)}; it needs one length an axis, None where "
                f"it is that of the input: (None, 1, None) for one draw over all steps."
            )
        self.rate, self.noise_shape, self.seed = float(rate), noise_shape and tuple(noise_shape), seed
        self.generator = None if seed is None else generator(seed)

    def forward(self, x, run):
        if not run.training or self.rate == 0:
            run.keep(self, None)
            return x
        if self.noise_shape is not None and len(self.noise_shape) != x.ndim:
            raise ValueError(
                f"{self.label} got input of shape {x.shape} for noise_shape={self.noise_shape}; it needs "
                f"{len(self.noise_shape)} axes."
            )
        shape = x.shape if self.noise_shape is None else [n or m for n, m in zip(self.noise_shape, x.shape)]
        random = run.generator or self.generator or generator()
        stays = random.random(shape, dtype="float32") >= self.rate
        mask = stays.astype(x.dtype) * (1 / (1 - self.rate))
        run.keep(self, mask)
        return x * mask

    def backward(self, dy, run):
        (mask,) = run.take(self)
        return dy if mask is None else dy * mask


def _is_shape(given):
    return isinstance(given, (tuple, list)) and all(
        n is None or isinstance(n, (int, np.integer)) and not isinstance(n, bool) and n > 0 for n in given
    )


class SpatialDropout1D(Dropout):
    """Dropout of whole channels of a sequence: (n, steps, channels), one draw for all steps.

    When: neighbouring steps say nearly the same, so that one of them would stand in for the one left out.
    Source: Tompson et al., 2015, Efficient object localization using convolutional networks.
    """

    input_rank, example_axes = 3, "steps, channels"

    not_in_config = ("noise_shape", "trainable")  # Keras's takes neither

    def __init__(self, rate, seed=None, **kwargs):
        super().__init__(rate, (None, 1, None), seed, **kwargs)


class SpatialDropout2D(SpatialDropout1D):
    """Dropout of whole channels of an image: (n, height, width, channels), one draw for all pixels."""

    input_rank, example_axes = 4, "height, width, channels"

    def __init__(self, rate, seed=None, **kwargs):
        super().__init__(rate, seed, **kwargs)
        self.noise_shape = (None, 1, 1, None)


class GaussianNoise(Layer):
    """In training y = x + noise, normal with mean 0 and deviation `stddev`; in inference nothing happens.

    dL/dx = dL/dy. `seed` makes it repeatable. Source: Bishop, 1995, Training with noise is equivalent to Tikhonov
    regularization.
    """

    carries_mask = True

    def __init__(self, stddev, seed=None, **kwargs):
        super().__init__(**kwargs)
        if not 0 <= stddev <= 1:
            raise ValueError(f"GaussianNoise got stddev={short(stddev)}; as in Keras it lies from 0 to 1.")
        self.stddev, self.seed = float(stddev), seed
        self.generator = None if seed is None else generator(seed)

    def forward(self, x, run):
        run.keep(self)
        if not run.training:
            return x
        random = run.generator or self.generator or generator()
        return x + random.standard_normal(x.shape, dtype="float32").astype(x.dtype) * self.stddev

    def backward(self, dy, run):
        run.take(self)
        return dy
