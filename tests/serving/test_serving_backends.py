"""Several backends, one interface: the same version answers the same from NumPy and from every other one."""

import json
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor

import beside
import numpy as np
import pytest
from patience import FAR
from serving_helpers import call, counts_request, real
from threadpoolctl import threadpool_limits

from course_lib import serving
from course_lib.data import load_text
from course_lib.models import load_model
from course_lib.serving.examples.classifier import NAME, publish
from course_lib.serving.models.backends import BACKENDS, open_backend
from course_lib.serving.models.manager import ModelManager
from course_lib.serving.models.repository import CHECKSUMS, checksums
from course_lib.serving.protocol.refusal import Refusal


@pytest.fixture(scope="module")
def both(tmp_path_factory, repository):
    """Version 2 of the classifier, published in the form of every backend."""
    real("tensorflow")
    made = serving.Repository(tmp_path_factory.mktemp("both"))
    with threadpool_limits(1):
        publish(made, 2, load_model(repository.path / NAME / "2" / "model.npz"), backends=tuple(BACKENDS))
    return made


@pytest.fixture(scope="module")
def backends(both):
    package = both.open(NAME)
    return {name: open_backend(name, package) for name in BACKENDS}


@pytest.mark.beside(
    "3",
    "the NumPy backend",
    "a TensorFlow SavedModel",
    "the probabilities of 1 to 1,000 rows (absolute)",
)
@pytest.mark.parametrize("rows", [1, 2, 33, 1000])
def test_both_backends_give_the_same_probabilities(backends, rows):
    _, (x, _) = load_text()
    answers = {name: backend.predict({"counts": x[:rows]})["probabilities"] for name, backend in backends.items()}
    assert all(answer.shape == (rows, 10) and answer.dtype == np.float32 for answer in answers.values())
    ours = answers.pop("numpy")
    for theirs in answers.values():
        beside.apart(np.abs(ours - theirs).max(), 1e-6)


def test_every_backend_has_a_platform_and_a_file_of_its_own():
    for what in ("platform", "file"):
        assert len({getattr(kind, what) for kind in BACKENDS.values()}) == len(BACKENDS), f"two backends share a {what}"


def test_every_backend_that_is_written_stands_in_the_table():
    from course_lib.serving.models import backends

    written = {thing for thing in vars(backends).values() if isinstance(thing, type) and hasattr(thing, "platform")}
    missing = {kind.__name__ for kind in written - set(BACKENDS.values()) if isinstance(kind.platform, str)}
    assert not missing, f"give {missing} a line in BACKENDS"


@pytest.mark.parametrize("name", BACKENDS)
def test_a_file_that_a_backend_cannot_read_is_refused_in_words(both, tmp_path, name):
    """A new backend says `Unreadable` where its engine has a word of its own: else the server would fall over it."""
    package = both.open(NAME)
    (tmp_path / BACKENDS[name].file).write_bytes(b"no model")
    with pytest.raises(Refusal, match=rf"cannot read its {BACKENDS[name].file}"):
        open_backend(name, package._replace(folder=tmp_path))


def test_a_backend_without_its_engine_is_refused_in_words(both, monkeypatch):
    class Absent(BACKENDS["numpy"]):
        def __init__(self, folder, signature):
            import an_engine_that_nobody_has  # noqa: F401

    monkeypatch.setitem(BACKENDS, "absent", Absent)
    with pytest.raises(Refusal, match="an_engine_that_nobody_has.*not installed"):
        open_backend("absent", both.open(NAME))


def nonsense(folder):
    for file in (folder / "saved_model").rglob("*.pb"):
        file.write_bytes(b"nonsense")


def cut(folder):
    for file in (folder / "saved_model" / "variables").iterdir():
        file.write_bytes(file.read_bytes()[:9])


def without_its_graph(folder):
    (folder / "saved_model" / "saved_model.pb").unlink()


def of_another_program(folder):
    """A SavedModel that holds no function to serve."""
    import tensorflow

    tensorflow.saved_model.save(tensorflow.Module(), str(folder / "saved_model"))


def for_batches_of_one(folder):
    import tensorflow

    module = tensorflow.Module()
    row = tensorflow.TensorSpec([1, 1000], "float32")
    module.serve = tensorflow.function(lambda x: tensorflow.nn.softmax(x[:, :10]), [row], autograph=False)
    tensorflow.saved_model.save(module, str(folder / "saved_model"))


@pytest.mark.parametrize(
    ("breaks", "said"),
    [
        (nonsense, "the backend 'tensorflow' cannot read its saved_model"),
        (cut, "the backend 'tensorflow' cannot read its saved_model"),
        (without_its_graph, "the backend 'tensorflow' cannot read its saved_model"),
        (of_another_program, "does not do what its signature says"),
        (for_batches_of_one, "does not do what its signature says"),
    ],
)
def test_a_saved_model_that_cannot_be_read_or_asked_is_refused_in_words(both, tmp_path, breaks, said):
    repository = serving.Repository(shutil.copytree(both.path, tmp_path / "models"))
    folder = repository.path / NAME / "2"
    breaks(folder)
    (folder / CHECKSUMS).write_text(json.dumps(checksums(folder)), encoding="utf-8")  # as if it was published so
    with pytest.raises(Refusal, match=said) as refused:
        ModelManager(repository, "tensorflow").load(NAME)
    assert refused.value.status == 409 and len(refused.value.message) < 700 and refused.value.message.isprintable()
    assert str(tmp_path) not in refused.value.message, "whoever asks need not know where the server keeps its files"
    assert ModelManager(repository, "numpy").load(NAME).number == 2


@pytest.mark.parametrize("name", BACKENDS)
def test_a_backend_may_be_asked_from_many_threads_at_once(backends, expected, name):
    _, (x, _) = load_text()
    right = expected(2, x)
    at_once = threading.Barrier(8)

    def ask(thread):
        at_once.wait()
        for i in range(thread, 200, 8):
            found = backends[name].predict({"counts": x[i : i + 1 + i % 3]})["probabilities"]
            np.testing.assert_allclose(found, right[i : i + 1 + i % 3], atol=1e-5)
        return True

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(8)))


def test_a_server_on_tensorflow_answers_like_one_on_numpy(both, server):
    _, (x, _) = load_text()
    request = counts_request(x[:50])
    with serving.Server(both, backend="tensorflow", patience=FAR) as other:
        assert call(other.port, "GET", f"/v2/models/{NAME}").fields["platform"] == "tensorflow_savedmodel"
        assert "classifier version 2 is loaded" in other.log and len(other.log.splitlines()) == 2  # no start-up noise
        theirs = call(other.port, "POST", f"/v2/models/{NAME}/infer", request).fields
    ours = call(server.port, "POST", f"/v2/models/{NAME}/infer", request).fields
    np.testing.assert_allclose(theirs["outputs"][0]["data"], ours["outputs"][0]["data"], atol=1e-6)
    assert theirs["outputs"][1] == ours["outputs"][1]
    assert theirs["model_version"] == ours["model_version"] == "2"
