"""The checker itself: its outcomes, the mistakes it names, its hints."""

import collections
from fractions import Fraction

import numpy as np
import pytest
from cells import cell

from course_lib.exercises import Case, Exercise, exercise, progress
from course_lib.exercises.say.diagnosis import Call, diagnose
from course_lib.exercises.say.result import Result

pytestmark = pytest.mark.usefixtures("own_progress")


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


def test_a_mistake_is_made_on_no_more_cases_than_it_takes_to_rule_it_out(q, monkeypatch):
    run, made = q.run, collections.Counter()

    def counted(fn, *args, **named):
        made[fn.__name__] += 1
        return run(fn, *args, **named)

    monkeypatch.setattr(q, "run", counted)
    assert q.check(lambda x, w, b: [max(0, sum(r * w)) for r in x]).mistake == "bias_forgotten"
    cases = len(q.cases) + q.n_random
    assert made["bias_forgotten"] == cases
    assert sum(made[name] for name in q.mistakes) < cases + 2 * len(q.mistakes)


def test_no_name_is_given_on_coincidence(q):
    assert q.check(lambda x, w, b: np.zeros(len(x))).mistake is None
    accuracy = exercise("start.accuracy")
    assert accuracy.check(lambda p, y: 0).mistake is None
    assert accuracy.check(lambda p, y: int(all(p.argmax(1) == y))).mistake is None


def test_of_two_wrong_results_the_call_shown_is_the_one_that_is_spoken_of():
    without_words = Call({}, ({"a": 1}, [(1, 3)]), ({"a": 2}, [(1, 4)]), trial="first")
    too_long = Call({}, ({"a": 1}, [(1, 2)]), ({"a": 2}, [(1, 2), (2, 4)]), trial="second")
    said, of = diagnose([without_words, too_long])
    assert "A list of 1 is expected; yours has 2" in said and of.trial == "second"


def test_results_with_names_are_spoken_of_by_name():
    kept = {"calls": 4, "returned": (2.5, 1)}
    twice = [Call({}, {**kept, "calls": n}, {**kept, "calls": 2 * n}) for n in (4, 6, 9)]
    said = diagnose(twice)[0]
    assert said.startswith("'calls'") and "2 times what is expected" in said and "other result is right" in said


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
        nbclient.NotebookClient(book, timeout=600, kernel_name="python3").execute()  # raises if any cell does
        return [[(o.data["text/plain"], o.data["text/html"]) for o in c.outputs] for c in book.cells]

    outputs = run()
    for said, output in zip(SAID, outputs):
        assert said in "".join(plain for plain, _ in output)
    assert "Line 2: `return np.maximum(w @ x + b, 0)`" in outputs[6][0][0]
    assert run() == outputs  # what is stored is what comes out again
