"""Training to a target: when it ends, and what it has cost by then."""

import itertools

import numpy as np
import pytest
from small_classifier import X, Y, classifier

from course_lib import Sequential, layers, optimizers, utils
from course_lib.data import load_text
from course_lib.experiments import train_to


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
