"""Clients that ask on and on: what they note is what happened."""

import json

import pytest
from serving_helpers import counts_request, in_this_process, wait_for

from course_lib import serving
from course_lib.data import load_text
from course_lib.serving.models.manager import ModelManager


@pytest.fixture
def neuron(tmp_path):
    models = ModelManager(serving.publish_neuron(tmp_path))
    models.load("neuron")
    return models


def asking(*data):
    tensor = {"name": "counts", "shape": [1, 3], "datatype": "FP32", "data": list(data)}
    return json.dumps({"inputs": [tensor]}).encode()


def test_each_client_asks_in_turn_and_notes_each_answer(neuron):
    bodies = [asking(n, 0, 0) for n in range(1, 6)]
    with in_this_process(neuron) as port:
        with serving.Clients(f"127.0.0.1:{port}", "/v2/models/neuron/infer", bodies, number=3) as clients:
            assert wait_for(lambda: len(clients.seen) >= 60)
    assert {one.client for one in clients.seen} == {0, 1, 2}
    for client in range(3):
        own = [one for one in clients.seen if one.client == client]
        assert [one.which for one in own] == [(client + 3 * k) % 5 for k in range(len(own))]
        assert all(before.end <= after.start for before, after in zip(own, own[1:]))
    for one in clients.seen:
        assert one.status == 200 and 0 <= one.start < one.end <= clients.now
        assert one.fields["outputs"][0]["data"] == [float(one.which)]  # relu(n + 1 - 1)


def test_a_refused_request_is_noted_with_its_status(neuron):
    with in_this_process(neuron) as port:
        with serving.Clients(f"127.0.0.1:{port}", "/v2/models/neuron/infer", [b"{"], number=1) as clients:
            assert wait_for(lambda: clients.seen)
    assert {one.status for one in clients.seen} == {400} and "error" in clients.seen[0].fields


def test_where_nobody_answers_the_clients_go_on_and_come_back(neuron):
    with in_this_process(neuron) as port:
        clients = serving.Clients(f"127.0.0.1:{port}", "/v2/models/neuron/infer", [asking(2, 0, 1)], number=2)
        clients.__enter__()
        assert wait_for(lambda: len(clients.seen) >= 4)
    assert wait_for(lambda: sum(one.status is None for one in clients.seen) >= 4)
    clients.__exit__()
    assert [one for one in clients.seen if one.status is None and one.fields is None]
    assert not any(thread.is_alive() for thread in clients._threads), "no client goes on after the block"


def test_through_a_switch_every_request_is_answered_by_one_version(repository, expected):
    _, (rows, _) = load_text()
    models = ModelManager(repository)
    models.load("classifier", 1)
    bodies = [json.dumps(counts_request(rows[k : k + 1])).encode() for k in range(20)]
    with in_this_process(models) as port:
        with serving.Clients(f"127.0.0.1:{port}", "/v2/models/classifier/infer", bodies) as clients:
            assert wait_for(lambda: len(clients.seen) >= 40)
            models.load("classifier", 2)
            assert wait_for(lambda: len(clients.seen) >= 80)
            models.rollback("classifier")
            assert wait_for(lambda: len(clients.seen) >= 120)
    right = {str(version): expected(version, rows[:20]) for version in (1, 2)}
    answered = [one.fields["model_version"] for one in sorted(clients.seen, key=lambda one: one.end)]
    assert answered[0] == answered[-1] == "1" and "2" in answered
    for one in clients.seen:
        assert one.status == 200
        assert one.fields["outputs"][0]["data"] == pytest.approx(
            right[one.fields["model_version"]][one.which], abs=1e-5
        )
