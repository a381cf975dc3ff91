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
from collections.abc import Mapping
from types import SimpleNamespace

from course_lib.distributed import java, rdd, spark

EXECUTORS = 2
CLUSTER = f"local-cluster[{EXECUTORS},1,512]"  # beside the driver two processes, one core and 512 MB each
CONF = {"spark.executor.memory": "512m"}
MAGIC = "%%spark"


class Engines(Mapping):
    """{"mini-RDD": Context, "PySpark": SparkContext}, the second only where there is a Java for it.

    mini: the first of them, without waiting for the other. why_not: one sentence where Spark cannot run, else "".
    start_seconds: what the start of Spark with its executors took, once it is over.
    """

    def __init__(self, master=CLUSTER, conf=CONF):
        self.mini, self.why_not, self._error, self.start_seconds = rdd.Context(2), "", None, None
        self._up = threading.Event()
        self._start = threading.Thread(target=self._begin, args=(master, conf), daemon=True)
        try:
            with tempfile.TemporaryDirectory() as folder:
                java.find(folder)
        except java.JavaMissing as missing:
            self.why_not = "Not run here: this cell is for Spark, and Spark needs Java."
            print(missing)
            print("Until then the lesson runs on the mini-RDD alone, and cells for Spark say that they did not run.")
        else:
            self._start.start()
            print("Spark is starting in the background.")
        register(self)

    def _begin(self, master, conf):
        began = time.perf_counter()
        try:
            spark.context(master, conf)
            spark.wait_for_executors(EXECUTORS if master == CLUSTER else 0)
            self.start_seconds = time.perf_counter() - began
            self._up.set()  # RDDs need no more than this
            spark.session()  # for DataFrames, beside the first cells that use RDDs
        except Exception as error:  # raised where somebody asks for Spark
            self._error = error
        self._up.set()

    def __iter__(self):
        yield "mini-RDD"
        if not self.why_not:
            yield "PySpark"

    def __len__(self):
        return len(list(iter(self)))

    def __getitem__(self, name):
        if name == "mini-RDD":
            return self.mini
        if name == "PySpark" and not self.why_not:
            self._up.wait()
            if self._error is not None:
                raise self._error
            return spark.context()
        raise KeyError(name)

    def session(self):
        """The SparkSession, once it has started."""
        self._start.join()
        if self._error is not None:
            raise self._error
        return spark.session()


def count_shuffles(made):
    """How many shuffles an RDD of either engine rests on."""
    return (rdd if isinstance(made, rdd.RDD) else spark).count_shuffles(made)


@contextlib.contextmanager
def watch(sc):
    """`with watch(sc) as seen:` afterwards `seen.jobs` holds what the engine says about each job of the block."""
    if not isinstance(sc, rdd.Context):
        with spark.watch(sc) as seen:
            yield seen
        return
    seen, before = SimpleNamespace(jobs=[]), len(sc.jobs)
    try:
        yield seen
    finally:
        seen.jobs += sc.jobs[before:]


def register(engines, shell=None):
    """Give the running notebook its `%%spark`."""
    if shell is None:
        try:
            from IPython import get_ipython
        except ImportError:
            return
        shell = get_ipython()
    if shell is None:
        return

    def only_on_spark(lines):
        if not lines or lines[0].strip() != MAGIC:
            return lines
        return [f"print({engines.why_not!r})\n"] if engines.why_not else ["\n", *lines[1:]]

    known = shell.input_transformers_cleanup
    known[:] = [one for one in known if getattr(one, "__name__", "") != only_on_spark.__name__] + [only_on_spark]
