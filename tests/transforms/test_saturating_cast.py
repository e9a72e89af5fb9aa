from __future__ import annotations

import pytest

CASES = [
    *[("any[?, 3]", f"{to}[?, 3]") for to in ("int8", "uint8", "int32", "uint32", "int64", "uint64")],
    ("ragged float32[?, None]", "ragged uint8[?, None]"),
    ("sparse int64[?, 9]", "sparse int8[?, 9]"),
    ("float32[?]", "uint8[?]", {"range": [-5, 300]}),
    ("float32[]", "uint8[]"),
]


def test_it_truncates_and_needs_no_guard(propose):
    (step,) = propose("saturating_cast", "int64[?]", "int32[?]")
    assert (step.loss, step.guard, step.cost.truncating) == ("truncating", None, 1)


@pytest.mark.parametrize(
    ("provided", "required", "facts"),
    [
        ("int64[?]", "int32[?]", {"range": [0, 255]}),
        ("int64[?]", "int32[?]", {"id_count": 2**40}),
        ("int64[?]", "int32[?]", {"meaning": "token_ids"}),
        ("uint8[?]", "int32[?]", {}),
        ("int64[?]", "float16[?]", {}),
    ],
)
def test_what_fits_and_what_names_something_is_not_clipped(propose, provided, required, facts):
    assert propose("saturating_cast", provided, required, facts) == []


def test_a_float_known_to_be_beyond_is_clipped_and_not_cast(propose):
    facts = {"range": [-5, 300]}
    assert propose("saturating_cast", "float32[?]", "uint8[?]", facts)
    assert propose("cast", "float32[?]", "uint8[?]", facts) == []
