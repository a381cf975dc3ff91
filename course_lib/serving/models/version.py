"""One version in memory: preprocessing → model → postprocessing."""

from collections.abc import Iterable

import numpy as np

from course_lib.serving.models.backends import Backend
from course_lib.serving.models.preprocessing import BagOfWords, BestLabel
from course_lib.serving.models.repository import Package
from course_lib.serving.protocol.refusal import Refusal
from course_lib.serving.protocol.signature import Tensor
from course_lib.serving.protocol.tensors import DATATYPES, Array
from course_lib.text.words import counted


class Version:
    """A version that is ready to answer.

    package: what the repository holds. backend: what computes. leases: how many requests use it now.
    current: whether the next request gets it.
    """

    def __init__(self, package: Package, backend: Backend) -> None:
        self.model, self.number, self.signature = package.model, package.version, package.signature
        self.backend = backend
        before, after = self.signature.preprocessing, self.signature.postprocessing
        self.before = BagOfWords(package.folder, **before) if before else None
        self.after = BestLabel(package.folder, **after) if after else None
        self.leases = 0
        self.current = False

    def __str__(self) -> str:
        return f"{self.model} version {self.number}"

    @property
    def accepts(self) -> list[Tensor]:
        """The tensors that a request may send: the model's inputs, and what preprocessing makes one of them from."""
        return [*self.signature.inputs, *([self.before.source] if self.before else [])]

    @property
    def offers(self) -> list[Tensor]:
        """The tensors that a request may ask for."""
        return [*self.signature.outputs, *([self.after.target] if self.after else [])]

    def infer(
        self, given: dict[str, Array], wanted: Iterable[str], max_elements: int | None = None
    ) -> dict[str, Array]:
        """The wanted outputs, {name: array}, for the given inputs, {name: array}."""
        inputs = self._model_inputs(given, max_elements)
        with np.errstate(all="ignore"):  # numbers that overflow are named where the answer is written
            outputs = self.backend.predict(inputs)
        if self.after and self.after.target.name in wanted:
            outputs[self.after.target.name] = self.after(outputs[self.after.source])
        return {name: outputs[name] for name in wanted}

    def _model_inputs(self, given: dict[str, Array], max_elements: int | None) -> dict[str, Array]:
        inputs = dict(given)
        if self.before and (texts := inputs.pop(self.before.source.name, None)) is not None:
            target, source = self.before.target, self.before.source.name
            if target in inputs:
                raise Refusal(f"The request sends {target!r}, and {source!r}, which becomes {target!r}. Send one.")
            if max_elements and texts.size * self.before.width() > max_elements:
                raise Refusal(
                    f"Input {source!r} holds {counted(texts.size, 'text')}, each of which becomes "
                    f"{self.before.width():,} numbers; the limit is {max_elements:,} a request. Send several requests.",
                    status=413,
                )
            inputs[target] = self.before(texts)
        for tensor in self.signature.inputs:
            if tensor.name not in inputs:
                instead = f" (or {self.before.source})" if self.before and self.before.target == tensor.name else ""
                raise Refusal(f"The request does not send {tensor.name!r}; {self} takes {tensor}{instead}. Add it.")
        return inputs

    def check_answers(self) -> None:
        """Answer one row of zeros, which also warms the backend up, and hold the answer against the signature."""
        zeros = {
            tensor.name: np.zeros([1 if n == -1 else n for n in tensor.shape], DATATYPES[tensor.datatype])
            for tensor in self.signature.inputs
        }
        try:
            answers = self.infer(zeros, [tensor.name for tensor in self.offers])
            for tensor in self.signature.outputs:
                answer = answers[tensor.name]
                if answer.dtype != np.dtype(DATATYPES[tensor.datatype]) or not tensor.has_shape(answer.shape):
                    raise ValueError(f"it gives {answer.dtype} {list(answer.shape)} for {tensor}")
        except Exception as error:  # whatever a broken model raises: it must not come into service
            raise Refusal(f"{self} does not do what its signature says: {error}. Mend one of them.", 409) from error
