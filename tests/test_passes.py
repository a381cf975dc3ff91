"""A pass is an object, layers keep nothing of it: passes do not meet, layers can be shared."""

import gc
import weakref

import numpy as np
import pytest
from every_kind import X, Y, every_kind

from course_lib import Sequential, layers, utils
from course_lib.layers import Layer, Pass
from course_lib.layers.variables import flatten_parameters
from course_lib.models import load_model
from course_lib.parity import quiet_keras, relative_difference

RNG = np.random.default_rng(0)


def forward_and_backward(model, x, dy, run):
    y = model(x, run=run)
    dx = model.backward(dy, run)
    return y, dx, model.flat_gradients.copy()


# ---- passes in flight


@pytest.mark.parametrize("order", ["first in, first out", "last in, first out"])
def test_two_passes_in_flight_each_equal_the_pass_alone(order):
    model = every_kind()
    inputs, dys = (X[:8], X[8:24]), [RNG.normal(size=(n, 3)).astype("float32") for n in (8, 16)]
    before = model.get_weights()
    alone = []
    for x, dy in zip(inputs, dys):
        model.set_weights(before)
        alone.append(forward_and_backward(model, x, dy, Pass(True, generator=np.random.default_rng(1))))

    model.set_weights(before)
    runs = [Pass(True, generator=np.random.default_rng(1)) for _ in inputs]
    ys = [model(x, run=run) for x, run in zip(inputs, runs)]
    for k in (0, 1) if order == "first in, first out" else (1, 0):
        dx = model.backward(dys[k], runs[k])
        for ours, expected in zip((ys[k], dx, model.flat_gradients), alone[k]):
            np.testing.assert_array_equal(ours, expected)


def test_a_mask_belongs_to_its_pass():
    model = Sequential([layers.Input((None,)), layers.Embedding(6, 4, mask_zero=True), layers.LSTM(3)])
    inputs = np.array([[1, 2, 0, 0], [3, 4, 5, 0]]), np.array([[0, 0, 0, 1], [0, 2, 0, 3]])
    dy = np.ones((2, 3), "float32")
    alone = [forward_and_backward(model, x, dy, Pass()) for x in inputs]
    runs = Pass(), Pass()
    ys = [model(x, run=run) for x, run in zip(inputs, runs)]
    for y, run, expected in zip(ys, runs, alone):
        model.backward(dy, run)
        np.testing.assert_array_equal(y, expected[0])
        np.testing.assert_array_equal(model.flat_gradients, expected[2])
        assert run.mask is None


def test_a_pass_goes_back_once_for_each_time_it_came_forward():
    dense, run = layers.Dense(2, name="once"), Pass()
    dense(X[:, 0], run=run)
    dense.backward(np.ones((24, 2), "float32"), run)
    with pytest.raises(RuntimeError, match="once.*kept nothing"):
        dense.backward(np.ones((24, 2), "float32"), run)


@pytest.mark.parametrize("run", [Pass(keeps=False), Pass(training=True, keeps=False)], ids=["inference", "training"])
def test_a_pass_that_keeps_nothing_cannot_go_back(run):
    dense = layers.Dense(2)
    dense(X[:, 0], run=run)
    with pytest.raises(RuntimeError, match="keeps=True"):
        dense.backward(np.ones((24, 2), "float32"), run)


def test_two_micro_batches_give_the_gradient_of_their_whole():
    """The loss is a mean, so the whole gradient is the mean of the two halves': as data-parallel training needs it."""
    model = Sequential([layers.Input((4,)), layers.Dense(8, "tanh"), layers.Dense(3, "softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.loss_and_gradient(X[:, 0], Y)
    whole = model.flat_gradients.copy()
    halves = []
    for rows in (slice(0, 12), slice(12, 24)):
        model.loss_and_gradient(X[rows, 0], Y[rows])
        halves.append(model.flat_gradients.copy())
    np.testing.assert_allclose((halves[0] + halves[1]) / 2, whole, atol=1e-6)


def test_a_pass_that_has_gone_back_is_over():
    """A second way forward in it would add the first one's gradients."""
    model, run = Sequential([layers.Input((4,)), layers.Dense(3, "softmax")]), Pass(training=True)
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.loss_and_gradient(X[:, 0], Y, run=run)
    with pytest.raises(RuntimeError, match="has gone back"):
        model.loss_and_gradient(X[:, 0], Y, run=run)


def test_a_layer_inside_another_hears_whether_the_outer_ones_input_gradient_is_read():
    class Twice(Layer):
        def build(self, input_shape):
            self.first, self.second = layers.Dense(4), layers.Dense(4)
            self.first.build(input_shape), self.second.build(input_shape)

        def forward(self, x, run):
            return self.first.forward(x, run) + self.second.forward(x, run)

        def backward(self, dy, run):
            heard.append(run.input_gradient)
            run.backward(self.second, dy), run.backward(self.first, dy)
            heard.append(run.input_gradient)

    heard = []
    model = Sequential([layers.Input((4,)), Twice(), layers.Dense(3, "softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.loss_and_gradient(X[:, 0], Y)
    assert heard == [False, False]


# ---- one layer in several places


def shared_model(dtype="float32"):
    shared = layers.Dense(4, "tanh", name="shared", dtype=dtype, kernel_regularizer="l2")
    inner = Sequential([shared, layers.Dense(4, "relu", name="between", dtype=dtype)], name="inner", dtype=dtype)
    first, last = layers.Dense(4, name="first", dtype=dtype), layers.Dense(3, "softmax", name="last", dtype=dtype)
    model = Sequential([layers.Input((4,), dtype=dtype), first, shared, layers.Residual(inner), shared, last])
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def test_a_layer_used_in_three_places_has_its_weights_once_and_its_gradients_add_up():
    model = shared_model("float64")
    assert model.count_params() == 2 * (4 * 4 + 4) + (4 * 4 + 4) + (4 * 3 + 3)
    from course_lib.gradcheck import check_model

    assert check_model(model, X[:, 0], Y, training=True, entries=None) < 1e-7


@pytest.mark.beside(
    "1", "one layer in two places", "the same in `keras.Model`", "tied weights: all gradients, 20 steps of Adam"
)
def test_tied_weights_equal_keras():
    import beside

    keras = quiet_keras()
    shared = layers.Dense(4, "tanh", name="shared")
    model = Sequential([layers.Input((4,)), shared, layers.Dense(4, "relu"), shared, layers.Dense(3, "softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")

    theirs = keras.layers.Dense(4, "tanh")
    between, last = keras.layers.Dense(4, "relu"), keras.layers.Dense(3, "softmax")
    start = keras.Input((4,))
    twin = keras.Model(start, last(theirs(between(theirs(start)))))
    twin.compile("adam", "sparse_categorical_crossentropy", jit_compile=False)
    for ours_layer, keras_layer in zip((shared, model.layers[1], model.layers[3]), (theirs, between, last)):
        keras_layer.set_weights(ours_layer.get_weights())

    import tensorflow as tf

    with tf.GradientTape() as tape:
        loss = twin.compute_loss(x=X[:, 0], y=Y, y_pred=twin(X[:, 0], training=True))
    trained = [w for layer in (theirs, between, last) for w in layer.trainable_weights]
    expected = [g.numpy() for g in tape.gradient(loss, [w.value for w in trained])]
    model.loss_and_gradient(X[:, 0], Y)
    beside.apart(relative_difference(model.gradients, expected), 1e-5)
    for _ in range(20):
        model.train_on_batch(X[:, 0], Y)
        twin.train_on_batch(X[:, 0], Y)
    beside.apart(relative_difference(model.get_weights(), [w.numpy() for w in trained]), 1e-4)


def test_a_shared_first_layer_gives_its_later_use_the_gradient_it_needs():
    """A model skips dL/dx of its first place; the same layer further up must still hand it on."""
    shared = layers.Dense(4, "tanh", dtype="float64")
    model = Sequential(
        [layers.Input((4,), dtype="float64"), shared, shared, layers.Dense(3, "softmax", dtype="float64")]
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    from course_lib.gradcheck import check_model

    assert check_model(model, X[:, 0], Y, entries=None) < 1e-7


def test_a_shared_layer_is_still_shared_after_saving_and_loading(tmp_path):
    shared = layers.Dense(4, "tanh")
    model = Sequential([layers.Input((4,)), shared, layers.Dense(4), shared, layers.Dense(3, "softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(X[:, 0], Y, verbose=0)
    model.save(tmp_path / "shared.npz")
    again = load_model(tmp_path / "shared.npz")
    assert again.count_params() == model.count_params()
    np.testing.assert_array_equal(again.predict(X[:, 0]), model.predict(X[:, 0]))
    utils.set_random_seed(3)
    model.fit(X[:, 0], Y, verbose=0)
    utils.set_random_seed(3)
    again.fit(X[:, 0], Y, verbose=0)
    np.testing.assert_array_equal(again.flat_parameters, model.flat_parameters)


def test_a_layer_shared_between_two_stacks_is_refused_by_save(tmp_path):
    with pytest.raises(ValueError, match="shared.*get_weights"):
        shared_model().save(tmp_path / "shared.npz")
    assert list(tmp_path.iterdir()) == []


# ---- nothing is held


class Held(np.ndarray):
    """An array that can be referred to weakly."""


@pytest.mark.parametrize("how", ["call", "predict", "evaluate", "fit", "train_on_batch"])
def test_nothing_of_the_inputs_is_held_afterwards(how):
    model = every_kind()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    seen = []

    class Watch(Layer):
        def forward(self, x, run):
            x = x.copy().view(Held)
            run.keep(self, x)
            seen.append(weakref.ref(x))
            return x

        def backward(self, dy, run):
            run.take(self)
            return dy

    watched = Sequential([layers.Input((5, 4)), Watch(), *model.layers])
    watched.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    arguments = (X,) if how in ("call", "predict") else (X, Y)
    options = {"verbose": 0} if how in ("predict", "evaluate", "fit") else {}
    (watched if how == "call" else getattr(watched, how))(*arguments, **options)
    gc.collect()
    assert seen and not [ref for ref in seen if ref() is not None]


def test_no_layer_has_more_attributes_after_a_pass_than_before():
    def attributes(layer):
        return {(layer.name, name): id(value) for name, value in vars(layer).items()} | {
            key: value for inner in layer.sublayers for key, value in attributes(inner).items()
        }

    model = every_kind()
    before = attributes(model)
    run = Pass(training=True)
    model(X, run=run)
    model.backward(np.ones((24, 3), "float32"), run)
    assert attributes(model) == before
    assert run.values == [] and run.nbytes == 0


def test_a_pass_counts_the_bytes_that_it_keeps():
    model, run = Sequential([layers.Input((4,)), layers.Dense(8, "relu"), layers.Dense(3)]), Pass()
    model(X[:, 0].copy(), run=run)
    assert run.nbytes == 4 * 24 * (4 + 2 * 8 + 3)  # x; z and y of each layer, of which one is the next one's x


# ---- a cache is handed in


class Attention(Layer):
    """One causal head, y = softmax(q kᵀ / √d) v: keys and values of earlier steps come from the pass's cache."""

    def build(self, input_shape):
        self.kernel = self.add_weight((input_shape[-1], 3 * input_shape[-1]))

    def forward(self, x, run):
        q, k, v = np.split(x @ self.kernel, 3, axis=-1)
        if run.cache is not None:
            k, v = run.cache.grow(self, k, v)
        after = np.arange(k.shape[1]) > np.arange(k.shape[1] - q.shape[1], k.shape[1])[:, None]
        scores = np.where(after, -np.inf, q @ k.swapaxes(1, 2) / np.sqrt(q.shape[-1]))
        p = np.exp(scores - scores.max(axis=-1, keepdims=True))
        return (p / p.sum(axis=-1, keepdims=True) @ v).astype(x.dtype)


class Cache:
    def __init__(self):
        self.rows = {}

    def grow(self, layer, *new):
        old = self.rows.get(layer)
        self.rows[layer] = new if old is None else tuple(np.concatenate(pair, axis=1) for pair in zip(old, new))
        return self.rows[layer]


def test_a_cache_handed_in_with_the_pass_gives_the_outputs_of_the_whole_sequence():
    """The layers between the attention heads know nothing of the cache; two sequences keep apart."""
    model = Sequential([layers.Input((None, 4)), Attention(), layers.Dense(4, "relu"), layers.Residual(Attention())])
    whole = model(X[:2])
    caches = [Cache(), Cache()]
    for t in range(5):
        for row, cache in enumerate(caches):
            step = model(X[row : row + 1, t : t + 1], run=Pass(keeps=False, cache=cache))
            np.testing.assert_allclose(step[:, 0], whole[row : row + 1, t], atol=1e-6)


# ---- random numbers


def test_a_pass_with_a_generator_of_its_own_draws_from_it_and_from_nothing_else():
    dropout = layers.Dropout(0.5, seed=1)
    utils.set_random_seed(0)
    shared = utils.generator().bit_generator.state, dropout.generator.bit_generator.state
    a, b = (dropout(X, run=Pass(True, generator=np.random.default_rng(7))) for _ in range(2))
    np.testing.assert_array_equal(a, b)
    assert (utils.generator().bit_generator.state, dropout.generator.bit_generator.state) == shared
    assert (dropout(X, training=True) != a).any()


def test_flat_vectors_hold_a_shared_weight_once():
    shared = layers.Dense(4)
    model = Sequential([layers.Input((4,)), shared, layers.Residual(shared)])
    parameters, gradients = flatten_parameters(model)
    assert parameters.shape == gradients.shape == (20,)
