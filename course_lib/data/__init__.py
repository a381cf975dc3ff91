"""The two data sets of the course. They are shipped with it: loading reads a file and never asks the network.

    (x_train, y_train), (x_test, y_test) = load_text()      # 1,000 word counts -> one of 10 kinds of software
    (x_train, y_train), (x_test, y_test) = load_digits()    # 8x8 pixels -> one of 10 digits

Where they come from, under which licence, and what simple models reach on them: `SOURCES.md` in this folder.
"""

from course_lib.data.digits import load_digits
from course_lib.data.text import (
    bag_of_words,
    choose_vocabulary,
    load_text,
    sequences,
    text_examples,
    text_info,
    tokenize,
    vectorize,
)

__all__ = [
    "bag_of_words",
    "choose_vocabulary",
    "load_digits",
    "load_text",
    "sequences",
    "text_examples",
    "text_info",
    "tokenize",
    "vectorize",
]
