"""A surface from above: contours, and the paths of descent on it."""

import matplotlib.figure
import numpy as np
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from course_lib.plots.style import INK, NEUTRAL, write
from course_lib.text.numbers import number

LEVELS = (0.06, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8)  # of the loss, each contour twice as high as the one inside
LABELLED = (0.4, 1.6, 6.4)
DEPTHS = ["#C9D1D8", "#D0D7DD", "#D7DDE2", "#DEE3E8", "#E5E9ED", "#EBEEF1", "#F1F3F5", "#F6F8F9", "#FBFCFC", "#FFFFFF"]


def height_map(axes, surface, levels=LEVELS, labelled=LABELLED, n=121, bounds=None):
    """Contours of a surface within bounds (its own) from n × n heights, some labelled, and a cross at the lowest point.

    Each region is painted over the larger one, with its edge: one path a level, which keeps the file small.
    """
    left, right, bottom, top = bounds or surface.bounds
    edge = 0.02 * (right - left), 0.02 * (top - bottom)  # the regions end outside, where their edge is not seen
    around = left - edge[0], right + edge[0], bottom - edge[1], top + edge[1]
    axes.set_facecolor(DEPTHS[-1])
    shades = DEPTHS[-len(levels) - 1 : -1]
    for region, shade in reversed(list(zip(regions(surface, levels, n, around), shades))):
        path = Path.make_compound_path(*(Path(corners, closed=True) for corners in region))
        axes.add_patch(PathPatch(path, facecolor=shade, edgecolor="#A9B2BA", linewidth=0.7))
    axes.plot(*surface.minimum, marker="+", color=INK, markersize=9, markeredgewidth=1.6, zorder=6)
    axes.set(xlim=(left, right), ylim=(bottom, top))
    axes.grid(False)
    for level in labelled:
        a, b = beside(surface, level)
        if left < a < right and bottom < b < top:
            write(axes, a, b, number(level), 8, NEUTRAL)


def regions(surface, levels, n, bounds):
    """For each level the region not higher than it, as polygons (corners, 2) from n × n heights within the bounds.

    A polygon inside another is a hole.
    """
    left, right, bottom, top = bounds
    a, b = np.meshgrid(np.linspace(left, right, n), np.linspace(bottom, top, n))
    heights = surface(np.stack([a, b], axis=-1))
    axes = matplotlib.figure.Figure().subplots()
    found = [axes.contourf(a, b, heights, [heights.min() - 1, level]).get_paths()[0] for level in levels]
    pixel = np.array([right - left, top - bottom]) / 400
    return [[outline(corners, pixel) for corners in region.to_polygons()] for region in found]


def outline(corners, pixel):
    """A polygon without the corners that lie within a fraction of a pixel of the line between others."""
    return Path(corners / pixel).cleaned(simplify=True).vertices[:-1] * pixel


def beside(surface, level):
    """Where the steepest way up from the minimum crosses a level."""
    ways = np.linalg.eigh(surface.curvature)[1]
    way = ways[:, -1] * np.sign(ways[0, -1])
    low, high = 0.0, 100.0
    for _ in range(60):  # halved until it is found
        middle = (low + high) / 2
        low, high = (middle, high) if surface(surface.minimum + middle * way) < level else (low, middle)
    return surface.minimum + low * way


def draw_path(axes, path, color):
    """A path with its start; a dot at each point where there are few (many would hide each other)."""
    few = path.steps <= 40
    axes.plot(*path.points.T, color=color, linewidth=1.4, marker="o" if few else "", markersize=2.8, zorder=4)
    axes.plot(*path.points[0], marker="o", color="white", markeredgecolor=INK, markersize=6, zorder=6)
