"""What is read is a file, and what is written appears whole or not at all, whoever writes at the same time."""

import os
import stat
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import numpy as np
import pytest

from course_lib import Sequential, layers
from course_lib.callbacks import ModelCheckpoint
from course_lib.exercises import shared_file
from course_lib.files import demand_file, written_whole
from course_lib.models import load_model

X, Y = np.ones((4, 3), "float32"), np.arange(4) % 2
posix = pytest.mark.skipif(os.name == "nt", reason="pipes, links and modes are those of a POSIX system")


def model(fill=0.0):
    made = Sequential([layers.Input((3,)), layers.Dense(2, "softmax")])
    made.set_weights([np.full_like(w, fill) for w in made.weights])
    return made


WRITERS = {
    "save": lambda path: model().save(path),
    "save_weights": lambda path: model().save_weights(path),
    "the progress file": lambda path: shared_file.write(str(path), {"exercises": {}}),
}


# ---- several writers


def test_threads_that_save_to_one_path_all_succeed_and_the_file_is_one_of_theirs(tmp_path):
    path, failed = tmp_path / "v.npz", []

    def save(fill):
        try:
            for _ in range(15):
                model(fill).save(path)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=save, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == [] and os.listdir(tmp_path) == ["v.npz"]
    (kernel, bias) = load_model(path).get_weights()
    assert len({*kernel.ravel(), *bias}) == 1


def test_processes_that_save_to_one_path_all_succeed(tmp_path):
    program = (
        "import sys; from course_lib import Sequential, layers\n"
        "m = Sequential([layers.Input((3,)), layers.Dense(2)])\n"
        "sys.stdin.readline()\n"
        "for _ in range(40): m.save(sys.argv[1])"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "v.npz")], stdin=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for process in started:
        process.stdin.write("\n")
        process.stdin.flush()
    for process in started:
        process.communicate()
    assert [process.returncode for process in started] == [0, 0, 0]
    assert load_model(tmp_path / "v.npz").count_params() == 8 and os.listdir(tmp_path) == ["v.npz"]


# ---- what stands there already


@posix
@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_what_a_stranger_has_put_beside_the_file_is_left_alone(write, tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("mine")
    planted = [f"v.npz{end}" for end in (".part", ".tmp", f".{os.getpid()}.tmp")]
    for name in planted:
        (tmp_path / name).symlink_to(victim)
    write(tmp_path / "v.npz")
    assert victim.read_text() == "mine" and sorted(os.listdir(tmp_path)) == sorted([*planted, "v.npz", "victim"])


@posix
@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
@pytest.mark.parametrize("there", [True, False], ids=["a link to a file", "a link to nothing yet"])
def test_a_link_stays_a_link_and_what_it_names_is_written(write, there, tmp_path):
    (tmp_path / "folder").mkdir()
    target, link = tmp_path / "folder" / "real", tmp_path / "link"
    if there:
        target.write_text("old")
    link.symlink_to(target)
    write(link)
    assert link.is_symlink() and target.stat().st_size > 3 and os.listdir(tmp_path / "folder") == ["real"]


@posix
@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
@pytest.mark.parametrize("mode", [0o600, 0o664, 0o755], ids=oct)
def test_a_file_keeps_its_mode(write, mode, tmp_path):
    path = tmp_path / "v"
    path.write_text("old")
    path.chmod(mode)
    write(path)
    assert stat.S_IMODE(path.stat().st_mode) == mode


@posix
@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_a_new_file_has_the_mode_that_any_new_file_has(write, tmp_path):
    (tmp_path / "plain").write_text("")
    write(tmp_path / "v")
    assert (tmp_path / "v").stat().st_mode == (tmp_path / "plain").stat().st_mode


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_a_writer_that_fails_leaves_what_was_there_and_nothing_else(error, tmp_path):
    path = tmp_path / "v"
    path.write_text("old")
    with pytest.raises(error), written_whole(path) as stream:
        stream.write(b"half")
        raise error
    assert path.read_text() == "old" and os.listdir(tmp_path) == ["v"]


def test_a_name_may_be_as_long_as_the_disk_allows(tmp_path):
    model().save(tmp_path / ("模" * 80))
    assert os.listdir(tmp_path) == ["模" * 80]


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_what_a_killed_writer_has_left_goes_when_the_file_is_next_written(write, tmp_path):
    stay = [".v.0123456789abcdef.part", ".v.old.part", ".w.0123456789abcdef.part", "v.part"]
    for name in [*stay, ".v.aaaaaaaaaaaaaaaa.part"]:
        (tmp_path / name).write_text("half")
        if name != stay[0]:  # this one may still be at work
            os.utime(tmp_path / name, (1, 1))
    write(tmp_path / "v")
    assert sorted(os.listdir(tmp_path)) == sorted([*stay, "v"])


# ---- what is no file


def not_files(folder):
    import socket

    os.mkfifo(folder / "pipe")
    (folder / "folder").mkdir()
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(folder / "socket"))
    listening.close()
    (folder / "link to a device").symlink_to("/dev/zero")
    return [*map(folder.joinpath, ("pipe", "folder", "socket", "link to a device")), "/dev/zero", "/dev/null"]


@posix
def test_what_is_no_file_is_refused_at_once_by_whoever_reads(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    readers = {"load_model": load_model, "load_weights": model().load_weights, "progress": shared_file.read}
    for path in not_files(tmp_path.relative_to(tmp_path)):
        for name, read in readers.items():
            with pytest.raises((OSError, ValueError), match="file|folder"):
                read(path)
                pytest.fail(f"{name} took {path}")


@posix
def test_what_is_no_file_is_not_written_over(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for path in not_files(tmp_path.relative_to(tmp_path)):
        before = os.stat(path)
        for write in WRITERS.values():
            with pytest.raises(OSError, match="file"):
                write(path)
        with pytest.raises(OSError, match="file"):
            checkpointed = model()
            checkpointed.compile("sgd", "sparse_categorical_crossentropy")
            checkpointed.fit(X, Y, verbose=0, callbacks=[ModelCheckpoint(path)])
        assert os.path.samestat(os.stat(path), before)


def test_a_file_that_is_not_there_is_told_as_such(tmp_path):
    with pytest.raises(FileNotFoundError):
        load_model(tmp_path / "nothing.npz")
    with pytest.raises(FileNotFoundError):
        demand_file(tmp_path / "nothing.npz")
    demand_file(tmp_path / "nothing.npz", may_be_absent=True)


# ---- what the system refuses

CHILD = """
import os, sys, numpy as np
from course_lib import Sequential, layers
from course_lib.callbacks import ModelCheckpoint
from course_lib.exercises import shared_file
model = Sequential([layers.Input((100,)), layers.Dense(100, "softmax")])
model.compile("sgd", "sparse_categorical_crossentropy")
x, y = np.ones((4, 100)), np.zeros(4)
writers = {
    "save": model.save,
    "ModelCheckpoint": lambda path: model.fit(x, y, verbose=0, callbacks=ModelCheckpoint(path)),
    "the progress file": lambda path: shared_file.write(path, {"exercises": {"a.b": "x" * 10_000}}),
}
def refused(name, path):
    try:
        writers[name](path)
    except OSError as error:
        return f"{type(error).__name__}: {error}"
    raise SystemExit(f"{name} has written {path}")
"""


def in_a_child(program, *arguments, **options):
    done = subprocess.run(
        [sys.executable, "-c", CHILD + program, *map(str, arguments)], capture_output=True, text=True, **options
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@posix
def test_a_full_disk_leaves_what_was_there_and_nothing_else(tmp_path):
    (tmp_path / "v").write_text("old")
    said = in_a_child(
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))\n"
        "for name in writers: refused(name, sys.argv[1]); refused(name, sys.argv[1] + '2'); print('refused')",
        tmp_path / "v",
    )
    assert said.count("refused") == 3
    assert os.listdir(tmp_path) == ["v"] and (tmp_path / "v").read_text() == "old"


AS_ANYBODY = "if os.getuid() == 0: os.setgid(65534); os.setuid(65534)\n"  # root may write everything


@pytest.fixture
def open_folder():
    """A folder that every user may enter."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        yield Path(folder)


@posix
def test_a_file_that_may_not_be_written_is_not_replaced(open_folder):
    path = open_folder / "v"
    path.write_text("old")
    path.chmod(0o444)
    said = in_a_child(AS_ANYBODY + "for name in writers: print(refused(name, sys.argv[1]))", path)
    assert said.count("PermissionError") == 3 and said.count(str(path)) == 3
    assert path.read_text() == "old" and os.listdir(open_folder) == ["v"]


@posix
def test_a_folder_that_takes_no_new_file_is_told_by_the_name_of_the_file(open_folder):
    path = open_folder / "v"
    path.write_text("old")
    path.chmod(0o666)
    open_folder.chmod(0o555)
    for name, hint in ((path, "folder takes no new file"), (open_folder / "new", "Permission denied")):
        said = in_a_child(AS_ANYBODY + "for name in writers: print(refused(name, sys.argv[1]))", name)
        assert said.count(f"'{name}'") == 3 and said.count(hint) == 3 and ".part" not in said
    assert path.read_text() == "old"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root gives files away")
@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_a_file_keeps_its_owner(write, tmp_path):
    path = tmp_path / "v"
    path.write_text("old")
    os.chown(path, 65534, 65534)
    path.chmod(0o640)
    write(path)
    after = path.stat()
    assert (after.st_uid, after.st_gid, stat.S_IMODE(after.st_mode)) == (65534, 65534, 0o640)


@posix
@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_errors_name_the_path_that_was_given(write, tmp_path, monkeypatch):
    here = tmp_path / "here"
    (here / "folder").mkdir(parents=True)
    (here / "file").write_text("old")
    monkeypatch.chdir(here)
    paths = {
        "nowhere/v": FileNotFoundError,
        "file/v": NotADirectoryError,
        "": FileNotFoundError,
        "new/": IsADirectoryError,
        "folder": IsADirectoryError,
    }
    for path, kind in paths.items():
        with pytest.raises(kind) as caught:
            write(path)
        assert caught.value.filename == path, path
    assert sorted(os.listdir()) == ["file", "folder"] and os.listdir("folder") == []
    assert os.listdir(tmp_path) == ["here"]


@pytest.mark.parametrize("write", [model().save, model().save_weights])
def test_a_path_may_be_bytes(write, tmp_path):
    write(os.fsencode(tmp_path / "ä.npz"))
    with pytest.raises(FileNotFoundError, match=r"nowhere.v"):
        write(os.fsencode(tmp_path / "nowhere" / "v"))
    assert os.listdir(tmp_path) == ["ä.npz"]
