"""Every picture of the course, drawn once from numbers that are made up."""

import base64
import functools
import hashlib
import inspect
import pathlib
import re

import matplotlib
import numpy as np

from course_lib import plots, widgets
from course_lib.distributed import mapreduce, rdd, spark
from course_lib.distributed.mapreduce import jobs
from course_lib.experiments import trained_on, two_moons
from course_lib.experiments.descent import Stop, descend, descend_mini_batch, descend_stochastic
from course_lib.experiments.rate_range import RateRange
from course_lib.experiments.surfaces import Chain, Valley
from course_lib.experiments.target import Run
from course_lib.meter import Latencies, Sweep, little
from course_lib.optimizers import schedules
from course_lib.plots import style
from course_lib.widgets import GraphStepper, LineageGraph, PlateauMachine, SoftmaxDial, Tail
from course_lib.widgets.base import is_widget

CLASSES = ("fonts", "games", "graphics", "java", "javascript", "net", "python", "science", "sound", "text")


def history(shift=0.0):
    epoch = np.arange(1, 11)
    return {
        "accuracy": 1 - np.exp(-epoch) + shift,
        "loss": 2 * np.exp(-epoch / 2) + shift,
        "val_accuracy": 0.8 - np.exp(-epoch) + shift,
        "val_loss": 0.5 + 0.01 * epoch**2 + shift,
    }


def losses(unseen, seen, epochs=8):
    """Loss curves that end at these numbers."""
    way = np.linspace(1, 0, epochs)
    return {"loss": list(seen + (2.3 - seen) * way**2), "val_loss": list(unseen + (2.3 - unseen) * way**3)}


def small_network():
    rng = np.random.default_rng(0)
    x, kernels, biases = (
        rng.normal(size=3),
        [rng.normal(size=(3, 4)), rng.normal(size=(4, 2))],
        [np.ones(4), np.ones(2)],
    )
    hidden = np.maximum(x @ kernels[0] + biases[0], 0)
    return plots.network(
        values=[x, hidden],
        products=[x[:, None] * kernels[0], hidden[:, None] * kernels[1]],
        biases=biases,
        sums=[x @ kernels[0] + biases[0], hidden @ kernels[1] + biases[1]],
        probabilities=np.array([0.25, 0.75]),
        input_names=["first", "second", "third"],
        output_names=["yes", "something else"],
    )


def bump(t):
    return 1.5 * t**2 - 40 * np.maximum(t - 0.7, 0) ** 2


def tipping(curvature, rates):
    paths = {rate: descend(lambda w: curvature * (w - 1.5), [0.0], rate, Stop(0, budget=9)) for rate in rates}
    return plots.tipping(lambda w: curvature / 2 * (w - 1.5) ** 2, curvature, 1.5, paths)


def saddle(*starts):
    return [descend(Chain().gradient, start, 0.1, Stop(1e-3, budget=200)) for start in starts]


def plateau(patience):
    losses = [1.0, 0.6, 0.6, 0.6, 0.6, 0.6, 0.5, 0.4]
    result = PlateauMachine().compute(losses, factor=0.5, patience=patience, min_delta=0.02, cooldown=2)
    shown = ("rates", "next_rates", "to_beat", "wait", "cooldown", "events")
    return plots.plateau(losses, **{name: result[name] for name in shown})


def timed(seconds, items=1):
    """Latencies of calls that took these seconds, one right after the other."""
    nanoseconds = np.round(1e9 * np.asarray(seconds)).astype(int)
    ends = np.cumsum(nanoseconds)
    return Latencies(ends - nanoseconds, ends, items)


def swept(a_call, a_row, sizes=(1, 4, 16, 64, 256, 1024)):
    return Sweep(sizes, [timed([a_call + a_row * n] * 3, n) for n in sizes])


def some_waits(n=400):
    """Most of them near 0.4 ms, a few far above."""
    return 4e-4 * np.exp(np.random.default_rng(0).gamma(0.5, 0.7, n))


def queue(callers, service=0.001):
    starts = np.repeat(np.arange(5) * callers * service, callers)
    return little(starts, starts + callers * service)


def bars(client, versions, step=1.0):
    return [(client, k * step, (k + 0.9) * step, version) for k, version in enumerate(versions)]


def cards(combiner=None, partitions=2):
    lines = ["the cat the dog the hen", "the cow", "the cat and the dog and the hen and the cow"]
    return plots.mapreduce_cards(mapreduce.trace(lines, jobs.words, jobs.total, combiner, partitions=partitions))


def timeline(*deaths):
    """A job of three map tasks and a reduce task on two workers; the given map tasks die once."""
    log, now, worker = [], 0.0, 1
    for phase, task in [("map", 0), ("map", 1), ("map", 2), ("reduce", 0)]:
        for attempt, end in [(1, "died"), (2, "finished")] if task in deaths else [(1, "finished")]:
            log.append(mapreduce.Event(now, "started", phase, task, attempt, worker, {}))
            log.append(mapreduce.Event(now + 0.4, end, phase, task, attempt, worker, {}))
            now, worker = now + 0.4, worker + (end == "died")
    return plots.job_timeline(mapreduce.Result({}, {}, log))


VALLEY = Valley()
ON_BATCHES = VALLEY.gradient_on, VALLEY.x, VALLEY.y, VALLEY.start


def walked(batch_size, rate=0.04, examples=240):
    return descend_mini_batch(*ON_BATCHES, rate, batch_size, Stop(0, budget=examples // batch_size), seed=1)


def clouds(*sizes):
    drawn = np.random.default_rng(0).normal(size=(2, 400)).T
    return {size: np.array([1.0, -2.0]) + drawn * [3, 0.5] / np.sqrt(size) for size in sizes}


def lucky():
    path = descend_stochastic(*ON_BATCHES, 0.02, Stop(0.1), seed=1)
    return plots.lucky_stop(path.lengths, np.linalg.norm(VALLEY.gradient(path.points), axis=1), 0.1)


def trained(seconds):
    """Runs to a target of 0.5 with these seconds, by batch size."""
    losses = [2.3, 1.2, 0.8, 0.49, 0.45]
    return {
        size: Run([(k * n // 4, k * n // 4 // size, k * t / 4, losses[k]) for k in range(5)], True, size)
        for (size, t), n in zip(seconds.items(), (2_880, 2_880, 7_200, 112_000))
    }


MEASURED = {1: 1.2, 32: 0.09, 256: 0.1, 4000: 1.3}


def sum_by_parity():
    pairs = rdd.Context().parallelize(range(6), 3).map(lambda x: (x % 2, x))
    return pairs.reduceByKey(lambda a, b: a + b, 2)


def repeated(**values):
    result = LineageGraph(**values).result
    shown = ("states", "files", "lost", "notes")
    return plots.lineage(result["graph"], "again", **{name: result[name] for name in shown})


def task_runs(killed):
    """Six tasks on two executors; of executor 1 one task is finished when it dies, and one is not."""
    runs = [
        *(spark.Run(0, task, 0, str(task % 2), 0.5 * (task // 2), 0.5, True) for task in range(3)),
        spark.Run(0, 3, 0, "1", 0.5, 0.3, not killed),
        *(spark.Run(1, task, 0, "0", 2.2 + 0.2 * task, 0.2, True) for task in range(2)),
    ]
    more = [spark.Run(0, 3, 1, "0", 1.0, 0.5, True), spark.Run(0, 1, 1, "0", 1.5, 0.5, True)]
    return runs + more * killed


SCORE = np.linspace(-8, 4, 61)  # of the right answer
SIGMOID = 1 / (1 + np.exp(SCORE))  # the probability of the wrong one


def difference_errors():
    steps = 10.0 ** -np.arange(1, 13.25, 0.5)
    curves = {
        name: {"forward": tiny / steps + steps, "central": tiny / steps + steps**2}
        for name, tiny in {"float64": 1e-16, "float32": 1e-7}.items()
    }
    return plots.difference_errors(steps, curves)


def blame(words, units=8, asleep=3):
    at_neuron = np.random.default_rng(2).normal(size=units)
    at_neuron[:asleep] = 0
    counts = 1.0 + np.arange(len(words)) % 2
    return plots.blame(counts[:, None] * at_neuron, np.linspace(-0.3, 0.6, len(words)), words, counts, of_words=100)


def without_activation():
    points, labels = two_moons(seed=1)
    answers = trained_on(points, labels, [None, "relu"])
    return plots.decision_boundaries(answers, points, labels, "Without an activation, three layers draw one line")


def depths(*gains):
    falling = 0.5 ** np.arange(21)
    return {gain: (falling**gain, falling[::-1] ** gain) for gain in gains}


PICTURES = {
    "graph": lambda: plots.value_graph(GraphStepper(step=12, w=-2.5, x=0.5, b=2.5).result, "all known"),
    "graph on the way": lambda: plots.value_graph(GraphStepper(expression="z · sigmoid(z)", step=8).result, "half way"),
    "backward shapes": plots.backward_shapes,
    "other backward shapes": lambda: plots.backward_shapes(4, 2, 3),
    "difference errors": difference_errors,
    "loss curves": lambda: plots.loss_curves(
        {"right": 2 * 0.8 ** np.arange(12), "wrong": 2 * 0.8 ** np.arange(12), "worse": 2 * 0.9 ** np.arange(12)},
        "bugs",
    ),
    "blame": lambda: blame(["game", "library", "levels", "play"]),
    "blame without sleepers": lambda: blame(["game", "library"], units=4, asleep=0),
    "wiring": plots.wiring,
    "a wider window": lambda: plots.wiring(7, 2),
    "a filter": lambda: plots.filtered(np.eye(8), np.array([[-1.0, 0, 1]] * 3), np.linspace(-2, 1, 36).reshape(6, 6)),
    "trials": lambda: plots.trials(
        {"as it is": {"dense": 0.88, "recurrent": 0.2}, "moved": {"dense": 0.05, "recurrent": 1.0}},
        "Who reads on",
        {"as it is": 0.1, "moved": 0.5},
    ),
    "neurons": lambda: plots.neurons({"random": np.random.default_rng(0).normal(size=(64, 9))}, "Eight of nine"),
    "a deep stack": lambda: plots.signal_depth(*depths(1)[1], "relu", 1.0),
    "an exploding stack": lambda: plots.signal_depth(*depths(-1)[-1], "relu", 2.0),
    "deep stacks": lambda: plots.depth_table({"relu": depths(0.1, 1, -0.5), "tanh": depths(0, 3, 1)}, "Some vanish"),
    "stuck": lambda: plots.stuck({"flat": {"loss": [2.3] * 8}, "learns": history()}, "One is stuck"),
    "lineage": lambda: plots.lineage(rdd.graph(sum_by_parity())),
    "lineage, computed again": lambda: repeated(program="join", cached="the one on the way", lost=2),
    "a killed executor": lambda: plots.task_timeline(task_runs(killed=True)),
    "tasks": lambda: plots.task_timeline(task_runs(killed=False)),
    "shuffle sizes": lambda: plots.shuffle_sizes(
        {"mini-RDD": {"groupByKey": 5e5, "reduceByKey": 800}, "PySpark": {"groupByKey": 4e5, "reduceByKey": 1600}}
    ),
    "engine seconds": lambda: plots.engine_seconds(
        [4_000, 20_000], {"plain Python": [0.1, 0.5], "mini-RDD": [0.2, 1.1], "PySpark": [0.8, 1.2]}
    ),
    "shapes": lambda: plots.shapes(3, 3, 2),
    "large shapes": lambda: plots.shapes(32, 1000, 64),
    "activations": lambda: plots.activations(["relu", "gelu", "sigmoid", "tanh"]),
    "six activations": lambda: plots.activations(["relu", "elu", "softplus", "sigmoid", "tanh", "linear"]),
    "training curves": lambda: plots.training_curves({"course_lib": history(), "Keras": history(1e-6)}),
    "network": small_network,
    "linear collapse": without_activation,
    "probabilities": lambda: plots.probabilities(
        np.linspace(0.01, 0.19, 10), CLASSES, ["game", "library", "levels"], [2.0, -0.7, 0.1], [0.02, 0.4, 0.18]
    ),
    "no known word": lambda: plots.probabilities(np.full(10, 0.1), CLASSES),
    "plateau": lambda: plateau(2),
    "no cut": lambda: plateau(9),
    "schedules": lambda: plots.schedules(
        {"falling": schedules.ExponentialDecay(0.4, 250, 0.5), "wave": schedules.CosineDecay(0.3, 900)}, 1000
    ),
    "rate range": lambda: plots.rate_range(RateRange(np.geomspace(1e-3, 10, 60), 2.3 - bump(np.linspace(0, 1, 60)))),
    "rate runs": lambda: plots.rate_runs(
        {"constant": history(), "falling": history(0.1)}, {"constant": [0.5, 0.5], "falling": np.linspace(1, 0, 50)}
    ),
    "modes": lambda: plots.modes({"batches of 32": (0.82, 0.75), "sorted": (0.82, 0.24), "alone": (0.82, 0.11)}),
    "modes that agree": lambda: plots.modes({"batches of 32": (0.82, 0.81), "alone": (1.0, 0.0)}),
    "calls": lambda: plots.calls([0.098, 0.0009, *some_waits()], first=2),
    "even calls": lambda: plots.calls([1e-3, 1.01e-3, 1.02e-3, 1e-3]),
    "tail": lambda: Tail(some_waits()).static(),
    "tail of two": lambda: Tail([0.0011, 0.0012]).static(),
    "ways": lambda: plots.ways(
        {"predict": 0.14, "model(x)": 0.0025, "on a batch": 5e-4, "course_lib": 1.4e-5},
        {"predict": 15_455, "model(x)": 2_653, "on a batch": 617, "course_lib": 9},
    ),
    "batch sizes": lambda: plots.batch_sizes(
        {
            "course_lib": swept(1.2e-5, 2e-6),
            "graph": swept(4e-4, 3e-6),
            "function": swept(5e-4, 1e-5),
            "predict": swept(0.1, 1e-5, (1, 1024)),
        }
    ),
    "callers": lambda: plots.callers({n: queue(n) for n in (1, 2, 4, 8, 16)}),
    "few callers": lambda: plots.callers({n: queue(n) for n in (1, 3)}),
    "journeys": lambda: plots.journeys([("right", 3, 200), ("wrong", 1, 400)], ["address", "JSON", "fields"]),
    "one journey": lambda: plots.journeys([("wrong", 0, 404)], ["address", "JSON", "fields"]),
    "lanes": lambda: plots.lanes(
        {
            "restart": (bars(0, "111") + bars(1, ["1", None, "2"]), [(1, 2, "stop, then start")]),
            "switch": (bars(0, "112") + bars(1, "122"), [(1, 1.01, "load version 2")]),
        },
        "A restart loses requests, a switch loses none",
    ),
    "lanes near by": lambda: plots.lanes(
        {"": (bars(0, "111222") + bars(1, "112222"), [(2, 4, "load version 2")])}, "Near by", "ms", window=(0.5, 5)
    ),
    "request cost": lambda: plots.request_cost(
        {form: {"the model": 1e-5, "the body": k * 1e-4, "HTTP": 1e-3} for k, form in enumerate(["text", "counts"], 1)}
    ),
    "cards": cards,
    "cards combined, four reducers": lambda: cards(jobs.total, 4),
    "timeline": timeline,
    "timeline with a death": lambda: timeline(1),
    "shuffled bytes": lambda: plots.shuffled_bytes([1, 10, 100], 8_000_000, [500_000, 2_500_000, 6_000_000], 2_100_000),
    "valley": lambda: plots.valley(VALLEY),
    "paths": lambda: plots.paths(
        VALLEY,
        {
            "one": walked(1, 0.02),
            "few": walked(4),
            "all 24": descend(VALLEY.gradient, VALLEY.start, 0.1, Stop(0, 1, 9)),
        },
    ),
    "gradient clouds": lambda: plots.gradient_clouds(np.array([1.0, -2.0]), clouds(1, 4, 16)),
    "lucky stop": lucky,
    "race": lambda: plots.race(trained(MEASURED), 0.5),
    "target costs": lambda: plots.target_costs(trained(MEASURED), 0.5),
    "noisy descent": lambda: plots.noisy_descent(VALLEY, walked(4), walked(24), 4, 0.04),
    "loss over probability": lambda: plots.loss_over_probability({"a model": 4e-4, "knows nothing": 0.1, "you": 0.3}),
    "loss of a sure answer": lambda: plots.loss_over_probability({"a model": 0.0, "knows nothing": 0.1, "you": 0.97}),
    "loss over score": lambda: plots.over_score(
        SCORE, {"steep": np.logaddexp(0, -SCORE), "flat": SIGMOID**2}, {"steep": -SIGMOID, "flat": -(SIGMOID**2)}, "Two"
    ),
    "softmax dial": lambda: SoftmaxDial(np.linspace(9, -4, 10), CLASSES, "text").static(),
    "softmax dial, sure and right": lambda: SoftmaxDial(np.linspace(9, -4, 10), CLASSES, "fonts").static(),
    "bug on the curve": lambda: plots.bug_on_curve(
        {"right": history(), "broken": history(0.6)}, "It stays above 0.6", [(0.6, "no lower than 0.6")]
    ),
    "tipping": lambda: tipping(8.0, (0.02, 0.1, 0.125, 0.2, 0.25, 0.27)),
    "tipping of two": lambda: tipping(2.0, (0.1, 1.1)),
    "shrinkage": lambda: plots.shrinkage((0.4, 18.0), {0.01: 0.996, 0.11: 0.98, 0.12: 1.16}),
    "descents": lambda: plots.descents(
        {"raw": (VALLEY, [walked(24)]), "chain": (Chain(), saddle((1, -1), (0.2, 0.3)))}, "Two"
    ),
    "descents to scale": lambda: plots.descents(
        {"raw": (VALLEY, [walked(24)]), "chain": (Chain(), saddle((1, -1)))}, "Two", to_scale=True
    ),
    "endings": lambda: plots.endings(saddle((1, -1.001))[0], 0.1, Chain()),
    "symptoms": lambda: plots.symptoms(
        {"a": 2 * 0.9 ** np.arange(30), "b": 1.1 ** np.arange(30.0)}, "Two", np.ones(30)
    ),
    "edge": lambda: plots.edge(np.array([2.0, 1.0, 1.5, 0.5]), [0, 2], [0.1, 2.5], rate=1.0),
    "edge not met": lambda: plots.edge(np.array([2.0, 1.0, 0.8, 0.5]), [0, 2], [0.1, 2.5], rate=0.3),
    "descent": lambda: plots.descent(VALLEY, walked(24), 0.04, 0.01, 100),
    "running mean": lambda: plots.running_mean(
        [*np.linspace(0.1, 0.5, 20), *np.linspace(0.9, 0.85, 20)], [0.8, 0.9], [0.7, 0.8]
    ),
    "learning curves": lambda: plots.learning_curves(
        {"too small\n2 neurons": losses(1.2, 0.9), "too little data\n200 texts": losses(1.3, 0.01, 40)}, "Two trainings"
    ),
    "planted bugs": lambda: plots.planted_bugs(
        {"apart": losses(2.31, 2.3), "sorted": losses(9, 0.1), "three": losses(1, 1)}, losses(0.6, 0.1), "Three bugs"
    ),
    "confusion": lambda: plots.confusion(np.diag(range(80, 90)) + np.eye(10, k=2, dtype=int) * 7, CLASSES),
    "no confusion": lambda: plots.confusion(np.eye(3, dtype=int), CLASSES[:3]),
    "confused": lambda: plots.confused(
        np.full((10, 10), 3), CLASSES, (7, 6), ["python", "implementations"], [4.0, 1.5], [2, 1]
    ),
    "nothing confused": lambda: plots.confused(np.eye(10, dtype=int), CLASSES, (7, 6), [], [], []),
    "course map": lambda: plots.course_map(here=["0.1", "1.1"]),
    "decision boundaries": lambda: plots.decision_boundaries(
        {"straight": np.tile(np.linspace(0, 1, 9), (9, 1))},
        np.array([[-0.5, 0.2], [0.5, -0.2]]),
        np.arange(2),
        "A line",
    ),
}
OF_A_WIDGET = {
    name: widget
    for widget in vars(widgets).values()
    if is_widget(widget)
    for name in re.findall(r"plots\.(\w+)\(", inspect.getsource(inspect.getmodule(widget)))
}
_text = pathlib.Path(__file__).read_text(encoding="utf-8")
NAMED = set(re.findall(r"plots\.(\w+)\b", _text)) | {n for n, w in OF_A_WIDGET.items() if f"{w.__name__}(" in _text}
# The picture of a widget, at its defaults, needs no word above.
PICTURES |= {name: lambda name=name: OF_A_WIDGET[name]().static() for name in sorted(set(OF_A_WIDGET) - NAMED)}


@functools.cache
def drawn(name):
    """(the figure, its SVG, what a notebook gets) of a picture: each is written once, for all tests."""
    figure = PICTURES[name]()
    bundle = figure._repr_mimebundle_()
    encoded = re.search('base64,([^"]+)', bundle["text/html"])[1]
    return figure, base64.b64decode(encoded).decode(), bundle


def digests(names):
    """Of the SVG of each of these pictures, drawn in this order."""
    return {name: hashlib.sha256(drawn(name)[1].encode()).hexdigest() for name in names}


def check_letters(figure):
    """No word runs out of the picture or lies over another."""
    with matplotlib.rc_context(style.STYLE):
        figure.draw_without_rendering()
    panel = figure.bbox
    texts = [t for t in figure.findobj(matplotlib.text.Text) if t.get_visible() and t.get_text().strip()]
    undrawn = {label for axes in figure.axes for label in _undrawn(axes)}
    texts = [t for t in texts if t not in undrawn]
    inside_axes = [t for t in texts if t.axes is None or t.axes.axison or t not in _axis_words(t.axes)]
    boxes = [(t.get_text(), t.get_window_extent()) for t in inside_axes]
    for text, box in boxes:
        assert panel.x0 <= box.x0 and box.x1 <= panel.x1, f"{text!r} runs out of the picture"
        assert panel.y0 <= box.y0 and box.y1 <= panel.y1, f"{text!r} runs out of the picture"
    for k, (text, box) in enumerate(boxes):
        for other, its_box in boxes[k + 1 :]:
            overlap = matplotlib.transforms.Bbox.intersection(box, its_box)
            assert overlap is None or min(overlap.width, overlap.height) < 2.5, f"{text!r} lies over {other!r}"


def _axis_words(axes):
    return {*axes.xaxis.findobj(matplotlib.text.Text), *axes.yaxis.findobj(matplotlib.text.Text)}


def _undrawn(axes):
    """Labels of ticks beyond the end of an axis, which Matplotlib keeps and does not draw."""
    for axis in (axes.xaxis, axes.yaxis):
        low, high = sorted(axis.get_view_interval())
        for tick in axis.get_major_ticks():
            if not low <= tick.get_loc() <= high:
                yield from (tick.label1, tick.label2)
