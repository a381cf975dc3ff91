"""Whatever lies in a repository, it is refused in words, and all other models go on answering."""

import json
import lzma
import os
import shutil
import subprocess
import sys
import zlib

import numpy as np
import pytest
from serving_echo import Echo, models
from serving_helpers import call, in_this_process, text_request

from course_lib import Sequential, layers, serving
from course_lib.serving.models.manager import ModelManager
from course_lib.serving.models.repository import CHECKSUMS, checksums
from course_lib.serving.protocol.refusal import Refusal
from course_lib.serving.protocol.signature import Signature, Tensor, write_signature

SIGNATURE = Signature(
    inputs=[Tensor("counts", "FP32", [-1, 3])],
    outputs=[Tensor("probabilities", "FP32", [-1, 2])],
    preprocessing={"input": "text", "makes": "counts", "vocabulary": "vocabulary.txt"},
    postprocessing={"reads": "probabilities", "output": "label", "labels": "labels.txt"},
)
needs_posix = pytest.mark.skipif(os.name == "nt", reason="Windows has neither pipes in folders nor these rights")


def publish(repository, model, version=1, signature=SIGNATURE, words="game\nlibrary\nlevel\n", labels="games\ncode\n"):
    made = Sequential([layers.Dense(2, activation="softmax", input_shape=(3,))])
    with repository.publish(model, version) as folder:
        made.save(folder / "model.npz")
        (folder / "vocabulary.txt").write_text(words, encoding="utf-8")
        (folder / "labels.txt").write_text(labels, encoding="utf-8")
        write_signature(signature, folder / "signature.json")
    return made


@pytest.fixture
def repository(tmp_path):
    """A good model, and beside it one whose version 1 is good as well and whose version 2 will be broken."""
    made = serving.Repository(tmp_path / "models")
    publish(made, "good")
    publish(made, "mended")
    publish(made, "mended", 2)
    return made


# ---- what may lie on a disk


def published_so(folder):
    """As if it had been published as it is now: the checksums are right."""
    (folder / CHECKSUMS).write_text(json.dumps(checksums(folder)), encoding="utf-8")


def holds(name, content):
    def breaks(folder):
        (folder / name).write_bytes(content)
        if name != CHECKSUMS:
            published_so(folder)

    return breaks


def says(**changes):
    def breaks(folder):
        fields = json.loads((folder / "signature.json").read_bytes())
        holds("signature.json", json.dumps({**fields, **changes}).encode())(folder)

    return breaks


def is_missing(name):
    return lambda folder: os.remove(folder / name)


def was_never_there(name):
    def breaks(folder):
        os.remove(folder / name)
        published_so(folder)

    return breaks


def in_its_place(name, make):
    def breaks(folder):
        path = folder / name if name else folder
        shutil.rmtree(path) if path.is_dir() else os.remove(path)
        make(path)

    return breaks


def table(**files):
    return holds(CHECKSUMS, json.dumps(files).encode())


def a_link_to(target):
    return lambda path: os.symlink(target, path)


def a_pipe(path):
    os.mkfifo(path)


def a_file(path):
    path.write_bytes(b"a file")


X = {"name": "counts", "datatype": "FP32", "shape": [-1, 3]}
DEEP = b"[" * 200_000
DIGITS = b'{"format": 1, "inputs": ' + b"9" * 5000 + b"}"

BROKEN = {
    "signature: no JSON": (holds("signature.json", b"{ half"), "it is not JSON"),
    "signature: empty": (holds("signature.json", b""), "it is not JSON"),
    "signature: nested without end": (holds("signature.json", DEEP), "it is nested too deeply"),
    "signature: a number of 5,000 digits": (holds("signature.json", DIGITS), "no signature that can be read"),
    "signature: not UTF-8": (holds("signature.json", b'{"format": "\xff"}'), "it is not UTF-8 at byte 12"),
    "signature: far too large": (holds("signature.json", b" " * 2_000_000), "it has 2,000,000 bytes"),
    "signature: a list": (holds("signature.json", b"[1, 2]"), "it is [1, 2]; it must be a JSON object"),
    "signature: null": (holds("signature.json", b"null"), "it is null"),
    "signature: missing": (is_missing("signature.json"), "signature.json is missing"),
    "signature: never published": (was_never_there("signature.json"), "no signature.json was published with it"),
    "signature: a folder": (in_its_place("signature.json", os.mkdir), "signature.json is no file any more"),
    "inputs: a number": (says(inputs=7), "inputs is 7; it must be a list of tensors"),
    "inputs: texts": (says(inputs=["counts"]), "inputs[0] is 'counts'"),
    "inputs: two": (says(inputs=[X, {**X, "name": "more"}]), "a model has one input and one output here"),
    "shape: text": (says(inputs=[{**X, "shape": ["3"]}]), "inputs[0] has the shape ['3']"),
    "shape: infinite": (says(inputs=[{**X, "shape": [-1, float("inf")]}]), "inputs[0] has the shape [-1, inf]"),
    "shape: more than a machine holds": (
        says(inputs=[{**X, "shape": [-1, 10**15]}]),
        "one example may have 10,000,000",
    ),
    "shape: 10 to the 4,000": (says(inputs=[{**X, "shape": [10**4000]}]), "<a whole number of"),
    "step: a text": (says(preprocessing="bag of words"), "preprocessing is 'bag of words'"),
    "step: of unknown words": (says(postprocessing={"x\x1b[31m": 1}), "postprocessing has no reads, output and labels"),
    "step: leaves the folder": (
        says(preprocessing={**SIGNATURE.preprocessing, "vocabulary": "../../good/1/vocabulary.txt"}),
        "names '../../good/1/vocabulary.txt', not published with it",
    ),
    "table: no JSON": (holds(CHECKSUMS, b"sha256"), "checksums.json: it is not JSON"),
    "table: nested without end": (holds(CHECKSUMS, DEEP), "checksums.json: it is nested too deeply"),
    "table: a list": (holds(CHECKSUMS, b"[]"), "checksums.json: it holds no table of files"),
    "table: numbers": (table(**{"model.npz": 10**4000}), "which is no SHA-256"),
    "table: lists in lists": (table(**{"model.npz": [[[[[[]]]]]]}), "which is no SHA-256"),
    "table: names with codes": (table(**{"\x1b[2Jmodel": "0" * 64}), "\\x1b[2Jmodel is missing"),
    "table: a name of a megabyte": (table(**{"x" * 900_000: "0" * 64}), "is missing"),
    "table: missing": (is_missing(CHECKSUMS), "checksums.json: it cannot be read: No such file"),
    "model: missing": (is_missing("model.npz"), "model.npz is missing"),
    "model: nonsense": (holds("model.npz", b"nonsense"), "cannot read its model.npz"),
    "model: empty": (holds("model.npz", b""), "cannot read its model.npz"),
    "model: a folder": (in_its_place("model.npz", os.mkdir), "model.npz is no file any more"),
    "vocabulary: not UTF-8": (holds("vocabulary.txt", b"caf\xe9"), "its 'vocabulary.txt' is not UTF-8 at byte 3"),
    "vocabulary: far too large": (holds("vocabulary.txt", b" " * 10_000_001), "'vocabulary.txt' has 10,000,001 bytes"),
    "labels: far too large": (holds("labels.txt", b"\n" * 10_000_001), "'labels.txt' has 10,000,001 bytes"),
    "labels: missing": (was_never_there("labels.txt"), "names 'labels.txt', not published with it"),
    "the version: a file": (in_its_place("", a_file), "Version 2 of mended is no folder"),
    "the version: an empty folder": (in_its_place("", os.mkdir), "checksums.json: it cannot be read"),
}
ON_POSIX = {
    "signature: a pipe": (in_its_place("signature.json", a_pipe), "signature.json is no file any more"),
    "signature: a device": (in_its_place("signature.json", a_link_to("/dev/zero")), "signature.json is no file"),
    "table: a pipe": (in_its_place(CHECKSUMS, a_pipe), "checksums.json: it cannot be read: Is no file"),
    "table: a device": (
        in_its_place(CHECKSUMS, a_link_to("/dev/zero")),
        "checksums.json: it cannot be read: Is no file",
    ),
    "model: a pipe": (in_its_place("model.npz", a_pipe), "model.npz is no file any more"),
    "model: a device": (in_its_place("model.npz", a_link_to("/dev/zero")), "model.npz is no file any more"),
    "model: a link to itself": (in_its_place("model.npz", a_link_to("model.npz")), "model.npz is no file any more"),
    "the version: a pipe": (in_its_place("", a_pipe), "Version 2 of mended is no folder"),
    "the version: a link to nowhere": (in_its_place("", a_link_to("nowhere")), "Version 2 of mended is no folder"),
}
CASES = [pytest.param(*case, id=name) for name, case in BROKEN.items()]
CASES += [pytest.param(*case, id=name, marks=needs_posix) for name, case in ON_POSIX.items()]


@pytest.mark.parametrize("error", [zlib.error, lzma.LZMAError, IndentationError, MemoryError, RecursionError, KeyError])
def test_whatever_reading_the_model_raises_is_told_as_what_is_wrong_with_its_file(repository, monkeypatch, error):
    def fails(path):
        raise error("of a strange file")

    monkeypatch.setattr("course_lib.models.load_model", fails)
    manager = ModelManager(repository)
    manager.load_all()
    said = refused(manager, "good")
    assert "cannot read its model.npz" in said and error.__name__ in said and manager.current == {}


def refused(manager, model, version=None):
    with pytest.raises(Refusal) as refusal:
        manager.load(model, version)
    assert refusal.value.status == 409
    said = refusal.value.message
    assert len(said) < 700 and said.isprintable() and said.endswith(".")
    return said


@pytest.mark.parametrize(("breaks", "said"), CASES)
def test_a_broken_version_is_refused_in_words_beside_one_that_goes_on_answering(repository, caplog, breaks, said):
    breaks(repository.path / "mended" / "2")
    manager = ModelManager(repository)
    manager.load_all()
    assert {model: version.number for model, version in manager.current.items()} == {"good": 1, "mended": 1}
    why = refused(manager, "mended", 2)
    assert said in why and why.startswith("Version 2 of mended")
    assert why in caplog.text and "Traceback" not in caplog.text
    assert refused(manager, "mended") == why, "the newest is asked for where none is named"
    assert manager.get("mended").number == 1
    assert manager.get("good").infer({"counts": np.zeros((1, 3), "f4")}, ["label"])["label"][0] in (b"games", b"code")


def test_the_server_starts_beside_all_of_them_and_tells_why_each_is_not_ready(tmp_path):
    repository = serving.Repository(tmp_path / "models")
    publish(repository, "good")
    cases = {**BROKEN, **(ON_POSIX if os.name == "posix" else {})}
    expected = {}
    for i, (name, (breaks, said)) in enumerate(cases.items()):
        model = f"broken-{i}"
        publish(repository, model)
        breaks(repository.path / model / "1")
        expected[model] = name, said.replace("Version 2 of mended", f"Version 1 of {model}")
    with serving.Server(repository) as server:
        assert server.models == {"good": 1}
        assert call(server.port, "GET", "/v2/health/ready").fields == {"ready": True}
        index = {entry["name"]: entry for entry in call(server.port, "POST", "/v2/repository/index").fields}
        assert index.keys() == {"good", *expected} and index["good"]["state"] == "READY"
        for model, (name, said) in expected.items():
            assert index[model]["state"] == "UNAVAILABLE" and said in index[model]["reason"], name
            for path in (f"/v2/models/{model}/ready", f"/v2/models/{model}/versions/1/ready"):
                reply = call(server.port, "GET", path)
                assert reply.status == 404 and said in reply.fields["error"], name
            reply = call(server.port, "POST", f"/v2/repository/models/{model}/load")
            assert reply.status == 409 and said in reply.fields["error"], name
            reply = call(server.port, "POST", "/v2/models/good/infer", text_request("a game"))
            assert reply.status == 200 and len(reply.fields["outputs"]) == 2
    assert "Traceback" not in server.log
    assert all(line.isprintable() for line in server.log.splitlines())


# ---- what nobody may read

GIVE_UP = ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner", "--inh-caps=-dac_override"]
CLOSED = {"file": "closed-file/1/model.npz", "version": "closed-version/1", "model": "closed-model"}


@needs_posix
def test_what_may_not_be_read_is_refused_and_the_others_are_served(tmp_path):
    administrator = os.geteuid() == 0
    if administrator and not shutil.which("setpriv") and not os.environ.get("CI"):  # there it fails
        pytest.skip("the administrator may read everything, and setpriv is not here to give that up")
    repository = serving.Repository(tmp_path / "models")
    publish(repository, "good")
    for path in CLOSED.values():
        publish(repository, path.partition("/")[0])
        os.chmod(repository.path / path, 0)
    command = [sys.executable, "-m", "course_lib.tools.serve", "--port", "0", "--stop-with-stdin"]
    process = subprocess.Popen(
        [*(GIVE_UP if administrator else []), *command, "--repository", str(repository.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    ready = json.loads(process.stdout.readline())
    assert ready["models"] == {"good": 1}
    index = call(int(ready["url"].rpartition(":")[2]), "POST", "/v2/repository/index").fields
    _, said = process.communicate()
    for path in CLOSED.values():
        os.chmod(repository.path / path, 0o755)
    assert process.returncode == 0 and b"Traceback" not in said
    reasons = {entry["name"]: entry["reason"] for entry in index}
    assert reasons.keys() == {"good", "closed-file", "closed-version", "closed-model"}
    del reasons["good"]
    assert all("Permission denied" in why for why in reasons.values()), reasons


# ---- a version that cannot answer does not come into service


def of(**changes):
    """A version with another vocabulary, other labels or another signature than its weights are for."""
    return lambda repository: publish(repository, "mended", 3, **changes)


def with_tensor(side, shape, **changes):
    (tensor,) = getattr(SIGNATURE, side)
    return of(signature=SIGNATURE._replace(**{side: [tensor._replace(shape=shape)]}), **changes)


def of_nan(repository):
    publish(repository, "mended", 3)
    folder = repository.path / "mended" / "3"
    model = Sequential([layers.Dense(2, activation="softmax", input_shape=(3,))])
    model.set_weights([np.full((3, 2), np.nan), np.zeros(2)])
    model.save(folder / "model.npz")
    published_so(folder)


UNFIT = {
    "one word too few": (of(words="game\nlibrary\n"), "its vocabulary has 2 words, and it takes counts FP32 [-1, 3]"),
    "one word too many": (of(words="a\nb\nc\nd\n"), "its vocabulary has 4 words"),
    "no word": (of(words=""), "its vocabulary has 0 words"),
    "a word twice": (of(words="game\ngame\nlevel\n"), "holds a word twice"),
    "one label too few": (of(labels="games\n"), "it has 1 label for the 2 numbers of probabilities"),
    "one label too many": (of(labels="a\nb\nc\n"), "it has 3 labels for the 2 numbers"),
    "no label": (of(labels=""), "it has 0 labels"),
    "wider rows than the weights": (
        with_tensor("inputs", [-1, 4], words="a\nb\nc\nd\n"),
        "asked with zeros for counts",
    ),
    "rows of any width": (with_tensor("inputs", [-1, -1]), "asked with zeros for counts, it fails"),
    "no batch": (with_tensor("inputs", [3, 1]), "its vocabulary has 3 words, and it takes counts FP32 [3, 1]"),
    "more classes than the weights": (with_tensor("outputs", [-1, 3]), "it gives float32 [1, 2] for probabilities"),
    "weights that are no numbers": (of_nan, "it gives NaN for probabilities"),
}


@pytest.mark.parametrize(("published", "said"), UNFIT.values(), ids=UNFIT)
def test_a_version_that_cannot_answer_does_not_come_into_service(repository, published, said):
    published(repository)
    manager = ModelManager(repository)
    manager.load_all()
    assert manager.get("mended").number == 2
    assert said in refused(manager, "mended", 3)
    assert [version.number for version, _ in manager.states() if version.model == "mended"] == [2]


class OnlyOne(Echo):
    def predict(self, inputs):
        if len(inputs["x"]) > 1:
            raise ValueError("this graph was made for a batch of 1")
        return super().predict(inputs)


class OneForAll(Echo):
    def predict(self, inputs):
        return {"y": inputs["x"][:1]}


@pytest.mark.parametrize(("kind", "said"), [(OnlyOne, "made for a batch of 1"), (OneForAll, "asked with 2 examples")])
def test_it_is_tried_with_one_example_and_with_two(kind, said):
    made = []
    manager = models(kind, made)
    assert said in refused(manager, "FP32", 1)
    assert [backend.closed for backend in made] == [True], "what was opened for the trial is let go"


@pytest.mark.parametrize("datatype", ["BYTES", "BOOL", "UINT8", "INT64", "FP16", "FP64"])
def test_any_datatype_can_be_tried(datatype):
    assert models().load(datatype).number == 3


def test_why_it_was_refused_is_forgotten_when_it_is_loaded(repository):
    path = repository.path / "mended" / "2" / "labels.txt"
    whole = path.read_bytes()
    path.write_bytes(b"other")
    manager = ModelManager(repository)
    why = refused(manager, "mended")
    assert manager.why_not("mended", "2").strip() == why
    path.write_bytes(whole)
    manager.load("mended")
    assert manager.why_not("mended", "2") == ""


def test_a_fault_of_our_own_is_no_refusal(repository, monkeypatch):
    """What a file holds is refused; a mistake in the server is not hidden behind that."""

    def mistaken(self, package, *args, **kwargs):
        raise TypeError("a mistake of ours")

    monkeypatch.setattr("course_lib.serving.models.preprocessing.BagOfWords.__init__", mistaken)
    with pytest.raises(TypeError, match="a mistake of ours"):
        ModelManager(repository).load_all()


def test_a_version_that_is_no_number_is_told_so(repository):
    for wrong in ("abc", "01", 0, -1, 1.5, True, "9" * 5000, "1\x1b[31m", [1]):
        with pytest.raises(Refusal, match="is no version: it must be a whole number from 1") as refusal:
            repository.open("good", wrong)
        assert refusal.value.status == 400 and len(refusal.value.message) < 200 and refusal.value.message.isprintable()
    assert repository.open("good", "1").version == repository.open("good", np.int64(1)).version == 1


# ---- what is said about all of this over HTTP


def test_no_message_echoes_without_end_or_steers_a_terminal(repository):
    manager = ModelManager(repository)
    manager.load_all()
    long, codes = "x" * 20_000, "%1b[31m%0aforged"
    huge = {"inputs": [{"name": "counts", "shape": [int("9" * 4299), 1000], "datatype": "FP32", "data": [1]}]}
    wide = {"inputs": [{"name": "counts", "shape": [1] * 100_000, "datatype": "FP32", "data": [1]}]}
    large = {"inputs": [{"name": "counts", "shape": [1, 3], "datatype": "FP32", "data": [int("9" * 4299), 1, 1]}]}
    size = {"binary_data_size": int("9" * 4299)}
    binary = {"inputs": [{"name": "counts", "shape": [1, 3], "datatype": "FP32", "parameters": size}]}
    asked = [("POST", "/v2/models/good/infer", body, {}) for body in (huge, wide, large, binary)]
    asked += [("POST", "/v2/models/good/infer", b"{}", {"Content-Encoding": name}) for name in (long, "a\x1b[31m")]
    for name in (long, codes):
        asked += [("GET", f"/v2/models/{name}", None, {}), ("GET", f"/{name}", None, {})]
        asked += [("GET", f"/v2/models/good/versions/{name}", None, {})]
        asked += [("POST", f"/v2/repository/models/{name}/{action}", None, {}) for action in ("load", "unload")]
        asked += [("POST", f"/v2/repository/models/good/load?version={name}", None, {})]
    asked += [("POST", f"/v2/repository/models/good/load?version={'9' * 4200}", None, {})]
    with in_this_process(manager) as port:
        for method, path, body, headers in asked:
            reply = call(port, method, path, body, headers)
            said = reply.fields["error"]
            assert 400 <= reply.status < 500, (method, path[:80])
            assert len(said) < 1000 and said.isprintable(), (method, path[:80], said[:300])
