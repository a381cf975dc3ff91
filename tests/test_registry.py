"""One registry a family: nothing that exists is missing from it, and everything in it is made anew from its config."""

import importlib
import pkgutil
import re

import numpy as np
import pytest

import course_lib
from course_lib import (
    Sequential,
    activations,
    callbacks,
    initializers,
    layers,
    losses,
    metrics,
    models,
    optimizers,
    regularizers,
)
from course_lib.optimizers import schedules
from course_lib.registry import FAMILIES, Configured, Registry, config_names, name_of, snake_case
from course_lib.serialization import deserialize, serialize
from course_lib.utils import arguments, reject_unknown

# Classes that exist to be derived from, or that hold a function of the user's own.
BASES = {
    "layers": {"Layer", "ActivationLayer", "Convolution", "WindowLayer", "Pooling", "MaxPooling", "AveragePooling"}
    | {"GlobalPooling", "GlobalMaxPooling", "GlobalAveragePooling", "Recurrent", "GatedRecurrent"}
    | {"UpSampling", "ZeroPadding", "Sequential"},
    "activations": {"Activation"},
    "models": set(),
    "losses": {"Loss", "MeanLoss", "WrittenLoss"},
    "metrics": {"Metric", "MeanMetricWrapper"},
    "initializers": {"Initializer", "RandomInitializer"},
    "regularizers": {"Regularizer"},
    "optimizers": {"Optimizer"},
    "optimizers.schedules": {"LearningRateSchedule"},
}
# What a class needs to be made at all.
NEEDED = {
    "Dense": {"units": 3},
    "Activation": {"activation": "gelu"},
    "Dropout": {"rate": 0.5},
    "SpatialDropout1D": {"rate": 0.5},
    "SpatialDropout2D": {"rate": 0.5},
    "GaussianNoise": {"stddev": 0.5},
    "Reshape": {"target_shape": (2, -1)},
    "Permute": {"dims": (2, 1)},
    "RepeatVector": {"n": 3},
    "Rescaling": {"scale": 0.5},
    "Embedding": {"input_dim": 5, "output_dim": 2},
    "Conv1D": {"filters": 2, "kernel_size": 3},
    "Conv2D": {"filters": 2, "kernel_size": (3, 2)},
    "SimpleRNN": {"units": 3},
    "LSTM": {"units": 3},
    "GRU": {"units": 3},
    "Input": {"shape": (3, None)},
    "ConfusionMatrix": {"num_classes": 4},
    "PiecewiseConstantDecay": {"boundaries": [1, 2], "values": [0.1, 0.2, 0.3]},
    "ExponentialDecay": {"initial_learning_rate": 0.1, "decay_steps": 3, "decay_rate": 0.5},
    "InverseTimeDecay": {"initial_learning_rate": 0.1, "decay_steps": 3, "decay_rate": 0.5},
    "PolynomialDecay": {"initial_learning_rate": 0.1, "decay_steps": 3},
    "CosineDecay": {"initial_learning_rate": 0.1, "decay_steps": 3},
    "CosineDecayRestarts": {"initial_learning_rate": 0.1, "first_decay_steps": 3},
    "OneCycle": {"max_learning_rate": 0.1, "total_steps": 30},
}
CLASSES = [(family, cls) for family, registry in FAMILIES.items() for cls in registry if isinstance(cls, type)]
every_class = pytest.mark.parametrize(("family", "cls"), CLASSES, ids=lambda v: getattr(v, "__name__", v))


def defined():
    """All classes and activations defined in the engine's rooms."""
    rooms = [activations, callbacks, initializers, layers, losses, metrics, models, optimizers, regularizers]
    for room in rooms:
        names = [room.__name__]
        if hasattr(room, "__path__"):
            names += [found.name for found in pkgutil.iter_modules(room.__path__, room.__name__ + ".")]
        for name in names:
            yield from (v for v in vars(importlib.import_module(name)).values() if getattr(v, "__module__", "") == name)


def made(cls):
    if cls in (layers.Residual, layers.TimeDistributed):
        return cls(layers.Dense(4))
    if cls is layers.Bidirectional:
        return cls(layers.LSTM(3))
    return cls([layers.Dense(2)]) if cls is Sequential else cls(**NEEDED.get(cls.__name__, {}))


@pytest.mark.parametrize("family", FAMILIES)
def test_nothing_that_is_defined_is_missing(family):
    registry = FAMILIES[family]
    there = {
        v for v in defined() if isinstance(v, registry.base) or isinstance(v, type) and issubclass(v, registry.base)
    }
    public = {v for v in there if not v.__name__.startswith("_")}
    unlisted = {v.__name__ for v in public - set(registry)} - BASES.get(family, set())
    assert not unlisted, f"Name {sorted(unlisted)} in the registry of course_lib.{family}."
    assert BASES.get(family, set()) <= {v.__name__ for v in public - set(registry)}


def test_the_families_are_keras_modules():
    assert set(FAMILIES) == set(BASES)


@every_class
def test_every_class_is_made_anew_from_its_config(family, cls):
    ours = made(cls)
    config = ours.get_config()
    assert cls(**config).get_config().keys() == config.keys() <= set(config_names(cls))
    written = serialize(ours)
    assert written["class"] == f"{family}.{cls.__name__}" == name_of(cls)
    assert serialize(deserialize(written, (family,))) == written
    assert serialize(cls.from_config(config)) == written


@every_class
def test_every_argument_stands_in_the_config_or_on_the_list_of_those_left_out(family, cls):
    left_out = {name for base in cls.__mro__ for name in vars(base).get("not_in_config", ())}
    assert set(config_names(cls)) == set(arguments(cls)) - left_out
    for name in config_names(cls):
        made(cls)._argument(name)


@every_class
def test_a_config_keeps_what_is_not_the_default(family, cls):
    """Every switch and every number of the config turned to another value survives the way there and back."""
    config = made(cls).get_config()
    for name, value in config.items():
        other = (not value) if isinstance(value, bool) else value * 0.5 if isinstance(value, float) and value else None
        if other is None or name == "reset_after":
            continue
        changed = cls(**{**config, name: other})
        assert changed.get_config()[name] == pytest.approx(other)
        assert serialize(deserialize(serialize(changed))) == serialize(changed)


@pytest.mark.parametrize("family", ["losses", "metrics", "initializers", "regularizers", "optimizers"])
def test_get_takes_every_name_the_class_and_the_object(family):
    room, registry = getattr(course_lib, family), FAMILIES[family]
    for name, cls in registry.names.items():
        if cls.__name__ not in NEEDED:
            assert type(room.get(name)) is type(room.get(cls)) is cls
            thing = cls()
            assert room.get(thing) is thing


@pytest.mark.parametrize("family", ["losses", "metrics", "initializers", "regularizers", "optimizers", "activations"])
@pytest.mark.parametrize(
    "wrong",
    [3, 0.5, ["relu"], {"a": 1}, object(), int],
    ids=lambda wrong: getattr(wrong, "__name__", type(wrong).__name__),
)
def test_get_refuses_what_is_none_of_its_family(family, wrong):
    with pytest.raises(TypeError, match=f"{family}.get got"):
        getattr(course_lib, family).get(wrong)


@pytest.mark.parametrize("family", ["losses", "metrics", "initializers", "regularizers", "optimizers", "activations"])
@pytest.mark.parametrize("wrong", ["", "__class__", "os.system", "../losses", "registry", "get", "np", "Configured"])
def test_get_looks_up_registered_names_only(family, wrong):
    with pytest.raises(ValueError, match="Unknown"):
        getattr(course_lib, family).get(wrong)


def test_a_class_of_ones_own_is_in_no_family():
    class Mine(layers.Dense):
        pass

    assert name_of(Mine) is None and Mine not in layers.registry
    with pytest.raises(TypeError, match="cannot be saved"):
        serialize(Mine(3))
    Mine.__name__ = "Dense"
    assert name_of(Mine) is None


def test_an_argument_that_is_kept_nowhere_is_noticed():
    class Forgetful(regularizers.Regularizer):
        def __init__(self, price):
            pass

    with pytest.raises(AttributeError, match="price"):
        Forgetful(1).get_config()


def test_what_the_attribute_shows_and_what_was_given_may_differ():
    class Shouting(Configured):
        def __init__(self, word="hi", times=2):
            self._word, self.times = word, times

        @property
        def word(self):
            return self._word.upper()

    assert Shouting("hey").word == "HEY" and Shouting("hey").get_config() == {"word": "hey", "times": 2}
    assert optimizers.SGD(schedules.CosineDecay(0.1, 5)).get_config()["learning_rate"].decay_steps == 5


def test_arguments_end_where_a_class_takes_no_others():
    assert list(arguments(initializers.HeNormal)) == ["seed", "input_axes", "output_axes"]
    assert {"units", "activation", "name", "trainable", "dtype", "input_shape"} <= set(arguments(layers.Dense))
    assert arguments(optimizers.SGD)["momentum"] == 0.0
    assert list(arguments(lambda a, *b, c=1, **d: 0)) == ["a", "c"]


@pytest.mark.parametrize(
    ("given", "known", "said"),
    [
        ("beta", optimizers.Adam, "Did you mean 'beta_1' or 'beta_2'?"),
        ("beta1", optimizers.Adam, "Did you mean 'beta_1'?"),
        ("learning_rte", optimizers.SGD, "Did you mean 'learning_rate'?"),
        ("clip", optimizers.SGD, "'clipnorm'"),
        ("qqqq", {"a", "b"}, "It knows: a, b."),
    ],
)
def test_a_misspelt_keyword_is_answered_with_all_that_are_about_as_near(given, known, said):
    with pytest.raises(TypeError) as caught:
        reject_unknown("X", {given: 1}, known)
    assert said in str(caught.value) and "'beta'?" not in str(caught.value)


def test_of_several_spellings_the_nearest_is_named():
    with pytest.raises(ValueError, match="Did you mean 'mean_squared_error'"):
        losses.get("mean_square_error")
    with pytest.raises(ValueError, match="Did you mean 'MeanSquaredError'"):
        losses.get("MeanSquareError")


def test_names_are_spelt_as_keras_spells_them():
    spelt = {
        "MeanSquaredError": "mean_squared_error",
        "Conv2D": "conv2d",
        "KLDivergence": "kl_divergence",
        "LSTM": "lstm",
    }
    spelt |= {
        "GlobalAveragePooling1D": "global_average_pooling1d",
        "TopKCategoricalAccuracy": "top_k_categorical_accuracy",
    }
    assert {name: snake_case(name) for name in spelt} == spelt


def test_a_registry_knows_its_members_only():
    registry = Registry("tests", "thing", Configured, [np.ndarray], {"array": np.ndarray})
    try:
        assert registry["array"] is registry["ndarray"] is np.ndarray and list(registry) == [np.ndarray]
        assert len(registry) == 1 and np.ndarray in registry and np.matrix not in registry
    finally:
        del FAMILIES["tests"]


@pytest.mark.parametrize("registry", FAMILIES.values(), ids=FAMILIES)
def test_what_a_registry_needs_is_said_in_english(registry):
    with pytest.raises(TypeError) as refused:
        registry.get(3)
    assert re.search(r"or (an [aeiou]|a [^aeiou])", str(refused.value))
