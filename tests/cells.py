"""Answers as a learner writes them: in a cell of a notebook, where their source can be found."""

import numpy as np

from course_lib.exercises.judge.source import defined


def cell(text, name):
    """The object `name` after running a notebook cell with this text; its source can be found, as in a notebook."""
    return defined(text, name, {"np": np, "__name__": "__main__"})
