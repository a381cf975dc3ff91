"""The range test: a run whose rate grows, and the rate that it suggests."""

import numpy as np
import pytest
from small_classifier import X, Y, classifier

from course_lib import Sequential, layers, optimizers
from course_lib.experiments import range_test
from course_lib.experiments.rate_range import smooth
from course_lib.optimizers import schedules


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
