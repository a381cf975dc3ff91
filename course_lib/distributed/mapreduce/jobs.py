"""Two jobs: counting words, and the gradient of a model over shards of data.

**Word count.** (text) -> (word, 1) …; sums, also as the combiner.

**The gradient.** The loss is a mean over examples, L = (1/n) Σ ℓ(xᵢ, yᵢ), so its gradient is a mean as well, and a
mean can be put together from shards when each sends the *sum* of its gradients with the *number* of its examples:

    map      shard s with nₛ examples  ->  (number of the weight, (nₛ · gₛ, nₛ)) for each weight
    combine  add sums, add counts
    reduce   Σ nₛ · gₛ / Σ nₛ

A mean of the means gₛ is right only while all shards are equally long. `mean_of_means` is that mistake, kept here to
be looked at.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from course_lib.data.text import tokenize
from course_lib.distributed.mapreduce.log import Result
from course_lib.distributed.mapreduce.master import run
from course_lib.distributed.mapreduce.phases import Reducer


def words(text: str) -> Iterator[tuple[str, int]]:
    """A mapper: (word, 1) for each word of a text."""
    for word in tokenize(text):
        yield word, 1


def total(key: Any, values: Iterable[Any]) -> Any:
    """A reducer and combiner: the sum."""
    return sum(values)


class ShardGradient:
    """A mapper: a shard (x, y) -> for each trainable weight i the pair (i, (sum of its gradient, examples)).

    model: a compiled, built model. It travels to the workers with its weights. Sums are float64.
    training: as in `model.loss_and_gradient`. With dropout or batch normalization a gradient is no mean over examples,
    so such models need training=False here.
    """

    def __init__(self, model: Any, training: bool = True) -> None:
        self.model, self.training = model, training

    def __call__(self, shard: tuple[Any, Any]) -> Iterator[tuple[int, tuple[Any, int]]]:
        x, y = shard
        self.model.loss_and_gradient(x, y, training=self.training)
        for number, gradient in enumerate(self.model.gradients):
            yield number, (gradient.astype("float64") * len(x), len(x))


def add_sums_and_counts(key: Any, pairs: Iterable[tuple[Any, int]]) -> tuple[Any, int]:
    """A combiner: (Σ sums, Σ counts)."""
    sums, counts = zip(*pairs)
    return sum(sums), sum(counts)


def divide_at_the_end(key: Any, pairs: Iterable[tuple[Any, int]]) -> Any:
    """A reducer: Σ sums / Σ counts, the only division of the job."""
    total, count = add_sums_and_counts(key, pairs)
    return total / count


def mean_of_means(key: Any, pairs: list[tuple[Any, int]]) -> Any:
    """The mistake: the mean of the shards' means, which forgets that shards have different numbers of examples."""
    return sum(total / count for total, count in pairs) / len(pairs)


def gradient(
    model: Any,
    shards: Iterable[tuple[Any, Any]],
    combiner: Reducer | None = add_sums_and_counts,
    reducer: Reducer = divide_at_the_end,
    training: bool = True,
    **options: Any,
) -> tuple[list[Any], Result]:
    """The gradient of the mean loss over all shards, by MapReduce; shards is a list of (x, y).

    Returns (list of float64 arrays as `model.gradients`, the job's `Result`). `options` go to `mapreduce.run`.
    """
    result = run(shards, ShardGradient(model, training), reducer, combiner, **options)
    return [result.output[number] for number in range(len(model.gradients))], result
