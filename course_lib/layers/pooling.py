"""Pooling: one number for each window of a sequence or an image, or for the whole of it."""

import numpy as np

from course_lib.layers.base import Layer
from course_lib.layers.windows import WindowLayer, require_channels_last


class Pooling(WindowLayer):
    """What the pooling layers with a window share. `strides=None` means `pool_size`: windows side by side."""

    not_in_config = ("dilation_rate",)  # always 1

    def __init__(self, pool_size=2, strides=None, padding="valid", data_format=None, **kwargs):
        strides = pool_size if strides is None else strides
        super().__init__(("pool_size", pool_size), strides, padding, data_format=data_format, **kwargs)
        self.pool_size = self.window

    def compute_output_shape(self, input_shape):
        return (input_shape[0], *self.output_space(input_shape[1:-1]), input_shape[-1])


class MaxPooling(Pooling):
    """y = the largest number in each window, for each channel.

    Backward: dL/dx = dL/dy at the position that won, 0 elsewhere; parts of overlapping windows add up. Where several
    positions of a window share the largest number, the first one (row by row) gets it all, as in TensorFlow.
    """

    def forward(self, x, run):
        places = self.output_space(x.shape[1:-1])
        padded, inside = self.pad(x, -np.inf)
        (_, first), *others = self.cells(places)
        y = padded[first].copy()
        for _, seen in others:
            np.maximum(y, padded[seen], out=y)
        run.keep(self, padded, y, inside)
        return y

    def backward(self, dy, run):
        padded, y, inside = run.take(self)
        dx = np.zeros_like(padded)
        left = dy.copy()  # what no position has got yet
        *cells, (_, last) = self.cells(dy.shape[1:-1])
        for _, seen in cells:
            won = left * (padded[seen] == y)
            dx[seen] += won
            left -= won
        dx[last] += left
        return dx[inside]


class AveragePooling(Pooling):
    """y = the mean of each window, for each channel. Padding does not count: at the border fewer numbers are averaged.

    Backward: every position of a window gets dL/dy divided by the number of positions averaged.
    """

    def forward(self, x, run):
        places = self.output_space(x.shape[1:-1])
        padded, inside = self.pad(x)
        ones, _ = self.pad(np.ones((1, *x.shape[1:-1], 1), x.dtype))
        counts = self._sum(ones, places)
        run.keep(self, counts, padded.shape, inside)
        return self._sum(padded, places) / counts

    def _sum(self, padded, places):
        (_, first), *others = self.cells(places)
        total = padded[first].copy()
        for _, seen in others:
            total += padded[seen]
        return total

    def backward(self, dy, run):
        counts, padded_shape, inside = run.take(self)
        dx = np.zeros(padded_shape, dy.dtype)
        share = dy / counts
        for _, seen in self.cells(dy.shape[1:-1]):
            dx[seen] += share
        return dx[inside]


class MaxPooling1D(MaxPooling):
    """The largest of each window of `pool_size` steps: (n, steps, channels) → (n, places, channels)."""

    rank, input_rank, example_axes = 1, 3, "steps, channels"


class MaxPooling2D(MaxPooling):
    """The largest of each window of pixels: (n, height, width, channels) → (n, *places, channels)."""

    rank, input_rank, example_axes = 2, 4, "height, width, channels"


class AveragePooling1D(AveragePooling):
    """The mean of each window of `pool_size` steps: (n, steps, channels) → (n, places, channels)."""

    rank, input_rank, example_axes = 1, 3, "steps, channels"


class AveragePooling2D(AveragePooling):
    """The mean of each window of pixels: (n, height, width, channels) → (n, *places, channels)."""

    rank, input_rank, example_axes = 2, 4, "height, width, channels"


class GlobalPooling(Layer):
    """What the pooling layers without a window share: (n, *space, channels) → (n, channels).

    `keepdims=True` keeps the space axes with length 1.
    """

    heeds_mask = False

    def __init__(self, data_format=None, keepdims=False, **kwargs):
        super().__init__(**kwargs)
        require_channels_last(self, data_format)
        self.data_format = data_format
        self.keepdims = keepdims

    def forward(self, x, run):
        positions = x.reshape(len(x), -1, x.shape[-1])
        mask = run.mask if self.heeds_mask else None
        y = self.reduce(positions, mask)
        run.keep(self, positions, y, x.shape, mask)
        return y.reshape(self.compute_output_shape(x.shape))

    def backward(self, dy, run):
        positions, y, shape, mask = run.take(self)
        return self.spread(dy.reshape(len(dy), 1, -1), positions, y, mask).reshape(shape)

    def reduce(self, x, mask):
        """From (n, positions, channels) to (n, channels)."""
        raise NotImplementedError

    def spread(self, dy, x, y, mask):
        """dL/dx for x, the input of `reduce`, and y, its output, from dy of shape (n, 1, channels)."""
        raise NotImplementedError

    def compute_output_shape(self, input_shape):
        space = (1,) * (self.input_rank - 2) if self.keepdims else ()
        return (input_shape[0], *space, input_shape[-1])


class GlobalAveragePooling(GlobalPooling):
    """y = the mean over all positions. dL/dx = dL/dy divided by their number, at every position."""

    def reduce(self, x, mask):
        if mask is not None:
            return (self.shares(x, mask) @ x)[:, 0]
        positions = x.shape[1]
        return np.ones(positions, x.dtype) @ x * (1 / positions)

    def spread(self, dy, x, y, mask):
        if mask is not None:
            return self.shares(x, mask).swapaxes(1, 2) * dy
        positions = x.shape[1]
        return np.repeat(dy * (1 / positions), positions, axis=1)

    def shares(self, x, mask):
        """The share of each position in the mean, (n, 1, positions)."""
        count = np.maximum(mask.sum(axis=1, keepdims=True), 1)
        return (mask / count).astype(x.dtype)[:, None]


class GlobalMaxPooling(GlobalPooling):
    """y = the largest over all positions. dL/dx = dL/dy at that position, 0 elsewhere.

    Where several positions share the largest number they share dL/dy in equal parts, as in TensorFlow's `reduce_max`
    (unlike the pooling layers with a window, whose first one gets all).
    """

    def reduce(self, x, mask):
        return x.max(axis=1)

    def spread(self, dy, x, y, mask):
        largest = x == y[:, None]
        return largest * (dy / largest.sum(axis=1, keepdims=True, dtype=dy.dtype))


class GlobalAveragePooling1D(GlobalAveragePooling):
    """The mean over all steps, or over those that the pass's mask counts: (n, steps, channels) → (n, channels).

    Where no step of an example counts, y is 0. (Keras gives NaN, which would stay in all weights.)
    """

    heeds_mask = True

    input_rank, example_axes = 3, "steps, channels"


class GlobalAveragePooling2D(GlobalAveragePooling):
    """The mean over all pixels: (n, height, width, channels) → (n, channels)."""

    input_rank, example_axes = 4, "height, width, channels"


class GlobalMaxPooling1D(GlobalMaxPooling):
    """The largest over all steps: (n, steps, channels) → (n, channels)."""

    input_rank, example_axes = 3, "steps, channels"


class GlobalMaxPooling2D(GlobalMaxPooling):
    """The largest over all pixels: (n, height, width, channels) → (n, channels)."""

    input_rank, example_axes = 4, "height, width, channels"
