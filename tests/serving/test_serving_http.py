"""The server over HTTP: addresses, metrics, limits. Each error has a body that says what to do."""

import http.client
import json
import re
import socket

import numpy as np
import pytest
from patience import FAR
from serving_echo import Slow, models
from serving_helpers import call, in_this_process, server_in_this_process, text_request, wait_for

from course_lib import serving
from course_lib.serving.http import app
from course_lib.serving.http.connections import Connection
from course_lib.serving.protocol.limits import Limits

INFER = "/v2/models/classifier/infer"


def metric(port, name):
    """The value of one line of /metrics; 0 where it is not there yet."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", call(port, "GET", "/metrics").body.decode(), re.MULTILINE)
    return float(found[1]) if found else 0.0


# ---- addresses


def test_the_server_says_who_it_is_and_that_it_is_ready(server):
    reply = call(server.port, "GET", "/v2")
    assert reply.status == 200 and reply.fields["name"] == "course_lib"
    assert reply.fields["extensions"] == ["binary_tensor_data", "model_repository"]
    assert call(server.port, "GET", "/v2/health/live").fields == {"live": True}
    assert call(server.port, "GET", "/v2/health/ready").fields == {"ready": True}


GETS = ["/v2", "/v2/health/live", "/v2/health/ready", "/v2/models/classifier", "/v2/models/classifier/ready"]
GETS += ["/v2/models/classifier/versions/2", "/v2/models/classifier/versions/2/ready", "/metrics", "/docs"]
GETS += ["/openapi.json", "/v2/models/nothing/ready", "/nowhere"]


@pytest.mark.parametrize("path", GETS)
def test_head_is_get_without_the_body(server, path):
    """As load balancers and probes ask; a connection that stays open is not put out of step."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=FAR)
    got, head = (call(server.port, method, path, connection=connection) for method in ("GET", "HEAD"))
    assert head.body == b"" and head.status == got.status
    assert head.headers["Content-Type"] == got.headers["Content-Type"]
    assert call(server.port, "GET", "/v2/health/live", connection=connection).status == 200
    connection.close()


def test_head_of_what_takes_only_post_says_so(server):
    reply = call(server.port, "HEAD", INFER)
    assert reply.status == 405 and reply.headers["Allow"] == "POST"


@pytest.mark.parametrize("path", ["/v2/models/classifier", "/v2/models/classifier/versions/2"])
def test_a_model_tells_what_it_takes_and_gives(server, path):
    assert call(server.port, "GET", path).fields == {
        "name": "classifier",
        "versions": ["2"],
        "platform": "course_lib_numpy",
        "inputs": [
            {"name": "counts", "datatype": "FP32", "shape": [-1, 1000]},
            {"name": "text", "datatype": "BYTES", "shape": [-1]},
        ],
        "outputs": [
            {"name": "probabilities", "datatype": "FP32", "shape": [-1, 10]},
            {"name": "label", "datatype": "BYTES", "shape": [-1]},
        ],
    }
    assert call(server.port, "GET", path + "/ready").fields == {"name": "classifier", "ready": True}


@pytest.mark.parametrize("path", ["/v2/models/classifier/infer", "/v2/models/classifier/versions/2/infer"])
def test_a_text_sent_by_curls_default_type_is_answered(server, path):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    reply = call(server.port, "POST", path, text_request("A puzzle game with music"), form)
    assert reply.status == 200
    assert reply.fields["outputs"][1]["data"] == ["games"]


@pytest.mark.parametrize(
    ("method", "path", "status", "said"),
    [
        ("GET", "/v2/models/nothing", 404, "No model 'nothing' is loaded. Loaded: classifier."),
        ("GET", "/v2/models/nothing/ready", 404, "No model 'nothing' is loaded"),
        ("POST", "/v2/models/nothing/infer", 404, "No model 'nothing' is loaded"),
        ("GET", "/v2/models/classifier/versions/7", 404, "Version '7' of classifier is not loaded; version 2 is."),
        ("POST", "/v2/models/classifier/versions/1/infer", 404, "/v2/repository/models/classifier/load?version="),
        ("POST", "/v2/models/classifier/infer", 400, "The body is empty"),
        ("GET", "/v2/models/classifier/infer", 405, "this address takes POST"),
        ("DELETE", "/v2", 405, "this address takes GET"),
        ("GET", "/nowhere", 404, "The page /docs lists all addresses"),
        ("POST", "/v2/repository/models/nothing/load", 404, "There is no model 'nothing' in the repository"),
        ("POST", "/v2/repository/models/classifier/load?version=9", 404, "There are: 1, 2."),
        ("POST", "/v2/repository/models/classifier/load?version=two", 400, "query.version is 'two'"),
        ("POST", "/v2/repository/models/..%2F..%2Fetc/load", 404, ""),
        ("POST", "/v2/repository/models/classifier/rollback", 409, "it was not switched yet"),
        ("POST", "/v2/repository/models/nothing/unload", 404, "No model 'nothing' is loaded"),
    ],
)
def test_every_error_has_the_protocols_body(server, method, path, status, said):
    reply = call(server.port, method, path)
    assert reply.status == status
    assert list(reply.fields) == ["error"] and said in reply.fields["error"]
    assert "Traceback" not in reply.fields["error"]


def test_the_page_of_the_interface_needs_no_other_machine(server):
    page = call(server.port, "GET", "/docs").body.decode()
    assert "swagger-ui" in page and not re.search(r"""(src|href)=["']?(https?:)?//""", page)
    for script in re.findall(r'(?:src|href)="([^"]+)"', page):
        assert call(server.port, "GET", script).status == 200
    described = call(server.port, "GET", "/openapi.json").fields
    assert described["paths"][INFER.replace("classifier", "{model_name}")]["post"]["requestBody"]["required"]
    assert "InferenceRequest" in described["components"]["schemas"]


def test_an_answer_on_an_open_connection_does_not_wait_for_the_network():
    """Head and body of an answer are two packets, and the second must not wait for the first's receipt (40 ms)."""
    with server_in_this_process(models()) as (port, server):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=FAR)
        assert call(port, "GET", "/v2/health/live", connection=connection).status == 200
        (held,) = server.server_state.connections
        ours = held.transport.get_extra_info("socket")
        assert ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        connection.close()


# ---- metrics


def test_metrics_count_requests_by_status_and_version(server):
    good = 'inference_requests_total{model="classifier",status="200",version="2"}'
    bad = 'inference_requests_total{model="classifier",status="400",version="2"}'
    unknown = 'inference_requests_total{model="",status="404",version=""}'
    names = (good, bad, unknown, "inference_seconds_count")
    before = [metric(server.port, name) for name in names]
    for body in (text_request("a"), text_request("b"), text_request("c"), {}):
        call(server.port, "POST", INFER, body)
    call(server.port, "POST", "/v2/models/made-up/infer", text_request("a"))
    after = [metric(server.port, name) for name in names]
    assert [b - a for a, b in zip(before, after)] == [3, 1, 1, 5]
    assert metric(server.port, 'model_version_ready{model="classifier",version="2"}') == 1
    assert metric(server.port, "inference_requests_in_flight") == 0
    assert "made-up" not in call(server.port, "GET", "/metrics").body.decode()


def test_metrics_show_requests_under_way_and_a_version_that_ends():
    made = []
    slow = models(Slow, made)
    slow.load("FP32", 1)
    with in_this_process(slow) as port:
        waiting = http.client.HTTPConnection("127.0.0.1", port, timeout=FAR)
        body = {"inputs": [{"name": "x", "shape": [1, 3], "datatype": "FP32", "data": [1, 2, 3]}]}
        waiting.request("POST", "/v2/models/FP32/infer", json.dumps(body))
        assert made[0].reached.acquire(timeout=FAR)
        assert metric(port, "inference_requests_in_flight") == 1
        assert call(port, "POST", "/v2/repository/models/FP32/load?version=2").fields["version"] == "2"
        assert metric(port, 'model_version_ready{model="FP32",version="1"}') == 0
        assert metric(port, 'model_version_ready{model="FP32",version="2"}') == 1
        states = {
            e["version"]: e["state"] for e in call(port, "POST", "/v2/repository/index").fields if e["name"] == "FP32"
        }
        assert states == {"1": "UNLOADING", "2": "READY", "3": "UNAVAILABLE"}
        made[0].gate.set()
        answer = waiting.getresponse()
        assert answer.status == 200 and json.loads(answer.read())["model_version"] == "1"
        waiting.close()
        assert wait_for(lambda: made[0].closed) and not made[1].closed
        assert 'version="1"} 0' not in call(port, "GET", "/metrics").body.decode()


# ---- limits


def test_a_body_over_the_limit_is_refused_and_the_connection_lives_on(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=FAR)
    reply = call(server.port, "POST", INFER, b" " * 9_000_000, connection=connection)
    assert reply.status == 413 and "The body has 9,000,000 bytes; the limit is 8,000,000" in reply.fields["error"]
    assert call(server.port, "POST", INFER, text_request("a"), connection=connection).status == 200
    connection.close()


def test_too_many_elements_are_refused(server):
    reply = call(server.port, "POST", INFER, text_request(*[""] * 1001))
    assert reply.status == 413 and "the limit is 1,000,000" in reply.fields["error"]
    assert call(server.port, "POST", INFER, text_request(*[""] * 1000)).status == 200


@pytest.mark.parametrize("name", ["gzip", "GZip", "identity, br", "zstd"])
def test_a_compressed_body_is_refused(server, name):
    reply = call(server.port, "POST", INFER, b"x", {"Content-Encoding": name})
    assert reply.status == 415 and f"compressed ({name})" in reply.fields["error"]


@pytest.mark.parametrize("name", ["identity", "Identity", "IDENTITY", "identity, identity", " identity ", ""])
def test_a_plain_body_is_read_however_that_is_said(server, name):
    assert call(server.port, "POST", INFER, text_request("a"), {"Content-Encoding": name}).status == 200


@pytest.fixture
def any_time_for_heads(monkeypatch):
    """Where a limit of time is short, a busy machine must not have used it up before there is a request."""
    monkeypatch.setattr(Connection, "_watch_head", lambda self: None)


@pytest.mark.usefixtures("any_time_for_heads")
def test_a_body_that_never_ends_is_refused_in_time():
    held = models()
    held.load("FP32")
    with (
        in_this_process(held, limits=Limits(seconds=0.3)) as port,
        socket.create_connection(("127.0.0.1", port)) as raw,
    ):
        raw.settimeout(FAR)
        raw.sendall(b"POST /v2/models/FP32/infer HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        answer = http.client.HTTPResponse(raw)
        answer.begin()
        said = answer.read().decode()
    assert answer.status == 408
    assert "Only 1 byte of the body arrived within 0.3 s" in said


def test_a_client_that_leaves_in_the_middle_of_its_body_does_no_harm():
    held = models()
    held.load("FP32")
    with in_this_process(held) as port:
        with socket.create_connection(("127.0.0.1", port)) as raw:
            raw.sendall(b"POST /v2/models/FP32/infer HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
            assert wait_for(lambda: metric(port, "inference_requests_in_flight") == 1)
        assert wait_for(lambda: metric(port, "inference_requests_in_flight") == 0)
        assert metric(port, 'inference_requests_total{model="FP32",status="400",version="3"}') == 1
    assert not held.leases()


@pytest.mark.usefixtures("any_time_for_heads")
def test_an_answer_that_takes_too_long_is_given_up_but_its_version_stays_until_it_ends(monkeypatch):
    read = app.read_body  # its time is not what is looked at
    monkeypatch.setattr(app, "read_body", lambda request, limits: read(request, limits._replace(seconds=FAR)))
    made = []
    slow = models(Slow, made)
    slow.load("FP32", 1)
    with in_this_process(slow, limits=Limits(seconds=0.3)) as port:
        body = {"inputs": [{"name": "x", "shape": [1, 3], "datatype": "FP32", "data": [1, 2, 3]}]}
        reply = call(port, "POST", "/v2/models/FP32/infer", body)
        assert reply.status == 503 and "The answer took longer than 0.3 s" in reply.fields["error"]
        slow.load("FP32", 2)
        assert not made[0].closed and slow.leases() == {"FP32 version 1": 1}
        made[0].gate.set()
        assert wait_for(lambda: made[0].closed)


def test_the_limits_of_a_server_can_be_set(repository):
    with serving.Server(repository, max_bytes=200, max_elements=2000) as small:
        assert call(small.port, "POST", INFER, text_request("a", "b")).status == 200
        assert call(small.port, "POST", INFER, text_request("a", "b", "c")).status == 413
        assert call(small.port, "POST", INFER, text_request("a" * 200)).status == 413


# ---- what goes wrong inside


def test_a_mistake_of_the_server_shows_no_traceback(caplog):
    class Breaks(Slow):
        def predict(self, inputs):
            if inputs["x"].any():
                raise KeyError("secret of the house")
            return {"y": inputs["x"]}

    broken = models(Breaks)
    broken.load("FP32")
    with in_this_process(broken) as port:
        body = {"inputs": [{"name": "x", "shape": [1, 3], "datatype": "FP32", "data": [1, 2, 3]}]}
        reply = call(port, "POST", "/v2/models/FP32/infer", body)
        assert reply.status == 500
        assert reply.fields == {"error": "The server failed on this request. Its log tells more."}
        assert metric(port, 'inference_requests_total{model="FP32",status="500",version="3"}') == 1
        assert call(port, "GET", "/v2/health/live").status == 200
    assert "secret of the house" in caplog.text
    assert not broken.leases()


# ---- the repository extension


def test_versions_are_loaded_switched_rolled_back_and_unloaded(repository, expected):
    rows = np.eye(1, 1000, dtype="f4")

    def version_and_answer(port):
        body = {"inputs": [{"name": "counts", "shape": [1, 1000], "datatype": "FP32", "data": rows.ravel().tolist()}]}
        reply = call(port, "POST", INFER, body)
        return reply.fields["model_version"], reply.fields["outputs"][0]["data"]

    change = "/v2/repository/models/classifier"
    with serving.Server(repository) as own:
        for action, version in [("", 2), ("/load?version=1", 1), ("/load", 2), ("/rollback", 1), ("/rollback", 2)]:
            if action:
                assert call(own.port, "POST", change + action).fields == {"name": "classifier", "version": str(version)}
            answered_by, probabilities = version_and_answer(own.port)
            assert answered_by == str(version)
            np.testing.assert_allclose(probabilities, expected(version, rows)[0], atol=1e-6)
        assert call(own.port, "POST", change + "/unload").status == 200
        assert call(own.port, "GET", "/v2/health/ready").status == 503
        assert call(own.port, "GET", "/v2/health/live").status == 200
        assert call(own.port, "POST", INFER, text_request("a")).status == 404
        assert call(own.port, "POST", change + "/load").status == 200
        assert call(own.port, "GET", "/v2/health/ready").status == 200
    assert "classifier version 1 is loaded in place of version 2" in own.log
    assert not np.allclose(expected(1, rows), expected(2, rows), atol=1e-3)
