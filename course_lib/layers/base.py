"""What every layer has: weights with a gradient each, a forward pass, a backward pass, and good errors.

A layer is built from its input's shape. `forward(x, run)` computes, and keeps in the pass `run` what `backward` will
need. `backward(dy, run)` receives dL/dy, writes dL/dw of each of its weights, and returns dL/dx for the layer before
it. The layer itself holds its weights and their gradients, and nothing of a pass (see `passes`).
"""

import collections
import inspect
import itertools
import math
import operator

import numpy as np

from course_lib import initializers, left_out, regularizers
from course_lib.layers.arrays import too_large, unshared
from course_lib.layers.building import NotYet, built_once
from course_lib.layers.passes import Pass
from course_lib.layers.variables import Variable
from course_lib.registry import Configured, claim_numbers, snake_case
from course_lib.text.words import listed, short
from course_lib.utils import reject_unknown


@left_out.leaves_out(left_out.METHODS)
class Layer(Configured):
    """Base class. A subclass writes `build`, `forward`, `backward`, and where the shape changes
    `compute_output_shape`. Layers among its attributes, alone or in lists, are its sublayers.

        class Scale(Layer):                                  # y = x · scale
            def build(self, input_shape):
                self.scale = self.add_weight(input_shape[-1:], "ones")
            def forward(self, x, run):
                run.keep(self, x)
                return x * self.scale
            def backward(self, dy, run):
                (x,) = run.take(self)
                self.d_scale[...] = (dy * x).reshape(-1, x.shape[-1]).sum(axis=0)
                return dy * self.scale

    A layer in Keras's style, with `call(x)` in place of the two, predicts and does not learn.

    Args:
        name: shown in `summary()` and in errors; made from the class where it is left out.
        trainable: whether an optimizer may change the weights (read when training begins).
        dtype: of weights and outputs, "float32" or "float64".
        input_shape: shape of one example, which lets a model build itself at once; or input_dim, where it is a row.
    """

    _count = {}
    input_rank = None  # number of axes an input must have, with the batch; None: any
    example_axes = "feature axis"
    accepts_integers = False
    carries_mask = False  # whether the pass's mask counts behind this layer too
    name, dtype, built, _trainable, _variables = (NotYet() for _ in range(5))

    def __init__(self, *, name=None, trainable=True, dtype="float32", input_shape=None, **unknown):
        kind = type(self).__name__
        if "input_dim" in unknown:
            input_shape = (unknown.pop("input_dim"),)
        reject_unknown(kind, unknown, type(self), "layers")
        if not isinstance(name, (str, type(None))):
            raise TypeError(f"{kind} got name={short(name)}; a name is text.")
        self.name = name or _numbered_name(kind)
        self.dtype = _float_type(kind, dtype)
        self.example_shape = None if input_shape is None else _example_shape(kind, input_shape)
        self.built = False
        self.built_shape = None
        if not isinstance(trainable, (bool, np.bool_)):
            raise ValueError(f"{kind} got trainable={short(trainable)}; it is True or False.")
        self.trainable = trainable
        self._variables = []

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "build" in vars(cls):
            cls.build = built_once(cls.build)

    def __setattr__(self, attribute, value):
        """`self.kernel = self.add_weight(…)`: the attribute is the numbers, and `self.d_kernel` their gradient."""
        if isinstance(value, Variable):
            return value.stand_at(attribute)
        for layer in _layers_in(value):
            self._refuse_itself(layer)
        super().__setattr__(attribute, value)

    # ---- to be written by each layer

    @built_once
    def build(self, input_shape):
        """Make the weights for inputs of this shape (batch axis first, None where unknown).

        Where a layer does not write it, a pass of zeros builds the layers inside.
        """
        if not all(layer.built for layer in self.sublayers):
            self._shape_of_zeros(input_shape)

    def forward(self, x, run):
        """y. Here, for a layer in Keras's style: what its `call(x)`, or `call(x, training)`, answers."""
        if not hasattr(self, "call"):
            raise NotImplementedError(f"{self.label} has no forward pass: write forward(self, x, run).")
        told = {"training": run.training} if "training" in inspect.signature(self.call).parameters else {}
        return np.asarray(self.call(x, **told))

    def backward(self, dy, run):
        """dL/dx, with dL/dw of each weight written."""
        raise NotImplementedError(
            f"{self.label} has no backward pass, so nothing below its output can learn: there is no automatic "
            f"derivative here. In place of call(self, x) write the pair, for y = x @ kernel:\n"
            f"    def forward(self, x, run):\n"
            f"        run.keep(self, x)\n"
            f"        return x @ self.kernel\n"
            f"    def backward(self, dy, run):\n"
            f"        (x,) = run.take(self)\n"
            f"        self.d_kernel[...] = x.T @ dy\n"
            f"        return dy @ self.kernel.T\n"
            f"and hold it against gradcheck.check_layer(layer, x). A layer inside has its part: "
            f"self.inner(x, run=run), and run.backward(self.inner, dy)."
        )

    def compute_output_shape(self, input_shape):
        return self._shape_of_zeros(input_shape) if hasattr(self, "call") else tuple(input_shape)

    def get_config(self):
        config = {**super().get_config(), "dtype": self.dtype.name}
        if config.get("input_shape", 0) is None:
            del config["input_shape"]
        return config

    def _argument(self, name):
        return self.example_shape if name == "input_shape" else super()._argument(name)

    # ---- what a user calls

    def __call__(self, x, training=False, run=None, **unknown):
        """Check the input, build on first use, and run the forward pass: `run`, or one that is forgotten after it."""
        if unknown or training is not False and training is not True:
            self._refuse_call(training, unknown)
        if type(x) is not np.ndarray or x.dtype is not self.dtype:
            x = self.as_input(x)
        if self.built_shape is None or x.shape[1:] != self.built_shape[1:] or not x.size:
            self.check_new_shape(x.shape)
        if run is None:
            run = Pass(training, False)
        elif not isinstance(run, Pass):
            raise TypeError(
                f"{self.label} got run={short(run)}; it takes a Pass, which carries what the way back needs: "
                f"run = layers.Pass(training=True). For the behaviour in training alone: training=True."
            )
        y = self.forward(x, run)
        return y if y.base is None and y is not x else unshared(y, x)

    def _refuse_call(self, training, unknown):
        """An error where a call gives what travels with the pass here; True and False may be written as 1 and 0."""
        if unknown:
            raise TypeError(
                f"{self.label} was called with {listed(unknown)}; a call takes x, training and run. "
                f"A mask travels with the pass: run = layers.Pass(); run.mask = mask; layer(x, run=run). "
                f"An initial_state is left out; a recurrent layer starts at 0."
            )
        if training is not None and not (np.isscalar(training) and training in (0, 1)):
            raise TypeError(
                f"{self.label} was called with training={short(training)}; it is True or False. "
                f"Is it a mask? That travels with the pass: run = layers.Pass(); run.mask = mask; layer(x, run=run)."
            )

    def check_new_shape(self, shape):
        """A shape that is not the one it was built for: build, or say why it does not fit."""
        if math.prod(shape) == 0:
            raise ValueError(
                f"{self.label} got input of shape {show_shape(shape)}, which holds no numbers. "
                f"Each row is one example; give one or more."
            )
        self.ensure_built(shape)
        self.check_input(shape)

    def as_input(self, x):
        """The input as an array of the layer's dtype (tensors, lists and integers are welcome)."""
        if type(x) is np.ndarray and x.dtype is self.dtype:
            return x
        if isinstance(x, Layer):
            raise TypeError(
                f"{self.label} got the layer {x.label} as its input. {left_out.NAMES['']['Model']} "
                f"What else is left out: docs/keras.md."
            )
        try:
            x = np.asarray(x)
        except ValueError as error:
            raise ValueError(
                f"{self.label} got rows of different lengths; it needs an array. Pad or cut them to one length."
            ) from error
        if x.dtype.kind not in "fiub":
            raise TypeError(
                f"{self.label} got an input of type {x.dtype}; it needs numbers. "
                f"Turn words into counts or indices first."
            )
        if x.dtype == self.dtype or self.accepts_integers and x.dtype.kind in "iu":
            return x
        return x.astype(self.dtype)

    def ensure_built(self, input_shape):
        if not self.built:
            self.build(input_shape)

    def _shape_of_zeros(self, input_shape):
        """The output's shape, found by a pass."""
        y = self.forward(np.zeros([n or 1 for n in input_shape], self.dtype), Pass(keeps=False))
        return (input_shape[0], *y.shape[1:])

    def check_rank(self, shape):
        if self.input_rank is not None and len(shape) != self.input_rank:
            raise ValueError(
                f"{self.label} got input of shape {show_shape(shape)}, which has {len(shape)} axes; "
                f"it needs {self.input_rank}: (batch, {self.example_axes}). {self._rank_remedy(shape)}"
            )

    def check_input(self, shape):
        """Raise an error that names layer, given, expected and remedy where the input does not fit."""
        self.check_rank(shape)
        width = self.built_shape[-1] if self.built_shape and len(self.built_shape) > 1 else None
        if self._variables and width is not None and shape[-1] != width:
            raise ValueError(
                f"{self.label} got input of shape {show_shape(shape)}, with {shape[-1]} features; "
                f"it was built for {width}. Each row is one example: check the last axis, or make a new layer."
            )

    def _rank_remedy(self, shape):
        if len(shape) == self.input_rank - 1:
            return "For a single example add the batch axis: x[None]; where the last axis is missing: x[..., None]."
        return "Reshape the input, or put a Reshape or Flatten layer before it."

    @property
    def trainable(self):
        return self._trainable

    @trainable.setter
    def trainable(self, value):
        """Freezing a layer freezes the layers inside it, as in Keras: a frozen BatchNormalization must know."""
        self._trainable = value
        for layer in self.sublayers:
            layer.trainable = value

    @property
    def label(self):
        """Class and name, as errors show them."""
        return f"{type(self).__name__} {short(self.name)}"

    # ---- weights

    def add_weight(
        self,
        shape=(),
        initializer="glorot_uniform",
        dtype=None,
        trainable=True,
        *,
        regularizer=None,
        name=None,
    ):
        """A new weight, to be given to an attribute: `self.kernel = self.add_weight((d, units), name="kernel")`.

        The attribute is then the array, and `self.d_kernel` its gradient, where it is trainable. As in Keras, `shape`
        stands first; `name` is the attribute's where it is left out.
        """
        if isinstance(shape, str):
            raise TypeError(
                f"{self.label}.add_weight got shape={short(shape)}; "
                f"the shape stands first, and the name has its keyword: "
                f"self.{shape} = self.add_weight(shape, name={short(shape)})."
            )
        if dtype is not None and np.dtype(dtype) != self.dtype:
            raise TypeError(
                f"{self.label}.add_weight got dtype={short(dtype)}; all weights of a layer are of its dtype, "
                f"{self.dtype.name}. Leave the argument out."
            )
        claim_numbers(math.prod(shape), f"{self.label} asks for a weight of shape {tuple(shape)}")
        start = initializers.get(initializer or "glorot_uniform")(tuple(shape), dtype=self.dtype)
        variable = Variable(self, name, trainable, regularizers.get(regularizer), start)
        self._variables.append(variable)
        return variable

    def _require_attributes(self):
        """A weight that stands in no attribute would be found by nobody."""
        for number, variable in enumerate(self._variables):
            if variable.attribute is None:
                raise TypeError(
                    f"{self.label} made weight {number} ({variable.name or 'no name'}) and gave it to no attribute. "
                    f"Write self.kernel = self.add_weight(…), one attribute a weight."
                )

    @property
    def sublayers(self):
        """The layers among this one's attributes, alone or in lists, in the order in which they were set."""
        return [layer for value in vars(self).values() for layer in _layers_in(value)]

    def _refuse_itself(self, layer):
        """An error where `layer` is this one, or holds it: a pass through the two would have no end."""
        waiting = [layer]
        while waiting:
            inner = waiting.pop()
            if inner is self:
                raise ValueError(
                    f"{self.label} cannot hold {'itself' if layer is self else f'{layer.label}, which holds it'}. "
                    f"Make a new layer for the inside."
                )
            waiting += inner.sublayers

    @property
    def own_variables(self):
        """The variables of this very layer, without those of its sublayers."""
        return self._variables

    def variables(self, trainable=None):
        """Own variables, then those of the sublayers; `trainable=True` or `False` picks a kind.

        Where a sublayer stands in several places, its variables are listed once.
        """
        own = [v for kind in (True, False) for v in self._variables if v.trainable is kind]
        everything = list(dict.fromkeys(own + [v for layer in self.sublayers for v in layer.variables()]))
        if trainable is None:
            return everything
        active = {id(v) for v in self._active_variables()}
        return [v for v in everything if (id(v) in active) is trainable]

    def _active_variables(self):
        if not self.trainable:
            return []
        own = [v for v in self._variables if v.trainable]
        return own + [v for layer in self.sublayers for v in layer._active_variables()]

    @property
    def weights(self):
        """All weights, in Keras's order."""
        return [v.value for v in self.variables()]

    @property
    def trainable_weights(self):
        return [v.value for v in self.variables(trainable=True)]

    @property
    def non_trainable_weights(self):
        return [v.value for v in self.variables(trainable=False)]

    @property
    def gradients(self):
        """dL/dw after `backward`, in the order of `trainable_weights`."""
        return [v.gradient for v in self.variables(trainable=True)]

    def get_weights(self):
        """Copies of all weights, in Keras's order."""
        return [w.copy() for w in self.weights]

    def set_weights(self, weights):
        """Copy these arrays into the weights; count and shapes must agree."""
        variables = self.variables()
        if len(weights) != len(variables):
            raise ValueError(
                f"{self.label}.set_weights got {len(weights)} arrays; it has {len(variables)} weights: "
                f"{', '.join(f'{v.path} {v.value.shape}' for v in variables) or 'none (is it built?)'}."
            )
        values, arrays = [v.value for v in variables], []
        for variable, value, weight in zip(variables, values, weights):
            array = np.asarray(weight)
            if array.shape != value.shape:
                raise ValueError(
                    f"{self.label}.set_weights got shape {array.shape} for {variable.path}, "
                    f"which has shape {value.shape}."
                )
            if array.dtype.kind not in "fiub":
                raise TypeError(
                    f"{self.label}.set_weights got {array.dtype} for {variable.path}, whose numbers are {value.dtype}."
                )
            if array.dtype.itemsize > value.dtype.itemsize and too_large(array, value.dtype):
                raise ValueError(
                    f"{self.label}.set_weights got for {variable.path} a number that is too large for its dtype, "
                    f"{value.dtype}."
                )
            arrays.append(array.astype(value.dtype))  # a copy, too: two of them may stand in each other's place
        # All in one go inside C, where no interrupt is heard: the weights are the old ones or these, never a mixture.
        collections.deque(map(np.ndarray.__setitem__, values, itertools.repeat(...), arrays), maxlen=0)

    def count_params(self):
        """Number of weights, trainable or not."""
        return sum(w.size for w in self.weights)

    def astype(self, dtype):
        """Turn all weights and gradients to this dtype, in place (float64 for a gradient check).

        An optimizer that has trained them turns its state at its next step.
        """
        dtype = _float_type(f"{self.label}.astype", dtype)
        for layer in [self, *self.sublayers]:
            layer.dtype = dtype
            if layer is not self:
                layer.astype(dtype)
        for v in self._variables:
            v.bind(v.value.astype(dtype), v.gradient.astype(dtype) if v.trainable else None)
        return self


def _layers_in(value):
    if isinstance(value, Layer):
        return [value]
    values = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return [layer for layer in values if isinstance(layer, Layer)]


def _example_shape(kind, shape):
    """The shape as a tuple of Python's own numbers; None is an axis of any length."""
    try:
        whole = tuple(None if n is None else operator.index(n) for n in shape)
    except TypeError:
        whole = (0,)
    if not all(n is None or n > 0 for n in whole):
        raise ValueError(
            f"{kind} got the shape {short(shape)}; the shape of one example is whole numbers from 1, with None where a "
            f"length may vary, such as (1000,) or (None, 28)."
        )
    return whole


def _float_type(kind, dtype):
    """float32 or float64, by any of their names; None is float32, as in Keras."""
    try:
        found = np.dtype(getattr(dtype, "name", dtype) or "float32")
    except TypeError:
        found = None
    if found not in (np.float32, np.float64):
        raise TypeError(f"{kind} got dtype={short(dtype)}. {left_out.NAMES['']['mixed_precision']}")
    return found


def show_shape(shape):
    """A shape as Python writes it."""
    return str(tuple(shape))


def _numbered_name(kind):
    snake = snake_case(kind)
    number = Layer._count[snake] = Layer._count.get(snake, -1) + 1
    return snake if number == 0 else f"{snake}_{number}"
