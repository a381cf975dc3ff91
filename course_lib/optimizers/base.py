"""What every optimizer does around its rule: learning rate, clipping, weight decay, state."""

import numpy as np

from course_lib.utils import reject_unknown

# Where a gradient stays zero, running means of it decay into denormal numbers, on which a processor computes many
# times slower. This much is added to every gradient first: far below what float32 can see beside a real gradient.
TINY = 1e-16


class Optimizer:
    """Base class. A subclass names its state in `slots` and writes `update(variable, gradient, state, rate)`.

    Args:
        learning_rate: a number, or a schedule: a function of the number of steps already taken.
        weight_decay: each step first shrinks the weights by `learning_rate * weight_decay` of themselves.
        clipnorm: largest L2 norm of one variable's gradient. global_clipnorm: of all together.
        clipvalue: largest size of one gradient entry. At most one of the three.
    """

    slots = ()

    def __init__(
        self,
        learning_rate,
        weight_decay=None,
        clipnorm=None,
        clipvalue=None,
        global_clipnorm=None,
        name=None,
        **unknown,
    ):
        kind = type(self).__name__
        arguments = {*type(self).__init__.__code__.co_varnames, *Optimizer.__init__.__code__.co_varnames}
        reject_unknown(kind, unknown, arguments - {"self", "kind", "unknown", "kwargs", "arguments"}, "optimizers")
        if sum(c is not None for c in (clipnorm, clipvalue, global_clipnorm)) > 1:
            raise ValueError(f"{kind} got more than one of clipnorm, clipvalue, global_clipnorm; give at most one.")
        if not callable(learning_rate) and not learning_rate >= 0:
            raise ValueError(f"{kind} got learning_rate={learning_rate!r}; it must be a number of at least 0.")
        self.name = name or kind.lower()
        self._learning_rate = learning_rate if callable(learning_rate) else float(learning_rate)
        # Python floats: a NumPy scalar would turn the arithmetic of whole arrays to float64.
        self.weight_decay, self.clipnorm, self.clipvalue, self.global_clipnorm = (
            None if number is None else float(number) for number in (weight_decay, clipnorm, clipvalue, global_clipnorm)
        )
        self.iterations = 0
        self.state = []  # one dictionary {slot: array} a variable, made at the first step

    @property
    def learning_rate(self):
        """The rate of the next step."""
        rate = self._learning_rate
        return float(rate(self.iterations)) if callable(rate) else rate

    @learning_rate.setter
    def learning_rate(self, value):
        if callable(self._learning_rate):
            raise TypeError(
                f"{type(self).__name__} follows a schedule, so its learning_rate cannot be set. "
                f"Make it with a number to set it by hand or by a callback."
            )
        self._learning_rate = float(value)

    @property
    def clips_each_variable(self):
        """Whether the rule must see each variable apart, and not one flat vector of all."""
        return self.clipnorm is not None

    def apply(self, gradients, variables):
        """One step: change `variables` in place, from `gradients` (lists of arrays of equal shapes)."""
        if len(gradients) != len(variables):
            raise ValueError(f"{self.name}.apply got {len(gradients)} gradients for {len(variables)} variables.")
        if not self.state:
            self.state = [{slot: np.zeros_like(v) for slot in self.slots} for v in variables]
        elif not self.fits(variables):
            raise ValueError(
                f"{self.name}.apply got variables of shapes {[v.shape for v in variables]}, but it has already trained "
                f"others and keeps state for those. Make a new optimizer, or compile the model again with one."
            )
        rate = self.learning_rate
        self.iterations += 1
        for variable, gradient, state in zip(variables, self.clip(gradients), self.state):
            if self.weight_decay:
                variable *= 1 - rate * self.weight_decay
            self.update(variable, gradient, state, rate)

    def fits(self, variables):
        """Whether the state was made for variables of these shapes."""
        return len(self.state) == len(variables) and all(
            state[slot].shape == v.shape for state, v in zip(self.state, variables) for slot in self.slots
        )

    def update(self, variable, gradient, state, rate):
        raise NotImplementedError(f"{type(self).__name__} has no update rule.")

    def clip(self, gradients):
        """The gradients, shortened as asked."""
        if self.clipnorm is not None:
            return [g * _shrink(self.clipnorm, np.linalg.norm(g)) for g in gradients]
        if self.global_clipnorm is not None:
            norm = np.sqrt(sum(np.vdot(g, g) for g in gradients))
            return [g * _shrink(self.global_clipnorm, norm) for g in gradients]
        if self.clipvalue is not None:
            return [np.clip(g, -self.clipvalue, self.clipvalue) for g in gradients]
        return gradients

    def get_config(self):
        """The arguments that make this optimizer anew."""
        return {
            "learning_rate": self._learning_rate,
            "weight_decay": self.weight_decay,
            "clipnorm": self.clipnorm,
            "clipvalue": self.clipvalue,
            "global_clipnorm": self.global_clipnorm,
            "name": self.name,
        }


def _shrink(limit, norm):
    """The factor that brings a gradient of this norm down to the limit (1 where it is short enough)."""
    return float(limit / max(norm, limit))
