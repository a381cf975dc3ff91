"""Checked exercises: `q = exercise("training.neuron")`, then `q.check(neuron)`, `q.hint()`, `q.solution()`.

`Exercise` and `Case` are for those who write one; `progress.summary()` tells how far one is.
"""

from course_lib.exercises import progress
from course_lib.exercises.bank import exercise, names
from course_lib.exercises.definition import Case, Exercise

__all__ = ["Case", "Exercise", "exercise", "names", "progress"]
