"""Every picture of the course: readable, described with its numbers, the same bytes each time, and no trace left."""

import hashlib
import os
import re
import subprocess
import sys
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pytest

from course_lib import plots
from course_lib.distributed import rdd
from course_lib.distributed.spark import Run
from course_lib.optimizers import schedules
from course_lib.optimizers.rate_range import RateRange
from course_lib.plots import style
from course_lib.widgets import LineageGraph, PlateauMachine

CLASSES = ("fonts", "games", "graphics", "java", "javascript", "net", "python", "science", "sound", "text")


def history(shift=0.0):
    epoch = np.arange(1, 11)
    return {
        "accuracy": 1 - np.exp(-epoch) + shift,
        "loss": 2 * np.exp(-epoch / 2) + shift,
        "val_accuracy": 0.8 - np.exp(-epoch) + shift,
        "val_loss": 0.5 + 0.01 * epoch**2 + shift,
    }


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


def plateau(patience):
    losses = [1.0, 0.6, 0.6, 0.6, 0.6, 0.6, 0.5, 0.4]
    result = PlateauMachine().compute(losses, factor=0.5, patience=patience, min_delta=0.02, cooldown=2)
    shown = ("rates", "next_rates", "to_beat", "wait", "cooldown", "events")
    return plots.plateau(losses, **{name: result[name] for name in shown})


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
        *(Run(0, task, 0, str(task % 2), 0.5 * (task // 2), 0.5, True) for task in range(3)),
        Run(0, 3, 0, "1", 0.5, 0.3, not killed),
        *(Run(1, task, 0, "0", 2.2 + 0.2 * task, 0.2, True) for task in range(2)),
    ]
    more = [Run(0, 3, 1, "0", 1.0, 0.5, True), Run(0, 1, 1, "0", 1.5, 0.5, True)]
    return runs + more * killed


PICTURES = {
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
    "linear collapse": plots.linear_collapse,
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
    "course map": lambda: plots.course_map(here=["0.1", "1.1"]),
}


def every_svg():
    return {name: draw().svg() for name, draw in PICTURES.items()}


@pytest.fixture(params=PICTURES)
def figure(request):
    return PICTURES[request.param]()


def test_description_is_a_sentence_with_numbers(figure):
    assert re.search(r"\d", figure.description)
    assert figure.description.endswith(".")
    assert len(figure.description) > len(figure.title)


def test_svg_says_what_it_shows(figure):
    root = ElementTree.fromstring(figure.svg())
    space = "{http://www.w3.org/2000/svg}"
    assert root.get("role") == "img"
    assert root.get("aria-label") == root.find(f"{space}desc").text == figure.description
    assert root.find(f"{space}title").text == figure.title


def test_svg_has_a_light_panel_and_no_date(figure):
    svg = figure.svg()
    assert '<rect width="100%" height="100%" rx="7" fill="#ffffff"/>' in svg
    assert "<metadata" not in svg and "<!--" not in svg[:200]
    assert "<text" not in svg, "letters are outlines, so that no machine replaces the font"


def test_notebook_gets_an_image_with_alternative_text(figure):
    bundle = figure._repr_mimebundle_()
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


def test_same_numbers_give_the_same_bytes():
    assert every_svg() == every_svg()


def test_fresh_process_gives_the_same_bytes_and_never_loads_pyplot():
    digest = hashlib.sha256(repr(every_svg()).encode()).hexdigest()
    script = (
        "import hashlib, sys, matplotlib\n"
        "matplotlib.rcParams.update({'font.size': 21, 'axes.grid': False, 'svg.fonttype': 'none'})\n"
        "from test_plots import every_svg\n"
        "print(hashlib.sha256(repr(every_svg()).encode()).hexdigest(), 'matplotlib.pyplot' in sys.modules)\n"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": os.path.dirname(__file__)}
    ran = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, encoding="utf-8", timeout=300
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == [digest, "False"]


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


def test_without_activation_the_boundary_is_straight():
    share = dict(re.findall(r"(no activation|relu) puts (\d+)%", plots.linear_collapse().description))
    assert share["relu"] == "100"
    assert int(share["no activation"]) < 95


def test_linear_collapse_leaves_the_shared_random_numbers_alone():
    from course_lib import utils

    utils.set_random_seed(3)
    expected = utils.generator().random(4)
    utils.set_random_seed(3)
    plots.linear_collapse()
    np.testing.assert_array_equal(utils.generator().random(4), expected)


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


def test_colours_of_ideas_are_different():
    ideas = [style.OURS, style.KERAS, style.LOSS, style.GRADIENT, style.WEIGHT, style.DATA, style.NEUTRAL]
    assert len(set(ideas)) == len(ideas)
