"""Values in words: short, rounded, the same on every machine."""

import collections.abc
import re

import numpy as np

from course_lib.exercises.judge.compare import is_group, numbers
from course_lib.exercises.judge.source import expression_of
from course_lib.text.numbers import significant


def shape_of(value):
    """The shape of an array or of a regular list of numbers; () for a number; None for anything else."""
    array = numbers(value)
    return None if array is None else tuple(int(n) for n in array.shape)


def show(value, digits=4, room=24):
    """A value on one line: numbers rounded, long arrays by shape and first entries."""
    if isinstance(value, dict):
        inside = ", ".join(f"{k!r}: {show(v, digits, room)}" for k, v in list(value.items())[:6])
        return "{" + inside + (", ..." if len(value) > 6 else "") + "}"
    if isinstance(value, tuple | list) and (is_group(value) or numbers(value) is None):
        inside = ", ".join(show(v, digits, room) for v in value[:8]) + (", ..." if len(value) > 8 else "")
        return f"({inside})" if isinstance(value, tuple) else f"[{inside}]"
    array = numbers(value)
    if array is None:
        if callable(value):
            return getattr(value, "__name__", type(value).__name__)
        text = re.sub(r" at 0x[0-9A-Fa-f]+", "", repr(value))  # stored outputs must not change from run to run
        return text if len(text) <= 80 else text[:77] + "..."
    if array.ndim == 0:
        return significant(array[()], digits + 2)
    if array.ndim == 1 and isinstance(value, tuple) and array.size <= room:
        return "(" + ", ".join(significant(v, digits) for v in array) + ("," if array.size == 1 else "") + ")"
    if array.size > room:
        return f"{number_list(array.ravel()[:6], digits)[:-1]}, ...] of shape {tuple(int(n) for n in array.shape)}"
    return number_list(array, digits)


def number_list(array, digits=4, word=significant):
    if array.ndim == 0:
        return word(array[()], digits)
    return "[" + ", ".join(number_list(part, digits, word) for part in array) + "]"


def code(value):
    """A value as source that can be pasted, rounded: "np.array([[1., 2.], [0., 3.]])"."""
    if isinstance(value, np.ndarray) and numbers(value) is not None:
        if value.flags.f_contiguous and not value.flags.c_contiguous:
            return f"{code(value.T)}.T"  # so that the pasted array lies in memory as the given one does
        kept = "" if value.dtype in (bool, int, float) else f", {value.dtype.name!r}"
        return f"np.array({number_list(value, 4, _literal)}{kept})" if value.size else f"np.zeros({value.shape})"
    if isinstance(value, tuple):
        return f"({', '.join(map(code, value))}{',' * (len(value) == 1)})"
    if isinstance(value, list):
        return f"[{', '.join(map(code, value))}]"
    if isinstance(value, np.ufunc):
        return f"np.{value.__name__}"
    if callable(value):
        return expression_of(value)
    return _literal(value, 4) if isinstance(value, float) else repr(value)


def _literal(value, digits):
    """A number that keeps its type: "2." and "np.nan" for floats."""
    text = significant(value, digits)
    if isinstance(value, float | np.floating):
        text = text if np.isfinite(value) else f"np.{text}"
        return f"{text}." if text.lstrip("-").isdigit() else text.replace("np.-", "-np.")
    return text


def outline(value):
    """A large value by its shapes alone: "[((4, 5), (5,)), ((5, 3), (3,))]" for a list of kernels and biases."""
    if isinstance(value, tuple | list) and is_group(value):
        inside = ", ".join(outline(v) for v in value[:6]) + (", ..." if len(value) > 6 else "")
        return f"({inside})" if isinstance(value, tuple) else f"[{inside}]"
    shape = shape_of(value)
    return f"array{shape}" if shape else show(value, room=6)


def kind(value):
    """What sort of thing a value is: "an array of shape (4, 3)", "the number 5", "a tuple of 2"."""
    if value is None:
        return "None"
    if isinstance(value, str):
        return f"the text {show(value)}"
    if isinstance(value, tuple | list):
        shape = shape_of(value)
        word = "tuple" if isinstance(value, tuple) else "list"
        if shape is None and value:
            return f"a {word} of {len(value)} that begins with {kind(value[0])}"
        return f"a {word} of shape {shape}" if shape and len(shape) > 1 else f"a {word} of {len(value)}"
    if isinstance(value, dict):
        return f"a dict with the keys {', '.join(map(repr, list(value)[:6]))}" if value else "an empty dict"
    shape = shape_of(value)
    if shape == ():
        return f"the number {show(value)}"
    if shape is not None:
        return f"an array of shape {shape}"
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if isinstance(value, collections.abc.Iterator | collections.abc.MappingView):
        return f"a {type(value).__name__}, which gives its values one by one"
    if callable(value) and hasattr(value, "__name__"):
        return f"the function {value.__name__}"
    return f"an object of the class {type(value).__name__}"
