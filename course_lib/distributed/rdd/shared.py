"""The two kinds of variables that tasks share with the driver: one to add to, one to read."""

import itertools

_shared = {}  # number -> variable: where a copy that travelled with a function finds the original
_numbers = itertools.count()


def _original(number):
    return _shared[number]


class _Shared:
    def __init__(self):
        self._number = next(_numbers)
        _shared[self._number] = self

    def __reduce__(self):
        return _original, (self._number,)


class Accumulator(_Shared):
    """Tasks add, the driver reads `value`. What a partition adds counts again each time it is computed again."""

    def __init__(self, value):
        super().__init__()
        self.value = value

    def add(self, term):
        self.value += term

    def __iadd__(self, term):
        self.add(term)
        return self


class Broadcast(_Shared):
    """A value sent to each machine once, instead of with each task; tasks read `value`."""

    def __init__(self, value):
        super().__init__()
        self.value = value
