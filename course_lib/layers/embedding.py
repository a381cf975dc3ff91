"""Embedding: a table of vectors, one for each word, token or category."""

import numpy as np

from course_lib import initializers, regularizers
from course_lib.layers.base import Layer
from course_lib.text.words import short


class Embedding(Layer):
    """y = embeddings[x]: each whole number picks a row of the table.

    It is the product of one-hot rows with a kernel, without the zeros. Shapes: x (n, …) of whole numbers from 0 to
    input_dim − 1, embeddings (input_dim, output_dim), y (n, …, output_dim).

    Backward: dL/dembeddings[i] = sum of dL/dy over all places where x is i; rows that were not picked get 0.
    There is no dL/dx: whole numbers do not move by small steps.

    Args:
        input_dim: number of rows, the largest x plus 1. output_dim: length of each vector.
        embeddings_initializer, embeddings_regularizer: as in Keras.
        mask_zero: 0 stands for "no more words": recurrent layers and GlobalAveragePooling1D skip those steps.
        weights: `[embeddings]` to start from; the layer is then built at once.
    """

    accepts_integers = carries_mask = True

    not_in_config = ("weights",)

    def __init__(
        self,
        input_dim,
        output_dim,
        embeddings_initializer="uniform",
        embeddings_regularizer=None,
        mask_zero=False,
        weights=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        for name, value in (("input_dim", input_dim), ("output_dim", output_dim)):
            if not isinstance(value, (int, np.integer)) or value < 1:
                raise ValueError(f"{self.label} got {name}={short(value)}; it needs a whole number, 1 or more.")
        self.input_dim, self.output_dim = int(input_dim), int(output_dim)
        self.embeddings_initializer = initializers.get(embeddings_initializer)
        self.embeddings_regularizer = regularizers.get(embeddings_regularizer)
        self.mask_zero = mask_zero
        if weights is not None:
            self.ensure_built((None,))
            self.set_weights(weights)

    def build(self, input_shape):
        shape = (self.input_dim, self.output_dim)
        self.embeddings = self.add_weight(shape, self.embeddings_initializer, regularizer=self.embeddings_regularizer)

    def forward(self, x, run):
        x = x if x.dtype.kind in "iu" else self._as_whole_numbers(x)
        smallest, largest = x.min(), x.max()
        if smallest < 0 or largest >= self.input_dim:
            wrong = smallest if smallest < 0 else largest
            raise ValueError(
                f"{self.label} got the index {wrong}; its table has the rows 0 … {self.input_dim - 1}. "
                f"Make input_dim the number of different indices (the largest plus 1), or map unknown ones to a row."
            )
        run.keep(self, x)
        if self.mask_zero:
            run.mask = x != 0
        return self.embeddings[x]

    def _as_whole_numbers(self, x):
        whole = np.rint(x) == x
        if not whole.all():
            raise ValueError(
                f"{self.label} got {x[~whole].flat[0]}, which picks no row: it needs whole numbers from 0 to "
                f"{self.input_dim - 1}. Give it indices, not features; for features use Dense."
            )
        return x.astype(np.int64)

    def backward(self, dy, run):
        """Sort the places by index, so that equal indices stand together, and add up each group."""
        (x,) = run.take(self)
        indices = x.reshape(-1)
        order = indices.argsort(kind="stable")
        indices = indices[order]
        starts = np.flatnonzero(np.diff(indices, prepend=-1))
        self.d_embeddings[...] = 0
        self.d_embeddings[indices[starts]] = np.add.reduceat(dy.reshape(-1, self.output_dim)[order], starts, axis=0)
        return None

    def check_input(self, shape):
        """Any shape will do: every number picks a row."""

    def compute_output_shape(self, input_shape):
        return (*input_shape, self.output_dim)
