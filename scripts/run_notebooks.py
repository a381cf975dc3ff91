"""Run notebooks, each on a kernel of its own, and count their errors: no output is compared, none is kept.

    python scripts/run_notebooks.py notebooks/1_training/*.ipynb           as they stand
    python scripts/run_notebooks.py --twice notebooks/*/*.ipynb            every cell twice, then a restart, then once
    python scripts/run_notebooks.py --course git+file:///copy …            the first cell installs the course from there

It needs nbclient alone, so that it also runs where the course is not installed yet: there the first cell does it.
"""

import argparse
import os
import pathlib
import re
import sys
import tempfile
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbclient.util import run_sync

PATIENCE = 600  # seconds for one cell
ADDRESS = re.compile(r"git\+https?://[^\"\s]+")


def run(path, twice, course):
    """(errors, cells run, seconds) of one notebook; an error is (cell's number, its first line, what was said)."""
    notebook = nbformat.read(path, as_version=4)
    cells = [(i, cell) for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    if course:
        cells[0][1].source = ADDRESS.sub(course, cells[0][1].source)
    client = NotebookClient(
        notebook, timeout=PATIENCE, allow_errors=True, kernel_name="python3", extra_arguments=["--log-level=ERROR"]
    )
    errors, count, start = [], 0, time.monotonic()
    with tempfile.TemporaryDirectory(prefix="course-run-", ignore_cleanup_errors=True) as folder:
        variables = {**os.environ, "COURSE_PROGRESS": f"{folder}/progress.json", "IPYTHONDIR": f"{folder}/ipython"}
        with client.setup_kernel(env=variables, cwd=folder):
            for times in (2, 1) if twice else (1,):
                if count:
                    run_sync(client.km.restart_kernel)(now=True)
                    run_sync(client.kc.wait_for_ready)(timeout=PATIENCE)
                for index, cell in [pair for pair in cells for _ in range(times)]:
                    count += 1
                    try:
                        client.execute_cell(cell, index)
                    except (CellTimeoutError, DeadKernelError) as problem:
                        return [*errors, (index, first_line(cell), repr(problem)[:300])], count, start
                    errors += [
                        (index, first_line(cell), f"{out.ename}: {out.evalue}"[:300])
                        for out in cell.outputs
                        if out.output_type == "error" and "raises-exception" not in cell.metadata.get("tags", [])
                    ]
    return errors, count, start


def first_line(cell):
    return next((line for line in cell.source.splitlines() if line.strip()), "")[:60]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notebooks", nargs="+", type=pathlib.Path)
    parser.add_argument("--twice", action="store_true", help="every cell twice; then restart and run all")
    parser.add_argument("--course", help="where the first cell takes the course from, for the repository's address")
    options = parser.parse_args()
    failed = 0
    for path in options.notebooks:
        errors, count, start = run(path, options.twice, options.course)
        failed += bool(errors)
        print(f"{path.stem:40} {count:4} cells {len(errors):4} errors {time.monotonic() - start:6.0f} s", flush=True)
        for index, line, said in errors:
            print(f"    cell {index}  {line}\n        {said}", flush=True)
    print(f"{len(options.notebooks) - failed} passed, {failed} failed")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
