"""Held-out sets: answers to the first seven exercises, written before their checks were first run on them.

Each exercise is audited with its own declared mistakes (`test_exercises.py`); whoever wrote the cases also wrote
those. The answers below were written from the prompts alone, so they show what the checks do with answers their
author did not have in mind: `wrong` ones must be rejected, `right` ones (written differently) accepted.

**First set.** First run, before any case or check was changed: of 84 wrong answers none was accepted, of 28 right ones
none rejected. Ten got the name of a mistake, two of those wrongly (answers that were always 0), and on two the checker
failed in itself. Since then, no answer that is always the same gets a name, and both faults are mended. (One it took
too long to notice: a label that only ties for the largest probability. No answer here does that; a learner's did.)

**Second set.** Written before the checker looked at the source of an answer, first run when that was done: of 40 wrong
answers none was accepted, of 20 right ones none rejected. What was said of the 40: the cause in words 12 times (7 of
them under the name of a mistake), the line at fault 8 times, something misleading 4 times (a sum of 0s and 1s taken for
rounding, a coincidence in half of the cases, "is it left out?", a line that is not the cause), and 16 times no more
than the numbers. Since then, with the set no longer unseen: the cause 17 times, the line 8 times, misleading once, the
numbers 14 times. `says` holds the words that name the cause or the line.
"""

import collections
import itertools
import math

import numpy as np
import pytest

from course_lib.exercises import exercise

WRONG, RIGHT, SAYS = [], [], {}


def wrong(exercise_id, says=""):
    return lambda fn: WRONG.append((exercise_id, fn)) or SAYS.update({fn: says}) or fn


def right(exercise_id):
    return lambda fn: RIGHT.append((exercise_id, fn)) or fn


# --- start.bag_of_words(tokens, vocabulary) ---------------------------------------------------------------------


@wrong("start.bag_of_words")
def set_of_tokens_counted(tokens, vocabulary):
    tokens = {t.lower() for t in tokens}
    return np.array([sum(t == w for t in tokens) for w in vocabulary])


@wrong("start.bag_of_words")
def starts_with(tokens, vocabulary):
    return np.array([sum(t.lower().startswith(w) for t in tokens) for w in vocabulary])


@wrong("start.bag_of_words")
def letters_counted(tokens, vocabulary):
    return np.array(["".join(tokens).lower().count(w) for w in vocabulary])


@wrong("start.bag_of_words")
def upper_only_for_first_token(tokens, vocabulary):
    tokens = [tokens[0].lower()] + list(tokens[1:]) if tokens else []
    return np.array([tokens.count(w) for w in vocabulary])


@wrong("start.bag_of_words")
def one_extra_slot_for_unknown(tokens, vocabulary):
    counts = np.zeros(len(vocabulary) + 1)
    for t in tokens:
        i = vocabulary.index(t.lower()) if t.lower() in vocabulary else -1
        counts[i] += 1
    return counts


@wrong("start.bag_of_words")
def returns_a_dict(tokens, vocabulary):
    return {w: [t.lower() for t in tokens].count(w) for w in vocabulary}


@wrong("start.bag_of_words")
def counts_overwritten_by_running_index(tokens, vocabulary):
    counts = np.zeros(len(vocabulary))
    for i, t in enumerate(tokens):
        if t.lower() in vocabulary:
            counts[vocabulary.index(t.lower())] = i + 1
    return counts


@wrong("start.bag_of_words")
def int8_counts(tokens, vocabulary):
    counts = np.zeros(len(vocabulary), np.int8)
    for t in tokens:
        if t.lower() in vocabulary:
            counts[vocabulary.index(t.lower())] += 1
    return counts


@wrong("start.bag_of_words")
def sorted_vocabulary(tokens, vocabulary):
    low = [t.lower() for t in tokens]
    return np.array([low.count(w) for w in sorted(vocabulary)])


@wrong("start.bag_of_words")
def stops_at_first_unknown(tokens, vocabulary):
    counts = np.zeros(len(vocabulary))
    for t in tokens:
        if t.lower() not in vocabulary:
            break
        counts[vocabulary.index(t.lower())] += 1
    return counts


@wrong("start.bag_of_words")
def one_hot_rows(tokens, vocabulary):
    return np.array([[t.lower() == w for w in vocabulary] for t in tokens], float)


@right("start.bag_of_words")
def with_counter(tokens, vocabulary):
    counts = collections.Counter(t.lower() for t in tokens)
    return [counts[w] for w in vocabulary]


@right("start.bag_of_words")
def with_numpy_broadcasting(tokens, vocabulary):
    low = np.array([t.lower() for t in tokens], dtype=object).reshape(-1, 1)
    return (low == np.array(vocabulary, dtype=object)).sum(axis=0)


@right("start.bag_of_words")
def with_dict_and_loop(tokens, vocabulary):
    position = {word: i for i, word in enumerate(vocabulary)}
    counts = np.zeros(len(vocabulary), "float32")
    for token in tokens:
        i = position.get(token.lower())
        if i is not None:
            counts[i] += 1
    return counts


@right("start.bag_of_words")
def with_try(tokens, vocabulary):
    out = [0] * len(vocabulary)
    for t in tokens:
        try:
            out[vocabulary.index(t.lower())] += 1
        except ValueError:
            continue
    return np.array(out)


# --- start.accuracy(probabilities, labels) ----------------------------------------------------------------------


@wrong("start.accuracy")
def last_maximum_wins(p, y):
    c = p.shape[1]
    return float(np.mean((c - 1 - p[:, ::-1].argmax(1)) == y))


@wrong("start.accuracy")
def mean_probability_of_the_label(p, y):
    return float(p[np.arange(len(y)), y].mean())


@wrong("start.accuracy")
def second_best_counts_too(p, y):
    return float(np.mean([label in np.argsort(row)[-2:] for row, label in zip(p, y)]))


@wrong("start.accuracy")
def labels_from_one(p, y):
    return float(np.mean(p.argmax(1) + 1 == y))


@wrong("start.accuracy")
def all_or_nothing(p, y):
    return bool((p.argmax(1) == y).all())


@wrong("start.accuracy")
def divided_by_classes(p, y):
    return float(np.sum(p.argmax(1) == y) / p.shape[1])


@wrong("start.accuracy")
def array_of_hits(p, y):
    return p.argmax(1) == y


@wrong("start.accuracy")
def rounded_to_one_decimal(p, y):
    return round(float(np.mean(p.argmax(1) == y)), 1)


@wrong("start.accuracy")
def smallest_wins(p, y):
    return float(np.mean(p.argmin(1) == y))


@wrong("start.accuracy")
def majority_baseline(p, y):
    return float(np.mean(y == np.bincount(y).argmax()))


@wrong("start.accuracy")
def last_example_dropped(p, y):
    hits = 0
    for i in range(len(y) - 1):
        hits += p[i].argmax() == y[i]
    return hits / len(y)


@wrong("start.accuracy")
def integer_division(p, y):
    return int((p.argmax(1) == y).sum()) // len(y)


@right("start.accuracy")
def accuracy_by_loop(p, y):
    hits = 0
    for row, label in zip(p, y):
        if list(row).index(max(row)) == label:
            hits += 1
    return hits / len(y)


@right("start.accuracy")
def accuracy_by_count_nonzero(p, y):
    return np.count_nonzero(np.argmax(np.asarray(p, "float32"), axis=-1) == y) / np.float32(len(y))


@right("start.accuracy")
def accuracy_by_wrong_ones(p, y):
    return 1 - np.mean(p.argmax(axis=1) != y)


@right("start.accuracy")
def accuracy_by_argsort(p, y):
    return np.array(np.average(np.argsort(-p, axis=1, kind="stable")[:, 0] == y))


# --- start.steps_per_epoch: training_steps(examples, batch_size, epochs=1) ---------------------------------------


@wrong("start.steps_per_epoch")
def minus_one(examples, batch_size, epochs=1):
    return math.ceil(examples / batch_size) * epochs - 1


@wrong("start.steps_per_epoch")
def epochs_added(examples, batch_size, epochs=1):
    return math.ceil(examples / batch_size) + epochs


@wrong("start.steps_per_epoch")
def last_batch_only_if_big(examples, batch_size, epochs=1):
    full, rest = divmod(examples, batch_size)
    return (full + (rest >= batch_size / 2)) * epochs


@wrong("start.steps_per_epoch")
def short_batch_once(examples, batch_size, epochs=1):
    full, rest = divmod(examples, batch_size)
    return full * epochs + (rest > 0)


@wrong("start.steps_per_epoch")
def at_least_one_by_floor(examples, batch_size, epochs=1):
    return max(1, examples // batch_size) * epochs


@wrong("start.steps_per_epoch")
def batches_of_epochs(examples, batch_size, epochs=1):
    return math.ceil(examples / (batch_size * epochs))


@wrong("start.steps_per_epoch")
def power_of_epochs(examples, batch_size, epochs=1):
    return math.ceil(examples / batch_size) ** epochs


@wrong("start.steps_per_epoch")
def ceil_after_floor(examples, batch_size, epochs=1):
    return math.ceil(examples // batch_size) * epochs


@wrong("start.steps_per_epoch")
def fixed_epochs(examples, batch_size, epochs=1):
    return -(-examples // batch_size) * 10


@wrong("start.steps_per_epoch")
def a_list_of_batch_sizes(examples, batch_size, epochs=1):
    return [min(batch_size, examples - i) for i in range(0, examples, batch_size)] * epochs


@right("start.steps_per_epoch")
def by_negative_floor(examples, batch_size, epochs=1):
    return -(-examples // batch_size) * epochs


@right("start.steps_per_epoch")
def by_range(examples, batch_size, epochs=1):
    return len(range(0, examples, batch_size)) * epochs


@right("start.steps_per_epoch")
def by_numpy_ceil(examples, batch_size, epochs=1):
    return np.ceil(examples / batch_size) * epochs


@right("start.steps_per_epoch")
def by_walking(examples, batch_size, epochs=1):
    steps = 0
    for _ in range(epochs):
        left = examples
        while left > 0:
            left -= batch_size
            steps += 1
    return steps


# --- training.neuron(x, w, b) -----------------------------------------------------------------------------------


@wrong("training.neuron")
def step_function(x, w, b):
    return (x @ w + b > 0).astype(float)


@wrong("training.neuron")
def relu_of_inputs(x, w, b):
    return np.maximum(x, 0) @ w + b


@wrong("training.neuron")
def relu_by_max_over_batch(x, w, b):
    return max(0, (x @ w + b).max())


@wrong("training.neuron")
def leaky(x, w, b):
    z = x @ w + b
    return np.where(z > 0, z, 0.01 * z)


@wrong("training.neuron")
def capped_at_six(x, w, b):
    return np.clip(x @ w + b, 0, 6)


@wrong("training.neuron")
def keeps_the_column(x, w, b):
    return np.maximum(x @ w[:, None] + b, 0)


@wrong("training.neuron")
def mean_over_features(x, w, b):
    return np.maximum((x * w).mean(axis=1) + b, 0)


@wrong("training.neuron")
def minimum(x, w, b):
    return np.minimum(x @ w + b, 0)


@wrong("training.neuron")
def bias_subtracted(x, w, b):
    return np.maximum(x @ w - b, 0)


@wrong("training.neuron")
def python_max_per_batch(x, w, b):
    z = x @ w + b
    return z if z.sum() > 0 else 0 * z


@wrong("training.neuron")
def bias_times_row_number(x, w, b):
    return np.array([max(0, row @ w + i * b) for i, row in enumerate(x)])


@wrong("training.neuron")
def only_two_features(x, w, b):
    return np.maximum(x[:, 0] * w[0] + x[:, 1] * w[1] + b, 0)


@wrong("training.neuron")
def softplus(x, w, b):
    return np.logaddexp(0, x @ w + b)


@wrong("training.neuron")
def relu_in_place_on_input(x, w, b):
    x *= w
    z = x.sum(axis=1) + b
    return z * (z > 0)


@right("training.neuron")
def neuron_einsum(x, w, b):
    z = np.einsum("nd,d->n", x, w) + b
    return z * (z > 0)


@right("training.neuron")
def neuron_loops(x, w, b):
    out = []
    for row in x:
        z = b
        for a, c in zip(row, w):
            z += a * c
        out.append(z if z > 0 else 0.0)
    return out


@right("training.neuron")
def neuron_float32(x, w, b):
    z = np.dot(x.astype("float32"), w.astype("float32")) + np.float32(b)
    return np.where(z < 0, 0, z)


@right("training.neuron")
def neuron_half_sum(x, w, b):
    z = w @ x.T + b
    return (z + abs(z)) / 2


# --- training.dense(x, kernel, bias, activation=None) ------------------------------------------------------------


@wrong("training.dense")
def kernel_reshaped(x, kernel, bias, activation=None):
    z = x @ kernel.reshape(kernel.shape[1], kernel.shape[0]).T + bias
    return z if activation is None else activation(z)


@wrong("training.dense")
def always_relu(x, kernel, bias, activation=None):
    return np.maximum(x @ kernel + bias, 0)


@wrong("training.dense")
def first_bias_for_all(x, kernel, bias, activation=None):
    z = x @ kernel + bias[0]
    return z if activation is None else activation(z)


@wrong("training.dense")
def activation_plus_linear(x, kernel, bias, activation=None):
    z = x @ kernel + bias
    return z if activation is None else z + activation(z)


@wrong("training.dense")
def transposed_answer(x, kernel, bias, activation=None):
    z = kernel.T @ x.T + bias[:, None]
    return z if activation is None else activation(z)


@wrong("training.dense")
def returns_the_function(x, kernel, bias, activation=None):
    return x @ kernel + bias if activation is None else activation


@wrong("training.dense")
def linear_gives_zero(x, kernel, bias, activation=None):
    z = x @ kernel + bias
    return 0 * z if activation is None else activation(z)


@wrong("training.dense")
def bias_in_place_of_last_unit(x, kernel, bias, activation=None):
    z = x @ kernel
    z[:, -1] += bias[-1]
    return z if activation is None else activation(z)


@wrong("training.dense")
def bias_multiplied(x, kernel, bias, activation=None):
    z = (x @ kernel) * bias
    return z if activation is None else activation(z)


@wrong("training.dense")
def squeezed(x, kernel, bias, activation=None):
    z = np.squeeze(x @ kernel + bias)
    return z if activation is None else activation(z)


@wrong("training.dense")
def first_row_only(x, kernel, bias, activation=None):
    z = x[:1] @ kernel + bias
    return z if activation is None else activation(z)


@wrong("training.dense")
def bias_sum_added(x, kernel, bias, activation=None):
    z = x @ kernel + bias.sum()
    return z if activation is None else activation(z)


@right("training.dense")
def dense_with_ones_column(x, kernel, bias, activation=None):
    ones = np.ones((len(x), 1))
    z = np.hstack([x, ones]) @ np.vstack([kernel, bias])
    return activation(z) if activation else z


@right("training.dense")
def dense_unit_by_unit(x, kernel, bias, activation=None):
    columns = [(x * kernel[:, j]).sum(axis=1) + bias[j] for j in range(kernel.shape[1])]
    z = np.stack(columns, axis=1)
    return z if activation is None else activation(z)


@right("training.dense")
def dense_tensordot(x, kernel, bias, activation=None):
    z = np.tensordot(x, kernel, axes=1)
    z += bias
    return (activation or (lambda v: v))(z)


@right("training.dense")
def dense_rows_as_lists(x, kernel, bias, activation=None):
    rows = [np.add(np.dot(row, kernel), bias) for row in x]
    return [r if activation is None else activation(r) for r in rows]


# --- training.forward(x, layers) --------------------------------------------------------------------------------


@wrong("training.forward")
def only_last_layer(x, layers):
    for kernel, bias in layers[1:]:
        x = np.maximum(x @ kernel + bias, 0)
    return x


@wrong("training.forward")
def two_layers_only(x, layers):
    (w1, b1), (w2, b2) = layers[0], layers[-1]
    return np.maximum(x @ w1 + b1, 0) @ w2 + b2


@wrong("training.forward")
def relu_on_the_input(x, layers):
    for kernel, bias in layers:
        x = np.maximum(x, 0) @ kernel + bias
    return x


@wrong("training.forward")
def residual(x, layers):
    for kernel, bias in layers[:-1]:
        h = np.maximum(x @ kernel + bias, 0)
        x = h + x if h.shape == x.shape else h
    kernel, bias = layers[-1]
    return x @ kernel + bias


@wrong("training.forward")
def tanh_between(x, layers):
    for kernel, bias in layers[:-1]:
        x = np.tanh(x @ kernel + bias)
    return x @ layers[-1][0] + layers[-1][1]


@wrong("training.forward")
def predicted_class(x, layers):
    for kernel, bias in layers[:-1]:
        x = np.maximum(x @ kernel + bias, 0)
    return (x @ layers[-1][0] + layers[-1][1]).argmax(1)


@wrong("training.forward")
def every_layers_output(x, layers):
    out = []
    for i, (kernel, bias) in enumerate(layers):
        x = x @ kernel + bias
        if i < len(layers) - 1:
            x = np.maximum(x, 0)
        out.append(x)
    return out


@wrong("training.forward")
def reversed_layers(x, layers):
    for kernel, bias in reversed(layers):
        x = np.maximum(x @ kernel + bias, 0)
    return x


@wrong("training.forward")
def pops_the_last_layer(x, layers):
    kernel_out, bias_out = layers.pop()
    for kernel, bias in layers:
        x = np.maximum(x @ kernel + bias, 0)
    return x @ kernel_out + bias_out


@wrong("training.forward")
def sigmoid_at_the_end(x, layers):
    for kernel, bias in layers[:-1]:
        x = np.maximum(x @ kernel + bias, 0)
    return 1 / (1 + np.exp(-(x @ layers[-1][0] + layers[-1][1])))


@wrong("training.forward")
def relu_skipped_before_output(x, layers):
    for i, (kernel, bias) in enumerate(layers):
        x = x @ kernel + bias
        if i < len(layers) - 2:
            x = np.maximum(x, 0)
    return x


@wrong("training.forward")
def bias_of_last_layer_missing(x, layers):
    for kernel, bias in layers[:-1]:
        x = np.maximum(x @ kernel + bias, 0)
    return x @ layers[-1][0]


@wrong("training.forward")
def relu_decided_by_width(x, layers):
    classes = len(layers[-1][1])
    for kernel, bias in layers:
        x = x @ kernel + bias
        if len(bias) != classes:
            x = np.maximum(x, 0)
    return x


@right("training.forward")
def forward_recursive(x, layers):
    (kernel, bias), rest = layers[0], layers[1:]
    z = x @ kernel + bias
    return forward_recursive(np.maximum(z, 0), rest) if rest else z


@right("training.forward")
def forward_enumerate(x, layers):
    a = x
    for i, (w, b) in enumerate(layers):
        z = np.einsum("ij,jk->ik", a, w) + b
        a = z if i == len(layers) - 1 else z.clip(min=0)
    return a


@right("training.forward")
def forward_activation_first(x, layers):
    x = x @ layers[0][0] + layers[0][1]
    for kernel, bias in layers[1:]:
        x = np.where(x > 0, x, 0) @ kernel + bias
    return x


@right("training.forward")
def forward_row_by_row(x, layers):
    def one(h):
        *hidden, (kernel_out, bias_out) = layers
        for kernel, bias in hidden:
            h = [max(0.0, float(v)) for v in h @ kernel + bias]
        return np.asarray(h) @ kernel_out + bias_out

    return np.array([one(row) for row in x])


# --- training.parameters_and_flops(widths, batch=1) --------------------------------------------------------------


@wrong("training.parameters_and_flops")
def biases_of_hidden_layers_only(widths, batch=1):
    pairs = list(itertools.pairwise(widths))
    p = sum(a * b for a, b in pairs) + sum(widths[1:-1])
    return p, batch * sum(2 * a * b for a, b in pairs)


@wrong("training.parameters_and_flops")
def flops_from_parameters(widths, batch=1):
    p = sum((a + 1) * b for a, b in itertools.pairwise(widths))
    return p, 2 * p * batch


@wrong("training.parameters_and_flops")
def backward_included(widths, batch=1):
    pairs = list(itertools.pairwise(widths))
    return sum((a + 1) * b for a, b in pairs), 3 * batch * sum(2 * a * b for a, b in pairs)


@wrong("training.parameters_and_flops")
def first_and_last_width(widths, batch=1):
    a, b = widths[0], widths[-1]
    return a * b + b, 2 * a * b * batch


@wrong("training.parameters_and_flops")
def product_of_all(widths, batch=1):
    p = math.prod(widths)
    return p + sum(widths[1:]), 2 * p * batch


@wrong("training.parameters_and_flops")
def a_closed_loop(widths, batch=1):
    pairs = list(zip(widths, widths[1:] + widths[:1]))
    return sum((a + 1) * b for a, b in pairs), 2 * batch * sum(a * b for a, b in pairs)


@wrong("training.parameters_and_flops")
def exact_dot_product(widths, batch=1):
    pairs = list(itertools.pairwise(widths))
    return sum((a + 1) * b for a, b in pairs), batch * sum((2 * a - 1) * b for a, b in pairs)


@wrong("training.parameters_and_flops")
def only_parameters(widths, batch=1):
    return sum((a + 1) * b for a, b in itertools.pairwise(widths))


@wrong("training.parameters_and_flops")
def bias_from_the_wrong_side(widths, batch=1):
    pairs = list(itertools.pairwise(widths))
    return sum(a * b + a for a, b in pairs), batch * sum(2 * a * b for a, b in pairs)


@wrong("training.parameters_and_flops")
def per_layer_lists(widths, batch=1):
    pairs = list(itertools.pairwise(widths))
    return [(a + 1) * b for a, b in pairs], [2 * batch * a * b for a, b in pairs]


@wrong("training.parameters_and_flops")
def in_millions(widths, batch=1):
    pairs = list(itertools.pairwise(widths))
    return sum((a + 1) * b for a, b in pairs) / 1e6, batch * sum(2 * a * b for a, b in pairs) / 1e6


@wrong("training.parameters_and_flops")
def int32_overflow(widths, batch=1):
    w = np.array(widths, "int32")
    p = int((w[:-1] * w[1:]).sum() + w[1:].sum())
    return p, int((np.int32(2) * np.int32(batch) * w[:-1] * w[1:]).sum())


@right("training.parameters_and_flops")
def by_explicit_loop(widths, batch=1):
    parameters = flops = 0
    for i in range(len(widths) - 1):
        parameters += widths[i] * widths[i + 1]
        parameters += widths[i + 1]
        flops += 2 * widths[i] * widths[i + 1] * batch
    return parameters, flops


@right("training.parameters_and_flops")
def by_numpy(widths, batch=1):
    w = np.array(widths, "float64")
    macs = w[:-1] @ w[1:]
    return np.array([macs + w[1:].sum(), 2 * batch * macs])


@right("training.parameters_and_flops")
def flops_through_parameters(widths, batch=1):
    biases = sum(widths[1:])
    parameters = sum(a * b for a, b in zip(widths, widths[1:])) + biases
    return [parameters, 2 * batch * (parameters - biases)]


@right("training.parameters_and_flops")
def by_arrays(widths, batch=1):
    shapes = [((a, b), (b,)) for a, b in zip(widths[:-1], widths[1:])]
    p = sum(math.prod(k) + math.prod(c) for k, c in shapes)
    return (np.int64(p), np.int64(batch) * 2 * sum(math.prod(k) for k, _ in shapes))


# --- the second set; the docstring of a wrong answer is its cause --------------------------------------------------


@wrong("start.bag_of_words", says="different words")
def vocabulary_lowered_instead(tokens, vocabulary):
    """capital letters of the tokens are kept"""
    return [tokens.count(word.lower()) for word in vocabulary]


@wrong("start.bag_of_words", says="without round brackets")
def lower_without_brackets(tokens, vocabulary):
    """`token.lower` is not called"""
    lowered = [token.lower for token in tokens]
    return [lowered.count(word) for word in vocabulary]


@wrong("start.bag_of_words", says="begins with the text")
def keys_for_values(tokens, vocabulary):
    """the words are returned, not their counts"""
    counts = dict.fromkeys(vocabulary, 0)
    for token in tokens:
        if token.lower() in counts:
            counts[token.lower()] += 1
    return list(counts)


@wrong("start.bag_of_words", says="in other places")
def largest_count_first(tokens, vocabulary):
    """the counts are sorted"""
    lowered = [token.lower() for token in tokens]
    return sorted((lowered.count(word) for word in vocabulary), reverse=True)


@wrong("start.bag_of_words", says="look at `counts = np.zeros(len(tokens))`")
def as_long_as_the_text(tokens, vocabulary):
    """there is a place for each token, not for each word"""
    counts = np.zeros(len(tokens))
    for token in tokens:
        for i, word in enumerate(vocabulary):
            if token.lower() == word:
                counts[i] += 1
    return counts


@wrong("start.bag_of_words", says="look at `len(vocabulary) - 1`")
def last_word_never_reached(tokens, vocabulary):
    """the loop ends one word too early"""
    counts = [0] * len(vocabulary)
    for i in range(len(vocabulary) - 1):
        for token in tokens:
            if token.lower() == vocabulary[i]:
                counts[i] += 1
    return counts


@wrong("start.accuracy")
def threshold_as_class(probabilities, labels):
    """whether the largest exceeds one half is compared with the label"""
    return np.mean((probabilities.max(axis=1) > 0.5) == labels)


@wrong("start.accuracy", says="look at `len(labels) - 1`")
def one_example_too_few(probabilities, labels):
    """divided by n - 1"""
    hits = 0
    for row, label in zip(probabilities, labels):
        if np.argmax(row) == label:
            hits += 1
    return hits / max(1, len(labels) - 1)


@wrong("start.accuracy", says="each round begins anew")
def counter_set_to_zero_in_each_round(probabilities, labels):
    """the counter starts anew in each round"""
    for row, label in zip(probabilities, labels):
        hits = 0
        if np.argmax(row) == label:
            hits += 1
    return hits / len(labels)


@wrong("start.accuracy", says="look at `np.argmax(labels)`")
def labels_as_if_one_hot(probabilities, labels):
    """argmax is taken of the labels too"""
    return np.mean(np.argmax(probabilities, axis=1) == np.argmax(labels))


@wrong("start.accuracy")
def any_hit(probabilities, labels):
    """any() instead of the mean"""
    return float((np.argmax(probabilities, axis=1) == labels).any())


@wrong("start.accuracy")
def compared_with_the_row_number(probabilities, labels):
    """the class is compared with the row's number, not with its label"""
    hits = 0
    for i in range(len(labels)):
        if np.argmax(probabilities[i]) == i:
            hits += 1
    return hits / len(labels)


@wrong("start.steps_per_epoch")
def rounded_by_hand(examples, batch_size, epochs=1):
    """rounded to the nearest number"""
    return int(examples / batch_size + 0.5) * epochs


@wrong("start.steps_per_epoch", says="look at `if examples % batch_size == 0:`")
def condition_reversed(examples, batch_size, epochs=1):
    """1 is added when nothing is left"""
    steps = examples // batch_size
    if examples % batch_size == 0:
        steps += 1
    return steps * epochs


@wrong("start.steps_per_epoch", says="Brackets decide")
def brackets_forgotten(examples, batch_size, epochs=1):
    """only the 1 is multiplied by the epochs"""
    if examples % batch_size:
        return examples // batch_size + 1 * epochs
    return examples // batch_size * epochs


@wrong("start.steps_per_epoch")
def last_round_missing(examples, batch_size, epochs=1):
    """the loop ends before the last batch"""
    steps = 0
    while examples > batch_size:
        examples -= batch_size
        steps += 1
    return steps * epochs


@wrong("start.steps_per_epoch", says="the updates of one epoch")
def epochs_overwrite_each_other(examples, batch_size, epochs=1):
    """each epoch's steps replace those of the epoch before"""
    steps = 0
    for _ in range(epochs):
        steps = math.ceil(examples / batch_size)
    return steps


@wrong("training.neuron")
def rows_for_columns(x, w, b):
    """x[i] is a row, where column i is meant"""
    z = 0
    for i in range(len(w)):
        z = z + x[i] * w[i]
    return np.maximum(z + b, 0)


@wrong("training.neuron", says="look at `z > 0`")
def mask_reversed(x, w, b):
    """the positive sums are set to 0"""
    z = x @ w + b
    z[z > 0] = 0
    return z


@wrong("training.neuron", says="a sum over axis 0 too many")
def summed_over_the_batch(x, w, b):
    """the examples are added up at the end"""
    return np.maximum(x @ w + b, 0).sum()


@wrong("training.neuron")
def bias_inside_the_wrong_bracket(x, w, b):
    """the bias is not added to the sum but to the 0"""
    return np.maximum(x @ w, 0 + b)


@wrong("training.neuron")
def first_weight_for_all(x, w, b):
    """each feature is multiplied by the first weight"""
    out = []
    for row in x:
        z = b
        for a in row:
            z += a * w[0]
        out.append(max(z, 0))
    return np.array(out)


@wrong("training.neuron", says="the activation is missing")
def loop_variable_set_to_zero(x, w, b):
    """assigning to the loop's variable does not change the array"""
    z = x @ w + b
    for value in z:
        if value < 0:
            value = 0
    return z


@wrong("training.dense")
def bias_of_the_last_unit_for_all(x, kernel, bias, activation=None):
    """the bias is added after the loop, so that of the last unit goes to all"""
    z = np.zeros((len(x), kernel.shape[1]))
    for unit in range(kernel.shape[1]):
        z[:, unit] = x @ kernel[:, unit]
    z = z + bias[unit]
    return z if activation is None else activation(z)


@wrong("training.dense")
def bias_activated_apart(x, kernel, bias, activation=None):
    """the activation is applied to the sum and to the bias separately"""
    if activation is None:
        return x @ kernel + bias
    return activation(x @ kernel) + activation(bias)


@wrong("training.dense", says="returned None")
def nothing_without_activation(x, kernel, bias, activation=None):
    """nothing is returned when there is no activation"""
    if activation is not None:
        return activation(x @ kernel + bias)


@wrong("training.dense", says="look at `if activation is not None:`")
def branches_exchanged(x, kernel, bias, activation=None):
    """the two branches are exchanged"""
    z = x @ kernel + bias
    if activation is not None:
        return z
    return activation(z)


@wrong("training.dense", says="Brackets decide")
def bias_added_to_the_kernel(x, kernel, bias, activation=None):
    """the bias is added to the kernel"""
    z = x @ (kernel + bias)
    return z if activation is None else activation(z)


@wrong("training.dense", says="look at `z = np.zeros(")
def table_of_the_wrong_size(x, kernel, bias, activation=None):
    """the table has a column for each feature, not for each unit"""
    z = np.zeros((x.shape[0], kernel.shape[0]))
    for i in range(x.shape[0]):
        for j in range(kernel.shape[1]):
            z[i, j] = np.sum(x[i] * kernel[:, j]) + bias[j]
    return z if activation is None else activation(z)


@wrong("training.forward")
def input_in_every_layer(x, layers):
    """each layer gets x, not the output of the one before"""
    for kernel, bias in layers:
        h = np.maximum(x @ kernel + bias, 0)
    return h


@wrong("training.forward")
def activation_only_at_the_end(x, layers):
    """ReLU follows the last layer and no other"""
    for kernel, bias in layers:
        x = x @ kernel + bias
    return np.maximum(x, 0)


@wrong("training.forward")
def last_layer_twice(x, layers):
    """the loop runs over the last layer too, which then comes again"""
    for kernel, bias in layers:
        x = np.maximum(x @ kernel + bias, 0)
    kernel, bias = layers[-1]
    return x @ kernel + bias


@wrong("training.forward", says="ReLU also follows the last layer")
def last_layer_never_met(x, layers):
    """the index never reaches len(layers), so ReLU follows every layer"""
    for i in range(len(layers)):
        kernel, bias = layers[i]
        x = x @ kernel + bias
        if i != len(layers):
            x = np.maximum(x, 0)
    return x


@wrong("training.forward", says="An array holds many truths")
def max_for_maximum(x, layers):
    """Python's max on a whole array"""
    for kernel, bias in layers[:-1]:
        x = max(x @ kernel + bias, 0)
    kernel, bias = layers[-1]
    return x @ kernel + bias


@wrong("training.forward")
def absolute_values_between(x, layers):
    """the absolute value instead of ReLU"""
    for kernel, bias in layers[:-1]:
        x = np.abs(x @ kernel + bias)
    kernel, bias = layers[-1]
    return x @ kernel + bias


@wrong("training.parameters_and_flops", says="widths[2:]")
def every_second_neighbour(widths, batch=1):
    """zip pairs each width with the next but one"""
    parameters = flops = 0
    for a, b in zip(widths, widths[2:]):
        parameters += a * b + b
        flops += 2 * a * b * batch
    return parameters, flops


@wrong("training.parameters_and_flops", says="done in every round")
def batch_multiplied_in_every_round(widths, batch=1):
    """the running total is multiplied by the batch in every round"""
    parameters = flops = 0
    for a, b in zip(widths[:-1], widths[1:]):
        parameters += a * b + b
        flops += 2 * a * b
        flops *= batch
    return parameters, flops


@wrong("training.parameters_and_flops")
def biases_of_the_last_layer_only(widths, batch=1):
    """only the last layer's biases are counted"""
    parameters = flops = 0
    for a, b in zip(widths[:-1], widths[1:]):
        parameters += a * b
        flops += 2 * a * b * batch
    return parameters + b, flops


@wrong("training.parameters_and_flops", says="2 results are expected")
def one_grand_total(widths, batch=1):
    """the two counts are added up instead of returned as two"""
    total = 0
    for a, b in zip(widths[:-1], widths[1:]):
        total += a * b + b
        total += 2 * a * b * batch
    return total


@wrong("training.parameters_and_flops", says="You add the two widths")
def widths_added_for_the_flops(widths, batch=1):
    """the FLOPs add the two widths where they should be multiplied"""
    parameters = flops = 0
    for a, b in zip(widths[:-1], widths[1:]):
        parameters += (a + 1) * b
        flops += 2 * (a + b) * batch
    return parameters, flops


@right("start.bag_of_words")
def own_names_and_a_sum(words, known):
    return [sum(1 for word in words if word.casefold() == k) for k in known]


@right("start.bag_of_words")
def a_dictionary_of_counts(tokens, vocabulary):
    counts = dict.fromkeys(vocabulary, 0)
    for token in tokens:
        token = token.lower()
        if token in counts:
            counts[token] += 1
    return list(counts.values())


@right("start.bag_of_words")
def a_table_of_hits_summed(tokens, vocabulary):
    hits = np.zeros((len(tokens) + 1, len(vocabulary)), dtype=int)
    for i, token in enumerate(tokens):
        for j, word in enumerate(vocabulary):
            hits[i, j] = token.lower() == word
    return hits.sum(0)


@right("start.accuracy")
def first_largest_by_loop(p, y):
    right = 0
    for i in range(len(p)):
        best = 0
        for k in range(1, p.shape[1]):
            if p[i, k] > p[i, best]:
                best = k
        right = right + (best == y[i])
    return right / len(p)


@right("start.accuracy")
def percent_divided_again(probabilities, labels):
    hits = [int(np.argmax(row) == label) for row, label in zip(probabilities, labels)]
    percent = 100 * sum(hits) / len(hits)
    return np.float32(percent / 100)


@right("start.accuracy")
def rows_through_sorted(probabilities, labels):
    guess = [sorted(range(len(row)), key=lambda k: -row[k])[0] for row in probabilities]
    return np.equal(guess, labels).mean()


@right("start.steps_per_epoch")
def batch_size_minus_one_added(n, size, times=1):
    return (n + size - 1) // size * times


@right("start.steps_per_epoch")
def added_with_an_if(examples, batch_size, epochs=1):
    steps = int(examples / batch_size)
    if steps * batch_size < examples:
        steps = steps + 1
    total = 0
    for _ in range(epochs):
        total += steps
    return total


@right("start.steps_per_epoch")
def numpy_integers(examples, batch_size, epochs=1):
    return np.int64(np.ceil(np.float64(examples) / batch_size)) * np.int32(epochs)


@right("training.neuron")
def negative_ones_overwritten(x, w, b):
    z = np.dot(x, w) + b
    z[z < 0] = 0
    return z


@right("training.neuron")
def the_courses_relu(examples, weights, bias):
    from course_lib import activations

    return activations.relu((examples * weights).sum(axis=1) + bias)


@right("training.neuron")
def column_vectors_and_back(x, w, b):
    z = x.astype("float32") @ w.reshape(-1, 1).astype("float32") + np.float32(b)
    return np.clip(z, 0, None).ravel()


@right("training.dense")
def the_courses_layer(x, kernel, bias, activation=None):
    from course_lib import layers

    layer = layers.Dense(kernel.shape[1], weights=[kernel, bias])
    z = layer(x)
    return activation(z) if activation is not None else z


@right("training.dense")
def three_loops(X, W, b, g=None):
    out = np.zeros((X.shape[0], W.shape[1]))
    for i in range(X.shape[0]):
        for j in range(W.shape[1]):
            s = 0
            for k in range(X.shape[1]):
                s += X[i][k] * W[k][j]
            out[i][j] = s + b[j]
    if g:
        return g(out)
    else:
        return out


@right("training.dense")
def transposed_there_and_back(x, kernel, bias, activation=None):
    if activation is None:
        activation = np.asarray
    return activation((kernel.T @ x.T).T + np.tile(bias, (len(x), 1)))


@right("training.forward")
def counting_down(x, layers):
    left = len(layers)
    while left:
        kernel, bias = layers[-left]
        x = x @ kernel + bias
        left -= 1
        if left:
            x = x * (x > 0)
    return x


@right("training.forward")
def folded(x, layers):
    import functools

    hidden = functools.reduce(lambda h, layer: np.maximum(h @ layer[0] + layer[1], 0), layers[:-1], x)
    return hidden @ layers[-1][0] + layers[-1][1]


@right("training.forward")
def in_single_precision(inputs, network):
    h = inputs.astype(np.float32)
    for number, (w, b) in enumerate(network, start=1):
        h = h @ w.astype(np.float32) + b.astype(np.float32)
        if number < len(network):
            h[h < 0] = 0
    return h


@right("training.parameters_and_flops")
def layer_by_layer_recursively(widths, batch=1):
    if len(widths) < 2:
        return 0, 0
    parameters, flops = layer_by_layer_recursively(widths[1:], batch)
    return parameters + (widths[0] + 1) * widths[1], flops + 2 * batch * widths[0] * widths[1]


@right("training.parameters_and_flops")
def two_sums(sizes, examples=1):
    weights = sum([sizes[i] * sizes[i + 1] for i in range(len(sizes) - 1)])
    return weights + sum(sizes[1:]), examples * 2 * weights


def label(pair):
    return f"{pair[0]}-{pair[1].__name__}"


@pytest.mark.parametrize("pair", WRONG, ids=label)
def test_held_out_wrong_answer_is_rejected_with_a_number(pair, monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS", "off")
    result = exercise(pair[0]).check(pair[1])
    assert result.status in ("wrong", "error"), str(result)
    assert any(c.isdigit() for c in result.message), result.message
    assert SAYS[pair[1]] in result.message, result.message


@pytest.mark.parametrize("pair", RIGHT, ids=label)
def test_held_out_right_answer_is_accepted(pair, monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS", "off")
    result = exercise(pair[0]).check(pair[1])
    assert result.status == "right", str(result)
