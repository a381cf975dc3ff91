"""All tests, and the kernels of all notebooks, run in the surroundings in which notebooks are built."""

import os
import pathlib
import tempfile

from course_lib.build.kernel import FOREIGN, surroundings

_folder = tempfile.TemporaryDirectory(prefix="course-tests-", ignore_cleanup_errors=True)
for name in FOREIGN:
    os.environ.pop(name, None)
os.environ.update(surroundings(_folder.name))


def pytest_configure(config):
    config.option.nbval_sanitize_with = str(pathlib.Path(__file__).parent / "tests" / "nbval.ini")
