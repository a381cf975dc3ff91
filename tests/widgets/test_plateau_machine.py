"""Reduce-on-plateau at work: it decides as the callback does, and says what it compared."""

import numpy as np
import pytest
from claims import says

from course_lib import Sequential, callbacks, layers, optimizers
from course_lib.widgets import PlateauMachine


def cuts(**settings):
    """After which epochs the machine cuts the rate."""
    return [epoch for epoch, event in enumerate(PlateauMachine(**settings).result["events"], 1) if event == "reduced"]


def test_plateau_machine_decides_as_the_callback_does():
    result = PlateauMachine(factor=0.3, patience=2, cooldown=4, losses=[0.6] * 24).result
    callback = callbacks.ReduceLROnPlateau(factor=0.3, patience=2, min_delta=0.02, cooldown=4, mode="min")
    callback.set_model(Sequential([layers.Dense(1)]))
    callback.model.optimizer = optimizers.SGD(0.1)
    callback.on_train_begin()
    for epoch, rate in enumerate(result["next_rates"]):
        callback.on_epoch_end(epoch, {"val_loss": 0.6})
        seen = callback.best, callback.wait, callback.cooldown_counter, callback.model.optimizer.learning_rate
        assert seen == (0.6, result["wait"][epoch], result["cooldown"][epoch], pytest.approx(rate))
    assert result["rates"][1:] == result["next_rates"][:-1], "a cut counts from the next epoch on"


def test_questions_about_the_plateau_machine_have_their_answers():
    """The loss falls for 17 epochs and the rate is cut after epoch 10; two settings alone prevent that, two cannot."""
    losses = PlateauMachine().values["losses"]
    assert all(np.diff(losses[:17]) < 0) and losses[17] > losses[16]
    assert cuts() == [10, 20]
    assert 10 not in cuts(min_delta=0) and cuts(patience=4)[0] == 11
    assert all(epoch > 12 for patience in (5, 6, 7, 8) for epoch in cuts(patience=patience))
    factors, cooldowns = np.arange(1, 10) / 10, range(7)
    assert all(cuts(factor=f)[0] == 10 for f in factors) and all(cuts(cooldown=c)[0] == 10 for c in cooldowns)
    assert cuts(losses=[0.5] * 24, patience=1, cooldown=0) == list(range(2, 25))


def test_plateau_machine_says_what_it_compared():
    said = PlateauMachine().result["said"]
    assert len(said) == 24
    assert says(said[9], "0.415", "not below 0.410", "best 0.430", "min_delta 0.02", "makes 3")
    assert says(said[9], "0.1 × 0.5 = 0.05", "wait = 0", "counter = 3")
    assert says(said[11], "the best", "wait = 0", "1 left")


def test_curve_needs_all_its_points():
    with pytest.raises(ValueError, match="losses.*24"):
        PlateauMachine(losses=[1.0, 0.9])
    with pytest.raises(ValueError, match="losses.*1.3.*0 to 1.2"):
        PlateauMachine(losses=[1.3] * 24)
