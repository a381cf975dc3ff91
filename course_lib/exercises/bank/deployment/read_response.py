"""Reading the answer

**Goal.** Turn what a model server sends back into one label for each row.

**Given.**
- `response`: the answer, a `dict` as `json.loads` gives it. Under `"outputs"` it has a list of dicts, one for each
  tensor, in any order. Each has a `"name"`, a `"shape"` `[n, k]`, and `"data"`: all numbers in one flat list, row
  after row. Just one of them is named `"probabilities"`.
- `labels`: the names of the `k` classes, a list of texts. Column `j` of the probabilities belongs to `labels[j]`.

**Write** `read_response(response, labels)`.
Find the output with the name `"probabilities"`. Cut its data into rows as its shape says.
Take for each row the label with the largest probability, the first of them where two are equally large.

**Returns** a list of `n` labels.

**Example.** The labels are `["games", "net", "sound"]`, and the answer holds
`{"name": "probabilities", "shape": [2, 3], "data": [0.1, 0.7, 0.2, 0.5, 0.3, 0.2]}`.
The rows are `[0.1, 0.7, 0.2]` and `[0.5, 0.3, 0.2]`, so the result is `["net", "games"]`.

**Check** with `q.check(read_response)`.
"""

import numpy as np

from course_lib.exercises import Case, Exercise
from course_lib.text.words import counted


def read_response(response, labels):
    """The label of the largest probability of each row: a list of n texts."""
    output = next(output for output in response["outputs"] if output["name"] == "probabilities")
    probabilities = np.reshape(output["data"], output["shape"])
    return [labels[column] for column in probabilities.argmax(axis=1)]


def table(response, name="probabilities"):
    """One output as an array."""
    output = next(output for output in response["outputs"] if output["name"] == name)
    return np.reshape(output["data"], output["shape"])


def by_hand(response, labels):
    names = ", ".join(repr(output["name"]) for output in response["outputs"])
    rows = table(response)
    said = []
    for row in rows[:3]:
        at = int(row.argmax())
        said.append(f"[{', '.join(f'{p:.3g}' for p in row)}] is largest at {at}, {labels[at]!r}")
    more = " ..." if len(rows) > 3 else ""
    shape = f"{counted(len(rows), 'row')} of {len(rows[0])}"
    return f"The outputs are {names}. Its shape says {shape}. {'; '.join(said)}.{more}"


def answer(*outputs):
    """A response with these (name, rows)."""
    tensors = []
    for name, rows in outputs:
        rows = np.array(rows, float)
        flat = rows.ravel().tolist()
        tensors.append({"name": name, "datatype": "FP32", "shape": list(rows.shape), "data": flat})
    return {"model_name": "classifier", "model_version": "1", "outputs": tensors}


LABELS = ["games", "net", "sound", "text"]
TWO = [[0.1, 0.6, 0.2, 0.1], [0.5, 0.1, 0.1, 0.3]]
FIVE = [[0.2, 0.3, 0.5], [0.8, 0.1, 0.1], [0.3, 0.4, 0.3], [0.0, 0.1, 0.9], [0.6, 0.2, 0.2]]
HIDDEN = [[0.0, 2.5, 1.0], [4.0, 0.5, 3.0], [0.25, 0.5, 8.0]]
THREE = [[0.7, 0.1, 0.1, 0.1], [0.1, 0.1, 0.2, 0.6], [0.2, 0.35, 0.25, 0.2]]


def draw(rng):
    n, k = int(rng.integers(3, 7)), int(rng.integers(3, 5))
    hidden = rng.uniform(0, 5, size=(n, 3)).round(2)
    rows = rng.dirichlet(np.ones(k), size=n).round(3)
    return answer(("hidden", hidden), ("probabilities", rows)), LABELS[:k]


exercise = Exercise(
    read_response,
    cases=[
        Case("two rows", answer(("probabilities", TWO)), LABELS),
        Case("one row", answer(("probabilities", [[0.2, 0.3, 0.5]])), LABELS[:3]),
        Case("more rows than labels", answer(("probabilities", FIVE)), LABELS[:3]),
        Case("another output before it", answer(("hidden", HIDDEN), ("probabilities", THREE)), LABELS),
        Case("another output behind it", answer(("probabilities", THREE), ("hidden", HIDDEN)), LABELS),
        Case("between two others", answer(("hidden", HIDDEN), ("probabilities", THREE), ("scores", HIDDEN)), LABELS),
        Case("two equally large", answer(("probabilities", [[0.4, 0.4, 0.2], [0.1, 0.45, 0.45]])), LABELS[1:]),
        Case("nearly certain", answer(("probabilities", [[1e-9, 1.0, 1e-12], [0.0, 3e-8, 1.0]])), LABELS[:3]),
        Case("two classes", answer(("probabilities", [[0.3, 0.7], [0.9, 0.1], [0.45, 0.55]])), LABELS[2:]),
    ],
    random_case=draw,
    hints=[
        "Three steps: find the output by its name, cut its data into rows, look at each row. What does axis 1 mean?",
        by_hand,
        '`np.reshape(output["data"], output["shape"])` gives the rows, and `.argmax(axis=1)` a column for each.',
    ],
)


def labels_of(rows, labels):
    return [labels[j] for j in np.argmax(rows, axis=1)]


@exercise.mistake
def first_output(response, labels):
    """You take the first output, whichever it is. A model may send several, in any order: how do you find the one
    with the probabilities?"""
    return labels_of(table(response, response["outputs"][0]["name"]), labels)


@exercise.mistake
def last_output(response, labels):
    """You take the last output, whichever it is. Does a loop over the outputs stop at the right name?"""
    return labels_of(table(response, response["outputs"][-1]["name"]), labels)


@exercise.mistake
def labels_of_every_output(response, labels):
    """You give labels for every output, one after the other. Which of them holds the probabilities?"""
    return [label for o in response["outputs"] for label in labels_of(table(response, o["name"]), labels)]


@exercise.mistake
def largest_of_all(response, labels):
    """You look for one largest number in the whole flat list. Where does the list have to be cut first?"""
    return [labels[int(np.argmax(table(response)))]]


@exercise.mistake
def largest_of_all_as_text(response, labels):
    """You look for one largest number in the whole flat list, and return one label. How many rows are there?"""
    return labels[int(np.argmax(table(response)))]


@exercise.mistake
def down_the_columns(response, labels):
    """You look down the columns for the largest row. Each row is one example: along which axis do you compare?"""
    return [labels[i] for i in table(response).argmax(axis=0)]


@exercise.mistake
def shape_reversed(response, labels):
    """You cut the data as though the shape were [k, n]. It says rows first: which number is the length of a row?"""
    rows = table(response)
    return labels_of(rows.reshape(rows.shape[::-1]), labels)


@exercise.mistake
def filled_by_columns(response, labels):
    """You lay the numbers down column after column. They come row after row: in which order are they to be cut?"""
    rows = table(response)
    return labels_of(rows.ravel().reshape(rows.shape, order="F"), labels)


@exercise.mistake
def rows_that_overlap(response, labels):
    """Your second row begins one number after the first. Where does row i begin if each has k numbers?"""
    rows = table(response)
    flat, (n, k) = rows.ravel(), rows.shape
    return [labels[int(np.argmax(flat[i : i + k]))] for i in range(n)]


@exercise.mistake
def rows_as_long_as_they_are_many(response, labels):
    """You cut rows of n numbers. The shape is [n, k], n rows: which of the two is the length of a row?"""
    rows = table(response)
    flat, n = rows.ravel(), len(rows)
    return [labels[int(np.argmax(flat[i * n : (i + 1) * n]))] for i in range(n)]


@exercise.mistake
def looked_up_in_the_response(response, labels):
    """You look "probabilities" up in the answer itself. Under which key do its outputs stand, and where in each of
    them is its name?"""
    return labels_of(np.reshape(response["probabilities"]["data"], response["probabilities"]["shape"]), labels)


@exercise.mistake
def outputs_taken_for_a_dict(response, labels):
    """You look "probabilities" up among the outputs as in a dict. They are a list, and each has its name inside: how
    do you find one of them?"""
    output = response["outputs"]["probabilities"]
    return labels_of(np.reshape(output["data"], output["shape"]), labels)


@exercise.mistake
def labels_with_their_probabilities(response, labels):
    """You return each label with its probability. What is asked for of each row?"""
    rows = table(response)
    return list(zip(labels_of(rows, labels), rows.max(axis=1).tolist()))


@exercise.mistake
def first_row_only(response, labels):
    """You give the label of the first row only. How many rows does the shape promise?"""
    return labels_of(table(response)[:1], labels)


@exercise.mistake
def number_of_the_column(response, labels):
    """You return numbers of columns. Which label belongs to each?"""
    return table(response).argmax(axis=1).tolist()


@exercise.mistake
def the_probability_itself(response, labels):
    """You return the largest probabilities. To which label does each belong?"""
    return table(response).max(axis=1).tolist()


@exercise.mistake
def the_smallest(response, labels):
    """You take the least probable label. Is the largest asked for, or the smallest?"""
    return [labels[j] for j in table(response).argmin(axis=1)]


@exercise.mistake
def last_of_equals(response, labels):
    """Where two are equally large you take the last of them. Does your comparison let an equal one pass?"""
    rows = table(response)
    return [labels[rows.shape[1] - 1 - j] for j in rows[:, ::-1].argmax(axis=1)]


@exercise.mistake
def more_than_half(response, labels):
    """You take a label only where its probability is above 0.5. The largest may be smaller than that: what counts?"""
    return [labels[j] for row in table(response) for j in np.flatnonzero(row > 0.5)]
