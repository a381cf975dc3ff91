"""The surroundings in which notebooks run for the build and for the tests: quiet, and nobody's own settings."""

import os
import pathlib
import tempfile

from course_lib.parity.engine import QUIET

# The course's products are small. On them a second thread gains nothing, and costs up to twenty times where the other
# core is busy. Whoever sets the variable keeps their own number.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}
THREADS = {name: os.environ.get(name, one) for name, one in ONE_THREAD.items()}
FOREIGN = ("MPLBACKEND", "PYTHONSTARTUP")  # variables that would change what a notebook shows


def surroundings(folder):
    """Environment variables for a kernel. What it keeps (progress, IPython's profile) goes into `folder`."""
    folder = pathlib.Path(folder)
    return {
        **QUIET,  # TensorFlow's start-up messages
        **THREADS,
        "COURSE_PROGRESS": str(folder / "progress.json"),  # a fresh one: nobody's progress is read or written
        "IPYTHONDIR": str(folder / "ipython"),  # no start-up files, no history
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # the debugger's remark about frozen modules
        "KERAS_BACKEND": "tensorflow",
        "PYTHONHASHSEED": "0",
    }


class Surroundings:
    """`with Surroundings() as variables:` the same in a temporary folder, removed at the end."""

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True)
        kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        return {**kept, **surroundings(self._folder.name)}

    def __exit__(self, *_):
        self._folder.cleanup()
