"""PySpark for a notebook: started once and quietly, stopped with the kernel, and asked how often it shuffled.

    session = spark.session()                    # the first call starts Java: some seconds
    sc = session.sparkContext
    with spark.watch(sc) as seen:
        sc.parallelize(range(10)).map(lambda x: (x % 3, x)).reduceByKey(max).collect()
    seen.jobs                                    # stages, skipped stages and tasks of each job

Everything that Java says goes to a file, and all other files into a temporary folder, removed at the end.
"""

import atexit
import contextlib
import itertools
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import namedtuple
from pathlib import Path

from course_lib.distributed import java

CONF = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "1g",
    "spark.sql.shuffle.partitions": "2",  # 200 by default, which is for a cluster
    "spark.driver.extraJavaOptions": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",  # a short life: start fast
    "spark.executor.extraJavaOptions": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
}
FOREIGN = ("PYSPARK_SUBMIT_ARGS", "PYSPARK_GATEWAY_PORT", "SPARK_REMOTE", "SPARK_CONNECT_MODE_ENABLED")

_running = None


class _Running:
    """A started session and what belongs to it."""

    def __init__(self, master, conf):
        self.master, self.conf = master, conf
        self.folder = Path(tempfile.mkdtemp(prefix="course-spark-"))
        self.log = self.folder / "spark.log"
        self.interrupt = signal.getsignal(signal.SIGINT)
        self.gateway = self.context = None

    def start(self):
        from pyspark import SparkConf, SparkContext
        from pyspark.java_gateway import launch_gateway

        if SparkContext._active_spark_context is not None:
            raise RuntimeError(
                "Another SparkContext runs in this kernel, which spark.session() did not start. Stop it first: "
                "SparkContext.getOrCreate().stop()."
            )
        SparkContext._gateway = SparkContext._jvm = None  # of a context that is stopped already
        conf = SparkConf().setMaster(self.master).setAppName("course")
        places = {
            "spark.sql.warehouse.dir": self.folder.as_uri() + "/warehouse",
            "spark.executorEnv.PYTHONPATH": _here(),
        }
        for name, value in {**CONF, **places, **self.conf}.items():
            conf.set(name, value)
        with _environment(self.folder), open(self.log, "wb") as log:
            self.gateway = launch_gateway(conf, {"stdout": log, "stderr": subprocess.STDOUT})
            self.context = SparkContext(conf=conf, gateway=self.gateway)
        jvm = self.gateway.jvm  # where Python is killed, Java ends by itself, and takes the folder with it
        jvm.org.apache.spark.util.ShutdownHookManager.registerShutdownDeleteDir(jvm.java.io.File(str(self.folder)))

    def session(self):
        """The session on the context. Made when it is asked for: its classes take Java some seconds to load."""
        from pyspark.sql import SparkSession

        return SparkSession.builder.getOrCreate()

    @property
    def alive(self):
        return self.context._jsc is not None and self.gateway.proc.poll() is None

    def stop(self, orderly=True):
        """End all processes. Orderly takes a second or two, which a kernel that shuts down is not given."""
        from pyspark import SparkContext
        from pyspark.sql import SparkSession

        if self.gateway is not None:
            below = _tree(self.gateway.proc.pid)
            with contextlib.suppress(Exception):  # Java may be gone already; what matters is that it is, at the end
                if orderly:
                    (SparkSession._instantiatedSession or self.context).stop()
                    self.gateway.shutdown()
                else:  # else they would print that Java hung up: PySpark's listener, and py4j's garbage collector
                    self.context._accumulatorServer.shutdown()
                    self.gateway._gateway_client.is_connected = False
            _end(below)
            self.gateway.proc.wait()
            SparkContext._gateway = SparkContext._jvm = SparkContext._active_spark_context = None
        if threading.current_thread() is threading.main_thread() and callable(self.interrupt):
            signal.signal(signal.SIGINT, self.interrupt)  # PySpark had put its own there
        shutil.rmtree(self.folder, ignore_errors=True)


def session(master=None, conf=None):
    """The SparkSession on the running `context`; the first call starts both, with the same arguments."""
    context(master, conf)
    return _running.session()


def context(master=None, conf=None):
    """The running SparkContext; the first call starts it.

    master: "local[2]" (left out) runs in one Java process with two threads, "local-cluster[2,1,1024]" starts two
    executors of one core and 1,024 MB as processes of their own. conf: further settings of Spark, as a dict.
    Raises JavaMissing where there is no Java, with what to do about it.
    """
    global _running
    if _running is not None and not _running.alive:
        stop()
    if _running is not None:
        asked = master or _running.master, {**_running.conf, **(conf or {})}
        if asked != (_running.master, _running.conf):
            raise RuntimeError(
                f"A Spark session on {_running.master} with {_running.conf} is running; it cannot become one on "
                f"{asked[0]} with {asked[1]}. Call spark.stop() first."
            )
        return _running.context
    starting = _Running(master or "local[2]", conf or {})
    try:
        starting.start()
    except BaseException as error:
        why = str(error)  # an error of Java's is asked of Java, which lives a moment longer
        said = starting.log.read_text(encoding="utf-8", errors="replace") if starting.log.exists() else ""
        starting.stop()
        if said and isinstance(error, Exception):
            tail = "\n".join(said.splitlines()[-15:])
            raise RuntimeError(f"Spark did not start: {why}. The last lines that it said:\n{tail}") from error
        raise
    _running = starting
    return _running.context


def stop(orderly=True):
    """End the session and its processes. Called by itself when Python ends."""
    global _running
    if _running is not None:
        ending, _running = _running, None
        ending.stop(orderly)


atexit.register(stop, orderly=False)


def log():
    """What Java has said since the start of the session."""
    return _running.log.read_text(encoding="utf-8", errors="replace") if _running else ""


def _here():
    """The folder from which course_lib is imported: the executors' Python looks there, too."""
    return str(Path(__file__).resolve().parents[2])


@contextlib.contextmanager
def _environment(folder):
    """The variables that Spark reads when it starts; afterwards they are as they were."""
    import pyspark

    wanted = {
        "JAVA_HOME": java.find(folder),
        "SPARK_HOME": str(Path(pyspark.__file__).parent),  # not another Spark that is installed here
        "SPARK_CONF_DIR": str(folder),
        "SPARK_LOCAL_DIRS": str(folder / "local"),
        "SPARK_WORKER_DIR": str(folder / "work"),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
    }
    before = dict(os.environ)
    for name in FOREIGN:
        os.environ.pop(name, None)
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name in (*FOREIGN, *wanted):
            os.environ.pop(name, None)
            if name in before:
                os.environ[name] = before[name]


# --- processes --------------------------------------------------------------------------------------------------------


def _tree(pid):
    """A process and all below it."""
    import psutil

    with contextlib.suppress(psutil.NoSuchProcess):
        top = psutil.Process(pid)
        return [top, *top.children(recursive=True)]
    return []


def _end(processes, patience=10):
    """Kill processes and wait until they are gone."""
    import psutil

    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    begun = time.monotonic()
    while not all(map(has_ended, processes)) and time.monotonic() - begun < patience:
        time.sleep(0.02)


def has_ended(process):
    """Whether a process is gone, or dead and waits for its parent to take note (in a container that may be long)."""
    import psutil

    with contextlib.suppress(psutil.NoSuchProcess):
        return process.status() == psutil.STATUS_ZOMBIE
    return True


def processes():
    """The processes of the session, as psutil shows them: Java first, then executors and Python workers."""
    return _tree(_running.gateway.proc.pid) if _running else []


def executors():
    """The executors' processes in a local-cluster; in local mode there are none, the driver's Java does it all."""
    import psutil

    found = []
    for process in processes():
        with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            if any("CoarseGrainedExecutorBackend" in word for word in process.cmdline()):
                found.append(process)
    return found


def kill_executor(number=0):
    """Kill an executor of a local-cluster in whatever it is doing. Returns its process."""
    found = executors()
    if not found:
        raise RuntimeError(
            "There is no executor to kill: in local mode the driver does all the work. Start one with "
            'spark.session("local-cluster[2,1,1024]").'
        )
    found[number].kill()
    return found[number]


def wait_for_executors(count, patience=60):
    """Wait until so many executors have told the driver that they are there, at most `patience` seconds: Spark also
    works with those that it has."""
    infos = _running.context._jsc.sc().statusTracker().getExecutorInfos
    begun = time.monotonic()
    while len(infos()) <= count and time.monotonic() - begun < patience:  # the driver is one of those listed
        time.sleep(0.1)


@contextlib.contextmanager
def killing(sc, after, number=0):
    """`with killing(sc, after=3):` an executor dies in the block as soon as a stage has completed so many tasks."""
    over, killed = threading.Event(), []

    def watch_and_kill():
        tracker = sc.statusTracker()
        while not over.wait(0.02):
            infos = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
            if any(info.numCompletedTasks >= after for info in infos if info):
                killed.append(kill_executor(number))
                return

    killer = threading.Thread(target=watch_and_kill, daemon=True)
    killer.start()
    try:
        yield killed
    finally:
        over.set()
        killer.join()
    if not killed:
        raise RuntimeError(f"No stage had completed {after} tasks and was still at work: the job was over too soon.")


# --- what Spark did ---------------------------------------------------------------------------------------------------


def count_shuffles(rdd):
    """How many shuffles lie between the data and this RDD, counted in the graph that Spark itself keeps of it."""
    seen, shuffles, todo = set(), set(), [rdd._jrdd.rdd()]
    while todo:
        node = todo.pop()
        if node.id() in seen:
            continue
        seen.add(node.id())
        dependencies = node.dependencies()
        for i in range(dependencies.size()):
            dependency = dependencies.apply(i)
            if dependency.getClass().getSimpleName() == "ShuffleDependency":
                shuffles.add(dependency.shuffleId())
            todo.append(dependency.rdd())
    return len(shuffles)


def plan(frame):
    """The physical plan of a DataFrame as `explain` prints it, less what differs from run to run and from disk to disk.

    Read it from the bottom: each line takes what the line below it, one step to the right, hands up. An `Exchange` is
    a shuffle.
    """
    chosen = frame._jdf.queryExecution().executedPlan()
    if chosen.getClass().getSimpleName() == "AdaptiveSparkPlanExec":  # it changes while it runs
        chosen = chosen.initialPlan()
    text = chosen.toString()
    text = re.sub(r"#\d+L?|,? ?\[?plan_id=\d+\]?", "", text)
    text = re.sub(r"(FileScan \w+ \[[^\]]*\]).*", r"\1", text)
    return text.strip()


class Job:
    """What one job of Spark did.

    stages: all it rests on; stages_run: those that had tasks, the others were skipped. tasks: how many were completed.
    shuffled_bytes: written for shuffles, compressed as Spark does. runs: a `Run` for each attempt at a task.
    """

    def __init__(self, number, stages, stages_run, tasks, shuffled_bytes=0, runs=()):
        self.number, self.stages, self.stages_run, self.tasks = number, stages, stages_run, tasks
        self.shuffled_bytes, self.runs = shuffled_bytes, list(runs)

    def __repr__(self):
        skipped = self.stages - self.stages_run
        return f"<job {self.number}: {self.stages} stages, {skipped} skipped, {self.tasks} tasks>"


Run = namedtuple("Run", "stage task attempt executor start seconds ok")
Run.__doc__ = """One attempt at a task: stage and task count from 0 in the job, start in seconds since its first run."""


class watch:
    """`with watch(sc) as seen:` afterwards `seen.jobs` holds a `Job` for each that ran in the block, as Spark says."""

    _numbers = itertools.count()

    def __init__(self, sc):
        self.sc, self.group, self.jobs = sc, f"watched {next(self._numbers)}", []

    def __enter__(self):
        self.sc.setJobGroup(self.group, "watched")
        return self

    def __exit__(self, *_):
        self.sc.setLocalProperty("spark.jobGroup.id", None)
        self.sc._jsc.sc().listenerBus().waitUntilEmpty()  # the tracker hears of things a little later
        tracker, store = self.sc.statusTracker(), self.sc._jsc.sc().statusStore()
        for number in sorted(tracker.getJobIdsForGroup(self.group)):
            stages = sorted(tracker.getJobInfo(number).stageIds)
            infos = [tracker.getStageInfo(stage) for stage in stages]
            done = [info.numCompletedTasks if info else 0 for info in infos]
            ran = [(i, stage) for i, stage in enumerate(stages) if done[i]]
            attempts = [(i, attempt) for i, stage in ran for attempt in _attempts(store, stage)]
            written = sum(attempt.shuffleWriteBytes() for _, attempt in attempts)
            job = Job(number, len(stages), len(ran), sum(done), written, _runs(store, attempts))
            self.jobs.append(job)


def _attempts(store, stage):
    """What Spark noted of each time that it ran a stage."""
    last = store.lastStageAttempt(stage).attemptId()
    return [store.stageAttempt(stage, number, False, None, False, None)._1() for number in range(last + 1)]


def _runs(store, attempts):
    found = []
    for stage, one in attempts:
        listed = store.taskList(one.stageId(), one.attemptId(), 10_000)
        for task in (listed.apply(i) for i in range(listed.size())):
            start, took = task.launchTime().getTime(), task.duration()
            seconds = took.get() / 1000 if took.isDefined() else 0.0
            ok = task.status() == "SUCCESS"
            found.append(Run(stage, task.index(), task.attempt(), task.executorId(), start, seconds, ok))
    first = min((run.start for run in found), default=0)
    return sorted((run._replace(start=(run.start - first) / 1000) for run in found), key=lambda run: run.start)
