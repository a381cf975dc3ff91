"""Small helpers with Keras's names: one seed for everything random, one-hot labels."""

import numpy as np

from course_lib import left_out

_generator = None  # made at first use: importing numpy.random takes a fifth of NumPy's own time


def set_random_seed(seed):
    """Start the course's random numbers anew: initial weights, dropout masks, shuffling.

    As `keras.utils.set_random_seed`, for everything in course_lib that was not given a seed of its own.
    """
    global _generator
    _generator = np.random.default_rng(seed)


def generator(seed=None):
    """A `numpy.random.Generator`: the shared one, or a new one where a seed is given."""
    global _generator
    if seed is not None:
        return np.random.default_rng(seed)
    if _generator is None:
        _generator = np.random.default_rng()
    return _generator


def to_categorical(labels, num_classes=None):
    """Class numbers as one-hot rows: `to_categorical([2, 0], 3)` is `[[0, 0, 1], [1, 0, 0]]`, float32.

    `labels` has shape (…), the result (…, num_classes); without `num_classes` it is the largest label + 1.
    """
    labels = np.asarray(labels)
    num_classes = int(labels.max()) + 1 if num_classes is None else num_classes
    if labels.size and not 0 <= labels.min() <= labels.max() < num_classes:
        raise ValueError(
            f"to_categorical got labels from {labels.min()} to {labels.max()}; "
            f"with num_classes={num_classes} they must lie in 0 … {num_classes - 1}."
        )
    return np.eye(num_classes, dtype="float32")[labels.astype(int)]


class PyDataset:
    """Batches by number: a subclass writes `__len__`, how many, and `__getitem__(i)`, the i-th as `(x, y)`.

    `fit`, `evaluate` and `predict` take it as x, also where all data together would not fit into memory. An endless one
    writes `num_batches`, which returns None, in place of `__len__`.
    `workers`, `use_multiprocessing` and `max_queue_size` are there for Keras's sake: batches are made one by one.
    """

    def __init__(self, workers=1, use_multiprocessing=False, max_queue_size=10):
        self.workers, self.use_multiprocessing, self.max_queue_size = workers, use_multiprocessing, max_queue_size

    @property
    def num_batches(self):
        return len(self)

    def on_epoch_begin(self):
        """Called before the first batch of a pass."""

    def on_epoch_end(self):
        """Called after the last batch of a pass."""


Sequence = PyDataset  # its name in Keras 2


def reject_unknown(where, unknown, known, family=""):
    """Raise a TypeError that names an unknown keyword and the known one it resembles.

    What Keras knows and course_lib leaves out (`left_out.ARGUMENTS[family]`) passes where its value has no effect here;
    any other value gets the sentence that says why.
    """
    idle = left_out.ARGUMENTS.get(family, {})
    for name, value in unknown.items():
        if name not in idle:
            import difflib

            close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
            hint = f" Did you mean {close[0]!r}?" if close else f" It knows: {', '.join(sorted(known))}."
            raise TypeError(f"{where} got an unknown keyword {name!r}.{hint}")
        if not idle[name].accepts(value):
            raise TypeError(f"{where} got {name}={value!r}, which is left out here. {idle[name].sentence}")


def lookup(kind, identifier, table):
    """The entry of `table` called `identifier`, or a ValueError that lists names like it."""
    if identifier in table:
        return table[identifier]
    import difflib

    close = difflib.get_close_matches(str(identifier), table, n=3, cutoff=0.5)
    hint = f"Did you mean {' or '.join(repr(c) for c in close)}?" if close else f"Known: {', '.join(sorted(table))}."
    raise ValueError(f"Unknown {kind} {identifier!r}. {hint}")


__getattr__ = left_out.absent("utils")
