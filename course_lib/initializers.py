"""Initializers, with Keras's names: the numbers that weights start from.

    init = initializers.GlorotUniform(seed=1)
    kernel = init((64, 32))                     # float32; dtype="float64" for the other
    initializers.get("he_normal")               # by name, as layers do

Random ones keep the size of the signal from layer to layer by dividing by the number of inputs ("fan in") or outputs.
With a seed an initializer gives the same values at each call, as in Keras. Without one it goes on in the course's
shared random numbers, which `utils.set_random_seed` starts anew.
"""

import math

import numpy as np

from course_lib import left_out
from course_lib.registry import Configured, Registry
from course_lib.text.words import short
from course_lib.utils import generator, lookup


class Initializer(Configured):
    """Base class: `init(shape, dtype)` makes an array."""

    def __call__(self, shape, dtype="float32"):
        raise NotImplementedError(f"{type(self).__name__} makes no values.")


# ---- always the same numbers


class Zeros(Initializer):
    """All 0. When: biases. A kernel of zeros would never learn: all its units stay alike."""

    def __call__(self, shape, dtype="float32"):
        return np.zeros(shape, dtype)


class Ones(Initializer):
    """All 1. When: factors that should do nothing at first, as gamma in a normalization."""

    def __call__(self, shape, dtype="float32"):
        return np.ones(shape, dtype)


class Constant(Initializer):
    """All `value`."""

    def __init__(self, value=0.0):
        self.value = value

    def __call__(self, shape, dtype="float32"):
        return np.full(shape, self.value, dtype)


class Identity(Initializer):
    """`gain` times the identity matrix; shape (n, m) has ones on its main diagonal.

    When: recurrent kernels that should carry their state on. Source: Le, Jaitly and Hinton, 2015.
    """

    def __init__(self, gain=1.0):
        self.gain = gain

    def __call__(self, shape, dtype="float32"):
        if len(shape) != 2:
            raise ValueError(f"Identity got shape {tuple(shape)}; it makes matrices, so it needs two axes.")
        return np.eye(*shape, dtype=dtype) * self.gain


class STFT(Initializer):
    """Kernels that turn a convolution into a short-time Fourier transform: waves under a window.

    Shape (frames, 1, frequencies): w(t) cos(−2π t f / n) for side "real", sin for "imag", with n = 2 (frequencies − 1).
    window: a name of `STFT.WINDOWS`, an array of `frames` numbers, or None; `periodic` leaves out its last point.
    scaling: "density" divides by √Σw², "spectrum" by Σ|w|, None by 1. When: sound. Source: Allen and Rabiner, 1977.
    """

    # w(t) = a₀ − a₁ cos(2π t / (N − 1)) + a₂ cos(4π t / (N − 1)): Keras takes more of them from SciPy.
    WINDOWS = {"hann": (0.5, 0.5), "hamming": (0.54, 0.46), "blackman": (0.42, 0.5, 0.08), "boxcar": (1.0,)}

    def __init__(self, side="real", window="hann", scaling="density", periodic=False):
        if side not in ("real", "imag"):
            raise ValueError(f"STFT got side={short(side)}; it knows 'real' and 'imag'.")
        if scaling not in (None, "density", "spectrum"):
            raise ValueError(f"STFT got scaling={short(scaling)}; it knows 'density', 'spectrum' and None.")
        if isinstance(window, str):
            lookup("window", window, self.WINDOWS)
        self.side, self.window, self.scaling, self.periodic = side, window, scaling, periodic

    def __call__(self, shape, dtype="float32"):
        frames, _, frequencies = shape
        time, frequency = np.arange(frames)[:, None, None], np.arange(frequencies)
        wave = np.cos if self.side == "real" else np.sin
        kernel = wave(-math.pi * time * frequency / max(frequencies - 1, 1))
        if self.window is not None:
            w = self._window(frames)
            scale = {"density": np.sqrt((w * w).sum()), "spectrum": np.abs(w).sum(), None: 1.0}[self.scaling]
            kernel = kernel * w[:, None, None] / scale
        return kernel.astype(dtype)

    def _window(self, frames):
        if not isinstance(self.window, str):
            w = np.asarray(self.window, np.float64)
            if w.shape != (frames,):
                raise ValueError(
                    f"STFT got a window of shape {w.shape}; a kernel of {frames} frames needs ({frames},)."
                )
            return w
        if frames == 1:
            return np.ones(1)
        angle = 2 * math.pi * np.arange(frames) / (frames if self.periodic else frames - 1)
        return sum((-1) ** k * a * np.cos(k * angle) for k, a in enumerate(self.WINDOWS[self.window]))


# ---- random numbers


class RandomInitializer(Initializer):
    """Base class of those that draw: seed handling, and the three distributions."""

    def __init__(self, seed=None):
        if seed is not None and (isinstance(seed, bool) or not isinstance(seed, (int, np.integer))):
            raise ValueError(f"{type(self).__name__} got seed={short(seed)}; it needs a whole number, or None.")
        self.seed = None if seed is None else int(seed)

    def _normal(self, shape, mean, stddev, dtype):
        z = generator(self.seed).standard_normal(shape, dtype=_drawn_in(dtype))
        return (z * stddev + mean).astype(dtype, copy=False)

    def _truncated_normal(self, shape, mean, stddev, dtype):
        """Normal, and whatever lies more than two standard deviations out is drawn again."""
        random, drawn_in = generator(self.seed), _drawn_in(dtype)
        z = random.standard_normal(shape, dtype=drawn_in)
        while (outside := np.abs(z) > 2.0).any():
            z[outside] = random.standard_normal(np.count_nonzero(outside), dtype=drawn_in)
        return (z * stddev + mean).astype(dtype, copy=False)

    def _uniform(self, shape, low, high, dtype):
        u = generator(self.seed).random(shape, dtype=_drawn_in(dtype))
        return (u * (high - low) + low).astype(dtype, copy=False)


class RandomNormal(RandomInitializer):
    """Normal distribution with this mean and standard deviation."""

    def __init__(self, mean=0.0, stddev=0.05, seed=None):
        super().__init__(seed)
        self.mean, self.stddev = float(mean), float(stddev)

    def __call__(self, shape, dtype="float32"):
        return self._normal(shape, self.mean, self.stddev, dtype)


class TruncatedNormal(RandomNormal):
    """Normal distribution, drawn again where it falls more than two `stddev` from the mean.

    What remains has standard deviation 0.8796 · stddev. When: no weight should start far out.
    """

    def __call__(self, shape, dtype="float32"):
        return self._truncated_normal(shape, self.mean, self.stddev, dtype)


class RandomUniform(RandomInitializer):
    """Any number in [minval, maxval) as likely as any other; variance (maxval − minval)² / 12."""

    def __init__(self, minval=-0.05, maxval=0.05, seed=None):
        super().__init__(seed)
        self.minval, self.maxval = float(minval), float(maxval)

    def __call__(self, shape, dtype="float32"):
        return self._uniform(shape, self.minval, self.maxval, dtype)


class VarianceScaling(RandomInitializer):
    """Mean 0 and variance scale / n, so that a sum over n inputs keeps its size.

    n is the number of inputs ("fan_in"), of outputs ("fan_out"), or their mean ("fan_avg"); see `compute_fans`.
    `distribution`: "truncated_normal" (its stddev corrected for what is cut off), "untruncated_normal", or "uniform"
    in ±√(3 scale / n). `input_axes` and `output_axes` name the axes that count, where the shape alone misleads.
    """

    TRUNCATED_STDDEV = 0.87962566103423978  # of a standard normal cut at ±2

    def __init__(
        self, scale=1.0, mode="fan_in", distribution="truncated_normal", seed=None, input_axes=None, output_axes=None
    ):
        super().__init__(seed)
        kind = type(self).__name__
        if not scale > 0.0:
            raise ValueError(f"{kind} got scale={short(scale)}; a variance must be positive.")
        if mode not in ("fan_in", "fan_out", "fan_avg"):
            raise ValueError(f"{kind} got mode={short(mode)}; it knows 'fan_in', 'fan_out' and 'fan_avg'.")
        distribution = {"normal": "truncated_normal"}.get(distribution.lower(), distribution.lower())
        if distribution not in ("truncated_normal", "untruncated_normal", "uniform"):
            raise ValueError(
                f"{kind} got distribution={short(distribution)}; it knows 'truncated_normal', "
                f"'untruncated_normal' and 'uniform'."
            )
        self.scale, self.mode, self.distribution = float(scale), mode, distribution
        self.input_axes, self.output_axes = input_axes, output_axes

    def __call__(self, shape, dtype="float32"):
        fan_in, fan_out = compute_fans(shape, self.input_axes, self.output_axes)
        n = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[self.mode]
        variance = self.scale / max(1.0, n)
        if self.distribution == "truncated_normal":
            return self._truncated_normal(shape, 0.0, math.sqrt(variance) / self.TRUNCATED_STDDEV, dtype)
        if self.distribution == "untruncated_normal":
            return self._normal(shape, 0.0, math.sqrt(variance), dtype)
        limit = math.sqrt(3.0 * variance)
        return self._uniform(shape, -limit, limit, dtype)


class _Scaled(VarianceScaling):
    """A VarianceScaling whose rule has a name."""

    rule = {}

    def __init__(self, seed=None, input_axes=None, output_axes=None):
        super().__init__(**self.rule, seed=seed, input_axes=input_axes, output_axes=output_axes)


class GlorotUniform(_Scaled):
    """Uniform in ±√(6 / (fan_in + fan_out)): variance 2 / (fan_in + fan_out), a compromise of both directions.

    When: the default of Dense and Conv; tanh and softmax. Source: Glorot and Bengio, 2010 ("Xavier").
    """

    rule = {"scale": 1.0, "mode": "fan_avg", "distribution": "uniform"}


class GlorotNormal(_Scaled):
    """Truncated normal with variance 2 / (fan_in + fan_out). When: as GlorotUniform. Source: the same paper."""

    rule = {"scale": 1.0, "mode": "fan_avg", "distribution": "truncated_normal"}


class HeNormal(_Scaled):
    """Truncated normal with variance 2 / fan_in: twice as much, since relu lets half through.

    When: before relu and its relatives. Source: He et al., 2015, Delving deep into rectifiers.
    """

    rule = {"scale": 2.0, "mode": "fan_in", "distribution": "truncated_normal"}


class HeUniform(_Scaled):
    """Uniform in ±√(6 / fan_in): variance 2 / fan_in. When: as HeNormal. Source: He et al., 2015."""

    rule = {"scale": 2.0, "mode": "fan_in", "distribution": "uniform"}


class LecunNormal(_Scaled):
    """Truncated normal with variance 1 / fan_in. When: with selu. Source: LeCun et al., 1998, Efficient backprop."""

    rule = {"scale": 1.0, "mode": "fan_in", "distribution": "truncated_normal"}


class LecunUniform(_Scaled):
    """Uniform in ±√(3 / fan_in): variance 1 / fan_in. When: as LecunNormal. Source: LeCun et al., 1998."""

    rule = {"scale": 1.0, "mode": "fan_in", "distribution": "uniform"}


class Orthogonal(RandomInitializer):
    """`gain` times a random matrix with orthonormal rows or columns, whichever are fewer: it never stretches.

    Q of the QR decomposition of a normal matrix, with the signs of R's diagonal moved into Q so that no direction is
    preferred. A shape (…, n) is read as the matrix (product of …, n).
    When: recurrent kernels. Source: Saxe, McClelland and Ganguli, 2014.
    """

    def __init__(self, gain=1.0, seed=None):
        super().__init__(seed)
        self.gain = float(gain)

    def __call__(self, shape, dtype="float32"):
        if len(shape) < 2:
            raise ValueError(f"Orthogonal got shape {tuple(shape)}; it makes matrices, so it needs two axes or more.")
        rows, columns = math.prod(shape[:-1]), shape[-1]
        q, r = np.linalg.qr(self._normal((max(rows, columns), min(rows, columns)), 0.0, 1.0, _drawn_in(dtype)))
        q *= np.sign(np.diagonal(r))
        q = q.T if rows < columns else q
        return (self.gain * q).reshape(shape).astype(dtype, copy=False)


def compute_fans(shape, input_axes=None, output_axes=None):
    """(fan_in, fan_out): how many numbers each output sums over, and how many outputs each input reaches.

    (d, units) → (d, units); (n,) → (n, n); a convolution kernel (…, channels, filters) counts each of its positions:
    (3, 3, 16, 32) → (9 · 16, 9 · 32).
    """
    shape = tuple(shape)
    if input_axes is not None and output_axes is not None:
        return math.prod(shape[i] for i in input_axes), math.prod(shape[i] for i in output_axes)
    if len(shape) < 2:
        return (shape or (1,)) * 2
    positions = math.prod(shape[:-2])
    return shape[-2] * positions, shape[-1] * positions


def get(identifier):
    """The initializer that a name, a class, an array of values, or a function (shape, dtype) → array stands for."""
    if isinstance(identifier, np.ndarray):
        return _from_array(identifier)
    if callable(identifier) and not isinstance(identifier, type):
        return identifier
    return registry.get(identifier)


def _from_array(values):
    def initializer(shape, dtype="float32"):
        if tuple(shape) != values.shape:
            raise ValueError(f"The initial values have shape {values.shape}, but the weight has {tuple(shape)}.")
        return values.astype(dtype)

    return initializer


def _drawn_in(dtype):
    """NumPy draws float32 and float64 only."""
    return np.float64 if np.dtype(dtype) == np.float64 else np.float32


# Keras knows each under a second name, and some under a third.
zeros, ones, constant, identity, stft = Zeros, Ones, Constant, Identity, STFT
random_normal, truncated_normal, random_uniform = RandomNormal, TruncatedNormal, RandomUniform
variance_scaling, orthogonal = VarianceScaling, Orthogonal
glorot_uniform, glorot_normal = GlorotUniform, GlorotNormal
he_normal, he_uniform, lecun_normal, lecun_uniform = HeNormal, HeUniform, LecunNormal, LecunUniform
IdentityInitializer, OrthogonalInitializer, STFTInitializer = Identity, Orthogonal, STFT

registry = Registry(
    "initializers",
    "initializer",
    Initializer,
    [Zeros, Ones, Constant, Identity, STFT, RandomNormal, TruncatedNormal, RandomUniform, VarianceScaling, Orthogonal]
    + [GlorotUniform, GlorotNormal, HeNormal, HeUniform, LecunNormal, LecunUniform],
    {"zero": Zeros, "one": Ones, "normal": RandomNormal, "uniform": RandomUniform}
    | {"IdentityInitializer": Identity, "OrthogonalInitializer": Orthogonal, "STFTInitializer": STFT},
)


__getattr__ = left_out.absent("initializers")
