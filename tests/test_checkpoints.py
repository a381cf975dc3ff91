"""ModelCheckpoint and CSVLogger write what Keras's write, and hooks by batch are called under both of their names."""

import csv
import json

import numpy as np
import pytest

from course_lib import Sequential, callbacks, layers, optimizers, parity
from course_lib.models import load_model

rng = np.random.default_rng(1)
X = rng.normal(size=(30, 4)).astype("float32")
Y = (X[:, :1] + 0.5 * rng.normal(size=(30, 1)) > 0).astype("float32")
FIT = {"epochs": 5, "batch_size": 10, "shuffle": False, "verbose": 0, "validation_split": 1 / 3}


def model(optimizer=None):
    m = Sequential([layers.Dense(3, "tanh", input_shape=(4,)), layers.Dense(1, "sigmoid")])
    start = np.random.default_rng(2)
    m.set_weights([start.normal(size=w.shape) for w in m.weights])
    m.compile(optimizer or optimizers.SGD(2.0), "binary_crossentropy", metrics=["accuracy"])
    return m


OPTIONS = {
    "each epoch": ({}, "{epoch:02d}"),
    "names with numbers": ({}, "{epoch}-{val_loss:.2f}-{accuracy:.3f}"),
    "the best": ({"save_best_only": True}, "{epoch:02d}"),
    "the best accuracy": ({"save_best_only": True, "monitor": "val_accuracy"}, "{epoch:02d}"),
    "the worst": ({"save_best_only": True, "mode": "max"}, "{epoch:02d}"),
    "better than a threshold": ({"save_best_only": True, "initial_value_threshold": 0.45}, "{epoch:02d}"),
    "better than nothing": ({"save_best_only": True, "initial_value_threshold": 0.0}, "{epoch:02d}"),
    "by batches": ({"save_freq": 3}, "{epoch:02d}-{batch}"),
    "weights alone": ({"save_weights_only": True}, "{epoch:02d}"),
    "into a new folder": ({}, "new/{epoch}/m"),
}


def test_checkpoints_write_the_same_files_as_in_keras_and_say_the_same(tmp_path, capsys):
    keras = parity.quiet_keras()
    ours = model()
    said, files = [], []
    for m, room in ((ours, callbacks), (parity.keras_twin(ours), keras.callbacks)):
        top, kept = tmp_path / room.__name__, []
        for option, (arguments, name) in OPTIONS.items():
            (top / option).mkdir(parents=True)
            ending = ".weights.h5" if arguments.get("save_weights_only") else ".keras"
            kept.append(room.ModelCheckpoint(str(top / option / (name + ending)), verbose=1, **arguments))
        m.fit(X, Y, callbacks=kept, **FIT)
        lines = capsys.readouterr().out.replace(str(top), "").splitlines()
        said.append([line for line in lines if line and "finished" not in line])
        files.append({option: sorted(p.name for p in (top / option).rglob("*.*")) for option in OPTIONS})
    assert files[0] == files[1]
    assert [len(found) > 0 for found in files[0].values()] == [option != "better than nothing" for option in OPTIONS]
    assert said[0] == said[1]


def test_by_batches_the_best_is_kept_from_the_first_epoch_on(tmp_path):
    """Keras 3.15 cannot: it learns which way is better at the end of the first epoch, and fails before."""
    kept = callbacks.ModelCheckpoint(tmp_path / "{epoch}-{batch}.npz", "loss", save_best_only=True, save_freq=1)
    model().fit(X, Y, callbacks=kept, epochs=1, batch_size=10, shuffle=False, verbose=0)
    assert "1-1.npz" in {p.name for p in tmp_path.iterdir()}


def test_the_best_model_comes_back_with_its_optimizer_and_trains_on(tmp_path):
    m, path = model("adam"), tmp_path / "best.npz"
    kept = callbacks.ModelCheckpoint(path, save_best_only=True)
    history = m.fit(X, Y, callbacks=[kept], **FIT).history
    best = load_model(path)
    assert best.evaluate(X[20:], Y[20:], return_dict=True)["loss"] == pytest.approx(min(history["val_loss"]), rel=1e-5)
    assert kept.best == min(history["val_loss"])
    best.fit(X, Y, verbose=0)


def test_weights_alone_go_into_a_model_of_the_same_layers(tmp_path):
    m = model()
    m.fit(X, Y, callbacks=callbacks.ModelCheckpoint(tmp_path / "{epoch}.npz", save_weights_only=True), **FIT)
    other = model()
    other.load_weights(tmp_path / "5.npz")
    assert all((a == b).all() for a, b in zip(m.get_weights(), other.get_weights()))
    with pytest.raises(ValueError, match="no architecture"):
        load_model(tmp_path / "5.npz")


def test_a_save_that_fails_leaves_the_last_good_file(tmp_path, disk_full_halfway):
    m, path = model(), tmp_path / "m.npz"
    m.fit(X, Y, callbacks=callbacks.ModelCheckpoint(path), **FIT)
    good = path.read_bytes()
    disk_full_halfway()
    with pytest.raises(OSError, match="disk full"):
        m.fit(X, Y, callbacks=callbacks.ModelCheckpoint(path), **FIT)
    assert path.read_bytes() == good and [p.name for p in tmp_path.iterdir()] == ["m.npz"]


def test_a_number_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ValueError, match="names 'val_acc'.*in braces are epoch, .*val_accuracy"):
        model().fit(X, Y, callbacks=callbacks.ModelCheckpoint(tmp_path / "{val_acc}.npz"), **FIT)
    for wrong in ("{1}", "{}", "{epoch", "}", "{epoch.x}", "{epoch:q}", "{epoch[0]}"):
        with pytest.raises(ValueError, match="cannot be filled in.*in braces are epoch, .*val_accuracy.*doubled"):
            model().fit(X, Y, callbacks=callbacks.ModelCheckpoint(f"{tmp_path}/run{wrong}/a.npz"), **FIT)
    assert not list(tmp_path.iterdir())
    with pytest.warns(UserWarning, match="'val_lss', which is not among.*val_loss"):
        kept = callbacks.ModelCheckpoint(tmp_path / "m.npz", monitor="val_lss", save_best_only=True)
        model().fit(X, Y, callbacks=kept, **FIT)
    assert (tmp_path / "m.npz").exists()
    for wrong in (0, 2.5, True, "batch"):
        with pytest.raises(ValueError, match="save_freq=.*'epoch' or a number"):
            callbacks.ModelCheckpoint("m.npz", save_freq=wrong)


# ---- lines of an epoch


@pytest.mark.parametrize("validation", [0.0, 1 / 3])
def test_log_files_read_as_those_of_keras(validation, tmp_path):
    keras = parity.quiet_keras()
    ours, read = model(), {}
    for m, room in ((ours, callbacks), (parity.keras_twin(ours), keras.callbacks)):
        paths = {separator: tmp_path / f"{room.__name__}{ord(separator)}.csv" for separator in ",;\t"}
        for append in (False, True):
            loggers = [room.CSVLogger(str(path), separator=s, append=append) for s, path in paths.items()]
            m.fit(X, Y, callbacks=loggers, **{**FIT, "epochs": 2, "validation_split": validation})
        for separator, path in paths.items():
            with open(path, newline="", encoding="utf-8") as file:
                read.setdefault(separator, []).append(list(csv.reader(file, delimiter=separator)))
    for mine, theirs in read.values():
        assert mine[0] == theirs[0] and len(mine) == len(theirs) == 5
        for a, b in zip(sum(mine[1:], []), sum(theirs[1:], []), strict=True):
            assert a == b == "NA" or float(a) == pytest.approx(float(b), rel=1e-4)


def test_a_log_file_begins_anew_unless_told_to_append(tmp_path):
    path = tmp_path / "log.csv"
    for append, lines in ((False, 3), (False, 3), (True, 5)):
        model().fit(X, Y, callbacks=callbacks.CSVLogger(path, append=append), epochs=2, verbose=0)
        assert len(path.read_text(encoding="utf-8").splitlines()) == lines


@pytest.mark.parametrize("end", ["", "\n", "\r\n"], ids=repr)
def test_a_log_that_was_cut_off_within_a_line_goes_on_in_the_next(end, tmp_path):
    path = tmp_path / "log.csv"
    model().fit(X, Y, callbacks=callbacks.CSVLogger(path), epochs=2, verbose=0)
    path.write_bytes(path.read_bytes().rstrip()[:-5] + end.encode())
    before = path.read_bytes()
    model().fit(X, Y, callbacks=callbacks.CSVLogger(path, append=True), epochs=1, verbose=0)
    lines = path.read_bytes().splitlines()
    assert path.read_bytes().startswith(before) and len(lines) == 4
    assert lines[3].startswith(b"0,") and lines[3].count(b",") == lines[0].count(b",")


# ---- hooks by batch


def test_hooks_by_batch_are_called_under_either_name():
    class Older(callbacks.Callback):
        def __init__(self):
            self.heard = []

        def on_batch_begin(self, batch, logs=None):
            self.heard.append(("begin", batch))

        def on_batch_end(self, batch, logs=None):
            self.heard.append(("end", batch, *sorted(logs)))

    class Newer(Older):
        def on_train_batch_end(self, batch, logs=None):
            self.heard.append(("train end", batch))

    older, newer, seen = Older(), Newer(), []
    by_function = callbacks.LambdaCallback(on_batch_end=lambda batch, logs: seen.append(batch))
    model().fit(X, Y, batch_size=15, callbacks=[older, newer, by_function], verbose=0)
    logs = ("accuracy", "loss")
    assert older.heard == [("begin", 0), ("end", 0, *logs), ("begin", 1), ("end", 1, *logs)]
    assert newer.heard == [("begin", 0), ("train end", 0), ("begin", 1), ("train end", 1)]
    assert seen == [0, 1]


def test_the_learning_rate_in_the_history_is_a_plain_number():
    for kept in (
        callbacks.ReduceLROnPlateau(patience=1),
        callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.5),
    ):
        history = model().fit(X, Y, callbacks=kept, **FIT).history
        assert {type(rate) for rate in history["learning_rate"]} == {float}
        json.dumps(history)
