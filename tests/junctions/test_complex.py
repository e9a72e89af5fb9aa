from __future__ import annotations

import numpy as np
import pytest

from sigcheck.junctions import complex as complex_junction
from sigcheck.junctions.parts.junction import JunctionError
from sigcheck.planning.matching import feed
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint
from sigcheck.transforms.parts.array import GuardError

CASES = [
    (["float32[?, 257]", "float32[?, 257]"], ["complex64[?, 257]"], None),
    (["float64[4]", "float64[4]"], ["complex128[4]"], None),
    (["float32[]", "float32[]"], ["complex64[]"], None),
    (["float32[?, ?]", "float32[?, 8]"], ["complex64[?, 8]"], None),
]


def test_a_part_of_one_entry_is_not_repeated_along_the_other(joined):
    case = joined("complex", ["float32[?, ?]", "float32[?, 3]"], ["complex64[?, 3]"], None)
    assert case.steps[0].guard == "both parts have the same sizes"
    with pytest.raises(GuardError):
        complex_junction.reference(case.parts, case.steps[0], [np.ones((2, 1), "f4"), np.ones((2, 3), "f4")])


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (["float32[3]", "float64[3]"], "the dtypes differ"),
        (["int32[3]", "int32[3]"], "expected float32 or float64"),
        (["float32[3]", "float32[4]"], "axis 0 differs"),
        ([("float32[3]", {"normalization": {"mean": 1, "std": 2}}), "float32[3]"], "quantized or normalized"),
    ],
)
def test_what_are_no_parts_is_said(joined, parts, message):
    with pytest.raises(JunctionError, match=message):
        joined("complex", parts, ["complex64[3]"], None)


def test_parts_of_other_types_and_encodings_become_floats_first():
    half = {"range": (0, 1), "quantization": {"scale": [1 / 255], "zero_point": [0]}}
    stored = parse_spec("uint8[?, 3]").replace(facts=Facts.model_validate(half))
    outputs = [Endpoint(name="re", spec=stored), Endpoint(name="im", spec=parse_spec("float64[?, 3]"))]
    inputs = [Endpoint(name="x", spec=parse_spec("complex64[?, 3]"))]
    (binding,) = feed(outputs, inputs, {"re": "x", "im": "x"}).bindings
    assert binding.provided == "complex(re, im)"
    assert binding.verdict in {"adapts", "blocked"}
    real, imaginary = binding.parts
    assert [step.transform for step in imaginary.steps] == ["cast"]
    assert "dequantize" in [step.transform for step in real.steps]


def test_rows_of_unknown_rank_are_refused():
    rows = parse_spec("float32[?, 3]"), parse_spec("ragged float32[*]")
    assert [one.kind for one in complex_junction.goals(rows, parse_spec("complex64[?, 3]"), None)] == [
        "dense",
        "ragged",
    ]
    with pytest.raises(JunctionError):
        complex_junction.join(rows, [parse_spec("complex64[?, 3]")], None)
