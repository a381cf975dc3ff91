"""Are two answers the same? Arrays, numbers, text, and any nesting of tuples, lists and dicts of them.

Numbers agree within `tolerance` times the largest expected one. The usual 1e-5 lets float32 arithmetic pass, whatever
the dtype of the result: some 80 rounding steps (Higham, *Accuracy and Stability of Numerical Algorithms*, ch. 3: errors
grow with the length of a sum). Whole numbers agree exactly, and 9.0 is one. NaN equals NaN, a list equals an array of
the same numbers, a tensor its `.numpy()`.
"""

import numbers as kinds
import types
from typing import Any

import numpy as np

TOLERANCE = 1e-5
Array = np.ndarray[Any, Any]


def plain(value: Any) -> Any:
    """Tensors as arrays, ranges and arrays of text as lists, all the way down."""
    if isinstance(value, tuple):
        return tuple(plain(v) for v in value)
    if isinstance(value, list | range):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, np.ndarray) and value.dtype.kind == "U":
        return value.tolist()
    if hasattr(value, "detach") and callable(value.detach):
        value = value.detach()
    if hasattr(value, "numpy") and callable(value.numpy):
        return np.asarray(value.numpy())
    return value


def numbers(value: Any) -> Array | None:
    """The value as a numeric array, or None when it is something else (text, None, a ragged list, an object)."""
    if isinstance(value, np.ndarray | np.generic | kinds.Number | list | tuple) and not _too_deep(value):
        try:
            array = np.asarray(value)
            if array.dtype == object:  # whole numbers beyond 64 bits, fractions
                array = array.astype("float64") if all(isinstance(v, kinds.Real) for v in array.flat) else array
        except (ValueError, TypeError, OverflowError):
            return None
        if array.dtype.kind in "biufc":
            return array
    return None


def _too_deep(value: Any, levels: int = 16) -> bool:
    """Whether lists lie in lists for more than so many levels, as in a list that holds itself; on such a one NumPy
    would work until the memory is full."""
    return isinstance(value, list | tuple) and (levels == 0 or any(_too_deep(v, levels - 1) for v in value))


def is_group(value: Any) -> bool:
    """Whether a tuple or list is a group of answers, each judged by itself, and not one row of numbers."""
    return isinstance(value, tuple | list) and any(not np.isscalar(v) or isinstance(v, str) for v in value)


def same(expected: Any, got: Any, tolerance: float = TOLERANCE) -> bool:
    """Whether `got` is as good as `expected`; never raises."""
    if expected is got:
        return True
    if isinstance(expected, dict):
        return (
            isinstance(got, dict)
            and expected.keys() == got.keys()
            and all(same(v, got[k], tolerance) for k, v in expected.items())
        )
    if is_group(expected):
        if isinstance(got, np.ndarray) and got.ndim:
            got = list(got)
        return (
            isinstance(got, tuple | list)
            and len(got) == len(expected)
            and all(same(e, g, tolerance) for e, g in zip(expected, got))
        )
    e = numbers(expected)
    if e is None:
        return _equal(expected, got)
    g = numbers(got)
    return g is not None and e.shape == g.shape and bool(np.all(close(e, g, tolerance)))


def close(e: Array, g: Array, tolerance: float = TOLERANCE) -> Array:
    """Element by element, for two numeric arrays of one shape."""
    if e.dtype.kind in "biu":
        allowed = 1e-9
    else:  # 1e-12: the noise of sums that should be 0
        allowed = max(1e-12, tolerance * float(np.abs(e[np.isfinite(e)]).max(initial=0.0)))
    with np.errstate(all="ignore"):
        apart = np.abs(g.astype(np.result_type(g.dtype, np.float64)) - e)
        alike: Array = (e == g) | (np.isnan(e) & np.isnan(g)) | (apart <= (allowed if tolerance else 0))
    return alike


def _equal(a: Any, b: Any) -> bool:
    try:
        if isinstance(a, types.MethodType | types.BuiltinMethodType) and type(a) is type(b):
            return a.__name__ == b.__name__ and same(a.__self__, b.__self__)  # `hits.mean`, without brackets
        return bool(a == b) or (type(a) is type(b) and not _comparable(a))
    except Exception:  # an object whose == raises is not an answer that can be compared
        return False


def _comparable(value: Any) -> bool:
    """False for objects that know no equality of their own (a random generator): two copies are then taken as one."""
    kind: Any = type(value)
    return bool(kind.__eq__ is not object.__eq__)
