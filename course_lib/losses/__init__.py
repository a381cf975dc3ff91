"""Losses, with Keras's names: one number that says how wrong the predictions are, and its gradient.

    loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    loss(y_true, y_pred)                    # a Python float
    loss.gradient(y_true, y_pred)           # d loss / d y_pred
    losses.get("mse")                       # by name, as `compile(loss=…)` does
    losses.mean_squared_error(y, p)         # one value an example, as Keras's functions

Numbers to predict: `regression`. Probabilities: `crossentropy`. Scores with a margin: `margin`.
"""

from course_lib import left_out
from course_lib.losses.base import Loss, MeanLoss
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
from course_lib.utils import lookup

_BY_FUNCTION = {
    "binary_crossentropy": BinaryCrossentropy,
    "categorical_crossentropy": CategoricalCrossentropy,
    "categorical_hinge": CategoricalHinge,
    "cosine_similarity": CosineSimilarity,
    "hinge": Hinge,
    "huber": Huber,
    "kl_divergence": KLDivergence,
    "log_cosh": LogCosh,
    "mean_absolute_error": MeanAbsoluteError,
    "mean_absolute_percentage_error": MeanAbsolutePercentageError,
    "mean_squared_error": MeanSquaredError,
    "mean_squared_logarithmic_error": MeanSquaredLogarithmicError,
    "poisson": Poisson,
    "sparse_categorical_crossentropy": SparseCategoricalCrossentropy,
    "squared_hinge": SquaredHinge,
}
_SHORT = {
    "bce": BinaryCrossentropy,
    "kld": KLDivergence,
    "mae": MeanAbsoluteError,
    "mape": MeanAbsolutePercentageError,
    "mse": MeanSquaredError,
    "msle": MeanSquaredLogarithmicError,
}
_BY_NAME = {
    **_BY_FUNCTION,
    **{cls.__name__: cls for cls in _BY_FUNCTION.values()},
    **_SHORT,
    **{short.upper(): cls for short, cls in _SHORT.items()},
}


def get(identifier):
    """The loss that a name, a class or a loss itself stands for; None stays None."""
    if identifier is None or isinstance(identifier, Loss):
        return identifier
    if isinstance(identifier, str):
        return lookup("loss", identifier, _BY_NAME)(name=identifier)
    if isinstance(identifier, type) and issubclass(identifier, Loss):
        return identifier()
    name = getattr(identifier, "__name__", None)
    if name in _BY_FUNCTION and identifier is globals()[name]:
        return _BY_FUNCTION[name]()
    raise TypeError(
        f"losses.get got {identifier!r}; it needs a name such as 'mse' or a Loss. "
        f"To make your own, subclass losses.Loss and write values and derivative: training needs both."
    )


def _function(name, cls):
    """Keras's function of this name: one value an example."""

    def loss(y_true, y_pred, **arguments):
        return cls(**arguments).call(y_true, y_pred)

    loss.__name__ = loss.__qualname__ = name
    loss.__doc__ = f"One value an example, shape of y_pred without its last axis.\n\n    {cls.__doc__}"
    return loss


for _name, _cls in _BY_FUNCTION.items():
    globals()[_name] = _function(_name, _cls)

__getattr__ = left_out.absent("losses")
