"""The small RDD and PySpark side by side, on a machine with Java and on one without.

    engines = Engines()                     # Spark starts in the background, or it is said why it cannot
    for name, sc in engines.items():        # "mini-RDD" first; "PySpark" where Spark runs
        with watch(sc) as seen:
            counts = sc.parallelize(range(9), 3).map(lambda x: (x % 2, 1)).reduceByKey(lambda a, b: a + b)
            print(name, counts.collect(), count_shuffles(counts), seen.jobs)

In a notebook, a cell whose first line is `%%spark` runs only where Spark does; elsewhere it prints one line.
"""

import contextlib
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

from course_lib.distributed import rdd, spark
from course_lib.distributed.spark import java

EXECUTORS = 2
CLUSTER = f"local-cluster[{EXECUTORS},1,512]"  # beside the driver two processes, one core and 512 MB each
CONF = {"spark.executor.memory": "512m"}
MAGIC = "%%spark"
AGAIN = "Run the cell with Engines() once more to try it again."


class Engines(Mapping[str, Any]):
    """{"mini-RDD": Context, "PySpark": SparkContext}, the second only where Spark runs.

    Spark starts in the background. Who asks for it, for the list of engines, or runs a `%%spark` cell, waits for it.
    Where it does not start, the reason is printed once, and what follows is as where there is no Java: the mini-RDD is
    the only engine, and cells for Spark say that they did not run.

    mini: the first of them, without waiting for the other. why_not: one sentence where Spark does not run, else "".
    start_seconds: what the start of Spark with its executors took, once it is over.
    """

    def __init__(self, master: str = CLUSTER, conf: dict[str, str] = CONF) -> None:
        self.mini, self._asked = rdd.Context(2), (master, conf)
        self.start_seconds: float | None = None
        self._why_not, self._reason = "", ""  # the reason is what is still to be printed
        self._up = threading.Event()
        self._start = threading.Thread(target=self._begin, daemon=True)
        try:
            with tempfile.TemporaryDirectory() as folder:
                java.find(folder)
        except java.JavaMissing as missing:
            self._why_not = "Not run here: this cell is for Spark, and Spark needs Java."
            print(missing)
            print("Until then the lesson runs on the mini-RDD alone, and cells for Spark say that they did not run.")
            self._up.set()
        else:
            self._start.start()
            print("Spark is starting in the background.")
        register(self)

    def _begin(self) -> None:
        began = time.perf_counter()
        try:
            spark.context(*self._asked)
            spark.wait_for_executors(EXECUTORS if self._asked[0] == CLUSTER else 0)
            self.start_seconds = time.perf_counter() - began
        except Exception as error:  # is told to the first who asks: here nobody would see it
            self._why_not = "Not run here: this cell is for Spark, and Spark did not start."
            self._reason = f"{error}\nUntil it does, the lesson runs on the mini-RDD alone. {AGAIN}"
            return
        finally:
            self._up.set()  # RDDs need no more than this
        with contextlib.suppress(Exception):  # it is raised where a session is asked for
            spark.session()  # for DataFrames, beside the first cells that use RDDs

    @property
    def why_not(self) -> str:
        self._up.wait()
        if self._reason:
            reason, self._reason = self._reason, ""
            print(reason)
        return self._why_not

    def __iter__(self) -> Iterator[str]:
        yield "mini-RDD"
        if not self.why_not:
            yield "PySpark"

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __getitem__(self, name: str) -> Any:
        if name == "mini-RDD":
            return self.mini
        if name == "PySpark" and not self.why_not:
            return spark.context(*self._asked)
        raise KeyError(name)

    def session(self) -> Any:
        """The SparkSession, once it has started. Raises RuntimeError where it has not."""
        if self.why_not:
            raise RuntimeError(f"{self.why_not} {AGAIN}")
        return spark.session(*self._asked)


def count_shuffles(made: Any) -> int:
    """How many shuffles an RDD of either engine rests on."""
    return rdd.count_shuffles(made) if isinstance(made, rdd.RDD) else spark.count_shuffles(made)


@contextlib.contextmanager
def watch(sc: Any) -> Iterator[Any]:
    """`with watch(sc) as seen:` afterwards `seen.jobs` holds what the engine says about each job of the block."""
    if not isinstance(sc, rdd.Context):
        with spark.watch(sc) as watched:
            yield watched
        return
    seen, before = SimpleNamespace(jobs=[]), len(sc.jobs)
    try:
        yield seen
    finally:
        seen.jobs += sc.jobs[before:]


def register(engines: Engines, shell: Any = None) -> None:
    """Give the running notebook its `%%spark`."""
    if shell is None:
        try:
            from IPython import get_ipython
        except ImportError:
            return
        shell = get_ipython()
    if shell is None:
        return

    def only_on_spark(lines: list[str]) -> list[str]:
        if not lines or lines[0].strip() != MAGIC:
            return lines
        return [f"print({engines.why_not!r})\n"] if engines.why_not else ["\n", *lines[1:]]

    known = shell.input_transformers_cleanup
    known[:] = [one for one in known if getattr(one, "__name__", "") != only_on_spark.__name__] + [only_on_spark]
