"""Recurrent layers: a state that is carried from step to step of a sequence, and changed by each.

All of them make one matrix product with the inputs of all steps at once; only the product with the state has to wait
for the step before. Inside, time comes first: (steps, n, features), so that the rows of one step stand together.
"""

import numpy as np

from course_lib import activations, initializers, regularizers
from course_lib.layers.base import Layer
from course_lib.layers.dropout import SpatialDropout1D
from course_lib.layers.sums import column_sums
from course_lib.text.words import short


class Recurrent(Layer):
    """What SimpleRNN, LSTM and GRU share. A subclass writes `steps` and `steps_back`, the walk in time and back.

    Shapes: x (n, steps, features), kernel (features, gates · units), recurrent_kernel (units, gates · units),
    y (n, units), or (n, steps, units) with return_sequences=True.

    Where the pass has a mask, the state stays as it is over the steps that do not count. So these are moved behind the
    others, and what they would make of the state is never read: `order` says from where each step came, and after[t]
    how many steps count up to t, so that h[after[t]] is the state after t.
    """

    gates = 1  # how many blocks of `units` columns the kernels hold
    input_rank, example_axes = 3, "steps, features"

    def __init__(
        self,
        units,
        activation="tanh",
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        dropout=0.0,
        seed=None,
        return_sequences=False,
        go_backwards=False,
        zero_output_for_mask=False,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if not isinstance(units, (int, np.integer)) or units < 1:
            raise ValueError(f"{self.label} got units={short(units)}; it needs a whole number of outputs, 1 or more.")
        self.units = int(units)
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.recurrent_initializer = initializers.get(recurrent_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.recurrent_regularizer = regularizers.get(recurrent_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.dropout, self.seed, self.drop = dropout, seed, SpatialDropout1D(dropout, seed, name="dropout")
        self.return_sequences, self.go_backwards = return_sequences, go_backwards
        self.zero_output_for_mask = zero_output_for_mask

    @property
    def carries_mask(self):
        return self.return_sequences

    @property
    def width(self):
        return self.gates * self.units

    @property
    def bias_shape(self):
        return (self.width,)

    def build(self, input_shape):
        kernel_shape, recurrent_shape = (input_shape[-1], self.width), (self.units, self.width)
        self.kernel = self.add_weight(kernel_shape, self.kernel_initializer, regularizer=self.kernel_regularizer)
        self.recurrent_kernel = self.add_weight(
            recurrent_shape, self.recurrent_initializer, regularizer=self.recurrent_regularizer
        )
        if self.use_bias:
            self.bias = self.add_weight(self.bias_shape, self.bias_initializer, regularizer=self.bias_regularizer)

    def blocks(self, z):
        """The columns of z (n, gates · units) as one array (n, units) a gate; views."""
        return z.reshape(len(z), self.gates, self.units).swapaxes(0, 1)

    def in_time(self, a):
        """Steps first, in the order in which they are read."""
        a = a.swapaxes(0, 1)
        return np.ascontiguousarray(a[::-1] if self.go_backwards else a)

    def forward(self, x, run):
        x = self.in_time(self.drop.forward(x, run))
        mask = order = after = None
        if run.mask is not None:
            mask = self.in_time(run.mask)
            order, after = (~mask).argsort(axis=0, kind="stable"), mask.cumsum(axis=0)
            x = np.take_along_axis(x, order[..., None], axis=0)
        steps, n, features = x.shape
        z = x.reshape(-1, features) @ self.kernel
        if self.use_bias:
            z += self.input_bias
        z = z.reshape(steps, n, self.width)
        h = np.zeros((steps + 1, n, self.units), z.dtype)  # h[0]: the state before the first step
        inside = self.steps(z, h)
        run.keep(self, x, z, h, inside, mask, order, after)
        y = h[1:] if after is None else h[after, np.arange(n)]
        if mask is not None and self.zero_output_for_mask:
            y *= mask[..., None]
        return y.swapaxes(0, 1) if self.return_sequences else y[-1]

    def backward(self, dy, run):
        x, z, h, inside, mask, order, after = run.take(self)
        dh = np.zeros_like(h)  # what reaches each state from above
        if self.return_sequences:
            dh[1:] = dy.swapaxes(0, 1)
        else:
            dh[-1] = dy
        if mask is not None:
            dy_steps, dh, rows = dh[1:], np.zeros_like(h), np.arange(h.shape[1])
            for t in range(len(after)):
                dh[after[t], rows] += dy_steps[t] * mask[t, :, None] if self.zero_output_for_mask else dy_steps[t]
        d_input, d_recurrent = (d.reshape(-1, self.width) for d in self.steps_back(dh[1:], z, h, inside))
        np.matmul(x.reshape(len(d_input), -1).T, d_input, out=self.d_kernel)
        np.matmul(h[:-1].reshape(len(d_input), -1).T, d_recurrent, out=self.d_recurrent_kernel)
        if self.use_bias:
            self.write_bias_gradient(d_input, d_recurrent)
        if not run.input_gradient:
            return None
        dx = (d_input @ self.kernel.T).reshape(x.shape)
        if order is not None:
            dx = np.take_along_axis(dx, order.argsort(axis=0)[..., None], axis=0)
        dx = (dx[::-1] if self.go_backwards else dx).swapaxes(0, 1)
        return run.backward(self.drop, dx)

    @property
    def input_bias(self):
        """The bias that is added to x @ kernel."""
        return self.bias

    def write_bias_gradient(self, d_input, d_recurrent):
        column_sums(d_input, out=self.d_bias)

    def steps(self, z, h):
        """Fill h[1:], and return what `steps_back` needs besides z and h.

        z (steps, n, gates · units) holds x @ kernel + bias of each step; it becomes what stands inside the activations.
        """
        raise NotImplementedError

    def steps_back(self, dy, z, h, inside):
        """dL/d(x @ kernel) and dL/d(h @ recurrent_kernel) of every step; dy[t] is what reaches h[t + 1] from above."""
        raise NotImplementedError

    def compute_output_shape(self, input_shape):
        steps = (input_shape[1],) if self.return_sequences else ()
        return (input_shape[0], *steps, self.units)


class SimpleRNN(Recurrent):
    """h[t] = f(x[t] @ kernel + h[t−1] @ recurrent_kernel + bias), starting from h = 0.

    Backward, from the last step to the first, with z the sum inside f:
        dz[t] = dL/dh[t] · f′(z[t]),  and h[t−1] gets dz[t] @ recurrent_kernelᵀ besides what reaches it from above.

    Args:
        units: length of the state. activation, use_bias, initializers, regularizers: as in Keras.
        dropout: share of the features that is dropped in training, the same ones at all steps of an example; seed.
        return_sequences: give the state after every step, not only the last. go_backwards: read from the last step.
        zero_output_for_mask: with return_sequences, 0 at steps that do not count, not the state before them.

    Source: Elman, 1990, Finding structure in time.
    """

    def steps(self, z, h):
        for t in range(len(z)):
            z[t] += h[t] @ self.recurrent_kernel
            h[t + 1] = self.activation(z[t])

    def steps_back(self, dy, z, h, inside):
        dz, dh = np.empty_like(z), 0.0
        to_state = np.ascontiguousarray(self.recurrent_kernel.T)  # copied once: the products are a quarter faster
        for t in reversed(range(len(dz))):
            dh = dh + dy[t]
            dz[t] = self.activation.gradient(dh, z[t], h[t + 1])
            dh = dz[t] @ to_state
        return dz, dz


class GatedRecurrent(Recurrent):
    """What LSTM and GRU share: `recurrent_activation`, by default a sigmoid, opens and closes the gates."""

    def __init__(self, units, activation="tanh", recurrent_activation="sigmoid", use_bias=True, **kwargs):
        super().__init__(units, activation, use_bias, **kwargs)
        self.recurrent_activation = activations.get(recurrent_activation)


class LSTM(GatedRecurrent):
    """A cell c that is kept or overwritten through gates, and a state h that shows part of it.

    With z = x[t] @ kernel + h[t−1] @ recurrent_kernel + bias, cut into four blocks of columns i, f, c, o
    (σ is recurrent_activation, g is activation):
        i = σ(z_i),  f = σ(z_f),  o = σ(z_o),  new = g(z_c)
        c[t] = f · c[t−1] + i · new,   h[t] = o · g(c[t])

    Backward, from the last step to the first:
        do = dh · g(c[t]),   dc += dh · o · g′(c[t])
        di = dc · new,  df = dc · c[t−1],  dnew = dc · i;  each times its activation's derivative is a block of dz[t]
        c[t−1] gets dc · f, and h[t−1] gets dz[t] @ recurrent_kernelᵀ.

    Args: as SimpleRNN, and recurrent_activation; unit_forget_bias: let the bias of f start at 1, so that a new cell
    keeps what it holds.

    Source: Hochreiter and Schmidhuber, 1997, Long short-term memory; forget gate: Gers et al., 2000.
    """

    gates = 4

    def __init__(
        self,
        units,
        activation="tanh",
        recurrent_activation="sigmoid",
        use_bias=True,
        unit_forget_bias=True,
        **kwargs,
    ):
        super().__init__(units, activation, recurrent_activation, use_bias, **kwargs)
        self.unit_forget_bias = unit_forget_bias

    def build(self, input_shape):
        super().build(input_shape)
        if self.use_bias and self.unit_forget_bias:
            self.bias[self.units : 2 * self.units] = 1

    def steps(self, z, h):
        c, gates = np.zeros_like(h), []
        for t in range(len(z)):
            z[t] += h[t] @ self.recurrent_kernel
            z_i, z_f, z_c, z_o = self.blocks(z[t])
            i, f, o = self.recurrent_activation(z_i), self.recurrent_activation(z_f), self.recurrent_activation(z_o)
            new = self.activation(z_c)
            c[t + 1] = f * c[t] + i * new
            shown = self.activation(c[t + 1])
            h[t + 1] = o * shown
            gates.append((i, f, new, o, shown))
        return c, gates

    def steps_back(self, dy, z, h, inside):
        c, gates = inside
        gate_gradient, gradient = self.recurrent_activation.gradient, self.activation.gradient
        dz, dh, dc = np.empty_like(z), 0.0, 0.0
        to_state = np.ascontiguousarray(self.recurrent_kernel.T)
        for t in reversed(range(len(dz))):
            i, f, new, o, shown = gates[t]
            z_i, z_f, z_c, z_o = self.blocks(z[t])
            dz_i, dz_f, dz_c, dz_o = self.blocks(dz[t])
            dh = dh + dy[t]
            dc = dc + gradient(dh * o, c[t + 1], shown)
            dz_i[...] = gate_gradient(dc * new, z_i, i)
            dz_f[...] = gate_gradient(dc * c[t], z_f, f)
            dz_c[...] = gradient(dc * i, z_c, new)
            dz_o[...] = gate_gradient(dh * shown, z_o, o)
            dc = dc * f
            dh = dz[t] @ to_state
        return dz, dz


class GRU(GatedRecurrent):
    """One state h, and a gate z that says how much of it stays.

    With a = x[t] @ kernel + bias[0] and m = h[t−1] @ recurrent_kernel + bias[1], both cut into three blocks of columns
    z, r, h (σ is recurrent_activation, g is activation):
        z = σ(a_z + m_z),  r = σ(a_r + m_r),  new = g(a_h + r · m_h)
        h[t] = z · h[t−1] + (1 − z) · new

    Backward, from the last step to the first, each times its activation's derivative:
        dz = dh · (h[t−1] − new),  dnew = dh · (1 − z),  dr = da_h · m_h
        dm = da but for dm_h = da_h · r,  and h[t−1] gets dh · z + dm @ recurrent_kernelᵀ.

    Args: as SimpleRNN, and recurrent_activation; reset_after: only Keras's default True, where r is applied after the
    product with recurrent_kernel; the bias then has shape (2, 3 · units).

    Source: Cho et al., 2014, Learning phrase representations using RNN encoder–decoder (v1 of the preprint).
    """

    gates = 3

    def __init__(
        self,
        units,
        activation="tanh",
        recurrent_activation="sigmoid",
        use_bias=True,
        reset_after=True,
        **kwargs,
    ):
        super().__init__(units, activation, recurrent_activation, use_bias, **kwargs)
        if not reset_after:
            raise ValueError(
                f"{self.label} got reset_after={short(reset_after)}; only True, Keras's default, is written here. "
                f"Leave the argument out."
            )
        self.reset_after = True

    @property
    def bias_shape(self):
        return (2, self.width)

    @property
    def input_bias(self):
        return self.bias[0]

    def write_bias_gradient(self, d_input, d_recurrent):
        column_sums(d_input, out=self.d_bias[0])
        column_sums(d_recurrent, out=self.d_bias[1])

    def steps(self, a, h):
        gates = []
        for t in range(len(a)):
            m = h[t] @ self.recurrent_kernel
            if self.use_bias:
                m += self.bias[1]
            a_z, a_r, a_h = self.blocks(a[t])
            m_z, m_r, m_h = self.blocks(m)
            a_z += m_z
            a_r += m_r
            z, r = self.recurrent_activation(a_z), self.recurrent_activation(a_r)
            a_h += r * m_h
            new = self.activation(a_h)
            h[t + 1] = z * h[t] + (1 - z) * new
            gates.append((z, r, new, m_h))
        return gates

    def steps_back(self, dy, a, h, gates):
        gate_gradient, gradient = self.recurrent_activation.gradient, self.activation.gradient
        da, dm, dh = np.empty_like(a), np.empty_like(a), 0.0
        to_state = np.ascontiguousarray(self.recurrent_kernel.T)
        for t in reversed(range(len(da))):
            z, r, new, m_h = gates[t]
            a_z, a_r, a_h = self.blocks(a[t])
            da_z, da_r, da_h = self.blocks(da[t])
            dh = dh + dy[t]
            da_z[...] = gate_gradient(dh * (h[t] - new), a_z, z)
            da_h[...] = gradient(dh * (1 - z), a_h, new)
            da_r[...] = gate_gradient(da_h * m_h, a_r, r)
            dm[t] = da[t]
            self.blocks(dm[t])[2] *= r
            dh = dh * z + dm[t] @ to_state
        return da, dm
