"""Walk back over a graph

**Goal.** Find the gradient of everything that a result was computed from, by the chain rule.

**Given.**
- `edges`: a list of triples `(source, target, local)`. Two names, and the local derivative d target / d source: by how
  much the target grows for each unit that the source grows.
- `result`: the name of the result. Every way along the edges leads to it.

The edges come in the order in which they are walked back: all edges that leave a name come *before* those that arrive
at it. So when an edge comes, the gradient of its target is complete.

**Write** `walk_back(edges, result)`. The gradient of the result itself is 1. An edge passes on to its source the local
derivative times the gradient of its target. Where several edges leave one name, what they pass on adds up.
Two edges may join the same two names: both count. Leave the list `edges` unchanged.

**Returns** a `dict`: for every name on the edges, and for the result, its gradient as a `float`.

**Example.** With a = 2: u = a², v = 3a, L = u · v. The result is `"L"`.
`edges = [("u", "L", 6), ("v", "L", 4), ("a", "u", 4), ("a", "v", 3)]`.
L has 1, u has 6 · 1 = 6, v has 4 · 1 = 4, and a has 4 · 6 + 3 · 4 = 36:
`{"L": 1.0, "u": 6.0, "v": 4.0, "a": 36.0}`. (The order in the dict is free.)

**Check** with `q.check(walk_back)`.
"""

import collections

from course_lib.exercises import Case, Exercise


def walk_back(edges, result):
    """{name: d result / d name}, from edges (source, target, d target / d source) in the order of the way back."""
    gradients = {result: 1.0}
    for source, target, local in edges:
        gradients[source] = gradients.get(source, 0.0) + local * gradients[target]
    return gradients


def by_hand(edges, result):
    gradients, said = {result: 1.0}, [f"{result} has 1"]
    for source, target, local in edges[:8]:
        before, upstream = gradients.get(source), gradients[target]
        gradients[source] = (before or 0.0) + local * upstream
        had = "" if before is None else f"{before:.4g} + "
        said.append(f"{target} to {source}: {had}{local:.4g} * {upstream:.4g} = {gradients[source]:.4g}")
    return "; ".join(said) + ("; ..." if len(edges) > 8 else ".")


def draw(rng):
    """A graph of names n0, n1, ...: each is used by one to three of those after it, and the last is the result."""
    size, edges = 7, []
    for target in range(size - 1, 0, -1):
        sources = {target - 1, *rng.integers(0, target, size=2).tolist()}
        edges += [(f"n{s}", f"n{target}", round(float(rng.normal(0.5, 2)), 2)) for s in sorted(sources)]
    return edges, f"n{size - 1}"


FORK = [("u", "L", 6.0), ("v", "L", 4.0), ("a", "u", 4.0), ("a", "v", 3.0)]
NEURON = [
    ("t", "loss", -1.5), ("p", "loss", 1.5), ("z", "p", 0.25), ("b", "z", 1.0), ("s", "z", 1.0),
    ("w1", "s", 2.0), ("x1", "s", -3.0), ("q", "s", 1.0), ("w2", "q", 0.5), ("x2", "q", 4.0),
]  # fmt: skip
TWO_FORKS = [
    ("y", "out", 2.0), ("h", "out", -1.0), ("g", "y", 5.0), ("h", "y", 0.5), ("h", "g", 3.0), ("x", "h", -2.0),
    ("x", "h", 4.0), ("c", "h", 0.5),
]  # fmt: skip

exercise = Exercise(
    walk_back,
    cases=[
        Case("one edge", [("x", "y", 3.0)], "y"),
        Case("a chain", [("v", "y", -0.5), ("u", "v", 4.0), ("x", "u", 3.0)], "y"),
        Case("a fork", FORK, "L"),
        Case("a neuron and its loss, no fork", NEURON, "loss"),
        Case("a product of a number with itself", [("p", "y", 0.5), ("x", "p", 7.0), ("x", "p", 7.0)], "y"),
        Case("two forks, one of them in the middle", TWO_FORKS, "out"),
        Case("a dead edge", [("r", "loss", 2.0), ("k", "loss", -3.0), ("z", "r", 0.0), ("x", "z", 5.0)], "loss"),
        Case("the result is the only name", [], "loss"),
        Case(
            "a long chain that grows",
            [(f"h{i}", f"h{i + 1}", 2.5) for i in reversed(range(12))],
            "h12",
        ),
    ],
    random_case=draw,
    hints=[
        "When an edge comes, which gradient is known already, and which one gets something added? "
        "What does the dict hold before the first edge?",
        by_hand,
        "Start from `{result: 1.0}`. For each edge: "
        "`gradients[source] = gradients.get(source, 0.0) + local * gradients[target]`.",
    ],
)


def walk(edges, passed_on, gradients, added=True, begin=0.0):
    """The way back with one thing wrong: `passed_on(local, upstream)` is added to the source, or put in its place."""
    for source, target, local in edges:
        share = passed_on(local, gradients[target])
        gradients[source] = gradients.get(source, begin) + share if added else share
    return gradients


def product(local, upstream):
    return local * upstream


@exercise.mistake
def replaced_at_a_fork(edges, result):
    """At a fork only the last edge counts: it replaces what came before. What should be done with both?"""
    return walk(edges, product, {result: 1.0}, added=False)


@exercise.mistake
def only_the_first_edge_of_a_fork(edges, result):
    """At a fork only the first edge counts: a name that has a gradient gets no more. What should be done with both?"""
    gradients = {result: 1.0}
    for source, target, local in edges:
        gradients.setdefault(source, local * gradients[target])
    return gradients


@exercise.mistake
def double_edges_counted_once(edges, result):
    """Two equal edges count once in your answer. How much does x * x grow if x does?"""
    return walk(dict.fromkeys(edges), product, {result: 1.0})


@exercise.mistake
def only_one_edge_for_two_names(edges, result):
    """Of two edges between the same names only the last counts. What should be done with both?"""
    last = {(source, target): local for source, target, local in edges}
    return walk([(*names, local) for names, local in last.items()], product, {result: 1.0})


@exercise.mistake
def mean_at_a_fork(edges, result):
    """At a fork you take the mean of what the edges pass on. If the name grows, which of its ways does not?"""
    leaving = {}
    gradients = {result: 1.0}
    for source, target, local in edges:
        leaving.setdefault(source, []).append(local * gradients[target])
        gradients[source] = sum(leaving[source]) / len(leaving[source])
    return gradients


@exercise.mistake
def upstream_ignored(edges, result):
    """Each edge passes on its local derivative, as though its target had the gradient 1. Which one has it really?"""
    return walk(edges, lambda local, upstream: local, {result: 1.0})


@exercise.mistake
def upstream_ignored_and_replaced(edges, result):
    """Each name gets the local derivative of one edge. What is it multiplied by, and what happens at a fork?"""
    return walk(edges, lambda local, upstream: local, {result: 1.0}, added=False)


@exercise.mistake
def local_ignored(edges, result):
    """You pass the gradient on as it is. What does the local derivative of the edge do to it?"""
    return walk(edges, lambda local, upstream: upstream, {result: 1.0})


@exercise.mistake
def local_added(edges, result):
    """You add local derivative and gradient. If y grows 3 for each x, and L 2 for each y, how much does L grow?"""
    return walk(edges, lambda local, upstream: local + upstream, {result: 1.0})


@exercise.mistake
def multiplied_along(edges, result):
    """You multiply all edges so far. Which gradient does an edge start from: the last one found, or its target's?"""
    gradients, so_far = {result: 1.0}, 1.0
    for source, _, local in edges:
        so_far *= local
        gradients[source] = gradients.get(source, 0.0) + so_far
    return gradients


@exercise.mistake
def start_at_zero(edges, result):
    """Your result begins at 0, and nothing can come of that. How much does the result grow if it grows by 1?"""
    return walk(edges, product, {result: 0.0})


@exercise.mistake
def start_left_out(edges, result):
    """You look up a gradient that nobody has put there. Which one is known before the first edge?"""
    return walk(edges, product, {})


@exercise.mistake
def start_left_out_and_zero_taken(edges, result):
    """The result is missing from your dict, and all others are 0. Which gradient is known before the first edge?"""
    gradients = {}
    for source, target, local in edges:
        gradients[source] = gradients.get(source, 0.0) + local * gradients.get(target, 0.0)
    return gradients


@exercise.mistake
def start_left_out_of_a_defaultdict(edges, result):
    """All your gradients are 0: a new key begins at 0, and the result is no exception. Which is known beforehand?"""
    gradients = collections.defaultdict(float)
    for source, target, local in edges:
        gradients[source] += local * gradients[target]
    return gradients


@exercise.mistake
def every_name_begins_at_one(edges, result):
    """Every name begins at 1 in your answer. Which is the only one that does?"""
    return walk(edges, product, {result: 1.0}, begin=1.0)


@exercise.mistake
def result_left_out(edges, result):
    """The result is missing from your dict. Its own gradient is 1: is it asked for?"""
    return {name: gradient for name, gradient in walk_back(edges, result).items() if name != result}


@exercise.mistake
def only_leaves(edges, result):
    """You return the names where ways begin and leave out those between. For which names is a gradient asked for?"""
    targets = {target for _, target, _ in edges}
    return {name: gradient for name, gradient in walk_back(edges, result).items() if name not in targets}


@exercise.mistake
def order_reversed(edges, result):
    """You take the last edge first; its target has no gradient yet. In which order do the edges come?"""
    return walk(edges[::-1], product, {result: 1.0})


@exercise.mistake
def order_reversed_and_zero_taken(edges, result):
    """You take the last edge first, so most targets still have 0. In which order do the edges come?"""
    gradients = {result: 1.0}
    for source, target, local in edges[::-1]:
        gradients[source] = gradients.get(source, 0.0) + local * gradients.get(target, 0.0)
    return gradients


@exercise.mistake
def source_read_too_early(edges, result):
    """You read the gradient of a source that has none yet. What does it begin with, and whose gradient is known?"""
    return walk([(target, source, local) for source, target, local in edges], product, {result: 1.0})


@exercise.mistake
def direction_reversed_and_zero_taken(edges, result):
    """You pass on from source to target, where the source still has 0. Which of the two has its gradient first?"""
    gradients = {result: 1.0}
    for source, target, local in edges:
        gradients[target] = gradients.get(target, 0.0) + local * gradients.get(source, 0.0)
    return gradients


@exercise.mistake
def list_emptied(edges, result):
    """The gradients are right, but the list of edges is empty afterwards. How can a loop read a list and leave it?"""
    gradients = {result: 1.0}
    while edges:
        source, target, local = edges.pop(0)
        gradients[source] = gradients.get(source, 0.0) + local * gradients[target]
    return gradients


@exercise.mistake
def result_only_by_its_edges(edges, result):
    """Where no edge arrives at the result, your dict lacks it. What is its gradient, whatever the edges are?"""
    return walk_back(edges, result) if edges else {}
