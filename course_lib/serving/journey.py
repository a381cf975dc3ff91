"""The way of a request through the server, station by station: where does it end, and with which status?

A station is a part of the server's own code. Where a request is refused, the traceback of the `Refusal` tells which
part refused it; nothing is checked a second time here.
"""

import traceback
from collections.abc import Iterable
from http import HTTPStatus
from typing import NamedTuple

from course_lib.serving.models.manager import ModelManager
from course_lib.serving.protocol import messages as protocol
from course_lib.serving.protocol.limits import DEFAULT, Limits
from course_lib.serving.protocol.refusal import Refusal


class Station(NamedTuple):
    """A part of the way: what it asks of a request, and the functions that ask it."""

    name: str
    asks: str
    functions: tuple[str, ...]


STATIONS = (
    Station("address", "Is this model loaded, in this version?", ("lease",)),
    Station("JSON", "Is the body a JSON object?", ("split", "parse")),
    Station("fields", "Is each tensor there, by name?", ("listed", "field", "mapping")),
    Station("signature", "Do datatype and shape fit the model?", ("read_shape", "read_datatype", "check")),
    Station("data", "Do the numbers fill the shape?", ("check_elements", "read_tensor")),
    Station("outputs", "Does the model give what is wanted?", ("read_wanted",)),
    Station("model", "Can it be computed?", ("infer",)),
    Station("answer", "Can JSON say the result?", ("write_answer",)),
)
FIELDS = 2  # what a request itself refuses, outside of these functions, is about its fields


class Journey(NamedTuple):
    """Where a request ended: the number of the station that refused it (`len(STATIONS)` for none), the status, the
    `protocol.Answer`, and the module and function that refused it ("" for none)."""

    station: int
    status: int
    answer: protocol.Answer
    function: str


def journey(models: ModelManager, model: str, number: str | None, body: bytes, limits: Limits = DEFAULT) -> Journey:
    """The `Journey` of a body (bytes) that is sent to a model; `number` is the version in the address, or None."""
    try:
        with models.lease(model, number) as lease:
            answer = protocol.answer(lease.version, body, max_elements=limits.elements)
    except Refusal as refusal:
        frames = [frame for frame, _ in traceback.walk_tb(refusal.__traceback__)]
        names = [frame.f_code.co_name for frame in frames]
        module = frames[-1].f_globals["__name__"].rpartition(".")[2]
        said = protocol.to_text({"error": refusal.message})
        answer = protocol.Answer(said, {"Content-Type": "application/json"})
        return Journey(_station(names), refusal.status, answer, f"{module}.{names[-1]}")
    return Journey(len(STATIONS), 200, answer, "")


def _station(names: Iterable[str]) -> int:
    """The station of the outermost function that belongs to one."""
    for name in names:
        for number, station in enumerate(STATIONS):
            if name in station.functions:
                return number
    return FIELDS


def as_text(found: Journey) -> str:
    """An answer as it travels: status line, headers, an empty line, the body; bytes behind its JSON as hex."""
    body, headers = found.answer
    at = int(headers.get(protocol.HEADER, len(body)))
    lines = [f"{name.lower()}: {value}" for name, value in {**headers, "Content-Length": len(body)}.items()]
    text = body[:at].decode() + (f"\n{body[at:].hex(' ')}" if body[at:] else "")
    return "\n".join([f"HTTP/1.1 {found.status} {HTTPStatus(found.status).phrase}", *lines, "", text])
