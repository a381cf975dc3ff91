"""24 words on their way through a MapReduce job: cards that are mapped, combined, shuffled and reduced."""

from course_lib import plots
from course_lib.distributed import mapreduce
from course_lib.distributed.mapreduce import jobs, phases
from course_lib.text.words import counted
from course_lib.widgets.base import Choice, CourseWidget, Slider, script, stylesheet

WORDS = 8  # in each line
ANIMALS = (
    ("cat", "dog", "hen", "cow", "owl", "pig", "fox"),
    ("dog", "cow", "ant", "cat", "bee", "hen", "elk"),
    ("hen", "cat", "fox", "dog", "yak", "cow", "bat"),
)
STAGES = ("records", "map", "sort", "combine", "shuffle", "merge", "reduce")


def lines(skew):
    """Three lines of eight words, of which `skew` are "the", evenly spread among animals that differ."""
    made = []
    for animals in ANIMALS:
        others = iter(animals)
        here = {i * WORDS // skew for i in range(skew)}
        made.append(" ".join("the" if i in here else next(others) for i in range(WORDS)))
    return made


class MapReduceCards(CourseWidget):
    """Skew, combiner, number of reducers → every card's way through the job (`mapreduce.trace`), and its bytes."""

    _esm = script("mapreduce_cards")
    _css = stylesheet("mapreduce_cards")
    controls = (
        Choice("combiner", "combiner", ("no combiner", "combiner"), "no combiner"),
        Slider("skew", 'the word "the" in each line', 1, WORDS - 1, 1, 3),
        Slider("partitions", "reducers", 1, 4, 1, 2),
    )

    def __init__(self, **values):
        super().__init__({"stages": STAGES, "words": WORDS, "tasks": len(ANIMALS)}, **values)

    def trace(self, combiner, skew, partitions):
        """The job itself."""
        combine = jobs.total if combiner == "combiner" else None
        return mapreduce.trace(lines(skew), jobs.words, jobs.total, combine, partitions=partitions)

    def compute(self, combiner, skew, partitions):
        steps = self.trace(combiner, skew, partitions)
        return {
            "cards": [
                {**card._asdict(), "bytes": len(phases.pack((card.key, card.sent_value)))} for card in steps.cards
            ],
            "bytes": steps.partition_bytes,
            "plain": self.trace("no combiner", skew, partitions).partition_bytes,
            "said": self.say(steps, combiner),
        }

    def say(self, steps, combiner):
        """One sentence for each stage."""
        cards, sent = len(steps.cards), sum(len(run) for task in steps.sent for run in task)
        load = steps.partition_bytes
        groups = [len(part) for part in steps.groups]
        busiest = load.index(max(load))
        used = (
            f"The combiner, the reducer's own function, adds up equal keys within each task: {cards} cards become "
            f"{sent}."
        )
        return [
            f"Three map tasks, one line each: {cards} words. Nothing has been computed yet.",
            f"Map: each word becomes a card (word, 1). Its colour is its partition, crc32(word) mod {len(load)}.",
            "Each task lays its cards out by partition, then by key, and writes one file for each partition.",
            used if combiner == "combiner" else "No combiner: every card stays as it is.",
            f"Shuffle: each reducer fetches its files from all tasks. {sum(load)} bytes cross the network, "
            f"{load[busiest]} of them to reducer {busiest}, the busiest.",
            f"Each reducer merges what it fetched: equal keys lie together. {' + '.join(map(str, groups))} keys.",
            f"Reduce: one card for each key. {sum(groups)} different words, {sum(steps.output.values())} in all.",
        ]

    def describe(self, result, combiner, skew, partitions):
        load = result["bytes"]
        used = "a combiner" if combiner == "combiner" else "no combiner"
        return (
            f"With {skew} of {WORDS} words “the” in each of {len(ANIMALS)} lines, {counted(partitions, 'reducer')} "
            f"and {used}, {sum(load)} bytes are shuffled; the busiest reducer fetches {max(load)} of them."
        )

    def static(self):
        return plots.mapreduce_cards(self.trace(**{control.name: control.default for control in self.controls}))
