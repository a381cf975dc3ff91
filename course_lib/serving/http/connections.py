"""What a server must bear around a request: bytes that are none, half ones, too many at once, answers nobody reads.

Each connection is an open file, and a process may have only so many. So a connection has a limit of time for the head
of a request and for an answer of which nothing more is taken, and there is a limit of connections; who is turned away
gets the protocol's error body.
"""

import asyncio
import contextlib
import logging

import h11
from starlette.datastructures import State
from uvicorn.protocols.http.h11_impl import H11Protocol

from course_lib.serving.protocol.messages import to_text

MOST_FILES = 8192  # asked of the system, which often allows 256 or 1,024 unless it is asked
OWN_FILES = 48  # for what is no connection: libraries, the log, the files of a version that is loaded
BACKLOG = 128  # connections that wait to be taken


def raise_file_limit() -> int:
    """As many open files as the system allows; returns how many connections that leaves room for."""
    try:
        import resource
    except ImportError:  # Windows, where sockets are no files
        return MOST_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < most:
        with contextlib.suppress(OSError, ValueError):  # some systems allow less than they say
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
            soft = most
    return max(8, min(soft if soft > 0 else most, most) - OWN_FILES)


class QuieterAsyncio(logging.Filter):
    """Of asyncio, which says many times a second that no file is left: once is enough, without its traceback.

    It tries again a second later, even where the server has ended meanwhile, and tells of that too: nobody needs it.
    """

    said = False

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if message.startswith("Exception in callback BaseSelectorEventLoop._start_serving("):
            return False
        if not message.startswith("socket.accept() out of system resource"):
            return True
        first, self.said = not self.said, True
        record.exc_info = None
        return first


class Connection(H11Protocol):
    """uvicorn's connection, with limits around the request. Its app's state holds them, `limits` and `connections`."""

    late: asyncio.TimerHandle | None = None  # runs while the head of a request is waited for
    unread: asyncio.TimerHandle | None = None  # runs while an answer waits to be read

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.state: State = self.config.app.state  # type: ignore[union-attr]
        self.one_too_many = len(self.connections) > self.state.connections
        self._watch_head()

    def data_received(self, data: bytes) -> None:
        if self.one_too_many:
            self.turn_away(503, "Too many connections are open. Try again later, or send several requests on one.")
            return
        super().data_received(data)
        self._watch_head()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._end_watch()
        self._end_wait()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._wait_for_reader()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._end_wait()

    def send_400_response(self, msg: str) -> None:
        self.turn_away(400, "What was sent is no HTTP/1.1 request. Look at its first line and its headers.")

    def turn_away(self, status: int, why: str) -> None:
        """Answer what is no request, or none yet, and hang up."""
        self._end_watch()
        if self.transport.is_closing():
            return
        body = to_text({"error": why})
        headers = [("content-type", "application/json"), ("content-length", str(len(body))), ("connection", "close")]
        for event in (h11.Response(status_code=status, headers=headers), h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _watch_head(self) -> None:
        """The time runs from the connection's start, later from a head's first byte, to its last."""
        waits = self.conn.their_state is h11.IDLE and self.timeout_keep_alive_task is None
        if not waits or self.transport.is_closing():
            self._end_watch()
        elif self.late is None:
            seconds = self.state.limits.seconds
            why = f"No whole head of a request arrived within {seconds:g} s. Send it at once."
            self.late = self.loop.call_later(seconds, self.turn_away, 408, why)

    def _end_watch(self) -> None:
        if self.late is not None:
            self.late.cancel()
            self.late = None

    def _wait_for_reader(self, before: int = -1) -> None:
        """Hang up once nothing of the answer was taken for the limit of time; a slow reader takes some."""
        unsent = self.transport.get_write_buffer_size()
        if unsent == before:
            self.transport.abort()
        else:
            self.unread = self.loop.call_later(self.state.limits.seconds, self._wait_for_reader, unsent)

    def _end_wait(self) -> None:
        if self.unread is not None:
            self.unread.cancel()
            self.unread = None
