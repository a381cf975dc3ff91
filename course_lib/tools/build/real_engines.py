"""docs/real-engines.md: which real engine stands beside each piece, how the two are shown to agree, by which figure.

Made of docs/real-engines.json, which the tests themselves write (`nox -s engines`).
"""

import json

from course_lib import curriculum
from course_lib.text import tables
from course_lib.text.numbers import upwards
from course_lib.text.words import counted

HEAD = """\
# From scratch, and the real engine beside it

Every piece that the course builds by hand is held against the engine that people really use, by a test with both. \
The figures are those of the last `nox -s engines`. A test fails where this page no longer says the same of it, and on \
CI also where an engine is missing. "Apart" is relative to the largest number of each array, in float32, unless the \
row says otherwise. Where Keras's numbers are others (ids that repeat in a batch, under Adam and under clipping; \
softmax under binary cross-entropy; …), [keras.md](keras.md) says which and why.
"""


def path(root):
    return root / "docs" / "real-engines.md"


def results(root):
    return root / "docs" / "real-engines.json"


def page(root):
    """The page as it should be."""
    found = json.loads(results(root).read_text(encoding="utf-8"))
    engines = ", ".join(f"{name} {version}" for name, version in found["versions"].items())
    parts = [HEAD, f"Engines: {engines}.\n"]
    for chapter in curriculum.CHAPTERS:
        rows = [row for row in found["rows"] if row["chapter"] == chapter.number]
        if rows:
            parts += [f"## {chapter.number} {chapter.title} ({chapter.chinese})\n", table(rows)]
    return "\n".join(parts)


def table(rows):
    lines = []
    for row in rows:
        file, _, name = row["test"].partition("::")
        claim = name.removeprefix("test_").replace("_", " ")
        lines.append((row["ours"], row["engine"], row["how"], figure(row), f"[{claim}](../{file})"))
    head = ("from scratch", "the real engine", "how they are shown to agree", "the figure", "the test")
    return tables.table(head, lines, right=()).markdown + "\n"


def figure(row):
    """What the tests found, in words: "at most 3e-07 apart in 40 comparisons (1e-05 allowed)"."""
    said = []
    if "counted" in row:
        said.append(f"{row['counted']:,} {row['words']}")
    if "apart" in row:
        far = f"at most {upwards(row['apart'])} apart" if row["apart"] else "equal"
        said.append(f"{far} in {counted(row['comparisons'], 'comparison')} ({row['tolerance']:.0e} allowed)")
    return "; ".join(said)
