"""Bad input gets an error that names where, what was given, what was expected, and what to do.

One row of `TABLE` is one mistake: the call, the kind of error, and pieces of text that the message must hold.
"""

import numpy as np
import pytest

from course_lib import Sequential, layers, losses, metrics, optimizers, utils
from course_lib.models import load_model

X, Y = np.ones((8, 4), "float32"), np.arange(8) % 3


def model(**arguments):
    m = Sequential(
        [layers.Dense(5, "relu", name="hidden", input_shape=(4,)), layers.Dense(3, "softmax", name="scores")],
        name="classifier",
    )
    m.compile("adam", "sparse_categorical_crossentropy", **arguments)
    return m


def uncompiled():
    return Sequential([layers.Dense(3, input_shape=(4,), name="scores")], name="classifier")


def without_loss():
    m = uncompiled()
    m.compile("adam")
    return m


def unbuilt():
    return Sequential([layers.Dense(3)], name="classifier")


def cnn():
    m = Sequential(
        [layers.Conv2D(2, 3, name="look", input_shape=(8, 8, 1)), layers.Flatten(), layers.Dense(3, name="scores")]
    )
    m.compile("adam", "mse")
    return m


def replaced(values, index, value):
    values = np.array(values, float)
    values[index] = value
    return values


TABLE = {
    # ---- x
    "one example without its batch axis": (lambda: model().predict(X[0]), ValueError, ["hidden", "(4,)", "x[None]"]),
    "too many axes for a convolution": (
        lambda: layers.Conv2D(2, 3, name="look")(np.ones((2, 3, 8, 8, 1))),
        ValueError,
        ["look", "5 axes", "4: (batch, height", "Reshape"],
    ),
    "an image without its channels": (
        lambda: layers.Conv2D(2, 3, name="look")(np.ones((2, 8, 8))),
        ValueError,
        ["look", "(2, 8, 8)", "3 axes", "needs 4"],
    ),
    "wrong width": (
        lambda: model().predict(np.ones((2, 7))),
        ValueError,
        ["hidden", "(2, 7)", "7 features", "built for 4", "Each row is one example"],
    ),
    "x and its transpose": (
        lambda: model().fit(np.ones((4, 8)), np.zeros(4, int)),
        ValueError,
        ["hidden", "8 features", "built for 4"],
    ),
    "images of another size": (
        lambda: cnn().predict(np.ones((2, 9, 9, 1))),
        ValueError,
        ["(2, 9, 9, 1)", "built for (None, 8, 8, 1)", "scores", "98 features", "72"],
    ),
    "an empty batch": (
        lambda: model().fit(X[:0], Y[:0]),
        ValueError,
        ["classifier", "fit", "(0, 4)", "no examples", "give one or more"],
    ),
    "an empty batch to predict": (lambda: model().predict(X[:0]), ValueError, ["classifier", "predict", "no examples"]),
    "a layer called on nothing": (
        lambda: layers.Dense(3, name="scores")(np.ones((0, 4))),
        ValueError,
        ["scores", "(0, 4)", "give one or more"],
    ),
    "text for numbers": (
        lambda: model().predict(np.array([["a", "b", "c", "d"]])),
        TypeError,
        ["classifier", "<U1", "needs numbers", "counts or indices"],
    ),
    "rows of different lengths": (
        lambda: model().predict([[1, 2, 3, 4], [1, 2]]),
        ValueError,
        ["classifier", "different lengths", "Pad or cut"],
    ),
    "an index outside of the embedding": (
        lambda: layers.Embedding(10, 3, name="words")([[1, 10]]),
        ValueError,
        ["words", "index 10", "0 … 9", "input_dim"],
    ),
    # ---- y
    "x and y of different lengths": (
        lambda: model().fit(X, Y[:7]),
        ValueError,
        ["classifier", "fit", "8 rows of x", "(7,)", "its own row of y"],
    ),
    "NaN among the labels": (
        lambda: model().fit(X, replaced(Y, 2, np.nan)),
        ValueError,
        ["SparseCategoricalCrossentropy", "1 NaN among 8", "drop these rows"],
    ),
    "a label that is no class": (
        lambda: model().fit(X, Y + 1),
        ValueError,
        ["SparseCategoricalCrossentropy", "from 1 to 3", "0 … 2", "subtract 1"],
    ),
    "a negative label": (
        lambda: model().evaluate(X, Y - 1),
        ValueError,
        ["SparseCategoricalCrossentropy", "from -1 to 1", "0 … 2", "Relabel"],
    ),
    "half a class": (
        lambda: model().fit(X, Y + 0.5),
        ValueError,
        ["SparseCategoricalCrossentropy", "0.5", "whole numbers", "MeanSquaredError"],
    ),
    "one-hot rows for class numbers": (
        lambda: model().fit(X, utils.to_categorical(Y)),
        ValueError,
        ["(8, 3)", "(8,)", "CategoricalCrossentropy", "argmax"],
    ),
    "labels of another width": (
        lambda: losses.MeanSquaredError()(np.ones((8, 2)), np.ones((8, 3))),
        ValueError,
        ["MeanSquaredError", "(8, 2)", "(8, 3)", "2 outputs"],
    ),
    "names for class numbers": (
        lambda: model().fit(X, np.array(["cat"] * 8)),
        TypeError,
        ["SparseCategoricalCrossentropy", "<U3", "np.unique"],
    ),
    "labels outside of 0 and 1": (
        lambda: losses.BinaryCrossentropy()([[-1.0], [1.0]], [[0.2], [0.3]]),
        ValueError,
        ["BinaryCrossentropy", "from -1 to 1", "between 0 and 1", "Hinge"],
    ),
    # ---- names
    "a misspelt keyword of fit": (
        lambda: model().fit(X, Y, shuffled=True),
        TypeError,
        ["classifier", "fit", "'shuffled'", "'shuffle'"],
    ),
    "a misspelt keyword of evaluate": (
        lambda: model().evaluate(X, Y, batchsize=4),
        TypeError,
        ["classifier", "evaluate", "'batchsize'", "'batch_size'"],
    ),
    "a misspelt keyword of compile": (
        lambda: model().compile("adam", "mse", metric=["mae"]),
        TypeError,
        ["classifier", "compile", "'metric'", "'metrics'"],
    ),
    "a misspelt keyword of a layer": (
        lambda: layers.Dense(3, activaton="relu"),
        TypeError,
        ["Dense", "'activaton'", "'activation'"],
    ),
    "a misspelt keyword of an optimizer": (
        lambda: optimizers.Adam(learning_rte=0.1),
        TypeError,
        ["Adam", "'learning_rte'", "'learning_rate'"],
    ),
    "an unknown loss": (
        lambda: uncompiled().compile("adam", "mean_square_error"),
        ValueError,
        ["loss", "'mean_square_error'", "'mean_squared_error'"],
    ),
    "an unknown optimizer": (
        lambda: uncompiled().compile("adams", "mse"),
        ValueError,
        ["optimizer", "'adams'", "'adam'"],
    ),
    "an unknown metric": (lambda: model(metrics=["acuracy"]), ValueError, ["metric", "'acuracy'", "accuracy"]),
    "a metric without its list": (
        lambda: model(metrics="accuracy"),
        TypeError,
        ["classifier", "compile", "metrics=['accuracy']"],
    ),
    "an unknown activation": (
        lambda: layers.Dense(3, activation="rellu"),
        ValueError,
        ["activation", "'rellu'", "'relu'"],
    ),
    "an unknown initializer": (
        lambda: layers.Dense(3, kernel_initializer="glorot"),
        ValueError,
        ["initializer", "'glorot'", "glorot_uniform"],
    ),
    "an unknown regularizer": (
        lambda: layers.Dense(3, kernel_regularizer="l3"),
        ValueError,
        ["regularizer", "'l3'", "'l2'"],
    ),
    # ---- numbers out of range
    "a layer of no units": (lambda: layers.Dense(0), ValueError, ["Dense", "units=0", "1 or more"]),
    "half a unit": (lambda: layers.Dense(2.5), ValueError, ["Dense", "units=2.5", "whole number"]),
    "a dropout of everything": (lambda: layers.Dropout(1.0), ValueError, ["Dropout", "rate=1.0", "below 1"]),
    "a batch of no rows": (lambda: model().fit(X, Y, batch_size=0), ValueError, ["fit", "batch_size=0", "1 or more"]),
    "a batch size between two numbers": (
        lambda: model().predict(X, batch_size=2.5),
        ValueError,
        ["predict", "batch_size=2.5", "whole number"],
    ),
    "a validation split of everything": (
        lambda: model().fit(X, Y, validation_split=1.0),
        ValueError,
        ["fit", "validation_split=1.0", "8 examples", "below 1"],
    ),
    "a validation split that takes nothing": (
        lambda: model().fit(X[:2], Y[:2], validation_split=0.9),
        ValueError,
        ["fit", "validation_split=0.9", "2 examples", "both sides"],
    ),
    "a negative learning rate": (lambda: optimizers.SGD(-0.1), ValueError, ["SGD", "learning_rate=-0.1", "at least 0"]),
    "momentum above 1": (lambda: optimizers.SGD(momentum=9), ValueError, ["SGD", "momentum=9", "between 0 and 1"]),
    "two ways of clipping": (
        lambda: optimizers.Adam(clipnorm=1.0, clipvalue=1.0),
        ValueError,
        ["Adam", "clipnorm, clipvalue", "at most one"],
    ),
    "epochs that are no number": (
        lambda: model().fit(X, Y, epochs="ten"),
        ValueError,
        ["fit", "epochs='ten'", "whole number"],
    ),
    "a first epoch below 0": (
        lambda: model().fit(X, Y, initial_epoch=-1),
        ValueError,
        ["fit", "initial_epoch=-1", "0 or more"],
    ),
    "no validation steps": (
        lambda: model().fit(X, Y, validation_data=(X, Y), validation_steps=0),
        ValueError,
        ["fit(validation_data=…)", "validation_steps=0"],
    ),
    "no validation batch": (
        lambda: model().fit(X, Y, validation_data=(X, Y), validation_batch_size=0),
        ValueError,
        ["fit(validation_data=…)", "validation_batch_size=0"],
    ),
    "a mask where training stands": (
        lambda: layers.GlobalAveragePooling1D()(np.ones((2, 3, 4)), np.ones((2, 3), bool)),
        TypeError,
        ["training=", "run.mask = mask"],
    ),
    "a mask as an argument": (
        lambda: layers.Softmax()(X, mask=np.ones(X.shape, bool)),
        TypeError,
        ["mask", "run.mask = mask"],
    ),
    "a state to start from": (
        lambda: layers.LSTM(2)(np.ones((2, 3, 4)), initial_state=[np.ones((2, 2))] * 2),
        TypeError,
        ["initial_state", "left out"],
    ),
    "trainable that is neither": (
        lambda: layers.Dense(2, trainable="no"),
        ValueError,
        ["Dense", "trainable='no'", "True or False"],
    ),
    "noise of no shape": (
        lambda: layers.Dropout(0.5, noise_shape=(None, -1)),
        ValueError,
        ["Dropout", "noise_shape=(None, -1)", "None"],
    ),
    "noise of fewer axes": (
        lambda: layers.Dropout(0.5, noise_shape=(1,))(X, training=True),
        ValueError,
        ["noise_shape=(1,)", "axes"],
    ),
    "an input of two shapes": (
        lambda: layers.Input((3,), batch_shape=(2, 3)),
        ValueError,
        ["shape=(3,)", "batch_shape=(2, 3)"],
    ),
    "one class of one column": (
        lambda: metrics.Precision(class_id=1)([0, 1, 1], [0.1, 0.9, 0.4]),
        ValueError,
        ["class_id=1", "(3,)"],
    ),
    "a pass that is none": (
        lambda: model()(X, run=True),
        TypeError,
        ["classifier", "run=True", "Pass", "training=True"],
    ),
    "weights that are words": (
        lambda: model().set_weights([np.full(w.shape, "a") for w in model().weights]),
        TypeError,
        ["set_weights", "<U1", "float32"],
    ),
    # ---- weights of examples and classes
    "class weights in a word": (
        lambda: model().fit(X, Y, class_weight="balanced"),
        TypeError,
        ["classifier", "class_weight='balanced'", "dictionary"],
    ),
    "sample weights of another shape": (
        lambda: model().fit(X, Y, sample_weight=np.ones((8, 3))),
        ValueError,
        ["classifier", "sample_weight", "(8, 3)", "(8,)"],
    ),
    "validation data without labels": (
        lambda: model().fit(X, Y, validation_data=X),
        ValueError,
        ["fit", "validation_data", "(x, y)"],
    ),
    # ---- order of calls
    "fit before compile": (lambda: uncompiled().fit(X, Y), RuntimeError, ["classifier", "fit", "compile first"]),
    "fit without a loss": (
        lambda: without_loss().fit(X, Y),
        ValueError,
        ["classifier", "fit", "needs a loss", "loss='sparse"],
    ),
    "fit without labels": (lambda: model().fit(X), TypeError, ["classifier", "fit", "no y"]),
    "batches and labels beside them": (
        lambda: model().fit(iter([(X, Y)]), Y),
        ValueError,
        ["classifier", "fit", "list_iterator", "(x, y)"],
    ),
    "batches without end split": (
        lambda: model().fit(iter([(X, Y)]), validation_split=0.5),
        ValueError,
        ["classifier", "validation_split", "validation_data"],
    ),
    "a generator that is used up": (lambda: model().fit(iter([])), ValueError, ["classifier", "fit", "no batch"]),
    "a batch of four": (lambda: model().fit(iter([(X, Y, Y, Y)])), ValueError, ["4 parts", "(x, y, sample_weight)"]),
    "a dataset of single examples": (
        lambda: model().fit(iter([(X[:4], 0)])),
        ValueError,
        ["classifier", "its own row of y", ".batch(32)"],
    ),
    "columns by name": (lambda: model().predict({"age": X}), TypeError, ["classifier", "dictionary", "np.stack"]),
    "no steps": (lambda: model().fit(X, Y, steps_per_epoch=0), ValueError, ["fit", "steps_per_epoch=0", "1 or more"]),
    "save before it is built": (
        lambda: unbuilt().save("nowhere.npz"),
        ValueError,
        ["classifier", "not built", "Call it on data"],
    ),
    "the shapes of a model that is not built": (
        lambda: unbuilt().output_shape,
        ValueError,
        ["classifier", "not built", "build or fit"],
    ),
    "a layer that is not there": (
        lambda: model().get_layer("hiden"),
        ValueError,
        ["classifier", "'hiden'", "hidden, scores"],
    ),
    "a place where no layer is": (
        lambda: model().get_layer(index=2),
        ValueError,
        ["classifier", "2 layers", "index 2"],
    ),
    "neither name nor place": (lambda: model().get_layer(), ValueError, ["classifier", "name or an index"]),
    "a layer called on a layer": (
        lambda: layers.Dense(3, name="scores")(layers.Input((4,), name="start")),
        TypeError,
        ["scores", "start", "Sequential([…])", "docs/keras.md"],
    ),
    "n numbers for n examples": (
        lambda: unbuilt().predict(np.arange(5.0)),
        ValueError,
        ["(5,)", "x[None]", "5 examples of one number: x[:, None]"],
    ),
    "a model without layers": (
        lambda: Sequential(name="classifier").predict(X),
        ValueError,
        ["classifier", "no layers", "add"],
    ),
    "taking a layer off an empty model": (
        lambda: Sequential(name="classifier").pop(),
        IndexError,
        ["classifier", "no layers"],
    ),
    # ---- weights
    "too few weights": (
        lambda: model().set_weights([np.ones((4, 5))]),
        ValueError,
        ["classifier", "1 arrays", "4 weights", "hidden/kernel (4, 5)"],
    ),
    "a transposed kernel": (
        lambda: layers.Dense(3, name="scores", weights=[np.ones((4, 3)), np.ones((3, 1))]),
        ValueError,
        ["scores", "(3, 1)", "scores/bias", "(3,)"],
    ),
    # ---- architecture
    "not a layer": (
        lambda: Sequential([layers.Dense(3), "relu"], name="classifier"),
        TypeError,
        ["classifier", "'relu'", "layers.Dense(10)"],
    ),
    "a layer without its list": (
        lambda: Sequential(layers.Dense(3), name="classifier"),
        TypeError,
        ["classifier", "Dense", "list"],
    ),
    "a name that no layer has": (
        lambda: Sequential([layers.Dense(2, name="there"), "elsewhere"], name="classifier"),
        TypeError,
        ["classifier", "'elsewhere'"],
    ),
    "two layers of one name": (
        lambda: Sequential([layers.Dense(2, name="twin"), layers.Dense(2, name="twin")]),
        ValueError,
        ["already holds", "'twin'", "another name"],
    ),
    "a shape that cannot be": (
        lambda: layers.Reshape((5, 3), name="fold")(np.ones((2, 16))),
        ValueError,
        ["fold", "(16,)", "16 numbers", "(5, 3)"],
    ),
    "a residual of another width": (
        lambda: layers.Residual(layers.Dense(3, name="inner"), name="skip")(X),
        ValueError,
        ["skip", "inner", "(4,)", "(3,)", "4 outputs"],
    ),
    "a window larger than the image": (
        lambda: layers.MaxPooling2D(5, name="pool")(np.ones((1, 3, 3, 1))),
        ValueError,
        ["pool", "(3, 3)", "(5, 5)", "smaller window"],
    ),
    "a layer where it does not fit": (
        lambda: Sequential([layers.Dense(3, input_shape=(4,)), layers.LSTM(2, name="reader")]),
        ValueError,
        ["reader", "2 axes", "needs 3"],
    ),
    # ---- callbacks
    "a function for a callback": (
        lambda: model().fit(X, Y, callbacks=[print]),
        TypeError,
        ["callbacks", "print", "course_lib.callbacks"],
    ),
    "a learning rate set against a schedule": (
        lambda: setattr(optimizers.SGD(lambda step: 0.1), "learning_rate", 0.2),
        TypeError,
        ["SGD", "schedule", "Make it with a number"],
    ),
}


@pytest.mark.parametrize("mistake", TABLE)
def test_the_error_says_where_what_and_what_to_do_for(mistake):
    call, kind, pieces = TABLE[mistake]
    with pytest.raises(kind) as caught:
        call()
    message = str(caught.value)
    missing = [piece for piece in pieces if piece not in message]
    assert not missing, f"{missing} not in: {message}"
    assert message.endswith((".", "?")) and len(message) < 400


@pytest.mark.parametrize(
    "mistake", ["wrong width", "x and y of different lengths", "a label that is no class", "a batch of no rows"]
)
def test_a_refused_call_changes_nothing(mistake):
    m = model()
    before = m.get_weights()
    calls = {
        "wrong width": lambda: m.fit(np.ones((8, 5)), Y),
        "x and y of different lengths": lambda: m.fit(X, Y[:3]),
        "a label that is no class": lambda: m.fit(X, Y + 5),
        "a batch of no rows": lambda: m.fit(X, Y, batch_size=0),
    }
    with pytest.raises(ValueError):
        calls[mistake]()
    assert all(np.array_equal(a, b) for a, b in zip(before, m.get_weights()))
    assert m.optimizer.iterations == 0
    m.fit(X, Y)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="missing.npz"):
        load_model(tmp_path / "missing.npz")
