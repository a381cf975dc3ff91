"""One version in memory: preprocessing → model → postprocessing."""

import logging
from collections.abc import Iterable

import numpy as np

from course_lib.serving.models.backends import Backend
from course_lib.serving.models.preprocessing import BagOfWords, BestLabel
from course_lib.serving.models.repository import Package
from course_lib.serving.protocol.refusal import Refusal
from course_lib.serving.protocol.signature import Tensor
from course_lib.serving.protocol.tensors import DATATYPES, Array
from course_lib.text.words import counted, few, one_line

log = logging.getLogger("course.serving")


class Version:
    """A version that is ready to answer.

    package: what the repository holds. backend: what computes. leases: how many requests use it now.
    current: whether the next request gets it.
    """

    def __init__(self, package: Package, backend: Backend) -> None:
        self.model, self.number, self.signature = package.model, package.version, package.signature
        self.backend = backend
        before, after = self.signature.preprocessing, self.signature.postprocessing
        self.before = BagOfWords(package, **before) if before else None
        self.after = BestLabel(package, **after) if after else None
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
        """Try the version out before it comes into service, with one example and with two; this warms it up as well.

        It is asked with zeros, and with texts where it takes texts. Its answers must be what the signature says, with a
        number in each place and a label for each class: else it is a `Refusal`.
        """
        if self.before:
            self._check_vocabulary(self.before)
        batched = all(tensor.shape[0] == -1 for tensor in self.signature.inputs)
        for n in (1, 2) if batched else (1,):
            zeros = {tensor.name: _zeros(tensor, n) for tensor in self.signature.inputs}
            self._try(zeros, n if batched else None)
            if self.before:
                del zeros[self.before.target]
                self._try({**zeros, self.before.source.name: _zeros(self.before.source, n)}, n if batched else None)

    def _check_vocabulary(self, before: BagOfWords) -> None:
        target = next(tensor for tensor in self.signature.inputs if tensor.name == before.target)
        if target.shape[1] not in (-1, before.width()):
            raise self._broken(f"its vocabulary has {counted(before.width(), 'word')}, and it takes {target}")

    def _try(self, given: dict[str, Array], n: int | None) -> None:
        """Ask for all outputs of these inputs, n examples, and hold what comes against the signature."""
        try:
            answers = self.infer(given, [tensor.name for tensor in self.signature.outputs])
        except Exception as error:  # whatever a broken model raises: it must not come into service
            log.warning("%s was tried with %s", self, few(given), exc_info=error)
            said = f"{type(error).__name__}: {one_line(error)}"
            raise self._broken(f"asked with zeros for {few(given)}, it fails: {said}") from error
        for tensor in self.signature.outputs:
            answer = answers[tensor.name]
            if answer.dtype != np.dtype(DATATYPES[tensor.datatype]) or not tensor.has_shape(answer.shape):
                raise self._broken(f"it gives {answer.dtype} {list(answer.shape)} for {tensor}")
            if n and tensor.shape[0] == -1 and len(answer) != n:
                raise self._broken(f"asked with {counted(n, 'example')}, it gives {list(answer.shape)} for {tensor}")
            if tensor.datatype.startswith("FP") and np.isnan(answer).any():
                raise self._broken(f"asked with zeros, it gives NaN for {tensor}")
        if self.after and len(self.after.names) != (classes := answers[self.after.source].shape[-1]):
            names = counted(len(self.after.names), "label")
            raise self._broken(f"it has {names} for the {counted(classes, 'number')} of {self.after.source}")

    def _broken(self, why: str) -> Refusal:
        return Refusal(f"{self} does not do what its signature says: {why.rstrip('.')}. Mend one of them.", status=409)


def _zeros(tensor: Tensor, n: int) -> Array:
    """So many examples of zeros, or of empty texts; what may have any size besides has size 1."""
    shape = [n if tensor.shape[0] == -1 else tensor.shape[0], *(1 if size == -1 else size for size in tensor.shape[1:])]
    return np.full(shape, b"", "O") if tensor.datatype == "BYTES" else np.zeros(shape, DATATYPES[tensor.datatype])
