"""What the page needs to draw a surface from above: see `static/landscape.js`."""

from course_lib.plots.landscape import LABELLED, LEVELS, below, beside


def landscape(surface, names, ticks, levels=LEVELS, labelled=LABELLED):
    """Bounds, regions below each level, labels of some, the lowest point. names, ticks: of both axes, across and up."""
    return {
        "bounds": surface.bounds,
        "minimum": surface.minimum,
        "regions": [[level, [corners.round(3) for corners in below(surface, level)]] for level in levels],
        "labels": [[level, beside(surface, level).round(3)] for level in labelled],
        "names": names,
        "ticks": ticks,
    }
