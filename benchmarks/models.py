"""The pieces of work: the same model, data, order and weights on both engines."""

import tempfile
from pathlib import Path

import numpy as np

from course_lib import Sequential, layers
from course_lib.data import load_digits, load_text

WIDTHS = (1000, 64, 32, 10)


def build_classifier(library_layers, sequential):
    """The founding document's model, from either engine's layers."""
    return sequential(
        [
            library_layers.Input(shape=(WIDTHS[0],)),
            library_layers.Dense(WIDTHS[1], activation="relu"),
            library_layers.Dense(WIDTHS[2], activation="relu"),
            library_layers.Dense(WIDTHS[3], activation="softmax"),
        ]
    )


def build_cnn(library_layers, sequential):
    return sequential(
        [
            library_layers.Input(shape=(8, 8, 1)),
            library_layers.Conv2D(16, 3, activation="relu"),
            library_layers.Conv2D(32, 3, activation="relu"),
            library_layers.MaxPooling2D(2),
            library_layers.Flatten(),
            library_layers.Dense(10, activation="softmax"),
        ]
    )


def both_fits(keras, build, x, y, batch):
    """`fit` of one epoch on each engine, and the number of steps in it."""
    fits = []
    for library_layers, sequential in ((layers, Sequential), (keras.layers, keras.Sequential)):
        model = build(library_layers, sequential)
        model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
        fits.append(lambda model=model: model.fit(x, y, batch_size=batch, epochs=1, verbose=0))
    return *fits, -(-len(x) // batch)


def classifier(keras, batch):
    (x, y), _ = load_text()
    rows = np.resize(np.arange(len(x)), max(len(x), 8 * batch))  # enough steps at a large batch too
    return both_fits(keras, build_classifier, x[rows], y[rows], batch)


def classifier_flops(batch):
    """Forward 2·n·d·u a layer, backward twice that, without the input's gradient that nobody needs."""
    products = [2 * batch * d * u for d, u in zip(WIDTHS, WIDTHS[1:])]
    return 3 * sum(products) - products[0]


def digits_cnn(keras, batch):
    (x, y), _ = load_digits()
    return both_fits(keras, build_cnn, x, y, batch)


def inference_engines(keras):
    """One row through ours, the bare NumPy calls, a SavedModel's signature and onnxruntime, `calls` times each."""
    import onnxruntime
    import tensorflow as tf

    from course_lib.parity import keras_twin

    calls = 200
    ours = build_classifier(layers, Sequential)
    twin = keras_twin(ours)
    row = load_text()[1][0][:1]
    folder = Path(tempfile.mkdtemp())
    twin(row)
    twin.export(folder / "saved", verbose=False)
    twin.export(folder / "model.onnx", format="onnx", verbose=False)
    saved = tf.saved_model.load(str(folder / "saved"))  # the name keeps its variables alive
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    functions = {
        "ours": lambda: ours.forward(row, layers.Pass(keeps=False)),
        "bare": bare_calls(ours, row),
        "savedmodel": lambda: saved.serve(row).numpy(),
        "onnxruntime": lambda: session.run(None, {name: row}),
    }
    expected = twin(row).numpy()
    for function in functions.values():
        result = function()
        assert np.allclose(result[0] if isinstance(result, list) else result, expected, atol=1e-5)
    return calls, {key: lambda f=f: [f() for _ in range(calls)] for key, f in functions.items()}


def bare_calls(model, row):
    """The NumPy calls of one row on its way through the classifier, with nothing around them: a floor for libraries."""
    k1, k2, k3 = (layer.kernel for layer in model.layers)
    b1, b2, b3 = (layer.bias for layer in model.layers)
    maximum, add, exp = np.maximum, np.add, np.exp

    def run():
        y = row @ k1
        y += b1
        y = maximum(y, 0.0)
        y = y @ k2
        y += b2
        y = maximum(y, 0.0)
        y = y @ k3
        y += b3
        y = y - maximum.reduce(y, axis=-1, keepdims=True)
        exp(y, out=y)
        y /= add.reduce(y, axis=-1, keepdims=True)
        return y

    return run


def long_training():
    """Two functions of 200 steps for each kind of data: on a model that is new each time, and after 5,000 steps."""
    rng = np.random.default_rng(0)
    (sparse, y), _ = load_text()
    dense = rng.normal(size=sparse.shape).astype("float32")

    def new():
        model = build_classifier(layers, Sequential)
        model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
        return model

    def steps(model, x, count):
        for _ in range(count):
            rows = rng.integers(len(x), size=32)
            model.loss_and_gradient(x[rows], y[rows])
            model.optimizer.apply([model.flat_gradients], [model.flat_parameters])

    for name, x in (("classifier on dense noise", dense), ("classifier on sparse text", sparse)):
        old = new()
        steps(old, x, 5_000)
        yield name, lambda x=x: steps(new(), x, 200), lambda x=x, old=old: steps(old, x, 200)
