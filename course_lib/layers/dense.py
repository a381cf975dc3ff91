"""Dense: every output sees every input."""

import numpy as np

from course_lib import activations, initializers, regularizers
from course_lib.layers.base import Layer, show_shape
from course_lib.text.words import short


class Dense(Layer):
    """y = f(x @ kernel + bias): every output sees every input.

    Shapes: x (n, d), kernel (d, units), bias (units,), y (n, units). Axes between the first and the last are
    carried along: (n, t, d) gives (n, t, units).

    Backward, with z = x @ kernel + bias and dz = dL/dz:
        dL/dkernel = xᵀ @ dz,  dL/dbias = sum of dz over the rows,  dL/dx = dz @ kernelᵀ.

    Args:
        units: number of outputs. activation: a name, a function of `course_lib.activations`, or None.
        use_bias, kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer: as in Keras.
        weights: `[kernel, bias]` to start from; the layer is then built at once.
    """

    carries_mask = True
    not_in_config = ("weights",)

    def __init__(
        self,
        units,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        weights=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if not isinstance(units, (int, np.integer)) or units < 1:
            raise ValueError(f"Dense got units={short(units)}; it needs a whole number of outputs, 1 or more.")
        self.units = int(units)
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        if weights is not None:
            self.ensure_built((None, np.shape(weights[0])[0]))
            self.set_weights(weights)

    def build(self, input_shape):
        features = input_shape[-1]
        self.kernel = self.add_weight(
            (features, self.units), self.kernel_initializer, regularizer=self.kernel_regularizer
        )
        if self.use_bias:
            self.bias = self.add_weight((self.units,), self.bias_initializer, regularizer=self.bias_regularizer)

    def forward(self, x, run):
        z = x @ self.kernel
        if self.use_bias:
            z += self.bias
        y = self.activation.function(z)
        run.keep(self, x, z, y)  # for the backward pass
        return y

    def backward(self, dy, run):
        x, z, y = run.kept(self)
        return self.backward_from_logits(self.activation.gradient(dy, z, y), run)

    def backward_from_logits(self, dz, run):
        """The backward pass from dL/dz on, where the loss already holds the activation's derivative."""
        x, z, y = run.take(self)
        x_rows, dz_rows = x.reshape(-1, x.shape[-1]), dz.reshape(-1, self.units)
        np.matmul(x_rows.T, dz_rows, out=self.d_kernel)
        if self.use_bias:
            dz_rows.sum(axis=0, out=self.d_bias)
        return dz @ self.kernel.T if run.input_gradient else None

    def logits(self, run):
        """z of the last forward in this pass, before the activation."""
        x, z, y = run.kept(self)
        return z

    def check_rank(self, shape):
        if len(shape) < 2:
            raise ValueError(
                f"{self.label} got input of shape {show_shape(shape)}; it needs (n, features), one row an example. "
                f"For a single example add the batch axis: x[None]; for {shape[0]} examples of one number: x[:, None]."
            )

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)
