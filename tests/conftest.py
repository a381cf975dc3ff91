"""What several files of tests share.

The mark `beside`: tests that hold a piece of the course beside the real engine (see `beside.py`). And an exercise under
test, with a progress file of its own.
"""

import gc

import beside
import numpy as np
import pytest


@pytest.fixture
def own_progress(tmp_path, monkeypatch):
    """The path of a progress file that nobody else writes."""
    path = tmp_path / "kept" / "progress.json"
    monkeypatch.setenv("COURSE_PROGRESS", str(path))
    return path


@pytest.fixture
def q():
    """The exercise `neuron`, as a learner meets it first."""
    from course_lib.exercises import exercise

    q = exercise("training.neuron")
    q._hints_given, q._last_case = 0, None
    return q


@pytest.fixture
def disk_full_halfway(monkeypatch):
    """Call it, and from then on every model that is saved fails when a part of it is written."""

    def fails(file, **arrays):
        file.write(b"half a model")
        raise OSError("disk full")

    return lambda: monkeypatch.setattr(np, "savez", fails)


@pytest.fixture
def no_garbage_collected():
    """An interrupt that strikes while a callback of the garbage collector runs is swallowed there, and lost."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture
def no_process_stays_behind():
    """At the end of a test no process that it started is left."""
    import multiprocessing

    import psutil
    from mapreduce_helpers import workers_of

    yield
    assert multiprocessing.active_children() == []
    assert workers_of(psutil.Process()) == []


def pytest_addoption(parser):
    parser.addoption(
        "--write-real-engines", action="store_true", help="keep the figures of marked tests in docs/real-engines.json"
    )


def pytest_configure(config):
    config.addinivalue_line("markers", "beside(chapter, ours, engine, how): agrees with the real engine")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    marked = beside.begin(item)
    try:
        result = yield
    finally:
        row = beside.end()
    if marked and not item.config.getoption("--write-real-engines"):
        if said := beside.disagreement(row):
            pytest.fail(said, pytrace=False)
    return result


def pytest_sessionfinish(session, exitstatus):
    if session.config.getoption("--write-real-engines") and exitstatus == pytest.ExitCode.OK:
        beside.write()
