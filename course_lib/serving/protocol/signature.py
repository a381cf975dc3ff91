"""What a model takes and gives: the name, datatype and shape of each tensor. It travels with the model's files."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from course_lib.serving.protocol.refusal import Refusal
from course_lib.serving.protocol.tensors import DATATYPES

FORMAT = 1


class Tensor(NamedTuple):
    """One tensor: `Tensor("counts", "FP32", [-1, 1000])`. −1 stands for any size, first of all that of the batch."""

    name: str
    datatype: str
    shape: list[int]

    def __str__(self) -> str:
        return f"{self.name} {self.datatype} {list(self.shape)}"

    def has_shape(self, shape: Sequence[int]) -> bool:
        return len(shape) == len(self.shape) and all(want in (-1, have) for want, have in zip(self.shape, shape))

    def check(self, datatype: str, shape: Sequence[int], where: str) -> None:
        """Refuse a tensor that does not fit; `where` begins the message."""
        if datatype != self.datatype:
            raise Refusal(f"{where} has datatype {datatype}; the model takes {self}. Convert it before sending it.")
        if not self.has_shape(shape):
            raise Refusal(f"{where} has shape {list(shape)}; the model takes {self}. {self._remedy(shape)}")
        if 0 in shape:
            raise Refusal(f"{where} has shape {list(shape)}, which holds nothing. Send at least one row.")

    def _remedy(self, shape: Sequence[int]) -> str:
        if list(shape) == list(self.shape[1:]):
            return f"Each row is one example: send a single one as {[1, *shape]}."
        if len(shape) == len(self.shape) > 1:
            return f"Each row is one example, of shape {list(self.shape[1:])}; −1 stands for any number of rows."
        return "−1 stands for any number of rows, each of them one example."


class Signature(NamedTuple):
    """What a model takes and gives.

    inputs, outputs: lists of `Tensor`, those of the model itself.
    preprocessing: {"input": "text", "makes": "counts", "vocabulary": "vocabulary.txt"}, or None.
    postprocessing: {"reads": "probabilities", "output": "label", "labels": "labels.txt"}, or None.
    """

    inputs: list[Tensor]
    outputs: list[Tensor]
    preprocessing: dict[str, str] | None = None
    postprocessing: dict[str, str] | None = None


def write_signature(signature: Signature, path: Path) -> None:
    fields = signature._asdict()
    for side in ("inputs", "outputs"):
        fields[side] = [tensor._asdict() for tensor in fields[side]]
    path.write_text(json.dumps({"format": FORMAT, **fields}, indent=2) + "\n", encoding="utf-8")


def read_signature(path: Path) -> Signature:
    """The signature that `write_signature` wrote, or a ValueError that says what is wrong with the file."""
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        if fields.pop("format") != FORMAT:
            raise ValueError(f"this course_lib reads format {FORMAT}")
        for side in ("inputs", "outputs"):
            fields[side] = [Tensor(**tensor) for tensor in fields[side]]
            for tensor in fields[side]:
                if tensor.datatype not in DATATYPES:
                    raise ValueError(f"{tensor.name} has the unknown datatype {tensor.datatype!r}")
        return Signature(**fields)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"{path} is no signature that can be read: {error}. Publish the version again.") from error
