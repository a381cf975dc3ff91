"""What comes before a request, half ones, none and too many, neither shuts the others out nor fills the log."""

import asyncio
import contextlib
import http.client
import json
import logging
import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from patience import FAR
from serving_echo import models
from serving_helpers import call, in_this_process, server_in_this_process, wait_for

from course_lib.serving.http.connections import QuieterAsyncio
from course_lib.serving.protocol.limits import Limits

HALF = b"GET /v2 HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half: "
WHOLE = b"GET /v2 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit of open files")


def connect(port):
    return socket.create_connection(("127.0.0.1", port), timeout=FAR)


def status_of(raw):
    """The status of the next answer, which is read whole."""
    response = http.client.HTTPResponse(raw)
    response.begin()
    response.read()
    return response.status


def answer_of(raw):
    """All that comes until the server hangs up: (status, the error it tells)."""
    said = b""
    while chunk := raw.recv(65536):
        said += chunk
    head, _, body = said.rpartition(b"\r\n\r\n")
    assert b"content-type: application/json" in head and b"connection: close" in head
    return int(head.split()[1]), json.loads(body)["error"]


def test_a_head_that_does_not_come_is_given_up_with_a_408():
    with in_this_process(models(), limits=Limits(seconds=0.2)) as port, connect(port) as raw:
        status, said = answer_of(raw)
        assert status == 408 and "within 0.2 s" in said


def test_the_time_runs_while_a_head_is_on_its_way_and_not_between_two_requests():
    with server_in_this_process(models(), limits=Limits(seconds=FAR)) as (port, server), connect(port) as raw:
        assert wait_for(lambda: server.server_state.connections)
        (connection,) = server.server_state.connections
        for _ in range(3):
            raw.sendall(WHOLE[:10])
            assert wait_for(lambda: connection.late is not None)
            raw.sendall(WHOLE[10:])
            assert status_of(raw) == 200
            assert wait_for(lambda: connection.late is None)


def ask_much(raw):
    """A request whose answer, some 12 MB, is more than any system keeps for one who does not read."""
    rows = [[1.2345678901234567] * 3] * 200_000
    tensor = {"name": "x", "shape": [200_000, 3], "datatype": "FP64", "data": rows}
    body = json.dumps({"inputs": [tensor]}).encode()
    raw.sendall(b"POST /v2/models/FP64/infer HTTP/1.1\r\nHost: 127.0.0.1\r\n")
    raw.sendall(b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


MUCH = Limits(bytes=20_000_000, seconds=FAR)


@contextlib.contextmanager
def unread_answer():
    """A connection whose answer waits to be read, and the client's end of it."""
    echo = models()
    echo.load("FP64")
    with server_in_this_process(echo, limits=MUCH) as (port, server), connect(port) as raw:
        ask_much(raw)
        (connection,) = server.server_state.connections
        assert wait_for(lambda: connection.unread is not None)
        yield connection, raw


def test_who_never_reads_the_answer_is_given_up_when_the_time_is_over():
    with unread_answer() as (connection, raw):
        assert 0 < connection.unread.when() - connection.loop.time() <= FAR
        over = connection.unread._callback, connection.transport.get_write_buffer_size()
        connection.loop.call_soon_threadsafe(*over)
        assert wait_for(lambda: not connection.connections)


def test_who_reads_late_gets_the_whole_answer():
    with unread_answer() as (connection, raw):
        assert status_of(raw) == 200
        assert wait_for(lambda: connection.unread is None)


def test_a_slow_reader_is_waited_for_as_long_as_something_is_taken():
    with unread_answer() as (connection, raw):
        over = connection.unread._callback, connection.transport.get_write_buffer_size() + 1  # a byte less waits now
        connection.loop.call_soon_threadsafe(*over)
        assert status_of(raw) == 200


@pytest.mark.parametrize("sent", [b"\x16\x03\x01\x02\x00\r\n\r\n", b"nonsense\r\n\r\n", b"GET /\r\n\r\n"])
def test_bytes_that_are_no_request_get_the_protocols_error_body(sent):
    with in_this_process(models()) as port, connect(port) as raw:
        raw.sendall(sent)
        status, said = answer_of(raw)
        assert status == 400 and "no HTTP/1.1 request" in said


def test_one_connection_too_many_is_told_so():
    with in_this_process(models(), connections=1) as port:
        with connect(port) as first:
            first.sendall(WHOLE)
            assert status_of(first) == 200
            reply = call(port, "GET", "/v2")
            assert reply.status == 503 and "Too many connections" in reply.fields["error"]
            first.sendall(WHOLE)
            assert status_of(first) == 200, "who was there before goes on"


@posix
def test_half_requests_that_take_every_file_shut_nobody_out_for_good(tmp_path):
    """With 64 files for the whole process; the others wait until the half ones are given up."""
    program = [sys.executable, "-c", NARROW]
    process = subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path)
    port = int(json.loads(process.stdout.readline())["url"].rpartition(":")[2])
    with contextlib.ExitStack() as held:
        for i in range(80):
            raw = held.enter_context(connect(port))
            if i % 2:
                raw.sendall(HALF)
        assert wait_for(lambda: is_answered(port))
    process.terminate()
    _, err = process.communicate()
    assert process.returncode == 0
    assert err.count(b"out of system resource") <= 1 and b"Traceback" not in err and len(err) < 10_000


@posix
def test_what_asyncio_tries_again_after_the_end_is_not_told(caplog):
    """A second after no file was left, it serves again, if need be on a socket that was closed meanwhile."""

    async def tries_again():
        loop, listener = asyncio.get_running_loop(), socket.socket()
        listener.close()
        loop.call_soon(loop._start_serving, asyncio.Protocol, listener)
        loop.call_soon(lambda: 1 / 0)
        await asyncio.sleep(0.01)

    logger, quiet = logging.getLogger("asyncio"), QuieterAsyncio()
    logger.addFilter(quiet)
    try:
        with ThreadPoolExecutor(1) as beside:  # this thread may have a loop of its own, of Playwright's
            beside.submit(asyncio.run, tries_again()).result()
    finally:
        logger.removeFilter(quiet)
    assert [record.exc_info[0] for record in caplog.records if record.name == "asyncio"] == [ZeroDivisionError]


def is_answered(port):
    """Whether a request gets its answer, and is not turned away."""
    with contextlib.suppress(ConnectionError):
        return call(port, "GET", "/v2").status == 200


NARROW = """
import resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
from course_lib import serving
from course_lib.serving.http.process import run
from course_lib.serving.protocol.limits import Limits
sys.exit(run(serving.publish_neuron("models").path, port=0, limits=Limits(seconds=1)))
"""


@posix
def test_the_server_takes_as_many_files_as_it_may(tmp_path):
    program = """
import resource
from course_lib.serving.http.connections import raise_file_limit
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 256))
print(raise_file_limit(), *resource.getrlimit(resource.RLIMIT_NOFILE))
"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, cwd=tmp_path).stdout
    assert said.split() == [b"208", b"256", b"256"]
