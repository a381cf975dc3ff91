"""Optimizers with Keras's names and arguments; `optimizers.get("adam")` makes one by name.

To add one: write its file (a subclass of `Optimizer` with `slots` and `update`), and name it here in the registry. All
tests that go over optimizers take them from the registry, so the new one is at once held against Keras.
"""

from course_lib import left_out
from course_lib.optimizers import schedules
from course_lib.optimizers.adam import Adam, AdamW
from course_lib.optimizers.base import Optimizer
from course_lib.optimizers.rmsprop import RMSprop
from course_lib.optimizers.sgd import SGD
from course_lib.registry import Registry

registry = Registry("optimizers", "optimizer", Optimizer, [Adam, AdamW, RMSprop, SGD], spell=str.lower)


def get(identifier):
    """An optimizer from its name in any case, or its class; an optimizer stays itself."""
    if identifier is None:
        raise TypeError("optimizers.get got None; it needs a name such as 'adam', or an optimizer.")
    return registry.get(identifier.lower() if isinstance(identifier, str) else identifier)


__getattr__ = left_out.absent("optimizers")
