"""A request as JSON

**Goal.** Write what a client sends to a model server: rows of numbers in the form of the Open Inference Protocol.

**Given.**
- `rows`: the examples, a list of lists or a NumPy array, shape `(n, d)`. Each row is one example.
- `name`: what the model calls this input. `"counts"` if nothing is said.
- `id`: a text by which the client knows its request again, or `None` for none.

**Write** `infer_request(rows, name="counts", id=None)`. Make a dict that `json.dumps` takes.
It has the key `"inputs"`: a list with one dict for each tensor that is sent. Here that is one, with four keys:
- `"name"`: the name.
- `"shape"`: the list `[n, d]`.
- `"datatype"`: `"FP32"`, the protocol's word for float32.
- `"data"`: all numbers in one flat list, row after row.

The dict has the key `"id"` as well, but only where an id is given.
(The protocol allows nested data, a list for each row. So does the check.)

**Returns** a `dict` of Python's own lists, texts and numbers. `json.dumps` refuses NumPy arrays and most NumPy numbers.

**Example.** `infer_request([[1.0, 0.0, 2.0], [0.0, 3.0, 1.0]], id="7")` sends 2 rows of 3 numbers. It returns

    {"inputs": [{"name": "counts", "shape": [2, 3], "datatype": "FP32",
                 "data": [1.0, 0.0, 2.0, 0.0, 3.0, 1.0]}],
     "id": "7"}

**Check** with `q.check(infer_request)`.
"""

import inspect

import numpy as np

from course_lib.exercises import Case, Exercise
from course_lib.text.words import counted


def infer_request(rows, name="counts", id=None):
    """{"inputs": [{name, shape [n, d], datatype, data}]}, and "id" where one is given: ready for json.dumps."""
    rows = np.asarray(rows)
    tensor = {"name": name, "shape": list(rows.shape), "datatype": "FP32", "data": rows.ravel().tolist()}
    request = {"inputs": [tensor]}
    if id is not None:
        request["id"] = id
    return request


def as_json(value):
    """What `json.loads(json.dumps(value))` gives; what json.dumps would refuse is marked. Nested data becomes flat."""
    if isinstance(value, dict):
        as_read = {key: as_json(inner) for key, inner in value.items()}
        rows = as_read.get("data")
        if isinstance(rows, list) and all(isinstance(row, list) for row in rows):
            as_read["data"] = [number for row in rows for number in row]
        return as_read
    if isinstance(value, list | tuple):
        return [as_json(inner) for inner in value]
    if value is None or isinstance(value, str | int | float):
        return value
    return f"<{type(value).__name__}: not JSON>"


def sent(answer, *given):
    request = answer(*given)
    return as_json(request) if isinstance(request, dict) else request


_self, *_others = inspect.signature(sent).parameters.values()
sent.__signature__ = inspect.Signature([_self, *inspect.signature(infer_request).parameters.values()])


def by_hand(rows, name="counts", id=None):
    n, d = np.shape(rows)
    first = ", ".join(f"{value:g}" for value in np.ravel(rows)[: d + 1])
    more = ", ..." if n * d > d + 1 else ""
    end = "There is no id, so no such key." if id is None else f'The key "id" holds {id!r}.'
    size = f"{counted(n, 'row')} of {counted(d, 'number')}"
    return f"{size}: the shape is [{n}, {d}], and data holds {n * d}: {first}{more}. {end}"


ROWS = [[1.0, 0.0, 2.0], [0.0, 3.0, 1.0]]


def draw(rng):
    rows = rng.integers(0, 9, size=(int(rng.integers(2, 4)), int(rng.integers(4, 7))))
    return rows, str(rng.choice(["counts", "pixels"])), str(rng.integers(1, 99))


exercise = Exercise(
    infer_request,
    cases=[
        Case("two rows, a list of lists", ROWS),
        Case("three rows, an array", np.array([[0.5, 2.0], [0.0, -1.0], [4.0, 0.25]])),
        Case("an array of whole numbers", np.array([[3, 0, 0, 1], [0, 2, 5, 0]])),
        Case("one row", [[4.0, 0.0, 1.0, 0.0]]),
        Case("another name, and an id", ROWS, "pixels", "first"),
        Case("id by its name", [[2.0, 1.0], [0.0, 5.0], [1.0, 1.0]], id="7"),
        Case("one column, float32", np.array([[7.0], [0.0], [12.0]], "float32"), "ages"),
        Case("large counts", np.array([[12_000.0, 0.0, 1.0], [3.0, 45_000.0, 0.0]]), id="big"),
    ],
    random_case=draw,
    hints=[
        "Begin with the inner dict. Which of its four values depend on the rows, and what type does each have?",
        by_hand,
        "With `rows = np.asarray(rows)`, the shape is `list(rows.shape)` and the data `rows.ravel().tolist()`.",
    ],
    call=sent,
    equivalent_mutants={"rows.ravel() -> rows": "nested data, which is right as well"},
)


def made(rows, name, id, **other):
    """The right request, with some of the tensor's keys changed."""
    request = infer_request(rows, name, id)
    request["inputs"][0] |= other
    return request


@exercise.mistake
def data_an_array(rows, name="counts", id=None):
    """Your data is a NumPy array, which json.dumps refuses. Which method of an array makes a list of Python numbers?"""
    return made(rows, name, id, data=np.asarray(rows).ravel())


@exercise.mistake
def rows_passed_on(rows, name="counts", id=None):
    """You pass the rows on as they came. Where they came as an array, json.dumps refuses them: what does it take?"""
    return made(rows, name, id, data=rows)


@exercise.mistake
def list_of_numpy_numbers(rows, name="counts", id=None):
    """Your data is a list, but the numbers in it are still NumPy's: json.dumps refuses int64 and float32. Which
    method of an array gives Python's own?"""
    return made(rows, name, id, data=list(np.asarray(rows).ravel()))


@exercise.mistake
def list_of_float32(rows, name="counts", id=None):
    """You make float32 numbers first, and json.dumps refuses those. "FP32" only says how the server is to hold them:
    which numbers can stand in JSON?"""
    return made(rows, name, id, data=list(np.asarray(rows, "float32").ravel()))


@exercise.mistake
def numbers_as_texts(rows, name="counts", id=None):
    """Your data holds texts. JSON knows numbers: what happens without `str`?"""
    return made(rows, name, id, data=[str(number) for number in np.ravel(rows).tolist()])


@exercise.mistake
def cut_to_whole_numbers(rows, name="counts", id=None):
    """You cut the numbers to whole ones. Does FP32 hold fractions?"""
    return made(rows, name, id, data=np.ravel(rows).astype(int).tolist())


@exercise.mistake
def shape_an_array(rows, name="counts", id=None):
    """Your shape is a NumPy array, which json.dumps refuses. Which type should hold the two numbers?"""
    return made(rows, name, id, shape=np.array(np.shape(rows)))


@exercise.mistake
def shape_swapped(rows, name="counts", id=None):
    """Your shape says the number of columns first. Each row is one example: which of the two comes first?"""
    return made(rows, name, id, shape=list(np.shape(rows))[::-1])


@exercise.mistake
def column_after_column(rows, name="counts", id=None):
    """Your numbers go column after column. The server will cut them into rows: in which order must they stand?"""
    return made(rows, name, id, data=np.ravel(rows, "F").tolist())


@exercise.mistake
def transposed(rows, name="counts", id=None):
    """You send the transposed table, shape and data. Each row is one example: does it need to be turned?"""
    return infer_request(np.transpose(rows), name, id)


@exercise.mistake
def shape_without_the_batch(rows, name="counts", id=None):
    """Your shape tells the length of a row but not how many rows there are. Which number is missing before it?"""
    return made(rows, name, id, shape=[np.shape(rows)[1]])


@exercise.mistake
def shape_without_the_columns(rows, name="counts", id=None):
    """Your shape tells how many rows there are, but not how long each is. Which number is missing behind it?"""
    return made(rows, name, id, shape=[len(rows)])


@exercise.mistake
def shape_of_the_flat_list(rows, name="counts", id=None):
    """Your shape is that of the flat list. The server needs to know how to cut it into rows: when do you ask for the
    shape, before or after you make the numbers flat?"""
    return made(rows, name, id, shape=[np.size(rows)])


@exercise.mistake
def first_row_only(rows, name="counts", id=None):
    """You send the first row only. How many rows did you get?"""
    return infer_request(np.asarray(rows)[:1], name, id)


@exercise.mistake
def an_input_for_each_row(rows, name="counts", id=None):
    """You make an input of each row, all with the same name. The inputs are the tensors that the model takes: in how
    many tensors do all rows travel?"""
    parts = [infer_request([row], name, id) for row in np.asarray(rows)]
    return parts[0] | {"inputs": [part["inputs"][0] for part in parts]}


@exercise.mistake
def inputs_a_dict(rows, name="counts", id=None):
    """Under "inputs" stands the tensor itself. A model may take several: what should stand around it?"""
    request = infer_request(rows, name, id)
    return request | {"inputs": request["inputs"][0]}


@exercise.mistake
def inputs_missing(rows, name="counts", id=None):
    """You return the tensor itself. In the request it stands in a list: under which key?"""
    request = infer_request(rows, name, id)
    return request.pop("inputs")[0] | request


@exercise.mistake
def numpys_datatype(rows, name="counts", id=None):
    """You give NumPy's name of the datatype. The protocol has names of its own: what does it call float32?"""
    return made(rows, name, id, datatype="float32")


@exercise.mistake
def datatype_of_the_array(rows, name="counts", id=None):
    """You say which numbers *you* have. The model takes one datatype, whatever the rows came as: which?"""
    return made(rows, name, id, datatype=str(np.asarray(rows).dtype))


@exercise.mistake
def key_dtype(rows, name="counts", id=None):
    """You call the key "dtype", as NumPy does. What is it called in the protocol?"""
    request = infer_request(rows, name, id)
    tensor = request["inputs"][0]
    return request | {"inputs": [{"dtype" if key == "datatype" else key: value for key, value in tensor.items()}]}


@exercise.mistake
def id_always_there(rows, name="counts", id=None):
    """Your request has an id even when none was given. JSON writes None as null, and the protocol wants a text: what
    should be there without one?"""
    return infer_request(rows, name) | {"id": id}


@exercise.mistake
def id_ignored(rows, name="counts", id=None):
    """The id has no effect on your request. How will the client know which answer is whose?"""
    return infer_request(rows, name)


@exercise.mistake
def id_inside_the_input(rows, name="counts", id=None):
    """The id stands inside the input. It belongs to the whole request: on which level?"""
    return made(rows, name, None, **({} if id is None else {"id": id}))


@exercise.mistake
def name_ignored(rows, name="counts", id=None):
    """Your input is always called "counts". Which argument says how the model calls it?"""
    return infer_request(rows, "counts", id)
