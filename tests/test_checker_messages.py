"""What the checker says: the diagnosis, the slips, the call that is shown."""

import re

import numpy as np
import pytest
from cells import cell

from course_lib.exercises import Case, Exercise, exercise
from course_lib.exercises.judge.compare import same
from course_lib.exercises.say.diagnosis import Call, diagnose, difference
from course_lib.exercises.say.words import code

pytestmark = pytest.mark.usefixtures("own_progress")


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
    z = layers.Dense(kernel.shape[1], weights=[kernel.astype("float32"), bias.astype("float32")])(x)
    return z if activation is None else activation(z)
"""
    assert {q.check(cell(text.format(i), "dense")).status for i in range(12)} == {"right"}


def test_other_places_is_only_said_of_numbers_that_moved():
    e = rng.normal(size=(3, 4))
    nearly = Call({}, e, e + 1e-7 * rng.uniform(1, 2, size=e.shape), tolerance=1e-9)
    assert diagnose([nearly]) == (None, nearly)
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
