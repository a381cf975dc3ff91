"""What ends training before its last epoch: a number that no longer improves, or one that is none."""

import math

from course_lib.callbacks.base import Callback
from course_lib.callbacks.monitor import MonitorCallback, improves


class EarlyStopping(MonitorCallback):
    """Stop when `monitor` has not improved for `patience` epochs.

    Args:
        monitor, mode, min_delta: which number, which way is better, by how much it must improve.
        patience: how many epochs in a row may fail to improve. 0 stops at the first.
        baseline: an epoch must also beat this number to set the patience back.
        restore_best_weights: put the weights of the best epoch back at the end, whether it stopped early or not.
        start_from_epoch: epochs before it are not looked at.
        verbose: 1 prints when it stops and what it restores.

    After training: `stopped_epoch` (0: it ran to the end), `best`, `best_epoch`. Source: Prechelt, 1998, Early
    stopping, but when?
    """

    def __init__(
        self,
        monitor="val_loss",
        min_delta=0,
        patience=0,
        verbose=0,
        mode="auto",
        baseline=None,
        restore_best_weights=False,
        start_from_epoch=0,
    ):
        super().__init__(monitor, mode, min_delta)
        self.patience, self.verbose, self.baseline = patience, verbose, baseline
        self.restore_best_weights, self.start_from_epoch = restore_best_weights, start_from_epoch
        self.on_train_begin()

    def on_train_begin(self, logs=None):
        self.wait = self.stopped_epoch = self.best_epoch = 0
        self.best = self.best_weights = None

    def on_epoch_end(self, epoch, logs=None):
        mode, value = self.resolved_mode(), self.monitored(logs)
        if value is None or epoch < self.start_from_epoch:
            return
        self.wait += 1
        if improves(value, self.best, self.min_delta, mode):
            self.best, self.best_epoch = value, epoch
            if self.restore_best_weights:
                self.best_weights = self.model.get_weights()
            if improves(value, self.baseline, self.min_delta, mode):
                self.wait = 0
        elif self.wait >= self.patience:
            self.stopped_epoch, self.model.stop_training = epoch, True

    def on_train_end(self, logs=None):
        if self.stopped_epoch and self.verbose:
            print(f"Epoch {self.stopped_epoch + 1}: early stopping")
        if self.best_weights is not None:
            if self.verbose:
                print(f"Restoring model weights from the end of the best epoch: {self.best_epoch + 1}.")
            self.model.set_weights(self.best_weights)


class TerminateOnNaN(Callback):
    """Stop after the first batch whose loss is NaN or infinite: from there on every batch is wasted.

    raise_error: raise a RuntimeError instead, so that nothing runs on with the broken weights.
    """

    def __init__(self, raise_error=False):
        self.raise_error = raise_error

    def on_train_batch_end(self, batch, logs=None):
        loss = (logs or {}).get("loss")
        if loss is None or math.isfinite(loss):
            return
        if self.raise_error:
            raise RuntimeError(
                f"The loss is {loss} after batch {batch}, and so are the weights soon. "
                f"Lower the learning rate, clip the gradients, or look for a NaN in the data."
            )
        print(f"Batch {batch}: Invalid loss, terminating training")
        self.model.stop_training = True
