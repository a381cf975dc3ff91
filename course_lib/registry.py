"""One registry a family: which classes there are, under which names, and with which arguments they are made anew.

    optimizers = Registry("optimizers", "optimizer", Optimizer, [SGD, Adam], spell=str.lower)
    optimizers.get("adam")            # an Adam; also by class, and an Adam stays itself
    optimizers["Adam"]                # the class
    optimizers.name_of(Adam)          # "optimizers.Adam": how a saved file and Keras name it

A family bears the name of its module in Keras. A saved file names family and class; in which file of ours a class
stands plays no part. Each room of the engine makes its registry where it lists its classes, in its `__init__`.
"""

import contextlib
import contextvars
import math
import re

from course_lib.text.words import short
from course_lib.utils import arguments, lookup

FAMILIES = {}  # name → Registry

# How many numbers may still be made at the word of a config. Without bound, but while a file is loaded.
_numbers_left = contextvars.ContextVar("numbers_left", default=math.inf)


@contextlib.contextmanager
def numbers_allowed(count):
    """Within the block, configs may ask for so many numbers in all: a few words in a file must not fill the memory."""
    token = _numbers_left.set(count)
    try:
        yield
    finally:
        _numbers_left.reset(token)


def claim_numbers(count, what):
    """Before numbers are made at the word of a config. A ValueError, which begins with `what`: they are too many."""
    left = _numbers_left.get() - count
    if left < 0:
        raise ValueError(f"{what}: more numbers than a file may ask for")
    _numbers_left.set(left)


def snake_case(name):
    """A class name as Keras spells it for functions: "MeanSquaredError" → "mean_squared_error"."""
    return re.sub(r"(?<=.)(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])", "_", name).lower()


class Registry:
    """The classes of one family, or its functions.

    Args:
        family: its name, "losses"; `word`: what one of them is called in errors, "loss".
        base: the class that all are made from.
        members: the classes, or functions. Each is known by its own name, and by `spell` of it.
        others: {name: member}, for the further names that Keras knows.
        spell: the second name of a class.
    """

    def __init__(self, family, word, base, members, others=None, spell=snake_case):
        self.family, self.word, self.base = family, word, base
        self.members = {_name(member): member for member in members}
        self.names = {
            **self.members,
            **{spell(name): member for name, member in self.members.items()},
            **(others or {}),
        }
        FAMILIES[family] = self

    def __iter__(self):
        return iter(self.members.values())

    def __len__(self):
        return len(self.members)

    def __contains__(self, member):
        return self.members.get(_name(member)) is member

    def __getitem__(self, name):
        """The member of this name, or a ValueError with names like it."""
        return lookup(self.word, name, self.names)

    def get(self, identifier, **given):
        """An object for a name or a class, made with the arguments `given`; an object stays itself, None stays None."""
        if isinstance(identifier, str):
            return self[identifier](**given)
        if isinstance(identifier, type) and issubclass(identifier, self.base):
            return identifier(**given)
        if identifier is None or isinstance(identifier, self.base):
            return identifier
        raise TypeError(
            f"{self.family}.get got {short(identifier)}; "
            f"it needs a name such as {short(min(self.names, key=str.swapcase))}, "
            f"or {'an' if self.word[0] in 'aeiou' else 'a'} {self.word} of course_lib.{self.family}."
        )

    def name_of(self, member):
        """ "losses.Huber" for a registered class; None for one of your own."""
        return f"{self.family}.{_name(member)}" if member in self else None


def name_of(member):
    """The name of a registered class in files and in Keras, "optimizers.schedules.CosineDecay"; None for any other."""
    return next((registry.name_of(member) for registry in FAMILIES.values() if member in registry), None)


class Configured:
    """What can be made anew from its arguments. A class keeps each argument of its `__init__` as an attribute of that
    name; or, where the attribute of that name shows something else, as `_name`.

    `not_in_config` lists the arguments that are left out.
    """

    not_in_config = ()

    def get_config(self):
        """The arguments that make this object anew."""
        return {name: self._argument(name) for name in config_names(type(self))}

    def _argument(self, name):
        return vars(self)["_" + name] if "_" + name in vars(self) else getattr(self, name)

    @classmethod
    def from_config(cls, config):
        return cls(**config)


def config_names(cls):
    """The names in `get_config` of a class."""
    left_out = {name for base in cls.__mro__ for name in vars(base).get("not_in_config", ())}
    return [name for name in arguments(cls) if name not in left_out]


def _name(member):
    return member.__name__
