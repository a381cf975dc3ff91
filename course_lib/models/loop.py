"""`compile`, `fit`, `evaluate`, `predict`: the loop around a model's forward and backward pass.

Where batches come from stands in `batches`, what is checked of them in `checks`.
"""

import os
import sys
import warnings

import numpy as np

from course_lib import losses, optimizers
from course_lib.callbacks import CallbackList, History, ProgressBar
from course_lib.layers.arrays import unshared
from course_lib.layers.passes import Pass
from course_lib.models import batches, checks
from course_lib.models.tally import Tally
from course_lib.utils import reject_unknown

# What errors call the caller, and the size and number of its batches, where they have names of their own there.
ARGUMENTS = {
    "fit": ("fit", "batch_size", "steps_per_epoch"),
    "validation": ("fit(validation_data=…)", "validation_batch_size", "validation_steps"),
}


class Trainer:
    """What a model gains by knowing a loss and an optimizer.

    The model brings `forward(x, run)`, `backward(dy, run)` and `backward_from_logits(dz, run)`, its last layer as
    `output_layer`, its weights and gradients as `flat_parameters` and `flat_gradients`, laid out by `flatten` and
    `keep_flat`, and the variables that stand in them as `flat_variables`.
    """

    optimizer = loss = tally = None
    stop_training = False

    def compile(self, optimizer="rmsprop", loss=None, metrics=None, weighted_metrics=None, **unknown):
        """Choose optimizer, loss and metrics, by name or as objects.

        Args:
            loss: needed by all but `predict`.
            metrics: a list; weighted_metrics: those that heed the weights of examples and classes.

        Which weights are trainable is read when training begins; a later change counts from the next `compile` on.
        """
        if unknown:
            reject_unknown(f"{self.label}.compile", unknown, Trainer.compile, "compile")
        tally = Tally(f"{self.label}.compile", metrics, weighted_metrics)
        self.optimizer, self.loss, self.tally = optimizers.get(optimizer), losses.get(loss), tally
        self._has_begun = False
        if self.built:
            self.flatten()

    @property
    def compiled(self):
        return self.optimizer is not None

    # ---- one batch

    def loss_and_gradient(self, x, y, sample_weight=None, training=True, run=None):
        """The loss of a batch; its gradient is then in `flat_gradients`. Returns `(loss, y_pred)`.

        No weight changes. The loss holds the regularizers' penalties, and so does the gradient.
        x, y: a batch. run: the pass to make it in; a new one where none is given.
        """
        x, y, weight = checks.prepare(self, "loss_and_gradient", x, y, sample_weight)
        self.keep_flat()
        return self._loss_and_gradient(x, y, weight, run or Pass(training))

    def _loss_and_gradient(self, x, y, sample_weight, run):
        """The inner loop of training: x and y were checked before it, and the vectors are the model's own."""
        y_pred = self.forward(x, run)
        self._refuse_mask(run)
        if fuses := self._fuses():
            value, gradient = self.loss.fused(y, self.output_layer.logits(run), y_pred, sample_weight)
        else:
            value, gradient = self.loss.value_and_gradient(y, y_pred, sample_weight)
        run.input_gradient = False  # nobody reads that of the data
        self.backward(gradient, run, fuses)
        for v in self._regularized:
            value += v.regularizer(v.value)
            v.gradient[...] += v.regularizer.gradient(v.value)
        return value, y_pred

    def train_on_batch(self, x, y=None, sample_weight=None, class_weight=None, return_dict=False):
        """One step of the optimizer on this batch. Returns the loss, or `[loss, metric, …]`."""
        x, y, weight = checks.prepare(self, "train_on_batch", x, y, sample_weight, class_weight)
        self._begin()
        with self.tally.counting() as tally:
            tally.update(*self._train_step(x, y, weight), y, weight)
            return self._as_result(tally.logs(), return_dict)

    def test_on_batch(self, x, y=None, sample_weight=None, return_dict=False):
        """Loss and metrics of this batch in inference mode, as `evaluate` returns them."""
        x, y, weight = checks.prepare(self, "test_on_batch", x, y, sample_weight)
        with self.tally.counting() as tally:
            tally.update(*self._test_step(x, y, weight), y, weight)
            return self._as_result(tally.logs(), return_dict)

    def predict_on_batch(self, x):
        """The outputs for these rows, all at once, in inference mode."""
        return self.predict(x, batch_size=max(1, len(x)))

    def _begin(self):
        """Before the first step after `compile`, as in Keras: the weights that are trainable now are those to train."""
        if self.built:  # else the first batch builds it, which lays out the weights
            as_before = self._has_begun or self.variables(trainable=True) == self.flat_variables
            self.keep_flat() if as_before else self.flatten()
        self._has_begun = True

    def _train_step(self, x, y, weight):
        self.keep_flat()  # a callback, or another model that shares layers, may have moved the weights
        value, y_pred = self._loss_and_gradient(x, y, weight, Pass(training=True))
        if self.optimizer.clips_each_variable:
            self.optimizer.apply([v.gradient for v in self.flat_variables], [v.value for v in self.flat_variables])
        else:
            self.optimizer.apply([self.flat_gradients], [self.flat_parameters])
        return value, y_pred

    def _refuse_mask(self, run):
        """Keras leaves the steps that do not count out of loss and metrics."""
        if run.mask is not None:
            raise ValueError(
                f"{self.label} ends with a mask: its outputs are one a step, and some steps do not count. A loss over "
                f"such steps is left out here. Let a recurrent layer without return_sequences, or "
                f"GlobalAveragePooling1D, make one output an example."
            )

    def _finish_weights(self):
        """Where the optimizer keeps a mean of the weights (`use_ema`), training ends with it in their place."""
        each = [v.value for v in self.flat_variables] if self.optimizer.clips_each_variable else [self.flat_parameters]
        self.optimizer.finalize_variable_values(each)

    def _fuses(self):
        """Softmax or sigmoid under its cross-entropy: value and gradient come straight from the logits."""
        layer, fused = self.output_layer, getattr(self.loss, "fused_activation", None)
        return (
            fused is not None
            and hasattr(layer, "backward_from_logits")
            and getattr(layer.activation, "name", None) == fused
        )

    # ---- whole data sets

    def fit(
        self,
        x=None,
        y=None,
        batch_size=None,
        epochs=1,
        verbose="auto",
        callbacks=None,
        validation_split=0.0,
        validation_data=None,
        shuffle=True,
        class_weight=None,
        sample_weight=None,
        initial_epoch=0,
        steps_per_epoch=None,
        validation_steps=None,
        validation_batch_size=None,
        validation_freq=1,
        **unknown,
    ):
        """Train for `epochs` passes over the data, in batches of `batch_size` (default 32). Returns a `History`.

        Args:
            x, y: arrays with one example a row, or tables of pandas; sample_weight: (n,).
                Or x alone gives batches (x, y) or (x, y, sample_weight): a generator, a `utils.PyDataset`, a
                `tf.data.Dataset`.
            class_weight: {class: weight}; a class that is not named counts as 1.
            steps_per_epoch: how many batches make an epoch; left out, an epoch is one pass over the data.
            validation_data: `(x, y)` or `(x, y, sample_weight)`, or what gives such batches (`validation_steps` of
                them), measured as `val_…` after each epoch, or after each `validation_freq`-th;
            validation_split: or this last share of x and y, taken before any shuffling.
            shuffle: a new order each epoch, from `utils.set_random_seed`. A generator or dataset keeps its own.
            verbose: 0 silent, 1 a bar, 2 one line an epoch, "auto": 1 in a terminal or a notebook.
        """
        if unknown:
            reject_unknown(f"{self.label}.fit", unknown, Trainer.fit, "fit")
        epochs = checks.whole_number("fit", "epochs", epochs, None, "passes over the data", least=0)
        if validation_split and validation_data is None:
            if batches.gives_batches(x):
                raise ValueError(
                    f"{self.label}.fit got validation_split with an x that gives batches; only rows of arrays can be "
                    f"split off. Give validation_data=… another source of batches."
                )
            (x, y, sample_weight), validation_data = checks.split(
                "fit", *checks.prepare(self, "fit", x, y, sample_weight), validation_split
            )
        initial_epoch = checks.whole_number("fit", "initial_epoch", initial_epoch, 0, "epochs", least=0)
        data = self._batches("fit", x, y, sample_weight, batch_size, steps_per_epoch, shuffle, class_weight)
        if validation_data is not None:
            size = batch_size if validation_batch_size is None else validation_batch_size
            validation_data = self._batches("validation", *_unpacked(validation_data), size, validation_steps)
        validates = checks.validation_epochs("fit", validation_freq)
        self.history = history = History()
        verbose = _verbosity(verbose)
        added = [history, ProgressBar(verbose)] if verbose else [history]  # last: they see what others add to the logs
        hooks = CallbackList(callbacks, self, added, epochs=epochs, steps=data.steps, verbose=verbose)
        batch_begin, batch_end = hooks.hears("on_train_batch_begin"), hooks.hears("on_train_batch_end")

        self._begin()
        self.stop_training = False
        logs = {}
        hooks.on_train_begin({})
        for epoch in range(initial_epoch, epochs):
            hooks.on_epoch_begin(epoch, {})
            with self.tally.counting() as tally:
                for batch, (x, y, weight) in enumerate(data.epoch()):
                    if batch_begin:
                        hooks.on_train_batch_begin(batch, {})
                    tally.update(*self._train_step(x, y, weight), y, weight)
                    del x, y, weight  # their memory, still near the processor, is the next batch's
                    if batch_end:
                        hooks.on_train_batch_end(batch, tally.logs())
                    if self.stop_training:
                        break
                if not tally.batches_seen:
                    self._say_empty("fit", epoch)
                    break
                logs = tally.logs()
            if validation_data is not None and validates(epoch):
                measured = self._evaluate("fit(validation_data=…)", validation_data, hooks)
                logs |= {f"val_{name}": value for name, value in measured.items()}
            hooks.on_epoch_end(epoch, logs)
            if self.stop_training:
                break
        if epochs:
            self._finish_weights()
        hooks.on_train_end(logs)
        return history

    def evaluate(
        self,
        x=None,
        y=None,
        batch_size=None,
        verbose="auto",
        sample_weight=None,
        steps=None,
        callbacks=None,
        return_dict=False,
        **unknown,
    ):
        """Loss and metrics in inference mode: the loss, or `[loss, metric, …]`, or a dictionary.

        x gives all, or batches, as in `fit`; `steps` ends it after so many batches.
        """
        if unknown:
            reject_unknown(f"{self.label}.evaluate", unknown, Trainer.evaluate, "fit")
        data = self._batches("evaluate", x, y, sample_weight, batch_size, steps)
        hooks = CallbackList(callbacks, self, steps=data.steps, verbose=0)
        logs = self._evaluate("evaluate", data, hooks)
        if _verbosity(verbose):
            print("  ".join(f"{name} {value:.4f}" for name, value in logs.items()))
        return self._as_result(logs, return_dict)

    def _evaluate(self, where, data, hooks):
        batch_begin, batch_end = hooks.hears("on_test_batch_begin"), hooks.hears("on_test_batch_end")
        hooks.on_test_begin({})
        with self.tally.counting() as tally:
            for batch, (x, y, weight) in enumerate(data.epoch()):
                if batch_begin:
                    hooks.on_test_batch_begin(batch, {})
                tally.update(*self._test_step(x, y, weight), y, weight)
                del x, y, weight
                if batch_end:
                    hooks.on_test_batch_end(batch, tally.logs())
            if not tally.batches_seen:
                self._say_empty(where)
            logs = tally.logs()
        hooks.on_test_end(logs)
        return logs

    def _test_step(self, x, y, weight):
        run = Pass()
        y_pred = self.forward(x, run)
        self._refuse_mask(run)
        if self._fuses():
            value, _ = self.loss.fused(y, self.output_layer.logits(run), y_pred, weight)
        else:
            value = self.loss(y, y_pred, weight)
        return value + sum(v.regularizer(v.value) for v in self._regularized), y_pred

    def predict(self, x, batch_size=None, verbose=0, steps=None, callbacks=None, **unknown):
        """The outputs for all rows of x in inference mode, `batch_size` rows at a time (default 1,024).

        x may give batches, as in `fit`; `steps` ends it after so many. The result is an array of its own, which shares
        no memory with x. `verbose` is there for Keras's sake; nothing is printed.
        """
        if unknown:
            reject_unknown(f"{self.label}.predict", unknown, Trainer.predict, "fit")
        if type(x) is np.ndarray and not callbacks and steps is None:
            return self._outputs(x, checks.whole_number("predict", "batch_size", batch_size, 1024, "examples"))
        data = self._batches("predict", x, None, None, batch_size, steps, labelled=False)
        hooks = CallbackList(callbacks, self, steps=data.steps, verbose=0)
        hooks.on_predict_begin({})
        outputs = []
        for batch, (x, _, _) in enumerate(data.epoch()):
            hooks.on_predict_batch_begin(batch, {})
            outputs.append(self.forward(x, Pass(keeps=False)))
            hooks.on_predict_batch_end(batch, {"outputs": outputs[-1]})
        if not outputs:
            self._say_empty("predict")
        hooks.on_predict_end({})
        return np.concatenate(outputs)

    def _outputs(self, x, size):
        """The outputs for the rows of an array, where nobody looks on: what `predict` mostly is."""
        x = checks.prepare_input(self, "predict", x)
        if len(x) <= size:
            return unshared(self.forward(x, Pass(keeps=False)), x)
        starts = range(0, len(x), size)
        return np.concatenate([self.forward(x[start : start + size], Pass(keeps=False)) for start in starts])

    def _batches(self, where, x, y, weight, size, steps, shuffle=False, class_weight=None, labelled=True):
        """x, y and weights as the batches of any source, each checked: arrays at once, the others as they come."""
        where, called_size, called_steps = ARGUMENTS.get(where, (where, "batch_size", "steps"))
        size = checks.whole_number(where, called_size, size, 32 if labelled or steps else 1024, "examples")
        steps = None if steps is None else checks.whole_number(where, called_steps, steps, None, "batches")
        if labelled:
            checks.need_loss(self, where)

        def ready(x, y=None, weight=None):
            if labelled:
                return checks.prepare(self, where, x, y, weight, class_weight)
            return checks.prepare_input(self, where, x), None, None

        if not batches.gives_batches(x):
            return batches.of_arrays(*ready(x, y, weight), size, shuffle, steps)
        if y is not None or weight is not None:
            raise ValueError(
                f"{self.label}.{where} got a {type(x).__name__} that gives batches, and y or sample_weight beside it. "
                f"Let each batch be (x, y) or (x, y, sample_weight)."
            )
        return batches.of_source(x, ready, shuffle, steps)

    def _say_empty(self, where, epoch=0):
        """The source gave no batch: an error at the start; later the end of training, with a word."""
        said = f"{self.label}.{where} got no batch: its source is used up. A generator can be run through once only"
        if epoch == 0:
            raise ValueError(f"{said}; make a new one for each call.")
        warnings.warn(
            f"{said}, so training ends before epoch {epoch + 1}. Let it go on without end and give steps_per_epoch, or "
            f"give a utils.PyDataset.",
            stacklevel=3,
        )

    # ---- metrics

    def reset_metrics(self):
        """Forget the batches seen so far."""
        if self.compiled:
            self.tally.reset()

    @property
    def metrics(self):
        """The metrics of `compile`, once the first batch has told which accuracy is meant."""
        return list(self.tally.metrics or []) if self.compiled else []

    @property
    def metrics_names(self):
        """The names under which `fit` and `evaluate` tell their numbers."""
        return self.tally.names if self.compiled else []

    @staticmethod
    def _as_result(logs, return_dict):
        if return_dict:
            return logs
        values = list(logs.values())
        return values if len(values) > 1 else values[0]


def _unpacked(data):
    """Validation data as x, y and weights: a tuple of them, or one source of all."""
    if batches.gives_batches(data):
        return data, None, None
    if not isinstance(data, (tuple, list)) or len(data) not in (2, 3):
        raise ValueError(
            f"fit got validation_data of type {type(data).__name__}; it takes (x, y) or (x, y, sample_weight), "
            f"or what gives batches of them."
        )
    return (*data, None)[:3]


def _verbosity(verbose):
    """0, 1 or 2. "auto" is a bar where somebody watches: in a terminal or a notebook, not under a test."""
    if verbose != "auto":
        return int(verbose)
    watched = sys.stdout.isatty() or "ipykernel" in sys.modules
    return int(watched and "PYTEST_CURRENT_TEST" not in os.environ)
