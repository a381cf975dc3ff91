"""A surface from above: contours, and the paths of descent on it."""

import matplotlib.figure
import numpy as np

from course_lib.plots.style import INK, NEUTRAL, number, write

LEVELS = (0.06, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8)  # of the loss, each contour twice as high as the one inside
LABELLED = (0.4, 1.6, 6.4)
DEPTHS = ["#C9D1D8", "#D0D7DD", "#D7DDE2", "#DEE3E8", "#E5E9ED", "#EBEEF1", "#F1F3F5", "#F6F8F9", "#FBFCFC", "#FFFFFF"]


def height_map(axes, surface, levels=LEVELS, labelled=LABELLED, n=161):
    """Contours of a surface within its bounds from n × n heights, some labelled, and a cross at the lowest point."""
    left, right, bottom, top = surface.bounds
    grid, heights = sampled(surface, n)
    axes.contourf(grid[..., 0], grid[..., 1], heights, levels, colors=DEPTHS[-len(levels) - 1 :], extend="both")
    axes.contour(grid[..., 0], grid[..., 1], heights, levels, colors="#A9B2BA", linewidths=0.7)
    axes.plot(*surface.minimum, marker="+", color=INK, markersize=9, markeredgewidth=1.6, zorder=6)
    axes.set(xlim=(left, right), ylim=(bottom, top))
    axes.grid(False)
    for level in labelled:
        a, b = beside(surface, level)
        if left < a < right and bottom < b < top:
            write(axes, a, b, number(level), 8, NEUTRAL)


def sampled(surface, n):
    """An n × n grid of points over the bounds of a surface, (n, n, 2), and the heights there."""
    left, right, bottom, top = surface.bounds
    grid = np.stack(np.meshgrid(np.linspace(left, right, n), np.linspace(bottom, top, n)), axis=-1)
    return grid, surface(grid)


def beside(surface, level):
    """Where the steepest way up from the minimum crosses a level."""
    ways = np.linalg.eigh(surface.curvature)[1]
    way = ways[:, -1] * np.sign(ways[0, -1])
    low, high = 0.0, 100.0
    for _ in range(60):  # halved until it is found
        middle = (low + high) / 2
        low, high = (middle, high) if surface(surface.minimum + middle * way) < level else (low, middle)
    return surface.minimum + low * way


def below(surface, level, n=241):
    """The region not higher than a level, as polygons (corners, 2); a polygon inside another is a hole."""
    grid, heights = sampled(surface, n)
    axes = matplotlib.figure.Figure().subplots()
    region = axes.contourf(grid[..., 0], grid[..., 1], heights, [heights.min() - 1, level])
    return region.get_paths()[0].to_polygons()


def draw_path(axes, path, color):
    """A path with its start; a dot at each point where there are few."""
    few = path.steps <= 100
    axes.plot(*path.points.T, color=color, linewidth=1.4, marker="o" if few else "", markersize=2.8, zorder=4)
    axes.plot(*path.points[0], marker="o", color="white", markeredgecolor=INK, markersize=6, zorder=6)
