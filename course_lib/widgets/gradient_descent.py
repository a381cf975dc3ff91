"""Gradient descent on a surface: a start that is dragged, a rate that can be too large, a rule that ends it."""

import functools

import numpy as np

from course_lib import plots
from course_lib.experiments.descent import Stop, descend
from course_lib.experiments.surfaces import Chain, Valley
from course_lib.text.words import counted
from course_lib.widgets.base import Choice, CourseWidget, Slider, script, stylesheet
from course_lib.widgets.landscape import landscape
from course_lib.widgets.noisy_descent import LINE

LIMIT = 1e4  # a gradient longer than this has run away
FARTHEST = 1e6  # a point beyond this is drawn no farther
SURFACES = {"a line through 24 texts": Valley(), "two weights in a row": Chain()}
WEIGHTS = {"names": ["first weight", "second weight"], "ticks": [[-2, -1, 0, 1, 2], [-2, -1, 0, 1, 2]]}
LOOKS = {
    "a line through 24 texts": (LINE, (-0.2, 1.9), (0.04, 20)),
    "two weights in a row": (WEIGHTS, (1.5, -1.0), (0.0005, 20)),
}  # words and ticks, a start, the lowest and the highest loss of the chart


class GradientDescent(CourseWidget):
    """Surface, start, rate and stopping rule → the path, its losses, the lengths of its gradients, why it ended."""

    _esm = script("landscape", "gradient_descent")
    _css = stylesheet("landscape", "gradient_descent")
    controls = (
        Choice("surface", "surface", tuple(SURFACES), "a line through 24 texts"),
        Slider("rate", "learning rate", 0.005, 0.6, 0.005, 0.05),
        Slider("a", "start, across", -2, 2, 0.05, -0.2),
        Slider("b", "start, up", -2, 2.3, 0.05, 1.9),
        Choice("tolerance", "tolerance", (0.001, 0.01, 0.1, 1.0), 0.01),
        Slider("patience", "patience", 1, 30, 1, 1),
        Slider("budget", "budget", 10, 400, 10, 300),
    )

    def __init__(self, **values):
        super().__init__({"surfaces": maps()}, **values)

    def walk(self, surface, rate, a, b, tolerance, patience, budget):
        return descend(SURFACES[surface].gradient, (a, b), rate, Stop(tolerance, patience, budget, LIMIT))

    def compute(self, **values):
        path, surface = self.walk(**values), SURFACES[values["surface"]]
        points = np.clip(path.points, -FARTHEST, FARTHEST)
        return {
            "points": points.round(4),
            "losses": surface(points).round(6),
            "lengths": np.minimum(path.lengths, FARTHEST).round(6),
            "ended": path.ended,
            "why": self.say(path, values["tolerance"], values["patience"], values["budget"]),
        }

    def say(self, path, tolerance, patience, budget):
        """Why it ended, in a sentence with the numbers that decided."""
        steps, last = counted(path.steps, "step"), path.lengths[-1]
        if path.ended == "diverged":
            return f"Diverged after {steps}: the gradient is longer than {LIMIT:,.0f}."
        if path.ended == "budget spent":
            return f"Budget spent: {steps} taken, and the gradient is {last:.2g} long."
        if patience == 1:
            return f"Arrived after {steps}: the gradient is {last:.2g} long, the tolerance {tolerance:g}."
        return f"Arrived after {steps}: the last {patience} gradients were all no longer than {tolerance:g}."

    def describe(self, result, surface, rate, a, b, tolerance, patience, budget):
        where = f"At rate {rate:g} from ({a:g}, {b:g}) on the surface of {surface}"
        return f"{where}: {result['why']} The loss there is {result['losses'][-1]:.3g}."

    def static(self):
        values = {control.name: control.default for control in self.controls}
        surface = SURFACES[values["surface"]]
        return plots.descent(surface, self.walk(**values), values["rate"], values["tolerance"], values["budget"])


@functools.cache
def maps():
    """The surfaces as the page needs them, made once."""
    return {
        name: {**landscape(surface, **words), "start": start, "losses": losses, "least": surface(surface.minimum)}
        for (name, surface), (words, start, losses) in zip(SURFACES.items(), LOOKS.values())
    }
