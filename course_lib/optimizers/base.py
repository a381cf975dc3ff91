"""What every optimizer does around its rule: learning rate, clipping, weight decay, means of weights, state."""

import numpy as np

from course_lib.registry import Configured
from course_lib.text.words import short
from course_lib.utils import aligned_zeros, reject_unknown

# Where a gradient stays zero, running means of it decay into denormal numbers, on which a processor computes many
# times slower. This much is added to every gradient first: far below what float32 can see beside a real gradient.
TINY = 1e-16


class LearningRate(float):
    """The rate as a float that can be set by hand, as in Keras: `optimizer.learning_rate.assign(0.01)`."""

    def __new__(cls, value, optimizer):
        rate = super().__new__(cls, value)
        rate._optimizer = optimizer
        return rate

    def assign(self, value):
        self._optimizer.learning_rate = value

    def numpy(self):
        return np.float32(self)

    def __array_ufunc__(self, ufunc, method, *inputs, **arguments):
        """Beside an array it counts as a Python float: NumPy would turn float32 to float64 for any other class."""
        plain = (float(value) if isinstance(value, LearningRate) else value for value in inputs)
        return getattr(ufunc, method)(*plain, **arguments)

    def __reduce__(self):
        return float, (float(self),)  # a copy is a number, without the optimizer


class Optimizer(Configured):
    """Base class. A subclass names its state in `slots` and writes `update(variable, gradient, state, rate, scratch)`.

    Args:
        learning_rate: a number, or a schedule: a function of the number of steps already taken.
        weight_decay: each step first shrinks the weights by `learning_rate * weight_decay` of themselves.
        clipnorm: largest L2 norm of one variable's gradient. global_clipnorm: of all together.
        clipvalue: largest size of one gradient entry. At most one of the three.
        use_ema: keep a running mean of the weights,  mean ← ema_momentum · mean + (1 − ema_momentum) · w  after each
            step. Every `ema_overwrite_frequency` steps, and at the end of `fit`, it takes the weights' place.
        gradient_accumulation_steps: change the weights at every k-th call only, by the mean gradient of k calls.
    """

    slots = ()

    def __init__(
        self,
        learning_rate,
        weight_decay=None,
        clipnorm=None,
        clipvalue=None,
        global_clipnorm=None,
        use_ema=False,
        ema_momentum=0.99,
        ema_overwrite_frequency=None,
        gradient_accumulation_steps=None,
        name=None,
        **unknown,
    ):
        kind = type(self).__name__
        reject_unknown(kind, unknown, type(self), "optimizers")
        if sum(c is not None for c in (clipnorm, clipvalue, global_clipnorm)) > 1:
            raise ValueError(f"{kind} got more than one of clipnorm, clipvalue, global_clipnorm; give at most one.")
        if not 0 <= ema_momentum <= 1:
            raise ValueError(f"{kind} got ema_momentum={short(ema_momentum)}; it must lie between 0 and 1.")
        self.name = name or kind.lower()
        self._learning_rate = self._as_rate(learning_rate)
        # Python floats: a NumPy scalar would turn the arithmetic of whole arrays to float64.
        self.weight_decay, self.clipnorm, self.clipvalue, self.global_clipnorm = (
            None if number is None else float(number) for number in (weight_decay, clipnorm, clipvalue, global_clipnorm)
        )
        self.use_ema, self.ema_momentum = bool(use_ema), float(ema_momentum)
        self.ema_overwrite_frequency = self._count("ema_overwrite_frequency", ema_overwrite_frequency, 1)
        self.gradient_accumulation_steps = self._count("gradient_accumulation_steps", gradient_accumulation_steps, 2)
        self.slots = (
            *type(self).slots,
            *(["average"] if self.use_ema else []),
            *(["gradient_sum"] if self.gradient_accumulation_steps else []),
        )
        self.calls = 0  # of `apply`
        self.state = []  # one dictionary {slot: array} a variable, made at the first step
        self.scratch = []  # one array a variable, for whatever a rule works out on its way

    def __getstate__(self):
        return {**vars(self), "scratch": []}  # a copy makes its own

    # ---- learning rate

    @property
    def learning_rate(self):
        """The rate of the next step."""
        return LearningRate(self._rate(), self)

    @learning_rate.setter
    def learning_rate(self, value):
        if callable(self._learning_rate) and not callable(value):
            raise TypeError(
                f"{type(self).__name__} follows a schedule, so its learning_rate cannot be set. "
                f"Make it with a number to set it by hand or by a callback."
            )
        self._learning_rate = self._as_rate(value)

    def _rate(self):
        rate = self._learning_rate
        return float(rate(self.calls)) if callable(rate) else rate

    def _as_rate(self, value):
        if callable(value):
            return value
        if isinstance(value, str) or not value >= 0:
            raise ValueError(
                f"{type(self).__name__} got learning_rate={short(value)}; "
                f"it must be a number of at least 0, or a schedule."
            )
        return float(value)

    # ---- one step

    @property
    def iterations(self):
        """How many times the weights were changed."""
        return self.calls // (self.gradient_accumulation_steps or 1)

    @property
    def clips_each_variable(self):
        """Whether the rule must see each variable apart, and not one flat vector of all."""
        return self.clipnorm is not None

    def apply(self, gradients, variables):
        """One step: change `variables` in place, from `gradients` (lists of arrays of equal shapes)."""
        if len(gradients) != len(variables):
            raise ValueError(f"{self.name}.apply got {len(gradients)} gradients for {len(variables)} variables.")
        self._prepare(variables)
        rate = self._rate()
        self.calls += 1
        if self.gradient_accumulation_steps:
            gradients = self._accumulated(gradients)
        if gradients is not None:
            for variable, gradient, state, scratch in zip(variables, self.clip(gradients), self.state, self.scratch):
                if self.weight_decay:
                    variable *= 1 - rate * self.weight_decay
                self.update(variable, gradient, state, rate, scratch)
        if self.use_ema:
            self._average(variables)

    def _prepare(self, variables):
        """State and scratch for these variables, made at the first step; of another dtype once the variables are."""
        if len(self.scratch) == len(variables) and all(map(_alike, self.scratch, variables)):
            return
        if not self.state:
            self.state = [{slot: zeros_like(v) for slot in self.slots} for v in variables]
        elif not self.fits(variables):
            raise ValueError(
                f"{self.name}.apply got variables of shapes {[v.shape for v in variables]}, but it has already trained "
                f"others and keeps state for those. Make a new optimizer, or compile the model again with one."
            )
        for state, variable in zip(self.state, variables):
            for slot in self.slots:
                state[slot] = state[slot].astype(variable.dtype, copy=False)
        self.scratch = [zeros_like(v) for v in variables]

    def fits(self, variables):
        """Whether the state was made for variables of these shapes."""
        return len(self.state) == len(variables) and all(
            state[slot].shape == v.shape for state, v in zip(self.state, variables) for slot in self.slots
        )

    def update(self, variable, gradient, state, rate, scratch):
        """The rule: change `variable` and the arrays of `state` in place. `scratch` is an array to work in."""
        raise NotImplementedError(f"{type(self).__name__} has no update rule.")

    def clip(self, gradients):
        """The gradients, shortened as asked.

        A gradient is here what it is in the formula: where an embedding reads one id several times in a batch, the sum
        of all its pieces. On TensorFlow Keras hands the pieces to clipping (and to Adam, which squares each by itself),
        so there such a model gets other numbers; it gets ours where its gradient is dense.
        """
        if self.clipnorm is not None:
            return [g * _shrink(self.clipnorm, np.linalg.norm(g)) for g in gradients]
        if self.global_clipnorm is not None:
            norm = np.sqrt(sum(np.vdot(g, g) for g in gradients))
            return [g * _shrink(self.global_clipnorm, norm) for g in gradients]
        if self.clipvalue is not None:
            return [np.clip(g, -self.clipvalue, self.clipvalue) for g in gradients]
        return gradients

    # ---- several calls a step, means of weights

    def _accumulated(self, gradients):
        """The mean gradient of the last k calls, or None between."""
        for state, gradient in zip(self.state, gradients):
            state["gradient_sum"] += gradient
        steps = self.gradient_accumulation_steps
        if self.calls % steps:
            return None
        means = [state["gradient_sum"] / steps for state in self.state]
        for state in self.state:
            state["gradient_sum"].fill(0)
        return means

    def _average(self, variables):
        """Before the second step the mean is the weights themselves."""
        step = (self.calls - 1) // (self.gradient_accumulation_steps or 1)
        momentum = self.ema_momentum if step else 0.0
        for variable, state, scratch in zip(variables, self.state, self.scratch):
            np.multiply(variable, 1 - momentum, out=scratch)
            state["average"] *= momentum
            state["average"] += scratch
        if self.ema_overwrite_frequency and (step + 1) % self.ema_overwrite_frequency == 0:
            self.finalize_variable_values(variables)

    def finalize_variable_values(self, variables):
        """With `use_ema` the weights become their running mean. `fit` ends so."""
        if self.use_ema and self.state:
            self._prepare(variables)
            for variable, state in zip(variables, self.state):
                variable[...] = state["average"]

    def _count(self, name, value, least):
        if value is None or value is False:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
            raise ValueError(
                f"{type(self).__name__} got {name}={short(value)}; it needs a whole number from {least}, or None."
            )
        return int(value)


def zeros_like(variable):
    return aligned_zeros(variable.shape, variable.dtype)


def _alike(a, b):
    return a.shape == b.shape and a.dtype == b.dtype


def _shrink(limit, norm):
    """The factor that brings a gradient of this norm down to the limit (1 where it is short enough)."""
    return float(limit / max(norm, limit))
