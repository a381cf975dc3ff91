"""What a network costs

**Goal.** Count what a stack of dense layers has to store and to compute.

**Given.**
- `widths`: a list of whole numbers. The first is the number of input features, each other one the width of a layer.
  `[1000, 64, 32, 10]` is the course's classifier: three layers on 1,000 features.
- `batch`: how many examples go through at once. 1 if nothing is said.

**Write** `parameters_and_flops(widths, batch=1)`.
- Parameters: a layer from `a` to `b` numbers stores `a·b` weights and `b` biases.
- FLOPs (floating-point operations): it makes `a·b` multiplications and as many additions for each example.
  Count both. Leave out activations, and count nothing more for the bias.

**Returns** a tuple `(parameters, flops)` of two `int`s.

**Example.** `widths = [3, 4, 2]`, `batch = 5`.
Parameters: 3·4 + 4 + 4·2 + 2 = 26. FLOPs: 5 · 2 · (3·4 + 4·2) = 200. The answer is `(26, 200)`.

**Check** with `q.check(parameters_and_flops)`.
"""

import math

from course_lib.exercises import Case, Exercise


def parameters_and_flops(widths, batch=1):
    """(number of parameters, FLOPs of one forward pass of `batch` examples) for dense layers of these widths."""
    parameters = flops = 0
    for inputs, outputs in zip(widths[:-1], widths[1:]):
        parameters += inputs * outputs + outputs
        flops += 2 * inputs * outputs * batch
    return parameters, flops


def by_hand(widths, batch=1):
    pairs = list(zip(widths[:-1], widths[1:]))[:4]
    if not pairs:
        return f"{widths} has no two neighbours, so there is no layer: 0 parameters and 0 FLOPs."
    parameters = " + ".join(f"{a}*{b} + {b}" for a, b in pairs)
    flops = " + ".join(f"2*{a}*{b}*{batch}" for a, b in pairs)
    more = " + ..." if len(widths) > 5 else ""
    return f"Parameters: {parameters}{more}. FLOPs: {flops}{more}."


exercise = Exercise(
    parameters_and_flops,
    cases=[
        Case("two layers, five examples", [3, 4, 2], 5),
        Case("one layer, one example", [7, 3]),
        Case("the course's classifier, one batch", [1000, 64, 32, 10], 32),
        Case("batch by its name", [6, 5, 4, 3], batch=2),
        Case("one neuron", [5, 1], 3),
        Case("no layer at all", [8], 4),
        Case("a very large layer", [60000, 50000, 1000], 512),
    ],
    random_case=lambda rng: ([int(n) for n in rng.integers(2, 50, size=4)], int(rng.integers(2, 40))),
    hints=[
        "Take two neighbours in the list at a time: what comes in, and what goes out. What does one such layer store?",
        by_hand,
        "`for inputs, outputs in zip(widths[:-1], widths[1:]):` goes through the layers. "
        "Add `inputs * outputs + outputs` to one count and `2 * inputs * outputs * batch` to the other.",
    ],
    equivalent_mutants={
        ":-1 -> :": "zip stops at the end of the shorter list, so the last width has no partner either way."
    },
)


def layers(widths):
    return list(zip(widths[:-1], widths[1:]))


def right_parameters(widths):
    return parameters_and_flops(widths)[0]


def right_flops(widths, batch):
    return parameters_and_flops(widths, batch)[1]


@exercise.mistake
def no_biases(widths, batch=1):
    """The biases are not counted. Each neuron has one: how many does a layer of width b store?"""
    return sum(a * b for a, b in layers(widths)), right_flops(widths, batch)


@exercise.mistake
def one_bias_for_each_layer(widths, batch=1):
    """You count one bias for each layer. Does a layer of 64 neurons share one bias, or has each its own?"""
    return sum(a * b + 1 for a, b in layers(widths)), right_flops(widths, batch)


@exercise.mistake
def input_counted_as_a_layer(widths, batch=1):
    """You also count a bias for each input feature. The first width is the input, not a layer: what does it store?"""
    return right_parameters(widths) + widths[0], right_flops(widths, batch)


@exercise.mistake
def batch_forgotten(widths, batch=1):
    """The FLOPs are those of one example. All examples of the batch are computed: which number is missing?"""
    return parameters_and_flops(widths, 1)


@exercise.mistake
def one_flop_for_multiply_and_add(widths, batch=1):
    """You count a multiplication and its addition as one. Both are operations: how many does each weight cost?"""
    return right_parameters(widths), right_flops(widths, batch) // 2


@exercise.mistake
def parameters_times_batch(widths, batch=1):
    """Your parameters grow with the batch. All examples use the same weights: which of the two counts depends on it?"""
    return right_parameters(widths) * batch, right_flops(widths, batch)


@exercise.mistake
def last_layer_left_out(widths, batch=1):
    """The last layer is not counted. How many pairs of neighbours are there in a list of four numbers?"""
    return parameters_and_flops(widths[:-1], batch)


@exercise.mistake
def bias_operations_counted(widths, batch=1):
    """You count an addition for each bias as well. Here only weights cost operations, 2 each: which are too many?"""
    return right_parameters(widths), right_flops(widths, batch) + batch * sum(widths[1:])


@exercise.mistake
def swapped(widths, batch=1):
    """Both counts are right, but in the other order. What does `return` name first?"""
    return parameters_and_flops(widths, batch)[::-1]


@exercise.mistake
def sums_of_widths(widths, batch=1):
    """You add the two widths of a layer. Each input is joined to each output: how many pairs are that?"""
    return sum(a + b + b for a, b in layers(widths)), 2 * batch * sum(a + b for a, b in layers(widths))


@exercise.mistake
def flops_from_parameters(widths, batch=1):
    """Your FLOPs are twice the parameters, so biases count. Only weights are multiplied: how many are there?"""
    return right_parameters(widths), 2 * right_parameters(widths) * batch


@exercise.mistake
def one_addition_fewer(widths, batch=1):
    """You count a - 1 additions for a sum of a products. Here there are as many additions as multiplications: a."""
    return right_parameters(widths), right_flops(widths, batch) - batch * sum(widths[1:])


@exercise.mistake
def product_of_all_widths(widths, batch=1):
    """You multiply all widths. A weight joins two neighbours: which products are added up?"""
    return math.prod(widths) + sum(widths[1:]), 2 * math.prod(widths) * batch
