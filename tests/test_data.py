"""The shipped data sets are what `course_lib/data/SOURCES.md` says they are."""

import doctest
import socket
import tomllib
from pathlib import Path

import numpy as np
import pytest
import sklearn.datasets
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from course_lib import data
from course_lib.data import shipped as shipped_files
from course_lib.data import text as text_module
from course_lib.data.shipped import FILES
from course_lib.data.text import STOP_WORDS
from course_lib.meter import python_calls

ROOT = Path(__file__).parents[1]
SOURCES = FILES.parent / "SOURCES.md"


@pytest.fixture(scope="module")
def arrays():
    return data.load_text()


@pytest.fixture(scope="module")
def texts():
    return {split: [e.text for e in data.text_examples(split)] for split in ("train", "test")}


# Text: arrays


def test_text_has_the_stated_shapes_and_dtypes(arrays):
    (x_train, y_train), (x_test, y_test) = arrays
    assert x_train.shape == (4000, 1000) and x_test.shape == (1000, 1000)
    assert y_train.shape == (4000,) and y_test.shape == (1000,)
    assert x_train.dtype == x_test.dtype == np.float32 and y_train.dtype == y_test.dtype == np.int64
    assert max(x_train.max(), x_test.max()) == 32 and min(x_train.min(), x_test.min()) == 0


def test_each_class_has_400_training_and_100_test_texts(arrays):
    (_, y_train), (_, y_test) = arrays
    assert np.bincount(y_train).tolist() == [400] * 10 and np.bincount(y_test).tolist() == [100] * 10


def test_every_text_holds_at_least_two_words_of_the_vocabulary(arrays):
    (x_train, _), (x_test, _) = arrays
    assert min(np.count_nonzero(x, axis=1).min() for x in (x_train, x_test)) == 2


def test_a_change_to_the_loaded_arrays_does_not_reach_the_next_loading():
    (x_train, _), _ = data.load_text()
    x_train[:] = -1
    assert data.load_text()[0][0].min() == 0


def test_text_examples_stand_in_the_order_of_the_rows(arrays):
    names = data.text_info().class_names
    for split, (_, y) in zip(("train", "test"), arrays, strict=True):
        examples = data.text_examples(split)
        assert [e.label for e in examples] == y.tolist()
        assert all(
            e.section == names[e.label] or (e.section, names[e.label]) == ("video", "graphics") for e in examples
        )


# Text: from words to numbers


def test_features_equal_those_recomputed_from_the_raw_texts(arrays, texts):
    for split, (x, _) in zip(("train", "test"), arrays, strict=True):
        np.testing.assert_array_equal(data.vectorize(texts[split]), x)


def test_scikit_learn_counts_the_same_words(arrays, texts):
    vocabulary = data.text_info().vocabulary
    theirs = CountVectorizer(vocabulary=vocabulary, token_pattern="[a-z0-9]+", dtype=np.float32)
    np.testing.assert_array_equal(theirs.transform(texts["test"]).toarray(), arrays[1][0])


def test_vocabulary_was_learned_from_the_training_texts_alone(texts):
    vocabulary = data.text_info().vocabulary
    assert len(vocabulary) == len(set(vocabulary)) == 1000
    assert list(vocabulary) == data.choose_vocabulary(texts["train"])
    assert list(vocabulary) != data.choose_vocabulary(texts["train"] + texts["test"])


def test_vocabulary_holds_no_stop_words_numbers_or_single_letters():
    for word in data.text_info().vocabulary:
        assert word not in STOP_WORDS and not word.isdigit() and len(word) > 1 and data.tokenize(word) == [word]


def test_ties_in_the_vocabulary_are_broken_by_the_alphabet():
    assert data.choose_vocabulary(["zebra apple the 7", "zebra mango x"], size=2) == ["zebra", "apple"]


def test_bag_of_words_takes_a_text_or_its_tokens_and_a_list_or_a_dict():
    text, words = "Sound and more SOUND: mp3s!", ["mp3s", "font", "sound"]
    for given in (text, data.tokenize(text)):
        for vocabulary in (words, {word: j for j, word in enumerate(words)}):
            counts = data.bag_of_words(given, vocabulary)
            assert counts.tolist() == [1, 0, 2] and counts.dtype == np.float32


def test_the_examples_in_the_docstrings_hold():
    results = doctest.testmod(text_module)
    assert results.attempted >= 3 and results.failed == 0


@pytest.mark.parametrize(
    "given, error, words",
    [
        ("one text", TypeError, r"got one string.*vectorize\(\[text\]\)"),
        (["a", 3], TypeError, "got int as text 1.*must be a string"),
        ([b"bytes"], TypeError, "got bytes as text 0"),
        ([], ValueError, "got no text.*at least one"),
    ],
)
def test_vectorize_names_what_is_wrong(given, error, words):
    with pytest.raises(error, match=words):
        data.vectorize(given)


def test_text_examples_names_the_splits_it_has():
    with pytest.raises(ValueError, match='got split=\'validation\'.*"train" and "test"'):
        data.text_examples("validation")


# Text: the split is honest


def test_no_package_or_source_stands_on_both_sides():
    train, test = data.text_examples("train"), data.text_examples("test")
    assert len({e.package for e in train + test}) == 5000
    assert not {e.source for e in train} & {e.source for e in test}


def test_no_test_text_shares_60_percent_of_its_words_with_a_training_text(texts):
    words = CountVectorizer(token_pattern="[a-z0-9]+", binary=True, dtype=np.float32).fit(
        texts["train"] + texts["test"]
    )
    train, test = words.transform(texts["train"]), words.transform(texts["test"])
    both = (test @ train.T).toarray()
    either = np.asarray(test.sum(1)).reshape(-1, 1) + np.asarray(train.sum(1)).reshape(1, -1) - both
    assert (both / either).max() < 0.6


def test_linear_baseline_reaches_the_stated_accuracy(arrays):
    (x_train, y_train), (x_test, y_test) = arrays
    model = LogisticRegression(max_iter=1000).fit(csr_matrix(x_train), y_train)  # sparse: much faster
    accuracy = model.score(x_test, y_test)
    assert "81.0 %" in SOURCES.read_text(encoding="utf-8") and "81.0 %" in data.load_text.__doc__
    assert accuracy == pytest.approx(0.810, abs=0.01)


# Digits


def test_digits_have_the_stated_shapes_and_dtypes():
    (x_train, y_train), (x_test, y_test) = data.load_digits()
    assert x_train.shape == (1437, 8, 8, 1) and x_test.shape == (360, 8, 8, 1)
    assert x_train.dtype == np.float32 and y_train.dtype == np.int64
    assert x_train.min() == 0 and x_train.max() == 1
    for y, least, most in ((y_train, 141, 146), (y_test, 33, 37)):
        assert np.bincount(y).min() == least and np.bincount(y).max() == most


def test_digits_equal_those_of_scikit_learn():
    (x_train, y_train), (x_test, y_test) = data.load_digits()
    theirs = sklearn.datasets.load_digits()
    np.testing.assert_array_equal(np.concatenate([x_train, x_test])[..., 0] * 16, theirs.images)
    np.testing.assert_array_equal(np.concatenate([y_train, y_test]), theirs.target)


def test_digits_baseline_reaches_the_stated_accuracy():
    (x_train, y_train), (x_test, y_test) = data.load_digits()
    model = LogisticRegression(max_iter=1000).fit(x_train.reshape(-1, 64), y_train)
    assert "90.3 %" in SOURCES.read_text(encoding="utf-8")
    assert model.score(x_test.reshape(-1, 64), y_test) == pytest.approx(0.903, abs=0.01)


# Both


def test_loading_never_touches_the_network(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a data loader opened a socket")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    text_module._columns.cache_clear()
    text_module._examples.cache_clear()
    assert len(data.load_text()[0][0]) == 4000 and len(data.text_examples("train")) == 4000
    assert len(data.text_info().vocabulary) == 1000 and len(data.load_digits()[0][0]) == 1437


@pytest.mark.parametrize("load", [data.load_text, data.load_digits])
def test_loading_works_on_whole_arrays_and_not_example_by_example(load):
    assert python_calls(load).total() < 1000  # of thousands of examples


def test_data_files_are_smaller_than_3_mb_together_and_each_has_its_size_in_sources():
    sizes = {path.name: path.stat().st_size for path in FILES.iterdir()}
    assert set(sizes) == {"text.jsonl.gz", "text_counts.npz", "text_vocabulary.txt", "digits.npz"}
    assert sum(sizes.values()) < 3_000_000
    sources = SOURCES.read_text(encoding="utf-8")
    for name in sizes:
        assert f"`{name}`" in sources
    for stated in (
        "Debian 12",
        "debian/copyright",
        "CC BY 4.0",
        "Alpaydin",
        "make_text_data.py",
        "make_digits_data.py",
    ):
        assert stated in sources


def test_data_files_are_part_of_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    package = ROOT / "course_lib"
    patterns = project["tool"]["setuptools"]["package-data"]["course_lib"]
    shipped = {path for pattern in patterns for path in package.glob(pattern)}
    assert shipped >= {package / "data" / "SOURCES.md", *(package / "data" / "files").iterdir()}


def test_sequences_keep_the_order_of_the_words_and_fill_up_in_front():
    words = ["games", "package", "nonsenseword", "package", "library"]
    number = {word: j + 1 for j, word in enumerate(data.text_info().vocabulary)}
    rows = data.sequences([" ".join(words), ""], steps=6)
    known = [number[word] for word in words if word in number]
    assert len(known) >= 3 and known[-3] == known[-2]
    assert rows.tolist() == [[0] * (6 - len(known)) + known, [0] * 6]
    assert data.sequences([" ".join(words)], steps=2).tolist() == [known[:2]], "the first words are kept"
    with pytest.raises(TypeError, match=r"got one string.*sequences\(\[text\]\)"):
        data.sequences("a game")


def test_sequences_hold_the_words_that_are_counted():
    texts = [example.text for example in data.text_examples("test")[:50]]
    rows = data.sequences(texts, steps=200)
    counted = np.array([np.bincount(row, minlength=1001)[1:] for row in rows])
    np.testing.assert_array_equal(counted, data.vectorize(texts))


# Damage

LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 45394\n"
READERS = {
    "digits.npz": data.load_digits,
    "text_counts.npz": data.load_text,
    "text_vocabulary.txt": data.text_info,
    "text.jsonl.gz": data.text_examples,
}


def forget():
    text_module._columns.cache_clear()
    text_module._examples.cache_clear()


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("half", [False, True])
def test_a_shipped_file_that_is_damaged_is_named_with_what_to_do(tmp_path, monkeypatch, name, half):
    whole = (FILES / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) // 2] if half else LFS)
    monkeypatch.setattr(shipped_files, "FILES", tmp_path)
    forget()
    with pytest.raises(ValueError, match=f"{name} is damaged(?s:.*)git checkout"):
        READERS[name]()
    forget()


def test_lines_that_end_as_on_windows_are_no_damage(tmp_path, monkeypatch):
    expected = data.text_info()
    name = "text_vocabulary.txt"
    (tmp_path / name).write_bytes((FILES / name).read_bytes().replace(b"\n", b"\r\n"))
    monkeypatch.setattr(shipped_files, "FILES", tmp_path)
    forget()
    assert data.text_info() == expected
    forget()
