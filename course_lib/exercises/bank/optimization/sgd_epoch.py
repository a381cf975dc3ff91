"""One epoch of mini-batch gradient descent

**Goal.** Take one step after each batch, until every example was seen once.

**Given.** (Arrays are NumPy arrays.)
- `w`, `b`: weights, shape `(d,)`, and bias, one number, at the beginning of the epoch.
- `x`, `y`: the examples, shape `(n, d)`, shuffled already, and their targets, shape `(n,)`.
- `learning_rate`: what the gradient is multiplied by in a step.
- `batch_size`: how many examples a batch holds. The last batch is shorter where they do not divide evenly.

**Write** `sgd_epoch(w, b, x, y, learning_rate, batch_size)`.
Take the rows of `x` in the order in which they stand, batch after batch.
The model is `x @ w + b`, the loss of a batch the *mean* squared error over its own examples.
With `error = x_batch @ w + b - y_batch`, which has one number for each of the m examples of a batch, the gradient is
`2/m · x_batchᵀ @ error` for `w` and `2/m · (sum of error)` for `b`.
Compute both at the same weights, then subtract learning rate times gradient from each.
The next batch starts from the new weights. Leave the argument `w` itself unchanged.

**Returns** a pair `(w, b)`: an array of shape `(d,)` and a number.

**Example.** `w = [1, 0]`, `b = 0`, `x = [[1, 2], [3, 1], [0, 1]]`, `y = [2, 5, 2]`, learning rate 0.1, batches of 2.
The first batch has the errors -1 and -2. Gradients: `[-1·1 - 2·3, -1·2 - 2·1]` = `[-7, -4]` for `w`, -3 for `b`.
The weights become `[1.7, 0.4]`, the bias 0.3. The second batch is one example with the error 0.4 + 0.3 - 2 = -1.3.
Gradients `[0, -2.6]` and -2.6, so the answer is `([1.7, 0.66], 0.56)`.

**Check** with `q.check(sgd_epoch)`.
"""

import numpy as np

from course_lib.exercises import Case, Exercise
from course_lib.text.words import counted


def sgd_epoch(w, b, x, y, learning_rate, batch_size):
    """(w, b) after one step for each batch, in the given order. Shapes: w (d,), x (n, d), y (n,)."""
    for first in range(0, len(x), batch_size):
        x_batch, y_batch = x[first : first + batch_size], y[first : first + batch_size]
        error = x_batch @ w + b - y_batch
        gradient_w, gradient_b = 2 * x_batch.T @ error / len(error), 2 * error.mean()
        w = w - learning_rate * gradient_w
        b = b - learning_rate * gradient_b
    return w, b


def by_hand(w, b, x, y, learning_rate, batch_size):
    error = x[:batch_size] @ w + b - y[:batch_size]
    m = len(error)
    rest = len(x) % batch_size
    new_w, new_b = sgd_epoch(w, b, x[:m], y[:m], learning_rate, m)
    short = f"The last batch holds {rest} of {batch_size}" if rest else "All batches are full"
    return (
        f"The first batch holds {counted(m, 'example')}, with the errors {', '.join(f'{e:.4g}' for e in error[:6])}"
        f"{', ...' if m > 6 else ''}. The gradient is {2 / m * (x[:m, 0] @ error):.4g} for w[0] and "
        f"{2 / m * error.sum():.4g} for b. After this step w[0] is {new_w[0]:.5g} and b is {new_b:.5g}. {short}."
    )


W = np.array([1.0, 0.0])
X = np.array([[1.0, 2.0], [3.0, 1.0], [0.0, 1.0], [-1.0, 0.5], [2.0, -1.5]])
Y = np.array([2.0, 5.0, 2.0, -3.0, 1.0])


def problem(n, d, seed):
    rng = np.random.default_rng(seed)
    w, x, y = rng.normal(size=d), rng.normal(0.5, 1, size=(n, d)), rng.normal(1, 2, size=n)
    return np.round(w, 2), round(float(rng.normal()), 2), np.round(x, 2), np.round(y, 2)


exercise = Exercise(
    sgd_epoch,
    cases=[
        Case("one batch of three", W, 0.0, X[:3], Y[:3], 0.1, 3),
        Case("a second, shorter batch", W, 0.0, X[:3], Y[:3], 0.1, 2),
        Case("two full batches", W, 0.5, X[:4], Y[:4], 0.1, 2),
        Case("batches of one", W, -1.0, X[:3], Y[:3], 0.05, 1),
        Case("a single example", W, 2.0, X[1:2], Y[1:2], 0.03, 4),
        Case("a batch larger than the data", W, 0.5, X, Y, 0.2, 8),
        Case("all in one batch, three weights", *problem(7, 3, 1), 0.15, 7),
        Case("seven in threes", *problem(7, 3, 2), 0.05, 3),
        Case("one weight", *problem(8, 1, 3), 0.07, 3),
        Case("large targets", W, 3.0, X, 1e4 * Y, 0.02, 3),
    ],
    random_case=lambda rng: (*problem(int(rng.integers(10, 15)), 4, rng), float(rng.uniform(0.01, 0.06)), 4),
    hints=[
        "Begin with one batch and one step. What must the second batch find changed, and what must it not add up?",
        by_hand,
        "`gradient_w = 2 * x_batch.T @ error / len(error)`, `gradient_b = 2 * error.mean()`, both before either step.",
    ],
    equivalent_mutants={"x -> y": "there are as many targets as examples"},
)


def starts(x, batch_size):
    return range(0, len(x), batch_size)


def gradients(w, b, x, y):
    """Of the mean squared error over these rows, for w and for b."""
    error = x @ w + b - y
    return 2 * x.T @ error / len(x), 2 * error.mean()


def stepping(w, b, x, y, learning_rate, batch_size, gradients_of):
    """The epoch with other gradients: a function of (w, b, rows of x, rows of y). For the mistakes."""
    for k in starts(x, batch_size):
        gradient_w, gradient_b = gradients_of(w, b, x[k : k + batch_size], y[k : k + batch_size])
        w, b = w - learning_rate * gradient_w, b - learning_rate * gradient_b
    return w, b


def at_the_old_weights(w, b, x, y, batch_size):
    """The gradients of all batches, none of which has moved the weights: shapes (batches, d) and (batches,)."""
    made = [gradients(w, b, x[k : k + batch_size], y[k : k + batch_size]) for k in starts(x, batch_size)]
    return np.array([g for g, _ in made]), np.array([g for _, g in made])


def scaled(factor_w, factor_b=None):
    """The right gradients, times a factor that depends on the number of rows."""

    def gradients_of(w, b, x, y):
        gradient_w, gradient_b = gradients(w, b, x, y)
        return factor_w(len(x)) * gradient_w, (factor_b or factor_w)(len(x)) * gradient_b

    return gradients_of


@exercise.mistake
def sum_for_mean(w, b, x, y, learning_rate, batch_size):
    """You step by the sum over the batch, so a larger batch takes larger steps. By what is the sum divided?"""
    return stepping(w, b, x, y, learning_rate, batch_size, scaled(lambda m: m))


@exercise.mistake
def sum_for_mean_in_w(w, b, x, y, learning_rate, batch_size):
    """Your gradient for w is a sum, the one for b a mean. Is `x.T @ error` divided by something already?"""
    return stepping(w, b, x, y, learning_rate, batch_size, scaled(lambda m: m, lambda m: 1))


@exercise.mistake
def sum_for_mean_in_b(w, b, x, y, learning_rate, batch_size):
    """Your gradient for b is a sum, the one for w a mean. How many errors are added up for b?"""
    return stepping(w, b, x, y, learning_rate, batch_size, scaled(lambda m: 1, lambda m: m))


@exercise.mistake
def short_batch_divided_by_the_full_size(w, b, x, y, learning_rate, batch_size):
    """You divide by `batch_size` even where a batch is shorter. Of how many examples is its loss the mean?"""
    return stepping(w, b, x, y, learning_rate, batch_size, scaled(lambda m: m / batch_size))


@exercise.mistake
def divided_by_all_examples(w, b, x, y, learning_rate, batch_size):
    """You divide by the number of all examples. Over how many does the mean of one batch go?"""
    return stepping(w, b, x, y, learning_rate, batch_size, scaled(lambda m: m / len(x)))


@exercise.mistake
def factor_two_forgotten(w, b, x, y, learning_rate, batch_size):
    """Your steps are half as long as they should be. What is the derivative of a square?"""
    return stepping(w, b, x, y, learning_rate, batch_size, scaled(lambda m: 0.5))


@exercise.mistake
def factor_two_forgotten_in_w(w, b, x, y, learning_rate, batch_size):
    """Your step of w is half as long as it should be, the one of b is right. What is the derivative of a square?"""
    return stepping(w, b, x, y, learning_rate, batch_size, scaled(lambda m: 0.5, lambda m: 1))


@exercise.mistake
def factor_two_forgotten_in_b(w, b, x, y, learning_rate, batch_size):
    """Your step of b is half as long as it should be, the one of w is right. What is the derivative of a square?"""
    return stepping(w, b, x, y, learning_rate, batch_size, scaled(lambda m: 1, lambda m: 0.5))


@exercise.mistake
def learning_rate_forgotten(w, b, x, y, learning_rate, batch_size):
    """You step by the whole gradient. What shortens a step?"""
    return stepping(w, b, x, y, 1.0, batch_size, gradients)


@exercise.mistake
def ascends(w, b, x, y, learning_rate, batch_size):
    """Your steps go uphill: the gradient is added, or the error has the other sign. Which way does the loss fall?"""
    return stepping(w, b, x, y, -learning_rate, batch_size, gradients)


@exercise.mistake
def ascends_in_b(w, b, x, y, learning_rate, batch_size):
    """Your w goes downhill and your b uphill. Which sign has the step of b?"""
    return stepping(w, b, x, y, learning_rate, batch_size, scaled(lambda m: 1, lambda m: -1))


@exercise.mistake
def bias_not_updated(w, b, x, y, learning_rate, batch_size):
    """Your b stays as it was. It is a weight as well: what is its gradient?"""
    return stepping(w, b, x, y, learning_rate, batch_size, scaled(lambda m: 1, lambda m: 0))


@exercise.mistake
def bias_left_out_of_the_prediction(w, b, x, y, learning_rate, batch_size):
    """Your errors ignore b. What does the model predict for a row?"""
    return stepping(w, b, x, y, learning_rate, batch_size, lambda w, b, x, y: gradients(w, 0.0, x, y))


@exercise.mistake
def error_anew_for_the_bias(w, b, x, y, learning_rate, batch_size):
    """You update w first and compute the error for b with the new w. At which weights are both gradients taken?"""

    def gradients_of(w, b, x, y):
        gradient_w, _ = gradients(w, b, x, y)
        return gradient_w, gradients(w - learning_rate * gradient_w, b, x, y)[1]

    return stepping(w, b, x, y, learning_rate, batch_size, gradients_of)


@exercise.mistake
def error_anew_for_the_weights(w, b, x, y, learning_rate, batch_size):
    """You update b first and compute the error for w with the new b. At which weights are both gradients taken?"""

    def gradients_of(w, b, x, y):
        _, gradient_b = gradients(w, b, x, y)
        return gradients(w, b - learning_rate * gradient_b, x, y)[0], gradient_b

    return stepping(w, b, x, y, learning_rate, batch_size, gradients_of)


@exercise.mistake
def one_number_for_all_weights(w, b, x, y, learning_rate, batch_size):
    """You move all weights by the same amount: your mean goes over the features too. How many gradients has w?"""

    def gradients_of(w, b, x, y):
        return gradients(w, b, x, y)[0].mean(), gradients(w, b, x, y)[1]

    return stepping(w, b, x, y, learning_rate, batch_size, gradients_of)


@exercise.mistake
def features_left_out_of_the_gradient(w, b, x, y, learning_rate, batch_size):
    """You move each weight by the step of the bias. Which feature belongs to a weight, and where does it come in?"""
    return stepping(w, b, x, y, learning_rate, batch_size, lambda w, b, x, y: (gradients(w, b, x, y)[1],) * 2)


@exercise.mistake
def one_update_at_the_end(w, b, x, y, learning_rate, batch_size):
    """All your gradients are taken at the weights the epoch began with. From where should the second batch start?"""
    gradient_w, gradient_b = at_the_old_weights(w, b, x, y, batch_size)
    return w - learning_rate * gradient_w.sum(axis=0), b - learning_rate * gradient_b.sum()


@exercise.mistake
def one_update_by_the_mean_of_the_batches(w, b, x, y, learning_rate, batch_size):
    """You average the gradients of all batches and take one step. How many steps does an epoch have?"""
    gradient_w, gradient_b = at_the_old_weights(w, b, x, y, batch_size)
    return w - learning_rate * gradient_w.mean(axis=0), b - learning_rate * gradient_b.mean()


@exercise.mistake
def only_the_last_step_kept(w, b, x, y, learning_rate, batch_size):
    """Each of your batches starts from the first weights, so only the last one counts. From where should it start?"""
    gradient_w, gradient_b = at_the_old_weights(w, b, x, y, batch_size)
    return w - learning_rate * gradient_w[-1], b - learning_rate * gradient_b[-1]


@exercise.mistake
def only_the_first_batch(w, b, x, y, learning_rate, batch_size):
    """You stop after the first batch. Which examples has the epoch not seen yet?"""
    return sgd_epoch(w, b, x[:batch_size], y[:batch_size], learning_rate, batch_size)


@exercise.mistake
def gradients_added_up(w, b, x, y, learning_rate, batch_size):
    """Your gradients add up from batch to batch. What should a step know of the batches before?"""
    sum_w, sum_b = 0.0, 0.0
    for k in starts(x, batch_size):
        gradient_w, gradient_b = gradients(w, b, x[k : k + batch_size], y[k : k + batch_size])
        sum_w, sum_b = sum_w + gradient_w, sum_b + gradient_b
        w, b = w - learning_rate * sum_w, b - learning_rate * sum_b
    return w, b


@exercise.mistake
def all_the_data_in_each_step(w, b, x, y, learning_rate, batch_size):
    """Each of your steps looks at all examples. Which ones belong to the batch?"""
    for _ in starts(x, batch_size):
        w, b = sgd_epoch(w, b, x, y, learning_rate, len(x))
    return w, b


@exercise.mistake
def one_step_on_all_the_data(w, b, x, y, learning_rate, batch_size):
    """You take one step on all examples. How many steps does an epoch have, if `batch_size` is smaller than that?"""
    return sgd_epoch(w, b, x, y, learning_rate, len(x))


@exercise.mistake
def a_step_for_each_example(w, b, x, y, learning_rate, batch_size):
    """You take a step for each example. How many of them does one step look at?"""
    return sgd_epoch(w, b, x, y, learning_rate, 1)


@exercise.mistake
def overlapping_batches(w, b, x, y, learning_rate, batch_size):
    """Your batches overlap: each begins one row after the one before. By how much must the start move on?"""
    for k in range(len(x)):
        w, b = sgd_epoch(w, b, x[k : k + batch_size], y[k : k + batch_size], learning_rate, batch_size)
    return w, b


@exercise.mistake
def targets_of_the_first_batch(w, b, x, y, learning_rate, batch_size):
    """Every batch gets the targets of the first one. Which rows of y belong to a batch?"""
    places = np.arange(len(x)) % batch_size
    return sgd_epoch(w, b, x, y[places], learning_rate, batch_size)


@exercise.mistake
def last_gradients_returned(w, b, x, y, learning_rate, batch_size):
    """You return the last gradients. What has become of w and b after their step?"""
    for k in starts(x, batch_size):
        found = gradients(w, b, x[k : k + batch_size], y[k : k + batch_size])
        w, b = w - learning_rate * found[0], b - learning_rate * found[1]
    return found


@exercise.mistake
def only_w_returned(w, b, x, y, learning_rate, batch_size):
    """You return w alone. What else has the epoch changed?"""
    return sgd_epoch(w, b, x, y, learning_rate, batch_size)[0]


@exercise.mistake
def that_many_batches(w, b, x, y, learning_rate, batch_size):
    """You make `batch_size` batches. It is the number of examples in each: how many batches does that give?"""
    for rows in np.array_split(np.arange(len(x)), batch_size):
        if len(rows):
            w, b = sgd_epoch(w, b, x[rows], y[rows], learning_rate, len(rows))
    return w, b


@exercise.mistake
def short_batch_dropped(w, b, x, y, learning_rate, batch_size):
    """You leave out the short batch at the end. Its examples count as well: how many steps does the epoch have?"""
    whole = len(x) // batch_size * batch_size
    return sgd_epoch(w, b, x[:whole], y[:whole], learning_rate, batch_size)
