"""Tables that hold our numbers against Keras's. What they print is the same on every run and every machine:
rounded numbers, and for each difference the tolerance that it stays below."""

import copy
import tempfile
from pathlib import Path

import numpy as np

from course_lib import layers
from course_lib.models import load_model
from course_lib.parity.engine import quiet_keras
from course_lib.parity.twins import keras_twin
from course_lib.text import numbers
from course_lib.text.tables import table

TOLERANCE = 1e-5
SHOWN_ROWS, SHOWN_COLUMNS = 8, 6


def relative_difference(ours, theirs):
    """Largest difference between two lists of arrays (or two arrays, two numbers), relative to their size.

        max over arrays of  max |a − b| / max |b|

    An array whose largest number is below a tenth of the largest of all is measured against that tenth: the gradient
    of a bias below a normalization is 0 but for rounding, and rounding has the size of what was added up.
    """
    ours, theirs = _as_list(ours), _as_list(theirs)
    if [a.shape for a in ours] != [b.shape for b in theirs]:
        raise ValueError(f"Shapes differ: {[a.shape for a in ours]} here, {[b.shape for b in theirs]} in Keras.")
    sizes = [np.abs(b).max(initial=0.0) for b in theirs]
    floor = max(0.1 * max(sizes, default=0.0), 1e-30)
    differences = [np.abs(a - b).max(initial=0.0) / max(size, floor) for a, b, size in zip(ours, theirs, sizes)]
    return float(np.max(differences, initial=0.0))


class Comparison:
    """What was compared: `rows` of (what, ours, Keras, relative difference). Shows itself as a table."""

    def __init__(self, rows, tolerance, note=""):
        self.rows, self.tolerance, self.note = rows, tolerance, note

    @property
    def differences(self):
        """{what: largest relative difference}, with all its digits."""
        return {what: difference for what, _, _, difference in self.rows}

    @property
    def agrees(self):
        return all(difference <= self.tolerance for difference in self.differences.values())

    def table(self):
        rows = []
        for what, ours, theirs, difference in self.rows:
            yes = difference <= self.tolerance  # not when it is NaN
            rows.append((what, ours, theirs, numbers.difference(difference, self.tolerance), "yes" if yes else "NO"))
        return table(("", "ours", "Keras", "largest difference", "agrees"), rows, right=(), note=self.note)

    def __repr__(self):
        return repr(self.table())

    def _repr_markdown_(self):
        return self.table()._repr_markdown_()


class SideBySide:
    """Outputs of two engines for the same rows, and their largest difference."""

    def __init__(self, ours, theirs, tolerance):
        self.ours, self.theirs, self.tolerance = ours, theirs, tolerance
        self.difference = relative_difference(ours, theirs)

    def table(self):
        rows = [(i, _numbers(a), _numbers(b)) for i, (a, b) in enumerate(zip(self.ours[:SHOWN_ROWS], self.theirs))]
        rows += [("…", "…", "…")] * (len(self.ours) > SHOWN_ROWS)
        verdict = f"largest difference {numbers.difference(self.difference, self.tolerance)}"
        if not self.difference <= self.tolerance:
            verdict += ": they do NOT agree"
        return table(("row", "ours", "Keras"), rows, right=(), note=verdict)

    def __repr__(self):
        return repr(self.table())

    def _repr_markdown_(self):
        return self.table()._repr_markdown_()


def side_by_side(ours, twin, x, tolerance=TOLERANCE):
    """Outputs of our model (or layer) and of its Keras twin for the rows of x, in inference mode."""
    return SideBySide(np.asarray(ours(x)), np.asarray(twin(np.asarray(x))), tolerance)


def compare(model, x, y, steps=100, batch_size=32, tolerance=TOLERANCE):
    """Train copies of a compiled model on both engines, from the same weights, on the same rows in the same order.

    Rows of the table: outputs in inference mode; loss and its gradient in training mode, for all of x; the weights
    after one step and after `steps` steps of the optimizer on batches of `batch_size` rows; the outputs of both models
    after saving and loading. `model` itself does not change.

    The numbers shown are L2 norms over all entries; a difference is the largest of any entry (`relative_difference`).
    Dropout is switched off in the copies, as each engine draws its own random numbers.
    """
    if model.optimizer is None:
        raise RuntimeError(f"{model.label} is not compiled: compare needs its loss and optimizer. Call compile first.")
    x, y = model.as_input(x), np.asarray(y)
    model.ensure_built(x.shape)
    ours = _fresh_copy(model)
    twin = keras_twin(ours)
    rows = []

    def add(what, a, b):
        rows.append((what, f"{_norm(a):.4g}", f"{_norm(b):.4g}", relative_difference(a, b)))

    add("outputs", ours(x), twin(x))
    loss, _ = ours.loss_and_gradient(x, y)
    keras_loss, keras_gradients = _keras_loss_and_gradients(twin, x, y)
    add("loss", loss, keras_loss)
    add("gradients", ours.gradients, keras_gradients)
    batch_size = min(batch_size, len(x))
    for step in range(steps):
        batch = np.arange(step * batch_size, (step + 1) * batch_size) % len(x)
        ours.train_on_batch(x[batch], y[batch])
        twin.train_on_batch(x[batch], y[batch])
        if step in (0, steps - 1):
            add("one step" if step == 0 else f"{steps} steps", ours.get_weights(), twin.get_weights())
    with tempfile.TemporaryDirectory() as folder:
        ours.save(Path(folder) / "ours.npz")
        twin.save(Path(folder) / "twin.keras")
        reloaded = load_model(Path(folder) / "ours.npz"), quiet_keras().saving.load_model(Path(folder) / "twin.keras")
    add("saved, reloaded", reloaded[0](x), reloaded[1](x))
    return Comparison(rows, tolerance)


def _fresh_copy(model):
    """A copy with an optimizer at its first step, and no dropout."""
    ours = copy.deepcopy(model)
    for layer in _layers(ours):
        if isinstance(layer, layers.Dropout):
            layer.rate = 0.0
    optimizer = type(model.optimizer)(**model.optimizer.get_config())
    ours.compile(optimizer, ours.loss, ours.tally.given)
    return ours


def _layers(layer):
    yield layer
    for inner in layer.sublayers:
        yield from _layers(inner)


def _keras_loss_and_gradients(twin, x, y):
    """Loss and gradients of a Keras model in training mode, without a step."""
    import tensorflow as tf

    with tf.GradientTape() as tape:
        loss = twin.compute_loss(x=x, y=y, y_pred=twin(x, training=True))
    gradients = tape.gradient(loss, twin.trainable_weights, unconnected_gradients="zero")
    return loss, [tf.convert_to_tensor(g) for g in gradients]


def _numbers(row):
    values = np.ravel(row)
    shown = [f"{v + 0.0:.3f}" for v in values[:SHOWN_COLUMNS].astype(float).round(3)]  # + 0.0: no "-0.000"
    return "  ".join(shown) + (" …" if values.size > SHOWN_COLUMNS else "")


def _norm(value):
    return np.sqrt(sum(float(np.square(a).sum()) for a in _as_list(value)))


def _as_list(value):
    return [np.asarray(v, float) for v in (value if isinstance(value, list) else [value])]
