"""All tests, and the kernels of all notebooks, run in the surroundings in which notebooks are built.

A stored notebook is a test: each cell's text must come out word for word (nbval). Every lesson has a kernel of its own.
The exercises and their solutions are small and load the same few modules, so they take turns in one kernel, each with
an empty namespace. Where the browser's tests run too, they run the lessons and compare what comes out: not twice.
"""

import collections
import os
import pathlib
import signal
import tempfile

import pytest
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, RunningKernel
from nbval.plugin import IPyNbFile

from course_lib.tools import browser
from course_lib.tools.build.kernel import FOREIGN, surroundings

ROOT = pathlib.Path(__file__).parent
BROWSER, LESSONS, TAKE_TURNS = ROOT / "tests" / "browser", ROOT / "notebooks", (ROOT / "exercises", ROOT / "solutions")

# Handed out first, so that no worker is left alone with a long one. Every run ends with the ten dearest.
LONGEST = ("browser", "test_keras_programs", "test_exercises", "test_parity", "test_spark", "test_held_out")
LONGEST += ("test_plots", "test_build", "test_cli", "serving", "test_checker_survival", "test_signal_depth")


_folder = tempfile.TemporaryDirectory(prefix="course-tests-", ignore_cleanup_errors=True)
for name in FOREIGN:
    os.environ.pop(name, None)
os.environ.update(surroundings(_folder.name))

# A run started in the background inherits an ignored Ctrl-C, and would pass that on to every process it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_configure(config):
    config.option.nbval_sanitize_with = str(ROOT / "tests" / "nbval.ini")


def pytest_collect_file(file_path, parent):
    if file_path.suffix == ".ipynb":
        kind = TakesTurns if any(map(file_path.is_relative_to, TAKE_TURNS)) else IPyNbFile
        return kind.from_parent(parent, path=file_path)


def pytest_collection_modifyitems(config, items):
    """The browser's tests compare the outputs of the lessons, as nbval does where there is no browser."""
    if browser.find() and any(item.path.is_relative_to(BROWSER) for item in items):
        twice = [item for item in items if item.path.is_relative_to(LESSONS)]
        config.hook.pytest_deselected(items=twice)
        items[:] = [item for item in items if not item.path.is_relative_to(LESSONS)]
    place = {name: i for i, name in enumerate(LONGEST)}
    files = {item: item.nodeid.partition("::")[0] for item in items}
    items.sort(key=lambda item: min((i for n, i in place.items() if n in files[item]), default=len(LONGEST)))


def pytest_terminal_summary(terminalreporter):
    """The ten dearest files, in seconds on the wall."""
    seconds = collections.Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if hasattr(report, "duration"):
                seconds[report.nodeid.partition("::")[0]] += report.duration
    if len(seconds) > 10:
        terminalreporter.section("dearest files")
        for file, total in seconds.most_common(10):
            terminalreporter.line(f"{total:7.1f} s  {file}")


class TakesTurns(IPyNbFile):
    """A notebook in the kernel that the one before has left, its variables forgotten."""

    one = None

    def setup(self):
        if TakesTurns.one is None or not TakesTurns.one.is_alive():
            TakesTurns.one = RunningKernel(
                CURRENT_ENV_KERNEL_NAME, startup_timeout=self.config.option.nbval_kernel_startup_timeout
            )
        self.kernel = TakesTurns.one
        self.setup_sanitize_files()
        forget = self.kernel.execute_cell_input(f"%reset -f\n%cd -q {self.path.parent}")
        self.kernel.await_reply(forget, timeout=self.config.option.nbval_cell_timeout)
        self.kernel.await_idle(forget, timeout=self.config.option.nbval_cell_timeout)

    def teardown(self):
        """The kernel stays for the next one."""


@pytest.hookimpl
def pytest_sessionfinish():
    if TakesTurns.one is not None and TakesTurns.one.is_alive():
        TakesTurns.one.stop()
