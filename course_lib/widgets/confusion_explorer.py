"""A confusion matrix whose cells open: the texts behind each number, and the words that spoke for the answer."""

import textwrap

import numpy as np

from course_lib import data, metrics, plots
from course_lib.data.text import CLASS_NAMES
from course_lib.experiments import gradient_times_input
from course_lib.plots.confusion import WORDS_SHOWN
from course_lib.text.words import counted
from course_lib.widgets.base import Choice, CourseWidget, script, stylesheet

MOST = 3  # texts that are shown
LONGEST = 260  # characters of each
OTHERS = 12  # whose names are shown


class ConfusionExplorer(CourseWidget):
    """Choose a class and an answer → the test texts of that class that got that answer, the surest first.

    A word's push is its part in the log-odds of the answer against the right class (in a cell of the diagonal: against
    the runner-up), by `experiments.gradient_times_input`.

    model: a `Sequential` that was trained on `load_text()`.
    """

    _esm = script("confusion_explorer")
    _css = stylesheet("confusion_explorer")
    controls = (
        Choice("actual", "what it is", CLASS_NAMES, "science"),
        Choice("answered", "what was answered", CLASS_NAMES, "python"),
    )

    def __init__(self, model, **values):
        _, (self.x, self.y) = data.load_text()
        self.model, self.texts, self.vocabulary = model, data.text_examples("test"), data.text_info().vocabulary
        self.probabilities = model.predict(self.x)
        self.predicted = self.probabilities.argmax(axis=1)
        self.counts = metrics.confusion_matrix(self.y, self.predicted, len(CLASS_NAMES))
        super().__init__({"class_names": CLASS_NAMES, "counts": self.counts}, **values)

    def compute(self, actual, answered):
        i, j = CLASS_NAMES.index(actual), CLASS_NAMES.index(answered)
        rows = np.flatnonzero((self.y == i) & (self.predicted == j))
        if not len(rows):
            return {"count": 0, "texts": [], "others": [], "words": [], "pushes": [], "in_texts": []}
        p = self.probabilities[rows]
        order = np.argsort(-p[:, j], kind="stable")
        rows, p = rows[order], p[order]
        rivals = np.argsort(-p, axis=1, kind="stable")[:, 1] if i == j else np.full(len(rows), i)
        direction = np.zeros_like(p)
        direction[np.arange(len(rows)), j], direction[np.arange(len(rows)), rivals] = 1, -1
        pushes = gradient_times_input(self.model, self.x[rows], direction)
        total, in_texts = pushes.sum(axis=0), (self.x[rows] > 0).sum(axis=0)
        strongest = np.argsort(-total, kind="stable")[:WORDS_SHOWN]
        strongest = strongest[total[strongest] > 0]
        return {
            "count": len(rows),
            "texts": [
                self._text(row, j, rival, push) for row, rival, push in zip(rows[:MOST], rivals.tolist(), pushes)
            ],
            "others": [(self.texts[row].package, self.probabilities[row, j]) for row in rows[MOST : MOST + OTHERS]],
            "words": [self.vocabulary[k] for k in strongest],
            "pushes": total[strongest],
            "in_texts": in_texts[strongest],
        }

    def _text(self, row, answer, rival, pushes):
        known = np.flatnonzero(self.x[row])
        title, _, body = self.texts[row].text.partition("\n")
        return {
            "package": self.texts[row].package,
            "title": title,
            "body": textwrap.shorten(body, LONGEST, placeholder=" …"),
            "probability": self.probabilities[row, answer],
            "rival": CLASS_NAMES[rival],
            "rival_probability": self.probabilities[row, rival],
            "words": [self.vocabulary[k] for k in known],
            "pushes": pushes[known],
        }

    def describe(self, result, actual, answered):
        said = f"{counted(result['count'], 'text')} of {actual} answered as {answered}."
        if result["texts"]:
            first = result["texts"][0]
            said += f" The surest is {first['package']}, {first['probability']:.0%}."
        if result["words"]:
            told = zip(result["words"][:3], result["pushes"], result["in_texts"])
            strongest = ", ".join(f"{word} {push:.1f} in {count}" for word, push, count in told)
            said += f" Words that spoke most for {answered}: {strongest}."
        return said

    def static(self):
        result = self.at_defaults()
        cell = tuple(CLASS_NAMES.index(control.default) for control in self.controls)
        return plots.confused(self.counts, CLASS_NAMES, cell, result["words"], result["pushes"], result["in_texts"])
