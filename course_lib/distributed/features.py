"""The classifier's 1,000 features, prepared from the shipped raw texts by Spark; the same numbers as `data.load_text`.

Two steps, each a job that no machine needs to hold all texts for:

    vocabulary    the 1,000 words that occur in the most training texts, without stop words, numbers, single letters
    counts        how often each text holds each of these words

Once with DataFrames, which Spark plans and runs without Python, and once with RDDs: PySpark's or `distributed.rdd`.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from course_lib.data.shipped import FILES
from course_lib.data.text import STOP_WORDS, bag_of_words, tokenize

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

SIZE = 1000

# --- with DataFrames --------------------------------------------------------------------------------------------------


def read_texts(session: "SparkSession") -> "DataFrame":
    """The shipped texts as a DataFrame (row, split, label, text). The file is one partition, so rows keep its order."""
    from pyspark.sql import functions as F

    lines = session.read.schema("split string, label int, text string").json(str(FILES / "text.jsonl.gz"))
    return lines.withColumn("row", F.monotonically_increasing_id())


def words_of(texts: "DataFrame") -> "DataFrame":
    """(row, word) for each word of each text, as `tokenize` finds them."""
    from pyspark.sql import functions as F

    found = F.regexp_extract_all(F.lower("text"), F.lit("[a-z0-9]+"), F.lit(0))
    return texts.select("row", F.explode(found).alias("word"))


def vocabulary(texts: "DataFrame", size: int = SIZE) -> "DataFrame":
    """A DataFrame (word, texts): the words that occur in the most texts, ties in alphabetical order.

    In SQL: SELECT word, COUNT(DISTINCT row) … GROUP BY word ORDER BY 2 DESC, 1 LIMIT 1000.
    """
    from pyspark.sql import functions as F

    stop_words = texts.sparkSession.createDataFrame([(word,) for word in sorted(STOP_WORDS)], "word string")
    return (
        words_of(texts)
        .where("length(word) > 1 and not word rlike '^[0-9]+$'")
        .join(F.broadcast(stop_words), "word", "left_anti")
        .distinct()  # a word counts once for each text
        .groupBy("word")
        .agg(F.count("*").alias("texts"))
        .orderBy(F.desc("texts"), "word")
        .limit(size)
    )


def counts(texts: "DataFrame", words: list[str]) -> "DataFrame":
    """A DataFrame (row, column, count): how often text `row` holds the word of that column, where it does.

    words: the vocabulary as a list of strings, columns in its order.
    """
    from pyspark.sql import functions as F

    columns = texts.sparkSession.createDataFrame(list(zip(words, range(len(words)))), "word string, column int")
    return (
        words_of(texts)
        .join(F.broadcast(columns), "word")  # a small table goes to every machine; the large one stays where it is
        .groupBy("row", "column")
        .agg(F.count("*").alias("count"))
    )


def load_text(session: "SparkSession") -> tuple[Any, list[str]]:
    """((x_train, y_train), (x_test, y_test)) and the vocabulary, from the raw texts, as `data.load_text` has them."""
    texts = read_texts(session)
    words = [found.word for found in vocabulary(texts.where("split = 'train'")).collect()]
    rows = texts.select("row", "split", "label").orderBy("row").collect()
    x = np.zeros((len(rows), len(words)), dtype="float32")
    for row, column, count in counts(texts, words).collect():
        x[row, column] = count
    y = np.array([row.label for row in rows], dtype="int64")
    train = np.array([row.split == "train" for row in rows])
    return ((x[train], y[train]), (x[~train], y[~train])), words


# --- with RDDs --------------------------------------------------------------------------------------------------------


def rdd_vocabulary(texts: Any, size: int = SIZE) -> list[str]:
    """The vocabulary of an RDD of texts, as a list of words."""

    def worth(word: str) -> bool:
        return len(word) > 1 and not word.isdigit() and word not in STOP_WORDS

    frequency = (
        texts.flatMap(lambda text: [(word, 1) for word in set(tokenize(text)) if worth(word)])
        .reduceByKey(lambda a, b: a + b)
        .map(lambda found: ((-found[1], found[0]), None))
    )
    return [word for (_, word), _ in frequency.sortByKey(numPartitions=1).take(size)]


def rdd_counts(texts: Any, words: list[str]) -> Any:
    """An RDD with the counts of each text, arrays of shape (len(words),), in the order of the texts."""

    def rows(part: Iterable[str]) -> Iterator[Any]:
        columns = {word: j for j, word in enumerate(words)}  # once for each partition, not for each text
        return (bag_of_words(text, columns) for text in part)

    return texts.mapPartitions(rows)
