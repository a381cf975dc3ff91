"""Input: the shape of one example, said before the first layer."""

import numpy as np

from course_lib.layers.base import Layer
from course_lib.text.words import short


class Input(Layer):
    """Says the shape of one example: `Input(shape=(1000,))`. It computes nothing.

    Args:
        shape: without the batch axis; or `batch_shape`, with it.
        dtype: of the numbers that will come. Whole numbers are welcome ("int32"); the layers compute in float32.
        batch_size: accepted, and without effect: a batch may have any number of rows.
    """

    not_in_config = ("input_shape", "batch_size", "batch_shape")

    def __init__(self, shape=None, batch_size=None, dtype=None, *, batch_shape=None, **kwargs):
        if shape is not None and batch_shape is not None:
            raise ValueError(f"Input got shape={short(shape)} and batch_shape={short(batch_shape)}; give one.")
        shape = batch_shape[1:] if shape is None and batch_shape is not None else shape
        if isinstance(shape, (int, np.integer)) or shape is None:
            raise ValueError(
                f"Input got shape={short(shape)}; it needs the shape of one example, such as (1000,) or (28, 28)."
            )
        if str(getattr(dtype, "name", dtype)).startswith(("int", "uint", "bool")):
            dtype = None
        super().__init__(**{**kwargs, "dtype": dtype, "input_shape": shape})
        self.shape = self.example_shape

    def forward(self, x, run):
        return x

    def backward(self, dy, run):
        return dy
