"""Backpropagation node by node: the gradients that its lesson asks for, and what each step tells."""

import itertools

import numpy as np
import pytest
from claims import numbers

from course_lib.widgets import GraphStepper


def at_the_fork(expression="w · relu(wx + b)", **inputs):
    """{label of a node: its gradient}, and what flows into the fork on each of its two edges, after the last step."""
    result = GraphStepper(expression=expression, **inputs, step=12).result
    flows = [edge["flow"] for edge in result["edges"] if edge["fork"]]
    assert len(flows) == 2
    return {node["label"]: node["gradient"] for node in result["nodes"]}, flows


def test_question_about_the_graph_has_its_answers():
    """Three reasons for a gradient of exactly 0 at w, each by the sliders that lesson 1.3 names, and no fourth."""
    assert at_the_fork(b=-3)[1] == [0, 0]
    gradients, flows = at_the_fork(x=1, b=0)
    assert set(gradients.values()) == {0, 1} and flows == [0, 0], "no error: 0 everywhere but at the loss itself"
    gradients, flows = at_the_fork(x=-0.5, b=2)
    assert gradients["w"] == 0 and sorted(flows) == [-4, 4] and gradients["x"] == -16

    reasons, ticks = set(), np.arange(-3, 3.5, 0.5)
    stepper = GraphStepper()
    for w, x, b in itertools.product(ticks, ticks, ticks):
        nodes = {node["label"]: node for node in stepper.graph("w · relu(wx + b)", w, x, b)["nodes"]}
        if nodes["w"]["gradient"] == 0:
            shut, no_error = nodes["z"]["value"] <= 0, nodes["e"]["value"] == 0
            cancels = not shut and not no_error and nodes["h"]["value"] == -w * x != 0
            assert shut + no_error + cancels == 1
            reasons.add((shut, no_error, cancels))
    assert len(reasons) == 3


def test_stepper_goes_forward_then_backward_and_every_product_it_tells_is_right():
    for expression in GraphStepper.controls[0].options:
        for step in range(13):
            result = GraphStepper(expression=expression, w=1.5, x=-2, b=3, step=step).result
            nodes, edges = result["nodes"], result["edges"]
            assert sum(node["value"] is None for node in nodes) == max(6 - step, 0)
            for edge in edges:
                assert (edge["local"] is None) == (nodes[edge["target"]]["value"] is None)
                if edge["flow"] is not None:
                    assert edge["flow"] == edge["local"] * nodes[edge["target"]]["gradient"]
            for node in nodes:
                arrived = [e["flow"] for e in edges if e["source"] == node["id"] and e["flow"] is not None]
                if node["label"] != "L":
                    assert node["gradient"] == (pytest.approx(sum(arrived)) if arrived else None)
            if step > 6:
                told = sum(edge["now"] for edge in edges)
                assert len(result["said"]) == 1 + told >= 2
        assert all(node["gradient"] is not None for node in nodes)


def test_stepper_tells_the_product_and_what_it_is_added_to():
    told = {step: dict(line.split(": ", 1) for line in GraphStepper(step=step).result["said"]) for step in (9, 12)}
    assert numbers(told[9]["To h"]) == [2, -2, -4, 0]  # local × arriving = product, added to what was there
    assert numbers(told[9]["To w"]) == [1.5, -2, -3, 0]
    assert numbers(told[12]["To w"]) == [1, -4, -4, -3, -7]  # and what that makes
