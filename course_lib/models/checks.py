"""What `fit`, `evaluate`, `predict` and the calls for one batch check of x, y and weights before anything is computed.

Each error names the model, the call, what was given and what to do. What passes is an array that fits the model.
"""

import numpy as np

from course_lib.text.words import short


def prepare_input(model, where, x):
    """x as an array that fits the model, which is built where it was not."""
    x = model.as_input(_plain(model, where, x))
    if x.ndim == 0 or len(x) == 0:
        raise ValueError(
            f"{model.label}.{where} got an x of shape {x.shape}: no examples. "
            f"Each row is one example; give one or more."
        )
    if x.ndim == 1 and (model.built_shape or (None, *(model.example_shape or ())))[1:] == (1,):
        x = x[:, None]  # n examples of one number each, as Keras takes them
    model.ensure_built(x.shape)
    model.check_input(x.shape)
    return x


def prepare(model, where, x, y, sample_weight=None, class_weight=None):
    """x, y and the weight of each example as arrays that fit the model and its loss."""
    need_loss(model, where)
    if y is None:
        raise TypeError(f"{model.label}.{where} got no y: each row of x needs its own row of y, its true answer.")
    x, y = prepare_input(model, where, x), np.asarray(y)
    if y.ndim == 0 or len(y) != len(x):
        raise ValueError(
            f"{model.label}.{where} got {len(x)} rows of x and y of shape {y.shape}; "
            f"each row of x needs its own row of y."
            + (" A dataset gives examples in batches: dataset.batch(32)." if y.ndim == 0 else "")
        )
    model.loss.check(y, (len(x), *model.compute_output_shape((None, *x.shape[1:]))[1:]))
    if y.dtype.kind == "f":
        y = y.astype(model.dtype, copy=False)
    if sample_weight is not None:
        sample_weight = np.asarray(sample_weight, model.dtype)
        if sample_weight.shape == (len(x), 1):
            sample_weight = sample_weight[:, 0]
        if sample_weight.shape != (len(x),):
            raise ValueError(
                f"{model.label}.{where} got sample_weight of shape {sample_weight.shape}; "
                f"it needs one number an example: ({len(x)},)."
            )
    return x, y, weigh_classes(model, where, y, class_weight, sample_weight)


def weigh_classes(model, where, y, class_weight, sample_weight):
    """`{class: weight}` as one weight an example, times its sample weight. A class that is not named counts as 1."""
    if class_weight is None:
        return sample_weight
    if not hasattr(class_weight, "get"):
        raise TypeError(
            f"{model.label}.{where} got class_weight={short(class_weight)}; "
            f"it takes a dictionary {{class number: weight}}."
        )
    labels = y.argmax(-1) if y.ndim > 1 and y.shape[-1] > 1 else y.reshape(len(y), -1)[:, 0]
    if labels.ndim > 1:
        raise ValueError(f"{model.label}.{where} got class_weight, which needs one label an example; y is {y.shape}.")
    of_class = np.array([class_weight.get(label, 1.0) for label in labels.tolist()], model.dtype)
    return of_class if sample_weight is None else sample_weight * of_class


def need_loss(model, where):
    if model.optimizer is None:
        raise RuntimeError(f"{model.label}.{where} needs a loss and an optimizer: call compile first.")
    if model.loss is None:
        raise ValueError(
            f"{model.label}.{where} needs a loss, and compile was given none. "
            f"Give one by name, for instance loss='sparse_categorical_crossentropy'."
        )


def whole_number(where, name, given, default, of, least=1):
    """A count that was given, or its default."""
    if given is None and default is not None:
        return default
    if isinstance(given, bool) or not isinstance(given, (int, np.integer)) or given < least:
        raise ValueError(f"{where} got {name}={short(given)}; it needs a whole number of {of}, {least} or more.")
    return int(given)


def validation_epochs(where, frequency):
    """Whether the epoch with this number, from 0, ends with a look at the validation data."""
    if isinstance(frequency, (list, tuple, set)):
        return lambda epoch: epoch + 1 in frequency
    every = whole_number(where, "validation_freq", frequency, 1, "epochs")
    return lambda epoch: (epoch + 1) % every == 0


def split(where, x, y, weight, share):
    """The last `share` of the rows kept for validation, before any shuffling: two of (x, y, weight)."""
    at = int(len(x) * (1 - share)) if 0 < share < 1 else 0
    if at in (0, len(x)):
        raise ValueError(
            f"{where} got validation_split={short(share)} for {len(x)} examples; it is the share kept for validation, "
            f"above 0 and below 1, and must leave examples on both sides."
        )
    return [(x[rows], y[rows], None if weight is None else weight[rows]) for rows in (slice(at), slice(at, None))]


def _plain(model, where, x):
    """What NumPy cannot read by itself, as an array, or an error that says how to make one of it."""
    if isinstance(x, dict):
        raise TypeError(
            f"{model.label}.{where} got a dictionary as x; a stack of layers has one input. "
            f"Put the columns into one array: np.stack(list(x.values()), axis=1)."
        )
    if hasattr(x, "toarray"):
        raise TypeError(
            f"{model.label}.{where} got a sparse matrix as x; layers need an array, whose zeros are stored too. "
            f"Use x.toarray()."
        )
    if hasattr(x, "to_numpy"):  # a table or column of pandas: mixed columns of numbers become one type
        try:
            return x.to_numpy(None if model.accepts_integers else model.dtype)
        except (TypeError, ValueError) as error:
            raise TypeError(
                f"{model.label}.{where} got a table with a column that holds no numbers: {error}. "
                f"Take it out, or turn it into numbers first, for instance with pandas.get_dummies."
            ) from error
    return x
