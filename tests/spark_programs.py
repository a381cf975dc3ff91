"""Programs and actions that run alike on PySpark and on the small RDD, each on random data."""

import random

from course_lib.distributed import rdd, spark


class Data:
    """Random data, the same for both engines."""

    def __init__(self, seed):
        r = random.Random(seed)
        self.parts, self.wanted = r.randint(2, 4), r.randint(1, 3)
        self.numbers = [r.randint(-50, 50) for _ in range(r.randint(15, 60))]
        self.lines = [
            " ".join(r.choices("the cat sat on a mat by night".split(), k=r.randint(0, 6))) for _ in range(20)
        ]
        self.pairs = [(r.randint(0, 9), r.randint(-9, 9)) for _ in range(30)]
        self.others = [(r.randint(3, 12), r.choice("xyz")) for _ in range(20)]


def add(a, b):
    return a + b


def numbers(sc, d):
    return sc.parallelize(d.numbers, d.parts)


def pairs(sc, d):
    return sc.parallelize(d.pairs, d.parts)


def others(sc, d):
    return sc.parallelize(d.others, d.wanted)


def word_count(sc, d):
    words = sc.parallelize(d.lines, d.parts).flatMap(lambda line: line.split())
    return words.map(lambda word: (word, 1)).reduceByKey(lambda a, b: a + b)


def top_words(sc, d):
    return word_count(sc, d).map(lambda found: ((-found[1], found[0]), None)).sortByKey().keys()


def mean_by_key(sc, d):
    totals = pairs(sc, d).mapValues(lambda v: (v, 1)).reduceByKey(lambda a, b: (a[0] + b[0], a[1] + b[1]), d.wanted)
    return totals.mapValues(lambda total: total[0] / total[1])


def two_step(sc, d):
    by_key = pairs(sc, d).reduceByKey(lambda a, b: a + b)
    return by_key.map(lambda p: (p[1] % 3, p[0])).groupByKey(2).mapValues(sorted)


# A program makes an RDD. In these, the order of the elements is Spark's to choose (so both are sorted) ...
OPEN_ORDER = {
    "word count": word_count,
    "groupByKey": lambda sc, d: pairs(sc, d).groupByKey(d.wanted).mapValues(sorted),
    "reduceByKey": lambda sc, d: pairs(sc, d).reduceByKey(max, d.wanted),
    "mean by key": mean_by_key,
    "aggregateByKey": lambda sc, d: pairs(sc, d).aggregateByKey(0, lambda a, v: a + abs(v), lambda a, b: a + b),
    "combineByKey": lambda sc, d: pairs(sc, d).combineByKey(lambda v: {v}, lambda s, v: s | {v}, lambda a, b: a | b),
    "join": lambda sc, d: pairs(sc, d).join(others(sc, d)),
    "join in two partitions": lambda sc, d: pairs(sc, d).join(others(sc, d), 2),
    "join of alike partitions": lambda sc, d: pairs(sc, d).partitionBy(3).join(others(sc, d).partitionBy(3)),
    "distinct": lambda sc, d: numbers(sc, d).map(lambda x: x % 7).distinct(),
    "union and reduce": lambda sc, d: pairs(sc, d).union(pairs(sc, d).mapValues(abs)).reduceByKey(min),
    "reduce twice, alike": lambda sc, d: pairs(sc, d).reduceByKey(max, 3).mapValues(abs).reduceByKey(min, 3),
    "reduce twice, keys lost": lambda sc, d: pairs(sc, d).reduceByKey(max, 3).map(lambda p: p).reduceByKey(min, 3),
    "two shuffles": two_step,
    "diamond": lambda sc, d: (lambda counts: counts.join(counts.mapValues(str)))(word_count(sc, d)),
    "partitionBy": lambda sc, d: pairs(sc, d).partitionBy(3, lambda key: key // 4),
    "sort, then reduce": lambda sc, d: pairs(sc, d).sortByKey().reduceByKey(lambda a, b: a + b),
}
# ... and in these it is not.
SAME_ORDER = {
    "map": lambda sc, d: numbers(sc, d).map(lambda x: 3 * x + 1),
    "flatMap and filter": lambda sc, d: numbers(sc, d).flatMap(lambda x: range(x % 4)).filter(lambda x: x != 1),
    "range": lambda sc, d: sc.parallelize(range(3, 40, 5), d.parts),
    "glom": lambda sc, d: numbers(sc, d).glom(),
    "uneven slices": lambda sc, d: sc.parallelize(d.numbers[:11], 4).glom(),
    "more partitions than elements": lambda sc, d: sc.parallelize(d.numbers[:3], 7).glom(),
    "mapPartitions": lambda sc, d: numbers(sc, d).mapPartitions(lambda part: [sum(part)]),
    "mapPartitionsWithIndex": lambda sc, d: numbers(sc, d).mapPartitionsWithIndex(lambda i, part: [(i, max(part))]),
    "keyBy, keys and values": lambda sc, d: numbers(sc, d).keyBy(abs).mapValues(str).flatMapValues(list).values(),
    "union": lambda sc, d: numbers(sc, d).union(sc.parallelize(d.numbers, 2)).glom(),
    "coalesce": lambda sc, d: sc.parallelize(d.numbers, 4).coalesce(2).glom(),
    "sortByKey": lambda sc, d: word_count(sc, d).sortByKey(),
    "sortByKey into partitions": lambda sc, d: (
        sc.parallelize(sorted(set(d.pairs)), 3).reduceByKey(max).sortByKey().glom()
    ),
    "sortByKey, descending": lambda sc, d: pairs(sc, d).reduceByKey(max).sortByKey(ascending=False),
    "sortByKey into one": lambda sc, d: pairs(sc, d).reduceByKey(min).sortByKey(numPartitions=1),
    "sortBy": lambda sc, d: sc.parallelize(sorted(set(d.numbers)), d.parts).sortBy(lambda x: (x % 5, x)),
    "top words": top_words,
    "hash partitions": lambda sc, d: pairs(sc, d).partitionBy(3).glom().map(sorted),
    "hash partitions of tuples": lambda sc, d: (
        sc.parallelize(sorted({((k, None, v), 1) for k, v in d.pairs}), 2).partitionBy(3).glom().map(sorted)
    ),
}
# An action ends in a value.
ACTIONS = {
    "count": lambda sc, d: word_count(sc, d).count(),
    "sum": lambda sc, d: numbers(sc, d).sum(),
    "mean, largest, smallest": lambda sc, d: (
        lambda r: [round(r.mean(), 9), r.max(), r.max(key=abs), r.min(), r.filter(lambda x: x > 99).mean()]
    )(numbers(sc, d)),
    "reduce": lambda sc, d: numbers(sc, d).reduce(lambda a, b: max(a, b)),
    "aggregate": lambda sc, d: numbers(sc, d).aggregate(
        (0, 0), lambda a, x: (a[0] + x, a[1] + 1), lambda a, b: (a[0] + b[0], a[1] + b[1])
    ),
    "aggregate with a zero that counts": lambda sc, d: numbers(sc, d).aggregate(
        1, lambda a, x: a + x, lambda a, b: a + b
    ),
    "take": lambda sc, d: [numbers(sc, d).take(n) for n in (1, 8, 99)],
    "take after a filter": lambda sc, d: sc.parallelize(range(40), 9).filter(lambda x: x > 33).take(2),
    "first": lambda sc, d: numbers(sc, d).first(),
    "getNumPartitions": lambda sc, d: [
        made(sc, d).getNumPartitions()
        for made in (word_count, OPEN_ORDER["join"], OPEN_ORDER["join of alike partitions"])
    ],
    "a second action": lambda sc, d: (lambda counts: [counts.count(), counts.count()])(word_count(sc, d)),
    "a cached RDD": lambda sc, d: (lambda kept: [kept.count(), kept.count(), kept.sum()])(
        numbers(sc, d).map(abs).cache()
    ),
    "a cached RDD behind a shuffle": lambda sc, d: (lambda kept: [kept.count(), kept.keys().count()])(
        word_count(sc, d).cache()
    ),
    "a counter in a closure": lambda sc, d: counted_in_a_closure(numbers(sc, d)),
    "an accumulator, without cache": lambda sc, d: counted_by_an_accumulator(sc, numbers(sc, d), cached=False),
    "an accumulator, with cache": lambda sc, d: counted_by_an_accumulator(sc, numbers(sc, d), cached=True),
    "a broadcast": lambda sc, d: (lambda table: numbers(sc, d).map(lambda x: table.value[x % 2]).collect())(
        sc.broadcast(["even", "odd"])
    ),
}


def counted_in_a_closure(source):
    counter = [0]

    def look(x):
        counter[0] += 1
        return x

    return [source.map(look).count(), counter[0]]


def counted_by_an_accumulator(sc, source, cached):
    seen = sc.accumulator(0)

    def look(x):
        seen.add(1)
        return x

    looked = source.map(look)
    if cached:
        looked = looked.cache()
    return [looked.count(), seen.value, looked.count(), seen.value]


def on_both(sc, run):
    """(result, jobs as (stages, stages run, tasks)) on PySpark and on the small RDD."""
    with spark.watch(sc) as seen:
        theirs = run(sc)
    mini = rdd.Context(sc.defaultParallelism)
    ours = run(mini)
    return (theirs, work(seen.jobs)), (ours, work(mini.jobs))


def work(jobs):
    return [(job.stages, job.stages_run, job.tasks) for job in jobs]
