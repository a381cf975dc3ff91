"""`course serve`: uvicorn on 127.0.0.1, from the first signal to the last request.

Standard output gets one line of JSON when the server can be asked, and nothing else:

    {"event": "ready", "url": "http://127.0.0.1:8000", "pid": 4711, "models": {"classifier": 2}}

Whatever is said besides goes to standard error. SIGINT and SIGTERM end it: no new connection is taken, requests under
way are answered, the exit code is 0. Where `stop_with_stdin` is set, so does a byte on standard input, or its end:
whoever holds the other end of that pipe takes the server along, even when killed.
"""

import contextlib
import json
import logging
import math
import os
import signal
import socket
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import NoReturn

import uvicorn
from fastapi import FastAPI

from course_lib.serving.http.app import create_app
from course_lib.serving.http.connections import BACKLOG, Connection, QuieterAsyncio, raise_file_limit
from course_lib.serving.models.manager import ModelManager
from course_lib.serving.models.repository import Repository
from course_lib.serving.protocol.limits import DEFAULT, Limits
from course_lib.serving.protocol.refusal import Refusal

HOST = "127.0.0.1"
log = logging.getLogger("course.serving")


def run(
    repository: str | Path,
    backend: str = "numpy",
    port: int = 8000,
    limits: Limits = DEFAULT,
    stop_with_stdin: bool = False,
    remedy: str = "Publish one, or leave --repository out.",
) -> int:
    """Serve until told to stop. Returns an exit code. remedy: what to do where there is nothing to serve."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s")
    log.setLevel(logging.INFO)  # TensorFlow, once imported, raises the level of all loggers that have none
    logging.getLogger("asyncio").addFilter(QuieterAsyncio())
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    if stop_with_stdin:
        threading.Thread(target=_stop_with_stdin, daemon=True).start()
    try:
        listener = listen(port)
        models = ModelManager(Repository(repository), backend)
        models.load_all()
    except (Refusal, OSError) as problem:
        print(f"course: {problem}", file=sys.stderr)
        return 1
    if not models.current:
        found = "no model that can be served" if models.refused else "no model"
        print(f"course: {repository} holds {found}. {remedy}", file=sys.stderr)
        return 1
    app = create_app(models, limits, connections=raise_file_limit())
    try:
        _Announced(app, limits, models, listener).run(sockets=[listener])
    except SystemExit:  # of `_stop`: uvicorn, having ended cleanly, hands on the signal that ended it
        log.info("stopped")
    unfinished = {**models.leases(), **({"a load": 1} if models.is_loading() else {})}
    if unfinished:  # a thread that computes on and on would keep the process
        log.error("given up after the limit of time: %s", unfinished)
        logging.shutdown()
        os._exit(1)
    return 0


def listen(port: int) -> socket.socket:
    """A listening socket on this machine alone; port 0 takes a free one."""
    # TCP by name: asyncio switches off the 40 ms wait between an answer's head and its body only where it reads that
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name != "nt":  # a port is free again at once; on Windows this would share a busy one instead
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        listener.close()
        raise OSError(f"Port {port} cannot be taken ({error}). `--port 0` finds a free one.") from error
    return listener


class _Announced(uvicorn.Server):
    """uvicorn that says on standard output when it can be asked."""

    def __init__(self, app: FastAPI, limits: Limits, models: ModelManager, listener: socket.socket) -> None:
        self.models, self.listener, self.loads = models, listener, app.state.loads
        super().__init__(
            uvicorn.Config(
                app,
                http=Connection,
                backlog=BACKLOG,
                loop="asyncio",
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="warning",
                access_log=False,
                server_header=False,
                timeout_keep_alive=60,
                timeout_graceful_shutdown=math.ceil(2 * limits.seconds)
                + 1,  # as long as a request may take, and a little
            )
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        host, port = self.listener.getsockname()
        serving = {model: version.number for model, version in self.models.current.items()}
        url = f"http://{host}:{port}"
        print(json.dumps({"event": "ready", "url": url, "pid": os.getpid(), "models": serving}), flush=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Loads that wait for another one are not begun any more: who asked for them is told."""
        self.loads.shutdown(wait=False, cancel_futures=True)
        await super().shutdown(sockets)


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    """What a signal does before uvicorn takes over (while models load) and after it."""
    raise SystemExit(0)


def _stop_with_stdin() -> None:
    # Not through sys.stdin: a thread that waits in a buffered read holds its lock, and Python, ending meanwhile, aborts
    with contextlib.suppress(OSError):  # closed from the start: that is its end as well
        os.read(0, 1)
    signal.raise_signal(signal.SIGTERM)
