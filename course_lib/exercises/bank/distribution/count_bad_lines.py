"""Lines that are no numbers

**Goal.** Add up a column of numbers in one go, and count the lines that hold none.

**Given.**
- `sc`: the context. `sc.accumulator(0)` makes a counter that tasks can add to.
- `lines`: an RDD of strings, cut into partitions. Most are numbers, as `"2.5"`, `"-3"` or `" 1e3 "`, some are not.
  (It is the lesson's small RDD: PySpark's names, the most used of them.)

**Write** `count_bad_lines(sc, lines)`. A line is a number if `float(line)` reads it, and bad if that raises
`ValueError`. An empty line is bad. No line says "nan" or "inf".
The lines may be too many for the driver: bring no lists home (`collect`, `take`), only sums and counts.

**Returns** two numbers: the sum of the numbers, 0 if there is none, and how many lines are bad, an `int`.

**Example.** `["2.5", "n/a", "-1", "", "3"]` in two partitions: 2.5 - 1 + 3 = 4.5, and 2 lines are bad: `(4.5, 2)`.

**Check** with `q.check(count_bad_lines)`. It also looks at what your jobs brought to the driver.
"""

from course_lib.exercises import Case, Exercise
from course_lib.exercises.bank.distribution._cluster import Cluster


def count_bad_lines(sc, lines):
    """(sum of the lines that are numbers, how many are none)."""
    bad = sc.accumulator(0)

    def numbers(line):
        try:
            return [float(line)]
        except ValueError:
            bad.add(1)
            return []

    total = lines.flatMap(numbers).sum()  # the only action: each line is read once
    return total, bad.value


def result_and_costs(count_bad_lines, sc, lines):
    """What comes back, and whether the data were brought to the driver for it."""
    __tracebackhide__ = True
    back = count_bad_lines(sc, lines)
    return {"returned": back, "data in the driver": sc.collected}


def reads(line):
    try:
        return [float(line)]
    except ValueError:
        return []


def by_hand(sc, lines):
    said = []
    for number, part in enumerate(lines.glom().collect()[:3], 1):
        bad = [line for line in part if not reads(line)]
        total = sum(float(line) for line in part if reads(line))
        shown = f" ({', '.join(map(repr, bad[:3]))})" if bad else ""
        said.append(f"partition {number} sums up to {total:g} and has {len(bad)} bad lines{shown}")
    return "; ".join(said).capitalize() + ". Each partition sends its sum, and adds to the counter while it runs."


sc = Cluster()
MIXED = ["7", "x", "-2.5", "1e3", "3,5", " 4 ", "", "-8", "+1", "12 apples", "0.25", ".5", "--1", "6"]


def case(name, lines, partitions=2):
    return Case(name, sc, sc.parallelize(lines, partitions))


def draw(rng):
    def line():
        words = ["", "n/a", "1,5", "one", "2.5.1", "-"]
        number = str(round(float(rng.normal(0, 9)), int(rng.integers(3))))
        return str(rng.choice(words)) if rng.random() < 0.3 else number

    cluster = Cluster()
    return cluster, cluster.parallelize([line() for _ in range(int(rng.integers(12, 20)))], 3)


exercise = Exercise(
    count_bad_lines,
    call=result_and_costs,
    may_mutate=True,  # an RDD cannot be changed
    cases=[
        case("the example", ["2.5", "n/a", "-1", "", "3"]),
        case("all sorts of lines, in three partitions", MIXED, 3),
        case("nothing bad", ["1", "2", "30", "4", "0.5", "6"]),
        case("nothing good", ["a", "b", "", "c", "-", "."]),
        case("one line", ["8.5"], 1),
        case("one bad line", ["8.5.1"], 1),
        case("no line", []),
        case("the same lines again", ["?", "1", "?", "1", "?", "3", "?", "1"]),
    ],
    random_case=draw,
    n_random=2,
    hints=[
        "Each task works on a copy of your function, and only when an action runs. Which kind of counter do tasks "
        "share with the driver, and how many actions do you need?",
        by_hand,
        "`flatMap` with a function that returns `[float(line)]`, or adds 1 to the accumulator and returns `[]`. "
        "Then `.sum()`, and only after it `bad.value`.",
    ],
)


def parsing(bad):
    """The reference's function, with a counter of any kind."""

    def numbers(line):
        try:
            return [float(line)]
        except ValueError:
            bad.add(1)
            return []

    return numbers


def by(is_number):
    """The right program with another idea of what a number is."""

    def count(sc, lines):
        good = lines.filter(is_number)
        return good.map(float).sum(), lines.count() - good.count()

    return count


@exercise.mistake
def counted_in_the_driver(sc, lines):
    """Your count of bad lines is 0 though there are some. A variable of your own is copied into each task, and the copy
    is counted up; an accumulator has counted nothing before an action has run. Which of the two is it?"""
    seen = [0]

    def numbers(line):
        try:
            return [float(line)]
        except ValueError:
            seen[0] += 1
            return []

    return lines.flatMap(numbers).sum(), seen[0]


@exercise.mistake
def counted_twice(sc, lines):
    """You count each bad line twice. Every action runs the transformation again, and the accumulator with it: how many
    actions do you have, and what would spare the second run?"""
    bad = sc.accumulator(0)
    good = lines.flatMap(parsing(bad))
    good.count()
    return good.sum(), bad.value


@exercise.mistake
def brought_home(sc, lines):
    """You bring the data to the driver and work there. Would they fit? Which action adds them up where they are, and
    sends one number for each partition?"""
    found = lines.collect()
    return sum(sum(reads(line)) for line in found), sum(not reads(line) for line in found)


@exercise.mistake
def not_caught(sc, lines):
    """A bad line stops your job. `float` raises ValueError for it: where does that have to be caught?"""
    return lines.map(float).sum(), 0


@exercise.mistake
def none_in_the_sum(sc, lines):
    """Your function gives None for a bad line, and None cannot be added. How can a function give one element for one
    line and none at all for another?"""
    bad = sc.accumulator(0)

    def number(line):
        try:
            return float(line)
        except ValueError:
            bad.add(1)

    return lines.map(number).sum(), bad.value


@exercise.mistake
def plus_equals(sc, lines):
    """`bad += 1` makes `bad` a new variable of your inner function. Which method tells the accumulator to add?"""
    bad = sc.accumulator(0)

    def number(line):
        try:
            return float(line)
        except ValueError:
            bad += 1  # noqa: F823, F841
            return 0

    return lines.map(number).sum(), bad.value


@exercise.mistake
def counter_itself(sc, lines):
    """You return the accumulator, not its number. What does it keep in `value`?"""
    bad = sc.accumulator(0)
    return lines.flatMap(parsing(bad)).sum(), bad


@exercise.mistake
def good_counted(sc, lines):
    """You count the lines that are numbers. Which ones are asked for?"""
    return lines.flatMap(reads).sum(), lines.flatMap(reads).count()


@exercise.mistake
def all_counted(sc, lines):
    """You count all lines. Which ones are asked for?"""
    return lines.flatMap(reads).sum(), lines.count()


@exercise.mistake
def empty_lines_skipped(sc, lines):
    """You pass over the empty lines. What does `float("")` do, and are they bad then?"""
    return lines.flatMap(reads).sum(), lines.filter(lambda line: line and not reads(line)).count()


@exercise.mistake
def only_digits(sc, lines):
    """You take lines for numbers only if they consist of digits. What about a point, a sign, a blank, an exponent?"""
    return by(str.isdigit)(sc, lines)


@exercise.mistake
def only_digits_and_a_point(sc, lines):
    """You allow for digits and one point. What about a sign, a blank, an exponent? Who tells what float reads?"""
    return by(lambda line: line.replace(".", "", 1).isdigit())(sc, lines)


@exercise.mistake
def whole_numbers_only(sc, lines):
    """You read lines with `int`, so "2.5" is bad for you. What reads a number with a point?"""

    def whole(line):
        try:
            return [int(line)]
        except ValueError:
            return []

    return lines.flatMap(whole).sum(), lines.count() - lines.flatMap(whole).count()


@exercise.mistake
def partition_given_up(sc, lines):
    """After a bad line you give up the rest of its partition. Does the `try` stand around one line, or all?"""
    bad = sc.accumulator(0)

    def numbers(part):
        try:
            for line in part:
                yield float(line)
        except ValueError:
            bad.add(1)

    return lines.mapPartitions(numbers).sum(), bad.value


@exercise.mistake
def of_one_partition(sc, lines):
    """You count the bad lines of the last partition only. Two results meet in your last function: what does it do with
    both of their counts?"""
    found = lines.mapPartitions(lambda part: [sum(not reads(line) for line in part)])
    return lines.flatMap(reads).sum(), found.reduce(lambda a, b: b)


@exercise.mistake
def different_ones(sc, lines):
    """You count a bad line once, however often it comes. Does the second of its kind not count?"""
    return lines.flatMap(reads).sum(), lines.filter(lambda line: not reads(line)).distinct().count()


@exercise.mistake
def numbers_counted_not_added(sc, lines):
    """Your first result says how many numbers there are. Which action adds them up?"""
    return lines.flatMap(reads).count(), lines.filter(lambda line: not reads(line)).count()


@exercise.mistake
def mean_of_the_numbers(sc, lines):
    """Your first result is the mean. By what did you divide, and was it asked for?"""
    return lines.flatMap(reads).mean(), lines.filter(lambda line: not reads(line)).count()


@exercise.mistake
def no_action(sc, lines):
    """You return an RDD: nothing has run. Which action makes a number of it?"""
    bad = sc.accumulator(0)
    return lines.flatMap(parsing(bad)), bad.value


@exercise.mistake
def different_numbers(sc, lines):
    """You add up each number once, however often it comes. Which of your steps drops the second?"""
    return lines.flatMap(reads).distinct().sum(), lines.filter(lambda line: not reads(line)).count()
