"""A classifier and its Keras twin, compiled alike on the same rows, and how their trainings are compared."""

import numpy as np

from course_lib import Sequential, layers, parity, utils

keras = parity.quiet_keras()
rng = np.random.default_rng(5)
X = rng.normal(size=(50, 6)).astype("float32")  # 50 is no multiple of 16: the last batch holds two rows
Y = rng.integers(0, 3, 50)
SAMPLE_WEIGHT = rng.uniform(0.2, 3.0, 50).astype("float32")
CLASS_WEIGHT = {0: 0.5, 1: 2.0, 2: 1.3}


def classifier(*more, optimizer="adam", loss="sparse_categorical_crossentropy", metric_names=("accuracy",)):
    utils.set_random_seed(3)
    model = Sequential(
        [layers.Dense(8, activation="relu", input_shape=(6,)), *more, layers.Dense(3, activation="softmax")]
    )
    model.compile(optimizer=optimizer, loss=loss, metrics=list(metric_names))
    return model


def both(*more, **arguments):
    """Our classifier and its Keras twin: compiled alike, same weights."""
    model = classifier(*more, **arguments)
    return model, parity.keras_twin(model)


def assert_same_history(ours, theirs, tolerance=1e-5):
    assert set(ours.history) == set(theirs.history)
    assert ours.epoch == theirs.epoch
    for name, values in theirs.history.items():
        np.testing.assert_allclose(ours.history[name], values, rtol=tolerance, atol=1e-6, err_msg=name)


def assert_same_weights(model, twin, tolerance=1e-5):
    assert parity.relative_difference(model.get_weights(), twin.get_weights()) <= tolerance


def fit_both(model, twin, x=X, y=Y, **arguments):
    arguments = {"batch_size": 16, "epochs": 3, "shuffle": False, "verbose": 0, **arguments}
    return model.fit(x, y, **arguments), twin.fit(x, y, **arguments)
