"""A model of one engine made anew in the other. Both know the same names and arguments, so a config is all it takes."""

import functools
import importlib
from operator import attrgetter

import numpy as np

from course_lib import layers, serialization
from course_lib.activations import Activation
from course_lib.models import Sequential
from course_lib.parity.engine import quiet_keras
from course_lib.registry import FAMILIES, name_of
from course_lib.text.words import short
from course_lib.utils import arguments


def keras_twin(model):
    """The same model, or single layer, in Keras, with a copy of the weights; compiled alike where ours is compiled.

    It must be built. The twin's optimizer stands at its first step, and XLA is off (`jit_compile=False`): it takes long
    to start and sums in another order.
    """
    if not model.built:
        raise ValueError(f"{model.label} is not built, so it has no weights to copy. Call it on data once.")
    twin = _to_keras(model)
    if not twin.built:
        twin.build(model.built_shape)
    copy_weights(model, twin)
    if getattr(model, "optimizer", None) is not None:
        twin.compile(
            optimizer=_to_keras(model.optimizer),
            loss=_to_keras(model.loss),
            metrics=[_to_keras(metric) for metric in model.tally.given],
            weighted_metrics=[_to_keras(metric) for metric in model.tally.given_weighted],
            jit_compile=False,
        )
        twin.optimizer.build(twin.trainable_variables)  # else TensorFlow traces the step twice, once to make them
    return twin


def from_keras(keras_model):
    """A built Keras `Sequential`, or a single layer, in course_lib: with a copy of its weights, and compiled alike."""
    if not keras_model.built:
        raise ValueError(
            f"The Keras model {short(keras_model.name)} is not built. Give it an Input, or call it on data once."
        )
    model = _from_config(type(keras_model).__name__, keras_model.get_config(), type(keras_model))
    if not isinstance(model, Sequential):
        model.ensure_built(keras_model.get_build_config()["input_shape"])
    copy_weights(keras_model, model)
    if getattr(keras_model, "compiled", False):
        arguments = keras_model.get_compile_config()
        model.compile(**{name: _to_ours(arguments[name]) for name in ("optimizer", "loss", "metrics")})
    return model


def copy_weights(source, target):
    """Copy all weights of a model or layer into another of the same architecture; each may be ours or Keras's."""
    weights = [np.asarray(w) for w in source.get_weights()]
    given, expected = [w.shape for w in weights], [tuple(w.shape) for w in target.weights]
    if given != expected:
        raise ValueError(
            f"copy_weights got weights of shapes {given} from {short(source.name)}, "
            f"but {short(target.name)} holds {expected}. "
            f"Both must be built and have the same layers."
        )
    target.set_weights(weights)


# ---- ours → Keras


def _to_keras(value):
    """The Keras object with the same class name and the same config; numbers, names and None stay what they are."""
    keras = quiet_keras()
    if isinstance(value, (list, tuple)):
        return type(value)(_to_keras(v) for v in value)
    if isinstance(value, Activation):
        return serialization.serialize(value)
    kind = type(value)
    if not kind.__module__.startswith("course_lib."):
        return value
    config = value.get_config()
    if isinstance(value, layers.Layer):
        config.pop("input_shape", None)
    if isinstance(value, Sequential):
        dtype = "int32" if value.accepts_integers else value.dtype.name
        start = [keras.Input(value.built_shape[1:], dtype=dtype)]
        return keras.Sequential(start + _to_keras(value.layers), name=value.name, trainable=value.trainable)
    name = name_of(kind)
    if name is None:
        raise TypeError(f"{short(value)} is your own, so it has no twin in Keras.")
    family, _, kind_name = name.rpartition(".")
    cls = _keras_residual() if kind is layers.Residual else getattr(attrgetter(family)(keras), kind_name, None)
    if cls is None:
        raise TypeError(f"Keras has no {name}, so {short(value)} has no twin.")
    return cls(**{name: _to_keras(v) for name, v in config.items()})


@functools.cache
def _keras_residual():
    """`layers.Residual` as a Keras layer. (Keras itself has none: there one adds in a functional model.)"""
    keras = quiet_keras()

    @keras.saving.register_keras_serializable("course_lib")
    class Residual(keras.layers.Layer):
        def __init__(self, layer, **kwargs):
            super().__init__(**kwargs)
            self.layer = layer

        def build(self, input_shape):
            if not self.layer.built:
                self.layer.build(input_shape)

        def call(self, x):
            return x + self.layer(x)

        def compute_output_shape(self, input_shape):
            return input_shape

        def get_config(self):
            return {**super().get_config(), "layer": keras.saving.serialize_keras_object(self.layer)}

        @classmethod
        def from_config(cls, config):
            return cls(**{**config, "layer": keras.saving.deserialize_keras_object(config["layer"])})

    return Residual


# ---- Keras → ours


def _to_ours(value):
    """Our object for a value of a Keras config; there an object is `{"class_name": …, "module": …, "config": …}`."""
    if isinstance(value, list):
        return [_to_ours(v) for v in value]
    if isinstance(value, dict) and "class_name" in value:
        if value["class_name"] == "DTypePolicy":
            return value["config"]["name"]
        keras_class = (
            _keras_residual()
            if value["registered_name"] == "course_lib>Residual"
            else getattr(importlib.import_module(value["module"]), value["class_name"])
        )
        return _from_config(value["class_name"], value["config"], keras_class)
    return value


def _from_config(name, config, keras_class):
    if name == "InputLayer":
        return layers.Input(config["batch_shape"][1:], dtype=_float(config["dtype"]), name=config["name"])
    path = keras_class.__module__.split(".")  # keras.src.layers.core.dense
    family = "optimizers.schedules" if "schedules" in path else path[2] if path[0] == "keras" else "layers"
    if name == "Sequential":
        return Sequential(_to_ours(config["layers"]), name=config["name"], trainable=config["trainable"])
    ours = FAMILIES[family].members.get(name) if family in FAMILIES else None
    if ours is None:
        raise TypeError(f"course_lib has no {family}.{name}, so this model cannot be made from Keras's.")
    known = arguments(ours)
    defaults = arguments(keras_class)
    for key, value in config.items():
        if key not in known and value not in (None, False, "channels_last", defaults.get(key)):
            raise ValueError(
                f"{name} {short(config.get('name', ''))} has {key}={short(value)}, which course_lib does not know."
            )
    return ours(**{key: _to_ours(value) for key, value in config.items() if key in known})


def _float(dtype):
    return dtype if dtype in ("float32", "float64") else "float32"
