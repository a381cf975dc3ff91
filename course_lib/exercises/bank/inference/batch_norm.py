"""Batch normalization, training and predicting

**Goal.** Compute one layer in its two modes: in training it looks at the whole batch, when it predicts it does not.

**Given.** (Arrays are NumPy arrays.)
- `x`: the batch, shape `(n, d)`. Each row is one example, each column one feature.
- `gamma`, `beta`: scale and shift of each feature, shape `(d,)`.
- `moving_mean`, `moving_variance`: what was collected during training, shape `(d,)`.
- `training`: `True` in training, `False` when the model predicts. `False` if nothing is said.
- `epsilon`: a small number that keeps the root away from 0. 0.001 if nothing is said.

**Write** `batch_norm(x, gamma, beta, moving_mean, moving_variance, training=False, epsilon=1e-3)`.
In training take mean and variance of each feature from the batch. The variance is the biased one: divided by n.
When predicting take the moving ones.
Then return `gamma · (x − mean) / √(variance + epsilon) + beta`.
(In training a real layer also lets the moving statistics follow the batch. Leave that out here.)

**Returns** an array of shape `(n, d)`.

**Example.** `x = [[1, 0], [1, 20], [5, 20], [5, 0]]`, `gamma = [2, 3]`, `beta = [0, 1]`, `moving_mean = [1, 5]`,
`moving_variance = [16, 25]`, and `epsilon = 0` to keep it simple.
In training the means are 3 and 10, the variances 4 and 100. The first row becomes
`[2·(1 − 3)/2 + 0, 3·(0 − 10)/10 + 1]` = `[-2, -2]`.
Predicting, it becomes `[2·(1 − 1)/4 + 0, 3·(0 − 5)/5 + 1]` = `[0, -2]`.

**Check** with `q.check(batch_norm)`.
"""

import numpy as np

from course_lib.exercises import Case, Exercise


def batch_norm(x, gamma, beta, moving_mean, moving_variance, training=False, epsilon=1e-3):
    """Each feature centred, scaled to variance 1, then times gamma plus beta. x and the result: (n, d)."""
    if training:
        mean, variance = x.mean(axis=0), x.var(axis=0)
    else:
        mean, variance = moving_mean, moving_variance
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta


def statistics(x, moving_mean, moving_variance, training):
    return (x.mean(axis=0), x.var(axis=0)) if training else (moving_mean, moving_variance)


def by_hand(x, gamma, beta, moving_mean, moving_variance, training=False, epsilon=1e-3):
    mean, variance = statistics(x, moving_mean, moving_variance, training)
    source = f"training: the {len(x)} numbers of its column" if training else "predicting: the moving statistics"
    root = np.sqrt(variance[0] + epsilon)
    answer = gamma[0] * (x[0, 0] - mean[0]) / root + beta[0]
    return (
        f"First row, first feature, {source} have mean {mean[0]:.4g} and variance {variance[0]:.4g}. "
        f"Root of {variance[0]:.4g} + {epsilon:g} = {root:.4g}. "
        f"{gamma[0]:.3g} * ({x[0, 0]:.4g} - {mean[0]:.4g}) / {root:.4g} + ({beta[0]:.3g}) = {answer:.4g}."
    )


X = np.array([[1.0, 0.0], [1.0, 20.0], [5.0, 20.0], [5.0, 0.0]])
GAMMA, BETA = np.array([2.0, 3.0]), np.array([0.0, 1.0])
MEAN, VARIANCE = np.array([1.0, 5.0]), np.array([16.0, 25.0])
WIDE = np.array([[0.2, -1.0, 3.0], [0.3, 2.0, 1.0], [0.25, 0.5, -2.0], [0.21, 0.5, 4.0], [0.29, 1.0, 0.0]])
WIDE_GAMMA, WIDE_BETA = np.array([0.5, 2.0, -1.5]), np.array([1.0, -0.5, 0.25])
WIDE_MEAN, WIDE_VARIANCE = np.array([0.1, 0.4, 2.0]), np.array([0.004, 0.7, 9.0])


def draw(rng):
    d = int(rng.integers(2, 5))
    x = rng.normal(size=(7, d)) * rng.uniform(0.05, 2, d)
    weights = rng.uniform(0.5, 2, d), rng.normal(size=d), rng.normal(size=d), rng.uniform(0.01, 2, d)
    return x, *weights, bool(rng.integers(2))


exercise = Exercise(
    batch_norm,
    cases=[
        Case("predicting", X, GAMMA, BETA, MEAN, VARIANCE, False, 0.0),
        Case("in training", X, GAMMA, BETA, MEAN, VARIANCE, True, 0.0),
        Case("predicting, mode and epsilon left out", WIDE, WIDE_GAMMA, WIDE_BETA, WIDE_MEAN, WIDE_VARIANCE),
        Case("training, epsilon left out", WIDE, WIDE_GAMMA, WIDE_BETA, WIDE_MEAN, WIDE_VARIANCE, True),
        Case("predicting for a batch of one", WIDE[1:2], WIDE_GAMMA, WIDE_BETA, WIDE_MEAN, WIDE_VARIANCE),
        Case("training on a batch of one", WIDE[1:2], WIDE_GAMMA, WIDE_BETA, WIDE_MEAN, WIDE_VARIANCE, True),
        Case("training by its name", WIDE[:4], WIDE_GAMMA, WIDE_BETA, WIDE_MEAN, WIDE_VARIANCE, training=True),
        Case("epsilon by its name", WIDE[:2], WIDE_GAMMA, WIDE_BETA, WIDE_MEAN, WIDE_VARIANCE, epsilon=0.1),
        Case("large numbers", 1e3 * X, GAMMA, BETA + 1, 900 * MEAN, 1e6 * VARIANCE, True),
    ],
    random_case=draw,
    hints=[
        "Only two numbers a feature depend on the mode. Which two, and where does each mode take them from?",
        by_hand,
        "`if training: mean, variance = x.mean(axis=0), x.var(axis=0)`, else the moving ones. Then one formula.",
    ],
)


@exercise.mistake
def batch_statistics_when_predicting(x, gamma, beta, moving_mean, moving_variance, training=False, epsilon=1e-3):
    """You use the batch's own statistics when predicting too. A single row is its own mean: what is `training` for?"""
    return batch_norm(x, gamma, beta, moving_mean, moving_variance, True, epsilon)


@exercise.mistake
def moving_statistics_in_training(x, gamma, beta, moving_mean, moving_variance, training=False, epsilon=1e-3):
    """You use the moving statistics in training as well. Whose mean and variance count while the model learns?"""
    return batch_norm(x, gamma, beta, moving_mean, moving_variance, False, epsilon)


@exercise.mistake
def modes_swapped(x, gamma, beta, moving_mean, moving_variance, training=False, epsilon=1e-3):
    """Your two modes are swapped. In which of them may an answer depend on the other rows of the batch?"""
    return batch_norm(x, gamma, beta, moving_mean, moving_variance, not training, epsilon)


@exercise.mistake
def rows_decide_the_mode(x, gamma, beta, moving_mean, moving_variance, training=False, epsilon=1e-3):
    """You choose the mode by the number of rows. A served model gets batches too: which argument tells the mode?"""
    return batch_norm(x, gamma, beta, moving_mean, moving_variance, len(x) > 1, epsilon)


@exercise.mistake
def moving_statistics_updated_first(x, gamma, beta, moving_mean, moving_variance, training=False, epsilon=1e-3):
    """In training you normalize with the moving statistics, after they took a step to the batch. Whose count there?"""
    if training:
        moving_mean = 0.99 * moving_mean + 0.01 * x.mean(axis=0)
        moving_variance = 0.99 * moving_variance + 0.01 * x.var(axis=0)
    return batch_norm(x, gamma, beta, moving_mean, moving_variance, False, epsilon)


@exercise.mistake
def only_the_mean_switches(x, gamma, beta, moving_mean, moving_variance, training=False, epsilon=1e-3):
    """In training your mean is the batch's, but your variance still the moving one. What else depends on the mode?"""
    mean, _ = statistics(x, moving_mean, moving_variance, training)
    return gamma * (x - mean) / np.sqrt(moving_variance + epsilon) + beta


@exercise.mistake
def only_the_variance_switches(x, gamma, beta, moving_mean, moving_variance, training=False, epsilon=1e-3):
    """In training your variance is the batch's, but your mean still the moving one. What else depends on the mode?"""
    _, variance = statistics(x, moving_mean, moving_variance, training)
    return gamma * (x - moving_mean) / np.sqrt(variance + epsilon) + beta


@exercise.mistake
def variance_around_the_moving_mean(x, gamma, beta, moving_mean, moving_variance, training=False, epsilon=1e-3):
    """In training your variance measures how far the batch lies from the moving mean. From which mean should it be?"""
    if training:
        moving_variance = ((x - moving_mean) ** 2).mean(axis=0)
        moving_mean = x.mean(axis=0)
    return batch_norm(x, gamma, beta, moving_mean, moving_variance, False, epsilon)


@exercise.mistake
def one_row_never_trains(x, gamma, beta, moving_mean, moving_variance, training=False, epsilon=1e-3):
    """A batch of one takes the moving statistics in training too. Is `training` the only thing that decides?"""
    return batch_norm(x, gamma, beta, moving_mean, moving_variance, training and len(x) > 1, epsilon)


@exercise.mistake
def epsilon_outside_the_root(x, gamma, beta, moving_mean, moving_variance, training=False, epsilon=1e-3):
    """You add epsilon after the root. Where a variance is small that makes a difference: what should the root see?"""
    mean, variance = statistics(x, moving_mean, moving_variance, training)
    return gamma * (x - mean) / (np.sqrt(variance) + epsilon) + beta


@exercise.mistake
def epsilon_missing(x, gamma, beta, moving_mean, moving_variance, training=False, epsilon=1e-3):
    """Your epsilon has no effect. A batch of one has variance 0 in training: what would you divide by?"""
    mean, variance = statistics(x, moving_mean, moving_variance, training)
    return gamma * (x - mean) / np.sqrt(variance) + beta


@exercise.mistake
def always_the_same_epsilon(x, gamma, beta, moving_mean, moving_variance, training=False, epsilon=1e-3):
    """You always take 0.001 for epsilon, whatever was passed. Which argument holds it?"""
    return batch_norm(x, gamma, beta, moving_mean, moving_variance, training)


@exercise.mistake
def unbiased_variance(x, gamma, beta, moving_mean, moving_variance, training=False, epsilon=1e-3):
    """Your variance is divided by n - 1, which fails for a batch of one. By what is the biased variance divided?"""
    mean, variance = statistics(x, moving_mean, moving_variance, training)
    variance = x.var(axis=0, ddof=1) if training else variance
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta


@exercise.mistake
def squares_not_averaged(x, gamma, beta, moving_mean, moving_variance, training=False, epsilon=1e-3):
    """Your variance is the sum of the squared distances. Of how many numbers should it be the mean?"""
    mean, variance = statistics(x, moving_mean, moving_variance, training)
    return gamma * (x - mean) / np.sqrt(variance * (len(x) if training else 1) + epsilon) + beta


@exercise.mistake
def divided_by_the_variance(x, gamma, beta, moving_mean, moving_variance, training=False, epsilon=1e-3):
    """You divide by the variance itself. It is in squared units: what brings it back to the units of x?"""
    mean, variance = statistics(x, moving_mean, moving_variance, training)
    return gamma * (x - mean) / (variance + epsilon) + beta


@exercise.mistake
def deviation_taken_for_the_variance(x, gamma, beta, moving_mean, moving_variance, training=False, epsilon=1e-3):
    """In training you take the root twice: a standard deviation stands where the variance belongs. What is x.std?"""
    mean, variance = statistics(x, moving_mean, moving_variance, training)
    return gamma * (x - mean) / np.sqrt((np.sqrt(variance) if training else variance) + epsilon) + beta


@exercise.mistake
def moving_variance_without_its_root(x, gamma, beta, moving_mean, moving_variance, training=False, epsilon=1e-3):
    """When predicting you divide by the moving variance itself. It is in squared units: what is missing there?"""
    mean, variance = statistics(x, moving_mean, moving_variance, training)
    return gamma * (x - mean) / (np.sqrt(variance + epsilon) if training else variance + epsilon) + beta


@exercise.mistake
def mean_over_the_features(x, gamma, beta, moving_mean, moving_variance, training=False, epsilon=1e-3):
    """In training you normalize each row: your mean runs over its features. Which axis holds the examples?"""
    mean, variance = moving_mean, moving_variance
    if training:
        mean, variance = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta


@exercise.mistake
def a_mean_for_each_row(x, gamma, beta, moving_mean, moving_variance, training=False, epsilon=1e-3):
    """In training your mean has a number for each row. Each feature needs one: over which axis is it taken?"""
    mean, variance = (x.mean(axis=1), x.var(axis=1)) if training else (moving_mean, moving_variance)
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta


@exercise.mistake
def one_mean_for_all_features(x, gamma, beta, moving_mean, moving_variance, training=False, epsilon=1e-3):
    """In training you take one mean and one variance for all features together. How many of each are needed?"""
    mean, variance = (x.mean(), x.var()) if training else (moving_mean, moving_variance)
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta


@exercise.mistake
def mean_not_subtracted(x, gamma, beta, moving_mean, moving_variance, training=False, epsilon=1e-3):
    """Your features keep their mean. What must be taken away before you divide?"""
    _, variance = statistics(x, moving_mean, moving_variance, training)
    return gamma * x / np.sqrt(variance + epsilon) + beta


@exercise.mistake
def gamma_and_beta_swapped(x, gamma, beta, moving_mean, moving_variance, training=False, epsilon=1e-3):
    """You multiply by beta and add gamma. Which of the two is the scale, and which the shift?"""
    return batch_norm(x, beta, gamma, moving_mean, moving_variance, training, epsilon)


@exercise.mistake
def beta_before_gamma(x, gamma, beta, moving_mean, moving_variance, training=False, epsilon=1e-3):
    """You add beta first, so gamma multiplies it too. Which comes first, scale or shift?"""
    ones = np.ones_like(gamma)
    return gamma * batch_norm(x, ones, beta, moving_mean, moving_variance, training, epsilon)


@exercise.mistake
def gamma_and_beta_forgotten(x, gamma, beta, moving_mean, moving_variance, training=False, epsilon=1e-3):
    """You end with the normalized numbers; gamma and beta play no part. Which is the scale, and which the shift?"""
    return batch_norm(x, np.ones_like(gamma), np.zeros_like(beta), moving_mean, moving_variance, training, epsilon)


@exercise.mistake
def gamma_forgotten(x, gamma, beta, moving_mean, moving_variance, training=False, epsilon=1e-3):
    """Your answer has no gamma in it. How does the layer give a feature its own spread back?"""
    return batch_norm(x, np.ones_like(gamma), beta, moving_mean, moving_variance, training, epsilon)


@exercise.mistake
def beta_forgotten(x, gamma, beta, moving_mean, moving_variance, training=False, epsilon=1e-3):
    """Your answer has no beta in it. How does the layer give a feature its own mean back?"""
    return batch_norm(x, gamma, np.zeros_like(beta), moving_mean, moving_variance, training, epsilon)
