"""Words by class

**Goal.** Count how often each word occurs in the texts of each class, and send little across the network for it.

**Given.**
- `texts`: an RDD of pairs `(label, text)`, two strings, cut into partitions.
  (It is the lesson's small RDD: PySpark's names, the most used of them.)

**Write** `words_by_class(texts)`. The words of a text are what `text.split()` gives, with their case as it is.
Describe the RDD of counts; run no action. It should have one shuffle, and each partition should send at most
one value through it for each label and word, however often the word stands there.

**Returns** an RDD of pairs `((label, word), count)`, the count an `int`. Their order does not matter.

**Example.** Two partitions: one holds `("tech", "new chip new")`, the other `("tech", "new phone")` and
`("home", "new roof")`. The counts are `(("tech", "new"), 3)`, and 1 each for `("tech", "chip")`, `("tech", "phone")`,
`("home", "new")` and `("home", "roof")`. The first partition has 3 words and sends 2 values, the second sends 4.

**Check** with `q.check(words_by_class)`. It collects what you return, and looks at what the job has sent.
"""

from collections import Counter

from course_lib.distributed.rdd import RDD, count_shuffles
from course_lib.exercises import Case, Exercise
from course_lib.exercises.bank.distribution._cluster import Cluster, sent
from course_lib.text.words import counted


def words_by_class(texts):
    """An RDD of (label, text) -> an RDD of ((label, word), count)."""
    keys = texts.flatMap(lambda pair: [(pair[0], word) for word in pair[1].split()])
    return keys.map(lambda key: (key, 1)).reduceByKey(lambda a, b: a + b)


def counts_and_costs(words_by_class, texts):
    """What the RDD holds and what it costs to compute it."""
    __tracebackhide__ = True
    counts = words_by_class(texts)
    if counts is None:
        return None
    if not isinstance(counts, RDD):
        return f"no RDD, of {len(texts.rows)} texts"
    before = len(texts.context.jobs)
    rows = counts.collect()
    records, values = sent(counts)
    costs = {"jobs before": before, "shuffles": count_shuffles(counts), "records sent": records}
    return {**costs, "values in them": values, "counts": by_key(rows)}


def by_key(rows):
    """Pairs as a dict; where a key comes twice, with a list of what it came with. Other elements as they are."""
    found = {}
    try:
        for key, value in rows:
            found.setdefault(key, []).append(value)
    except (TypeError, ValueError):  # no pairs, or keys that cannot be counted
        return sorted(rows, key=repr)
    return {key: few[0] if len(few) == 1 else sorted(few, key=repr) for key, few in sorted(found.items(), key=repr)}


def by_hand(texts):
    parts = texts.glom().collect()
    said = []
    for number, part in enumerate(parts[:3], 1):
        found = Counter((label, word) for label, text in part for word in text.split())
        most = f", most often {found.most_common(1)[0][0]} with {found.most_common(1)[0][1]}" if found else ""
        said.append(
            f"partition {number} holds {counted(found.total(), 'word')}, {counted(len(found), 'different key')}{most}"
        )
    return (
        f"Of {counted(len(parts), 'partition')}, {'; '.join(said)}. Each key needs to be sent once from each partition."
    )


sc = Cluster()
TWO = [("tech", "new chip new"), ("tech", "new phone"), ("home", "new roof")]
SEVEN = [
    ("tech", "a chip is a chip is a chip"),
    ("tech", "The chip on the roof on the roof"),
    ("home", "a roof  is\ta roof"),
    ("home", "the roof the roof The garden"),
    ("home", "garden garden chip"),
    ("tech", "chip a chip a chip"),
    ("", "no label no name"),
]
AGAIN = [("tech", "chip " * 40), ("home", "chip " * 30), ("tech", "chip")]


def draw(rng):
    words = "a is the chip roof new garden on".split()
    texts = [" ".join(rng.choice(words, int(rng.integers(3, 9)))) for _ in range(int(rng.integers(9, 15)))]
    return (Cluster().parallelize([(str(rng.choice(["tech", "home"])), str(text)) for text in texts], 3),)


exercise = Exercise(
    words_by_class,
    call=counts_and_costs,
    may_mutate=True,  # an RDD cannot be changed
    cases=[
        Case("the example, in two partitions", sc.parallelize(TWO, 2)),
        Case("seven texts in three partitions", sc.parallelize(SEVEN, 3)),
        Case("one text", sc.parallelize([("tech", "chip")], 1)),
        Case("one word, again and again", sc.parallelize(AGAIN, 2)),
        Case("no text at all", sc.parallelize([], 2)),
        Case("an empty text", sc.parallelize([("tech", ""), ("home", "a a a"), ("tech", "a a")], 3)),
    ],
    random_case=draw,
    n_random=2,
    hints=[
        "Which key has exactly one count in the result? Make pairs of that key and a 1 first. Which operation then "
        "adds up within a partition before it sends anything?",
        by_hand,
        "`texts.flatMap(...)` gives the keys `(label, word)`, `.map(lambda key: (key, 1))` the pairs, and "
        "`.reduceByKey(lambda a, b: a + b)` adds up what has the same key.",
    ],
)


def pairs(texts):
    return texts.flatMap(lambda pair: [((pair[0], word), 1) for word in pair[1].split()])


def add(a, b):
    return a + b


@exercise.mistake
def grouped(texts):
    """Every single 1 crosses the network: groupByKey sends all values of a key, in a list. What could each partition do
    with them before it sends?"""
    return pairs(texts).groupByKey().mapValues(sum)


@exercise.mistake
def grouped_and_left(texts):
    """Your counts are no numbers yet: groupByKey gives all values of a key, and sends each of them. Which operation
    adds them up, and before they are sent?"""
    return pairs(texts).groupByKey()


@exercise.mistake
def whole_texts_sent(texts):
    """You bring the texts of a class together and count afterwards, so whole texts cross the network. What is shorter
    and can be sent in their place?"""
    together = texts.reduceByKey(lambda a, b: f"{a} {b}")
    return together.flatMap(lambda pair: [((pair[0], w), n) for w, n in Counter(pair[1].split()).items()])


@exercise.mistake
def words_in_a_list(texts):
    """Your key holds the list of all words of a text, and a list cannot be a key. Which operation makes one element for
    each word?"""
    return texts.map(lambda pair: ((pair[0], pair[1].split()), 1)).reduceByKey(add)


@exercise.mistake
def pairs_in_a_list(texts):
    """You make one list for each text, with all its pairs inside, and a list is no pair. Which operation takes the
    elements out of each list?"""
    return texts.map(lambda pair: [((pair[0], word), 1) for word in pair[1].split()]).reduceByKey(add)


@exercise.mistake
def summed_as_a_list(texts):
    """`sum` wants a list, and reduceByKey never makes one: it gives your function two values at a time. What should it
    do with a and b?"""
    return pairs(texts).reduceByKey(sum)


@exercise.mistake
def added_up_in_each_text_then_grouped(texts):
    """You add up within each text, and groupByKey sends each of these counts. Two texts of a partition may hold the
    same word: what could the partition do before it sends?"""
    found = texts.flatMap(lambda pair: [((pair[0], word), n) for word, n in Counter(pair[1].split()).items()])
    return found.groupByKey().mapValues(sum)


@exercise.mistake
def partitioned_first(texts):
    """You move all pairs to their partitions before you add anything up. Which operation adds up first, and moves less
    afterwards?"""
    return pairs(texts).partitionBy(3).reduceByKey(add)


@exercise.mistake
def no_rdd(texts):
    """What you return is no RDD: it is in the driver already. Which action, or which function of plain Python, should
    be left to the caller?"""
    return pairs(texts).reduceByKey(add).collect()


@exercise.mistake
def action_before(texts):
    """You return the right RDD, but a job runs before. Describing needs no data: which action is in your function?"""
    found = pairs(texts).reduceByKey(add)
    found.count()
    return found


@exercise.mistake
def back_and_forth(texts):
    """You bring the data to the driver and send it out again. What if they do not fit there? Each step has an operation
    of the RDD."""
    return texts.context.parallelize(pairs(texts).reduceByKey(add).collect())


@exercise.mistake
def in_order(texts):
    """You sort, which costs one more shuffle, and jobs before it. Was an order asked for?"""
    return pairs(texts).reduceByKey(add).sortByKey()


@exercise.mistake
def moved_again(texts):
    """You send the counts a second time after they were added up. Which shuffle is not needed?"""
    return pairs(texts).reduceByKey(add).map(lambda pair: pair).partitionBy(2)


@exercise.mistake
def not_added_up(texts):
    """The same key comes several times in your RDD, always with a 1. What brings equal keys together?"""
    return pairs(texts)


@exercise.mistake
def added_up_in_each_text(texts):
    """The same key comes several times: you count within each text only. What brings equal keys of several texts
    together?"""
    return texts.flatMap(lambda pair: [((pair[0], word), n) for word, n in Counter(pair[1].split()).items()])


@exercise.mistake
def added_up_in_each_partition(texts):
    """The same key comes once for each partition: nothing brings them together. Which operation does that?"""
    return pairs(texts).mapPartitions(lambda part: Counter(key for key, _ in part).items())


@exercise.mistake
def only_the_word(texts):
    """Your key is the word alone, so the classes are counted together. What must two words share to be added up?"""
    return texts.flatMap(lambda pair: [(word, 1) for word in pair[1].split()]).reduceByKey(add)


@exercise.mistake
def only_the_label(texts):
    """Your key is the label alone, so all words of a class are counted together. Where is the word?"""
    return texts.map(lambda pair: (pair[0], len(pair[1].split()))).reduceByKey(add)


@exercise.mistake
def word_before_label(texts):
    """Your keys are (word, label). In which order are they asked for?"""
    return pairs(texts).map(lambda pair: (pair[0][::-1], 1)).reduceByKey(add)


@exercise.mistake
def three_in_a_row(texts):
    """Your elements are (label, word, count). Pairs are asked for: what is the key, and what is its value?"""
    return pairs(texts).reduceByKey(add).map(lambda pair: (*pair[0], pair[1]))


@exercise.mistake
def texts_with_the_word(texts):
    """You count in how many texts a word stands. A word that comes twice in one counts twice: where do you lose it?"""
    return texts.flatMap(lambda pair: [((pair[0], word), 1) for word in set(pair[1].split())]).reduceByKey(add)


@exercise.mistake
def each_once(texts):
    """You drop what comes twice before you count, so each count is 1. Is it not the repetitions that are counted?"""
    return pairs(texts).distinct().reduceByKey(add)


@exercise.mistake
def letters(texts):
    """You count letters. A string walked through gives its characters: what makes words of it?"""
    return texts.flatMap(lambda pair: [((pair[0], c), 1) for c in pair[1]]).reduceByKey(add)


@exercise.mistake
def cut_at_single_blanks(texts):
    """You cut at each single blank, so there are empty words, and tabs stay inside. What does `split` do without an
    argument?"""
    return texts.flatMap(lambda pair: [((pair[0], w), 1) for w in pair[1].split(" ")]).reduceByKey(add)


@exercise.mistake
def in_lower_case(texts):
    """You make all words lower case. Here "The" and "the" are two words: which of your steps changes them?"""
    return texts.flatMap(lambda pair: [((pair[0], w), 1) for w in pair[1].lower().split()]).reduceByKey(add)


@exercise.mistake
def one_more_each_time(texts):
    """You add 1 for whatever comes. The second argument may be a count from another partition: which number is in b?"""
    return pairs(texts).reduceByKey(lambda a, b: a + 1)


@exercise.mistake
def ones_multiplied(texts):
    """Each of your counts is 1 although keys repeat. What does your function make of two values of a key?"""
    return pairs(texts).reduceByKey(lambda a, b: a * b)
