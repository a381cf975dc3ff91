"""Learning-rate schedules: Keras's values at every step, Keras's training with them, saved and read back."""

import inspect

import beside
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course_lib import Sequential, layers, losses, optimizers, parity, serialization, utils
from course_lib.models import load_model
from course_lib.optimizers import schedules

keras = parity.quiet_keras()
KERAS = keras.optimizers.schedules
rng = np.random.default_rng(8)
X = rng.normal(size=(40, 6)).astype("float32")
Y = rng.integers(0, 3, 40)

# For each schedule of Keras: arguments that leave no default untouched.
rates = st.floats(1e-4, 1.0)
lengths = st.integers(1, 300)
ARGUMENTS = {
    "ExponentialDecay": {"decay_steps": lengths, "decay_rate": st.floats(0.1, 1.1), "staircase": st.booleans()},
    "InverseTimeDecay": {"decay_steps": lengths, "decay_rate": st.floats(0.0, 3.0), "staircase": st.booleans()},
    "PolynomialDecay": {
        "decay_steps": lengths,
        "end_learning_rate": st.floats(0.0, 0.3),
        "power": st.sampled_from([0.5, 1.0, 2.0, 3.3]),
        "cycle": st.booleans(),
    },
    "CosineDecay": {
        "decay_steps": lengths,
        "alpha": st.floats(0.0, 0.5),
        "warmup_target": st.none() | rates,
        "warmup_steps": st.integers(0, 60),
    },
    "CosineDecayRestarts": {
        "first_decay_steps": lengths,
        "t_mul": st.sampled_from([1.0, 1.1, 1.5, 2.0, 3.0]),
        "m_mul": st.floats(0.3, 1.0),
        "alpha": st.floats(0.0, 0.5),
    },
}


def assert_same_rates(name, arguments, steps):
    ours, theirs = getattr(schedules, name)(**arguments), getattr(KERAS, name)(**arguments)
    steps = [step for step in steps if not is_tie(ours, step)]
    expected = np.array([float(theirs(np.int64(step))) for step in steps])
    np.testing.assert_allclose([ours(step) for step in steps], expected, rtol=1e-6, atol=1e-7 * expected.max())
    beside.counted(len(steps), "rates agree")


def is_tie(schedule, step):
    """Whether the last bit of a float32 logarithm, another one on another machine, decides if a round is over."""
    if not isinstance(schedule, schedules.CosineDecayRestarts) or schedule.t_mul in (1, 2):
        return False
    rounds = np.log(1 + step / schedule.first_decay_steps * (schedule.t_mul - 1)) / np.log(schedule.t_mul)
    return step > 0 and abs(rounds - np.rint(rounds)) < 1e-5


@pytest.mark.beside("4", "the schedules", "`keras.optimizers.schedules`", "random arguments and steps (to 1e-6)")
@pytest.mark.parametrize("name", ARGUMENTS)
@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_rates_equal_keras_for_any_arguments(name, data):
    arguments = {"initial_learning_rate": data.draw(rates)}
    arguments |= {key: data.draw(values, key) for key, values in ARGUMENTS[name].items()}
    length = arguments.get("decay_steps") or arguments["first_decay_steps"]
    turns = {0, length - 1, length, length + 1, 2 * length, 3 * length, 7 * length, arguments.get("warmup_steps", 0)}
    anywhere = data.draw(st.sets(st.integers(0, 5 * length), max_size=12), "steps")
    assert_same_rates(name, arguments, sorted(turns | anywhere))


@settings(max_examples=30, deadline=None, derandomize=True)
@given(data=st.data())
def test_piecewise_constant_rates_equal_keras(data):
    boundaries = sorted(data.draw(st.sets(st.integers(0, 100), min_size=1, max_size=5)))
    values = data.draw(st.lists(rates, min_size=len(boundaries) + 1, max_size=len(boundaries) + 1))
    steps = sorted({0, *boundaries, *(b + 1 for b in boundaries), 1000})
    assert_same_rates("PiecewiseConstantDecay", {"boundaries": boundaries, "values": values}, steps)


@pytest.mark.beside("4", "the schedules", "`keras.optimizers.schedules`", "every one of 150 steps (to 1e-6)")
@pytest.mark.parametrize(
    "name, arguments",
    [
        ("ExponentialDecay", (0.1, 20, 0.5)),
        ("InverseTimeDecay", (0.1, 20, 2.0, True)),
        ("PiecewiseConstantDecay", ([10, 20, 50], [0.1, 0.05, 0.2, 0.01])),
        ("PolynomialDecay", (0.1, 30, 0.01, 2.0, True)),
        ("CosineDecay", (0.0, 60, 0.1, "warm", 0.2, 25)),
        ("CosineDecay", (0.0, 60, 0.1, "no warm-up", 0.2, 0)),
        ("CosineDecayRestarts", (0.2, 15, 1.5, 0.8, 0.1)),
    ],
)
def test_rates_equal_keras_at_every_one_of_150_steps(name, arguments):
    code = inspect.signature(getattr(schedules, name))
    assert_same_rates(name, code.bind(*arguments).arguments, range(150))


def test_arguments_and_defaults_are_those_of_keras():
    for name in [*ARGUMENTS, "PiecewiseConstantDecay"]:
        ours, theirs = (inspect.signature(getattr(room, name)) for room in (schedules, KERAS))
        assert ours.parameters == theirs.parameters, name


def test_keras_takes_some_stairs_a_step_late_in_fit():
    """TensorFlow's compiled step divides by 41 as it multiplies by 1/41, and 41 · (1/41) is below 1 in float32."""
    import tensorflow as tf

    stairs = {"initial_learning_rate": 1.0, "decay_rate": 0.5, "staircase": True}
    late = []
    for n in (20, 40, 41, 47, 50, 55):
        ours, theirs = (
            schedules.ExponentialDecay(decay_steps=n, **stairs),
            KERAS.ExponentialDecay(decay_steps=n, **stairs),
        )
        assert ours(n) == float(theirs(n)) == 0.5
        if float(tf.function(theirs)(tf.constant(n))) == 1.0:
            late.append(n)
    assert late == [41, 47, 55]


# ---- one cycle


@settings(max_examples=50, deadline=None, derandomize=True)
@given(
    top=rates,
    total=st.integers(10, 500),
    div=st.floats(1.5, 50),
    final=st.floats(1.5, 1e4),
    annealing=st.floats(0.01, 0.5),
)
def test_one_cycle_climbs_and_falls_in_equal_slopes_then_dwindles(top, total, div, final, annealing):
    rate = schedules.OneCycle(top, total, div, final, annealing)
    values = np.array([rate(step) for step in range(total + 5)])
    half = (1 - annealing) / 2 * total
    assert values[0] == pytest.approx(top / div, rel=1e-6)
    assert abs(values.argmax() - half) <= 1 and values.max() <= top * (1 + 1e-6)
    assert (np.diff(values[: int(half) + 1]) > 0).all() and (np.diff(values[int(half) + 1 : total + 1]) < 0).all()
    for away in range(0, int(half), 7):  # the two slopes mirror each other
        assert np.interp(half - away, range(total + 5), values) == pytest.approx(
            np.interp(half + away, range(total + 5), values), rel=0.2, abs=top / half
        )
    assert values[total:] == pytest.approx(top / div / final, rel=1e-5)


def test_one_cycle_by_hand():
    rate = schedules.OneCycle(1.0, 10, div_factor=5, final_div_factor=100, annealing=0.2)
    assert [round(rate(t), 3) for t in range(11)] == [0.2, 0.4, 0.6, 0.8, 1.0, 0.8, 0.6, 0.4, 0.2, 0.101, 0.002]


# ---- in training


@pytest.mark.beside("4", "`SGD` that follows a schedule", "the same in Keras", "weights after 100 steps of `fit`")
@pytest.mark.parametrize(
    "schedule",
    [
        schedules.ExponentialDecay(0.2, 10, 0.7),
        schedules.PiecewiseConstantDecay([20, 60], [0.3, 0.1, 0.01]),
        schedules.PolynomialDecay(0.3, 40, 0.01, cycle=True),
        schedules.InverseTimeDecay(0.3, 16, 1.0, staircase=True),
        schedules.CosineDecay(0.0, 70, 0.1, warmup_target=0.3, warmup_steps=20),
        schedules.CosineDecayRestarts(0.3, 20, m_mul=0.7),
    ],
    ids=lambda schedule: type(schedule).__name__,
)
def test_100_steps_with_a_schedule_equal_keras(schedule):
    utils.set_random_seed(4)
    model = Sequential([layers.Dense(5, activation="tanh", input_shape=(6,)), layers.Dense(3, activation="softmax")])
    model.compile(optimizers.SGD(schedule, momentum=0.5), losses.SparseCategoricalCrossentropy())
    start = model.get_weights()
    twin = parity.keras_twin(model)
    for engine in (model, twin):
        engine.fit(X, Y, batch_size=8, epochs=20, shuffle=False, verbose=0)
    assert model.optimizer.iterations == int(twin.optimizer.iterations) == 100
    beside.apart(parity.relative_difference(model.get_weights(), twin.get_weights()), 1e-5)
    assert parity.relative_difference(model.get_weights(), start) > 0.05
    assert model.optimizer.learning_rate == pytest.approx(float(twin.optimizer.learning_rate), rel=1e-6)


def test_a_schedule_counts_steps_and_not_epochs():
    model = Sequential([layers.Dense(1, input_shape=(6,))])
    model.compile(optimizers.SGD(schedules.ExponentialDecay(1.0, 5, 0.5)), "mse")
    model.fit(X, Y, batch_size=8, epochs=2, verbose=0)  # 5 batches an epoch
    assert model.optimizer.learning_rate == 0.25


def test_an_optimizer_with_a_schedule_refuses_a_rate_set_by_hand():
    optimizer = optimizers.Adam(schedules.CosineDecay(0.1, 10))
    with pytest.raises(TypeError, match="follows a schedule"):
        optimizer.learning_rate = 0.1


# ---- saved


EXAMPLES = [
    schedules.ExponentialDecay(0.2, 10, 0.7, staircase=True),
    schedules.PiecewiseConstantDecay([20, 60], [0.3, 0.1, 0.01]),
    schedules.PolynomialDecay(0.3, 40, 0.01, 2.0, cycle=True),
    schedules.InverseTimeDecay(0.3, 16, 1.0),
    schedules.CosineDecay(0.0, 70, 0.1, warmup_target=0.3, warmup_steps=20),
    schedules.CosineDecayRestarts(0.3, 20, m_mul=0.7),
    schedules.OneCycle(0.5, 100, annealing=0.2),
]


@pytest.mark.parametrize("schedule", EXAMPLES, ids=lambda schedule: type(schedule).__name__)
def test_a_schedule_survives_json_and_its_own_repr(schedule):
    import json

    written = json.loads(json.dumps(serialization.serialize(schedule)))
    assert written["class"] == f"optimizers.schedules.{type(schedule).__name__}"
    again = [
        serialization.deserialize(written),
        type(schedule).from_config(schedule.get_config()),
        eval(repr(schedule), vars(schedules)),
    ]
    for step in range(0, 120, 7):
        assert [other(step) for other in again] == [schedule(step)] * 3


def test_a_saved_model_follows_its_schedule_on(tmp_path):
    model = Sequential([layers.Dense(1, input_shape=(6,))])
    model.compile(optimizers.Adam(schedules.CosineDecay(0.1, 50)), "mse")
    model.fit(X, Y, batch_size=8, verbose=0)
    model.save(tmp_path / "model.npz")
    again = load_model(tmp_path / "model.npz")
    assert again.optimizer.learning_rate == model.optimizer.learning_rate < 0.1
    for engine in (model, again):
        engine.fit(X, Y, batch_size=8, shuffle=False, verbose=0)
    np.testing.assert_array_equal(model.flat_parameters, again.flat_parameters)


def test_a_schedule_comes_over_from_keras():
    theirs = keras.Sequential([keras.Input((6,)), keras.layers.Dense(3)])
    theirs.compile(keras.optimizers.SGD(KERAS.CosineDecayRestarts(0.3, 20, m_mul=0.7)), "mse")
    ours = parity.from_keras(theirs)
    schedule = ours.optimizer.get_config()["learning_rate"]
    assert isinstance(schedule, schedules.CosineDecayRestarts) and schedule.m_mul == 0.7


def test_a_schedule_of_ones_own_needs_call_and_keeps_its_arguments():
    class Halving(schedules.LearningRateSchedule):
        def __init__(self, first, every=10):
            self.first, self.every = first, every

        def __call__(self, step):
            return self.first * 0.5 ** (step // self.every)

    class Tenth(schedules.LearningRateSchedule):
        def __call__(self, step):
            return 0.1

    assert Halving(0.4).get_config() == {"first": 0.4, "every": 10}
    assert Tenth().get_config() == {} and repr(Tenth()) == "Tenth()"
    assert optimizers.SGD(Halving(0.4)).learning_rate == 0.4
    with pytest.raises(NotImplementedError, match="LearningRateSchedule has no __call__"):
        schedules.LearningRateSchedule()(0)


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: schedules.ExponentialDecay(0.1, 0, 0.5), "ExponentialDecay got decay_steps=0.*above 0"),
        (lambda: schedules.CosineDecay(0.1, -3), "CosineDecay got decay_steps=-3"),
        (lambda: schedules.CosineDecayRestarts(0.1, 10, t_mul=0.5), "t_mul=0.5.*at least as long"),
        (lambda: schedules.PiecewiseConstantDecay([5], [0.1]), "1 boundaries and 1 values.*one value more"),
        (lambda: schedules.PiecewiseConstantDecay([5, 5], [3, 2, 1]), r"\[5, 5\]; each must exceed"),
        (lambda: schedules.OneCycle(0.1, 100, annealing=1.0), "annealing=1.0.*share"),
        (lambda: schedules.OneCycle(0.1, 0), "total_steps=0"),
    ],
)
def test_wrong_arguments_are_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
