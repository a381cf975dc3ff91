"""Every public name of Keras has an answer: course_lib has it, or says in a sentence what to do instead."""

import importlib

import numpy as np
import pytest

from course_lib import layers, left_out, models, optimizers

X, Y = np.zeros((4, 3), "float32"), np.zeros((4, 2), "float32")


def room_of(name):
    return importlib.import_module(f"course_lib.{name}" if name else "course_lib")


@pytest.mark.parametrize("room", left_out.NAMES, ids=lambda room: room or "keras")
def test_a_name_that_is_left_out_gets_its_sentence_and_stands_on_the_table_only_while_it_is_missing(room):
    module = room_of(room)
    for name, sentence in left_out.NAMES[room].items():
        assert name not in vars(module), f"course_lib.{room} has {name} now: take it off left_out.NAMES"
        with pytest.raises(ImportError) as told:
            getattr(module, name)
        assert name in str(told.value) and sentence in str(told.value) and "docs/keras.md" in str(told.value)


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
