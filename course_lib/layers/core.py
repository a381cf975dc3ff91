"""The layers every network has: Input, Dense, Activation, Dropout, Flatten, Reshape, Residual."""

import math

import numpy as np

from course_lib import activations, initializers, regularizers
from course_lib.layers.base import Layer, show_shape
from course_lib.utils import generator


class Input(Layer):
    """Says the shape of one example: `Input(shape=(1000,))`. It computes nothing."""

    def __init__(self, shape, **kwargs):
        super().__init__(**{**kwargs, "input_shape": shape})

    def forward(self, x, run):
        return x

    def backward(self, dy, run):
        return dy

    def get_config(self):
        config = super().get_config()
        return {**config, "shape": config.pop("input_shape")}


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
            raise ValueError(f"Dense got units={units!r}; it needs a whole number of outputs, 1 or more.")
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
        self.add_weight("kernel", (features, self.units), self.kernel_initializer, self.kernel_regularizer)
        if self.use_bias:
            self.add_weight("bias", (self.units,), self.bias_initializer, self.bias_regularizer)

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
                f"For a single example add the batch axis: x[None]."
            )

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "activation": self.activation,
            "use_bias": self.use_bias,
            "kernel_initializer": self.kernel_initializer,
            "bias_initializer": self.bias_initializer,
            "kernel_regularizer": self.kernel_regularizer,
            "bias_regularizer": self.bias_regularizer,
        }


class Activation(Layer):
    """y = f(x), element by element (softmax: along the last axis). dL/dx = dL/dy · f′(x)."""

    def __init__(self, activation, **kwargs):
        super().__init__(**kwargs)
        self.activation = activations.get(activation)

    def forward(self, x, run):
        y = self.activation(x)
        run.keep(self, x, y)
        return y

    def backward(self, dy, run):
        x, y = run.take(self)
        return self.activation.gradient(dy, x, y)

    def backward_from_logits(self, dz, run):
        run.take(self)
        return dz

    def logits(self, run):
        """What the activation was applied to in the last forward of this pass."""
        x, y = run.kept(self)
        return x

    def compute_output_shape(self, input_shape):
        probe = self.activation(np.zeros([n or 1 for n in input_shape], self.dtype))  # glu halves the last axis
        return (input_shape[0], *probe.shape[1:])

    def get_config(self):
        return {**super().get_config(), "activation": self.activation}


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


class Flatten(Layer):
    """(n, a, b, …) → (n, a·b·…), row by row."""

    def forward(self, x, run):
        run.keep(self, x.shape)
        return x.reshape(len(x), -1)

    def backward(self, dy, run):
        (shape,) = run.take(self)
        return dy.reshape(shape)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], math.prod(input_shape[1:]))


class Reshape(Layer):
    """(n, …) → (n, *target_shape); one entry may be −1 and is worked out."""

    def __init__(self, target_shape, **kwargs):
        super().__init__(**kwargs)
        self.target_shape = tuple(target_shape)

    def forward(self, x, run):
        run.keep(self, x.shape)
        return x.reshape(self.compute_output_shape(x.shape))

    def backward(self, dy, run):
        (shape,) = run.take(self)
        return dy.reshape(shape)

    def compute_output_shape(self, input_shape):
        size, known = math.prod(input_shape[1:]), math.prod(n for n in self.target_shape if n != -1)
        free = self.target_shape.count(-1)
        if free > 1 or (size != known if free == 0 else known == 0 or size % known):
            raise ValueError(
                f"{self.label} cannot turn examples of shape {show_shape(input_shape[1:])} ({size} numbers) into "
                f"{show_shape(self.target_shape)}. The products must agree; one entry may be -1."
            )
        return (input_shape[0], *(size // known if n == -1 else n for n in self.target_shape))

    def get_config(self):
        return {**super().get_config(), "target_shape": list(self.target_shape)}


class Residual(Layer):
    """y = x + layer(x): the layer learns a correction, and the gradient has a way around it.

    dL/dx = dL/dy + (the layer's own dL/dx): where a path forks, gradients add. `layer` is any layer whose output
    has its input's shape, for instance a `Sequential`. Source: He et al., 2016, Deep residual learning.
    """

    def __init__(self, layer, **kwargs):
        super().__init__(**kwargs)
        self.layer = layer
        self.sublayers = [layer]

    def build(self, input_shape):
        self.layer.ensure_built(input_shape)
        output_shape = self.layer.compute_output_shape(input_shape)
        if tuple(output_shape[1:]) != tuple(input_shape[1:]):
            raise ValueError(
                f"{self.label} adds its input to the output of {self.layer.label}: both must have one shape, but "
                f"{show_shape(input_shape[1:])} became {show_shape(output_shape[1:])}. Give the inner layer "
                f"{input_shape[-1]} outputs."
            )

    def forward(self, x, run):
        return x + self.layer.forward(x, run)

    def backward(self, dy, run):
        return dy + run.backward(self.layer, dy)

    def get_config(self):
        return {**super().get_config(), "layer": self.layer}
