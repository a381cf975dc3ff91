"""`compile`, `fit`, `evaluate`, `predict`, callbacks, freezing and saving: as Keras does it, number by number."""

import io
import json
import zipfile

import families
import numpy as np
import pytest

from course_lib import Sequential, callbacks, layers, losses, metrics, optimizers, parity, regularizers, utils
from course_lib.models import load_model

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


# ---- callbacks


# `on_batch_begin` and `on_batch_end` are called by the hooks `on_train_batch_…`, where these are not overridden.
HOOKS = sorted(name for name in vars(callbacks.Callback) if name.startswith("on_") and "on_batch" not in name)


def recorder(base, stop_at=None):
    """A callback of either engine that writes down every hook, its number and the names in its logs."""
    calls = []

    def make(hook):
        def method(self, *args, **named):
            args = [*args, *named.values()]
            number = args[0] if args and isinstance(args[0], int) else None
            logs = next((a for a in args if isinstance(a, dict)), None) or {}
            calls.append((hook, number, tuple(sorted(logs))))
            if stop_at == (hook, number):
                self.model.stop_training = True

        return method

    return type("Recorder", (base,), {hook: make(hook) for hook in HOOKS})(), calls


@pytest.mark.parametrize("stop_at", [None, ("on_train_batch_end", 1), ("on_epoch_end", 1)], ids=str)
def test_hooks_are_called_in_keras_order(stop_at):
    model, twin = both()
    sequences = []
    for engine, base in ((model, callbacks.Callback), (twin, keras.callbacks.Callback)):
        callback, calls = recorder(base, stop_at)
        engine.fit(X, Y, batch_size=16, epochs=3, verbose=0, validation_data=(X[:20], Y[:20]), callbacks=[callback])
        engine.evaluate(X, Y, batch_size=25, verbose=0, callbacks=[callback])
        engine.predict(X, batch_size=25, verbose=0, callbacks=[callback])
        sequences.append(calls)
    ours, theirs = sequences
    assert ours == theirs
    assert {hook for hook, _, _ in ours} == set(HOOKS)
    assert stop_at is None or len(ours) < 60


def test_callbacks_see_the_model_and_its_parameters():
    model, twin = both()
    ours, theirs = callbacks.Callback(), keras.callbacks.Callback()
    model.fit(X, Y, batch_size=16, epochs=2, callbacks=ours, verbose=0)
    twin.fit(X, Y, batch_size=16, epochs=2, callbacks=theirs, verbose=0)
    assert ours.model is model
    assert ours.params == theirs.params


def test_what_a_callback_adds_to_the_logs_stands_in_the_history_as_in_keras():
    model, twin = both()
    add = lambda epoch, logs: logs.update(rate=0.5**epoch)  # noqa: E731
    ours = model.fit(X, Y, epochs=2, callbacks=[callbacks.LambdaCallback(on_epoch_end=add)])
    theirs = twin.fit(X, Y, epochs=2, verbose=0, callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=add)])
    assert ours.history["rate"] == theirs.history["rate"] == [1.0, 0.5]


def test_learning_rate_set_by_a_callback_counts_from_the_next_step_on():
    model, twin = both(optimizer=optimizers.SGD(0.1, momentum=0.9))
    for engine, kind in ((model, callbacks.LambdaCallback), (twin, keras.callbacks.LambdaCallback)):
        slow_down = kind(
            on_epoch_begin=lambda epoch, logs, e=engine: setattr(e.optimizer, "learning_rate", 0.1 / (epoch + 1))
        )
        engine.fit(X, Y, batch_size=16, epochs=3, shuffle=False, verbose=0, callbacks=[slow_down])
    assert_same_weights(model, twin)


def test_lambda_callback_names_an_unknown_hook():
    with pytest.raises(TypeError, match="unknown hook 'on_epoch_ends'.*on_epoch_end"):
        callbacks.LambdaCallback(on_epoch_ends=print)


# ---- what is printed


def test_fit_evaluate_and_predict_are_silent_under_tests(capsys):
    model = classifier()
    model.fit(X, Y, epochs=2)
    model.evaluate(X, Y)
    model.predict(X)
    assert capsys.readouterr() == ("", "")


def test_verbose_2_prints_one_line_an_epoch_and_no_times(capsys):
    model = classifier()
    history = model.fit(X, Y, epochs=10, verbose=2, validation_split=0.2).history
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 10
    numbers = "  ".join(f"{name} {values[0]:.4f}" for name, values in history.items())
    assert lines[0] == f"Epoch  1/10  {numbers}"
    assert lines[9].startswith("Epoch 10/10  loss ")


def test_verbose_1_rewrites_one_line_an_epoch(capsys):
    model = classifier()
    loss = model.fit(X, Y, epochs=2, verbose=1).history["loss"]
    out = capsys.readouterr().out
    assert out.count("\n") == 2
    assert f"Epoch 1/2 loss {loss[0]:.4f}" in out
    assert "[############" in out


def test_evaluate_prints_its_numbers_when_asked(capsys):
    model = classifier()
    loss, accuracy = model.evaluate(X, Y, verbose=1)
    assert capsys.readouterr().out == f"loss {loss:.4f}  accuracy {accuracy:.4f}\n"


def test_summary_shows_layers_shapes_and_parameters(capsys):
    model = Sequential(
        [
            layers.Dense(4, name="hidden", input_shape=(6,)),
            layers.BatchNormalization(name="norm"),
            layers.Dense(3, name="scores", trainable=False),
        ]
    )
    model.summary()
    assert capsys.readouterr().out.splitlines() == [
        "Layer                      Output shape  Parameters",
        "Dense 'hidden'             (None, 4)             28",
        "BatchNormalization 'norm'  (None, 4)             16",
        "Dense 'scores'             (None, 3)             15",
        "Total 59 parameters (236 bytes), 36 of them trainable.",
    ]


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


# ---- freezing


def test_frozen_layers_stay_and_the_rest_trains_as_in_keras():
    model, twin = both(layers.Dense(5, activation="tanh"))
    for engine in (model, twin):
        engine.layers[0].trainable = False
        engine.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    frozen = model.layers[0].get_weights()
    assert_same_history(*fit_both(model, twin))
    assert_same_weights(model, twin)
    assert all(np.array_equal(a, b) for a, b in zip(frozen, model.layers[0].get_weights()))
    for engine in (model, twin):
        engine.layers[0].trainable = True
        engine.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    fit_both(model, twin)
    assert_same_weights(model, twin)
    assert not np.array_equal(frozen[0], model.layers[0].kernel)


def test_a_frozen_layer_in_the_middle_passes_the_gradient_on():
    model, twin = both(layers.Dense(5, activation="tanh"))
    for engine in (model, twin):
        engine.layers[1].trainable = False
        engine.compile("adam", "sparse_categorical_crossentropy")
    fit_both(model, twin)
    assert_same_weights(model, twin)


def test_frozen_batch_normalization_uses_and_keeps_its_moving_statistics_as_in_keras():
    model, twin = both(layers.BatchNormalization())
    fit_both(model, twin)
    for engine in (model, twin):
        engine.layers[1].trainable = False
        engine.compile("adam", "sparse_categorical_crossentropy")
    statistics = model.layers[1].get_weights()
    fit_both(model, twin)
    assert_same_weights(model, twin)
    assert all(np.array_equal(a, b) for a, b in zip(statistics, model.layers[1].get_weights()))


def test_freezing_an_inner_model_freezes_all_of_it():
    inner = Sequential([layers.Dense(6, activation="tanh", input_shape=(6,)), layers.BatchNormalization()])
    model = Sequential([layers.Dense(6, input_shape=(6,)), inner, layers.Dense(3, activation="softmax")])
    inner.trainable = False
    model.compile("adam", "sparse_categorical_crossentropy")
    before = inner.get_weights()
    model.fit(X, Y)
    assert all(np.array_equal(a, b) for a, b in zip(before, inner.get_weights()))
    assert model.flat_parameters.size == 6 * 6 + 6 + 6 * 3 + 3


def test_a_wholly_frozen_model_trains_nothing_and_fails_nowhere():
    model = classifier()
    model.trainable = False
    model.compile("adam", "sparse_categorical_crossentropy")
    before = model.get_weights()
    model.fit(X, Y)
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights()))


# ---- the stack of layers


def test_layers_can_be_added_and_taken_off():
    model = Sequential([layers.Dense(4, input_shape=(6,))])
    first = model.layers[0].get_weights()
    model.add(layers.Dense(2))
    assert model.predict(X).shape == (50, 2)
    assert np.array_equal(model.layers[0].kernel, first[0])
    taken = model.pop()
    assert taken.units == 2 and len(model.layers) == 1
    np.testing.assert_allclose(model.predict(X), X @ first[0] + first[1], rtol=1e-5, atol=1e-6)
    assert model.flat_parameters.size == 6 * 4 + 4
    model.add(layers.Dense(3, activation="softmax"))
    model.compile("adam", "sparse_categorical_crossentropy")
    twin = parity.keras_twin(model)
    fit_both(model, twin)
    assert_same_weights(model, twin)


def test_an_input_layer_is_no_layer_of_the_model():
    model = Sequential([layers.Input(shape=(6,)), layers.Dense(4)])
    assert model.built and [type(layer).__name__ for layer in model.layers] == ["Dense"]


def test_nested_models_train_like_the_same_layers_in_a_row():
    flat = classifier(layers.Dense(5, activation="tanh"))
    inner = Sequential([layers.Dense(8, activation="relu", input_shape=(6,)), layers.Dense(5, activation="tanh")])
    nested = Sequential([inner, Sequential([layers.Dense(3, activation="softmax")])])
    nested.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    nested.predict(X)
    nested.set_weights(flat.get_weights())
    assert nested.fit(X, Y, shuffle=False, epochs=2).history == flat.fit(X, Y, shuffle=False, epochs=2).history
    assert np.array_equal(nested.flat_parameters, flat.flat_parameters)


def test_two_models_that_share_layers_train_the_same_weights_in_turn():
    shared = layers.Dense(5, activation="tanh", input_shape=(6,))
    first, second = Sequential([shared, layers.Dense(3)]), Sequential([shared, layers.Dense(3)])
    loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    for model in (first, second):
        model.compile("adam", loss)
    for model in (first, second, first):
        before = shared.kernel.copy()
        model.fit(X, Y)
        assert not np.array_equal(before, shared.kernel)
        np.testing.assert_array_equal(first.layers[0].kernel, second.layers[0].kernel)


def test_layers_give_their_input_gradient_after_training_too():
    model = classifier()
    model.fit(X, Y)
    dense, run = model.layers[0], layers.Pass()
    y = dense(X, run=run)
    dx = dense.backward(np.ones((50, 8), "float32"), run)
    np.testing.assert_allclose(dx, (y > 0).astype("float32") @ dense.kernel.T, rtol=1e-5)


def test_get_weights_are_copies_and_set_weights_puts_them_back():
    model = classifier()
    saved = model.get_weights()
    before = model.predict(X)
    model.fit(X, Y)
    assert not np.allclose(before, model.predict(X))
    model.set_weights(saved)
    assert np.array_equal(before, model.predict(X))
    saved[0][...] = 0
    assert np.array_equal(before, model.predict(X))


# ---- save and load


@pytest.mark.parametrize("optimizer", families.made(rate=0.02), ids=families.show)
def test_a_loaded_model_predicts_the_same_and_trains_on_identically(tmp_path, optimizer):
    optimizer = type(optimizer)(**optimizer.get_config())
    model = classifier(
        layers.BatchNormalization(),
        layers.Residual(layers.Dense(8, kernel_regularizer="l2")),
        optimizer=optimizer,
        loss=losses.SparseCategoricalCrossentropy(),
    )
    model.layers[0].trainable = False
    model.compile(optimizer, model.loss, ["accuracy"])
    model.fit(X, Y, epochs=2, shuffle=False)
    model.save(tmp_path / "model")
    loaded = load_model(tmp_path / "model")
    assert np.array_equal(loaded.predict(X), model.predict(X))
    assert loaded.optimizer.iterations == model.optimizer.iterations
    assert loaded.layers[0].trainable is False
    more = {"epochs": 2, "shuffle": False, "batch_size": 16}
    assert loaded.fit(X, Y, **more).history == model.fit(X, Y, **more).history
    assert np.array_equal(loaded.flat_parameters, model.flat_parameters)
    assert Sequential.load(str(tmp_path / "model")).name == model.name


def test_a_model_without_compile_is_saved_without(tmp_path):
    model = Sequential([layers.Embedding(7, 3), layers.LSTM(4), layers.Dense(2)])
    tokens = rng.integers(0, 7, (5, 6))
    before = model(tokens)
    model.save(tmp_path / "m.npz")
    loaded = load_model(tmp_path / "m.npz")
    assert loaded.optimizer is None
    assert np.array_equal(loaded(tokens), before)


def test_saving_is_all_or_nothing(tmp_path, monkeypatch):
    model = classifier()
    path = tmp_path / "model.npz"
    model.save(path)
    good = path.read_bytes()

    def fails_halfway(file, **arrays):
        file.write(b"half a model")
        raise OSError("disk full")

    monkeypatch.setattr(np, "savez", fails_halfway)
    with pytest.raises(OSError, match="disk full"):
        model.save(path)
    assert path.read_bytes() == good
    assert [p.name for p in tmp_path.iterdir()] == ["model.npz"]


def _npz(**arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a model",
        _npz(weights=np.zeros(3)),
        _npz(architecture=np.array("no json")),
        _npz(architecture=np.array(json.dumps({"format": 99}))),
        _npz(architecture=np.array(json.dumps({"format": 1, "model": {"class": "layers.Nonsense", "config": {}}}))),
        _npz(architecture=np.array(json.dumps({"format": 1, "model": {"class": "os.system", "config": {}}}))),
    ],
    ids=["empty", "text", "other npz", "no json", "other format", "unknown layer", "foreign class"],
)
def test_a_file_that_is_no_model_is_named_in_the_error(tmp_path, content):
    path = tmp_path / "bad.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="bad.npz"):
        load_model(path)


def test_a_cut_or_single_array_file_is_named_in_the_error(tmp_path):
    model = classifier()
    model.save(tmp_path / "cut.npz")
    (tmp_path / "cut.npz").write_bytes((tmp_path / "cut.npz").read_bytes()[:-100])
    np.save(tmp_path / "array.npy", np.zeros(3))
    for name in ("cut.npz", "array.npy"):
        with pytest.raises(ValueError, match=name):
            load_model(tmp_path / name)


def test_a_file_holds_no_code(tmp_path):
    classifier().save(tmp_path / "m.npz")
    with zipfile.ZipFile(tmp_path / "m.npz") as file:
        assert all(name.endswith(".npy") for name in file.namelist())
    with np.load(tmp_path / "m.npz", allow_pickle=False) as file:
        assert all(file[name].dtype.kind in "fU" for name in file.files)


def test_own_functions_are_refused_when_saving(tmp_path):
    model = Sequential([layers.Dense(3, activation=lambda x: x * x, input_shape=(2,))])
    with pytest.raises(TypeError, match="your own"):
        model.save(tmp_path / "m.npz")
    assert not list(tmp_path.iterdir())


def test_a_float64_model_takes_float64_rows():
    model = Sequential([layers.Dense(2, dtype="float64"), layers.Dense(1, dtype="float64")])
    x = np.array([[1.0 + 1e-12, 0.0], [1.0, 0.0]])
    y = model(x)
    assert y.dtype == np.float64 and y[0] != y[1]


@pytest.mark.parametrize("clipnorm", [None, 1.0])
def test_which_weights_train_is_settled_by_compile_whether_or_not_each_is_clipped(clipnorm):
    first, second = layers.Dense(4), layers.Dense(4)
    model = Sequential([layers.Input((4,)), first, second, layers.Dense(2, "softmax")])
    second.trainable = False
    model.compile(optimizers.SGD(0.1, clipnorm=clipnorm), "sparse_categorical_crossentropy")
    x, y = np.ones((6, 4), "float32"), np.arange(6) % 2
    model.fit(x, y, verbose=0)
    first.trainable, second.trainable = False, True  # counts from the next compile on
    before = first.kernel.copy(), second.kernel.copy()
    model.fit(x, y, verbose=0)
    assert (first.kernel != before[0]).any() and (second.kernel == before[1]).all()


def test_loss_and_gradient_checks_its_labels_and_the_model():
    model = Sequential([layers.Dense(3, "softmax")])
    with pytest.raises(RuntimeError, match="compile"):
        model.loss_and_gradient(np.ones((2, 4)), [0, 1])
    model.compile("sgd", "sparse_categorical_crossentropy")
    with pytest.raises(ValueError, match="3"):
        model.loss_and_gradient(np.ones((2, 4)), [3, 1])
    assert model.loss_and_gradient(np.ones((2, 4)), [0, 1])[0] > 0
