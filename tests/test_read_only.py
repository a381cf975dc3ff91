"""A copy of the course that nobody may write, as on a share, a medium or in an image: it opens, or says one sentence.

Also Python without docstrings (-OO), which some images set: what reads them says so, the rest works.
"""

import os
import shutil
import socket
import subprocess
import sys

import pytest
from patience import FAR
from test_cli import wait_for

from course_lib import place
from course_lib.tools import doctor, lab

ROOT = place.root(__file__)
# The administrator may write everything, unless this right is given up.
GIVE_UP = ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner", "--inh-caps=-dac_override"]


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    if os.name == "nt":
        pytest.skip("folders there know no such mode")
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        pytest.skip("the administrator may write everything, and setpriv is not here to give that up")
    top = tmp_path_factory.mktemp("read-only") / "course"
    for name in ("course_lib", "lessons", "exercises", "notebooks", "docs"):
        shutil.copytree(ROOT / name, top / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("README.md", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, top)
    with (top / "docs" / "coverage.md").open("a", encoding="utf-8") as page:
        page.write("A page that `course build --pages` would write anew.\n")
    subprocess.run(["chmod", "-R", "a-w", str(top)], check=True)
    yield top
    subprocess.run(["chmod", "-R", "u+w", str(top)], check=True)


def command(*words):
    return [*(GIVE_UP if os.geteuid() == 0 else []), sys.executable, *words]


def run(copy, *words, program=None, **variables):
    """`course <words>`, or a program, in the copy: (exit code, all that was said)."""
    what = ["-c", program] if program else ["-m", "course_lib.tools.cli", *words]
    done = subprocess.run(
        command(*what), cwd=copy, env=surroundings(copy, **variables), capture_output=True, text=True, timeout=FAR
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert not (copy / ".course").exists()
    return done.returncode, done.stdout + done.stderr


def surroundings(copy, **variables):
    kept = {k: v for k, v in os.environ.items() if k not in ("COURSE_PROGRESS", "PYTHONPATH")}
    return {**kept, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1", **variables}


def test_the_copy_cannot_be_written(copy):
    program = "import sys; from course_lib import place; print(place.root(), place.writable('.'))"
    assert run(copy, program=program) == (0, f"{copy} False\n")


def test_a_check_says_one_line_and_judges(copy):
    program = (
        "from course_lib.exercises import exercise, progress\nq = exercise('training.neuron')\n"
        "print(q.check(q.reference)); q.hint(); q.solution(); print(progress.summary().solved)"
    )
    code, said = run(copy, program=program)
    assert code == 0 and "RIGHT" in said and said.endswith("1\n")
    assert said.count("not kept on disk") == 1


def test_progress_is_shown_and_cannot_be_forgotten(copy):
    code, said = run(copy, "progress")
    assert code == 0 and "0 of" in said
    code, said = run(copy, "progress", "--reset", "--yes")
    assert code == 0 and said == "Forgotten.\n"  # there was nothing


def test_a_progress_file_that_cannot_be_removed_is_one_sentence(copy, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "progress.json").write_text("{}", encoding="utf-8")
    (tmp_path / "mine").chmod(0o555)
    code, said = run(copy, "progress", "--reset", "--yes", COURSE_PROGRESS=str(tmp_path / "mine" / "progress.json"))
    (tmp_path / "mine").chmod(0o755)
    assert code == 1 and said.startswith("course: ") and said.count("\n") == 1 and "progress.json" in said


def test_the_doctor_knows_and_its_remedy_helps(copy, tmp_path):
    program = "from course_lib.tools import doctor\nfor look in (doctor.folder, doctor.progress): print(look())"
    code, said = run(copy, program=program)
    assert code == 0 and "warning  folder" in said and "MISSING  progress" in said and "COURSE_PROGRESS" in said
    _, said = run(copy, program=program, COURSE_PROGRESS=str(tmp_path / "mine.json"))
    assert "ok       progress" in said


def test_a_command_that_must_write_says_one_sentence(copy):
    code, said = run(copy, "build", "--pages")
    assert code == 1 and said.startswith("course: ") and said.count("\n") == 1 and "that you may write" in said


def test_the_classifier_is_served_all_the_same(copy):
    process = subprocess.Popen(
        command("-m", "course_lib.tools.cli", "serve", "--port", "0", "--stop-with-stdin"),
        cwd=copy,
        env=surroundings(copy),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout.readline().startswith(b'{"event": "ready"')
    _, said = process.communicate(timeout=FAR)
    assert process.returncode == 0 and b"Traceback" not in said
    assert not (copy / ".course").exists()


@pytest.mark.parametrize("progress", [None, "mine.json"])
def test_the_lab_opens(progress, copy, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {f"JUPYTER_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    if progress:
        own["COURSE_PROGRESS"] = str(tmp_path / progress)
    words = ["-m", "course_lib.tools.cli", "lab", "--no-browser", f"--port={port}", "--IdentityProvider.token="]
    log = tmp_path / "log.txt"
    with log.open("w", encoding="utf-8") as out:
        server = subprocess.Popen(command(*words), cwd=copy, stdout=out, stderr=out, env=surroundings(copy, **own))
    try:
        answer = wait_for(f"http://127.0.0.1:{port}/", server, log)
        assert answer.url.endswith(f"/lab/tree/{lab.START}")
    finally:
        server.terminate()
        server.wait(timeout=FAR)
    said = log.read_text(encoding="utf-8")
    assert "cannot be written" in said and "Traceback" not in said and not (copy / ".course").exists()


# --- without docstrings -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [("check", "training.neuron"), ("lab", "--no-browser")])
def test_what_reads_docstrings_says_that_python_drops_them(words):
    call = [sys.executable, "-OO", "-m", "course_lib.tools.cli", *words]
    done = subprocess.run(call, capture_output=True, text=True, timeout=FAR)
    assert done.returncode == 1 and done.stderr.count("\n") == 1 and "PYTHONOPTIMIZE" in done.stderr


WITHOUT = """
import importlib, pkgutil
import course_lib
for module in pkgutil.walk_packages(course_lib.__path__, "course_lib."):
    importlib.import_module(module.name)
from course_lib import Sequential, layers
from course_lib.notebook import show_source
if '""' in str(show_source(layers.Dense.forward)) + str(show_source(Sequential.save)):
    raise SystemExit("a docstring is shown as code")
from course_lib.exercises import exercise
from course_lib.utils import DocstringsMissing
from course_lib.tools import doctor
if doctor.python().level != "bad":
    raise SystemExit("the doctor does not know")
try:
    exercise("training.neuron")
except DocstringsMissing as said:
    print(said)
"""


def test_the_library_works_without_docstrings(tmp_path):
    variables = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path)}
    done = subprocess.run([sys.executable, "-OO", "-c", WITHOUT], capture_output=True, text=True, env=variables)
    assert done.returncode == 0 and "PYTHONOPTIMIZE" in done.stdout, done.stderr


def test_the_doctor_looks_at_the_folder():
    assert doctor.folder in doctor.LOOKS
