"""The course's classifier as a model to serve: trained in a second or two, published with its vocabulary."""

from collections.abc import Iterable
from pathlib import Path

from course_lib import Sequential, layers
from course_lib.data import load_text, text_info
from course_lib.initializers import GlorotUniform
from course_lib.serving.models.backends import BACKENDS
from course_lib.serving.models.repository import Repository
from course_lib.serving.protocol.signature import Signature, Tensor, write_signature

NAME = "classifier"
EPOCHS = {1: 1, 2: 3}  # version 2 is version 1, trained for longer

SIGNATURE = Signature(
    inputs=[Tensor("counts", "FP32", [-1, 1000])],
    outputs=[Tensor("probabilities", "FP32", [-1, 10])],
    preprocessing={"input": "text", "makes": "counts", "vocabulary": "vocabulary.txt"},
    postprocessing={"reads": "probabilities", "output": "label", "labels": "labels.txt"},
)


def publish_classifier(
    path: str | Path, versions: Iterable[int] = (1, 2), backends: Iterable[str] = ("numpy",)
) -> Repository:
    """Train and publish what is not there yet; returns the `Repository`.

    versions: 1 saw the training texts once, 2 three times. backends: names out of `BACKENDS`, "numpy" and
    "tensorflow": in which forms each version is written.
    """
    repository = Repository(path)
    for version in versions:
        if version not in repository.versions(NAME):
            try:
                publish(repository, version, trained(EPOCHS[version]), backends)
            except FileExistsError:
                continue  # another process published it meanwhile, from the same seed
    return repository


def network(seed: int) -> Sequential:
    """The classifier, untrained. A seed of its own leaves the course's random numbers alone."""
    sizes = ((64, "relu"), (32, "relu"), (10, "softmax"))
    dense = [layers.Dense(n, activation=f, kernel_initializer=GlorotUniform(seed)) for n, f in sizes]
    return Sequential([layers.Input(shape=(1000,)), *dense])


def trained(epochs: int, seed: int = 2) -> Sequential:
    """The classifier after `epochs` passes over the training texts."""
    model = network(seed)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    (x, y), _ = load_text()
    model.fit(x, y, epochs=epochs, shuffle=False, verbose=0)
    return model


def publish(repository: Repository, version: int, model: Sequential, backends: Iterable[str] = ("numpy",)) -> None:
    """Publish a classifier as a version: the model, its signature, the words and the names that belong to it."""
    plain = network(seed=0)  # the same model without its optimizer's state, which serving does not need
    plain.set_weights(model.get_weights())
    names, words = text_info()
    with repository.publish(NAME, version) as folder:
        for backend in backends:
            BACKENDS[backend].write(plain, folder)
        (folder / "vocabulary.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
        (folder / "labels.txt").write_text("\n".join(names) + "\n", encoding="utf-8")
        write_signature(SIGNATURE, folder / "signature.json")
