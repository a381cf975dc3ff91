"""No float64 array arises inside a float32 step: it would cost twice the memory and twice the time, unseen.

Two nets catch one. Every weight, gradient, input and label is a `Watched` array, which raises as soon as an operation
on it gives float64, be it in the middle of an expression. And at every return inside course_lib the local variables are
looked through, which finds arrays made from nothing (`np.zeros(n)`).
"""

import sys
from pathlib import Path

import families
import numpy as np
import pytest

import course_lib
from course_lib import Sequential, activations, layers, losses, metrics, optimizers, regularizers
from course_lib.models import checks

ROOT = str(Path(course_lib.__file__).parent)
N = 6
rng = np.random.default_rng(0)


class Float64Found(Exception):
    pass


class Watched(np.ndarray):
    """An array whose descendants are watched: a ufunc, a view or a NumPy function that gives float64 raises."""

    def __array_finalize__(self, parent):
        # NumPy's own mean divides by its count in float64 and casts back at once: not ours to avoid.
        if self.dtype == np.float64 and self.size > 1 and sys._getframe(1).f_code.co_name != "_mean":
            raise Float64Found(f"an operation gave a float64 array of shape {self.shape}")

    def __array_function__(self, function, types, args, kwargs):
        return watch(super().__array_function__(function, types, args, kwargs))


def watch(value):
    if isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.ndim:
        return value.view(Watched)
    return [watch(v) for v in value] if isinstance(value, list) else value


def watching(function):
    return lambda *args, **kwargs: watch(function(*args, **kwargs))


def look_through_locals(frame, event, arg):
    """A trace function: at each return inside course_lib, no local variable may be a float64 array."""
    if not frame.f_code.co_filename.startswith(ROOT):
        return None
    frame.f_trace_lines = False
    if event == "return":
        for name, value in [*frame.f_locals.items(), ("the result", arg)]:
            if isinstance(value, np.ndarray) and value.dtype == np.float64 and value.size > 1:
                raise Float64Found(f"{name} in {frame.f_code.co_qualname} is float64, shape {value.shape}")
    return look_through_locals


@pytest.fixture
def on_watch(monkeypatch):
    """Runs a function with both nets out. `np.asarray` must not turn a watched array into a plain one."""

    def run(function):
        before = sys.gettrace()
        with monkeypatch.context() as patch:
            patch.setattr(np, "asarray", np.asanyarray)
            for name in ("ascontiguousarray", "zeros", "empty", "ones", "full"):
                patch.setattr(np, name, watching(getattr(np, name)))
            sys.settrace(look_through_locals)
            try:
                function()
            finally:
                sys.settrace(before)

    return run


def watched_model(model, x):
    """Built, with watched weights and gradients."""
    model.ensure_built(x.shape)
    for v in model.variables():
        v.bind(watch(v.value), watch(v.gradient) if v.trainable else None)
    model.flatten()
    return model


def train_twice(model, x, y, on_watch, **arguments):
    """Two epochs, an evaluation and a prediction under both nets; afterwards all that is kept is float32."""
    watched_model(model, x)
    arguments = {"batch_size": 4, "epochs": 2, "validation_split": 0.34, **arguments}
    on_watch(lambda: model.fit(watch(x), watch(y), **arguments))
    on_watch(lambda: (model.evaluate(watch(x), watch(y)), model.predict(watch(x))))
    kept = {"parameters": model.flat_parameters, "gradients": model.flat_gradients}
    kept |= {f"{i} {slot}": a for i, state in enumerate(model.optimizer.state) for slot, a in state.items()}
    for layer in all_layers(model):
        kept |= {f"{layer.label}.{name}": a for name, a in vars(layer).items() if isinstance(a, np.ndarray)}
    wrong = [name for name, a in kept.items() if a.dtype == np.float64]
    assert not wrong
    assert isinstance(model.flat_parameters, Watched)


def all_layers(layer):
    yield layer
    for inner in layer.sublayers:
        yield from all_layers(inner)


def normal(*shape):
    return rng.normal(size=shape).astype("float32")


FLAT, SEQUENCE, IMAGE, TOKENS = normal(N, 5), normal(N, 7, 5), normal(N, 6, 6, 2), rng.integers(0, 9, (N, 7))
LABELS = rng.integers(0, 3, N)

STACKS = {
    "dense": (FLAT, [layers.Dense(4, "relu", kernel_regularizer=regularizers.L1L2(0.01, 0.01))]),
    "activation, dropout, reshape": (
        FLAT,
        [layers.Activation("softmax"), layers.Dropout(0.4), layers.Reshape((5, 1)), layers.Flatten()],
    ),
    "dropout with noise shape": (
        SEQUENCE,
        [layers.Dropout(0.4, noise_shape=(None, 1, None), seed=1), layers.Flatten()],
    ),
    "residual": (FLAT, [layers.Residual(Sequential([layers.Dense(5, "gelu"), layers.LayerNormalization()]))]),
    "normalization": (FLAT, [layers.LayerNormalization(), layers.RMSNormalization(), layers.BatchNormalization()]),
    "embedding": (TOKENS, [layers.Embedding(9, 4), layers.GlobalAveragePooling1D()]),
    "conv1d": (
        SEQUENCE,
        [
            layers.Conv1D(4, 3, padding="causal", activation="tanh"),
            layers.MaxPooling1D(2),
            layers.AveragePooling1D(2),
            layers.GlobalMaxPooling1D(),
        ],
    ),
    "conv2d": (
        IMAGE,
        [
            layers.Conv2D(4, 3, padding="same", strides=2, activation="relu"),
            layers.MaxPooling2D(2, padding="same"),
            layers.AveragePooling2D(2, padding="same"),
            layers.GlobalAveragePooling2D(),
        ],
    ),
    "conv2d, global max": (IMAGE, [layers.Conv2D(3, 2, dilation_rate=2), layers.GlobalMaxPooling2D()]),
    "simple rnn": (SEQUENCE, [layers.SimpleRNN(4)]),
    "lstm": (SEQUENCE, [layers.LSTM(4, return_sequences=True), layers.LSTM(3, go_backwards=True)]),
    "gru": (SEQUENCE, [layers.GRU(4, return_sequences=True), layers.GRU(3)]),
}


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize("name", STACKS)
def test_no_float64_in_a_step_of(name, optimizer, on_watch):
    x, stack = STACKS[name]
    model = Sequential([*(type(layer)(**layer.get_config()) for layer in stack), layers.Dense(3, "softmax")])
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    train_twice(model, x, LABELS, on_watch)


# `threshold` cannot be used by name, in Keras neither: its two numbers have no defaults.
ACTIVATIONS = {n for n, a in vars(activations).items() if isinstance(a, activations.Activation)} - {"threshold"}


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_no_float64_in_the_activation(name, on_watch):
    model = Sequential([layers.Dense(4), layers.Activation(name), layers.Dense(3, "softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    train_twice(model, FLAT, LABELS, on_watch)


ONE_HOT = np.eye(3)[LABELS]  # float64, as NumPy makes them: fit turns labels to the model's dtype
TARGETS = {
    losses.SparseCategoricalCrossentropy: LABELS,
    losses.CategoricalHinge: ONE_HOT,
    losses.Hinge: 2 * ONE_HOT - 1,
    losses.SquaredHinge: 2 * ONE_HOT - 1,
}


@pytest.mark.parametrize("weighted", [False, True], ids=["", "weighted"])
@pytest.mark.parametrize("loss", losses.registry)
def test_no_float64_in_the_loss(loss, weighted, on_watch):
    for last in ("softmax", "sigmoid", None):
        model = Sequential([layers.Dense(4, "tanh"), layers.Dense(3, last), layers.Reshape((3,))])
        model.compile("sgd", loss())
        weight = rng.uniform(size=N).astype("float32") if weighted else None
        y = TARGETS.get(loss, ONE_HOT)
        with np.errstate(all="ignore"):
            train_twice(model, FLAT, y.astype("float32") if y.dtype.kind == "f" else y, on_watch, sample_weight=weight)


@pytest.mark.parametrize("name", ["softmax", "sigmoid"])
def test_no_float64_in_a_fused_loss(name, on_watch):
    loss = losses.CategoricalCrossentropy if name == "softmax" else losses.BinaryCrossentropy
    model = Sequential([layers.Dense(3, name)])
    model.compile("adam", loss(label_smoothing=0.1), metrics=["accuracy"])
    train_twice(model, FLAT, ONE_HOT.astype("float32"), on_watch, sample_weight=rng.uniform(size=N).astype("float32"))


# Metrics that count keep their counts in float64, and np.bincount weighs in float64: float32 counts only to 2²⁴.
COUNTS = {
    "AUC",
    "ConfusionMatrix",
    "FalseNegatives",
    "FalsePositives",
    "Precision",
    "Recall",
    "TrueNegatives",
    "TruePositives",
}
NOT_OF_PAIRS = {"Mean", "Sum"}


@pytest.mark.parametrize(
    "cls", [c for name, c in metrics.registry.members.items() if name not in COUNTS | NOT_OF_PAIRS]
)
def test_no_float64_in_the_metric(cls, on_watch):
    sparse = "Sparse" in cls.__name__
    metric = cls()
    y_pred = watch(rng.dirichlet([1, 1, 1], N).astype("float32"))
    y = LABELS if sparse else watch(ONE_HOT.astype("float32"))
    on_watch(lambda: metric.update_state(y, y_pred))


SCALARS = [
    optimizers.SGD(np.float64(0.1), weight_decay=np.float64(0.01), clipvalue=np.float64(0.1)),
    optimizers.Adam(np.float64(0.01), beta_1=np.float64(0.8), epsilon=np.float64(1e-5), clipnorm=np.float64(0.01)),
]


@pytest.mark.parametrize("optimizer", [*families.made(), *SCALARS], ids=families.show)
def test_no_float64_in_the_optimizer(optimizer, on_watch):
    model = Sequential([layers.Dense(4, "relu"), layers.Dense(3, "softmax")])
    model.compile(optimizer, "sparse_categorical_crossentropy")
    train_twice(model, FLAT, LABELS, on_watch)


def test_float64_rows_labels_and_weights_are_turned_to_float32_once():
    model = Sequential([layers.Dense(3, "sigmoid", input_shape=(5,))])
    model.compile("adam", "binary_crossentropy")
    x, y, weight = checks.prepare(model, "fit", FLAT.astype(float), ONE_HOT, rng.uniform(size=N))
    assert x.dtype == y.dtype == weight.dtype == np.float32
    assert model.predict(FLAT.astype(float)).dtype == np.float32


# ---- the nets hold: each planted float64 is found


class Planted(layers.Layer):
    def __init__(self, how, **kwargs):
        super().__init__(**kwargs)
        self.how = how

    def forward(self, x, run):
        return self.how(x)

    def backward(self, dy, run):
        return dy


PLANTED = {
    "a NumPy scalar as a factor": lambda x: x * np.float64(2.0),
    "in the middle of an expression": lambda x: ((x * np.float64(2.0)) + 1).astype("float32"),
    "by a NumPy function": lambda x: np.where(x > 0, x, np.float64(0.0)).astype("float32"),
    "a cast": lambda x: x.astype(float).astype("float32"),
    "an array from nothing": lambda x: x + np.zeros(x.shape[-1]).astype("float32"),
    "after asarray": lambda x: (np.asarray(x) / np.float64(3.0)).astype("float32"),
}


@pytest.mark.parametrize("how", PLANTED)
def test_a_planted_float64_is_found(how, on_watch):
    model = Sequential([layers.Dense(4), Planted(PLANTED[how]), layers.Dense(3, "softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    with pytest.raises(Float64Found):
        train_twice(model, FLAT, LABELS, on_watch)


def test_a_planted_float64_in_an_optimizer_is_found(on_watch, monkeypatch):
    model = Sequential([layers.Dense(3, "softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    rule = optimizers.SGD.update
    monkeypatch.setattr(optimizers.SGD, "update", lambda self, w, g, *rest: rule(self, w, g * np.float64(1), *rest))
    with pytest.raises(Float64Found):
        train_twice(model, FLAT, LABELS, on_watch)
