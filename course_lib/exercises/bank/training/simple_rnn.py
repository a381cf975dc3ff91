"""A state that reads step by step

**Goal.** Compute a simple recurrent layer: a state that reads a sequence and is changed by every step.

**Given.** (Arrays are NumPy arrays.)
- `x`: the sequences, shape `(batch, steps, features)`. `x[i, t]` is what example `i` shows at step `t`.
- `kernel`: the weights for the input, shape `(features, units)`.
- `recurrent_kernel`: the weights for the state, shape `(units, units)`.
- `bias`: shape `(units,)`.

**Write** `simple_rnn(x, kernel, recurrent_kernel, bias)`.
Each example has a state of `units` numbers. All states begin as zeros.
At each step, from the first to the last, the state `h` becomes `tanh(x_t @ kernel + h @ recurrent_kernel + bias)`.
Here `x_t` is that step of every example, and the `h` in the formula is the state before the step.
The same weights serve at every step.

**Returns** the states after the last step, shape `(batch, units)`, as Keras's `SimpleRNN` does.

**Example.** One example of two steps with one feature, 1 and then 0, and two units.
`kernel = [[1, 0]]`, `recurrent_kernel = [[0, 2], [0, 0]]`, `bias = [0, 0.5]`.
After step 1 the state is tanh of `[1, 0.5]` = `[0.762, 0.462]`. In step 2 the input adds nothing, and the state gives
`[0, 2 * 0.762]`: tanh of `[0, 1.523 + 0.5]` = `[0, 0.966]`. The answer is `[[0, 0.966]]`.

**Check** with `q.check(simple_rnn)`.
"""

import numpy as np

from course_lib.exercises import Case, Exercise
from course_lib.text.words import counted


def simple_rnn(x, kernel, recurrent_kernel, bias):
    """The last state, (batch, units), of h = tanh(x_t @ kernel + h @ recurrent_kernel + bias); x (batch, steps, d)."""
    batch, steps, _ = x.shape
    h = np.zeros((batch, len(bias)))
    for t in range(steps):
        h = np.tanh(x[:, t] @ kernel + h @ recurrent_kernel + bias)
    return h


def by_hand(x, kernel, recurrent_kernel, bias):
    h, said = np.zeros(len(bias)), []
    for t in range(min(x.shape[1], 3)):
        seen, kept = x[0, t] @ kernel, h @ recurrent_kernel
        h = np.tanh(seen + kept + bias)
        said.append(f"step {t}: tanh({seen[0]:.4g} + {kept[0]:.4g} + {bias[0]:.4g}) = {h[0]:.4g}")
    more = "; and so on" if x.shape[1] > 3 else ""
    things = zip((*x.shape, len(bias)), ("example", "step", "feature", "unit"))
    return (
        f"{', '.join(counted(n, thing) for n, thing in things)}. "
        f"Unit 0 of example 0, from the input, from the state, and the bias: {'; '.join(said)}{more}."
    )


def problem(batch, steps, features, units, seed, size=1.0):
    rng = np.random.default_rng(seed)
    arrays = rng.normal(0, size, (batch, steps, features)), rng.normal(0, 0.7, (features, units))
    return (*(np.round(a, 2) for a in (*arrays, rng.normal(0, 0.7, (units, units)), rng.normal(0, 0.5, units))),)


exercise = Exercise(
    simple_rnn,
    cases=[
        Case("one example, two steps", np.array([[[1.0], [0.0]]]), np.array([[1.0, 0.0]]),
             np.array([[0.0, 2.0], [0.0, 0.0]]), np.array([0.0, 0.5])),
        Case("two examples of three steps", *problem(2, 3, 4, 5, 1)),
        Case("five examples of two steps", *problem(5, 2, 3, 4, 2)),
        Case("one step", *problem(3, 1, 2, 4, 3)),
        Case("one unit", *problem(2, 4, 3, 1, 4)),
        Case("one example, six steps", *problem(1, 6, 2, 3, 5)),
        Case("as many examples as steps", *problem(3, 3, 2, 4, 6)),
        Case("large inputs", *problem(2, 3, 2, 5, 7, size=1000.0)),
    ],
    random_case=lambda rng: problem(*(int(rng.integers(*ends)) for ends in ((2, 5), (5, 8), (2, 4), (4, 6))), rng),
    hints=[
        "Which axis of x do you walk along? And what must the next step know of the one before?",
        by_hand,
        "`h = np.zeros((len(x), len(bias)))`; for each `t`: "
        "`h = np.tanh(x[:, t] @ kernel + h @ recurrent_kernel + bias)`.",
    ],
)  # fmt: skip


def walk(x, kernel, recurrent_kernel, bias, update=None, start=0.0, steps=None):
    """The states after each step, (steps, batch, units), with another update. For the mistakes.

    update(seen, kept, bias, h) makes the new state of x_t @ kernel, h @ recurrent_kernel, the bias and the old state.
    """
    h, states = np.zeros((len(x), len(bias))) + start, []
    for t in range(x.shape[1]) if steps is None else steps:
        seen, kept = x[:, t] @ kernel, h @ recurrent_kernel
        h = np.tanh(seen + kept + bias) if update is None else update(seen, kept, bias, h)
        states.append(h)
    return np.array(states)


# --- the state


@exercise.mistake
def state_not_carried(x, kernel, recurrent_kernel, bias):
    """Your answer depends on the last step alone. What of the steps before it is carried on, and by which kernel?"""
    return np.tanh(x[:, -1] @ kernel + bias)


@exercise.mistake
def state_added_without_its_kernel(x, kernel, recurrent_kernel, bias):
    """You add the state as it is. Which kernel does it meet first?"""
    return walk(x, kernel, recurrent_kernel, bias, lambda seen, kept, b, h: np.tanh(seen + h + b))[-1]


@exercise.mistake
def states_added_up(x, kernel, recurrent_kernel, bias):
    """You add each new state to the old one. Does the old one stay, or is it replaced?"""
    return walk(x, kernel, recurrent_kernel, bias, lambda seen, kept, b, h: h + np.tanh(seen + kept + b))[-1]


@exercise.mistake
def starts_at_ones(x, kernel, recurrent_kernel, bias):
    """Your state begins with ones. What does it hold before anything was read?"""
    return walk(x, kernel, recurrent_kernel, bias, start=1.0)[-1]


@exercise.mistake
def state_carried_from_example_to_example(x, kernel, recurrent_kernel, bias):
    """An example of yours begins with the last state of the one before it. What should each of them begin with?"""
    h, last = np.zeros(len(bias)), []
    for example in x:
        for step in example:
            h = np.tanh(step @ kernel + h @ recurrent_kernel + bias)
        last.append(h)
    return np.array(last)


@exercise.mistake
def recurrent_kernel_transposed(x, kernel, recurrent_kernel, bias):
    """You multiply by the recurrent kernel transposed, or from the left. On which side does the state stand?"""
    return simple_rnn(x, kernel, recurrent_kernel.T, bias)


@exercise.mistake
def element_by_element(x, kernel, recurrent_kernel, bias):
    """You multiply the state and its kernel with `*`. Which product joins every unit with every other?"""
    h = np.zeros((len(x), len(bias)))
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ kernel + h * recurrent_kernel + bias)
    return h


# --- the steps


@exercise.mistake
def steps_reversed(x, kernel, recurrent_kernel, bias):
    """You read the steps from the last to the first. Which one comes first?"""
    return simple_rnn(x[:, ::-1], kernel, recurrent_kernel, bias)


@exercise.mistake
def first_step_skipped(x, kernel, recurrent_kernel, bias):
    """You do not read the first step. From which number on do the steps go?"""
    return simple_rnn(x[:, 1:], kernel, recurrent_kernel, bias)


@exercise.mistake
def last_step_skipped(x, kernel, recurrent_kernel, bias):
    """You do not read the last step. Up to which number do the steps go?"""
    return simple_rnn(x[:, :-1], kernel, recurrent_kernel, bias)


@exercise.mistake
def loop_over_the_batch(x, kernel, recurrent_kernel, bias):
    """You walk along the examples: `for x_t in x` gives one example with all its steps. Which axis holds the steps?"""
    h = np.zeros((len(x), len(bias)))
    for x_t in x:
        h = np.tanh(x_t @ kernel + h @ recurrent_kernel + bias)
    return h


@exercise.mistake
def loop_over_the_batch_from_a_row(x, kernel, recurrent_kernel, bias):
    """You walk along the examples, so each update sees one example with all its steps. Which axis of x holds the steps,
    and how many states are there?"""
    h = np.zeros(len(bias))
    for x_t in x:
        h = np.tanh(x_t @ kernel + h @ recurrent_kernel + bias)
    return h


@exercise.mistake
def steps_taken_from_the_first_axis(x, kernel, recurrent_kernel, bias):
    """`x[t]` is the example number t. How do you write step t of every example?"""
    h = np.zeros((len(x), len(bias)))
    for t in range(x.shape[1]):
        h = np.tanh(x[t] @ kernel + h @ recurrent_kernel + bias)
    return h


@exercise.mistake
def as_many_steps_as_examples(x, kernel, recurrent_kernel, bias):
    """You take as many steps as there are examples. Which axis of x says how many steps there are?"""
    h = np.zeros((len(x), len(bias)))
    for t in range(len(x)):
        h = np.tanh(x[:, t] @ kernel + h @ recurrent_kernel + bias)
    return h


@exercise.mistake
def inputs_summed_first(x, kernel, recurrent_kernel, bias):
    """You add up the steps before you multiply, so their order is lost. What happens between two steps?"""
    return np.tanh(x.sum(axis=1) @ kernel + bias)


# --- tanh


@exercise.mistake
def no_tanh(x, kernel, recurrent_kernel, bias):
    """The tanh is missing. What becomes of the sum of the three terms?"""
    return walk(x, kernel, recurrent_kernel, bias, lambda seen, kept, b, h: seen + kept + b)[-1]


@exercise.mistake
def tanh_only_at_the_end(x, kernel, recurrent_kernel, bias):
    """You apply tanh once, after the last step. To which states does it belong?"""
    return np.tanh(walk(x, kernel, recurrent_kernel, bias, lambda seen, kept, b, h: seen + kept + b)[-1])


@exercise.mistake
def last_tanh_missing(x, kernel, recurrent_kernel, bias):
    """The last step has no tanh. To which states does it belong?"""
    h = np.zeros((len(x), len(bias)))
    for t in range(x.shape[1]):
        z = x[:, t] @ kernel + h @ recurrent_kernel + bias
        h = np.tanh(z)
    return z


@exercise.mistake
def tanh_of_the_input_only(x, kernel, recurrent_kernel, bias):
    """You take tanh of the input's part and add the state's part behind it. Which terms stand inside?"""
    return walk(x, kernel, recurrent_kernel, bias, lambda seen, kept, b, h: np.tanh(seen + b) + kept)[-1]


@exercise.mistake
def bias_outside(x, kernel, recurrent_kernel, bias):
    """You add the bias after the tanh. Which terms stand inside?"""
    return walk(x, kernel, recurrent_kernel, bias, lambda seen, kept, b, h: np.tanh(seen + kept) + b)[-1]


@exercise.mistake
def relu_for_tanh(x, kernel, recurrent_kernel, bias):
    """You cut off what is negative, as ReLU does. Which activation is asked for?"""
    return walk(x, kernel, recurrent_kernel, bias, lambda seen, kept, b, h: np.maximum(seen + kept + b, 0))[-1]


@exercise.mistake
def sigmoid_for_tanh(x, kernel, recurrent_kernel, bias):
    """You use the sigmoid. Which activation is asked for?"""
    return walk(x, kernel, recurrent_kernel, bias, lambda seen, kept, b, h: 1 / (1 + np.exp(-(seen + kept + b))))[-1]


# --- the bias


@exercise.mistake
def bias_forgotten(x, kernel, recurrent_kernel, bias):
    """The bias is missing. In which steps is it added?"""
    return simple_rnn(x, kernel, recurrent_kernel, 0 * bias)


# --- what is returned


@exercise.mistake
def all_states(x, kernel, recurrent_kernel, bias):
    """You return the states after all steps. Which of them is asked for?"""
    return walk(x, kernel, recurrent_kernel, bias).swapaxes(0, 1)


@exercise.mistake
def all_states_steps_first(x, kernel, recurrent_kernel, bias):
    """You return a list of the states after every step. Which of them is asked for?"""
    return walk(x, kernel, recurrent_kernel, bias)


@exercise.mistake
def first_state(x, kernel, recurrent_kernel, bias):
    """You return the state after the first step. After which step is it asked for?"""
    return walk(x, kernel, recurrent_kernel, bias)[0]


@exercise.mistake
def last_example_only(x, kernel, recurrent_kernel, bias):
    """You return the state of one example. How many of them are in the batch?"""
    return simple_rnn(x, kernel, recurrent_kernel, bias)[-1]


@exercise.mistake
def transposed(x, kernel, recurrent_kernel, bias):
    """Your units are rows and your examples columns. Which of them is a row?"""
    return simple_rnn(x, kernel, recurrent_kernel, bias).T


@exercise.mistake
def units_overwritten_one_by_one(x, kernel, recurrent_kernel, bias):
    """Your units are overwritten one after the other, so a later one sees the new state of those before it. Which state
    is `h` in the formula?"""

    def update(seen, kept, b, h):
        h = h.copy()
        for j in range(len(b)):
            h[:, j] = np.tanh(seen[:, j] + h @ recurrent_kernel[:, j] + b[j])
        return h

    return walk(x, kernel, recurrent_kernel, bias, update)[-1]


@exercise.mistake
def first_step_without_bias(x, kernel, recurrent_kernel, bias):
    """Your first step leaves the bias out. The state is zeros there: what of the formula does that take away?"""
    return walk(x, kernel, recurrent_kernel, bias, lambda seen, kept, b, h: np.tanh(seen + kept + b * h.any()))[-1]
