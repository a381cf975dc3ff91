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


@picture
def linear_collapse(seed=1, activations=(None, "relu")):
    """Networks of one size, trained on the same points, with and without an activation between their layers.

    The points are two half moons that no straight line can part. 2 → 16 → 16 → 1, 400 steps of Adam over all points,
    in float64; a fifth of a second.
    """
    from course_lib import Sequential, initializers, layers, optimizers

    points, labels = two_moons(seed)
    at = np.linspace(-1, 1, 81)
    plane = np.stack(np.meshgrid(at, at), axis=-1).reshape(-1, 2)
    answers = {}
    for activation in activations:
        model = Sequential()
        for i, (units, f) in enumerate([(16, activation), (16, activation), (1, "sigmoid")]):
            start = initializers.GlorotUniform(seed=seed + i)
            model.add(layers.Dense(units, f, kernel_initializer=start, dtype="float64"))
        model.compile(optimizers.Adam(learning_rate=0.02), "binary_crossentropy")
        model.fit(points, labels[:, None], epochs=400, batch_size=len(points), shuffle=False, verbose=0)
        answers[activation or "no activation"] = model.predict(plane, verbose=0).reshape(len(at), len(at))
    return decision_boundaries(answers, points, labels, "Without an activation, three layers draw one straight line")


def two_moons(seed=0, each=60, noise=0.07):
    """Two interleaved half circles in [-1, 1]²: points (2 · each, 2), labels (2 · each,)."""
    rng = np.random.default_rng(seed)
    angle = rng.uniform(0, np.pi, (2, each))
    upper = np.stack([np.cos(angle[0]), np.sin(angle[0])], axis=1)
    lower = np.stack([1 - np.cos(angle[1]), 0.5 - np.sin(angle[1])], axis=1)
    points = np.concatenate([upper, lower]) + rng.normal(0, noise, (2 * each, 2))
    points = (points - [0.5, 0.25]) / [1.8, 1.1]
    return points, np.repeat([0.0, 1.0], each)
