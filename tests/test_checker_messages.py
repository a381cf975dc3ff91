"""What a check says of exceptions and arguments, which case it shows, and how it is shown."""

import re

import numpy as np
import pytest
from cells import cell

from course_lib.exercises import Case, exercise
from course_lib.exercises.judge.compare import same
from course_lib.exercises.say.words import code

pytestmark = pytest.mark.usefixtures("own_progress")


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
