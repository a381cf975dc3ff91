"""Checked exercises: `q = exercise("training.neuron")`, then `q.check(neuron)`, `q.hint()`, `q.solution()`.

`Exercise` and `Case` are for those who write one; `progress.summary()` tells how far one is.
"""

from . import progress
from .bank import exercise, names
from .definition import Case, Exercise

__all__ = ["Case", "Exercise", "exercise", "names", "progress"]
