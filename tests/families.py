"""The optimizers that all tests go over: every registered class, with every option that all of them share, and with the
options of its own listed here. A new optimizer is in all those tests once it is registered.
"""

from course_lib import optimizers

SHARED = [
    {},
    {"weight_decay": 0.05},
    {"clipnorm": 0.1},
    {"clipvalue": 0.01, "weight_decay": 0.01},
    {"global_clipnorm": 0.2},
    {"use_ema": True, "ema_momentum": 0.9, "ema_overwrite_frequency": 7},
    {"gradient_accumulation_steps": 3, "clipnorm": 0.1},
    {"gradient_accumulation_steps": 2, "use_ema": True, "ema_momentum": 0.8, "weight_decay": 0.01},
]
OF_THEIR_OWN = {
    "SGD": [{"momentum": 0.9}, {"momentum": 0.9, "nesterov": True}, {"momentum": 0.5, "global_clipnorm": 0.1}],
    "Adam": [{"beta_1": 0.7, "beta_2": 0.9, "epsilon": 1e-3}, {"amsgrad": True}, {"amsgrad": True, "beta_2": 0.8}],
    "AdamW": [{"weight_decay": 0.1, "amsgrad": True}],
    "RMSprop": [{"momentum": 0.9}, {"centered": True}, {"rho": 0.7, "momentum": 0.5, "centered": True}],
}


def recipes(shared=SHARED):
    """(class, options) of each; every class at least once."""
    classes = optimizers.registry.members.items()
    return [(cls, options) for name, cls in classes for options in shared + OF_THEIR_OWN.get(name, [])]


def made(shared=SHARED, rate=0.01):
    """`rate` None: the default of each."""
    given = {} if rate is None else {"learning_rate": rate}
    return [cls(**given, **options) for cls, options in recipes(shared)]


def show(optimizer):
    """What differs from the defaults."""
    usual = type(optimizer)().get_config()
    options = {k: v for k, v in optimizer.get_config().items() if v != usual[k] and k != "learning_rate"}
    return " ".join([type(optimizer).__name__, *(f"{k}={v}" for k, v in options.items())])
