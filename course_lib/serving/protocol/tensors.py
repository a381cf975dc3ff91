"""Tensors on the wire: as JSON numbers, and as bytes. Each writes what the other end reads back, element for element.

Bytes are little-endian and row after row. A text (BYTES) is its length in four bytes, then itself in UTF-8.
Source: Open Inference Protocol v2, section "Tensor Data", and its binary tensor data extension.
"""

import math
import struct
from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_lib.serving.protocol.refusal import Refusal, shortened
from course_lib.text.words import counted

Array = NDArray[Any]  # of numbers, or of texts (as bytes)

DATATYPES = {
    "BOOL": "?",
    "UINT8": "<u1", "UINT16": "<u2", "UINT32": "<u4", "UINT64": "<u8",
    "INT8": "<i1", "INT16": "<i2", "INT32": "<i4", "INT64": "<i8",
    "FP16": "<f2", "FP32": "<f4", "FP64": "<f8",
    "BYTES": "O",
}  # fmt: skip


def json_types(datatype: str) -> tuple[set[type], str]:
    """The Python types that JSON elements of a datatype may have, and their name in a message."""
    if datatype == "BYTES":
        return {str}, "texts"
    if datatype == "BOOL":
        return {bool}, "true and false"
    return ({int, float}, "numbers") if datatype.startswith("FP") else ({int}, "whole numbers")


# ---- JSON


def from_json(data: Any, datatype: str, shape: Sequence[int], where: str) -> Array:
    """The array that a JSON list stands for. It is flat, or nested as `shape` says."""
    flat = flatten(data, shape, where)
    types, name = json_types(datatype)
    if not set(map(type, flat)) <= types:
        i, wrong = next((i, value) for i, value in enumerate(flat) if type(value) not in types)
        raise Refusal(f"{where}: element {i} of data is {shortened(wrong)}; {datatype} takes {name}.")
    if datatype == "BYTES":
        return text_array([encode(text, f"{where}: element {i} of data") for i, text in enumerate(flat)], shape)
    try:
        with np.errstate(over="ignore"):  # what overflows is named below
            array = np.array(flat, DATATYPES[datatype])
    except OverflowError as error:
        raise Refusal(f"{where}: data holds a number that {datatype} cannot hold ({error}).") from error
    if datatype.startswith("FP") and not np.isfinite(array).all():
        i = int(np.flatnonzero(~np.isfinite(array))[0])
        raise Refusal(f"{where}: element {i} of data is {shortened(flat[i])}, too large for {datatype}.")
    return array.reshape(shape)


def flatten(data: Any, shape: Sequence[int], where: str) -> list[Any]:
    """The elements of a flat or nested list, row after row; their number must be what `shape` says."""
    if not isinstance(data, list):
        raise Refusal(f"{where}: data is {shortened(data)}; it must be a list of the elements, row after row.")
    rows = data
    if data and isinstance(data[0], list):
        rows = [data]
        for axis, size in enumerate(shape):
            if not all(isinstance(row, list) and len(row) == size for row in rows):
                raise Refusal(
                    f"{where}: nested data does not have the shape {list(shape)} that is given beside it: "
                    f"not every list on level {axis} holds {counted(size, 'entry')}."
                )
            rows = list(chain.from_iterable(rows))
    if len(rows) != math.prod(shape):
        raise Refusal(
            f"{where}: data holds {counted(len(rows), 'element')}; shape {list(shape)} needs {math.prod(shape):,}. "
            f"Mend the shape or the data."
        )
    return rows


def to_json(array: Array, datatype: str, where: str) -> list[Any]:
    """The flat list of an array's elements. JSON knows neither NaN nor infinity, and text must be UTF-8."""
    if datatype == "BYTES":
        return [text.decode("utf-8") for text in array.ravel()]
    if datatype.startswith("FP") and not np.isfinite(array).all():
        raise Refusal(
            f"{where} holds NaN or infinity, which JSON cannot say. The numbers sent in are probably too large. "
            f'To see it all the same, ask for it as bytes: "parameters": {{"binary_data": true}}.'
        )
    return array.ravel().tolist()


# ---- bytes


def from_bytes(raw: bytes, datatype: str, shape: Sequence[int], where: str) -> Array:
    """The array that bytes stand for."""
    count = math.prod(shape)
    if datatype == "BYTES":
        return text_array(split_texts(raw, count, where), shape)
    size = np.dtype(DATATYPES[datatype]).itemsize
    if len(raw) != count * size:
        raise Refusal(
            f"{where} brings {counted(len(raw), 'byte')}; shape {list(shape)} in {datatype} needs {count * size:,}."
        )
    if datatype == "BOOL" and raw.strip(b"\0\1"):
        raise Refusal(f"{where}: a BOOL is a byte 0 or 1; another one was sent.")
    return np.frombuffer(raw, DATATYPES[datatype]).reshape(shape)


def split_texts(raw: bytes, count: int, where: str) -> list[bytes]:
    """The texts that stand in `raw`, each behind its length in four bytes."""
    texts: list[bytes] = []
    at = 0
    while at < len(raw):
        (length,) = struct.unpack_from("<I", raw, at) if at + 4 <= len(raw) else (len(raw),)
        at += 4 + length
        if at > len(raw):
            raise Refusal(f"{where}: text {len(texts)} goes beyond the bytes sent. Each needs its length before it.")
        texts.append(raw[at - length : at])
    if len(texts) != count:
        raise Refusal(f"{where} brings {counted(len(texts), 'text')}; its shape says {count:,}.")
    return texts


def to_bytes(array: Array, datatype: str) -> bytes:
    if datatype == "BYTES":
        return b"".join(struct.pack("<I", len(text)) + text for text in array.ravel())
    return np.ascontiguousarray(array, DATATYPES[datatype]).tobytes()


def text_array(texts: Sequence[bytes], shape: Sequence[int]) -> Array:
    """Texts (as bytes) in an array of objects: NumPy's own text types would cut trailing zeros."""
    array = np.empty(len(texts), "O")
    array[:] = texts
    return array.reshape(shape)


def encode(text: str, where: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Refusal(f"{where} is {shortened(text)}, which holds half a character. Send whole ones.") from error
