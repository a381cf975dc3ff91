"""Which status?

**Goal.** Decide with which HTTP status a model server answers a request.

**Given.**
- `request`: what a client sends, cut down to a `dict` with three keys. `"model"` is the name of a model, `"shape"` a
  list of whole numbers, `"data"` a flat list of numbers.
- `models`: a `dict` from the name of each known model to `{"ready": True or False, "shape": [-1, ...]}`.
  The first entry of a model's shape is always -1: any number of rows. At least one more follows; those behind the
  first must be met exactly.
- `limit`: how many elements a request may have at most. The number of elements is the product of the request's shape.

**Write** `status_code(request, models, limit)`. Go through the list; the first that applies is the answer:
1. 404 if no model of that name is known.
2. 503 if the model is known but not ready. (Trying again later may help.)
3. 413 if the request has more elements than the limit.
4. 400 if its shape does not fit the model's, or the length of its data is not the number of elements.
5. 200 otherwise.

**Returns** an `int`. The function does not raise, however many entries the request's shape has.

**Example.** `models = {"classifier": {"ready": True, "shape": [-1, 3]}}` and `limit = 12`.
A request for `"classifier"` with the shape `[2, 3]` and 6 numbers gets 200. With the shape `[2, 4]` and 8 numbers it
gets 400, with `[5, 3]` and 15 numbers 413. A request for `"translator"` gets 404.

**Check** with `q.check(status_code)`.
"""

import math

from course_lib.exercises import Case, Exercise


def status_code(request, models, limit):
    """404, 503, 413, 400 or 200: the first that applies."""
    if request["model"] not in models:
        return 404
    model = models[request["model"]]
    if not model["ready"]:
        return 503
    elements = math.prod(request["shape"])
    if elements > limit:
        return 413
    if request["shape"][1:] != model["shape"][1:] or len(request["data"]) != elements:
        return 400
    return 200


def by_hand(request, models, limit):
    shape, model = request["shape"], models.get(request["model"])
    known = f"{request['model']!r} is among the {len(models)} models" if model else f"{request['model']!r} is not known"
    if model:
        known += f", {'ready' if model['ready'] else 'not ready'}, and takes the shape {model['shape']}"
    return (
        f"{known}. The request has the shape {shape}, so {' * '.join(map(str, shape))} = {math.prod(shape)} elements "
        f"where {limit} are allowed; its data holds {len(request['data'])}. Which line of the list is the first?"
    )


MODELS = {
    "classifier": {"ready": True, "shape": [-1, 3]},
    "images": {"ready": True, "shape": [-1, 2, 3]},
    "starting": {"ready": False, "shape": [-1, 4]},
}


def asks(model, shape, numbers=None):
    """A request whose data has as many numbers as its shape says, or another number."""
    numbers = math.prod(shape) if numbers is None else numbers
    return {"model": model, "shape": list(shape), "data": [0.5 * i for i in range(numbers)]}


def case(name, model, *request, limit=12):
    known = {each: takes for each, takes in MODELS.items() if each in ("classifier", model)}
    return Case(name, asks(model, *request), known, limit)


def draw(rng):
    shape = [int(rng.integers(1, 6)), int(rng.choice([3, 3, 3, 4])), *([3] if rng.random() < 0.3 else [])]
    model = str(rng.choice(["classifier", "classifier", "images", "starting", "other"]))
    return asks(model, shape, math.prod(shape) + int(rng.choice([0, 0, 0, 1]))), MODELS, int(rng.integers(6, 20))


exercise = Exercise(
    status_code,
    cases=[
        case("a good request", "classifier", [2, 3]),
        case("a model that nobody knows", "translator", [2, 3]),
        case("a model that is not ready", "starting", [2, 4]),
        case("too many elements", "classifier", [5, 3]),
        case("a column too many", "classifier", [2, 4]),
        case("data one too short", "classifier", [2, 3], 5),
        case("data one too long", "classifier", [2, 3], 7),
        case("one row", "classifier", [1, 3]),
        case("just as many elements as are allowed", "classifier", [4, 3]),
        case("a row without the axis of the rows", "classifier", [3]),
        case("the shape turned over", "classifier", [3, 2]),
        case("three axes", "images", [2, 2, 3]),
        case("three axes, two of them swapped", "images", [2, 3, 2]),
        case("three axes, the middle one wrong", "images", [3, 1, 3]),
        case("few rows, a small limit", "classifier", [3, 3], limit=5),
        case("unknown and too large", "translator", [5, 3]),
        case("not ready and too large", "starting", [4, 4]),
        case("not ready, and a wrong shape", "starting", [2, 3]),
        case("too large, and a wrong shape", "classifier", [4, 4]),
        case("says much, sends little", "classifier", [5, 3], 2),
        case("says little, sends much", "classifier", [2, 3], 15),
        case("a generous limit", "classifier", [20, 3], limit=1_000),
    ],
    random_case=draw,
    hints=[
        "Five answers, asked for in order. What do you know before you look at the model's shape, and what after?",
        by_hand,
        '`if request["model"] not in models: return 404`, and so on. `math.prod` gives the number of elements, and '
        "`shape[1:]` is a shape without its first entry.",
    ],
)


def with_a_slip(request, models, limit, slip, **instead):
    """The right decision with one thing wrong, and with other statuses in place of some."""
    model = models.get(request["model"], {"ready": True, "shape": [-1]})
    shape, wanted, numbers = request["shape"], model["shape"], len(request["data"])
    elements = {"sum": sum(shape), "data": numbers, "rows": shape[0]}.get(slip, math.prod(shape))
    unknown = request["model"] not in models
    waiting = not model["ready"] and slip != "ready ignored"
    large = elements >= limit if slip == "exclusive" else elements > limit
    fits = {
        "no shape": True,
        "literal": shape == wanted,
        "last": shape[-1] == wanted[-1],
        "last, counted": len(shape) == len(wanted) and shape[-1] == wanted[-1],
        "zip": all(w in (-1, s) for s, w in zip(shape, wanted)),
    }.get(slip, len(shape) == len(wanted) and shape[1:] == wanted[1:])
    full = {"no data": True, "short only": numbers >= math.prod(shape), "rows of data": numbers == shape[0]}
    fits = fits and full.get(slip, numbers == math.prod(shape))
    found = {404: unknown, 503: waiting, 413: large, 400: not fits}
    order = {
        "shape first": (404, 503, 400, 413),
        "size first": (413, 404, 503, 400),
        "ready last": (404, 413, 400, 503),
        "last wins": (404, 400, 413, 503),
    }.get(slip, (404, 503, 413, 400))
    status = next((status for status in order if found[status]), 200)
    return instead.get(f"_{status}", status)


@exercise.mistake
def error_in_the_body(request, models, limit):
    """You answer what is wrong with a request with 200. A client that looks at the status takes that for a good
    answer: which statuses say that the client must change something?"""
    return with_a_slip(request, models, limit, None, _404=200, _413=200, _400=200)


@exercise.mistake
def servers_fault(request, models, limit):
    """You answer a request that does not fit with 500, which says that the server broke. Whose fault is it, and with
    which digit do such statuses begin?"""
    return with_a_slip(request, models, limit, None, _400=500)


@exercise.mistake
def not_found_for_a_wrong_shape(request, models, limit):
    """You answer a request that does not fit with 404. The model was found: what is wrong instead?"""
    return with_a_slip(request, models, limit, None, _400=404)


@exercise.mistake
def unprocessable(request, models, limit):
    """You answer a request that does not fit with 422. Some frameworks do; which status does the list name?"""
    return with_a_slip(request, models, limit, None, _400=422)


@exercise.mistake
def bad_request_for_an_unknown_model(request, models, limit):
    """You answer a request for an unknown model with 400. What it asks for is not there: which status says so?"""
    return with_a_slip(request, models, limit, None, _404=400)


@exercise.mistake
def unavailable_for_an_unknown_model(request, models, limit):
    """You answer a request for an unknown model with 503. Would trying again later help? What tells an unknown model
    from one that is not ready?"""
    return with_a_slip(request, models, limit, None, _404=503)


@exercise.mistake
def unknown_model_crashes(request, models, limit):
    """You look the model up before you know that it is there. What does a dict do with a key that it lacks?"""
    return with_a_slip(request, {**models, request["model"]: models[request["model"]]}, limit, None)


@exercise.mistake
def not_found_while_not_ready(request, models, limit):
    """You answer 404 while a model is not ready. It is known, so trying again may help: which status says that?"""
    return with_a_slip(request, models, limit, None, _503=404)


@exercise.mistake
def ready_ignored(request, models, limit):
    """You do not ask whether the model is ready. What can it answer while it is not?"""
    return with_a_slip(request, models, limit, "ready ignored")


@exercise.mistake
def bad_request_for_too_much(request, models, limit):
    """You answer a request that is too large with 400. HTTP has a status of its own for that: which?"""
    return with_a_slip(request, models, limit, None, _413=400)


@exercise.mistake
def limit_exclusive(request, models, limit):
    """You refuse a request with just as many elements as the limit. May it have that many, or must it have fewer?"""
    return with_a_slip(request, models, limit, "exclusive")


@exercise.mistake
def shape_added_up(request, models, limit):
    """You add up the shape to count the elements. How many numbers are there in 4 rows of 3?"""
    return with_a_slip(request, models, limit, "sum")


@exercise.mistake
def rows_against_the_limit(request, models, limit):
    """You hold the number of rows against the limit. It counts elements: how many has each row?"""
    return with_a_slip(request, models, limit, "rows")


@exercise.mistake
def data_against_the_limit(request, models, limit):
    """You hold the length of the data against the limit. Which number decides when shape and data disagree?"""
    return with_a_slip(request, models, limit, "data")


@exercise.mistake
def minus_one_taken_literally(request, models, limit):
    """You compare the shapes entry by entry, the first as well. Which number of rows can be -1?"""
    return with_a_slip(request, models, limit, "literal")


@exercise.mistake
def shape_not_compared(request, models, limit):
    """You let any shape pass whose data is complete. Where does the model's own shape come in?"""
    return with_a_slip(request, models, limit, "no shape")


@exercise.mistake
def data_not_compared(request, models, limit):
    """You do not look at the length of the data. What can the server do with 5 numbers for 2 rows of 3?"""
    return with_a_slip(request, models, limit, "no data")


@exercise.mistake
def data_may_be_too_long(request, models, limit):
    """You find data that is too short, but not data that is too long. How many numbers should there be exactly?"""
    return with_a_slip(request, models, limit, "short only")


@exercise.mistake
def only_the_last_entry(request, models, limit):
    """You compare the last entries of the shapes only. Can shapes with other numbers of axes end alike?"""
    return with_a_slip(request, models, limit, "last")


@exercise.mistake
def entries_between_ignored(request, models, limit):
    """You compare the number of axes and the last entry. A shape may have three axes: what of the entries between?"""
    return with_a_slip(request, models, limit, "last, counted")


@exercise.mistake
def two_axes_taken_for_granted(request, models, limit):
    """You multiply the first two entries of the shape. How many may there be, and what does a list do with a number
    beyond its end?"""
    right = status_code(request, models, limit)
    if right in (404, 503):
        return right
    elements = request["shape"][0] * request["shape"][1]
    if elements > limit:
        return 413
    fits = request["shape"][1:] == models[request["model"]]["shape"][1:]
    return 200 if fits and len(request["data"]) == elements else 400


@exercise.mistake
def axes_not_counted(request, models, limit):
    """You compare entry by entry, as far as the shorter shape goes. What if one has more axes than the other?"""
    return with_a_slip(request, models, limit, "zip")


@exercise.mistake
def second_entry_only(request, models, limit):
    """You compare one entry, at [1]. Shapes may have one axis or three: which entries must agree, and what happens
    when there is no [1]?"""
    model = models.get(request["model"])
    if model and model["ready"] and math.prod(request["shape"]) <= limit and request["shape"][1] == model["shape"][1]:
        return 200 if len(request["data"]) == math.prod(request["shape"]) else 400
    right = status_code(request, models, limit)
    return 400 if right == 200 else right


@exercise.mistake
def shape_before_size(request, models, limit):
    """You look at the shape before the limit. What does the list say of a request that is too large and has a wrong
    shape as well?"""
    return with_a_slip(request, models, limit, "shape first")


@exercise.mistake
def size_before_everything(request, models, limit):
    """You look at the limit first of all. What does the list say of a request that is too large, for a model that is
    unknown or not ready?"""
    return with_a_slip(request, models, limit, "size first")


@exercise.mistake
def ready_asked_last(request, models, limit):
    """You ask last whether the model is ready. What does the list say of a request that is wrong, for a model that is
    not ready?"""
    return with_a_slip(request, models, limit, "ready last")


@exercise.mistake
def the_last_that_applies(request, models, limit):
    """You let a later line of the list replace the answer of an earlier one. The first that applies counts: when should
    the function stop looking?"""
    return with_a_slip(request, models, limit, "last wins")
