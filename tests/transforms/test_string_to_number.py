from __future__ import annotations

import numpy as np
import pytest

from sigcheck.transforms import string_to_number
from sigcheck.transforms.parts.array import GuardError

IDS, SCORES = {"meaning": "class_ids"}, {"meaning": "logits"}
CASES = [
    *[("string[?]", f"{to}[?]", IDS, IDS) for to in ("int32", "int64")],
    ("ragged string[?, None]", "ragged int64[?, None]", IDS, IDS),
    ("sparse string[?, 9]", "sparse int32[?, 9]", IDS, IDS),
    ("string[?, 9]", "int16[?, 9]", {**IDS, "padding": {"value": "0"}}, IDS),
    *[("string[?, ?]", f"{to}[?, ?]", SCORES, SCORES) for to in ("float32", "float64")],
]
WRITTEN = [
    b"1",
    b" -7 ",
    b"+3",
    b"2147483648",
    b"",
    b"1.5",
    b"1_000",
    b"0x10",
    b"a",
    b"1e3",
    b".5",
    b"inf",
    b"NaN",
    b"1.",
]


@pytest.mark.parametrize("facts", [({}, {}), (IDS, {}), (IDS, SCORES), ({"meaning": "pixels"}, {"meaning": "pixels"})])
def test_strings_that_are_not_declared_to_be_numbers_are_not_read(propose, facts):
    assert propose("string_to_number", "string[?]", "int64[?]", *facts) == []


@pytest.mark.tensorflow
@pytest.mark.parametrize("dtype", ["int32", "int64", "float32", "float64"])
@pytest.mark.parametrize("text", WRITTEN)
def test_what_is_a_number_is_one_for_tensorflow_too(propose, dtype, text):
    import tensorflow as tf

    (step,) = propose("string_to_number", "string[?]", f"{dtype}[?]", IDS, IDS)
    try:
        expected = tf.strings.to_number(tf.constant([text]), dtype).numpy()
    except tf.errors.InvalidArgumentError:
        expected = None
    try:
        found = string_to_number.reference(step.result, step, np.asarray([text], object))
    except GuardError:
        found = None
    assert (found is None) == (expected is None)
    np.testing.assert_array_equal(found, expected)


def test_what_fills_the_rows_is_read_too(propose):
    (step,) = propose("string_to_number", "string[?, 9]", "int64[?, 9]", {**IDS, "padding": {"value": "-1"}}, IDS)
    assert step.result.facts.padding.value == -1
    # A filling that is no number is taken off first.
    words = {**IDS, "padding": {"value": ""}}
    assert propose("string_to_number", "string[?, 9]", "int64[?, 9]", words, IDS) == []
    assert propose("dense_to_ragged", "string[?, 9]", "int64[?, 9]", words, IDS)


@pytest.mark.parametrize(("dtype", "read"), [("uint8", "int64"), ("float16", "float32"), ("bool", None)])
def test_a_type_that_is_not_read_is_cast_to(propose, dtype, read):
    steps = propose("string_to_number", "string[?]", f"{dtype}[?]", IDS, IDS)
    assert [step.arguments["dtype"] for step in steps] == ([] if read is None else [read])
