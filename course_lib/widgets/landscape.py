"""What the page needs to draw a surface from above: see `static/landscape.js`."""

from course_lib.plots.landscape import LABELLED, LEVELS, beside, regions


def landscape(surface, names, ticks, levels=LEVELS, labelled=LABELLED):
    """Bounds, regions below each level, labels of some, the lowest point. names, ticks: of both axes, across and up."""
    areas = regions(surface, levels, 241, surface.bounds)
    return {
        "bounds": surface.bounds,
        "minimum": surface.minimum,
        "regions": [[level, [corners.round(3) for corners in area]] for level, area in zip(levels, areas)],
        "labels": [[level, beside(surface, level).round(3)] for level in labelled],
        "names": names,
        "ticks": ticks,
    }
