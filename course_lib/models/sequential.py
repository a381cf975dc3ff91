"""A model that is a stack of layers: the output of each is the input of the next."""

import itertools
import os

from course_lib.layers.base import Layer, show_shape
from course_lib.layers.building import building
from course_lib.layers.variables import Variable, flatten_parameters, require_one_dtype
from course_lib.models.loop import Trainer
from course_lib.text.tables import table
from course_lib.text.words import counted, short
from course_lib.utils import reject_unknown

# What `flatten` lays out.
FLAT = ("flat_parameters", "flat_gradients", "flat_variables", "_regularized", "_first_trainable")


class LaidOut:
    """Stands for what `flatten` lays out, until somebody asks for it."""

    def __set_name__(self, kind, name):
        self.name = name

    def __get__(self, model, kind):
        if model is None or not model.built:
            raise AttributeError(f"{kind.__name__} has no {self.name!r} before it is built. Call build or fit first.")
        with building:
            if self.name not in vars(model):
                model.flatten()
        return vars(model)[self.name]


class Sequential(Trainer, Layer):
    """Layers one after the other: y = fₖ(… f₂(f₁(x))).

    All trainable weights are views into one vector, `flat_parameters`, and all their gradients into another,
    `flat_gradients`. So one step of an optimizer is one expression over one array, and comparing, clipping,
    sending or saving a whole model is a line.

    It is itself a layer: it can stand inside another model or a `Residual`.
    """

    def __init__(self, layers=None, name=None, **kwargs):
        self._layers, self._shapes_behind = [], []  # the shapes are known once the model is built
        self._named = {}  # a layer for each name that was ever taken; it may have been taken off since
        super().__init__(name=name, **kwargs)
        if isinstance(layers, Layer):
            raise TypeError(
                f"{self.label} got {layers.label} alone; it takes a list of layers: [{type(layers).__name__}(…), …]."
            )
        for layer in layers or []:
            self._take(layer)
        self._build_where_known()

    @property
    def layers(self):
        """The layers, without `Input`, as in Keras; one that stands in several places is listed as often."""
        return self._layers

    sublayers = layers
    carries_mask = True  # its last layer has decided
    _moves_seen = None
    flat_parameters, flat_gradients, flat_variables, _regularized, _first_trainable = (LaidOut() for _ in FLAT)

    def get_layer(self, name=None, index=None):
        """The layer of this name, or at this place."""
        if (name is None) == (index is None):
            raise ValueError(f"{self.label}.get_layer takes a name or an index, one of the two.")
        if index is not None:
            if not -len(self.layers) <= index < len(self.layers):
                raise ValueError(f"{self.label} has {len(self.layers)} layers; there is none at index {index}.")
            return self.layers[index]
        found = {layer.name: layer for layer in self.layers}
        if name not in found:
            raise ValueError(f"{self.label} has no layer {short(name)}. Its layers: {', '.join(found)}.")
        return found[name]

    @property
    def input_shape(self):
        """Shape of a batch that goes in, its first axis None."""
        if not self.built:
            raise ValueError(f"{self.label} is not built, so it has no input_shape yet. Call build or fit first.")
        return self.built_shape

    @property
    def output_shape(self):
        """Shape of a batch that comes out, its first axis None."""
        return self.compute_output_shape(self.input_shape)

    @property
    def output_layer(self):
        """The last layer, that of the innermost model where models stand in models."""
        last = self.sublayers[-1]
        return last.output_layer if isinstance(last, Sequential) else last

    def add(self, layer):
        """Put a layer on top. The model builds itself as soon as it knows its input's shape.

        The same layer may stand in several places: it has one set of weights, and its gradients add up. The name of a
        layer that is there already stands for that layer. A layer that does not fit is not taken.
        """
        count, shape, dtype = len(self._layers), self.example_shape, self.dtype
        try:
            self._take(layer)
            self._build_where_known()
        except BaseException:
            del self._layers[count:], self._shapes_behind[count:]
            self.example_shape, self.dtype = shape, dtype
            raise

    def _take(self, layer):
        if isinstance(layer, str) and self._named.get(layer) in self.sublayers:
            layer = self._named[layer]
        if not isinstance(layer, Layer):
            raise TypeError(f"{self.label} got {short(layer)}; it takes layers, such as layers.Dense(10).")
        if self._named.get(layer.name, layer) is not layer and any(
            known.name == layer.name and known is not layer for known in self.sublayers
        ):
            raise ValueError(
                f"{self.label} already holds a layer named {short(layer.name)}. Give {layer.label} another name."
            )
        self._refuse_itself(layer)
        if not self.sublayers and self.example_shape is None:
            self.example_shape, self.dtype = layer.example_shape, layer.dtype
        if type(layer).__name__ == "Input":
            return
        self._layers.append(layer)
        self._named[layer.name] = layer
        self.accepts_integers = self.sublayers[0].accepts_integers
        if self.example_shape is None:
            self.built = False  # the next data will tell the shape

    def _build_where_known(self):
        """Build what is not built yet, where the input's shape is known."""
        if not self.sublayers or self.example_shape is None:
            return
        if not self.built:
            self.build((None, *self.example_shape))
        elif len(self._shapes_behind) < len(self._layers):  # only the layer that was added
            new = self._layers[-1]
            self._shapes_behind.append(_built_at(new, self._shapes_behind[-1]))
            if of_new := new.variables():
                a_weight = itertools.islice((v for layer in self._layers for v in layer.variables()), 1)
                require_one_dtype(self, [*a_weight, *of_new])
            self._forget_flat()

    def pop(self):
        """Take the last layer off and return it."""
        if not self.sublayers:
            raise IndexError(f"{self.label} holds no layers, so none can be taken off.")
        layer = self._layers.pop()
        if self.built:
            self._shapes_behind.pop()
            self._forget_flat()
        if not self.sublayers:
            self.built, self.built_shape = False, None
        return layer

    def build(self, input_shape):
        if not self.sublayers:
            raise ValueError(f"{self.label} holds no layers. Add one, for instance model.add(layers.Dense(10)).")
        shape, shapes = input_shape, []
        for layer in self.sublayers:
            shape = _built_at(layer, shape)
            shapes.append(shape)
        self._shapes_behind = shapes
        self.flatten()

    def flatten(self):
        """Lay the trainable weights, and their gradients, into one vector each (after a change of `trainable`)."""
        parameters, gradients = flatten_parameters(self)
        variables = self.variables(trainable=True)
        learns = [bool(layer.variables(trainable=True)) for layer in self.sublayers]
        self.__dict__.update(  # all at once: an interrupt leaves what stood before, or this
            flat_parameters=parameters,
            flat_gradients=gradients,
            flat_variables=variables,
            _regularized=[v for v in variables if v.regularizer is not None],
            _first_trainable=learns.index(True) if True in learns else len(learns),  # below it, no gradient is read
        )

    def _forget_flat(self):
        """Layers were added or taken off: the vectors are laid out anew when they are asked for, not at each change."""
        for name in FLAT:
            vars(self).pop(name, None)

    def __setstate__(self, state):
        """A copy or an unpickled model gets vectors of its own, and its layers views into them."""
        self.__dict__.update(state)
        if self.built:
            self.flatten()

    def keep_flat(self):
        """Flatten again where another model that shares layers has moved their weights into its own vector."""
        moves = Variable.moves
        if moves != self._moves_seen:
            self._moves_seen = moves
            if any(v.value.base is not self.flat_parameters for v in self.flat_variables):
                self.flatten()

    def forward(self, x, run):
        for layer in self._layers:
            x = layer.forward(x, run)
            if run.mask is not None and not layer.carries_mask:
                run.mask = None
        return x

    def backward(self, dy, run, from_logits=False):
        """From dL/dy, write every layer's gradients and return dL/dx (None where the pass says that nobody reads it).

        from_logits: `dy` is dL/dz of the last layer, before its activation.
        """
        stack, input_gradient = self._layers, run.input_gradient
        first = 0 if input_gradient else self._first_trainable
        for place in reversed(range(first, len(stack))):
            dy = run.backward(stack[place], dy, from_logits, input_gradient or place > first)
            from_logits = False
        return dy

    def backward_from_logits(self, dz, run):
        return self.backward(dz, run, from_logits=True)

    def check_input(self, shape):
        """Walk an unforeseen shape through all layers, so that it fails before any computation."""
        if self.built_shape is None or tuple(shape[1:]) == self.built_shape[1:]:
            return
        at = shape
        try:
            for layer in self.sublayers:
                layer.check_input(at)
                at = layer.compute_output_shape(at)
        except ValueError as error:
            raise ValueError(
                f"{self.label} got input of shape {show_shape(shape)}; "
                f"it was built for {show_shape(self.built_shape)}. {error}"
            ) from None

    def compute_output_shape(self, input_shape):
        for layer in self.sublayers:
            input_shape = layer.compute_output_shape(input_shape)
        return input_shape

    def astype(self, dtype):
        super().astype(dtype)
        if self.built:
            self.flatten()
        return self

    def get_config(self):
        first = dict(zip(reversed(self.sublayers), reversed(range(len(self.sublayers)))))
        places = [  # a layer that stands in several places is written once, and then named
            layer if first[layer] == place else layer.name for place, layer in enumerate(self.sublayers)
        ]
        return {**super().get_config(), "layers": places}

    def summary(self, line_length=None, positions=None, print_fn=print, **unknown):
        """Print the layers, their output shapes and their numbers of parameters ("?" before the model is built)."""
        reject_unknown(f"{self.label}.summary", unknown, {"print_fn"}, "summary")
        rows, shape = [], self.built_shape
        for layer in self.sublayers:
            if not self.built:
                rows.append((layer.label, "?", "?"))
                continue
            shape = layer.compute_output_shape(shape)
            rows.append((layer.label, show_shape(shape), f"{layer.count_params():,}"))
        print_fn(table(("Layer", "Output shape", "Parameters"), rows, right=[2]))
        if not self.built:
            print_fn("Not built: it learns its input's shape from model.build((None, …)), an Input, or the first data.")
            return
        total, trainable = counted(self.count_params(), "parameter"), sum(w.size for w in self.trainable_weights)
        size = counted(sum(w.nbytes for w in self.weights), "byte")
        print_fn(f"Total {total} ({size}), {trainable:,} of them trainable.")

    def save(self, filepath, overwrite=True):
        """Write architecture, weights, and what `compile` was given to one file; see `models.load_model`."""
        from course_lib.models.saving import save_model

        _keep(filepath, overwrite)
        save_model(self, filepath)

    def save_weights(self, filepath, overwrite=True):
        """Write the weights alone to one file, in course_lib's own form; see `load_weights`."""
        from course_lib.models.saving import save_weights

        _keep(filepath, overwrite)
        save_weights(self, filepath)

    def load_weights(self, filepath):
        """Put the weights of a file of `save_weights` or `save` into this model, which must have the same layers."""
        from course_lib.models.saving import load_weights

        load_weights(self, filepath)

    @classmethod
    def load(cls, path):
        """The model that `save` wrote."""
        from course_lib.models.saving import load_model

        return load_model(path)


def _built_at(layer, shape):
    """Build the layer for input of this shape, or see that it fits. Returns the shape behind it."""
    if layer.built:
        layer.check_input(shape)
    layer.ensure_built(shape)
    return layer.compute_output_shape(shape)


def _keep(filepath, overwrite):
    """An error where a file stands that must not be written over."""
    if not overwrite and os.path.exists(filepath):
        raise FileExistsError(f"{filepath} exists, and overwrite=False. Give another name, or overwrite=True.")
