"""Descent on batches beside descent on all examples: two paths on one surface, scrubbed by the examples looked at."""

import functools

import numpy as np

from course_lib import plots
from course_lib.experiments.descent import Stop, descend, descend_mini_batch
from course_lib.experiments.surfaces import Valley
from course_lib.widgets.base import CourseWidget, Slider, script, stylesheet
from course_lib.widgets.landscape import landscape

VALLEY = Valley()
LINE = {"names": ["slope", "intercept"], "ticks": [[0, 0.5, 1, 1.5], [-1, 0, 1, 2]]}
EPOCHS = 20
EXAMPLES = EPOCHS * len(VALLEY.x)
FARTHEST = 1e6  # a loss above this is as good as any other; the page draws what is on its map


class NoisyDescent(CourseWidget):
    """Batch size, rate, start and order of the examples → the path on batches, and the path on all examples."""

    _esm = script("landscape", "noisy_descent")
    _css = stylesheet("landscape", "noisy_descent")
    controls = (
        Slider("batch_size", "batch size", 1, 24, 1, 4),
        Slider("rate", "learning rate", 0.01, 0.16, 0.01, 0.04),
        Slider("slope", "start: slope", -0.4, 1.6, 0.05, -0.2),
        Slider("intercept", "start: intercept", -1.6, 2.3, 0.05, 1.9),
        Slider("order", "order of the examples", 1, 10, 1, 1),
    )

    def __init__(self, **values):
        page = {
            "surface": valley_map(),
            "lowest": VALLEY(VALLEY.minimum),
            "examples": EXAMPLES,
            "epoch": len(VALLEY.x),
        }
        super().__init__(page, **values)

    def walk(self, batch_size, rate, slope, intercept, order):
        """Both paths, each until it has looked at `EXAMPLES` examples."""
        start, n = (slope, intercept), len(VALLEY.x)
        updates = EPOCHS * -(-n // batch_size)
        data = VALLEY.gradient_on, VALLEY.x, VALLEY.y
        chosen = descend_mini_batch(*data, start, rate, batch_size, Stop(0, budget=updates), seed=order)
        whole = descend(VALLEY.gradient, start, rate, Stop(0, budget=EPOCHS), examples=n)
        return chosen, whole

    def compute(self, **values):
        result = {}
        for name, path in zip(("chosen", "whole"), self.walk(**values)):
            losses = np.minimum(VALLEY(path.points), FARTHEST)
            last = losses[path.examples > path.examples[-1] - len(VALLEY.x)]
            result[name] = {
                "points": path.points.round(4),
                "losses": losses.round(5),
                "examples": path.examples,
                "last_epoch": float(last.mean()),
            }
        return result

    def describe(self, result, batch_size, rate, slope, intercept, order):
        chosen, whole = (
            f"{len(result[name]['losses']) - 1} updates, loss {result[name]['last_epoch']:.3g} over the last epoch"
            for name in ("chosen", "whole")
        )
        return (
            f"At rate {rate:g} from slope {slope:g} and intercept {intercept:g}, after {EXAMPLES} examples: "
            f"batches of {batch_size}, {chosen}; all {len(VALLEY.x)} examples, {whole}."
        )

    def static(self):
        defaults = {control.name: control.default for control in self.controls}
        return plots.noisy_descent(VALLEY, *self.walk(**defaults), defaults["batch_size"], defaults["rate"])


@functools.cache
def valley_map():
    return landscape(VALLEY, **LINE)
