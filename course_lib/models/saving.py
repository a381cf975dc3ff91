"""One file for a model: its architecture, its weights, and where its optimizer stood.

The file is NumPy's `.npz`: an array `architecture` holding JSON, one array a weight, one a piece of optimizer state.
Nothing in it is code, and reading it runs none: the JSON can only name registered classes (see `serialization`), and
nothing is made that needs many more numbers than the file holds.

What is written can be read: `save_model` refuses what `load_model` would.

Formats: 1 kept Adam's m and v without their factors 1 − β₁ and 1 − β₂. 2 keeps them as their formula says.
"""

import collections
import contextlib
import io
import json
import math
import os
import re
import tokenize
import warnings
import zipfile

import numpy as np

from course_lib import optimizers
from course_lib.files import demand_file, written_whole
from course_lib.layers.arrays import too_large
from course_lib.registry import numbers_allowed
from course_lib.serialization import deserialize, serialize
from course_lib.text.words import listed, one_line, short

FORMAT = 2
PARTS = re.compile(r"architecture|weight_\d+|state_\d+_[a-z_]+")
LARGEST_INPUT, MOST_IN_METRICS = 10**8, 3 * 10**6  # numbers; the input's are those of one example
LARGEST_OUTPUT, TIMES = 10**7, 1000  # numbers that a layer makes of an example: so many, and so many for each given
FAMILIES = {"optimizer": "optimizers", "loss": "losses", "metrics": "metrics", "weighted_metrics": "metrics"}


def save_model(model, path):
    """Write `model` to `path`. The file appears whole or not at all."""
    if not model.built:
        raise ValueError(f"{model.label} is not built, so it has no weights to save. Call it on data once.")
    _refuse_layers_in_two_models(model)
    with _unreadable(model):
        input_shape = _input_shape(serialize(model.built_shape[1:]))
        _refuse_large_outputs(model)
    description = {"format": FORMAT, "model": serialize(model), "input_shape": input_shape}
    arrays = {f"weight_{i}": w for i, w in enumerate(model.weights)}
    if model.optimizer is not None:
        description["compile"] = {
            "optimizer": serialize(model.optimizer),
            "loss": serialize(model.loss),
            "metrics": serialize(model.tally.given),
            "weighted_metrics": serialize(model.tally.given_weighted),
        }
        with _unreadable(model), numbers_allowed(MOST_IN_METRICS):
            _compile_arguments(description)
        description["iterations"] = model.optimizer.calls
        for i, state in enumerate(model.optimizer.state):
            arrays |= {f"state_{i}_{slot}": array for slot, array in state.items()}
    _write(path, {"architecture": np.array(json.dumps(description)), **arrays})


def save_weights(model, path):
    """Write the weights of `model` alone, whatever the path ends with: in the same form as `save_model`."""
    if not model.built:
        raise ValueError(f"{model.label} is not built, so it has no weights to save. Call it on data once.")
    _write(path, {f"weight_{i}": w for i, w in enumerate(model.weights)})


def _write(path, arrays):
    with written_whole(path) as file:
        np.savez(file, **arrays)


@contextlib.contextmanager
def _unreadable(model):
    """What `load_model` would refuse is refused before it is written."""
    try:
        yield
    except ValueError as error:
        raise ValueError(f"{model.label} in a file could not be read again: {error}. Nothing was written.") from error


def _parents(model):
    """The model, and all within it."""
    waiting = [model]
    while waiting:
        parent = waiting.pop()
        yield parent
        waiting += dict.fromkeys(parent.sublayers)


def _refuse_layers_in_two_models(model):
    """Within one stack a shared layer is written by its name; across stacks a file cannot say that it is the same."""
    parents = {}
    for parent in _parents(model):
        for layer in dict.fromkeys(parent.sublayers):
            if parents.setdefault(layer, parent) is not parent:
                raise ValueError(
                    f"{layer.label} stands in {parent.label} and in {parents[layer].label}: a file can hold a shared "
                    f"layer only where all its places are in one model. Save the numbers with model.get_weights()."
                )


def _refuse_large_outputs(model):
    """A few words in a file, such as `RepeatVector(10**7)`, must not fill the memory when the model is used."""
    given = math.prod(n or 1 for n in model.built_shape[1:]) + model.count_params()
    most = LARGEST_OUTPUT + TIMES * given
    for stack in _parents(model):
        shape = stack.built_shape
        for layer in stack.sublayers if hasattr(stack, "flatten") else ():
            shape = layer.compute_output_shape(shape)
            if (numbers := math.prod(n or 1 for n in shape[1:])) > most:
                raise ValueError(f"{layer.label} makes {numbers:,} numbers of one example, and {most:,} are allowed")


def load_model(path):
    """The model that `save` wrote: same predictions, and training goes on where it stood.

    Raises a ValueError that says what is wrong with a file that is not such a file, or not whole, or that asks for
    anything else than models, layers and what belongs to them.
    """
    with _refusals(path, "is not a model that this course_lib can read", "write the file anew with model.save(path)"):
        arrays = _read(path)
        description = _description(arrays.pop("architecture", None))
        weights = _numbered(arrays, "weight_")
        with numbers_allowed(sum(w.size for w in weights)):
            model = deserialize(description["model"], ("models",))
            model.ensure_built((None, *_input_shape(description["input_shape"])))
        model.set_weights(weights)
        _refuse_large_outputs(model)
        if "compile" in description:
            with numbers_allowed(MOST_IN_METRICS):
                _compile(model, description, arrays)
        elif arrays:
            raise ValueError(f"it holds {short(min(arrays))}, but no optimizer")
    optimizer = model.optimizer
    if optimizer and optimizer.slots and optimizer.state and not _state_fits(model):
        optimizer.state, optimizer.calls = [], 0
        warnings.warn(
            f"{one_line(str(path), 200)} holds the state of an {optimizer.name} that has trained other weights: layers "
            f"were frozen, added or taken off since. The model is whole; its optimizer begins anew, at step 0.",
            stacklevel=2,
        )
    return model


def load_weights(model, path):
    """Put the weights of a file of `save_weights` or `save_model` into `model`, which has the same layers."""
    if not model.built:
        raise ValueError(f"{model.label} is not built, so it has no weights to fill: model.build((None, …)) first.")
    with _refusals(path, "holds no weights that course_lib can read", "write them with model.save_weights(path)"):
        model.set_weights(_numbered(_read(path), "weight_"))


@contextlib.contextmanager
def _refusals(path, what, remedy):
    """Whatever is wrong with a file becomes a ValueError that names it."""
    try:
        yield
    except (FileNotFoundError, IsADirectoryError, PermissionError):
        raise
    except KeyError as error:
        why, cause = f"it lacks {error}", error
    except (ArithmeticError, AttributeError, EOFError, LookupError, MemoryError, RuntimeError) as error:
        why, cause = f"{type(error).__name__}: {error}", error  # RuntimeError: also what is nested too deeply
    except (OSError, TypeError, ValueError, Warning, zipfile.BadZipFile) as error:  # Warning: where it is an error
        why, cause = str(error), error
    except (SyntaxError, tokenize.TokenError) as error:
        why, cause = f"the header of a part is no Python: {error}", error
    else:
        return
    why = one_line(why.rstrip("."), 400)  # it may hold what the file says
    raise ValueError(f"{one_line(str(path), 200)} {what}: {why}. Nothing was loaded; {remedy}.") from cause


# ---- the arrays


def _read(path):
    """{name: array} of the file. Its parts must be plain arrays, and not longer than the file."""
    demand_file(path)
    with open(path, "rb") as stream:  # once: another process may put a new file of that name in its place
        if stream.read(4) == b"\x89HDF":
            raise ValueError(
                "it was written by Keras, in HDF5, and course_lib reads its own files; load it into a model in Keras, "
                "and bring that over with parity.copy_weights(keras_model, model)"
            )
        return _parts(stream)


def _parts(stream):
    with zipfile.ZipFile(stream) as file:
        parts = file.infolist()
        names = [part.filename.removesuffix(".npy") for part in parts]
        times = collections.Counter(names)
        for name, part in zip(names, parts):
            if not PARTS.fullmatch(name) or times[name] > 1:
                raise ValueError(f"its part {short(name)} is there twice or does not belong to a model")
            if part.compress_type != zipfile.ZIP_STORED:
                raise ValueError(f"its part {short(name)} is packed, and NumPy's savez packs none")
        length, unfolded = os.fstat(stream.fileno()).st_size, sum(part.file_size for part in parts)
        if unfolded > length:
            raise ValueError(f"its {length:,} bytes claim to hold {unfolded:,}")
        return {name: _array(name, file.read(part)) for name, part in zip(names, parts)}


def _array(name, data):
    """The array in NumPy's format: no objects, and just as many bytes as its shape says."""
    stream = io.BytesIO(data)
    version = np.lib.format.read_magic(stream)
    if version not in ((1, 0), (2, 0)):
        raise ValueError(f"its part {short(name)} has an unknown format {version}")
    read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, column_first, dtype = read_header(stream)
    if dtype.kind != ("U" if name == "architecture" else "f"):
        raise ValueError(f"its part {short(name)} holds {dtype}, which is no array of floats")
    if math.prod(shape) * dtype.itemsize != len(data) - stream.tell():
        raise ValueError(f"its part {short(name)} is cut: shape {shape} is not what it holds")
    array = np.frombuffer(data, dtype, offset=stream.tell())
    return array.reshape(shape, order="F" if column_first else "C")


def _numbered(arrays, start):
    """The arrays `start` 0, 1, 2, … in this order, taken out of `arrays`."""
    count = sum(name.startswith(start) for name in arrays)
    return [arrays.pop(f"{start}{i}") for i in range(count)]


# ---- what the JSON says


def _description(text):
    if text is None or text.ndim:
        raise ValueError("it has no architecture")
    description = json.loads(str(text))
    if not isinstance(description, dict) or not isinstance(description.get("format"), int):
        raise ValueError("its architecture says no format")
    if description["format"] > FORMAT:
        raise ValueError(
            f"its format is {description['format']}, written by a newer course_lib; this one reads 1 to {FORMAT}. "
            f"Update course_lib"
        )
    if description["format"] < 1:
        raise ValueError(f"its format {description['format']} is unknown")
    return description


def _input_shape(shape):
    whole = isinstance(shape, list) and all(n is None or type(n) is int and n > 0 for n in shape)
    if not whole or math.prod(n or 1 for n in shape) > LARGEST_INPUT:
        raise ValueError(
            f"its input_shape {short(shape)} is no shape of an example: whole numbers from 1, or None, and no more "
            f"than {LARGEST_INPUT:,} numbers in all"
        )
    return shape


def _compile(model, description, arrays):
    """Compile the model as it was, and put its optimizer back to the step where it stood."""
    model.compile(**_compile_arguments(description))
    optimizer, calls = model.optimizer, description["iterations"]
    if type(calls) is not int or not 0 <= calls < 2**63:
        raise ValueError(f"its optimizer stands at step {short(calls)}")
    optimizer.calls = calls
    if arrays and not optimizer.slots:
        raise ValueError(f"{optimizer.name} keeps no state, and the file holds {listed(arrays)}")
    while arrays:
        i, dtype = len(optimizer.state), model.flat_parameters.dtype
        optimizer.state.append({slot: _cast(arrays.pop(f"state_{i}_{slot}"), dtype) for slot in optimizer.slots})
    if description["format"] == 1 and isinstance(optimizer, optimizers.Adam):
        for state in optimizer.state:
            state["m"] *= 1 - optimizer.beta_1
            state["v"] *= 1 - optimizer.beta_2


def _compile_arguments(description):
    given = {"weighted_metrics": [], **description["compile"]}  # files before 2 may lack these
    return {name: deserialize(given[name], (family,)) for name, family in FAMILIES.items()}


def _cast(array, dtype):
    if too_large(array, dtype):
        raise ValueError(f"its optimizer remembers a number that is too large for {dtype}")
    return np.array(array, dtype)


def _state_fits(model):
    """Whether the optimizer's state is of the weights that can be trained, one by one or all in one vector."""
    return any(map(model.optimizer.fits, ([model.flat_parameters], model.trainable_weights)))
