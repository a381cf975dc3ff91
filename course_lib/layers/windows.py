"""What convolution and pooling share: a window that slides over a sequence or an image.

Inputs have shape (n, *space, channels), with one axis of space for a sequence and two for an image. The window has
`window` cells along each axis, `dilation_rate` positions apart. From one place to the next it moves by `strides`, and
it stands at `places` places along each axis: the output has shape (n, *places, …).
"""

import functools
import itertools
import math

import numpy as np

from course_lib.layers.base import Layer, show_shape
from course_lib.text.words import short


class WindowLayer(Layer):
    """Base of the layers that look through a sliding window. `rank` is the number of space axes."""

    rank = None
    paddings = ("valid", "same")
    not_in_config = ("window",)

    def __init__(self, window, strides, padding, dilation_rate=1, data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.window = self._per_axis(*window)
        self.strides = self._per_axis("strides", strides)
        self.dilation_rate = self._per_axis("dilation_rate", dilation_rate)
        self.padding = padding.lower() if isinstance(padding, str) else None
        if self.padding not in self.paddings:
            raise ValueError(
                f"{self.label} got padding={short(padding)}; it knows {', '.join(map(repr, self.paddings))}."
            )
        require_channels_last(self, data_format)
        self.data_format = data_format

    def _per_axis(self, name, value):
        """One whole number for each space axis: 3 becomes (3, 3) for an image."""
        values = (value,) * self.rank if isinstance(value, (int, np.integer)) else tuple(value)
        if len(values) != self.rank or not all(isinstance(v, (int, np.integer)) and v > 0 for v in values):
            raise ValueError(
                f"{self.label} got {name}={short(value)}; it needs a whole number of 1 or more, or {self.rank} of them."
            )
        return tuple(int(v) for v in values)

    @property
    def reach(self):
        """How many positions the window spans in each direction, its gaps included."""
        return tuple(d * (k - 1) + 1 for k, d in zip(self.window, self.dilation_rate))

    def output_space(self, space):
        """At how many places the window stands along each axis; None where the size is not known."""
        places = []
        for size, reach, stride in zip(space, self.reach, self.strides):
            if size is None:
                places.append(None)
            elif self.padding == "valid":
                places.append((size - reach) // stride + 1)
            else:
                places.append(math.ceil(size / stride))
            if size is not None and places[-1] < 1:
                raise ValueError(
                    f"{self.label} got examples of size {show_shape(space)} ({self.example_axes.rpartition(', ')[0]}); "
                    f"its window spans {show_shape(self.reach)} and fits nowhere. Use a smaller window, fewer pooling "
                    f"layers before it, or padding='same'."
                )
        return tuple(places)

    def padding_amounts(self, space):
        """How many positions to add before and after, along each axis.

        "same" adds what the last place of the window lacks, half of it before (rounded down) and the rest after;
        "causal" adds all of it before, so that no output sees a later input.
        """
        if self.padding == "valid":
            return [(0, 0)] * self.rank
        if self.padding == "causal":
            return [(reach - 1, 0) for reach in self.reach]
        missing = [
            max((places - 1) * stride + reach - size, 0)
            for places, stride, reach, size in zip(self.output_space(space), self.strides, self.reach, space)
        ]
        return [(m // 2, m - m // 2) for m in missing]

    def pad(self, x, value=0.0):
        """`(padded, inside)`: x with its padding, filled with `value`, and the slices that cut it off again."""
        space = x.shape[1:-1]
        amounts = self.padding_amounts(space)
        inside = (slice(None), *(slice(before, before + size) for (before, _), size in zip(amounts, space)))
        if not any(map(any, amounts)):
            return x, inside
        padded = np.full((len(x), *(b + size + a for (b, a), size in zip(amounts, space)), x.shape[-1]), value, x.dtype)
        padded[inside] = x
        return padded, inside

    def cells(self, places):
        """For every cell of the window, row by row: its index, and slices that pick what it sees at all places.

        With `padded` of shape (n, *space, channels), `padded[seen]` has shape (n, *places, channels).
        """
        return cells_of_window(self.window, self.strides, self.dilation_rate, places)


def require_channels_last(layer, data_format):
    if data_format not in (None, "channels_last"):
        raise ValueError(
            f"{layer.label} got data_format={short(data_format)}; here the channels are always last: "
            f"(batch, {layer.example_axes}). Move them with np.moveaxis(x, 1, -1)."
        )


@functools.lru_cache(maxsize=256)  # the same in every step of a training
def cells_of_window(window, strides, dilation_rate, places):
    """What `WindowLayer.cells` returns, for tuples with one whole number an axis."""
    cells = []
    for cell in itertools.product(*map(range, window)):
        starts = [c * rate for c, rate in zip(cell, dilation_rate)]
        stops = [start + (p - 1) * stride + 1 for start, p, stride in zip(starts, places, strides)]
        cells.append((cell, (slice(None), *map(slice, starts, stops, strides))))
    return cells
