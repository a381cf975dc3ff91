"""The first set: answers to the first seven exercises, written from the prompts alone.

First run, before any case or check was changed: of 84 wrong answers none was accepted, of 28 right ones none rejected.
Ten got the name of a mistake, two of those wrongly (answers that were always 0), and on two the checker failed in
itself. Since then, no answer that is always the same gets a name, and both faults are mended. (One it took too long to
notice: a label that only ties for the largest probability. No answer here does that; a learner's did.)
"""

import collections
import itertools
import math

import numpy as np

from . import right, wrong

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
