"""What the checker survives, and what it leaves untouched, beside any load."""

import gc
import random
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from course_lib.exercises import Case, Exercise, exercise
from course_lib.exercises.judge import slips
from course_lib.exercises.judge.budget import Budget
from course_lib.exercises.judge.compare import numbers

pytestmark = pytest.mark.usefixtures("own_progress")


def test_a_fault_of_the_checker_is_shown_and_not_raised(q, monkeypatch):
    monkeypatch.setattr("course_lib.exercises.judge.verdict.judge", lambda q, fn: 1 / 0)
    result = q.check(q.reference)
    assert result.status == "error" and "fault of the course" in result.message


def test_nothing_that_learners_raise_gets_out(q):
    def leaves(x, w, b):
        raise SystemExit(3)

    def interrupts(x, w, b):
        raise KeyboardInterrupt

    def strange(x, w, b):
        class Odd:
            __eq__ = __len__ = __iter__ = None

        return Odd()

    for fn in (leaves, interrupts, strange, lambda x, w, b: neuron_recursion(x, w, b)):
        result = q.check(fn)
        assert result.status in ("wrong", "error") and "fault of the course" not in result.message


def neuron_recursion(x, w, b):
    return neuron_recursion(x, w, b) + 1


def test_a_list_that_holds_itself_does_not_fill_the_memory():
    def grows_into_itself(tasks, partitions, partitioner):
        sent = [[] for _ in range(partitions)]
        for _ in tasks:
            sent[0] += sent
        return sent.items()

    result = exercise("distribution.shuffle").check(grows_into_itself)
    assert result.status == "error" and "Line" in result.message and "`return sent.items()`" in result.message
    assert numbers([(two := [1, 2]), two]).shape == (2, 2)  # the same list twice is another matter


def test_changes_to_an_answer_warn_nobody(recwarn):
    """`score(x)` becomes `None(x)` among others, which Python wonders about as it compiles it."""
    import ast

    from course_lib.exercises.judge.small_changes import become, variations

    def answer(score, x):
        return score(x)

    def to_none(node, names):
        if isinstance(node, ast.Name) and node.id == "score":
            yield lambda n: become(n, ast.Constant(None))

    assert [after for _, _, after, _ in variations(answer, to_none)] == ["None"] and not recwarn.list


# --- endless and slow -------------------------------------------------------------------------------------------


def endless(x, w, b):
    while True:
        pass


def stubborn(x, w, b):
    while True:
        try:
            sorted([3, 1, 2])
        except:  # noqa: E722
            pass


def doubly_stubborn(x, w, b):
    while True:
        try:
            try:
                sum(x)
            except BaseException:
                continue
            finally:
                len(w)
        except:  # noqa: E722
            continue


def sleeping(x, w, b):
    while True:
        time.sleep(0.01)


def computes(seconds):
    """Keep the processor busy for so long, whatever else it does meanwhile."""
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def run_on(*answers):
    """Those of these answers that some thread is still at."""
    at_work = {frame.f_code for frame in sys._current_frames().values()}
    return [answer for answer in answers if answer.__code__ in at_work]


@pytest.mark.parametrize("answer", [endless, stubborn, doubly_stubborn])
def test_an_endless_loop_is_stopped_at_its_budget_and_is_gone(q, answer):
    before = time.process_time()
    result = q.check(answer)
    assert result.status == "error" and "Stopped after 0.75 s: does the loop end?" in result.message
    assert time.process_time() - before < 0.75 + 1
    assert not run_on(answer)


def test_an_answer_that_sleeps_or_waits_is_stopped_by_the_wall(q, monkeypatch):
    monkeypatch.setattr(Budget.__init__, "__defaults__", (None, 0.3))
    result = q.check(sleeping)
    assert result.status == "error" and "does it sleep" in result.message and not run_on(sleeping)

    awake = threading.Event()
    result = q.check(lambda x, w, b: awake.wait())  # one long call into C, which no exception reaches
    assert result.status == "error" and "still runs in the background" in result.message
    awake.set()


@pytest.mark.parametrize("switch", [gc.enable, gc.disable])
def test_the_garbage_collector_takes_no_time_from_an_answer(q, switch):
    """It goes over all that the process holds, in the thread that made one object too many, and cannot be stopped."""
    answering, struck = [False], []

    def answer(x, w, b):
        answering[0] = True
        lists = [[i] for i in range(100_000)]  # each with one object more for the collector
        answering[0] = False
        return np.maximum(x @ w + b, 0) + 0 * len(lists)

    def watch(phase, info):
        struck.append(answering[0])

    was = gc.isenabled()
    switch()
    expected = gc.isenabled()
    gc.callbacks.append(watch)
    try:
        result = q.check(answer)
        assert gc.isenabled() == expected
    finally:
        gc.callbacks.remove(watch)
        gc.enable() if was else gc.disable()
    assert result.status == "right" and not any(struck)


def test_many_slow_calls_share_one_budget(q):
    def slow(x, w, b):
        computes(0.2)
        return np.maximum(x @ w + b, 0)

    result = q.check(slow)
    assert result.status == "error" and "too long" in result.message and "in call 4" in result.message


def test_many_waiting_calls_share_one_patience(q, monkeypatch):
    monkeypatch.setattr(Budget.__init__, "__defaults__", (None, 0.3))

    def waits(x, w, b):
        time.sleep(0.2)
        return np.maximum(x @ w + b, 0)

    result = q.check(waits)
    assert result.status == "error" and "does it sleep" in result.message


@pytest.fixture
def busy():
    """Eight processes that never rest, as on a machine that runs other suites."""
    others = [subprocess.Popen([sys.executable, "-S", "-c", "while True: pass"]) for _ in range(8)]
    yield
    for other in others:
        other.kill()
        other.wait()


def test_beside_eight_busy_processes_each_verdict_is_what_it_is_on_an_idle_machine(q, busy, monkeypatch):
    monkeypatch.setattr(q, "seconds", 0.15)

    def slow(x, w, b):
        computes(0.008)
        return np.maximum(x @ w + b, 0)

    def slip(x, w, b):
        z = x @ w - b
        return np.where(z < 0, 0, z)

    assert q.check(slow).status == "right"
    assert "look at `x @ w - b`" in q.check(slip).message
    for answer in (endless, stubborn):
        result = q.check(answer)
        assert result.status == "error" and "does the loop end?" in result.message
        assert "background" not in result.message and not run_on(answer)


def test_a_clock_that_runs_ten_times_too_fast_changes_no_verdict(monkeypatch):
    """On a shared host the processor's clock counts also what other machines were given."""
    thread_time, clock_gettime = time.thread_time, time.clock_gettime
    monkeypatch.setattr(time, "thread_time", lambda: 10 * thread_time())
    monkeypatch.setattr(time, "clock_gettime", lambda clock: 10 * clock_gettime(clock))

    def slow(x, w, b):
        return np.array([max(0.0, sum(float(a * c) for a, c in zip(row, w)) + b) for row in x])

    def slip(x, w, b):
        z = x @ w - b
        for _ in range(1000):
            z = z + 0
        return np.where(z < 0, 0, z)

    q = exercise("training.neuron")
    assert q.check(slow).status == "right"
    assert "look at `x @ w - b`" in q.check(slip).message
    assert "does the loop end?" in q.check(endless).message


def test_a_right_answer_may_take_many_times_what_the_reference_takes():
    def area(r):
        computes(0.02)
        return 3.0 * r**2

    def slower(r):
        computes(0.2)
        return 3.0 * r * r

    q = Exercise(area, [Case(f"radius {r}", float(r)) for r in range(1, 6)], id="test.area", prompt="Area")
    assert q.check(slower).status == "right"


def four_loops(x, w, b):
    for steps in range(4):
        while steps < 2:
            steps = steps + 1
        while steps < 4:
            steps = steps + 1
        while steps < 6:
            steps = steps + 1
        while steps < 8:
            steps = steps + 1
    return x @ w - 2 * b - steps


def test_three_changes_that_never_end_end_the_search(q, monkeypatch):
    outcomes, run = [], q.run
    monkeypatch.setattr(slips, "EACH", 0.05)
    monkeypatch.setattr(q, "run", lambda *args, **named: outcomes.append(run(*args, **named)) or outcomes[-1])
    assert q.check(four_loops).status == "wrong"
    assert sum(outcome.stopped is not None for outcome in outcomes) == slips.ENDLESS


def test_where_no_thread_can_read_anothers_clock_the_process_is_counted(q, monkeypatch):
    monkeypatch.delattr(time, "pthread_getcpuclockid", raising=False)  # macOS, Windows
    assert q.check(q.reference).status == "right"
    assert "does the loop end?" in q.check(endless).message


def test_works_outside_the_main_thread(q):
    results = []
    worker = threading.Thread(target=lambda: results.extend([q.check(q.reference), q.check(endless)]))
    worker.start()
    worker.join()
    assert [r.status for r in results] == ["right", "error"]


def test_a_stop_that_strikes_inside_a_destructor_is_not_reported_as_a_fault(q, monkeypatch):
    """Python hands what is raised in there to `sys.unraisablehook`; only what is not our own may arrive."""
    told = []
    monkeypatch.setattr(sys, "unraisablehook", told.append)

    class Last:
        def __del__(self):
            computes(0.01)

    class Broken:
        def __del__(self):
            raise KeyError("the learner's own")

    def destructors(x, w, b):
        Broken()
        while True:
            Last()
            computes(0.01)

    monkeypatch.setattr(q, "seconds", 0.1)
    result = q.check(destructors)
    assert result.status == "error" and "Stopped after" in result.message
    assert told and {args.exc_type for args in told} == {KeyError}


def test_without_threads_answers_are_judged_all_the_same(q, monkeypatch):
    def none(*_):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("_thread.start_new_thread", none)
    assert q.check(q.reference).status == "right"
    assert q.check(lambda x, w, b: x @ w + b).mistake == "no_activation"


def test_a_generator_is_no_list_and_is_not_run_through(q):
    def forever(x, w, b):
        while True:
            yield 1.0

    assert "returned a generator" in q.check(forever).message
    lazy = q.check(lambda x, w, b: (max(z, 0) for z in x @ w + b))
    assert lazy.status == "wrong" and "Make a list of it" in lazy.message and " at 0x" not in lazy.message
    assert "returned a dict_values" in q.check(lambda x, w, b: dict(enumerate(x @ w)).values()).message


# --- what must stay untouched -----------------------------------------------------------------------------------


def test_random_state_of_the_notebook_is_given_back(q):
    np.random.seed(1)
    random.seed(1)
    expected = np.random.rand(), random.random()
    np.random.seed(1)
    random.seed(1)

    def noisy(x, w, b):
        np.random.seed(99)
        return np.random.rand(len(x)) + random.random()

    q.check(noisy)
    assert (np.random.rand(), random.random()) == expected


def test_prints_and_warnings_are_caught(q, capsys, recwarn):
    def loud(x, w, b):
        import sys
        import warnings

        print("to the screen")
        print("to the other", file=sys.stderr)
        warnings.warn("careful", stacklevel=1)
        np.log(np.array([-1.0, 0.0]))
        return np.maximum(x @ w + b, 0)

    assert q.check(loud).status == "right"
    assert capsys.readouterr() == ("", "") and len(recwarn) == 0


def test_inputs_are_copies_and_changing_them_is_named_with_numbers(q):
    kept = [np.copy(v) for c in q.cases for v in c.args]

    def in_place(x, w, b):
        x *= w
        return np.maximum(x.sum(axis=1) + b, 0)

    result = q.check(in_place)
    assert result.status == "wrong" and "The result is right." in result.message
    assert "changes its argument `x`" in result.message and "before the call 1, after it 2" in result.message
    assert all(np.array_equal(a, b) for a, b in zip(kept, [v for c in q.cases for v in c.args]))


def test_may_mutate_allows_it():
    def add_one(x):
        """Add one in place."""
        x += 1
        return x

    cases = [Case("two", np.array([1.0, 2.0]))]
    assert (
        Exercise(add_one, cases, id="t.add", prompt="Add", may_mutate=True).check(lambda x: add_one(x)).status
        == "right"
    )
