"""A layer is built once, however many threads ask for it at a time, and whatever strikes meanwhile."""

import functools
import threading

building = threading.RLock()  # two threads that predict on a new model build it once


def built_once(build):
    """`build` as everybody calls it: it checks the shape, leaves the layer built, and on a built layer makes nothing.

    A build that fails, or is interrupted, leaves no weights behind, so that the next one does not make them twice.
    """

    @functools.wraps(build)
    def build_once(self, input_shape):
        if self.built:
            return self.check_input(input_shape)
        with building:
            return build_first(self, input_shape)

    def build_first(self, input_shape):
        if self.built:  # by another thread, while this one waited
            return self.check_input(input_shape)
        self.check_rank(input_shape)
        before = len(self._variables)
        try:
            build(self, tuple(input_shape))
            self._require_attributes()
        except BaseException:
            del self._variables[before:]
            raise
        self.built, self.built_shape = True, (None, *input_shape[1:])

    return build_once


class NotYet:
    """Stands for what `Layer.__init__` sets, until it has."""

    def __set_name__(self, kind, name):
        self.name = name

    def __get__(self, layer, kind):
        raise AttributeError(
            f"{kind.__name__} has no {self.name!r} yet: let its __init__ begin with super().__init__(**kwargs)."
        )
