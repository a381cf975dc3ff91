"""A few clients that ask on and on, each in a thread of its own, and write down what became of every request."""

import http.client
import json
import threading
import time
from collections.abc import Sequence
from typing import Any, NamedTuple, Self


class Seen(NamedTuple):
    """One request: who asked, from when to when (seconds since the clients began), the answer's status and JSON (both
    None where there was no answer), and `which` of the bodies was sent."""

    client: int
    start: float
    end: float
    status: int | None
    fields: Any
    which: int


class Clients:
    """Clients that send the next request when the last one is answered, over a connection that stays open.

        with Clients(server.address, "/v2/models/classifier/infer", bodies) as clients:
            …                       # whatever is to be watched
        clients.seen                # a list of `Seen`, in the order of the answers

    Args:
        address: host and port. bodies: what is sent, in turn, each as bytes.
        number: of clients. pause: seconds before one asks again that got no answer.
    """

    def __init__(self, address: str, path: str, bodies: Sequence[bytes], number: int = 4, pause: float = 0.01) -> None:
        self.address, self.path, self.bodies = address, path, bodies
        self.number, self.pause = number, pause
        self.seen: list[Seen] = []
        self._end = threading.Event()
        self._threads = [threading.Thread(target=self._ask_on, args=(k,), daemon=True) for k in range(number)]

    @property
    def now(self) -> float:
        """Seconds since the clients began."""
        return time.perf_counter() - self._zero

    def _ask_on(self, client: int) -> None:
        connection, which = http.client.HTTPConnection(self.address, timeout=30), client
        while not self._end.is_set():
            start = self.now
            try:
                connection.request("POST", self.path, self.bodies[which % len(self.bodies)])
                response = connection.getresponse()
                status: int | None = response.status
                fields = json.loads(response.read())
            except (OSError, http.client.HTTPException):
                connection.close()  # the next request opens it anew
                status = fields = None
            self.seen.append(Seen(client, start, self.now, status, fields, which % len(self.bodies)))
            if status is None:
                time.sleep(self.pause)
            which += self.number
        connection.close()

    def __enter__(self) -> Self:
        self._zero = time.perf_counter()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join()
