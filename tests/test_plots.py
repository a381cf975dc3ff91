"""Every picture of the course: readable, described with its numbers, the same bytes each time, and no trace left."""

import base64
import functools
import hashlib
import inspect
import json
import os
import pathlib
import re
import subprocess
import sys
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

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
from course_lib.plots.style import is_picture
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


def test_every_picture_is_drawn_here():
    pictures = {name for name in plots.__all__ if is_picture(getattr(plots, name))}
    missing = sorted(pictures - NAMED - set(OF_A_WIDGET))
    assert not missing, f"Draw {', '.join(missing)} in PICTURES, above."


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


@pytest.fixture(params=PICTURES)
def figure(request):
    return drawn(request.param)[0]


@pytest.fixture(params=PICTURES)
def written(request):
    return drawn(request.param)


def test_description_is_a_sentence_with_numbers(figure):
    assert re.search(r"\d", figure.description)
    assert figure.description.endswith(".")
    assert len(figure.description) > len(figure.title)


def test_svg_says_what_it_shows(written):
    figure, svg, _ = written
    root = ElementTree.fromstring(svg)
    space = "{http://www.w3.org/2000/svg}"
    assert root.get("role") == "img"
    assert root.get("aria-label") == root.find(f"{space}desc").text == figure.description
    assert root.find(f"{space}title").text == figure.title


def test_svg_has_a_light_panel_and_no_date(written):
    _, svg, _ = written
    assert '<rect width="100%" height="100%" rx="7" fill="#ffffff"/>' in svg
    assert "<metadata" not in svg and "<!--" not in svg[:200]
    assert "<text" not in svg, "letters are outlines, so that no machine replaces the font"


def test_notebook_gets_an_image_with_alternative_text(written):
    figure, _, bundle = written
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/plain"] == figure.description
    image = ElementTree.fromstring(bundle["text/html"].replace('">', '"/>'))
    assert image.get("alt") == figure.description
    assert image.get("src").startswith("data:image/svg+xml;base64,")


def test_no_letter_is_cut_off_or_written_over_another(figure):
    with matplotlib.rc_context(style.STYLE):
        figure.draw_without_rendering()
    panel = figure.bbox
    texts = [t for t in figure.findobj(matplotlib.text.Text) if t.get_visible() and t.get_text().strip()]
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


def test_another_process_in_another_order_gives_the_same_bytes_and_never_loads_pyplot():
    script = (
        "import json, sys, matplotlib\n"
        "matplotlib.rcParams.update({'font.size': 21, 'axes.grid': False, 'svg.fonttype': 'none'})\n"
        "from test_plots import PICTURES, digests\n"
        "print(json.dumps([digests(reversed(PICTURES)), 'matplotlib.pyplot' in sys.modules]))\n"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": os.path.dirname(__file__)}
    ran = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, encoding="utf-8"
    )
    assert ran.returncode == 0, ran.stderr
    theirs, has_pyplot = json.loads(ran.stdout)
    assert [name for name, digest in digests(PICTURES).items() if theirs[name] != digest] == []
    assert not has_pyplot


def test_drawing_leaves_matplotlib_as_it_was():
    before = dict(matplotlib.rcParams)
    plots.shapes().svg()
    assert dict(matplotlib.rcParams) == before


def test_agreeing_curves_are_said_to_agree_and_others_not():
    agree = plots.training_curves({"course_lib": history(), "Keras": history(5e-5)})
    assert agree.title == "Two engines, one curve: less than 0.0001 apart"
    differ = plots.training_curves({"course_lib": history(), "Keras": history(0.03)})
    assert differ.title == "The curves differ by up to 0.03"
    assert "up to 0.03" in differ.description


def test_activations_are_sorted_by_what_they_do_far_out():
    assert plots.activations(["relu", "tanh"]).title == "relu keeps growing; tanh flattens out"
    with pytest.raises(ValueError, match="relu"):
        plots.activations(["rleu"])


def test_long_title_is_broken_and_stays_in_the_picture():
    figure = plots.Figure("A finding that takes many more words than one line of this small picture can ever hold")
    figure.subplots()
    with matplotlib.rc_context(style.STYLE):
        figure.draw_without_rendering()
    assert figure._suptitle.get_window_extent().x1 <= figure.bbox.x1


def test_plateau_names_its_cuts():
    assert plateau(2).title == "The rate is cut after epoch 4"
    assert "2 waited" not in plateau(9).description and plateau(9).title == "The rate is never cut"


def test_calls_tell_who_is_faster_than_the_mean_without_the_warm_up():
    figure = plots.calls([5.0, *[0.001] * 9, 0.091], first=1)
    assert figure.title == "90% of the calls are faster than the mean"
    assert "10 calls: p50 1.00 ms, mean 10.0 ms, p99 91.0 ms, slowest 91.0 ms" in figure.description
    assert figure.description.endswith("The warm-up of 1 call took up to 5.00 s a call.")


def test_batch_sizes_name_the_fastest_and_the_slowest_way():
    figure = plots.batch_sizes({"course_lib": swept(1e-5, 1e-5), "graph": swept(1e-3, 1e-6), "predict": swept(0.1, 0)})
    assert re.search(r"1,024 times .*course_lib 510 times.*predict 1\.0 times", figure.title)


def test_callers_at_a_door_for_one_wait_in_proportion():
    assert plots.callers({n: queue(n) for n in (1, 2, 8)}).title == (
        "8 times the callers: 1.0 times the answers, each after 8.0 times the wait"
    )


def test_lanes_count_what_they_show():
    figure = plots.lanes({"all": (bars(0, ["1", None, "2", "2"]), [])}, "Some")
    assert figure.description == (
        "all: 1 request answered by version 1, 2 requests answered by version 2, 1 time nobody answered."
    )
    near = plots.lanes({"some": (bars(0, ["1", None, "2", "2"]), [])}, "Some", window=(2.0, 2.5))
    assert near.description == "some: 1 request answered by version 2, 0 times nobody answered."


@pytest.mark.parametrize("ends", [2.505, 2.53, 2.6, 2.9, 4.5])
def test_no_line_of_a_span_stands_over_or_under_its_words(ends):
    figure = plots.lanes({"": (bars(0, "111222"), [(2.5, ends, "rollback")])}, "Words")
    (axes,), renderer = figure.axes, FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    words = axes.texts[0].get_window_extent(renderer)
    lines = [line.get_window_extent(renderer).x0 for line in axes.lines]
    assert lines and not any(words.x0 <= x <= words.x1 for x in lines)


def test_requests_too_close_to_be_seen_apart_become_one_bar():
    svg = plots.lanes({"": (bars(0, "1" * 2000 + "2" * 2000, step=0.001), [])}, "Many").svg()
    assert len(svg) < 1.5 * len(plots.lanes({"": (bars(0, "12", step=2.0), [])}, "Two").svg())


def test_journeys_that_fail_in_the_server_are_said_to():
    stations = ["address", "JSON", "fields"]
    assert (
        plots.journeys([("a", 1, 500), ("b", 3, 200)], stations).title
        == "2 requests end at 2 places, 1 of them in a 500"
    )
    assert plots.journeys([("a", 3, 200)], stations).title == "The request passes every station: 200"


def test_cards_say_where_the_bytes_go():
    """19 cards of 22 bytes; "the" 8 times, "cat" and "cow" twice each belong to partition 0."""
    assert cards().title == "418 bytes are shuffled, 264 of them to reducer 0"
    assert cards(partitions=1).title == "418 bytes are shuffled, all to reducer 0"


def test_timeline_names_who_died_and_who_ran_the_task_again():
    assert timeline(1).title == "Map task 1 died with worker 1 and ran again on worker 2"
    assert timeline().title == "4 tasks on 1 worker" and "0 died" in timeline().description


def test_clouds_say_half_only_where_it_is_half():
    full = np.array([1.0, -2.0])
    halved, other = plots.gradient_clouds(full, clouds(1, 4, 16)), plots.gradient_clouds(full, clouds(1, 8, 16))
    assert halved.title == "Four times the batch, half the noise"
    assert other.title == "The larger the batch, the narrower the cloud"
    too_wide = clouds(1, 4) | {4: clouds(1)[1]}
    assert plots.gradient_clouds(full, too_wide).title == "The larger the batch, the narrower the cloud"


def test_race_names_the_winner_that_was_measured():
    assert "in seconds the middle ones" in plots.race(trained(MEASURED), 0.5).title
    assert plots.race(trained(MEASURED | {4000: 0.01}), 0.5).title.endswith("quickest are batches of 4,000")


def test_a_task_stands_in_one_column_of_the_lineage():
    from course_lib.plots.lineage import edges, layout

    pairs = rdd.Context().parallelize(range(6), 2).map(lambda x: (x, x))
    graph = rdd.graph(pairs.join(rdd.Context.parallelize(pairs.context, [(1, 2)], 2), 3).mapValues(str))
    _, boxes = layout(graph)
    lines = edges(graph, boxes)
    assert all(boxes[i]["x"] == boxes[j]["x"] for i, j, wide in lines if not wide)
    assert len([1 for *_, wide in lines if wide]) == 4 * 3
    assert len({(box["row"], box["x"]) for box in boxes}) == len(boxes)


def test_a_timeline_names_what_was_torn_off_and_what_was_repeated():
    assert (
        plots.task_timeline(task_runs(killed=True)).title == "One executor dies: 1 torn off, 1 finished one run again"
    )
    told = plots.task_timeline(task_runs(killed=True)).description
    assert "torn off: task 4 on executor 1" in told and "run again though finished: task 2." in told
    assert plots.task_timeline(task_runs(killed=False)).title == "6 tasks on 2 executors, none lost"


def test_the_fastest_engine_is_named_for_small_and_large_data():
    slow, fast = [0.1, 1.0], [0.5, 0.6]
    crossing = plots.engine_seconds([1, 9], {"plain Python": slow, "PySpark": fast})
    assert crossing.title == "Plain Python wins small, PySpark wins large"
    apart = plots.engine_seconds([1, 9], {"plain Python": [0.1, 0.2], "PySpark": fast})
    assert apart.title == "Plain Python is fastest at every size"


def test_a_deep_stack_is_told_by_its_ends():
    keeps, falls = np.ones(21), 0.5 ** np.arange(21)
    told = {
        (plots.signal_depth(signal, gradient, "tanh", 1.5)).title.partition(": ")[2]
        for signal, gradient in [
            (falls, falls[::-1]),
            (1 / falls, 1 / falls[::-1]),
            (keeps, keeps),
            (keeps, falls[::-1]),
        ]
    }
    assert told == {
        "both vanish",
        "both explode",
        "both keep their size",
        "the signal keeps its size, the gradient vanishes",
    }


@pytest.mark.parametrize(
    "value, text", [(1, "1"), (0.5436, "0.54"), (17.2, "17"), (2.24e-13, "2.2·10⁻¹³"), (3e6, "3·10⁶")]
)
def test_a_size_of_any_order_is_short(value, text):
    from course_lib.plots.depth import power

    assert power(value) == text


def test_equal_neurons_are_counted_as_one():
    kernel = np.repeat(np.arange(64.0)[:, None], 9, axis=1)
    assert "alike: 1 different among 9 neurons" in plots.neurons({"alike": kernel}, "All alike").description


def test_colours_of_ideas_are_different():
    ideas = [style.OURS, style.KERAS, style.LOSS, style.GRADIENT, style.WEIGHT, style.DATA, style.NEUTRAL]
    assert len(set(ideas)) == len(ideas)


def test_an_answer_of_probability_0_costs_without_end_and_no_answer_is_left_out():
    figure = plots.loss_over_probability({"you": 0.0, "nobody": None, "half": 0.5})
    assert "you gave it 0, cross-entropy infinite, squared error 1" in figure.description
    assert "half gave it 0.5, cross-entropy 0.693, squared error 0.25." in figure.description
    assert "nobody" not in figure.description
    with pytest.raises(ValueError, match="you gave the right class -0.1; a probability lies between 0 and 1"):
        plots.loss_over_probability({"you": -0.1})


def test_two_answers_of_one_probability_get_labels_that_can_be_read():
    test_no_letter_is_cut_off_or_written_over_another(
        plots.loss_over_probability({"a model": 0.1, "knows nothing": 0.1, "you": 0.11})
    )


def test_learning_curves_say_the_gap_and_the_best_epoch():
    history = {"loss": [2.0, 1.0, 0.5], "val_loss": [1.5, 1.1, 1.25]}
    figure = plots.learning_curves({"a\nsmall": history, "b": history}, "Two")
    assert "a, small: after 3 epochs training loss 0.5, on unseen data 1.25, lowest there 1.1 after epoch 2" in (
        figure.description
    )


def test_confusion_tells_what_is_found_and_what_is_mixed_up():
    figure = plots.confusion(np.array([[6, 2, 0], [0, 9, 1], [5, 0, 5]]), ("a", "b", "c"))
    assert figure.title == "71% right: from 90% of b to 50% of c"
    assert figure.description.startswith(
        "20 of 28 answers are right. Most frequent mistakes: c as a 5, a as b 2, b as c 1"
    )
    assert figure.description.endswith("Found of each class: a 75%, b 90%, c 50%.")


def test_running_mean_compares_bar_and_unseen():
    told = plots.running_mean([0.1, 0.5, 0.9, 0.8], [0.7, 0.9], [0.6, 0.7])
    assert told.title == "The bar says 50%; on unseen texts it is 60%"
    assert "epoch 2: bar 0.80, the same texts after it 0.90, unseen texts 0.70" in told.description
