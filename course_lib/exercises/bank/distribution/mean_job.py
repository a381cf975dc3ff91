"""A mean that may be put together in parts

**Goal.** Write a MapReduce job for the mean of each key's values. Its combiner may run never, once or several times.

**Given.** A record is a pair `(key, value)`; the value is a number. A job consists of three functions:
- `mapper(record)` yields pairs `(key, what travels)`, here one pair for each record.
- `combiner(key, values)` gets some of what travels for a key, a list, and returns *one* thing that travels on instead.
  It may also be called on its own results, on a single one, or not at all.
- `reducer(key, values)` gets all that arrived for a key, a list of at least one, and returns the mean.

**Write** `mean_job()`. Define the three functions in it and return them, in this order:

    def mean_job():
        def mapper(record): ...
        def reducer(key, values): ...
        def combiner(key, values): ...
        return mapper, reducer, combiner

What travels is for you to choose. The mean must not depend on how the values were grouped, and what the combiner
returns must not grow with the number of values.

**Returns** three functions. (`mapreduce.run(records, *mean_job())` runs them on real processes.)

**Example.** "a" has the values 1 and 2 in one map task, and 6 in another. Its mean is (1 + 2 + 6) / 3 = `3`.
The mean of the two tasks' means would be (1.5 + 6) / 2 = 3.75, which forgets that one task had two values.

**Check** with `q.check(mean_job)`. It takes records in `tasks`, one list for each map task. `rounds` says how often the
combiner runs in each: 0 never; 1 once over the task's values of a key; 2 first on every two of them, then on its own
results.
"""

import numbers as numeric
import pickle
import types

from course_lib.exercises import Case, Exercise
from course_lib.text.words import counted


def mean_job():
    """Returns mapper(record), reducer(key, values) and combiner(key, values), for the mean of each key's values."""

    def mapper(record):
        key, value = record
        yield key, (value, 1)

    def combiner(key, values):
        return sum(total for total, _ in values), sum(count for _, count in values)

    def reducer(key, values):
        total, count = combiner(key, values)
        return total / count

    return mapper, reducer, combiner


class NotAJob(Exception):
    """What one of the three functions does that no engine could use."""


def run_job(job, tasks, rounds):
    """{key: mean} by the three functions that `job()` returns; else what it returns, or a sentence about them."""
    functions = job()
    if functions is None:
        return None
    functions = functions if isinstance(functions, tuple | list) else [functions]
    if not all(map(callable, functions)):
        return f"not only functions came, so {tasks[0][0][0]!r} has no mean"
    if len(functions) != 3:
        return f"{'fewer' if len(functions) < 3 else 'more'} than three functions, so {tasks[0][0][0]!r} has no mean"
    try:
        return mapped_and_reduced(*functions, tasks, rounds)
    except NotAJob as found:
        return str(found)
    except Exception:  # of the learner's: it goes on its way where nothing better can be said
        if found := unlike(functions, *tasks[0][0]):
            return found
        raise


def mapped_and_reduced(mapper, reducer, combiner, tasks, rounds):
    def combined(key, values):
        return one_result("combiner", combiner, key, values)

    arrived = {}
    for records in tasks:
        values_of = {}
        for record in records:
            pairs = mapper(record)
            if pairs is None:
                raise NotAJob(f"the mapper returned None for the record {record!r}")
            for pair in pairs:
                if not (isinstance(pair, tuple | list) and len(pair) == 2):
                    raise NotAJob(f"the mapper gave {pair!r} for the record {record!r}")
                values_of.setdefault(pair[0], []).append(pair[1])
        for key, values in values_of.items():
            if rounds == 2:
                values = [combined(key, values[i : i + 2]) for i in range(0, len(values), 2)]
            arrived.setdefault(key, []).extend([combined(key, values)] if rounds else values)
    return {key: one_result("reducer", reducer, key, values) for key, values in arrived.items()}


def one_result(who, function, key, values):
    result = function(key, values)
    if isinstance(result, types.GeneratorType):
        raise NotAJob(f"the {who} yields for the key {key!r}")
    if result is None:
        raise NotAJob(f"the {who} returned None for the key {key!r}")
    if who == "combiner" and result is values:
        raise NotAJob(f"the combiner returned its list of values for the key {key!r}")
    if isinstance(result, tuple) and result and isinstance(result[0], str) and result[0] == key:
        raise NotAJob(f"the {who} gave the key {key!r} as well")
    return result


def unlike(functions, key, value):
    """A sentence where the mapper sends a number and the combiner does not, or the other way round; else None."""
    mapper, _, combiner = functions
    ((key, sent),) = mapper((key, value))
    numbers = [isinstance(each, numeric.Number) for each in (sent, combiner(key, [sent]))]
    if numbers[0] != numbers[1]:
        alone = "the mapper" if numbers[0] else "the combiner"
        return f"{alone} sends a single number, {'the combiner' if numbers[0] else 'the mapper'} does not"


def by_hand(tasks, rounds):
    key = tasks[0][0][0]
    parts = [[value for k, value in records if k == key] for records in tasks]
    everything = [value for part in parts for value in part]
    where = "; ".join(", ".join(f"{v:g}" for v in part) for part in parts if part)
    total, count = sum(everything), len(everything)
    return (
        f"{key!r} has {counted(count, 'value')}, task by task: {where[:200]}. Their sum is {total:g}, so the mean is "
        f"{total:g} / {count} = {total / count:.4g}. The combiner runs {counted(rounds, 'time')} in each task. "
        f"Which two numbers must still be known when the reducer begins?"
    )


UNEVEN = [[("a", 1), ("a", 2)], [("a", 6)]]
GAMES = [
    [("net", 4.0), ("fun", 2.5), ("net", 1.0), ("net", 7.0), ("fun", 0.5), ("net", 3.0), ("net", 9.5)],
    [("fun", 8.0), ("net", -2.0), ("fun", 6.5), ("fun", 6.0)],
    [("net", 5.0)],
]


def draw(rng):
    def task(n):
        return [(str(rng.choice(["x", "y"])), round(float(rng.normal(3, 4)), 2)) for _ in range(n)]

    return [task(int(rng.integers(3, 9))) for _ in range(3)], int(rng.integers(0, 3))


exercise = Exercise(
    mean_job,
    cases=[
        Case("the combiner never runs", UNEVEN, 0),
        Case("the combiner runs once", UNEVEN, 1),
        Case("it runs on its own results", [[("a", 1), ("a", 2), ("a", 9)], [("a", 4)]], 2),
        Case("two keys, never", GAMES, 0),
        Case("two keys, once", GAMES, 1),
        Case("two keys, on its own results", GAMES, 2),
        Case("whole numbers", [[("a", 1), ("b", 7), ("a", 3)], [("a", 1), ("b", 2), ("b", 5), ("b", 8)]], 1),
        Case("one record", [[("k", 4.5)]], 2),
        Case("one record, never combined", [[("k", 7)]], 0),
        Case("negative numbers", [[("t", -3.0), ("t", -8.0), ("t", 1.0)], [("t", -20.0)]], 1),
        Case("a thousand and one", [[("n", i % 7) for i in range(1000)], [("n", 50_000)]], 2),
    ],
    random_case=draw,
    hints=[
        "Two tasks send you their means, 1.5 and 6. What else must they tell you for the mean of all values?",
        by_hand,
        "Let `(value, 1)` travel. The combiner adds up both parts, `(sum, count)`; only the reducer divides.",
    ],
    call=run_job,
    may_mutate=True,
)


@exercise.property
def combined_values_stay_small(job, tasks, rounds):
    """What the combiner returns for 200 values takes no more room than for 2. Else nothing is saved on the way."""
    mapper, _, combiner = job()

    def size(n):
        return len(pickle.dumps(combiner("a", [value for _ in range(n) for _, value in mapper(("a", 2.5))])))

    return size(200) <= size(2) + 20 or f"Yours takes {size(2)} bytes for 2 values, {size(200)} for 200."


def sums_and_counts(mapper=None, reducer=None, combiner=None):
    """The right job with some of its functions exchanged."""
    right = mean_job()
    return mapper or right[0], reducer or right[1], combiner or right[2]


def as_it_is(record):
    yield record


def average(key, values):
    return sum(values) / len(values)


def added(values):
    return sum(total for total, _ in values), sum(count for _, count in values)


@exercise.mistake
def mean_of_means():
    """You take a mean of means: after the combiner the mean of three values counts no more than a single value. What
    must travel beside a mean, or instead of it?"""
    return as_it_is, average, average


@exercise.mistake
def sum_that_counts_as_one():
    """A sum from the combiner counts as one value in your mean, though several went into it. How does their number
    reach the reducer, and what does the reducer divide by?"""
    return sums_and_counts(combiner=lambda key, values: (added(values)[0], 1))


@exercise.mistake
def combiner_counts_parts():
    """Your combiner counts what it got, not the values behind it: on its own results it counts parts. How many values
    does a pair stand for?"""
    return sums_and_counts(combiner=lambda key, values: (added(values)[0], len(values)))


@exercise.mistake
def combiner_divides():
    """Your combiner divides already, and the reducer takes its mean for a sum. Where is the only division?"""

    def combiner(key, values):
        total, count = added(values)
        return total / count, count

    return sums_and_counts(combiner=combiner)


@exercise.mistake
def weighed_mean_without_weights():
    """Mean and number travel, but your reducer takes the plain mean of the means. What weight has each of them?"""

    def combiner(key, values):
        count = sum(n for _, n in values)
        return sum(mean * n for mean, n in values) / count, count

    return sums_and_counts(reducer=lambda key, values: sum(m for m, _ in values) / len(values), combiner=combiner)


@exercise.mistake
def means_combined_without_weights():
    """Mean and number travel, but your combiner takes the plain mean of the means. When it runs on its own results,
    what weight has each of them?"""
    return sums_and_counts(
        reducer=lambda key, values: sum(mean * n for mean, n in values) / sum(n for _, n in values),
        combiner=lambda key, values: (sum(mean for mean, _ in values) / len(values), sum(n for _, n in values)),
    )


@exercise.mistake
def two_by_two():
    """You take the mean of the mean so far and the next value. The last value weighs half of all then, so the order
    decides: what must be known of the mean so far?"""

    def fold(key, values):
        mean = values[0]
        for value in values[1:]:
            mean = (mean + value) / 2
        return mean

    return as_it_is, fold, fold


@exercise.mistake
def first_one_taken_for_all():
    """Your reducer looks at the first thing that arrived, as though it held everything. Several map tasks send theirs,
    in any order: what of the others?"""
    return sums_and_counts(reducer=lambda key, values: values[0][0] / values[0][1])


@exercise.mistake
def last_one_taken_for_all():
    """Your reducer keeps the last thing that arrived. Several map tasks send theirs, in any order: what of the
    others?"""
    return sums_and_counts(reducer=lambda key, values: values[-1][0] / values[-1][1])


@exercise.mistake
def combiner_drops_all_but_the_first():
    """Your combiner passes on the first thing that it got and drops the others. What must its result stand for?"""
    return sums_and_counts(combiner=lambda key, values: values[0])


@exercise.mistake
def first_counted_twice():
    """The first thing that arrives is added twice: your sum begins with it, and your loop goes over it again. Where
    does the sum begin?"""

    def twice(values):
        total, count = added(values)
        return total + values[0][0], count + values[0][1]

    def reducer(key, values):
        total, count = twice(values)
        return total / count

    return sums_and_counts(reducer=reducer, combiner=lambda key, values: twice(values))


@exercise.mistake
def combiner_yields():
    """Your combiner yields its result. Only the mapper may give several: how does a function hand over one?"""

    def combiner(key, values):
        yield added(values)

    return sums_and_counts(combiner=combiner)


@exercise.mistake
def reducer_yields():
    """Your reducer yields its result. Only the mapper may give several: how does a function hand over one?"""

    def reducer(key, values):
        total, count = added(values)
        yield total / count

    return sums_and_counts(reducer=reducer)


@exercise.mistake
def combiner_gives_the_key_as_well():
    """Your combiner returns the key beside its result. The engine knows the key: what travels on?"""
    return sums_and_counts(combiner=lambda key, values: (key, added(values)))


@exercise.mistake
def reducer_gives_the_key_as_well():
    """Your reducer returns the key beside the mean. The engine knows the key: what is left to return?"""
    return sums_and_counts(reducer=lambda key, values: (key, mean_job()[1](key, values)))


@exercise.mistake
def whole_division():
    """You divide with `//`, which rounds down. Which division keeps the fraction?"""

    def reducer(key, values):
        total, count = added(values)
        return total // count

    return sums_and_counts(reducer=reducer)


@exercise.mistake
def sum_and_count_returned():
    """Your reducer returns the sum and the count. What is asked for is the mean: what is left to do?"""
    return sums_and_counts(reducer=lambda key, values: added(values))


@exercise.mistake
def sum_returned():
    """Your reducer returns the sum. What must it be divided by?"""
    return sums_and_counts(reducer=lambda key, values: added(values)[0])


@exercise.mistake
def count_returned():
    """Your reducer returns how many values there are. What is to be divided by that?"""
    return sums_and_counts(reducer=lambda key, values: added(values)[1])


@exercise.mistake
def upside_down():
    """You divide the count by the sum. Which of them is the mean a share of?"""

    def reducer(key, values):
        total, count = added(values)
        return count / total

    return sums_and_counts(reducer=reducer)


@exercise.mistake
def one_key_for_all():
    """Your mapper gives every record the same key, so there is one mean. Whose values belong together?"""
    return sums_and_counts(mapper=lambda record: [("mean", (record[1], 1))])


@exercise.mistake
def value_as_the_key():
    """Your mapper makes the value the key. Whose values belong together?"""
    return sums_and_counts(mapper=lambda record: [(record[1], (record[1], 1))])


@exercise.mistake
def combiner_expected_to_run():
    """Your reducer relies on the combiner: the mapper sends plain values, the combiner makes sums with counts of them.
    It may not run at all: what should the mapper send, so that both look alike?"""
    return as_it_is, mean_job()[1], lambda key, values: (sum(values), len(values))


@exercise.mistake
def combiner_like_the_reducer():
    """Your combiner returns a mean where pairs travel, as the reducer does. Who gets what the combiner returns, and
    what does that one expect?"""
    return sums_and_counts(combiner=lambda key, values: mean_job()[1](key, values))


@exercise.mistake
def in_another_order():
    """You return mapper, combiner, reducer. In which order are they asked for?"""
    mapper, reducer, combiner = mean_job()
    return mapper, combiner, reducer


@exercise.mistake
def mapper_returns_nothing():
    """Your mapper returns None. How does a pair get out of it?"""
    return sums_and_counts(mapper=lambda record: None)


@exercise.mistake
def combiner_returns_nothing():
    """Your combiner returns None, and that travels on. How does its result get out of it?"""
    return sums_and_counts(combiner=lambda key, values: None)


@exercise.mistake
def combiner_returns_its_list():
    """Your combiner returns the list that it got. One thing travels on in place of all: what can stand for them?"""
    return sums_and_counts(combiner=lambda key, values: values)


@exercise.mistake
def reducer_returns_nothing():
    """Your reducer returns None. How does the mean get out of it?"""
    return sums_and_counts(reducer=lambda key, values: None)


@exercise.mistake
def fewer_than_three():
    """You return fewer than three functions. Which of mapper, reducer and combiner is missing?"""
    return mean_job()[:2]


@exercise.mistake
def called_too_early():
    """You return what a function gives in place of the function, as `mapper(...)` does. The engine makes the calls:
    what is returned?"""
    return sums_and_counts(mapper=[("a", (1, 1))])


@exercise.mistake
def one_bare_pair():
    """Your mapper returns one pair by itself, and its two halves are taken for two pairs. What does `yield` do, or a
    list around it?"""

    def mapper(record):
        key, value = record
        return key, (value, 1)

    return sums_and_counts(mapper=mapper)
