"""The progress file: whatever it holds, wherever it lies and whoever writes, a check never raises, and nothing solved
is lost."""

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys

import pytest
from patience import FAR

from course_lib.exercises import exercise, names, progress

BLANK = {"tries": 0, "right": False, "mistakes": {}, "hints": 0, "solution": False}
SOLVED = BLANK | {"tries": 1, "right": True}


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "kept" / "progress.json"))
    monkeypatch.setattr(progress, "_told", set())
    monkeypatch.setattr(progress, "_unwritten", {})
    return tmp_path / "kept" / "progress.json"


@pytest.fixture
def q():
    return exercise("training.neuron")


def written(file, content):
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())


def use_everything(q):
    """Check, hint, solution and summary: nothing may raise."""
    assert q.check(q.reference)
    q.hint(1)
    q.solution()
    return progress.summary()


def other_files(file):
    return sorted(f.name for f in file.parent.iterdir() if f.name not in (file.name, f"{file.name}.lock"))


def test_it_counts_tries_mistakes_and_hints(q, file):
    q.check(lambda x, w, b: x @ w + b)
    q.hint(1)
    q.check(None)
    q.check(q.reference)
    kept = json.loads(file.read_text(encoding="utf-8"))["exercises"]["training.neuron"]
    assert kept == {"tries": 2, "right": True, "mistakes": {"no_activation": 1}, "hints": 1, "solution": False}
    summary = progress.summary()
    assert summary.solved == 1 and summary.total == len(names()) and "1/" in str(summary)
    assert "<progress" in summary._repr_mimebundle_()["text/html"]


def test_it_is_replaced_whole_and_leaves_no_drafts(q, file):
    for _ in range(3):
        q.check(q.reference)
    assert other_files(file) == []


def test_it_can_be_switched_off_and_reset(q, file, monkeypatch):
    q.check(q.reference)
    progress.reset()
    assert progress.load() == {} and not file.exists()
    monkeypatch.setenv("COURSE_PROGRESS", "off")
    q.check(q.reference)
    assert progress.path() is None and progress.load() == {} and not file.exists()


# --- what it holds ----------------------------------------------------------------------------------------------------

NONSENSE = {
    "half a file": b"{ half a fi",
    "empty": b"",
    "binary": bytes(range(256)) * 40,
    "a list": b"[1, 2]",
    "a number": b"7",
    "null": b"null",
    "exercises are a list": {"exercises": ["training.neuron"]},
    "exercises are null": {"exercises": None},
    "nested without end": b"[" * 200_000,
    "a pickle": b"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00}\x94.",
}


@pytest.mark.parametrize("content", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_set_aside_whole_and_told(content, q, file, capsys):
    written(file, content)
    before = file.read_bytes()
    assert use_everything(q).solved == 1
    assert other_files(file) == ["progress.unreadable.json"]
    assert file.with_name("progress.unreadable.json").read_bytes() == before
    assert "progress.unreadable.json" in capsys.readouterr().out
    assert json.loads(file.read_bytes())["exercises"]["training.neuron"]["right"]


def test_a_second_nonsense_does_not_take_the_place_of_the_first(q, file):
    for text in (b"{ first", b"{ second"):
        written(file, text)
        q.check(q.reference)
    texts = [file.with_name(name).read_bytes() for name in other_files(file)]
    assert sorted(texts) == [b"{ first", b"{ second"]


@pytest.mark.parametrize("to_look", ["load", "check"])
def test_of_a_file_cut_short_everything_that_stands_whole_counts(to_look, q, file):
    many = {name: SOLVED for name in names() if name != "training.neuron"}
    whole = json.dumps({"exercises": many, "version": 1}, indent=1)
    written(file, whole[: whole.rindex('"mistakes"')].encode())  # within the last entry
    if to_look == "check":
        q.check(q.reference)
    solved = {name for name, entry in progress.load().items() if entry["right"]}
    assert solved >= set(list(many)[:-1])
    progress._unwritten.clear()
    assert {name for name, entry in progress.load().items() if entry["right"]} == solved  # on disk, not in memory only


def test_a_file_with_two_versions_of_itself_keeps_what_either_solved(q, file):
    """As after a merge of two copies, with its marks in the file."""
    ours, theirs = (json.dumps({"exercises": {name: SOLVED}}) for name in ("training.dense", "start.accuracy"))
    written(file, f"<<<<<<< ours\n{ours}\n=======\n{theirs}\n>>>>>>> theirs\n".encode())
    kept = progress.load()
    assert kept["training.dense"]["right"] and kept["start.accuracy"]["right"]


ODD = {
    "a text for a count": {"tries": "many"},
    "a text for the mistakes": {"mistakes": "no_bias"},
    "a text for how often": {"mistakes": {"no_activation": "often"}},
    "a list for how often": {"mistakes": {"no_activation": [1]}},
    "null everywhere": dict.fromkeys(BLANK),
    "a negative count": {"tries": -5, "hints": -1},
    "a fraction": {"tries": 2.5, "hints": 0.5},
    "truth for a count": {"tries": True, "hints": True},
    "nothing": {},
}


@pytest.mark.parametrize("entry", ODD.values(), ids=ODD)
def test_what_is_not_of_its_kind_counts_as_nothing(entry, q, file, capsys):
    written(file, {"exercises": {"training.neuron": entry, "training.dense": SOLVED}})
    q.check(lambda x, w, b: x @ w + b)
    assert progress.load()["training.neuron"] == BLANK | {"tries": 1, "mistakes": {"no_activation": 1}}
    assert use_everything(q).solved == 2 and other_files(file) == []


@pytest.mark.parametrize("entry", [None, 3, "right", [], [[]], True])
def test_an_entry_that_is_none_harms_no_other(entry, q, file):
    written(file, {"exercises": {"training.neuron": entry, "training.dense": SOLVED, "no.such": entry}})
    assert use_everything(q).solved == 2


@pytest.mark.parametrize("yes", [True, 1, 1.0, "true", "True", "yes"])
@pytest.mark.parametrize("wrong", [{"tries": "many"}, {"hints": None}, {"mistakes": 3}])
def test_solved_stays_solved_beside_odd_fields(yes, wrong, q, file):
    written(file, {"exercises": {"training.neuron": {"right": yes, **wrong}}})
    q.check(lambda x, w, b: x @ w + b)
    assert progress.load()["training.neuron"]["right"] is True


def test_a_number_of_any_length_is_read(q, file):
    written(file, b'{"exercises": {"training.neuron": {"right": true, "tries": %s}}}' % (b"9" * 10_000))
    q.hint(1)
    assert progress.load()["training.neuron"]["right"] and other_files(file) == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_an_editors_encoding_does_no_harm(encoding, q, file):
    written(file, json.dumps({"exercises": {"training.dense": SOLVED}}).encode(encoding))
    assert use_everything(q).solved == 2 and other_files(file) == []


def test_a_very_large_file_is_set_aside_and_what_stands_first_counts(q, file):
    written(file, SOLVED_FIRST % b" ".ljust(2_000_000))
    assert use_everything(q).solved == 2
    assert file.with_name("progress.unreadable.json").stat().st_size > 2_000_000


# What would take minutes, or raise, at every check: nested, unclosed or wide where the course writes two levels.
SOLVED_FIRST = b'{"exercises": {"training.dense": ' + json.dumps(SOLVED).encode() + b", %s"
ENDLESS = {
    "300,000 entries in one another": b'"a.b": {' * 300_000,
    "100,000 entries in one another": b'"a.b": {' * 100_000,
    "100,000 entries, whole": b'"a.b": {' * 100_000 + b"}" * 100_002,
    "900 levels, whole": b'"a.b": ' + b"[" * 900 + b"]" * 900 + b"}}",
    "levels within a field that a newer version may write": (
        b'"training.neuron": {"new": ' + b"[" * 300 + b"]" * 300 + b"}}}"
    ),
    "lists in lists": b'"a.b": ' + b"[" * 500_000,
    "entries that never end": b'"a.b": {"q": [' * 60_000,
    "quotes that never end": b'\\"' * 400_000,
    "one entry of numbers": b'"a.b": {"b.c": {"c.d": {"x": [' + b"0," * 400_000,
    "one name": b'"' + b"a" * 900_000,
}


@pytest.mark.parametrize("content", ENDLESS.values(), ids=ENDLESS)
def test_a_file_without_end_is_set_aside_once_and_what_stands_whole_counts(content, q, file, capsys):
    written(file, SOLVED_FIRST % content)
    assert use_everything(q).solved == 2
    assert other_files(file) == ["progress.unreadable.json"]
    assert capsys.readouterr().out.count("made no sense") == 1
    assert file.stat().st_size < 100_000, "what held up one check does not hold up the next"
    assert use_everything(q).solved == 2 and other_files(file) == ["progress.unreadable.json"]


GROWS = {
    "entries": {f"strange.e{i}": {} for i in range(20_000)},
    "mistakes": {"training.neuron": {"mistakes": {f"m{i}": 1 for i in range(60_000)}}},
    "a field of a newer version": {"training.neuron": {"new": [0] * 250_000}},
}


@pytest.mark.parametrize("entries", GROWS.values(), ids=GROWS)
def test_a_file_that_grows_too_large_when_it_is_written_does_not_take_what_is_solved_along(entries, q, file):
    written(file, json.dumps({"exercises": {"training.dense": SOLVED, **entries}}, separators=(",", ":")).encode())
    for _ in range(3):
        assert use_everything(q).solved == 2
        assert progress.load()["training.dense"]["right"]
    assert file.stat().st_size < progress.shared_file.LARGEST and len(other_files(file)) <= 1


TWICE = {
    "an entry": '"exercises": {"training.dense": {"right": true}, "training.dense": {"right": false}}',
    "an entry, solved later": '"exercises": {"training.dense": {"tries": 1}, "training.dense": {"right": true}}',
    "a field": '"exercises": {"training.dense": {"right": true, "right": false}}',
    "a field, as words": '"exercises": {"training.dense": {"right": "yes", "right": "no"}}',
    "a field, as no number": '"exercises": {"training.dense": {"right": true, "right": 5}}',
    "an entry that is none": '"exercises": {"training.dense": {"right": true}, "training.dense": null}',
    "all exercises": '"exercises": {"training.dense": {"right": true}}, "exercises": {"start.accuracy": {}}',
    "all exercises, then none": '"exercises": {"training.dense": {"right": true}}, "exercises": {}',
}


@pytest.mark.parametrize("whole", [True, False], ids=["a whole file", "a file cut short"])
@pytest.mark.parametrize("text", TWICE.values(), ids=TWICE)
def test_what_is_there_twice_keeps_the_more_of_both(text, whole, q, file):
    """As after two copies were put together by hand or by a tool."""
    written(file, f"{{{text}{'}' if whole else ''}".encode())
    assert use_everything(q).solved == 2
    assert other_files(file) == ([] if whole else ["progress.unreadable.json"])


def test_counts_that_are_there_twice_are_the_larger_ones(file):
    one, other = '{"tries": 3, "mistakes": {"a": 1, "b": 2}}', '{"tries": 5, "mistakes": {"a": 4}}'
    written(file, f'{{"exercises": {{"training.dense": {one}, "training.dense": {other}}}}}'.encode())
    assert progress.load()["training.dense"] == BLANK | {"tries": 5, "mistakes": {"a": 4, "b": 2}}


def test_two_versions_of_one_entry_in_a_file_that_makes_no_sense_keep_what_either_solved(q, file):
    ours, theirs = (json.dumps({"exercises": {"training.dense": entry}}) for entry in (SOLVED, BLANK))
    written(file, f"<<<<<<< ours\n{ours}\n=======\n{theirs}\n>>>>>>> theirs\n".encode())
    assert progress.load()["training.dense"]["right"]


def test_many_entries_are_no_slower_than_their_number():
    """Each is touched a few times, not once for every other."""
    touched = []

    class Entry(dict):
        def get(self, *args):
            touched.append(1)
            return super().get(*args)

    progress.entries({"exercises": {f"training.e{i}": Entry(SOLVED) for i in range(2000)}})
    assert len(touched) == 2000 * len(SOLVED)


def test_what_a_newer_course_wrote_stays_as_it_stands(q, file):
    new = {"version": 7, "questions": {"1.2": [3]}, "exercises": {"training.neuron": SOLVED | {"seconds": 40}}}
    written(file, new)
    q.check(lambda x, w, b: x @ w + b)
    after = json.loads(file.read_bytes())
    assert after["version"] == 7 and after["questions"] == new["questions"]
    entry = after["exercises"]["training.neuron"]
    assert entry["seconds"] == 40 and entry["right"] and entry["tries"] == 2


def test_what_was_solved_under_a_former_name_counts(file):
    written(file, {"exercises": {"serving.infer_request": SOLVED, "deployment.infer_request": BLANK | {"tries": 2}}})
    assert progress.load() == {"deployment.infer_request": SOLVED | {"tries": 3}}
    assert progress.summary().solved == 1
    exercise("deployment.infer_request").hint(1)
    exercise("deployment.infer_request").hint(1)
    assert json.loads(file.read_bytes())["exercises"] == {
        "deployment.infer_request": SOLVED | {"tries": 3, "hints": 1},
    }


def test_an_old_notebooks_exercise_is_found_under_its_new_name():
    assert exercise("serving.infer_request") is exercise("deployment.infer_request")
    with pytest.raises(LookupError, match="serving.nothing_like_it"):
        exercise("serving.nothing_like_it")


# --- where it lies ----------------------------------------------------------------------------------------------------


def test_a_removed_folder_around_the_kernel_does_no_harm(q, tmp_path, monkeypatch):
    monkeypatch.delenv("COURSE_PROGRESS")
    monkeypatch.setattr(progress.place, "HOME", tmp_path / "course")
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    shutil.rmtree(gone)
    assert use_everything(q).solved == 1
    assert progress.path() == tmp_path / "course" / ".course" / "progress.json"  # where the course itself lies


def test_a_removed_folder_and_a_name_within_it_cost_one_line(q, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COURSE_PROGRESS", "mine.json")
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert use_everything(q).solved == 1
    assert capsys.readouterr().out.count("not kept on disk") == 1


def test_a_folder_of_its_name_has_it_inside(q, file):
    file.mkdir(parents=True)
    assert use_everything(q).solved == 1
    assert json.loads((file / "progress.json").read_bytes())["exercises"]["training.neuron"]["right"]


def test_a_file_where_its_folder_should_be_costs_one_line(q, tmp_path, monkeypatch, capsys):
    (tmp_path / "a_file").write_text("", encoding="utf-8")
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "a_file" / "progress.json"))
    assert q.check(q.reference) and q.check(q.reference)
    out = capsys.readouterr().out
    assert out.count("\n") == 1 and "not kept on disk" in out
    assert progress.load()["training.neuron"]["tries"] == 2  # kept for the session


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes in folders")
def test_a_pipe_or_a_device_is_neither_read_nor_replaced(q, tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe")
    for place in (tmp_path / "pipe", "/dev/null", "/dev/zero"):
        kind = os.stat(place).st_mode
        monkeypatch.setenv("COURSE_PROGRESS", str(place))
        assert use_everything(q).solved == 1
        assert os.stat(place).st_mode == kind and not os.path.exists(f"{place}.lock")


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_a_link_keeps_leading_to_the_file(q, tmp_path, monkeypatch):
    (tmp_path / "drive").mkdir()
    (tmp_path / "here.json").symlink_to(tmp_path / "drive" / "there.json")
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "here.json"))
    use_everything(q)
    assert (tmp_path / "here.json").is_symlink() and (tmp_path / "drive" / "there.json").is_file()
    (tmp_path / "round.json").symlink_to(tmp_path / "round.json")
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "round.json"))
    use_everything(q)


@pytest.mark.parametrize("name", ["x" * 5000, "no/such/folder/of/yours.json", "~no_such_user/p.json", " ", "."])
def test_any_name_does(name, q, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COURSE_PROGRESS", name)
    assert use_everything(q).solved == 1


def refuse(what, monkeypatch, error):
    def refused(*args, **kwargs):
        raise error

    monkeypatch.setattr(*what, refused, raising=False)


@pytest.mark.parametrize(
    "error",
    [PermissionError(13, "denied"), OSError(30, "Read-only file system"), OSError(28, "No space left")],
    ids=repr,
)
@pytest.mark.parametrize("what", ["makedirs", "open", "replace"])
def test_a_disk_that_refuses_costs_one_line_and_is_made_up_for_later(what, error, q, file, monkeypatch, capsys):
    written(file, {"exercises": {"training.dense": SOLVED}})
    with monkeypatch.context() as patch:
        where = progress.shared_file if what == "open" else progress.shared_file.os
        refuse((where, what), patch, error)
        assert use_everything(q)
        assert "not kept on disk" in capsys.readouterr().out
    written(file, {"exercises": {"training.dense": SOLVED, "start.accuracy": SOLVED}})  # another kernel, meanwhile
    q.hint(1)
    kept = json.loads(file.read_bytes())["exercises"]
    assert all(kept[name]["right"] for name in ("training.neuron", "training.dense", "start.accuracy"))
    assert kept["training.neuron"]["tries"] == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows limits no file's length")
def test_a_broken_file_on_a_full_disk_keeps_what_it_holds(file):
    """The new content is on the disk before the old one gives way."""
    broken = json.dumps({"exercises": {"training.neuron": SOLVED}}).encode()[:-1]
    written(file, broken)
    kernel = (
        "import resource; from course_lib.exercises import progress\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50, 50))\n"
        "progress.record('training.dense', 'right'); print(sorted(progress.load()))"
    )
    said = subprocess.run([sys.executable, "-c", kernel], capture_output=True, text=True, check=True).stdout
    assert "not kept on disk" in said and "['training.dense', 'training.neuron']" in said
    assert file.read_bytes() == broken and other_files(file) == []
    assert progress.load()["training.neuron"]["right"] and other_files(file) == ["progress.unreadable.json"]


def closed_pipe():
    reading, writing = os.pipe()
    os.close(reading)
    return open(writing, "w", buffering=1, encoding="utf-8")


def closed():
    stream = io.StringIO()
    stream.close()
    return stream


OUTPUTS = {
    "letters of ASCII alone": lambda: io.TextIOWrapper(io.BytesIO(), "ascii", write_through=True),
    "a closed pipe": closed_pipe,
    "closed": closed,
    "none": lambda: None,
}


@pytest.mark.parametrize("output", OUTPUTS.values(), ids=OUTPUTS)
def test_what_cannot_be_printed_stops_no_check(output, q, file, monkeypatch):
    file = file.with_name("ä.json")
    written(file, b"{ broken")
    monkeypatch.setenv("COURSE_PROGRESS", str(file))
    stream = output()
    monkeypatch.setattr(sys, "stdout", stream)
    assert use_everything(q).solved == 1
    if isinstance(stream, io.TextIOWrapper) and stream.encoding == "ascii":
        assert b"unreadable" in stream.buffer.getvalue()
    if stream is not None:
        with contextlib.suppress(OSError):
            stream.close()


def test_a_file_that_cannot_be_read_is_not_overwritten(q, file, monkeypatch):
    """As Windows answers while another program holds it, or a disk of the network for a while."""
    written(file, {"exercises": {"training.dense": SOLVED}})
    with monkeypatch.context() as patch:
        refuse((progress.shared_file, "read"), patch, PermissionError(13, "Permission denied"))
        use_everything(q)
    assert progress.load()["training.dense"]["right"] and progress.load()["training.neuron"]["right"]


# --- who else writes --------------------------------------------------------------------------------------------------

KERNEL = """
import sys
from course_lib.exercises import progress, shared_file
shared_file.ATTEMPTS = 100_000  # beside load, another kernel may hold the file for long
sys.stdin.readline()
for i in range(40):
    progress.record(f"training.{sys.argv[1]}_{i}", "right")
    progress.record("training.shared", "wrong", "no_bias")
"""


def test_kernels_that_write_at_once_lose_nothing(file):
    started = [
        subprocess.Popen([sys.executable, "-c", KERNEL, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for name in "abc"
    ]
    for kernel in started:
        kernel.stdin.write("\n")
        kernel.stdin.flush()
    assert [kernel.communicate(timeout=FAR)[0] for kernel in started] == ["", "", ""]
    kept = progress.load()
    assert {f"training.{a}_{i}" for a in "abc" for i in range(40)} | {"training.shared"} == set(kept)
    assert kept["training.shared"]["tries"] == kept["training.shared"]["mistakes"]["no_bias"] == 120


def test_threads_of_one_kernel_lose_nothing():
    import concurrent.futures

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: progress.record("training.neuron", "right"), range(100)))
    assert progress.load()["training.neuron"]["tries"] == 100


def test_a_kernel_that_holds_the_file_for_good_stops_nobody(q, file, monkeypatch, capsys):
    monkeypatch.setattr(progress.shared_file.time, "sleep", lambda seconds: None)
    with progress.shared_file.held(file):
        assert use_everything(q).solved == 1
        assert "not kept on disk" in capsys.readouterr().out
    q.hint(1)
    assert json.loads(file.read_bytes())["exercises"]["training.neuron"]["right"]


def test_a_disk_without_locks_is_written(q, file, monkeypatch):
    refuse((progress.shared_file, "_take"), monkeypatch, OSError(95, "Operation not supported"))
    assert q.check(q.reference)
    assert json.loads(file.read_bytes())["exercises"]["training.neuron"]["right"]
