"""What is written on the wire is what is read from it."""

import numpy as np
import pytest

from course_lib.serving.protocol.refusal import Refusal
from course_lib.serving.protocol.tensors import DATATYPES, flatten, from_bytes, from_json, text_array, to_bytes, to_json

EXTREMES = {
    "BOOL": [True, False],
    "BYTES": [b"", "字 \N{GRINNING FACE}\0".encode()],
    **{f"FP{bits}": [0.1, float(np.finfo(f"f{bits // 8}").max)] for bits in (16, 32, 64)},
    **{f"{kind}INT{bits}": [int(limit) for limit in (info.min, info.max)]
       for kind, code in (("", "i"), ("U", "u")) for bits in (8, 16, 32, 64)
       for info in [np.iinfo(f"{code}{bits // 8}")]},
}  # fmt: skip


def tensor(datatype):
    values = EXTREMES[datatype] * 3
    return text_array(values, (2, 3)) if datatype == "BYTES" else np.array(values, DATATYPES[datatype]).reshape(2, 3)


def test_every_datatype_has_its_extremes():
    assert set(EXTREMES) == set(DATATYPES)


@pytest.mark.parametrize("datatype", DATATYPES)
def test_json_gives_back_what_was_written(datatype):
    array = tensor(datatype)
    back = from_json(to_json(array, datatype, "x"), datatype, [2, 3], "x")
    assert back.dtype == array.dtype and (back == array).all()


@pytest.mark.parametrize("datatype", DATATYPES)
def test_bytes_give_back_what_was_written(datatype):
    array = tensor(datatype)
    back = from_bytes(to_bytes(array, datatype), datatype, [2, 3], "x")
    assert back.dtype == array.dtype and (back == array).all()


def test_nested_data_is_the_same_as_flat():
    assert (
        flatten([[1, 2, 3], [4, 5, 6]], [2, 3], "x") == flatten([1, 2, 3, 4, 5, 6], [2, 3], "x") == [1, 2, 3, 4, 5, 6]
    )


@pytest.mark.parametrize(
    ("data", "datatype", "said"),
    [
        ([1, 2], "FP32", "data holds 2 elements; shape [1, 3] needs 3"),
        ([[1, 2]], "FP32", "not every list on level 1 holds 3 entries"),
        ([[1, 2, 3], 4], "FP32", "not every list on level 0 holds 1 entry"),
        ([1, 2, "a"], "FP32", "element 2 of data is 'a'; FP32 takes numbers"),
        ([1, 2, True], "FP32", "element 2 of data is true; FP32 takes numbers"),
        ([1, 2, None], "FP32", "element 2 of data is null"),
        ([1, 2, 1.5], "INT32", "element 2 of data is 1.5; INT32 takes whole numbers"),
        ([1, 2, 300], "UINT8", "UINT8 cannot hold"),
        ([1, 2, -1], "UINT8", "UINT8 cannot hold"),
        ([0, 1, 1], "BOOL", "BOOL takes true and false"),
        ([1, 2, 1e39], "FP32", "element 2 of data is 1e+39, too large for FP32"),
        ([1, 2, 10**400], "FP32", "FP32 cannot hold"),
        (["a", "b", 3], "BYTES", "BYTES takes texts"),
        (["a", "b", "\ud83d"], "BYTES", "half a character"),
        ("abc", "BYTES", "data is 'abc'; it must be a list"),
    ],
)
def test_json_that_does_not_fit_is_refused_by_name(data, datatype, said):
    with pytest.raises(Refusal) as refused:
        from_json(data, datatype, [1, 3], "Input 'x'")
    assert said in refused.value.message and refused.value.message.startswith("Input 'x'")
    assert refused.value.status == 400


@pytest.mark.parametrize(
    ("raw", "datatype", "said"),
    [
        (b"\0" * 11, "FP32", "brings 11 bytes; shape [1, 3] in FP32 needs 12"),
        (b"\0\1\2", "BOOL", "a BOOL is a byte 0 or 1"),
        (b"\1\0\0\0a" * 2, "BYTES", "brings 2 texts; its shape says 3"),
        (b"\1\0\0\0a" * 2 + b"\2\0\0\0a", "BYTES", "text 2 goes beyond the bytes"),
        (b"\1\0\0\0a" * 3 + b"\0", "BYTES", "text 3 goes beyond the bytes"),
    ],
)
def test_bytes_that_do_not_fit_are_refused_by_name(raw, datatype, said):
    with pytest.raises(Refusal) as refused:
        from_bytes(raw, datatype, [1, 3], "Input 'x'")
    assert said in refused.value.message and refused.value.status == 400


def test_json_cannot_say_infinity_and_points_to_bytes():
    with pytest.raises(Refusal, match="binary_data"):
        to_json(np.array([1, np.inf], "f4"), "FP32", "Output 'y'")
