"""The Keras twin of a model, weights both ways, and the tables that a comparison prints."""

import numpy as np
import pytest
from parity_models import FLAT, LABELS, MODELS, make

from course_lib import Sequential, layers, metrics, optimizers, parity, regularizers

keras = parity.quiet_keras()


@pytest.mark.parametrize("name", MODELS)
def test_there_and_back_again_gives_the_same_model(name):
    x, stack = MODELS[name]
    model = make(
        [*stack(), layers.Dense(3, kernel_regularizer=regularizers.L1L2(0.1, 0.2), kernel_initializer="he_normal")]
    )
    before = model(x)
    back = parity.from_keras(parity.keras_twin(model))
    np.testing.assert_array_equal(back(x), before)
    original, copied = model.get_config(), back.get_config()
    assert [type(a) for a in original.pop("layers")] == [type(b) for b in copied.pop("layers")]
    assert back.layers[-1].kernel_regularizer.get_config() == {"l1": 0.1, "l2": 0.2}
    assert type(back.layers[-1].kernel_initializer) is type(model.layers[-1].kernel_initializer)


def test_a_keras_model_comes_over_with_its_compile_arguments():
    theirs = keras.Sequential([keras.Input((6,)), keras.layers.Dense(3, "softmax")])
    theirs.compile(
        keras.optimizers.SGD(0.1, momentum=0.9), keras.losses.SparseCategoricalCrossentropy(), metrics=["accuracy"]
    )
    ours = parity.from_keras(theirs)
    assert ours.optimizer.get_config()["momentum"] == pytest.approx(0.9)
    arguments = {"epochs": 3, "shuffle": False, "verbose": 0}
    ours, theirs = ours.fit(FLAT, LABELS, **arguments).history, theirs.fit(FLAT, LABELS, **arguments).history
    for name in theirs:
        np.testing.assert_allclose(ours[name], theirs[name], rtol=1e-5)


def test_a_twin_is_compiled_alike_and_one_layer_has_a_twin_too():
    model = make(
        [layers.Dense(3, "softmax")],
        optimizer=optimizers.Adam(0.02, clipnorm=1.0),
        metric_names=["accuracy", metrics.SparseTopKCategoricalAccuracy(k=2)],
    )
    model(FLAT)
    twin = parity.keras_twin(model)
    assert float(twin.optimizer.learning_rate) == pytest.approx(0.02)
    assert twin.optimizer.clipnorm == 1.0
    assert twin.evaluate(FLAT, LABELS, verbose=0) == pytest.approx(model.evaluate(FLAT, LABELS), rel=1e-5)
    dense = layers.Dense(4, "tanh")
    dense(FLAT)
    np.testing.assert_allclose(parity.keras_twin(dense)(FLAT), dense(FLAT), rtol=1e-5, atol=1e-6)


def test_weights_are_copied_both_ways_and_shapes_must_agree():
    ours = Sequential([layers.Dense(3, input_shape=(6,)), layers.BatchNormalization()])
    theirs = parity.keras_twin(ours)
    theirs.set_weights([w + 1 for w in theirs.get_weights()])
    parity.copy_weights(theirs, ours)
    np.testing.assert_allclose(ours(FLAT), theirs(FLAT), rtol=1e-5, atol=1e-6)
    with pytest.raises(ValueError, match=r"copy_weights got weights of shapes .*\(6, 3\).*must be built"):
        parity.copy_weights(ours, Sequential([layers.Dense(2, input_shape=(6,))]))


def test_what_the_other_engine_lacks_is_named():
    with pytest.raises(TypeError, match="your own"):
        parity.keras_twin(Sequential([layers.Dense(2, lambda x: x, input_shape=(3,))]))
    with pytest.raises(TypeError, match="layers.GaussianDropout"):
        parity.from_keras(keras.Sequential([keras.Input((3,)), keras.layers.GaussianDropout(0.1)]))
    with pytest.raises(ValueError, match="Conv2D.*groups=2"):
        parity.from_keras(keras.Sequential([keras.Input((8, 8, 4)), keras.layers.Conv2D(4, 3, groups=2)]))
    with pytest.raises(ValueError, match="not built"):
        parity.keras_twin(Sequential([layers.Dense(3)]))
    with pytest.raises(ValueError, match="not built"):
        parity.from_keras(keras.Sequential([keras.layers.Dense(3)]))


# ---- the tables


def test_compare_leaves_the_model_as_it_was():
    model = make(
        [layers.Dense(4, "relu"), layers.BatchNormalization(), layers.Dropout(0.5), layers.Dense(3, "softmax")]
    )
    model.fit(FLAT, LABELS)
    before, steps, vector = model.get_weights(), model.optimizer.iterations, model.flat_parameters
    parity.compare(model, FLAT, LABELS, steps=2)
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights()))
    assert model.optimizer.iterations == steps and model.flat_parameters is vector
    assert model.layers[2].rate == 0.5


def test_compare_shows_a_table_that_is_the_same_on_every_machine():
    model = make([layers.Dense(3, "softmax", kernel_initializer="ones")], optimizer="sgd")
    comparison = parity.compare(model, np.ones((4, 2)), [0, 1, 2, 0], steps=10)
    assert repr(comparison).splitlines()[:3] == [
        "                 ours    Keras   largest difference  agrees",
        "outputs          1.155   1.155   ≤ 1e-05             yes",
        "loss             1.099   1.099   ≤ 1e-05             yes",
    ]
    assert [row[0] for row in comparison.rows] == [
        "outputs",
        "loss",
        "gradients",
        "one step",
        "10 steps",
        "saved, reloaded",
    ]
    assert "| outputs | 1.155 | 1.155 | ≤ 1e-05 | yes |" in comparison._repr_markdown_()


def test_a_disagreement_is_seen_and_shown():
    model = make([layers.Dense(3, "softmax")])
    wrong = parity.Comparison([("loss", "1", "2", 0.5), ("outputs", "1", "1", float("nan"))], tolerance=1e-5)
    assert not wrong.agrees
    assert repr(wrong).count("NO") == 2 and "5.0e-01" in repr(wrong)
    model(FLAT)
    twin = parity.keras_twin(model)
    model.layers[0].kernel[0, 0] += 0.01
    shown = parity.side_by_side(model, twin, FLAT)
    assert shown.difference > 1e-4 and "do NOT agree" in repr(shown)


def test_side_by_side_shows_rounded_rows_and_the_tolerance():
    dense = layers.Dense(2, weights=[np.array([[1.0, -0.00001], [2.0, 0.5]]), [0.0, 0.0]])
    shown = parity.side_by_side(dense, parity.keras_twin(dense), np.array([[1.0, 0.0], [0.0, 3.0]]))
    assert repr(shown).splitlines() == [
        "row  ours          Keras",
        "0    1.000  0.000  1.000  0.000",
        "1    6.000  1.500  6.000  1.500",
        "largest difference ≤ 1e-05",
    ]
    assert shown._repr_markdown_().startswith("| row | ours | Keras |\n|---|---|---|\n| 0 | 1.000  0.000 |")


def test_relative_difference_is_relative_to_each_array_but_not_to_rounding():
    big, small = np.array([100.0, 1.0]), np.array([50.0])
    assert parity.relative_difference([big + 1, small], [big, small]) == pytest.approx(0.01)
    assert parity.relative_difference([big, small + 1], [big, small]) == pytest.approx(0.02)
    assert parity.relative_difference([big, np.array([1e-6])], [big, np.array([-1e-6])]) == pytest.approx(2e-7)
    assert np.isnan(parity.relative_difference([np.array([np.nan])], [np.array([1.0])]))
    with pytest.raises(ValueError, match="Shapes differ"):
        parity.relative_difference([big], [small])
