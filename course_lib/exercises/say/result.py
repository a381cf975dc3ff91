"""What a check says, as text and as HTML. The outcome is always a word; colour only repeats it."""

import html
import re

_WORDS = {"not attempted": "NOT ATTEMPTED", "wrong": "NOT YET", "error": "ERROR", "right": "RIGHT"}
_COLOURS = {"not attempted": "#808080", "wrong": "#D55E00", "error": "#CC79A7", "right": "#009E73"}

# The ground's own colours are kept, so that light and dark notebooks both stay readable.
_PLAIN = "color:inherit;background:transparent"
_CODE = "color:inherit;background:rgba(128,128,128,.18)"
_HEAD = f"{_PLAIN};text-align:left;font-weight:600;padding:1px 12px 1px 0;vertical-align:top"
_CELL = f"{_PLAIN};text-align:left;padding:1px 0;font-family:monospace;white-space:pre-wrap"


class Panel:
    """A word, a title, paragraphs, facts and perhaps code: a panel in a notebook, plain text elsewhere."""

    colour = "#56B4E9"

    def __init__(self, word, title, *paragraphs, facts=(), code=None):
        self.word, self.title, self.code = word, title, code
        self.paragraphs = [p for p in paragraphs if p]
        self.facts = [(name, value) for name, value in facts if value]

    def __str__(self):
        lines = [f"{self.word} - {self.title}", *self.paragraphs]
        width = max((len(name) for name, _ in self.facts), default=0) + 1
        for name, value in self.facts:
            lines.append(f"  {name + ':':{width}} {value}".replace("\n", "\n" + " " * (width + 3)))
        return "\n".join([*lines, "", self.code] if self.code else lines)

    __repr__ = __str__

    def _facts_html(self):
        return table((_rich(name), html.escape(value)) for name, value in self.facts)

    def _repr_mimebundle_(self, include=None, exclude=None):
        text = "".join(f'<p style="margin:.4em 0 0">{_rich(p)}</p>' for p in self.paragraphs)
        code = (
            f'<pre style="{_PLAIN};margin:.4em 0 0;white-space:pre-wrap">{html.escape(self.code)}</pre>'
            if self.code
            else ""
        )
        page = (
            f'<div role="status" style="{_PLAIN};border-left:5px solid {self.colour};padding:.35em .9em;margin:.3em 0;'
            f'max-width:48em"><strong>{self.word}</strong> &nbsp;{_rich(self.title)}'
            f"{text}{self._facts_html()}{code}</div>"
        )
        return {"text/plain": str(self), "text/html": page}


def table(facts):
    """Pairs of HTML as a table, the first of each its row's head."""
    rows = "".join(
        f'<tr style="{_PLAIN}"><th scope="row" style="{_HEAD}">{head}</th><td style="{_CELL}">{cell}</td></tr>'
        for head, cell in facts
    )
    return f'<table style="{_PLAIN};margin:.4em 0 0;border:none;font-size:inherit">{rows}</table>' if rows else ""


def _rich(text):
    """Escape for HTML; `code` in backticks, line ends kept."""
    return re.sub(r"`([^`]+)`", rf'<code style="{_CODE}">\1</code>', html.escape(text)).replace("\n", "<br>")


class Result(Panel):
    """The outcome of `q.check(...)`; true when right.

    status    "not attempted", "wrong", "error" or "right"
    message   all that is said below the title
    mistake   the name of the declared mistake that explains every failing case ("a and b" for two), else None
    case      the name of the case that is shown (`at` is the case itself), else None
    """

    def __init__(self, status, title, *paragraphs, facts=(), mistake=None, case=None):
        super().__init__(_WORDS[status], title, *paragraphs, facts=facts)
        self.status, self.mistake, self.at = status, mistake, case
        self.case = case.name if case else None
        self.colour = _COLOURS[status]

    @property
    def message(self):
        return "\n".join([*self.paragraphs, *(f"{name}: {value}" for name, value in self.facts)])

    def __bool__(self):
        return self.status == "right"
