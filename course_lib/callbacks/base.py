"""Hooks that `fit`, `evaluate` and `predict` call, and the history that `fit` returns."""

import sys
import time

from course_lib.text.words import short


class Callback:
    """Base class: override the hooks you need. `self.model` is the model, `logs` the numbers so far.

    `on_batch_begin` and `on_batch_end` are older names of `on_train_batch_begin` and `on_train_batch_end`, and called
    where a callback does not override those.

    `set_params` gives `epochs`, `steps` (a number of batches) and `verbose`. A callback ends training by
    `self.model.stop_training = True`.
    """

    model = None
    params = {}

    def set_model(self, model):
        self.model = model

    def set_params(self, params):
        self.params = params

    def on_train_begin(self, logs=None): ...
    def on_train_end(self, logs=None): ...
    def on_epoch_begin(self, epoch, logs=None): ...
    def on_epoch_end(self, epoch, logs=None): ...
    def on_batch_begin(self, batch, logs=None): ...
    def on_batch_end(self, batch, logs=None): ...

    def on_train_batch_begin(self, batch, logs=None):
        self.on_batch_begin(batch, logs)

    def on_train_batch_end(self, batch, logs=None):
        self.on_batch_end(batch, logs)

    def on_test_begin(self, logs=None): ...
    def on_test_end(self, logs=None): ...
    def on_test_batch_begin(self, batch, logs=None): ...
    def on_test_batch_end(self, batch, logs=None): ...
    def on_predict_begin(self, logs=None): ...
    def on_predict_end(self, logs=None): ...
    def on_predict_batch_begin(self, batch, logs=None): ...
    def on_predict_batch_end(self, batch, logs=None): ...


class LambdaCallback(Callback):
    """A callback from functions: `LambdaCallback(on_epoch_end=lambda epoch, logs: print(logs["loss"]))`."""

    def __init__(self, **hooks):
        for name, function in hooks.items():
            if not (name.startswith("on_") and hasattr(Callback, name)):
                known = ", ".join(sorted(n for n in vars(Callback) if n.startswith("on_")))
                raise TypeError(f"LambdaCallback got an unknown hook {short(name)}. It knows: {known}.")
            setattr(self, name, function)


class History(Callback):
    """What `fit` returns: `history` maps each name to a list with one number an epoch, `epoch` lists the epochs."""

    def __init__(self):
        self.history, self.epoch = {}, []

    def on_epoch_end(self, epoch, logs=None):
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)


class ProgressBar(Callback):
    """Prints the course of training: `verbose=1` a bar that rewrites its line, `verbose=2` one line an epoch.

    Lines of `verbose=2` hold no times, so that two equal runs print the same.
    """

    width = 24

    def __init__(self, verbose=1):
        self.verbose = verbose

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch, self.start, self.shown = epoch, time.perf_counter(), 0.0

    def on_train_batch_end(self, batch, logs=None):
        now = time.perf_counter()
        if self.verbose == 1 and now - self.shown > 0.1:
            self.shown, done = now, batch + 1
            steps = self.params["steps"]  # None where the source of the batches alone knows its end
            filled = self.width * done // steps if steps else 0
            bar = "#" * filled + "." * (self.width - filled)
            sys.stdout.write(f"\r{self._head()} [{bar}] {done}/{steps or '?'}")
            sys.stdout.flush()

    def on_epoch_end(self, epoch, logs=None):
        numbers = "  ".join(f"{name} {value:.4f}" for name, value in (logs or {}).items())
        if self.verbose == 1:
            seconds = time.perf_counter() - self.start
            sys.stdout.write(f"\r{self._head()} {numbers}  ({seconds:.1f} s){' ' * self.width}\n")
        else:
            sys.stdout.write(f"{self._head()}  {numbers}\n")

    def _head(self):
        epochs = self.params["epochs"]
        return f"Epoch {self.epoch + 1:>{len(str(epochs))}}/{epochs}"


class CallbackList:
    """Calls each hook of several callbacks in turn. `hears(hook)` tells whether any of them overrides it."""

    def __init__(self, callbacks, model, added=(), **params):
        given = [callbacks] if isinstance(callbacks, Callback) else list(callbacks or [])
        for callback in given:
            if not isinstance(callback, Callback):
                raise TypeError(f"callbacks holds {short(callback)}; it takes objects of course_lib.callbacks.")
        self.callbacks = [*given, *added]
        for callback in self.callbacks:
            callback.set_params(params)
            callback.set_model(model)

    def hears(self, hook):
        names = {hook, hook.replace("_train_batch_", "_batch_")}
        return any(
            getattr(type(c), name) is not getattr(Callback, name) or name in vars(c)
            for c in self.callbacks
            for name in names
        )

    def __getattr__(self, hook):
        functions = [getattr(c, hook) for c in self.callbacks]

        def call(*args):
            for function in functions:
                function(*args)

        return call
