"""Every initializer of Keras 3 is here, with the same arguments and the same distribution of values."""

import inspect

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course_lib import initializers, parity, utils
from course_lib.initializers import compute_fans

keras = parity.quiet_keras()
from keras.src.initializers.random_initializers import compute_fans as keras_fans  # noqa: E402

MACHINERY = {"get", "serialize", "deserialize"}  # not initializers; saving has its own module
KERAS_NAMES = sorted(name for name in dir(keras.initializers) if not name.startswith("_") and name not in MACHINERY)
SCALED = ["GlorotUniform", "GlorotNormal", "HeUniform", "HeNormal", "LecunUniform", "LecunNormal"]
LOOKUP = sorted(keras.src.initializers.ALL_OBJECTS_DICT.items())
LOOKUP = [(name, cls) for name, cls in LOOKUP if cls is not keras.initializers.Initializer]  # the base makes nothing
RANDOM = [*SCALED, "RandomNormal", "TruncatedNormal", "RandomUniform", "VarianceScaling", "Orthogonal"]
SHAPES = [(50, 400), (400, 50), (3, 3, 30, 60), (7, 20, 100), (20_000,)]


def parameters(function):
    return [(p.name, p.default) for p in inspect.signature(function).parameters.values()]


@pytest.mark.parametrize("name", KERAS_NAMES)
def test_every_public_initializer_of_keras_is_here_with_its_arguments_and_defaults(name):
    ours, theirs = getattr(initializers, name), getattr(keras.initializers, name)
    assert ours.__name__ == theirs.__name__
    assert parameters(ours) == parameters(theirs)


@pytest.mark.parametrize(("name", "theirs"), LOOKUP, ids=[name for name, _ in LOOKUP])
def test_every_name_that_keras_can_look_up_stands_for_the_same_class(name, theirs):
    assert type(initializers.get(name)).__name__ == theirs.__name__


@settings(max_examples=50, deadline=None, derandomize=True)
@given(hnp.array_shapes(min_dims=0, max_dims=5, max_side=9))
def test_fans_are_those_of_keras_for_any_shape(shape):
    assert compute_fans(shape) == keras_fans(shape)


def test_fans_of_a_convolution_count_every_position_of_the_kernel():
    assert compute_fans((3, 5, 16, 32)) == (3 * 5 * 16, 3 * 5 * 32)


def test_fans_can_be_told_which_axes_are_inputs():
    arguments = {"input_axes": [0], "output_axes": [1, 2]}
    assert compute_fans((32, 4, 16), **arguments) == keras_fans((32, 4, 16), **arguments) == (32, 64)
    kernel = initializers.LecunUniform(seed=1, **arguments)((32, 4, 16))
    assert np.abs(kernel).max() == pytest.approx(np.sqrt(3 / 32), rel=0.01)


def same_distribution(ours, theirs):
    """Mean, variance, the fourth moment and the quantiles of two large samples agree as far as chance allows."""
    ours, theirs = np.ravel(ours).astype("float64"), np.ravel(np.asarray(theirs)).astype("float64")
    assert ours.size == theirs.size >= 10_000
    std, chance = theirs.std(), 5 / np.sqrt(ours.size)  # five standard errors
    assert abs(ours.mean() - theirs.mean()) < 1.5 * chance * std
    assert abs(ours.std() / std - 1) < chance
    assert abs(np.mean(ours**4) / np.mean(theirs**4) - 1) < 5 * chance
    at = np.linspace(0.01, 0.99, 99)
    assert np.abs(np.searchsorted(np.sort(theirs), np.quantile(ours, at)) / ours.size - at).max() < 0.7 * chance


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", RANDOM[:-1])
def test_random_values_have_the_distribution_of_keras(name, shape):
    same_distribution(getattr(initializers, name)(seed=3)(shape), getattr(keras.initializers, name)(seed=4)(shape))


VARIANTS = [
    ("RandomNormal", {"mean": 1.5, "stddev": 0.3}),
    ("TruncatedNormal", {"mean": -1.0, "stddev": 2.0}),
    ("RandomUniform", {"minval": -0.1, "maxval": 0.7}),
    *[
        ("VarianceScaling", {"scale": scale, "mode": mode, "distribution": distribution})
        for scale, mode in ((0.5, "fan_in"), (2.0, "fan_out"), (3.0, "fan_avg"))
        for distribution in ("truncated_normal", "untruncated_normal", "uniform", "normal", "Uniform")
    ],
]


@pytest.mark.parametrize(("name", "arguments"), VARIANTS, ids=str)
def test_arguments_mean_what_they_mean_in_keras(name, arguments):
    ours = getattr(initializers, name)(**arguments, seed=5)((3, 40, 100))
    same_distribution(ours, getattr(keras.initializers, name)(**arguments, seed=6)((3, 40, 100)))


@pytest.mark.parametrize(("name", "factor"), [("He", 2.0), ("Lecun", 1.0)])
def test_scaled_initializers_have_the_variance_their_formula_promises(name, factor):
    for kind in ("Normal", "Uniform"):
        kernel = getattr(initializers, name + kind)(seed=1)((300, 200), dtype="float64")
        assert kernel.var() == pytest.approx(factor / 300, rel=0.02)


def test_glorot_has_the_variance_its_formula_promises():
    for name in ("GlorotNormal", "GlorotUniform"):
        kernel = getattr(initializers, name)(seed=1)((300, 200), dtype="float64")
        assert kernel.var() == pytest.approx(2 / 500, rel=0.02)


def test_a_truncated_normal_stays_within_two_stddev_and_scaling_corrects_for_the_cut():
    z = initializers.TruncatedNormal(stddev=1.0, seed=0)((100_000,))
    assert 1.99 < np.abs(z).max() <= 2.0
    assert z.std() == pytest.approx(0.87962566, abs=0.005)
    kernel = initializers.HeNormal(seed=0)((100, 1000))
    assert np.abs(kernel).max() <= 2 * np.sqrt(2 / 100) / 0.87962566


def test_uniform_values_stay_within_their_bounds():
    kernel = initializers.GlorotUniform(seed=0)((40, 60))
    limit = np.sqrt(6 / 100)
    assert 0.99 * limit < np.abs(kernel).max() <= limit


@settings(max_examples=25, deadline=None, derandomize=True)
@given(hnp.array_shapes(min_dims=2, max_dims=4, max_side=7), st.sampled_from([1.0, 0.5, 2.0]), st.integers(0, 99))
def test_an_orthogonal_matrix_times_its_transpose_is_the_identity(shape, gain, seed):
    q = initializers.Orthogonal(gain=gain, seed=seed)(shape)
    assert q.shape == shape and q.dtype == np.float32
    q = q.reshape(-1, shape[-1])
    product = q @ q.T if q.shape[0] < q.shape[1] else q.T @ q
    np.testing.assert_allclose(product, gain**2 * np.eye(len(product)), atol=2e-6 * gain**2 * 2)


def test_orthogonal_prefers_no_direction():
    """Without the signs of R's diagonal, QR would give the first entry of each matrix mostly one sign."""
    entries = [initializers.Orthogonal(seed=seed)((2, 2))[0, 0] for seed in range(2000)]
    theirs = [np.asarray(keras.initializers.Orthogonal(seed=seed)((2, 2)))[0, 0] for seed in range(300)]
    assert abs(np.mean(entries)) < 5 * np.std(entries) / np.sqrt(2000)
    assert np.std(entries) == pytest.approx(np.sqrt(0.5), rel=0.05)
    assert np.std(theirs) == pytest.approx(np.sqrt(0.5), rel=0.15)


DETERMINISTIC = [
    ("Zeros", {}, (3, 4)),
    ("Ones", {}, (2, 1, 5)),
    ("Constant", {"value": -2.5}, (4,)),
    ("Identity", {"gain": 3.0}, (3, 5)),
    ("Identity", {}, (4, 2)),
    *[
        ("STFT", {"side": side, "window": window, "scaling": scaling, "periodic": periodic}, (16, 1, 9))
        for side in ("real", "imag")
        for window in ("hann", "hamming", "blackman", "boxcar", None, [0.5] * 15 + [2.0])
        for scaling, periodic in (("density", False), ("spectrum", True), (None, False))
    ],
]


@pytest.mark.parametrize(("name", "arguments", "shape"), DETERMINISTIC, ids=str)
def test_deterministic_initializers_equal_those_of_keras(name, arguments, shape):
    ours = getattr(initializers, name)(**arguments)(shape)
    theirs = np.asarray(getattr(keras.initializers, name)(**arguments)(shape))
    assert ours.dtype == theirs.dtype == np.float32
    # Keras computes the angles of STFT in float32, ours are rounded at the end.
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-5 * np.abs(theirs).max() if name == "STFT" else 0)


@pytest.mark.parametrize("name", RANDOM)
def test_a_seed_gives_the_same_values_at_each_call_as_in_keras(name):
    ours, theirs = getattr(initializers, name)(seed=7), getattr(keras.initializers, name)(seed=7)
    np.testing.assert_array_equal(theirs((4, 6)), theirs((4, 6)))
    first = ours((4, 6))
    np.testing.assert_array_equal(first, ours((4, 6)))
    np.testing.assert_array_equal(first, type(ours)(**ours.get_config())((4, 6)))
    assert not np.array_equal(first, getattr(initializers, name)(seed=8)((4, 6)))


@pytest.mark.parametrize("name", RANDOM)
def test_without_a_seed_set_random_seed_decides(name):
    ours = getattr(initializers, name)()
    utils.set_random_seed(1)
    first, second = ours((4, 6)), ours((4, 6))
    utils.set_random_seed(1)
    np.testing.assert_array_equal(first, ours((4, 6)))
    assert not np.array_equal(first, second)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "name", sorted({n for n in KERAS_NAMES if n[0].isupper()} - {"Initializer", "STFT", "STFTInitializer"})
)
def test_values_come_in_the_dtype_asked_for(name, dtype):
    assert getattr(initializers, name)()((3, 4), dtype=dtype).dtype == dtype


def test_every_registered_initializer_stands_in_one_of_the_two_tables():
    assert {*RANDOM, *(name for name, _, _ in DETERMINISTIC)} == set(initializers.registry.members)


def test_an_array_can_be_given_as_initial_values():
    values = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(initializers.get(values)((2, 3), dtype="float32"), values)
    with pytest.raises(ValueError, match=r"shape \(2, 3\), but the weight has \(3, 2\)"):
        initializers.get(values)((3, 2))


def test_get_takes_names_classes_objects_functions_and_none():
    he = initializers.HeNormal(seed=1)
    assert initializers.get(he) is he
    assert type(initializers.get("he_normal")) is type(initializers.get(initializers.HeNormal)) is initializers.HeNormal
    assert initializers.get(None) is None
    assert initializers.get(np.zeros) is np.zeros


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: initializers.get("glorot_unifrom"), ValueError, "Unknown initializer.*'glorot_uniform'"),
        (lambda: initializers.get(3), TypeError, "needs a name"),
        (
            lambda: initializers.GlorotUniform(seed=1.5),
            ValueError,
            "GlorotUniform got seed=1.5; it needs a whole number",
        ),
        (lambda: initializers.VarianceScaling(scale=0), ValueError, "scale=0; a variance must be positive"),
        (lambda: initializers.VarianceScaling(mode="in"), ValueError, "mode='in'; it knows 'fan_in'"),
        (lambda: initializers.VarianceScaling(distribution="cauchy"), ValueError, "it knows 'truncated_normal'"),
        (lambda: initializers.Identity()((2, 2, 2)), ValueError, r"Identity got shape \(2, 2, 2\); it makes matrices"),
        (lambda: initializers.Orthogonal()((5,)), ValueError, r"Orthogonal got shape \(5,\)"),
        (lambda: initializers.STFT(window="han"), ValueError, "Unknown window 'han'.*'hann'"),
        (lambda: initializers.STFT(window=[1, 2, 3])((4, 1, 3)), ValueError, r"needs \(4,\)"),
    ],
)
def test_bad_arguments_are_named(make, error, message):
    with pytest.raises(error, match=message):
        make()
