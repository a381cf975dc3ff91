"""`course lab`: JupyterLab at the course's start page, on this machine alone.

Nothing of the user's own set-up is changed. The course brings defaults (`lab_settings/overrides.json`: no news, no
update messages), which the user's own settings still overrule, and keeps its window arrangement in `.course/`; where
the course's folder cannot be written, only while it runs.
"""

import os
import pathlib
import tempfile

from course_lib import place
from course_lib.utils import demand_docstrings

START = "notebooks/0_start/0_1_start_here.ipynb"
SETTINGS = pathlib.Path(__file__).parent / "lab_settings"


def arguments(root, workspaces, further=()):
    """What JupyterLab is called with; the user's own arguments come last, so they win."""
    made = [
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.root_dir={root}",
        f"--LabApp.default_url=/lab/tree/{START}",
        f"--LabApp.app_settings_dir={SETTINGS}",
        f"--LabApp.workspaces_dir={workspaces}",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        made.append("--allow-root")  # in a container one is root; the address above is open to this machine alone
    return [*made, *further]


def open_course(root, further=()):
    """Run JupyterLab until it is stopped. Returns an exit code."""
    from course_lib.parity.engine import QUIET
    from course_lib.tools.build.kernel import THREADS

    if not (root / START).exists():
        print(f"The start page {START} is not there. `course build 0.1` makes it.")
        return 1
    demand_docstrings("JupyterLab and the exercises")
    try:
        from jupyterlab.labapp import LabApp
    except ImportError as problem:
        print(f"JupyterLab cannot be imported ({problem}). `course doctor` tells how to mend it.")
        return 1
    os.environ.update(QUIET | THREADS)
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    os.chdir(root)
    workspaces = root / ".course" / "workspaces"
    with tempfile.TemporaryDirectory(prefix="course-lab-", ignore_cleanup_errors=True) as passing:
        if place.writable(workspaces):
            workspaces.mkdir(parents=True, exist_ok=True)
        else:
            workspaces = passing
            print(f"{root} cannot be written: the notebooks open and run, and what you change in them is not saved.")
        LabApp.launch_instance(argv=arguments(root, workspaces, further))
    return 0
