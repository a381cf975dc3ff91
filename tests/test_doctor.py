"""`course doctor`: what it finds on a machine, and the remedy that it names."""

import pathlib
import socket

import pytest
from command import run

from course_lib.distributed.spark import java
from course_lib.tools import doctor

ROOT = pathlib.Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.usefixtures("own_progress")


def test_doctor_finds_this_machine_fit(capsys):
    code, said = run(capsys, "doctor")
    assert code == 0, said
    for name in ("Python", "NumPy", "TensorFlow", "Java", "fonts", "port", "browser", "versions", "progress"):
        assert f" {name} " in said
    assert "imported in" in said and "All that the lessons need is here." in said


def test_doctor_ends_with_1_only_when_something_needed_is_missing(monkeypatch):
    said = []
    bad = doctor.Finding("bad", "TensorFlow", "cannot be imported", "install it")
    monkeypatch.setattr(
        doctor, "LOOKS", (lambda: bad, lambda: doctor.Finding("warn", "Java", "not here", "install it"))
    )
    assert doctor.examine(said.append) == 1
    assert str(said[0]).startswith("MISSING") and "1 needed thing is missing" in said[-1]
    monkeypatch.setattr(doctor, "LOOKS", (lambda: doctor.Finding("warn", "Java", "not here", "install it"),))
    assert doctor.examine(said.append) == 0


@pytest.mark.parametrize(
    ("version", "level"), [((3, 10, 9), "bad"), ((3, 11, 0), "ok"), ((3, 13, 5), "ok"), ((3, 14, 0), "bad")]
)
def test_doctor_judges_the_python_version(version, level):
    assert doctor.python(version).level == level


def test_doctor_names_a_package_that_cannot_be_imported_and_its_remedy():
    found = doctor.package("No such thing", "no_such_thing")()
    assert found.level == "bad" and "No module named 'no_such_thing'" in found.found
    assert "requirements.lock" in found.remedy


def test_doctor_gives_up_on_an_import_that_does_not_end(tmp_path, monkeypatch):
    (tmp_path / "sleepy.py").write_text("import time; time.sleep(60)", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    found = doctor.package("Sleepy", "sleepy", patience=1)()
    assert found.level == "bad" and "did not end within 1 s" in found.found


def test_doctor_lists_versions_that_differ_from_the_lock(monkeypatch):
    monkeypatch.setattr(doctor, "pins", lambda text: {"numpy": {"1.0"}, "pytest": {"0.1"}, "not-installed": {"1"}})
    found = doctor.lock()
    assert found.level == "warn" and found.found.startswith("2 differ") and "(locked: 1.0)" in found.found


def test_doctor_reads_several_pins_of_one_package():
    text = "numpy==2.2.6 ; python_version < '3.12' \\\n    --hash=sha256:0\nnumpy==2.4.6 \\\n    --hash=sha256:1\n"
    assert doctor.pins(text) == {"numpy": {"2.2.6", "2.4.6"}}


def test_doctor_names_the_next_free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        found = doctor.port(number)
    assert found.level == "warn" and f"{number} is taken" in found.found
    assert int(found.remedy.split()[-1]) > number


@pytest.mark.parametrize(("installed", "said"), [(None, "found none"), (8, "found only Java 8 in /old")])
def test_doctor_says_which_java_is_missing_and_how_to_get_it(monkeypatch, installed, said):
    monkeypatch.setattr(java, "_executables", lambda: iter(["java"]))
    monkeypatch.setattr(java, "examine", lambda path: java.Java("/old", installed) if installed else None)
    monkeypatch.setattr(java, "from_package", lambda folder: None)
    found = doctor.java()
    assert found.level == "warn" and said in found.found and "lesson 5.2" in found.found
    assert "openjdk=17" in found.remedy


def test_doctor_says_why_spark_does_not_start():
    reason = "Spark did not start: Java ended. It said:\\nout of memory\\nat a line"
    cause = "try: raise RuntimeError('of an inner part')\nexcept Exception as e: "
    found = doctor.spark(f"{cause}raise RuntimeError('{reason}') from e")
    assert found.level == "warn" and found.found.endswith("Java ended. It said: out of memory")
    assert "mini-RDD" in found.remedy
    assert doctor.spark("raise SystemExit(3)").found == "exit code 3"
    assert doctor.spark("pass").level == "ok"


def test_doctor_shows_the_java_that_spark_would_take(monkeypatch):
    monkeypatch.setattr(java, "find", lambda folder: java.Java("/home/of/java", 21))
    assert (doctor.java().level, doctor.java().found) == ("ok", "21 in /home/of/java")


def test_doctor_is_content_with_a_folder_for_progress_that_is_still_to_be_made(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "new" / "folder" / "progress.json"))
    assert doctor.progress().level == "ok"
    assert list(tmp_path.iterdir()) == []


def test_doctor_finds_a_progress_file_that_cannot_be_written(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "file" / "progress.json"))
    found = doctor.progress()
    assert found.level == "bad" and "COURSE_PROGRESS" in found.remedy
