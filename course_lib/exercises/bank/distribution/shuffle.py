"""From map to reduce

**Goal.** Do the step in the middle of MapReduce: bring all values of a key together, wherever they were made.

**Given.**
- `tasks`: what the map tasks made, a list with one list of `(key, value)` pairs for each task.
- `partitions`: how many reduce tasks there are, an `int`.
- `partitioner`: a function. `partitioner(key, partitions)` says which of them gets the key: 0 ... partitions - 1.

**Write** `shuffle(tasks, partitions, partitioner)`. Send each pair to the partition of its key.
There, put the values of the same key into one list. They stand in the order of the tasks, and those of one task in the
order in which it made them. Sort the keys of each partition.

**Returns** a list with one entry for each partition, the empty ones as well. Each entry is a list of pairs
`(key, [values])` with the keys in order, as the reducer gets them.

**Example.** Two tasks made `[("cat", 1), ("a", 1), ("cat", 1)]` and `[("a", 1), ("be", 1), ("cat", 1)]`.
The partitioner is `len(key) % 2`, so "be" goes to partition 0, "a" and "cat" to partition 1. The result is
`[[("be", [1])], [("a", [1, 1]), ("cat", [1, 1, 1])]]`.

**Check** with `q.check(shuffle)`.
"""

import itertools

from course_lib.exercises import Case, Exercise
from course_lib.text.words import counted


def shuffle(tasks, partitions, partitioner):
    """For each partition its (key, [values]), keys sorted, values in the order of the tasks."""
    gathered = [{} for _ in range(partitions)]
    for pairs in tasks:
        for key, value in pairs:
            gathered[partitioner(key, partitions)].setdefault(key, []).append(value)
    return [sorted(values_of.items()) for values_of in gathered]


def by_length(key, partitions):
    return len(key) % partitions


def by_tens(key, partitions):
    return key // 10 % partitions


def all_to_the_last(key, partitions):
    return partitions - 1


def by_hand(tasks, partitions, partitioner):
    pairs = [(number, key, value) for number, made in enumerate(tasks) for key, value in made]
    said = [
        f"{key!r} with {value!r} from task {number} to partition {partitioner(key, partitions)}"
        for number, key, value in pairs[:6]
    ]
    more = " ..." if len(pairs) > 6 else ""
    sizes = f"{counted(len(pairs), 'pair')}, {counted(partitions, 'partition')}"
    return f"{sizes}: {'; '.join(said) or 'nothing is sent'}.{more}"


CATS = [[("cat", 1), ("a", 1), ("cat", 1)], [("a", 1), ("be", 1), ("cat", 1)]]
SALES = [
    [("pear", 7), ("fig", 3), ("pear", 2), ("lemon", 9)],
    [("fig", 8), ("plum", 4), ("apple", 5)],
    [("pear", 6), ("apple", 1), ("fig", 3)],
]
NUMBERS = [[(25, 40), (7, 31), (25, 12)], [(31, 20), (7, 5), (12, 17)], [(7, 3), (25, 40), (38, 12)]]


def draw(rng):
    def task():
        return [(int(rng.integers(0, 60)), int(rng.integers(0, 99))) for _ in range(int(rng.integers(4, 9)))]

    return [task() for _ in range(int(rng.integers(2, 5)))], int(rng.integers(2, 4)), by_tens


exercise = Exercise(
    shuffle,
    cases=[
        Case("the cat", CATS, 2, by_length),
        Case("three tasks", SALES, 2, by_length),
        Case("as many tasks as partitions", SALES, 3, by_length),
        Case("keys that are numbers", NUMBERS, 3, by_tens),
        Case("one partition", SALES, 1, by_length),
        Case("a task that made nothing", [[], [("b", 2), ("a", 1)], [("b", 1)]], 2, by_length),
        Case("one pair", [[("one", 2)]], 4, by_length),
        Case("all to the last partition", SALES[1:], 4, all_to_the_last),
        Case("large values", [[("x", 50_000), ("y", 0.5)], [("x", 2_000), ("x", 50_000)]], 2, by_length),
        Case("nothing was made", [[], []], 3, by_length),
    ],
    random_case=draw,
    hints=[
        "Take one pair at a time. What decides where it goes, and what must be there already for its value to join?",
        by_hand,
        "Begin with `[{} for _ in range(partitions)]`. `d.setdefault(key, []).append(value)` makes a list where there "
        "is none yet, and `sorted(d.items())` gives pairs in the order of the keys.",
    ],
)


def pairs_of(tasks):
    return [pair for pairs in tasks for pair in pairs]


def cards(tasks, partitions, partitioner):
    """For each partition its single pairs, as they come."""
    sent = [[] for _ in range(partitions)]
    for key, value in pairs_of(tasks):
        sent[partitioner(key, partitions)].append((key, value))
    return sent


def gather(pairs):
    values_of = {}
    for key, value in pairs:
        values_of.setdefault(key, []).append(value)
    return sorted(values_of.items())


@exercise.mistake
def by_the_number_of_the_task(tasks, partitions, partitioner):
    """The number of the map task decides where your pairs go, so the values of a key stay apart. What should decide?"""
    sent = [[] for _ in range(partitions)]
    for number, pairs in enumerate(tasks):
        sent[number % partitions] += pairs
    return [gather(pairs) for pairs in sent]


@exercise.mistake
def turn_by_turn(tasks, partitions, partitioner):
    """You deal the pairs out like cards, so the values of a key stay apart. What decides to which partition a pair
    goes?"""
    return [gather(pairs_of(tasks)[p::partitions]) for p in range(partitions)]


@exercise.mistake
def by_the_value(tasks, partitions, partitioner):
    """You ask the partitioner with the value. Equal keys must meet: what should it get?"""
    sent = [[] for _ in range(partitions)]
    for key, value in pairs_of(tasks):
        sent[partitioner(value, partitions)].append((key, value))
    return [gather(pairs) for pairs in sent]


@exercise.mistake
def by_a_hash_of_your_own(tasks, partitions, partitioner):
    """You choose the partition with `hash`. Which function was given for that?"""
    sent = [[] for _ in range(partitions)]
    for key, value in pairs_of(tasks):
        sent[hash(key) % partitions].append((key, value))
    return [gather(pairs) for pairs in sent]


@exercise.mistake
def everything_everywhere(tasks, partitions, partitioner):
    """Each of your partitions holds all keys. Is there a box for each of them, or one box several times over, as
    `[box] * 2` makes?"""
    return [gather(pairs_of(tasks)) for _ in range(partitions)]


@exercise.mistake
def last_value_only(tasks, partitions, partitioner):
    """You keep one value of each key, the last. What should happen to a value whose key is there already?"""
    return [[(key, values[-1:]) for key, values in part] for part in shuffle(tasks, partitions, partitioner)]


@exercise.mistake
def first_value_lost(tasks, partitions, partitioner):
    """The first value of each key is missing. What does your list hold when it is made?"""
    return [[(key, values[1:]) for key, values in part] for part in shuffle(tasks, partitions, partitioner)]


@exercise.mistake
def pairs_in_the_lists(tasks, partitions, partitioner):
    """Your lists hold whole pairs. The key stands before the list already: what is left of a pair?"""
    return [
        [(key, [(key, value) for value in values]) for key, values in part]
        for part in shuffle(tasks, partitions, partitioner)
    ]


@exercise.mistake
def last_value_without_a_list(tasks, partitions, partitioner):
    """You keep one value of each key, and no list. A reducer gets all values: where do the earlier ones go?"""
    return [[(key, values[-1]) for key, values in part] for part in shuffle(tasks, partitions, partitioner)]


@exercise.mistake
def last_task_only(tasks, partitions, partitioner):
    """Of a key that several tasks made, you keep what the last of them made. What became of the other tasks' values?"""
    values_of = {}
    for pairs in tasks:
        values_of |= dict(gather(pairs))
    return [
        sorted((key, values) for key, values in values_of.items() if partitioner(key, partitions) == p)
        for p in range(partitions)
    ]


@exercise.mistake
def gathered_within_each_task(tasks, partitions, partitioner):
    """You gather the values of each task by itself, so a key comes twice. What must happen after the tasks are brought
    together?"""
    found = [[] for _ in range(partitions)]
    for pairs in tasks:
        for p, part in enumerate(shuffle([pairs], partitions, partitioner)):
            found[p] += part
    return found


@exercise.mistake
def gathered_within_each_task_then_sorted(tasks, partitions, partitioner):
    """Keys come twice in your partitions, once for each task that made them. Equal keys stand side by side by now: how
    do their lists become one?"""
    return [
        sorted(part, key=lambda pair: pair[0]) for part in gathered_within_each_task(tasks, partitions, partitioner)
    ]


@exercise.mistake
def a_list_for_each_task(tasks, partitions, partitioner):
    """A key has a list of lists, one for each task. The reducer wants the values themselves: append or extend?"""
    found = [{} for _ in range(partitions)]
    for pairs in tasks:
        for key, values in gather(pairs):
            found[partitioner(key, partitions)].setdefault(key, []).append(values)
    return [sorted(values_of.items()) for values_of in found]


@exercise.mistake
def not_gathered(tasks, partitions, partitioner):
    """You send single pairs, sorted. What does the reducer get for a key that was made three times?"""
    return [sorted(pairs, key=lambda pair: pair[0]) for pairs in cards(tasks, partitions, partitioner)]


@exercise.mistake
def not_gathered_and_sorted_as_pairs(tasks, partitions, partitioner):
    """You send single pairs, sorted by key and value. Which pairs become one, and what happens to their values?"""
    return [sorted(pairs) for pairs in cards(tasks, partitions, partitioner)]


@exercise.mistake
def neighbours_gathered(tasks, partitions, partitioner):
    """You gather equal keys where they stand side by side, as `groupby` does. What brings all of them together
    first?"""
    return [
        [(key, [value for _, value in same]) for key, same in itertools.groupby(pairs, key=lambda pair: pair[0])]
        for pairs in cards(tasks, partitions, partitioner)
    ]


@exercise.mistake
def keys_sorted_within_each_task(tasks, partitions, partitioner):
    """You sort what each task made, and not what a partition got. A later task may bring a smaller key: when do you
    know all keys of a partition?"""
    found = [{} for _ in range(partitions)]
    for pairs in tasks:
        for key, value in sorted(pairs, key=lambda pair: pair[0]):
            found[partitioner(key, partitions)].setdefault(key, []).append(value)
    return [list(values_of.items()) for values_of in found]


@exercise.mistake
def keys_not_sorted(tasks, partitions, partitioner):
    """Your keys stand in the order in which they came. In which order does a reducer get them?"""
    found = [{} for _ in range(partitions)]
    for key, value in pairs_of(tasks):
        found[partitioner(key, partitions)].setdefault(key, []).append(value)
    return [list(values_of.items()) for values_of in found]


@exercise.mistake
def values_sorted(tasks, partitions, partitioner):
    """You sort the values of a key as well; sorting whole pairs does that. Which part of a pair is to be in order?"""
    return [[(key, sorted(values)) for key, values in part] for part in shuffle(tasks, partitions, partitioner)]


@exercise.mistake
def equal_values_once(tasks, partitions, partitioner):
    """Equal values of a key are kept once. Two times 1 makes 2 in a word count: is a set the right box?"""
    return [[(key, list(dict.fromkeys(vs))) for key, vs in part] for part in shuffle(tasks, partitions, partitioner)]


@exercise.mistake
def added_up(tasks, partitions, partitioner):
    """You add the values up. That is the reducer's work, and another job may want something else: what should it
    get?"""
    return [[(key, sum(values)) for key, values in part] for part in shuffle(tasks, partitions, partitioner)]


@exercise.mistake
def empty_partitions_missing(tasks, partitions, partitioner):
    """Partitions that got nothing are missing in your list. How many entries should it have?"""
    return [part for part in shuffle(tasks, partitions, partitioner) if part]


@exercise.mistake
def partitions_joined(tasks, partitions, partitioner):
    """You return all keys in one list. How does a reduce task find its own?"""
    return [pair for part in shuffle(tasks, partitions, partitioner) for pair in part]


@exercise.mistake
def one_list_for_all(tasks, partitions, partitioner):
    """You gather all keys in one list. Several reduce tasks are to work at once: who says which keys are whose?"""
    return gather(pairs_of(tasks))


@exercise.mistake
def dicts(tasks, partitions, partitioner):
    """Your partitions are dicts. Asked for are lists of pairs, in the order of the keys: what do `items` and `sorted`
    make of a dict?"""
    return [dict(part) for part in shuffle(tasks, partitions, partitioner)]


@exercise.mistake
def keys_without_values(tasks, partitions, partitioner):
    """You return the keys only. Which values belong to each?"""
    return [[key for key, _ in part] for part in shuffle(tasks, partitions, partitioner)]
