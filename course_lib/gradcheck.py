"""Is a gradient right? Compare it with what the function does when each number is moved a little.

    numerical_gradient(lambda w: (w ** 2).sum(), w)     # one number after the other, (f(w + ε) − f(w − ε)) / 2ε
    check_layer(layers.Dense(3), x)                     # largest relative error over dL/dx and every weight
    check_loss(losses.MeanSquaredError(), y, p)
    check_model(model, x, y)

A correct gradient differs by about 1e-9 in float64, a wrong one by more than 1e-3. In float32 the rounding of f would
hide a mistake, so everything here is turned to float64. At a corner (relu at 0) no slope is right: keep inputs off it.
"""

import copy
from contextlib import contextmanager

import numpy as np

from course_lib import utils
from course_lib.layers import Pass
from course_lib.models import checks


def numerical_gradient(f, x, epsilon=1e-6, entries=None):
    """df/dx of a number-valued f by central differences: (f(x + ε) − f(x − ε)) / 2ε, error about ε² + 1e-16/ε.

    x: a float64 array. It is moved in place and put back, so f may also look at it from elsewhere (a layer's weight).
    entries: the indices to do, where all would take too long; the others stay 0.
    """
    x = np.asarray(x)
    if x.dtype != np.float64:
        raise TypeError(f"numerical_gradient got {x.dtype}; a difference of two close numbers needs float64.")
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape) if entries is None else entries:
        kept = x[i]
        x[i] = kept + epsilon
        above = f(x)
        x[i] = kept - epsilon
        below = f(x)
        x[i] = kept
        gradient[i] = (above - below) / (2 * epsilon)
    return gradient


def relative_error(a, b, floor=1e-3):
    """max |a − b| / max(|a|, |b|, floor), the maxima over all entries.

    The floor is for gradients that are 0: the differences beside them are nothing but rounding, about 1e-10.
    """
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    if a.shape != b.shape:
        raise ValueError(
            f"relative_error got arrays of shape {a.shape} and {b.shape}; a gradient has its variable's shape."
        )
    size = max(np.abs(a).max(initial=0.0), np.abs(b).max(initial=0.0), floor)
    return float(np.abs(a - b).max(initial=0.0) / size)


def check_activation(activation, x, **arguments):
    """Largest relative error of an activation's derivative at x, under a random upstream gradient."""
    x = np.array(x, np.float64)
    y = activation(x, **arguments)
    dy = _upstream(y.shape)
    numerical = numerical_gradient(lambda x: (activation(x, **arguments) * dy).sum(), x)
    return relative_error(activation.gradient(dy, x, y, **arguments), numerical)


def check_layer(layer, x, training=False, seed=0, epsilon=1e-6):
    """Largest relative error over dL/dx and the gradient of each weight, for L = Σ layer(x) · dy with a random dy.

    The layer itself is not touched: a float64 copy is. A layer that draws (dropout) draws the same at each pass.
    A layer of integers, such as Embedding, has no dL/dx.
    """
    layer = copy.deepcopy(layer)
    integers = layer.accepts_integers and np.asarray(x).dtype.kind in "iu"
    x = np.array(x) if integers else np.array(x, np.float64)
    with _own_random_numbers(seed):
        layer.ensure_built(x.shape)
    layer.check_input(x.shape)
    layer.astype("float64")
    forward = _repeatable(layer, lambda run: layer.forward(x, run), training, seed)
    y, run = forward()
    dy = _upstream(y.shape)
    dx = layer.backward(dy, run)
    gradients = [g.copy() for g in layer.gradients]

    def loss(_):
        y, _ = forward()
        return float((y * dy).sum())

    errors = [] if integers else [relative_error(dx, numerical_gradient(loss, x, epsilon))]
    for w, gradient in zip(layer.trainable_weights, gradients):
        errors.append(relative_error(gradient, numerical_gradient(loss, w, epsilon)))
    return max(errors, default=0.0)


def check_loss(loss, y_true, y_pred, sample_weight=None):
    """Relative error of `loss.gradient` in float64. With reduction "none" the gradient is that of the sum."""
    y_pred = np.array(y_pred, np.float64)
    numerical = numerical_gradient(lambda p: float(np.sum(loss(y_true, p, sample_weight))), y_pred)
    return relative_error(loss.gradient(y_true, y_pred, sample_weight), numerical)


def check_model(model, x, y, sample_weight=None, training=False, seed=0, entries=100):
    """Largest relative error of a compiled model's flat gradient, with its loss and its regularizers.

    `entries` of the parameters are moved, drawn at random (None: all of them); each costs two forward passes.
    The model itself is not touched: a float64 copy is.
    """
    model = copy.deepcopy(model)
    with _own_random_numbers(seed):
        model.ensure_built(np.shape(x))
    model.astype("float64")
    x, y, sample_weight = checks.prepare(model, "check_model", x, y, sample_weight)
    loss = _repeatable(model, lambda run: model.loss_and_gradient(x, y, sample_weight, run=run)[0], training, seed)
    loss()
    gradient = model.flat_gradients.copy()
    chosen = np.random.default_rng(seed).permutation(gradient.size)[:entries]
    numerical = numerical_gradient(lambda _: loss()[0], model.flat_parameters, entries=chosen)
    return relative_error(gradient[chosen], numerical[chosen])


def _upstream(shape):
    """dL/dy as it might come from the layers above: random, the same each time."""
    return np.random.default_rng(7).standard_normal(shape)


@contextmanager
def _own_random_numbers(seed):
    """Draw from a generator of our own, and give the course's shared one back as it was."""
    shared = utils._generator
    utils.set_random_seed(seed)
    try:
        yield
    finally:
        utils._generator = shared


def _repeatable(layer, forward, training, seed):
    """`forward` as a function of the weights alone: the same draws in each pass, and moving averages put back before.

    Returns a function that gives `(forward(run), run)`.
    """
    state = [w.copy() for w in layer.non_trainable_weights]

    def repeated():
        for w, before in zip(layer.non_trainable_weights, state):
            w[...] = before
        run = Pass(training, generator=np.random.default_rng(seed))
        return forward(run), run

    return repeated
