"""Java started for PySpark, and the line to it.

Not by Spark's own scripts: those need bash, start Java twice, read `spark-env.sh` and `spark-defaults.conf`, and
prepare downloads in a home folder that need not exist. What they start in the end is `PythonGatewayServer`; so do we.
"""

import importlib
import importlib.metadata
import os
import shlex
import struct
import subprocess
import sys
import time
import warnings
from pathlib import Path
from types import ModuleType
from typing import Any

# What Spark 4 asks of Java, as in its `JavaModuleOptions`. `jdk.incubator.vector` is left out: it does without.
OPENED = (
    "java.base/java.lang java.base/java.lang.invoke java.base/java.lang.reflect java.base/java.io java.base/java.net "
    "java.base/java.nio java.base/java.util java.base/java.util.concurrent java.base/java.util.concurrent.atomic "
    "java.base/jdk.internal.ref java.base/sun.nio.ch java.base/sun.nio.cs java.base/sun.security.action "
    "java.base/sun.util.calendar java.security.jgss/sun.security.krb5"
).split()
OPTIONS = [
    "-XX:+IgnoreUnrecognizedVMOptions",
    *(f"--add-opens={package}=ALL-UNNAMED" for package in OPENED),
    "-Dio.netty.tryReflectionSetAccessible=true",
    "-Dio.netty.allocator.type=pooled",
    "-Dio.netty.handler.ssl.defaultEndpointVerificationAlgorithm=NONE",
    "--sun-misc-unsafe-memory-access=allow",
    "--enable-native-access=ALL-UNNAMED",
]


class NotStarted(RuntimeError):
    """Java did not come up; the message says what it did."""


def java_options(folder: Path) -> list[str]:
    """Options of every Java here, driver and executors: quick to start, and the same on each machine."""
    return [
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",  # a short life: start fast
        "-XX:-UsePerfData",  # a file in /tmp
        f"-XX:ErrorFile={folder / 'java-crash.log'}",
        "-XX:-CreateCoredumpOnCrash",
        f"-Djava.io.tmpdir={folder}",
        f"-Duser.home={folder}",
        "-Duser.name=course",
        "-Duser.language=en",
        "-Duser.country=US",
        "-Duser.timezone=UTC",
        "-Dfile.encoding=UTF-8",
        "-Djava.net.preferIPv4Stack=true",
    ]


def quoted(options: list[str]) -> str:
    """Options in one line, as `spark.executor.extraJavaOptions` takes them."""
    return " ".join(map(shlex.quote, options))


def pyspark() -> ModuleType:
    """PySpark as it is installed for this Python, also where PYTHONPATH names another Spark's before it."""
    warnings.filterwarnings("ignore", category=FutureWarning, module=r"pyspark\.testing")  # on pandas, unasked
    installed = Path(str(importlib.metadata.distribution("pyspark").locate_file("pyspark")))
    here = str(installed.parent)
    sys.path.insert(0, here)
    try:
        found = importlib.import_module("pyspark")
    finally:
        sys.path.remove(here)
    if not os.path.samefile(Path(str(found.__file__)).parent, installed):
        raise NotStarted(
            f"another PySpark is imported in this kernel ({found.__file__}); the course's is in {installed}. Restart "
            "the kernel, and run this first."
        )
    return found


def spark_home(installed: Path, folder: Path) -> str:
    """A home for Spark in `folder`: executors write into a folder of it, and where PySpark is may be read-only."""
    if os.name == "nt":  # where links need a permission
        return str(installed)
    home = folder / "spark"
    home.mkdir()
    for name in ("jars", "python"):
        (home / name).symlink_to(installed / name)
    return str(home)


def launch(home: str, spark: str, folder: Path, log: Path, options: list[str], env: dict[str, str]) -> "Java":
    """Start Java. What it says goes to the file `log`."""
    program = Path(home, "bin", "java.exe" if os.name == "nt" else "java")
    jars = os.pathsep.join([str(folder), str(Path(spark, "jars", "*"))])
    main = "org.apache.spark.api.python.PythonGatewayServer"
    told = folder / "gateway"
    with open(log, "wb") as said:
        process = subprocess.Popen(
            [str(program), "-cp", jars, *OPTIONS, *java_options(folder), *options, main],
            env={**env, "_PYSPARK_DRIVER_CONN_INFO_PATH": str(told)},
            cwd=folder_of_work(folder),
            stdin=subprocess.PIPE,  # it ends when this is closed, as by our own end
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=os.name == "posix",  # Ctrl-C, and what ends a kernel's group, is ours alone
        )
    return Java(process, told)


def folder_of_work(folder: Path) -> str:
    """Ours, since programs name files from there; Java does not start in one that has been removed."""
    try:
        return os.getcwd()
    except FileNotFoundError:
        return str(folder)


class Java:
    """The process, and the gateway to it once it is up."""

    def __init__(self, process: "subprocess.Popen[bytes]", told: Path) -> None:
        self.process, self._told = process, told

    def connect(self) -> Any:
        """Wait until it has written where it listens, and connect PySpark with it. Raises NotStarted where it ends."""
        while not self._told.exists():
            if self.process.poll() is not None:
                raise NotStarted(f"Java ended while it started (exit code {self.process.returncode})")
            time.sleep(0.02)
        data = self._told.read_bytes()
        port, length = struct.unpack_from("!ii", data)
        from pyspark.java_gateway import launch_gateway

        os.environ["PYSPARK_GATEWAY_PORT"] = str(port)
        os.environ["PYSPARK_GATEWAY_SECRET"] = data[8 : 8 + length].decode()
        try:
            gateway = launch_gateway()  # type: ignore[no-untyped-call]
        finally:
            del os.environ["PYSPARK_GATEWAY_PORT"], os.environ["PYSPARK_GATEWAY_SECRET"]
        return gateway

    def alive(self) -> bool:
        return self.process.poll() is None

    def let_go(self) -> None:
        """Take note of its end."""
        self.process.wait()
        if self.process.stdin is not None:
            self.process.stdin.close()
