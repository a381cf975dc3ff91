"""The checker itself: what it says, what it survives, what it leaves untouched."""

import copy
import functools
import random
import re
import sys
import threading
import time
from fractions import Fraction

import numpy as np
import pytest

from course_lib.exercises import Case, Exercise, exercise, names, progress
from course_lib.exercises.author import audit
from course_lib.exercises.judge import slips
from course_lib.exercises.judge.compare import numbers, same
from course_lib.exercises.judge.source import defined
from course_lib.exercises.say.diagnosis import Call, diagnose, difference
from course_lib.exercises.say.result import Result
from course_lib.exercises.say.words import code


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "kept" / "progress.json"))
    return tmp_path / "kept" / "progress.json"


@pytest.fixture
def q():
    q = exercise("training.neuron")
    q._hints_given, q._last_case = 0, None
    return q


# --- outcomes ---------------------------------------------------------------------------------------------------


def test_right_answer_is_right_and_true(q):
    result = q.check(lambda x, w, b: np.maximum(x @ w + b, 0))
    assert result.status == "right" and result and result.mistake is None and result.case is None


def test_untouched_starter_is_not_attempted_and_false(q):
    def neuron(x, w, b):
        """Its docstring stays."""
        ...

    def with_pass(x, w, b):
        pass

    def with_error(x, w, b):
        raise NotImplementedError("write it")

    assert [q.check(f).status for f in (neuron, with_pass, with_error)] == ["not attempted"] * 3
    assert not q.check(neuron)


def test_a_starter_of_the_authors_own_is_not_attempted_while_unchanged():
    def area(r):
        """Area of a circle."""
        return 3.141592653589793 * r**2

    q = Exercise(
        area,
        [Case("one", 1.0), Case("two", 2.0)],
        id="test.area",
        prompt="Area",
        starter='def area(r):\n    """Area."""\n    result = None\n    return result',
    )

    def untouched(r):
        result = None
        return result

    untouched.__name__ = "area"
    assert q.check(_renamed(untouched, "area")).status == "not attempted"
    assert q.check(area).status == "right"


def _renamed(fn, name):
    """A function whose source has this name, as if it stood in a cell of a notebook."""
    import inspect
    import textwrap

    text = textwrap.dedent(inspect.getsource(fn)).replace(f"def {fn.__code__.co_name}(", f"def {name}(")
    return cell(text, name)


def cell(text, name):
    """The object `name` after running a notebook cell with this text; its source can be found, as in a notebook."""
    return defined(text, name, {"np": np, "__name__": "__main__"})


@pytest.mark.parametrize(
    "passed, words",
    [
        ((), "Pass your function"),
        ((None,), "Pass your function"),
        ((5,), "the number 5"),
        (("neuron",), "the text 'neuron'"),
        ((np.zeros((3, 2)),), "an array of shape (3, 2)"),
        (([1, 2],), "without brackets"),
        ((object(),), "an object of the class object"),
        ((dict,), "the class dict"),
        ((Result,), "a function is asked for"),
    ],
)
def test_what_is_no_function_gets_a_clear_sentence(q, passed, words):
    result = q.check(*passed)
    assert result.status in ("not attempted", "error")
    assert words in str(result)
    assert "fault of the course" not in str(result)


def test_an_object_that_can_be_called_is_judged_and_told_apart(q):
    class Neuron:
        def __init__(self, sign=1):
            self.sign = sign

        def __call__(self, x, w, b):
            return self.sign * np.maximum(x @ w + b, 0)

    assert q.check(Neuron()).status == "right"
    assert "object of the class Neuron" in q.check(Neuron(-1)).message


def test_wrong_number_of_arguments_is_said_before_any_call(q):
    result = q.check(lambda x: x)
    assert result.status == "error"
    assert "takes (x)" in result.message and "(x, w, b)" in result.message and "3 argument" in result.message


def test_a_fault_of_the_checker_is_shown_and_not_raised(q, monkeypatch):
    monkeypatch.setattr("course_lib.exercises.judge.verdict.judge", lambda q, fn: 1 / 0)
    result = q.check(q.reference)
    assert result.status == "error" and "fault of the course" in result.message


def test_nothing_that_learners_raise_gets_out(q):
    def leaves(x, w, b):
        raise SystemExit(3)

    def interrupts(x, w, b):
        raise KeyboardInterrupt

    def strange(x, w, b):
        class Odd:
            __eq__ = __len__ = __iter__ = None

        return Odd()

    for fn in (leaves, interrupts, strange, lambda x, w, b: neuron_recursion(x, w, b)):
        result = q.check(fn)
        assert result.status in ("wrong", "error") and "fault of the course" not in result.message


def neuron_recursion(x, w, b):
    return neuron_recursion(x, w, b) + 1


# --- endless and slow -------------------------------------------------------------------------------------------


def endless(x, w, b):
    while True:
        pass


def stubborn(x, w, b):
    while True:
        try:
            sorted([3, 1, 2])
        except:  # noqa: E722
            pass


def doubly_stubborn(x, w, b):
    while True:
        try:
            try:
                sum(x)
            except BaseException:
                continue
            finally:
                len(w)
        except:  # noqa: E722
            continue


def sleeping(x, w, b):
    time.sleep(3)


@pytest.mark.parametrize("answer", [endless, stubborn, doubly_stubborn, sleeping])
def test_endless_loop_is_stopped_within_about_a_second(q, answer):
    start = time.perf_counter()
    result = q.check(answer)
    seconds = time.perf_counter() - start
    assert result.status == "error" and "Stopped after 0.75 s: does the loop end?" in result.message
    assert seconds < 1.6  # 0.75 s for the call and at most 0.2 s to end it; the rest is for busy machines


def test_stopped_loops_are_gone_and_do_not_run_on_behind_the_notebook(q, monkeypatch):
    monkeypatch.setattr(q, "seconds", 0.1)
    for answer in (endless, stubborn, doubly_stubborn):
        result = q.check(answer)
        if "still runs in the background" in result.message:  # a busy machine: then a moment later
            time.sleep(2)
        codes = {frame.f_code for frame in sys._current_frames().values()}
        assert answer.__code__ not in codes


def test_works_outside_the_main_thread(q):
    results = []
    worker = threading.Thread(target=lambda: results.extend([q.check(q.reference), q.check(endless)]))
    worker.start()
    worker.join()
    assert [r.status for r in results] == ["right", "error"]


def test_many_slow_calls_share_one_budget(q):
    def slow(x, w, b):
        time.sleep(0.2)
        return np.maximum(x @ w + b, 0)

    start = time.perf_counter()
    result = q.check(slow)
    assert result.status == "error" and "too long" in result.message
    assert any(f"in call {n}" in result.message for n in (2, 3, 4))
    assert time.perf_counter() - start < 1.6


def test_a_stop_that_strikes_inside_a_destructor_is_not_reported_as_a_fault(q, monkeypatch):
    """Python hands what is raised in there to `sys.unraisablehook`; only what is not our own may arrive."""
    told = []
    monkeypatch.setattr(sys, "unraisablehook", told.append)

    class Last:
        def __del__(self):
            linger()

    def linger():
        until = time.monotonic() + 0.01
        while time.monotonic() < until:
            pass

    class Broken:
        def __del__(self):
            raise KeyError("the learner's own")

    def destructors(x, w, b):
        Broken()
        while True:
            Last()
            linger()

    monkeypatch.setattr(q, "seconds", 0.1)
    result = q.check(destructors)
    assert result.status == "error" and "Stopped after" in result.message
    assert told and {args.exc_type for args in told} == {KeyError}


def test_without_threads_answers_are_judged_all_the_same(q, monkeypatch):
    def none(*_):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("_thread.start_new_thread", none)
    assert q.check(q.reference).status == "right"
    assert q.check(lambda x, w, b: x @ w + b).mistake == "no_activation"


def test_a_generator_is_no_list_and_is_not_run_through(q):
    def forever(x, w, b):
        while True:
            yield 1.0

    assert "returned a generator" in q.check(forever).message
    lazy = q.check(lambda x, w, b: (max(z, 0) for z in x @ w + b))
    assert lazy.status == "wrong" and "Make a list of it" in lazy.message and " at 0x" not in lazy.message
    assert "returned a dict_values" in q.check(lambda x, w, b: dict(enumerate(x @ w)).values()).message


# --- what must stay untouched -----------------------------------------------------------------------------------


def test_random_state_of_the_notebook_is_given_back(q):
    np.random.seed(1)
    random.seed(1)
    expected = np.random.rand(), random.random()
    np.random.seed(1)
    random.seed(1)

    def noisy(x, w, b):
        np.random.seed(99)
        return np.random.rand(len(x)) + random.random()

    q.check(noisy)
    assert (np.random.rand(), random.random()) == expected


def test_prints_and_warnings_are_caught(q, capsys, recwarn):
    def loud(x, w, b):
        import sys
        import warnings

        print("to the screen")
        print("to the other", file=sys.stderr)
        warnings.warn("careful", stacklevel=1)
        np.log(np.array([-1.0, 0.0]))
        return np.maximum(x @ w + b, 0)

    assert q.check(loud).status == "right"
    assert capsys.readouterr() == ("", "") and len(recwarn) == 0


def test_inputs_are_copies_and_changing_them_is_named_with_numbers(q):
    kept = [np.copy(v) for c in q.cases for v in c.args]

    def in_place(x, w, b):
        x *= w
        return np.maximum(x.sum(axis=1) + b, 0)

    result = q.check(in_place)
    assert result.status == "wrong" and "The result is right." in result.message
    assert "changes its argument `x`" in result.message and "before the call 1, after it 2" in result.message
    assert all(np.array_equal(a, b) for a, b in zip(kept, [v for c in q.cases for v in c.args]))


def test_may_mutate_allows_it():
    def add_one(x):
        """Add one in place."""
        x += 1
        return x

    cases = [Case("two", np.array([1.0, 2.0]))]
    assert (
        Exercise(add_one, cases, id="t.add", prompt="Add", may_mutate=True).check(lambda x: add_one(x)).status
        == "right"
    )


# --- guessing and hard-coding -----------------------------------------------------------------------------------


def test_a_table_of_answers_is_rejected(q):
    table = {repr(c.args): q.expect(c).value for c in q.cases}
    result = q.check(lambda x, w, b: table.get(repr((x, w, b)), np.zeros(len(x))))
    assert result.status == "wrong" and result.case.startswith("random case")


def test_the_same_answer_meets_the_same_cases_and_another_one_others(q):
    from course_lib.exercises.judge.source import seed_of

    one = cell("def neuron(x, w, b):\n    return x @ w\n", "neuron")
    again = cell("def neuron(x, w, b):\n    return x @ w\n", "neuron")
    other = cell("def neuron(x, w, b):\n    return x @ w + b\n", "neuron")
    assert seed_of(q.id, one) == seed_of(q.id, again) != seed_of(q.id, other)
    assert str(q.check(one)) == str(q.check(again))


def test_stored_outputs_are_stable(q):
    wrong = lambda x, w, b: x @ w - b  # noqa: E731
    first, second = (q.check(wrong)._repr_mimebundle_() for _ in range(2))
    assert first == second


def test_an_answer_that_changes_from_call_to_call_is_named_first(q):
    rng = np.random.default_rng()
    draws = [
        lambda x, w, b: rng.normal(size=len(x)),
        lambda x, w, b: np.random.rand(len(x)),
        lambda x, w, b: np.maximum(x @ w + b, 0) + rng.normal(),
    ]
    for draw in draws:
        result = q.check(draw)
        assert result.status == "wrong" and "Two calls with the same arguments" in result.message
        assert any(c.isdigit() for c in result.message)


def test_state_kept_between_calls_is_found_though_each_first_call_is_right(q):
    seen = []

    def counts(x, w, b):
        seen.append(1)
        return np.maximum(x @ w + b, 0) if len(seen) <= len(q.cases) + q.n_random else 0 * (x @ w)

    assert "Two calls" in q.check(counts).message


# --- right, differently written ---------------------------------------------------------------------------------


def test_float32_lists_tuples_and_tensors_are_accepted(q):
    class Tensor:
        def __init__(self, array):
            self.array = array

        def numpy(self):
            return self.array

    forms = [lambda z: z.astype("float32"), list, tuple, lambda z: [float(v) for v in z], Tensor, np.ndarray.tolist,
             lambda z: z * (1 + 1e-9), lambda z: [Fraction(v) for v in z]]  # fmt: skip
    for form in forms:
        assert q.check(lambda x, w, b, form=form: form(np.maximum(x @ w + b, 0))).status == "right"


def test_another_convention_is_right_with_a_note():
    def variance(x):
        """Mean squared distance from the mean."""
        return np.var(x)

    q = Exercise(
        variance,
        [Case("three", np.array([1.0, 2.0, 6.0])), Case("four", np.arange(4.0))],
        id="t.var",
        prompt="Variance",
    )

    @q.also_right
    def sample_variance(x):
        """You divide by n - 1, the sample variance: that is right too."""
        return np.var(x, ddof=1)

    result = q.check(lambda x: ((x - x.mean()) ** 2).sum() / (len(x) - 1))
    assert result.status == "right" and "n - 1" in result.message
    assert q.check(lambda x: x.std()).status == "wrong"


def test_a_property_must_hold_though_all_numbers_agree():
    def double(x):
        """Twice x."""
        return 2 * x

    q = Exercise(double, [Case("two", np.array([1.0, 2.0]))], id="t.double", prompt="Double")

    @q.property
    def keeps_the_dtype(answer, x):
        """The dtype stays."""
        got = answer(x.astype("float32")).dtype
        return got == "float32" or f"float32 became {got}."

    assert q.check(lambda x: x + x).status == "right"
    result = q.check(lambda x: x * np.array([2.0, 2.0]))
    assert result.status == "wrong" and "The dtype stays." in result.message and "became float64" in result.message


def test_an_expected_exception_is_part_of_the_answer():
    def root(x):
        """Square root; ValueError for negative numbers."""
        if x < 0:
            raise ValueError("x must not be negative")
        return x**0.5

    q = Exercise(root, [Case("four", 4.0), Case("negative", -1.0)], id="t.root", prompt="Root")
    assert q.check(root).status == "right"
    result = q.check(lambda x: abs(x) ** 0.5)
    assert result.status == "wrong" and "should raise ValueError" in result.message


def test_classes_are_judged_through_an_adapter():
    class Mean:
        """Running mean."""

        def __init__(self):
            self.total, self.count = 0.0, 0

        def update(self, x):
            """Add one number."""
            self.total += x
            self.count += 1

        def result(self):
            """The mean so far."""
            return self.total / self.count

    def use(cls, numbers):
        mean, seen = cls(), []
        for x in numbers:
            mean.update(x)
            seen.append(mean.result())
        return seen

    q = Exercise(
        Mean, [Case("three", [1.0, 2.0, 6.0]), Case("one", [4.0])], id="t.mean", prompt="A running mean", call=use
    )

    @q.mistake
    class Last(Mean):
        """You keep the last number only. What should be added to what?"""

        def update(self, x):
            self.total, self.count = x, 1

    class Mine:
        def __init__(self):
            self.all = []

        def update(self, x):
            self.all.append(x)

        def result(self):
            return np.mean(self.all)

    class Empty:
        def __init__(self): ...

        def update(self, x): ...

        def result(self):
            pass

    assert q.check(Mine).status == "right"
    assert q.check(Empty).status == "not attempted"
    assert q.check(cell(q.starter, "Mean")).status == "not attempted"
    assert "Pass the class itself" in q.check(Mean()).message
    assert "a class is asked for" in q.check(lambda numbers: numbers).message
    assert q.check(Last).mistake == "Last"


# --- mistakes by name -------------------------------------------------------------------------------------------


def test_a_mistake_written_differently_gets_its_name(q):
    assert q.check(lambda x, w, b: [max(0, sum(r * w)) for r in x]).mistake == "bias_forgotten"
    assert q.check(lambda x, w, b: np.einsum("nd,d->n", x, w) + b).mistake == "no_activation"
    assert q.check(lambda x, w, b: np.where(np.dot(w, x) + b > 0, np.dot(w, x) + b, 0)).mistake == "wrong_order"


def test_no_name_is_given_on_coincidence(q):
    assert q.check(lambda x, w, b: np.zeros(len(x))).mistake is None
    accuracy = exercise("start.accuracy")
    assert accuracy.check(lambda p, y: 0).mistake is None
    assert accuracy.check(lambda p, y: int(all(p.argmax(1) == y))).mistake is None


@pytest.mark.parametrize("name", names())
def test_without_its_own_entry_no_mistake_gets_anothers_name(name, monkeypatch):
    monkeypatch.setattr(slips, "SECONDS", 0.05)  # what it searches there are no declared mistakes
    q = exercise(name)
    for own, fn in list(q.mistakes.items()):
        rest = dict(q.mistakes)
        q.mistakes = {k: v for k, v in rest.items() if k != own}
        try:
            result = audit.verdict(q, fn)
        finally:
            q.mistakes = rest
        assert result.status in ("wrong", "error")
        # A slip that is found in the source has a name of its own, and may be told.
        assert result.mistake not in rest, f"{name}: {own} is taken for {result.mistake}"


def test_a_list_that_holds_itself_does_not_fill_the_memory():
    def grows_into_itself(tasks, partitions, partitioner):
        sent = [[] for _ in range(partitions)]
        for _ in tasks:
            sent[0] += sent
        return sent.items()

    result = exercise("distribution.shuffle").check(grows_into_itself)
    assert result.status == "error" and "Line" in result.message and "`return sent.items()`" in result.message
    assert numbers([(two := [1, 2]), two]).shape == (2, 2)  # the same list twice is another matter


def test_of_two_wrong_results_the_call_shown_is_the_one_that_is_spoken_of():
    without_words = Call({}, ({"a": 1}, [(1, 3)]), ({"a": 2}, [(1, 4)]), trial="first")
    too_long = Call({}, ({"a": 1}, [(1, 2)]), ({"a": 2}, [(1, 2), (2, 4)]), trial="second")
    said, of = diagnose([without_words, too_long])
    assert "A list of 1 is expected; yours has 2" in said and of.trial == "second"


def test_results_with_names_are_spoken_of_by_name():
    kept = {"calls": 4, "returned": (2.5, 1)}
    twice = [Call({}, {**kept, "calls": n}, {**kept, "calls": 2 * n}) for n in (4, 6, 9)]
    said = diagnose(twice)[0]
    assert said == "'calls': Your answer is 2 times what is expected, in each failing case. The other result is right."


def test_two_mistakes_in_two_results_are_both_named():
    q = exercise("training.parameters_and_flops")

    def both(widths, batch=1):
        pairs = list(zip(widths, widths[1:]))
        return sum(a * b for a, b in pairs), sum(2 * a * b for a, b in pairs)

    assert q.check(both).mistake == "no_biases and batch_forgotten"


def test_of_two_slips_at_once_none_is_guessed(q):
    result = q.check(lambda x, w, b: -np.maximum(x @ w, 0))
    assert result.mistake is None and "looks like" not in result.message and "Difference" in result.message


def test_a_mistake_that_fails_what_the_answer_passes_is_not_even_a_note():
    """Each is one too many in its failing cases, as if an action began a stage; but most cases are right."""

    def only_one_of_them_places(operations):
        stages, placed = 1, False
        for name in operations:
            if name in ("reduceByKey", "groupByKey", "partitionBy", "sortByKey", "distinct"):
                stages += name in ("sortByKey", "distinct") or not placed
                placed = name == "reduceByKey"
            elif name not in ("filter", "mapValues"):
                placed = False
        return stages

    result = exercise("distribution.count_stages").check(only_one_of_them_places)
    assert result.status == "wrong" and "looks like" not in result.message and "Passed: 1" in result.message
    assert "everywhere" not in diagnose([Call({}, 3, 2), Call({}, 5, 4), Call({}, 7, 6)])[0]


def test_a_mistake_in_half_of_the_cases_is_a_note_and_not_a_name():
    q = exercise("start.bag_of_words")
    result = q.check(lambda t, v: np.array([([*t[:1]] and [t[0].lower(), *t[1:]]).count(w) if t else 0 for w in v]))
    assert result.mistake is None and "failing cases it looks like this" in result.message


# --- general diagnosis ------------------------------------------------------------------------------------------

rng = np.random.default_rng(0)


def calls(change, sizes=((4, 3), (6, 5), (2, 7))):
    made = []
    for n, d in sizes:
        x, b = rng.normal(size=(n, d)), rng.normal(size=d)
        e = np.tanh(x) + 0.3
        made.append(Call({"x": x, "b": b, "rate": 0.1 * n}, e, change(e, x, b)))
    return made


@pytest.mark.parametrize(
    "change, words",
    [
        (lambda e, x, b: None, "returned None"),
        (lambda e, x, b: print, "round brackets"),
        (lambda e, x, b: {"y": e}, "a dict with the keys 'y'"),
        (lambda e, x, b: "four", "the text 'four'"),
        (lambda e, x, b: e.T, "transposed"),
        (lambda e, x, b: e[:, None], "The numbers are right: an axis of length 1 is too many"),
        (lambda e, x, b: e.sum(axis=0), "There is a sum over axis 0 too many"),
        (lambda e, x, b: e.mean(axis=1), "There is a mean over axis 1 too many"),
        (lambda e, x, b: e[:, :2], "Axis 1 should have length 3"),
        (lambda e, x, b: np.where(e > 0.5, np.nan, e), "NaN"),
        (lambda e, x, b: np.where(e > 0.5, np.inf, e), "infinite"),
        (lambda e, x, b: -e, "wrong sign"),
        (lambda e, x, b: 0 * e, "Everything you return is 0"),
        (lambda e, x, b: e.astype(int), "cut to whole"),
        (lambda e, x, b: np.round(e, 2), "rounded to 2 decimal"),
        (lambda e, x, b: e * len(x), "too large by exactly the length of axis 0 of `x` (4, then 6, then 2)"),
        (lambda e, x, b: e / len(b), "too small by exactly the length of axis 1 of `x` (3, then 5, then 7)"),
        (lambda e, x, b: e * x.size, "axes 0 and 1 of `x`, multiplied (12, then 30, then 14)"),
        (lambda e, x, b: e / np.log(2), "base 2"),
        (lambda e, x, b: e * 100, "percentage"),
        (lambda e, x, b: e * 3.5, "3.5 times what is expected"),
        (lambda e, x, b: e + b, "too large by exactly `b`"),
        (lambda e, x, b: e - x, "too small by exactly `x`"),
        (lambda e, x, b: e + 2, "too large by 2, everywhere"),
        (lambda e, x, b: e + e.max(), "by the same amount"),
        (lambda e, x, b: np.maximum(e, 0), "an activation too many"),
        (lambda e, x, b: e[::-1], "reversed order"),
        (lambda e, x, b: np.sort(e, axis=1), "other places"),
        (lambda e, x, b: e.T.reshape(e.shape), "it is not `.T`"),
        (lambda e, x, b: e.ravel(), "axes were joined or split"),
        (lambda e, x, b: [["text"]] * 3, "a list of 3 that begins with a list of 1 that begins with the text 'text'"),
    ],
)  # fmt: skip
def test_general_diagnosis_reads_the_numbers(change, words):
    assert words in diagnose(calls(change))[0]


def test_missing_mean_and_column_bias_are_read_from_shapes():
    e = rng.normal(size=4)
    assert "A mean over axis 1 is missing" in diagnose([Call({}, e, np.stack([e - 1, e + 1], axis=1))])[0]
    table = np.stack([e - 1, e], axis=1)
    assert "A max over axis 1 is missing" in diagnose([Call({}, e, table)])[0]
    assert "max" not in diagnose([Call({}, e[0], table[0])])[0]  # the last of a growing list is the largest by chance
    assert "an axis of length 1 is missing" in diagnose([Call({}, e[:, None], e)])[0]
    assert "an axis of length 1 is in the wrong place" in diagnose([Call({}, table[None], table[:, None])])[0]
    assert "A column (4, 1) met a row (4,)" in diagnose([Call({}, e, rng.normal(size=(4, 4)))])[0]


def test_swapped_and_half_right_pairs():
    a, b = rng.normal(size=(3, 2)), rng.normal(size=2)
    assert "swapped" in diagnose([Call({}, (a, b), (b, a))])[0]
    said = diagnose([Call({}, (a, b), (a, -b)), Call({}, (b, a), (b, -a))])[0]
    assert "Result 2 of 2: Each number has the wrong sign." in said and "The other result is right." in said
    said = diagnose([Call({}, (0, "arrived"), (None, None)), Call({}, (3, "arrived"), (3, "spent"))])[0]
    assert said.startswith("Result 1 of 2: The number 0 is expected; yours is None.") and "return" not in said
    assert "2 results are expected" in diagnose([Call({}, (a, b), a[0, 0])])[0]
    assert "2 results are expected; you returned 3" in diagnose([Call({}, (a, b), (a, b, a))])[0]


def test_two_numbers_are_too_few_for_a_pattern():
    two = [Call({"x": np.ones(2)}, np.array([1.0, 2.0]), np.array([1.5, 2.5]))]
    assert diagnose(two) == (None, two[0])
    one = [Call({"n": 4.0}, 3.0, 12.0)]
    assert diagnose(one) == (None, one[0])


def test_zeros_and_ones_are_not_taken_for_rounded_numbers():
    yes_or_no = [Call({}, e, float(e > 0.5)) for e in (0.75, 0.25, 0.6, 0.4)]
    assert diagnose(yes_or_no) == (None, yes_or_no[0])
    e = rng.normal(size=9)
    assert "rounded to 0 decimal" in diagnose([Call({}, 9 * e, np.round(9 * e))])[0]


def test_one_number_wherever_it_fails_is_no_factor():
    where_400_is_expected = [Call({}, 400, 200)] * 3
    assert "200 in all 3 cases that fail, where 400 is expected" in diagnose(where_400_is_expected)[0]
    all_kinds = [Call({}, e, 200) for e in (404, 400, 413, 400)]
    assert "200 in all 4 cases that fail. On what should it depend?" in diagnose(all_kinds)[0]


def test_a_list_of_texts_is_held_against_what_came():
    texts = ["net", "games"]
    assert diagnose([Call({}, texts, 1)])[0].endswith("is expected; you returned the number 1.")
    assert "A list of 2 is expected; yours has 3." in diagnose([Call({}, texts, ["net", ["a"], []])])[0]

    def twice(word):
        return [word, word]

    q = Exercise(twice, [Case("one", "a"), Case("another", "b")], id="t.twice", prompt="Twice")
    assert q.check(lambda word: np.array([word] * 2))  # an array of texts will do
    assert "Difference: at [1], expected 'b', yours 'a'" in str(q.check(lambda word: [word, "a"]))


def test_integers_that_overflow_are_recognized():
    e = np.array([100, 300, 70000])
    assert "8 bits" in diagnose([Call({}, e, e.astype("uint8"))])[0]
    assert "16 bits" in diagnose([Call({}, e * 3, (e * 3).astype("int16"))])[0]


def test_the_difference_has_position_and_enough_digits():
    said = difference(np.array([[1.0, 2.0], [3.0, 0.7310585]]), np.array([[1.0, 2.0], [3.0, 0.7310575]]), 1e-9)
    assert said == "1 of 4 numbers differ, the first at [1, 1]: expected 0.731059, yours 0.731058"
    assert difference((1, 2), (1, 3)) == "in result 2 of 2, expected 2, yours 3"
    assert difference(1.0, 1.0 + 1e-12, 0) == "expected 1, yours 1.000000000001"


@pytest.mark.parametrize(
    "a, b, equal",
    [
        (np.nan, np.nan, True),
        (np.array([1.0, np.inf]), [1.0, np.inf], True),
        (1000000, 1000001, False),
        (1.0, 1.0 + 1e-8, True),
        (np.array([1.0]), 1.0, False),
        ((1, np.ones(2)), [1, [1.0, 1.0]], True),
        ({"a": 1.0}, {"a": 1.0, "b": 2}, False),
        (["a", "b"], ["a", "b"], True),
        (["a", "b"], ["b", "a"], False),
        ("3", 3, False),
        (None, 0, False),
        (True, np.bool_(True), True),
        (6 * 10**25, 6 * 10**25, True),
        ([], [], True),
        (np.float32(0.1), 0.1, True),
        (np.arange(3).mean, np.arange(3).mean, True),
        (np.arange(3).mean, np.arange(4).mean, False),
    ],
)
def test_sameness(a, b, equal):
    assert same(a, b) is equal


def test_float32_arithmetic_is_right_in_any_dtype_unless_a_case_asks_for_more():
    exact = np.array([1.0, 0.0330053, -2.5])
    rounded = exact + 1e-7
    assert same(exact, rounded) and same(exact, rounded.astype("float32")) and not same(exact, exact + 1e-4)
    assert not same(exact, rounded, tolerance=1e-9)
    assert not same(3_072_000_000_000, 3_072_000_000_001)  # whole numbers are exact at any size

    def root(x):
        """Square root."""
        return np.sqrt(x)

    def made(case):
        return Exercise(root, [case], id="t.root", prompt="Root")

    case = Case("small", np.array([1e-6, 2.0]))
    assert made(case).check(lambda x: np.sqrt(x) + 1e-6).status == "right"
    assert made(case.within(1e-9)).check(lambda x: np.sqrt(x) + 1e-6).status == "wrong"
    assert made(case.within(1e-9)).check(lambda x: x**0.5).status == "right"


def test_the_courses_own_float32_layer_is_right_whatever_its_random_cases():
    q = exercise("training.dense")
    text = """
def dense(x, kernel, bias, activation=None):  # {}
    from course_lib import layers
    z = layers.Dense(kernel.shape[1], weights=[kernel.astype("float32"), bias.astype("float32")]).forward(x)
    return z if activation is None else activation(z)
"""
    assert {q.check(cell(text.format(i), "dense")).status for i in range(12)} == {"right"}


def test_other_places_is_only_said_of_numbers_that_moved():
    e = rng.normal(size=(3, 4))
    nearly = Call({}, e, e + 1e-7, tolerance=1e-9)
    assert diagnose([nearly]) == (None, nearly) or "other places" not in diagnose([nearly])[0]
    assert "other places" in diagnose([Call({}, e, np.roll(e, 1))])[0]


# --- exceptions -------------------------------------------------------------------------------------------------


def test_an_error_shows_the_learners_line_and_the_shapes(q):
    fn = cell("def neuron(x, w, b):\n    z = x.T @ w\n    return np.maximum(z + b, 0)\n", "neuron")
    result = q.check(fn)
    assert result.status == "error"
    assert "Line 2: `z = x.T @ w`" in result.message
    assert "x has shape (3, 2), w has shape (2,)" in result.message
    assert "here 3 meets 2" in result.message


def test_an_error_in_a_helper_shows_the_helpers_line(q):
    text = "def total(x, w):\n    return x * w[:, None]\n\ndef neuron(x, w, b):\n    return total(x, w) + b\n"
    result = q.check(cell(text, "neuron"))
    assert "Line 2: `return x * w[:, None]`" in result.message and "w has shape (2,)" in result.message
    assert "(3,2) and (2,1) are not" in result.message


@pytest.mark.parametrize(
    "body, words",
    [
        ("return np.maximum(x @ w + bias, 0)", "Python does not know `bias`"),
        ("return x.relu()", "no attribute 'relu'"),
        ("return x[9]", "Axis 0 has 3 entries"),
        ("return {}['z']", "the key 'z' is not there"),
        ("return max(x @ w + b, 0)", "Python's `max` compares two whole arrays"),
        ("return neuron(x, w, b)", "calls itself without end"),
        ("return x.sum(axis=2)", "The array has 2 axes"),
        ("z = z + 1\n    return z", "before the function gives it a value"),
    ],
)
def test_common_exceptions_are_explained(q, body, words):
    result = q.check(cell(f"def neuron(x, w, b):\n    {body}\n", "neuron"))
    assert result.status == "error" and words in result.message and "Line 2" in result.message


def test_what_is_left_of_the_starter_and_notebook_variables_are_pointed_out(q):
    assert (
        "Line 2 still holds `...`"
        in q.check(cell("def neuron(x, w, b):\n    z = ...\n    return x @ w\n", "neuron")).message
    )
    fn = cell("scale = 2.0\ndef neuron(x, w, b):\n    return scale * (x @ w)\n", "neuron")
    assert "reads `scale` from the notebook" in q.check(fn).message


def test_printing_instead_of_returning_is_named(q):
    assert (
        "printed '[ 1. -2.  6.]' but returned None"
        in q.check(cell("def neuron(x, w, b):\n    print(x @ w + b)\n", "neuron")).message
    )


# --- slips in the source ----------------------------------------------------------------------------------------

SLIPS = [
    ("return_in_the_loop", "Line 6: a `return` stands inside the loop", "start.accuracy", """
def accuracy(p, y):
    n = 0
    for row, label in zip(p, y):
        n += np.argmax(row) == label
        return n / len(y)
"""),
    ("return_in_the_loop", "Line 6", "training.forward", """
def forward(x, layers):
    for kernel, bias in layers:
        x = x @ kernel + bias
        # ReLU would come here
        return x
"""),
    ("return_in_the_loop", "Line 7", "training.neuron", """
def neuron(x, w, b):
    for row in x:
        if row @ w + b > 0:
            return row @ w + b
        else:
            return 0
"""),
    ("not_reset", "Line 4: `z = b` stands before the loop", "training.neuron", """
def neuron(x, w, b):
    out = []
    z = b
    for row in x:
        for a, c in zip(row, w):
            z += a * c
        out.append(max(z, 0))
    return out
"""),
    ("reset_in_every_round", "Line 4: `n = 0` stands inside", "start.accuracy", """
def accuracy(p, y):
    for row, label in zip(p, y):
        n = 0
        n += np.argmax(row) == label
    return n / len(y)
"""),
    ("replaced_not_added", "Line 5: `p = a * b + b`", "training.parameters_and_flops", """
def parameters_and_flops(widths, batch=1):
    p = f = 0
    for a, b in zip(widths[:-1], widths[1:]):
        p = a * b + b
        f = 2 * a * b * batch
    return p, f
"""),
    ("done_after_the_loop", "Line 5: `out.append(n)`", "start.bag_of_words", """
def bag_of_words(tokens, vocabulary):
    out, low = [], [t.lower() for t in tokens]
    for w in vocabulary: n = low.count(w)
    out.append(n)
    return out
"""),
    ("done_in_every_round", "Line 6: `flops *= batch`", "training.parameters_and_flops", """
def parameters_and_flops(widths, batch=1):
    p = flops = 0
    for a, b in zip(widths[:-1], widths[1:]):
        p, flops = p + a * b + b, flops + 2 * a * b
        flops *= batch
    return p, flops
"""),
    ("not_called", "Line 4: `hits.mean` stands there without round brackets", "start.accuracy", """
def accuracy(p, y):
    hits = np.argmax(p, axis=1) == y
    return hits.mean
"""),
    ("brackets", "Line 3: in `x @ (w + b)`", "training.neuron", """
def neuron(x, w, b):
    return np.maximum(x @ (w + b), 0)
"""),
    ("default_changed", "Your first line has `activation='relu'`", "training.dense", """
def dense(x, kernel, bias, activation="relu"):
    z = x @ kernel + bias
    if activation == "relu":
        return np.maximum(z, 0)
    return activation(z) if activation else z
"""),
    (None, "Line 3: look at `x @ w - b`", "training.neuron", """
def neuron(x, w, b):
    z = x @ w - b
    return np.where(z < 0, 0, z)
"""),
    (None, "Line 5: look at `counts[vocabulary.index(t.lower())] -= 1`", "start.bag_of_words", """
def bag_of_words(tokens, vocabulary):
    counts = [0] * len(vocabulary)
    for t in tokens:
        if t.lower() in vocabulary: counts[vocabulary.index(t.lower())] -= 1
    return counts
"""),
]  # fmt: skip


@pytest.mark.parametrize("name, words, exercise_id, text", SLIPS)
def test_a_slip_is_found_in_the_source_and_its_line_named(name, words, exercise_id, text):
    q = exercise(exercise_id)
    result = q.check(cell(text, q.name))
    assert result.status == "wrong" and result.mistake == name and words in result.message, result
    assert "two things at once" not in result.message and "looks like" not in result.message


def test_a_loop_that_may_go_on_is_no_early_return(q):
    text = (
        "def neuron(x, w, b):\n    for r in x:\n        if len(r): continue\n        return 0\n    return x @ w + b\n"
    )
    assert q.check(cell(text, "neuron")).mistake == "no_activation"


def test_only_a_change_after_which_every_case_agrees_is_named():
    q = exercise("training.forward")
    text = """
def forward(x, layers):
    for kernel, bias in layers[:-2]:
        x = np.maximum(x @ kernel + bias, 0)
    for kernel, bias in layers[-2:]:
        x = x @ kernel + bias
    return x
"""
    assert "small change" not in q.check(cell(text, "forward")).message


# --- arguments --------------------------------------------------------------------------------------------------


def test_renamed_arguments_are_right_and_shown_under_the_learners_names():
    q = exercise("training.dense")
    text = "def dense(x, W, b, f=None):\n    z = x @ W + {}\n    return z if f is None else f(z)\n"
    assert q.check(cell(text.format("b"), "dense")).status == "right"
    wrong = q.check(cell(text.format("0 * b"), "dense"))
    assert wrong.mistake == "bias_forgotten" and "W=np.array(" in wrong.message and "kernel=" not in wrong.message
    steps = exercise("start.steps_per_epoch")
    assert steps.check(lambda n, size, times=1: -(-n // size) * times).status == "right"


def test_arguments_in_another_order_or_without_the_default_are_named():
    q = exercise("training.dense")
    assert "another order" in q.check(lambda kernel, x, bias, activation=None: x @ kernel).message
    said = q.check(lambda x, kernel, bias, activation: x @ kernel).message
    assert "with 3 argument" in said and "`def dense(x, kernel, bias, activation=None):`" in said


def test_a_changed_default_is_mentioned_beside_another_mistake():
    q = exercise("training.dense")
    text = "def dense(x, kernel, bias, activation=abs):\n    return (activation or abs)(x @ kernel - 2 * bias)\n"
    assert "Your first line has `activation=abs`, the starter's has `None`" in q.check(cell(text, "dense")).message


@pytest.mark.parametrize(
    "exercise_id, text, words",
    [
        ("start.bag_of_words", """
    for i, t in enumerate(tokens):
        tokens[i] = t.lower()
    return [tokens.count(w) for w in vocabulary]
""", ("at [0], before the call 'The', after it 'the'", "`tokens = tokens.copy()`")),
        ("training.forward", """
    last, bias = layers.pop()
    for w, b in layers: x = np.maximum(x @ w + b, 0)
    return x @ last + bias
""", ("had 2 entries before the call, 1 after it", "`layers = layers.copy()`")),
        ("training.forward", """
    h = x
    for w, b in layers[:-1]:
        w *= 1.5
        h = np.maximum(h @ w / 1.5 + b, 0)
    return h @ layers[-1][0] + layers[-1][1]
""", ("before the call 1, after it 1.5", "`x = x - m`, not `x -= m`")),
    ],
)  # fmt: skip
def test_advice_on_a_changed_argument_fits_its_type(exercise_id, text, words):
    q = exercise(exercise_id)
    message = q.check(cell(f"def {q.name}{q.signature}:{text}", q.name)).message
    assert "The result is right." in message and all(part in message for part in words), message
    assert "two things" not in message


# --- what is shown is what is spoken of -------------------------------------------------------------------------


def test_the_case_shown_belongs_to_the_first_sentence():
    dense = exercise("training.dense")
    result = dense.check(lambda x, kernel, bias, activation=None: (activation or np.asarray)(x @ kernel + bias).T)
    shape = re.search(r"\((\d), (\d)\) is expected", result.message).groups()
    expected = dense.expect(result.at).value
    assert expected.shape == tuple(map(int, shape)) and "right answer transposed" in result.message

    forward = exercise("training.forward")
    text = """
def forward(x, layers):
    for i, (kernel, bias) in enumerate(layers):
        x = x @ kernel + bias
        if i == 0:
            x = np.maximum(x, 0)
    return x
"""
    result = forward.check(cell(text, "forward"))
    assert "failing cases it looks like this: Only the first layer is followed by ReLU" in result.message
    assert len(result.at.args[1]) > 2  # with two layers, the first is the only hidden one


def test_half_a_network_gets_no_second_diagnosis():
    q = exercise("training.forward")
    message = q.check(lambda x, layers: x @ layers[0][0] + layers[0][1]).message
    assert "two things" not in message and "activation missing" not in message


def test_two_exceptions_are_told_apart_by_what_was_done(q):
    asked = q.check(
        cell("def neuron(x, w, b):\n    z = x @ w + b\n    if z > 0:\n        return z\n    return 0\n", "neuron")
    )
    assert asked.mistake is None and "Python's `max`" not in asked.message and "Line 3" in asked.message
    assert (
        q.check(cell("def neuron(x, w, b):\n    z = x @ w\n    return max(0, z + b)\n", "neuron")).mistake
        == "python_max"
    )


def test_the_activation_message_is_true_whether_it_is_called_or_not():
    q = exercise("training.dense")
    called = "def dense(x, kernel, bias, activation=None):\n    z = x @ kernel + bias\n    {}\n    return z\n"
    for line in ("pass", "if activation: activation(z)"):
        result = q.check(cell(called.format(line), "dense"))
        assert result.mistake == "activation_ignored" and "has no effect on your answer" in result.message


def test_a_label_that_only_ties_is_not_counted():
    q = exercise("start.accuracy")
    tied = q.check(lambda p, y: sum(row[label] == max(row) for row, label in zip(p, y)) / len(y))
    assert tied.mistake == "any_of_equal_ones"
    assert q.reference(np.array([[0.5, 0.5]]), np.array([1])) == 0


def test_numbers_are_said_once():
    q = exercise("training.parameters_and_flops")
    shown = str(q.check(lambda widths, batch=1: (10, 80)))
    assert shown.count("26") == 1 and "Difference" not in shown
    assert "Difference" not in str(exercise("start.steps_per_epoch").check(lambda n, size, epochs=1: n))


def test_of_what_is_printed_the_first_line_is_shown():
    text = "def dense(x, kernel, bias, activation=None):\n    print(x @ kernel + bias)\n"
    assert "printed '[[ 1.  2. -1.]...'" in exercise("training.dense").check(cell(text, "dense")).message


# --- display ----------------------------------------------------------------------------------------------------


def test_every_outcome_is_a_word_in_text_and_html(q):
    answers = {
        "RIGHT": q.reference,
        "NOT YET": lambda x, w, b: x @ w,
        "ERROR": lambda x, w, b: 1 / 0,
        "NOT ATTEMPTED": None,
    }
    for word, fn in answers.items():
        shown = q.check(fn)._repr_mimebundle_()
        assert shown["text/plain"].startswith(word) and shown["text/plain"].isascii()
        assert f"<strong>{word}</strong>" in shown["text/html"]


def test_html_keeps_the_grounds_own_colours_and_escapes_what_learners_return(q):
    result = q.check(lambda x, w, b: "<script>alert(1)</script>")
    page = result._repr_mimebundle_()["text/html"]
    assert "<script>" not in page and "&lt;script&gt;" in page
    assert "color:inherit" in page and "background:transparent" in page


def test_a_failing_check_shows_call_expected_and_yours(q):
    shown = str(q.check(lambda x, w, b: x @ w - b))
    assert "neuron(x=np.array([[1., 2.], [0., 3.], [3., 1.]]), w=np.array([2., -1.]), b=1.)" in shown
    assert "[1, 0, 6]" in shown and "[-1, -4, 4]" in shown and "first at [0]: expected 1, yours -1" in shown


def as_checked(exercise, /, *given, **named):
    """The reference's answer, the way a check takes it."""
    bound = exercise.signature.bind(*given, **named)
    return exercise.call(exercise.reference, *bound.args, **bound.kwargs)


@pytest.mark.parametrize("name", names())
def test_the_called_line_can_be_pasted(name):
    q = exercise(name)
    q._last_case = None
    for case in q.cases:
        facts = dict(q.called(case))
        if "Run with" in facts:  # an adapter stands between the case and the answer
            return
        pasted = facts["Called"]
        assert len(pasted) <= 400
        if "Inputs" in facts:  # too long to show: the numbers are fetched
            q._last_case = case
        sc = next((copy.deepcopy(value.context) for value in case.args if hasattr(value, "context")), None)
        made = eval(pasted, {"np": np, "q": q, "sc": sc, q.name: functools.partial(as_checked, q)})
        assert same(q.expect(case).value, made, 1e-2), case.name


def test_values_keep_their_type_when_pasted():
    assert code(np.array([1.0, -np.inf, 0.5])) == "np.array([1., -np.inf, 0.5])"
    assert code(np.array([1, 2], "int8")) == "np.array([1, 2], 'int8')"
    assert code(np.array([[1.0, 2.0], [3.0, 4.0]]).T) == "np.array([[1., 2.], [3., 4.]]).T"
    assert code((np.zeros((0, 3)), [2.0, "a", None, True], np.tanh, 3)) == (
        "(np.zeros((0, 3)), [2., 'a', None, True], np.tanh, 3)"
    )


def test_large_inputs_are_shown_by_shape_and_can_be_fetched():
    q = exercise("training.forward")
    wide = [(np.ones((2, 40)), np.ones(40)), (np.ones((40, 3)), np.zeros(3))]
    facts = dict(q.called(Case("wide", np.ones((1, 2)), wide)))
    assert facts["Called"] == "forward(*q.inputs())"
    assert facts["Inputs"] == "x=array(1, 2), layers=[(array(2, 40), array(40,)), (array(40, 3), array(3,))]"
    result = q.check(lambda x, layers: x @ layers[0][0])
    q.inputs()[0][:] = 99  # a copy: the case stays what it is
    assert same(list(result.at.args), list(q.inputs()))


# --- hints, solution, use ---------------------------------------------------------------------------------------


def test_hints_climb_from_a_nudge_over_the_learners_numbers_to_the_line(q):
    first, second, third = q.hint(), q.hint(), q.hint()
    assert [h.word for h in (first, second, third)] == ["HINT 1 of 3", "HINT 2 of 3", "HINT 3 of 3"]
    assert '"three rows, two features"' in str(second) and "first case" in str(second)
    assert "x @ w + b" in str(third) and "x @ w" not in str(first) + str(second)
    q.check(lambda x, w, b: x @ w + b if (x @ w + b < 0).all() else np.maximum(x @ w + b, 0))
    again = q.hint(2)
    assert '"only negative sums"' in str(again) and "failed last" in str(again) and "= -5.25" in str(again)
    assert q.hint(1).word == "HINT 1 of 3"


def test_solution_is_the_references_source_without_decorators(q):
    def twice(fn):
        return fn

    @twice
    def half(x):
        """Half of x."""
        return x / 2

    made = Exercise(half, [Case("one", 1.0)], id="t.half", prompt="Half")
    assert made.solution_source.startswith("def half(x):") and made.solution_source.endswith("return x / 2")
    assert made.starter == 'def half(x):\n    """Half of x."""\n    ...'
    assert "return np.maximum(z, 0)" in str(q.solution()) and "@exercise" not in str(q.solution())


def test_use_gives_the_learners_function_when_right_else_the_reference(q, capsys):
    mine = lambda x, w, b: np.maximum(b + x @ w, 0)  # noqa: E731
    assert q.use(mine) is mine and capsys.readouterr().out == ""
    assert q.use(lambda x, w, b: 0) is q.reference
    assert "the course's own neuron" in capsys.readouterr().out and progress.load() == {}


def test_buttons_check_the_newest_definition(q):
    space = {"np": np}
    exec("def neuron(x, w, b): return x @ w", space)
    row = q.buttons(space["neuron"])
    exec("def neuron(x, w, b): return np.maximum(x @ w + b, 0)", space)
    row.children[0].children[0].click()
    assert progress.load()["training.neuron"]["right"] is True


def test_unknown_exercise_names_near_ones_and_all():
    with pytest.raises(LookupError) as error:
        exercise("training.nueron")
    assert "Did you mean 'training.neuron'" in str(error.value) and "start.accuracy" in str(error.value)


# --- the first ten minutes, in a real kernel ----------------------------------------------------------------------

CELLS = [
    "import numpy as np\nfrom course_lib.exercises import exercise\nq = exercise('training.neuron')",
    "def neuron(x, w, b):\n    ...\n\nq.check(neuron)",
    "def neuron(x, w, b):\n    return np.maximum(x @ w, 0)\n\nq.check(neuron)",
    "def neuron(x, w, b):\n    return x @ w + b\n\nq.check(neuron)",
    "def neuron(x, w, b):\n    return np.maximum(x @ w, 0) + b\n\nq.check(neuron)",
    "def neuron(x, w, b):\n    return np.maximum((x * w).sum(axis=0) + b, 0)\n\nq.check(neuron)",
    "def neuron(x, w, b):\n    return np.maximum(w @ x + b, 0)\n\nq.check(neuron)",
    "def neuron(x, w, b):\n    i = 0\n    while i < len(x):\n        z = x[i] @ w + b\n\nq.check(neuron)",
    "def neuron(x, w, b):\n    return [max(0, sum(r * w) + b) for r in x]\n\nq.check(neuron)",
]
SAID = [
    "", "NOT ATTEMPTED", "The bias is missing", "the activation is missing", "You add the bias after the activation",
    "You sum over the rows", "`w @ x` needs as many rows", "does the loop end?", "RIGHT",
]  # fmt: skip


def test_a_learners_first_ten_minutes(monkeypatch):
    import nbclient
    import nbformat

    monkeypatch.setenv("COURSE_PROGRESS", "off")

    def run():
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in CELLS])
        nbclient.NotebookClient(book, timeout=60, kernel_name="python3").execute()  # raises if any cell does
        return [[(o.data["text/plain"], o.data["text/html"]) for o in c.outputs] for c in book.cells]

    outputs = run()
    for said, output in zip(SAID, outputs):
        assert said in "".join(plain for plain, _ in output)
    assert "Line 2: `return np.maximum(w @ x + b, 0)`" in outputs[6][0][0]
    assert run() == outputs  # what is stored is what comes out again


def test_changes_to_an_answer_warn_nobody(recwarn):
    """`score(x)` becomes `None(x)` among others, which Python wonders about as it compiles it."""
    import ast

    from course_lib.exercises.judge.mutants import become, variations

    def answer(score, x):
        return score(x)

    def to_none(node, names):
        if isinstance(node, ast.Name) and node.id == "score":
            yield lambda n: become(n, ast.Constant(None))

    assert [after for _, _, after, _ in variations(answer, to_none)] == ["None"] and not recwarn.list
