"""Type a description, see which class a model gives it, and which of your words brought it there."""

import numpy as np

from course_lib import plots
from course_lib.experiments import occlusion
from course_lib.widgets.base import CourseWidget, Text, script, stylesheet

EXAMPLES = (
    ("a puzzle", "A puzzle game with music and levels of growing difficulty."),
    ("a sound library", "A library to read and write sound files, with bindings for Python."),
    ("a font", "A handwritten font with letters for many languages."),
    ("a simulation", "Simulates molecules on several processors and plots their energy."),
    ("a chess engine", "A chess engine that finds the best move with a neural network."),
    ("a downloader", "A client that downloads files from a web server."),
)


class TypeAndClassify(CourseWidget):
    """A text box over a trained classifier.

    Which word mattered is found by leaving it out (`experiments.occlusion`): a word's push is by how much the winner's
    log-odds fall without it.

    Args:
        model: anything with Keras's `predict(x, verbose)`: x (n, words) → probabilities (n, classes).
        vectorize: list of n texts → (n, words). vocabulary, class_names: the words and classes of its columns.
            All three are those of `course_lib.data` where they are left out.
        examples: pairs (name, text) for the buttons.
    """

    _esm = script("type_and_classify")
    _css = stylesheet("type_and_classify")
    controls = (Text("text", "Describe a program", 600, EXAMPLES[0][1]),)

    def __init__(self, model, vectorize=None, vocabulary=None, class_names=None, examples=EXAMPLES, **values):
        from course_lib import data

        info = data.text_info()
        self.model, self.vectorize = model, vectorize or data.vectorize
        self.vocabulary, self.class_names = vocabulary or info.vocabulary, class_names or info.class_names
        super().__init__({"class_names": self.class_names, "examples": examples}, **values)

    def compute(self, text):
        row = np.asarray(self.vectorize([text]))[0]
        found = occlusion(self.model, row)
        return {
            "probabilities": found.probabilities,
            "words": [self.vocabulary[k] for k in found.features],
            "counts": row[found.features],
            "pushes": found.pushes,
            "without": found.without,
        }

    def describe(self, result, text):
        p, best = result["probabilities"], int(result["probabilities"].argmax())
        answer = f"{self.class_names[best]} with {p[best]:.0%}"
        if not result["words"]:
            return f"No word that the model knows. From its biases alone it answers {answer}."
        most = int(np.abs(result["pushes"]).argmax())
        return (
            f"{len(result['words'])} known words: {answer}. The word that matters most is {result['words'][most]}; "
            f"without it {result['without'][most]:.0%}."
        )

    def static(self):
        result = self.at_defaults()
        return plots.probabilities(
            result["probabilities"], self.class_names, result["words"], result["pushes"], result["without"]
        )
