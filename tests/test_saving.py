"""Models in files: the same predictions, the same training from there on, and no file that is half."""

import io
import json
import zipfile

import families
import numpy as np
import pytest
from training_twins import X, Y, classifier, rng

from course_lib import Sequential, layers, losses
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


def test_saving_is_all_or_nothing(tmp_path, monkeypatch):
    model = classifier()
    path = tmp_path / "model.npz"
    model.save(path)
    good = path.read_bytes()

    def fails_halfway(file, **arrays):
        file.write(b"half a model")
        raise OSError("disk full")

    monkeypatch.setattr(np, "savez", fails_halfway)
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
