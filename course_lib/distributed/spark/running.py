"""The one session of this kernel: started once, whoever asks, and stopped with the kernel.

Everything that Java says goes to a file, and all other files into a temporary folder, removed at the end.
"""

import atexit
import contextlib
import shlex
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from course_lib.distributed.spark import environment, gateway, interrupt, java, tree

if TYPE_CHECKING:
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

CONF = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.host": environment.LOCAL,
    "spark.driver.bindAddress": environment.LOCAL,
    "spark.driver.memory": "1g",
    "spark.sql.shuffle.partitions": "2",  # 200 by default, which is for a cluster
    "spark.sql.session.timeZone": "UTC",  # a time reads the same on each machine
    "spark.python.task.killTimeout": "500ms",  # an interrupted task is waited for so long, then its Python is killed
    "spark.shuffle.mapStatus.compression.codec": "lz4",  # zstd unpacks a library into the temporary folder, to run it
}
PATIENCE = 180  # seconds until a start is given up: a busy machine is slow, and a Java that hangs hangs for ever

_lock = threading.RLock()  # a start takes seconds; who asks meanwhile, waits for it
_session_lock = threading.RLock()  # the same for what DataFrames need; RDDs do not wait for that
_running: "Running | None" = None


class Running:
    """A session that starts or runs, and what belongs to it."""

    def __init__(self, master: str, conf: dict[str, str]) -> None:
        self.master, self.conf = master, conf
        self.folder = Path(tempfile.mkdtemp(prefix="course-spark-"))
        self.log = self.folder / "spark.log"
        self.java: gateway.Java | None = None
        self._gateway: Any = None
        self._context: SparkContext | None = None
        self._cells: interrupt.WatchCells | None = None
        self._set_aside = environment.SetAside()

    @property
    def context(self) -> "SparkContext":
        assert self._context is not None  # it has been started
        return self._context

    def start(self) -> None:
        pyspark = gateway.pyspark()
        from pyspark import SparkConf, SparkContext

        if SparkContext._active_spark_context is not None:
            raise gateway.NotStarted(
                "another SparkContext runs in this kernel, which spark.session() did not start. Stop it first: "
                "SparkContext.getOrCreate().stop()"
            )
        if self.master.startswith("local-cluster") and not environment.has_a_name():
            raise gateway.NotStarted(environment.NAMELESS)
        SparkContext._gateway = SparkContext._jvm = None  # of a context that is stopped already
        home, spark = java.find(self.folder).home, gateway.spark_home(Path(str(pyspark.__file__)).parent, self.folder)
        settings = {
            **CONF,
            "spark.master": self.master,
            "spark.app.name": "course",
            "spark.sql.warehouse.dir": self.folder.as_uri() + "/warehouse",
            "spark.executor.extraJavaOptions": gateway.quoted(gateway.java_options(self.folder)),
            **self.conf,
        }
        options = [f"-Xmx{settings['spark.driver.memory']}"]
        options += shlex.split(settings.get("spark.driver.extraJavaOptions", ""))  # this Java is the driver
        env = environment.for_java(home, spark, self.folder)
        handler = signal.getsignal(signal.SIGINT)
        self.java = gateway.launch(home, spark, self.folder, self.log, options, env)
        with _given_up_after(PATIENCE, self.java):
            self._gateway = self.java.connect()
            users = self._gateway.jvm.org.apache.hadoop.security.UserGroupInformation
            users.setLoginUser(users.createRemoteUser(environment.USER))  # the system may have no name for us
            conf = SparkConf(loadDefaults=False, _jvm=self._gateway.jvm)
            for name, value in settings.items():
                conf.set(name, value)
            self._context = SparkContext(conf=conf, gateway=self._gateway)
        if threading.current_thread() is threading.main_thread() and callable(handler):
            signal.signal(signal.SIGINT, handler)  # PySpark's own waits for Java on the line that is waited on already
        self.context.pythonExec = env["PYSPARK_PYTHON"]
        self.context.environment["PYTHONHASHSEED"] = env["PYTHONHASHSEED"]
        jvm = self._gateway.jvm  # where Python is killed, Java ends by itself, and takes the folder with it
        jvm.org.apache.spark.util.ShutdownHookManager.registerShutdownDeleteDir(jvm.java.io.File(str(self.folder)))
        interrupt.watch_waits(self._gateway, self.context)
        self._cells = interrupt.WatchCells(self.context)

    def session(self) -> "SparkSession":
        """The session on the context. Made when it is asked for: its classes take Java some seconds to load."""
        from pyspark.sql import SparkSession

        made: SparkSession = SparkSession.builder.getOrCreate()
        return made

    @property
    def alive(self) -> bool:
        return self.java is not None and self.java.alive() and self.context._jsc is not None

    def said(self) -> str:
        """What Java has said since it was started."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def said_by_executors(self) -> str:
        """What the executor of a local-cluster has said that was started last."""
        files = sorted(self.folder.glob("spark/work/*/*/stderr"), key=lambda path: path.stat().st_mtime)
        return files[-1].read_text(encoding="utf-8", errors="replace") if files else ""

    def processes(self) -> list[psutil.Process]:
        return tree.below(self.java.process.pid) if self.java is not None else []

    def stop(self, orderly: bool = True) -> None:
        """End all processes. Orderly takes a second or two, which a kernel that shuts down is not given."""
        if self.java is not None:
            below = self.processes()
            with contextlib.suppress(Exception):  # Java may be gone already; what matters is that it is, at the end
                self._hang_up(orderly)
            tree.end(below)
            self.java.let_go()
            from pyspark import SparkContext

            SparkContext._gateway = SparkContext._jvm = SparkContext._active_spark_context = None
        if self._cells is not None:
            self._cells.stop()
        self._set_aside.put_back()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _hang_up(self, orderly: bool) -> None:
        from pyspark.sql import SparkSession

        if orderly:
            (SparkSession._instantiatedSession or self.context).stop()
            self._gateway.shutdown()
        else:  # else they would print that Java hung up: PySpark's listener, and py4j's garbage collector
            self._gateway._gateway_client.is_connected = False
            self.context._accumulatorServer.shutdown()


@contextlib.contextmanager
def _given_up_after(seconds: float, starting: gateway.Java) -> Iterator[None]:
    """Kill Java if the block takes longer; then it raises NotStarted."""
    late = threading.Event()

    def give_up() -> None:
        late.set()
        starting.process.kill()

    timer = threading.Timer(seconds, give_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    except Exception as error:
        if late.is_set():
            raise gateway.NotStarted(f"it was not up after {seconds:g} seconds, and was given up") from error
        raise
    finally:
        timer.cancel()
        timer.join()


def session(master: str | None = None, conf: dict[str, str] | None = None) -> "SparkSession":
    """The SparkSession on the running `context`; the first call starts both, with the same arguments."""
    with _session_lock:
        context(master, conf)
        return current().session()


def context(master: str | None = None, conf: dict[str, str] | None = None) -> "SparkContext":
    """The running SparkContext; the first call starts it, and others wait meanwhile.

    master: "local[2]" (left out) runs in one Java process with two threads, "local-cluster[2,1,1024]" starts two
    executors of one core and 1,024 MB as processes of their own. conf: further settings of Spark, as a dict.
    Raises JavaMissing where there is no Java, with what to do about it, and RuntimeError with what Java
    said where Spark does not start. Both can be tried again.
    """
    global _running
    with _lock:
        if _running is not None and not _running.alive:
            stop()
        if _running is None:
            _start(master or "local[2]", conf or {})
        running = current()
        asked = master or running.master, {**running.conf, **(conf or {})}
        if asked != (running.master, running.conf):
            raise RuntimeError(
                f"A Spark session on {running.master} with {running.conf} is running; it cannot become one on "
                f"{asked[0]} with {asked[1]}. Call spark.stop() first."
            )
        return running.context


def _start(master: str, conf: dict[str, str]) -> None:
    """Start, or clear away and tell why not."""
    global _running
    try:
        _running = Running(master, conf)
        _running.start()
    except BaseException as error:
        why = str(error) or type(error).__name__  # an error of Java's is asked of Java, which lives a moment longer
        said = shortened(log())
        stop(orderly=False)
        if isinstance(error, java.JavaMissing) or not isinstance(error, Exception):
            raise
        words = f" It said:\n{said}" if said else ""
        raise RuntimeError(f"Spark did not start: {why.rstrip('.')}.{environment.few_files()}{words}") from error


def shortened(said: str) -> str:
    """The first and the last lines: the reason stands in the first, and where it came to an end in the last."""
    lines = said.splitlines()
    return "\n".join(lines if len(lines) <= 15 else [*lines[:6], "…", *lines[-8:]])


def stop(orderly: bool = True) -> None:
    """End the session and its processes. Called by itself when Python ends."""
    global _running
    with _lock:
        if _running is not None:
            ending, _running = _running, None
            ending.stop(orderly)


def current() -> Running:
    """What runs, or RuntimeError."""
    if _running is None:
        raise RuntimeError("No Spark session runs. Start one with spark.session().")
    return _running


def processes() -> list[psutil.Process]:
    """Java and all below it; none where no session runs."""
    return _running.processes() if _running else []


def log() -> str:
    """What Java has said since the start of the session; "" where none runs."""
    return _running.said() if _running else ""


@atexit.register
def _stop_with_python() -> None:
    if _running is not None:  # without the lock: a start may hold it, and it is not waited for
        _running.stop(orderly=False)
