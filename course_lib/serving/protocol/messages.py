"""Requests and answers of the Open Inference Protocol v2, as bytes: the part of the server that HTTP does not touch.

A request is JSON; tensors stand in it as lists. Or they follow it as bytes, one after the other, and the header
`Inference-Header-Content-Length` says where the JSON ends. An answer has the form that the request asks for.
"""

import json
import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, NoReturn, Protocol

from course_lib.serving.protocol.refusal import Refusal, shortened
from course_lib.serving.protocol.signature import Tensor
from course_lib.serving.protocol.tensors import DATATYPES, Array, from_bytes, from_json, to_bytes, to_json
from course_lib.text.words import counted

HEADER = "Inference-Header-Content-Length"
UNSUPPORTED = ("shared_memory_region", "classification")  # extensions of other servers that change an answer's meaning

Json = dict[str, Any]


class Answering(Protocol):
    """What a message is read for, and whose answer is written: a version of a model."""

    model: str
    number: int

    @property
    def accepts(self) -> list[Tensor]: ...

    @property
    def offers(self) -> list[Tensor]: ...

    def infer(
        self, given: dict[str, Array], wanted: Iterable[str], max_elements: int | None = None
    ) -> dict[str, Array]: ...


class Request(NamedTuple):
    """What a client asks: its own id or None, inputs {name: array}, wanted {output's name: as bytes?}."""

    id: str | None
    inputs: dict[str, Array]
    wanted: dict[str, bool]


class Answer(NamedTuple):
    """What goes back."""

    body: bytes
    headers: dict[str, str]


def answer(version: Answering, body: bytes, json_length: str | None = None, max_elements: int | None = None) -> Answer:
    """The whole way of one request: bytes in, `Answer` out. A `Refusal` says what is wrong with it."""
    request = read_request(version, body, json_length, max_elements)
    return write_answer(version, request, version.infer(request.inputs, list(request.wanted), max_elements))


# ---- in


def read_request(
    version: Answering, body: bytes, json_length: str | None = None, max_elements: int | None = None
) -> Request:
    """The request that stands in a body. json_length: the header's text, where there is one."""
    text, raw = split(body, json_length)
    fields = parse(text)
    request_id = fields.get("id")
    if request_id is not None and not isinstance(request_id, str):
        raise Refusal(f"id is {shortened(request_id)}; it must be a text.")
    inputs = read_inputs(version, listed(fields, "inputs"), Bytes(raw), max_elements)
    return Request(request_id, inputs, read_wanted(version, fields))


def split(body: bytes, json_length: str | None) -> tuple[bytes, bytes]:
    """(JSON, bytes after it) of a body."""
    if json_length is None:
        return body, b""
    if not (json_length.isascii() and json_length.isdigit()) or int(json_length[:20]) > len(body):
        raise Refusal(
            f"The header {HEADER} is {shortened(json_length)}; it must be the length of the JSON at the front of the "
            f"body, which has {counted(len(body), 'byte')} in all."
        )
    return body[: int(json_length)], body[int(json_length) :]


def parse(text: bytes) -> Json:
    """The JSON object of a request."""
    if not text:
        raise Refusal('The body is empty. Send JSON: {"inputs": [{"name": …, "shape": …, "datatype": …, "data": …}]}.')
    try:
        fields = json.loads(text.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise Refusal(
            f"The body is not UTF-8 at byte {error.start}. Where tensors follow the JSON as bytes, the header {HEADER} "
            f"must say how long the JSON is."
        ) from error
    except RecursionError as error:
        raise Refusal("The JSON is nested too deeply. Tensors may be given as flat lists.") from error
    except json.JSONDecodeError as error:
        raise Refusal(f"The body is not JSON: {error}. Mend it there.") from error
    except ValueError as error:  # a whole number of thousands of digits
        raise Refusal("The body holds a whole number of thousands of digits. Send what fits a tensor.") from error
    return mapping(fields, "The body")


def _no_constant(name: str) -> NoReturn:
    raise Refusal(f"The body holds {name}, which JSON does not know. Send numbers, or the tensor as bytes.")


class Bytes:
    """What follows the JSON, taken piece by piece in the order of the inputs."""

    def __init__(self, raw: bytes) -> None:
        self.raw, self.at = raw, 0

    def take(self, size: Any, where: str) -> bytes:
        if type(size) is not int or size < 0:
            raise Refusal(f"{where}: binary_data_size is {shortened(size)}; it must be a number of bytes.")
        if size > len(self.raw) - self.at:
            raise Refusal(
                f"{where}: binary_data_size is {shortened(size)}, but only "
                f"{counted(len(self.raw) - self.at, 'byte')} are left behind the JSON. Is the header {HEADER} right?"
            )
        self.at += size
        return self.raw[self.at - size : self.at]

    def check_all_taken(self) -> None:
        if self.at < len(self.raw):
            raise Refusal(
                f"{counted(len(self.raw) - self.at, 'byte')} behind the JSON belong to no input. Each input that is "
                f'sent as bytes needs "parameters": {{"binary_data_size": …}}.'
            )


def read_inputs(version: Answering, entries: Iterable[Any], raw: Bytes, max_elements: int | None) -> dict[str, Array]:
    accepted = {tensor.name: tensor for tensor in version.accepts}
    inputs, elements = {}, 0
    for i, entry in enumerate(entries):
        entry = mapping(entry, f"inputs[{i}]")
        name = field(entry, "name", f"inputs[{i}]")
        if not isinstance(name, str) or name not in accepted:
            takes = "; ".join(map(str, accepted.values()))
            raise Refusal(f"inputs[{i}] is named {shortened(name)}; {version} takes: {takes}. Name one of these.")
        where = f"Input {name!r}"
        if name in inputs:
            raise Refusal(f"{where} is sent twice. Send it once.")
        shape = read_shape(field(entry, "shape", where), where)
        accepted[name].check(read_datatype(field(entry, "datatype", where), where), shape, where)
        elements += math.prod(shape)
        check_elements(elements, max_elements, where)
        inputs[name] = read_tensor(entry, accepted[name].datatype, shape, raw, where)
    raw.check_all_taken()
    return inputs


def check_elements(elements: int, limit: int | None, where: str) -> None:
    if limit and elements > limit:
        raise Refusal(
            f"{where} brings the request to {counted(elements, 'element')}; the limit is {limit:,}. "
            f"Send the rows in several requests.",
            status=413,
        )


def read_tensor(entry: Json, datatype: str, shape: Sequence[int], raw: Bytes, where: str) -> Array:
    options = parameters(entry, where)
    if "binary_data_size" in options:
        if "data" in entry:
            raise Refusal(f"{where} has both data and binary_data_size. Send it once: in the JSON or as bytes.")
        return from_bytes(raw.take(options["binary_data_size"], where), datatype, shape, where)
    if "data" not in entry:
        raise Refusal(f'{where} has no data. Send "data": […], or bytes and "parameters": {{"binary_data_size": …}}.')
    return from_json(entry["data"], datatype, shape, where)


def read_shape(shape: Any, where: str) -> list[int]:
    if not isinstance(shape, list) or any(type(size) is not int or not 0 <= size < 2**63 for size in shape):
        raise Refusal(
            f"{where} has the shape {shortened(shape)}; it must be a list of whole numbers, as [1, 1000], below 2⁶³."
        )
    return shape


def read_datatype(datatype: Any, where: str) -> str:
    if not isinstance(datatype, str) or datatype not in DATATYPES:
        raise Refusal(f"{where} has the datatype {shortened(datatype)}. There are: {', '.join(DATATYPES)}.")
    return datatype


def read_wanted(version: Answering, fields: Json) -> dict[str, bool]:
    """{output: as bytes?}. Without a list of outputs, all of them are wanted."""
    offered = [tensor.name for tensor in version.offers]
    default = boolean(parameters(fields, "The request"), "binary_data_output", False, "The request")
    wanted = {}
    for i, entry in enumerate(listed(fields, "outputs") if "outputs" in fields else ()):
        entry = mapping(entry, f"outputs[{i}]")
        name = field(entry, "name", f"outputs[{i}]")
        if not isinstance(name, str) or name not in offered:
            raise Refusal(f"outputs[{i}] is named {shortened(name)}; {version} gives: {', '.join(offered)}.")
        if name in wanted:
            raise Refusal(f"Output {name!r} is asked for twice. Ask once.")
        where = f"Output {name!r}"
        wanted[name] = boolean(parameters(entry, where), "binary_data", default, where)
    return wanted or dict.fromkeys(offered, default)


def parameters(entry: Json, where: str) -> Json:
    """The parameters of a request, input or output. Unknown ones are ignored, as other servers do."""
    found = mapping(entry.get("parameters", {}), f"{where}: parameters")
    for name in UNSUPPORTED:
        if name in found:
            raise Refusal(f"{where} asks for {name}, which this server does not have. Leave it out.")
    return found


def boolean(options: Json, name: str, default: bool, where: str) -> bool:
    value = options.get(name, default)
    if not isinstance(value, bool):
        raise Refusal(f"{where}: {name} is {shortened(value)}; it must be true or false.")
    return value


def field(entry: Json, name: str, where: str) -> Any:
    if name not in entry:
        raise Refusal(f"{where} has no {name}. Every tensor needs one.")
    return entry[name]


def mapping(value: Any, where: str) -> Json:
    """A JSON object. What it gives as null is as if left out, which is how many clients write what they do not set."""
    if not isinstance(value, dict):
        raise Refusal(f"{where} is {shortened(value)}; it must be a JSON object, {{…}}.")
    return {name: entry for name, entry in value.items() if entry is not None}


def listed(fields: Json, name: str) -> list[Any]:
    value = fields.get(name)
    if not isinstance(value, list) or (name == "inputs" and not value):
        given = f"{name} is {shortened(value)}" if name in fields else f"There are no {name}"
        raise Refusal(f"{given}; it must be a list of JSON objects, one for each tensor.")
    return value


# ---- out


def write_answer(version: Answering, request: Request, outputs: dict[str, Array]) -> Answer:
    """The answer's body and headers: JSON, followed by the bytes of those outputs that were wanted as bytes."""
    datatypes = {tensor.name: tensor.datatype for tensor in version.offers}
    entries, raw = [], []
    for name, array in outputs.items():
        entry: Json = {"name": name, "datatype": datatypes[name], "shape": list(array.shape)}
        if request.wanted[name]:
            raw.append(to_bytes(array, datatypes[name]))
            entry["parameters"] = {"binary_data_size": len(raw[-1])}
        else:
            entry["data"] = to_json(array, datatypes[name], f"Output {name!r}")
        entries.append(entry)
    fields = {"model_name": version.model, "model_version": str(version.number)}
    if request.id is not None:
        fields["id"] = request.id
    text = to_text(fields | {"outputs": entries})
    if not raw:
        return Answer(text, {"Content-Type": "application/json"})
    return Answer(b"".join([text, *raw]), {"Content-Type": "application/octet-stream", HEADER: str(len(text))})


def to_text(fields: Any) -> bytes:
    """JSON as bytes, in UTF-8; in plain ASCII where half a character, which a client had sent, is to go back."""
    try:
        return json.dumps(fields, allow_nan=False, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(fields, allow_nan=False).encode("ascii")
