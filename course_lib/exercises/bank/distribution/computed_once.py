"""Computed once

**Goal.** Use the same expensive results in two actions without computing them twice.

**Given.**
- `values`: an RDD of numbers, cut into partitions, at least one number in all.
  (It is the lesson's small RDD: PySpark's names, the most used of them.)
- `score`: a function that takes a number and returns a number. Imagine that each call takes a minute.

**Write** `above_the_mean(values, score)`. Find the mean of the scores of all values, and how many scores are above it.
A score equal to the mean is not above it.
Call `score` once for each value, and no more. The scores may be too many for the driver: bring no lists home
(`collect`, `take`), only single numbers.

**Returns** two numbers: the mean of the scores, and how many are above it, an `int`.

**Example.** `values` 1, 2, 3, 6 and `score = lambda x: x * x`: the scores are 1, 4, 9 and 36, their mean is 12.5, and
one is above it: `(12.5, 1)`, with 4 calls of `score`.

**Check** with `q.check(above_the_mean)`. It also counts the calls of `score`.
"""

import functools

import numpy as np

from course_lib.exercises import Case, Exercise
from course_lib.exercises.bank.distribution._cluster import Cluster
from course_lib.text.words import counted


def above_the_mean(values, score):
    """(mean of the scores, how many are above it), with one call of `score` for each value."""
    scores = values.map(score).cache()
    mean = scores.mean()
    return mean, scores.filter(lambda s: s > mean).count()


class Calls:
    """How often `score` was called, and what was kept. Two answers are alike in this when they tell the same story."""

    def __init__(self, number, values, story):
        self.number, self.values, self.story = number, values, story

    def __eq__(self, other):
        return isinstance(other, Calls) and self.story == other.story

    def __repr__(self):
        return f"{self.number} for {self.values} values, {self.story}"


def result_and_costs(above_the_mean, values, score):
    """What comes back, how often `score` was called for it, and whether the data were brought to the driver."""
    __tracebackhide__ = True
    sc = values.context
    calls = sc.accumulator(0)

    def counted(value):
        calls.add(1)
        return score(value)

    back = above_the_mean(values, counted)
    if back is None:
        return None
    number, rows = calls.value, len(values.rows)
    read = sum(job.cached.total() for job in sc.jobs)
    kept = any(one.is_cached for one in sc.rdds)
    stories = [
        (number == rows, "each once"),
        (number < rows, "some never"),
        (sc.dropped, "cached and given up"),
        (not kept, "nothing cached"),
        (not sc.cached, "cached after the last job"),
        (not read, "cached, but never read from the cache"),
        (True, "not these cached, but others"),
    ]
    story = next(text for holds, text in stories if holds)
    return {"returned": back, "calls": Calls(number, rows, story), "data in the driver": sc.collected}


def by_hand(values, score):
    scores = [score(value) for value in values.collect()]
    mean = sum(scores) / len(scores)
    shown = ", ".join(f"{s:.4g}" for s in scores[:6]) + ", ..." * (len(scores) > 6)
    above = sum(s > mean for s in scores)
    return (
        f"The scores are {shown}: {counted(len(scores), 'call')}. Their mean is {mean:.4g}, and {above} are above it. "
        f"The mean must be known before a score can be compared with it, so the {len(scores)} scores are needed twice."
    )


def square(x):
    return x * x


def triple_and_one(x):
    return 3 * x + 1


def negative(x):
    return -x


def score_of(a, b):
    def score(x):
        return a * abs(x - b)

    return score


def case(name, values, score, partitions=2):
    return Case(name, Cluster().parallelize(values, partitions), score)


def draw(rng):
    values = [round(float(v), 2) for v in rng.normal(0, 5, int(rng.integers(8, 16)))]
    return Cluster().parallelize(values, 3), score_of(round(float(rng.uniform(1, 3)), 2), round(float(rng.normal()), 2))


exercise = Exercise(
    above_the_mean,
    call=result_and_costs,
    may_mutate=True,  # an RDD cannot be changed
    cases=[
        case("squares", [1, 2, 3, 6], square),
        case("five values in three partitions", [4, -1, 0, -7, 2], square, 3),
        case("scores that equal the mean", [1, 3, 3, 5, 3], abs),
        case("one value", [7], square, 1),
        case("all scores alike", [-2, 2, 2, -2, -2, 2], square),
        case("partitions of different lengths", [9, 1, 2, 3, 4, 30, 8], triple_and_one, 3),
        case("scores below 0, and large ones", [2.5, -40, 3, 1000, -2000, 0.5], negative),
    ],
    random_case=draw,
    n_random=2,
    hints=[
        "Each action computes its RDD from the beginning. What must be said of the scores, and before which action, so "
        "that the second one finds them there?",
        by_hand,
        "`scores = values.map(score).cache()`, then `scores.mean()`, then an action on `scores.filter(...)`.",
    ],
)


def above(scores, mean):
    return scores.filter(lambda s: s > mean).count()


@exercise.mistake
def nothing_cached(values, score):
    """Each action computes the scores anew, so `score` is called more than once for each value. What can you ask of an
    RDD whose elements are needed again?"""
    scores = values.map(score)
    mean = scores.mean()
    return mean, above(scores, mean)


@exercise.mistake
def remembered_by_python(values, score):
    """You let Python remember the scores. A function travels to each task as a copy: would they share one memory? What
    can you ask of an RDD whose elements are needed again?"""
    scores = values.map(functools.lru_cache(None)(score))
    mean = scores.mean()
    return mean, above(scores, mean)


@exercise.mistake
def cached_too_late(values, score):
    """You cache the scores when all is over. When is a partition kept: when you say so, or when it is next computed?"""
    scores = values.map(score)
    mean = scores.mean()
    found = above(scores, mean)
    scores.cache()
    return mean, found


@exercise.mistake
def another_one_cached(values, score):
    """An RDD is cached, but no action ever reads from it. Was it cached before the first action, and does the second
    start from that very RDD? (The same steps written again make another one.)"""
    mean = values.map(score).cache().mean()
    return mean, above(values.map(score), mean)


@exercise.mistake
def values_cached(values, score):
    """You cache what comes before `score`. The values are kept, but which step is the expensive one?"""
    scores = values.cache().map(score)
    mean = scores.mean()
    return mean, above(scores, mean)


@exercise.mistake
def given_up(values, score):
    """You give the cached scores up too early. Which action needs them last?"""
    scores = values.map(score).cache()
    mean = scores.mean()
    scores.unpersist()
    return mean, above(scores, mean)


@exercise.mistake
def brought_home(values, score):
    """You bring the data to the driver and work there. Would they fit? Where else can computed scores be kept?"""
    scores = values.map(score).collect()
    mean = sum(scores) / len(scores)
    return mean, sum(s > mean for s in scores)


@exercise.mistake
def equal_counts(values, score):
    """You count scores equal to the mean as well. Are they above it?"""
    scores = values.map(score).cache()
    mean = scores.mean()
    return mean, scores.filter(lambda s: s >= mean).count()


@exercise.mistake
def below_counted(values, score):
    """You count the scores below the mean. Which ones are asked for?"""
    scores = values.map(score).cache()
    mean = scores.mean()
    return mean, scores.filter(lambda s: s < mean).count()


@exercise.mistake
def values_compared(values, score):
    """You compare the values with the mean of the scores. Which of the two RDDs does the filter belong to?"""
    mean = values.map(score).mean()
    return mean, above(values, mean)


@exercise.mistake
def mean_of_the_values(values, score):
    """Your mean is that of the values. Which numbers should it be the mean of?"""
    mean = values.mean()
    return mean, above(values.map(score), mean)


@exercise.mistake
def score_of_the_mean(values, score):
    """You score the mean, in place of taking the mean of the scores. Which comes first?"""
    mean = score(values.mean())
    return mean, above(values.map(score), mean)


@exercise.mistake
def mean_of_means(values, score):
    """You take the mean of the partitions' means. A partition of 1 value weighs as much as one of 3 then: what should
    each partition send besides its sum?"""
    scores = values.map(score).cache()
    mean = scores.mapPartitions(lambda part: [np.mean(list(part))]).mean()
    return mean, above(scores, mean)


@exercise.mistake
def rounded_down(values, score):
    """Your mean is rounded down. Which division keeps the fraction?"""
    scores = values.map(score).cache()
    mean = scores.sum() // scores.count()
    return mean, above(scores, mean)


@exercise.mistake
def sum_for_mean(values, score):
    """You compare with the sum. By what is it divided to become the mean?"""
    scores = values.map(score).cache()
    total = scores.sum()
    return total, above(scores, total)


@exercise.mistake
def how_many_only(values, score):
    """Your second result says how many values there are. How many of the scores are above the mean?"""
    scores = values.map(score).cache()
    return scores.mean(), scores.count()


@exercise.mistake
def scores_themselves(values, score):
    """Your second result is an RDD: nothing has counted its elements. Which action does?"""
    scores = values.map(score).cache()
    mean = scores.mean()
    return mean, scores.filter(lambda s: s > mean)


@exercise.mistake
def sum_of_those_above(values, score):
    """You add up the scores above the mean. Is their sum asked for, or their number?"""
    scores = values.map(score).cache()
    mean = scores.mean()
    return mean, scores.filter(lambda s: s > mean).sum()
