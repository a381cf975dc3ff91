"""`fit`, `evaluate`, `predict` and single batches, as Keras does them, number by number."""

import numpy as np
import pytest
from training_twins import (
    CLASS_WEIGHT,
    SAMPLE_WEIGHT,
    X,
    Y,
    assert_same_history,
    assert_same_weights,
    both,
    classifier,
    fit_both,
)

from course_lib import Sequential, layers, losses, metrics, optimizers, parity, regularizers, utils

# ---- fit


def test_history_equals_keras_with_a_short_last_batch_and_validation_data():
    model, twin = both()
    ours, theirs = fit_both(model, twin, validation_data=(X[:13] + 0.1, Y[:13]))
    assert list(ours.history) == ["loss", "accuracy", "val_loss", "val_accuracy"]
    assert_same_history(ours, theirs)
    assert_same_weights(model, twin)
    assert model.history is ours


def test_epoch_loss_weighs_each_example_alike_and_not_each_batch():
    model = classifier(optimizer=optimizers.SGD(learning_rate=0.0))
    epoch = model.fit(X, Y, batch_size=16, shuffle=False).history["loss"][0]
    batches = [model.loss_and_gradient(X[i : i + 16], Y[i : i + 16])[0] for i in range(0, 50, 16)]
    assert epoch == pytest.approx(np.average(batches, weights=[16, 16, 16, 2]))
    assert epoch != pytest.approx(np.mean(batches), rel=1e-4)


def test_default_batch_size_is_32_as_in_keras():
    model, twin = both()
    arguments = {"epochs": 2, "shuffle": False, "verbose": 0}
    assert_same_history(model.fit(X, Y, **arguments), twin.fit(X, Y, **arguments))
    assert model.optimizer.iterations == int(twin.optimizer.iterations) == 4
    assert model.evaluate(X, Y, batch_size=None) == pytest.approx(twin.evaluate(X, Y, batch_size=None, verbose=0))


def test_validation_split_takes_the_last_rows_before_any_shuffling():
    split, explicit = classifier(), classifier()
    utils.set_random_seed(1)
    ours = split.fit(X, Y, batch_size=16, epochs=2, validation_split=0.3)
    utils.set_random_seed(1)
    same = explicit.fit(X[:35], Y[:35], batch_size=16, epochs=2, validation_data=(X[35:], Y[35:]))
    assert ours.history == same.history


@pytest.mark.parametrize("share", [0.1, 0.25, 0.33, 0.5, 0.9])
def test_validation_split_cuts_where_keras_cuts(share):
    model, twin = both()
    assert_same_history(*fit_both(model, twin, epochs=1, validation_split=share))


def test_validation_data_goes_before_validation_split():
    model, twin = both()
    ours, theirs = fit_both(model, twin, validation_split=0.3, validation_data=(X[:7], Y[:7]))
    assert_same_history(ours, theirs)


def test_shuffle_is_seeded_and_new_in_each_epoch_and_keeps_x_and_y_together():
    def rows_seen(seed, **arguments):
        seen = {"x": [], "y": []}

        class Watch(layers.Layer):
            def forward(self, x, run):
                seen["x"] += x[:, 0].tolist()
                return x

            def backward(self, dy, run):
                return dy

        class WatchedError(losses.MeanSquaredError):
            def values(self, y_true, y_pred):
                seen["y"] += y_true.ravel().tolist()
                return super().values(y_true, y_pred)

        model = Sequential([Watch(input_shape=(1,)), layers.Dense(1)])
        model.compile("sgd", WatchedError())
        utils.set_random_seed(seed)
        numbers = np.arange(20.0)
        model.fit(numbers[:, None], numbers, batch_size=8, epochs=2, **arguments)
        assert seen["x"] == seen["y"]
        return seen["x"][:20], seen["x"][20:]

    first, second = rows_seen(1)
    assert sorted(first) == sorted(second) == list(range(20))
    assert first != second and first != sorted(first)
    assert rows_seen(1) == (first, second)
    assert rows_seen(2) != (first, second)
    assert rows_seen(1, shuffle=False) == (list(range(20)), list(range(20)))


@pytest.mark.parametrize(
    "weights",
    [
        {"sample_weight": SAMPLE_WEIGHT},
        {"class_weight": CLASS_WEIGHT},
        {"sample_weight": SAMPLE_WEIGHT, "validation_split": 0.3},
        {"class_weight": CLASS_WEIGHT, "validation_split": 0.3},
        {"class_weight": CLASS_WEIGHT, "validation_data": (X[:9], Y[:9], SAMPLE_WEIGHT[:9])},
    ],
    ids=lambda w: "+".join(w),
)
def test_weights_of_examples_and_classes_equal_keras(weights):
    model, twin = both()
    assert_same_history(*fit_both(model, twin, **weights))
    assert_same_weights(model, twin)


def test_class_weight_equals_keras_for_one_hot_labels():
    model, twin = both(loss="categorical_crossentropy")
    assert_same_history(*fit_both(model, twin, y=utils.to_categorical(Y, 3), class_weight=CLASS_WEIGHT))


def test_class_and_sample_weights_multiply():
    together, by_hand = classifier(), classifier()
    together.fit(X, Y, shuffle=False, class_weight=CLASS_WEIGHT, sample_weight=SAMPLE_WEIGHT)
    product = SAMPLE_WEIGHT * np.array([CLASS_WEIGHT[label] for label in Y])
    by_hand.fit(X, Y, shuffle=False, sample_weight=product)
    np.testing.assert_allclose(together.flat_parameters, by_hand.flat_parameters, rtol=1e-6)


@pytest.mark.parametrize("reduction", ["sum", "mean", "mean_with_sample_weight", "none"])
def test_fit_with_another_reduction_equals_keras(reduction):
    loss = losses.SparseCategoricalCrossentropy(reduction=reduction)
    model, twin = both(loss=loss, optimizer=optimizers.SGD(0.01))
    assert_same_history(*fit_both(model, twin, sample_weight=SAMPLE_WEIGHT))
    assert_same_weights(model, twin)


def test_regularizers_add_to_loss_and_gradient_as_in_keras_also_in_evaluate():
    extra = layers.Dense(5, kernel_regularizer=regularizers.L1L2(0.01, 0.02), bias_regularizer="l2")
    model, twin = both(extra)
    assert_same_history(*fit_both(model, twin, validation_split=0.2))
    assert_same_weights(model, twin)
    assert model.evaluate(X, Y) == pytest.approx(twin.evaluate(X, Y, verbose=0), rel=1e-5)


def test_metric_objects_and_names_equal_keras():
    names = ("accuracy", "sparse_categorical_crossentropy", metrics.SparseTopKCategoricalAccuracy(k=2, name="top2"))
    model, twin = both(metric_names=names)
    ours, theirs = fit_both(model, twin, validation_split=0.2)
    assert "val_top2" in ours.history
    assert_same_history(ours, theirs)


def test_binary_labels_in_one_column_or_flat_equal_keras():
    for y in (Y % 2, (Y % 2)[:, None]):
        model = Sequential(
            [layers.Dense(4, activation="tanh", input_shape=(6,)), layers.Dense(1, activation="sigmoid")]
        )
        model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
        assert_same_history(*fit_both(model, parity.keras_twin(model), y=y))


def test_extreme_logits_train_as_in_keras_where_softmax_lies_in_an_inner_model():
    """Keras computes the loss of saturated probabilities from their logits, wherever the softmax stands."""
    inner = Sequential([layers.Dense(3, input_shape=(6,)), layers.Activation("softmax")])
    model = Sequential([layers.Dense(6, input_shape=(6,)), inner])
    model.compile(optimizers.SGD(0.1), "sparse_categorical_crossentropy")
    model.set_weights([50 * w for w in model.get_weights()])
    twin = parity.keras_twin(model)
    ours, theirs = fit_both(model, twin)
    assert ours.history["loss"][0] > 20  # a clipped probability cannot cost more than −log 1e-7 ≈ 16
    assert_same_history(ours, theirs, 1e-4)


def test_initial_epoch_counts_on():
    model, twin = both()
    ours, theirs = fit_both(model, twin, initial_epoch=2, epochs=4)
    assert ours.epoch == [2, 3]
    assert_same_history(ours, theirs)
    assert model.fit(X, Y, initial_epoch=4, epochs=4).history == {}


def test_lists_and_integers_are_welcome():
    model, twin = both()
    x = (10 * X).astype(int)
    ours = model.fit(x.tolist(), Y.tolist(), shuffle=False)
    theirs = twin.fit(x.astype("float32"), Y, shuffle=False, verbose=0)
    assert_same_history(ours, theirs)


# ---- evaluate, predict, single batches


def test_evaluate_equals_keras_in_each_form():
    model, twin = both()
    for arguments in ({}, {"batch_size": 7}, {"sample_weight": SAMPLE_WEIGHT}):
        expected = twin.evaluate(X, Y, verbose=0, **arguments)
        assert model.evaluate(X, Y, **arguments) == pytest.approx(expected, rel=1e-5)
    expected = twin.evaluate(X, Y, verbose=0, return_dict=True)
    assert model.evaluate(X, Y, return_dict=True) == pytest.approx(expected, rel=1e-5)
    alone = classifier(metric_names=())
    assert isinstance(alone.evaluate(X, Y), float)


def test_evaluate_does_not_train():
    model = classifier(layers.BatchNormalization(), layers.Dropout(0.5))
    before = model.get_weights()
    assert model.evaluate(X, Y) == model.evaluate(X, Y)
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights()))


def test_predict_in_batches_equals_predict_at_once_and_keras():
    model, twin = both()
    at_once = model.predict(X)
    assert at_once.shape == (50, 3) and at_once.dtype == np.float32
    np.testing.assert_allclose(model.predict(X, batch_size=7), at_once, rtol=1e-5)
    np.testing.assert_allclose(at_once, twin.predict(X, verbose=0), rtol=1e-5)
    np.testing.assert_allclose(model(X), at_once, rtol=1e-5)


def test_single_batches_equal_keras():
    model, twin = both()
    for k in range(3):
        batch = slice(10 * k, 10 * k + 10)
        ours = model.train_on_batch(X[batch], Y[batch], sample_weight=SAMPLE_WEIGHT[batch])
        theirs = twin.train_on_batch(X[batch], Y[batch], sample_weight=SAMPLE_WEIGHT[batch])
        assert ours == pytest.approx(theirs, rel=1e-5)
    ours = model.train_on_batch(X, Y, class_weight=CLASS_WEIGHT, return_dict=True)
    assert ours == pytest.approx(twin.train_on_batch(X, Y, class_weight=CLASS_WEIGHT, return_dict=True), rel=1e-5)
    assert_same_weights(model, twin)


def test_a_model_built_by_its_first_data_trains_like_one_with_an_input_shape():
    known, unknown = (
        classifier(),
        Sequential([layers.Dense(8, activation="relu"), layers.Dense(3, activation="softmax")]),
    )
    unknown.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    assert not unknown.built
    unknown.evaluate(X, Y)
    unknown.set_weights(known.get_weights())
    assert unknown.fit(X, Y, shuffle=False).history == known.fit(X, Y, shuffle=False).history
