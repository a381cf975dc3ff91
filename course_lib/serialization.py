"""Layers, losses, optimizers and models as plain JSON values, and back: `{"class": "layers.Dense", "config": {…}}`.

A value names a class by its family and registered name. Reading makes objects of registered classes, each only in a
place where its family belongs, and calls nothing else: names are looked up in the registries, never imported.
"""

import numpy as np

from course_lib import activations
from course_lib.activations import Activation
from course_lib.registry import FAMILIES, config_names, name_of
from course_lib.text.words import short

# Which families an argument may hold, by its name or by the last word of it (kernel_initializer).
PLACES = {
    "layers": ("layers", "models"),
    "layer": ("layers", "models"),
    "initializer": ("initializers",),
    "regularizer": ("regularizers",),
    "learning_rate": ("optimizers.schedules",),
}


def serialize(value):
    """A value of a config as JSON can hold it. Only the library's own classes can be read back."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, (list, tuple)):
        return [serialize(v) for v in value]
    if isinstance(value, Activation):
        if value not in activations.registry:
            raise TypeError(
                f"The activation {short(value.name)} is your own: only those of course_lib can be written by name."
            )
        return value.name
    name = name_of(type(value))
    if name is None:
        raise TypeError(
            f"{short(value)} cannot be saved: only layers, losses, metrics, "
            f"optimizers and their schedules, initializers, "
            f"regularizers and activations of course_lib can. Save the weights alone with model.get_weights()."
        )
    return {"class": name, "config": {key: serialize(v) for key, v in value.get_config().items()}}


def deserialize(value, families=None):
    """What `serialize` wrote, made anew. `families`: those whose classes may stand here; None: any of them."""
    if isinstance(value, list):
        return [deserialize(v, families) for v in value]
    if isinstance(value, dict):
        return _made(value, tuple(FAMILIES) if families is None else families)
    return value


def _made(value, families):
    if (
        set(value) != {"class", "config"}
        or not isinstance(value["class"], str)
        or not isinstance(value["config"], dict)
    ):
        raise ValueError(f"it holds {short(value)} where a class and its config should stand")
    family, _, name = value["class"].rpartition(".")
    cls = FAMILIES[family].members.get(name) if family in FAMILIES else None
    if not isinstance(cls, type):
        raise ValueError(f"it names the class {short(value['class'])}, which this course_lib does not have")
    if family not in families:
        expected = f"a class of {' or '.join(families)}" if families else "a number or a name"
        raise ValueError(f"it names {short(value['class'])} where {expected} belongs")
    unknown = value["config"].keys() - set(config_names(cls))
    if unknown:
        raise ValueError(f"it gives {name} the argument {short(min(unknown))}, which {name} does not have")
    if not isinstance(value["config"].get("name", ""), (str, type(None))):
        raise ValueError(f"it gives {name} the name {short(value['config']['name'])}, which is no text")
    return cls(**{key: deserialize(v, _families_of(key)) for key, v in value["config"].items()})


def _families_of(argument):
    return PLACES.get(argument) or PLACES.get(argument.rpartition("_")[2], ())
