"""Tests that hold a piece of the course beside the real engine say so, and keep the figure by which the two agree.

    @pytest.mark.beside("1", "`layers.Dense`", "`keras.layers.Dense`", "random shapes: outputs and all gradients")
    def test_dense_equals_keras(…):
        beside.apart(difference, 1e-5)               # fails above 1e-5; the largest of all calls is the figure
        beside.counted(len(requests), "requests")    # or what was counted; the numbers of all cases add up

The first word is the chapter. `nox -s engines` runs these tests and writes their figures to docs/real-engines.json, of
which `course build` makes docs/real-engines.md. In every other run a marked test that passes must agree with that file,
in all but the figures themselves, which differ from machine to machine.
"""

import importlib.metadata
import json
import pathlib

FILE = pathlib.Path(__file__).resolve().parents[1] / "docs" / "real-engines.json"
ENGINES = ("numpy", "keras", "tensorflow-cpu", "tensorflow", "pyspark", "tritonclient", "schemathesis")

_rows = {}  # test -> its row
_running = None  # the row of the test that runs, where it has the mark


def apart(difference, tolerance):
    """`difference` is at most `tolerance`, which also a NaN is not."""
    difference = float(difference)
    assert difference <= tolerance, f"{difference:.2g} apart; at most {tolerance:g} is allowed"
    if _running is not None:
        _running["apart"] = max(difference, _running.get("apart", 0.0))
        _running["tolerance"] = max(tolerance, _running.get("tolerance", 0.0))
        _running["comparisons"] = _running.get("comparisons", 0) + 1


def counted(number, words):
    """`number` more of what `words` says agreed."""
    if _running is not None:
        _running["counted"] = _running.get("counted", 0) + number
        _running["words"] = words


def begin(item):
    """A marked test begins: from here on figures are its own."""
    global _running
    mark = item.get_closest_marker("beside")
    if mark is not None:
        name = item.nodeid.partition("[")[0]
        said = dict(zip(("chapter", "ours", "engine", "how"), mark.args, strict=True))
        _running = _rows.setdefault(name, {"test": name, **said})
    return mark is not None


def end():
    """The test is over."""
    global _running
    row, _running = _running, None
    return row


def disagreement(row):
    """What docs/real-engines.json does not say of a test as its mark and its figure do; empty when all is well."""
    if "apart" not in row and "counted" not in row:
        return f"{row['test']} has the mark `beside` and gives no figure: call beside.apart or beside.counted."
    same = ("test", "chapter", "ours", "engine", "how", "tolerance", "words")
    if not any(all(row.get(key) == kept.get(key) for key in same) for kept in read()["rows"]):
        return f"docs/real-engines.json does not have {row['test']} as it is now. Run `nox -s engines`."
    return ""


def read():
    return json.loads(FILE.read_text(encoding="utf-8"))


def write():
    """Keep what this run found, and of the tests that it left out what stood there. Rows stand in the order of their
    chapters, and there in the order of the tests.
    """
    versions = {}
    for name in ENGINES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:  # tensorflow-cpu or tensorflow: one of the two
            continue
    stand = {row["test"]: row for row in read()["rows"] if _is_there(row["test"])}
    rows = sorted((stand | _rows).values(), key=lambda row: row["chapter"])
    text = json.dumps({"versions": versions, "rows": rows}, indent=1, ensure_ascii=False)
    FILE.write_text(text + "\n", encoding="utf-8", newline="\n")


def _is_there(test):
    """Whether a test, "tests/file.py::name", has not been taken away."""
    file, _, name = test.partition("::")
    path = FILE.parents[1] / file
    return path.exists() and f"def {name}(" in path.read_text(encoding="utf-8")
