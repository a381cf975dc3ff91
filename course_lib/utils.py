"""Small helpers with Keras's names: one seed for everything random, one-hot labels, rows of one length."""

import math
import sys

import numpy as np

from course_lib import left_out
from course_lib.text.words import short

_generator = None  # made at first use: importing numpy.random takes a fifth of NumPy's own time


class DocstringsMissing(RuntimeError):
    """Python was started so that it drops docstrings; the message says how to start it."""


def demand_docstrings(who):
    """Raise DocstringsMissing where `who`, who reads docstrings, would find none."""
    if sys.flags.optimize > 1:
        raise DocstringsMissing(
            f"{who} read docstrings, which Python drops when it is started with -OO or PYTHONOPTIMIZE=2. "
            f"Start it without, and restart the kernel."
        )


def set_random_seed(seed):
    """Start all random numbers anew: the course's (initial weights, dropout masks, shuffling), NumPy's and Python's.

    As `keras.utils.set_random_seed`; the course's count for everything in course_lib that was not given a seed of its
    own. A whole number from 0 to 2³² − 1.
    """
    global _generator
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or not 0 <= seed < 2**32:
        raise ValueError(f"set_random_seed got {short(seed)}; it needs a whole number from 0 to 2**32 - 1.")
    import random

    random.seed(int(seed))
    np.random.seed(seed)
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

    `labels` has shape (…) or (…, 1), the result (…, num_classes); without `num_classes` it is the largest label + 1.
    """
    labels = np.asarray(labels)
    if labels.ndim > 1 and labels.shape[-1] == 1:
        labels = labels[..., 0]
    if num_classes is None and not labels.size:
        raise ValueError(
            "to_categorical got no labels, so it cannot tell how many classes there are: give num_classes."
        )
    num_classes = int(labels.max()) + 1 if num_classes is None else num_classes
    if labels.size and not 0 <= labels.min() <= labels.max() < num_classes:
        raise ValueError(
            f"to_categorical got labels from {labels.min()} to {labels.max()}; "
            f"with num_classes={num_classes} they must lie in 0 … {num_classes - 1}."
        )
    return np.eye(num_classes, dtype="float32")[labels.astype(int)]


def pad_sequences(sequences, maxlen=None, dtype="int32", padding="pre", truncating="pre", value=0.0):
    """Sequences of different lengths as the rows of one array, (n, maxlen, …): `pad_sequences([[1], [2, 3]])` is
    `[[0, 1], [2, 3]]`.

    Args:
        maxlen: length of the rows; that of the longest sequence where it is left out.
        padding: "pre" or "post": where `value` fills up a short one. truncating: which end of a long one is cut.
    """
    for name, end in (("padding", padding), ("truncating", truncating)):
        if end not in ("pre", "post"):
            raise ValueError(f"pad_sequences got {name}={short(end)}; it knows 'pre' and 'post'.")
    for row, sequence in enumerate(sequences):
        if not hasattr(sequence, "__len__"):
            raise ValueError(
                f"pad_sequences got {short(sequence)} as row {row}; each row is a sequence, a list or an array."
            )
    maxlen = max(map(len, sequences), default=0) if maxlen is None else maxlen
    example = next((np.shape(sequence)[1:] for sequence in sequences if len(sequence)), ())
    rows = np.full((len(sequences), maxlen, *example), value, dtype)
    for row, sequence in zip(rows, sequences):
        start = max(len(sequence) - maxlen, 0) if truncating == "pre" else 0
        kept = sequence[start : start + maxlen]
        if len(kept):
            row[slice(maxlen - len(kept), None) if padding == "pre" else slice(len(kept))] = kept
    return rows


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


def aligned_zeros(shape, dtype):
    """Zeros that begin on a border of 64 bytes, where NumPy's arithmetic in place is up to a quarter faster."""
    dtype = np.dtype(dtype)
    size = math.prod(shape) * dtype.itemsize
    raw = np.zeros(size + 64, np.uint8)
    start = -raw.ctypes.data % 64
    return raw[start : start + size].view(dtype).reshape(shape)


def arguments(function):
    """{name: default} of what a function or a class takes; with those of a base class that it hands `**kwargs` to."""
    import inspect  # only where a config or an error asks for it

    makers = [function]
    if isinstance(function, type):
        makers = [vars(base)["__init__"] for base in function.__mro__[:-1] if "__init__" in vars(base)]
    found = {}
    for maker in makers:
        parameters = inspect.signature(maker).parameters.values()
        for parameter in parameters:
            if parameter.name != "self" and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                found.setdefault(parameter.name, parameter.default)
        if all(parameter.kind is not parameter.VAR_KEYWORD for parameter in parameters):
            break
    return found


def reject_unknown(where, unknown, known, family=""):
    """Raise a TypeError that names an unknown keyword and the known ones it resembles.

    `known`: the names, or the function or class whose arguments they are.
    What Keras knows and course_lib leaves out (`left_out.ARGUMENTS[family]`) passes where its value has no effect here;
    any other value gets the sentence that says why.
    """
    idle = left_out.ARGUMENTS.get(family, {})
    for name, value in unknown.items():
        if name not in idle:
            known = arguments(known) if callable(known) else known
            raise TypeError(f"{where} got an unknown keyword {short(name)}. {_suggestion(name, known, 'It knows')}")
        if not idle[name].accepts(value):
            raise TypeError(f"{where} got {name}={short(value)}, which is left out here. {idle[name].sentence}")


def lookup(kind, identifier, table):
    """The entry of `table` called `identifier`, or a ValueError that lists names like it."""
    if isinstance(identifier, str) and identifier in table:
        return table[identifier]
    said = identifier if isinstance(identifier, str) else short(identifier)
    raise ValueError(f"Unknown {kind} {short(identifier)}. {_suggestion(said, table, 'Known')}")


def _suggestion(name, known, otherwise):
    """The known names that resemble `name` most, all that do so about equally (beta: beta_1 or beta_2)."""
    import difflib

    name = name[:60]  # of a long text the likeness would take minutes, and say nothing
    likeness = {k: difflib.SequenceMatcher(None, name, k).ratio() for k in known}
    plain = {}  # of one name in several spellings (Adam, adam) the one most like the given
    for k in sorted(known, key=lambda k: (-likeness[k], k)):
        plain.setdefault(k.replace("_", "").lower(), k)
    folded = {
        k: max(likeness[k], difflib.SequenceMatcher(None, name.lower(), k.lower()).ratio()) for k in plain.values()
    }
    best = max(folded.values(), default=0.0)
    close = [repr(k) for k in folded if folded[k] >= max(0.5, best - 0.05)][:3]
    return f"Did you mean {' or '.join(close)}?" if close else f"{otherwise}: {', '.join(sorted(known))}."


__getattr__ = left_out.absent("utils")
