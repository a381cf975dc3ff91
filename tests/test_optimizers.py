"""Every optimizer takes Keras's steps, keeps what its formula says, and can be set by hand."""

import copy
import json
import math
import pickle

import families
import numpy as np
import pytest

from course_lib import Sequential, layers, optimizers, parity
from course_lib.optimizers import schedules

keras = parity.quiet_keras()
import tensorflow as tf  # noqa: E402  after Keras was told to be quiet

SHAPES = [(4, 3), ()]


def walk(optimizer, twin, gradients, steps):
    """Both on the same gradients from the same weights; the largest relative difference after each step."""
    rng = np.random.default_rng(3)
    ours = [rng.normal(size=shape).astype("float32") for shape in SHAPES]
    theirs = [keras.Variable(v) for v in ours]
    twin.build(theirs)
    apply = tf.function(lambda gradients: twin.apply(gradients, theirs))  # as in Keras's own `fit`
    apart = 0.0
    for step in range(steps):
        g = gradients(rng, step)
        optimizer.apply(g, ours)
        apply([tf.convert_to_tensor(v) for v in g])
        apart = max(apart, parity.relative_difference(ours, theirs))
    return apart


def random_gradients(rng, step):
    """Of changing size, now and then 0; the second weight has no axis at all."""
    return [np.float32(rng.normal(size=shape) * rng.choice([0.0, 0.01, 1.0])) for shape in SHAPES]


@pytest.mark.parametrize("optimizer", families.made(), ids=families.show)
def test_a_hundred_steps_on_random_gradients_are_those_of_keras(optimizer):
    config = optimizer.get_config()
    twin = getattr(keras.optimizers, type(optimizer).__name__)(**config)
    assert walk(type(optimizer)(**config), twin, random_gradients, 100) <= 5e-6


@pytest.mark.parametrize("cls", optimizers.registry, ids=lambda cls: cls.__name__)
@pytest.mark.parametrize("steps", [None, 3])
def test_a_schedule_is_followed_as_in_keras_also_where_gradients_are_accumulated(cls, steps):
    def make(room):
        rate = room.schedules.ExponentialDecay(0.05, decay_steps=4, decay_rate=0.8)
        return getattr(room, cls.__name__)(rate, gradient_accumulation_steps=steps)

    assert walk(make(optimizers), make(keras.optimizers), random_gradients, 12) <= 5e-6


@pytest.mark.parametrize("cls", optimizers.registry, ids=lambda cls: cls.__name__)
def test_each_optimizer_has_keras_arguments_in_keras_order_and_defaults(cls):
    from course_lib.utils import arguments

    theirs = arguments(getattr(keras.optimizers, cls.__name__))
    left_out = {"loss_scale_factor"}
    assert {n: d for n, d in theirs.items() if n not in left_out} | {"name": None} == arguments(cls) | {"name": None}
    own = list(arguments(cls))[: cls.__init__.__code__.co_argcount - 1]
    assert own == list(theirs)[: len(own)]


def test_names_are_those_of_keras():
    for name, cls in optimizers.registry.names.items():
        assert type(keras.optimizers.get(name)).__name__ == type(optimizers.get(name)).__name__ == cls.__name__
    assert type(optimizers.get("ADAM")) is type(optimizers.get(optimizers.Adam)) is optimizers.Adam


# ---- what the state holds


def test_adams_m_and_v_are_those_of_its_formula_and_of_keras():
    w, adam = np.ones(3, "float32"), optimizers.Adam()
    adam.apply([np.full(3, 2.0, "float32")], [w])
    np.testing.assert_allclose(adam.state[0]["m"], 0.2, rtol=1e-6)
    np.testing.assert_allclose(adam.state[0]["v"], 0.004, rtol=1e-6)
    theirs = keras.optimizers.Adam()
    theirs.apply([keras.ops.full((3,), 2.0)], [keras.Variable(np.ones(3, "float32"))])
    kept = [np.asarray(v) for v in theirs.variables if tuple(v.shape) == (3,)]
    np.testing.assert_allclose([adam.state[0]["m"], adam.state[0]["v"]], kept, rtol=1e-6)


@pytest.mark.parametrize("optimizer", families.made(), ids=families.show)
def test_all_state_is_that_of_keras(optimizer):
    config = optimizer.get_config()
    ours = type(optimizer)(**config)
    theirs = getattr(keras.optimizers, type(optimizer).__name__)(**config)
    rng = np.random.default_rng(5)
    w = rng.normal(size=6).astype("float32")
    twin = keras.Variable(w)
    for _ in range(7):
        g = rng.normal(size=6).astype("float32")
        ours.apply([g], [w])
        theirs.apply([keras.ops.convert_to_tensor(g)], [twin])
    kept = {v.name: np.asarray(v) for v in theirs.variables if tuple(v.shape) == (6,)}
    assert len(ours.slots) == len(kept), f"{ours.slots} here, {sorted(kept)} in Keras"
    for slot, array in ours.state[0].items():  # each is one of Keras's, no two the same one
        apart = {name: parity.relative_difference([array], [theirs]) for name, theirs in kept.items()}
        nearest = min(apart, key=apart.get)
        assert apart[nearest] < 2e-6, f"{slot} is none of {apart}"
        del kept[nearest]


@pytest.mark.parametrize("optimizer", families.made(), ids=families.show)
def test_no_state_becomes_denormal_where_gradients_stay_zero_or_tiny(optimizer):
    optimizer = type(optimizer)(**optimizer.get_config())
    w, smallest = np.ones(3, "float32"), np.finfo("float32").tiny
    gradient = np.float32([0.0, 1e-25, 1.0])
    for step in range(1500):
        optimizer.apply([gradient if step else np.ones(3, "float32")], [w])
    for slot, array in optimizer.state[0].items():
        held = np.abs(array)
        assert ((held == 0) | (held >= smallest)).all(), f"{slot}: {array}"


def test_state_begins_on_a_border_of_64_bytes_where_arithmetic_is_fast():
    adam, w = optimizers.Adam(), np.ones(1001, "float32")
    adam.apply([w], [w.copy()])
    assert all(array.ctypes.data % 64 == 0 for array in [*adam.state[0].values(), *adam.scratch])


# ---- the rate, by hand


def test_the_rate_is_a_float_that_can_be_assigned():
    sgd = optimizers.SGD(0.5)
    sgd.learning_rate.assign(0.25)
    rate = sgd.learning_rate
    assert rate == 0.25 and isinstance(rate, float) and float(rate) == rate.numpy() == 0.25
    assert f"{rate:.3f} {rate} {rate!r}" == "0.250 0.25 0.25"
    assert rate * 2 == 0.5 and 1 - rate == 0.75 and round(rate, 1) == 0.2 and math.sqrt(rate) == 0.5
    assert json.dumps({"lr": rate}) == '{"lr": 0.25}'
    sgd.learning_rate = 0.125
    assert sgd.learning_rate == 0.125
    with pytest.raises(ValueError, match="learning_rate=-1"):
        sgd.learning_rate.assign(-1)
    assert sgd.learning_rate == 0.125


def test_the_rate_leaves_float32_what_it_is():
    x, rate = np.ones(3, "float32"), optimizers.SGD(0.5).learning_rate
    for y in (x * rate, rate * x, x - rate, x / rate, np.multiply(x, rate), np.add(rate, x)):
        assert y.dtype == np.float32
    x -= rate * x
    assert x.tolist() == [0.5, 0.5, 0.5]


def test_a_copy_of_the_rate_is_a_number_without_the_optimizer():
    rate = optimizers.SGD(0.5).learning_rate
    assert type(copy.deepcopy(rate)) is type(pickle.loads(pickle.dumps(rate))) is float


@pytest.mark.parametrize("optimizer", families.made(), ids=families.show)
def test_a_copy_goes_on_like_its_original(optimizer):
    rng = np.random.default_rng(5)
    weights = [rng.normal(size=shape).astype("float32") for shape in SHAPES]
    for step in range(5):
        optimizer.apply(random_gradients(rng, step), weights)
    runs = [
        (again, [w.copy() for w in weights]) for again in (copy.deepcopy(optimizer), _pickled(optimizer), optimizer)
    ]
    for step in range(5):
        gradients = random_gradients(rng, step)
        for again, own in runs:
            again.apply([g.copy() for g in gradients], own)
    for _, own in runs:
        assert all(map(np.array_equal, own, runs[-1][1])) and not all(map(np.array_equal, own, weights))


def test_a_copy_carries_no_more_than_the_state():
    """It goes to each worker in every step of lesson 5.1."""
    for slots, optimizer in enumerate([optimizers.SGD(0.1), optimizers.SGD(0.1, momentum=0.9), optimizers.Adam()]):
        optimizer.apply([np.ones(10_000, "float32")], [np.ones(10_000, "float32")])
        assert 40_000 * slots <= len(pickle.dumps(optimizer)) < 40_000 * slots + 2_000


def _pickled(optimizer):
    return pickle.loads(pickle.dumps(optimizer))


def test_a_schedule_cannot_be_assigned_but_replaced():
    sgd = optimizers.SGD(schedules.ExponentialDecay(0.1, 10, 0.5))
    with pytest.raises(TypeError, match="follows a schedule"):
        sgd.learning_rate.assign(0.1)
    sgd.learning_rate = schedules.ExponentialDecay(0.2, 10, 0.5)
    assert sgd.learning_rate == pytest.approx(0.2)


# ---- means of weights, several calls a step


def small():
    model = Sequential([layers.Dense(3, "tanh", input_shape=(4,)), layers.Dense(2)])
    rng = np.random.default_rng(0)
    model.set_weights([rng.normal(size=w.shape) for w in model.weights])
    return model, rng.normal(size=(12, 4)).astype("float32"), rng.normal(size=(12, 2)).astype("float32")


def test_the_mean_of_k_batches_is_one_step_on_all_of_them():
    (one, x, y), (pieces, _, _) = small(), small()
    one.compile(optimizers.Adam(0.1), "mse")
    pieces.compile(optimizers.Adam(0.1, gradient_accumulation_steps=3), "mse")
    one.train_on_batch(x, y)
    before = pieces.get_weights()
    for rows in (slice(0, 4), slice(4, 8)):
        pieces.train_on_batch(x[rows], y[rows])
    assert all((a == b).all() for a, b in zip(before, pieces.weights)) and pieces.optimizer.iterations == 0
    pieces.train_on_batch(x[8:], y[8:])
    assert pieces.optimizer.iterations == 1
    for a, b in zip(one.weights, pieces.weights):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6)


def test_fit_with_a_mean_of_weights_ends_where_keras_ends():
    model, x, y = small()
    model.compile(optimizers.SGD(0.1, use_ema=True, ema_momentum=0.8), "mse")
    twin = parity.keras_twin(model)
    for m in (model, twin):
        m.fit(x, y, batch_size=4, epochs=3, shuffle=False, verbose=0)
    assert parity.relative_difference(model.get_weights(), twin.get_weights()) < 5e-6


# ---- bad arguments


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: optimizers.Adam(beta=0.9), TypeError, ["'beta'", "'beta_1' or 'beta_2'"]),
        (lambda: optimizers.Adam(beta1=0.9), TypeError, ["'beta1'", "'beta_1'"]),
        (lambda: optimizers.SGD(lr=0.9), TypeError, ["'lr'"]),
        (lambda: optimizers.Adam("fast"), ValueError, ["learning_rate='fast'", "number"]),
        (lambda: optimizers.AdamW(beta_1=1.0), ValueError, ["AdamW", "beta_1=1.0"]),
        (lambda: optimizers.AdamW(weight_decay=None), ValueError, ["AdamW", "weight_decay=None"]),
        (lambda: optimizers.RMSprop(rho=-0.1), ValueError, ["RMSprop", "rho=-0.1"]),
        (lambda: optimizers.RMSprop(momentum=2), ValueError, ["RMSprop", "momentum=2"]),
        (lambda: optimizers.SGD(use_ema=True, ema_momentum=1.5), ValueError, ["ema_momentum=1.5", "0 and 1"]),
        (lambda: optimizers.SGD(ema_overwrite_frequency=0), ValueError, ["ema_overwrite_frequency=0"]),
        (lambda: optimizers.SGD(gradient_accumulation_steps=1), ValueError, ["gradient_accumulation_steps=1", "2"]),
        (lambda: optimizers.SGD(gradient_accumulation_steps=2.5), ValueError, ["gradient_accumulation_steps=2.5"]),
        (lambda: optimizers.get("nadma"), ValueError, ["optimizer", "'nadma'", "'adam'"]),
        (lambda: optimizers.get(3), TypeError, ["optimizers.get", "3", "name"]),
        (lambda: optimizers.get(None), TypeError, ["optimizers.get", "None", "name"]),
    ],
)  # fmt: skip
def test_bad_arguments_are_named(make, error, words):
    with pytest.raises(error) as caught:
        make()
    assert not [word for word in words if word not in str(caught.value)], str(caught.value)
