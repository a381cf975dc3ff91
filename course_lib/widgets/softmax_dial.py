"""Softmax under a temperature: real scores, the probabilities that they become, and the loss of the right class."""

import numpy as np

from course_lib import plots
from course_lib.activations import log_softmax
from course_lib.widgets.base import Choice, CourseWidget, Slider, script, stylesheet


class SoftmaxDial(CourseWidget):
    """Temperature and right class → softmax(scores / temperature), and −log of what the right class gets.

    Args:
        scores: (c,), the logits of one example, two or more.
        class_names: their c names.
        right: the name of the class that is right at first.
    """

    _esm = script("softmax_dial")
    _css = stylesheet("softmax_dial")

    def __init__(self, scores, class_names, right, **values):
        self.scores, self.class_names = np.asarray(scores, float), tuple(class_names)
        if self.scores.ndim != 1 or len(self.scores) != len(self.class_names) or len(self.scores) < 2:
            raise ValueError(
                f"SoftmaxDial got scores of shape {self.scores.shape} and {len(self.class_names)} names; "
                f"it takes the scores of one example, one for each class."
            )
        if right not in self.class_names:
            raise ValueError(f"SoftmaxDial got right={right!r}; it takes one of {', '.join(self.class_names)}.")
        self.controls = (
            Slider("temperature", "temperature", 0.1, 15, 0.1, 1),
            Choice("right", "the right class", self.class_names, right),
        )
        super().__init__({"scores": self.scores}, **values)

    def compute(self, temperature, right):
        log_p = log_softmax(self.scores / temperature)
        return {
            "scaled": self.scores / temperature,
            "probabilities": np.exp(log_p),
            "loss": float(0.0 - log_p[self.class_names.index(right)]),
        }

    def describe(self, result, temperature, right):
        p = result["probabilities"]
        best = int(np.argmax(p))
        return (
            f"At temperature {temperature:g} the most probable class is {self.class_names[best]} with {p[best]:.1%}. "
            f"The right one, {right}, gets {p[self.class_names.index(right)]:.3g}: loss {result['loss']:.2f}."
        )

    def static(self):
        temperature, right = (control.default for control in self.controls)
        p = self.compute(temperature, right)["probabilities"]
        return plots.softmax_dial(self.scores, p, self.class_names, self.class_names.index(right), temperature)
