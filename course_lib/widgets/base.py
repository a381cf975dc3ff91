"""What every interactive picture of the course shares.

A widget is a thin shell over one pure function. The page sends the values of its controls, Python answers with
`compute(**values)` in NumPy, the page draws the answer:

    slider → `values` → compute → `result` → picture

Each answer counts `answers` up. The page waits for that and not for the result, which may be the same as before.

    class Doubling(CourseWidget):
        _esm = script("doubling")
        controls = (Slider("x", "a number", 0, 10, 1, default=3),)

        def compute(self, x):
            return {"twice": np.array(2 * x)}

        def describe(self, result, x):
            return f"Twice {x:g} is {result['twice']:g}."

        def static(self):
            return plots.doubling(**self.at_defaults())

**What a notebook stores.** One output with several forms, of which each viewer takes one: the live widget, and the
static figure at the defaults with its description. JupyterLab prefers the live one wherever it knows how to show it,
so a page never shows both. GitHub and an HTML export take the figure: they hold no widget state. JupyterLab would
also prefer the live form in a stored notebook whose kernel is gone, and then show an error in its place; therefore
`course build` stores every output without its live form (`VIEW`), and running the cell brings it back.
"""

from collections import namedtuple
from pathlib import Path

import anywidget
import numpy as np
import traitlets

STATIC = Path(__file__).parent / "static"
VIEW = "application/vnd.jupyter.widget-view+json"


def script(*names):
    """The JavaScript of a widget: the shared part, parts shared by some, and its own file, as one module."""
    return "\n".join((STATIC / f"{part}.js").read_text(encoding="utf-8") for part in ("base", *names))


def stylesheet(*names):
    """The style sheet of a widget: the shared part, parts shared by some, and its own file."""
    return "\n".join((STATIC / f"{part}.css").read_text(encoding="utf-8") for part in ("base", *names))


class Slider(namedtuple("Slider", "name label min max step default")):
    """A number between min and max."""

    kind = "slider"

    @property
    def ends(self):
        return self.min, self.max

    def check(self, value):
        if not (np.isscalar(value) and np.isreal(value) and self.min <= value <= self.max):
            raise ValueError(f"{self.name} is {value!r}; it takes a number from {self.min} to {self.max}.")
        return value


class Choice(namedtuple("Choice", "name label options default")):
    """One of several options."""

    kind = "choice"

    @property
    def ends(self):
        return self.options[0], self.options[-1]

    def check(self, value):
        if value not in self.options:
            raise ValueError(f"{self.name} is {value!r}; it takes one of {', '.join(map(str, self.options))}.")
        return value


class Text(namedtuple("Text", "name label longest default")):
    """Free text of at most `longest` characters."""

    kind = "text"

    @property
    def ends(self):
        return "", ("a game library to play sound " * self.longest)[: self.longest]

    def check(self, value):
        if not isinstance(value, str) or len(value) > self.longest:
            raise ValueError(f"{self.name} takes a text of at most {self.longest} characters; got {value!r:.60}.")
        return value


class Points(namedtuple("Points", "name label min max step default")):
    """As many numbers as `default` has, each between min and max: the heights of a curve that can be drawn."""

    kind = "points"

    @property
    def ends(self):
        return [self.min] * len(self.default), [self.max] * len(self.default)

    def check(self, value):
        one = Slider(self.name, self.label, self.min, self.max, self.step, self.min)
        if not isinstance(value, (list, tuple, np.ndarray)) or len(value) != len(self.default):
            raise ValueError(f"{self.name} takes {len(self.default)} numbers, one for each point; got {value!r:.60}.")
        return [float(one.check(number)) for number in value]


class CourseWidget(anywidget.AnyWidget):
    """A picture that answers its controls. A subclass gives them, the script, and the four functions below."""

    controls = ()

    page = traitlets.Dict().tag(sync=True)  # what never changes: labels, ranges, names
    values = traitlets.Dict().tag(sync=True)  # what the controls say; written by the page
    result = traitlets.Dict().tag(sync=True)  # what `compute` made of it
    answers = traitlets.Int(0).tag(sync=True)  # how often it did

    def __init__(self, page=None, **values):
        self._check_names(values)
        described = [{"kind": control.kind, **control._asdict()} for control in self.controls]
        values = {**{control.name: control.default for control in self.controls}, **values}
        super().__init__(page=plain({**(page or {}), "controls": described}), values=values)

    def compute(self, **values):
        """The numbers behind the picture, from the values of the controls alone: a dict of arrays."""
        raise NotImplementedError

    def describe(self, result, **values):
        """The picture in one sentence with its numbers; read aloud when it changes."""
        raise NotImplementedError

    def static(self):
        """The figure (`plots.Figure`) at the default values."""
        raise NotImplementedError

    def at_defaults(self):
        return self.compute(**{control.name: control.default for control in self.controls})

    def _check_names(self, values):
        known = [control.name for control in self.controls]
        for name in values:
            if name not in known:
                raise TypeError(f"{type(self).__name__} has no control {name!r}. It has: {', '.join(known)}.")

    @traitlets.validate("values")
    def _check_values(self, proposal):
        given = {**self.values, **proposal["value"]}  # what is not named stays
        self._check_names(given)
        return {control.name: control.check(given[control.name]) for control in self.controls}

    @traitlets.observe("values")
    def _answer(self, change):
        result = self.compute(**self.values)
        with self.hold_sync():  # one message with both
            self.result = plain({**result, "description": self.describe(result, **self.values)})
            self.answers += 1

    def _repr_mimebundle_(self, **kwargs):
        live, metadata = super()._repr_mimebundle_(**kwargs)
        return {**self.static()._repr_mimebundle_(), VIEW: live[VIEW]}, metadata


def is_widget(thing):
    """Whether this is a kind of widget."""
    return isinstance(thing, type) and issubclass(thing, CourseWidget) and thing is not CourseWidget


def plain(value):
    """Arrays as nested lists, tuples as lists: what travels to the page as JSON."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    return value
