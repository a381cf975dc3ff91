"""Which declared mistake is it? Found by running every mistake on the same cases and comparing what comes out.

A name is given only when the mistake agrees with the answer on every case, the right ones too. Less than that is a
note ("in each of the failing cases it looks like this"): rounding to the nearest number fails where rounding down
fails, and is another mistake. An answer that is always 0 agrees with many a mistake by coincidence, so the agreeing
values must differ among themselves.

Most mistakes are ruled out by the first case that they are run on, so none is run on more than is asked.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from course_lib.exercises.judge.attempt import Attempt, Trial
from course_lib.exercises.judge.compare import numbers, same
from course_lib.exercises.judge.contract import Answer, Exercise
from course_lib.exercises.judge.run import Outcome
from course_lib.exercises.judge.slips import early_return, mended
from course_lib.exercises.say.diagnosis import named, result_name, results
from course_lib.exercises.say.words import show


class Finding:
    """`names` of the mistakes that together explain every failing case (else empty), the `text` to show, and the trial
    that it speaks of (the first failing one if None)."""

    def __init__(self, names: Iterable[str] = (), text: str | None = None, trial: Trial | None = None) -> None:
        self.names, self.text, self.trial = tuple(names), text, trial


def recognize(attempt: Attempt) -> Finding:
    """The Finding for an attempt, of which at least one trial fails."""
    q, trials, failing = attempt.q, attempt.trials, attempt.failing
    if text := early_return(attempt.fn):
        return Finding(["return_in_the_loop"], text)
    made = {name: Made(attempt, fn) for name, fn in q.mistakes.items()}
    if telling(trials):
        for name, mistake in made.items():
            if all(map(mistake.fits, [*failing, *attempt.passing])):
                return Finding([name], message(q, name))
    if found := result_by_result(q, trials, made):
        return found
    if mend := mended(attempt):
        return Finding([mend[0]] if mend[0] else [], mend[1])
    return partly(attempt, made)


class Made:
    """A mistake, made on those cases of an attempt that are asked for, and on each of them once."""

    def __init__(self, attempt: Attempt, fn: Answer) -> None:
        self.attempt, self.fn = attempt, fn
        self._outcomes: dict[Trial, Outcome] = {}

    def outcome(self, trial: Trial) -> Outcome:
        if trial not in self._outcomes:
            self._outcomes[trial] = self.attempt.q.run(self.fn, trial.case, names=self.attempt.names)
        return self._outcomes[trial]

    def fits(self, trial: Trial) -> bool:
        """Whether the answer gave the same on this case."""
        return trial.is_like(self.outcome(trial))

    def explains(self, misses: int) -> list[Trial]:
        """The failing cases that it explains, all but so many; empty where they are fewer, or do not mean anything. A
        mistake that fails most of what the answer passes was not made, however well it fits the rest."""
        some, passing = [], self.attempt.passing
        for trial in self.attempt.failing:
            if self.fits(trial):
                some.append(trial)
            elif (misses := misses - 1) < 0:
                return []
        means = telling(some) and not all(t.got.trouble for t in some)
        return some if means and 2 * sum(map(self.fits, passing)) >= len(passing) else []


def message(q: Exercise, name: str) -> str:
    return " ".join((q.mistakes[name].__doc__ or name).split())


def telling(trials: Sequence[Trial]) -> bool:
    """Whether the values of these cases differ among themselves, so that agreeing with them means something."""
    if any(t.got.trouble or t.got.mutated for t in trials):
        return True
    values: set[Any] = set()
    for t in trials:
        array = numbers(t.got.value)
        values.update([show(t.got.value)] if array is None else np.unique(array).tolist())
    return len(values) > 1


def result_by_result(q: Exercise, trials: Sequence[Trial], made: dict[str, Made]) -> Finding | None:
    """For a tuple of results, or a dict of them: each one that is ever wrong explained by a mistake of its own."""
    parts = [(t, results(t.expected.value, t.got.value)) for t in trials]
    first = trials[0].expected.value
    several = isinstance(first, tuple) or named([t.expected.value for t in trials])
    if not several or not all(pairs for _, pairs in parts):
        return None
    found, count = {}, len(first)
    for i in range(count):
        wrong = sum(not _agree(pairs[i], t) for t, pairs in parts)
        for name, mistake in made.items():
            if wrong > 1 and all(_explains(i, t, pairs[i][1], mistake.outcome(t)) for t, pairs in parts):
                found[i] = name
                break
        if wrong and i not in found:
            return None
    texts = [f"{result_name(first, i)}: {message(q, name)}" for i, name in found.items()]
    return Finding(dict.fromkeys(found.values()), "\n".join(texts)) if found else None


def _explains(i: int, trial: Trial, got: Any, outcome: Outcome) -> bool:
    """Whether a mistake's i-th result is the one that came. Results with names may depend on one another (what was
    sent, and how often); there it must change no other, so that two can come together."""
    theirs = results(trial.expected.value, outcome.value)
    if not theirs or not same(theirs[i][1], got, trial.case.tolerance):
        return False
    wrong = [j for j, pair in enumerate(theirs) if not _agree(pair, trial)]
    return wrong in ([], [i]) or isinstance(trial.expected.value, tuple)


def _agree(pair: tuple[Any, Any], trial: Trial) -> bool:
    return same(pair[0], pair[1], trial.case.tolerance)


def partly(attempt: Attempt, made: dict[str, Made]) -> Finding:
    """A note, no name: a mistake that explains two thirds of the failing cases, perhaps another for the rest."""
    q, failing = attempt.q, attempt.failing
    found = {name: mistake.explains(misses=len(failing) // 3) for name, mistake in made.items()}
    name = max(found, key=lambda name: len(found[name]), default=None)
    if name is None or not found[name]:
        return Finding()
    share = f"{len(found[name])} of the {len(failing)} failing cases"
    if len(found[name]) == len(failing):
        share = "every failing case"
    note = f"In {share} it looks like this: {message(q, name)}"
    rest = [t for t in failing if t not in found[name]]
    for other, mistake in made.items():
        if rest and all(map(mistake.fits, rest)) and mistake.explains(misses=len(failing)):
            note += f"\nIn the others like this: {message(q, other)}"
            break
    return Finding((), note, found[name][0])
