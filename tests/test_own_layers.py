"""A layer of one's own: in the form of a pass, with layers inside, and in Keras's style with `call`."""

import numpy as np
import pytest

from course_lib import Sequential, gradcheck, layers
from course_lib.layers import Layer

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(12, 4)).astype("float32"), RNG.integers(0, 3, 12)


class Linear(Layer):
    """As the guide of Keras writes it, with a pass in place of `call`."""

    def __init__(self, units=3, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def build(self, input_shape):
        self.w = self.add_weight(
            shape=(input_shape[-1], self.units), initializer="random_normal", trainable=True, name="kernel"
        )
        self.b = self.add_weight(shape=(self.units,), initializer="zeros", regularizer="l2")

    def forward(self, x, run):
        run.keep(self, x)
        return x @ self.w + self.b

    def backward(self, dy, run):
        (x,) = run.take(self)
        self.d_w[...] = x.T @ dy
        self.d_b[...] = dy.sum(axis=0)
        return dy @ self.w.T

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)


class Block(Layer):
    """Layers inside, one alone and some in a list, and no `build`."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first = layers.Dense(5, "tanh")
        self.rest = []
        for _ in range(2):
            self.rest.append(layers.Dense(4, "tanh"))

    def forward(self, x, run):
        for layer in self.sublayers:
            x = layer(x, run=run)
        return x

    def backward(self, dy, run):
        for layer in reversed(self.sublayers):
            dy = run.backward(layer, dy)
        return dy


class KerasStyle(Layer):
    """`call` alone, a weight made in `__init__`, a layer inside."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.scale = self.add_weight((), initializer="ones", name="size")
        self.dropout, self.dense = layers.Dropout(0.5), layers.Dense(7, "relu")

    def call(self, x, training=None):
        return self.dropout(self.dense(x), training=training) * self.scale


def compiled(*stack):
    model = Sequential([layers.Input((4,)), *stack, layers.Dense(3, "softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


@pytest.mark.parametrize("own", [Linear, Block])
def test_a_layer_of_ones_own_learns_like_any_other(own):
    model = compiled(own())
    assert gradcheck.check_layer(own(), X) < 1e-6 and gradcheck.check_model(model, X, Y, entries=None) < 1e-6
    before = model.get_weights()
    model.fit(X, Y, verbose=0)
    assert len(before) == {Linear: 4, Block: 8}[own]
    assert all((a != b).any() for a, b in zip(before, model.get_weights()))
    assert all(w.base is model.flat_parameters for w in model.trainable_weights)


def test_a_weight_is_called_by_its_name_and_stands_in_its_attribute():
    layer = Linear(name="mine")
    layer.build((None, 4))
    assert [v.path for v in layer.variables()] == ["mine/kernel", "mine/b"]
    assert layer.w.shape == layer.d_w.shape == (4, 3) and layer.weights[0] is layer.w


def test_layers_inside_are_found_frozen_and_counted():
    block = Block()
    block.build((None, 4))
    assert block.sublayers == [block.first, *block.rest]
    assert block.count_params() == (4 * 5 + 5) + (5 * 4 + 4) + (4 * 4 + 4)
    block.trainable = False
    assert block.trainable_weights == [] and not block.rest[1].trainable


def test_call_alone_predicts_builds_what_is_inside_and_tells_the_next_layer_its_width():
    model = compiled(KerasStyle())
    own = model.layers[0]
    assert [w.shape for w in own.weights] == [(), (4, 7), (7,)]
    expected = np.maximum(X @ own.dense.kernel, 0)
    np.testing.assert_allclose(own(X), expected, rtol=1e-6)
    assert (own(X, training=True) == 0).sum() > (expected == 0).sum()
    assert model.predict(X).shape == (12, 3)


def test_call_alone_is_refused_by_fit_before_a_weight_moves_with_the_way_round():
    model = compiled(layers.Dense(4), KerasStyle())
    before = model.get_weights()
    with pytest.raises(NotImplementedError) as told:
        model.fit(X, Y, verbose=0)
    for word in ("KerasStyle 'keras_style", "forward(self, x, run)", "run.take", "self.d_kernel", "gradcheck"):
        assert word in str(told.value)
    assert all((a == b).all() for a, b in zip(before, model.get_weights()))


def test_call_alone_may_stand_below_all_that_learns():
    class Halve(Layer):
        def call(self, x):
            return x / 2

    model = compiled(Halve())
    model.fit(X, Y, verbose=0)
    np.testing.assert_allclose(model.predict(X), model.layers[1](X / 2), rtol=1e-6)


def bad(build):
    return type("Bad", (Layer,), {"build": build})()


@pytest.mark.parametrize(
    "build, words",
    [
        (lambda self, shape: self.add_weight((3,), name="lost"), ["lost", "self.kernel = self.add_weight"]),
        (lambda self, shape: self.add_weight("kernel", (3,)), ["shape='kernel'", "self.kernel = ", "name='kernel'"]),
        (lambda self, shape: self.add_weight((3,), dtype="int32"), ["int32", "float32"]),
    ],
)
def test_a_weight_that_cannot_be_is_told(build, words):
    with pytest.raises(TypeError) as told:
        bad(build).build((None, 4))
    assert not [word for word in words if word not in str(told.value)]


def test_a_layer_that_forgets_to_begin_is_told():
    class Forgets(Layer):
        def __init__(self):
            self.inner = layers.Dense(2)

    with pytest.raises(AttributeError, match=r"Forgets.*super\(\).__init__"):
        Forgets()(X)


# ---- build, by hand and otherwise


COMPOSITE = {
    "dense": lambda: layers.Dense(4),
    "lstm": lambda: layers.LSTM(4, return_sequences=True),
    "batch normalization": lambda: layers.BatchNormalization(),
    "dropout": lambda: layers.Dropout(0.5),
    "residual": lambda: layers.Residual(layers.Dense(4)),
    "sequential": lambda: Sequential([layers.Dense(4), layers.LayerNormalization()]),
    "stack in a path": lambda: layers.Residual(Sequential([layers.Dense(4)])),
    "own": lambda: Linear(4),
    "own, inside": lambda: Block(),
}


@pytest.mark.parametrize("name", COMPOSITE)
def test_a_layer_built_by_hand_is_built_and_keeps_the_weights_set(name):
    layer = COMPOSITE[name]()
    shape = (3, 2, 4) if name == "lstm" else (3, 4)
    layer.build((None, *shape[1:]))
    assert layer.built and layer.built_shape == (None, *shape[1:])
    count, ours = len(layer.weights), [RNG.random(w.shape, "float32") for w in layer.weights]
    layer.set_weights(ours)
    layer.build((None, *shape[1:]))
    layer(np.ones(shape))
    layer.ensure_built(shape)
    assert len(layer.weights) == count
    assert all((a == b).all() for a, b in zip(layer.get_weights(), ours))


def test_a_built_layer_is_not_built_for_another_width():
    for layer in (layers.Dense(3), Sequential([layers.Dense(3)])):
        layer.build((None, 4))
        with pytest.raises(ValueError, match="5 features.*built for 4"):
            layer.build((None, 5))


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_build_that_fails_midway_leaves_no_weights_behind(error):
    """The next one would make them twice."""
    fails = True

    def bias(shape, dtype):
        if fails:
            raise error
        return np.zeros(shape, dtype)

    model = Sequential([layers.Dense(3), layers.Dense(2, bias_initializer=bias)])
    with pytest.raises(error):
        model.build((None, 4))
    fails = False
    assert not model.built
    model.build((None, 4))
    assert [w.shape for w in model.weights] == [(4, 3), (3,), (3, 2), (2,)]


def test_a_model_built_by_hand_trains_the_weights_that_were_set():
    model = Sequential([layers.Dense(3, "softmax")])
    model.build((None, 4))
    model.set_weights([np.zeros((4, 3)), np.zeros(3)])
    model.compile("sgd", "sparse_categorical_crossentropy")
    assert model.evaluate(X, Y, verbose=0) == pytest.approx(np.log(3), rel=1e-6)
    assert model.flat_parameters.size == 15
