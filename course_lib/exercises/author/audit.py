"""The checks of the checks: what must hold for every exercise of the bank.

Each function takes an exercise and returns a list of sentences about what is wrong with it: empty when all is well.
`audit(exercise)` runs them all. They are used by the tests, and by `course check` when a new exercise is written.
"""

import contextlib
import copy
import functools
import itertools
import numbers as numeric
import re
import sys
import time

import numpy as np

from course_lib.exercises.author.mutants import mutants
from course_lib.exercises.judge import source
from course_lib.exercises.judge.budget import Budget
from course_lib.exercises.judge.verdict import judge


def verdict(q, answer):
    """The judgement alone: nothing recorded. A fault inside the checker is raised, not shown."""
    return judge(q, answer)


@contextlib.contextmanager
def hurried(q, seconds):
    """Inside, an answer is stopped after so many processor seconds, where many that never end are tried."""
    allowed, q.seconds = q.seconds, seconds
    try:
        yield
    finally:
        q.seconds = allowed


@functools.cache
def declared(q):
    """{name: (answer, its Result, processor seconds)} for the reference, each other right form, each mistake."""
    return {fn.__name__: (fn, *timed(q, fn)) for fn in [q.reference, *q.variants, *q.mistakes.values()]}


def timed(q, answer):
    """(Result, seconds of the processor): what a check takes where nothing else runs."""
    start = time.process_time()
    return verdict(q, answer), time.process_time() - start


def slow(q, seconds, times=25):
    """Whether a check took many times what the reference's takes now: a busy host makes every clock run fast."""
    return seconds > times * timed(q, q.reference)[1]


def right_forms(q):
    """The reference and every other right form are accepted."""
    results = {fn.__name__: declared(q)[fn.__name__][1] for fn in [q.reference, *q.variants]}
    return [f"The right answer {name} is not accepted: {r}" for name, r in results.items() if r.status != "right"]


def starter(q):
    """The starter compiles, is "not attempted", and so is one with `pass` or `raise NotImplementedError`."""
    said = []
    for body in ("...", "pass", "raise NotImplementedError", "raise NotImplementedError('to do')"):
        text = re.sub(r"\.\.\.$", body, q.starter, flags=re.MULTILINE)
        answer = source.defined(text, q.name, dict(vars(sys.modules[q.reference.__module__])))
        status = verdict(q, answer).status
        if status != "not attempted":
            said.append(f"The starter with the body {body!r} is {status!r}.")
    return said


def mistakes_named(q):
    """Each declared mistake is rejected under its own name and message, with a number beside it."""
    said = []
    for name, fn in q.mistakes.items():
        result = declared(q)[name][1]
        if result.status not in ("wrong", "error") or result.mistake != name:
            said.append(f"The mistake {name} is judged {result.status!r} and named {result.mistake!r}.")
        elif " ".join(fn.__doc__.split()) not in result.message:
            said.append(f"The message of the mistake {name} is not shown.")
        elif not any(c.isdigit() for c in result.message):
            said.append(f"The rejection of the mistake {name} has no number in it.")
    return said


def mistakes_differ(q):
    """On the fixed cases, each two mistakes differ from one another, and each from the reference."""
    cases = q.cases  # the random ones change with the answer: a difference there is luck
    outcomes = {"the reference": [q.expect(c) for c in cases]}
    outcomes |= {name: [q.run(fn, c) for c in cases] for name, fn in q.mistakes.items()}
    return [
        f"{a} and {b} give the same on every fixed case."
        for (a, left), (b, right) in itertools.combinations(outcomes.items(), 2)
        if all(x.agrees(y, c.tolerance) for x, y, c in zip(left, right, cases))
    ]


@functools.cache
def mutation(q):
    """(changes tried, those that no case notices). Plain functions only."""
    if isinstance(q.reference, type):
        return 0, []
    with hurried(q, 0.2):  # some changes make endless loops
        tried = mutants(q.reference)
        return len(tried), [text for text, fn in tried if not _noticed(q, fn) and verdict(q, fn).status == "right"]


def _noticed(q, fn):
    """Whether some case tells an answer from the reference: quicker than a whole verdict."""
    cases = q.all_cases(0) if not q.variants else ()
    return any(not q.run(fn, case, Budget(q.seconds)).agrees(q.expect(case), case.tolerance) for case in cases)


def mutants_killed(q):
    """Every mutant is rejected; each survivor stands, with its reason, in `equivalent_mutants`."""
    alive, reasons = mutation(q)[1], q.equivalent_mutants
    unheard = "No case notices the change {!r}. Add a case, or say in equivalent_mutants why it is no change."
    said = [unheard.format(text) for text in alive if text not in reasons]
    said += [f"equivalent_mutants lists {t!r}, which is rejected or does not arise." for t in reasons if t not in alive]
    return said + [f"equivalent_mutants gives no reason for {t!r}." for t, why in reasons.items() if len(why) < 12]


def lint(q):
    """Cases that tell: not square, one example, something extreme, defaults. Mistakes, hints and prompt are whole."""
    arrays = [a for c in q.cases for v in _inputs(c) for a in _arrays(v)]
    sizes = [_sizes(c) for c in q.cases]
    tables = [a.shape for a in arrays if a.ndim >= 2]
    comparable = [s for s in sizes if len(s) > 1]
    square = tables and all(len(set(shape)) == 1 for shape in tables)
    square = square or comparable and not any(len(set(s)) > 1 for s in comparable)
    scalars = [abs(float(x)) for a in arrays for x in a.ravel()]
    extreme = any(x >= 1e3 or 0 < x <= 1e-6 for x in scalars) or any(n == 0 or n >= 1000 for s in sizes for n in s)
    short = any(len(c.args) + len(c.kwargs) < len(q.parameters) for c in q.cases)
    example = q.prompt.partition("**Example.**")[2]
    faults = [
        (square, "All cases are square: let the sizes differ within a case."),
        (not any(1 in s for s in sizes), "No case has a single example (a batch of one)."),
        (not extreme, "No case is extreme: a number from 1,000 or up to a millionth, or something empty."),
        (getattr(q.reference, "__defaults__", None) and not short, "No case leaves the default arguments out."),
        (len(q.mistakes) < 4, f"{len(q.mistakes)} mistakes are declared; at least 4 are needed."),
        (len(q.hints) != 3 or not callable(q.hints[1]), "Three hints are needed: a nudge, a function "
         "that works out the numbers of a case, the line."),
        (not any(c.isdigit() for c in example), "The prompt's example has no numbers."),
        (not q.random_case, "There is no random case: a table of answers would pass."),
    ]  # fmt: skip
    for part in "**Goal.** **Given.** **Write** **Returns** **Example.** **Check**".split() + [f"`q.check({q.name})`"]:
        faults.append((part not in q.prompt, f"The prompt has no {part}."))
    for name, fn in q.mistakes.items():
        faults.append((not (fn.__doc__ or "").strip(), f"The mistake {name} has no docstring, so no message."))
        faults.append((not (fn.__doc__ or "").isascii(), f"The message of {name} is not plain ASCII."))
    return [sentence for at_fault, sentence in faults if at_fault]


def _arrays(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, tuple | list):
        return [a for v in value for a in _arrays(v)]
    if isinstance(value, np.ndarray | numeric.Number) and not isinstance(value, bool):
        return [np.asarray(value)]
    return []


def _inputs(case):
    """The inputs of a case; of one that holds rows, as an RDD does, the rows."""
    return [getattr(value, "rows", value) for value in [*case.args, *case.kwargs.values()]]


def _sizes(case):
    """Every length in a case: axes of arrays, lengths of lists, whole numbers themselves; those in dicts as well."""
    values = [v for value in _inputs(case) for v in _unpacked(value)]
    lengths = [len(v) for v in values if isinstance(v, tuple | list)] + [v for v in values if isinstance(v, int)]
    return lengths + [n for a in _arrays(values) for n in a.shape]


def _unpacked(value):
    """A value; a dict's values and the dicts of a list, as though they were arguments of their own."""
    if isinstance(value, dict):
        return [inner for v in value.values() for inner in _unpacked(v)]
    dicts = [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []
    return [value, *(inner for v in dicts for inner in _unpacked(v))]


def misbehaving(q):
    """Answers that loop, crash, return nothing or NaN, print, or wreck their inputs get a word, and in good time."""

    def endless(*args):
        while True:
            pass

    def wrecks(*args):
        answer = q.call(q.reference, *args)
        for value in args:
            if isinstance(value, np.ndarray):
                value += 1
            elif isinstance(value, list):
                value.append(value[0] if value else 0)
        return answer

    if isinstance(q.reference, type):
        return []
    wanted = [(endless, "error"), (lambda *args: args.no_such_thing, "error"), (lambda *args: None, "wrong")]
    wanted += [(lambda *args: np.full((2, 3), np.nan), "wrong"), (lambda *args: print("the answer is", 42), "wrong")]
    if not q.may_mutate and any(isinstance(v, np.ndarray | list) for c in q.cases for v in c.args):
        wanted.append((wrecks, "wrong"))
    said = []
    for i, (answer, status) in enumerate(wanted):
        with hurried(q, 0.1):
            result, seconds = timed(q, answer)
        if result.status != status or not any(c.isdigit() for c in result.message):
            said.append(f"Misbehaving answer {i + 1} is judged {result.status!r}: {result.message}")
        if seconds > 0.1 + 1 and slow(q, seconds):
            said.append(f"Misbehaving answer {i + 1} took {seconds:.1f} s.")
    return said


def quick(q, limit=1.0):
    """No check of a declared answer takes longer than a second; the first one pays for what is loaded only once."""
    said = []
    for name, (fn, _, seconds) in declared(q).items():
        if seconds > limit:
            seconds = min(seconds, timed(q, fn)[1])
        if seconds > limit and slow(q, seconds):
            said.append(f"Checking {name} took {seconds:.2f} s.")
    return said


def hints_speak(q):
    """Every hint can be had, for each case as the one that failed last."""
    told = [hint for hint in q.hints if callable(hint)]
    spoken = [(case.name, hint(*copy.deepcopy(case.args))) for hint in told for case in q.all_cases(0)]
    mute = [name for name, text in spoken if not any(c.isdigit() for c in text)]
    return [f"The hint with numbers has none for the case {name!r}." for name in mute]


CLAIMS = (right_forms, starter, mistakes_named, mistakes_differ, mutants_killed, lint, misbehaving, quick, hints_speak)


def audit(q):
    """Everything that is wrong with an exercise, as a list of sentences."""
    return [f"{q.id}: {sentence}" for claim in CLAIMS for sentence in claim(q)]
