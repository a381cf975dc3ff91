"""What an activation is for: networks of one size with it and without, trained on points that no straight line parts.

points, labels = two_moons(seed=1)
answers = trained_on(points, labels, [None, "relu"])
plots.decision_boundaries(answers, points, labels, "Without an activation, three layers draw one straight line")
"""

import numpy as np

from course_lib import initializers, layers, optimizers
from course_lib.models.sequential import Sequential


def two_moons(seed=0, each=60, noise=0.07):
    """Two interleaved half circles in [-1, 1]²: points (2 · each, 2), labels (2 · each,)."""
    rng = np.random.default_rng(seed)
    angle = rng.uniform(0, np.pi, (2, each))
    upper = np.stack([np.cos(angle[0]), np.sin(angle[0])], axis=1)
    lower = np.stack([1 - np.cos(angle[1]), 0.5 - np.sin(angle[1])], axis=1)
    points = np.concatenate([upper, lower]) + rng.normal(0, noise, (2 * each, 2))
    points = (points - [0.5, 0.25]) / [1.8, 1.1]
    return points, np.repeat([0.0, 1.0], each)


def trained_on(points, labels, activations, seed=1, across=81):
    """What a network with each of the activations answers everywhere in the plane, once it is trained on the points.

    2 → 16 → 16 → 1, 400 steps of Adam over all points, in float64; a fifth of a second for two of them. Returns {name:
    p}, p (across, across) the probability of class 1 on a square grid over [-1, 1]², row 0 at the bottom. None is
    called "no activation".
    """
    at = np.linspace(-1, 1, across)
    plane = np.stack(np.meshgrid(at, at), axis=-1).reshape(-1, 2)
    answers = {}
    for activation in activations:
        model = Sequential()
        for i, (units, f) in enumerate([(16, activation), (16, activation), (1, "sigmoid")]):
            start = initializers.GlorotUniform(seed=seed + i)
            model.add(layers.Dense(units, f, kernel_initializer=start, dtype="float64"))
        model.compile(optimizers.Adam(learning_rate=0.02), "binary_crossentropy")
        model.fit(points, labels[:, None], epochs=400, batch_size=len(points), shuffle=False, verbose=0)
        answers[activation or "no activation"] = model.predict(plane, verbose=0).reshape(across, across)
    return answers
