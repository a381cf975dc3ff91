"""What a check says, as text and as HTML. The outcome is always a word; colour only repeats it."""

import html
import re

STATUSES = ("not attempted", "wrong", "error", "right")
_WORDS = {"not attempted": "NOT ATTEMPTED", "wrong": "NOT YET", "error": "ERROR", "right": "RIGHT"}
_COLOURS = {"not attempted": "#808080", "wrong": "#D55E00", "error": "#CC79A7", "right": "#009E73"}


class Panel:
    """A word, a title and paragraphs, shown by a notebook as a panel and elsewhere as plain text."""

    colour = "#56B4E9"

    def __init__(self, word, title, paragraphs, facts=(), code=None):
        self.word, self.title, self.code = word, title, code
        self.paragraphs = [p for p in paragraphs if p]
        self.facts = [(name, value) for name, value in facts if value]

    def __str__(self):
        lines = [f"{self.word} - {self.title}", *self.paragraphs]
        width = max((len(name) for name, _ in self.facts), default=0)
        for name, value in self.facts:
            lines.append(f"  {name + ':':{width + 1}} {value}".replace("\n", "\n" + " " * (width + 4)))
        if self.code:
            lines += ["", self.code]
        return "\n".join(lines)

    __repr__ = __str__

    def _html(self):
        rows = "".join(
            f'<tr><th scope="row" style="text-align:left;font-weight:600;padding:1px 12px 1px 0;vertical-align:top;'
            f'background:transparent">{_rich(name)}</th><td style="text-align:left;padding:1px 0;background:transparent;'
            f'font-family:monospace;white-space:pre-wrap">{html.escape(value)}</td></tr>'
            for name, value in self.facts
        )
        table = f'<table style="margin:.4em 0 0;border:none;color:inherit">{rows}</table>' if rows else ""
        code = f'<pre style="margin:.4em 0 0;color:inherit;background:transparent">{html.escape(self.code)}</pre>'
        text = "".join(f'<p style="margin:.4em 0 0">{_rich(p)}</p>' for p in self.paragraphs)
        return (
            f'<div role="status" style="border-left:5px solid {self.colour};padding:.35em .9em;margin:.3em 0;'
            f'max-width:48em;color:inherit;background:transparent"><strong>{self.word}</strong> &nbsp;{_rich(self.title)}'
            f"{text}{table}{code if self.code else ''}</div>"
        )

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": str(self), "text/html": self._html()}


def _rich(text):
    """Escape for HTML; `code` in backticks, line ends kept."""
    text = re.sub(r"`([^`]+)`", r"<code style='color:inherit;background:rgba(128,128,128,.18)'>\1</code>", html.escape(text))
    return text.replace("\n", "<br>")


class Result(Panel):
    """The outcome of `q.check(...)`; true when right.

    `status` is one of "not attempted", "wrong", "error", "right"; `message` all that is said below the title;
    `mistake` the name of the declared mistake that explains every failing case, else None; `case` the name of the
    case that is shown (`at` the case itself), else None.
    """

    def __init__(self, status, title, paragraphs, facts=(), mistake=None, case=None):
        super().__init__(_WORDS[status], title, paragraphs, facts)
        self.status, self.mistake, self.at = status, mistake, case
        self.case = case.name if case else None
        self.colour = _COLOURS[status]

    @property
    def message(self):
        return "\n".join([*self.paragraphs, *(f"{name}: {value}" for name, value in self.facts)])

    def __bool__(self):
        return self.status == "right"
