"""Schemathesis reads the server's own description and tries whatever follows from it, right and wrong.

No answer may be a 500, none may differ from its description, and what the description forbids must be refused.
"""

import beside
import pytest
from hypothesis import HealthCheck, settings
from serving_echo import models
from serving_helpers import call, real, text_request

from course_lib import serving
from course_lib.serving.http.app import create_app

schemathesis = real("schemathesis")
schema = schemathesis.openapi.from_dict(create_app(models()).openapi())  # the same for whatever models
allowed = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))

# What the description allows may still be refused: it cannot say which models there are, and which tensors they take.
UNPROMISED = [schemathesis.checks.positive_data_acceptance]


@pytest.fixture(scope="module")
def own(repository):
    """A server of their own: they load and unload."""
    with serving.Server(repository, max_seconds=5) as running:
        yield running
        assert call(running.port, "POST", "/v2/repository/models/classifier/load").status == 200
        assert call(running.port, "POST", "/v2/models/classifier/infer", text_request("a")).status == 200
    assert "Traceback" not in running.log


@pytest.mark.beside(
    "3",
    "`course serve`, its OpenAPI description",
    "schemathesis",
    "requests made from the description, right and wrong",
)
@schema.parametrize()
@allowed
def test_no_request_makes_the_server_fail(case, own):
    case.call_and_validate(base_url=own.url, excluded_checks=UNPROMISED)
    beside.counted(1, "requests, none answered with a 500")


@schema.include(path_regex="infer$").parametrize()
@allowed
def test_no_request_to_the_classifier_makes_the_server_fail(case, own):
    case.path_parameters["model_name"] = "classifier"
    if "model_version" in case.path_parameters:
        case.path_parameters["model_version"] = "2"
    case.call_and_validate(base_url=own.url, excluded_checks=UNPROMISED)


def test_the_description_that_was_tried_is_the_servers_own(own):
    assert call(own.port, "GET", "/openapi.json").fields == schema.raw_schema
