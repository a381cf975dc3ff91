"""What an exercise is: a reference, cases, hints, and the mistakes people make. One file of the bank holds one.

The file's docstring is the prompt (Markdown, its first line the title), the reference's source is the solution, its
signature and docstring make the starter. See `bank/training/neuron.py` for the pattern.
"""

import copy
import inspect
import sys
import traceback

import numpy as np

from course_lib.exercises import progress
from course_lib.exercises.judge import run as runner
from course_lib.exercises.judge import source
from course_lib.exercises.judge import verdict as judging
from course_lib.exercises.judge.admission import plain_call
from course_lib.exercises.judge.compare import TOLERANCE
from course_lib.exercises.say.result import Panel, Result
from course_lib.exercises.say.words import code, outline


class Case:
    """Named inputs: `Case("two rows", x, w, b)` calls `fn(x, w, b)`."""

    tolerance = None

    def __init__(self, name, /, *args, **kwargs):
        self.name, self.args, self.kwargs = name, args, kwargs

    def __deepcopy__(self, memo):
        args, kwargs = copy.deepcopy(self.args, memo), copy.deepcopy(self.kwargs, memo)
        return Case(self.name, *args, **kwargs).within(self.tolerance)

    def within(self, tolerance):
        """The same case, to be met more closely: for what float32 arithmetic would hide."""
        self.tolerance = tolerance
        return self

    def placed(self, signature, tolerance):
        """The same case with each keyword at its place in `signature`: a learner may give the arguments other names."""
        bound = signature.bind(*self.args, **self.kwargs)
        if bound.kwargs:  # one was left out before it
            bound.apply_defaults()
        return Case(self.name, *bound.args, **bound.kwargs).within(self.tolerance or tolerance)

    def named(self, parameters):
        """{argument name: value}, in the order of the call."""
        labels = [*parameters, *(f"argument {i + 1}" for i in range(len(parameters), len(self.args)))]
        return {**dict(zip(labels, self.args)), **self.kwargs}

    def given_to(self, fn):
        """The same case with `fn` as its first argument, as a property takes it."""
        return Case(self.name, fn, *self.args, **self.kwargs)


class Exercise:
    """One checked exercise.

    reference    the right answer, a function (or a class, with `call`)
    cases        fixed cases, the simplest first: what a learner reads when it fails
    tolerance    how near is right, as a share of the largest expected number
    random_case  rng -> tuple of arguments; `n_random` of them, seeded by the learner's own source
    hints        three: a nudge, the numbers, the line; a callable gets a case's arguments and returns text
    call         how an answer is used on a case, `call(answer, *args)`; for classes, optimizers, servers
    starter      the text to start from, where signature and docstring do not do
    equivalent_mutants   {change: why it is no change}, for the audit (see `audit.py`)
    """

    def __init__(
        self, reference, cases, random_case=None, hints=(), *, n_random=4, tolerance=TOLERANCE, call=None, starter=None,
        may_mutate=False, seconds=None, equivalent_mutants=None, id=None, prompt=None,
    ):  # fmt: skip
        module = sys.modules[reference.__module__]
        self.reference, self.random_case, self.n_random = reference, random_case, n_random
        self.id = id or ".".join(reference.__module__.split(".")[-2:])
        self.prompt = inspect.cleandoc(prompt or module.__doc__ or "")
        self.title = self.prompt.splitlines()[0].lstrip("# ").rstrip(".") if self.prompt else self.id
        self.name = reference.__name__
        self.hints, self.tolerance = list(hints), tolerance
        self.call, self.may_mutate, self.seconds = call or plain_call, may_mutate, seconds
        self.solution_source = source.solution_of(reference)
        self.starter = starter or source.starter_of(reference)
        self.signature = self._signature()
        self.parameters = list(self.signature.parameters)
        self.cases = [case.placed(self.signature, tolerance) for case in cases]
        self.mistakes, self.variants, self.properties = {}, [], []
        self.equivalent_mutants = dict(equivalent_mutants or {})
        self._hints_given, self._last_case = 0, None

    def _signature(self):
        if self.call is plain_call:
            return inspect.signature(self.reference)
        whole = inspect.signature(self.call)
        return whole.replace(parameters=list(whole.parameters.values())[1:])

    # --- the author's side ------------------------------------------------------------------------------------------

    def mistake(self, fn):
        """Declare a wrong answer; its docstring is what a learner reads who made it."""
        self.mistakes[fn.__name__] = fn
        return fn

    def also_right(self, fn):
        """Declare another right convention, accepted when every case agrees; its docstring is the note."""
        self.variants.append(fn)
        return fn

    def property(self, fn):
        """Declare `fn(answer, *args)`, true for any right answer; else it may return a sentence with the number."""
        self.properties.append(fn)
        return fn

    # --- the learner's side -----------------------------------------------------------------------------------------

    def check(self, fn=None):
        """Judge an answer. Returns a Result that shows itself; never raises."""
        result = self._judge(fn)
        progress.record(self.id, result.status, result.mistake)
        return result

    def hint(self, level=None):
        """The next hint, or a given one: 1 a nudge, 2 the numbers of the case that failed last, 3 the line."""
        if not self.hints:
            return Panel("HINT", self.title, "This exercise has none. `q.solution()` shows an answer.")
        if not isinstance(level, int):
            level = self._hints_given + 1
        level = min(max(level, 1), len(self.hints))
        self._hints_given = max(self._hints_given, level)
        progress.record(self.id, hint=level)
        text = self.hints[level - 1]
        if callable(text):
            case = self._last_case or self.cases[0]
            text = text(*copy.deepcopy(case.args), **copy.deepcopy(case.kwargs))
            origin = "the case that failed last" if self._last_case else "the first case"
            text = f'{text}\n(That is {origin}, "{case.name}".)'
        more = "`q.hint()` gives the next one." if level < len(self.hints) else "`q.solution()` shows an answer."
        return Panel(f"HINT {level} of {len(self.hints)}", self.title, text, more)

    def solution(self):
        """The reference's source."""
        progress.record(self.id, solution=True)
        return Panel("SOLUTION", self.title, "One right answer of several:", code=self.solution_source)

    def inputs(self):
        """The arguments of the case that failed last (else the first), to look into: `neuron(*q.inputs())`."""
        return copy.deepcopy((self._last_case or self.cases[0]).args)

    def use(self, fn=None):
        """The learner's function when it is right, else the reference, so that a notebook runs on."""
        if self._judge(fn):
            return fn
        print(f"{self.id}: from here on the course's own {self.name} is used, until yours passes q.check({self.name}).")
        return self.reference

    def buttons(self, fn):
        """Check, hint and solution as buttons; the function is looked up anew at each click."""
        from course_lib.exercises.buttons import buttons

        return buttons(self, fn)

    def __repr__(self):
        return f"{self.id} - {self.title}: q.check({self.name}), q.hint(), q.solution()"

    # --- for the judgement ------------------------------------------------------------------------------------------

    def _judge(self, fn):
        try:
            result = judging.judge(self, fn)
        except Exception as fault:  # a notebook must run on even when the checker is at fault; tests look for this word
            where = traceback.extract_tb(fault.__traceback__)[-1]
            said = f"The check itself failed: {type(fault).__name__}: {fault} ({where.name}, line {where.lineno})."
            said += " That is a fault of the course. Please report it with your code."
            return Result("error", self.title, said)
        if result or result.at:
            self._last_case = result.at
        return result

    def all_cases(self, seed):
        """The fixed cases, then random ones that depend on the seed alone."""
        yield from self.cases
        if self.random_case:
            rng = np.random.default_rng(seed)
            for i in range(self.n_random):
                yield Case(f"random case {i + 1}", *self.random_case(rng)).within(self.tolerance)

    def run(self, fn, case, budget=None, seed=0, names=None):
        call = plain_call if fn in self.properties else self.call
        may_mutate = self.may_mutate or fn in self.properties
        return runner.run(fn, case, call, names or self.parameters, may_mutate, budget, seed)

    def expect(self, case):
        return self.run(self.reference, case)

    def called(self, case, names=None):
        """The call as facts to show, so that it can be pasted: `neuron(x=np.array([[1., 2.]]), w=..., b=1.)`."""
        given = case.named(names or self.parameters)
        if list(self.signature.parameters) != list(inspect.signature(self.reference).parameters):
            return [("Run with", ", ".join(f"{name}={code(value)}" for name, value in given.items()))]
        text = f"{self.name}({', '.join(f'{name}={code(value)}' for name, value in given.items())})"
        if len(text) <= 400 and not any(map(inspect.ismethod, given.values())):  # a method has no name to paste
            return [("Called", text)]
        shapes = ", ".join(f"{name}={outline(value)}" for name, value in given.items())
        return [("Called", f"{self.name}(*q.inputs())"), ("Inputs", shapes)]
