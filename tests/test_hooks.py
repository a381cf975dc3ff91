"""The hooks of `fit` in Keras's order, what callbacks may do in them, and what is printed meanwhile."""

import pytest
from training_twins import X, Y, assert_same_weights, both, classifier, keras

from course_lib import Sequential, callbacks, layers, optimizers

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
