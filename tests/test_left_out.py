"""Every public name of Keras has an answer: course_lib has it, or says in a sentence what to do instead."""

import importlib
import inspect
import types
from operator import attrgetter

import numpy as np
import pytest

from course_lib import layers, left_out, models, optimizers, parity
from course_lib.utils import arguments

KERAS = parity.quiet_keras()
X, Y = np.zeros((4, 3), "float32"), np.zeros((4, 2), "float32")


def room_of(name):
    return importlib.import_module(f"course_lib.{name}" if name else "course_lib")


@pytest.mark.parametrize("room", left_out.NAMES, ids=lambda room: room or "keras")
def test_a_name_that_is_left_out_gets_its_sentence(room):
    module = room_of(room)
    for name, sentence in left_out.names(room).items():
        with pytest.raises(ImportError) as told:
            getattr(module, name)
        assert name in str(told.value) and sentence in str(told.value) and "docs/keras.md" in str(told.value)


def test_what_a_room_defines_is_no_longer_left_out(monkeypatch):
    assert "Lion" in left_out.names("optimizers")
    monkeypatch.setitem(vars(optimizers), "Lion", object())
    assert "Lion" not in left_out.names("optimizers") and "Adagrad" in left_out.names("optimizers")


def test_an_import_shows_the_sentence_too():
    with pytest.raises(ImportError, match="two axes and their channels"):
        exec("from course_lib.layers import Conv3D")


def test_a_name_that_nobody_knows_gets_the_usual_error():
    for module in (layers, optimizers, room_of("")):
        assert not hasattr(module, "Nonsense")


def model():
    return models.Sequential([layers.Dense(2, input_shape=(3,))])


CALLS = {
    "compile": lambda **argument: model().compile("sgd", "mse", **argument),
    "fit": lambda **argument: compiled().fit(X, Y, **argument),
    "summary": lambda **argument: model().summary(**argument),
    "layers": lambda **argument: layers.Dense(2, **argument),
    "optimizers": lambda **argument: optimizers.SGD(**argument),
}


def compiled():
    m = model()
    m.compile("sgd", "mse")
    return m


@pytest.mark.parametrize(("family", "name"), [(f, name) for f, table in left_out.ARGUMENTS.items() for name in table])
def test_an_argument_without_effect_is_accepted_and_any_other_value_is_told(family, name):
    argument = left_out.ARGUMENTS[family][name]
    if argument.accepted is left_out.ANY:
        CALLS[family](**{name: "whatever"})
        return
    for value in argument.accepted:
        CALLS[family](**{name: value})
    with pytest.raises(TypeError) as told:
        CALLS[family](**{name: "something else"})
    assert name in str(told.value) and argument.sentence in str(told.value)


def test_an_array_for_an_argument_without_effect_is_compared_by_no_truth_value():
    with pytest.raises(TypeError, match="kernel_constraint"):
        layers.Dense(2, kernel_constraint=np.ones(2))


@pytest.mark.parametrize("name", left_out.METHODS)
def test_a_method_that_is_left_out_gets_its_sentence_where_no_layer_has_it(name):
    for thing in (model(), layers.Dense(2)):
        assert not hasattr(thing, name), f"{type(thing).__name__} has {name} now: take it off left_out.METHODS"
        with pytest.raises(AttributeError) as told:
            getattr(thing, name)
        assert left_out.METHODS[name] in str(told.value)


# Programs as tutorials have them, that cannot run here: each must end with its sentence.
PROGRAMS = {
    "functional": (
        "inputs = keras.Input(shape=(4,))\nx = keras.layers.Dense(8)(inputs)\nkeras.Model(inputs, x)",
        ("", "Model"),
    ),
    "functional, imported": ("from keras import Model", ("", "Model")),
    "a model as a class": ("class Net(keras.Model):\n    pass", ("", "Model")),
    "two paths": ("keras.layers.concatenate([1, 2])", ("layers", "concatenate")),
    "two paths added": ("keras.layers.Add()([1, 2])", ("layers", "Add")),
    "a loss of tensors": (
        "def loss(y_true, y_pred):\n    return keras.ops.mean(y_true - y_pred)\nloss(1, 2)",
        ("", "ops"),
    ),
    "a function as a layer": ("from keras.layers import Lambda", ("layers", "Lambda")),
    "attention": ("keras.layers.MultiHeadAttention(2, 4)", ("layers", "MultiHeadAttention")),
    "words by the model": ("from keras.layers import TextVectorization", ("layers", "TextVectorization")),
    "images turned": ("keras.layers.RandomFlip('horizontal')", ("layers", "RandomFlip")),
    "a downloaded base": ("keras.applications.MobileNetV2()", ("", "applications")),
    "a downloaded data set": ("from keras import datasets", ("", "datasets")),
    "half precision": ("keras.mixed_precision.set_global_policy('mixed_float16')", ("", "mixed_precision")),
    "a bound on weights": ("keras.constraints.MaxNorm(2)", ("", "constraints")),
    "a board": ("keras.callbacks.TensorBoard('logs')", ("callbacks", "TensorBoard")),
    "a rare rule": ("keras.optimizers.Nadam()", ("optimizers", "Nadam")),
    "a rare loss": ("keras.losses.Dice()", ("losses", "Dice")),
    "a rare metric": ("keras.metrics.F1Score()", ("metrics", "F1Score")),
    "a class for files": ("keras.utils.register_keras_serializable()", ("utils", "register_keras_serializable")),
    "a drawing": ("keras.utils.plot_model(None)", ("utils", "plot_model")),
    "a copy": ("keras.models.clone_model(None)", ("models", "clone_model")),
    "files by folder": ("keras.utils.image_dataset_from_directory('.')", ("utils", "image_dataset_from_directory")),
    "one step of a cell": ("keras.layers.RNN(keras.layers.LSTMCell(4))", ("layers", "RNN")),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_that_cannot_run_ends_with_its_sentence(name):
    source, (room, left) = PROGRAMS[name]
    source = "import course_lib as keras\n" + source.replace("from keras", "from course_lib")
    with pytest.raises((ImportError, TypeError)) as told:
        exec(source, {"__name__": name})
    assert left_out.NAMES[room][left] in str(told.value) and "docs/keras.md" in str(told.value)


# ---- nothing of Keras without an answer


def public(thing):
    return [name for name in dir(thing) if not name.startswith("_")]


@pytest.mark.parametrize("room", left_out.NAMES, ids=lambda room: room or "keras")
def test_every_public_name_of_keras_is_here_or_has_its_sentence(room):
    theirs = attrgetter(room)(KERAS) if room else KERAS
    names = [n for n in public(theirs) if not room or not isinstance(getattr(theirs, n), types.ModuleType)]
    assert len(names) > 3
    here = {*vars(room_of(room)), *left_out.NAMES[room]}
    assert not [n for n in names if n not in here]


def test_every_method_of_a_keras_model_is_here_or_has_its_sentence():
    ours = model()
    assert not [n for n in public(KERAS.Sequential) if not hasattr(ours, n) and n not in left_out.METHODS]


def pairs(room):
    for name, theirs in vars(getattr(KERAS, room)).items():
        ours = vars(room_of(room)).get(name)
        if isinstance(ours, type) and isinstance(theirs, type):
            yield name, ours, theirs


@pytest.mark.parametrize("room", ["layers", "optimizers"])
def test_every_argument_of_what_is_here_is_taken_or_has_its_sentence(room):
    missing = {
        f"{name}.{argument}"
        for name, ours, theirs in pairs(room)
        for argument in inspect.signature(theirs.__init__).parameters
        if argument not in {"self", "args", "kwargs", *arguments(ours), *left_out.ARGUMENTS[room]}
    }
    of_old = {"InputLayer.input_tensor", "Bidirectional.weights"}  # tensors of the functional API; files of Keras 2
    assert not missing - of_old


CHECKED_CALLS = ["compile", "fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "get_layer", "summary"]


@pytest.mark.parametrize("call", CHECKED_CALLS)
def test_every_argument_of_a_call_is_taken_or_has_its_sentence(call):
    family = call if call in left_out.ARGUMENTS else "fit"
    theirs = inspect.signature(getattr(KERAS.Sequential, call)).parameters
    ours = {*arguments(getattr(models.Sequential, call)), *left_out.ARGUMENTS[family]}
    assert not [argument for argument in theirs if argument not in {"self", "kwargs", *ours}]
