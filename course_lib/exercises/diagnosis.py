"""What is wrong with an answer that no declared mistake explains: read off the values.

`diagnose` gets every failing call, because one call can mislead: a result 4 times too large may be too large by the
batch size, by the number of features, or by 4. Only what holds for all of them is said.
"""

import numpy as np

from .compare import close, is_group, numbers, same
from .patterns import pattern
from .words import kind, number, outline, shape_of, show


class Call:
    """One failing call: the inputs by name, the expected value, the value that came, what was printed."""

    def __init__(self, inputs, expected, got, printed=""):
        self.inputs, self.expected, self.got, self.printed = inputs, expected, got, printed


def diagnose(calls, rtol=1e-6, atol=1e-9):
    """One or two sentences that hold for all failing calls; None when nothing general can be said."""
    return (
        _nothing(calls[0])
        or _structure(calls[0])
        or _parts(calls, rtol, atol)
        or _shape(calls, rtol, atol)
        or _not_finite(calls)
        or pattern(finite_pairs(calls))
    )


def difference(expected, got, rtol=1e-6, atol=1e-9, words="expected {}, yours {}"):
    """Where the two first differ, in numbers: "3 of 8 numbers differ, the first at [1, 0]: expected 2.5, yours 3"."""
    if isinstance(expected, dict) and isinstance(got, dict):
        for key in expected:
            if key in got and not same(expected[key], got[key], rtol, atol):
                return f"for the key {key!r}, {difference(expected[key], got[key], rtol, atol, words)}"
    for i, (e, g) in enumerate(results(expected, got) or []):
        if not same(e, g, rtol, atol):
            return f"in result {i + 1} of {len(expected)}, {difference(e, g, rtol, atol, words)}"
    e, g = numbers(expected), numbers(got)
    if e is None or g is None or e.shape != g.shape or e.size < 2:
        return words.format(*_apart(expected, got))
    wrong = ~close(e, g, rtol, atol)
    if not wrong.any():
        return "no difference"
    index = tuple(int(i) for i in np.argwhere(wrong)[0])
    here = words.format(*_apart(e[index], g[index]))
    return f"{int(wrong.sum())} of {e.size} numbers differ, the first at [{', '.join(map(str, index))}]: {here}"


def _apart(e, g):
    """Both in words, with as many digits as it takes to see that they differ."""
    for digits in (4, 8, 13):
        pair = show(e, digits), show(g, digits)
        if pair[0] != pair[1]:
            break
    return pair if max(map(len, pair)) <= 120 else (outline(e), outline(g))


def results(expected, got):
    """Several results side by side, [(expected, got), ...]; None when there is one result, or their number differs."""
    if isinstance(expected, tuple) or is_group(expected):
        got = list(got) if isinstance(got, np.ndarray) and got.ndim else got
        if isinstance(got, tuple | list) and len(got) == len(expected):
            return list(zip(expected, got))


# --- nothing, or something of another kind --------------------------------------------------------------------------


def _nothing(call):
    if call.got is None and call.expected is not None:
        if call.printed.strip():
            said = call.printed.strip().splitlines()[-1]
            return f"Your function printed {said[:60]!r} but returned None. Use `return`: printing shows, return gives."
        return "Your function returned None. Does every path through it end with `return`?"
    if callable(call.got) and not callable(call.expected):
        return f"Your function returned {kind(call.got)} itself. Is a call, with round brackets, missing?"


def _structure(call):
    e, g = call.expected, call.got
    if isinstance(e, dict) and isinstance(g, dict) and e.keys() != g.keys():
        missing = ", ".join(repr(k) for k in e if k not in g)
        extra = ", ".join(repr(k) for k in g if k not in e)
        return (
            "The keys differ."
            + (f" Missing: {missing}." if missing else "")
            + (f" Too many: {extra}." if extra else "")
        )
    if isinstance(e, tuple):
        if not isinstance(g, tuple | list | np.ndarray) or (isinstance(g, np.ndarray) and g.ndim == 0):
            return f"{len(e)} results are expected, as in `return a, b`; you returned {kind(g)}."
        if len(e) != len(g):
            return f"{len(e)} results are expected; you returned {len(g)}."
    elif isinstance(e, dict | str) or isinstance(g, dict | str) or numbers(e) is not None and numbers(g) is None:
        if not isinstance(g, type(e)):
            return f"{_capital(kind(e))} is expected; you returned {kind(g)}."


def _capital(text):
    return text[0].upper() + text[1:]


def _parts(calls, rtol, atol):
    """Of several results: two of them swapped, or one of them wrong, which is then diagnosed by itself."""
    pairs = [results(c.expected, c.got) for c in calls]
    if not isinstance(calls[0].expected, tuple) or not all(pairs):
        return None
    if all(len(p) == 2 and same(p[0][0], p[1][1], rtol, atol) and same(p[1][0], p[0][1], rtol, atol) for p in pairs):
        return "Both results are right, but swapped: return them in the other order."
    count = len(calls[0].expected)
    failing = {
        i: [Call(c.inputs, *p[i]) for c, p in zip(calls, pairs) if i < len(p) and not same(*p[i], rtol, atol)]
        for i in range(count)
    }
    failing = {i: parts for i, parts in failing.items() if parts}
    said = []
    for i, parts in failing.items():
        inner = diagnose(parts, rtol, atol) or _capital(difference(parts[0].expected, parts[0].got, rtol, atol)) + "."
        said.append(f"Result {i + 1} of {count}: {inner}")
    if len(failing) < count:
        said.append("The other result is right." if count == 2 else "The other results are right.")
    return " ".join(said)


# --- numbers --------------------------------------------------------------------------------------------------------


def _pairs(calls):
    """(inputs, expected, got) with both as arrays, for the calls where both are numbers."""
    found = [(c.inputs, numbers(c.expected), numbers(c.got)) for c in calls]
    return [(i, e, g) for i, e, g in found if e is not None and g is not None]


def _shape(calls, rtol, atol):
    for _, e, g in _pairs(calls):
        if e.shape != g.shape:
            has = f"has shape {shape_of(g)}" if g.shape else "is a single number"
            said = f"The result {has}; {shape_of(e) if e.shape else 'a single number'} is expected."
            return f"{said} {_shape_story(e, g, rtol, atol)}".strip()


def _shape_story(e, g, rtol, atol):
    """How the wrong shape may have come about."""

    def agree(a, b):
        return a.shape == b.shape and bool(np.all(close(a, b, rtol, atol)))

    if agree(e, g.T):
        return "It is the right answer transposed."
    if g.size == e.size and agree(e, g.reshape(e.shape)):
        return "The numbers are right: an axis of length 1 is too many or too few."
    for axis in range(g.ndim):
        for name in ("sum", "mean", "max"):
            if g.size and agree(e, np.asarray(getattr(g, name)(axis=axis))):
                return f"A {name} over axis {axis} is missing."
    for axis in range(e.ndim):
        for name in ("sum", "mean"):
            if agree(np.asarray(getattr(e, name)(axis=axis)), g):
                return f"There is a {name} over axis {axis} too many."
    if e.ndim == 1 and g.shape == (e.size, e.size):
        return f"A column ({e.size}, 1) met a row ({e.size},), and broadcasting made a table of all pairs."
    if e.ndim == g.ndim:
        axis = next(k for k in range(e.ndim) if e.shape[k] != g.shape[k])
        return f"Axis {axis} should have length {e.shape[axis]}."
    return ""


def _not_finite(calls):
    for _, e, g in _pairs(calls):
        if g.dtype.kind in "fc" and e.shape == g.shape and (bad := ~np.isfinite(g) & np.isfinite(e)).any():
            index = tuple(int(i) for i in np.argwhere(bad)[0])
            name = "NaN (not a number)" if np.isnan(g[index]) else "infinite"
            at = f" at [{', '.join(map(str, index))}]" if index else ""
            return (
                f"Your answer is {name}{at}; expected is {number(e[index])}. "
                "Is there a division by 0, a logarithm of 0, or the exponential of a large number?"
            )


def finite_pairs(calls):
    """(inputs, expected, got) as finite float arrays of equal shapes; [] when one call has something else."""
    pairs = [
        (i, e, g)
        for i, e, g in _pairs(calls)
        if e.size and e.shape == g.shape and "c" not in e.dtype.kind + g.dtype.kind
    ]
    if len(pairs) < len(calls) or not all(np.isfinite(e).all() and np.isfinite(g).all() for _, e, g in pairs):
        return []
    return [(i, e.astype(float), g.astype(float)) for i, e, g in pairs]
