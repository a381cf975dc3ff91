"""An interrupt at any point leaves model and optimizer as after a step or before it, and NumPy as it was."""

import sys

import numpy as np
import pytest
from every_kind import X, Y, compiled, every_kind

from course_lib import utils
from course_lib.models import load_model


def interrupted_fit(model, at):
    return interrupted(lambda: model.fit(X, Y, epochs=2, batch_size=8, verbose=0), at)


def interrupted(task, at):
    """task(), with a KeyboardInterrupt before the `at`-th line that course_lib runs. Returns whether it came so far."""
    left = at

    def trace(frame, event, argument):
        nonlocal left
        if "course_lib" not in frame.f_code.co_filename:
            return None
        if event == "line":
            left -= 1
            if left == 0:
                raise KeyboardInterrupt
        return trace

    before, errors = sys.gettrace(), np.geterr()  # coverage has a trace
    sys.settrace(trace)
    try:
        task()
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(before)
        assert np.geterr() == errors  # what a `with` has set would stay for all that follows
    return False


def test_after_an_interrupt_anywhere_in_fit_training_goes_on_as_if_there_had_been_none(tmp_path):
    """From the weights and the state that the interrupt left, `fit` does what it does in a model loaded with them."""
    lines = 1
    while interrupted_fit(compiled(), lines):
        lines = int(lines * 2) + 1
    stops = np.unique(np.geomspace(1, lines / 2, 40).astype(int))
    reached = 0
    for at in stops:
        model = compiled()
        reached += interrupted_fit(model, int(at))
        model.save(tmp_path / "left.npz")
        fresh = load_model(tmp_path / "left.npz")
        for one in (model, fresh):
            utils.set_random_seed(5)
            one.fit(X, Y, epochs=1, batch_size=8, verbose=0)
        for ours, expected in zip(model.get_weights(), fresh.get_weights()):
            np.testing.assert_array_equal(ours, expected)
        assert model.optimizer.iterations == fresh.optimizer.iterations
        assert all(np.isfinite(w).all() for w in model.weights)
    assert reached > 30


@pytest.mark.parametrize("what", ["set_weights", "load_weights"])
def test_an_interrupt_anywhere_in_it_leaves_the_old_weights_or_the_new_ones(what, tmp_path):
    model, other = every_kind(), every_kind()
    other.save_weights(tmp_path / "new.npz")
    old, new = model.get_weights(), other.get_weights()
    tasks = {
        "set_weights": lambda: model.set_weights(new),
        "load_weights": lambda: model.load_weights(tmp_path / "new.npz"),
    }
    at = 1
    while interrupted(tasks[what], at):
        now = model.get_weights()
        which = [all(map(np.array_equal, now, state)) for state in (old, new)]
        assert any(which), f"a mixture after an interrupt before line {at}"
        model.set_weights(old)
        at += 1
    assert at > 20 and all(map(np.array_equal, model.get_weights(), new))
