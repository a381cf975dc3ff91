"""Requests, processes and ports: what the tests of the serving room look at."""

import contextlib
import http.client
import importlib
import json
import os
import socket
import threading
import time
from collections import namedtuple

import psutil
import pytest
import uvicorn
from patience import FAR

from course_lib.serving.http.app import create_app
from course_lib.serving.http.connections import Connection
from course_lib.serving.http.process import listen

Reply = namedtuple("Reply", "status fields headers body")


def real(name):
    """A module of the test extra. Where it is missing, CI fails; elsewhere the test says so and is skipped."""
    try:
        return importlib.import_module(name)
    except ImportError:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"{name} is not installed: pip install -e '.[test]'", allow_module_level=True)


def call(port, method, path, body=None, headers=None, connection=None):
    """One request and its `Reply`; `body` may be bytes or what becomes JSON."""
    connection = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=FAR)
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
    connection.request(method, path, body, headers or {})
    response = connection.getresponse()
    raw = response.read()
    is_json = raw and response.headers.get("Content-Type") == "application/json"
    return Reply(response.status, json.loads(raw) if is_json else None, response.headers, raw)


def text_request(*texts, **fields):
    return {"inputs": [{"name": "text", "shape": [len(texts)], "datatype": "BYTES", "data": list(texts)}], **fields}


def counts_request(rows, **fields):
    tensor = {"name": "counts", "shape": list(rows.shape), "datatype": "FP32", "data": rows.ravel().tolist()}
    return {"inputs": [tensor], **fields}


def alive(pid):
    """Is there still a process? One that has ended and only waits to be noticed is none."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def answers(port):
    with socket.socket() as probe:
        probe.settimeout(FAR)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(condition, seconds=FAR):
    """Whether a condition came true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@contextlib.contextmanager
def in_this_process(models, **options):
    """A real server on a real port over any `models`, in a thread: the port."""
    with server_in_this_process(models, **options) as (port, _):
        yield port


@contextlib.contextmanager
def server_in_this_process(models, **options):
    """The same: the port, and uvicorn's server."""
    app = create_app(models, **options)
    listener = listen(0)
    server = uvicorn.Server(uvicorn.Config(app, http=Connection, ws="none", lifespan="off", log_config=None))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    port = listener.getsockname()[1]
    assert wait_for(lambda: server.started)
    try:
        yield port, server
    finally:
        server.should_exit = True
        thread.join(FAR)
        app.state.pool.shutdown()
        app.state.loads.shutdown()
        assert not thread.is_alive()
