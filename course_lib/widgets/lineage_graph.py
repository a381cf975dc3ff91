"""The partitions of a small program: lose a task, cache an RDD, and see what the next action computes again."""

import functools

from course_lib import data, plots
from course_lib.data.text import CLASS_NAMES
from course_lib.distributed import rdd
from course_lib.plots.lineage import edges, layout
from course_lib.widgets.base import Choice, CourseWidget, Slider, script, stylesheet

TASKS = 6  # of each program


@functools.cache
def titles():
    """(class, first line) of 12 of the shipped texts."""
    return [(example.label, example.text.splitlines()[0]) for example in data.text_examples("test")[::83][:12]]


def word_count(sc):
    pairs = sc.parallelize([title for _, title in titles()], 3).flatMap(data.tokenize).map(lambda word: (word, 1))
    return pairs, pairs.reduceByKey(lambda a, b: a + b)


def count_the_counts(sc):
    """How many words occur once, how many twice, …"""
    words = [word for _, title in titles() for word in data.tokenize(title)]
    counts = sc.parallelize(words, 2).map(lambda word: (word, 1)).reduceByKey(lambda a, b: a + b)
    return counts, counts.map(lambda found: (found[1], 1)).reduceByKey(lambda a, b: a + b)


def join(sc):
    """Each title with the name of its class."""
    words = sc.parallelize(titles(), 2).mapValues(data.tokenize)
    return words, words.join(sc.parallelize(list(enumerate(CLASS_NAMES)), 2), 2)


# Each returns an RDD on the way and the last one.
PROGRAMS = {"word count": word_count, "two shuffles": count_the_counts, "join": join}
WHICH = ("the one on the way", "the last one")


class LineageGraph(CourseWidget):
    """Run a program once, lose a task, run an action: which partitions does the small RDD compute again?"""

    _esm = script("lineage_graph")
    _css = stylesheet("lineage_graph")
    controls = (
        Choice("program", "program", tuple(PROGRAMS), "word count"),
        Choice("cached", "cached", ("nothing", *WHICH), "nothing"),
        Choice("asked", "the next action asks", WHICH, "the last one"),
        Slider("lost", "lost task (0: none)", 0, TASKS, 1, 0),
    )

    def compute(self, program, cached, asked, lost):
        sc = rdd.Context(2)
        named = dict(zip(WHICH, PROGRAMS[program](sc)))
        last = named["the last one"]
        if cached in named:
            named[cached].cache()
        last.collect()
        tasks = [(stage, task) for stage, of_stage in enumerate(rdd.tasks(last)) for task in of_stage]
        gone = [(one.number, part) for one, part in tasks[int(lost) - 1][1]] if lost else []
        for number, part in gone:
            sc.rdds[number].lose(part)
        named[asked].collect()

        report, graph = sc.jobs[-1], rdd.graph(last)
        rows, boxes = layout(graph)
        place = {(box["rdd"], box["partition"]): i for i, box in enumerate(boxes)}
        used = {**dict.fromkeys(report.cached, "cached"), **dict.fromkeys(report.computed, "computed")}
        count = 1 + tasks[-1][0]
        columns = [[[(one.number, p) for one, p in task] for k, task in tasks if k == stage] for stage in range(count)]
        ran = [[any(at in used for at in column) for column in stage] for stage in columns]
        files = [""] * len(boxes)  # of the tasks that write for a shuffle
        for end in [column[-1] for stage in columns[:-1] for column in stage]:
            files[place[end]] = "written" if end in used else "lost" if end in gone else "kept"
        return {
            "graph": graph,
            "rows": rows,
            "boxes": boxes,
            "edges": edges(graph, boxes),
            "states": [used.get(at, "idle") for at in place],
            "files": files,
            "tasks": [{"stage": stage, "boxes": [place[one.number, p] for one, p in task]} for stage, task in tasks],
            "lost": [place[at] for at in gone],
            "asked": place[named[asked].number, 0],
            "on_the_way": place[named["the one on the way"].number, 0],
            "notes": [f"{sum(stage)} of {len(stage)} tasks run" if any(stage) else "no task runs" for stage in ran],
            "computed": report.computed.total(),
            "from_cache": report.cached.total(),
            "said": self.say(sc, gone, files, place, len(boxes)),
        }

    def say(self, sc, gone, files, place, total):
        """What was lost, and what the next action made of it."""
        report, kept = sc.jobs[-1], []
        if any(sc.rdds[number].is_cached for number, _ in gone):
            kept.append("a cached partition")
        written = [files[place[at]] for at in gone if files[place[at]]]
        if written:
            kept.append("its files for the shuffle")
        text = f"Lost with the task: {' and '.join(kept) or 'nothing, as nothing of it was kept'}. " if gone else ""
        text += f"The action computes {report.computed.total()} of {total} partitions again"
        text += f" and reads {report.cached.total()} from the cache." if report.cached else "."
        if "lost" in written:
            text += " The lost files stay lost: nobody asks for them."
        if "written" in written:
            text += " Of the stage whose files are lost, only the lost task runs."
        return text

    def describe(self, result, program, cached, asked, lost):
        task = f"task {int(lost)} of {TASKS} lost" if lost else "no task lost"
        return f"{program.capitalize()}, cached: {cached}, {task}, the next action asks {asked}. {result['said']}"

    def static(self):
        result = self.at_defaults()
        shown = ("graph", "states", "files", "lost", "notes")
        title = f"A second action computes {result['computed']} of {len(result['boxes'])} partitions again"
        sentence = self.describe(result, **{control.name: control.default for control in self.controls})
        return plots.lineage(**{name: result[name] for name in shown}, title=title, sentence=sentence)
