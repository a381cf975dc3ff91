"""What Spark, Hadoop and the Pythons they start read of their surroundings: what is named here, and nothing else.

A machine may be set up for another cluster, another Spark, another Python; dozens of variables tell these programs so.
They are not removed one by one: Java is given an environment of its own, made of what it needs, and it hands this on to
executors and Python workers. PySpark in this process reads variables too; those are set aside while a session runs.
"""

import os
import sys
from pathlib import Path

from course_lib import place

# Of our own variables only those without which a program, or this Python, does not start.
NEEDED = ["PATH", "HOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "PYTHONHOME"]
if os.name == "nt":  # Hadoop needs a few programs there, which are found by HADOOP_HOME
    NEEDED += ["SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "USERPROFILE", "HADOOP_HOME"]

USER = "course"  # instead of the system's name for us, which a container may not have
LOCAL = "127.0.0.1"  # the name of this machine need not resolve
SET_ASIDE = ("SPARK_", "PYSPARK_")  # the beginnings of what PySpark reads in this process


def few_files(needed: int = 1024) -> str:
    """A further sentence where the system lets a process open few files, as in some containers; else ""."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return ""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)  # Java takes all that it may
    if most == resource.RLIM_INFINITY or most >= needed:
        return ""
    return (
        f" A process may open only {most} files here, and Spark opens some {needed:,}: raise that limit "
        f"(`ulimit -Hn`, or that of the container), and start Jupyter anew."
    )


def plain() -> dict[str, str]:
    """The variables without which a program does not start."""
    return {"PATH": os.defpath, **{name: os.environ[name] for name in NEEDED if name in os.environ}}


def for_java(home: str, spark: str, folder: Path) -> dict[str, str]:
    """All variables that Java gets, and from it executors and Python workers.

    home: of Java; spark: of Spark; folder: for everything that is written.
    """
    return {
        **plain(),
        "JAVA_HOME": home,
        "SPARK_HOME": spark,
        "SPARK_SCALA_VERSION": _scala(spark),
        "SPARK_CONF_DIR": str(folder),
        "SPARK_LOCAL_DIRS": str(folder / "local"),
        "TMPDIR": str(folder),
        "TEMP": str(folder),
        "TMP": str(folder),
        "SPARK_LOCAL_IP": LOCAL,
        "SPARK_LOCAL_HOSTNAME": LOCAL,
        "SPARK_USER": USER,
        "HADOOP_USER_NAME": USER,
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
        "PYTHONPATH": os.pathsep.join(_found_here()),
        "PYTHONHASHSEED": hash_seed(),
        "OPENBLAS_NUM_THREADS": "1",  # each core has its worker
        "LC_ALL": "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8",
        "TZ": "UTC",
    }


def _scala(spark: str) -> str:
    """The version of Scala that this Spark is built with; its executors ask for it. It stands in its files' names."""
    (core,) = Path(spark, "jars").glob("spark-core_*.jar")
    return core.name.split("_")[1].split("-")[0]


def hash_seed() -> str:
    """The seed of `hash` for all workers: equal keys must meet, whichever of them computed the hash."""
    ours = os.environ.get("PYTHONHASHSEED", "")
    return ours if ours.isdigit() else "0"


def _found_here() -> list[str]:
    """Where this Python looks for modules, so that the workers' find the same; and this library's own place."""
    looked = [os.path.abspath(place) for place in sys.path if os.path.exists(place or os.curdir)]
    return list(dict.fromkeys([*looked, str(place.HOME)]))


NAMELESS = (
    "the user id of this process has no entry in the password file, and executors ask the system for its name. "
    'spark.session("local[2]") does without executors. In a container of your own, give the id a line in /etc/passwd'
)


def has_a_name() -> bool:
    """Whether the system has a name for the user that we run as; in a container with any user id it often has none."""
    if os.name != "posix":
        return True
    import pwd

    try:
        pwd.getpwuid(os.getuid())
    except KeyError:
        return False
    return True


class SetAside:
    """`SetAside()` takes from `os.environ` what PySpark would read here; `put_back()` afterwards."""

    def __init__(self) -> None:
        self._taken = {name: value for name, value in os.environ.items() if _foreign(name, value)}
        for name in self._taken:
            del os.environ[name]

    def put_back(self) -> None:
        """What was taken comes back, and what PySpark has set for itself goes."""
        for name in [name for name in os.environ if name.startswith(SET_ASIDE)]:
            del os.environ[name]
        os.environ.update(self._taken)
        self._taken = {}


def _foreign(name: str, value: str) -> bool:
    # PySpark takes any PYTHONHASHSEED as a promise that `hash` of a string is the same everywhere.
    return name.startswith(SET_ASIDE) or (name == "PYTHONHASHSEED" and not value.isdigit())
