"""Which declared mistake is it? Found by running every mistake on the same cases and comparing what comes out.

A name is given only when the mistake agrees with the answer on every case, the right ones too. Less than that is a
note ("in each of the failing cases it looks like this"): rounding to the nearest number fails where rounding down
fails, and is another mistake. An answer that is always 0 agrees with many a mistake by coincidence, so the agreeing
values must differ among themselves.
"""

import numpy as np

from course_lib.exercises.judge.compare import numbers, same
from course_lib.exercises.judge.slips import early_return, mended
from course_lib.exercises.say.diagnosis import named, result_name, results
from course_lib.exercises.say.words import show


class Finding:
    """`names` of the mistakes that together explain every failing case (else empty), the `text` to show, and the trial
    that it speaks of (the first failing one if None)."""

    def __init__(self, names=(), text=None, trial=None):
        self.names, self.text, self.trial = tuple(names), text, trial


def recognize(attempt):
    """The Finding for an attempt, of which at least one trial fails."""
    q, trials, failing = attempt.q, attempt.trials, attempt.failing
    if text := early_return(attempt.fn):
        return Finding(["return_in_the_loop"], text)
    made = {name: {id(t): q.run(fn, t.case, names=attempt.names) for t in trials} for name, fn in q.mistakes.items()}
    fits = {name: [t for t in trials if t.is_like(outcome[id(t)])] for name, outcome in made.items()}
    for name, fitting in fits.items():
        if len(fitting) == len(trials) and telling(trials):
            return Finding([name], message(q, name))
    if found := result_by_result(q, trials, made):
        return found
    if found := mended(attempt):
        return Finding([found[0]] if found[0] else [], found[1])
    passing = len(trials) - len(failing)
    near = {n: some for n, some in fits.items() if 2 * sum(t.right for t in some) >= passing}
    return partly(q, failing, {n: [t for t in some if not t.right] for n, some in near.items()})


def message(q, name):
    return " ".join((q.mistakes[name].__doc__ or name).split())


def telling(trials):
    """Whether the values of these cases differ among themselves, so that agreeing with them means something."""
    if any(t.got.trouble or t.got.mutated for t in trials):
        return True
    values = set()
    for t in trials:
        array = numbers(t.got.value)
        values.update([show(t.got.value)] if array is None else np.unique(array).tolist())
    return len(values) > 1


def result_by_result(q, trials, made):
    """For a tuple of results, or a dict of them: each one that is ever wrong explained by a mistake of its own."""
    parts = [(t, results(t.expected.value, t.got.value)) for t in trials]
    first = trials[0].expected.value
    several = isinstance(first, tuple) or named([t.expected.value for t in trials])
    if not several or not all(pairs for _, pairs in parts):
        return None
    found, count = {}, len(first)
    for i in range(count):
        wrong = sum(not same(*pairs[i], t.case.tolerance) for t, pairs in parts)
        for name, outcome in made.items():
            if wrong > 1 and all(_explains(i, t, pairs[i][1], outcome[id(t)]) for t, pairs in parts):
                found.setdefault(i, name)
        if wrong and i not in found:
            return None
    texts = [f"{result_name(first, i)}: {message(q, name)}" for i, name in found.items()]
    return Finding(dict.fromkeys(found.values()), "\n".join(texts)) if found else None


def _explains(i, trial, got, outcome):
    """Whether a mistake's i-th result is the one that came. Results with names may depend on one another (what was
    sent, and how often); there it must change no other, so that two can come together."""
    theirs = results(trial.expected.value, outcome.value)
    if not theirs or not same(theirs[i][1], got, trial.case.tolerance):
        return False
    wrong = [j for j, pair in enumerate(theirs) if not same(*pair, trial.case.tolerance)]
    return wrong in ([], [i]) or isinstance(trial.expected.value, tuple)


def partly(q, failing, explained):
    """A note, no name: a mistake that explains two thirds of the failing cases, perhaps another for the rest. One that
    fails most of what the answer passes was not made, however well it fits the rest."""
    explained = {n: some for n, some in explained.items() if telling(some) and not all(t.got.trouble for t in some)}
    name = max(explained, key=lambda n: len(explained[n]), default=None)
    if name is None or 3 * len(explained[name]) < 2 * len(failing):
        return Finding()
    share = f"{len(explained[name])} of the {len(failing)} failing cases"
    if len(explained[name]) == len(failing):
        share = "every failing case"
    note = f"In {share} it looks like this: {message(q, name)}"
    rest = {id(t) for t in failing} - {id(t) for t in explained[name]}
    for other, some in explained.items():
        if rest and rest <= {id(t) for t in some}:
            note += f"\nIn the others like this: {message(q, other)}"
            break
    return Finding((), note, explained[name][0])
