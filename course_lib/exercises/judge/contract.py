"""What the judge asks of an exercise and its cases; `exercises/definition.py` has the classes."""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from course_lib.exercises.judge.budget import Budget
from course_lib.exercises.judge.run import Outcome

Answer = Callable[..., Any]  # a function, or a class where one is asked for


class Case(Protocol):
    """Named inputs of one call."""

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    tolerance: float

    def named(self, parameters: Iterable[str]) -> dict[str, Any]: ...

    def given_to(self, fn: Answer) -> "Case": ...


class Exercise(Protocol):
    """A reference, the mistakes people make, and how an answer is run."""

    id: str
    title: str
    name: str
    starter: str
    seconds: float | None
    reference: Answer
    call: Answer
    signature: inspect.Signature
    parameters: list[str]
    cases: Sequence[Case]
    mistakes: Mapping[str, Answer]
    variants: Sequence[Answer]
    properties: Sequence[Answer]

    def all_cases(self, seed: int) -> Iterator[Case]: ...

    def run(
        self, fn: Answer, case: Case, budget: Budget | None = None, seed: int = 0, names: Sequence[str] | None = None
    ) -> Outcome: ...

    def expect(self, case: Case) -> Outcome: ...

    def called(self, case: Case, names: Sequence[str] | None = None) -> list[tuple[str, str]]: ...
