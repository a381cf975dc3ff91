"""`utils.pad_sequences` against Keras's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib.parity import quiet_keras
from course_lib.utils import pad_sequences

ends = st.sampled_from(["pre", "post"])


@settings(derandomize=True, deadline=None, max_examples=60)
@given(
    st.lists(st.lists(st.integers(1, 9), max_size=5), min_size=1, max_size=4), st.one_of(st.none(), st.integers(1, 6)),
    ends, ends, st.sampled_from(["int32", "float32"]), st.sampled_from([0, -1]),
)  # fmt: skip
def test_pad_sequences_equals_keras(sequences, maxlen, padding, truncating, dtype, value):
    arguments = {"maxlen": maxlen, "padding": padding, "truncating": truncating, "dtype": dtype, "value": value}
    ours, theirs = pad_sequences(sequences, **arguments), quiet_keras().utils.pad_sequences(sequences, **arguments)
    assert ours.dtype == theirs.dtype and ours.shape == theirs.shape and (ours == theirs).all()


def test_sequences_of_vectors_are_padded_along_their_steps():
    rows = pad_sequences([np.ones((1, 2)), np.ones((3, 2))], maxlen=2, padding="post")
    assert rows.tolist() == [[[1, 1], [0, 0]], [[1, 1], [1, 1]]]


@pytest.mark.parametrize("call, words", [
    (lambda: pad_sequences([[1]], padding="left"), ["padding='left'", "'pre'", "'post'"]),
    (lambda: pad_sequences([[1]], truncating="end"), ["truncating='end'", "'pre'", "'post'"]),
    (lambda: pad_sequences([[1], 2]), ["2", "row 1", "a list or an array"]),
])  # fmt: skip
def test_what_is_no_sequence_is_told(call, words):
    with pytest.raises(ValueError) as told:
        call()
    assert not [word for word in words if word not in str(told.value)]
