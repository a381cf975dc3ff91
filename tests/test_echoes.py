"""What a message repeats of a file or of a value is short and plain: no flood, no codes that steer a terminal."""

import numpy as np
import pytest

from course_lib import Sequential, activations, initializers, layers, losses, metrics, optimizers, regularizers
from course_lib import callbacks as hooks
from course_lib.models import load_model
from course_lib.serialization import deserialize
from course_lib.text.words import one_line, short

X, Y = np.ones((4, 3), "float32"), np.arange(4) % 2


class Unshowable:
    def __repr__(self):
        raise RuntimeError("no")


VALUES = {
    "a long text": "x" * 100_000,
    "codes of a terminal": "\x1b[2J\x07\x9b31m",
    "lines": "a\n\r\x0b" * 40,
    "text turned round": "abc\u202edcba\u2066",
    "half a character": "\ud800",
    "a number of 6,000 digits": 10**6000,
    "a long list": list(range(20_000)),
    "what cannot be shown": Unshowable(),
}


def model():
    made = Sequential([layers.Input((3,)), layers.Dense(2, "softmax")])
    made.compile("sgd", "sparse_categorical_crossentropy")
    return made


CALLS = {
    "a layer's size": lambda v: layers.Dense(v),
    "an activation": lambda v: layers.Dense(2, activation=v),
    "an initializer": lambda v: layers.Dense(2, kernel_initializer=v),
    "a regularizer": lambda v: layers.Dense(2, kernel_regularizer=v),
    "a dtype": lambda v: layers.Dense(2, dtype=v),
    "filters": lambda v: layers.Conv2D(v, 3),
    "a window": lambda v: layers.Conv2D(2, v),
    "padding": lambda v: layers.Conv2D(2, 3, padding=v),
    "a recurrent size": lambda v: layers.LSTM(v),
    "an embedding": lambda v: layers.Embedding(v, 2),
    "an inner layer": lambda v: layers.Residual(v),
    "a merge": lambda v: layers.Bidirectional(layers.LSTM(2), merge_mode=v),
    "a stack": lambda v: Sequential([v]),
    "a layer's name in a model": lambda v: model().get_layer(v),
    "a pass": lambda v: model()(X, run=v),
    "an optimizer": lambda v: model().compile(v, "mse"),
    "a loss": lambda v: model().compile("sgd", v),
    "a metric": lambda v: model().compile("sgd", "mse", metrics=[v]),
    "the metrics": lambda v: model().compile("sgd", "mse", metrics=v),
    "a rate": lambda v: optimizers.SGD(v),
    "a count": lambda v: optimizers.SGD(gradient_accumulation_steps=v),
    "a reduction": lambda v: losses.MeanSquaredError(reduction=v),
    "losses.get": losses.get,
    "metrics.get": metrics.get,
    "activations.get": activations.get,
    "initializers.get": initializers.get,
    "regularizers.get": regularizers.get,
    "epochs": lambda v: model().fit(X, Y, epochs=v),
    "a batch's size": lambda v: model().fit(X, Y, batch_size=v),
    "class weights": lambda v: model().fit(X, Y, class_weight=v),
    "a callback": lambda v: model().fit(X, Y, callbacks=[v]),
    "a hook": lambda v: hooks.LambdaCallback(**{v: print}),
    "an argument": lambda v: layers.Dense(2, **{v: 1}),
    "a class in a file": lambda v: deserialize({"class": v, "config": {}}),
    "an argument in a file": lambda v: deserialize({"class": "layers.Dense", "config": {v: 1}}),
    "a name in a file": lambda v: deserialize({"class": "layers.Dense", "config": {"units": 2, "name": [v]}}),
    "something in a file": lambda v: deserialize({"what": v}),
}


@pytest.mark.parametrize("call", CALLS)
def test_a_refusal_repeats_little_and_nothing_that_acts(call):
    refusals = 0
    for value in VALUES.values():
        if call == "epochs" and isinstance(value, int):
            continue  # so many it would begin
        if call == "a dtype" and isinstance(value, Unshowable):
            continue  # NumPy itself would show it
        try:
            CALLS[call](value)
        except (TypeError, ValueError, OverflowError) as error:
            told, refusals = str(error), refusals + 1
            assert len(told) < 1500, f"{len(told):,} characters: {told[:300]}"
            assert all(c.isprintable() or c == "\n" for c in told), repr(told[:300])
    assert refusals > 3


@pytest.mark.parametrize("name", [v for v in VALUES.values() if isinstance(v, str)], ids=range(5))
def test_a_layer_with_a_strange_name_is_named_shortly(name):
    strange = layers.Dense(2, name=name)
    with pytest.raises(ValueError) as refused:
        strange(np.ones(3))
    assert len(str(refused.value)) < 900 and str(refused.value).isprintable()


def test_what_is_wrong_with_a_file_is_told_shortly(tmp_path):
    path = tmp_path / "\x1b[2J.npz"
    path.write_bytes(b"PK\x03\x04" + b"\x1b" * 5000)
    with pytest.raises(ValueError) as refused:
        load_model(path)
    assert len(str(refused.value)) < 900 and str(refused.value).isprintable()


def test_ordinary_values_are_shown_as_python_writes_them():
    for value in ("relu", 3, None, (1, 2), "名字", [1.5, "a"]):
        assert short(value) == repr(value)
    assert one_line("two\nlines") == "two lines"
