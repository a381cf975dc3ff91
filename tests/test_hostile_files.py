"""A file from a stranger loads as a model or is refused: it runs nothing, writes nothing, and takes no more memory than
it brought. Each case is one change to a good file; the refusal names the file, what is wrong, and what to do.
"""

import io
import json
import sys
import tracemalloc
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest

from course_lib import Sequential, layers, optimizers, regularizers
from course_lib.models import load_model
from course_lib.serialization import deserialize, serialize

X, Y = np.ones((6, 4), "float32"), np.arange(6) % 3


def trained():
    model = Sequential(
        [
            layers.Dense(5, "relu", kernel_regularizer=regularizers.L2(0.01), input_shape=(4,), name="hidden"),
            layers.BatchNormalization(),
            layers.Residual(Sequential([layers.Dense(5)])),
            layers.Dense(3, "softmax"),
        ]
    )
    rate = optimizers.schedules.ExponentialDecay(0.01, 10, 0.5)
    model.compile(optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(X, Y, verbose=0)
    return model


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    path = tmp_path_factory.mktemp("good") / "good.npz"
    trained().save(path)
    with np.load(path) as file:
        arrays = dict(file)
    return json.loads(str(arrays.pop("architecture"))), arrays


def layer(description, number=0):
    return description["model"]["config"]["layers"][number]


def nested(depth):
    inner = {"class": "layers.Dense", "config": {"units": 5}}
    for _ in range(depth):
        inner = {"class": "models.Sequential", "config": {"layers": [inner]}}
    return inner


def within_itself(description, arrays):
    residual = layer(description, 2)
    residual["config"]["layer"] = {"class": "layers.Residual", "config": {"layer": residual["config"]["name"]}}


def of_another_shape(description, arrays):
    arrays["weight_0"] = arrays["weight_0"].T.copy()


def set_to(find, key, value):
    def change(description, arrays):
        find(description)[key] = value

    return change


def top(description):
    return description


def config(description):
    return layer(description)["config"]


def compiled(description):
    return description["compile"]


def named(name, **arguments):
    return {"class": name, "config": arguments}


def without(name):
    return lambda description, arrays: arrays.pop(name)


def with_array(name, array):
    return lambda description, arrays: arrays.update({name: array})


SAVES = named("models.save_model", model=named("models.Sequential", layers=[]), path="victim")
CHANGES = {
    "a function that writes": (set_to(top, "model", SAVES), ["models.save_model", "does not have"]),
    "a function that writes, as a layer": (
        set_to(lambda d: d["model"]["config"], "layers", [SAVES]), ["models.save_model", "does not have"]),
    "a function that reads": (set_to(top, "model", named("models.load_model", path="victim")), ["models.load_model"]),
    "a class of Python": (set_to(top, "model", named("os.system", command="touch victim")), ["os.system"]),
    "a module to import": (set_to(top, "model", named("antigravity.Sequential")), ["antigravity"]),
    "a path in a name": (set_to(top, "model", named("../../models.Sequential")), ["../../models"]),
    "a family in a family": (set_to(top, "model", named("models.sequential.Sequential")), ["models.sequential"]),
    "an unknown class": (set_to(layer, "class", "layers.Nonsense"), ["layers.Nonsense", "does not have"]),
    "a base class": (set_to(layer, "class", "layers.Layer"), ["layers.Layer"]),
    "a registry": (set_to(layer, "class", "layers.registry"), ["layers.registry"]),
    "a function of activations": (set_to(config, "activation", named("activations.relu")), ["activations.relu"]),
    "a layer that is a loss": (set_to(layer, "class", "losses.Huber"), ["losses.Huber", "layers"]),
    "a loss that is a layer": (set_to(compiled, "loss", named("layers.Dense", units=2)), ["layers.Dense", "losses"]),
    "a metric that is a model": (
        set_to(compiled, "metrics", [named("models.Sequential")]), ["models.Sequential", "metrics"]),
    "a model that is a layer": (set_to(top, "model", named("layers.Dense", units=5)), ["layers.Dense", "models"]),
    "a number that is a layer": (set_to(config, "units", named("layers.Dense", units=2)), ["layers.Dense", "number"]),
    "a schedule that is an optimizer": (
        set_to(lambda d: compiled(d)["optimizer"]["config"], "learning_rate", named("optimizers.SGD")),
        ["optimizers.SGD", "optimizers.schedules"]),
    "a regularizer that is an initializer": (
        set_to(config, "kernel_regularizer", named("initializers.Zeros")), ["initializers.Zeros", "regularizers"]),
    "a class that is no text": (set_to(layer, "class", {"class": "layers.Dense"}), ["class and its config"]),
    "a config that is no table": (set_to(layer, "config", [1, 2]), ["class and its config"]),
    "a table that is no class": (set_to(config, "units", {"a": 1}), ["'a'", "class and its config"]),
    "an activation with underscores": (set_to(config, "activation", "__class__"), ["activation", "__class__"]),
    "an activation that is a path": (set_to(config, "activation", "os.system"), ["activation", "os.system"]),
    "an unknown argument": (set_to(config, "on_load", "x"), ["Dense", "on_load"]),
    "an argument that no file has": (set_to(config, "weights", [[[1.0]], [1.0]]), ["Dense", "weights"]),
    "an argument of the wrong kind": (set_to(config, "units", "5"), ["units='5'"]),
    "an optimizer by a list": (set_to(compiled, "optimizer", ["adam"]), ["optimizers.get"]),
    "a billion units": (set_to(config, "units", 10**9), ["hidden", "1000000000", "more numbers"]),
    "a billion units, built at once": (
        set_to(lambda d: d["model"]["config"], "layers", [named("layers.Dense", units=10**9, input_shape=[4])]),
        ["1000000000", "more numbers"]),
    "a billion inputs": (set_to(top, "input_shape", [10**9]), ["input_shape"]),
    "a row repeated a billion times": (
        set_to(lambda d: d["model"]["config"], "layers",
               [named("layers.RepeatVector", n=10**9), named("layers.Activation", activation="relu")]), ["10 arrays"]),
    "a row repeated a billion times, for a layer that counts": (
        set_to(lambda d: d["model"]["config"], "layers",
               [named("layers.RepeatVector", n=10**9), named("layers.Flatten"), named("layers.Dense", units=1)]),
        ["more numbers"]),
    "an image of a billion rows": (
        set_to(lambda d: d["model"]["config"], "layers",
               [named("layers.Reshape", target_shape=[2, 2, 1]), named("layers.UpSampling2D", size=[10**9, 10**9]),
                named("layers.ZeroPadding2D", padding=10**9), named("layers.Activation", activation="softmax")]),
        ["10 arrays"]),
    "a name that is no text": (set_to(config, "name", ["a", 1]), ["Dense", "name", "no text"]),
    "inputs that are no numbers": (set_to(top, "input_shape", ["4"]), ["input_shape"]),
    "a metric of a billion thresholds": (
        set_to(compiled, "metrics", [named("metrics.AUC", num_thresholds=10**9)]), ["num_thresholds=1000000000"]),
    "a matrix of a million classes": (
        set_to(compiled, "metrics", [named("metrics.ConfusionMatrix", num_classes=10**6)]), ["num_classes=1000000"]),
    "metrics that are large together": (
        set_to(compiled, "metrics", [named("metrics.ConfusionMatrix", num_classes=1000)] * 20),
        ["num_classes=1000", "more numbers than a file may ask for"]),
    "a metric that is small in words alone": (
        set_to(compiled, "metrics", [named("metrics.ConfusionMatrix", num_classes=20_000)]), ["num_classes=20000"]),
    "curves at a million places each": (
        set_to(compiled, "weighted_metrics", [named("metrics.AUC", num_thresholds=10**6)] * 100),
        ["num_thresholds=1000000"]),
    "a model 20 deep, of other weights": (set_to(top, "model", nested(20)), ["10 arrays", "2 weights"]),
    "a newer format": (set_to(top, "format", 3), ["format is 3", "newer", "Update"]),
    "a format of the future in words": (set_to(top, "format", "2"), ["format"]),
    "no format": (lambda d, a: d.pop("format"), ["format"]),
    "no model": (lambda d, a: d.pop("model"), ["lacks 'model'"]),
    "no loss": (lambda d, a: compiled(d).pop("loss"), ["lacks 'loss'"]),
    "a step before the first": (set_to(top, "iterations", -1), ["step -1"]),
    "half a step": (set_to(top, "iterations", 0.5), ["step 0.5"]),
    "a layer within itself": (within_itself, ["Residual", "layer=", "takes a layer"]),
    "a kernel of another shape": (of_another_shape, ["hidden/kernel", "(5, 4)", "(4, 5)"]),
    "a missing weight": (without("weight_3"), ["weight_3"]),
    "the last weight missing": (without("weight_9"), ["more numbers"]),
    "a weight too many": (with_array("weight_10", np.zeros(2, "float32")), ["11 arrays", "10 weights"]),
    "half of the optimizer's state": (without("state_0_v"), ["state_0_v"]),
    "state of another optimizer": (with_array("state_0_velocity", np.zeros(2, "float32")), ["state_"]),
    "whole numbers for weights": (with_array("weight_1", np.zeros(5, "int64")), ["weight_1", "int64", "floats"]),
    "text for weights": (with_array("weight_1", np.array(["a"] * 5)), ["weight_1", "<U1", "floats"]),
    "a part that is no part": (with_array("setup", np.zeros(2)), ["setup", "does not belong"]),
    "a path as a part": (with_array("../outside", np.zeros(2)), ["../outside", "does not belong"]),
}  # fmt: skip


def refused(path, words, megabytes=30):
    """Loading raises the ValueError, and leaves the folder, the modules and the memory alone."""
    victim = path.with_name("victim")
    victim.write_text("precious", encoding="utf-8")
    before, modules = sorted(path.parent.iterdir()), set(sys.modules)
    tracemalloc.start()
    try:
        with pytest.raises(ValueError) as caught:
            load_model(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    message = str(caught.value)
    missing = [word for word in [str(path), "model.save(path)", *words] if word not in message]
    assert not missing, f"{missing} not in: {message}"
    assert len(message) - len(str(path)) < 500
    assert victim.read_text(encoding="utf-8") == "precious" and sorted(path.parent.iterdir()) == before
    assert not {name for name in set(sys.modules) - modules if not name.startswith(("numpy", "course_lib"))}
    assert peak < megabytes * 1e6, f"{peak / 1e6:.0f} MB"


@pytest.fixture
def written(good, tmp_path, monkeypatch):
    """Write the good file with a change; where a name is a path, it is one from inside the test's own folder."""
    monkeypatch.chdir(tmp_path)

    def write(change=lambda description, arrays: None, **options):
        description, arrays = json.loads(json.dumps(good[0])), dict(good[1])
        change(description, arrays)
        path = tmp_path / "model.npz"
        np.savez(path, architecture=np.array(json.dumps(description)), **arrays)
        return path

    return write


def test_the_good_file_loads(written):
    load_model(written()).fit(X, Y, verbose=0)


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_file_is_refused(change, written):
    how, words = CHANGES[change]
    refused(written(how), words)


def test_an_architecture_nested_without_end_is_refused(good, tmp_path):
    depth = 100_000
    text = '{"format": 2, "input_shape": [4], "model": ' + '{"class": [' * depth + "]}" * depth + "}"
    np.savez(tmp_path / "model.npz", architecture=np.array(text))
    refused(tmp_path / "model.npz", ["Recursion"])


def test_a_model_in_a_model_in_a_model_without_end_is_refused(written):
    refused(written(set_to(top, "model", nested(300))), ["model.npz"])


def test_objects_are_refused_before_they_are_read(written, tmp_path):
    class Writes:
        def __reduce__(self):
            return open, ("victim", "w")

    path = written()
    with np.load(path) as file:
        arrays = dict(file)
    arrays["weight_1"] = np.array([Writes()], object)
    np.savez(path, **arrays)
    refused(path, ["weight_1", "object", "floats"])


def repacked(path, change=lambda name, data: data, compression=zipfile.ZIP_STORED, twice=()):
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w", compression) as file:
        warnings.simplefilter("ignore")  # zipfile warns of a name that is there twice
        for name in [*parts, *twice]:
            file.writestr(name, change(name, parts[name]))


def test_a_part_that_is_there_twice_is_refused(written):
    path = written()
    repacked(path, twice=["weight_0.npy"])
    refused(path, ["weight_0", "twice"])


def header(shape, dtype="<f4"):
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": dtype, "fortran_order": False, "shape": shape})
    return file.getvalue()


@pytest.mark.parametrize("shape", [(4, 10**9), (10**9, 10**9, 10**9), (-1,), (3,)], ids=str)
def test_a_header_that_claims_another_shape_is_refused_before_anything_is_made(shape, written):
    path = written()
    repacked(path, lambda name, data: header(shape) + b"\0" * 80 if name == "weight_0.npy" else data)
    refused(path, ["weight_0", "cut"])


def test_a_file_that_unfolds_to_more_than_it_is_long_is_refused(written):
    path = written()
    bomb = header((4, 25_000_000)) + bytes(400_000_000)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr("weight_10.npy", bomb)
    del bomb
    refused(path, ["weight_10", "packed"])


def test_a_part_that_claims_to_be_longer_than_the_file_is_refused(written):
    path = written()
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("weight_10.npy", b"")
        file.getinfo("weight_10.npy").file_size = 10**9
    refused(path, ["claim to hold"])


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_packed_part_with_a_changed_byte_is_refused(packing, written):
    """What unpacks it has errors of its own: zlib.error, LZMAError."""
    path = written()
    repacked(path, compression=packing)
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as file:
        at = file.getinfo("weight_0.npy").header_offset + 50
    data[at : at + 8] = bytes(255 - n for n in data[at : at + 8])
    path.write_bytes(bytes(data))
    refused(path, ["packed"])


@pytest.mark.parametrize("keep", [0.0, 0.3, 0.9, 0.999])
def test_a_truncated_file_is_refused(keep, written):
    path = written()
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])
    refused(path, ["model.npz"])


def test_a_changed_byte_is_refused(written):
    path = written()
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as file:
        at = file.getinfo("weight_0.npy").header_offset + 200
    data[at] ^= 255
    path.write_bytes(bytes(data))
    refused(path, ["model.npz"])


def test_what_is_no_zip_at_all_is_refused(tmp_path):
    path = tmp_path / "model.npz"
    for content in (b"", b"PK", b"not a model", b"\x80\x04cos\nsystem\n."):
        path.write_bytes(content)
        refused(path, ["model.npz"])


def test_classes_may_stand_only_where_their_family_belongs():
    written = serialize(regularizers.L2(0.1))
    assert deserialize(written, ("regularizers",)).l2 == 0.1
    for families in ((), ("layers",), ("optimizers", "models")):
        with pytest.raises(ValueError, match=r"regularizers\.L2"):
            deserialize(written, families)


# ---- files of an older course_lib


@pytest.mark.parametrize("name", ["adam", "momentum", "each_variable", "not_compiled"])
def test_files_of_format_1_still_load_and_train_on_as_they_did(name):
    folder = Path(__file__).parent / "data" / "format_1"
    model, expected = load_model(folder / f"{name}.npz"), np.load(folder / f"{name}.expected.npz")
    np.testing.assert_allclose(model.predict(expected["x"]), expected["prediction"], rtol=1e-5, atol=1e-6)
    for loss in expected["loss"] if "loss" in expected else []:  # Adam's state, had it not been converted: 2 % apart
        assert model.train_on_batch(expected["x"], expected["y"], return_dict=True)["loss"] == pytest.approx(loss, 1e-5)


def test_state_that_the_optimizer_does_not_keep_is_refused_and_does_not_go_on_without_end(tmp_path):
    path = tmp_path / "plain.npz"
    model = Sequential([layers.Input((2,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    model.save(path)
    with np.load(path) as file:
        arrays = dict(file)
    with open(path, "wb") as file:
        np.savez(file, **arrays, state_0_m=np.zeros(3, "float32"))
    with pytest.raises(ValueError, match="keeps no state.*state_0_m"):
        load_model(path)


HEADERS = {
    "brackets without end": b"{'descr':" + b"(" * 8991,
    "lines that fit no block": b"if 1:\n   a\n b",
    "no Python": b"{'descr': '<f4', 'fortran_order': False, 'shape': (",
    "numbers of Python 2": b"{'descr': '<f4', 'fortran_order': False, 'shape': (3L, 2)}",
}


@pytest.mark.parametrize("text", HEADERS.values(), ids=HEADERS)
@pytest.mark.parametrize("action", ["error", "ignore"], ids="warnings: {}".format)
def test_a_header_that_python_cannot_read_is_refused_in_words(text, action, written):
    broken = b"\x93NUMPY\x01\x00" + (len(text) + 1).to_bytes(2, "little") + text + b"\n"
    path = written()
    repacked(path, lambda name, data: broken if name.startswith("weight_0") else data)
    with warnings.catch_warnings():
        warnings.simplefilter(action)
        refused(path, [])


def test_a_number_too_large_for_the_model_is_refused(written):
    path = written(with_array("weight_1", np.array([1e300, 0, 0, 0, 0])))
    refused(path, ["too large", "dtype"])
    model = trained()
    before = model.get_weights()
    with pytest.raises(ValueError, match="too large"):
        model.load_weights(path)
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights()))
    refused(
        written(with_array("state_0_m", np.full_like(trained().optimizer.state[0]["m"], 1e300, float))), ["too large"]
    )


def test_a_few_words_do_not_fill_the_memory_when_the_model_is_used(tmp_path):
    path = tmp_path / "large.npz"
    description = serialize(Sequential([layers.Input((4,)), layers.Dense(6), layers.RepeatVector(10)]))
    description["config"]["layers"][1]["config"]["n"] = 10**7
    text = json.dumps({"format": 2, "model": description, "input_shape": [4]})
    np.savez(path, architecture=np.array(text), weight_0=np.zeros((4, 6)), weight_1=np.zeros(6))
    refused(path, ["repeat_vector", "60,000,000"])
    inside = description["config"]["layers"]
    inside.append(named("layers.GlobalAveragePooling1D"))
    description["config"]["layers"] = [named("models.Sequential", layers=inside)]
    text = json.dumps({"format": 2, "model": description, "input_shape": [4]})
    np.savez(path, architecture=np.array(text), weight_0=np.zeros((4, 6)), weight_1=np.zeros(6))
    refused(path, ["repeat_vector", "60,000,000"])
