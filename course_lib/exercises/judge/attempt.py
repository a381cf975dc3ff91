"""An answer under judgement: what it gave on each case, and what its calls may still cost."""

import time
from collections.abc import Sequence

from course_lib.exercises.judge import source
from course_lib.exercises.judge.admission import names_of
from course_lib.exercises.judge.budget import Budget
from course_lib.exercises.judge.contract import Answer, Case, Exercise
from course_lib.exercises.judge.run import Outcome

SECONDS = 0.75  # of the processor, for all calls of one check together
TIMES = 20  # or so many times what the reference takes, where that is more: on a busy host its clock runs fast, too


class Trial:
    """One case with what the reference and the learner's function made of it."""

    def __init__(self, case: Case, expected: Outcome, got: Outcome) -> None:
        self.case, self.expected, self.got = case, expected, got
        self.right = self.fits(got)

    def fits(self, outcome: Outcome) -> bool:
        """Whether another outcome of this case is the expected one."""
        return outcome.agrees(self.expected, self.case.tolerance)

    def is_like(self, outcome: Outcome) -> bool:
        """Whether another outcome of this case is what the learner's function gave."""
        return self.got.agrees(outcome, self.case.tolerance)


class Attempt:
    """The trials of an answer so far, and its budget."""

    def __init__(self, q: Exercise, fn: Answer) -> None:
        self.q, self.fn = q, fn
        self.names: Sequence[str] = names_of(q, fn)
        self.trials: list[Trial] = []
        self.seed = source.seed_of(q.id, fn)
        self.budget, self.calls = Budget(q.seconds or SECONDS), 0
        self._reference = 0.0  # seconds of the processor that it has taken

    def run(self, case: Case, fn: Answer | None = None, seed: int | None = None) -> Outcome:
        self.calls += 1
        return self.q.run(fn or self.fn, case, self.budget, self.seed if seed is None else seed, self.names)

    def try_case(self, case: Case) -> Trial:
        expected, seconds = self._expect(case)
        if TIMES * seconds > SECONDS:  # what is loaded at the first call is no part of it
            seconds = min(seconds, self._expect(case)[1])
        self._reference += seconds
        self.budget.seconds = max(self.budget.seconds, TIMES * self._reference)
        self.trials.append(Trial(case, expected, self.run(case)))
        return self.trials[-1]

    def _expect(self, case: Case) -> tuple[Outcome, float]:
        begun = time.thread_time()
        return self.q.expect(case), time.thread_time() - begun

    def called(self, trial: Trial) -> list[tuple[str, str]]:
        return self.q.called(trial.case, self.names)

    @property
    def failing(self) -> list[Trial]:
        return [t for t in self.trials if not t.right]

    @property
    def passing(self) -> list[Trial]:
        return [t for t in self.trials if t.right]
