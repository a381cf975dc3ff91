"""The project's tasks. `nox -s lab` opens the course, `nox -s tests` runs every test, `nox -l` lists the rest."""

import json
import pathlib
import re
import tomllib

import nox

nox.needs_version = ">=2025.5.1"
nox.options.default_venv_backend = "uv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["lab"]

LOCK = "requirements.lock"
NOTEBOOKS = ("notebooks", "exercises", "solutions")

# What differs most from one machine to the next in the last digits: how many threads share a matrix product, and with
# which instructions NumPy, its BLAS and TensorFlow compute. These are an older processor's.
ELSEWHERE = {
    "OPENBLAS_NUM_THREADS": "2",
    "OPENBLAS_CORETYPE": "Sandybridge",
    "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR",
    "TF_NUM_INTRAOP_THREADS": "1",
}


def install(session):
    """The locked packages, checked against their hashes and compiled to bytecode, then the course itself."""
    session.install("--require-hashes", "--compile-bytecode", "-r", LOCK)
    session.install("--no-deps", "--editable", ".")
    session.run("python", "-m", "compileall", "-q", "course_lib", silent=True)


def chosen(session):
    """The notebooks that were named, else all lessons."""
    return session.posargs or sorted(map(str, pathlib.Path("notebooks").glob("*/*.ipynb")))


def succeeds(session, *command, **how):
    """Whether a command does: its failure keeps no other part from being run."""
    try:
        session.run(*command, **how)
    except nox.command.CommandFailed:
        return False
    return True


@nox.session
def lab(session):
    """Open the course in JupyterLab at its start page."""
    install(session)
    session.run("course", "lab", *session.posargs)


@nox.session
def tests(session):
    """Run every test: library, parity with Keras, exercises, notebooks, browser."""
    install(session)
    session.run("course", "doctor")
    if session.posargs:
        session.run("pytest", *session.posargs)
        return
    # Two files at a time, the longest first (`conftest.py` has their order): the cells of a notebook and the tests of a
    # file share what they have made. One run: no failure keeps another from being seen.
    session.run("pytest", "--numprocesses=2", "--dist=loadfile", "--no-loadscope-reorder")


@nox.session
def coverage(session):
    """Which lines and branches of course_lib the tests reach; below the floor in pyproject.toml it fails."""
    install(session)
    workers = ("--numprocesses=2", "--dist=loadfile", "--no-loadscope-reorder")
    # A traced loop that is stopped from another thread, thousands of times a second, hardly moves: those are left out.
    left_out = ("--ignore=tests/browser", "--ignore=tests/test_checker_survival.py")
    session.run("pytest", *workers, "tests", *left_out, "--cov", *session.posargs)


@nox.session
def elsewhere(session):
    """Run the stored notebooks as on another machine: every text must come out the same. `-- <notebooks>` for some."""
    install(session)
    session.run("python", "-m", "threadpoolctl", "-i", "numpy", env=ELSEWHERE)  # says which BLAS, how many threads
    session.run("pytest", *(session.posargs or NOTEBOOKS), env=ELSEWHERE)


@nox.session
def twice(session):
    """Every lesson with each cell run twice, then after a restart from top to bottom. `-- <notebooks>` for some."""
    install(session)
    session.run("python", "scripts/run_notebooks.py", "--twice", *chosen(session))


@nox.session
def lowest(session):
    """Tests and lessons at the lowest versions that pyproject.toml allows. `-- <tests or notebooks>` for some."""
    session.install("--resolution", "lowest-direct", "--editable", ".[test]")
    words = session.posargs or ["tests", *chosen(session)]
    books = [word for word in words if word.endswith(".ipynb")]
    runs = [["python", "scripts/run_notebooks.py", *books]] if books else []
    if tests := [word for word in words if word not in books]:
        plain = ("--ignore=tests/browser", "-p", "no:nbval", "-o", "addopts=--strict-markers")
        runs.append(["pytest", *tests, *plain])
    if failed := [run for run in runs if not succeeds(session, *run)]:
        session.error(f"{len(failed)} of {len(runs)} parts failed: see their lines above.")


@nox.session(python="3.13", venv_params=["--seed"])
def colab(session):
    """Every lesson as on Colab: its published versions, then what the lesson's own first cell installs, then all cells.

    Lessons with the same first cell share an environment, which only that cell has changed. The course itself is taken
    from the last commit here. `-- <notebooks>` for some.
    """
    listed = pathlib.Path("course_lib/tools/build/colab.txt").resolve()
    versions = dict(re.findall(r"^([\w.-]+)==(\S+)$", listed.read_text(encoding="utf-8"), re.MULTILINE))
    project = tomllib.loads(pathlib.Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    ours = [re.match(r"[\w-]+", line)[0] for line in project["dependencies"]]
    there = [name for name in ours if {name, name.replace("-", "_")} & set(versions) and name != "tensorflow"]
    there += [f"tensorflow-cpu=={versions['tensorflow']}"]  # the same without what only a graphics card needs
    there += ["ipykernel", "ipython", "pandas", "pip", "scikit-learn", "scipy", "setuptools"]
    alike = {}
    for book in chosen(session):
        cells = json.loads(pathlib.Path(book).read_text(encoding="utf-8"))["cells"]
        first = next("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        alike.setdefault(first, []).append(book)
    failed = []
    for number, (first, books) in enumerate(alike.items(), start=1):
        session.log(first)
        place = pathlib.Path(session.create_tmp(), f"colab-{number}")
        session.run("uv", "venv", "--quiet", "--clear", "--python", session.python, str(place), external=True)
        python = str(place / "bin" / "python")
        session.run("uv", "pip", "install", "--quiet", "--python", python, "-c", str(listed), *there, external=True)
        run = [python, "scripts/run_notebooks.py", "--course", f"git+{pathlib.Path.cwd().as_uri()}", *books]
        if not succeeds(session, *run, external=True):
            failed.append(number)
    if failed:
        session.error("Some lessons fail on Colab: see their lines above.")


@nox.session
def build(session):
    """Make the notebooks anew from `lessons/` and the exercise bank."""
    install(session)
    session.run("course", "build", *session.posargs)


@nox.session
def engines(session):
    """Hold every piece beside the real engine, and write the figures into docs/real-engines.md."""
    install(session)
    session.run("pytest", "tests", "-m", "beside", "--write-real-engines", env={"CI": "true"})
    session.run("course", "build", "--pages")


@nox.session
def benchmarks(session):
    """Measure course_lib against Keras and onnxruntime in one run, and print the table of ratios."""
    install(session)
    session.run("python", "-m", "benchmarks", *session.posargs)


@nox.session
def lint(session):
    """Style, import order, and the types of the rooms that have them."""
    install(session)
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")


@nox.session
def lock(session):
    """Resolve `requirements.lock` anew from pyproject.toml, for Python 3.11 to 3.13 on Linux, macOS and Windows."""
    session.run(
        "uv",
        "pip",
        "compile",
        "--universal",
        "--generate-hashes",
        "--no-annotate",
        "--no-header",
        "--python-version",
        "3.11",
        "--extra",
        "test",
        "pyproject.toml",
        "-o",
        LOCK,
        *session.posargs,
        external=True,
    )
