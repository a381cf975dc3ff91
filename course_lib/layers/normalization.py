"""Normalization: numbers brought to mean 0 and size 1, along each example or along the batch."""

import math

import numpy as np

from course_lib import initializers, regularizers
from course_lib.layers.base import Layer, show_shape
from course_lib.layers.sums import column_sums, row_dots, row_sums
from course_lib.text.words import short


class _ExampleNormalization(Layer):
    """What LayerNormalization and RMSNormalization share: they treat the last axes of x as one row of d numbers."""

    carries_mask = True

    def __init__(self, axis=-1, epsilon=1e-3, **kwargs):
        super().__init__(**kwargs)
        self.axis, self.epsilon = axis, float(epsilon)

    def normalized_shape(self, input_shape):
        """The shape of the last axes, which are normalized together; an error where `axis` names others."""
        rank = len(input_shape)
        axes = [self.axis] if isinstance(self.axis, (int, np.integer)) else list(self.axis)
        if sorted(a % rank for a in axes if -rank <= a < rank) != list(range(rank - len(axes), rank)):
            raise ValueError(
                f"{self.label} got axis={short(self.axis)} for input of shape {show_shape(input_shape)}; "
                f"it normalizes the "
                f"last axis (-1) or several last axes ([-2, -1]). Move the axis to the end with np.moveaxis or Reshape."
            )
        return tuple(input_shape[rank - len(axes) :])

    def check_rank(self, shape):
        if len(shape) < 2:
            raise ValueError(
                f"{self.label} got input of shape {show_shape(shape)}; it needs (n, features), one row an example. "
                f"For a single example add the batch axis: x[None]."
            )

    def check_input(self, shape):
        self.check_rank(shape)
        given, expected = self.normalized_shape(shape), self.normalized_shape(self.built_shape)
        if given != expected:
            raise ValueError(
                f"{self.label} got input of shape {show_shape(shape)}, with {show_shape(given)} numbers to normalize; "
                f"it was built for {show_shape(expected)}. Each row is one example: check the last axes, or make a "
                f"new layer."
            )


class LayerNormalization(_ExampleNormalization):
    """y = x̂ · gamma + beta with x̂ = (x − mean) / √(variance + ε): every example is normalized by itself.

    Mean and (biased) variance are taken over the last axes of each example, d numbers.
    Shapes: x and y (n, …, d); gamma and beta (d,), or the shape of all the axes in `axis`.

    Backward, with dx̂ = dL/dy · gamma and means over the same d numbers:
        dL/dx = (dx̂ − mean(dx̂) − x̂ · mean(dx̂ · x̂)) / √(variance + ε),
        dL/dgamma = sum of dL/dy · x̂ over the rows,  dL/dbeta = sum of dL/dy over the rows.

    Args:
        axis: -1, or a list of the last axes. epsilon: keeps the root away from 0.
        center, scale: whether there is a beta, a gamma; their initializers and regularizers.

    Source: Ba, Kiros and Hinton, 2016, Layer normalization.
    """

    def __init__(
        self,
        axis=-1,
        epsilon=1e-3,
        center=True,
        scale=True,
        beta_initializer="zeros",
        gamma_initializer="ones",
        beta_regularizer=None,
        gamma_regularizer=None,
        **kwargs,
    ):
        super().__init__(axis, epsilon, **kwargs)
        self.center, self.scale = center, scale
        self.beta_initializer = initializers.get(beta_initializer)
        self.gamma_initializer = initializers.get(gamma_initializer)
        self.beta_regularizer = regularizers.get(beta_regularizer)
        self.gamma_regularizer = regularizers.get(gamma_regularizer)

    def build(self, input_shape):
        shape = self.normalized_shape(input_shape)
        self.size = math.prod(shape)
        if self.scale:
            self.gamma = self.add_weight(shape, self.gamma_initializer, regularizer=self.gamma_regularizer)
        if self.center:
            self.beta = self.add_weight(shape, self.beta_initializer, regularizer=self.beta_regularizer)

    def forward(self, x, run):
        rows = x.reshape(-1, self.size)
        centered = rows - row_sums(rows) * (1 / self.size)
        variance = row_dots(centered, centered) * (1 / self.size)
        inverse = 1 / np.sqrt(variance + self.epsilon)
        x_hat = np.multiply(centered, inverse, out=centered)
        run.keep(self, x_hat, inverse)
        y = x_hat * self.gamma.ravel() if self.scale else x_hat.copy()
        if self.center:
            y += self.beta.ravel()
        return y.reshape(x.shape)

    def backward(self, dy, run):
        x_hat, inverse = run.take(self)
        rows = dy.reshape(-1, self.size)
        if self.scale:
            column_sums(rows * x_hat, out=self.d_gamma.reshape(-1))
        if self.center:
            column_sums(rows, out=self.d_beta.reshape(-1))
        if not run.input_gradient:
            return None
        dx_hat = rows * self.gamma.ravel() if self.scale else rows
        dx = dx_hat - x_hat * (row_dots(dx_hat, x_hat) * (1 / self.size))
        dx -= row_sums(dx_hat) * (1 / self.size)
        dx *= inverse
        return dx.reshape(dy.shape)


class RMSNormalization(_ExampleNormalization):
    """y = x̂ · scale with x̂ = x / √(mean(x²) + ε): every example keeps its direction and gets length √d.

    Shapes: x and y (n, …, d); scale (d,), or the shape of all the axes in `axis`.

    Backward, with dx̂ = dL/dy · scale and means over the same d numbers:
        dL/dx = (dx̂ − x̂ · mean(dx̂ · x̂)) / √(mean(x²) + ε),  dL/dscale = sum of dL/dy · x̂ over the rows.

    Source: Zhang and Sennrich, 2019, Root mean square layer normalization.
    """

    def __init__(self, axis=-1, epsilon=1e-6, **kwargs):
        super().__init__(axis, epsilon, **kwargs)

    def build(self, input_shape):
        shape = self.normalized_shape(input_shape)
        self.size = math.prod(shape)
        self.scale = self.add_weight(shape, "ones")

    def forward(self, x, run):
        rows = x.reshape(-1, self.size)
        inverse = 1 / np.sqrt(row_dots(rows, rows) * (1 / self.size) + self.epsilon)
        x_hat = rows * inverse
        run.keep(self, x_hat, inverse)
        return (x_hat * self.scale.ravel()).reshape(x.shape)

    def backward(self, dy, run):
        x_hat, inverse = run.take(self)
        rows = dy.reshape(-1, self.size)
        column_sums(rows * x_hat, out=self.d_scale.reshape(-1))
        if not run.input_gradient:
            return None
        dx_hat = rows * self.scale.ravel()
        dx = dx_hat - x_hat * (row_dots(dx_hat, x_hat) * (1 / self.size))
        dx *= inverse
        return dx.reshape(dy.shape)


class BatchNormalization(Layer):
    """y = x̂ · gamma + beta with x̂ = (x − mean) / √(variance + ε): every channel is normalized along the batch.

    In training, mean and (biased) variance are those of the batch, over all axes but the last, and the moving
    statistics follow them: moving = momentum · moving + (1 − momentum) · batch. In inference, and where the layer is
    frozen (`trainable=False`), the moving statistics are used and do not change, as in Keras.

    Shapes: x and y (n, …, channels); gamma, beta, moving_mean, moving_variance (channels,).

    Backward in training, with dx̂ = dL/dy · gamma and means over all axes but the last:
        dL/dx = (dx̂ − mean(dx̂) − x̂ · mean(dx̂ · x̂)) / √(variance + ε); in inference dL/dx = dx̂ / √(variance + ε).
        dL/dgamma = sum of dL/dy · x̂,  dL/dbeta = sum of dL/dy.

    Args:
        axis: the channels' axis, always the last here. momentum: share of the moving statistics that stays.
        epsilon, center, scale, initializers, regularizers: as in LayerNormalization.

    Source: Ioffe and Szegedy, 2015, Batch normalization.
    """

    carries_mask = True

    def __init__(
        self,
        axis=-1,
        momentum=0.99,
        epsilon=1e-3,
        center=True,
        scale=True,
        beta_initializer="zeros",
        gamma_initializer="ones",
        moving_mean_initializer="zeros",
        moving_variance_initializer="ones",
        beta_regularizer=None,
        gamma_regularizer=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.axis, self.momentum, self.epsilon = axis, float(momentum), float(epsilon)
        self.center, self.scale = center, scale
        self.beta_initializer = initializers.get(beta_initializer)
        self.gamma_initializer = initializers.get(gamma_initializer)
        self.moving_mean_initializer = initializers.get(moving_mean_initializer)
        self.moving_variance_initializer = initializers.get(moving_variance_initializer)
        self.beta_regularizer = regularizers.get(beta_regularizer)
        self.gamma_regularizer = regularizers.get(gamma_regularizer)

    def build(self, input_shape):
        if self.axis not in (-1, len(input_shape) - 1):
            raise ValueError(
                f"{self.label} got axis={short(self.axis)} for input of shape {show_shape(input_shape)}; "
                f"here the channels "
                f"are always last. Use axis=-1 and move the channels with np.moveaxis(x, {self.axis}, -1)."
            )
        shape = (input_shape[-1],)
        if self.scale:
            self.gamma = self.add_weight(shape, self.gamma_initializer, regularizer=self.gamma_regularizer)
        if self.center:
            self.beta = self.add_weight(shape, self.beta_initializer, regularizer=self.beta_regularizer)
        self.moving_mean = self.add_weight(shape, self.moving_mean_initializer, trainable=False)
        self.moving_variance = self.add_weight(shape, self.moving_variance_initializer, trainable=False)

    def forward(self, x, run):
        rows = x.reshape(-1, x.shape[-1])
        uses_batch = run.training and self.trainable
        if uses_batch and run.mask is not None:
            raise ValueError(
                f"{self.label} got sequences with a mask: which steps count in the mean of a batch is left out here. "
                f"Use LayerNormalization."
            )
        if uses_batch:
            mean = column_sums(rows) * (1 / len(rows))
            centered = rows - mean
            variance = column_sums(centered * centered) * (1 / len(rows))
            self._follow(self.moving_mean, mean)
            self._follow(self.moving_variance, variance)
        else:
            centered, variance = rows - self.moving_mean, self.moving_variance
        inverse = 1 / np.sqrt(variance + self.epsilon)
        x_hat = np.multiply(centered, inverse, out=centered)
        run.keep(self, x_hat, inverse, uses_batch)
        y = x_hat * self.gamma if self.scale else x_hat.copy()
        if self.center:
            y += self.beta
        return y.reshape(x.shape)

    def _follow(self, moving, batch):
        moving *= self.momentum
        moving += (1 - self.momentum) * batch

    def backward(self, dy, run):
        x_hat, inverse, uses_batch = run.take(self)
        rows = dy.reshape(-1, dy.shape[-1])
        sum_dy, sum_dy_x_hat = column_sums(rows), column_sums(rows * x_hat)
        if self.scale:
            self.d_gamma[...] = sum_dy_x_hat
        if self.center:
            self.d_beta[...] = sum_dy
        if not run.input_gradient:
            return None
        dx = rows.copy()
        if uses_batch:  # mean and variance depend on x too
            dx -= x_hat * (sum_dy_x_hat * (1 / len(rows)))
            dx -= sum_dy * (1 / len(rows))
        dx *= self.gamma * inverse if self.scale else inverse
        return dx.reshape(dy.shape)

    def check_rank(self, shape):
        if len(shape) < 2:
            raise ValueError(
                f"{self.label} got input of shape {show_shape(shape)}; it needs (n, …, channels). "
                f"For a single example add the batch axis: x[None]."
            )
