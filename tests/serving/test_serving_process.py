"""A server in a process of its own: it stops when told, when signalled, when its parent dies, and leaves nothing."""

import ast
import inspect
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import threading
from pathlib import Path

import psutil
import pytest
from patience import FAR
from serving_helpers import alive, answers, call, text_request, wait_for

from course_lib import serving
from course_lib.serving.http.server import ServerError
from course_lib.serving.models.backends import BACKENDS
from course_lib.tools import cli

INFER = "/v2/models/classifier/infer"
signals = pytest.mark.skipif(os.name == "nt", reason="Windows ends a process at once on SIGTERM; nothing can be tested")


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path, monkeypatch):
    """Other servers on this machine leave their logs elsewhere."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))


def logs():
    return set(Path(tempfile.gettempdir()).glob("course-serve-*.log"))


def command(repository, *options):
    return [
        sys.executable,
        "-m",
        "course_lib.tools.cli",
        "serve",
        "--port",
        "0",
        "--repository",
        str(repository.path),
        *options,
    ]


def start(repository, *options, **popen):
    """`course serve` as a user starts it: (process, the line it prints)."""
    process = subprocess.Popen(command(repository, *options), stdout=subprocess.PIPE, stderr=subprocess.PIPE, **popen)
    return process, json.loads(process.stdout.readline())


def half_a_request(port):
    """A request that is under way: its head and half of its body are sent. (socket, the other half)."""
    body = json.dumps(text_request("A puzzle game with music")).encode()
    head = f"POST {INFER} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    raw = socket.create_connection(("127.0.0.1", port), timeout=FAR)
    raw.sendall(head + body[:20])
    in_flight = "inference_requests_in_flight 1.0"
    assert wait_for(lambda: in_flight in call(port, "GET", "/metrics").body.decode())
    return raw, body[20:]


def finish(raw, rest):
    """Send the other half and read the whole answer."""
    raw.sendall(rest)
    answer = b""
    while chunk := raw.recv(65536):
        answer += chunk
    raw.close()
    return answer


# ---- stop


def test_stop_leaves_no_process_no_port_and_no_file(repository):
    before = logs()
    server = serving.Server(repository)
    assert alive(server.pid) and answers(server.port) and server.running and logs() != before
    assert repr(server) == f"Server(http://127.0.0.1:{server.port}, running)"
    assert server.stop() == 0
    assert not alive(server.pid) and not answers(server.port) and not server.running and logs() == before
    assert repr(server).endswith("stopped)")
    assert server.stop() == 0  # twice does no harm
    assert '"event": "ready"' in server.log and "stopped" in server.log


def test_the_with_block_stops_the_server_also_after_an_error(repository):
    with pytest.raises(ZeroDivisionError), serving.Server(repository) as server:
        1 / 0  # noqa: B018
    assert not alive(server.pid) and not answers(server.port)


def test_a_server_that_nobody_holds_any_longer_stops(repository):
    server = serving.Server(repository)
    pid, port = server.pid, server.port
    del server
    assert not alive(pid) and not answers(port)


def test_stop_answers_the_request_that_is_under_way(repository):
    server = serving.Server(repository, max_seconds=FAR)
    raw, rest = half_a_request(server.port)
    stopping = threading.Thread(target=server.stop)
    stopping.start()
    assert wait_for(lambda: not answers(server.port))  # no new connection is taken
    assert server.running
    answer = finish(raw, rest)
    assert answer.startswith(b"HTTP/1.1 200 ") and b'"games"' in answer
    stopping.join(FAR)
    assert server.stop() == 0 and not alive(server.pid)


def test_the_port_is_free_again_at_once(repository):
    with serving.Server(repository) as first:
        assert call(first.port, "POST", INFER, text_request("a")).status == 200
    with serving.Server(repository, port=first.port) as second:
        assert second.port == first.port
        assert call(second.port, "POST", INFER, text_request("a")).status == 200


# ---- signals


@signals
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly_after_the_request_under_way(repository, number):
    process, ready = start(repository, "--max-seconds", str(FAR))
    port = int(ready["url"].rpartition(":")[2])
    raw, rest = half_a_request(port)
    process.send_signal(number)
    assert wait_for(lambda: not answers(port))
    answer = finish(raw, rest)
    assert answer.startswith(b"HTTP/1.1 200 ") and b'"games"' in answer
    out, err = process.communicate()
    assert process.returncode == 0
    assert out == b"" and b"Traceback" not in err
    assert not alive(ready["pid"]) and not answers(port)


LOADS = """
import sys, time
from course_lib.serving.http import process
from course_lib.serving.models.manager import ModelManager
def load(self, model, version):
    print("loading", flush=True)
    time.sleep(100_000)
ModelManager.load = load
sys.exit(process.run(sys.argv[1], port=0))
"""


@signals
def test_a_signal_while_it_still_loads_ends_it_cleanly(repository):
    program = [sys.executable, "-c", LOADS, str(repository.path)]
    process = subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout.readline().strip() == b"loading"
    process.terminate()
    out, err = process.communicate()
    assert process.returncode == 0 and out == b"" and b"Traceback" not in err


@signals
def test_the_notebooks_interrupt_does_not_reach_the_server(repository):
    with serving.Server(repository) as server:
        assert os.getpgid(server.pid) != os.getpgid(0)


HANGS = """
import sys, time
from course_lib.serving.http import app, connections, process
from course_lib.serving.models import backends
from course_lib.serving.protocol import limits
connections.Connection._watch_head = lambda self: None
read = app.read_body  # its time, and that of the head, are not what is looked at
app.read_body = lambda request, given: read(request, given._replace(seconds=1000))
answer = backends.NumPy.predict
backends.NumPy.predict = lambda self, x: time.sleep(100_000) if x["counts"].any() else answer(self, x)
sys.exit(process.run(sys.argv[1], port=0, limits=limits.Limits(seconds=0.5)))
"""


@signals
def test_a_computation_that_never_ends_does_not_keep_the_server(repository):
    program = [sys.executable, "-c", HANGS, str(repository.path)]
    process = subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    port = int(json.loads(process.stdout.readline())["url"].rpartition(":")[2])
    assert call(port, "POST", INFER, text_request("A puzzle game")).status == 503
    process.terminate()
    _, err = process.communicate()
    assert process.returncode == 1
    assert b"given up after the limit of time: {'classifier version 2': 1}" in err


LOADS_FOR_EVER = """
import sys, time
from course_lib.serving.http import connections, process
from course_lib.serving.models import backends
from course_lib.serving.protocol import limits
connections.Connection._watch_head = lambda self: None  # its time is not what is looked at
opened = backends.NumPy.__init__
def slow(self, folder, signature):
    opened(self, folder, signature)
    if folder.name == "1":
        time.sleep(100_000)
backends.NumPy.__init__ = slow
sys.exit(process.run(sys.argv[1], port=0, limits=limits.Limits(seconds=0.5)))
"""
LOAD_1 = b"POST /v2/repository/models/classifier/load?version=1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@signals
def test_loads_that_wait_keep_nobody_waiting_and_are_told_when_the_server_stops(repository):
    program = [sys.executable, "-c", LOADS_FOR_EVER, str(repository.path)]
    process = subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    port = int(json.loads(process.stdout.readline())["url"].rpartition(":")[2])
    waiting = [socket.create_connection(("127.0.0.1", port), timeout=FAR) for _ in range(50)]
    for raw in waiting:  # more than there are threads for what is done aside
        raw.sendall(LOAD_1)
    assert call(port, "POST", "/v2/repository/index").status == 200
    process.terminate()
    for raw in waiting:
        answer = finish(raw, b"")
        assert answer.startswith(b"HTTP/1.1 503 ") and b'"The server is stopping' in answer
    _, err = process.communicate()
    assert process.returncode == 1
    assert b"given up after the limit of time: {'a load': 1}" in err and b"Traceback" not in err


# ---- the parent's end

PARENT = """
import sys, time
from course_lib import serving
server = serving.Server(sys.argv[1])
print(server.pid, server.port, flush=True)
{then}
"""


def a_parent(repository, then):
    """A process that starts a server, as a notebook's kernel does: (process, server's pid, its port)."""
    program = PARENT.format(then=then)
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(repository.path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    pid, port = map(int, process.stdout.readline().split())
    assert alive(pid) and answers(port)
    return process, pid, port


def test_when_its_parent_is_killed_the_server_ends(repository):
    before = logs()
    process, pid, port = a_parent(repository, "time.sleep(100_000)")
    psutil.Process(process.pid).kill()  # as kill -9
    process.communicate()
    assert wait_for(lambda: not alive(pid))
    assert not answers(port)
    assert len(logs() - before) == 1, "the one thing that a killed process cannot take along"
    with serving.Server(repository):
        if os.name != "nt":
            assert len(logs() - before) == 1, "the next one removes it"


@pytest.mark.parametrize("then", ["", "1 / 0"])
def test_when_its_parent_ends_the_server_has_ended(repository, then):
    before = logs()
    process, pid, port = a_parent(repository, then)
    process.communicate()
    assert not alive(pid) and not answers(port) and logs() == before


# ---- what cannot start says why


def test_a_port_that_is_taken_is_named(repository, server):
    with pytest.raises(ServerError, match=rf"Port {server.port} cannot be taken .*`--port 0` finds a free one"):
        serving.Server(repository, port=server.port)
    assert answers(server.port)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"repository": "/nowhere"}, "/nowhere holds no model. Publish one"),
        ({"backend": "tensorflow"}, "holds no saved_model, which the backend 'tensorflow' needs"),
        ({"colour": "blue"}, "unrecognized arguments: --colour blue"),
    ],
)
def test_a_server_that_cannot_start_says_why_and_leaves_nothing(repository, options, said):
    before = logs()
    with pytest.raises(ServerError) as problem:
        serving.Server(**{"repository": repository, **options})
    assert said in str(problem.value) and "Traceback" not in str(problem.value)
    code = 2 if "unrecognized" in said else 1
    assert f"ended with exit code {code}." in str(problem.value) and "Fatal Python error" not in str(problem.value)
    assert logs() == before


@pytest.mark.parametrize("stdin", ["a pipe that stays open", "at its end", "closed"])
@pytest.mark.parametrize("what", ["an empty folder", "a file", "a port that is taken"])
def test_whatever_standard_input_is_a_failed_start_is_one_sentence_and_exit_1(what, stdin, tmp_path, server):
    (tmp_path / "file").write_text("", encoding="utf-8")
    options = ["--repository", str(tmp_path / "file" if what == "a file" else tmp_path)]
    if what == "a port that is taken":
        options += ["--port", str(server.port)]
    call = [sys.executable, "-m", "course_lib.tools.cli", "serve", "--stop-with-stdin", *options]
    if stdin == "closed":
        program = "import os, sys; os.close(0); os.execv(sys.argv[1], sys.argv[1:])"
        call = [sys.executable, "-c", program, *call]
    given = subprocess.DEVNULL if stdin == "at its end" else subprocess.PIPE
    process = subprocess.Popen(call, stdin=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.wait(FAR)  # communicate would close the pipe
    said = process.stderr.read().decode()
    assert "Fatal" not in said and "Traceback" not in said and process.stdout.read() == b""
    if stdin == "a pipe that stays open":
        assert process.returncode == 1 and said.startswith("course: ") and said.count("\n") == 1
    else:  # it was told to stop as it started
        assert process.returncode in (0, 1)
    process.communicate()


def test_where_no_version_can_be_served_the_server_says_why_of_each_and_ends(tmp_path, repository):
    shutil.copytree(repository.path, tmp_path / "models")
    for version in (1, 2):
        (tmp_path / "models" / "classifier" / str(version) / "model.npz").write_bytes(b"not what was published")
    with pytest.raises(ServerError, match="holds no model that can be served") as problem:
        serving.Server(tmp_path / "models")
    for version in (1, 2):
        said = f"Version {version} of classifier is not what was published: model.npz has changed"
        assert said in str(problem.value)


@signals
def test_a_full_temporary_folder_is_named_where_nothing_could_be_said(repository):
    """As under a limit of 0 bytes a file: there are files, and nothing can be written into them."""
    program = """
import resource, sys, tempfile
from course_lib import serving
tempfile.gettempdir()  # found while there was room
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
serving.Server(sys.argv[1])
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(repository.path)], stderr=subprocess.PIPE, text=True, timeout=FAR
    )
    last = done.stderr.splitlines()[-1]
    assert tempfile.gettempdir() in last and "TMPDIR" in last and "takes no more" in last


# ---- the command


@pytest.mark.parametrize("limit", ["max-bytes", "max-elements", "max-seconds"])
@pytest.mark.parametrize("given", ["0", "-5", "nan", "inf", "1e308", "x" * 9000, "9" * 9000, ""])
def test_a_limit_that_is_none_is_told_before_anything_starts(capsys, limit, given):
    with pytest.raises(SystemExit) as ended:
        cli.main(["serve", f"--{limit}={given}"])
    said = capsys.readouterr().err
    assert ended.value.code == 2 and f"--{limit}" in said and "is no limit: give" in said and len(said) < 1000


def test_the_command_prints_one_line_that_a_program_can_read(repository):
    process, ready = start(repository, "--stop-with-stdin", stdin=subprocess.PIPE)
    assert ready == {"event": "ready", "url": ready["url"], "pid": ready["pid"], "models": {"classifier": 2}}
    assert call(int(ready["url"].rpartition(":")[2]), "GET", "/v2/health/ready").status == 200
    out, err = process.communicate()  # closes standard input
    assert process.returncode == 0 and out == b""
    assert b"classifier version 2 is loaded" in err


def test_without_a_repository_the_courses_classifier_is_trained_and_served(tmp_path, monkeypatch):
    from course_lib.tools import serve as starting

    monkeypatch.setattr(starting.place, "root", lambda: tmp_path)
    assert starting.course_repository("numpy") == tmp_path / ".course" / "models" / "numpy"
    assert serving.Repository(tmp_path / ".course" / "models" / "numpy").versions("classifier") == [1, 2]


def test_where_the_courses_own_models_are_broken_the_remedy_is_another(tmp_path):
    for part in ("lessons", "course_lib", "pyproject.toml"):  # a copy of the course, as far as its place is concerned
        (tmp_path / part).touch()
    own = tmp_path / ".course" / "models" / "numpy"
    (own / "classifier").mkdir(parents=True)
    for version in ("1", "2"):
        (own / "classifier" / version).touch()
    call = [sys.executable, "-P", "-m", "course_lib.tools.serve", "--port", "0"]
    done = subprocess.run(call, cwd=tmp_path, capture_output=True, text=True, timeout=FAR)
    assert done.returncode == 1 and done.stdout == "" and "Traceback" not in done.stderr
    last = done.stderr.splitlines()[-1]
    assert str(own) in last and "remove that folder" in last and "--repository" not in last


def test_publishing_the_classifier_leaves_the_courses_random_numbers_alone(tmp_path):
    from course_lib.utils import generator, set_random_seed

    set_random_seed(7)
    expected = generator().random(3).tolist()
    set_random_seed(7)
    serving.publish_classifier(tmp_path, versions=[1])
    assert generator().random(3).tolist() == expected


def test_the_command_is_among_the_others(capsys):
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    assert "course serve" in capsys.readouterr().out


def engines():
    """The packages that a backend imports when it is made."""
    found = set()
    for kind in BACKENDS.values():
        for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(kind)))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add(node.module.partition(".")[0])
    return found - sys.stdlib_module_names - {"course_lib", "numpy"}


def test_looking_at_the_serving_room_loads_neither_a_server_nor_an_engine():
    assert "tensorflow" in engines()
    program = "import sys, course_lib.serving; print(*sorted(m for m in sys.modules if '.' not in m))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    servers = {"fastapi", "uvicorn", "pydantic", "prometheus_client", "keras"}
    assert not set(done.stdout.split()) & (servers | engines())
