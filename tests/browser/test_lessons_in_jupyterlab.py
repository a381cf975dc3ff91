"""Every lesson in JupyterLab, as a learner has it: it opens, it runs, its outputs come out word for word as they are
stored, its widgets answer the keyboard, and axe has nothing against what the course draws. One run for all of it."""

import pathlib

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from nbval.plugin import IPyNbFile, coalesce_streams
from patience import FAR

ROOT = pathlib.Path(__file__).resolve().parents[2]
LESSONS = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("notebooks/*/[0-9]*.ipynb"))

# What a widget shows, without what it only says (the text for screen readers): its HTML and the pixels of its canvases.
# The position of a slider's knob is in neither, so a knob that moves alone is no change.
PICTURE = """(widget) => {
    const copy = widget.cloneNode(true);
    copy.querySelectorAll('.sr, .waiting').forEach((part) => part.remove());
    return copy.innerHTML + [...widget.querySelectorAll('canvas')].map((canvas) => canvas.toDataURL()).join();
}"""
NAME = """(element) => element.getAttribute('aria-label') || element.labels?.[0]?.textContent.trim()
    || element.closest('fieldset')?.textContent.trim() || element.textContent.trim()"""
CONTROLS = (
    "input:not([type=radio]), input[type=radio]:checked, select, textarea, button:not([tabindex='-1']), [tabindex='0']"
)


def test_there_are_lessons_to_open():
    assert "notebooks/0_start/0_1_start_here.ipynb" in LESSONS


@pytest.mark.parametrize("notebook", LESSONS)
def test_a_lesson_comes_out_as_stored_and_every_control_changes_its_picture(page, screenshots, request, notebook):
    name = pathlib.Path(notebook).stem
    page.open(notebook)
    stored_figures_are_shown(page)
    page.tab.screenshot(path=screenshots / f"{name}_opened.png")

    outputs = page.run_all()
    assert differences(IPyNbFile.from_parent(request.session, path=ROOT / notebook), outputs) == []
    assert page.unrun() == 0

    for number, widget in enumerate(widgets(page)):
        controls = [control for control in widget.query_selector_all(CONTROLS) if control.is_visible()]
        assert controls, f"widget {number} has no control that can be reached by keyboard"
        widget.screenshot(path=screenshots / f"{name}_widget_{number}.png")
        for control in controls:
            assert control.evaluate(NAME), f"a control has no name: {control.evaluate('(e) => e.outerHTML')[:200]}"
            moves(page, widget, control)
        widget.screenshot(path=screenshots / f"{name}_widget_{number}_moved.png")
        assert widget.query_selector(".waiting").text_content() == ""
    assert barriers(page) == []
    page.settle()
    assert page.errors == []


def barriers(page):
    """What axe finds in the widgets and figures: names, roles, contrast. The rest of the page is JupyterLab's."""
    found = Axe().run(page.tab, {"include": [[".course-widget"], [".jp-OutputArea-output img"]]}).response
    return [f"{rule['help']}: {node['html'][:150]}" for rule in found["violations"] for node in rule["nodes"]]


def differences(stored, outputs):
    """In what the outputs of each code cell differ from the stored ones, by nbval's own comparison."""
    stored.setup_sanitize_files()
    cells = list(stored.collect())
    assert len(cells) == len(outputs)
    said = []
    for cell, new in zip(cells, outputs):
        said += [f"{cell.name}: {output.ename}: {output.evalue}" for output in new if output.output_type == "error"]
        if cell.options["check"] and not cell.compare_outputs(
            coalesce_streams(new), coalesce_streams(cell.cell.outputs)
        ):
            said.append(f"{cell.name} differs.\n{cell.cell.source}\n" + "\n".join(cell.comparison_traceback))
    return said


def test_an_output_that_differs_in_one_letter_is_found(request, tmp_path):
    stored = nbformat.v4.new_output("stream", text="loss 0.5\n")
    cell = nbformat.v4.new_code_cell("print('loss 0.5')", execution_count=1, outputs=[stored])
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "one.ipynb")

    def found(text):
        file = IPyNbFile.from_parent(request.session, path=tmp_path / "one.ipynb")
        return differences(file, [[nbformat.v4.new_output("stream", text=text)]])

    assert found("loss 0.5\n") == []
    assert "Cell 0 differs" in found("loss 0.6\n")[0]


def stored_figures_are_shown(page):
    """Before anything has run, each figure is a picture with a sentence beside it."""
    figures = page.tab.query_selector_all(".jp-OutputArea-output img[src^='data:image/svg']")
    for figure in figures:
        assert figure.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 100
        assert len(figure.get_attribute("alt")) > 30
    assert figures


def widgets(page):
    """The live widgets, once they are drawn."""
    expected = page.tab.evaluate("""() => [...jupyterapp.shell.currentWidget.content.model.cells]
        .filter((cell) => cell.type === 'code' && cell.outputs.toJSON()
            .some((output) => output.data?.['application/vnd.jupyter.widget-view+json'])).length""")
    page.tab.wait_for_function("(n) => document.querySelectorAll('.course-widget').length === n", arg=expected)
    return page.tab.query_selector_all(".course-widget")


def moves(page, widget, control):
    """Use one control by real keys, to both of its ends where it has ends; the picture must change each time."""
    control.scroll_into_view_if_needed()
    kind = control.evaluate("(e) => e.getAttribute('role') === 'radio' ? 'radio' : e.type || e.getAttribute('role')")
    name = control.evaluate(NAME)
    if kind == "range":
        at_end = control.evaluate("(e) => Number(e.value) === Number(e.max)")
        keys = ["Home", "ArrowRight", "End"] if at_end else ["End", "ArrowLeft", "Home"]
    elif kind in ("radio", "select-one"):
        keys = ["ArrowRight", "ArrowRight"]
    elif kind in ("textarea", "text"):
        keys = ["a library of games", ""]
    else:
        keys = ["Enter"]
    for number, key in enumerate(keys):
        before = widget.evaluate(PICTURE)
        if number == 0:
            control.focus()  # once: in a group of radio buttons the arrow keys take the focus along
        if kind in ("textarea", "text"):
            page.tab.keyboard.press("ControlOrMeta+a")
            page.tab.keyboard.type(key) if key else page.tab.keyboard.press("Delete")
        else:
            page.tab.keyboard.press(key)
        if not changes(page, widget, before):
            state = control.evaluate("(e) => `value ${e.value}, ${e === document.activeElement ? '' : 'not '}in focus`")
            said = widget.query_selector(".waiting").text_content()
            raise AssertionError(f"{key!r} on {name!r} ({kind}: {state}) changed nothing. {said} {page.errors}")
    if kind in ("button", "submit") and control.evaluate(NAME) != name:
        page.tab.keyboard.press("Enter")  # "Play" became "Pause": nothing may move by itself from here on


def changes(page, widget, before, patience=FAR // 2):
    """Whether the picture differs from before; returns when it has come to rest. Only a dead control costs patience."""
    latest, still = before, 0
    for _ in range(patience * 20):
        page.tab.wait_for_timeout(50)
        previous, latest = latest, widget.evaluate(PICTURE)
        still = still + 1 if latest == previous else 0
        if latest != before and still >= 3:
            return True
    return False
