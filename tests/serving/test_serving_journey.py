"""The way of a request by stations: each can refuse, the server says the same, and none breaks it."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from serving_helpers import call, in_this_process

from course_lib import serving
from course_lib.serving import journey as way
from course_lib.serving.models import manager, version
from course_lib.serving.models.manager import ModelManager
from course_lib.serving.protocol import messages as protocol
from course_lib.serving.protocol import signature, tensors

COUNTS = {"name": "counts", "shape": [1, 3], "datatype": "FP32", "data": [2, 0, 1]}
TEXT = {"name": "text", "shape": [1], "datatype": "BYTES", "data": ["game, game, level"]}
NAMES = [station.name for station in way.STATIONS]


def request(*inputs, **fields):
    return json.dumps({"inputs": list(inputs), **fields}).encode()


CASES = [
    (None, "address", 404, request(COUNTS), "2"),
    (None, "JSON", 400, request(COUNTS)[:-1], None),
    ("an array", "JSON", 400, b"[1]", None),
    ("no inputs", "fields", 400, b"{}", None),
    ("a misspelt name", "fields", 400, request({**COUNTS, "name": "count"}), None),
    ("no shape", "fields", 400, request({"name": "counts"}), None),
    ("a number as id", "fields", 400, request(COUNTS, id=7), None),
    ("two columns", "signature", 400, request({**COUNTS, "shape": [1, 2]}), None),
    ("another datatype", "signature", 400, request({**COUNTS, "datatype": "FP64"}), None),
    ("two numbers", "data", 400, request({**COUNTS, "data": [2, 0]}), None),
    ("a million rows", "data", 413, request({**COUNTS, "shape": [1_000_000, 3]}), None),
    ("an unknown output", "outputs", 400, request(COUNTS, outputs=[{"name": "label"}]), None),
    ("counts and text", "model", 400, request(COUNTS, TEXT), None),
    ("a sum beyond FP32", "answer", 400, request({**COUNTS, "data": [3e38, 0, 3e38]}), None),
]


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    made = ModelManager(serving.publish_neuron(tmp_path_factory.mktemp("neuron")))
    made.load("neuron")
    return made


@pytest.mark.parametrize(("name", "station", "status", "body", "number"), CASES)
def test_a_wrong_request_ends_at_its_station_and_the_server_says_the_same(models, name, station, status, body, number):
    found = way.journey(models, "neuron", number, body)
    assert (NAMES[found.station], found.status) == (station, status)
    path = "/v2/models/neuron/infer" if number is None else f"/v2/models/neuron/versions/{number}/infer"
    with in_this_process(models) as port:
        reply = call(port, "POST", path, body)
    assert (reply.status, reply.body) == (found.status, found.answer.body)


def test_every_station_can_refuse():
    assert {station for _, station, *_ in CASES} == set(NAMES)


def test_a_right_request_passes_them_all(models):
    found = way.journey(models, "neuron", "1", request(COUNTS))
    assert (found.station, found.status, found.function) == (len(NAMES), 200, "")
    assert json.loads(found.answer.body)["outputs"][0]["data"] == [3.0]
    assert way.journey(models, "neuron", None, request(TEXT)).answer == found.answer


def test_the_function_that_refuses_is_named(models):
    found = way.journey(models, "neuron", None, request({**COUNTS, "shape": [1, 2]}))
    assert found.function == "signature.check"


def test_stations_name_functions_that_exist():
    rooms = (protocol, tensors, signature.Tensor, version.Version, manager.ModelManager)
    for station in way.STATIONS:
        for name in station.functions:
            assert any(callable(getattr(room, name, None)) for room in rooms), name


def test_the_answer_is_shown_as_it_travels(models):
    found = way.journey(models, "neuron", None, request(COUNTS)[:-1])
    head = f"HTTP/1.1 400 Bad Request\ncontent-type: application/json\ncontent-length: {len(found.answer.body)}\n\n"
    assert way.as_text(found) == head + found.answer.body.decode()
    raw = way.as_text(way.journey(models, "neuron", None, request(COUNTS, parameters={"binary_data_output": True})))
    assert raw.endswith('"binary_data_size": 4}}]}\n00 00 40 40')


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*COUNTS, "parameters"]), inner),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(COUNTS, JSON)) | JSON, max_size=2), JSON)
def test_any_request_ends_somewhere_and_never_in_a_failure_of_the_server(models, inputs, outputs):
    body = json.dumps({"inputs": [COUNTS | entry if isinstance(entry, dict) else entry for entry in inputs]}).encode()
    for sent in (body, request(COUNTS, outputs=outputs)):
        found = way.journey(models, "neuron", None, sent)
        assert found.status in (200, 400, 413) and (found.status == 200) == (found.station == len(NAMES))
