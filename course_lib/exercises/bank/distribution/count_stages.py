"""How many stages does the job have?

**Goal.** Read a chain of Spark operations and say, without running it, where the data must move.

**Given.**
- `operations`: a `list` of names, the methods that are called one after another on an RDD fresh from
  `sc.parallelize`. Transformations come first, one action is last. All RDDs have the same number of partitions.

What each does:
- `map`, `flatMap`, `mapPartitions` work on each partition by itself. Keys may become others.
- `filter`, `mapValues` work on each partition by itself. Keys stay as they are.
- `reduceByKey`, `groupByKey`, `partitionBy` need every key in the partition that its hash says.
- `sortByKey` needs the keys in order, from the first partition to the last. `distinct` needs equal elements together;
  it hashes whole elements, not keys. Both always move the data.
- `collect`, `count`, `take`, `foreach` are actions. They run what was described.

**Write** `count_stages(operations)`. Count the stages of the job that the action runs. (A job that `sortByKey` may have
run before, to sample the keys, does not count.) A shuffle ends one stage and begins another.
An operation that needs keys where their hash says does not shuffle when they lie there already.
Spark knows that they do after `reduceByKey`, `groupByKey` and `partitionBy`,
and goes on knowing it as long as it can be sure that keys and places stay as they are.

**Returns** an `int`.

**Example.** `["flatMap", "map", "reduceByKey", "mapValues", "collect"]` shuffles once, in `reduceByKey`: 2 stages.
With `"sortByKey"` before `"collect"` it has 3.
With `"groupByKey"` there instead it still has 2: no key has moved since `reduceByKey`.

**Check** with `q.check(count_stages)`.
"""

from course_lib.exercises import Case, Exercise


def count_stages(operations):
    """The number of stages of a job, from the names of the operations."""
    stages, placed = 1, False  # placed: every key lies in the partition that its hash says
    for name in operations:
        if name in ("reduceByKey", "groupByKey", "partitionBy"):
            if not placed:
                stages += 1
            placed = True
        elif name in ("sortByKey", "distinct"):
            stages, placed = stages + 1, False
        elif name not in ("filter", "mapValues"):
            placed = False
    return stages


BY_HASH = ("reduceByKey", "groupByKey", "partitionBy")
ALWAYS = ("sortByKey", "distinct")
FREE = ("map", "flatMap", "mapPartitions")
KEEP = ("filter", "mapValues")
ACTIONS = ("collect", "count", "take", "foreach")


def by_hand(operations):
    said, done = [], 1
    for end, name in enumerate(operations[:10], 1):
        if name in BY_HASH + ALWAYS:
            stages = count_stages(operations[:end])
            said.append(f"{name} (number {end}) " + ("shuffles" if stages > done else "finds the keys in their places"))
            done = stages
    more = " (the first 10 only)" if len(operations) > 10 else ""
    return f"Operations{more}: {'; '.join(said) or 'none shuffles'}. Stages: {done}."


def draw(rng):
    names = rng.choice([*BY_HASH, *ALWAYS, *FREE, *KEEP, *KEEP, *BY_HASH], int(rng.integers(4, 12)))
    return ([*map(str, names), str(rng.choice(ACTIONS))],)


exercise = Exercise(
    count_stages,
    cases=[
        Case("word count", ["flatMap", "map", "reduceByKey", "collect"]),
        Case("word count, sorted", ["flatMap", "map", "reduceByKey", "mapValues", "sortByKey", "collect"]),
        Case("nothing moves", ["map", "filter", "mapPartitions", "mapValues", "count"]),
        Case("an action alone", ["collect"]),
        Case("keys in their places", ["reduceByKey", "mapValues", "groupByKey", "collect"]),
        Case("keys that may be others", ["reduceByKey", "map", "groupByKey", "count"]),
        Case("a filter between", ["partitionBy", "filter", "reduceByKey", "collect"]),
        Case("flatMap between", ["groupByKey", "flatMap", "reduceByKey", "take"]),
        Case("mapPartitions between", ["reduceByKey", "mapPartitions", "reduceByKey", "foreach"]),
        Case("one after another", ["groupByKey", "reduceByKey", "partitionBy", "count"]),
        Case("sorted, then reduced", ["map", "sortByKey", "reduceByKey", "collect"]),
        Case("reduced, then sorted", ["reduceByKey", "sortByKey", "count"]),
        Case("sorted twice", ["sortByKey", "mapValues", "sortByKey", "take"]),
        Case("sorted in between", ["reduceByKey", "sortByKey", "groupByKey", "collect"]),
        Case("distinct in between", ["groupByKey", "distinct", "reduceByKey", "count"]),
        Case("the same again", ["reduceByKey", "mapValues", "reduceByKey", "collect"]),
        Case("moved, nothing else", ["map", "partitionBy", "foreach"]),
        Case("distinct, then by key", ["distinct", "reduceByKey", "distinct", "collect"]),
        Case("distinct twice", ["map", "distinct", "filter", "distinct", "count"]),
        Case("forgotten, and placed anew", ["reduceByKey", "map", "filter", "groupByKey", "mapValues", "partitionBy",
                                            "flatMap", "collect"]),
        Case("four hundred rounds", ["map", "reduceByKey", "mapValues"] * 400 + ["collect"]),
    ],
    random_case=draw,
    hints=[
        "Go through the names from left to right. What must you remember of the operations before?",
        by_hand,
        "Begin with one stage. Keep `placed`, true after reduceByKey, groupByKey and partitionBy; those three add a "
        "stage only where it is false. Which operations leave it as it is, and which make it false?",
    ],
)  # fmt: skip


def counted(operations, by_hash=BY_HASH, always=ALWAYS, keep=KEEP, start=1, also=()):
    """The reference with other ideas of what an operation does; `also` always add a stage, and change nothing else."""
    stages, placed = start, False
    for name in operations:
        stages += name in also
        if name in by_hash:
            stages += not placed
            placed = True
        elif name in always:
            stages, placed = stages + 1, False
        elif name not in keep:
            placed = False
    return stages


@exercise.mistake
def shuffles_counted(operations):
    """You count the shuffles. A shuffle lies between two stages: how many stages has a job without any?"""
    return counted(operations, start=0)


@exercise.mistake
def operations_counted(operations):
    """You count the operations. Narrow steps run in one go, partition by partition: which of them end a stage?"""
    return len(operations)


@exercise.mistake
def every_wide_operation_shuffles(operations):
    """You count each wide operation. After reduceByKey and mapValues, where does each key lie, and must it move?"""
    return counted(operations, by_hash=(), always=BY_HASH + ALWAYS)


@exercise.mistake
def wide_operations_alone(operations):
    """You count each wide operation, and no stage before the first. Must keys move that lie in their places already?
    And how many stages has a job without a shuffle?"""
    return counted(operations, by_hash=(), always=BY_HASH + ALWAYS, start=0)


@exercise.mistake
def never_forgotten(operations):
    """You spare a shuffle after `map`, `flatMap` or `mapPartitions`. They may change the keys: can Spark still be sure
    where a key lies?"""
    return counted(operations, keep=KEEP + FREE)


@exercise.mistake
def map_keeps_the_keys(operations):
    """You spare a shuffle after `map`. Its function may return any key at all: does Spark look into it?"""
    return counted(operations, keep=(*KEEP, "map"))


@exercise.mistake
def partitions_keep_the_keys(operations):
    """You spare a shuffle after `mapPartitions`. No element leaves its partition, but may its key be another one?"""
    return counted(operations, keep=(*KEEP, "mapPartitions"))


@exercise.mistake
def flat_map_keeps_the_keys(operations):
    """You spare a shuffle after `flatMap`. Its function may return pairs with any key: does Spark look into it?"""
    return counted(operations, keep=(*KEEP, "flatMap"))


@exercise.mistake
def every_shuffle_spares_the_next(operations):
    """All wide operations are alike for you, and one of them spares the next. Do sorting, `distinct` and grouping by
    key want a key in the same place?"""
    return counted(operations, by_hash=BY_HASH + ALWAYS)


@exercise.mistake
def only_neighbours(operations):
    """You spare a shuffle only where one such operation follows directly on another. What do `filter` and `mapValues`
    do to the keys?"""
    return counted(operations, keep=())


@exercise.mistake
def filter_forgets(operations):
    """You let a key operation shuffle again after `filter`. Some elements are gone; has any of the others moved?"""
    return counted(operations, keep=("mapValues",))


@exercise.mistake
def values_forget(operations):
    """You let a key operation shuffle again after `mapValues`. Which half of each pair does it touch?"""
    return counted(operations, keep=("filter",))


@exercise.mistake
def only_the_same_again(operations):
    """You spare a shuffle only where the *same* operation comes again. Where does each of the three put a key?"""
    stages, before = 1, None
    for name in operations:
        if name in BY_HASH:
            stages, before = stages + (name != before), name
        elif name in ALWAYS:
            stages, before = stages + 1, None
        elif name not in KEEP:
            before = None
    return stages


@exercise.mistake
def each_kind_once(operations):
    """You count each wide operation once, however often it is there. May the second of its kind have to shuffle too?"""
    return 1 + len(set(operations) & {*BY_HASH, *ALWAYS})


@exercise.mistake
def values_shuffled(operations):
    """`mapValues` begins a stage for you. It goes by pairs, but does any pair leave its partition?"""
    return counted(operations, also=("mapValues",))


@exercise.mistake
def actions_counted(operations):
    """The action begins a stage for you. It runs at the end of the last one: does it move data between partitions?"""
    return counted(operations, also=ACTIONS)


@exercise.mistake
def sorting_moves_nothing(operations):
    """`sortByKey` is narrow for you. Can a partition be in order with the next one without seeing its keys?"""
    return counted(operations, always=("distinct",), keep=(*KEEP, "sortByKey"))


@exercise.mistake
def sorting_moves_nothing_and_forgets(operations):
    """You count no shuffle for `sortByKey`. Can a partition be in order with the next one without seeing its keys?"""
    return counted(operations, always=("distinct",))


@exercise.mistake
def sorted_is_placed(operations):
    """You take sorted keys for placed ones. Sorting puts keys by their order: is that where their hash sends them?"""
    return counted(operations, by_hash=(*BY_HASH, "sortByKey"), always=("distinct",))


@exercise.mistake
def placed_outlives_a_sort(operations):
    """For you keys still lie where their hash says after `sortByKey` or `distinct`. Where did these two move them?"""
    stages, placed = 1, False
    for name in operations:
        if name in ALWAYS:
            stages += 1
        elif name in BY_HASH:
            stages, placed = stages + (not placed), True
        elif name not in KEEP:
            placed = False
    return stages


@exercise.mistake
def placed_after_a_sort(operations):
    """After `sortByKey` or `distinct` you let reduceByKey and its like find their keys in place. By what do those two
    place an element: by the hash of its key?"""
    stages, placed = 1, False
    for name in operations:
        if name in ALWAYS:
            stages, placed = stages + 1, True
        elif name in BY_HASH:
            stages, placed = stages + (not placed), True
        elif name not in KEEP:
            placed = False
    return stages


@exercise.mistake
def distinct_is_narrow(operations):
    """`distinct` is narrow for you. Two equal elements may lie in two partitions: how would they meet?"""
    return counted(operations, always=("sortByKey",))


@exercise.mistake
def distinct_finds_them_in_place(operations):
    """You spare `distinct` its shuffle where keys lie in their places. What does it hash: the key, or the whole
    element? And does Spark know where those lie?"""
    stages, placed = 1, False
    for name in operations:
        if name in BY_HASH or name == "distinct":
            stages, placed = stages + (not placed), placed or name != "distinct"
        elif name == "sortByKey":
            stages, placed = stages + 1, False
        elif name not in KEEP:
            placed = False
    return stages


@exercise.mistake
def partitioning_costs_nothing(operations):
    """You count no shuffle for `partitionBy`. It only moves data, nothing else: what is that called?"""
    return counted(operations, by_hash=("reduceByKey", "groupByKey"), keep=(*KEEP, "partitionBy"))
