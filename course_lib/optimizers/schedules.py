"""Learning rates that change from step to step, with Keras's names and arguments.

    rate = ExponentialDecay(0.1, decay_steps=100, decay_rate=0.5)
    rate(0), rate(100), rate(200)                    # 0.1, 0.05, 0.025
    optimizers.SGD(learning_rate=rate)

A schedule is a function of t, the number of *steps* already taken: batches, not epochs. One epoch over 4,000 examples
in batches of 32 is 125 steps.

All formulas are computed in float32, as in Keras: `np.float32(step)` makes them so. In float64 some cosines would
restart a step earlier than there (t_mul = 1.2, 1.5, 3). One difference is left: in the compiled step of its `fit`,
TensorFlow multiplies by 1 / decay_steps where the formula divides, and so takes some stairs one step late: at
decay_steps = 41, 47, 55, 61 among those below 64. Called by itself, Keras's schedule agrees with ours.
"""

import math

import numpy as np

from course_lib import left_out
from course_lib.registry import Configured, Registry
from course_lib.text.words import short


class LearningRateSchedule(Configured):
    """Base class. A subclass writes `__call__(step) -> float` and keeps each argument as an attribute of that name."""

    def __call__(self, step):
        raise NotImplementedError(f"{type(self).__name__} has no __call__(step), which gives the rate of a step.")

    def __repr__(self):
        arguments = (f"{name}={value!r}" for name, value in vars(self).items() if name != "name")
        return f"{type(self).__name__}({', '.join(arguments)})"


class ExponentialDecay(LearningRateSchedule):
    """η(t) = η₀ · decay_rate^(t / decay_steps): after each `decay_steps` steps, `decay_rate` times what it was.

    staircase: round the exponent down, so that the rate falls in steps.
    """

    def __init__(self, initial_learning_rate, decay_steps, decay_rate, staircase=False, name="ExponentialDecay"):
        self.initial_learning_rate, self.decay_rate = float(initial_learning_rate), float(decay_rate)
        self.decay_steps = _steps(self, "decay_steps", decay_steps)
        self.staircase, self.name = staircase, name

    def __call__(self, step):
        p = np.float32(step) / self.decay_steps
        if self.staircase:
            p = np.floor(p)
        return float(self.initial_learning_rate * self.decay_rate**p)


class InverseTimeDecay(LearningRateSchedule):
    """η(t) = η₀ / (1 + decay_rate · t / decay_steps): fast at first, then ever slower.

    staircase: round t / decay_steps down. Source: Robbins and Monro, 1951, A stochastic approximation method: with
    rates like 1/t the noise of single examples averages out.
    """

    def __init__(self, initial_learning_rate, decay_steps, decay_rate, staircase=False, name="InverseTimeDecay"):
        self.initial_learning_rate, self.decay_rate = float(initial_learning_rate), float(decay_rate)
        self.decay_steps = _steps(self, "decay_steps", decay_steps)
        self.staircase, self.name = staircase, name

    def __call__(self, step):
        p = np.float32(step) / self.decay_steps
        if self.staircase:
            p = np.floor(p)
        return float(self.initial_learning_rate / (1 + self.decay_rate * p))


class PiecewiseConstantDecay(LearningRateSchedule):
    """`values[i]` up to and including step `boundaries[i]`, then the next value; the last one for ever.

        PiecewiseConstantDecay([100, 200], [0.1, 0.01, 0.001])      # steps 0 … 100, 101 … 200, from 201 on

    Step 100 still belongs to the first value, as in Keras: t counts the steps already taken.
    """

    def __init__(self, boundaries, values, name="PiecewiseConstant"):
        self.boundaries, self.values, self.name = list(boundaries), [float(value) for value in values], name
        if len(self.values) != len(self.boundaries) + 1:
            raise ValueError(
                f"PiecewiseConstantDecay got {len(self.boundaries)} boundaries and {len(self.values)} values; "
                f"it needs one value more than boundaries: one before, one after, and one between each two."
            )
        if any(a >= b for a, b in zip(self.boundaries, self.boundaries[1:])):
            raise ValueError(f"PiecewiseConstantDecay got boundaries {self.boundaries}; each must exceed the last.")

    def __call__(self, step):
        value = self.values[sum(step > boundary for boundary in self.boundaries)]
        return float(np.float32(value))


class PolynomialDecay(LearningRateSchedule):
    """η(t) = (η₀ − η_end) · (1 − t / T)^power + η_end, with T = decay_steps; η_end from step T on.

    power: 1 is a straight line. cycle: instead of staying at η_end, T grows to the next multiple of `decay_steps`, and
    the rate jumps up to a point of the longer, flatter curve.
    """

    def __init__(
        self,
        initial_learning_rate,
        decay_steps,
        end_learning_rate=0.0001,
        power=1.0,
        cycle=False,
        name="PolynomialDecay",
    ):
        self.initial_learning_rate, self.end_learning_rate = float(initial_learning_rate), float(end_learning_rate)
        self.decay_steps = _steps(self, "decay_steps", decay_steps)
        self.power, self.cycle, self.name = float(power), cycle, name

    def __call__(self, step):
        step, steps = np.float32(step), self.decay_steps
        if self.cycle:
            steps *= max(1, np.ceil(step / steps))
        left = 1 - min(step / steps, 1)
        return float((self.initial_learning_rate - self.end_learning_rate) * left**self.power + self.end_learning_rate)


class CosineDecay(LearningRateSchedule):
    """Half a wave of a cosine, from the top down to `alpha` of it, over `decay_steps` steps:

        η(t) = η_top · ((1 − alpha) · ½ (1 + cos(π t / decay_steps)) + alpha)

    Without `warmup_target` η_top is `initial_learning_rate`. With it, the rate first climbs in a straight line from
    `initial_learning_rate` to η_top = `warmup_target` within `warmup_steps` steps; then the wave begins, so all is over
    after warmup_steps + decay_steps. A rate that starts at 0 makes the first step a step of nothing.
    Source: Loshchilov and Hutter, 2017, SGDR; warm-up: Goyal et al., 2017, Accurate, large minibatch SGD, section 2.2.
    """

    def __init__(
        self,
        initial_learning_rate,
        decay_steps,
        alpha=0.0,
        name="CosineDecay",
        warmup_target=None,
        warmup_steps=0,
    ):
        self.initial_learning_rate, self.alpha = float(initial_learning_rate), float(alpha)
        self.decay_steps = _steps(self, "decay_steps", decay_steps)
        self.warmup_target = None if warmup_target is None else float(warmup_target)
        self.warmup_steps, self.name = warmup_steps, name

    def __call__(self, step):
        step, start, top = np.float32(step), self.initial_learning_rate, self.warmup_target
        if top is None:
            return self.wave(step, start)
        if step < self.warmup_steps:
            return float((top - start) * (step / self.warmup_steps) + start)
        return self.wave(step - self.warmup_steps, top)

    def wave(self, step, top):
        p = min(step / self.decay_steps, 1)
        return float(top * ((1 - self.alpha) * _half_wave(p) + self.alpha))


class CosineDecayRestarts(LearningRateSchedule):
    """`CosineDecay` again and again: each round lasts `t_mul` times as long and starts `m_mul` times as high.

        round i = 0, 1, 2, …   begins at step T₀ · (1 + t_mul + … + t_mulⁱ⁻¹)   and lasts   T₀ · t_mulⁱ steps
        η = η₀ · ((1 − alpha) · m_mulⁱ · ½ (1 + cos(π · share of the round done)) + alpha)

    with T₀ = `first_decay_steps`. Source: Loshchilov and Hutter, 2017, SGDR: stochastic gradient descent with warm
    restarts.
    """

    def __init__(self, initial_learning_rate, first_decay_steps, t_mul=2.0, m_mul=1.0, alpha=0.0, name="SGDRDecay"):
        self.initial_learning_rate, self.alpha = float(initial_learning_rate), float(alpha)
        self.first_decay_steps = _steps(self, "first_decay_steps", first_decay_steps)
        self.t_mul, self.m_mul, self.name = float(t_mul), float(m_mul), name
        if not self.t_mul >= 1:
            raise ValueError(
                f"CosineDecayRestarts got t_mul={short(t_mul)}; a round lasts at least as long as the last: 1."
            )

    def __call__(self, step):
        p = np.float32(step) / self.first_decay_steps
        i, p = self.round(p)
        return float(self.initial_learning_rate * ((1 - self.alpha) * self.m_mul**i * _half_wave(p) + self.alpha))

    def round(self, p):
        """(number of the round, share of it that is done), p being the time in units of the first round."""
        if self.t_mul == 1:
            i = np.floor(p)
            return i, p - i
        longer = np.float32(self.t_mul)
        i = np.floor(np.log(1 - p * (1 - longer)) / np.log(longer))
        begun = (1 - longer**i) / (1 - longer)
        return i, (p - begun) / longer**i


class OneCycle(LearningRateSchedule):
    """One cycle up and down, then a short fall to almost nothing. Keras has no such schedule.

        step      0                      up, straight                 h = (1 − annealing) / 2 · total_steps
        rate      top / div_factor             →                      top

        step      h       down, straight      2h          down, straight          total_steps
        rate      top          →       top / div_factor          →      top / div_factor / final_div_factor

    from `total_steps` on: the last rate.

    Args:
        max_learning_rate: the top; a range test finds it (`experiments.range_test`).
        total_steps: length of the training in steps: epochs · ⌈examples / batch size⌉.
        div_factor: how many times lower it starts. final_div_factor: how many times lower than that it ends.
        annealing: share of all steps that the last fall takes.

    Source: Smith, 2018, A disciplined approach to neural network hyper-parameters, part 1, section 4 (two straight
    slopes of equal length, then several orders of magnitude down). Left out: the momentum that Smith lowers meanwhile.
    """

    def __init__(
        self,
        max_learning_rate,
        total_steps,
        div_factor=10.0,
        final_div_factor=1000.0,
        annealing=0.1,
        name="OneCycle",
    ):
        self.max_learning_rate, self.name = float(max_learning_rate), name
        self.total_steps = _steps(self, "total_steps", total_steps)
        self.div_factor, self.final_div_factor = float(div_factor), float(final_div_factor)
        self.annealing = float(annealing)
        if not 0 <= annealing < 1:
            raise ValueError(
                f"OneCycle got annealing={short(annealing)}; it is a share of all steps, from 0 to below 1."
            )

    def __call__(self, step):
        top, half = self.max_learning_rate, (1 - self.annealing) / 2 * self.total_steps
        low = top / self.div_factor
        corners = [0, half, 2 * half, self.total_steps]
        return float(np.float32(np.interp(step, corners, [low, top, low, low / self.final_div_factor])))


registry = Registry(
    "optimizers.schedules",
    "schedule",
    LearningRateSchedule,
    [ExponentialDecay, InverseTimeDecay, PiecewiseConstantDecay, PolynomialDecay, CosineDecay, CosineDecayRestarts]
    + [OneCycle],
)


def _half_wave(p):
    """From 1 at p = 0 down to 0 at p = 1, flat at both ends."""
    return 0.5 * (1 + np.cos(math.pi * p))


def _steps(schedule, name, value):
    if not value > 0:
        raise ValueError(f"{type(schedule).__name__} got {name}={short(value)}; it needs a number of steps above 0.")
    return value


__getattr__ = left_out.absent("optimizers.schedules")
