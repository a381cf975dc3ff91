"""The scalar tape gives tf.GradientTape's gradient on every node, and draws what it did."""

import math

import beside
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib import parity
from course_lib.autodiff import Value

parity.quiet_keras()
import tensorflow as tf  # noqa: E402

# Each operation on our values and on tensors; those with a narrow domain get an argument that lies in it.
UNARY = {
    "exp": (lambda v: (v * 0.25).exp(), lambda t: tf.exp(t * 0.25)),
    "log": (lambda v: (v * v + 1.0).log(), lambda t: tf.math.log(t * t + 1.0)),
    "tanh": (Value.tanh, tf.tanh),
    "sigmoid": (Value.sigmoid, tf.sigmoid),
    "relu": (Value.relu, tf.nn.relu),
    "negative": (lambda v: -v, lambda t: -t),
    "square": (lambda v: v**2, lambda t: t**2.0),
    "reciprocal": (lambda v: 1 / (v**2 + 1), lambda t: 1 / (t**2.0 + 1)),
    "from three": (lambda v: 3 - v, lambda t: 3 - t),
}
BINARY = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / (b * b + 1),
}


@pytest.mark.beside(
    "1",
    "`autodiff`, a tape of scalars",
    "`tf.GradientTape`",
    "random expressions: value and gradient of every node (to 1e-9, float64)",
)
@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.data())
def test_gradients_of_random_expressions_equal_those_of_gradient_tape_on_every_node(data):
    leaves = [data.draw(st.sampled_from([-2.0, -0.75, 0.5, 1.25, 3.0])) for _ in range(3)]
    ours, theirs = [Value(x) for x in leaves], [tf.constant(x, tf.float64) for x in leaves]
    with tf.GradientTape() as tape:
        tape.watch(theirs)
        for _ in range(data.draw(st.integers(1, 8))):
            i, j = data.draw(st.integers(0, len(ours) - 1)), data.draw(st.integers(0, len(ours) - 1))
            name = data.draw(st.sampled_from([*UNARY, *BINARY]))
            if name in UNARY:
                our_op, their_op = UNARY[name]
                ours.append(our_op(ours[i]))
                theirs.append(their_op(theirs[i]))
            else:
                ours.append(BINARY[name](ours[i], ours[j]))
                theirs.append(BINARY[name](theirs[i], theirs[j]))
    ours[-1].backward()
    gradients = tape.gradient(theirs[-1], theirs, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    for value, tensor, gradient in zip(ours, theirs, gradients):
        assert value.data == pytest.approx(float(tensor), rel=1e-9, abs=1e-12)
        assert value.grad == pytest.approx(float(gradient), rel=1e-9, abs=1e-12)
        beside.counted(1, "nodes agree")


def test_a_neuron_by_hand():
    w, x, b = Value(2.0, "w"), Value(3.0, "x"), Value(-5.0, "b")
    y = (w * x + b).tanh()
    y.backward()
    slope = 1 - math.tanh(1.0) ** 2
    assert (w.grad, x.grad, b.grad) == pytest.approx((3 * slope, 2 * slope, slope))


def test_a_value_used_twice_is_charged_twice():
    x = Value(3.0)
    (x * x).backward()
    assert x.grad == 6.0
    x = Value(3.0)
    y = x + 1
    (y * y + y).backward()
    assert x.grad == 2 * 4.0 + 1


def test_leaves_keep_adding_until_zero_grad_and_inner_values_start_anew():
    w = Value(2.0)
    y = w * 3
    loss = y * y
    loss.backward()
    loss.backward()
    assert (w.grad, y.grad, loss.grad) == (2 * 36.0, 12.0, 1.0)
    loss.zero_grad()
    assert (w.grad, y.grad) == (0.0, 0.0)


def test_a_chain_of_ten_thousand_operations_is_no_matter():
    x = y = Value(1.0)
    for _ in range(10_000):
        y = y + 1.0
    y.backward()
    assert (y.data, x.grad) == (10_001.0, 1.0)


def test_numbers_of_numpy_and_python_mix_with_values_on_either_side():
    x = Value(4.0)
    for y in (np.float64(2) * x, x * np.float32(2), 2 * x, np.array(2.0) * x):
        assert isinstance(y, Value) and y.data == 8.0
    assert (1 - x).data == -3.0 and (2 / x).data == 0.5 and (x - 1).data == 3.0 and (x**0.5).data == 2.0


def test_the_graph_holds_values_gradients_and_the_local_derivative_of_each_edge():
    a, b = Value(2.0, "a"), Value(-3.0, "b")
    loss = (a * b).relu() + a
    loss.backward()
    graph = loss.graph()
    labels = [node["label"] or node["op"] for node in graph["nodes"]]
    assert labels == ["a", "b", "×", "relu", "+"]
    assert [node["value"] for node in graph["nodes"]] == [2.0, -3.0, -6.0, 0.0, 2.0]
    assert [node["gradient"] for node in graph["nodes"]] == [1.0, 0.0, 0.0, 1.0, 1.0]
    assert [node["depth"] for node in graph["nodes"]] == [0, 0, 1, 2, 3]
    named = {(labels[e["source"]], labels[e["target"]]): e["local"] for e in graph["edges"]}
    assert named == {("relu", "+"): 1.0, ("a", "+"): 1.0, ("×", "relu"): 0.0, ("a", "×"): -3.0, ("b", "×"): 2.0}


def test_replaying_the_edges_in_order_gives_every_gradient():
    """What a stepper shows: edge after edge, flow = local · the target's gradient, added to the source."""
    x, w = Value(0.5), Value(-1.5)
    loss = ((x * w).exp() + x) ** 2 / (w * w)
    loss.backward()
    graph = loss.graph()
    gradient = {node["id"]: 0.0 for node in graph["nodes"]}
    gradient[graph["nodes"][-1]["id"]] = 1.0
    for edge in graph["edges"]:
        assert edge["flow"] == edge["local"] * gradient[edge["target"]]  # the target is complete before it is used
        gradient[edge["source"]] += edge["flow"]
    for node in graph["nodes"]:
        assert gradient[node["id"]] == pytest.approx(node["gradient"])


def test_to_dot_names_every_node_and_edge():
    a = Value(2.0, 'the "a"')
    loss = a * 3
    loss.backward()
    dot = loss.to_dot()
    assert dot.startswith("digraph {") and dot.endswith("}")
    assert r'n0 [label="the \"a\"\nvalue 2\ngradient 3"]' in dot
    assert 'n0 -> n2 [label="3"]' in dot and 'n1 -> n2 [label="2"]' in dot


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Value(-1.0).log(), ValueError, "log of -1: only positive numbers"),
        (lambda: Value(2.0) ** Value(3.0), TypeError, "exponent must be a plain number"),
        (lambda: Value(1.0) / 0, ZeroDivisionError, "denominator"),
        (lambda: Value(0.0) ** -2, ZeroDivisionError, "denominator"),
        (lambda: Value(0.0) ** 0.5, ValueError, "no finite slope"),
        (lambda: Value(-2.0) ** 0.5, ValueError, "no real value"),
        (lambda: Value(1000.0).exp(), ValueError, "larger than any float"),
        (lambda: Value("3"), TypeError, "one number"),
        (lambda: Value([1.0, 2.0]), TypeError, "one Value for each entry"),
        (lambda: Value(np.ones(1)), TypeError, "one Value for each entry"),
    ],
)
def test_what_has_no_answer_says_so(make, error, message):
    with pytest.raises(error, match=message):
        make()
