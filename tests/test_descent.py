"""Descent on surfaces: gradients by finite differences, paths by hand, by SGD and by Keras, the stopping rule; the
learning-rate range test."""

import copy
import itertools

import beside
import numpy as np
import pytest

from course_lib import Sequential, layers, optimizers, parity, utils
from course_lib.data import load_text
from course_lib.experiments import range_test, surfaces, train_to
from course_lib.experiments.curvature import largest_curvature
from course_lib.experiments.descent import Stop, batches, descend, descend_mini_batch, descend_stochastic
from course_lib.experiments.rate_range import smooth
from course_lib.optimizers import schedules

keras = parity.quiet_keras()
SURFACES = [
    surfaces.Bowl(),
    surfaces.Bowl(3),
    surfaces.Rosenbrock(),
    surfaces.Beale(),
    surfaces.Chain(),
    surfaces.Valley(),
    surfaces.Valley([0.0, 1.0, 3.0], [1.0, 0.0, 2.0]),
]
SURFACE_NAMES = ["bowl", "bowl 3", "rosenbrock", "beale", "chain", "valley", "valley of 3"]
on_each_surface = pytest.mark.parametrize("surface", SURFACES, ids=SURFACE_NAMES)


# ---- surfaces


@on_each_surface
def test_gradients_equal_finite_differences(surface):
    left, right, bottom, top = surface.bounds
    points = np.random.default_rng(0).uniform((left, bottom), (right, top), (50, 2))
    h = 1e-5
    numerical = [(surface(points + h * side) - surface(points - h * side)) / (2 * h) for side in np.eye(2)]
    np.testing.assert_allclose(surface.gradient(points), np.stack(numerical, -1), rtol=1e-6, atol=1e-6)


@on_each_surface
def test_the_gradient_vanishes_at_the_minimum_and_no_point_of_the_picture_is_lower(surface):
    left, right, bottom, top = surface.bounds
    np.testing.assert_allclose(surface.gradient(surface.minimum), 0, atol=1e-12)
    grid = np.stack(np.meshgrid(np.linspace(left, right, 41), np.linspace(bottom, top, 41)), axis=-1)
    heights = surface(grid)
    assert heights.shape == (41, 41) and surface.gradient(grid).shape == (41, 41, 2)
    assert heights.min() >= surface(surface.minimum) * (1 - 1e-12)  # both are rounded
    for point in (surface.start, surface.minimum):
        assert left < point[0] < right and bottom < point[1] < top


@on_each_surface
def test_descent_arrives_from_the_start_at_the_surface_s_own_rate(surface):
    path = descend(surface.gradient, surface.start, surface.learning_rate, Stop(1e-4, budget=30_000))
    assert path.ended == "arrived"
    np.testing.assert_allclose(path.end, surface.minimum, atol=1e-3)


def test_surfaces_have_the_values_of_their_sources():
    assert surfaces.Rosenbrock()((-1.2, 1.0)) == pytest.approx(24.2)
    assert surfaces.Beale()((1.0, 1.0)) == pytest.approx(1.5**2 + 2.25**2 + 2.625**2)
    assert surfaces.Bowl(4)((2.0, 1.0)) == 4.0


def test_the_valley_s_data_are_those_of_the_shipped_texts():
    (x, _), _ = load_text()
    chosen = x[::7][:24]
    assert surfaces.WORDS == tuple(chosen.sum(1).astype(int))
    assert surfaces.DIFFERENT_WORDS == tuple((chosen > 0).sum(1))


def test_the_valley_s_gradient_is_the_mean_of_its_examples_gradients():
    valley = surfaces.Valley()
    point = np.array([0.2, 1.0])
    one_by_one = [valley.gradient_on(point, valley.x[i : i + 1], valley.y[i : i + 1]) for i in range(24)]
    np.testing.assert_allclose(np.mean(one_by_one, axis=0), valley.gradient(point))
    np.testing.assert_allclose(valley.gradient_on(point, valley.x, valley.y), valley.gradient(point))
    assert np.std(one_by_one, axis=0).min() > 0.5  # and they do not agree


def test_the_valley_s_curvature_is_the_slope_of_its_gradient():
    valley = surfaces.Valley()
    at = lambda a, b: valley.gradient(np.add(valley.minimum, (a, b)))  # noqa: E731
    np.testing.assert_allclose(np.stack([at(1, 0), at(0, 1)]), valley.curvature)


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: surfaces.Bowl()((1.0, 2.0, 3.0)), r"Bowl got points of shape \(3,\)"),
        (lambda: surfaces.Bowl(0.5), "condition=0.5"),
        (lambda: surfaces.Valley([1.0, 2.0], [1.0]), r"x of shape \(2,\) and y of shape \(1,\)"),
    ],
)
def test_surfaces_name_wrong_arguments(make, message):
    with pytest.raises(ValueError, match=message):
        make()


# ---- gradient descent


def test_three_steps_by_hand():
    path = descend(surfaces.Bowl(4).gradient, (8.0, 1.0), 0.5, Stop(budget=3))
    np.testing.assert_array_equal(path.points, [[8, 1], [4, -1], [2, 1], [1, -1]])
    np.testing.assert_allclose(path.lengths, np.hypot([8, 4, 2, 1], 4))
    assert path.ended == "budget spent" and path.steps == 3
    assert path.examples.tolist() == [0, 1, 2, 3]
    assert repr(path) == "3 steps to (1.000, -1.000): budget spent"


def test_descent_converges_below_2_over_the_curvature_and_diverges_above():
    bowl = surfaces.Bowl(10)
    assert descend(bowl.gradient, bowl.start, 0.199, Stop(budget=5000)).ended == "arrived"
    assert descend(bowl.gradient, bowl.start, 0.201, Stop(budget=5000)).ended == "diverged"


@pytest.mark.parametrize("surface", [surfaces.Rosenbrock(), surfaces.Beale()], ids=["rosenbrock", "beale"])
@pytest.mark.filterwarnings("error")
def test_divergence_ends_before_numbers_overflow(surface):
    path = descend(surface.gradient, surface.start, 5.0)
    assert path.ended == "diverged" and np.isfinite(path.points).all()


@on_each_surface
def test_descent_is_what_sgd_does(surface):
    path = descend(surface.gradient, surface.start, surface.learning_rate, Stop(budget=50))
    w, sgd = np.array(surface.start), optimizers.SGD(surface.learning_rate)
    for point in path.points[1:]:
        sgd.apply([surface.gradient(w)], [w])
        np.testing.assert_allclose(w, point, rtol=1e-12)


def test_descent_follows_a_schedule():
    bowl, rate = surfaces.Bowl(4), schedules.InverseTimeDecay(0.25, 1, 1.0)
    path = descend(bowl.gradient, (8.0, 1.0), rate, Stop(budget=2))
    np.testing.assert_allclose(path.points[:, 0], [8, 8 * 0.75, 8 * 0.75 * 0.875])


def test_start_is_not_written_to():
    start = np.array([8.0, 1.0])
    valley = surfaces.Valley()
    descend(surfaces.Bowl().gradient, start, 0.1, Stop(budget=5))
    descend_stochastic(valley.gradient_on, valley.x, valley.y, start, 0.01, Stop(budget=5))
    descend_mini_batch(valley.gradient_on, valley.x, valley.y, start, 0.01, 4, Stop(budget=5))
    assert start.tolist() == [8.0, 1.0]


# ---- curvature


@pytest.mark.parametrize("surface", [surfaces.Bowl(7), surfaces.Chain(), surfaces.Valley()])
def test_the_curvature_is_the_change_of_the_gradient(surface):
    h = 1e-5
    change = [
        (surface.gradient(surface.minimum + h * s) - surface.gradient(surface.minimum - h * s)) for s in np.eye(2)
    ]
    np.testing.assert_allclose(surface.curvature, np.array(change) / (2 * h), atol=1e-6)
    largest, way = largest_curvature(surface.gradient, surface.minimum, reach=1e-4)
    values, ways = np.linalg.eigh(surface.curvature)
    assert largest == pytest.approx(values[-1], rel=1e-6)
    assert abs(way @ ways[:, -1]) == pytest.approx(np.linalg.norm(way))


def test_a_chain_of_two_weights_is_curved_differently_at_each_of_its_minima():
    chain = surfaces.Chain()
    for a in (1.0, 2.0, -0.5):
        assert largest_curvature(chain.gradient, np.array([a, 1 / a]), reach=1e-4)[0] == pytest.approx(
            2 * (a**2 + 1 / a**2), rel=1e-6
        )


def test_the_largest_curvature_of_a_model_is_that_of_its_matrix_of_second_derivatives():
    utils.set_random_seed(2)
    model = Sequential([layers.Dense(3, "tanh", input_shape=(4,), dtype="float64"), layers.Dense(2, dtype="float64")])
    model.compile("sgd", "mse")
    rows, answers = np.random.default_rng(0).normal(size=(20, 4)), np.random.default_rng(1).normal(size=(20, 2))

    def gradient(w):
        model.flat_parameters[...] = w
        model.loss_and_gradient(rows, answers)
        return model.flat_gradients.copy()

    w, h = model.flat_parameters.copy(), 1e-5
    hessian = np.array([(gradient(w + h * s) - gradient(w - h * s)) / (2 * h) for s in np.eye(w.size)])
    found, way = largest_curvature(gradient, w, rounds=100, reach=1e-4)
    assert found == pytest.approx(np.linalg.eigvalsh(hessian)[-1], rel=1e-4)
    assert largest_curvature(gradient, w, way, rounds=1, reach=1e-4)[0] == pytest.approx(found, rel=1e-6)


def test_descent_tips_over_at_two_over_the_largest_curvature():
    for surface in (surfaces.Bowl(7), surfaces.Valley()):
        tip = 2 / np.linalg.eigvalsh(surface.curvature)[-1]
        ends = [descend(surface.gradient, surface.start, f * tip, Stop(budget=20_000)).ended for f in (0.99, 1.01)]
        assert ends == ["arrived", "diverged"]


def test_the_saddle_of_the_chain_keeps_whoever_comes_straight():
    chain = surfaces.Chain()
    assert descend(chain.gradient, (0.0, 0.0), 0.1).steps == 0
    path = descend(chain.gradient, (1.0, -1.0), 0.1)
    assert path.ended == "arrived" and chain(path.end) == pytest.approx(1)
    assert chain(descend(chain.gradient, (1.0, -1.001), 0.1).end) == pytest.approx(0, abs=1e-9)


# ---- the stopping rule


@pytest.mark.parametrize(
    "lengths, reason",
    [
        ([5.0], None),
        ([5.0, 0.1], None),  # short once, but patience asks for two
        ([0.1, 5.0, 0.1], None),
        ([5.0, 0.1, 0.1], "arrived"),
        ([5.0, 5.0, 5.0], None),
        ([5.0, 5.0, 5.0, 5.0], "budget spent"),  # the fourth gradient is met after three steps
        ([5.0, 5.0, 0.1, 0.1], "arrived"),
        ([5.0, 2000.0], "diverged"),
        ([5.0, np.inf], "diverged"),
        ([np.nan], "diverged"),
    ],
)
def test_why_descent_ends(lengths, reason):
    assert Stop(tolerance=0.1, patience=2, budget=3, limit=1000).reason(lengths) == reason


def test_one_lucky_example_is_no_minimum():
    """A single example's gradient is zero wherever the line happens to pass through it."""
    x, y = np.array([1.0, 1.0]), np.array([0.0, 4.0])
    lucky = (0.0, 0.0)
    hasty, patient = (
        descend_stochastic(surfaces.Valley.gradient_on, x, y, lucky, 0.1, Stop(1e-9, patience, budget=40), seed=1)
        for patience in (1, 20)
    )
    first = utils.generator(1).integers(2, size=1)[0]
    assert (hasty.steps == 0) == (y[first] == 0)
    assert patient.ended == "budget spent"


@pytest.mark.parametrize("arguments", [{"patience": 0}, {"budget": -1}])
def test_a_stop_that_makes_no_sense_is_an_error(arguments):
    with pytest.raises(ValueError, match=f"{next(iter(arguments))}={next(iter(arguments.values()))}"):
        Stop(**arguments)


# ---- stochastic and mini-batch


def test_stochastic_descent_steps_along_single_examples():
    valley = surfaces.Valley()
    path = descend_stochastic(valley.gradient_on, valley.x, valley.y, valley.start, 0.01, Stop(budget=60), seed=2)
    drawn = set()
    for before, after in itertools.pairwise(path.points):
        steps = np.array([before - 0.01 * valley.gradient_on(before, x, y) for x, y in zip(valley.x, valley.y)])
        fits = np.isclose(steps, after, rtol=1e-12).all(axis=1)
        assert fits.any()
        drawn.add(int(fits.argmax()))
    assert len(drawn) > 10 and path.examples.tolist() == list(range(61))


def test_a_batch_of_all_examples_is_gradient_descent():
    valley = surfaces.Valley()
    stop = Stop(1e-3, budget=200)
    whole = descend_mini_batch(valley.gradient_on, valley.x, valley.y, valley.start, 0.05, 24, stop)
    plain = descend(valley.gradient, valley.start, 0.05, stop, examples=24)
    np.testing.assert_allclose(whole.points, plain.points, rtol=1e-9)
    assert whole.ended == plain.ended and whole.examples.tolist() == plain.examples.tolist()


def test_the_smaller_the_batch_the_larger_the_noise_about_the_minimum():
    valley = surfaces.Valley()

    def noise(batch_size):
        stop = Stop(budget=3000)
        path = descend_mini_batch(valley.gradient_on, valley.x, valley.y, valley.minimum, 0.02, batch_size, stop, 3)
        return np.mean([valley(point) for point in path.points[500:]]) - valley(valley.minimum)

    single, few, most = noise(1), noise(4), noise(12)
    assert single > 3 * few > 9 * most > 0


def test_a_falling_rate_lets_the_noise_die():
    valley = surfaces.Valley()
    height = {}
    for name, rate in (("constant", 0.03), ("falling", schedules.InverseTimeDecay(0.03, 100, 1.0))):
        path = descend_mini_batch(valley.gradient_on, valley.x, valley.y, valley.start, rate, 1, Stop(budget=8000), 4)
        height[name] = np.mean([valley(point) for point in path.points[-1000:]]) - valley(valley.minimum)
    assert height["falling"] < height["constant"] / 5


def test_batches_visit_every_row_once_an_epoch_in_new_orders():
    epochs = [list(itertools.islice(batches(10, 4, seed=s), 6)) for s in (1, 1, 2)]
    assert [len(rows) for rows in epochs[0]] == [4, 4, 2, 4, 4, 2]
    first, second = (np.concatenate(epochs[0][i : i + 3]).tolist() for i in (0, 3))
    assert sorted(first) == sorted(second) == list(range(10)) and first != second
    assert [rows.tolist() for rows in epochs[0]] == [rows.tolist() for rows in epochs[1]]
    assert [rows.tolist() for rows in epochs[0]] != [rows.tolist() for rows in epochs[2]]
    with pytest.raises(ValueError, match="batch_size=0"):
        next(batches(10, 0))


def test_path_tells_when_a_target_was_reached():
    bowl = surfaces.Bowl(1)
    path = descend(bowl.gradient, (8.0, 0.0), 0.5, Stop(budget=3))  # 32, 8, 2, 0.5
    assert path.reaches(bowl, 2.0) == 2 and path.reaches(bowl, 40) == 0 and path.reaches(bowl, 0.1) is None


@pytest.mark.beside(
    "4",
    "mini-batch descent",
    "`train_on_batch` of Keras",
    "same batches, same start: the weights after each of 25 steps",
)
def test_a_linear_model_walks_the_same_path_in_fit_and_in_keras():
    """Same batches, same start: our loop, our `fit`, and Keras's steps."""
    valley = surfaces.Valley()
    x, y = valley.x[:, None].astype("float32"), valley.y.astype("float32")
    start = [np.array([[valley.start[0]]]), np.array([valley.start[1]])]
    stop = Stop(tolerance=0, budget=25)  # five epochs of 24 examples in batches of 5
    path = descend_mini_batch(valley.gradient_on, valley.x, valley.y, valley.start, 0.05, 5, stop, seed=11)

    model = Sequential([layers.Dense(1, input_shape=(1,))])
    model.compile(optimizers.SGD(0.05), "mse")
    model.set_weights(start)
    twin = parity.keras_twin(model)
    utils.set_random_seed(11)
    model.fit(x, y, batch_size=5, epochs=5, verbose=0)
    np.testing.assert_allclose(np.ravel(np.concatenate(model.get_weights(), axis=None)), path.end, rtol=1e-4)

    for rows, point in zip(batches(24, 5, seed=11), path.points[1:]):
        twin.train_on_batch(x[rows], y[rows])
        beside.apart(parity.relative_difference(np.concatenate([w.ravel() for w in twin.get_weights()]), point), 1e-4)


@pytest.mark.beside(
    "1",
    "gradient descent on all examples",
    "`train_on_batch` of Keras",
    "a network from the same weights: `descend`, `optimizers.SGD` and Keras after each of 25 steps",
)
def test_full_batch_descent_of_a_network_is_that_of_sgd_and_of_keras():
    utils.set_random_seed(5)
    model = Sequential([layers.Dense(6, "tanh", input_shape=(20,)), layers.Dense(3, "softmax")])
    model.compile(optimizers.SGD(0.5), "sparse_categorical_crossentropy")
    twin, walker = parity.keras_twin(model), copy.deepcopy(model)

    def gradient(w):
        walker.flat_parameters[...] = w
        walker.loss_and_gradient(X, Y)
        return walker.flat_gradients.copy()

    path = descend(gradient, model.flat_parameters, 0.5, Stop(0, budget=25))
    for point in path.points[1:]:
        model.train_on_batch(X, Y)
        twin.train_on_batch(X, Y)
        np.testing.assert_allclose(model.flat_parameters, point, atol=1e-5)
        beside.apart(parity.relative_difference(model.get_weights(), twin.get_weights()), 1e-5)


# ---- training to a target


def test_training_ends_when_the_target_holds_for_as_many_checks_as_patience_asks():
    for patience in (1, 3):
        utils.set_random_seed(4)
        run = train_to(classifier("sgd"), X, Y, 0.6, batch_size=16, every=32, patience=patience)
        assert run.reached and (run.losses[-patience:] <= 0.6).all()
        before = run.losses[:-1]
        assert not any((before[k : k + patience] <= 0.6).all() for k in range(len(before) - patience + 1))
    assert run.updates[-1] * 16 == run.examples[-1]
    assert set(np.diff(run.examples)) == {32}


def test_training_to_a_target_walks_as_fit_does():
    models = [classifier("sgd"), classifier("sgd")]
    utils.set_random_seed(9)
    run = train_to(models[0], X, Y, target=0, batch_size=32, every=400, most=1200)
    utils.set_random_seed(9)
    models[1].fit(X, Y, epochs=3, batch_size=32, verbose=0)
    assert not run.reached and run.examples.tolist() == [0, 400, 800, 1200] and run.updates.tolist() == [0, 13, 26, 39]
    np.testing.assert_array_equal(models[0].flat_parameters, models[1].flat_parameters)
    assert run.losses[-1] == pytest.approx(models[1].evaluate(X, Y, batch_size=400, verbose=0)[0])


def test_only_training_is_on_the_clock():
    ticks = itertools.count()
    run = train_to(classifier("sgd"), X, Y, 0, batch_size=100, every=100, most=400, clock=lambda: next(ticks))
    assert run.seconds.tolist() == [0, 1, 2, 3, 4] and next(ticks) == 8


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # too high a rate overflows
def test_training_that_blows_up_ends():
    run = train_to(classifier(optimizers.SGD(1e20)), X, Y, 0.1, batch_size=40)
    assert not run.reached and not np.isfinite(run.losses[-1]) and run.examples[-1] < 2000


@pytest.mark.parametrize("wrong", [{"every": 0}, {"patience": 0}])
def test_train_to_names_what_is_wrong(wrong):
    with pytest.raises(ValueError, match=f"{next(iter(wrong))}=0"):
        train_to(classifier(), X, Y, 0.5, **wrong)


def test_an_example_is_worth_the_same_in_any_batch_until_the_rate_cannot_grow():
    """The lesson's race: five batch sizes, the rate 0.03 an example and at most 1, to a loss of 0.5."""
    (x, y), _ = load_text()
    needed = {}
    for size in (1, 4, 32, 256, 4000):
        utils.set_random_seed(3)
        shapes = [(64, "relu"), (32, "relu"), (10, "softmax")]
        model = Sequential([layers.Dense(units, activation) for units, activation in shapes])
        model.compile(optimizers.SGD(min(0.03 * size, 1.0)), "sparse_categorical_crossentropy")
        run = train_to(model, x, y, 0.5, size, most=400_000)
        assert run.reached
        needed[size] = run.examples[-1]
    assert max(needed[1], needed[4], needed[32]) < 1.4 * min(needed[1], needed[4], needed[32])
    assert 1.5 < needed[256] / needed[32] < 5 and 20 < needed[4000] / needed[32] < 80


# ---- the range test


def classifier(optimizer="adam"):
    utils.set_random_seed(1)
    model = Sequential(
        [
            layers.Dense(16, activation="relu", input_shape=(20,)),
            layers.BatchNormalization(),
            layers.Dropout(0.2),
            layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


random = np.random.default_rng(3)
Y = random.integers(0, 3, 400)
X = (random.normal(size=(400, 20)) + np.eye(3)[Y] @ random.normal(size=(3, 20))).astype("float32")


def test_the_range_test_tries_rates_that_grow_by_one_factor():
    found = range_test(classifier(), X, Y, low=1e-4, high=1e-2, steps=21)
    assert len(found.rates) == len(found.losses) == len(found.smoothed) == 21
    np.testing.assert_allclose(found.rates, np.geomspace(1e-4, 1e-2, 21), rtol=1e-5)
    assert f"21 rates from 0.0001 to 0.01: loss lowest at {found.lowest:.2g}" in repr(found)


def test_the_range_test_leaves_the_model_and_the_random_numbers_as_they_were():
    trained = []
    for tests in (0, 1):
        model = classifier()
        model.fit(X, Y, verbose=0)
        before, steps = model.get_weights(), model.optimizer.iterations
        for _ in range(tests):
            range_test(model, X, Y, steps=30)
        assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights()))
        assert model.optimizer.iterations == steps == 13
        model.fit(X, Y, verbose=0)
        trained.append(model.flat_parameters)
    np.testing.assert_array_equal(*trained)


def test_the_range_test_ends_where_the_loss_is_torn_up():
    found = range_test(classifier("sgd"), X, Y, low=1e-3, high=1e6, steps=100)
    torn_up = [not loss <= 4 * lowest for loss, lowest in zip(found.smoothed, np.minimum.accumulate(found.smoothed))]
    assert torn_up == [False] * (len(found.rates) - 1) + [True]
    assert len(found.rates) < 100 and found.lowest < found.rates[-1]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # too high a rate overflows
@pytest.mark.parametrize("optimizer", [optimizers.SGD, optimizers.Adam])
def test_the_suggested_rate_trains_better_than_one_hundred_times_lower_or_higher(optimizer):
    rate = range_test(classifier(optimizer(1e-3)), X, Y).suggestion
    final = {}
    for factor in (0.01, 1, 100):
        model = classifier(optimizer(rate * factor))
        final[factor] = model.fit(X, Y, epochs=3, verbose=0).history["loss"][-1]
    assert final[1] < final[0.01] and not final[100] <= final[1]  # NaN is worse too


def test_the_range_test_works_on_an_optimizer_with_a_schedule():
    model = classifier(optimizers.SGD(schedules.CosineDecay(0.1, 50), momentum=0.9))
    found = range_test(model, X, Y, low=1e-4, high=1e-1, steps=10)
    assert found.rates[-1] == pytest.approx(0.1) and model.optimizer.learning_rate == pytest.approx(0.1)


def test_smoothing_starts_at_the_first_value_and_follows():
    assert smooth([4.0])[0] == pytest.approx(4.0)
    np.testing.assert_allclose(smooth([3.0] * 50), 3.0)
    jump = smooth([0.0] * 30 + [1.0] * 30)
    assert 0 < jump[30] < 0.2 and jump[-1] > 0.9


def test_the_range_test_names_what_is_wrong():
    uncompiled = Sequential([layers.Dense(3, input_shape=(20,))])
    with pytest.raises(RuntimeError, match="not compiled.*compile first"):
        range_test(uncompiled, X, Y)
    with pytest.raises(ValueError, match="low=1, high=0.1"):
        range_test(classifier(), X, Y, low=1, high=0.1)
    with pytest.raises(ValueError, match="before its first step"):
        range_test(classifier(), np.full_like(X, np.nan), Y)
