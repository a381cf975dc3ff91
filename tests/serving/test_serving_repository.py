"""Versions on disk appear whole, never change, and are not loaded when damaged."""

import json
import os
import subprocess
import sys
import threading

import pytest
from patience import FAR

from course_lib import Sequential, layers, serving
from course_lib.serving.models.backends import open_backend
from course_lib.serving.models.manager import ModelManager
from course_lib.serving.protocol.refusal import Refusal
from course_lib.serving.protocol.signature import FORMAT, Signature, Tensor, read_signature, write_signature

SIGNATURE = Signature(inputs=[Tensor("x", "FP32", [-1, 3])], outputs=[Tensor("y", "FP32", [-1, 2])])


def publish(repository, version, model="small"):
    with repository.publish(model, version) as folder:
        Sequential([layers.Dense(2, input_shape=(3,))]).save(folder / "model.npz")
        write_signature(SIGNATURE, folder / "signature.json")


@pytest.fixture
def small(tmp_path):
    repository = serving.Repository(tmp_path / "models")
    publish(repository, 1)
    return repository


def test_a_signature_is_read_as_it_was_written(tmp_path):
    write_signature(SIGNATURE, tmp_path / "signature.json")
    assert read_signature(tmp_path / "signature.json") == SIGNATURE


def test_a_published_version_can_be_opened(small):
    package = small.open("small", 1)
    assert (package.model, package.version, package.signature) == ("small", 1, SIGNATURE)
    assert (package.folder / "model.npz").exists()


def test_without_a_number_the_newest_is_opened_and_10_is_newer_than_9(small):
    publish(small, 10)
    publish(small, 9)
    assert small.versions("small") == [1, 9, 10]
    assert small.open("small").version == 10


def test_nothing_is_there_before_all_is_there(small):
    with small.publish("small", 2) as folder:
        write_signature(SIGNATURE, folder / "signature.json")
        assert small.versions("small") == [1]
    assert small.versions("small") == [1, 2]


def test_a_publication_that_fails_leaves_nothing_behind(small):
    with pytest.raises(ZeroDivisionError), small.publish("small", 2) as folder:
        (folder / "model.npz").write_bytes(b"half")
        1 / 0  # noqa: B018
    assert [p.name for p in (small.path / "small").iterdir()] == ["1"]


def test_a_publication_that_is_killed_leaves_no_version(small):
    program = (
        "import os, sys; from course_lib.serving import Repository\n"
        "with Repository(sys.argv[1]).publish('small', 2) as folder:\n"
        "    (folder / 'model.npz').write_bytes(b'half'); os._exit(9)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(small.path)], timeout=FAR)
    assert done.returncode == 9
    assert small.versions("small") == [1] and small.models() == ["small"]
    assert len(drafts(small)) == 1
    with small.publish("small", 2) as mine:
        if os.name != "nt":
            assert drafts(small) == [mine], "the next one removes what nobody writes any more"
        publish(small, 3)
        assert mine.exists(), "and leaves what somebody writes"
        write_signature(SIGNATURE, mine / "signature.json")
    assert small.versions("small") == [1, 2, 3]


def drafts(repository):
    return list((repository.path / "small").glob(".draft-*"))


def test_a_version_without_a_signature_is_not_published(small):
    with pytest.raises(ValueError, match="is no signature that can be read"), small.publish("small", 2) as folder:
        (folder / "model.npz").write_bytes(b"x")
    assert small.versions("small") == [1]


def test_a_version_never_changes(small):
    before = (small.path / "small" / "1" / "checksums.json").read_bytes()
    with pytest.raises(FileExistsError, match=r"Version 1 of small is already published .* Publish version 2\."):
        publish(small, 1)
    assert (small.path / "small" / "1" / "checksums.json").read_bytes() == before


def test_of_many_who_publish_the_same_version_one_wins(small):
    at_once, outcomes = threading.Barrier(8), []

    def race():
        at_once.wait()
        try:
            publish(small, 2)
            outcomes.append("published")
        except FileExistsError:
            outcomes.append("too late")

    threads = [threading.Thread(target=race) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(FAR)
    assert sorted(outcomes) == ["published"] + ["too late"] * 7
    assert small.open("small", 2).version == 2
    assert sorted(p.name for p in (small.path / "small").iterdir()) == ["1", "2"]


@pytest.mark.parametrize("model", ["", ".", "..", "a/b", "../x", "a b", ".hidden", "x" * 65])
def test_a_name_that_would_leave_the_folder_is_refused(small, model):
    with pytest.raises(ValueError, match="a name is of letters"):
        publish(small, 1, model)
    assert small.versions(model) == []
    with pytest.raises(Refusal, match="There is no model"):
        small.open(model)


@pytest.mark.parametrize("version", [0, -1, "a", "01", 1.5, None])
def test_a_version_is_a_whole_number_from_1(small, version):
    with pytest.raises(ValueError, match="a version a whole number from 1"):
        publish(small, version)


def test_what_is_not_there_is_named_beside_what_is(small):
    with pytest.raises(Refusal, match=r"There is no model 'big' in the repository\. There are: small\.") as refused:
        small.open("big")
    assert refused.value.status == 404
    with pytest.raises(Refusal, match=r"There is no version 2 of small in the repository\. There are: 1\.") as refused:
        small.open("small", 2)
    assert refused.value.status == 404


# ---- damage


def flip_a_byte(folder):
    raw = bytearray((folder / "model.npz").read_bytes())
    raw[len(raw) // 2] ^= 1
    (folder / "model.npz").write_bytes(raw)


DAMAGE = {
    "has changed (SHA-256 is ": flip_a_byte,
    "model.npz is missing": lambda folder: os.remove(folder / "model.npz"),
    "cannot be checked: checksums.json": lambda folder: os.remove(folder / "checksums.json"),
    "checksums.json: it holds no table": lambda folder: (folder / "checksums.json").write_text("[]", encoding="utf-8"),
    "checksums.json: it is not JSON": lambda folder: (folder / "checksums.json").write_text("", encoding="utf-8"),
}


@pytest.mark.parametrize("said", DAMAGE)
def test_a_damaged_version_is_refused_by_name(small, said):
    DAMAGE[said](small.path / "small" / "1")
    with pytest.raises(Refusal) as refused:
        small.open("small", 1)
    assert said in refused.value.message and refused.value.message.startswith("Version 1 of small")
    assert refused.value.status == 409


@pytest.mark.parametrize(
    "stray", [".DS_Store", "._model.npz", "Thumbs.db", ".ipynb_checkpoints/model.npz", ".git/HEAD"]
)
def test_what_desktops_and_editors_leave_in_a_version_is_none_of_its_files(small, stray, caplog):
    """Left there before or after it is published, changed or gone: the version stays what it was."""
    for version in (1, 2):
        path = small.path / "small" / str(version) / stray
        if version == 1:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(b"\0")
        else:
            with small.publish("small", 2) as folder:
                Sequential([layers.Dense(2, input_shape=(3,))]).save(folder / "model.npz")
                write_signature(SIGNATURE, folder / "signature.json")
                (folder / stray).parent.mkdir(exist_ok=True)
                (folder / stray).write_bytes(b"\0")
            os.remove(path)
        assert small.open("small", version).files == {"model.npz", "signature.json"}
    assert not caplog.records


def test_a_stray_file_in_an_older_versions_table_does_no_harm(small):
    """What was published before such files were left out of the table."""
    table = small.path / "small" / "1" / "checksums.json"
    files = json.loads(table.read_text(encoding="utf-8")) | {".DS_Store": "0" * 64}
    table.write_text(json.dumps(files), encoding="utf-8")
    assert ".DS_Store" not in small.open("small", 1).files


def test_a_file_that_was_added_is_told_and_never_read(small, caplog):
    folder = small.path / "small" / "1"
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    (folder / "saved_model").mkdir()
    (folder / "saved_model" / "saved_model.pb").write_bytes(b"not what was published")
    package = small.open("small", 1)
    assert "notes.txt, saved_model/saved_model.pb" in caplog.text
    with pytest.raises(Refusal, match="holds no saved_model"):
        open_backend("tensorflow", package)


def test_a_file_of_the_steps_around_the_model_was_published_with_it(small, tmp_path):
    before = {"input": "text", "makes": "x", "vocabulary": "../../../words.txt"}
    (tmp_path / "words.txt").write_text("a b c", encoding="utf-8")
    with small.publish("small", 2) as folder:
        Sequential([layers.Dense(2, input_shape=(3,))]).save(folder / "model.npz")
        write_signature(SIGNATURE._replace(preprocessing=before), folder / "signature.json")
    with pytest.raises(Refusal, match=r"names '../../../words.txt', not published"):
        small.open("small", 2)


STRAYS = [".DS_Store", "README.md", "__MACOSX/small/1/._model.npz", ".git/1/x", "small/.DS_Store", "small/notes.txt"]
STRAYS += ["small/2 copy/model.npz", "small/latest.txt", "lost+found/1/x", "small.zip", "empty/notes.txt"]


@pytest.mark.parametrize("stray", STRAYS)
def test_what_lies_about_in_a_repository_is_no_model_and_no_version(small, stray):
    (small.path / stray).parent.mkdir(parents=True, exist_ok=True)
    (small.path / stray).write_bytes(b"\0")
    assert small.models() == ["small"] and small.versions("small") == [1]
    models = ModelManager(small)
    assert models.load("small").number == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": FORMAT + 1}, f"this course_lib reads format {FORMAT}"),
        ({"format": True}, "its format is true"),
        ({"inputs": [{"name": "x", "datatype": "FLOAT", "shape": [1]}]}, "inputs[0] has the unknown datatype 'FLOAT'"),
        ({"inputs": [{"name": "x"}]}, "inputs[0] has no datatype and shape"),
        ({"inputs": []}, "inputs is []"),
        ({"outputs": {"y": 1}}, "outputs is {'y': 1}"),
        ({"outputs": [7]}, "outputs[0] is 7"),
        ({"outputs": [{"name": 5, "datatype": "FP32", "shape": [1]}]}, "outputs[0].name is 5"),
        ({"outputs": [{"name": "red \x1b[31m", "datatype": "FP32", "shape": [1]}]}, "outputs[0].name is 'red \\x1b"),
        ({"inputs": [{"name": "x", "datatype": "FP32", "shape": "wide"}]}, "the shape 'wide'"),
        ({"inputs": [{"name": "x", "datatype": "FP32", "shape": [-1, 0]}]}, "the shape [-1, 0]"),
        ({"inputs": [{"name": "x", "datatype": "FP32", "shape": [-1, True]}]}, "the shape [-1, True]"),
        ({"inputs": [{"name": "x", "datatype": "FP32", "shape": [-1, 10**9]}]}, "one example may have"),
        ({"inputs": [{"name": "x", "datatype": "FP32", "shape": [1] * 99}]}, "the shape [1, 1,"),
        ({"inputs": [{"name": "x", "datatype": "FP32", "shape": [-1, 3]}] * 2}, "two of its inputs are called 'x'"),
        ({"preprocessing": {"input": "text", "makes": "x"}}, "preprocessing has no vocabulary"),
        ({"preprocessing": {"input": "x", "makes": "x", "vocabulary": "v"}}, "two of its inputs are called 'x'"),
        ({"preprocessing": {"input": "text", "makes": "z", "vocabulary": "v"}}, "preprocessing.makes is 'z'"),
        ({"postprocessing": {"reads": "x", "output": "label", "labels": "l"}}, "postprocessing.reads is 'x'"),
        ({"postprocessing": {"reads": "y", "output": "label", "labels": [1]}}, "postprocessing.labels is [1]"),
        ({"colour": "blue"}, "'colour', which nobody knows"),
    ],
)
def test_a_signature_that_cannot_be_read_says_why(tmp_path, change, said):
    path = tmp_path / "signature.json"
    write_signature(SIGNATURE, path)
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | change), encoding="utf-8")
    with pytest.raises(ValueError) as problem:
        read_signature(path)
    assert said in str(problem.value) and path.name in str(problem.value)
