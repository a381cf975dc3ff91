"""Dropout: numbers that are left out at random while a model is trained."""

from course_lib.layers.base import Layer
from course_lib.utils import generator


class Dropout(Layer):
    """In training each number is zeroed with probability `rate` and the rest divided by 1 − rate, so that the mean
    stays; in inference nothing happens. dL/dx = dL/dy · mask / (1 − rate).

    `noise_shape` lets several positions share one draw (1 along the shared axes), `seed` makes it repeatable.
    Source: Srivastava et al., 2014, Dropout.
    """

    def __init__(self, rate, noise_shape=None, seed=None, **kwargs):
        super().__init__(**kwargs)
        if not 0 <= rate < 1:
            raise ValueError(f"Dropout got rate={rate!r}; it is the share that is dropped, at least 0 and below 1.")
        self.rate, self.noise_shape, self.seed = float(rate), noise_shape, seed
        self.generator = None if seed is None else generator(seed)

    def forward(self, x, run):
        if not run.training or self.rate == 0:
            run.keep(self, None)
            return x
        shape = x.shape if self.noise_shape is None else [n or m for n, m in zip(self.noise_shape, x.shape)]
        random = run.generator or self.generator or generator()
        stays = random.random(shape, dtype="float32") >= self.rate
        mask = stays.astype(x.dtype) * (1 / (1 - self.rate))
        run.keep(self, mask)
        return x * mask

    def backward(self, dy, run):
        (mask,) = run.take(self)
        return dy if mask is None else dy * mask

    def get_config(self):
        return {**super().get_config(), "rate": self.rate, "noise_shape": self.noise_shape, "seed": self.seed}
