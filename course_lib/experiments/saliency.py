"""From an answer back to the input: what each feature did for it."""

from collections import namedtuple

import numpy as np

from course_lib.layers import Pass

TINY = 1e-7  # a probability is cut to [TINY, 1 - TINY] before its log-odds are taken

Occlusion = namedtuple("Occlusion", "probabilities features pushes without")


def gradient_times_input(model, x, direction):
    """What each feature of each row adds to a weighted sum of the logits, as far as the model is linear there.

        s = Σₖ directionₖ · zₖ            contribution of feature j:  xⱼ · ∂s/∂xⱼ

    x: (n, features). direction: (n, classes); +1 at one class and −1 at another asks what speaks for the one against
    the other, z₁ − z₂ = log(p₁ / p₂). Returns (n, features). A feature that is 0 contributes 0.

    For a linear model the contributions of a row sum to s less the part of the biases; for others that holds nearby
    only. The model's `gradients` are overwritten.
    Source: Shrikumar, Greenside, Shcherbina and Kundaje, 2016, Not just a black box.
    """
    x = model.as_input(x)
    run = Pass()
    model.forward(x, run)
    logits = model.output_layer.logits(run)
    direction = np.asarray(direction, x.dtype)
    if direction.shape != logits.shape:
        raise ValueError(
            f"gradient_times_input got a direction of shape {direction.shape} for logits of shape "
            f"{logits.shape}; it needs one number for each row and class."
        )
    return x * model.backward(direction, run, from_logits=True)


def occlusion(model, row):
    """What each feature of one row did for its most probable class, found by leaving it out.

        push = log-odds(p) − log-odds(p without the feature)        log-odds(p) = log(p / (1 − p))

    model: anything with Keras's `predict(x, verbose)`, which gives probabilities. row: (d,). All rows that lack one of
    the features go through the model together. Returns an `Occlusion`: probabilities (c,) of the row as it is; features
    (k,), the columns that are not 0; pushes (k,); without (k,), what the winner's probability is then.
    Source: Zeiler and Fergus, 2014, Visualizing and understanding convolutional networks.
    """
    features = np.flatnonzero(row)
    rows = np.repeat(row[None], 1 + len(features), axis=0)
    rows[1 + np.arange(len(features)), features] = 0
    p = np.asarray(model.predict(rows, verbose=0), dtype="float64")
    winner = p[:, p[0].argmax()]
    cut = np.clip(winner, TINY, 1 - TINY)
    odds = np.log(cut / (1 - cut))
    return Occlusion(p[0], features, odds[0] - odds[1:], winner[1:])
