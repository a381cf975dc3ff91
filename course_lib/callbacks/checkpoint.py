"""What is kept of a training while it runs: the model in files."""

import warnings
from pathlib import Path

from course_lib.callbacks.monitor import MonitorCallback, improves
from course_lib.text.words import short


class ModelCheckpoint(MonitorCallback):
    """Save the model after each epoch, or only when `monitor` is better than ever before.

        ModelCheckpoint("best.npz", monitor="val_accuracy", save_best_only=True)
        ModelCheckpoint("{epoch:02d}-{val_loss:.2f}.npz")       # 01-0.69.npz, 02-0.55.npz, …

    Args:
        filepath: may name `epoch` (from 1), `batch` (where saved by batches) and every number of the logs, in braces.
            Its folder is made where it is missing. A file appears whole or not at all.
        monitor, mode: which number, and which way is better.
        save_best_only: keep what is there unless `monitor` improves. `initial_value_threshold`: it must beat this, too.
        save_weights_only: `model.save_weights` in place of `model.save`.
        save_freq: "epoch", or a number of batches after which to save.
        verbose: 1 prints what it does.
    """

    def __init__(
        self,
        filepath,
        monitor="val_loss",
        verbose=0,
        save_best_only=False,
        save_weights_only=False,
        mode="auto",
        save_freq="epoch",
        initial_value_threshold=None,
    ):
        super().__init__(monitor, mode, 0.0)
        if save_freq != "epoch" and (isinstance(save_freq, bool) or not isinstance(save_freq, int) or save_freq < 1):
            raise ValueError(
                f"ModelCheckpoint got save_freq={short(save_freq)}; it takes 'epoch' or a number of batches."
            )
        self.filepath, self.verbose = str(filepath), verbose
        self.save_best_only, self.save_weights_only, self.save_freq = save_best_only, save_weights_only, save_freq
        self.best = initial_value_threshold
        self.batches = 0  # since it last saved

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        if self.save_freq == "epoch":
            return
        self.batches += 1
        if self.batches >= self.save_freq:
            self.batches = 0
            self.save(self.path(logs, batch=batch + 1), logs)

    def on_epoch_end(self, epoch, logs=None):
        if self.save_freq == "epoch":
            self.save(self.path(logs), logs)

    def path(self, logs, **more):
        """`filepath` with its numbers filled in."""
        numbers = {"epoch": self.epoch + 1, **more, **(logs or {})}
        try:
            return self.filepath.format(**numbers)
        except KeyError as error:
            what, more = f"names {error}", " A name with val_ needs validation_data or validation_split."
        except (AttributeError, IndexError, TypeError, ValueError) as error:  # {}, {1}, {epoch.x}, {epoch:q}, {
            what, more = f"cannot be filled in: {error}", " A brace that stands for itself is doubled: {{."
        raise ValueError(
            f"ModelCheckpoint got filepath={short(self.filepath)}, which {what}; the names in braces are "
            f"{', '.join(numbers)}, each with its format: {{epoch:02d}}.{more}"
        )

    def save(self, path, logs):
        if self.save_best_only and not self.is_best(logs or {}, path):
            return
        if not self.save_best_only:
            self.say(f"saving model to {path}")
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        if self.save_weights_only:
            self.model.save_weights(path)
        else:
            self.model.save(path)

    def is_best(self, logs, path):
        value = logs.get(self.monitor)
        if value is None:
            warnings.warn(
                f"ModelCheckpoint watches {short(self.monitor)}, which is not among the logs: "
                f"{', '.join(logs) or 'none'}. "
                f"It saves each time, as in Keras. A name with val_ needs validation_data or validation_split.",
                stacklevel=5,
            )
            return True
        best = "None" if self.best is None else f"{self.best:.5f}"
        if not improves(value, self.best, 0.0, self.resolved_mode()):
            self.say(f"{self.monitor} did not improve from {best}")
            return False
        self.say(f"{self.monitor} improved from {best} to {value:.5f}, saving model to {path}")
        self.best = value
        return True

    def say(self, what):
        if self.verbose:
            print(f"\nEpoch {self.epoch + 1}: {what}")
