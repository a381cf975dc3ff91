"""The mark `beside`: tests that hold a piece of the course beside the real engine (see `beside.py`)."""

import beside
import pytest


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
