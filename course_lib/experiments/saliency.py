"""From an answer back to the input: what each feature did for it."""

import numpy as np

from course_lib.layers import Pass


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
