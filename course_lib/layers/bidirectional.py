"""Bidirectional: a sequence read from both ends."""

import numpy as np

from course_lib.layers.base import Layer
from course_lib.layers.recurrent import Recurrent
from course_lib.text.words import short
from course_lib.utils import lookup

# How the two outputs a and b become one, and what each gets of its gradient dy.
MERGES = {
    "concat": (
        lambda a, b: np.concatenate([a, b], axis=-1),
        lambda dy, a, b: np.split(dy, [a.shape[-1]], axis=-1),
    ),
    "sum": (lambda a, b: a + b, lambda dy, a, b: (dy, dy)),
    "ave": (lambda a, b: (a + b) / 2, lambda dy, a, b: (dy / 2, dy / 2)),
    "mul": (lambda a, b: a * b, lambda dy, a, b: (dy * b, dy * a)),
}


class Bidirectional(Layer):
    """One recurrent layer reads from the first step, a second one like it from the last; their outputs are merged.

    With return_sequences the second's outputs are turned round, so that both belong to the same step.

    Shapes: x (n, steps, features), y (n, 2 · units) or (n, steps, 2 · units) with "concat", else as the layer's own.

    Args:
        layer: a SimpleRNN, LSTM or GRU; it becomes the first of the two.
        merge_mode: "concat", "sum", "ave" (their mean) or "mul". (Keras's None, two outputs, is left out.)
        backward_layer: the second, with the opposite `go_backwards`; left out: the layer's twin.

    Source: Schuster and Paliwal, 1997, Bidirectional recurrent neural networks.
    """

    input_rank, example_axes = 3, "steps, features"

    def __init__(self, layer, merge_mode="concat", backward_layer=None, **kwargs):
        super().__init__(**kwargs)
        if not isinstance(layer, Recurrent):
            raise TypeError(f"{self.label} got {short(layer)}; it needs a recurrent layer, such as layers.LSTM(32).")
        self.merge_mode, self.merge = merge_mode, lookup("merge_mode", merge_mode, MERGES)
        turned = {"name": f"backward_{layer.name}", "go_backwards": not layer.go_backwards}
        self.layer = layer
        self.backward_layer = backward_layer or type(layer)(**{**layer.get_config(), **turned})
        if [layer.go_backwards, layer.return_sequences] != [
            not self.backward_layer.go_backwards,
            self.backward_layer.return_sequences,
        ]:
            raise ValueError(
                f"{self.label} got {layer.label} and {self.backward_layer.label}: the second needs the opposite "
                f"go_backwards and the same return_sequences."
            )
        for each in self.sublayers:
            each.zero_output_for_mask = each.return_sequences  # as in Keras

    @property
    def carries_mask(self):
        return self.layer.return_sequences

    def build(self, input_shape):
        for layer in self.sublayers:
            layer.ensure_built(input_shape)

    def forward(self, x, run):
        a, b = (layer.forward(x, run) for layer in self.sublayers)
        b = b[:, ::-1] if self.layer.return_sequences else b
        run.keep(self, a, b)
        join, _ = self.merge
        return join(a, b)

    def backward(self, dy, run):
        _, part = self.merge
        da, db = part(dy, *run.take(self))
        db = db[:, ::-1] if self.layer.return_sequences else db
        dx = run.backward(self.layer, da, input_gradient=run.input_gradient)
        dx_from_the_end = run.backward(self.backward_layer, db, input_gradient=run.input_gradient)
        return dx + dx_from_the_end if run.input_gradient else None

    def compute_output_shape(self, input_shape):
        *axes, a = self.layer.compute_output_shape(input_shape)
        *_, b = self.backward_layer.compute_output_shape(input_shape)
        return (*axes, a + b if self.merge_mode == "concat" else a)
