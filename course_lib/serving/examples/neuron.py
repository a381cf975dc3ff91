"""The neuron of lesson 1.1 as a model to serve: every number of a request and of its answer can be checked by hand."""

from pathlib import Path

from course_lib import Sequential, layers
from course_lib.serving.models.repository import Repository
from course_lib.serving.protocol.signature import Signature, Tensor, write_signature

NAME = "neuron"
WORDS = ("game", "library", "level")
KERNEL, BIAS = [[1.0], [-1.0], [2.0]], [-1.0]

SIGNATURE = Signature(
    inputs=[Tensor("counts", "FP32", [-1, 3])],
    outputs=[Tensor("evidence", "FP32", [-1, 1])],
    preprocessing={"input": "text", "makes": "counts", "vocabulary": "vocabulary.txt"},
)


def publish_neuron(path: str | Path, version: int = 1) -> Repository:
    """Publish the neuron into the repository at `path`; returns the `Repository`."""
    repository = Repository(path)
    neuron = layers.Dense(1, activation="relu", weights=[KERNEL, BIAS])
    model = Sequential([layers.Input(shape=(3,)), neuron])
    with repository.publish(NAME, version) as folder:
        model.save(folder / "model.npz")
        (folder / "vocabulary.txt").write_text("\n".join(WORDS) + "\n", encoding="utf-8")
        write_signature(SIGNATURE, folder / "signature.json")
    return repository
