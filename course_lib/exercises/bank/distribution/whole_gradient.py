"""The gradient of all shards

**Goal.** Put the gradient of a model together from parts that were computed on different machines.

**Given.**
- `shards`: a list with one pair `(gradients, examples)` for each part of the data.
  `gradients` is a list of arrays, one for each weight of the model, in the same order and shapes for all shards. It is
  the gradient of the *mean* loss over this shard's examples. `examples` says how many those are.
  A shard may have 0 examples; its gradients are zeros then. At least one shard has some.

**Write** `whole_gradient(shards)`. Work out the gradient of the mean loss over *all* examples of all shards.

**Returns** a list of arrays, one for each weight, in the given order and shapes. The inputs stay as they are.

**Example.** One weight. A shard of 3 examples has the gradient `[2.0, 0.0]`, a shard of 1 example `[6.0, 4.0]`.
The four examples together: (3 · 2 + 1 · 6) / 4 = 3 and (3 · 0 + 1 · 4) / 4 = 1, so the answer is `[array([3.0, 1.0])]`.

**Check** with `q.check(whole_gradient)`.
"""

import numpy as np

from course_lib.exercises import Case, Exercise
from course_lib.text.words import counted


def whole_gradient(shards):
    """The gradient of the mean loss over all examples of all shards: a list of arrays, one for each weight."""
    total = sum(examples for _, examples in shards)
    weights = range(len(shards[0][0]))
    return [sum(examples * gradients[i] for gradients, examples in shards) / total for i in weights]


def by_hand(shards):
    terms = " + ".join(f"{n} * {gradients[0].flat[0]:.4g}" for gradients, n in shards[:6])
    more = " + ..." if len(shards) > 6 else ""
    total = sum(n for _, n in shards)
    first = sum(n * gradients[0].flat[0] for gradients, n in shards) / total
    return (
        f"{counted(len(shards), 'shard')} with {counted(total, 'example')}. "
        f"First number of the first weight: ({terms}{more}) / {total} = {first:.4g}."
    )


def made(seed, *sizes, shapes=((3, 2), (2,)), scale=1.0):
    """Shards of these sizes, gradients of these shapes."""
    rng = np.random.default_rng(seed)
    return [([(rng.normal(size=shape) * scale * bool(n)).round(3) for shape in shapes], n) for n in sizes]


exercise = Exercise(
    whole_gradient,
    cases=[
        Case("two shards, one weight", [([np.array([2.0, 0.0])], 3), ([np.array([6.0, 4.0])], 1)]),
        Case("three shards, two weights", made(1, 4, 1, 7)),
        Case("shards of the same length", made(2, 5, 5, 5)),
        Case("one shard", made(3, 6)),
        Case("a shard without examples", made(4, 3, 0, 5)),
        Case("the first without examples", made(5, 0, 2, 9)),
        Case("shards of one example", made(6, 1, 1, 1, 1, shapes=((2, 3), (3,), (3, 1), (1,)))),
        Case("a small rest at the end", made(7, 1000, 1000, 17, shapes=((4, 2), (2,)))),
        Case("large gradients", made(8, 2, 8, shapes=((5, 3), (3,), (3, 4), (4,)), scale=1e4)),
    ],
    random_case=lambda rng: (made(int(rng.integers(1 << 30)), *(int(n) for n in rng.integers(1, 40, size=4))),),
    hints=[
        "A mean over 3 examples and a mean over 1: what is the sum over the 4, and so the mean?",
        by_hand,
        "For weight i: `sum(examples * gradients[i] for gradients, examples in shards)`, divided by the number of all "
        "examples.",
    ],
    equivalent_mutants={"0 -> -1 (again)": "each shard has as many gradients as the first"},
)


def weighed(shards, weights, by=1.0):
    """For each weight of the model the sum of weight * gradient over the shards, divided by `by`."""
    return [sum(w * g for w, g in zip(weights, column)) / by for column in zip(*(gradients for gradients, _ in shards))]


def sizes(shards):
    return [n for _, n in shards]


@exercise.mistake
def mean_of_means(shards):
    """You take the plain mean of the shards' gradients. A long shard counts no more than a short one then: what weight
    has each?"""
    return weighed(shards, [1] * len(shards), len(shards))


@exercise.mistake
def mean_of_means_but_the_empty(shards):
    """You leave out the empty shards and take the plain mean of the others. Do a long and a short shard count alike?"""
    return weighed(shards, [bool(n) for n in sizes(shards)], sum(bool(n) for n in sizes(shards)))


@exercise.mistake
def sum_of_means(shards):
    """You add the shards' gradients up. Each is a mean already: what weight has it, and what is the sum divided by?"""
    return weighed(shards, [1] * len(shards))


@exercise.mistake
def never_divided(shards):
    """You weigh the gradients and add them up: that is the gradient of the summed loss. What makes it a mean?"""
    return weighed(shards, sizes(shards))


@exercise.mistake
def divided_by_the_shards(shards):
    """You weigh by the examples, then divide by the number of shards. How many things went into the sum?"""
    return weighed(shards, sizes(shards), len(shards))


@exercise.mistake
def divided_twice(shards):
    """You divide once too often: by the number of all examples and by the number of shards. Which one is right?"""
    return weighed(shards, sizes(shards), sum(sizes(shards)) * len(shards))


@exercise.mistake
def not_weighed(shards):
    """You divide by the number of all examples, but the gradients were not multiplied by theirs. Each is a mean: what
    makes a sum of it again?"""
    return weighed(shards, [1] * len(shards), sum(sizes(shards)))


@exercise.mistake
def first_shard_not_weighed(shards):
    """You begin with the first shard's gradients as they are, and weigh the others only. What weight has the first?"""
    return weighed(shards, [1, *sizes(shards)[1:]], sum(sizes(shards)))


@exercise.mistake
def first_shard_added_to(shards):
    """You begin with the first shard's own arrays: they are not weighed, and what you add to them changes the input.
    What else could a sum begin with?"""
    found = shards[0][0]
    for gradients, examples in shards[1:]:
        for i, gradient in enumerate(gradients):
            found[i] += examples * gradient
    return [array / sum(sizes(shards)) for array in found]


@exercise.mistake
def two_by_two(shards):
    """You take the mean of the mean so far and the next shard. The last one weighs half of all then: what weight
    should it have?"""
    found = shards[0][0]
    for gradients, _ in shards[1:]:
        found = [(a + b) / 2 for a, b in zip(found, gradients)]
    return found


@exercise.mistake
def divided_by_its_examples(shards):
    """You divide each gradient by its number of examples. It is a mean already: multiply or divide?"""
    return weighed(shards, [1 / n for n in sizes(shards)])


@exercise.mistake
def means_divided_again(shards):
    """You divide each gradient by its number of examples and take the mean over the shards. It is a mean already: which
    shard should count more, the long or the short?"""
    return weighed(shards, [1 / n for n in sizes(shards)], len(shards))


@exercise.mistake
def weighed_the_wrong_way(shards):
    """Your short shards count more than your long ones: the weights are 1 / examples. Which weight lets every example
    count alike?"""
    return weighed(shards, [1 / n for n in sizes(shards)], sum(1 / n for n in sizes(shards)))


@exercise.mistake
def weighed_twice(shards):
    """The number of examples comes in twice, so the longest shard decides nearly alone. Where is it squared?"""
    return weighed(shards, [n**2 for n in sizes(shards)], sum(n**2 for n in sizes(shards)))


@exercise.mistake
def weighed_twice_divided_once(shards):
    """You multiply by the number of examples twice, and divide by their sum once. How often does it belong there?"""
    return weighed(shards, [n**2 for n in sizes(shards)], sum(sizes(shards)))


@exercise.mistake
def longest_shard_for_all(shards):
    """You divide by the length of the longest shard. How many examples are there in all?"""
    return weighed(shards, sizes(shards), max(sizes(shards)))


@exercise.mistake
def examples_of_the_last_shard(shards):
    """You divide by the number of examples of the last shard. How many are there in all?"""
    return weighed(shards, sizes(shards), np.float64(shards[-1][1]))


@exercise.mistake
def first_weight_only(shards):
    """You return the gradient of the first weight only. How many weights has the model?"""
    return whole_gradient(shards)[:1]


@exercise.mistake
def first_weight_without_a_list(shards):
    """You return one array, that of the first weight. How many weights has the model, and what holds their
    gradients?"""
    return whole_gradient(shards)[0]


@exercise.mistake
def one_flat_vector(shards):
    """You return all numbers in one row. Each weight needs its own gradient, in its shape: what holds them?"""
    return np.concatenate([gradient.ravel() for gradient in whole_gradient(shards)])


@exercise.mistake
def last_shard_lost(shards):
    """The last shard is missing in your sum, though its examples are counted. Where does the loop end?"""
    return weighed(shards, [*sizes(shards)[:-1], 0], sum(sizes(shards)))


@exercise.mistake
def first_shard_lost(shards):
    """The first shard is missing in your sum, though its examples are counted. Where does the loop begin?"""
    return weighed(shards, [0, *sizes(shards)[1:]], sum(sizes(shards)))


@exercise.mistake
def last_shard_alone(shards):
    """You return what the last shard adds; those before it are overwritten. Where are they added up?"""
    return weighed(shards, [0] * (len(shards) - 1) + [shards[-1][1]], sum(sizes(shards)))


@exercise.mistake
def first_shard_alone(shards):
    """You return the gradients of the first shard as they are. What do the others say?"""
    return weighed(shards, [1] + [0] * (len(shards) - 1))


@exercise.mistake
def laid_end_to_end(shards):
    """You lay the shards' gradients end to end. The weights have kept their shapes: what is done with two arrays of the
    same weight?"""
    total = sum(sizes(shards))
    columns = zip(*(gradients for gradients, _ in shards))
    return [np.concatenate([n / total * g for n, g in zip(sizes(shards), column)]) for column in columns]


@exercise.mistake
def one_list_for_each_shard(shards):
    """You return a list for each shard. One for each weight is asked for: what is added up?"""
    return [[n * g for g in gradients] for gradients, n in shards]


@exercise.mistake
def one_number_for_each_weight(shards):
    """You make one number of each weight's gradient. Over which axis should be added, that of the shards or those of
    the weight?"""
    return [np.sum(gradient) for gradient in whole_gradient(shards)]
