"""Losses, with Keras's names: one number that says how wrong the predictions are, and its gradient.

    loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    loss(y_true, y_pred)                    # a Python float
    loss.gradient(y_true, y_pred)           # d loss / d y_pred
    losses.get("mse")                       # by name, as `compile(loss=…)` does
    losses.mean_squared_error(y, p)         # one value an example, as Keras's functions
    @losses.loss                            # one of your own, with its derivative below: see `WrittenLoss`

Numbers to predict: `regression`. Probabilities: `crossentropy`. Scores with a margin: `margin`.
"""

import types

from course_lib import left_out
from course_lib.losses.base import Loss, MeanLoss, WrittenLoss
from course_lib.losses.crossentropy import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    KLDivergence,
    Poisson,
    SparseCategoricalCrossentropy,
)
from course_lib.losses.margin import CategoricalHinge, Hinge, SquaredHinge
from course_lib.losses.regression import (
    CosineSimilarity,
    Huber,
    LogCosh,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
)
from course_lib.registry import Registry, snake_case
from course_lib.text.words import short

loss = WrittenLoss

_SHORT = {
    "bce": BinaryCrossentropy,
    "kld": KLDivergence,
    "mae": MeanAbsoluteError,
    "mape": MeanAbsolutePercentageError,
    "mse": MeanSquaredError,
    "msle": MeanSquaredLogarithmicError,
}
registry = Registry(
    "losses",
    "loss",
    Loss,
    [MeanSquaredError, MeanAbsoluteError, MeanAbsolutePercentageError, MeanSquaredLogarithmicError]
    + [Huber, LogCosh, CosineSimilarity, Hinge, SquaredHinge, CategoricalHinge]
    + [BinaryCrossentropy, CategoricalCrossentropy, SparseCategoricalCrossentropy, KLDivergence, Poisson],
    {**_SHORT, **{short.upper(): cls for short, cls in _SHORT.items()}},
)


def get(identifier):
    """The loss that a name, a class or a loss itself stands for; None stays None."""
    if isinstance(identifier, str):
        return registry.get(identifier, name=identifier)
    if isinstance(identifier, types.FunctionType):
        name = identifier.__name__
        if globals().get(name) is identifier and name in registry.names:
            return registry[name]()
        raise TypeError(
            f"losses.get got the function {short(name)}; "
            f"training also needs its derivative. Write it as @losses.loss, one "
            f"value an example, and below it @{name}.derivative; or subclass losses.Loss."
        )
    return registry.get(identifier)


def _function(name, cls):
    """Keras's function of this name: one value an example."""

    def loss(y_true, y_pred, **arguments):
        return cls(**arguments).call(y_true, y_pred)

    loss.__name__ = loss.__qualname__ = name
    loss.__doc__ = f"One value an example, shape of y_pred without its last axis.\n\n    {cls.__doc__}"
    return loss


for _cls in registry:
    globals()[snake_case(_cls.__name__)] = _function(snake_case(_cls.__name__), _cls)


__getattr__ = left_out.absent("losses")
