"""The `course` command: what it says, where it looks, and its exit codes."""

import json
import os
import pathlib
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from command import run
from patience import FAR

from course_lib import place
from course_lib.exercises import exercise, names, progress
from course_lib.tools import check as audits
from course_lib.tools import cli, lab
from course_lib.tools.build import BuildError, check, make, source

ROOT = pathlib.Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.usefixtures("own_progress")


# --- the command as a whole -------------------------------------------------------------------------------------------


def commands():
    """{name: parser} of every command that there is."""
    return next(action.choices for action in cli.parser()._actions if action.dest == "command")


def examples(text):
    """The example lines of a help, each as the words after `course`."""
    return [line.split("  ")[0].split()[1:] for line in map(str.strip, text.splitlines()) if line.startswith("course ")]


def test_help_lists_every_command_with_an_example(capsys):
    code, said = run(capsys, "--help")
    assert code == 0 and {words[0] for words in examples(said)} == set(commands())


@pytest.mark.parametrize("command", commands())
def test_the_help_of_a_command_explains_every_argument_and_its_examples_are_understood(capsys, command):
    code, said = run(capsys, command, "--help")
    assert code == 0
    assert all(action.help for action in commands()[command]._actions)
    shown = [words for words in examples(cli.EXAMPLES) if words[0] == command] + examples(said)
    for words in shown:
        known, rest = cli.parser().parse_known_args(words)
        assert known.command == command and (not rest or command == "lab"), words


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "required: command"),
        (["biuld"], "invalid choice: 'biuld'"),
        (["build", "--chek"], "unrecognized arguments: --chek. `course build --help`"),
        (["build", "9.9"], "There is no lesson '9.9'. Did you mean"),
        (["check", "training.nueron"], "There is no exercise 'training.nueron'. Did you mean 'training.neuron'"),
    ],
)
def test_a_command_that_is_not_understood_ends_with_2(capsys, arguments, said):
    code, output = run(capsys, *arguments)
    assert code == 2 and said in output


def test_the_command_line_is_imported_without_anything_heavy():
    program = "import sys, course_lib.tools.cli; print(*sorted(m for m in sys.modules if '.' not in m))"
    loaded = set(
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    )
    assert "numpy" in loaded
    assert not loaded & {
        "tensorflow",
        "keras",
        "matplotlib",
        "jupytext",
        "nbformat",
        "nbclient",
        "yaml",
        "jupyterlab",
        "IPython",
    }


def test_the_installed_command_runs_from_any_folder(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "course_lib.tools.cli", "progress"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert "0.1 Start here" in done.stdout and "start.accuracy" in done.stdout


# --- where the course is ----------------------------------------------------------------------------------------------


def test_the_course_is_found_from_any_folder_inside_and_outside(tmp_path):
    assert place.root(ROOT / "notebooks" / "0_start") == ROOT
    assert place.root(tmp_path) == ROOT


def test_another_copy_of_the_course_wins_inside_of_it(tmp_path):
    for part in place.PARTS:
        (tmp_path / part).mkdir()
    (tmp_path / "notebooks").mkdir()
    assert place.root(tmp_path / "notebooks") == tmp_path


def test_without_a_copy_of_the_course_it_says_how_to_get_one(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(place, "HOME", tmp_path / "site-packages")
    monkeypatch.chdir(tmp_path)
    code, said = run(capsys, "lab")
    assert code == 1
    assert f"git clone {place.repository(ROOT)}" in said  # read from the installed metadata here


# --- lab --------------------------------------------------------------------------------------------------------------


def test_lab_opens_the_start_page_on_this_machine_alone_and_passes_arguments_on(capsys, monkeypatch, tmp_path):
    called = []
    monkeypatch.setattr("jupyterlab.labapp.LabApp.launch_instance", lambda argv: called.extend(argv))
    monkeypatch.chdir(tmp_path)
    code, _ = run(capsys, "lab", "--no-browser", "--port", "8899")
    assert code == 0
    assert "--ServerApp.ip=127.0.0.1" in called and f"--ServerApp.root_dir={ROOT}" in called
    assert f"--LabApp.default_url=/lab/tree/{lab.START}" in called
    assert called[-3:] == ["--no-browser", "--port", "8899"]
    assert (ROOT / lab.START).exists()


def test_lab_answers_on_localhost_with_the_start_page(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "course_lib.tools.cli",
        "lab",
        "--no-browser",
        f"--port={port}",
        "--IdentityProvider.token=",
    ]
    own = {f"JUPYTER_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    with (tmp_path / "log.txt").open("w", encoding="utf-8") as log:
        server = subprocess.Popen(command, cwd=tmp_path, stdout=log, stderr=log, env={**os.environ, **own})
    try:
        answer = wait_for(f"http://127.0.0.1:{port}/", server, tmp_path / "log.txt")
        assert answer.url.endswith(f"/lab/tree/{lab.START}") and b"<title>JupyterLab" in answer.read()
        news = f"http://127.0.0.1:{port}/lab/api/settings/@jupyterlab/apputils-extension:notification"
        defaults = json.load(wait_for(news, server, tmp_path / "log.txt"))["schema"]["properties"]
        assert (defaults["fetchNews"]["default"], defaults["checkForUpdates"]["default"]) == ("false", False)
    finally:
        server.terminate()
        server.wait()


def wait_for(address, server, log, patience=FAR):
    """The answer of a server that is just starting."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        try:
            return urllib.request.urlopen(address, timeout=FAR)
        except OSError:
            assert server.poll() is None, log.read_text(encoding="utf-8")
            time.sleep(0.3)
    raise AssertionError(f"{address} did not answer within {patience} s:\n{log.read_text(encoding='utf-8')}")


def test_lab_asks_for_neither_news_nor_updates_and_leaves_the_users_settings_alone():
    settings = json.loads((lab.SETTINGS / "overrides.json").read_text(encoding="utf-8"))
    assert settings["@jupyterlab/apputils-extension:notification"] == {"fetchNews": "false", "checkForUpdates": False}
    assert not any("user_settings_dir" in argument for argument in lab.arguments(ROOT, ROOT))


def test_lab_names_the_command_that_makes_a_missing_start_page(capsys, tmp_path):
    assert lab.open_course(tmp_path) == 1
    assert "`course build 0.1` makes it" in capsys.readouterr().out


# --- streams that are closed or full ----------------------------------------------------------------------------------


def command_with(streams, *words):
    """(exit code, what standard error got) of the command with the shell's `streams`."""
    call = f'exec "$0" -m course_lib.tools.cli {" ".join(words)} {streams}'
    done = subprocess.run(["sh", "-c", call, sys.executable], stderr=subprocess.PIPE, text=True, timeout=FAR)
    return done.returncode, done.stderr


shell = pytest.mark.skipif(not pathlib.Path("/dev/full").exists(), reason="there is no /dev/full here")


@shell
@pytest.mark.parametrize("words", [("progress",), ("serve", "--port", "0", "--repository", "{models}")])
def test_where_the_output_finds_no_room_one_sentence_says_so(tmp_path, words):
    from course_lib import serving

    models = serving.publish_neuron(tmp_path).path
    code, said = command_with(">/dev/full", *(word.format(models=models) for word in words))
    assert code == 1 and "Traceback" not in said and "Exception ignored" not in said
    assert "output" in said.splitlines()[-1] and "Make room" in said.splitlines()[-1]


@shell
@pytest.mark.parametrize("words", [("progress",), ("serve", "--port", "0", "--repository", "{models}")])
def test_where_nobody_reads_the_output_the_command_ends_in_silence(tmp_path, words):
    from course_lib import serving

    models = serving.publish_neuron(tmp_path).path
    read, write = os.pipe()
    os.close(read)
    program = [sys.executable, "-m", "course_lib.tools.cli", *(word.format(models=models) for word in words)]
    done = subprocess.run(program, stdout=write, stderr=subprocess.PIPE, text=True, timeout=FAR)
    os.close(write)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr and "BrokenPipe" not in done.stderr


@shell
@pytest.mark.parametrize("streams", ["<&-", "<&- >&-"])
def test_without_standard_input_nothing_is_forgotten(streams):
    progress.record("training.neuron", "right")
    code, said = command_with(streams, "progress", "--reset")
    assert code == 1 and "Traceback" not in said
    assert progress.load()["training.neuron"]["right"]


@shell
def test_a_full_disk_is_none_that_can_be_written(tmp_path):
    """It makes files, and lets nothing into them: as under a limit of 0 bytes a file."""
    program = f"""
import resource
from course_lib import place
before = place.writable({str(tmp_path)!r})
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
print(before, place.writable({str(tmp_path)!r}))
"""
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, timeout=FAR)
    assert done.stdout.split() == ["True", "False"]


# --- build ------------------------------------------------------------------------------------------------------------


def test_build_ends_with_1_when_something_is_wrong_or_too_slow(capsys, monkeypatch):
    monkeypatch.setattr(make, "build", lambda *_: ["notebooks/x.ipynb: cell 4 took 12.0 s (limit 10 s)"])
    code, said = run(capsys, "build")
    assert code == 1 and "TOO SLOW  notebooks/x.ipynb: cell 4 took 12.0 s" in said
    assert run(capsys, "build", "--allow-slow")[0] == 0

    def fail(*_):
        raise BuildError("notebooks/x.ipynb: cell 3 (1 / 0) failed.")

    monkeypatch.setattr(make, "build", fail)
    code, said = run(capsys, "build")
    assert code == 1 and said == "course: notebooks/x.ipynb: cell 3 (1 / 0) failed.\n"


def test_build_check_ends_with_1_and_names_what_differs(capsys, monkeypatch):
    monkeypatch.setattr(
        check,
        "problems",
        lambda root, wanted: ["notebooks/x.ipynb: cell 3 differs from its source. Run `course build 0.1`."],
    )
    code, said = run(capsys, "build", "--check")
    assert code == 1 and "Run `course build 0.1`." in said
    monkeypatch.setattr(check, "problems", lambda root, wanted: [])
    assert run(capsys, "build", "--check") == (0, "Every notebook fits its source.\n")


# --- check ------------------------------------------------------------------------------------------------------------


def test_check_prints_a_row_for_each_exercise_and_its_faults(capsys, monkeypatch):
    monkeypatch.setattr("course_lib.tools.check.audit", lambda q: [])
    code, said = run(capsys, "check", "training.neuron", "start.accuracy")
    assert code == 0 and "training.neuron" in said and "start.accuracy" in said and "well" in said
    monkeypatch.setattr("course_lib.tools.check.audit", lambda q: [f"{q.id}: the reference is not accepted"])
    code, said = run(capsys, "check", "training.neuron")
    assert code == 1 and "1 fault" in said and "training.neuron: the reference is not accepted" in said


def test_every_exercise_stands_in_one_lesson():
    """One that stands in none would be met by nobody."""
    listed = [name for lesson in source.lessons(place.root()) for name in lesson.exercises]
    assert sorted(listed) == sorted(names())


def test_check_names_an_exercise_that_stands_in_no_lesson_or_has_no_held_out_answers(capsys, monkeypatch):
    monkeypatch.setattr(audits, "audit", lambda q: [])
    code, said = run(capsys, "check", "training.neuron")
    assert code == 0 and "held_out" not in said
    monkeypatch.setattr(audits.source, "lessons", lambda root: [])
    monkeypatch.setattr(exercise("training.neuron"), "id", "training.brand_new")
    code, said = run(capsys, "check", "training.neuron")
    assert code == 1 and "training.brand_new stands in no lesson" in said
    assert "No held-out answers yet: training.brand_new." in said and "tests/held_out/" in said


# --- progress ---------------------------------------------------------------------------------------------------------


def test_progress_shows_right_tried_and_the_mistakes_met(capsys):
    progress.record("training.neuron", "wrong", "bias_forgotten")
    progress.record("training.neuron", "wrong", "bias_forgotten")
    progress.record("training.neuron", "right")
    progress.record("training.dense", "wrong", "kernel_first")
    code, said = run(capsys, "progress")
    lines = said.splitlines()
    neuron = next(line for line in lines if "training.neuron" in line)
    dense = next(line for line in lines if "training.dense" in line)
    untouched = next(line for line in lines if "training.forward" in line)
    assert code == 0
    assert "right" in neuron and "bias_forgotten (2x)" in neuron and " 3 " in neuron
    assert "tried" in dense and "kernel_first" in dense
    assert "not yet" in untouched
    assert "1 of " in lines[-1]


def test_progress_counts_the_exercises_of_this_course_alone(capsys):
    for name in ("training.neuron", "training.of_another_course", "strange.thing"):
        progress.record(name, "right")
    _, said = run(capsys, "progress")
    assert f"\n1 of {len(names())} exercises solved." in said and "strange" not in said


def test_progress_shows_what_a_file_says_without_steering_the_terminal(capsys):
    progress.record("training.neuron", "wrong", "red\x1b[31m" + "x" * 20)
    _, said = run(capsys, "progress")
    assert "\x1b" not in said and "red\\x1b[31mxxx" in said


def test_progress_is_forgotten_only_after_a_yes(capsys, monkeypatch):
    progress.record("training.neuron", "right")
    monkeypatch.setattr("builtins.input", lambda _: "no")
    assert run(capsys, "progress", "--reset") == (0, "Nothing was forgotten.\n")
    assert progress.load()["training.neuron"]["right"]
    monkeypatch.setattr("builtins.input", lambda _: "yes")
    assert run(capsys, "progress", "--reset") == (0, "Forgotten.\n")
    assert progress.load() == {}


def test_progress_is_kept_when_nobody_answers(capsys, monkeypatch):
    progress.record("training.neuron", "right")

    def nobody(_):
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody)
    code, said = run(capsys, "progress", "--reset")
    assert code == 1 and "course progress --reset --yes" in said
    assert progress.load()["training.neuron"]["right"]
    assert run(capsys, "progress", "--reset", "--yes")[0] == 0 and progress.load() == {}
