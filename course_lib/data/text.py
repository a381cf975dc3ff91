"""Descriptions of software in ten classes, each text turned into 1,000 word counts.

The texts are real: what the maintainers of Debian 12 wrote about their packages. The class is the section of
the archive in which a package stands. `SOURCES.md` beside this file says where they come from, under which
licence, how they were chosen, and what a linear model and a small network reach on them.

A text becomes numbers in two steps, each one function here:

    tokenize      "Play music, play!"          ->  ["play", "music", "play"]
    bag_of_words  ["play", "music", "play"]    ->  how often each word of the vocabulary occurs
"""

import re
from collections import Counter, namedtuple
from functools import lru_cache

import numpy as np

from course_lib.data.shipped import shipped

CLASS_NAMES = (
    "fonts",
    "games",
    "graphics",
    "java",
    "javascript",
    "net",
    "python",
    "science",
    "sound",
    "text",
)

# Words that say nothing about a topic, as `tokenize` leaves them ("don't" becomes "don" and "t").
STOP_WORDS = frozenset(
    re.findall(
        "[a-z]+",
        """
        about above after again against all also although always am among an and another any are around as
        at be because been before being below between both but by can cannot could did do does doing don
        down during each either else etc even ever every few for from further had has have having he her
        here hers him his how however if in into is isn it its itself just least less like ll many may me
        might more most much must my neither never no nor not now of off often on once only onto or other
        others otherwise our ours out over own per quite rather re same several shall she should since so
        some such than that the their theirs them themselves then there therefore these they this those
        though through thus to together too toward towards under unless until up upon us ve very via was
        we well were what whatever when where whether which while who whom whose why will with within
        without would yet you your yours yourself
        """,
    )
)

TextInfo = namedtuple("TextInfo", "class_names vocabulary")
TextExample = namedtuple("TextExample", "package source section label text")


def tokenize(text):
    """The words of a text, in order: lower case, every unbroken run of the letters a-z and the digits 0-9.

    >>> tokenize("A 3D game, written in C++.")
    ['a', '3d', 'game', 'written', 'in', 'c']
    """
    return re.findall("[a-z0-9]+", text.lower())


def bag_of_words(text, vocabulary):
    """How often each word of the vocabulary occurs: x[j] = number of times vocabulary[j] is in the text.

    text: a string, or the list of words that `tokenize` made of one.
    vocabulary: a list of words, or a dict {word: column}.
    Returns an array of shape (len(vocabulary),), float32. Words outside the vocabulary are not counted.

    >>> bag_of_words("Play music, play!", ["music", "play", "font"])
    array([1., 2., 0.], dtype=float32)
    """
    words = tokenize(text) if isinstance(text, str) else text
    columns = vocabulary if isinstance(vocabulary, dict) else {word: j for j, word in enumerate(vocabulary)}
    counts = np.zeros(len(columns), dtype="float32")
    for word in words:
        if word in columns:
            counts[columns[word]] += 1
    return counts


def choose_vocabulary(texts, size=1000):
    """The `size` words that occur in the most texts, most frequent first; ties in alphabetical order.

    Left out: STOP_WORDS, single characters and plain numbers. Use training texts only: a vocabulary that has
    seen the test texts has seen part of the answer.
    """
    frequency = Counter(word for text in texts for word in set(tokenize(text)))
    words = [w for w in frequency if len(w) > 1 and not w.isdigit() and w not in STOP_WORDS]
    return sorted(words, key=lambda word: (-frequency[word], word))[:size]


def load_text():
    """The text data set as arrays: 4,000 texts to train on and 1,000 to test with, 400 and 100 of each class.

        (x_train, y_train), (x_test, y_test) = load_text()

    x_train (4000, 1000) and x_test (1000, 1000), float32: x[i, j] is how often word j of the vocabulary is in
    text i; most entries are 0, the largest is 32. y_train (4000,) and y_test (1000,), int64: the class, 0
    to 9. `text_info()` names classes and words, `text_examples("test")` gives the texts, in the rows' order.

    A guess is right for 10 % of the test texts, logistic regression (scikit-learn, max_iter=1000) for 81.0 %,
    Dense(64, relu) - Dense(32, relu) - Dense(10, softmax) after 10 epochs of Adam for about 81 %. Both know
    the training texts nearly by heart (99.6 % and 99.8 %): they overfit heavily.
    """
    with np.load(shipped("text_counts.npz")) as stored:
        label, n_train = stored["label"].astype("int64"), int(stored["n_train"])
        row = np.repeat(np.arange(len(label)), stored["words_in_text"])
        x = np.zeros((len(label), 1000), dtype="float32")
        x[row, stored["column"]] = stored["count"]
    return (x[:n_train], label[:n_train]), (x[n_train:], label[n_train:])


def text_info():
    """What the numbers of `load_text` mean, as a named tuple.

    class_names: tuple of 10 names, class_names[y[i]] is the class of text i.
    vocabulary: tuple of 1,000 words, vocabulary[j] is the word that x[:, j] counts, most frequent first.
    """
    return TextInfo(CLASS_NAMES, tuple(_columns()))


def text_examples(split="test"):
    """The texts in the order of the rows of `load_text`: a list of 4,000 ("train") or 1,000 ("test").

    Each is a named tuple: package and source (its names in Debian), section (of the archive), label (0 to 9),
    and text, whose first line is the title.
    """
    if split not in ("train", "test"):
        raise ValueError(f'text_examples got split={split!r}; it has "train" and "test".')
    return list(_examples()[split])


def vectorize(texts):
    """Turn texts into rows of word counts as in `load_text`: a list of n strings -> (n, 1000), float32.

    >>> vectorize(["A puzzle game with music", "Python bindings for a sound library"]).shape
    (2, 1000)
    """
    if isinstance(texts, str):
        raise TypeError("vectorize got one string; it takes a list of texts, one a row: vectorize([text]).")
    texts = list(texts)
    if not texts:
        raise ValueError("vectorize got no text; it needs at least one, each makes one row.")
    for i, text in enumerate(texts):
        if not isinstance(text, str):
            raise TypeError(f"vectorize got {type(text).__name__} as text {i}; each text must be a string.")
    return np.stack([bag_of_words(text, _columns()) for text in texts])


def sequences(texts, steps=30):
    """Turn texts into rows of word numbers that keep the order: a list of n strings -> (n, steps), int64.

    Word j of the vocabulary is the number j + 1; other words are left out. The first `steps` words are kept, and a
    shorter text is filled up with 0 **in front**, so that the last step is always a word.

    >>> sequences(["This game uses a library", "Music!"], steps=3)
    array([[ 41,  58,   6],
           [  0,   0, 203]])
    """
    if isinstance(texts, str):
        raise TypeError("sequences got one string; it takes a list of texts, one a row: sequences([text]).")
    columns = _columns()
    rows = [[columns[word] + 1 for word in tokenize(text) if word in columns][:steps] for text in texts]
    return np.array([[0] * (steps - len(row)) + row for row in rows])


@lru_cache(maxsize=1)
def _columns():
    """{word: column} of the shipped vocabulary."""
    words = shipped("text_vocabulary.txt").read().decode("utf-8").split()
    return {word: j for j, word in enumerate(words)}


@lru_cache(maxsize=1)
def _examples():
    import gzip
    import json

    examples = {"train": [], "test": []}
    with gzip.open(shipped("text.jsonl.gz"), "rt", encoding="utf-8") as lines:
        for line in lines:
            fields = json.loads(line)
            examples[fields.pop("split")].append(TextExample(**fields))
    return examples
