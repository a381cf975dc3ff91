"""A pass: one way through layers and back. What belongs to that way stands here, and nothing of it on the layers.

    run = Pass(training=True)
    y = layer.forward(x, run)       # the layer keeps in `run` what its backward will need
    dx = layer.backward(dy, run)    # and takes it out again

So two passes can be under way at once, a layer can stand twice in one model, threads can predict on one model, and
when the pass is gone nothing of its inputs is held.
"""

import numpy as np


class Pass:
    """What one pass carries.

    Args:
        training: whether layers behave as in training (Dropout draws, BatchNormalization looks at the batch).
        keeps: False for a pass that never goes back: then nothing is kept.
        generator: a `numpy.random.Generator` from which all layers of this pass draw; None: each as it was made.
        cache: what layers remember from one pass to the next when a sequence grows step by step. Whoever runs the
            pass hands it in; only the layers that use it know its form.

    `mask` says which steps of each sequence count, (n, steps) of True and False; None: all. A layer such as
    `Embedding(mask_zero=True)` sets it, those that follow heed it, and behind a layer that does not hand it on
    (`carries_mask`) it is None again.
    """

    __slots__ = ("training", "keeps", "generator", "cache", "mask", "input_gradient", "_kept", "_been_back")

    def __init__(self, training=False, keeps=True, generator=None, cache=None):
        self.training, self.keeps, self.generator, self.cache = training, keeps, generator, cache
        self.mask = None
        self.input_gradient = True  # False while a model's first layer goes back: nobody reads that dL/dx
        self._kept = {}  # layer: (what it kept last, (what it kept the time before, … None))
        self._been_back = set()

    def keep(self, layer, *values):
        """In `forward`: what this layer's `backward` will need."""
        if not self.keeps:
            return
        if self._been_back:
            raise RuntimeError(
                f"{layer.label} came forward in a pass that has gone back. Make a new one for each way: run = Pass()."
            )
        self._kept[layer] = values, self._kept.get(layer)

    def kept(self, layer):
        """What the layer kept last and has not taken yet."""
        if self._kept.get(layer) is None:
            raise RuntimeError(
                f"{layer.label} goes back in a pass in which it kept nothing. Run forward first, with this very pass "
                f"(made with keeps=True), and go back once for each time: run = Pass(); y = layer.forward(x, run); "
                f"layer.backward(dy, run)."
            )
        return self._kept[layer][0]

    def take(self, layer):
        """In `backward`: what the layer kept last, taken out. A layer passed twice takes in the opposite order."""
        values = self.kept(layer)
        self._kept[layer] = self._kept[layer][1]
        return values

    @property
    def values(self):
        """All that is kept now."""
        found = []
        for stack in self._kept.values():
            while stack is not None:
                values, stack = stack
                found += values
        return found

    @property
    def nbytes(self):
        """Bytes of the arrays that are kept, each counted once."""
        arrays = [value if value.base is None else value.base for value in self.values if isinstance(value, np.ndarray)]
        return sum({id(array): array.nbytes for array in arrays}.values())

    def backward(self, layer, dy, from_logits=False, input_gradient=True):
        """`layer.backward(dy, run)`, as a model calls it: where a layer is used several times, its gradients add up.

        from_logits: `dy` is dL/dz, before the layer's activation. input_gradient: False where nobody reads dL/dx.
        """
        if layer in self._been_back:
            return self._add(layer, dy, from_logits, input_gradient)
        self._been_back.add(layer)
        outside, self.input_gradient = self.input_gradient, input_gradient
        dx = layer.backward_from_logits(dy, self) if from_logits else layer.backward(dy, self)
        self.input_gradient = outside
        return dx

    def _add(self, layer, *arguments):
        """`backward`, with the layer's gradients so far added to those of this time."""
        own = [v for v in layer.own_variables if v.trainable]
        so_far = [v.gradient.copy() for v in own]
        self._been_back.remove(layer)
        dx = self.backward(layer, *arguments)
        for v, gradient in zip(own, so_far):
            v.gradient[...] += gradient
        return dx
