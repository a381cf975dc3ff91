"""How a picture of this course looks, and how a notebook shows it.

A plot function takes numbers and returns a finished `Figure`: a Matplotlib figure with a title that states the finding
and a `description`, one sentence with the numbers for whoever cannot see it. The last expression of a cell shows it.

    @picture
    def parabola(reach=3):
        x = np.linspace(-reach, reach, 61)
        figure = Figure("Twice as far costs four times as much")
        axes = figure.subplots()
        axes.plot(x, x**2, color=LOSS)
        return figure.describe(f"A parabola from {reach**2} down to 0 and up to {reach**2}.")

Nothing here touches pyplot or leaves a setting behind, and the same numbers give the same bytes: on every machine the
font is the one that comes with Matplotlib, letters are drawn as outlines, and there is no date in the file.
"""

import base64
import functools
import html
import io
import re
import textwrap

import matplotlib
import matplotlib.figure
from matplotlib.colors import LinearSegmentedColormap

# One colour for each idea, through the whole course. Okabe and Ito's palette: safe for colour-blind readers.
OURS = "#0072B2"  # course_lib
KERAS = "#D55E00"  # the engine beside it
LOSS = "#CC79A7"
GRADIENT = "#E69F00"
GRADIENT_TEXT = "#8A5A00"  # the same, dark enough for letters
WEIGHT = "#009E73"
DATA = "#56B4E9"
NEUTRAL = "#6B6B6B"  # what is said in passing
INK = "#1A1A1A"
FAINT = "#E4E4E4"

# Numbers with a sign on the edges of a network. No picture shows signs and the two engines together.
POSITIVE, NEGATIVE = OURS, KERAS
SIGNED = LinearSegmentedColormap.from_list("signed", [NEGATIVE, "white", POSITIVE])

IMAGE = "cividis"  # colours of images and heat maps

STYLE = {
    **{key: value for key, value in matplotlib.rcParamsDefault.items() if key not in ("backend", "interactive")},
    "font.family": ["DejaVu Sans"],
    "font.size": 10,
    "figure.figsize": (6.4, 3.6),
    "figure.facecolor": "none",  # the panel behind is drawn by `Figure.svg`
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#9A9A9A",
    "axes.linewidth": 0.8,
    "axes.labelcolor": NEUTRAL,
    "axes.labelsize": 9.5,
    "axes.titlelocation": "left",
    "axes.titlesize": 10,
    "axes.titlecolor": NEUTRAL,
    "axes.titlepad": 7,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "grid.color": FAINT,
    "grid.linewidth": 0.8,
    "xtick.color": NEUTRAL,
    "ytick.color": NEUTRAL,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "text.color": INK,
    "lines.linewidth": 2.2,
    "lines.solid_capstyle": "round",
    "legend.frameon": False,
    "image.cmap": IMAGE,
    "image.interpolation": "nearest",
    "svg.fonttype": "path",
    "svg.hashsalt": "course",
}


def picture(draw):
    """Decorator of a plot function: it draws in the course's style, whatever Matplotlib is set to outside."""

    @functools.wraps(draw)
    def in_style(*args, **kwargs):
        with matplotlib.rc_context(STYLE):
            return draw(*args, **kwargs)

    in_style.is_picture = True
    return in_style


def is_picture(thing):
    """Whether this is a function made with `@picture`."""
    return getattr(thing, "is_picture", False)


def write(axes, x, y, text, size=9, color=INK, bold=False, **where):
    """Words in a picture, centred on (x, y) unless `ha` and `va` say otherwise."""
    where = {"ha": "center", "va": "center", "zorder": 5, **where}
    axes.text(x, y, text, fontsize=size, color=color, fontweight="bold" if bold else "normal", **where)


def ticks_inside(axes):
    """Only those ticks that lie within the limits of their axis, so that no number stands where nothing is."""
    for axis in (axes.xaxis, axes.yaxis):
        low, high = axis.get_view_interval()
        axis.set_ticks([tick for tick in axis.get_majorticklocs() if low <= tick <= high])


class Figure(matplotlib.figure.Figure):
    """A Matplotlib figure with a title that states its finding, a description, and a stable SVG.

    A notebook gets two forms of it. `text/html` is an <img> with the SVG inside and the description as `alt`;
    `text/plain` is the description. A bare `image/svg+xml` output would be the obvious form, but JupyterLab shows it
    as an image without alternative text, and viewers that put it into their page break its ids and styles.
    """

    def __init__(self, title, width=6.4, height=3.6, **kwargs):
        super().__init__(figsize=(width, height), layout="constrained", **kwargs)
        self.title, self.description = title, title
        self.get_layout_engine().set(w_pad=0.1, h_pad=0.09, wspace=0.04, hspace=0.06)
        shown = textwrap.fill(title, int(9.6 * width))
        self.suptitle(shown, x=0.1 / width, ha="left", fontweight="bold", fontsize=11.5, linespacing=1.3)

    def describe(self, sentence):
        """Set the description and return the figure."""
        self.description = sentence
        return self

    def svg(self):
        """The figure as SVG text, on a white panel with rounded corners so that it can be read on a dark ground."""
        file = io.StringIO()
        with matplotlib.rc_context(STYLE):
            self.savefig(file, format="svg", metadata=dict.fromkeys(["Creator", "Date", "Format", "Type"]))
        drawing = file.getvalue()
        drawing = re.sub(r' d="[^"]*"', _shorten, drawing[drawing.index("<svg") :])
        head, _, rest = drawing.partition(">")
        title, description = html.escape(self.title), html.escape(self.description)
        return (
            f'{head} role="img" aria-label="{description}">\n'
            f" <title>{title}</title>\n <desc>{description}</desc>\n"
            f' <rect width="100%" height="100%" rx="7" fill="#ffffff"/>{rest}'
        )

    def _repr_mimebundle_(self, include=None, exclude=None):
        svg = self.svg()
        width, height = (round(96 * inches) for inches in self.get_size_inches())
        data = base64.b64encode(svg.encode()).decode()
        image = (
            f'<img src="data:image/svg+xml;base64,{data}" alt="{html.escape(self.description)}" '
            f'width="{width}" height="{height}" style="max-width: 100%; height: auto">'
        )
        return {"text/html": image, "text/plain": self.description}


def _shorten(path):
    """Coordinates of a path with two decimals: less is not seen, and rounding noise of other machines is cut off."""
    return re.sub(r"(\.\d\d)\d+", r"\1", path[0].replace("\n", " "))
