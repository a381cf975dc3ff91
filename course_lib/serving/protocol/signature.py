"""What a model takes and gives: the name, datatype and shape of each tensor. It travels with the model's files."""

import json
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from course_lib.serving.protocol.json_file import read_json
from course_lib.serving.protocol.refusal import Refusal, shortened
from course_lib.serving.protocol.tensors import DATATYPES
from course_lib.text.words import listed

FORMAT = 1
LARGEST_ROW = 10**7  # elements that one example may have
MOST_AXES = 32


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
            raise Refusal(f"{where} has shape {shortened(list(shape))}; the model takes {self}. {self._remedy(shape)}")
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
        return _signature(read_json(path))
    except ValueError as error:
        raise ValueError(f"{path.name} is no signature that can be read: {error}.") from error


# ---- what each part of the file must be; a ValueError names the part


def _signature(value: Any) -> Signature:
    if isinstance(value, dict) and (type(value.get("format")) is not int or value["format"] != FORMAT):
        raise ValueError(f"its format is {shortened(value.get('format'))}; this course_lib reads format {FORMAT}")
    fields = _object(value, "it", ("format", "inputs", "outputs"), ("preprocessing", "postprocessing"))
    inputs, outputs = ([_tensor(*one) for one in _listed(fields[side], side)] for side in ("inputs", "outputs"))
    before = _step(fields.get("preprocessing"), "preprocessing", ("input", "makes", "vocabulary"))
    after = _step(fields.get("postprocessing"), "postprocessing", ("reads", "output", "labels"))
    if before:
        _rows_of_numbers(before["makes"], inputs, "preprocessing.makes", "inputs")
    if after:
        _rows_of_numbers(after["reads"], outputs, "postprocessing.reads", "outputs")
    _names_differ(inputs, before["input"] if before else None, "inputs")
    _names_differ(outputs, after["output"] if after else None, "outputs")
    return Signature(inputs, outputs, before, after)


def _names_differ(tensors: Sequence[Tensor], made: str | None, side: str) -> None:
    name, times = Counter([*(tensor.name for tensor in tensors), made]).most_common(1)[0]
    if times > 1:
        raise ValueError(f"two of its {side} are called {shortened(name)}")


def _object(value: Any, where: str, needed: Sequence[str], allowed: Sequence[str] = ()) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{where} is {shortened(value)}; it must be a JSON object with {listed(needed)}")
    if missing := [name for name in needed if name not in value]:
        raise ValueError(f"{where} has no {listed(missing)}")
    if unknown := [name for name in value if name not in (*needed, *allowed)]:
        raise ValueError(
            f"{where} has {shortened(unknown[0])}, which nobody knows; there are {listed([*needed, *allowed])}"
        )
    return value


def _listed(value: Any, side: str) -> list[tuple[Any, str]]:
    if not isinstance(value, list) or not value:
        raise ValueError(f"{side} is {shortened(value)}; it must be a list of tensors")
    return [(entry, f"{side}[{i}]") for i, entry in enumerate(value)]


def _tensor(value: Any, where: str) -> Tensor:
    fields = _object(value, where, ("name", "datatype", "shape"))
    name, datatype, shape = _name(fields["name"], f"{where}.name"), fields["datatype"], fields["shape"]
    if not isinstance(datatype, str) or datatype not in DATATYPES:
        raise ValueError(f"{where} has the unknown datatype {shortened(datatype)}; there are {listed(DATATYPES)}")
    whole = isinstance(shape, list) and all(type(n) is int and (n == -1 or n > 0) for n in shape)
    if not whole or not 0 < len(shape) <= MOST_AXES:
        raise ValueError(
            f"{where} has the shape {shortened(shape)}; it must be a list such as [-1, 1000], -1 for any size"
        )
    if math.prod(n for n in shape if n > 0) > LARGEST_ROW:
        raise ValueError(f"{where} has the shape {shortened(shape)}; one example may have {LARGEST_ROW:,} elements")
    return Tensor(name, datatype, shape)


def _step(value: Any, where: str, fields: Sequence[str]) -> dict[str, str] | None:
    if value is None:
        return None
    return {name: _name(text, f"{where}.{name}") for name, text in _object(value, where, fields).items()}


def _name(value: Any, where: str) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 200 or not value.isprintable():
        raise ValueError(f"{where} is {shortened(value)}; it must be a name")
    return value


def _rows_of_numbers(name: str, tensors: Sequence[Tensor], where: str, side: str) -> None:
    """A step around the model makes or reads rows of numbers."""
    found = next((tensor for tensor in tensors if tensor.name == name), None)
    if found is None:
        raise ValueError(f"{where} is {shortened(name)}, which is none of its {side}")
    if found.datatype != "FP32" or len(found.shape) != 2:
        raise ValueError(f"{where} is {found}; a step around the model knows rows of numbers alone, FP32 [-1, n]")
