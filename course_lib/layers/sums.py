"""Sums of rows and columns as matrix products with ones: BLAS adds several times faster than `np.sum`."""

import numpy as np


def column_sums(x, out=None):
    """Sum over the rows of x (n, d): shape (d,). It is what a bias gets as its gradient."""
    return np.matmul(np.ones(len(x), x.dtype), x, out=out)


def row_sums(x):
    """Sum of each row of x (n, d), as a column (n, 1)."""
    return x @ np.ones((x.shape[1], 1), x.dtype)


def row_dots(a, b):
    """Dot product of each row of a (n, d) with the same row of b, as a column (n, 1)."""
    return np.vecdot(a, b)[:, None]
