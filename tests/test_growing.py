"""A model that grows layer by layer: each is built once, one that does not fit is not taken, none holds itself."""

import itertools
import sys
import tempfile

import numpy as np
import pytest

from course_lib import Sequential, layers
from course_lib.layers import Layer
from course_lib.models import load_model

X = np.ones((4, 3), "float32")


def counted(monkeypatch):
    """Lists that fill with the names of layers while models are made: built, and asked for their output's shape."""
    built, asked = [], []
    build, shape_behind = layers.Dense.build, layers.Dense.compute_output_shape
    monkeypatch.setattr(layers.Dense, "build", lambda self, shape: built.append(self.name) or build(self, shape))
    monkeypatch.setattr(
        layers.Dense, "compute_output_shape", lambda self, shape: asked.append(self.name) or shape_behind(self, shape)
    )
    return built, asked


def by_list(count):
    return Sequential([layers.Input((3,)), *(layers.Dense(3) for _ in range(count))])


def one_by_one(count):
    model = Sequential([layers.Input((3,))])
    for _ in range(count):
        model.add(layers.Dense(3))
    return model


@pytest.mark.parametrize("make", [by_list, one_by_one])
def test_forty_layers_are_built_forty_times_and_laid_out_once_or_twice(make, monkeypatch):
    built, asked = counted(monkeypatch)
    flattened, flatten = [], Sequential.flatten
    monkeypatch.setattr(Sequential, "flatten", lambda self: flattened.append(1) or flatten(self))
    model = make(40)
    assert model.flat_parameters.size == 40 * 12
    assert len(built) == len(asked) == 40 and len(flattened) <= 2


def test_layers_that_come_and_go_are_not_built_again(monkeypatch):
    model, added = one_by_one(10), layers.Dense(3)
    built, asked = counted(monkeypatch)
    for _ in range(10):
        model.add(added)
        model.pop()
    assert set(built + asked) == {added.name} and len(asked) == 10
    assert model.flat_parameters.size == 10 * 12


def test_a_model_that_grew_equals_the_model_of_the_whole_list():
    grown, whole = one_by_one(3), by_list(3)
    grown.set_weights(whole.get_weights())
    np.testing.assert_array_equal(grown.predict(X), whole.predict(X))
    np.testing.assert_array_equal(grown.flat_parameters, whole.flat_parameters)
    assert grown.output_shape == whole.output_shape == (None, 3)


@pytest.mark.parametrize("before", [0, 2])
def test_a_layer_that_does_not_fit_is_not_taken(before):
    model = one_by_one(before)
    weights = model.get_weights()
    with pytest.raises(ValueError, match="axes"):
        model.add(layers.Conv2D(4, 3))
    with pytest.raises(ValueError, match="axes"):
        model.add(layers.LSTM(4))
    assert len(model.layers) == before
    model.add(layers.Dense(2))
    assert model.predict(X).shape == (4, 2)
    for now, then in zip(model.get_weights(), weights):
        np.testing.assert_array_equal(now, then)


def test_a_first_layer_that_does_not_fit_leaves_no_shape_behind():
    model = Sequential()
    with pytest.raises(ValueError, match="axes"):
        model.add(layers.Conv2D(4, 3, input_shape=(5,)))
    model.add(layers.Dense(2, input_shape=(3,)))
    assert model.predict(X).shape == (4, 2)


# ---- nothing holds itself


class Holder(Layer):
    def __init__(self, inner=None):
        super().__init__()
        self.inner = inner


def into_itself(how):
    residual, model, holder = layers.Residual(layers.Dense(3)), by_list(1), Holder()
    return {
        "a layer as its own attribute": lambda: setattr(holder, "inner", holder),
        "in a list": lambda: setattr(holder, "inner", [layers.Dense(3), holder]),
        "in a dictionary": lambda: setattr(holder, "inner", {"again": holder}),
        "a residual around itself": lambda: setattr(residual, "layer", residual),
        "over another layer": lambda: setattr(residual, "layer", Holder(residual)),
        "a model in itself": lambda: model.add(model),
        "a model in what it holds": lambda: model.add(layers.Residual(model)),
    }[how]


@pytest.mark.parametrize("how", [
    "a layer as its own attribute", "in a list", "in a dictionary", "a residual around itself", "over another layer",
    "a model in itself", "a model in what it holds",
])  # fmt: skip
def test_no_layer_holds_itself(how):
    with pytest.raises(ValueError, match="cannot hold"):
        into_itself(how)()


# ---- the work for many layers


def calls(work):
    """How many functions Python enters in `work`: its length on a machine without a clock."""
    count = itertools.count()
    sys.setprofile(lambda frame, event, argument: event == "call" and next(count))
    try:
        work()
    finally:
        sys.setprofile(None)
    return next(count)


def add_one_by_one(some):
    model = Sequential([layers.Input((1,))])
    for layer in some:
        model.add(layer)


def saved_and_loaded(some):
    with tempfile.TemporaryDirectory() as folder:
        Sequential([layers.Input((1,)), *some]).save(f"{folder}/m.npz")
        load_model(f"{folder}/m.npz")


@pytest.mark.parametrize("work", [add_one_by_one, saved_and_loaded])
@pytest.mark.parametrize("make", [layers.ReLU, lambda: layers.Dense(1)], ids=["ReLU", "Dense"])
def test_ten_times_the_layers_are_ten_times_the_work(work, make):
    few, many = ([make() for _ in range(n)] for n in (30, 300))
    work(few[:3])  # what the first use imports
    assert calls(lambda: work(many)) < 15 * calls(lambda: work(few))


def test_a_layer_that_was_taken_off_may_come_back_and_its_name_is_free():
    first, other = layers.Dense(1, name="a"), layers.Dense(1, name="a")
    model = Sequential([layers.Input((1,)), first])
    model.pop()
    with pytest.raises(TypeError, match="'a'; it takes layers"):
        model.add("a")
    with pytest.raises(ValueError, match="not built"):
        model.save("nothing.npz")
    with pytest.raises(ValueError, match="holds no layers"):
        model(np.ones((2, 1)))
    model.add(other)
    with pytest.raises(ValueError, match="already holds a layer named 'a'"):
        model.add(first)
    model.add("a")
    assert model.layers == [other, other]
