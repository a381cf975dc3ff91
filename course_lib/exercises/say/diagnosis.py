"""What is wrong with an answer that no declared mistake explains: read off the values.

`diagnose` gets every failing call, because one call can mislead: a result 4 times too large may be too large by the
batch size, by the number of features, or by 4. A pattern between numbers is only said when it holds for all of them;
what one call shows by itself (None, a wrong shape, NaN) is said together with that call.
"""

import collections.abc

import numpy as np

from course_lib.exercises.judge.compare import TOLERANCE, close, is_group, numbers, same
from course_lib.exercises.say.patterns import pattern
from course_lib.exercises.say.words import kind, outline, shape_of, show
from course_lib.text.numbers import significant


class Call:
    """One failing call: the inputs by name, the expected value, the value that came, what was printed."""

    is_part = False  # one result of several

    def __init__(self, inputs, expected, got, printed="", tolerance=TOLERANCE, trial=None):
        self.inputs, self.expected, self.got, self.printed = inputs, expected, got, printed
        self.tolerance, self.trial = tolerance, trial

    def part(self, expected, got):
        """The same call, one of its several results."""
        part = Call(self.inputs, expected, got, "", self.tolerance, self.trial)
        part.is_part = True
        return part

    @property
    def wrong(self):
        return not same(self.expected, self.got, self.tolerance)


def diagnose(calls):
    """(One or two sentences, the call they speak of); (None, the first) when nothing general can be said."""
    several = all(isinstance(c.expected, tuple) for c in calls) or named([c.expected for c in calls])
    for find in (_nothing, _structure) if several else (_nothing, _structure, _shape, _not_finite):
        for call in calls:
            if said := find(call):
                return said, call
    return _parts(calls) if several else (pattern(finite_pairs(calls)), calls[0])


def difference(expected, got, tolerance=TOLERANCE, words="expected {}, yours {}"):
    """Where the two first differ, in numbers: "3 of 8 numbers differ, the first at [1, 0]: expected 2.5, yours 3"."""
    if isinstance(expected, dict) and isinstance(got, dict):
        for key in expected:
            if key in got and not same(expected[key], got[key], tolerance):
                return f"for the key {key!r}, {difference(expected[key], got[key], tolerance, words)}"
    for i, (e, g) in enumerate(results(expected, got) or []):
        if not same(e, g, tolerance):
            where = f"in result {i + 1} of {len(expected)}" if isinstance(expected, tuple) else f"at [{i}]"
            return f"{where}, {difference(e, g, tolerance, words)}"
    e, g = numbers(expected), numbers(got)
    if e is None or g is None or e.shape != g.shape or e.size < 2:
        return words.format(*apart(expected, got))
    wrong = ~close(e, g, tolerance)
    if not wrong.any():
        return "no difference"
    index = tuple(int(i) for i in np.argwhere(wrong)[0])
    here = words.format(*apart(e[index], g[index]))
    return f"{int(wrong.sum())} of {e.size} numbers differ, the first at [{', '.join(map(str, index))}]: {here}"


def apart(e, g, room=120):
    """Both in words, with as many digits as it takes to see that they differ."""
    for digits in (4, 8, 13):
        pair = show(e, digits), show(g, digits)
        if pair[0] != pair[1]:
            break
    return pair if max(map(len, pair)) <= room else (outline(e), outline(g))


def results(expected, got):
    """Several results side by side, [(expected, got), ...]; None when there is one result, or their number differs."""
    if isinstance(expected, dict):
        together = isinstance(got, dict) and expected.keys() == got.keys()
        return [(e, got[key]) for key, e in expected.items()] if together else None
    if isinstance(expected, tuple) or is_group(expected):
        got = list(got) if isinstance(got, np.ndarray) and got.ndim else got
        if isinstance(got, tuple | list) and len(got) == len(expected):
            return list(zip(expected, got))


# --- nothing, or something of another kind --------------------------------------------------------------------------


def _nothing(call):
    if call.got is None and call.expected is not None:
        if call.is_part:
            return f"{_capital(kind(call.expected))} is expected; yours is None."
        if call.printed.strip():
            first, *more = call.printed.strip("\n").splitlines()
            said = first[:60] + "..." * bool(more or first[60:])
            return f"Your function printed {said!r} but returned None. Use `return`: printing shows, return gives."
        return "Your function returned None. Does every path through it end with `return`?"
    if callable(call.got) and not callable(call.expected):
        return f"Your function returned {kind(call.got)} itself. Is a call, with round brackets, missing?"
    if isinstance(call.got, collections.abc.Iterator | collections.abc.MappingView):
        return f"Your function returned {kind(call.got)}. Make a list of it: `list(...)`, or square brackets."


def _structure(call):
    e, g = call.expected, call.got
    if isinstance(e, dict) and isinstance(g, dict) and e.keys() != g.keys():
        missing = ", ".join(repr(k) for k in e if k not in g)
        extra = ", ".join(repr(k) for k in g if k not in e)
        return "The keys differ." + f" Missing: {missing}." * bool(missing) + f" Too many: {extra}." * bool(extra)
    if isinstance(e, tuple):
        if not isinstance(g, tuple | list | np.ndarray) or (isinstance(g, np.ndarray) and g.ndim == 0):
            return f"{len(e)} results are expected, as in `return a, b`; you returned {kind(g)}."
        if len(e) != len(g):
            return f"{len(e)} results are expected; you returned {len(g)}."
    elif isinstance(e, dict | str) or isinstance(g, dict | str) or numbers(e) is not None and numbers(g) is None:
        if not isinstance(g, type(e)):
            return f"{_capital(kind(e))} is expected; you returned {kind(g)}."
    elif is_group(e):
        if not isinstance(g, list | tuple | np.ndarray) or (isinstance(g, np.ndarray) and g.ndim == 0):
            return f"{_capital(kind(e))} is expected; you returned {kind(g)}."
        if len(e) != len(g):
            return f"A list of {len(e)} is expected; yours has {len(g)}."


def _capital(text):
    return text[0].upper() + text[1:]


def named(values):
    """Whether these are the same few results each time, a dict with a name for each."""
    keys = values[0].keys() if isinstance(values[0], dict) else ()
    return 0 < len(keys) < 8 and all(isinstance(v, dict) and v.keys() == keys for v in values)


def result_name(expected, i):
    """What the i-th of several results is called: "Result 2 of 3", or by its key."""
    return f"{list(expected)[i]!r}" if isinstance(expected, dict) else f"Result {i + 1} of {len(expected)}"


def _parts(calls):
    """Of several results: two of them swapped, or one of them wrong, which is then diagnosed by itself."""
    pairs = [results(c.expected, c.got) for c in calls]
    if isinstance(calls[0].expected, tuple) and all(
        len(p) == 2 and same(p[0][0], p[1][1], c.tolerance) and same(p[1][0], p[0][1], c.tolerance)
        for c, p in zip(calls, pairs)
    ):
        return "Both results are right, but swapped: return them in the other order.", calls[0]
    count = len(calls[0].expected)
    parts = [[c.part(*p[i]) for c, p in zip(calls, pairs)] for i in range(count)]
    failing = {i: [c for c in part if c.wrong] for i, part in enumerate(parts)}
    found = {i: diagnose(wrong) for i, wrong in failing.items() if wrong}
    known = len(found) < count or any(text for text, _ in found.values())
    first = calls[0].expected
    texts = [f"{result_name(first, i)}: {text or 'it differs.'}" for i, (text, _) in found.items() if known]
    if len(found) < count and not (texts and texts[-1].endswith("right.")):
        texts.append("The other result is right." if count == 2 else "The other results are right.")
    of = [call for text, call in found.values() if text] + [call for _, call in found.values()]
    return " ".join(texts) or None, of[0]


# --- numbers --------------------------------------------------------------------------------------------------------


def _shape(call):
    e, g = numbers(call.expected), numbers(call.got)
    if e is None or g is None or e.shape == g.shape:
        return None
    has = f"has shape {shape_of(g)}" if g.shape else "is a single number"
    said = f"The result {has}; {shape_of(e) if e.shape else 'a single number'} is expected."
    return f"{said} {_shape_story(e, g, call.tolerance)}".strip()


def _shape_story(e, g, tolerance):
    """How the wrong shape may have come about."""

    def agree(a, b):
        return a.shape == b.shape and bool(np.all(close(a, b, tolerance)))

    if agree(e, g.T):
        return "It is the right answer transposed."
    if g.size == e.size and agree(e, g.reshape(e.shape)):
        if [n for n in g.shape if n > 1] != [n for n in e.shape if n > 1]:
            return "The numbers are right, and in the right order: axes were joined or split."
        which = "in the wrong place" if g.ndim == e.ndim else "too many" if g.ndim > e.ndim else "missing"
        return f"The numbers are right: an axis of length 1 is {which}."
    for axis in range(g.ndim):
        for name in ("sum", "mean", "max"):
            if name == "max" and e.size == 1:
                continue  # one number is easily the largest of several by chance: the last of a growing list is
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


def _not_finite(call):
    e, g = numbers(call.expected), numbers(call.got)
    if e is None or g is None or g.dtype.kind not in "fc" or not (bad := ~np.isfinite(g) & np.isfinite(e)).any():
        return None
    index = tuple(int(i) for i in np.argwhere(bad)[0])
    name = "NaN (not a number)" if np.isnan(g[index]) else "infinite"
    at = f" at [{', '.join(map(str, index))}]" if index else ""
    return (
        f"Your answer is {name}{at}; expected is {significant(e[index])}. "
        "Is there a division by 0, a logarithm of 0, or the exponential of a large number?"
    )


def finite_pairs(calls):
    """(inputs, expected, got) as finite float arrays of equal shapes; [] when one call has something else."""
    pairs = [(c.inputs, numbers(c.expected), numbers(c.got)) for c in calls]
    for _, e, g in pairs:
        if e is None or g is None or not e.size or e.shape != g.shape or "c" in e.dtype.kind + g.dtype.kind:
            return []
        if not (np.isfinite(e).all() and np.isfinite(g).all()):
            return []
    return [(i, e.astype(float), g.astype(float)) for i, e, g in pairs]
