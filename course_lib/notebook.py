"""What lessons call and nothing else does: show a piece of the library's source, hold a guess against the result."""

import inspect
import textwrap


class Text:
    """Markdown in a notebook, the plain text elsewhere."""

    def __init__(self, plain, markdown):
        self.plain, self.markdown = plain, markdown

    def __repr__(self):
        return self.plain

    def _repr_markdown_(self):
        return self.markdown


def show_source(function):
    """The source of a function, method or class, as it stands in the library, without its docstring."""
    source = textwrap.dedent(inspect.getsource(function)).rstrip()
    docstring = inspect.getdoc(function)
    if docstring and source.count('"""') >= 2:
        head, _, rest = source.partition('"""')
        source = head.rstrip() + rest.partition('"""')[2].rstrip()
    return Text(source, f"```python\n{source}\n```")


def hold_against(guess, answer, unit=""):
    """A learner's guess beside the result: by which factor it was off. `guess=None` says how to leave one."""
    answered = f"The answer is {answer:,} {unit}".rstrip()
    if guess is None:
        line = f"{answered}. You left no guess: set `guess` at the top and run this cell again."
    elif guess == answer:
        line = f"{answered}, as you said."
    else:
        line = f"{answered}; you said {guess:,}."
        if guess > 0 and answer > 0:
            factor = max(guess / answer, answer / guess)
            line += f" {'Too high' if guess > answer else 'Too low'} by a factor of {factor:.3g}."
    return Text(line, line)
