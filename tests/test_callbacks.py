"""Callbacks that change the rate or end training: the same decisions as Keras's own, on random traces and in `fit`."""

import warnings

import beside
import numpy as np
import pytest

from course_lib import Sequential, callbacks, layers, losses, metrics, optimizers, parity, utils
from course_lib.callbacks import Plateau, improves
from course_lib.callbacks.monitor import direction
from course_lib.optimizers import schedules

keras = parity.quiet_keras()
rng = np.random.default_rng(9)
X = rng.normal(size=(60, 5)).astype("float32")
Y = rng.integers(0, 3, 60)


class FakeModel:
    """As much of a model as a callback touches. Its one weight is the number of the epoch."""

    def __init__(self, optimizer):
        self.optimizer, self.metrics, self.stop_training, self.weight = optimizer, [], False, None

    def get_weights(self):
        return self.weight

    def set_weights(self, weights):
        self.weight = weights


def drive(callback, trace, rate=0.1, watch=()):
    """Feed a callback of either engine one value an epoch. Returns, for each epoch, what it did and the `watch`ed."""
    ours = isinstance(callback, callbacks.Callback)
    model = FakeModel((optimizers if ours else keras.optimizers).SGD(rate))
    callback.set_model(model)
    callback.on_train_begin({})
    seen = []
    for epoch, value in enumerate(trace):
        model.weight = epoch
        callback.on_epoch_begin(epoch, {})
        logs = {"val_loss": value}
        callback.on_epoch_end(epoch, logs)
        now = [float(np.float32(model.optimizer.learning_rate)), logs.get("learning_rate", 0.0), model.stop_training]
        seen.append(now + [getattr(callback, name) for name in watch])
        if model.stop_training:
            break
    callback.on_train_end({})
    return seen, model.weight


def random_trace(rng):
    """A loss that falls with noise, or a walk on a few steps so that equal values occur; sometimes a NaN or an inf."""
    n = int(rng.integers(5, 40))
    if rng.random() < 0.5:
        trace = np.exp(-np.arange(n) * rng.uniform(0, 0.2)) + rng.normal(0, 0.05, n)
    else:
        trace = rng.integers(0, 5, n) / 4 + rng.choice([0.0, 0.05, 0.1], n)
    if rng.random() < 0.3:
        trace[rng.integers(n, size=2)] = rng.choice([np.nan, np.inf, -np.inf], 2)
    return trace.tolist()


def assert_same(ours, theirs, arguments, trace):
    np.testing.assert_allclose(
        np.array(ours[0], float), np.array(theirs[0], float), rtol=1e-7, err_msg=f"{arguments} on {trace}"
    )
    assert ours[1] == theirs[1], f"{arguments} on {trace}"


# ---- reduce on plateau


@pytest.mark.beside(
    "4",
    "`ReduceLROnPlateau`",
    "`keras.callbacks.ReduceLROnPlateau`",
    "random traces and arguments: rate, wait, cooldown and best after each epoch",
)
def test_reduce_on_plateau_decides_as_keras_on_300_random_traces():
    rng = np.random.default_rng(1)
    reductions = held_at_min = cooled = 0
    for _ in range(300):
        arguments = {
            "factor": float(rng.choice([0.1, 0.2, 0.5, 0.9])),
            "patience": int(rng.integers(0, 5)),
            "mode": str(rng.choice(["min", "max"])),
            "min_delta": float(rng.choice([0.0, 1e-4, 0.05, 0.1, -0.1])),
            "cooldown": int(rng.integers(0, 5)),
            "min_lr": float(rng.choice([0.0, 0.001, 0.01, 0.02, 0.1])),
        }
        trace, rate = random_trace(rng), float(rng.choice([0.1, 0.3, 1.0]))
        watch = ("wait", "cooldown_counter", "best")
        ours = drive(callbacks.ReduceLROnPlateau(**arguments), trace, rate, watch)
        theirs = drive(keras.callbacks.ReduceLROnPlateau(**arguments), trace, rate, watch)
        assert_same(ours, theirs, arguments, trace)
        beside.counted(1, "traces, the same decisions")
        happened = [moment.happened for moment in Plateau(**arguments).trace(trace, rate)]
        reductions += happened.count("reduced")
        held_at_min += happened.count("at min_lr")
        cooled += sum(word.startswith("cooling") for word in happened)
    assert min(reductions, held_at_min, cooled) > 200  # the traces visit every state


def test_the_callback_only_drives_the_plateau():
    trace = random_trace(np.random.default_rng(2))
    arguments = {"factor": 0.5, "patience": 2, "cooldown": 3, "min_lr": 0.02}
    alone = [moment.rate for moment in Plateau(**arguments).trace(trace, 0.1)]
    driven, _ = drive(callbacks.ReduceLROnPlateau(**arguments), trace)
    np.testing.assert_allclose(alone, [rate for rate, *_ in driven], rtol=1e-7)


def test_every_state_of_the_plateau_by_hand():
    plateau = Plateau(factor=0.5, patience=2, min_delta=0.1, cooldown=3, min_lr=0.2)
    told = [
        (m.happened, m.best, m.wait, m.cooldown_counter, m.rate) for m in plateau.trace([3, 2, 1.95, 2, 2, 1, 1], 1.0)
    ]
    assert told == [
        ("improved", 3, 0, 0, 1.0),
        ("improved", 2, 0, 0, 1.0),
        ("waiting 1 of 2", 2, 1, 0, 1.0),  # better, but not by min_delta
        ("reduced", 2, 0, 3, 0.5),
        ("cooling down, 2 left", 2, 0, 2, 0.5),
        ("improved", 1, 0, 1, 0.5),  # counts while cooling down
        ("waiting 1 of 2", 1, 1, 0, 0.5),
    ]
    told = [(m.happened, m.wait, round(m.rate, 3)) for m in plateau.trace([1, 1, 1, 1, 1, 1, 1, 1, 1], 0.5)]
    assert told == [
        ("reduced", 0, 0.25),
        ("cooling down, 2 left", 0, 0.25),
        ("cooling down, 1 left", 0, 0.25),
        ("waiting 1 of 2", 1, 0.25),
        ("reduced", 0, 0.2),  # not 0.125: min_lr
        ("cooling down, 2 left", 0, 0.2),
        ("cooling down, 1 left", 0, 0.2),
        ("waiting 1 of 2", 1, 0.2),
        ("at min_lr", 2, 0.2),
    ]
    plateau.reset()
    assert (plateau.best, plateau.wait, plateau.cooldown_counter, plateau.happened) == (None, 0, 0, "begun")


def test_cooldown_skips_one_value_less_than_its_number_as_in_keras():
    flat = [1.0] * 12
    steps = {}
    for cooldown in (0, 1, 2, 4):
        moments = Plateau(0.5, patience=2, cooldown=cooldown).trace(flat, 1.0)
        steps[cooldown] = [i for i, moment in enumerate(moments) if moment.happened == "reduced"]
    assert steps == {0: [2, 4, 6, 8, 10], 1: [2, 4, 6, 8, 10], 2: [2, 5, 8, 11], 4: [2, 7]}


def test_nothing_beats_a_nan_that_came_first():
    assert [m.happened for m in Plateau(patience=2).trace([np.nan, 0.5, 0.1], 1.0)] == [
        "improved",
        "waiting 1 of 2",
        "reduced",
    ]


@pytest.mark.parametrize(
    "value, best, min_delta, mode, answer",
    [
        (0.5, None, 0.1, "min", True),
        (0.5, 0.6, 0.0, "min", True),
        (0.5, 0.6, 0.2, "min", False),
        (0.5, 0.5, 0.0, "min", False),
        (0.5, 0.4, 0.0, "max", True),
        (0.5, 0.4, 0.2, "max", False),
        (np.nan, 0.4, 0.0, "max", False),
        (0.5 - 1e-9, 0.5, 0.0, "min", False),  # equal in float32
    ],
)
def test_what_counts_as_better(value, best, min_delta, mode, answer):
    assert improves(value, best, min_delta, mode) is answer


# ---- early stopping


@pytest.mark.beside(
    "4",
    "`EarlyStopping`",
    "`keras.callbacks.EarlyStopping`",
    "random traces and arguments: when it stops, and which weights are left",
)
def test_early_stopping_decides_as_keras_on_300_random_traces():
    rng = np.random.default_rng(3)
    stopped = restored = 0
    for _ in range(300):
        arguments = {
            "min_delta": float(rng.choice([0.0, 0.05, 0.1])),
            "patience": int(rng.integers(0, 6)),
            "mode": str(rng.choice(["min", "max"])),
            "baseline": None if rng.random() < 0.6 else float(rng.choice([0.3, 0.5, 1.0])),
            "restore_best_weights": bool(rng.random() < 0.5),
            "start_from_epoch": int(rng.integers(0, 6)),
        }
        trace = random_trace(rng)
        watch = ("wait", "stopped_epoch", "best_epoch")
        ours = drive(callbacks.EarlyStopping(**arguments), trace, watch=watch)
        theirs = drive(keras.callbacks.EarlyStopping(**arguments), trace, watch=watch)
        assert_same(ours, theirs, arguments, trace)
        beside.counted(1, "traces, the same decisions")
        stopped += ours[0][-1][2]
        restored += ours[1] != len(ours[0]) - 1
    assert stopped > 100 and restored > 50


def test_patience_counts_epochs_in_a_row():
    (seen, _), (unlucky, _) = (
        drive(callbacks.EarlyStopping(patience=2), trace) for trace in ([5, 4, 6, 3, 4, 5, 6], [5, 6, 5, 1])
    )
    assert len(seen) == 6  # the first wait ended with the 3
    assert len(unlucky) == 3  # the 1 came too late


def test_early_stopping_starts_anew_in_each_fit():
    stopping = callbacks.EarlyStopping(patience=1, restore_best_weights=True)
    first = drive(stopping, [1.0, 0.5, 0.6])
    assert drive(stopping, [9.0, 8.0, 8.5]) == first
    assert stopping.best == 8.0 and stopping.best_epoch == 1 and stopping.stopped_epoch == 2


# ---- in fit, against Keras


def both(**arguments):
    utils.set_random_seed(6)
    model = Sequential([layers.Dense(6, activation="tanh", input_shape=(5,)), layers.Dense(3, activation="softmax")])
    model.compile(**{"optimizer": optimizers.SGD(0.5), "metrics": ["accuracy"], **arguments}, loss=CROSSENTROPY)
    return model, parity.keras_twin(model)


CROSSENTROPY = "sparse_categorical_crossentropy"


def fit_both(make, epochs=12, **arguments):
    """Train both engines with the callbacks that `make(room)` makes from theirs."""
    model, twin = both(**arguments)
    histories = []
    for engine, room in ((model, callbacks), (twin, keras.callbacks)):
        found = make(room)
        history = engine.fit(
            X, Y, batch_size=20, epochs=epochs, shuffle=False, verbose=0, validation_split=0.4, callbacks=found
        )
        histories.append(history.history)
    ours, theirs = histories
    assert set(ours) == set(theirs)
    for name in theirs:
        np.testing.assert_allclose(ours[name], theirs[name], rtol=1e-5, atol=1e-6, err_msg=name)
    assert parity.relative_difference(model.get_weights(), twin.get_weights()) < 1e-5
    return ours


def test_fit_with_reduce_on_plateau_equals_keras():
    history = fit_both(lambda room: [room.ReduceLROnPlateau("val_loss", factor=0.5, patience=2, cooldown=1)])
    assert history["learning_rate"][0] == 0.5 > history["learning_rate"][-1]


def test_fit_with_early_stopping_equals_keras():
    make = lambda room: [room.EarlyStopping("val_accuracy", patience=3, restore_best_weights=True)]  # noqa: E731
    assert len(fit_both(make, epochs=30)["loss"]) < 30


def test_fit_with_a_learning_rate_scheduler_equals_keras():
    history = fit_both(lambda room: [room.LearningRateScheduler(lambda epoch, rate: rate * 0.9 if epoch > 1 else rate)])
    assert history["learning_rate"] == pytest.approx([0.5, 0.5] + [0.5 * 0.9**k for k in range(1, 11)])


def test_a_schedule_of_the_epoch_alone_equals_keras():
    history = fit_both(lambda room: [room.LearningRateScheduler(lambda epoch: 0.5 / (epoch + 1))], epochs=3)
    assert history["learning_rate"] == pytest.approx([0.5, 0.25, 0.5 / 3])


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_terminate_on_nan_stops_at_the_same_batch_as_keras(capsys):
    model, twin = both(optimizer=optimizers.SGD(0.1))
    x = X.copy()
    x[45] = np.nan  # in the third batch of 20
    batches = []
    for engine, room in ((model, callbacks), (twin, keras.callbacks)):
        seen = []
        count = room.LambdaCallback(on_train_batch_end=lambda batch, logs, seen=seen: seen.append(batch))
        found = [room.TerminateOnNaN(), count]
        history = engine.fit(x, Y, batch_size=20, epochs=4, shuffle=False, verbose=0, callbacks=found)
        batches.append(seen)
        assert len(history.history["loss"]) == 1 and np.isnan(history.history["loss"][0])
    assert batches == [[0, 1, 2], [0, 1, 2]]
    assert capsys.readouterr().out.splitlines() == ["Batch 2: Invalid loss, terminating training"] * 2


def test_terminate_on_nan_raises_when_asked():
    model, twin = both()
    x = np.full_like(X, np.inf)
    with np.errstate(invalid="ignore"):
        for engine, room in ((model, callbacks), (twin, keras.callbacks)):
            with pytest.raises(RuntimeError, match="batch 0"):
                engine.fit(x, Y, verbose=0, callbacks=[room.TerminateOnNaN(raise_error=True)])


@pytest.mark.parametrize("loss, stops", [(1.0, False), (np.nan, True), (np.inf, True), (-np.inf, True), (None, False)])
def test_what_terminates(loss, stops, capsys):
    for room in (callbacks, keras.callbacks):
        callback = room.TerminateOnNaN()
        callback.set_model(FakeModel(None))
        callback.on_train_batch_end(3, {} if loss is None else {"loss": loss})
        assert callback.model.stop_training is stops
    assert capsys.readouterr().out.count("Batch 3: Invalid loss") == 2 * stops


# ---- what they print


def test_messages_use_keras_words(capsys):
    texts = []
    for room in (callbacks, keras.callbacks):
        drive(room.ReduceLROnPlateau(factor=0.5, patience=1, verbose=1), [1.0, 1.0, 1.0], rate=0.5)
        drive(room.EarlyStopping(patience=1, verbose=1, restore_best_weights=True), [1.0, 0.5, 1.0])
        drive(room.LearningRateScheduler(lambda epoch, rate: 0.25, verbose=1), [1.0])
        texts.append([line for line in capsys.readouterr().out.splitlines() if line])
    assert texts[0] == texts[1]
    assert texts[0] == [
        "Epoch 2: ReduceLROnPlateau reducing learning rate to 0.25.",
        "Epoch 3: ReduceLROnPlateau reducing learning rate to 0.125.",
        "Epoch 3: early stopping",
        "Restoring model weights from the end of the best epoch: 2.",
        "Epoch 1: LearningRateScheduler setting learning rate to 0.25.",
    ]


def test_messages_round_the_rate(capsys):
    drive(callbacks.ReduceLROnPlateau(patience=1, verbose=1), [1.0, 1.0], rate=0.1)
    assert "to 0.01.\n" in capsys.readouterr().out


# ---- mode


def test_auto_mode_takes_the_direction_that_keras_takes():
    kinds = [name for name, value in vars(metrics).items() if isinstance(value, type) and hasattr(keras.metrics, name)]
    kinds = sorted(set(kinds) - {"Metric", "MeanMetricWrapper"})
    assert len(kinds) > 25
    for name in kinds:
        theirs = getattr(getattr(keras.metrics, name)(), "_direction", None)
        assert direction(getattr(metrics, name)()) == {"up": "max", "down": "min", None: None}[theirs], name
    assert direction(metrics.get(losses.mean_squared_error)) == "min"
    assert direction(metrics.get(lambda y_true, y_pred: y_pred)) is None


def test_auto_mode_follows_the_name_that_a_metric_was_given():
    top = metrics.SparseTopKCategoricalAccuracy(k=2, name="loss_of_hope")
    make = lambda room: [room.EarlyStopping("val_loss_of_hope", patience=2)]  # noqa: E731
    assert len(fit_both(make, epochs=30, metrics=[top])["loss"]) < 30


@pytest.mark.parametrize("kind", ["EarlyStopping", "ReduceLROnPlateau"])
def test_an_unknown_direction_is_an_error_that_says_what_to_give(kind):
    model, twin = both()
    for engine, room in ((model, callbacks), (twin, keras.callbacks)):
        with pytest.raises(ValueError, match="mode='max'"):
            engine.fit(X, Y, verbose=0, callbacks=[getattr(room, kind)("speed")])


@pytest.mark.parametrize("kind", ["EarlyStopping", "ReduceLROnPlateau"])
def test_a_number_that_is_not_logged_is_a_warning_that_names_those_there_are(kind):
    model, _ = both()
    with pytest.warns(UserWarning, match=f"{kind} watches 'val_loss'.*loss, accuracy.*validation"):
        history = model.fit(X, Y, epochs=2, callbacks=[getattr(callbacks, kind)(patience=0)])
    assert len(history.history["loss"]) == 2


def test_an_unknown_mode_is_taken_as_auto_with_a_warning_as_in_keras():
    for room in (callbacks, keras.callbacks):
        with pytest.warns(UserWarning, match="auto"):
            assert room.EarlyStopping(mode="minimum").mode == "auto"


# ---- wrong use


def test_a_schedule_that_returns_no_float_is_an_error():
    model, _ = both()
    for schedule in (lambda epoch: None, lambda epoch, rate: 1):
        with pytest.raises(ValueError, match="needs a float"):
            model.fit(X, Y, callbacks=[callbacks.LearningRateScheduler(schedule)])


def test_an_error_inside_a_schedule_is_not_taken_for_a_wrong_number_of_arguments():
    model, _ = both()
    with pytest.raises(TypeError, match="unsupported operand"):
        model.fit(X, Y, callbacks=[callbacks.LearningRateScheduler(lambda epoch, rate: rate + "a")])


def test_a_rate_cannot_follow_a_schedule_and_a_callback():
    model, _ = both(optimizer=optimizers.SGD(schedules.CosineDecay(0.1, 10)))
    with pytest.raises(TypeError, match="follows a schedule"):
        model.fit(X, Y, callbacks=[callbacks.LearningRateScheduler(lambda epoch: 0.1)])


@pytest.mark.parametrize("arguments, message", [({"factor": 1.0}, "factor=1.0"), ({"mode": "auto"}, "mode='auto'")])
def test_plateau_names_wrong_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        Plateau(**arguments)


def test_arguments_and_defaults_are_those_of_keras():
    import inspect

    for name in ("LearningRateScheduler", "ReduceLROnPlateau", "EarlyStopping", "TerminateOnNaN"):
        ours, theirs = (
            {
                p.name: p.default
                for p in inspect.signature(getattr(room, name)).parameters.values()
                if p.kind != p.VAR_KEYWORD
            }
            for room in (callbacks, keras.callbacks)
        )
        assert ours == theirs, name


def test_a_silent_run_is_silent(capsys):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drive(callbacks.ReduceLROnPlateau(patience=1), [1.0, 1.0, 1.0])
        drive(callbacks.EarlyStopping(patience=1), [1.0, 1.0])
        drive(callbacks.LearningRateScheduler(lambda epoch: 0.1), [1.0])
    assert capsys.readouterr() == ("", "")
