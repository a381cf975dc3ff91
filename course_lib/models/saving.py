"""One file for a model: its architecture, its weights, and where its optimizer stood.

The file is NumPy's `.npz`: an array `architecture` holding JSON, one array a weight, one a piece of optimizer state.
Nothing in it is code, and reading it runs none.
"""

import json
import os
import zipfile
import zlib
from pathlib import Path

import numpy as np

from course_lib.serialization import deserialize, serialize

FORMAT = 1


def save_model(model, path):
    """Write `model` to `path`. The file appears whole or not at all."""
    if not model.built:
        raise ValueError(f"{model.label} is not built, so it has no weights to save. Call it on data once.")
    _refuse_layers_in_two_models(model)
    description = {"format": FORMAT, "model": serialize(model), "input_shape": list(model.built_shape[1:])}
    arrays = {f"weight_{i}": w for i, w in enumerate(model.weights)}
    if model.optimizer is not None:
        description["compile"] = serialize(
            {
                "optimizer": model.optimizer,
                "loss": model.loss,
                "metrics": model.metric_names,
                "weighted_metrics": model.weighted_metric_names,
            }
        )
        description["iterations"] = model.optimizer.iterations
        for i, state in enumerate(model.optimizer.state):
            arrays |= {f"state_{i}_{slot}": array for slot, array in state.items()}
    _write(path, {"architecture": np.array(json.dumps(description)), **arrays})


def _write(path, arrays):
    """The file appears whole or not at all."""
    path = Path(path)
    unfinished = path.with_name(path.name + ".part")
    try:
        with open(unfinished, "wb") as file:
            np.savez(file, **arrays)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def save_weights(model, path):
    """Write the weights of `model` alone, whatever the path ends with: in the same form as `save_model`."""
    if not model.built:
        raise ValueError(f"{model.label} is not built, so it has no weights to save. Call it on data once.")
    _write(path, {f"weight_{i}": w for i, w in enumerate(model.weights)})


def load_weights(model, path):
    """Put the weights of a file of `save_weights` or `save_model` into `model`, which has the same layers."""
    if not model.built:
        raise ValueError(f"{model.label} is not built, so it has no weights to fill: model.build((None, …)) first.")
    with open(path, "rb") as file:
        if file.read(4) == b"\x89HDF":
            raise ValueError(
                f"{path} was written by Keras, in HDF5; course_lib reads its own files. Load it into the model in "
                f"Keras, and bring that over with parity.copy_weights(keras_model, model)."
            )
    try:
        with np.load(path, allow_pickle=False) as file:
            count = sum(name.startswith("weight_") for name in file.files)
            weights = [file[f"weight_{i}"] for i in range(count)]
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, TypeError, KeyError) as error:
        raise ValueError(
            f"{path} holds no weights that course_lib can read. Write them with model.save_weights(path)."
        ) from error
    model.set_weights(weights)


def _refuse_layers_in_two_models(model):
    """Within one stack a shared layer is written by its name; across stacks a file cannot say that it is the same."""
    parents, waiting = {}, [model]
    while waiting:
        parent = waiting.pop()
        for layer in dict.fromkeys(parent.sublayers):
            waiting.append(layer)
            if parents.setdefault(layer, parent) is not parent:
                raise ValueError(
                    f"{layer.label} stands in {parent.label} and in {parents[layer].label}: a file can hold a shared "
                    f"layer only where all its places are in one model. Save the numbers with model.get_weights()."
                )


def load_model(path):
    """The model that `save` wrote: same predictions, and training goes on where it stood."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        description = json.loads(str(arrays.pop("architecture")))
        if description["format"] != FORMAT:
            raise ValueError(
                f"format {description['format']} is unknown to this version of course_lib, which reads {FORMAT}"
            )
        model = deserialize(description["model"])
        model.ensure_built((None, *description["input_shape"]))
        model.set_weights([arrays[f"weight_{i}"] for i in range(len(model.weights))])
        if "compile" in description:
            model.compile(**deserialize(description["compile"]))
            _restore(model.optimizer, description["iterations"], arrays)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, TypeError, KeyError) as error:
        raise ValueError(
            f"{path} is not a model that this course_lib can read: {error}. Write it with model.save(path)."
        ) from error
    return model


def _restore(optimizer, iterations, arrays):
    """Put the optimizer back at the step where it stood."""
    optimizer.iterations = iterations
    count = len({name.split("_")[1] for name in arrays if name.startswith("state_")})
    optimizer.state = [{slot: arrays[f"state_{i}_{slot}"] for slot in optimizer.slots} for i in range(count)]
