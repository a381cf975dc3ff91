"""Worker processes that die, that learn functions from cells and scripts, and that end with their driver."""

import os
import signal
import subprocess
import sys
import textwrap

import psutil
import pytest
from mapreduce_functions import DiesAt, InterruptsDriver, total
from mapreduce_helpers import LINES, POSIX, interrupted, workers_of
from patience import FAR

from course_lib.distributed import mapreduce
from course_lib.distributed.mapreduce import JobFailed, jobs

pytestmark = pytest.mark.usefixtures("no_process_stays_behind")


@pytest.fixture(scope="module")
def quiet():
    return mapreduce.run(LINES, jobs.words, jobs.total, map_tasks=3, spill_after=2)


@pytest.mark.parametrize("kill", [("map", 1), ("reduce", 0), [("map", 0), ("map", 0, 2), ("reduce", 1)]])
def test_a_killed_worker_changes_nothing_but_the_log(quiet, kill):
    killed = mapreduce.run(LINES, jobs.words, jobs.total, map_tasks=3, spill_after=2, kill=kill)
    deaths = [e for e in killed.log if e.what == "died"]
    assert len(deaths) == (len(kill) if isinstance(kill, list) else 1)
    assert all(e.details["on purpose"] and e.details["exitcode"] != 0 for e in deaths)
    assert not any(psutil.pid_exists(e.details["pid"]) for e in deaths)
    assert killed.output == quiet.output and killed.shuffled == quiet.shuffled
    attempts = {"launched_map_tasks", "launched_reduce_tasks", "failed_attempts"}
    assert {k: v for k, v in killed.counters.items() if k not in attempts} == {
        k: v for k, v in quiet.counters.items() if k not in attempts
    }
    launched = sum(killed.counters[name] - quiet.counters[name] for name in attempts - {"failed_attempts"})
    assert launched == killed.counters["failed_attempts"] == len(deaths)


def test_a_worker_that_dies_by_itself_is_replaced_and_its_task_runs_again(tmp_path):
    result = mapreduce.run(LINES, DiesAt("mat", tmp_path, 2), jobs.total)
    assert result.output == mapreduce.run_locally(LINES, jobs.words, jobs.total)
    assert [e.details["exitcode"] for e in result.log if e.what == "died"] == [7, 7]


def test_a_task_that_kills_every_worker_ends_the_job_after_the_allowed_attempts(tmp_path):
    with pytest.raises(JobFailed, match=r"map task 1 was tried 3 times.*worker \d \(exit code 7\).*os._exit"):
        mapreduce.run(LINES, DiesAt("mat", tmp_path, 99), jobs.total, attempts=3)
    assert len(list(tmp_path.iterdir())) == 3


# --- where functions are written, and who interrupts ------------------------------------------------------------------

CELL = """
    import collections
    from course_lib.distributed import mapreduce
    Pair = collections.namedtuple("Pair", "n length")
    bonus = 1
    def mapper(line):
        for word in line.split():
            yield word, Pair(bonus, len(word))
    def reducer(word, pairs):
        return sum(p.n for p in pairs), pairs[0].length
    result = mapreduce.run(["a cat", "a dog"], mapper, reducer, map_tasks=2, kill=("map", 1))
    print(result.output, result.counters["failed_attempts"])
"""
SAID = "{'cat': (1, 3), 'a': (2, 1), 'dog': (1, 3)} 1"


def test_functions_and_classes_of_a_notebook_cell_reach_the_workers():
    from nbclient import NotebookClient
    from nbformat import v4

    notebook = v4.new_notebook(cells=[v4.new_code_cell(textwrap.dedent(CELL))])
    NotebookClient(notebook, kernel_name="python3", timeout=FAR).execute()
    (output,) = notebook.cells[0].outputs
    assert output.name == "stdout" and sorted(output.text.strip()) == sorted(SAID)


def script(tmp_path, text):
    path = tmp_path / "job.py"
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return [sys.executable, str(path)]


GUARDED = """
    from course_lib.distributed import mapreduce

    def mapper(line):
        for word in line.split():
            yield word, 1

    def reducer(word, ones):
        return sum(ones)

    if __name__ == "__main__":
        print(mapreduce.run(["a cat", "a dog"], mapper, reducer, partitions=1).output)
"""


def test_functions_of_a_script_reach_the_workers(tmp_path):
    done = subprocess.run(script(tmp_path, GUARDED), capture_output=True, encoding="utf-8", timeout=FAR)
    assert (done.stdout.strip(), done.stderr) == ("{'a': 2, 'cat': 1, 'dog': 1}", "")


def test_a_script_without_the_guard_is_told_so(tmp_path):
    text = GUARDED.replace('if __name__ == "__main__":', "if True:")
    done = subprocess.run(script(tmp_path, text), capture_output=True, encoding="utf-8", timeout=FAR)
    assert done.returncode and 'must stand under `if __name__ == "__main__":`' in done.stderr.splitlines()[-1]


ENDLESS = """
    import os, time
    from course_lib.distributed import mapreduce

    def mapper(number):
        os.write(1, b"working\\n")  # in one piece, whatever the other worker writes
        time.sleep(100_000)
        yield number, 1

    if __name__ == "__main__":
        mapreduce.run([1, 2], mapper, max)
"""


@pytest.fixture
def endless_job(tmp_path):
    """A script whose two workers are asleep in their tasks, and those workers. Temporary files go to `tmp_path`."""
    driver = subprocess.Popen(
        script(tmp_path, ENDLESS),
        env={**os.environ, "TMPDIR": str(tmp_path), "TEMP": str(tmp_path), "TMP": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=os.name == "posix",
    )
    assert [driver.stdout.readline() for _ in range(2)] == ["working\n"] * 2
    below = workers_of(psutil.Process(driver.pid))
    assert len(below) == 2
    yield driver, below
    driver.kill()


@POSIX
def test_ctrl_c_ends_job_and_workers_and_only_the_driver_speaks(endless_job, tmp_path):
    driver, below = endless_job
    said = interrupted(driver)
    assert psutil.wait_procs(below, timeout=FAR)[1] == [] and list(tmp_path.glob("mapreduce-*")) == []
    assert said.count("Traceback") == 1 and said.strip().endswith("KeyboardInterrupt")


def test_workers_do_not_outlive_a_driver_that_is_killed(endless_job, tmp_path):
    driver, below = endless_job
    driver.kill()
    driver.communicate(timeout=FAR)
    assert psutil.wait_procs(below, timeout=FAR)[1] == [] and list(tmp_path.glob("mapreduce-*")) == []


@POSIX
def test_an_interrupt_in_a_session_leaves_no_process(no_garbage_collected):
    handler = signal.getsignal(signal.SIGINT)
    mapper = InterruptsDriver(os.getpid())  # twice, as an impatient hand does
    with pytest.raises(KeyboardInterrupt):
        mapreduce.run([1, 2], mapper, total)
    assert signal.getsignal(signal.SIGINT) is handler
