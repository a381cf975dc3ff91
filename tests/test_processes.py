"""Processes of our own: heard when they speak, when they fail and when they die, and gone when their parent is."""

import os
import subprocess
import sys
import textwrap
import threading

import psutil
import pytest
from mapreduce_helpers import interrupted
from patience import FAR

from course_lib.distributed.processes import Crew, Ended, Failed


def powers(parent, power):
    for number in parent:
        parent.send(number**power)


def does_as_told(parent):
    for order in parent:
        if order == "raise":
            raise ValueError("told to")
        if order == "exit":
            os._exit(7)
        parent.send(order)


def never_speaks(parent):
    parent.send("up")
    threading.Event().wait()


@pytest.fixture
def crew():
    with Crew() as crew:
        yield crew
        pids = [process.pid for process in crew.processes]
    assert not any(map(psutil.pid_exists, pids))


def test_messages_go_and_come_in_order_through_function_and_arguments(crew):
    child = crew.start(powers, 2, name="squares")
    for number in range(5):
        child.send(number)
    assert [child.hear() for _ in range(5)] == [0, 1, 4, 9, 16]


def test_functions_and_classes_written_on_the_spot_travel(crew):
    class Order:
        def __init__(self, what):
            self.what = what

    def answers(parent):
        for order in parent:
            parent.send(Order(order.what * 2))

    child = crew.start(answers, name="on the spot")
    child.send(Order("again"))
    heard = child.hear()
    assert isinstance(heard, Order) and heard.what == "againagain"


def test_a_message_far_larger_than_the_line_arrives_whole_in_both_directions(crew):
    child = crew.start(does_as_told, name="echo")
    large = os.urandom(1 << 16) * 256  # 16 MB; a line holds some 200 KB
    child.send(large)
    assert child.hear() == large


def test_a_slow_child_does_not_keep_a_quick_one_waiting(crew):
    slow = crew.start(never_speaks, name="slow")
    assert crew.waiting() == [slow] and slow.hear() == "up"
    quick = crew.start(does_as_told, name="quick")
    quick.send("here")
    assert crew.waiting() == [quick] and quick.hear() == "here"


def test_an_exception_in_the_child_is_told_with_its_traceback_and_its_end_is_heard(crew):
    child = crew.start(does_as_told, name="fails")
    child.send("raise")
    with pytest.raises(Failed, match=r"ValueError: told to(?s:.*)in does_as_told"):
        child.hear()
    with pytest.raises(Ended) as end:
        child.hear()
    assert end.value.exitcode == 0


def test_a_function_that_cannot_be_read_there_is_told(crew):
    child = crew.start(does_as_told, Unreadable(), name="unreadable")
    with pytest.raises(Failed, match="cannot be read here"):
        child.hear()


class Unreadable:
    def __reduce__(self):
        return _refuse, ()


def _refuse():
    raise ValueError("cannot be read here")


@pytest.mark.parametrize("how", ["killed", "by itself"])
def test_a_death_is_heard_and_the_others_go_on(crew, how):
    dying, other = (crew.start(does_as_told, name=name) for name in ("dying", "other"))
    if how == "killed":
        dying.kill()
    else:
        dying.send("exit")
    assert crew.waiting() == [dying]
    with pytest.raises(Ended, match="'dying'") as end:
        dying.hear()
    assert end.value.exitcode == (-9 if how == "killed" and os.name == "posix" else 7 if how == "by itself" else 1)
    dying.send("into the void")  # that nobody hears it is told by `hear`
    crew.dismiss(dying)
    other.send("still here")
    assert crew.waiting() == [other] and other.hear() == "still here"


def test_whatever_ends_the_block_ends_the_processes():
    with pytest.raises(ZeroDivisionError), Crew() as crew:
        pids = [crew.start(never_speaks, name=str(number)).pid for number in range(2)]
        raise ZeroDivisionError
    assert not any(map(psutil.pid_exists, pids)) and crew.processes == []


PARENT = """
    import sys
    from test_processes import never_speaks
    from course_lib.distributed.processes import Crew

    if __name__ == "__main__":
        with Crew() as crew:
            for number in range(2):
                crew.start(never_speaks, name=str(number), remove=sys.argv[1]).hear()
            print(*(process.pid for process in crew.processes), flush=True)
            crew.waiting()
"""


@pytest.fixture
def parent(tmp_path):
    """A parent that waits for two silent children, these, and the folder that they are to remove."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "parent.py").write_text(textwrap.dedent(PARENT), encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(tmp_path / "parent.py"), str(folder)],
        env={**os.environ, "PYTHONPATH": os.path.dirname(__file__)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=os.name == "posix",
    ) as running:
        children = [psutil.Process(int(pid)) for pid in running.stdout.readline().split()]
        assert len(children) == 2
        yield running, children, folder
        running.kill()


def test_children_of_a_parent_that_is_killed_end_and_clear_away(parent):
    running, children, folder = parent
    running.kill()
    assert psutil.wait_procs(children, timeout=FAR)[1] == [] and not folder.exists()


@pytest.mark.skipif(os.name != "posix", reason="signals to a group of processes are POSIX")
def test_an_interrupt_of_all_is_answered_by_the_parent_alone_and_ends_its_children(parent):
    running, children, folder = parent
    said = interrupted(running)
    assert said.count("Traceback") == 1 and said.strip().endswith("KeyboardInterrupt")
    assert psutil.wait_procs(children, timeout=FAR)[1] == [] and folder.exists()  # a parent that lives clears away


STARTED = """
import os, sys, tempfile
if __name__ == "__main__":
    from course_lib.distributed.processes import Crew
    {first}
    try:
        with Crew() as crew:
            for i in range(40):
                crew.start(print, name=f"worker {{i}}")
    except OSError as error:
        print(error)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows removes no folder in use, and has no such limit of files")
@pytest.mark.parametrize(
    ("first", "said"),
    [
        ("folder = tempfile.mkdtemp(); os.chdir(folder); os.rmdir(folder)", ["'worker 0'", "was removed", "os.chdir"]),
        ("import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))", ["fewer processes", "ulimit -n"]),
    ],
    ids=["a folder that is gone", "few files"],
)
def test_where_no_process_can_be_started_it_is_said_what_to_do(tmp_path, first, said):
    (tmp_path / "program.py").write_text(STARTED.format(first=first), encoding="utf-8")
    done = subprocess.run([sys.executable, str(tmp_path / "program.py")], capture_output=True, text=True, timeout=FAR)
    assert all(word in done.stdout for word in said), done
