"""All tests, and the kernels of all notebooks, run in the surroundings in which notebooks are built."""

import os
import pathlib
import signal
import tempfile

from course_lib.tools.build.kernel import FOREIGN, surroundings

_folder = tempfile.TemporaryDirectory(prefix="course-tests-", ignore_cleanup_errors=True)
for name in FOREIGN:
    os.environ.pop(name, None)
os.environ.update(surroundings(_folder.name))

# A run started in the background inherits an ignored Ctrl-C, and would pass that on to every process it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_configure(config):
    config.option.nbval_sanitize_with = str(pathlib.Path(__file__).parent / "tests" / "nbval.ini")
