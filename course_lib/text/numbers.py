"""Numbers for reading: the same on every run and every machine, no more digits than mean something."""

import math

import numpy as np


def number(value: float, decimals: int = 2) -> str:
    """At most so many decimals, no empty ones, a true minus: for labels in figures.

    >>> number(0.5), number(3.0), number(-0.001), number(-2.25)
    ('0.5', '3', '0', '−2.25')
    """
    text = f"{float(value):.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if decimals else text
    return "0" if text in ("-0", "0") else text.replace("-", "−")


def rounded(value: float, digits: int = 3) -> str:
    """So many digits that count, empty ones too, thousands apart: for measurements.

    >>> rounded(46938), rounded(0.5), rounded(3.14159)
    ('46,900', '0.500', '3.14')
    """
    value = _cut(value, digits)
    if not math.isfinite(value) or value == 0:
        return f"{value:.0f}"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    return f"{value:,.{decimals}f}"


def duration(seconds: float, digits: int = 3) -> str:
    """A measured time with its unit.

    >>> duration(0.00002093), duration(0.25), duration(75)
    ('20.9 µs', '250 ms', '75.0 s')
    """
    seconds = _cut(seconds, digits)
    for unit, size in (("ns", 1e-9), ("µs", 1e-6), ("ms", 1e-3)):
        if seconds < 999.9999 * size:
            return f"{rounded(seconds / size, digits)} {unit}"
    return f"{rounded(seconds, digits)} s"


def significant(value: complex, digits: int = 6) -> str:
    """At most `digits` digits that count, one decimal where it is larger, whole numbers in full: for values compared.

    >>> significant(0.1 + 0.2), significant(2.0), significant(123456789), significant(1234567.89)
    ('0.3', '2', '123456789', '1234567.9')
    """
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, int | np.integer):
        return str(int(value))
    if isinstance(value, complex | np.complexfloating):
        return f"{complex(value):.{digits}g}"
    value = float(value)
    if not np.isfinite(value) or abs(value) >= 1e15:
        return f"{value:.{digits}g}"
    if value == int(value):
        return str(int(value))
    return f"{value:.{max(digits, len(str(int(abs(value)))) + 1)}g}"


def probability(p: float) -> str:
    """Three decimals, and more where it would read 0.

    >>> probability(0.5), probability(0.0012), probability(2e-7)
    ('0.5', '0.0012', '2e-7')
    """
    return number(p, 3) if p >= 0.01 or p == 0 else number(p, 5) if p >= 1e-4 else f"{p:.0e}".replace("e-0", "e-")


def percentage(p: float) -> str:
    """A share as a percentage that does not read 0 where it is not.

    >>> percentage(0.5), percentage(0.0012), percentage(2e-7)
    ('50.0%', '0.12%', '<0.01%')
    """
    return f"{p:.1%}" if p >= 0.01 or p == 0 else f"{p:.2%}" if p >= 1e-4 else "<0.01%"


def difference(found: float, tolerance: float) -> str:
    """The tolerance where `found` stays within it, whatever it is there: those digits differ between machines.

    >>> difference(3.2e-7, 1e-5), difference(0.0123, 1e-5)
    ('≤ 1e-05', '1.2e-02')
    """
    return f"≤ {tolerance:.0e}" if found <= tolerance else f"{found:.1e}"


def upwards(value: float) -> str:
    """A positive number rounded up to one digit that counts: a bound.

    >>> upwards(2.1e-7)
    '3e-07'
    """
    power = math.floor(math.log10(value))
    return f"{math.ceil(round(value / 10**power, 6)) * 10.0**power:.0e}"


def _cut(value: float, digits: int) -> float:
    return float(f"{value:.{digits - 1}e}")
