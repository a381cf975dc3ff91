"""What is counted while batches go by: the mean loss, and the metrics that `compile` was given."""

import contextlib
import copy
import threading

from course_lib import metrics as metrics_module
from course_lib.text.words import short

_asking = threading.Lock()  # two threads may ask at once whether a tally is free


class Tally:
    """The loss and the metrics over all batches since it was reset.

    where: who names itself in errors. metrics: as `compile` takes them; weighted_metrics: those that heed the weights.
    """

    def __init__(self, where, metrics=None, weighted_metrics=None):
        self.given = _list_of_metrics(where, "metrics", metrics)
        self.given_weighted = _list_of_metrics(where, "weighted_metrics", weighted_metrics)
        self.metrics = None  # which accuracy is meant, the first batch will tell
        self._counts = False
        self.reset()

    def reset(self):
        """Forget the batches seen so far."""
        self.loss = metrics_module.Mean("loss")
        for metric in self.metrics or []:
            metric.reset_state()

    @contextlib.contextmanager
    def counting(self):
        """A tally that begins at nothing: this one, or a copy where this one is counting already.

        So threads can evaluate one model at once, or a callback evaluate while `fit` counts, each with its own numbers.
        """
        with _asking:
            free, self._counts = not self._counts, True
        tally = self if free else copy.deepcopy(self)
        try:
            tally.reset()
            yield tally
        finally:
            if free:
                self._counts = False

    def __getstate__(self):
        return {**vars(self), "_counts": False}  # whoever counts with this one does not count with its copy

    def update(self, value, y_pred, y, weight):
        """One batch more: its loss, predictions, labels, and the weights of its examples."""
        if self.metrics is None:
            self.metrics = [metrics_module.resolve(m, y, y_pred) for m in [*self.given, *self.given_weighted]]
        self.loss.update_state(value, sample_weight=len(y))
        for place, metric in enumerate(self.metrics):
            metric.update_state(y, y_pred, weight if place >= len(self.given) else None)

    @property
    def batches_seen(self):
        return self.loss.count > 0

    @property
    def names(self):
        """The names of the numbers; one that comes again gets `_1`, or `weighted_` among the weighted, as in Keras."""
        names = ["loss"]
        metrics = self.metrics or [metrics_module.get(m) for m in [*self.given, *self.given_weighted]]
        for place, name in enumerate(metric.name for metric in metrics):
            if name in names and place >= len(self.given):
                name = f"weighted_{name}"
            numbered, again = name, 0
            while numbered in names:
                again += 1
                numbered = f"{name}_{again}"
            names.append(numbered)
        return names

    def logs(self):
        """{name: number}."""
        numbers = [self.loss.result(), *(metric.result() for metric in self.metrics or [])]
        return dict(zip(self.names, numbers))


def _list_of_metrics(where, name, given):
    if isinstance(given, str):
        raise TypeError(f"{where} got {name}={short(given)}; it takes a list: {name}=[{short(given)}].")
    for metric in given or []:
        metrics_module.get(metric)  # raises where it is none
    return list(given or [])
