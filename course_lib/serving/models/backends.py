"""What computes: one small interface over two engines.

A backend is made from a version's folder and its signature. `predict({input: array}) -> {output: array}` may be called
from several threads at once; `close()` lets go of what it holds. Of the class: `platform` is its name in the model's
metadata, `file` what it reads in the folder, and `write(model, folder)` puts a model of course_lib there in that form.
It raises `Unreadable` where the file is none that it can read.
A class listed in `BACKENDS` can be served by, and is tested beside the others.
"""

import os
from pathlib import Path
from typing import Any, Protocol

from course_lib.models import Sequential
from course_lib.serving.models.repository import Package
from course_lib.serving.protocol.refusal import Refusal
from course_lib.serving.protocol.signature import Signature
from course_lib.serving.protocol.tensors import Array
from course_lib.text.words import one_line


class Unreadable(Exception):
    """A backend cannot read the file that was published for it."""


def _told(error: Exception) -> str:
    """An error that was written for readers as it is, any other with its kind."""
    return str(error) if type(error) is ValueError else f"{type(error).__name__}: {error}"


class Backend(Protocol):
    """What a version asks of its backend."""

    platform: str
    file: str

    @classmethod
    def write(cls, model: Sequential, folder: Path) -> None: ...

    def __init__(self, folder: Path, signature: Signature) -> None: ...

    def predict(self, inputs: dict[str, Array]) -> dict[str, Array]: ...

    def close(self) -> None: ...


class NumPy:
    """course_lib's own models, from `model.npz`."""

    platform, file = "course_lib_numpy", "model.npz"

    @classmethod
    def write(cls, model: Sequential, folder: Path) -> None:
        model.save(folder / cls.file)

    def __init__(self, folder: Path, signature: Signature) -> None:
        from course_lib.models import load_model

        (self.input,), (self.output,) = signature.inputs, signature.outputs
        try:
            self.model: Any = load_model(folder / self.file)
        except Exception as error:  # a damaged file shows itself in errors of many kinds, and must not end the server
            raise Unreadable(_told(error)) from error

    def predict(self, inputs: dict[str, Array]) -> dict[str, Array]:
        return {self.output.name: self.model(inputs[self.input.name], training=False)}

    def close(self) -> None:
        self.model = None


class TensorFlow:
    """A SavedModel, from the folder `saved_model`: weights and graph, without the Python code that made them."""

    platform, file = "tensorflow_savedmodel", "saved_model"

    @classmethod
    def write(cls, model: Sequential, folder: Path) -> None:
        from course_lib.parity import keras_twin

        keras_twin(model).export(folder / cls.file, verbose=False)

    def __init__(self, folder: Path, signature: Signature) -> None:
        from course_lib.parity import quiet_keras

        quiet_keras()
        import tensorflow

        (self.input,), (self.output,) = signature.inputs, signature.outputs
        try:
            self.model: Any = tensorflow.saved_model.load(str(folder / self.file))
        except Exception as error:  # TensorFlow tells of a file in errors of many kinds, its own and Python's
            raise Unreadable(_told(error)) from error
        self.tensor = tensorflow.constant

    def predict(self, inputs: dict[str, Array]) -> dict[str, Array]:
        return {self.output.name: self.model.serve(self.tensor(inputs[self.input.name])).numpy()}

    def close(self) -> None:
        self.model = None


BACKENDS: dict[str, type[Backend]] = {"numpy": NumPy, "tensorflow": TensorFlow}


def open_backend(name: str, package: Package) -> Backend:
    """The backend `name` over a version's files."""
    if name not in BACKENDS:
        raise ValueError(f"There is no backend {name!r}. There are: {', '.join(BACKENDS)}.")
    kind = BACKENDS[name]
    parts = {file.partition("/")[0] for file in package.files}
    if kind.file not in parts:
        held = [other for other, its in BACKENDS.items() if its.file in parts]
        raise Refusal(
            f"Version {package.version} of {package.model} holds no {kind.file}, which the backend {name!r} needs. "
            f"It can be served by: {', '.join(held) or 'none'}.",
            status=409,
        )
    if not len(package.signature.inputs) == len(package.signature.outputs) == 1:
        raise package.refusal("a model has one input and one output here, and its signature names more")
    try:
        return kind(package.folder, package.signature)
    except Unreadable as error:
        said = one_line(str(error).replace(f"{package.folder}{os.sep}", ""))
        raise package.refusal(f"the backend {name!r} cannot read its {kind.file}: {said}") from error
    except ImportError as missing:
        raise Refusal(
            f"The backend {name!r} needs the package {missing.name!r}, which is not installed here. Install it "
            f"(pip install {missing.name}), or serve with another backend: {', '.join(BACKENDS)}.",
            status=503,
        ) from missing
