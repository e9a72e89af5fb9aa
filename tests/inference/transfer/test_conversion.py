"""Casts: between every two numeric types, what is claimed holds for the values that a cast keeps."""

from __future__ import annotations

import numpy as np
import pytest

from sigcheck.graph.view import Node
from sigcheck.inference.domain import interval, unknown
from sigcheck.inference.transfer import RULES

TYPES = ("float16", "float32", "float64", "int8", "uint8", "int16", "int32", "int64")


def cast(value, source, target):
    return RULES["Cast"](Node("Cast", read_attributes=lambda: {"SrcT": source, "DstT": target}), [value])


@pytest.mark.parametrize("target", TYPES)
@pytest.mark.parametrize("source", TYPES)
def test_a_claim_holds_for_values_of_the_interval(source, target):
    rng = np.random.default_rng(TYPES.index(source) * 10 + TYPES.index(target))
    for _ in range(40):
        ends = np.sort(rng.normal(size=2) * 10.0 ** rng.integers(0, 5))
        if source == "uint8":
            ends = np.abs(ends)
        ends = np.sort(np.clip(ends, *((-100, 100) if source in {"int8", "uint8"} else (-30000, 30000)))).astype(source)
        values = rng.uniform(float(ends[0]), float(ends[1]), 50).astype(source)
        values = np.clip(np.append(values, ends), ends[0], ends[1])
        claim = cast(interval(float(ends[0]), float(ends[1]), source, has_nan=False), source, target)
        with np.errstate(all="ignore"):
            found = values.astype(target).astype(np.float64)
        assert claim.low - claim.error <= found.min()
        assert found.max() <= claim.high + claim.error


@pytest.mark.parametrize(
    ("ends", "source", "target"),
    [((0.0, 256.0), "float32", "uint8"), ((-2.0, 5.0), "float32", "uint8"), ((0.0, 1e10), "float32", "int32")],
)
def test_a_value_out_of_range_becomes_anything(ends, source, target):
    assert cast(interval(*ends, source, has_nan=False), source, target) == unknown(target)


def test_nan_becomes_any_whole_number():
    assert cast(interval(0.0, 1.0, "float32", has_nan=True), "float32", "int32") == unknown("int32")
    assert cast(interval(0.0, 1.0, "float32", has_nan=False), "float32", "int32").high == 1.0


def test_a_string_or_an_unknown_type_is_unknown():
    assert not cast(unknown("string"), "string", "float32").is_bounded
    assert not cast(unknown("float32"), None, "float32").is_bounded
