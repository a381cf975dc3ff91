"""Requests of the Open Inference Protocol: what is right is answered, what is wrong is named."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from serving_echo import models
from serving_helpers import counts_request, text_request

from course_lib.data import load_text, text_examples, text_info, vectorize
from course_lib.serving.models.manager import ModelManager
from course_lib.serving.protocol import messages as protocol
from course_lib.serving.protocol.refusal import Refusal

TEXT = {"name": "text", "shape": [1], "datatype": "BYTES", "data": ["a"]}
ROW = {"name": "counts", "shape": [1, 1000], "datatype": "FP32", "data": [0] * 1000}
TEXTS = ["A puzzle game with music", "Python bindings for a sound library"]


@pytest.fixture(scope="module")
def version(repository):
    return ModelManager(repository).load("classifier", 2)


def ask(version, request, **options):
    body = request if isinstance(request, bytes) else json.dumps(request).encode()
    answer = protocol.answer(version, body, **options)
    return json.loads(answer.body), answer.headers


def outputs(fields):
    return {tensor["name"]: np.reshape(tensor["data"], tensor["shape"]) for tensor in fields["outputs"]}


# ---- answers


def test_a_text_gets_probabilities_and_the_name_of_the_largest(version, expected):
    fields, headers = ask(version, text_request(*TEXTS, id="42"))
    assert (fields["id"], fields["model_name"], fields["model_version"]) == ("42", "classifier", "2")
    assert headers == {"Content-Type": "application/json"}
    found = outputs(fields)
    probabilities = expected(2, vectorize(TEXTS))
    np.testing.assert_allclose(found["probabilities"], probabilities, atol=1e-6)
    assert list(found["label"]) == [text_info().class_names[k] for k in probabilities.argmax(1)]


def test_a_text_and_its_counts_get_the_same_answer(version):
    texts = [example.text for example in text_examples("test")[:20]]
    _, (x_test, _) = load_text()
    by_text = outputs(ask(version, text_request(*texts))[0])
    by_counts = outputs(ask(version, counts_request(x_test[:20]))[0])
    np.testing.assert_allclose(by_text["probabilities"], by_counts["probabilities"], atol=1e-6)
    assert (by_text["label"] == by_counts["label"]).all()


def test_the_version_reads_with_the_vocabulary_that_it_brought_along(version):
    assert version.before.columns == {word: j for j, word in enumerate(text_info().vocabulary)}


def test_without_an_id_none_comes_back(version):
    assert "id" not in ask(version, text_request("x"))[0]


def test_only_the_outputs_that_were_asked_for_come_back_in_that_order(version):
    both = [{"name": "label"}, {"name": "probabilities"}]
    assert list(outputs(ask(version, text_request("x", outputs=both))[0])) == ["label", "probabilities"]
    assert list(outputs(ask(version, text_request("x", outputs=both[:1]))[0])) == ["label"]


def test_nested_rows_are_the_same_as_flat_ones(version):
    _, (x_test, _) = load_text()
    nested = counts_request(x_test[:2])
    nested["inputs"][0]["data"] = x_test[:2].tolist()
    assert ask(version, nested) == ask(version, counts_request(x_test[:2]))


def test_bytes_follow_the_json_in_both_directions(version, expected):
    _, (x_test, _) = load_text()
    raw = x_test[:3].tobytes()
    head = json.dumps(
        {
            "inputs": [
                {
                    "name": "counts",
                    "shape": [3, 1000],
                    "datatype": "FP32",
                    "parameters": {"binary_data_size": len(raw)},
                }
            ],
            "outputs": [{"name": "label"}, {"name": "probabilities", "parameters": {"binary_data": True}}],
        }
    ).encode()
    answer = protocol.answer(version, head + raw, str(len(head)))
    length = int(answer.headers["Inference-Header-Content-Length"])
    label, probabilities = json.loads(answer.body[:length])["outputs"]
    assert label["shape"] == [3] and len(label["data"]) == 3
    assert probabilities["parameters"] == {"binary_data_size": 120} and "data" not in probabilities
    found = np.frombuffer(answer.body[length:], "<f4").reshape(3, 10)
    np.testing.assert_allclose(found, expected(2, x_test[:3]), atol=1e-6)


def test_numbers_that_overflow_are_named_in_json_and_sent_as_bytes(version):
    rows = np.full((1, 1000), 3e38, "f4")
    with pytest.raises(Refusal, match="Output 'probabilities' holds NaN or infinity"):
        ask(version, counts_request(rows))
    request = counts_request(rows, outputs=[{"name": "probabilities", "parameters": {"binary_data": True}}])
    answer = protocol.answer(version, json.dumps(request).encode())
    assert np.isnan(np.frombuffer(answer.body[-40:], "<f4")).any()


NULLS = {
    "id": {"id": None},
    "parameters": {"parameters": None},
    "outputs": {"outputs": None},
    "the request's own parameter": {"parameters": {"binary_data_output": None}},
    "an extension's parameter": {"parameters": {"shared_memory_region": None, "classification": None}},
    "an input's parameters": {"inputs": [{**TEXT, "parameters": None}]},
    "an input's own parameter": {"inputs": [{**TEXT, "parameters": {"binary_data_size": None}}]},
    "an unknown field": {"priority": None, "inputs": [{**TEXT, "contents": None}]},
    "an output's parameters": {"outputs": [{"name": "probabilities", "parameters": None}, {"name": "label"}]},
    "an output's own parameter": {
        "outputs": [{"name": "probabilities", "parameters": {"binary_data": None}}, {"name": "label"}]
    },
}


@pytest.mark.parametrize("fields", NULLS.values(), ids=NULLS)
def test_an_optional_field_given_as_null_is_as_if_left_out(version, fields):
    assert ask(version, {"inputs": [TEXT], **fields}) == ask(version, {"inputs": [TEXT]})


def test_bytes_beside_data_given_as_null_are_taken(version):
    tensor = {**TEXT, "data": None, "parameters": {"binary_data_size": 5}}
    head = json.dumps({"inputs": [tensor]}).encode()
    answer = protocol.answer(version, head + b"\1\0\0\0a", str(len(head)))
    assert json.loads(answer.body) == ask(version, {"inputs": [TEXT]})[0]


# ---- refusals: each says what was given, what is expected, and what to do


def with_input(**changes):
    return {"inputs": [{**ROW, **changes}]}


WRONG = {
    "The body is empty. Send JSON": b"",
    "The body is not JSON: Expecting property name": b"{",
    "The body is not UTF-8 at byte 0": b"\xff",
    "The body is []; it must be a JSON object": b"[]",
    "The body holds NaN, which JSON does not know": b'{"id": NaN}',
    "The body holds Infinity, which": b'{"id": Infinity}',
    "The body holds a whole number of thousands of digits": b'{"id": ' + b"9" * 6000 + b"}",
    "The JSON is nested too deeply": b"[" * 200_000,
    "There are no inputs; it must be a list": {},
    "inputs is []; it must be a list": {"inputs": []},
    "There are no inputs; it must be": {"inputs": None},
    "inputs[0] is 1; it must be a JSON object": {"inputs": [1]},
    "inputs[0] has no name": {"inputs": [{}]},
    "inputs[0] is named 'x'; classifier version 2 takes: counts FP32 [-1, 1000]; text BYTES [-1]": with_input(name="x"),
    "inputs[0] is named [1]": with_input(name=[1]),
    "Input 'text' has no shape": {"inputs": [{"name": "text"}]},
    "has shape [1, 999]; the model takes counts FP32 [-1, 1000]. Each row is one example, of shape [1000]": with_input(
        shape=[1, 999]
    ),
    "has shape [1000]; the model takes counts FP32 [-1, 1000]. Each row is one example: send a single one as": (
        with_input(shape=[1000])
    ),
    "Input 'counts' has the shape [-1, 1000]; it must be a list of whole numbers": with_input(shape=[-1, 1000]),
    "Input 'counts' has the shape [True, 1000]": with_input(shape=[True, 1000]),
    "Input 'counts' has the shape 'wide'": with_input(shape="wide"),
    "Input 'counts' has shape [0, 1000], which holds nothing": with_input(shape=[0, 1000], data=[]),
    "has datatype FP64; the model takes counts FP32": with_input(datatype="FP64"),
    "has the datatype 'float32'. There are: BOOL": with_input(datatype="float32"),
    "has no datatype": with_input(datatype=None),
    "data holds 999 elements; shape [1, 1000] needs 1,000": with_input(data=[0] * 999),
    "element 999 of data is 'a'; FP32 takes numbers": with_input(data=[0] * 999 + ["a"]),
    "Input 'counts' has no data": {"inputs": [{k: v for k, v in ROW.items() if k != "data"}]},
    "has both data and binary_data_size": with_input(parameters={"binary_data_size": 4}),
    "Input 'counts': parameters is []": with_input(parameters=[]),
    "Input 'counts' asks for shared_memory_region, which this server does not have": with_input(
        parameters={"shared_memory_region": "a"}
    ),
    "Input 'text' is sent twice": {"inputs": [TEXT, TEXT]},
    "The request sends 'counts', and 'text', which becomes 'counts'. Send one": {"inputs": [ROW, TEXT]},
    "id is 3; it must be a text": {"inputs": [TEXT], "id": 3},
    "outputs[0] is named 'logits'; classifier version 2 gives: probabilities, label": {
        "inputs": [TEXT],
        "outputs": [{"name": "logits"}],
    },
    "Output 'label' is asked for twice": {"inputs": [TEXT], "outputs": [{"name": "label"}, {"name": "label"}]},
    "Output 'label' asks for classification": {
        "inputs": [TEXT],
        "outputs": [{"name": "label", "parameters": {"classification": 2}}],
    },
    "outputs is {}; it must be a list": {"inputs": [TEXT], "outputs": {}},
    "The request: binary_data_output is 1; it must be true or false": {
        "inputs": [TEXT],
        "parameters": {"binary_data_output": 1},
    },
}


@pytest.mark.parametrize("said", WRONG)
def test_a_wrong_request_is_refused_by_name(version, said):
    with pytest.raises(Refusal) as refused:
        ask(version, WRONG[said])
    assert said in refused.value.message and refused.value.status == 400


@pytest.mark.parametrize(
    ("json_length", "size", "extra", "said"),
    [
        ("x", 1, b"", "is 'x'; it must be the length of the JSON"),
        ("-1", 1, b"", "is '-1'"),
        ("9999999", 1, b"", "is '9999999'; it must be the length of the JSON at the front of the body"),
        ("9" * 5000, 1, b"", "it must be the length"),
        (None, -1, b"", "binary_data_size is -1; it must be a number of bytes"),
        (None, "5", b"", "binary_data_size is '5'"),
        (None, 5, b"", "binary_data_size is 5, but only 0 bytes are left"),
        (None, 5, b"\1\0\0\0a" + b"more", "4 bytes behind the JSON belong to no input"),
        (None, 5, b"\2\0\0\0a", "text 0 goes beyond the bytes"),
        (None, 5, b"\1\0\0\0\xff", "text 0 is b'\\xff', which is not UTF-8"),
    ],
)
def test_wrong_bytes_are_refused_by_name(version, json_length, size, extra, said):
    tensor = {"name": "text", "shape": [1], "datatype": "BYTES", "parameters": {"binary_data_size": size}}
    head = json.dumps({"inputs": [tensor]}).encode()
    with pytest.raises(Refusal) as refused:
        protocol.answer(version, head + extra, json_length or str(len(head)))
    assert said in refused.value.message and refused.value.status == 400


@pytest.mark.parametrize(
    "request_", [with_input(shape=[11, 1000]), with_input(shape=[10**18, 1000]), text_request(*["a"] * 11)]
)
def test_too_many_numbers_are_refused_before_they_are_made(version, request_):
    with pytest.raises(Refusal, match="the limit is 10,000") as refused:
        ask(version, request_, max_elements=10_000)
    assert refused.value.status == 413
    assert ask(version, text_request(*["a"] * 10), max_elements=10_000)


@pytest.mark.parametrize("given_id", ["字", "\N{GRINNING FACE}", "\ud83d", 'a"b\\', ""])
def test_any_id_comes_back(version, given_id):
    assert ask(version, text_request("x", id=given_id))[0]["id"] == given_id


# ---- whatever is sent, it is answered or refused

LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.just("x"))
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner))
TENSORS = st.fixed_dictionaries(
    {},
    optional={
        "name": st.just("x") | JSON,
        "shape": st.just([1, 3]) | JSON,
        "datatype": st.sampled_from(["FP32", "INT8"]) | JSON,
        "data": st.lists(LEAVES, min_size=3, max_size=3) | JSON,
        "parameters": st.fixed_dictionaries({}, optional={"binary_data_size": JSON}) | JSON,
    },
)
REQUESTS = st.fixed_dictionaries(
    {"inputs": st.lists(TENSORS, max_size=2) | JSON}, optional={"id": JSON, "outputs": JSON, "parameters": JSON}
)
echo = models()
ECHOES = [echo.load(name) for name in ("FP32", "INT8")]


def answered_or_refused(body, json_length=None):
    for version in ECHOES:
        try:
            assert protocol.answer(version, body, json_length, max_elements=1000).body
        except Refusal as refusal:
            assert refusal.message and 400 <= refusal.status < 500


@settings(max_examples=150, deadline=None, derandomize=True)
@given(REQUESTS)
def test_any_json_is_answered_or_refused(request_):
    answered_or_refused(json.dumps(request_).encode())


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.binary(), st.none() | st.text(max_size=4))
def test_any_bytes_are_answered_or_refused(body, json_length):
    answered_or_refused(body, json_length)
