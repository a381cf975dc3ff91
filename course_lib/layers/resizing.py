"""Sequences and images made longer: zeros around them, or each position several times."""

import numpy as np

from course_lib.layers.base import Layer
from course_lib.layers.windows import require_channels_last
from course_lib.text.words import short


def whole_numbers(value, count, smallest):
    """Whether `value` holds `count` whole numbers."""
    return len(value) == count and all(isinstance(v, (int, np.integer)) and v >= smallest for v in value)


class ZeroPadding(Layer):
    """Zeros before and behind along each axis of space. dL/dx = dL/dy without what stands in them."""

    not_in_config = ("data_format",)

    def __init__(self, padding=1, data_format=None, **kwargs):
        super().__init__(**kwargs)
        require_channels_last(self, data_format)
        self._padding, self.padding = padding, self.pairs(padding)  # as given, for the config; as pairs
        if self.padding is None:
            raise ValueError(
                f"{self.label} got padding={short(padding)}; it needs {self.forms}, whole numbers, 0 or more."
            )

    def forward(self, x, run):
        run.keep(self)
        return np.pad(x, ((0, 0), *self.padding, (0, 0)))

    def backward(self, dy, run):
        run.take(self)
        return dy[:, *(slice(before, size - behind) for (before, behind), size in zip(self.padding, dy.shape[1:]))]

    def compute_output_shape(self, input_shape):
        space = (size and size + sum(pair) for size, pair in zip(input_shape[1:], self.padding))
        return (input_shape[0], *space, input_shape[-1])


class ZeroPadding1D(ZeroPadding):
    """(n, steps, channels): `padding` zeros before and behind, or a pair (before, behind)."""

    input_rank, example_axes, forms = 3, "steps, channels", "a number or a pair (before, behind)"

    def pairs(self, padding):
        pair = (padding, padding) if isinstance(padding, (int, np.integer)) else tuple(padding)
        return (pair,) if whole_numbers(pair, 2, 0) else None


class ZeroPadding2D(ZeroPadding):
    """(n, height, width, channels): one number; (down, across); or ((above, below), (left, right))."""

    input_rank, example_axes = 4, "height, width, channels"
    forms = "a number, a pair (down, across), or ((above, below), (left, right))"

    def pairs(self, padding):
        per_axis = (padding, padding) if isinstance(padding, (int, np.integer)) else tuple(padding)
        pairs = tuple((p, p) if isinstance(p, (int, np.integer)) else tuple(p) for p in per_axis)
        return pairs if len(pairs) == 2 and all(whole_numbers(pair, 2, 0) for pair in pairs) else None


class UpSampling(Layer):
    """Each position `size` times over, along each axis of space. dL/dx = the sum of dL/dy over its copies."""

    not_in_config = ("data_format",)

    def __init__(self, size=2, data_format=None, **kwargs):
        super().__init__(**kwargs)
        require_channels_last(self, data_format)
        axes = self.input_rank - 2
        self.size = (size,) * axes if isinstance(size, (int, np.integer)) else tuple(size)
        self._size = self.size if axes > 1 else self.size[0]  # as Keras's takes it, for the config
        if not whole_numbers(self.size, axes, 1):
            raise ValueError(f"{self.label} got size={short(size)}; it needs a whole number, 1 or more, for each axis.")

    def forward(self, x, run):
        run.keep(self)
        for axis, times in enumerate(self.size, start=1):
            x = np.repeat(x, times, axis=axis)
        return x

    def backward(self, dy, run):
        run.take(self)
        for axis, times in enumerate(self.size, start=1):
            dy = dy.reshape(*dy.shape[:axis], -1, times, *dy.shape[axis + 1 :]).sum(axis=axis + 1)
        return dy

    def compute_output_shape(self, input_shape):
        space = (size and size * times for size, times in zip(input_shape[1:], self.size))
        return (input_shape[0], *space, input_shape[-1])


class UpSampling1D(UpSampling):
    """(n, steps, channels) → (n, size · steps, channels)."""

    input_rank, example_axes = 3, "steps, channels"


class UpSampling2D(UpSampling):
    """(n, height, width, channels) → (n, size · height, size · width, channels), nearest neighbours only."""

    input_rank, example_axes = 4, "height, width, channels"
