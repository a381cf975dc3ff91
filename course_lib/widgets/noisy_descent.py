"""Descent on batches beside descent on all examples: two paths on one surface, scrubbed by the examples looked at."""

import numpy as np

from course_lib import plots
from course_lib.optimizers.descent import Stop, descend, descend_mini_batch
from course_lib.plots.batches import LEVELS
from course_lib.surfaces import Valley
from course_lib.widgets.base import CourseWidget, Slider, script, stylesheet

VALLEY = Valley()
EPOCHS = 20
EXAMPLES = EPOCHS * len(VALLEY.x)
FARTHEST = 1e6  # a loss above this is as good as any other; the page draws what is on its map


class NoisyDescent(CourseWidget):
    """Batch size, rate, start and order of the examples → the path on batches, and the path on all examples."""

    _esm = script("noisy_descent")
    _css = stylesheet("noisy_descent")
    controls = (
        Slider("batch_size", "batch size", 1, 24, 1, 4),
        Slider("rate", "learning rate", 0.01, 0.16, 0.01, 0.04),
        Slider("slope", "start: slope", -0.4, 1.6, 0.05, -0.2),
        Slider("intercept", "start: intercept", -1.6, 2.3, 0.05, 1.9),
        Slider("order", "order of the examples", 1, 10, 1, 1),
    )

    def __init__(self, **values):
        page = {
            "bounds": VALLEY.bounds,
            "minimum": VALLEY.minimum,
            "lowest": VALLEY(VALLEY.minimum),
            "contours": [[level, contour(VALLEY, level)] for level in LEVELS],
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


def contour(surface, level, corners=90):
    """The ellipse on which a quadratic surface has this height: f = lowest + ½ Σ λ d², along the curvature's ways."""
    steepness, ways = np.linalg.eigh(surface.curvature)
    turn = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    reach = np.sqrt(2 * (level - surface(surface.minimum)) / steepness)
    return (np.stack([np.cos(turn), np.sin(turn)], axis=1) * reach @ ways.T + surface.minimum).round(4)
