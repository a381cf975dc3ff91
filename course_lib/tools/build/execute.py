"""Run a notebook on a fresh kernel and keep what it says: all of it, word for word, in a form that is stable.

Left out are execution times and the state of widgets, which differ from run to run. A widget is stored as the static
figure and the sentence that it brings along. What cannot be stable, or was not meant to be stored, is an error here and
not a surprise later: text on stderr, memory addresses, a widget without a figure.
"""

import re
import time

from course_lib.tools.build import BuildError
from course_lib.tools.build.kernel import Surroundings
from course_lib.tools.build.notebook import MEASURED

WIDGET = "application/vnd.jupyter.widget-view+json"
ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")
CELL_LIMIT, NOTEBOOK_LIMIT = 10, 90  # seconds, on two cores
PATIENCE = 300  # seconds after which a cell is given up


class Timing:
    """How long the cells of one run took, in seconds."""

    def __init__(self, seconds):
        self.seconds = seconds  # {index of the cell: seconds}

    @property
    def total(self):
        return sum(self.seconds.values())

    @property
    def slowest(self):
        return max(self.seconds.values(), default=0.0)

    def too_slow(self):
        """Sentences about what is over the limits."""
        said = [f"cell {i} took {s:.1f} s (limit {CELL_LIMIT} s)" for i, s in self.seconds.items() if s > CELL_LIMIT]
        if self.total > NOTEBOOK_LIMIT:
            said.append(f"the notebook took {self.total:.0f} s (limit {NOTEBOOK_LIMIT} s)")
        return said


def execute(notebook, folder, name, clock=time.perf_counter):
    """Fill in the outputs, cell by cell, as run in `folder`. Returns the Timing."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    client = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=PATIENCE,
        record_timing=False,
        store_widget_state=False,
        extra_arguments=["--log-level=ERROR"],
    )
    seconds = {}
    with Surroundings() as variables, client.setup_kernel(env=variables, cwd=str(folder)):
        for index, cell in enumerate(notebook.cells):
            if cell.cell_type != "code":
                continue
            start = clock()
            try:
                client.execute_cell(cell, index)
            except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
                raise BuildError(f"{name}: {where(index, cell)} failed.\n{error}") from None
            seconds[index] = clock() - start
            cell.outputs = stable_outputs(cell.outputs, f"{name}: {where(index, cell)}")
            cell.metadata.pop("execution", None)
    notebook.metadata.pop("widgets", None)
    return Timing(seconds)


def where(index, cell):
    first = next((line for line in cell.source.splitlines() if line.strip()), "")
    return f"cell {index} ({first.strip()[:60]})"


def stable_outputs(outputs, name):
    """The outputs of one cell as they are stored."""
    kept = []
    for output in outputs:
        if output.output_type == "stream":
            if output.name == "stderr":
                raise BuildError(
                    f"{name} writes to stderr. Silence it at its source, so that nobody sees it:\n{output.text}"
                )
            if kept and kept[-1].output_type == "stream":
                kept[-1].text += output.text  # how a print was cut into messages depends on the moment
                continue
        elif "data" in output:
            _static(output, name)
        kept.append(output)
    for output in kept:
        text = output.get("text", "") + output.get("data", {}).get("text/plain", "")
        if found := ADDRESS.search(text):
            raise BuildError(f"{name} shows a memory address, which differs from run to run: … {found.group()} …")
    return kept


def _static(output, name):
    """Leave out the live view of a widget; a figure and a sentence must stand beside it."""
    if output.data.pop(WIDGET, None) is None:
        return
    output.metadata.pop(WIDGET, None)
    if not {"text/html", "image/svg+xml", "image/png"} & set(output.data) or not output.data.get("text/plain"):
        raise BuildError(
            f"{name} shows a widget without a static figure and its description. Both belong into its output."
        )


def keep_measurements(notebook, stored):
    """A measured cell keeps its stored output while it is unchanged: measuring again would only change the file."""
    known = {cell.id: cell for cell in stored.cells if MEASURED in cell.metadata.get("tags", [])}
    for cell in notebook.cells:
        old = known.get(cell.id)
        if old is not None and old.source == cell.source and old.outputs and MEASURED in cell.metadata.get("tags", []):
            cell.outputs = old.outputs
