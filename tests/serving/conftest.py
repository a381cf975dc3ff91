"""The classifier in two versions, and a server over them."""

import pytest
from patience import FAR
from serving_helpers import alive
from threadpoolctl import threadpool_limits

from course_lib import serving
from course_lib.models import load_model


@pytest.fixture(scope="session")
def repository(tmp_path_factory):
    with threadpool_limits(1):
        return serving.publish_classifier(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="session")
def expected(repository):
    """expected(version, rows) -> the probabilities that this version gives, computed without any server."""
    models = {v: load_model(repository.path / "classifier" / str(v) / "model.npz") for v in (1, 2)}
    return lambda version, rows: models[int(version)](rows)


@pytest.fixture(scope="session")
def server(repository):
    """A server that all tests share; none changes what is loaded."""
    with serving.Server(repository, patience=FAR) as running:
        yield running
    assert not alive(running.pid)
