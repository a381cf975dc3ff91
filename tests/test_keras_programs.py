"""Ordinary Keras programs, run word for word on both engines: only the imports are changed.

Each file of tests/keras_programs is a program as tutorials have it. It knows nothing of this test: whatever numbers,
arrays, histories and models it leaves behind are compared by name. So that both engines can agree, they begin alike:
the k-th random weight of a shape is the same on both, rows are not shuffled, and Keras runs without its compiler.
"""

import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from course_lib import initializers, left_out, parity
from course_lib.models.loop import Trainer

keras = parity.quiet_keras()
pytestmark = [
    pytest.mark.filterwarnings("ignore:.*:UserWarning:(keras|tensorflow)"),  # advice of theirs on ordinary programs
    pytest.mark.filterwarnings("ignore:.*__array__:DeprecationWarning"),
]

PROGRAMS = {path.stem: path for path in sorted((Path(__file__).parent / "keras_programs").glob("*.py"))}

# A program with one place changed: name → (the program, what stands there, what takes its place).
CHANGED = {
    "text_with_adam": ("text_pooling", "keras.optimizers.SGD(0.5)", '"adam"'),
    "text_clipped": ("text_pooling", "SGD(0.5)", "SGD(0.5, clipvalue=0.01)"),
}

# Programs whose numbers are not Keras's → what docs/keras.md says of it.
DIFFERENT = {
    "dropout": "Random numbers",
    "text_with_adam": "Ids that repeat in a batch",
    "text_clipped": "Ids that repeat in a batch",
    "softmax_and_binary": "Softmax under binary cross-entropy, sigmoid under categorical",
}


@pytest.fixture(autouse=True)
def alike(monkeypatch, tmp_path):
    """Both engines begin with the same weights, take the rows in their order, and write into a folder of this test."""
    monkeypatch.chdir(tmp_path)
    from keras.src.initializers import random_initializers

    for module in (initializers, random_initializers):
        drawn = Counter()
        for kind in list(vars(module).values()):
            if isinstance(kind, type) and issubclass(kind, module.RandomInitializer):
                monkeypatch.setattr(kind, "__call__", beginning(drawn))
    for engine in (Trainer, keras.Model):
        monkeypatch.setattr(engine, "fit", with_arguments(engine.fit, shuffle=False))
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


def beginning(drawn):
    """An initializer's call: the k-th weight of a shape, always the same."""

    def call(self, shape, dtype=None):
        shape = tuple(shape)
        drawn[shape] += 1
        spread = 1 / np.sqrt(max(1, np.prod(shape[:-1])))
        return np.random.default_rng([*shape, drawn[shape]]).uniform(-spread, spread, shape).astype("float32")

    return call


def with_arguments(function, **changed):
    def call(*args, **kwargs):
        return function(*args, **{**kwargs, **changed})

    return call


def text_of(name):
    """The text of a program."""
    if name in PROGRAMS:
        return PROGRAMS[name].read_text(encoding="utf-8")
    program, old, new = CHANGED[name]
    assert text_of(program).count(old) == 1
    return text_of(program).replace(old, new)


def run(name, engine):
    """{name: value} of what a program leaves behind."""
    source = text_of(name)
    keras.utils.clear_session()  # Keras counts names over the whole process: the second Precision is precision_1
    if engine == "course_lib":
        source = re.sub(r"^import keras$", "import course_lib as keras", source, flags=re.MULTILINE)
        source = re.sub(r"^from keras\b", "from course_lib", source, flags=re.MULTILINE)
    left = {"__name__": f"{name} on {engine}"}
    exec(compile(source, name, "exec"), left)
    return {name: numbers(value) for name, value in left.items() if not name.startswith("_")}


def numbers(value):
    """What of a value can be compared: arrays, and lists and dictionaries of them; None where it is something else."""
    if isinstance(value, type):
        return None
    if hasattr(value, "get_weights"):
        return [np.asarray(w) for w in value.get_weights()]
    if hasattr(value, "history") and isinstance(value.history, dict):
        return numbers(value.history)
    if isinstance(value, dict):
        return {key: numbers(v) for key, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [numbers(v) for v in value]
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, int, float, np.number, np.ndarray)):
        return np.asarray(value)
    return None


def apart(ours, theirs, where=""):
    """The largest relative difference of two such values, which must have one form."""
    if isinstance(theirs, dict):
        assert set(ours) == set(theirs), f"{where}: {sorted(ours)} here, {sorted(theirs)} in Keras"
        return max((apart(ours[key], theirs[key], f"{where}[{key!r}]") for key in theirs), default=0.0)
    if isinstance(theirs, list):
        assert len(ours) == len(theirs), f"{where}: {len(ours)} here, {len(theirs)} in Keras"
        return max((apart(a, b, f"{where}[{i}]") for i, (a, b) in enumerate(zip(ours, theirs))), default=0.0)
    if isinstance(theirs, np.ndarray) and theirs.dtype.kind in "fiub":
        assert np.shape(ours) == theirs.shape, f"{where}: {np.shape(ours)} here, {theirs.shape} in Keras"
        difference = np.abs(np.asarray(ours, float) - theirs.astype(float)).max(initial=0.0)
        return float(difference / max(1e-2, np.abs(theirs.astype(float)).max(initial=0.0)))
    assert isinstance(theirs, np.ndarray) or ours == theirs, f"{where}: {ours!r} here, {theirs!r} in Keras"
    return 0.0


def both(name):
    theirs, ours = run(name, "keras"), run(name, "course_lib")
    compared = {key for key, value in theirs.items() if value is not None}
    assert compared
    return {key: apart(ours[key], theirs[key], key) for key in compared}


@pytest.mark.parametrize("name", [name for name in PROGRAMS if name not in DIFFERENT])
def test_a_program_gives_the_numbers_of_keras(name):
    differences = both(name)
    assert not {key: far for key, far in differences.items() if not far <= 1e-4}


@pytest.mark.parametrize("name", DIFFERENT)
def test_a_program_that_differs_runs_and_says_so(name):
    assert DIFFERENT[name] in left_out.DIFFERENCES
    differences = both(name)
    assert max(differences.values()) > 1e-4, f"{name} gives Keras's numbers now: take it off DIFFERENT"


def test_there_are_more_than_25_programs():
    assert len(PROGRAMS) > 25
