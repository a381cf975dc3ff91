"""A deep stack before training: how large the signal is at each layer, and the gradient on its way back."""

import numpy as np

from course_lib import plots
from course_lib.experiments.depth import deep_stack, size, sizes
from course_lib.plots.depth import power
from course_lib.widgets.base import Choice, CourseWidget, Slider, script, stylesheet

WIDTH, EXAMPLES = 128, 64


class SignalDepth(CourseWidget):
    """Activation, gain and depth → the size of signal and gradient at each layer, from 1 where each of them begins."""

    _esm = script("signal_depth")
    _css = stylesheet("signal_depth")
    controls = (
        Choice("activation", "activation", ("relu", "gelu", "tanh", "sigmoid"), "relu"),
        Slider("gain", "gain", 0.2, 3, 0.05, 1),
        Slider("depth", "layers", 2, 40, 1, 20),
    )

    def compute(self, activation, gain, depth):
        signal, gradient = sizes(deep_stack(activation, gain, depth, WIDTH), *ends())
        return {
            "signal": signal,
            "gradient": gradient,
            "said": [
                f"signal after layer {depth}: {power(signal[-1])} {_a_layer(signal[-1], depth)}",
                f"gradient at the input: {power(gradient[0])} {_a_layer(gradient[0], depth)}",
            ],
        }

    def describe(self, result, activation, gain, depth):
        return f"{depth} layers of {activation} at gain {gain:.3g}: {'; '.join(result['said'])}."

    def static(self):
        defaults = {control.name: control.default for control in self.controls}
        result = self.compute(**defaults)
        return plots.signal_depth(result["signal"], result["gradient"], defaults["activation"], defaults["gain"])


def ends(seed=1):
    """What goes in at the bottom and what comes back at the top: random rows, both of size 1."""
    both = np.random.default_rng(seed).normal(size=(2, EXAMPLES, WIDTH))
    return [rows / size(rows) for rows in both]


def _a_layer(end, depth):
    return f"(mean × {end ** (1 / depth):.2f} a layer)"
