"""Slips of the hand, found in the learner's own source."""

import pytest
from cells import cell

from course_lib.exercises import exercise

pytestmark = pytest.mark.usefixtures("own_progress")


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
