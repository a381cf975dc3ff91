"""Widgets that need a model or data, with some."""

import numpy as np

from course_lib import Sequential, layers, widgets
from course_lib.widgets import ConfusionExplorer, SoftmaxDial, Tail, TypeAndClassify
from course_lib.widgets.base import is_widget


class WordScores:
    """A linear model with made-up weights: enough for `TypeAndClassify`, and it can be checked by hand."""

    def __init__(self, words=1000, classes=10):
        self.kernel = np.random.default_rng(5).normal(0, 1, (words, classes))
        self.bias = np.linspace(0, 1, classes)
        self.calls = 0

    def predict(self, x, verbose=0):
        self.calls += 1
        z = x @ self.kernel + self.bias
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)


def dense_word_scores():
    """`WordScores` as a model of the library."""
    scores = WordScores()
    return Sequential([layers.Dense(10, "softmax", input_shape=(1000,), weights=[scores.kernel, scores.bias])])


def waits(n=1000):
    """Calls of about a millisecond; one in fifty takes up to a tenth of a second longer. All are different."""
    rng = np.random.default_rng(7)
    return 0.001 * rng.uniform(0.9, 1.1, n) + np.where(np.arange(n) % 50 == 0, rng.uniform(0.01, 0.1, n), 0)


# Scores of one text, as a classifier might give them: one class far ahead, one above their mean, the others below it.
SCORES, NAMES = (9.0, 3.4, -1.1, -2.0, -4.0), ("python", "games", "text", "net", "fonts")

# A widget that needs nothing is tested without a word here; one that needs a model or data gets it.
MAKE = {cls.__name__: cls for cls in vars(widgets).values() if is_widget(cls)} | {
    "TypeAndClassify": lambda: TypeAndClassify(WordScores()),
    "ConfusionExplorer": lambda: ConfusionExplorer(dense_word_scores()),
    "Tail": lambda: Tail(waits()),
    "SoftmaxDial": lambda: SoftmaxDial(SCORES, NAMES, "games"),
}
