"""The two kinds of variables that tasks share with the driver: one to add to, one to read."""

import itertools
from collections.abc import Callable
from typing import Any

# number -> variable: where a copy that travelled with a function finds the original
_shared: "dict[int, _Shared]" = {}
_numbers = itertools.count()


def _original(number: int) -> "_Shared":
    return _shared[number]


class _Shared:
    def __init__(self) -> None:
        self._number = next(_numbers)
        _shared[self._number] = self

    def __reduce__(self) -> "tuple[Callable[[int], _Shared], tuple[int]]":
        return _original, (self._number,)


class Accumulator(_Shared):
    """Tasks add, the driver reads `value`. What a partition adds counts again each time it is computed again."""

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value

    def add(self, term: Any) -> None:
        self.value += term

    def __iadd__(self, term: Any) -> "Accumulator":
        self.add(term)
        return self


class Broadcast(_Shared):
    """A value sent to each machine once, instead of with each task; tasks read `value`."""

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value
