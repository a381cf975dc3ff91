"""Where batches come from: whatever gives them, `fit`, `evaluate` and `predict` see the same rows."""

import itertools

import numpy as np
import pandas as pd
import pytest

from course_lib import Sequential, activations, layers, models, utils

rng = np.random.default_rng(6)
X = rng.normal(size=(20, 4)).astype("float32")
Y = rng.integers(0, 3, 20)
WEIGHT = rng.uniform(0.5, 2, 20)


def model():
    utils.set_random_seed(1)
    m = Sequential([layers.Dense(5, "relu", input_shape=(4,)), layers.Dense(3, "softmax")])
    m.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return m


def rows(size=6):
    return [slice(start, start + size) for start in range(0, 20, size)]


def generator(*arrays):
    yield from (tuple(array[r] for array in arrays) for r in rows())


class ByNumber(utils.PyDataset):
    def __init__(self, *arrays):
        super().__init__()
        self.arrays, self.asked, self.passes = arrays, [], 0

    def __len__(self):
        return len(rows())

    def __getitem__(self, number):
        self.asked.append(number)
        return tuple(array[rows()[number]] for array in self.arrays)

    def on_epoch_end(self):
        self.passes += 1


class Again:
    """As a data loader: a new pass each time, and nothing else."""

    def __init__(self, *arrays):
        self.arrays = arrays

    def __iter__(self):
        return generator(*self.arrays)


SOURCES = {"a generator": generator, "batches by number": ByNumber, "a loader": Again}


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_each_source_gives_what_the_arrays_give(source):
    ours, expected = model(), model()
    history = ours.fit(source(X, Y, WEIGHT), shuffle=False, validation_data=source(X, Y)).history
    same = expected.fit(X, Y, 6, sample_weight=WEIGHT, shuffle=False, validation_data=(X, Y)).history
    assert history == same
    assert all(np.array_equal(a, b) for a, b in zip(ours.get_weights(), expected.get_weights()))
    assert ours.evaluate(source(X, Y)) == expected.evaluate(X, Y, 6)
    for features in (source(X), source(X, Y)):  # labels beside them are not looked at
        np.testing.assert_array_equal(ours.predict(features), expected.predict(X, 6))


def test_tables_of_pandas_are_arrays():
    table = pd.DataFrame(X).assign(flag=X[:, 0] > 0)  # a column of truth values among numbers
    x = np.asarray(table, "float32")
    m, expected = (Sequential([layers.Dense(3, input_shape=(5,), weights=[np.ones((5, 3)), np.ones(3)])]) for _ in "ab")
    for one in (m, expected):
        one.compile("sgd", "sparse_categorical_crossentropy")
    arguments = {"validation_split": 0.25, "epochs": 2, "shuffle": False}
    labels = pd.Series(Y, index=range(100, 120))  # its index says nothing of the place
    history = m.fit(table, labels, sample_weight=pd.Series(WEIGHT), **arguments).history
    assert history == expected.fit(x, Y, sample_weight=WEIGHT, **arguments).history
    np.testing.assert_array_equal(m.predict(table), expected.predict(x))
    with pytest.raises(TypeError, match="no numbers.*get_dummies"):
        m.predict(table.assign(flag="yes"))


@pytest.mark.parametrize("x", [X.tolist(), pd.DataFrame(X), range(3), np.zeros(3)])
def test_arrays_tables_and_lists_are_no_sources(x):
    assert not models.batches.gives_batches(x)


def test_what_is_neither_is_told_how_to_become_one():
    scipy = pytest.importorskip("scipy.sparse")
    with pytest.raises(TypeError, match="toarray"):
        model().predict(scipy.csr_matrix(X))


def test_batches_by_number_are_shuffled_and_told_when_a_pass_ends():
    data = ByNumber(X, Y)
    model().fit(data, epochs=3)
    assert data.passes == 3 and sorted(data.asked) == sorted(list(range(4)) * 3)
    assert data.asked != list(range(4)) * 3
    again = ByNumber(X, Y)
    model().fit(again, epochs=3, shuffle=False)
    assert again.asked == list(range(4)) * 3


def test_an_endless_source_is_cut_by_steps():
    m = model()
    forever = itertools.cycle(generator(X, Y))
    m.fit(forever, steps_per_epoch=3, epochs=2, validation_data=itertools.cycle(generator(X, Y)), validation_steps=2)
    assert m.optimizer.iterations == 6
    assert m.predict(itertools.cycle(generator(X)), steps=2).shape == (12, 3)

    class Endless(ByNumber):
        num_batches = None

        def __getitem__(self, number):
            return super().__getitem__(number % 4)

    m.fit(Endless(X, Y), steps_per_epoch=5, epochs=2)
    assert m.optimizer.iterations == 16


def test_an_epoch_of_a_few_steps_goes_on_where_the_last_one_stopped():
    seen = []
    data = models.batches.of_arrays(np.arange(10), size=3, steps_per_epoch=2)
    for _ in range(2):
        seen.append([batch.tolist() for batch, _, _ in data.epoch()])
    assert seen == [[[0, 1, 2], [3, 4, 5]], [[6, 7, 8], [9]]]
    assert [batch.tolist() for batch, _, _ in data.epoch()] == seen[0]  # the next pass


def test_data_that_ends_within_an_epoch_is_told():
    m = model()
    with pytest.warns(UserWarning, match="4 of 9 steps"):
        history = m.fit(X, Y, 6, steps_per_epoch=9)
    assert m.optimizer.iterations == 4 and len(history.epoch) == 1


def test_a_generator_that_is_used_up_ends_training_and_is_told():
    m = model()
    with pytest.warns(UserWarning, match="used up.*epoch 2"):
        history = m.fit(generator(X, Y), epochs=5)
    assert history.epoch == [0] and len(history.history["loss"]) == 1
    once = generator(X, Y)
    m.evaluate(once)
    with pytest.raises(ValueError, match="used up"):
        m.evaluate(once)


def test_a_bad_batch_in_the_middle_is_named_and_changes_no_weight_of_its_own():
    m = model()
    with pytest.raises(ValueError, match="7 features"):
        m.fit(iter([(X[:5], Y[:5]), (np.ones((5, 7)), Y[:5])]))
    assert m.optimizer.iterations == 1


def test_the_bar_knows_no_end_of_a_generator(capsys):
    model().fit(generator(X, Y), verbose=1)
    assert "/?" in capsys.readouterr().out


def test_n_numbers_are_n_examples_for_a_model_of_one_input():
    m = Sequential([layers.Dense(1, input_shape=[1])])
    m.compile("sgd", "mse")
    m.fit(np.arange(6.0), np.arange(6.0))
    assert m.predict(np.arange(6.0)).shape == (6, 1)


def test_results_share_no_memory_with_what_was_given():
    x = np.ones((3, 4), "float32")
    for layer in (layers.Flatten, lambda **k: layers.Dropout(0.5, **k), lambda **k: layers.Reshape((2, 2), **k)):
        m = Sequential([layer(input_shape=(4,))])
        for y in (m.predict(x), m.predict_on_batch(x), m(x), layer(name="alone")(x)):
            y[...] = 0
    linear = activations.linear(x)
    linear[...] = 0
    assert x.all()


def test_what_is_trainable_counts_when_training_begins_and_from_then_on():
    m = model()
    m.layers[0].trainable = False
    frozen = m.layers[0].get_weights()
    m.train_on_batch(X, Y)
    assert all(np.array_equal(a, b) for a, b in zip(frozen, m.layers[0].get_weights()))
    m.layers[0].trainable = True  # too late, until the next compile
    m.fit(X, Y)
    assert all(np.array_equal(a, b) for a, b in zip(frozen, m.layers[0].get_weights()))
    m.compile("adam", "sparse_categorical_crossentropy")
    m.fit(X, Y)
    assert not np.array_equal(frozen[0], m.layers[0].get_weights()[0])


def test_validation_comes_in_the_epochs_that_are_asked_for():
    for frequency, times in ((2, 2), ([1, 4, 5], 3), (9, 0)):
        history = model().fit(X, Y, epochs=5, validation_data=(X, Y), validation_freq=frequency).history
        assert len(history.get("val_loss", [])) == times


def test_weights_go_into_a_file_and_into_a_model_of_the_same_layers(tmp_path):
    m, other = model(), model()
    m.fit(X, Y)
    for path in (tmp_path / "a.weights.h5", tmp_path / "b"):
        m.save_weights(path)
        other.set_weights([0 * w for w in other.get_weights()])
        other.load_weights(path)
        assert all(np.array_equal(a, b) for a, b in zip(m.get_weights(), other.get_weights()))
    m.save(tmp_path / "whole.keras")
    other.load_weights(tmp_path / "whole.keras")
    with pytest.raises(ValueError, match="1 weights|2 weights"):
        Sequential([layers.Dense(1, input_shape=(4,))]).load_weights(path)
    (tmp_path / "of_keras.h5").write_bytes(b"\x89HDF\r\n\x1a\n")
    with pytest.raises(ValueError, match="written by Keras"):
        m.load_weights(tmp_path / "of_keras.h5")
    (tmp_path / "text").write_text("weights")
    with pytest.raises(ValueError, match="save_weights"):
        m.load_weights(tmp_path / "text")
    with pytest.raises(ValueError, match="not built"):
        Sequential([layers.Dense(1)]).load_weights(path)


class UntilAnIndexError:
    """Batches by number without a length: Python's oldest kind of sequence."""

    def __init__(self, *arrays):
        self.arrays = arrays

    def __getitem__(self, number):
        return tuple(array[rows()[number]] for array in self.arrays)


def test_batches_by_number_without_a_length_end_with_an_index_error():
    by_arrays, by_number = model(), model()
    by_arrays.fit(X, Y, 6, epochs=2, shuffle=False)
    by_number.fit(UntilAnIndexError(X, Y), epochs=2, validation_data=UntilAnIndexError(X, Y))
    np.testing.assert_array_equal(by_number.flat_parameters, by_arrays.flat_parameters)
    np.testing.assert_allclose(by_number.predict(UntilAnIndexError(X)), by_number.predict(X), rtol=1e-6)
    assert by_number.evaluate(UntilAnIndexError(X, Y)) == by_number.evaluate(X, Y, 6)


def test_an_index_error_in_a_source_with_a_length_is_not_taken_for_its_end():
    class Longer(ByNumber):
        def __len__(self):
            return len(rows()) + 1

    with pytest.raises(IndexError):
        model().fit(Longer(X, Y), shuffle=False)
