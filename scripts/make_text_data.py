"""Make the text data set from Debian's package lists: `python scripts/make_text_data.py`, on Debian 12.

It asks apt for the package list and the English descriptions of Debian 12, main (into a temporary folder; the
machine's own lists stay as they are), chooses 500 descriptions for each of ten classes, and writes three
files to `course_lib/data/files/`. Nothing in it is random: the same lists give the same files.
"""

import gzip
import hashlib
import json
import re
import subprocess
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from course_lib.data.text import CLASS_NAMES, FILES, bag_of_words, choose_vocabulary, tokenize

# A class is a section of the archive; video alone is too small for a class and joins the other pictures.
SECTION_TO_CLASS = {name: name for name in CLASS_NAMES} | {"video": "graphics"}
N_TRAIN, N_TEST = 400, 100  # texts of each class
MAX_CHARS = 1000  # a text is cut here, between two words
MIN_WORDS = 15
COPY, KIN = 0.9, 0.6  # share of common words from which a text is a copy of another, or its relative

NOT_THE_PROGRAM = re.compile(r"-(dev|dbg|dbgsym|doc|docs|data|examples)$")
EMPTY_PACKAGE = re.compile(
    r"transitional|dummy package|meta-?package|empty package|debug(ging)? symbols", re.IGNORECASE
)
NOT_FOR_CLASS = re.compile(
    r"\b(porn\w*|sex|sexual\w*|erotic\w*|nud(e|ity)|hentai|obscen\w*|offensive|profan\w*)\b|\w@\w",
    re.IGNORECASE,
)

WEB_ADDRESS = re.compile(r"\S*((https?|ftp)://|www\.)\S*")


def name_hash(example, salt=""):
    """A number that mixes the packages and depends on nothing but the name."""
    return hashlib.sha256((salt + example["package"]).encode("utf-8")).hexdigest()


def package_lists(folder):
    """The package list and the English descriptions of Debian 12, main, as two strings."""
    settings = ["Acquire::Languages=en", f"Dir::State::lists={folder}", f"Dir::Cache={folder}"]
    options = [part for setting in settings for part in ("-o", setting)]
    (Path(folder) / "partial").mkdir()
    subprocess.run(["apt-get", "update", "-qq", *options], check=True)
    texts = []
    for kind in ("Packages", "Translations"):
        target = ["Label: Debian", "Codename: bookworm", "Component: main", f"Created-By: {kind}"]
        command = ["apt-get", "indextargets", *options, "--format", "$(VERSION) $(FILENAME)", *target]
        version, path = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        raw = subprocess.run(["/usr/lib/apt/apt-helper", "cat-file", path], check=True, capture_output=True).stdout
        print(f"Debian {version}, {kind}: {len(raw):,} bytes, SHA-256 {hashlib.sha256(raw).hexdigest()}")
        texts.append(raw.decode("utf-8"))
    return texts


def paragraphs(text):
    """Debian's control format: paragraphs of `Field: value`; a line with a leading space continues one."""
    for block in text.split("\n\n"):
        fields, name = {}, None
        for line in block.splitlines():
            if line.startswith(" "):
                fields[name] += "\n" + line
            else:
                name, _, value = line.partition(":")
                fields[name] = value.strip()
        if fields:
            yield fields


def plain(description):
    """A description as two lines, the title and the long text, without web addresses; at most MAX_CHARS."""
    title, _, body = WEB_ADDRESS.sub("…", description).partition("\n")
    text = title + "\n" + " ".join(word for word in body.split() if word != ".")
    return text if len(text) <= MAX_CHARS else text[:MAX_CHARS].rsplit(" ", 1)[0] + " …"


def candidates(packages, translations):
    """One dict for each package that is a thing of its own, in the ten classes, in words fit for a class."""
    descriptions = {p["Description-md5"]: p["Description-en"] for p in paragraphs(translations)}
    found, dropped, seen = [], Counter(), set()
    for package in paragraphs(packages):
        name, section = package["Package"], package["Section"]
        if section not in SECTION_TO_CLASS or name in seen:
            continue
        seen.add(name)
        text = plain(descriptions.get(package.get("Description-md5"), ""))
        if NOT_THE_PROGRAM.search(name) or EMPTY_PACKAGE.search(text):
            dropped["data, documentation, header files, or an empty package"] += 1
        elif len(tokenize(text)) < MIN_WORDS:
            dropped["too short"] += 1
        elif NOT_FOR_CLASS.search(text):
            dropped["adult or offensive, or with an e-mail address"] += 1
            print("   not for class:", name, [m.group(0) for m in NOT_FOR_CLASS.finditer(text)])
        else:
            source = package.get("Source", name).split()[0]
            label = CLASS_NAMES.index(SECTION_TO_CLASS[section])
            example = {"package": name, "source": source, "section": section, "label": label, "text": text}
            found.append(example)
    print(f"{len(found):,} candidates; left out: {dict(dropped)}")
    return sorted(found, key=name_hash)


def overlaps(examples, threshold):
    """Pairs (i, j), j < i, of texts that share at least `threshold` of their words: |A and B| / |A or B|."""
    words = [set(tokenize(e["text"])) for e in examples]
    column = {word: j for j, word in enumerate(sorted(set().union(*words)))}
    rows = np.repeat(np.arange(len(words)), [len(w) for w in words])
    cols = np.array([column[word] for w in words for word in w])
    x = csr_matrix((np.ones(len(rows), "float32"), (rows, cols)), shape=(len(words), len(column)))
    size = np.array([len(w) for w in words])
    for start in range(0, len(words), 500):
        both = (x[start : start + 500] @ x.T).toarray()
        share = both / (size[start : start + 500, None] + size - both)
        for i, j in np.argwhere(share >= threshold):
            if j < i + start:
                yield int(i + start), int(j)


def without_copies(examples):
    copy_of = defaultdict(list)
    for i, j in overlaps(examples, COPY):
        copy_of[i].append(j)
    kept = set()
    for i in range(len(examples)):
        if not any(j in kept for j in copy_of[i]):
            kept.add(i)
    print(f"{len(kept):,} after copies are left out")
    return [examples[i] for i in sorted(kept)]


def families(examples):
    """Lists of examples that belong together: the same source package, or texts that are relatives."""
    pairs = list(overlaps(examples, KIN))
    first = {}
    for i, example in enumerate(examples):
        pairs.append((i, first.setdefault(example["source"], i)))
    i, j = np.array(pairs).T
    graph = csr_matrix((np.ones(len(i)), (i, j)), shape=(len(examples),) * 2)
    _, family_of = connected_components(graph, directed=False)
    members = defaultdict(list)
    for example, family in zip(examples, family_of, strict=True):
        members[family].append(example)
    return list(members.values())


def split(examples):
    """N_TEST test texts and N_TRAIN training texts of each class; a family never stands on both sides."""
    train, test, spare = [], [], []
    for family in families(examples):
        size = Counter(e["label"] for e in family)
        in_test = Counter(e["label"] for e in test)
        if len(family) <= 2 and all(in_test[c] + size[c] <= N_TEST for c in size):
            test += family
        else:  # every family gives three texts to the training part before a large one gives a fourth
            spare += [(max(0, position - 2), e) for position, e in enumerate(family)]
    spare.sort(key=lambda pair: pair[0])  # stable: equal ones keep their order
    for c, name in enumerate(CLASS_NAMES):
        chosen = [(extra, e) for extra, e in spare if e["label"] == c][:N_TRAIN]
        train += [e for _, e in chosen]
        n_test = sum(e["label"] == c for e in test)
        extras = sum(extra > 0 for extra, _ in chosen)
        print(f"   {name:10} train {len(chosen)} ({extras} more from large families), test {n_test}")
        assert (len(chosen), n_test) == (N_TRAIN, N_TEST), f"not enough texts in {name}"
    # Mixed by the hash of the name, so that a batch of neighbours holds all classes.
    for part in (train, test):
        part.sort(key=lambda e: name_hash(e, salt="order"))
    return train, test


def write(train, test):
    FILES.mkdir(exist_ok=True)
    vocabulary = choose_vocabulary(e["text"] for e in train)
    (FILES / "text_vocabulary.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8", newline="\n")

    lines = [json.dumps({"split": "train", **e}, ensure_ascii=False) for e in train]
    lines += [json.dumps({"split": "test", **e}, ensure_ascii=False) for e in test]
    with open(FILES / "text.jsonl.gz", "wb") as f, gzip.GzipFile("", "wb", 9, f, mtime=0) as z:
        z.write(("\n".join(lines) + "\n").encode("utf-8"))

    # Most counts are zero, so only the others are kept: how many in each text, their columns, and the counts.
    columns = {word: j for j, word in enumerate(vocabulary)}
    x = np.stack([bag_of_words(e["text"], columns) for e in train + test])
    np.savez_compressed(
        FILES / "text_counts.npz",
        n_train=len(train),
        label=np.array([e["label"] for e in train + test], "uint8"),
        words_in_text=np.count_nonzero(x, axis=1).astype("uint16"),
        column=np.nonzero(x)[1].astype("uint16"),
        count=x[x > 0].astype("uint8"),
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        packages, translations = package_lists(folder)
    write(*split(without_copies(candidates(packages, translations))))
    for path in sorted(FILES.glob("text*")):
        print(f"{path.name}: {path.stat().st_size:,} bytes")
