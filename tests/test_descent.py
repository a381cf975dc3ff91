"""Descent on surfaces: paths by hand, by SGD and by Keras, on all examples, on one, on batches; the stopping rule."""

import copy
import itertools

import beside
import numpy as np
import pytest
from sample_surfaces import on_each_surface
from small_classifier import X, Y

from course_lib import Sequential, layers, optimizers, parity, utils
from course_lib.experiments import surfaces
from course_lib.experiments.descent import Stop, batches, descend, descend_mini_batch, descend_stochastic
from course_lib.optimizers import schedules

keras = parity.quiet_keras()


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
