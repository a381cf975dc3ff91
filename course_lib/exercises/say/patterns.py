"""Patterns between right and wrong numbers of one shape: a factor, a missing term, a sign, an order.

Each function gets `pairs`, one (inputs, expected, got) for every failing call, and says what holds for all of them.
"""

import itertools

import numpy as np

from course_lib.exercises.judge.compare import close, numbers
from course_lib.exercises.say.words import shape_of
from course_lib.text.numbers import significant
from course_lib.text.words import counted

_CONSTANTS = {
    100: "Is it a percentage where a fraction is asked for?",
    0.01: "Is it a fraction where a percentage is asked for?",
    1 / np.log(2): "That is 1/ln 2: the natural logarithm (np.log) is meant, not base 2.",
    1 / np.log(10): "That is 1/ln 10: the natural logarithm (np.log) is meant, not base 10.",
}


def pattern(pairs):
    """One sentence, or None. Two numbers fit many a pattern by chance, so most of them need three."""
    several = (_sign, _digits, _always, _factor, _missing_term, _clipped, _shift, _order)
    finders = (_overflow, *several) if sum(e.size for _, e, _ in pairs) >= 3 else (_overflow,)
    return next((said for find in finders if pairs and (said := find(pairs))), None)


def _fits(pairs, change, tolerance=1e-5):
    """Whether `change(inputs, expected, got)` is 0 everywhere, up to rounding."""
    return all(np.all(np.abs(change(i, e, g)) <= tolerance * max(1e-9, np.abs(e).max())) for i, e, g in pairs)


def _overflow(pairs):
    """Integers that ran over the edge of their type differ by whole multiples of its range."""
    for bits in (32, 16, 8):
        if all(
            np.all((e == np.round(e)) & ((g - e) % 2**bits == 0)) and np.abs(g).max() < 2**bits for _, e, g in pairs
        ):
            return f"Your whole numbers ran over the edge of {bits} bits and began anew. Which dtype holds larger ones?"


def _sign(pairs):
    if all(e.ndim == 2 and e.shape[0] == e.shape[1] for _, e, _ in pairs) and _fits(pairs, lambda i, e, g: g.T - e):
        return "The result is the right answer transposed."
    if _fits(pairs, lambda i, e, g: g + e):
        return "Each number has the wrong sign."


def _digits(pairs):
    values = np.unique(np.concatenate([g.ravel() for _, _, g in pairs]))
    if not values.any():
        return "Everything you return is 0."
    if len(values) < 3 and all(g.size == 1 for _, _, g in pairs):
        return None  # yes or no, which looks like rounding
    if _fits(pairs, lambda i, e, g: np.trunc(e) - g):
        return "Your numbers are cut to whole ones. Does an integer array, `//` or `int()` swallow the fractions?"
    for decimals in range(5):
        if all(np.allclose(np.round(e, decimals), g, rtol=1e-9, atol=1e-12) for _, e, g in pairs):
            return f"Your numbers are rounded to {counted(decimals, 'decimal')}. Return them as they are."


def _always(pairs):
    """One number wherever it fails: a factor or a difference would mean nothing."""
    if len(pairs) < 3 or any(e.size != 1 for _, e, _ in pairs) or len({float(g.item()) for _, _, g in pairs}) > 1:
        return None
    said = f"Your answer is {significant(pairs[0][2].item())} in all {len(pairs)} cases that fail"
    if len({float(e.item()) for _, e, _ in pairs}) > 1:
        return f"{said}. On what should it depend?"
    return f"{said}, where {significant(pairs[0][1].item())} is expected. What do these cases have in common?"


# --- a constant factor ----------------------------------------------------------------------------------------------


def _factor(pairs):
    """A constant factor, and what it equals in every call: an axis of an input, a number among the inputs."""
    factors = [_ratio(e, g) for _, e, g in pairs]
    if any(f is None or abs(f - 1) < 1e-4 for f in factors):
        return None
    sizes = [_sizes(inputs) for inputs, _, _ in pairs]
    for name in sizes[0]:
        values = [float(s.get(name, 0)) for s in sizes]
        if not all(values) or (len(set(values)) == 1 and len(pairs) > 1):
            continue  # a size that stays the same while the factor might be any constant explains nothing
        said = ", then ".join(significant(v) for v in dict.fromkeys(values))
        if np.allclose(factors, values, rtol=1e-4):
            return f"Your answer is too large by exactly {name} ({said}): one division too few?"
        if np.allclose(factors, 1 / np.array(values), rtol=1e-4):
            return f"Your answer is too small by exactly {name} ({said}): one division too many?"
    factor = factors[0]
    if np.ptp(factors) <= 1e-4 * abs(factor):
        for constant, meaning in _CONSTANTS.items():
            if abs(factor / constant - 1) < 1e-4:
                return f"Your answer is {significant(factor)} times what is expected. {meaning}"
        if 0 < factor < 1:
            needed = significant(1 / factor, 4)
            return f"Your answer is too small by a constant factor: {needed} times it would be right."
        return f"Your answer is {significant(factor, 4)} times what is expected, {_where(pairs)}."


def _where(pairs):
    """Single numbers are only looked at where they are wrong; others may be right."""
    return "everywhere" if any(e.size > 1 for _, e, _ in pairs) else "in each failing case"


def _ratio(e, g):
    """The one factor between two arrays, or None."""
    big = np.abs(e) > 1e-9 * np.abs(e).max()
    if not big.any() or np.abs(g[~big]).max(initial=0.0) > 1e-5 * np.abs(e).max():
        return None
    ratio = g[big] / e[big]
    steady = np.ptp(ratio) <= 1e-5 * np.abs(ratio).max() and ratio.flat[0] != 0
    return float(ratio.flat[0]) if steady else None


def _sizes(inputs):
    """Sizes a factor may equal: axes of arrays, two axes' product, lengths of lists, positive numbers."""
    sizes = {}
    for name, value in inputs.items():
        shape = shape_of(value)
        if shape == ():
            sizes[f"`{name}`"] = max(0.0, float(np.real(value)))
        elif shape is None:
            if isinstance(value, list | tuple | dict):
                sizes[f"the length of `{name}`"] = len(value)
        elif len(shape) == 1:
            sizes[f"the length of `{name}`"] = shape[0]
        else:
            for k, n in enumerate(shape):
                sizes[f"the length of axis {k} of `{name}`"] = n
            for (k, n), (j, m) in itertools.combinations(enumerate(shape), 2):
                sizes[f"the lengths of axes {k} and {j} of `{name}`, multiplied"] = n * m
    return sizes


# --- a term too many or too few -------------------------------------------------------------------------------------


def _missing_term(pairs):
    """The difference is one of the inputs."""
    for name in pairs[0][0]:
        for sign, said in (
            (-1, "too small by exactly `{}`: what is left out?"),
            (1, "too large by exactly `{}`: what is added once too often?"),
            (-2, "too small by exactly two times `{}`: is it subtracted where it should be added?"),
        ):

            def change(inputs, e, g, sign=sign):
                term = numbers(inputs.get(name))  # noqa: B023
                if term is None or term.dtype.kind == "c" or term.ndim > e.ndim:
                    return np.inf
                if any(n not in (1, m) for n, m in zip(term.shape[::-1], e.shape[::-1])):
                    return np.inf
                return g - e - sign * term

            if _fits(pairs, change):
                return f"Your answer is {said.format(name)}"


def _shift(pairs):
    """A constant difference, within each call or over all of them."""
    shifts = [g - e for _, e, g in pairs]
    if not all(np.ptp(s) <= 1e-6 * np.abs(s).max() and s.flat[0] for s in shifts):
        return None
    each = [float(s.flat[0]) for s in shifts]
    word = "large" if each[0] > 0 else "small"
    if np.ptp(each) <= 1e-6 * abs(each[0]):
        return f"Your answer is too {word} by {significant(abs(each[0]))}, {_where(pairs)}."
    if min(s.size for s in shifts) >= 3:
        return f"Within a case every number is too {word} by the same amount ({significant(abs(each[0]), 4)} here)."


def _clipped(pairs):
    lowest_expected, lowest = min(e.min() for _, e, _ in pairs), min(g.min() for _, _, g in pairs)
    if lowest < 0 and _fits(pairs, lambda i, e, g: np.maximum(g, 0) - e):
        return "Your answer would be right if its negative numbers were cut to 0: is an activation missing?"
    if lowest_expected < 0 and _fits(pairs, lambda i, e, g: np.maximum(e, 0) - g):
        return "Your answer is right where it is positive, and 0 where it should be negative: an activation too many?"


def _order(pairs):
    """Right numbers in wrong places: they differ place by place, and agree once they are sorted."""
    if not any(close(e, g).all() for _, e, g in pairs):
        if all(e.ndim and close(e[::-1], g).all() for _, e, g in pairs):
            return "The numbers are right, but in reversed order."
        if all(e.ndim > 1 and close(e.T.reshape(e.shape), g).all() for _, e, g in pairs):
            return "The numbers are right, but `reshape` has laid them out in another order: it is not `.T`."
        if all(close(np.sort(e, axis=None), np.sort(g, axis=None)).all() for _, e, g in pairs):
            return "The numbers are right, but they stand in other places."
