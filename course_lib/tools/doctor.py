"""`course doctor`: what is missing on this machine, and the exact command that mends it.

Only what every lesson needs is a fault. Java (chapter 5), Chinese letters, a free port 8888 and a browser for the tests
are worth a warning. The doctor itself needs nothing but Python.
"""

import importlib.metadata
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile

from course_lib import place
from course_lib.distributed.spark import java as spark_java
from course_lib.parity.engine import QUIET
from course_lib.text.words import counted, one_line

PYTHON = (3, 11), (3, 14)  # from, below
PORT = 8888
PATIENCE = 180  # seconds for an import in a fresh process
WORDS = {"ok": "ok", "warn": "warning", "bad": "MISSING"}
REINSTALL = f'"{sys.executable}" -m pip install --require-hashes -r requirements.lock'


class Finding:
    """One line of the report: `level` ok, warn or bad; what was looked at; what was found; how to mend it."""

    def __init__(self, level, name, found, remedy=""):
        self.level, self.name, self.found, self.remedy = level, name, found, remedy

    def __str__(self):
        line = f"{WORDS[self.level]:8} {self.name:14} {self.found}"
        return line + (f"\n{'':24}{self.remedy}" if self.remedy else "")


def per_platform(linux, mac, windows):
    """The remedy for the platform we are on."""
    return {"darwin": mac, "win32": windows}.get(sys.platform, linux)


def examine(say=print):
    """Look at everything and print it. Returns 1 when something needed is missing, else 0."""
    findings = []
    for look in LOOKS:
        findings.append(look())
        say(findings[-1])
    bad, warned = (sum(f.level == level for f in findings) for level in ("bad", "warn"))
    if bad:
        say(f"\n{counted(bad, 'needed thing is', 'needed things are')} missing: see the lines that begin with MISSING.")
    else:
        say(f"\nAll that the lessons need is here.{' ' + counted(warned, 'remark') + ' above.' if warned else ''}")
    return int(bool(bad))


# --- what is looked at ------------------------------------------------------------------------------------------------


def python(version=None):
    version = tuple(version or sys.version_info[:3])
    found = ".".join(map(str, version))
    if sys.flags.optimize > 1:
        found = f"{found}, started without docstrings (-OO or PYTHONOPTIMIZE=2), which JupyterLab and exercises read"
        return Finding("bad", "Python", found, "Start it without, and remove the variable PYTHONOPTIMIZE.")
    if PYTHON[0] <= version[:2] < PYTHON[1]:
        return Finding("ok", "Python", found)
    return Finding(
        "bad",
        "Python",
        f"{found}; the course runs on 3.11, 3.12 and 3.13",
        per_platform(
            "sudo apt-get install python3.12 python3.12-venv (or: conda create -n from-scratch python=3.12)",
            "brew install python@3.12",
            "winget install Python.Python.3.12",
        ),
    )


def package(name, module=None, patience=PATIENCE):
    """A look at one package: imported in a fresh process, with version and seconds."""

    def look():
        program = (
            f"from time import perf_counter as now; start = now(); import {module or name} as m; "
            "print(m.__version__, round(now() - start, 1))"
        )
        remedy = f"{REINSTALL}    (in the course's folder; or let `nox -s lab` make a whole environment)"
        try:
            done = subprocess.run(
                [sys.executable, "-c", program],
                capture_output=True,
                text=True,
                timeout=patience,
                env={**os.environ, **QUIET},
                encoding="utf-8",
                errors="replace",
            )
        except subprocess.TimeoutExpired:
            return Finding(
                "bad",
                name,
                f"the import did not end within {patience} s",
                "Try once more: a first import reads the whole package from the disk. If it stays so, install it anew: "
                + remedy,
            )
        if done.returncode:
            said = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
            if done.returncode < 0 or "DLL load failed" in said or "Illegal instruction" in said:
                remedy = per_platform(
                    "It was built for another processor (AVX is needed). Use another machine, Binder or Colab.",
                    'Use an arm64 Python: `python -c "import platform; print(platform.machine())"` must say arm64.',
                    "winget install Microsoft.VCRedist.2015+.x64, then once more.",
                )
            return Finding("bad", name, f"cannot be imported: {said}", remedy)
        version, seconds = done.stdout.split()[-2:]
        return Finding("ok", name, f"{version}, imported in {seconds} s")

    return look


def lock():
    """The installed versions against `requirements.lock`."""
    try:
        path = place.root() / "requirements.lock"
    except place.CourseNotFound:
        path = None
    if path is None or not path.exists():
        return Finding("warn", "versions", "requirements.lock is not here, so they were not compared")
    pinned = pins(path.read_text(encoding="utf-8"))
    other = []
    for name, versions in sorted(pinned.items()):
        try:
            have = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # not every package of the lock is for this platform; the needed ones are imported above
        if have not in versions:
            other.append(f"{name} {have} (locked: {' or '.join(sorted(versions))})")
    if other:
        return Finding(
            "warn",
            "versions",
            f"{counted(len(other), 'differs', 'differ')} from requirements.lock: {', '.join(other)}",
            f"{REINSTALL}",
        )
    return Finding("ok", "versions", "as in requirements.lock")


def pins(text):
    """{package: {versions}} of a lock file; a package may have one version for each platform."""
    found = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", text, re.MULTILINE):
        found.setdefault(name, set()).add(version)
    return found


def fonts():
    try:
        import matplotlib.font_manager as manager
    except ImportError:
        return Finding("bad", "fonts", "Matplotlib is not here, so there are none for figures", REINSTALL)
    families = {font.name for font in manager.fontManager.ttflist}
    if "DejaVu Sans" not in families:
        return Finding(
            "bad",
            "fonts",
            "DejaVu Sans, which comes with Matplotlib, is not found",
            f'"{sys.executable}" -m pip install --force-reinstall --no-deps matplotlib',
        )
    chinese = re.compile(
        "CJK|PingFang|Hiragino|Heiti|Songti|YaHei|SimHei|SimSun|WenQuanYi|Source Han|"
        "Droid Sans Fallback|AR PL|Arial Unicode"
    )
    if not any(chinese.search(family) for family in families):
        return Finding(
            "warn",
            "fonts",
            "DejaVu Sans is here; none has Chinese letters, which stand beside some terms (as boxes, then)",
            per_platform(
                "sudo apt-get install fonts-noto-cjk",
                "brew install --cask font-noto-sans-cjk-sc",
                "Settings > Time & Language > Language > add Chinese (Simplified)",
            ),
        )
    return Finding("ok", "fonts", "DejaVu Sans, and one with Chinese letters")


def java():
    """The Java that Spark would take."""
    with tempfile.TemporaryDirectory(prefix="course-doctor-") as folder:
        try:
            found = spark_java.find(folder)
        except spark_java.JavaMissing as missing:
            said = f"{missing.found}; Spark (lesson 5.2) needs Java {spark_java.OLDEST} or later, the rest does not"
            return Finding("warn", "Java", said, missing.remedy)
    return Finding("ok", "Java", f"{found.version} in {found.home}")


START_SPARK = """
from course_lib.distributed import engines, spark
spark.context(engines.CLUSTER, engines.CONF)
spark.wait_for_executors(engines.EXECUTORS)
"""


def spark(start=START_SPARK):
    """Does Spark start here, as lesson 5.2 starts it? It is really started, and stopped."""
    remedy = "Lesson 5.2 runs all the same, on the course's own mini-RDD."
    try:
        done = subprocess.run(
            [sys.executable, "-c", start],
            capture_output=True,
            timeout=2 * PATIENCE,
            env={**os.environ, **QUIET},
            encoding="utf-8",
            errors="replace",
        )
    except subprocess.TimeoutExpired:
        return Finding("warn", "Spark", f"was not up after {2 * PATIENCE} s", remedy)
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        last = (i for i in reversed(range(len(said))) if said[i].startswith(("RuntimeError", "course_lib")))
        at = next(last, len(said) - 1)  # the error that came out, not those that it came from
        reason = said[at].partition(": ")[2] or said[at]
        if reason.endswith(":"):  # what Java said follows; its reason stands in its first line
            reason = " ".join([reason, *said[at + 1 : at + 2]])
        return Finding("warn", "Spark", one_line(reason, 600), remedy)
    return Finding("ok", "Spark", "starts, with two executors")


def port(wanted=PORT):
    """JupyterLab's usual port, and the next free one when it is taken."""
    free = next((p for p in range(wanted, wanted + 50) if _free(p)), None)
    if free == wanted:
        return Finding("ok", "port", f"{wanted} is free")
    if free is None:
        return Finding("warn", "port", f"none of {wanted} to {wanted + 49} is free", "course lab --port <another>")
    return Finding("warn", "port", f"{wanted} is taken; JupyterLab will take the next one", f"course lab --port {free}")


def _free(number):
    with socket.socket() as sock:
        try:
            sock.bind(("127.0.0.1", number))
        except OSError:
            return False
        return True


def browser():
    from course_lib.tools.browser import find

    if path := find():
        return Finding("ok", "browser", f"{path} (for the tests)")
    return Finding(
        "warn",
        "browser",
        "no Chromium; only the browser tests need one, and are skipped",
        per_platform(
            "sudo apt-get install chromium", "brew install --cask google-chrome", "winget install Google.Chrome"
        ),
    )


def folder():
    """Can notebooks be saved where they are?"""
    try:
        root = place.root()
    except place.CourseNotFound:
        return Finding("warn", "folder", "there are no notebooks around; only the library is here")
    if place.writable(root):
        return Finding("ok", "folder", f"{root} can be written")
    return Finding(
        "warn",
        "folder",
        f"{root} cannot be written: notebooks open and run, and are not saved",
        "Copy the course to a folder of your own, or save your notebooks elsewhere.",
    )


def progress():
    """Can what is solved be written down?"""
    from course_lib.exercises import progress

    path = progress.path()
    if path is None:
        return Finding("warn", "progress", "COURSE_PROGRESS is off: nothing is kept")
    if not place.writable(path.parent):
        return Finding(
            "bad",
            "progress",
            f"{path} cannot be written",
            "Point the environment variable COURSE_PROGRESS at a file that you may write, or set it to off.",
        )
    there = next(
        folder for folder in path.parents if folder.exists()
    )  # in a fresh copy its own folder is still to come
    free = shutil.disk_usage(there).free / 1e6
    if free < 100:
        return Finding(
            "warn",
            "progress",
            f"only {free:.0f} MB are free on the disk of {path}",
            "Make room: notebooks and progress are saved there.",
        )
    return Finding("ok", "progress", f"{pathlib.Path(path)} can be written, {free / 1e3:.0f} GB free")


LOOKS = (
    python,
    package("NumPy", "numpy"),
    package("Matplotlib", "matplotlib"),
    package("JupyterLab", "jupyterlab"),
    package("anywidget"),
    package("TensorFlow", "tensorflow"),
    package("Keras", "keras"),
    lock,
    fonts,
    java,
    spark,
    port,
    browser,
    folder,
    progress,
)
