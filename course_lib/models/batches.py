"""Where batches come from: arrays, a generator, a `PyDataset`, a `tf.data.Dataset`, whatever gives batches in turn.

`fit`, `evaluate` and `predict` see one thing only, `Batches`: the batches of one epoch after the other, each
`(x, y, weight)`. What a source offers tells what it is: TensorFlow, pandas or Torch need not be known here.
"""

import itertools
import warnings

from course_lib.utils import generator


class Batches:
    """The batches of one epoch after the other.

    begin: a function that starts a pass over the source and answers an iterator of `(x, y, weight)`.
    count: how many batches a pass has; None where nobody knows before its end.
    steps_per_epoch: how many batches an epoch has; None: an epoch is one pass.
    """

    def __init__(self, begin, count=None, steps_per_epoch=None):
        self.begin, self.count, self.steps_per_epoch = begin, count, steps_per_epoch
        self._rest = iter(())  # of the pass that the last epoch left unfinished

    @property
    def steps(self):
        """Batches an epoch, or None."""
        return self.steps_per_epoch or self.count

    def epoch(self):
        """The batches of the next epoch. With `steps_per_epoch` it goes on where the last one stopped."""
        return self.begin() if self.steps_per_epoch is None else self._steps()

    def _steps(self):
        for step in range(self.steps_per_epoch):
            batch = next(self._rest, None)
            if batch is None and step == 0:  # the last epoch ended with the pass, or there was none
                self._rest = self.begin()
                batch = next(self._rest, None)
            if batch is None:
                warnings.warn(
                    f"The data ended after {step} of {self.steps_per_epoch} steps of an epoch, which ends here. "
                    f"For a pass over all of it leave steps_per_epoch out.",
                    stacklevel=3,
                )
                return
            yield batch


def of_arrays(x, y=None, weight=None, size=32, shuffle=False, steps_per_epoch=None):
    """Rows of arrays, `size` at a time; `shuffle`: in a new order each pass."""

    def begin():
        order = generator().permutation(len(x)) if shuffle else None
        for start in range(0, len(x), size):
            rows = slice(start, start + size) if order is None else order[start : start + size]
            x_batch = x[rows] if order is None else x.take(rows, axis=0)  # the same, and faster than x[rows]
            yield x_batch, None if y is None else y[rows], None if weight is None else weight[rows]

    return Batches(begin, -(-len(x) // size), steps_per_epoch)


def of_source(source, ready, shuffle=False, steps_per_epoch=None):
    """Batches that a source gives; `ready(x, y, weight)` checks each and answers it as arrays.

    shuffle: batches that can be asked for by number come in a new order each pass; other sources keep their own.
    """

    def begin():
        return (ready(*_parts(batch)) for batch in _one_pass(source, shuffle))

    return Batches(begin, _count(source), steps_per_epoch)


def gives_batches(x):
    """Whether x is a source of batches, and not itself an array, a table, or a list of rows."""
    if hasattr(x, "__array__") or hasattr(x, "toarray") or isinstance(x, (list, tuple, range, str, bytes, dict)):
        return False
    return hasattr(x, "__iter__") or hasattr(x, "__getitem__")


def _one_pass(source, shuffle):
    count = _count(source)
    if not hasattr(source, "__getitem__") or count is None and not hasattr(source, "num_batches"):
        yield from source  # where it has no length and no __iter__ either, an IndexError ends it: Python's own rule
        return
    getattr(source, "on_epoch_begin", _nothing)()
    numbers = itertools.count() if count is None else range(count)
    for number in generator().permutation(count).tolist() if shuffle and count else numbers:
        yield source[number]
    getattr(source, "on_epoch_end", _nothing)()


def _count(source):
    if hasattr(source, "num_batches"):
        return source.num_batches
    try:
        return len(source)
    except TypeError:  # a generator, or a dataset without an end
        return None


def _parts(batch):
    """A batch as (x,), (x, y) or (x, y, weight)."""
    if not isinstance(batch, (tuple, list)):
        return (batch,)
    if not 1 <= len(batch) <= 3:
        raise ValueError(
            f"A batch with {len(batch)} parts was given; it must be a tuple (x,), (x, y) or (x, y, sample_weight), "
            f"each an array with one example a row."
        )
    return tuple(batch)


def _nothing():
    """For a source without hooks."""
