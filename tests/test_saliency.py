"""What an input's features did for an answer."""

import beside
import numpy as np
import pytest

from course_lib import Sequential, layers, parity
from course_lib.experiments import gradient_times_input, occlusion

rng = np.random.default_rng(4)


def network(*widths, features=7, classes=4, last="softmax"):
    hidden = [layers.Dense(units, activation="relu") for units in widths]
    model = Sequential([layers.Input(shape=(features,)), *hidden, layers.Dense(classes, activation=last)])
    model.set_weights([rng.normal(size=w.shape) for w in model.weights])
    return model


def between(rows, classes, up, down):
    return np.repeat(np.eye(classes)[[up]] - np.eye(classes)[[down]], rows, axis=0)


def test_contributions_of_a_linear_model_sum_to_the_logits_less_the_biases():
    model = network()
    x = rng.normal(size=(5, 7)).astype("float32")
    pushes = gradient_times_input(model, x, between(5, 4, 2, 1))
    kernel, bias = model.get_weights()
    np.testing.assert_allclose(pushes, x * (kernel[:, 2] - kernel[:, 1]), rtol=1e-5)
    np.testing.assert_allclose(
        pushes.sum(axis=1) + bias[2] - bias[1], np.log(model(x)[:, 2] / model(x)[:, 1]), rtol=1e-3, atol=1e-4
    )


@pytest.mark.beside("1", "`experiments.gradient_times_input`", "`tf.GradientTape` on a Keras twin", "log p₁ − log p₂")
@pytest.mark.parametrize("rows, widths", [(1, (6,)), (9, (6, 5)), (3, ())])
def test_contributions_equal_those_of_a_gradient_tape(rows, widths):
    import tensorflow as tf

    model = network(*widths)
    x = rng.normal(size=(rows, 7)).astype("float32")
    twin, given = parity.keras_twin(model), tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(given)
        p = twin(given)
        asked = tf.math.log(p[:, 3]) - tf.math.log(p[:, 0])
    theirs = x * tape.gradient(asked, given).numpy()
    beside.apart(parity.relative_difference(gradient_times_input(model, x, between(rows, 4, 3, 0)), theirs), 1e-4)


def test_a_feature_that_is_zero_contributes_nothing():
    x = rng.normal(size=(2, 7)).astype("float32")
    x[:, 3] = 0
    assert not gradient_times_input(network(5), x, between(2, 4, 0, 1))[:, 3].any()


def test_a_direction_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"direction of shape \(4,\) for logits of shape \(2, 4\)"):
        gradient_times_input(network(), np.ones((2, 7), "float32"), np.ones(4))


def test_occlusion_is_what_the_winner_loses_without_each_feature():
    model, row = network(5), rng.normal(size=7).astype("float32")
    row[[1, 4]] = 0
    found = occlusion(model, row)
    np.testing.assert_allclose(found.probabilities, model(row[None])[0], rtol=1e-5)
    assert found.features.tolist() == [0, 2, 3, 5, 6]
    best = found.probabilities.argmax()
    for feature, push, without in zip(found.features, found.pushes, found.without):
        left_out = np.where(np.arange(7) == feature, 0, row).astype("float32")
        before, after = (float(model(one[None])[0, best]) for one in (row, left_out))
        assert without == pytest.approx(after, rel=1e-5)
        assert push == pytest.approx(np.log(before / (1 - before)) - np.log(after / (1 - after)), rel=1e-3, abs=1e-4)
