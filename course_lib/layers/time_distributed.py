"""TimeDistributed: a layer for one example, put over a sequence of them."""

from course_lib.layers.base import Layer


class TimeDistributed(Layer):
    """Each step of x goes through `layer` as an example of its own: (n, steps, …) → (n, steps, …).

    The steps are put into the batch axis, and taken out again; the gradient goes the same way. Dense, which carries
    along all axes but the last, does not need it; Conv2D over the pictures of a film does.
    """

    carries_mask = True

    def __init__(self, layer, **kwargs):
        super().__init__(**kwargs)
        self.layer = layer

    def check_rank(self, shape):
        if len(shape) < 3:
            raise ValueError(f"{self.label} got input of shape {tuple(shape)}; it needs (n, steps, …), 3 axes or more.")

    def check_input(self, shape):
        self.check_rank(shape)
        self.layer.check_input((None, *shape[2:]))

    def build(self, input_shape):
        self.layer.ensure_built((None, *input_shape[2:]))

    def forward(self, x, run):
        y = self.layer.forward(x.reshape(-1, *x.shape[2:]), run)
        run.keep(self, x.shape, y.shape)
        return y.reshape(*x.shape[:2], *y.shape[1:])

    def backward(self, dy, run):
        x_shape, y_shape = run.take(self)
        dx = run.backward(self.layer, dy.reshape(y_shape), input_gradient=run.input_gradient)
        return None if dx is None else dx.reshape(x_shape)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:2], *self.layer.compute_output_shape((None, *input_shape[2:]))[1:])
