"""A wrong result in words, read from its numbers."""

import numpy as np
import pytest
from cells import cell
from claims import numbers, says

from course_lib.exercises import Case, Exercise, exercise
from course_lib.exercises.judge.compare import same
from course_lib.exercises.say.diagnosis import Call, diagnose, difference

pytestmark = pytest.mark.usefixtures("own_progress")


rng = np.random.default_rng(0)


def calls(change, sizes=((4, 3), (6, 5), (2, 7))):
    made = []
    for n, d in sizes:
        x, b = rng.normal(size=(n, d)), rng.normal(size=d)
        e = np.tanh(x) + 0.3
        made.append(Call({"x": x, "b": b, "rate": 0.1 * n}, e, change(e, x, b)))
    return made


@pytest.mark.parametrize(
    "change, words",
    [
        (lambda e, x, b: None, "returned None"),
        (lambda e, x, b: print, "round brackets"),
        (lambda e, x, b: {"y": e}, "a dict with the keys 'y'"),
        (lambda e, x, b: "four", "the text 'four'"),
        (lambda e, x, b: e.T, "transposed"),
        (lambda e, x, b: e[:, None], "The numbers are right: an axis of length 1 is too many"),
        (lambda e, x, b: e.sum(axis=0), "There is a sum over axis 0 too many"),
        (lambda e, x, b: e.mean(axis=1), "There is a mean over axis 1 too many"),
        (lambda e, x, b: e[:, :2], "Axis 1 should have length 3"),
        (lambda e, x, b: np.where(e > 0.5, np.nan, e), "NaN"),
        (lambda e, x, b: np.where(e > 0.5, np.inf, e), "infinite"),
        (lambda e, x, b: -e, "wrong sign"),
        (lambda e, x, b: 0 * e, "Everything you return is 0"),
        (lambda e, x, b: e.astype(int), "cut to whole"),
        (lambda e, x, b: np.round(e, 2), "rounded to 2 decimal"),
        (lambda e, x, b: e * len(x), "too large by exactly the length of axis 0 of `x` (4, then 6, then 2)"),
        (lambda e, x, b: e / len(b), "too small by exactly the length of axis 1 of `x` (3, then 5, then 7)"),
        (lambda e, x, b: e * x.size, "axes 0 and 1 of `x`, multiplied (12, then 30, then 14)"),
        (lambda e, x, b: e / np.log(2), "base 2"),
        (lambda e, x, b: e * 100, "percentage"),
        (lambda e, x, b: e * 3.5, "3.5 times what is expected"),
        (lambda e, x, b: e + b, "too large by exactly `b`"),
        (lambda e, x, b: e - x, "too small by exactly `x`"),
        (lambda e, x, b: e + 2, "too large by 2, everywhere"),
        (lambda e, x, b: e + e.max(), "by the same amount"),
        (lambda e, x, b: np.maximum(e, 0), "an activation too many"),
        (lambda e, x, b: e[::-1], "reversed order"),
        (lambda e, x, b: np.sort(e, axis=1), "other places"),
        (lambda e, x, b: e.T.reshape(e.shape), "it is not `.T`"),
        (lambda e, x, b: e.ravel(), "axes were joined or split"),
        (lambda e, x, b: [["text"]] * 3, "a list of 3 that begins with a list of 1 that begins with the text 'text'"),
    ],
)  # fmt: skip
def test_general_diagnosis_reads_the_numbers(change, words):
    assert words in diagnose(calls(change))[0]


def test_missing_mean_and_column_bias_are_read_from_shapes():
    e = rng.normal(size=4)
    assert "A mean over axis 1 is missing" in diagnose([Call({}, e, np.stack([e - 1, e + 1], axis=1))])[0]
    table = np.stack([e - 1, e], axis=1)
    assert "A max over axis 1 is missing" in diagnose([Call({}, e, table)])[0]
    assert "max" not in diagnose([Call({}, e[0], table[0])])[0]  # the last of a growing list is the largest by chance
    assert "an axis of length 1 is missing" in diagnose([Call({}, e[:, None], e)])[0]
    assert "an axis of length 1 is in the wrong place" in diagnose([Call({}, table[None], table[:, None])])[0]
    assert "A column (4, 1) met a row (4,)" in diagnose([Call({}, e, rng.normal(size=(4, 4)))])[0]


def test_swapped_and_half_right_pairs():
    a, b = rng.normal(size=(3, 2)), rng.normal(size=2)
    assert "swapped" in diagnose([Call({}, (a, b), (b, a))])[0]
    said = diagnose([Call({}, (a, b), (a, -b)), Call({}, (b, a), (b, -a))])[0]
    assert "Result 2 of 2: Each number has the wrong sign." in said and "The other result is right." in said
    said = diagnose([Call({}, (0, "arrived"), (None, None)), Call({}, (3, "arrived"), (3, "spent"))])[0]
    assert said.startswith("Result 1 of 2: The number 0 is expected; yours is None.") and "return" not in said
    assert "2 results are expected" in diagnose([Call({}, (a, b), a[0, 0])])[0]
    assert "2 results are expected; you returned 3" in diagnose([Call({}, (a, b), (a, b, a))])[0]


def test_two_numbers_are_too_few_for_a_pattern():
    two = [Call({"x": np.ones(2)}, np.array([1.0, 2.0]), np.array([1.5, 2.5]))]
    assert diagnose(two) == (None, two[0])
    one = [Call({"n": 4.0}, 3.0, 12.0)]
    assert diagnose(one) == (None, one[0])


def test_zeros_and_ones_are_not_taken_for_rounded_numbers():
    yes_or_no = [Call({}, e, float(e > 0.5)) for e in (0.75, 0.25, 0.6, 0.4)]
    assert diagnose(yes_or_no) == (None, yes_or_no[0])
    e = rng.normal(size=9)
    assert "rounded to 0 decimal" in diagnose([Call({}, 9 * e, np.round(9 * e))])[0]


def test_one_number_wherever_it_fails_is_no_factor():
    where_400_is_expected = [Call({}, 400, 200)] * 3
    assert numbers(diagnose(where_400_is_expected)[0]) == [200, 3, 400]
    all_kinds = [Call({}, e, 200) for e in (404, 400, 413, 400)]
    assert says(diagnose(all_kinds)[0], "200", "all 4", "depend")


def test_a_list_of_texts_is_held_against_what_came():
    texts = ["net", "games"]
    assert diagnose([Call({}, texts, 1)])[0].endswith("is expected; you returned the number 1.")
    assert "A list of 2 is expected; yours has 3." in diagnose([Call({}, texts, ["net", ["a"], []])])[0]

    def twice(word):
        return [word, word]

    q = Exercise(twice, [Case("one", "a"), Case("another", "b")], id="t.twice", prompt="Twice")
    assert q.check(lambda word: np.array([word] * 2))  # an array of texts will do
    assert "Difference: at [1], expected 'b', yours 'a'" in str(q.check(lambda word: [word, "a"]))


def test_integers_that_overflow_are_recognized():
    e = np.array([100, 300, 70000])
    assert "8 bits" in diagnose([Call({}, e, e.astype("uint8"))])[0]
    assert "16 bits" in diagnose([Call({}, e * 3, (e * 3).astype("int16"))])[0]


def test_the_difference_has_position_and_enough_digits():
    said = difference(np.array([[1.0, 2.0], [3.0, 0.7310585]]), np.array([[1.0, 2.0], [3.0, 0.7310575]]), 1e-9)
    assert says(said, "1 of 4", "[1, 1]", "0.731059", "yours 0.731058")
    assert says(difference((1, 2), (1, 3)), "2 of 2", "expected 2", "yours 3")
    assert difference(1.0, 1.0 + 1e-12, 0) == "expected 1, yours 1.000000000001"


@pytest.mark.parametrize(
    "a, b, equal",
    [
        (np.nan, np.nan, True),
        (np.array([1.0, np.inf]), [1.0, np.inf], True),
        (1000000, 1000001, False),
        (1.0, 1.0 + 1e-8, True),
        (np.array([1.0]), 1.0, False),
        ((1, np.ones(2)), [1, [1.0, 1.0]], True),
        ({"a": 1.0}, {"a": 1.0, "b": 2}, False),
        (["a", "b"], ["a", "b"], True),
        (["a", "b"], ["b", "a"], False),
        ("3", 3, False),
        (None, 0, False),
        (True, np.bool_(True), True),
        (6 * 10**25, 6 * 10**25, True),
        ([], [], True),
        (np.float32(0.1), 0.1, True),
        (np.arange(3).mean, np.arange(3).mean, True),
        (np.arange(3).mean, np.arange(4).mean, False),
    ],
)
def test_sameness(a, b, equal):
    assert same(a, b) is equal


def test_float32_arithmetic_is_right_in_any_dtype_unless_a_case_asks_for_more():
    exact = np.array([1.0, 0.0330053, -2.5])
    rounded = exact + 1e-7
    assert same(exact, rounded) and same(exact, rounded.astype("float32")) and not same(exact, exact + 1e-4)
    assert not same(exact, rounded, tolerance=1e-9)
    assert not same(3_072_000_000_000, 3_072_000_000_001)  # whole numbers are exact at any size

    def root(x):
        """Square root."""
        return np.sqrt(x)

    def made(case):
        return Exercise(root, [case], id="t.root", prompt="Root")

    case = Case("small", np.array([1e-6, 2.0]))
    assert made(case).check(lambda x: np.sqrt(x) + 1e-6).status == "right"
    assert made(case.within(1e-9)).check(lambda x: np.sqrt(x) + 1e-6).status == "wrong"
    assert made(case.within(1e-9)).check(lambda x: x**0.5).status == "right"


def test_the_courses_own_float32_layer_is_right_whatever_its_random_cases():
    q = exercise("training.dense")
    text = """
def dense(x, kernel, bias, activation=None):  # {}
    from course_lib import layers
    z = layers.Dense(kernel.shape[1], weights=[kernel.astype("float32"), bias.astype("float32")])(x)
    return z if activation is None else activation(z)
"""
    assert {q.check(cell(text.format(i), "dense")).status for i in range(12)} == {"right"}


def test_other_places_is_only_said_of_numbers_that_moved():
    e = rng.normal(size=(3, 4))
    nearly = Call({}, e, e + 1e-7 * rng.uniform(1, 2, size=e.shape), tolerance=1e-9)
    assert diagnose([nearly]) == (None, nearly)
    assert "other places" in diagnose([Call({}, e, np.roll(e, 1))])[0]
