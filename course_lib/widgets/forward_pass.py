"""A small network with every number that it computes written on it, its inputs on sliders."""

import numpy as np

from course_lib import activations, plots
from course_lib.widgets.base import Choice, CourseWidget, Slider, script, stylesheet

INPUTS = ("game", "library", "level")
OUTPUTS = ("game", "something else")

# Chosen by hand; the first two neurons are those of lesson 1.1. Where a weight is 0 there is no line.
KERNEL_1 = np.array([[1.0, 0.0, 1.5, 0.0], [-1.0, 2.0, -1.0, -1.0], [2.0, 0.0, 0.0, 1.5]])
BIAS_1 = np.array([-1.0, -1.0, -0.5, -0.5])
KERNEL_2 = np.array([[0.5, -0.5], [-0.5, 1.0], [0.4, 0.0], [0.0, -0.3]])
BIAS_2 = np.array([-1.0, 0.5])


class ForwardPass(CourseWidget):
    """3 word counts → 4 hidden neurons → 2 classes. Every product stands on its line, every sum on its neuron."""

    _esm = script("forward_pass")
    _css = stylesheet("forward_pass")
    controls = (
        *(Slider(name, name, 0, 4, 0.1, default) for name, default in zip(INPUTS, (2, 0, 1))),
        Choice("activation", "activation", ("relu", "gelu", "sigmoid", "tanh", "linear"), "relu"),
    )

    def __init__(self, **values):
        z = np.linspace(-6, 6, 97)
        curves = {name: activations.get(name)(z) for name in self.controls[-1].options}
        page = {
            "inputs": INPUTS,
            "outputs": OUTPUTS,
            "kernels": [KERNEL_1, KERNEL_2],
            "biases": [BIAS_1, BIAS_2],
            "curve_z": z,
            "curves": curves,
        }
        super().__init__(page, **values)

    def compute(self, game, library, level, activation):
        x = np.array([game, library, level], dtype="float64")
        z = x @ KERNEL_1 + BIAS_1
        hidden = activations.get(activation)(z)
        logits = hidden @ KERNEL_2 + BIAS_2
        return {
            "values": [x, hidden],
            "products": [x[:, None] * KERNEL_1, hidden[:, None] * KERNEL_2],
            "sums": [z, logits],
            "probabilities": activations.softmax(logits[None])[0],
        }

    def describe(self, result, activation, **inputs):
        x = ", ".join(f"{name} {value:g}" for name, value in inputs.items())
        hidden = ", ".join(f"{h:.2f}" for h in result["values"][1])
        answer = ", ".join(f"{name} {p:.1%}" for name, p in zip(OUTPUTS, result["probabilities"]))
        return f"Inputs {x}. After {activation} the hidden neurons send {hidden}. Answer: {answer}."

    def static(self):
        return plots.network(
            **self.at_defaults(),
            biases=[BIAS_1, BIAS_2],
            kernels=[KERNEL_1, KERNEL_2],
            input_names=INPUTS,
            output_names=OUTPUTS,
            activation=self.controls[-1].default,
        )
