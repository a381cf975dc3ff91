"""The history as a file, a line an epoch."""

import csv
import os
from pathlib import Path

from course_lib.callbacks.base import Callback


class CSVLogger(Callback):
    """Write the logs of each epoch to a file of comma-separated values: `epoch` (from 0), then the names in order.

    separator: what stands between two values. append: go on below what the file holds, in place of beginning anew.
    Each line is in the file as soon as its epoch is over. "NA" stands where a number is missing, as in an epoch without
    validation.
    """

    def __init__(self, filename, separator=",", append=False):
        self.filename, self.separator, self.append = Path(filename), separator, append

    def on_train_begin(self, logs=None):
        going_on = self.append and self.filename.exists() and self.filename.stat().st_size > 0
        self.names, self.headed = None, going_on
        if going_on:
            self._end_last_line()
        else:
            self.filename.write_text("", encoding="utf-8")

    def _end_last_line(self):
        """Where the last program was stopped within a line, the next one is still a line of its own."""
        with open(self.filename, "r+b") as file:
            file.seek(-1, os.SEEK_END)
            if file.read() not in (b"\n", b"\r"):
                file.write(b"\r\n")

    def on_epoch_end(self, epoch, logs=None):
        logs = logs or {}
        if self.names is None:
            self.names = sorted(logs)
            if not any(name.startswith("val_") for name in self.names):
                self.names += [f"val_{name}" for name in self.names]
        with open(self.filename, "a", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, delimiter=self.separator)
            if not self.headed:
                writer.writerow(["epoch", *self.names])
                self.headed = True
            writer.writerow([epoch, *(logs.get(name, "NA") for name in self.names)])
