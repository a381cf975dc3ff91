"""Both engines under one roof, and what a lesson does on a machine without Java."""

import pathlib

import pytest
from IPython.core.interactiveshell import InteractiveShell

from course_lib.distributed import engines, rdd
from course_lib.distributed.engines import Engines, count_shuffles, watch
from course_lib.distributed.spark import java
from course_lib.tools.build import source

ROOT = pathlib.Path(__file__).resolve().parents[1]


@pytest.fixture
def no_java(monkeypatch):
    monkeypatch.setattr(java, "_executables", lambda: iter([]))
    monkeypatch.setattr(java, "from_package", lambda folder: None)


@pytest.fixture
def shell(monkeypatch):
    made = InteractiveShell()
    monkeypatch.setattr("IPython.get_ipython", lambda: made)
    return made


def test_without_java_there_is_one_engine_and_it_is_said_what_to_install(no_java, capsys):
    both = Engines()
    said = capsys.readouterr().out
    assert "Spark needs Java 17 or later" in said and "openjdk" in said and "runs on the mini-RDD alone" in said
    assert dict(both) == {"mini-RDD": both.mini} and len(both) == 1 and both.start_seconds is None
    with pytest.raises(KeyError):
        both["PySpark"]


def test_a_spark_cell_says_that_it_did_not_run_and_does_nothing(no_java, shell, capsys):
    for _ in range(2):  # running the first cell again changes nothing
        both = Engines()
    capsys.readouterr()
    assert shell.run_cell("%%spark\nmarked = 1 / 0").success
    assert capsys.readouterr().out == both.why_not + "\n"
    assert "marked" not in shell.user_ns
    assert shell.run_cell("marked = 2").success and shell.user_ns["marked"] == 2


def test_a_spark_cell_is_an_ordinary_cell_where_spark_runs(shell):
    class Running:
        why_not = ""

    engines.register(Running(), shell)
    assert shell.run_cell("%%spark\nmarked = 3\nmarked").result == 3
    failed = shell.run_cell("%%spark\n1 / 0")
    assert isinstance(failed.error_in_exec, ZeroDivisionError)
    assert failed.error_in_exec.__traceback__.tb_next.tb_lineno == 2  # lines are counted as in the cell


def test_a_start_that_fails_says_why_once_and_the_small_rdd_takes_over(monkeypatch, shell, capsys):
    def broken(master, conf):
        raise RuntimeError("Spark did not start: for a test")

    monkeypatch.setattr(java, "find", lambda folder: java.Java("/somewhere", 17))
    monkeypatch.setattr(engines.spark, "context", broken)
    for _ in range(2):  # it can be tried again, and says it again
        both = Engines()
        assert dict(both) == {"mini-RDD": both.mini}
        said = capsys.readouterr().out
        assert said.count("for a test") == 1 and "Engines()" in said and "mini-RDD alone" in said
        assert shell.run_cell("%%spark\nmarked = 1 / 0").success
        assert capsys.readouterr().out == both.why_not + "\n" and "marked" not in shell.user_ns
        with pytest.raises(KeyError):
            both["PySpark"]
        with pytest.raises(RuntimeError, match="once more"):
            both.session()


def test_watch_shows_the_jobs_of_the_block_alone():
    sc = rdd.Context()
    pairs = sc.parallelize(range(6)).map(lambda x: (x % 2, x))
    pairs.count()
    with watch(sc) as seen:
        sums = pairs.reduceByKey(lambda a, b: a + b)
        sums.collect(), sums.count()
    pairs.count()
    assert [job.number for job in seen.jobs] == [1, 2] and count_shuffles(sums) == 1


def test_the_lesson_runs_without_java_on_the_small_rdd_and_says_so(no_java, shell, capsys, monkeypatch):
    (lesson,) = source.choose(source.lessons(ROOT), ["5.2"])
    monkeypatch.chdir(ROOT / "lessons" / "5_distribution")
    ran, skipped = 0, 0
    for cell in lesson.cells:
        if cell.cell_type == "code":
            capsys.readouterr()
            result = shell.run_cell(cell.source, silent=False)
            assert result.success, f"{cell.source}\n{result.error_in_exec or result.error_before_exec}"
            if cell.source.startswith("%%spark"):
                skipped += 1
                assert capsys.readouterr().out.startswith("Not run here: this cell is for Spark")
            else:
                ran += 1
                assert "PySpark  " not in capsys.readouterr().out
    assert skipped >= 10 and ran >= 20
    assert shell.user_ns["results"].keys() == {"mini-RDD"}
