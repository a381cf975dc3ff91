"""How Spark starts anywhere, what is told where it does not, and how it ends: with its kernel, or an executor alone."""

import json
import os
import pathlib
import platform
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time

import beside
import pytest
from patience import FAR
from spark_helpers import POSIX, Interrupting, gone, processes_of, started, until

from course_lib.distributed import spark
from course_lib.distributed.engines import Engines
from course_lib.distributed.spark import environment, gateway, java, running

PROGRAM = """
    import json, os, sys, time
    from course_lib.distributed import features, spark
    from course_lib.distributed.spark import environment, running

    sys.path.insert(0, "helpers")  # tasks find a module where it is found here
    import helper

    session = spark.session()
    sc = session.sparkContext
    from pyspark.sql import functions as F

    one = helper.one
    words = sc.parallelize(["b", "a", "b", "I", "b"], 3).map(lambda word: (word, one())).reduceByKey(lambda a, b: a + b)
    moment = F.date_format(F.timestamp_seconds(F.lit(0)), "EEEE yyyy-MM-dd HH")
    print(json.dumps({
        "rows": features.read_texts(session).count(),
        "words": sorted(words.collect()),
        "one partition for a key": len(words.map(lambda pair: pair[0]).distinct().collect()),
        "words and times": session.range(1).select(moment, F.lower(F.lit("I")), F.format_number(F.lit(1e3), 1)).first(),
        "who and where": session.sql("SELECT current_user(), current_timezone()").first(),
        "in a task": sc.parallelize([0], 1).map(lambda _: [time.strftime("%Z"), open(__file__).encoding]).first(),
        "master": sc.master,
    }))
    print(json.dumps([os.environ.get("SPARK_REMOTE"), environment.has_a_name(), str(running.current().folder)]))
    print(*[process.pid for process in spark.processes()], flush=True)
    input()
"""
EXPECTED = {
    "rows": 5000,
    "words": [["I", 1], ["a", 1], ["b", 3]],
    "one partition for a key": 3,
    "words and times": ["Thursday 1970-01-01 00", "i", "1,000.0"],
    "who and where": ["course", "UTC"],
    "in a task": ["UTC", "UTF-8"],
    "master": "local[2]",
}
FOREIGN = {
    # another Hadoop, another Java
    "HADOOP_CONF_DIR": "foreign", "YARN_CONF_DIR": "foreign", "HIVE_CONF_DIR": "foreign", "HADOOP_HOME": "foreign",
    "HADOOP_OPTS": "-Dno=1", "HADOOP_USER_NAME": "hdfs", "KRB5_CONFIG": "foreign", "CLASSPATH": "foreign",
    "JAVA_TOOL_OPTIONS": "-Xmx1k", "_JAVA_OPTIONS": "-Dspark.master=yarn", "JDK_JAVA_OPTIONS": "-no-such-option",
    # another Spark
    "MASTER": "yarn", "SPARK_MASTER": "yarn", "SPARK_MASTER_HOST": "10.255.255.1", "SPARK_HOME": "/opt/spark",
    "SPARK_CONF_DIR": "foreign", "SPARK_LOCAL_IP": "10.255.255.1", "SPARK_LOCAL_HOSTNAME": "no.such.host",
    "SPARK_PUBLIC_DNS": "no.such.host", "SPARK_LOCAL_DIRS": "/proc/none", "SPARK_WORKER_DIR": "/proc/none",
    "SPARK_DIST_CLASSPATH": "foreign", "SPARK_SUBMIT_OPTS": "-no-such-option", "SPARK_LAUNCHER_OPTS": "-no-such-option",
    "SPARK_TESTING": "1", "SPARK_PREPEND_CLASSES": "1", "SPARK_USER": "hdfs", "SPARK_SCALA_VERSION": "1.0",
    "SPARK_REMOTE": "sc://10.255.255.1", "SPARK_CONNECT_MODE": "1", "SPARK_CONNECT_MODE_ENABLED": "1",
    "SPARK_API_MODE": "connect", "SPARK_PREFER_IPV6": "true", "SPARK_BUFFER_SIZE": "none", "SPARK_DAEMON_MEMORY": "1k",
    "PYSPARK_PYTHON": "/bin/false", "PYSPARK_DRIVER_PYTHON": "jupyter", "PYSPARK_DRIVER_PYTHON_OPTS": "notebook",
    "PYSPARK_SUBMIT_ARGS": "--master yarn pyspark-shell", "PYSPARK_GATEWAY_PORT": "1", "PYSPARK_GATEWAY_SECRET": "x",
    "PYSPARK_PIN_THREAD": "false", "PYSPARK_UDS_MODE": "true",
    # another Python, another country, a proxy, no home
    "PYTHONHASHSEED": "random", "PYTHONPATH": "foreign", "PYTHONSTARTUP": "foreign/start.py", "PYTHONOPTIMIZE": "1",
    "TZ": "Asia/Kolkata", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "HOME": "/nowhere",
    "http_proxy": "http://10.255.255.1:1", "https_proxy": "http://10.255.255.1:1", "ALL_PROXY": "http://10.255.255.1:1",
}  # fmt: skip
FILES = {
    "helpers/helper.py": "def one():\n    return 1\n",
    "foreign/core-site.xml": "<configuration><property><name>fs.defaultFS</name><value>hdfs://10.255.255.1:9</value>"
    "</property></configuration>",
    "foreign/spark-defaults.conf": "spark.master yarn\nspark.sql.session.timeZone Asia/Tokyo\n",
    "foreign/spark-env.sh": "exit 3\n",
    "foreign/start.py": "raise SystemExit(3)\n",
    "foreign/pyspark/__init__.py": "raise ImportError('another PySpark')\n",
    "foreign/py4j/__init__.py": "raise ImportError('another py4j')\n",
}
NAMELESS = ["unshare", "--user", "--map-user=12345"]  # what follows runs under a user id that has no name


def can_be_nameless():
    return (
        shutil.which("unshare") is not None and subprocess.run([*NAMELESS, "true"], capture_output=True).returncode == 0
    )


def test_nothing_of_the_surroundings_changes_a_result_and_spark_dies_silently_with_a_kernel_that_is_killed(tmp_path):
    """The settings of other clusters, Sparks, Javas and Pythons all at once, and a user id that has no name."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "program.py").write_text(textwrap.dedent(PROGRAM), encoding="utf-8")
    nameless = can_be_nameless()
    with subprocess.Popen(
        [*(NAMELESS if nameless else []), sys.executable, "program.py"],
        cwd=tmp_path,
        env={**os.environ, **FOREIGN},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as kernel:
        told = kernel.stdout.readline()
        assert told, kernel.stderr.read()
        assert json.loads(told) == EXPECTED
        remote, has_a_name, folder = json.loads(kernel.stdout.readline())
        assert remote is None and has_a_name is not nameless  # what PySpark reads here is set aside while it runs
        below = processes_of(kernel.stdout.readline())
        kernel.kill()
        assert kernel.communicate(timeout=FAR)[1] == ""
    assert gone(below) and not pathlib.Path(folder).exists()


PACKAGED = """
    from course_lib.distributed import spark
    from course_lib.distributed.spark import java, running
    java._executables = lambda: iter([])
    print(sum(spark.context().parallelize(range(5)).map(lambda x: x * x).collect()), running.current().folder)
    print(*[process.pid for process in spark.processes()], flush=True)
"""


@pytest.mark.skipif(
    (sys.platform, platform.machine()) != ("linux", "x86_64"), reason="the packaged Java was tried on Linux, x86_64"
)
def test_the_java_of_a_python_package_runs_spark_which_ends_with_python():
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(PACKAGED)], capture_output=True, encoding="utf-8", timeout=FAR
    )
    result, pids = done.stdout.splitlines()
    thirty, folder = result.split()
    assert (thirty, done.stderr) == ("30", "") and gone(processes_of(pids)) and not pathlib.Path(folder).exists()


def test_what_is_set_aside_comes_back_and_what_pyspark_sets_goes(monkeypatch):
    spark.stop()
    monkeypatch.setenv("SPARK_HOME", "/opt/spark")
    monkeypatch.setenv("PYTHONHASHSEED", "random")
    before = dict(os.environ)
    aside = environment.SetAside()
    assert not [name for name in os.environ if name.startswith("SPARK_")] and "PYTHONHASHSEED" not in os.environ
    os.environ["SPARK_BUFFER_SIZE"] = "65536"  # as PySpark does
    aside.put_back()
    assert dict(os.environ) == before


def test_equal_keys_meet_whatever_seed_this_python_has(monkeypatch):
    for ours, workers in [("7", "7"), ("random", "0"), ("", "0")]:
        monkeypatch.setenv("PYTHONHASHSEED", ours)
        assert environment.hash_seed() == workers


def test_java_starts_where_the_folder_of_work_has_been_removed(tmp_path, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert gateway.folder_of_work(tmp_path) == str(tmp_path)


# --- a start that fails -----------------------------------------------------------------------------------------------


def stand_in(monkeypatch, tmp_path, script):
    """A shell script in the place of Java."""
    spark.stop()
    java_file = tmp_path / "bin" / "java"
    java_file.parent.mkdir()
    java_file.write_text(f"#!/bin/sh\n{script}\n")
    java_file.chmod(0o755)
    monkeypatch.setattr(java, "find", lambda folder: java.Java(str(tmp_path), 17))


@POSIX
@pytest.mark.parametrize(
    "script, said",
    [
        ("echo out of order; exit 7", r"exit code 7(?s:.*)It said:\nout of order"),
        ("echo the reason; seq 1000; exit 1", r"It said:\nthe reason\n1\n(?s:.*)\n…\n(?s:.*)1000$"),
        ("exit 0", "exit code 0"),
        ("kill -SEGV $$", "exit code -11"),
        ("echo thinking; exec sleep 600", r"not up after 1 seconds(?s:.*)thinking"),
    ],
    ids=["says why", "says much", "says nothing", "crashes", "hangs"],
)
def test_a_java_that_does_not_come_up_is_told_each_time_and_leaves_nothing(monkeypatch, tmp_path, script, said):
    stand_in(monkeypatch, tmp_path, script)
    monkeypatch.setattr(running, "PATIENCE", 1)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for _ in range(2):
        with pytest.raises(RuntimeError, match=f"Spark did not start: (?s:.*){said}"):
            spark.context()
        assert spark.processes() == [] and spark.log() == "" and not list(tmp_path.glob("course-spark-*"))


@POSIX
def test_a_limit_of_open_files_that_is_too_low_is_named(monkeypatch, tmp_path):
    import resource

    stand_in(monkeypatch, tmp_path, "exit 1")
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (64, 256))
    with pytest.raises(RuntimeError, match="only 256 files here(?s:.*)ulimit"):
        spark.context()
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (64, 4096))  # Java raises the first by itself
    with pytest.raises(RuntimeError) as problem:
        spark.context()
    assert "files" not in str(problem.value)


@POSIX
def test_an_interrupt_of_a_start_leaves_nothing_and_the_next_one_begins_anew(
    monkeypatch, tmp_path, no_garbage_collected
):
    stand_in(monkeypatch, tmp_path, "exec sleep 600")
    for _ in range(2):
        with Interrupting(spark.processes, 1), pytest.raises(KeyboardInterrupt):
            spark.context()
        assert spark.processes() == [] and signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_executors_for_a_user_without_a_name_are_refused_with_a_way_out(monkeypatch):
    """Hadoop asks the system who runs it, and an executor cannot be told."""
    spark.stop()
    monkeypatch.setattr(environment, "has_a_name", lambda: False)
    with pytest.raises(RuntimeError, match=r"no entry in the password file(?s:.*)local\[2\]"):
        spark.context("local-cluster[2,1,512]")


def test_a_place_for_files_that_is_missing_is_told(monkeypatch, tmp_path):
    spark.stop()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(RuntimeError, match="Spark did not start: .*No such file"):
        spark.context()


def test_what_java_has_against_a_setting_is_told_and_the_next_start_is_free_of_it():
    spark.stop()
    with pytest.raises(RuntimeError, match="Spark did not start: (?s:.*)Executor memory 1024 must be at least"):
        started(conf={"spark.executor.memory": "1k"})
    assert spark.processes() == []


# --- a machine is lost ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cluster():
    """Two cells in a row say `engines = Engines()`, and the second one is asked for Spark."""
    spark.stop()
    started_by = Engines(), Engines()
    if any(engines.why_not for engines in started_by):
        started("local-cluster[2,1,512]")  # fails, or is skipped with the remedy
    yield started_by
    spark.stop()


def test_two_that_start_spark_at_once_share_one(cluster):
    first, second = cluster
    assert second["PySpark"] is first["PySpark"] and second.session() is first.session()
    javas = [process for process in spark.processes() if process.name().startswith("java")]
    assert len(javas) == 1 + 2 and len(spark.executors()) == 2


def test_executors_write_nothing_beside_the_code(cluster):
    assert not (pathlib.Path(str(gateway.pyspark().__file__)).parent / "work").exists()


def test_the_options_that_java_gets_are_those_that_this_spark_asks_for(cluster):
    asked = cluster[0]["PySpark"]._jvm.org.apache.spark.launcher.JavaModuleOptions.defaultModuleOptionArray()
    assert set(gateway.OPTIONS) == set(asked) - {java.MISSING_MODULE}


@pytest.mark.beside(
    "5",
    "lost partitions are computed again",
    "an executor of a local cluster, killed in the middle of a job",
    "the job ends, and ends right",
)
def test_an_executor_killed_in_the_middle_of_a_job_costs_time_and_nothing_else(cluster, tmp_path):
    sc = cluster[0]["PySpark"]
    until(lambda: len(spark.executors()) == 2)
    everything = spark.processes()

    def job(marks):
        """Forty elements in eight partitions; from the fifth partition on, they wait until the executor is dead."""

        def slow(x):
            (marks / f"{x}-{os.getpid()}").touch()
            while x >= 20 and not (marks / "dead").exists():
                time.sleep(0.01)
            return x % 5, x

        marks.mkdir()
        return sc.parallelize(range(40), 8).map(slow).reduceByKey(lambda a, b: a + b)

    def begun_late(marks):
        return len([name for name in os.listdir(marks) if int(name.split("-")[0]) >= 20])

    marks = tmp_path / "first"
    answers, squares = [], job(marks)
    at_work = threading.Thread(target=lambda: answers.append(dict(squares.collect())), daemon=True)
    at_work.start()
    until(lambda: begun_late(marks) == 2)  # both wait: four tasks are done, two are half done, two have not begun
    killed = spark.kill_executor()
    (marks / "dead").touch()
    at_work.join(timeout=FAR)
    assert answers == [{key: sum(range(key, 40, 5)) for key in range(5)}]
    assert killed.pid in {process.pid for process in everything} and spark.has_ended(killed)
    computed = [name.split("-")[0] for name in os.listdir(marks) if name != "dead"]
    assert len(set(computed)) == 40 < len(computed)  # all elements, and some of them twice
    beside.counted(40, "elements, one executor of two killed, the right sums")

    until(lambda: len(spark.executors()) == 2)  # the cluster has started another one,
    spark.wait_for_executors(2)  # which gets tasks as soon as the driver knows of it
    everything += spark.processes()
    marks = tmp_path / "second"
    again = job(marks)
    with spark.watch(sc) as seen, spark.killing(sc, after=3) as dead:
        waker = threading.Thread(target=lambda: (until(lambda: dead), (marks / "dead").touch()))
        waker.start()
        assert dict(again.collect()) == answers[0]
        waker.join()
    runs = seen.jobs[0].runs
    assert len(dead) == 1 and spark.has_ended(dead[0])
    assert {(run.stage, run.task) for run in runs if run.ok} == {(stage, task) for stage in (0, 1) for task in range(8)}
    assert len(runs) > 16 and runs[0].start == 0 and all(run.seconds >= 0 for run in runs)
    spark.stop()
    assert gone(everything)
