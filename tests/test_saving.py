"""Models in files: the same predictions, the same training from there on, and no file that is half."""

import io
import json
import zipfile

import families
import numpy as np
import pytest
from training_twins import X, Y, classifier, rng

from course_lib import Sequential, layers, losses, metrics, optimizers
from course_lib.models import load_model


@pytest.mark.parametrize("optimizer", families.made(rate=0.02), ids=families.show)
def test_a_loaded_model_predicts_the_same_and_trains_on_identically(tmp_path, optimizer):
    optimizer = type(optimizer)(**optimizer.get_config())
    model = classifier(
        layers.BatchNormalization(),
        layers.Residual(layers.Dense(8, kernel_regularizer="l2")),
        optimizer=optimizer,
        loss=losses.SparseCategoricalCrossentropy(),
    )
    model.layers[0].trainable = False
    model.compile(optimizer, model.loss, ["accuracy"])
    model.fit(X, Y, epochs=2, shuffle=False)
    model.save(tmp_path / "model")
    loaded = load_model(tmp_path / "model")
    assert np.array_equal(loaded.predict(X), model.predict(X))
    assert loaded.optimizer.iterations == model.optimizer.iterations
    assert loaded.layers[0].trainable is False
    more = {"epochs": 2, "shuffle": False, "batch_size": 16}
    assert loaded.fit(X, Y, **more).history == model.fit(X, Y, **more).history
    assert np.array_equal(loaded.flat_parameters, model.flat_parameters)
    assert Sequential.load(str(tmp_path / "model")).name == model.name


def test_a_model_without_compile_is_saved_without(tmp_path):
    model = Sequential([layers.Embedding(7, 3), layers.LSTM(4), layers.Dense(2)])
    tokens = rng.integers(0, 7, (5, 6))
    before = model(tokens)
    model.save(tmp_path / "m.npz")
    loaded = load_model(tmp_path / "m.npz")
    assert loaded.optimizer is None
    assert np.array_equal(loaded(tokens), before)


def test_saving_is_all_or_nothing(tmp_path, disk_full_halfway):
    model = classifier()
    path = tmp_path / "model.npz"
    model.save(path)
    good = path.read_bytes()
    disk_full_halfway()
    with pytest.raises(OSError, match="disk full"):
        model.save(path)
    assert path.read_bytes() == good
    assert [p.name for p in tmp_path.iterdir()] == ["model.npz"]


def _npz(**arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a model",
        _npz(weights=np.zeros(3)),
        _npz(architecture=np.array("no json")),
        _npz(architecture=np.array(json.dumps({"format": 99}))),
        _npz(architecture=np.array(json.dumps({"format": 1, "model": {"class": "layers.Nonsense", "config": {}}}))),
        _npz(architecture=np.array(json.dumps({"format": 1, "model": {"class": "os.system", "config": {}}}))),
    ],
    ids=["empty", "text", "other npz", "no json", "other format", "unknown layer", "foreign class"],
)
def test_a_file_that_is_no_model_is_named_in_the_error(tmp_path, content):
    path = tmp_path / "bad.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="bad.npz"):
        load_model(path)


def test_a_cut_or_single_array_file_is_named_in_the_error(tmp_path):
    model = classifier()
    model.save(tmp_path / "cut.npz")
    (tmp_path / "cut.npz").write_bytes((tmp_path / "cut.npz").read_bytes()[:-100])
    np.save(tmp_path / "array.npy", np.zeros(3))
    for name in ("cut.npz", "array.npy"):
        with pytest.raises(ValueError, match=name):
            load_model(tmp_path / name)


def test_a_file_holds_no_code(tmp_path):
    classifier().save(tmp_path / "m.npz")
    with zipfile.ZipFile(tmp_path / "m.npz") as file:
        assert all(name.endswith(".npy") for name in file.namelist())
    with np.load(tmp_path / "m.npz", allow_pickle=False) as file:
        assert all(file[name].dtype.kind in "fU" for name in file.files)


def test_own_functions_are_refused_when_saving(tmp_path):
    model = Sequential([layers.Dense(3, activation=lambda x: x * x, input_shape=(2,))])
    with pytest.raises(TypeError, match="your own"):
        model.save(tmp_path / "m.npz")
    assert not list(tmp_path.iterdir())


# ---- what `save` writes, `load_model` reads


def small(*more, optimizer="adam"):
    made = Sequential([layers.Dense(5, "relu", input_shape=(4,)), layers.Dense(3), *more])
    made.compile(optimizer, "mse")
    made.fit(np.ones((6, 4)), np.ones((6, made.output_shape[-1])), epochs=2, verbose=0)
    return made


def frozen_after_fit(optimizer="adam"):
    made = small(optimizer=optimizer)
    made.layers[0].trainable = False
    return made


def thawed_after_fit():
    made = small()
    made.layers[0].trainable = False
    made.compile("adam", "mse")
    made.fit(np.ones((6, 4)), np.ones((6, 3)), verbose=0)
    made.layers[0].trainable = True
    return made


def popped_after_fit():
    made = small(layers.Dense(2))
    made.pop()
    return made


def added_after_fit():
    made = small()
    made.add(layers.Dense(2))
    return made


def compiled_with_the_same_optimizer():
    made = frozen_after_fit()
    made.compile(made.optimizer, "mse")
    return made


def all_frozen():
    made = small()
    made.trainable = False
    return made


OUTGROWN = {
    "frozen": frozen_after_fit,
    "frozen, with a state each weight": lambda: frozen_after_fit(optimizers.Adam(clipnorm=1.0)),
    "frozen, with a mean of the weights": lambda: frozen_after_fit(optimizers.SGD(use_ema=True)),
    "thawed": thawed_after_fit,
    "a layer taken off": popped_after_fit,
    "a layer added": added_after_fit,
    "the same optimizer": compiled_with_the_same_optimizer,
    "all frozen": all_frozen,
}


@pytest.mark.parametrize("make", OUTGROWN.values(), ids=OUTGROWN)
def test_an_optimizer_whose_weights_are_others_now_begins_anew_and_says_so(make, tmp_path):
    model = make()
    model.save(tmp_path / "m.npz")
    with pytest.warns(UserWarning, match="m.npz.*other weights.*begins anew"):
        loaded = load_model(tmp_path / "m.npz")
    assert np.array_equal(loaded.predict(np.ones((2, 4))), model.predict(np.ones((2, 4))))
    assert loaded.optimizer.iterations == 0
    loaded.fit(np.ones((6, 4)), np.ones((6, loaded.output_shape[-1])), verbose=0)


def compiled(loss="mse", **given):
    made = Sequential([layers.Input((4,)), layers.Dense(3, "softmax")])
    made.compile("sgd", loss, **given)
    return made


def built(shape, *some):
    made = Sequential(list(some))
    made.build(shape)
    return made


READABLE = {
    "frozen, and no state": lambda: frozen_after_fit("sgd"),
    "a large picture": lambda: built((None, 2160, 3840, 3), layers.Rescaling(1 / 255), layers.GlobalAveragePooling2D()),
    "many maps of a large picture": lambda: built((None, 1080, 1920, 3), layers.Conv2D(64, 3), layers.Flatten()),
    "lengths of NumPy": lambda: Sequential([layers.Input(np.array([4])), layers.Dense(np.int64(3))]),
    "lengths of NumPy, in build": lambda: built((None, np.int64(4)), layers.Dense(3)),
    "lengths of NumPy, in a layer": lambda: Sequential([layers.Dense(3, input_shape=(np.int32(4),))]),
    "a shape of NumPy": lambda: built((None, 4), layers.Reshape(np.array([2, 2])), layers.Flatten()),
    "any length": lambda: built((None, None, 4), layers.LSTM(2)),
    "not a number of NumPy's": lambda: compiled(metrics=[metrics.TopKCategoricalAccuracy(k=np.int64(2))]),
}  # fmt: skip


@pytest.mark.parametrize("make", READABLE.values(), ids=READABLE)
def test_what_save_writes_load_model_reads(make, tmp_path):
    model = make()
    model.save(tmp_path / "m.npz")
    loaded = load_model(tmp_path / "m.npz")
    assert loaded.input_shape == model.input_shape and loaded.output_shape == model.output_shape
    assert all(np.array_equal(a, b) for a, b in zip(loaded.get_weights(), model.get_weights(), strict=True))


UNREADABLE = {
    "an axis of 0": lambda: built((None, 0), layers.Activation("relu")),
    "an input of a billion numbers": lambda: built((None, 10**9), layers.Activation("relu")),
    "a row repeated ten million times": lambda: built((None, 6), layers.RepeatVector(10**7)),
    "a large table": lambda: compiled(metrics=[metrics.ConfusionMatrix(2000)]),
    "a metric with a number for its name": lambda: compiled(metrics=[metrics.MeanSquaredError(name=5)]),
}  # fmt: skip


@pytest.mark.parametrize("make", UNREADABLE.values(), ids=UNREADABLE)
def test_what_load_model_would_refuse_is_not_written(make, tmp_path):
    model = make()
    with pytest.raises(ValueError, match="could not be read again"):
        model.save(tmp_path / "m.npz")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("shape", [(0,), (-1,), (4, 0), (2.5,), ("4",)], ids=str)
def test_a_shape_that_no_example_has_is_refused_where_it_is_given(shape):
    with pytest.raises(ValueError, match="whole numbers from 1"):
        layers.Input(shape)
    with pytest.raises(ValueError, match="whole numbers from 1"):
        layers.Dense(3, input_shape=shape)


def test_a_file_that_is_replaced_while_it_is_read_is_read_as_it_was(tmp_path, monkeypatch):
    path, opened = tmp_path / "m.npz", zipfile.ZipFile

    def replaced_meanwhile(file, *options):
        found = opened(file, *options)
        (tmp_path / "other").write_bytes(b"short")
        (tmp_path / "other").replace(path)
        return found

    for load in (load_model, compiled().load_weights):
        compiled().save(path)
        monkeypatch.setattr(zipfile, "ZipFile", replaced_meanwhile)
        load(path)
        monkeypatch.undo()
        assert path.read_bytes() == b"short"
