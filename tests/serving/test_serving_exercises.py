"""What the exercises about serving call right, the real server does; what they call wrong, it refuses or misreads."""

import json
import math
from collections import namedtuple

import numpy as np
import pytest
from serving_echo import Echo, models

from course_lib.data import load_text, text_info
from course_lib.exercises import exercise
from course_lib.serving.models.manager import ModelManager
from course_lib.serving.protocol import messages as protocol
from course_lib.serving.protocol.refusal import Refusal
from course_lib.serving.protocol.signature import Tensor

REQUEST, RESPONSE = exercise("deployment.infer_request"), exercise("deployment.read_response")
STATUS, SWITCH = exercise("deployment.status_code"), exercise("deployment.switch")
Takes = namedtuple("Takes", "accepts offers", defaults=([],))


def cases(q, comparable=lambda *args: True):
    found = [case for case in q.cases if comparable(*case.args)]
    return pytest.mark.parametrize("case", found, ids=lambda case: case.name)


def one_fault(request, known, limit):
    """Where the server decides alike: it has 404 for each model that is not in service, and looks at shapes first."""
    model, shape = known.get(request["model"], {"ready": False}), request["shape"]
    return model["ready"] and (math.prod(shape) <= limit or shape[1:] == model["shape"][1:])


def no_return(events, first=1):
    """Where it does: of a version that comes back while it is still in memory it loads a second copy."""
    versions = [first, *(version for what, version in events if what == "switch")]
    return len(set(versions)) == len(versions)


def read(request, name, columns):
    """What the server makes of a request: (id, rows)."""
    version = Takes([Tensor(name, "FP32", [-1, columns])])
    found = protocol.read_request(version, json.dumps(request).encode())
    return found.id, found.inputs[name]


@cases(REQUEST)
@pytest.mark.parametrize("nested", [False, True])
def test_the_server_reads_the_right_requests(case, nested):
    rows, name, id = *case.args, *("counts", None)[len(case.args) - 1 :]
    request = REQUEST.reference(*case.args)
    if nested:  # which the check lets pass
        request["inputs"][0]["data"] = np.asarray(rows).tolist()
    found_id, found = read(request, name, np.shape(rows)[1])
    assert found_id == id
    np.testing.assert_allclose(found, rows)


FORGIVEN = {"id_always_there"}  # an id of null is read as if it had been left out


@pytest.mark.parametrize("mistake", [fn for name, fn in REQUEST.mistakes.items() if name not in FORGIVEN])
def test_the_server_refuses_or_misreads_each_wrong_request(mistake):
    def good(rows, name="counts", id=None):
        try:
            found_id, found = read(mistake(rows, name, id), name, np.shape(rows)[1])
        except (TypeError, Refusal):  # json.dumps, the server
            return False
        return found_id == id and found.shape == np.shape(rows) and np.allclose(found, rows)

    assert not all(good(*case.args) for case in REQUEST.cases)


def test_a_real_answer_is_read(repository):
    _, (x_test, _) = load_text()
    request = REQUEST.reference(x_test[:20])
    answer = protocol.answer(ModelManager(repository).load("classifier", 2), json.dumps(request).encode())
    response = json.loads(answer.body)
    label = next(output for output in response["outputs"] if output["name"] == "label")
    assert RESPONSE.reference(response, list(text_info().class_names)) == label["data"]


@cases(STATUS, one_fault)
def test_the_server_gives_the_same_status(case):
    request, known, limit = case.args
    version = Takes([Tensor("x", "FP32", known[request["model"]]["shape"])])
    tensor = {"name": "x", "shape": request["shape"], "datatype": "FP32", "data": request["data"]}
    try:
        protocol.read_request(version, json.dumps({"inputs": [tensor]}).encode(), max_elements=limit)
        status = 200
    except Refusal as refusal:
        status = refusal.status
    assert status == STATUS.reference(*case.args)


@cases(SWITCH, no_return)
def test_the_server_answers_and_releases_alike(case):
    events, first = (*case.args, 1)[:2]
    made, answers, released, leases = [], {}, [], {}
    running = models(Echo, made)
    running.load("FP32", first)
    for number, (what, which) in enumerate(events):
        if what == "switch":
            running.load("FP32", which)
        elif what == "begin":
            leases[which] = running.lease("FP32").__enter__()
            answers[which] = leases[which].version.number
        else:
            leases[which].__exit__()
        gone = {version for version, _ in released}
        released += [(echo.version, number) for echo in made if echo.closed and echo.version not in gone]
    assert (answers, released) == SWITCH.reference(*case.args)
