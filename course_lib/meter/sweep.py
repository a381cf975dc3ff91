"""Batch size against latency and throughput, for any way to call a model."""

import numpy as np

from course_lib.meter.latency import measure
from course_lib.text import tables
from course_lib.text.numbers import duration, rounded


class Sweep:
    """What a sweep found: `batch_sizes`, and for each its `Latencies`; `latency` (median, seconds) and
    `items_per_second` as arrays."""

    def __init__(self, batch_sizes, latencies):
        self.batch_sizes, self.latencies = list(batch_sizes), list(latencies)
        self.latency = np.array([found.p50 for found in self.latencies])
        self.items_per_second = np.array([found.throughput for found in self.latencies])

    def table(self, digits=3):
        """A row for each batch size."""
        head = ["batch", "p50", "p99", "p50 a row", "items/s"]
        rows = [
            [f"{n:,}", *(duration(t, digits) for t in (found.p50, found.p99, found.p50 / n)), rounded(rate, digits)]
            for n, found, rate in zip(self.batch_sizes, self.latencies, self.items_per_second)
        ]
        return tables.table(head, rows, right=range(len(head)))

    def __repr__(self):
        return repr(self.table())

    def _repr_markdown_(self):
        return self.table()._repr_markdown_()


def sweep(call, rows, batch_sizes=(1, 4, 16, 64, 256, 1024), **options):
    """Measure `call(batch)` for batches of each size, cut from `rows` (again from the top where they run out).

    options: those of `measure`, above all `seconds` (for each batch size). Returns a `Sweep`. Cutting the batch is not
    measured; turning it into what an engine wants, a tensor, is: callers have arrays.
    """
    rows = np.asarray(rows)
    if not len(batch_sizes) or min(batch_sizes) < 1:
        raise ValueError(f"sweep got batch_sizes={batch_sizes!r}; it needs sizes of 1 or more.")
    found = []
    for n in batch_sizes:
        batch = rows[np.arange(n) % len(rows)]
        found.append(measure(call, batch, items=n, **options))
    return Sweep(batch_sizes, found)


def ways(model, twin):
    """Four ways to the same answer, as {name: function of a batch -> array}: our model, and its Keras twin called by
    `predict`, as a function, and as a compiled graph.

    `predict` gets the whole batch at once (its default would cut it into 32s). The graph takes any number of rows, so
    that it is traced once. All give a NumPy array, for whoever asks wants one.
    """
    import tensorflow as tf

    dtype = "int32" if model.accepts_integers else model.dtype.name
    signature = tf.TensorSpec((None, *model.built_shape[1:]), dtype)
    graph = tf.function(lambda x: twin(x, training=False), input_signature=[signature])
    return {
        "course_lib": model,
        "tf.function": lambda x: graph(x).numpy(),
        "model(x)": lambda x: twin(x, training=False).numpy(),
        "model.predict": lambda x: twin.predict(x, batch_size=len(x), verbose=0),
    }
