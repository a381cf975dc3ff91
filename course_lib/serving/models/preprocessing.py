"""The steps around a model that belong to it: text → word counts before it, probabilities → a name after it.

A version carries its own vocabulary and its own names. A model that reads column 17 as "music" is wrong without a
word of warning under a vocabulary where column 17 is "font".
"""

import numpy as np

from course_lib.data import bag_of_words
from course_lib.serving.models.repository import Package
from course_lib.serving.protocol.refusal import Refusal, shortened
from course_lib.serving.protocol.signature import Tensor
from course_lib.serving.protocol.tensors import Array, text_array


class BagOfWords:
    """Texts → rows of word counts: `text` BYTES (n,) → `counts` FP32 (n, words of the vocabulary)."""

    def __init__(self, package: Package, input: str, makes: str, vocabulary: str) -> None:
        words = package.read_text(vocabulary).split()
        self.columns = {word: j for j, word in enumerate(words)}
        if len(self.columns) < len(words):
            raise package.refusal(f"its {shortened(vocabulary)} holds a word twice, so two columns are one")
        self.source, self.target = Tensor(input, "BYTES", [-1]), makes

    def width(self) -> int:
        """How many numbers one text becomes."""
        return len(self.columns)

    def __call__(self, texts: Array) -> Array:
        return np.stack([bag_of_words(self._decode(i, text), self.columns) for i, text in enumerate(texts)])

    def _decode(self, i: int, text: bytes) -> str:
        try:
            return text.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Refusal(
                f"Input {self.source.name!r}: text {i} is {shortened(text)}, which is not UTF-8. Encode it as UTF-8."
            ) from error


class BestLabel:
    """Rows of probabilities → the name of the largest: `probabilities` (n, classes) → `label` BYTES (n,)."""

    def __init__(self, package: Package, reads: str, output: str, labels: str) -> None:
        self.names = [name.encode() for name in package.read_text(labels).splitlines()]
        self.source, self.target = reads, Tensor(output, "BYTES", [-1])

    def __call__(self, probabilities: Array) -> Array:
        return text_array([self.names[k] for k in probabilities.argmax(axis=-1)], (len(probabilities),))
