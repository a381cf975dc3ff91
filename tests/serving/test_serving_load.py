"""32 clients, 2,000 requests, one in ten malformed, a switch in between: nothing is lost, nothing is mixed up."""

import http.client
import itertools
import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import beside
import numpy as np
import pytest
from patience import FAR
from serving_helpers import call, counts_request, text_request, wait_for

from course_lib import serving
from course_lib.data import load_text, text_examples

CLIENTS, REQUESTS = 32, 2000
INFER = "/v2/models/classifier/infer"
MALFORMED = [
    b"",
    b"{",
    b"\xff\xfe",
    b'{"inputs": []}',
    b'{"inputs": [{"name": "counts", "shape": [1, 2], "datatype": "FP32", "data": [1, 2]}]}',
    b'{"inputs": [{"name": "text", "shape": [1], "datatype": "BYTES", "data": [7]}]}',
    b'{"inputs": [{"name": "text", "shape": [2], "datatype": "BYTES", "data": ["a"]}]}',
    b'{"inputs": [{"name": "image", "shape": [1], "datatype": "UINT8", "data": [1]}]}',
    b'{"inputs": [{"name": "text", "shape": [1], "datatype": "BYTES", "data": ["a"]}], "outputs": [{"name": "x"}]}',
    b'{"inputs": [{"name": "text", "shape": [1], "datatype": "BYTES", "parameters": {"binary_data_size": 99}}]}',
]


@pytest.mark.beside(
    "3",
    "`course serve`, a version switch under load",
    "32 HTTP clients, one request in ten malformed",
    "each answer is that of this very request and version",
)
def test_every_well_formed_request_gets_its_own_right_answer_through_a_switch(repository, expected):
    _, (rows, _) = load_text()
    texts = [example.text for example in text_examples("test")]
    right = {version: expected(version, rows) for version in ("1", "2")}
    tells = np.flatnonzero(np.abs(right["1"] - right["2"]).max(axis=1) > 0.01)  # the answer says which version gave it
    assert len(tells) > 500
    sent, halfway, after = itertools.count(1), threading.Event(), threading.Event()

    def one(i, connection):
        """Send request i; (status, version) where the answer is that of this very request."""
        if next(sent) >= REQUESTS // 2:
            halfway.set()
        if i >= REQUESTS * 3 // 4:
            assert after.wait(FAR)  # however long the switch takes, a quarter of the requests comes after it
        if i % 10 == 0:
            reply = call(None, "POST", INFER, MALFORMED[i // 10 % len(MALFORMED)], connection=connection)
            assert list(reply.fields) == ["error"], reply
            return reply.status, None
        row = tells[i % len(tells)]
        request = text_request(texts[row], id=str(i)) if i % 2 else counts_request(rows[row : row + 1], id=str(i))
        reply = call(None, "POST", INFER, request, connection=connection)
        assert reply.status == 200 and reply.fields["id"] == str(i), reply
        version = reply.fields["model_version"]
        np.testing.assert_allclose(reply.fields["outputs"][0]["data"], right[version][row], atol=1e-5)
        return reply.status, version

    def client(number, port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=FAR)
        try:
            return [one(i, connection) for i in range(number, REQUESTS, CLIENTS)]
        finally:
            connection.close()

    with serving.Server(repository, patience=FAR, max_seconds=FAR) as own:
        assert call(own.port, "POST", "/v2/repository/models/classifier/load?version=1").status == 200
        with ThreadPoolExecutor(CLIENTS) as pool:
            clients = [pool.submit(client, number, own.port) for number in range(CLIENTS)]
            assert halfway.wait(FAR)
            switched = call(own.port, "POST", "/v2/repository/models/classifier/load?version=2")
            after.set()
            outcomes = [outcome for future in clients for outcome in future.result(FAR)]
        assert switched.fields == {"name": "classifier", "version": "2"}
        assert call(own.port, "GET", "/v2/models/classifier").fields["versions"] == ["2"]
        metrics = call(own.port, "GET", "/metrics").body.decode()
    count = Counter(outcomes)
    assert len(outcomes) == REQUESTS
    beside.counted(len(outcomes), "requests of 32 clients, each with its own right answer or a 400")
    assert count[400, None] == REQUESTS // 10
    assert count[200, "1"] + count[200, "2"] == REQUESTS - REQUESTS // 10
    assert count[200, "1"] > 100 and count[200, "2"] > 100
    for version in ("1", "2"):
        assert f'{{model="classifier",status="200",version="{version}"}} {float(count[200, version])}' in metrics
    assert 'model_version_ready{model="classifier",version="1"}' not in metrics
    assert "Traceback" not in own.log


def test_ten_switches_and_rollbacks_under_load_lose_nothing(repository, expected):
    _, (rows, _) = load_text()
    right = {version: expected(version, rows[:1])[0] for version in ("1", "2")}
    body = json.dumps(counts_request(rows[:1])).encode()
    stop, seen = threading.Event(), []

    def client(port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=FAR)
        while not stop.is_set():
            reply = call(None, "POST", INFER, body, connection=connection)
            assert reply.status == 200
            version = reply.fields["model_version"]
            np.testing.assert_allclose(reply.fields["outputs"][0]["data"], right[version], atol=1e-5)
            seen.append(version)
        connection.close()

    with serving.Server(repository, patience=FAR, max_seconds=FAR) as own, ThreadPoolExecutor(8) as pool:
        clients = [pool.submit(client, own.port) for _ in range(8)]
        change = "/v2/repository/models/classifier"
        try:
            for _ in range(5):
                for action, version in (("/load?version=1", "1"), ("/rollback", "2")):
                    before = seen.count(version)
                    assert call(own.port, "POST", change + action).fields["version"] == version
                    assert wait_for(lambda: seen.count(version) >= before + 5)  # noqa: B023 (waited for right here)
        finally:
            stop.set()
        for future in clients:
            future.result(FAR)
