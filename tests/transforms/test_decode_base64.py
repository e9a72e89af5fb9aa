from __future__ import annotations

import numpy as np
import pytest

from sigcheck.transforms import decode_base64
from sigcheck.transforms.parts.array import GuardError

PLAIN, SAFE, RAW, FILE = ({"meaning": meaning} for meaning in ("base64", "base64_url", "bytes", "encoded_image"))
CASES = [
    ("string[?]", "string[?]", PLAIN, RAW),
    ("string[?, 2]", "string[?, 2]", SAFE, RAW),
    ("string[?]", "string[?]", PLAIN, FILE),
    ("string[]", "string[]", SAFE, PLAIN),
    ("string[?]", "uint8[?, 5, 3, 3]", SAFE, {"meaning": "pixels"}),
]
# Valid, unpadded, padded in part, with bits left over, with letters of the other form, and broken.
WRITTEN = [
    b"YWI=",
    b"YWI",
    b"YWJ=",
    b"YQ",
    b"YQ=",
    b"",
    b"-_-_",
    b"+/+/",
    b"Y Q=",
    b"YQ==\n",
    b"====",
    b"A",
    b"\xff" * 4,
]


@pytest.mark.parametrize(
    ("gives", "wants"), [({}, RAW), (PLAIN, {}), (PLAIN, PLAIN), (RAW, FILE), (PLAIN, {"meaning": "token_ids"})]
)
def test_what_is_not_declared_to_be_base64_and_wanted_otherwise_is_left_alone(propose, gives, wants):
    assert propose("decode_base64", "string[?]", "string[?]", gives, wants) == []


def test_that_bytes_are_a_picture_is_an_assumption_where_pixels_are_wanted(propose):
    (step,) = propose("decode_base64", "string[?]", "uint8[?, 5, 3, 3]", PLAIN, {"meaning": "pixels"})
    assert (step.result.facts.meaning, step.assumption) == ("encoded_image", "the bytes are those of a picture")


@pytest.mark.tensorflow
@pytest.mark.parametrize("form", [PLAIN, SAFE])
@pytest.mark.parametrize("text", WRITTEN)
def test_it_reads_and_refuses_what_tensorflow_does(propose, form, text):
    import tensorflow as tf

    (step,) = propose("decode_base64", "string[?]", "string[?]", form, RAW)
    code = decode_base64.emit(step.result, step, "x").expression
    try:
        expected = eval(code, {"tf": tf, "x": tf.constant([text])}).numpy().tolist()
    except tf.errors.InvalidArgumentError:
        expected = None
    try:
        found = decode_base64.reference(step.result, step, np.asarray([text], object)).tolist()
    except GuardError:
        found = None
    assert found == expected
