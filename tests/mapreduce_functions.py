"""What the jobs of test_mapreduce.py map and reduce with. Each worker reads this file, so it imports little."""

import os
import pathlib
import signal
import time

from course_lib.distributed import mapreduce
from course_lib.distributed.mapreduce import jobs


def pairs_of(record):
    """A mapper: the record is a list of pairs."""
    yield from record


def as_list(key, values):
    return list(values)


def total(key, values):
    return sum(values)


def first_letter(word, partitions):
    return 0 if word.startswith("a") else 1


def count_empty_lines(line):
    if not line:
        mapreduce.count("empty lines")
    mapreduce.count("letters", len(line))
    return jobs.words(line)


class DiesAt:
    """A mapper that ends its process on one word, the first `times` times."""

    def __init__(self, word, marks, times):
        self.word, self.marks, self.times = word, pathlib.Path(marks), times

    def __call__(self, line):
        for word in line.split():
            if word == self.word and len(list(self.marks.iterdir())) < self.times:
                (self.marks / str(os.getpid())).touch()
                os._exit(7)
            yield word, 1


def fails_on_dog(line):
    yield len(line) // (0 if "dog" in line else 1), 1


def forgets_to_yield(line):
    line.split()


def yields_words(line):
    yield from line.split()


def yields_lists(line):
    yield [line], 1


def yields_generators(line):
    yield line, (c for c in line)


def divides_by_zero(key, values):
    return 1 / 0


def mean(key, values):
    return sum(values) / len(values)


class InterruptsDriver:
    def __init__(self, pid):
        self.pid = pid

    def __call__(self, number):
        while True:
            os.kill(self.pid, signal.SIGINT)
            time.sleep(60)
        yield number, 1
