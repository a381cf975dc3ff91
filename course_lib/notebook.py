"""What lessons call and nothing else does: show a piece of the library's source, hold a guess against the result."""

import ast
import inspect
import textwrap

from course_lib.text.tables import Text
from course_lib.text.words import plural


def show_source(function):
    """The source of a function, method or class, as it stands in the library, without its docstring."""
    source = textwrap.dedent(inspect.getsource(function)).rstrip()
    docstring = ast.get_docstring(ast.parse(source).body[0])  # from the text: under -OO the function has none
    if docstring and source.count('"""') >= 2:
        head, _, rest = source.partition('"""')
        source = head.rstrip() + rest.partition('"""')[2].rstrip()
    return Text(source, f"```python\n{source}\n```")


def hold_against(guess, answer, unit=""):
    """A learner's guess beside the result: how far off it was. `guess=None` says how to leave one.

    Percentages are compared in points, other numbers by their factor. "55 %" or "1,000" are numbers too.
    """
    answered = f"The answer is {answer:,} {unit}".rstrip()
    if guess is None:
        line = f"{answered}. You left no guess: set `guess` under *Guess first* and run this cell again."
        return Text(line, line)
    if isinstance(guess, str):
        guess = float(guess.replace(",", "").strip(" %"))
    guess = int(guess) if guess == int(guess) else guess
    if guess == answer:
        line = f"{answered}, as you said."
    else:
        line = f"{answered}; you said {guess:,}: {_how_far(guess, answer, unit)}."
    return Text(line, line)


def probability_given(mine, name, names):
    """The probability of one class in a learner's `{class: probability}`; the classes left out share the rest equally.

    None, no answer, stays None. Raises ValueError for a class that does not exist and for probabilities that are none.
    """
    if mine is None:
        return None
    if unknown := sorted(set(mine) - set(names)):
        raise ValueError(f"You named {', '.join(map(repr, unknown))}; the classes are {', '.join(names)}.")
    total, left_out = sum(mine.values()), len(names) - len(mine)
    if min(mine.values(), default=0) < 0 or total > 1 + 1e-9 or (not left_out and total < 1 - 1e-9):
        raise ValueError(f"Your probabilities have the sum {total:g}; each is at least 0, and together they are 1.")
    return mine[name] if name in mine else max(0.0, 1 - total) / left_out


def _how_far(guess, answer, unit):
    direction = "too high" if guess > answer else "too low"
    if unit == "percent" or min(guess, answer) <= 0:
        off = abs(guess - answer)
        return f"{off:,g} {plural(off, 'point') + ' ' if unit == 'percent' else ''}{direction}"
    factor = max(guess / answer, answer / guess)
    return f"nearly right, a little {direction}" if factor < 1.1 else f"{direction} by a factor of {factor:,.1f}"
