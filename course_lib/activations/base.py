"""What an activation is: a function and its derivative under one name."""

import numpy as np


class Activation:
    """A function and its derivative under one name: `@activation` makes it of the first, `gradient` adds the second.

        @activation
        def square(x):
            return x * x

        @square.gradient
        def square(dy, x, y):
            return dy * 2.0 * x

    `square(x)` is then the value and `square.gradient(dy, x, y)` turns dL/dy into dL/dx.
    """

    def __init__(self, function):
        self.function = self.__wrapped__ = function
        self.name = self.__name__ = getattr(function, "__name__", type(function).__name__)
        self.__doc__, self.__module__ = function.__doc__, function.__module__

    def __call__(self, x, *args, **kwargs):
        if type(x) is not np.ndarray or x.dtype.kind != "f":
            x = as_float(x)
        y = self.function(x, *args, **kwargs)
        return y.copy() if y is x else y  # linear: what is called from outside shares no memory with its input

    def gradient(self, function):
        """Decorator: `function(dy, x, y, …)` is the derivative. Afterwards `gradient` is that function itself."""
        self.gradient = function
        return self

    def __repr__(self):
        return f"<activation {self.name}>"

    def __reduce__(self):
        return self.name  # copies and pickles by name, as functions do


activation = Activation


def as_float(x):
    """x as an array of floats: arrays of floats stay as they are, lists and integers become float32."""
    array = np.asarray(x)
    own = array.dtype.kind == "f" and hasattr(x, "dtype")  # a list of Python floats has no dtype of its own
    return array if own else array.astype(np.float32)
