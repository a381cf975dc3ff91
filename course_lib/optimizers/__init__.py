"""Optimizers with Keras's names and arguments; `optimizers.get("adam")` makes one by name."""

from course_lib import left_out
from course_lib.optimizers import schedules
from course_lib.optimizers.adam import Adam
from course_lib.optimizers.base import Optimizer
from course_lib.optimizers.sgd import SGD
from course_lib.utils import lookup

_BY_NAME = {"sgd": SGD, "adam": Adam}


def get(identifier):
    """An optimizer from its name, or the optimizer given."""
    if isinstance(identifier, Optimizer):
        return identifier
    if isinstance(identifier, str):
        return lookup("optimizer", identifier.lower(), _BY_NAME)()
    raise ValueError(f"optimizers.get got {identifier!r}; it takes a name ({', '.join(_BY_NAME)}) or an Optimizer.")


__getattr__ = left_out.absent("optimizers")
