"""Every picture: a sentence, an SVG that says what it shows, letters that can be read, the same bytes twice."""

import json
import os
import re
import subprocess
import sys
from xml.etree import ElementTree

import matplotlib
import pytest
from pictures import NAMED, OF_A_WIDGET, PICTURES, check_letters, digests, drawn

from course_lib import plots
from course_lib.plots import style
from course_lib.plots.style import is_picture


def test_every_picture_is_drawn_here():
    pictures = {name for name in plots.__all__ if is_picture(getattr(plots, name))}
    missing = sorted(pictures - NAMED - set(OF_A_WIDGET))
    assert not missing, f"Draw {', '.join(missing)} in PICTURES, in pictures.py."


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
    check_letters(figure)


def test_another_process_in_another_order_gives_the_same_bytes_and_never_loads_pyplot():
    script = (
        "import json, sys, matplotlib\n"
        "matplotlib.rcParams.update({'font.size': 21, 'axes.grid': False, 'svg.fonttype': 'none'})\n"
        "from pictures import PICTURES, digests\n"
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


def test_long_title_is_broken_and_stays_in_the_picture():
    figure = plots.Figure("A finding that takes many more words than one line of this small picture can ever hold")
    figure.subplots()
    with matplotlib.rc_context(style.STYLE):
        figure.draw_without_rendering()
    assert figure._suptitle.get_window_extent().x1 <= figure.bbox.x1


def test_colours_of_ideas_are_different():
    ideas = [style.OURS, style.KERAS, style.LOSS, style.GRADIENT, style.WEIGHT, style.DATA, style.NEUTRAL]
    assert len(set(ideas)) == len(ideas)
