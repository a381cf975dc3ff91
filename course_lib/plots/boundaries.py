"""What a network answers everywhere in the plane: with an activation, and without."""

import numpy as np

from course_lib.plots.style import INK, NEGATIVE, Figure, picture

COLORS = ("#B9C6DE", "#F3E3A3")  # pale ends of cividis, for the ground
POINTS = ("#00305F", "#C9A227")


@picture
def decision_boundaries(answers, points, labels, title):
    """Where two or more classifiers draw the line.

    answers: {"relu": p}, p (k, k) the probability of class 1 on a square grid over [-1, 1]², row 0 at the bottom.
    points: (n, 2), labels: (n,) 0 or 1.
    """
    figure = Figure(title, height=3.7)
    grid = figure.subplots(1, len(answers), sharex=True, sharey=True, squeeze=False)[0]
    told = []
    for axes, (name, p) in zip(grid, answers.items()):
        at = np.linspace(-1, 1, len(p))
        axes.contourf(at, at, p, levels=[-0.01, 0.5, 1.01], colors=COLORS)
        axes.contour(at, at, p, levels=[0.5], colors=INK, linewidths=2.2)
        nearest = np.rint((points + 1) / 2 * (len(p) - 1)).astype(int)
        hit = (p[nearest[:, 1], nearest[:, 0]] > 0.5) == labels
        right = hit.mean()
        for which, marker, color in zip((0, 1), "os", POINTS):
            for taken, ring, width, size in [(hit, "white", 0.7, 5), (~hit, NEGATIVE, 1.8, 7)]:
                x, y = points[taken & (labels == which)].T
                axes.plot(x, y, marker, color=color, markeredgecolor=ring, markeredgewidth=width, markersize=size)
        axes.set_title(f"{name}: {right:.0%} right" + (", the others ringed" if right < 1 else ""), color=INK)
        axes.set(xlim=(-1, 1), ylim=(-1, 1), aspect="equal", xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
        told.append(f"{name} puts {right:.0%} of them on the right side")
    return figure.describe(f"{title}. {len(points)} points of two classes; " + ", ".join(told) + ".")
