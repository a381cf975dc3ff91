"""`compile`, `fit`, `evaluate`, `predict`: the loop around a model's forward and backward pass."""

import os
import sys

import numpy as np

from course_lib import losses, optimizers
from course_lib import metrics as metrics_module
from course_lib.callbacks import CallbackList, History, ProgressBar
from course_lib.layers.passes import INFERENCE, Pass
from course_lib.utils import generator, reject_unknown


class Trainer:
    """What a model gains by knowing a loss and an optimizer.

    The model brings `forward(x, run)` and `backward(dy, run, from_logits)`, its last layer as `output_layer`,
    its weights and gradients as `flat_parameters` and `flat_gradients`, laid out by `flatten`.
    """

    optimizer = loss = None
    stop_training = False

    def compile(self, optimizer, loss=None, metrics=None, **unknown):
        """Choose optimizer, loss and metrics, by name or as objects. Which weights are trainable is read now."""
        reject_unknown(f"{self.label}.compile", unknown, _arguments(Trainer.compile), "compile")
        if loss is None:
            raise ValueError(
                f"{self.label}.compile got no loss. "
                f"Give one by name, for instance loss='sparse_categorical_crossentropy'."
            )
        if isinstance(metrics, str):
            raise TypeError(f"{self.label}.compile got metrics={metrics!r}; it takes a list: metrics=[{metrics!r}].")
        self.optimizer = optimizers.get(optimizer)
        self.loss = losses.get(loss)
        self.metric_names = list(metrics or [])
        for metric in self.metric_names:
            metrics_module.get(metric)  # raises where it is none; which accuracy is meant, the first batch will tell
        self._metrics = None
        if self.built:
            self.flatten()

    # ---- one batch

    def loss_and_gradient(self, x, y, sample_weight=None, training=True, run=None):
        """The loss of a batch; its gradient is then in `flat_gradients`. Returns `(loss, y_pred)`.

        No weight changes. The loss holds the regularizers' penalties, and so does the gradient.
        run: the pass to make it in; a new one where none is given.
        """
        run = run or Pass(training)
        y_pred = self.forward(x, run)
        if fuses := self._fuses():
            value, gradient = self.loss.fused(y, self.output_layer.logits(run), y_pred, sample_weight)
        else:
            value, gradient = self.loss.value_and_gradient(y, y_pred, sample_weight)
        run.backward(self, gradient, from_logits=fuses, input_gradient=False)
        for v in self._regularized:
            value += v.regularizer(v.value)
            v.gradient[...] += v.regularizer.gradient(v.value)
        return value, y_pred

    def train_on_batch(self, x, y, sample_weight=None, class_weight=None, return_dict=False):
        """One step of the optimizer on this batch. Returns the loss, or `[loss, metric, …]`."""
        x, y, weight = self._prepare("train_on_batch", x, y, sample_weight)
        weight = self._weigh_classes("train_on_batch", y, class_weight, weight)
        self.keep_flat()
        value, y_pred = self._train_step(x, y, weight)
        self._reset_metrics()
        self._update_metrics(value, y, y_pred)
        return self._as_result(self._logs(), return_dict)

    def _train_step(self, x, y, weight):
        value, y_pred = self.loss_and_gradient(x, y, weight)
        if self.optimizer.clips_each_variable:
            self.optimizer.apply(self.gradients, self.trainable_weights)
        else:
            self.optimizer.apply([self.flat_gradients], [self.flat_parameters])
        return value, y_pred

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
        x,
        y,
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
        validation_batch_size=None,
        **unknown,
    ):
        """Train for `epochs` passes over the data, in batches of `batch_size` (default 32). Returns a `History`.

        Args:
            x, y: arrays with one example a row. sample_weight: (n,), class_weight: {class: weight}.
            validation_data: `(x, y)` or `(x, y, sample_weight)`, measured after each epoch as `val_…`;
            validation_split: or this last share of x and y, taken before any shuffling.
            shuffle: a new order each epoch, from `utils.set_random_seed`.
            verbose: 0 silent, 1 a bar, 2 one line an epoch, "auto": 1 in a terminal or a notebook.
        """
        reject_unknown(f"{self.label}.fit", unknown, _arguments(Trainer.fit), "fit")
        x, y, weight = self._prepare("fit", x, y, sample_weight)
        if validation_data is not None:
            validation_data = self._prepare("fit(validation_data=…)", *_two_or_three(validation_data))
        elif validation_split:
            (x, y, weight), validation_data = _split(x, y, weight, validation_split)
        weight = self._weigh_classes("fit", y, class_weight, weight)
        if not isinstance(epochs, (int, np.integer)) or epochs < 0:
            raise ValueError(
                f"{self.label}.fit got epochs={epochs!r}; it needs a whole number of passes over the data."
            )
        batch_size = _batch_size("fit", batch_size)
        validation_batch_size = _batch_size("fit(validation_batch_size=…)", validation_batch_size, batch_size)
        starts = range(0, len(x), batch_size)
        self.history = history = History()
        verbose = _verbosity(verbose)
        added = [history, ProgressBar(verbose)] if verbose else [history]  # last: they see what others add to the logs
        hooks = CallbackList(callbacks, self, added, epochs=epochs, steps=len(starts), verbose=verbose)
        batch_begin, batch_end = hooks.hears("on_train_batch_begin"), hooks.hears("on_train_batch_end")

        self.keep_flat()
        self.stop_training = False
        logs = {}
        hooks.on_train_begin({})
        for epoch in range(initial_epoch, epochs):
            hooks.on_epoch_begin(epoch, {})
            order = generator().permutation(len(x)) if shuffle else None
            self._reset_metrics()
            for batch, start in enumerate(starts):
                if batch_begin:
                    hooks.on_train_batch_begin(batch, {})
                rows = slice(start, start + batch_size) if order is None else order[start : start + batch_size]
                y_batch = y[rows]
                value, y_pred = self._train_step(x[rows], y_batch, None if weight is None else weight[rows])
                self._update_metrics(value, y_batch, y_pred)
                if batch_end:
                    hooks.on_train_batch_end(batch, self._logs())
                if self.stop_training:
                    break
            logs = self._logs()
            if validation_data is not None:
                measured = self._evaluate(*validation_data, validation_batch_size, hooks)
                logs |= {f"val_{name}": value for name, value in measured.items()}
            hooks.on_epoch_end(epoch, logs)
            if self.stop_training:
                break
        hooks.on_train_end(logs)
        return history

    def evaluate(
        self, x, y, batch_size=None, verbose="auto", sample_weight=None, callbacks=None, return_dict=False, **unknown
    ):
        """Loss and metrics in inference mode: the loss, or `[loss, metric, …]`, or a dictionary."""
        reject_unknown(f"{self.label}.evaluate", unknown, _arguments(Trainer.evaluate))
        x, y, weight = self._prepare("evaluate", x, y, sample_weight)
        batch_size = _batch_size("evaluate", batch_size)
        hooks = CallbackList(callbacks, self, steps=-(-len(x) // batch_size), verbose=0)
        logs = self._evaluate(x, y, weight, batch_size, hooks)
        if _verbosity(verbose):
            print("  ".join(f"{name} {value:.4f}" for name, value in logs.items()))
        return self._as_result(logs, return_dict)

    def _evaluate(self, x, y, weight, batch_size, hooks):
        self._reset_metrics()
        hooks.on_test_begin({})
        for batch, start in enumerate(range(0, len(x), batch_size)):
            hooks.on_test_batch_begin(batch, {})
            rows = slice(start, start + batch_size)
            run = Pass()
            y_pred = self.forward(x[rows], run)
            value = self._loss_value(y[rows], y_pred, None if weight is None else weight[rows], run)
            self._update_metrics(value, y[rows], y_pred)
            hooks.on_test_batch_end(batch, self._logs())
        logs = self._logs()
        hooks.on_test_end(logs)
        return logs

    def _loss_value(self, y, y_pred, weight, run):
        if self._fuses():
            value, _ = self.loss.fused(y, self.output_layer.logits(run), y_pred, weight)
        else:
            value = self.loss(y, y_pred, weight)
        return value + sum(v.regularizer(v.value) for v in self._regularized)

    def predict(self, x, batch_size=None, verbose=0, callbacks=None, **unknown):
        """The outputs for all rows of x in inference mode, `batch_size` rows at a time (default 1,024).

        `verbose` is there for Keras's sake; nothing is printed.
        """
        reject_unknown(f"{self.label}.predict", unknown, _arguments(Trainer.predict))
        x = self._prepare_input("predict", x)
        batch_size = _batch_size("predict", batch_size, 1024)
        hooks = CallbackList(callbacks, self, steps=-(-len(x) // batch_size), verbose=0)
        hooks.on_predict_begin({})
        outputs = []
        for batch, start in enumerate(range(0, len(x), batch_size)):
            hooks.on_predict_batch_begin(batch, {})
            outputs.append(self.forward(x[start : start + batch_size], INFERENCE))
            hooks.on_predict_batch_end(batch, {"outputs": outputs[-1]})
        hooks.on_predict_end({})
        return outputs[0] if len(outputs) == 1 else np.concatenate(outputs)

    # ---- checks

    def _prepare_input(self, where, x):
        x = self.as_input(x)
        if x.ndim == 0 or len(x) == 0:
            raise ValueError(
                f"{self.label}.{where} got an x of shape {x.shape}: no examples. "
                f"Each row is one example; give one or more."
            )
        self.ensure_built(x.shape)
        self.check_input(x.shape)
        return x

    def _prepare(self, where, x, y, sample_weight=None):
        """x, y and weights as arrays that fit the model and its loss, or an error that says what does not."""
        if self.loss is None:
            raise RuntimeError(f"{self.label}.{where} needs a loss and an optimizer: call compile first.")
        x, y = self._prepare_input(where, x), np.asarray(y)
        if y.ndim == 0 or len(y) != len(x):
            raise ValueError(
                f"{self.label}.{where} got {len(x)} rows of x and y of shape {y.shape}; "
                f"each row of x needs its own row of y."
            )
        self.loss.check(y, (len(x), *self.compute_output_shape((None, *x.shape[1:]))[1:]))
        if y.dtype.kind == "f":
            y = y.astype(self.dtype, copy=False)
        if sample_weight is not None:
            sample_weight = np.asarray(sample_weight, self.dtype)
            if sample_weight.shape != (len(x),):
                raise ValueError(
                    f"{self.label}.{where} got sample_weight of shape {sample_weight.shape}; "
                    f"it needs one number an example: ({len(x)},)."
                )
        return x, y, sample_weight

    def _weigh_classes(self, where, y, class_weight, sample_weight):
        """`{class: weight}` as one weight an example, times its sample weight."""
        if class_weight is None:
            return sample_weight
        labels = y.argmax(-1) if y.ndim > 1 and y.shape[-1] > 1 else y.reshape(len(y), -1)[:, 0]
        if labels.ndim > 1:
            raise ValueError(
                f"{self.label}.{where} got class_weight, which needs one label an example; y is {y.shape}."
            )
        missing = sorted(set(np.unique(labels).tolist()) - set(class_weight))
        if missing:
            raise ValueError(
                f"{self.label}.{where} got class_weight without the classes {missing}, which y holds. "
                f"Give each class a weight; 1 leaves it as it is."
            )
        of_class = np.array([class_weight[label] for label in labels.tolist()], self.dtype)
        return of_class if sample_weight is None else sample_weight * of_class

    # ---- metrics

    def _reset_metrics(self):
        self._loss_mean = metrics_module.Mean("loss")
        for metric in self._metrics or []:
            metric.reset_state()

    def _update_metrics(self, value, y, y_pred):
        if self._metrics is None:
            self._metrics = [metrics_module.resolve(name, y, y_pred) for name in self.metric_names]
        self._loss_mean.update_state(value, sample_weight=len(y))
        for metric in self._metrics:
            metric.update_state(y, y_pred)

    def _logs(self):
        return {"loss": self._loss_mean.result()} | {m.name: m.result() for m in self._metrics or []}

    @staticmethod
    def _as_result(logs, return_dict):
        if return_dict:
            return logs
        values = list(logs.values())
        return values if len(values) > 1 else values[0]


def _arguments(function):
    return set(function.__code__.co_varnames[: function.__code__.co_argcount]) - {"self"}


def _verbosity(verbose):
    """0, 1 or 2. "auto" is a bar where somebody watches: in a terminal or a notebook, not under a test."""
    if verbose != "auto":
        return int(verbose)
    watched = sys.stdout.isatty() or "ipykernel" in sys.modules
    return int(watched and "PYTEST_CURRENT_TEST" not in os.environ)


def _batch_size(where, given, default=32):
    if given is None:
        return default
    if not isinstance(given, (int, np.integer)) or given < 1:
        raise ValueError(f"{where} got batch_size={given!r}; it needs a whole number of examples, 1 or more.")
    return int(given)


def _two_or_three(data):
    if not isinstance(data, (tuple, list)) or len(data) not in (2, 3):
        raise ValueError(
            f"fit got validation_data of type {type(data).__name__}; it takes (x, y) or (x, y, sample_weight)."
        )
    return data


def _split(x, y, weight, share):
    """The last `share` of the rows kept for validation, before any shuffling."""
    at = int(len(x) * (1 - share)) if 0 < share < 1 else 0
    if at in (0, len(x)):
        raise ValueError(
            f"fit got validation_split={share!r} for {len(x)} examples; it is the share kept for validation, "
            f"above 0 and below 1, and must leave examples on both sides."
        )
    return [(x[rows], y[rows], None if weight is None else weight[rows]) for rows in (slice(at), slice(at, None))]
