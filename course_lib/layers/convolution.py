"""Convolutions: one small kernel, applied at every place of a sequence or an image."""

import math
from operator import mul

import numpy as np
from numpy.lib.stride_tricks import as_strided

from course_lib import activations, initializers, regularizers
from course_lib.layers.sums import column_sums
from course_lib.layers.windows import WindowLayer
from course_lib.text.words import short


class Convolution(WindowLayer):
    """What Conv1D and Conv2D share: y = f(patches @ kernel + bias), where a patch is what the window sees.

    Every place of the window gives one row of `patches`, and the whole convolution is one matrix product.

    Backward, with dz = dL/dz at every place:
        dL/dkernel = patchesᵀ @ dz,  dL/dbias = sum of dz over examples and places,
        dL/dx: each cell of the window hands dz @ kernel[cell]ᵀ back to the position it saw; where windows overlap,
        the parts add up.
    """

    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
        data_format=None,
        dilation_rate=1,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        **kwargs,
    ):
        super().__init__(("kernel_size", kernel_size), strides, padding, dilation_rate, data_format, **kwargs)
        if not isinstance(filters, (int, np.integer)) or filters < 1:
            raise ValueError(
                f"{self.label} got filters={short(filters)}; it needs a whole number of outputs, 1 or more."
            )
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            raise ValueError(
                f"{self.label} got strides={self.strides} and dilation_rate={self.dilation_rate}; "
                f"only one of the two may be above 1, as in Keras."
            )
        self.filters = int(filters)
        self.kernel_size = self.window
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)

    def build(self, input_shape):
        self.output_space(input_shape[1:-1])
        shape = (*self.kernel_size, input_shape[-1], self.filters)
        self.kernel = self.add_weight(shape, self.kernel_initializer, regularizer=self.kernel_regularizer)
        if self.use_bias:
            self.bias = self.add_weight((self.filters,), self.bias_initializer, regularizer=self.bias_regularizer)

    def patches(self, padded, places):
        """What the window sees, one row a place: (n · places, cells · channels). The one copy that is needed."""
        n, *space, channels = padded.strides
        to_place, to_cell = map(mul, space, self.strides), map(mul, space, self.dilation_rate)
        shape = (len(padded), *places, *self.window, padded.shape[-1])
        views = as_strided(padded, shape, (n, *to_place, *to_cell, channels), writeable=False)
        rows = len(padded) * math.prod(places)
        if padded.shape[-1] >= 4:
            return views.reshape(rows, -1)
        # With few channels the numbers of one row are scattered in memory: copying column by column is faster.
        axes = range(views.ndim)
        split = self.rank + 1
        return views.transpose(*axes[split:], *axes[:split]).reshape(-1, rows).T

    def forward(self, x, run):
        places = self.output_space(x.shape[1:-1])
        padded, inside = self.pad(x)
        patches = self.patches(padded, places)
        z = (patches @ self.kernel.reshape(-1, self.filters)).reshape(len(x), *places, self.filters)
        if self.use_bias:
            z += self.bias
        y = self.activation(z)
        run.keep(self, patches, z, y, padded.shape, inside)
        return y

    def backward(self, dy, run):
        _, z, y, *_ = run.kept(self)
        return self.backward_from_logits(self.activation.gradient(dy, z, y), run)

    def backward_from_logits(self, dz, run):
        patches, _, _, padded_shape, inside = run.take(self)
        dz_rows = dz.reshape(-1, self.filters)
        np.matmul(patches.T, dz_rows, out=self.d_kernel.reshape(-1, self.filters))
        if self.use_bias:
            column_sums(dz_rows, out=self.d_bias)
        if not run.input_gradient:
            return None
        dx = np.zeros(padded_shape, dz.dtype)
        to_input = np.ascontiguousarray(self.kernel.swapaxes(-1, -2))  # copied once: the products are faster
        for cell, seen in self.cells(dz.shape[1:-1]):
            dx[seen] += (dz_rows @ to_input[cell]).reshape(*dz.shape[:-1], -1)
        return dx[inside]

    def logits(self, run):
        """z of the last forward in this pass, before the activation."""
        _, z, *_ = run.kept(self)
        return z

    def compute_output_shape(self, input_shape):
        return (input_shape[0], *self.output_space(input_shape[1:-1]), self.filters)


class Conv1D(Convolution):
    """A window of `kernel_size` steps slides over a sequence; at each place every filter gives one number.

    y[t] = f(Σᵢ x[t·stride + i·dilation_rate] @ kernel[i] + bias)

    Shapes: x (n, steps, channels), kernel (kernel_size, channels, filters), bias (filters,), y (n, places, filters).

    Args:
        filters: number of outputs at each place. kernel_size, strides, dilation_rate: whole numbers.
        padding: "valid": the window stays inside; "same": zeros around, so that with stride 1 y is as long as x;
            "causal": zeros before only, so that y[t] sees no later step.
        activation, use_bias, the initializers and the regularizers: as in Dense. `groups` is left out.

    Source: Dumoulin and Visin, 2016, A guide to convolution arithmetic for deep learning.
    """

    rank, input_rank, example_axes = 1, 3, "steps, channels"
    paddings = ("valid", "same", "causal")


class Conv2D(Convolution):
    """A window of `kernel_size` pixels slides over an image; at each place every filter gives one number.

    y[r, s] = f(Σᵢ Σⱼ x[r·stride + i·dilation_rate, s·stride + j·dilation_rate] @ kernel[i, j] + bias)

    Shapes: x (n, height, width, channels), kernel (*kernel_size, channels, filters), bias (filters,),
    y (n, places down, places across, filters).

    Args:
        filters: number of outputs at each place. kernel_size, strides, dilation_rate: whole numbers, or pairs of them.
        padding: "valid": the window stays inside; "same": zeros around, so that with stride 1 y is as large as x.
        activation, use_bias, the initializers and the regularizers: as in Dense. `groups` is left out.

    Source: Dumoulin and Visin, 2016, A guide to convolution arithmetic for deep learning.
    """

    rank, input_rank, example_axes = 2, 4, "height, width, channels"
