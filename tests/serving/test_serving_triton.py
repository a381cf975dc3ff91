"""A client that nobody here wrote: `tritonclient[http]`, as it comes."""

import beside
import numpy as np
import pytest
from patience import FAR
from serving_echo import models
from serving_helpers import in_this_process, real

from course_lib import serving
from course_lib.data import load_text, text_info, vectorize

triton = real("tritonclient.http")
utils = real("tritonclient.utils")

NUMPY_TYPES = {name: utils.triton_to_np_dtype(name) for name in (
    "BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP16", "FP32", "FP64", "BYTES"
)}  # fmt: skip
TEXTS = ["A puzzle game with music", "字体 for Chinese: a font", ""]


@pytest.fixture(scope="module")
def client(server):
    with triton.InferenceServerClient(server.address) as made:
        yield made


@pytest.fixture(scope="module")
def echo_client():
    held = models()
    for name in NUMPY_TYPES:
        held.load(name)
    with in_this_process(held) as port, triton.InferenceServerClient(f"127.0.0.1:{port}") as made:
        yield made


def tensor(name, array, binary=True):
    made = triton.InferInput(name, list(array.shape), utils.np_to_triton_dtype(array.dtype))
    made.set_data_from_numpy(array, binary_data=binary)
    return made


def wanted(*names, binary=True):
    return [triton.InferRequestedOutput(name, binary_data=binary) for name in names]


def values(datatype, rows):
    rng = np.random.default_rng(rows)
    if datatype == "BYTES":
        return np.array([[f"{i}·{j}".encode() for j in range(3)] for i in range(rows)], "O")
    dtype = np.dtype(NUMPY_TYPES[datatype])
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        return rng.integers(info.min, info.max, (rows, 3), dtype, endpoint=True)
    return (rng.normal(size=(rows, 3)) * 100).astype(dtype)


# ---- health and metadata


def test_it_finds_the_server_and_the_model_ready(client):
    assert client.is_server_live() and client.is_server_ready()
    assert client.is_model_ready("classifier") and client.is_model_ready("classifier", "2")
    assert not client.is_model_ready("classifier", "1")
    assert not client.is_model_ready("nothing")


def test_it_reads_the_metadata(client):
    assert client.get_server_metadata()["name"] == "course_lib"
    metadata = client.get_model_metadata("classifier", "2")
    assert metadata["platform"] == "course_lib_numpy" and metadata["versions"] == ["2"]
    assert metadata["inputs"][0] == {"name": "counts", "datatype": "FP32", "shape": [-1, 1000]}


def test_it_reads_the_repositorys_index(client):
    index = {entry["version"]: entry["state"] for entry in client.get_model_repository_index()}
    assert index == {"1": "UNAVAILABLE", "2": "READY"}


# ---- inference


@pytest.mark.beside(
    "3",
    "`course serve`, the Open Inference Protocol",
    "`tritonclient`",
    "every datatype, as JSON and as binary data",
)
@pytest.mark.parametrize("binary_out", [True, False])
@pytest.mark.parametrize("binary_in", [True, False])
@pytest.mark.parametrize("datatype", NUMPY_TYPES)
def test_every_datatype_goes_there_and_back_unchanged(echo_client, datatype, binary_in, binary_out):
    sent = values(datatype, rows=2)
    result = echo_client.infer(datatype, [tensor("x", sent, binary_in)], outputs=wanted("y", binary=binary_out))
    back = result.as_numpy("y")
    assert back.shape == sent.shape
    assert ("data" in result.get_output("y")) != binary_out
    if datatype == "BYTES" and not binary_out:  # in JSON texts are texts
        sent = np.vectorize(bytes.decode)(sent)
    else:
        assert back.dtype == sent.dtype
    assert (back == sent).all()
    beside.counted(1, "ways there and back, nothing changed")


@pytest.mark.beside(
    "3",
    "`course serve`, answers to batches",
    "`tritonclient`",
    "the probabilities of the model in this process (absolute)",
)
@pytest.mark.parametrize("binary", [True, False])
@pytest.mark.parametrize("rows", [1, 2, 7, 64, 500])
def test_every_row_of_a_batch_gets_its_own_answer(client, expected, rows, binary):
    (x_train, _), _ = load_text()
    result = client.infer("classifier", [tensor("counts", x_train[:rows], binary)])
    beside.apart(np.abs(result.as_numpy("probabilities") - expected(2, x_train[:rows])).max(), 1e-6)
    names = [text_info().class_names[k].encode() for k in expected(2, x_train[:rows]).argmax(1)]
    assert list(result.as_numpy("label")) == names


@pytest.mark.parametrize("binary", [True, False])
def test_texts_are_answered_as_their_counts_are(client, expected, binary):
    texts = np.array([text.encode() for text in TEXTS], "O")
    result = client.infer("classifier", [tensor("text", texts, binary)])
    np.testing.assert_allclose(result.as_numpy("probabilities"), expected(2, vectorize(TEXTS)), atol=1e-6)


def test_the_id_and_the_version_come_back(client):
    texts = np.array([b"a"], "O")
    answer = client.infer(
        "classifier", [tensor("text", texts)], model_version="2", request_id="my own id"
    ).get_response()
    assert (answer["id"], answer["model_name"], answer["model_version"]) == ("my own id", "classifier", "2")


def test_many_requests_at_once_each_get_their_own_answer(server, expected):
    (x_train, _), _ = load_text()
    with triton.InferenceServerClient(server.address, concurrency=8) as client:
        asked = [client.async_infer("classifier", [tensor("counts", x_train[i : i + 1])]) for i in range(40)]
        answers = np.concatenate([one.get_result(timeout=FAR).as_numpy("probabilities") for one in asked])
    np.testing.assert_allclose(answers, expected(2, x_train[:40]), atol=1e-6)


# ---- errors


@pytest.mark.parametrize(
    ("model", "version", "name", "array", "outputs", "status", "said"),
    [
        ("nothing", "", "counts", np.zeros((1, 1000), "f4"), None, "404", "No model 'nothing' is loaded"),
        (
            "classifier",
            "1",
            "counts",
            np.zeros((1, 1000), "f4"),
            None,
            "404",
            "Version '1' of classifier is not",
        ),
        ("classifier", "", "words", np.zeros((1, 1000), "f4"), None, "400", "inputs[0] is named 'words'"),
        ("classifier", "", "counts", np.zeros((1, 999), "f4"), None, "400", "has shape [1, 999]; the model takes"),
        ("classifier", "", "counts", np.zeros(1000, "f4"), None, "400", "send a single one as [1, 1000]"),
        ("classifier", "", "counts", np.zeros((1, 1000), "f8"), None, "400", "has datatype FP64; the model takes"),
        ("classifier", "", "counts", np.zeros((1, 1000), "i4"), None, "400", "has datatype INT32; the model takes"),
        ("classifier", "", "counts", np.zeros((0, 1000), "f4"), None, "400", "which holds nothing"),
        ("classifier", "", "counts", np.zeros((1001, 1000), "f4"), None, "413", "the limit is 1,000,000"),
        ("classifier", "", "counts", np.zeros((2200, 1000), "f4"), None, "413", "the limit is 8,000,000"),
        ("classifier", "", "text", np.array([b"\xff"], "O"), None, "400", "which is not UTF-8"),
        ("classifier", "", "counts", np.zeros((1, 1000), "f4"), "logits", "400", "gives: probabilities, label"),
    ],
)
def test_an_error_arrives_with_status_and_reason(client, model, version, name, array, outputs, status, said):
    with pytest.raises(utils.InferenceServerException) as error:
        client.infer(model, [tensor(name, array)], version, outputs=wanted(outputs) if outputs else None)
    assert error.value.status() == status and said in error.value.message()


def test_a_compressed_request_is_refused_with_its_remedy(client):
    with pytest.raises(utils.InferenceServerException, match="reads plain bodies"):
        client.infer("classifier", [tensor("text", np.array([b"a"], "O"))], request_compression_algorithm="gzip")


# ---- switching


def test_it_switches_versions(repository, expected):
    (x_train, _), _ = load_text()
    with serving.Server(repository) as own, triton.InferenceServerClient(own.address) as client:
        for version in (1, 2):
            client.load_model("classifier", query_params={"version": str(version)})
            result = client.infer("classifier", [tensor("counts", x_train[:3])])
            assert result.get_response()["model_version"] == str(version)
            np.testing.assert_allclose(result.as_numpy("probabilities"), expected(version, x_train[:3]), atol=1e-6)
        client.unload_model("classifier")
        assert not client.is_model_ready("classifier") and not client.is_server_ready()
        client.load_model("classifier")
        assert client.is_model_ready("classifier", "2")
