from __future__ import annotations

import numpy as np
import pytest

from sigcheck.junctions import constant
from sigcheck.junctions.parts.junction import JunctionError
from sigcheck.schema.facts import Facts, Quantization
from sigcheck.schema.notation import parse_spec

CASES = [
    (["int32[?, 8]"], ["int32[?, 8]"], 0),
    (["float32[?, 3]"], ["int64[?, 4]"], -1),
    (["float32[?, ?]"], ["float16[?, ?]"], 0.5),
    (["float32[?, 3]"], ["bool[]"], True),
    (["float32[?, 3]"], ["float32[*]"], 0.5),
    (["float32[?, 3]"], ["float8_e4m3fn[?, 2]"], 1.5),
    (["float32[?, 3]"], ["float8_e5m2[]"], 2),
    (["ragged int32[?, None]"], ["string[2]"], "a b"),
    (["ragged int32[?, None]"], ["int32[?, 8]"], 0),
]


def join(like, required, value=0):
    (step,) = constant.join([parse_spec(like)], [parse_spec(required)], value)
    return step


@pytest.mark.parametrize(
    ("like", "required", "result"),
    [
        ("int32[?, 8]", "int32[?, 8]", "int32[?, 8]"),
        ("int32[3, 8]", "int32[?, 8]", "int32[3, 8]"),
        ("float32[?, 8]", "bool[]", "bool[]"),
        ("float32[?, 8]", "float32[*]", "float32[]"),
        ("float32[?, ?]", "int64[?, ?]", "int64[?, ?]"),
        ("ragged int32[?, None]", "int64[1]", "int64[1]"),
    ],
)
def test_open_sizes_are_those_of_the_output(like, required, result):
    assert str(join(like, required).result) == result


@pytest.mark.parametrize(
    ("like", "required"),
    [("float32[?]", "int32[?, ?]"), ("ragged int32[?, None]", "int32[?, ?]"), ("int32[?]", "ragged int32[?, None]")],
)
def test_a_size_that_the_output_lacks_is_said(like, required):
    with pytest.raises(JunctionError):
        join(like, required)


def test_an_open_size_that_the_numbers_of_a_quantization_exclude_is_said():
    numbers = Quantization(scale=(1.0, 2.0, 3.0), zero_point=(0, 0, 0), axis=1)
    required = parse_spec("int8[?, ?]").replace(facts=Facts(quantization=numbers))
    with pytest.raises(JunctionError, match="quantized along an axis that has another size in float32"):
        constant.join([parse_spec("float32[?, 5]")], [required], 0)
    (step,) = constant.join([parse_spec("float32[?, 3]")], [required], 0)
    assert step.result.shape == (None, 3)


def test_code_and_reference_are_of_the_same_sizes():
    like, step = parse_spec("float32[?, ?, 3]"), join("float32[?, ?, 3]", "int32[?, ?]", 5)
    assert constant.emit([like], step, ["x"]).expression == (
        "tf.fill([tf.shape(x)[0], tf.shape(x)[1]], tf.constant(5, tf.int32))"
    )
    made = constant.reference([like], step, [np.zeros((2, 4, 3), np.float32)])
    assert (made.tolist(), made.dtype) == ([[5] * 4] * 2, np.int32)


def test_a_scalar_has_no_sizes():
    step = join("float32[?]", "bool[]", value=False)
    assert constant.emit([parse_spec("float32[?]")], step, ["x"]).expression == "tf.constant(False, tf.bool)"


def test_it_is_never_proposed():
    assert constant.ways([parse_spec("int32[?]")] * 2, [parse_spec("int32[?]")]) == []
