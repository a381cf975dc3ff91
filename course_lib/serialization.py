"""Layers, losses, optimizers and models as plain JSON values, and back: `{"class": "layers.Dense", "config": {…}}`."""

from importlib import import_module

import numpy as np

from course_lib import activations
from course_lib.activations import Activation

ROOMS = (
    "layers",
    "models",
    "losses",
    "metrics",
    "optimizers.schedules",
    "optimizers",
    "initializers",
    "regularizers",
)


def serialize(value):
    """A value of a config as JSON can hold it. Only the library's own classes can be read back."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, (list, tuple)):
        return [serialize(v) for v in value]
    if isinstance(value, dict):
        return {key: serialize(v) for key, v in value.items()}
    if isinstance(value, Activation):
        if getattr(activations, value.name, None) is not value:
            raise TypeError(
                f"The activation {value.name!r} is your own: only those of course_lib can be written by name."
            )
        return value.name
    kind = type(value)
    if room_of(kind) is None or not hasattr(value, "get_config"):
        raise TypeError(
            f"{value!r} cannot be saved: only layers, losses, metrics, optimizers and their schedules, initializers, "
            f"regularizers and activations of course_lib can. Save the weights alone with model.get_weights()."
        )
    return {"class": f"{room_of(kind)}.{kind.__name__}", "config": serialize(value.get_config())}


def deserialize(value):
    """What `serialize` wrote, made anew."""
    if isinstance(value, list):
        return [deserialize(v) for v in value]
    if isinstance(value, dict) and set(value) == {"class", "config"}:
        room, _, name = value["class"].rpartition(".")
        if room not in ROOMS or name not in vars(import_module(f"course_lib.{room}")):
            raise ValueError(f"{value['class']!r} is unknown to this version of course_lib")
        return getattr(import_module(f"course_lib.{room}"), name)(**deserialize(value["config"]))
    if isinstance(value, dict):
        return {key: deserialize(v) for key, v in value.items()}
    return value


def room_of(kind):
    """Where a class of course_lib stands, and its namesake in Keras: "layers", "optimizers.schedules"; else None."""
    return next((room for room in ROOMS if f"{kind.__module__}.".startswith(f"course_lib.{room}.")), None)
